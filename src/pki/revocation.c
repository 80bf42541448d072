/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/revocation.h"

#include "base/time.h"
#include "pki/revocation_check.h"
#include "pki/signature_alg.h"
#include "pki/x509.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

const char *pki_reason_word(uint32_t reason)
{
	/* clang-format off */
	static const struct { uint32_t reason; const char *word; } words[] = {
		{ PKI_REASON_UNSPECIFIED,         "unspecified" },
		{ PKI_REASON_KEY_COMPROMISE,      "keyCompromise" },
		{ PKI_REASON_CA_COMPROMISE,       "cACompromise" },
		{ PKI_REASON_AFFILIATION_CHANGED, "affiliationChanged" },
		{ PKI_REASON_SUPERSEDED,          "superseded" },
		{ PKI_REASON_CESSATION,           "cessationOfOperation" },
		{ PKI_REASON_HOLD,                "certificateHold" },
		{ PKI_REASON_REMOVE_FROM_CRL,     "removeFromCRL" },
		{ PKI_REASON_PRIVILEGE_WITHDRAWN, "privilegeWithdrawn" },
		{ PKI_REASON_AA_COMPROMISE,       "aACompromise" },
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i].reason == reason)
			return words[i].word;
	return "";
}

bool pki_revocation_fresh(const struct pki_revocation_facts *facts, int64_t moment, int64_t max_age)
{
	int64_t made = facts->produced_at != TIME_NONE ? facts->produced_at : facts->this_update;

	if (facts->status == PKI_REVOCATION_NONE || facts->this_update == TIME_NONE)
		return false;
	if (facts->this_update > moment + PKI_REVOCATION_SKEW || made > moment + PKI_REVOCATION_SKEW)
		return false;
	if (facts->next_update != TIME_NONE && facts->next_update < moment - PKI_REVOCATION_SKEW)
		return false;
	if (facts->next_update == TIME_NONE && max_age == 0)
		return false;
	if (max_age != 0 && facts->this_update < moment - max_age - PKI_REVOCATION_SKEW)
		return false;
	return made >= facts->signer.not_before - PKI_REVOCATION_SKEW && made <= facts->signer.not_after;
}

/* ---- for both kinds of answer ---- */

void pki_revocation_begin(struct pki_revocation_facts *out, bool from_crl)
{
	memset(out, 0, sizeof(*out));
	out->from_crl = from_crl;
	out->reason = PKI_REASON_NONE;
	out->revoked_at = TIME_NONE;
	out->this_update = TIME_NONE;
	out->next_update = TIME_NONE;
	out->produced_at = TIME_NONE;
}

void pki_revocation_fail(struct pki_revocation_facts *out, enum pki_revocation_fault fault, const char *detail)
{
	out->status = PKI_REVOCATION_NONE;
	if (out->fault != PKI_REVOCATION_OK)
		return;
	out->fault = fault;
	(void)snprintf(out->detail, sizeof(out->detail), "%s", detail);
}

bool pki_revocation_signer(struct pki_revocation_facts *out, const X509 *signer)
{
	unsigned char *der = NULL;
	int len = i2d_X509(signer, &der);
	bool good = len > 0 && pki_cert_describe(&out->signer, der, (size_t)len, NULL) == BE_OK;

	OPENSSL_free(der);
	if (!good)
		pki_revocation_fail(out, PKI_REVOCATION_SIGNER, "the signer's certificate cannot be read");
	return good;
}

void pki_revocation_algorithm(struct pki_revocation_facts *out, const X509_ALGOR *algorithm)
{
	struct pki_signature_alg alg;

	pki_signature_alg_read(&alg, algorithm);
	if (!alg.sound)
		pki_revocation_fail(out, PKI_REVOCATION_UNSUPPORTED, alg.name);
	else if (alg.digest == DIGEST_MD5 || alg.digest == DIGEST_SHA1 || alg.digest == DIGEST_RIPEMD160)
		pki_revocation_fail(out, PKI_REVOCATION_WEAK, digest_name(alg.digest));
}

enum be_err pki_revocation_pair(X509 **cert, X509 **issuer, const uint8_t *certificate, size_t certificate_len,
	const uint8_t *issuer_der, size_t issuer_len, struct be_error *err)
{
	*cert = pki_x509_decode(certificate, certificate_len);
	*issuer = pki_x509_decode(issuer_der, issuer_len);
	if (*cert != NULL && *issuer != NULL &&
		X509_NAME_cmp(X509_get_issuer_name(*cert), X509_get_subject_name(*issuer)) == 0)
		return BE_OK;
	X509_free(*cert);
	X509_free(*issuer);
	*cert = NULL;
	*issuer = NULL;
	return be_fail(err, BE_MALFORMED, N_("A certificate and its issuer do not belong together"), NULL);
}

/* RFC 6960, 4.2.2.2: the purpose has to be named; anyExtendedKeyUsage is not enough. */
bool pki_revocation_may_answer(X509 *signer)
{
	uint32_t purposes = X509_get_extended_key_usage(signer);
	uint32_t usage = X509_get_key_usage(signer);

	return purposes != UINT32_MAX && (purposes & XKU_OCSP_SIGN) != 0 &&
		(usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0;
}
