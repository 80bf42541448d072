/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/ocsp.h"

#include "pki/issue.h"
#include "pki/revocation_check.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <string.h>

#define NOT_MADE N_("The OCSP message could not be made")
#define NONCE_MAX 128 /* octets of others' (RFC 9654); longer ones are not repeated to them */

/* ---- asking ---- */

enum be_err pki_ocsp_request(struct buffer *out, const uint8_t *certificate, size_t certificate_len,
	const uint8_t *issuer, size_t issuer_len, const uint8_t *nonce, struct be_error *err)
{
	unsigned char own[PKI_OCSP_NONCE];
	OCSP_REQUEST *request = NULL;
	OCSP_CERTID *id = NULL;
	unsigned char *der = NULL;
	X509 *cert, *by;
	int len = 0;
	enum be_err rc = pki_revocation_pair(&cert, &by, certificate, certificate_len, issuer, issuer_len, err);

	if (rc != BE_OK)
		return rc;
	request = OCSP_REQUEST_new();
	id = OCSP_cert_to_id(EVP_sha1(), cert, by);
	if (request == NULL || id == NULL || OCSP_request_add0_id(request, id) == NULL) {
		OCSP_CERTID_free(id);
		rc = pki_fail(err, BE_CRYPTO, NOT_MADE);
		goto out;
	}
	if (nonce != NULL) {
		memcpy(own, nonce, sizeof(own));
		len = OCSP_request_add1_nonce(request, own, (int)sizeof(own)) == 1 ? 0 : -1;
	}
	if (len == 0)
		len = i2d_OCSP_REQUEST(request, &der);
	if (len <= 0) {
		rc = pki_fail(err, BE_CRYPTO, NOT_MADE);
		goto out;
	}
	buffer_add(out, der, (size_t)len);
	rc = buffer_check(out, err);
out:
	OPENSSL_free(der);
	OCSP_REQUEST_free(request);
	X509_free(cert);
	X509_free(by);
	ERR_clear_error();
	return rc;
}

/* ---- answering ---- */

struct answer {
	const struct pki_ocsp_responder *responder;
	X509 *issuer;
	OCSP_BASICRESP *basic;
	ASN1_TIME *this_update;
	ASN1_TIME *next_update;
};

/* Whether a question is about a certificate of ours; the digests that name the issuer are the asker's choice. */
static bool is_ours(const struct answer *a, OCSP_CERTID *id)
{
	ASN1_OBJECT *digest = NULL;
	const EVP_MD *md;
	OCSP_CERTID *own;
	bool ours;

	if (OCSP_id_get0_info(NULL, &digest, NULL, NULL, id) != 1)
		return false;
	md = EVP_get_digestbyobj(digest);
	own = md != NULL ? OCSP_cert_to_id(md, NULL, a->issuer) : NULL;
	ours = own != NULL && OCSP_id_issuer_cmp(own, id) == 0;
	OCSP_CERTID_free(own);
	return ours;
}

static enum be_err look_up(const struct answer *a, OCSP_CERTID *id, struct pki_ocsp_status *out, struct be_error *err)
{
	char serial[PKI_SERIAL_TEXT];
	ASN1_INTEGER *number = NULL;

	*out = (struct pki_ocsp_status){ .status = PKI_REVOCATION_UNKNOWN };
	if (!is_ours(a, id) || OCSP_id_get0_info(NULL, NULL, NULL, &number, id) != 1)
		return BE_OK;
	pki_serial_text(serial, number);
	return a->responder->lookup(a->responder->arg, serial, out, err);
}

static enum be_err add_status(struct answer *a, OCSP_CERTID *id, struct be_error *err)
{
	static const int states[] = { [PKI_REVOCATION_GOOD] = V_OCSP_CERTSTATUS_GOOD,
		[PKI_REVOCATION_REVOKED] = V_OCSP_CERTSTATUS_REVOKED,
		[PKI_REVOCATION_UNKNOWN] = V_OCSP_CERTSTATUS_UNKNOWN };
	struct pki_ocsp_status found;
	ASN1_TIME *when = NULL;
	int reason = OCSP_REVOKED_STATUS_NOSTATUS;
	enum be_err rc = look_up(a, id, &found, err);

	if (rc != BE_OK)
		return rc;
	if (found.status == PKI_REVOCATION_REVOKED) {
		when = ASN1_TIME_set(NULL, (time_t)found.revoked_at);
		if (found.reason != PKI_REASON_UNSPECIFIED && found.reason != PKI_REASON_NONE)
			reason = (int)found.reason;
	}
	if (OCSP_basic_add1_status(a->basic, id, states[found.status], reason, when, a->this_update, a->next_update) ==
		NULL)
		rc = pki_fail(err, BE_CRYPTO, NOT_MADE);
	ASN1_TIME_free(when);
	return rc;
}

