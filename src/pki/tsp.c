/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/tsp.h"

#include "pki/algorithm.h"
#include "pki/ber.h"
#include "pki/issue.h"
#include "pki/signature_alg.h"
#include "pki/x509.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ts.h>
#include <string.h>

#define NOT_MADE N_("The time-stamp message could not be made")
#define NOT_READ N_("The time-stamp authority's answer is none, or answers something else")

/* ---- asking ---- */

static bool set_imprint(TS_REQ *request, enum digest_alg alg, const uint8_t *digest)
{
	TS_MSG_IMPRINT *imprint = TS_MSG_IMPRINT_new();
	X509_ALGOR *algorithm = X509_ALGOR_new();
	unsigned char copy[DIGEST_MAX];
	bool good;

	memcpy(copy, digest, digest_size(alg));
	good = imprint != NULL && algorithm != NULL &&
		X509_ALGOR_set0(algorithm, OBJ_nid2obj(pki_nid_of_digest(alg)), V_ASN1_NULL, NULL) == 1 &&
		TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1 &&
		TS_MSG_IMPRINT_set_msg(imprint, copy, (int)digest_size(alg)) == 1 &&
		TS_REQ_set_msg_imprint(request, imprint) == 1;
	TS_MSG_IMPRINT_free(imprint);
	X509_ALGOR_free(algorithm);
	return good;
}

static ASN1_INTEGER *number_of(const uint8_t *bytes, size_t len)
{
	BIGNUM *number = BN_bin2bn(bytes, (int)len, NULL);
	ASN1_INTEGER *value = number != NULL ? BN_to_ASN1_INTEGER(number, NULL) : NULL;

	BN_free(number);
	return value;
}

enum be_err pki_tsp_request(struct buffer *out, enum digest_alg alg, const uint8_t *digest, const uint8_t *nonce,
	size_t nonce_len, struct be_error *err)
{
	TS_REQ *request = TS_REQ_new();
	ASN1_INTEGER *number = nonce_len != 0 && nonce_len <= PKI_TSP_NONCE_MAX ? number_of(nonce, nonce_len) : NULL;
	unsigned char *der = NULL;
	int len = -1;
	enum be_err rc;

	if (nonce_len > PKI_TSP_NONCE_MAX) {
		TS_REQ_free(request);
		return be_fail(err, BE_USAGE, N_("A time stamp's nonce is too long"), "%zu", nonce_len);
	}
	if (request != NULL && (number != NULL || nonce_len == 0) && pki_nid_of_digest(alg) != NID_undef &&
		TS_REQ_set_version(request, 1) == 1 && set_imprint(request, alg, digest) &&
		(number == NULL || TS_REQ_set_nonce(request, number) == 1) && TS_REQ_set_cert_req(request, 1) == 1)
		len = i2d_TS_REQ(request, &der);
	if (len > 0)
		buffer_add(out, der, (size_t)len);
	rc = len > 0 ? buffer_check(out, err) : pki_fail(err, BE_CRYPTO, NOT_MADE);
	OPENSSL_free(der);
	ASN1_INTEGER_free(number);
	TS_REQ_free(request);
	ERR_clear_error();
	return rc;
}

/* The authority's own words come first; a number is all there is otherwise. */
static enum be_err refused(TS_STATUS_INFO *info, long status, struct be_error *err)
{
	const STACK_OF(ASN1_UTF8STRING) *text = TS_STATUS_INFO_get0_text(info);
	const ASN1_UTF8STRING *first = sk_ASN1_UTF8STRING_num(text) > 0 ? sk_ASN1_UTF8STRING_value(text, 0) : NULL;

	if (first == NULL)
		return be_fail(
			err, BE_REFUSED, N_("The time-stamp authority refused the request"), "status %ld", status);
	return be_fail(err, BE_REFUSED, N_("The time-stamp authority refused the request"), "%.*s",
		ASN1_STRING_length(first), (const char *)ASN1_STRING_get0_data(first));
}

