/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/encode.h"
#include "service/ca.h"
#include "service/vault.h"

#include <stdlib.h>
#include <string.h>

/* ---- digests and algorithms as they travel ---- */

static const struct {
	const char *oid;
	enum digest_alg alg;
} digests[] = {
	{ WIRE_OID_SHA256, DIGEST_SHA256 },
	{ WIRE_OID_SHA384, DIGEST_SHA384 },
	{ WIRE_OID_SHA512, DIGEST_SHA512 },
};

static const struct {
	const char *oid;
	enum pki_scheme scheme;
	enum digest_alg alg; /* DIGEST_NONE: hashAlgorithmOID says it */
} signatures[] = {
	{ WIRE_OID_RSA, PKI_SCHEME_RSA_PKCS1, DIGEST_NONE },
	{ WIRE_OID_RSA_SHA256, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256 },
	{ WIRE_OID_RSA_SHA384, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA384 },
	{ WIRE_OID_RSA_SHA512, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA512 },
	{ WIRE_OID_ECDSA_SHA256, PKI_SCHEME_ECDSA, DIGEST_SHA256 },
	{ WIRE_OID_ECDSA_SHA384, PKI_SCHEME_ECDSA, DIGEST_SHA384 },
	{ WIRE_OID_ECDSA_SHA512, PKI_SCHEME_ECDSA, DIGEST_SHA512 },
};

static enum be_err digest_of(enum digest_alg *out, const char *oid, struct be_error *err)
{
	for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++)
		if (strcmp(oid, digests[i].oid) == 0) {
			*out = digests[i].alg;
			return BE_OK;
		}
	return be_fail(err, BE_MALFORMED, N_("Invalid parameter hashAlgorithmOID"), "%.60s", oid);
}

/* What is said twice must agree. */
static enum be_err scheme_of(
	enum pki_scheme *scheme, enum digest_alg *alg, const struct wire_csc_sign_hash *wish, struct be_error *err)
{
	enum be_err rc = BE_OK;

	*alg = DIGEST_NONE;
	if (wish->hashAlgorithmOID[0] != '\0')
		rc = digest_of(alg, wish->hashAlgorithmOID, err);
	if (rc != BE_OK)
		return rc;
	for (size_t i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		if (strcmp(wish->signAlgo, signatures[i].oid) != 0)
			continue;
		if (*alg == DIGEST_NONE)
			*alg = signatures[i].alg;
		*scheme = signatures[i].scheme;
		if (*alg == DIGEST_NONE || (signatures[i].alg != DIGEST_NONE && signatures[i].alg != *alg))
			break;
		return BE_OK;
	}
	return be_fail(err, BE_MALFORMED, N_("Invalid parameter signAlgo"), "%.60s", wish->signAlgo);
}

/* One behind the other, each of the algorithm's size. */
static enum be_err gather(struct buffer *out, const struct wire_list *hashes, enum digest_alg alg, struct be_error *err)
{
	const struct wire_bytes *items = hashes->items;

	if (hashes->count == 0)
		return be_fail(err, BE_MALFORMED, N_("Empty hash array"), NULL);
	for (size_t i = 0; i < hashes->count; i++) {
		if (items[i].len != digest_size(alg))
			return be_fail(err, BE_MALFORMED, N_("Invalid digest value length"), "%zu", i);
		buffer_add(out, items[i].data, items[i].len);
	}
	return buffer_check(out, err);
}

/* CSC API, 11.5 and 11.9: whose it is is not told apart from whether it is. */
static enum be_err unknown_credential(enum be_err rc, struct be_error *err)
{
	if (rc != BE_NOT_FOUND)
		return rc;
	return be_fail(err, BE_MALFORMED, N_("Invalid parameter credentialID"), NULL);
}

/* ---- authorize ---- */

static enum be_err passphrase_of(const struct secret **out, const struct wire_csc_authorize *wish, struct be_error *err)
{
	const struct wire_csc_auth_data *data = wish->authData.items;

	if (wish->authData.count != 1 || strcmp(data->id, WIRE_AUTH_ID) != 0 || data->value == NULL)
		return be_fail(err, BE_MALFORMED, N_("Invalid parameter authData"), NULL);
	*out = data->value;
	return BE_OK;
}

static enum be_err authorize_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_csc_authorize *wish = in;
	struct wire_csc_sad *answer = out;
	struct vault_wish order = { .user = ask->session.user.id, .certificate = wish->credentialID };
	const struct secret *passphrase = NULL;
	struct buffer gathered = BUFFER_EMPTY;
	int64_t expires = 0;
	enum be_err rc = digest_of(&order.alg, wish->hashAlgorithmOID, err);

	if (rc == BE_OK && (uint64_t)wish->numSignatures != wish->hashes.count)
		rc = be_fail(err, BE_MALFORMED, N_("There must be a hash for each signature"), NULL);
	if (rc == BE_OK)
		rc = gather(&gathered, &wish->hashes, order.alg, err);
	if (rc == BE_OK)
		rc = passphrase_of(&passphrase, wish, err);
	order.count = (uint32_t)wish->hashes.count;
	order.digests = gathered.data;
	if (rc == BE_OK)
		rc = vault_authorise(ask->service->vault, &order, passphrase, ask->now, &answer->SAD, &expires, err);
	answer->expiresIn = expires - ask->now;
	buffer_free(&gathered);
	return unknown_credential(rc, err);
}

