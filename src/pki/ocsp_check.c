/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/ocsp.h"

#include "base/time.h"
#include "pki/cms_message.h"
#include "pki/revocation_check.h"
#include "pki/x509.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/ocsp.h>
#include <openssl/x509v3.h>
#include <string.h>

struct judgement {
	struct pki_revocation_facts *facts;
	OCSP_BASICRESP *basic;
	X509 *cert;
	X509 *issuer;
	X509 *signer; /* borrowed from basic, or the issuer */
};

/* The whole of the bytes as one response, its basic part taken out. */
static OCSP_BASICRESP *open_response(struct pki_revocation_facts *facts, const uint8_t *bytes, size_t len)
{
	const unsigned char *at = bytes;
	OCSP_RESPONSE *response = len != 0 && len <= LONG_MAX ? d2i_OCSP_RESPONSE(NULL, &at, (long)len) : NULL;
	OCSP_BASICRESP *basic = NULL;

	if (response == NULL || at != bytes + len)
		pki_revocation_fail(facts, PKI_REVOCATION_MALFORMED, "no OCSP response");
	else if (OCSP_response_status(response) != OCSP_RESPONSE_STATUS_SUCCESSFUL)
		pki_revocation_fail(
			facts, PKI_REVOCATION_REFUSED, OCSP_response_status_str(OCSP_response_status(response)));
	else if ((basic = OCSP_response_get1_basic(response)) == NULL)
		pki_revocation_fail(facts, PKI_REVOCATION_MALFORMED, "no basic OCSP response");
	OCSP_RESPONSE_free(response);
	return basic;
}

/* The digest that a response names the issuer with is its own choice. */
static bool is_about(const struct judgement *j, OCSP_CERTID *id)
{
	ASN1_OBJECT *digest = NULL;
	const EVP_MD *md;
	OCSP_CERTID *own;
	bool same;

	if (OCSP_id_get0_info(NULL, &digest, NULL, NULL, id) != 1)
		return false;
	md = EVP_get_digestbyobj(digest);
	own = md != NULL ? OCSP_cert_to_id(md, j->cert, j->issuer) : NULL;
	same = own != NULL && OCSP_id_cmp(own, id) == 0;
	OCSP_CERTID_free(own);
	return same;
}

static void read_one(struct judgement *j, OCSP_SINGLERESP *one)
{
	static const uint32_t states[] = { [V_OCSP_CERTSTATUS_GOOD] = PKI_REVOCATION_GOOD,
		[V_OCSP_CERTSTATUS_REVOKED] = PKI_REVOCATION_REVOKED,
		[V_OCSP_CERTSTATUS_UNKNOWN] = PKI_REVOCATION_UNKNOWN };
	ASN1_GENERALIZEDTIME *when = NULL, *this_update = NULL, *next_update = NULL;
	int reason = -1;
	int status = OCSP_single_get0_status(one, &reason, &when, &this_update, &next_update);

	if (status < 0 || (size_t)status >= sizeof(states) / sizeof(states[0])) {
		pki_revocation_fail(j->facts, PKI_REVOCATION_MALFORMED, "a status that does not exist");
		return;
	}
	j->facts->status = states[status];
	j->facts->this_update = pki_cms_moment(this_update);
	j->facts->next_update = next_update != NULL ? pki_cms_moment(next_update) : TIME_NONE;
	j->facts->revoked_at = status == V_OCSP_CERTSTATUS_REVOKED ? pki_cms_moment(when) : TIME_NONE;
	j->facts->reason = reason >= 0 ? (uint32_t)reason : PKI_REASON_NONE;
	if (j->facts->this_update == TIME_NONE ||
		(status == V_OCSP_CERTSTATUS_REVOKED && j->facts->revoked_at == TIME_NONE))
		pki_revocation_fail(j->facts, PKI_REVOCATION_MALFORMED, "a time that is none");
	if (OCSP_SINGLERESP_get_ext_by_critical(one, 1, -1) >= 0)
		pki_revocation_fail(j->facts, PKI_REVOCATION_UNSUPPORTED, "a critical extension");
}

/* Of several answers about one certificate the worst counts: a good one beside it would only hide it. */
static void find_answer(struct judgement *j)
{
	OCSP_SINGLERESP *found = NULL;

	for (int i = 0; i < OCSP_resp_count(j->basic); i++) {
		OCSP_SINGLERESP *one = OCSP_resp_get0(j->basic, i);
		OCSP_CERTID *id = OCSP_CERTID_dup(OCSP_SINGLERESP_get0_id(one));
		bool about = id != NULL && is_about(j, id);

		OCSP_CERTID_free(id);
		if (!about)
			continue;
		if (found == NULL || OCSP_single_get0_status(one, NULL, NULL, NULL, NULL) == V_OCSP_CERTSTATUS_REVOKED)
			found = one;
	}
	if (found == NULL)
		pki_revocation_fail(j->facts, PKI_REVOCATION_OTHER, "no answer about this certificate");
	else
		read_one(j, found);
}

/* ---- who signed ---- */

static bool is_named(const struct judgement *j, X509 *cert)
{
	const ASN1_OCTET_STRING *key_hash = NULL;
	const X509_NAME *name = NULL;
	unsigned char hash[EVP_MAX_MD_SIZE];
	unsigned int len = 0;

	if (OCSP_resp_get0_id(j->basic, &key_hash, &name) != 1)
		return false;
	if (name != NULL)
		return X509_NAME_cmp(name, X509_get_subject_name(cert)) == 0;
	return X509_pubkey_digest(cert, EVP_sha1(), hash, &len) == 1 && ASN1_STRING_length(key_hash) == (int)len &&
		memcmp(ASN1_STRING_get0_data(key_hash), hash, len) == 0;
}