static bool same_nonce(const TS_TST_INFO *info, const uint8_t *nonce, size_t len)
{
	const ASN1_INTEGER *got = TS_TST_INFO_get_nonce(info);
	ASN1_INTEGER *sent = len != 0 ? number_of(nonce, len) : NULL;
	bool same = len == 0 ? got == NULL : sent != NULL && got != NULL && ASN1_INTEGER_cmp(sent, got) == 0;

	ASN1_INTEGER_free(sent);
	return same;
}

static bool stamps(TS_TST_INFO *info, enum digest_alg alg, const uint8_t *digest)
{
	TS_MSG_IMPRINT *imprint = info != NULL ? TS_TST_INFO_get_msg_imprint(info) : NULL;
	const ASN1_OCTET_STRING *stamped = imprint != NULL ? TS_MSG_IMPRINT_get_msg(imprint) : NULL;

	return stamped != NULL && pki_digest_alg_read(TS_MSG_IMPRINT_get_algo(imprint)) == alg &&
		(size_t)ASN1_STRING_length(stamped) == digest_size(alg) &&
		memcmp(ASN1_STRING_get0_data(stamped), digest, digest_size(alg)) == 0;
}

/* The bytes as they came: what is signed is bytes, and encoding them again could change them. */
static struct ber_span token_bytes(const uint8_t *response, size_t len)
{
	struct ber_span rest = { response, len };
	struct ber_element outer, status, token;

	if (!ber_take_as(&rest, BER_SEQUENCE, &outer) || rest.len != 0)
		return (struct ber_span){ NULL, 0 };
	rest = outer.content;
	if (!ber_take_as(&rest, BER_SEQUENCE, &status) || !ber_take_as(&rest, BER_SEQUENCE, &token) || rest.len != 0)
		return (struct ber_span){ NULL, 0 };
	return token.whole;
}

enum be_err pki_tsp_token(struct buffer *token, const uint8_t *response, size_t len, enum digest_alg alg,
	const uint8_t *digest, const uint8_t *nonce, size_t nonce_len, struct be_error *err)
{
	const unsigned char *at = response;
	TS_RESP *read = len != 0 && len <= LONG_MAX ? d2i_TS_RESP(NULL, &at, (long)len) : NULL;
	struct ber_span span = token_bytes(response, len);
	TS_STATUS_INFO *info = read != NULL ? TS_RESP_get_status_info(read) : NULL;
	long status = info != NULL ? ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(info)) : -1;
	enum be_err rc = BE_OK;

	if (info == NULL || at != response + len)
		rc = pki_fail(err, BE_MALFORMED, NOT_READ);
	else if (status != TS_STATUS_GRANTED && status != TS_STATUS_GRANTED_WITH_MODS)
		rc = refused(info, status, err);
	else if (span.len == 0 || !stamps(TS_RESP_get_tst_info(read), alg, digest) ||
		!same_nonce(TS_RESP_get_tst_info(read), nonce, nonce_len))
		rc = pki_fail(err, BE_MALFORMED, NOT_READ);
	if (rc == BE_OK) {
		buffer_add(token, span.at, span.len);
		rc = buffer_check(token, err);
	}
	TS_RESP_free(read);
	ERR_clear_error();
	return rc;
}

/* ---- answering ---- */

static ASN1_INTEGER *new_serial(struct TS_resp_ctx *ctx, void *arg)
{
	ASN1_INTEGER *serial = ASN1_INTEGER_new();

	(void)ctx, (void)arg;
	if (serial != NULL && pki_issue_serial(serial))
		return serial;
	ASN1_INTEGER_free(serial);
	return NULL;
}

static int give_time(struct TS_resp_ctx *ctx, void *arg, long *seconds, long *microseconds)
{
	const int64_t *moment = arg;

	(void)ctx;
	*seconds = (long)*moment;
	*microseconds = 0;
	return 1;
}

