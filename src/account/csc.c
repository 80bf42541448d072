/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "account/ask.h"
#include "net/net.h"
#include "wire/failure.h"
#include "wire/paths.h"

#include <string.h>

/* Opening the key there is one slow derivation; signing a thousand digests is slower. */
#define SIGN_MS 120000u

static struct secret *lend(const struct secret *secret)
{
	return (struct secret *)(uintptr_t)secret;
}

static const struct {
	enum digest_alg alg;
	const char *oid;
	const char *ecdsa;
} algorithms[] = {
	{ DIGEST_SHA256, WIRE_OID_SHA256, WIRE_OID_ECDSA_SHA256 },
	{ DIGEST_SHA384, WIRE_OID_SHA384, WIRE_OID_ECDSA_SHA384 },
	{ DIGEST_SHA512, WIRE_OID_SHA512, WIRE_OID_ECDSA_SHA512 },
};

static enum be_err name_digest(char *out, size_t max, enum digest_alg alg, struct be_error *err)
{
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++) {
		if (algorithms[i].alg == alg) {
			wire_set_text(out, max, algorithms[i].oid);
			return BE_OK;
		}
	}
	return be_fail(
		err, BE_UNSUPPORTED, N_("The service does not sign digests of this kind"), "%s", digest_name(alg));
}

static enum be_err name_scheme(char *out, size_t max, enum pki_scheme scheme, enum digest_alg alg, struct be_error *err)
{
	if (scheme == PKI_SCHEME_RSA_PSS)
		return be_fail(
			err, BE_UNSUPPORTED, N_("The service does not make signatures of this kind"), "RSASSA-PSS");
	if (scheme == PKI_SCHEME_RSA_PKCS1) {
		wire_set_text(out, max, WIRE_OID_RSA);
		return BE_OK;
	}
	for (size_t i = 0; i < sizeof(algorithms) / sizeof(algorithms[0]); i++)
		if (algorithms[i].alg == alg)
			wire_set_text(out, max, algorithms[i].ecdsa);
	return BE_OK;
}

/* The list borrows the digests: its items are freed alone. */
static enum be_err list_digests(struct wire_list *out, const struct account_digests *digests, struct be_error *err)
{
	const size_t size = digest_size(digests->alg);
	struct wire_bytes *items;
	enum be_err rc = wire_list_new(out, digests->count, sizeof(*items), err);

	items = out->items;
	for (size_t i = 0; rc == BE_OK && i < digests->count; i++)
		rc = wire_set_bytes(&items[i], digests->bytes + i * size, size, err);
	return rc;
}

enum be_err account_credential(struct account *account, const char *id, struct wire_csc_credential *out,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_csc_credential_request request = { .certificates = "chain", .certInfo = true, .authInfo = true };
	const struct account_question question = { .path = WIRE_PATH_CSC_CREDENTIAL,
		.in = &wire_csc_credential_request_message,
		.record = &request,
		.out = &wire_csc_credential_message,
		.result = out,
		.session = true,
		.harmless = true };

	WIRE_SET(request.credentialID, id);
	return account_ask(account, &question, wait, err);
}

/* Not harmless: every question is a try of the passphrase. */
enum be_err account_authorize(struct account *account, const char *id, const struct secret *passphrase,
	const struct account_digests *digests, struct secret **sad, const struct account_wait *wait,
	struct be_error *err)
{
	struct wire_csc_auth_data data = { .id = WIRE_AUTH_ID, .value = lend(passphrase) };
	struct wire_csc_authorize request = { .numSignatures = (int64_t)digests->count,
		.authData = { .items = &data, .count = 1 } };
	struct wire_csc_sad answer = { .SAD = NULL };
	const struct account_question question = { .path = WIRE_PATH_CSC_AUTHORIZE,
		.in = &wire_csc_authorize_message,
		.record = &request,
		.out = &wire_csc_sad_message,
		.result = &answer,
		.session = true,
		.total_ms = SIGN_MS };
	enum be_err rc = name_digest(request.hashAlgorithmOID, sizeof(request.hashAlgorithmOID), digests->alg, err);

	*sad = NULL;
	WIRE_SET(request.credentialID, id);
	if (rc == BE_OK)
		rc = list_digests(&request.hashes, digests, err);
	if (rc == BE_OK)
		rc = account_ask(account, &question, wait, err);
	if (rc == BE_OK) {
		*sad = answer.SAD;
		answer.SAD = NULL;
	}
	request.authData = (struct wire_list){ NULL, 0 };
	wire_free(&wire_csc_authorize_message, &request);
	wire_free(&wire_csc_sad_message, &answer);
	return rc;
}