static bool short_nonce(OCSP_REQUEST *request)
{
	int at = OCSP_REQUEST_get_ext_by_NID(request, NID_id_pkix_OCSP_Nonce, -1);

	return at >= 0 &&
		ASN1_STRING_length(X509_EXTENSION_get_data(OCSP_REQUEST_get_ext(request, at))) <= NONCE_MAX + 3;
}

/* OpenSSL writes the system's time when it signs, unless told not to write any; then it can only be set through a
 * pointer that is const. */
static bool set_produced_at(OCSP_BASICRESP *basic, int64_t moment)
{
	const ASN1_GENERALIZEDTIME *given = OCSP_resp_get0_produced_at(basic);
	ASN1_GENERALIZEDTIME *time;

	memcpy(&time, &given, sizeof(time));
	return ASN1_GENERALIZEDTIME_set(time, (time_t)moment) != NULL;
}

static enum be_err sign(struct answer *a, OCSP_REQUEST *request, struct be_error *err)
{
	const struct pki_authority *signer = a->responder->signer;

	if (short_nonce(request) && OCSP_copy_nonce(a->basic, request) <= 0)
		return pki_fail(err, BE_CRYPTO, NOT_MADE);
	if (!set_produced_at(a->basic, a->responder->this_update) ||
		OCSP_basic_sign(
			a->basic, signer->cert, signer->key, pki_issue_digest(signer->key), NULL, OCSP_NOTIME) != 1)
		return pki_fail(err, BE_CRYPTO, NOT_MADE);
	return BE_OK;
}

static enum be_err answer_begin(struct answer *a, const struct pki_ocsp_responder *responder, struct be_error *err)
{
	a->responder = responder;
	a->issuer = pki_x509_decode(responder->issuer, responder->issuer_len);
	a->basic = OCSP_BASICRESP_new();
	a->this_update = ASN1_TIME_set(NULL, (time_t)responder->this_update);
	a->next_update = ASN1_TIME_set(NULL, (time_t)responder->next_update);
	if (a->issuer == NULL || a->basic == NULL || a->this_update == NULL || a->next_update == NULL)
		return pki_fail(err, BE_CRYPTO, NOT_MADE);
	return BE_OK;
}

static void answer_end(struct answer *a)
{
	X509_free(a->issuer);
	OCSP_BASICRESP_free(a->basic);
	ASN1_TIME_free(a->this_update);
	ASN1_TIME_free(a->next_update);
}

/* Gives the status of the whole response; the answers are in a->basic when it is successful. */
static int answer_all(struct answer *a, OCSP_REQUEST *request)
{
	int count = OCSP_request_onereq_count(request);
	enum be_err rc = BE_OK;

	if (count <= 0)
		return OCSP_RESPONSE_STATUS_MALFORMEDREQUEST;
	if (count > (int)PKI_OCSP_MAX_QUESTIONS)
		return OCSP_RESPONSE_STATUS_UNAUTHORIZED;
	for (int i = 0; i < count && rc == BE_OK; i++)
		rc = add_status(a, OCSP_onereq_get0_id(OCSP_request_onereq_get0(request, i)), NULL);
	if (rc == BE_OK)
		rc = sign(a, request, NULL);
	return rc == BE_OK ? OCSP_RESPONSE_STATUS_SUCCESSFUL : OCSP_RESPONSE_STATUS_INTERNALERROR;
}

enum be_err pki_ocsp_answer(struct buffer *out, const struct pki_ocsp_responder *responder, const uint8_t *request,
	size_t len, struct be_error *err)
{
	const unsigned char *at = request;
	OCSP_REQUEST *asked = len != 0 && len <= PKI_OCSP_MAX_REQUEST ? d2i_OCSP_REQUEST(NULL, &at, (long)len) : NULL;
	struct answer a = { NULL, NULL, NULL, NULL, NULL };
	OCSP_RESPONSE *response = NULL;
	unsigned char *der = NULL;
	int status = OCSP_RESPONSE_STATUS_MALFORMEDREQUEST;
	int der_len;
	enum be_err rc = answer_begin(&a, responder, err);

	if (rc != BE_OK)
		goto out;
	if (asked != NULL && at == request + len)
		status = answer_all(&a, asked);
	response = OCSP_response_create(status, status == OCSP_RESPONSE_STATUS_SUCCESSFUL ? a.basic : NULL);
	der_len = response != NULL ? i2d_OCSP_RESPONSE(response, &der) : -1;
	if (der_len <= 0) {
		rc = pki_fail(err, BE_CRYPTO, NOT_MADE);
		goto out;
	}
	buffer_add(out, der, (size_t)der_len);
	rc = buffer_check(out, err);
out:
	OPENSSL_free(der);
	OCSP_RESPONSE_free(response);
	answer_end(&a);
	OCSP_REQUEST_free(asked);
	ERR_clear_error();
	return rc;
}