static bool set_chain(TS_RESP_CTX *ctx, const struct pki_tsp_authority *authority)
{
	STACK_OF(X509) *chain = sk_X509_new_null();
	bool good = chain != NULL;

	for (size_t i = 0; good && i < authority->chain_count; i++) {
		X509 *cert = pki_x509_decode(authority->chain[i], authority->chain_lens[i]);

		good = cert != NULL && sk_X509_push(chain, cert) > 0;
		if (!good)
			X509_free(cert);
	}
	/* The context counts references of its own. */
	good = good && TS_RESP_CTX_set_certs(ctx, chain) == 1;
	sk_X509_pop_free(chain, X509_free);
	return good;
}

static bool set_policy(TS_RESP_CTX *ctx, const char *dotted)
{
	ASN1_OBJECT *policy = OBJ_txt2obj(dotted, 1);
	bool good = policy != NULL && TS_RESP_CTX_set_def_policy(ctx, policy) == 1;

	ASN1_OBJECT_free(policy);
	return good;
}

static TS_RESP_CTX *context_of(const struct pki_tsp_authority *authority, int64_t *moment)
{
	TS_RESP_CTX *ctx = TS_RESP_CTX_new();

	if (ctx == NULL)
		return NULL;
	TS_RESP_CTX_set_serial_cb(ctx, new_serial, NULL);
	TS_RESP_CTX_set_time_cb(ctx, give_time, moment);
	if (TS_RESP_CTX_set_signer_cert(ctx, authority->signer->cert) == 1 &&
		TS_RESP_CTX_set_signer_key(ctx, authority->signer->key) == 1 && set_policy(ctx, authority->policy) &&
		TS_RESP_CTX_set_signer_digest(ctx, pki_issue_digest(authority->signer->key)) == 1 &&
		TS_RESP_CTX_set_ess_cert_id_digest(ctx, EVP_sha256()) == 1 &&
		TS_RESP_CTX_add_md(ctx, EVP_sha256()) == 1 && TS_RESP_CTX_add_md(ctx, EVP_sha384()) == 1 &&
		TS_RESP_CTX_add_md(ctx, EVP_sha512()) == 1 && TS_RESP_CTX_add_md(ctx, EVP_sha3_256()) == 1 &&
		TS_RESP_CTX_add_md(ctx, EVP_sha3_384()) == 1 && TS_RESP_CTX_add_md(ctx, EVP_sha3_512()) == 1 &&
		TS_RESP_CTX_set_accuracy(ctx, (int)authority->accuracy, 0, 0) == 1 && set_chain(ctx, authority))
		return ctx;
	TS_RESP_CTX_free(ctx);
	return NULL;
}

/* Longer than any honest request: looked at no further, and answered as one that cannot be read. */
static BIO *request_bytes(const uint8_t *request, size_t len)
{
	return BIO_new_mem_buf(
		request != NULL ? request : (const uint8_t *)"", len <= PKI_TSP_MAX_REQUEST ? (int)len : 0);
}

enum be_err pki_tsp_answer(struct buffer *out, const struct pki_tsp_authority *authority, const uint8_t *request,
	size_t len, bool *granted, struct be_error *err)
{
	int64_t moment = authority->moment;
	TS_RESP_CTX *ctx = context_of(authority, &moment);
	BIO *bio = request_bytes(request, len);
	TS_RESP *response = ctx != NULL && bio != NULL ? TS_RESP_create_response(ctx, bio) : NULL;
	unsigned char *der = NULL;
	int der_len = response != NULL ? i2d_TS_RESP(response, &der) : -1;
	enum be_err rc;

	if (der_len > 0)
		buffer_add(out, der, (size_t)der_len);
	rc = der_len > 0 ? buffer_check(out, err) : pki_fail(err, BE_CRYPTO, NOT_MADE);
	if (granted != NULL)
		*granted = rc == BE_OK &&
			ASN1_INTEGER_get(TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(response))) ==
				TS_STATUS_GRANTED;
	OPENSSL_free(der);
	TS_RESP_free(response);
	BIO_free(bio);
	TS_RESP_CTX_free(ctx);
	ERR_clear_error();
	return rc;
}