/* RFC 6960, 4.2.2.2: the issuer, or whom it certified for this, itself and directly. */
static bool is_delegate(const struct judgement *j, X509 *cert)
{
	return X509_check_issued(j->issuer, cert) == X509_V_OK && pki_revocation_may_answer(cert) &&
		X509_verify(cert, X509_get0_pubkey(j->issuer)) == 1;
}

static X509 *find_signer(const struct judgement *j)
{
	const STACK_OF(X509) *sent = OCSP_resp_get0_certs(j->basic);

	for (int i = 0; i < sk_X509_num(sent); i++) {
		X509 *cert = sk_X509_value(sent, i);

		if (X509_cmp(cert, j->issuer) != 0 && is_named(j, cert) && is_delegate(j, cert))
			return cert;
	}
	return is_named(j, j->issuer) ? j->issuer : NULL;
}

static void check_signature(struct judgement *j)
{
	X509 *signer = j->signer = find_signer(j);
	EVP_PKEY *key = signer != NULL ? X509_get0_pubkey(signer) : NULL;
	const X509_ALGOR *algorithm = OCSP_resp_get0_tbs_sigalg(j->basic);

	if (key == NULL) {
		pki_revocation_fail(j->facts, PKI_REVOCATION_SIGNER, "signed by nobody whom the issuer lets answer");
		return;
	}
	j->facts->delegated = signer != j->issuer;
	j->facts->signer_no_check =
		j->facts->delegated && X509_get_ext_by_NID(signer, NID_id_pkix_OCSP_noCheck, -1) >= 0;
	if (!pki_revocation_signer(j->facts, signer))
		return;
	if (ASN1_item_verify(ASN1_ITEM_rptr(OCSP_RESPDATA), algorithm, OCSP_resp_get0_signature(j->basic),
		    OCSP_resp_get0_respdata(j->basic), key) != 1)
		pki_revocation_fail(j->facts, PKI_REVOCATION_SIGNATURE, "the signature does not verify");
}

/* A responder's certificate counts as much as the signature it makes. */
static void check_algorithms(struct judgement *j)
{
	const X509_ALGOR *algorithm = NULL;

	pki_revocation_algorithm(j->facts, OCSP_resp_get0_tbs_sigalg(j->basic));
	if (!j->facts->delegated)
		return;
	X509_get0_signature(NULL, &algorithm, j->signer);
	pki_revocation_algorithm(j->facts, algorithm);
}

/* ---- what else the response says ---- */

/* RFC 8954: an OCTET STRING in the extension's OCTET STRING; older responders left the inner one out. */
static bool nonce_is(const ASN1_OCTET_STRING *value, const uint8_t *nonce)
{
	const uint8_t *bytes = ASN1_STRING_get0_data(value);
	int len = ASN1_STRING_length(value);

	if (len == (int)PKI_OCSP_NONCE + 2 && bytes[0] == V_ASN1_OCTET_STRING && bytes[1] == PKI_OCSP_NONCE)
		return memcmp(bytes + 2, nonce, PKI_OCSP_NONCE) == 0;
	return len == (int)PKI_OCSP_NONCE && memcmp(bytes, nonce, PKI_OCSP_NONCE) == 0;
}

static void check_extensions(struct judgement *j, const uint8_t *nonce)
{
	int at = OCSP_BASICRESP_get_ext_by_NID(j->basic, NID_id_pkix_OCSP_Nonce, -1);

	for (int i = 0; i < OCSP_BASICRESP_get_ext_count(j->basic); i++) {
		X509_EXTENSION *extension = OCSP_BASICRESP_get_ext(j->basic, i);

		if (X509_EXTENSION_get_critical(extension) == 1 && i != at)
			pki_revocation_fail(j->facts, PKI_REVOCATION_UNSUPPORTED, "a critical extension");
	}
	if (nonce == NULL || at < 0)
		return;
	j->facts->has_nonce = nonce_is(X509_EXTENSION_get_data(OCSP_BASICRESP_get_ext(j->basic, at)), nonce);
	if (!j->facts->has_nonce)
		pki_revocation_fail(j->facts, PKI_REVOCATION_NONCE, "the nonce is another");
}

enum be_err pki_ocsp_check(struct pki_revocation_facts *out, const uint8_t *response, size_t len,
	const uint8_t *certificate, size_t certificate_len, const uint8_t *issuer, size_t issuer_len,
	const uint8_t *nonce, struct be_error *err)
{
	struct judgement j = { .facts = out };
	enum be_err rc = pki_revocation_pair(&j.cert, &j.issuer, certificate, certificate_len, issuer, issuer_len, err);

	pki_revocation_begin(out, false);
	if (rc != BE_OK)
		return rc;
	j.basic = open_response(out, response, len);
	if (j.basic != NULL) {
		find_answer(&j);
		out->produced_at = pki_cms_moment(OCSP_resp_get0_produced_at(j.basic));
		check_signature(&j);
		check_extensions(&j, nonce);
		check_algorithms(&j);
	}
	OCSP_BASICRESP_free(j.basic);
	X509_free(j.cert);
	X509_free(j.issuer);
	ERR_clear_error();
	return BE_OK;
}
