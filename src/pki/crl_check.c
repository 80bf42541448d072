/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/crl.h"

#include "base/time.h"
#include "pki/cms_message.h"
#include "pki/revocation_check.h"
#include "pki/x509.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>

struct judgement {
	struct pki_revocation_facts *facts;
	X509_CRL *crl;
	X509 *cert;
	X509 *issuer;
};

/* ---- which certificates a list speaks for (RFC 5280, 5.2.5) ---- */

static bool same_name(const GENERAL_NAMES *a, const GENERAL_NAMES *b)
{
	for (int i = 0; i < sk_GENERAL_NAME_num(a); i++)
		for (int k = 0; k < sk_GENERAL_NAME_num(b); k++) {
			GENERAL_NAME *one = sk_GENERAL_NAME_value(a, i), *other = sk_GENERAL_NAME_value(b, k);

			if (GENERAL_NAME_cmp(one, other) == 0)
				return true;
		}
	return false;
}

/* A list that names its distribution point is one of several: it speaks for the certificates that name the same.
 * Names relative to the issuer's are not followed. */
static bool names_point(const X509 *cert, const DIST_POINT_NAME *point)
{
	CRL_DIST_POINTS *points = X509_get_ext_d2i(cert, NID_crl_distribution_points, NULL, NULL);
	bool found = false;

	for (int i = 0; point->type == 0 && !found && i < sk_DIST_POINT_num(points); i++) {
		const DIST_POINT *one = sk_DIST_POINT_value(points, i);

		/* One that names reasons or another issuer is not for all there is to know. */
		if (one->distpoint != NULL && one->distpoint->type == 0 && one->reasons == NULL &&
			one->CRLissuer == NULL)
			found = same_name(one->distpoint->name.fullname, point->name.fullname);
	}
	CRL_DIST_POINTS_free(points);
	return found;
}

static bool is_set(const ASN1_BOOLEAN value)
{
	return value != 0 && value != -1;
}

static void check_scope(struct judgement *j)
{
	int critical = -1;
	ISSUING_DIST_POINT *point = X509_CRL_get_ext_d2i(j->crl, NID_issuing_distribution_point, &critical, NULL);
	bool is_ca = X509_check_ca(j->cert) == 1;

	if (point == NULL && critical != -1)
		pki_revocation_fail(j->facts, PKI_REVOCATION_MALFORMED, "an issuing distribution point that is none");
	if (point == NULL)
		return;
	if (is_set(point->indirectCRL))
		pki_revocation_fail(j->facts, PKI_REVOCATION_UNSUPPORTED, "an indirect list");
	else if (point->onlysomereasons != NULL || is_set(point->onlyattr) || (is_set(point->onlyuser) && is_ca) ||
		(is_set(point->onlyCA) && !is_ca) ||
		(point->distpoint != NULL && !names_point(j->cert, point->distpoint)))
		pki_revocation_fail(j->facts, PKI_REVOCATION_OTHER, "a list of other certificates or some reasons");
	ISSUING_DIST_POINT_free(point);
}

/* ---- what must be understood ---- */

static void check_extensions(struct judgement *j)
{
	const STACK_OF(X509_REVOKED) *entries = X509_CRL_get_REVOKED(j->crl);

	if (X509_CRL_get_ext_by_NID(j->crl, NID_delta_crl, -1) >= 0)
		pki_revocation_fail(j->facts, PKI_REVOCATION_UNSUPPORTED, "a delta list");
	for (int i = 0; i < X509_CRL_get_ext_count(j->crl); i++) {
		X509_EXTENSION *extension = X509_CRL_get_ext(j->crl, i);
		int nid = OBJ_obj2nid(X509_EXTENSION_get_object(extension));

		if (X509_EXTENSION_get_critical(extension) == 1 && nid != NID_issuing_distribution_point &&
			nid != NID_authority_key_identifier && nid != NID_crl_number)
			pki_revocation_fail(j->facts, PKI_REVOCATION_UNSUPPORTED, "a critical extension");
	}
	/* 5.3: one entry that cannot be understood spoils the whole list, for it may speak of any certificate. */
	for (int i = 0; i < sk_X509_REVOKED_num(entries); i++)
		if (X509_REVOKED_get_ext_by_critical(sk_X509_REVOKED_value(entries, i), 1, -1) >= 0) {
			pki_revocation_fail(j->facts, PKI_REVOCATION_UNSUPPORTED, "a critical extension of an entry");
			break;
		}
}