static enum be_err take_signatures(
	const struct wire_csc_signatures *answer, size_t count, struct buffer *signatures, struct be_error *err)
{
	const struct wire_bytes *items = answer->signatures.items;

	if (answer->signatures.count != count)
		return be_fail(err, BE_MALFORMED,
			N_("The service gave another number of signatures than it was asked for"), "%zu of %zu",
			answer->signatures.count, count);
	for (size_t i = 0; i < count; i++) {
		buffer_add(&signatures[i], items[i].data, items[i].len);
		if (buffer_check(&signatures[i], err) != BE_OK)
			return BE_NO_MEMORY;
	}
	return BE_OK;
}

enum be_err account_sign_hashes(struct account *account, const char *id, const struct secret *sad,
	enum pki_scheme scheme, const struct account_digests *digests, struct buffer *signatures,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_csc_sign_hash request = { .SAD = lend(sad) };
	struct wire_csc_signatures answer = { .signatures = { NULL, 0 } };
	const struct account_question question = { .path = WIRE_PATH_CSC_SIGN_HASH,
		.in = &wire_csc_sign_hash_message,
		.record = &request,
		.out = &wire_csc_signatures_message,
		.result = &answer,
		.session = true,
		.total_ms = SIGN_MS };
	enum be_err rc = name_digest(request.hashAlgorithmOID, sizeof(request.hashAlgorithmOID), digests->alg, err);

	WIRE_SET(request.credentialID, id);
	if (rc == BE_OK)
		rc = name_scheme(request.signAlgo, sizeof(request.signAlgo), scheme, digests->alg, err);
	if (rc == BE_OK)
		rc = list_digests(&request.hashes, digests, err);
	if (rc == BE_OK)
		rc = account_ask(account, &question, wait, err);
	if (rc == BE_OK)
		rc = take_signatures(&answer, digests->count, signatures, err);
	request.SAD = NULL;
	wire_free(&wire_csc_sign_hash_message, &request);
	wire_free(&wire_csc_signatures_message, &answer);
	return rc;
}

enum be_err account_timestamp(struct account *account, enum digest_alg alg, const uint8_t *digest, struct buffer *token,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_csc_timestamp request = { .nonce = "" };
	struct wire_csc_token answer = { .timestamp = { NULL, 0 } };
	const struct account_question question = { .path = WIRE_PATH_CSC_TIMESTAMP,
		.in = &wire_csc_timestamp_message,
		.record = &request,
		.out = &wire_csc_token_message,
		.result = &answer,
		.session = true,
		.harmless = true };
	enum be_err rc = name_digest(request.hashAlgo, sizeof(request.hashAlgo), alg, err);

	if (rc == BE_OK)
		rc = wire_set_bytes(&request.hash, digest, digest_size(alg), err);
	if (rc == BE_OK)
		rc = account_ask(account, &question, wait, err);
	if (rc == BE_OK) {
		buffer_add(token, answer.timestamp.data, answer.timestamp.len);
		rc = buffer_check(token, err);
	}
	wire_free(&wire_csc_timestamp_message, &request);
	wire_free(&wire_csc_token_message, &answer);
	return rc;
}

enum be_err account_fetch(struct account *account, const struct account_fetch *what, struct buffer *answer,
	const struct account_wait *wait, struct be_error *err)
{
	struct net_reply reply = NET_REPLY_EMPTY;
	struct wire_failure failure = { .tries_left = 0 };
	struct net_request request = { .accept = what->accept,
		.content_type = what->request != NULL ? what->content_type : NULL,
		.body = what->request != NULL ? what->request->data : NULL,
		.body_len = what->request != NULL ? what->request->len : 0,
		.max_reply = what->max,
		.repeatable = true };
	enum be_err rc = account_send(account, what->path, &request, &reply, wait, err);

	if (rc == BE_OK && (reply.status < 200 || reply.status > 299))
		rc = wire_failure_decode(&failure, reply.status, reply.body.data, reply.body.len, err);
	else if (rc == BE_OK) {
		buffer_add(answer, reply.body.data, reply.body.len);
		rc = buffer_check(answer, err);
	}
	net_reply_free(&reply);
	return rc;
}