const struct api_call api_csc_authorize = { API_SIGNER, true, 200, &wire_csc_authorize_message, &wire_csc_sad_message,
	authorize_run };

static enum be_err extend_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_csc_extend *wish = in;
	struct wire_csc_sad *answer = out;
	struct buffer gathered = BUFFER_EMPTY;
	enum digest_alg alg = DIGEST_NONE;
	int64_t expires = 0;
	enum be_err rc = digest_of(&alg, wish->hashAlgorithmOID, err);

	if (rc == BE_OK)
		rc = gather(&gathered, &wish->hashes, alg, err);
	if (rc == BE_OK)
		rc = vault_extend(ask->service->vault, ask->session.user.id, wish->credentialID, wish->SAD, alg,
			gathered.data, wish->hashes.count, ask->now, &answer->SAD, &expires, err);
	answer->expiresIn = expires - ask->now;
	buffer_free(&gathered);
	return unknown_credential(rc, err);
}

const struct api_call api_csc_extend = { API_SIGNER, true, 200, &wire_csc_extend_message, &wire_csc_sad_message,
	extend_run };

/* ---- signHash ---- */

/* The bytes move from the vault's buffers to the answer without being copied. */
static enum be_err give_signatures(struct wire_list *out, struct buffer *made, size_t count, struct be_error *err)
{
	struct wire_bytes *items;
	enum be_err rc = wire_list_new(out, count, sizeof(*items), err);

	if (rc != BE_OK)
		return rc;
	items = out->items;
	for (size_t i = 0; i < count; i++) {
		items[i] = (struct wire_bytes){ made[i].data, made[i].len };
		made[i] = BUFFER_EMPTY;
	}
	return BE_OK;
}

static enum be_err sign_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_csc_sign_hash *wish = in;
	struct wire_csc_signatures *answer = out;
	size_t count = wish->hashes.count;
	struct buffer gathered = BUFFER_EMPTY;
	struct buffer *made = NULL;
	enum pki_scheme scheme = PKI_SCHEME_RSA_PKCS1;
	enum digest_alg alg = DIGEST_NONE;
	enum be_err rc = scheme_of(&scheme, &alg, wish, err);

	if (rc == BE_OK && wish->operationMode[0] != '\0' && strcmp(wish->operationMode, "S") != 0)
		rc = be_fail(err, BE_MALFORMED, N_("Invalid parameter operationMode"), NULL);
	if (rc == BE_OK)
		rc = gather(&gathered, &wish->hashes, alg, err);
	if (rc == BE_OK && (made = calloc(count, sizeof(*made))) == NULL)
		rc = be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	if (rc == BE_OK)
		rc = vault_sign(ask->service->vault, ask->session.user.id, wish->credentialID, wish->SAD, scheme, alg,
			gathered.data, count, made, ask->now, err);
	if (rc == BE_OK)
		rc = give_signatures(&answer->signatures, made, count, err);
	for (size_t i = 0; made != NULL && i < count; i++)
		buffer_free(&made[i]);
	free(made);
	buffer_free(&gathered);
	return unknown_credential(rc, err);
}

const struct api_call api_csc_sign_hash = { API_SIGNER, true, 200, &wire_csc_sign_hash_message,
	&wire_csc_signatures_message, sign_run };

/* ---- timestamp ---- */

static enum be_err nonce_of(struct buffer *out, const char *hex, struct be_error *err)
{
	if (hex[0] == '\0')
		return BE_OK;
	if (encode_read(out, ENCODE_HEX, hex, strlen(hex), NULL) != BE_OK)
		return be_fail(err, BE_MALFORMED, N_("Invalid parameter nonce"), NULL);
	return BE_OK;
}

static enum be_err timestamp_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_csc_timestamp *wish = in;
	struct wire_csc_token *answer = out;
	struct buffer nonce = BUFFER_EMPTY;
	struct buffer token = BUFFER_EMPTY;
	enum digest_alg alg = DIGEST_NONE;
	enum be_err rc = digest_of(&alg, wish->hashAlgo, err);

	if (rc == BE_OK && wish->hash.len != digest_size(alg))
		rc = be_fail(err, BE_MALFORMED, N_("Invalid digest value length"), NULL);
	if (rc == BE_OK)
		rc = nonce_of(&nonce, wish->nonce, err);
	if (rc == BE_OK)
		rc = ca_timestamp_digest(ask->service->ca, alg, wish->hash.data, nonce.data, nonce.len, &token, err);
	if (rc == BE_OK)
		rc = wire_set_bytes(&answer->timestamp, token.data, token.len, err);
	buffer_free(&token);
	buffer_free(&nonce);
	return rc;
}

const struct api_call api_csc_timestamp = { API_SIGNER, true, 200, &wire_csc_timestamp_message, &wire_csc_token_message,
	timestamp_run };