static void check_signer(struct judgement *j)
{
	EVP_PKEY *key = X509_get0_pubkey(j->issuer);
	const X509_ALGOR *algorithm = NULL;

	if (X509_NAME_cmp(X509_CRL_get_issuer(j->crl), X509_get_subject_name(j->issuer)) != 0) {
		pki_revocation_fail(j->facts, PKI_REVOCATION_OTHER, "a list of another issuer");
		return;
	}
	if ((X509_get_key_usage(j->issuer) & KU_CRL_SIGN) == 0) {
		pki_revocation_fail(j->facts, PKI_REVOCATION_SIGNER, "the issuer must not sign lists");
		return;
	}
	if (!pki_revocation_signer(j->facts, j->issuer))
		return;
	if (key == NULL || X509_CRL_verify(j->crl, key) != 1)
		pki_revocation_fail(j->facts, PKI_REVOCATION_SIGNATURE, "the signature does not verify");
	X509_CRL_get0_signature(j->crl, NULL, &algorithm);
	pki_revocation_algorithm(j->facts, algorithm);
}

/* ---- the answer ---- */

static void find_entry(struct judgement *j)
{
	X509_REVOKED *entry = NULL;
	ASN1_ENUMERATED *reason;
	int critical = -1;

	j->facts->status = PKI_REVOCATION_GOOD;
	if (X509_CRL_get0_by_cert(j->crl, &entry, j->cert) == 0)
		return;
	j->facts->status = PKI_REVOCATION_REVOKED;
	j->facts->revoked_at = pki_cms_moment(X509_REVOKED_get0_revocationDate(entry));
	reason = X509_REVOKED_get_ext_d2i(entry, NID_crl_reason, &critical, NULL);
	j->facts->reason = reason != NULL ? (uint32_t)ASN1_ENUMERATED_get(reason) : PKI_REASON_NONE;
	ASN1_ENUMERATED_free(reason);
	if (j->facts->revoked_at == TIME_NONE)
		pki_revocation_fail(j->facts, PKI_REVOCATION_MALFORMED, "a time that is none");
}

static void read_times(struct judgement *j)
{
	const ASN1_TIME *next = X509_CRL_get0_nextUpdate(j->crl);

	j->facts->this_update = pki_cms_moment(X509_CRL_get0_lastUpdate(j->crl));
	j->facts->next_update = next != NULL ? pki_cms_moment(next) : TIME_NONE;
	if (j->facts->this_update == TIME_NONE)
		pki_revocation_fail(j->facts, PKI_REVOCATION_MALFORMED, "a time that is none");
}

enum be_err pki_crl_check(struct pki_revocation_facts *out, const uint8_t *crl, size_t len, const uint8_t *certificate,
	size_t certificate_len, const uint8_t *issuer, size_t issuer_len, struct be_error *err)
{
	const unsigned char *at = crl;
	struct judgement j = { .facts = out };
	enum be_err rc = pki_revocation_pair(&j.cert, &j.issuer, certificate, certificate_len, issuer, issuer_len, err);

	pki_revocation_begin(out, true);
	if (rc != BE_OK)
		return rc;
	j.crl = len != 0 && len <= LONG_MAX ? d2i_X509_CRL(NULL, &at, (long)len) : NULL;
	if (j.crl == NULL || at != crl + len) {
		pki_revocation_fail(out, PKI_REVOCATION_MALFORMED, "no list of revoked certificates");
	} else {
		find_entry(&j);
		read_times(&j);
		check_extensions(&j);
		check_scope(&j);
		check_signer(&j);
	}
	X509_CRL_free(j.crl);
	X509_free(j.cert);
	X509_free(j.issuer);
	ERR_clear_error();
	return BE_OK;
}
