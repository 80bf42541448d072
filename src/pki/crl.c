/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/crl.h"

#include "base/time.h"
#include "pki/cms_message.h"
#include "pki/issue.h"
#include "pki/x509.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define NOT_MADE N_("The list of revoked certificates could not be made")

struct pki_crl_build {
	const struct pki_authority *issuer;
	X509_CRL *crl;
};

/* ---- making ---- */

void pki_crl_build_free(struct pki_crl_build **build)
{
	if (*build == NULL)
		return;
	X509_CRL_free((*build)->crl);
	free(*build);
	*build = NULL;
}

static bool set_times(X509_CRL *crl, int64_t this_update, int64_t next_update)
{
	ASN1_TIME *time = ASN1_TIME_set(NULL, (time_t)this_update);
	bool good = time != NULL && X509_CRL_set1_lastUpdate(crl, time) == 1 &&
		ASN1_TIME_set(time, (time_t)next_update) != NULL && X509_CRL_set1_nextUpdate(crl, time) == 1;

	ASN1_TIME_free(time);
	return good;
}

static bool set_number(X509_CRL *crl, uint64_t number)
{
	ASN1_INTEGER *value = ASN1_INTEGER_new();
	bool good = value != NULL && ASN1_INTEGER_set_uint64(value, number) == 1 &&
		X509_CRL_add1_ext_i2d(crl, NID_crl_number, value, 0, X509V3_ADD_DEFAULT) == 1;

	ASN1_INTEGER_free(value);
	return good;
}

static bool set_authority_key(X509_CRL *crl, X509 *issuer)
{
	X509_EXTENSION *extension;
	X509V3_CTX ctx;
	bool good;

	X509V3_set_ctx(&ctx, issuer, NULL, NULL, crl, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, NID_authority_key_identifier, "keyid:always");
	good = extension != NULL && X509_CRL_add_ext(crl, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return good;
}

enum be_err pki_crl_build_new(struct pki_crl_build **out, const struct pki_authority *issuer, uint64_t number,
	int64_t this_update, int64_t next_update, struct be_error *err)
{
	struct pki_crl_build *build = calloc(1, sizeof(*build));

	*out = NULL;
	if (build == NULL)
		return pki_fail_memory(err);
	build->issuer = issuer;
	build->crl = X509_CRL_new();
	if (build->crl == NULL || X509_CRL_set_version(build->crl, X509_CRL_VERSION_2) != 1 ||
		X509_CRL_set_issuer_name(build->crl, X509_get_subject_name(issuer->cert)) != 1 ||
		!set_times(build->crl, this_update, next_update) || !set_number(build->crl, number) ||
		!set_authority_key(build->crl, issuer->cert)) {
		pki_crl_build_free(&build);
		return pki_fail(err, BE_CRYPTO, NOT_MADE);
	}
	*out = build;
	return BE_OK;
}

static bool set_entry(X509_REVOKED *revoked, const struct pki_crl_entry *entry)
{
	ASN1_INTEGER *serial = pki_serial_number(entry->serial);
	ASN1_TIME *when = ASN1_TIME_set(NULL, (time_t)entry->revoked_at);
	ASN1_ENUMERATED *reason = ASN1_ENUMERATED_new();
	bool said = entry->reason != PKI_REASON_UNSPECIFIED && entry->reason != PKI_REASON_NONE;
	bool good = serial != NULL && when != NULL && reason != NULL &&
		X509_REVOKED_set_serialNumber(revoked, serial) == 1 &&
		X509_REVOKED_set_revocationDate(revoked, when) == 1;

	if (good && said)
		good = ASN1_ENUMERATED_set(reason, (long)entry->reason) == 1 &&
			X509_REVOKED_add1_ext_i2d(revoked, NID_crl_reason, reason, 0, X509V3_ADD_DEFAULT) == 1;
	ASN1_INTEGER_free(serial);
	ASN1_TIME_free(when);
	ASN1_ENUMERATED_free(reason);
	return good;
}

enum be_err pki_crl_build_add(struct pki_crl_build *build, const struct pki_crl_entry *entry, struct be_error *err)
{
	X509_REVOKED *revoked = X509_REVOKED_new();

	if (revoked != NULL && set_entry(revoked, entry) && X509_CRL_add0_revoked(build->crl, revoked) == 1)
		return BE_OK;
	X509_REVOKED_free(revoked);
	return pki_fail(err, BE_CRYPTO, NOT_MADE);
}

enum be_err pki_crl_build_finish(struct pki_crl_build *build, struct buffer *der, struct be_error *err)
{
	EVP_PKEY *key = build->issuer->key;
	unsigned char *bytes = NULL;
	int len = -1;

	if (X509_CRL_sort(build->crl) == 1 && X509_CRL_sign(build->crl, key, pki_issue_digest(key)) > 0)
		len = i2d_X509_CRL(build->crl, &bytes);
	if (len <= 0)
		return pki_fail(err, BE_CRYPTO, NOT_MADE);
	buffer_add(der, bytes, (size_t)len);
	OPENSSL_free(bytes);
	return buffer_check(der, err);
}

/* ---- looking at one ---- */

enum be_err pki_crl_describe(struct pki_crl_info *out, const uint8_t *crl, size_t len, struct be_error *err)
{
	const unsigned char *at = crl;
	X509_CRL *list = len != 0 && len <= LONG_MAX ? d2i_X509_CRL(NULL, &at, (long)len) : NULL;
	ASN1_INTEGER *number = NULL;
	const ASN1_TIME *next;
	enum be_err rc = BE_OK;

	*out = (struct pki_crl_info){ .this_update = TIME_NONE, .next_update = TIME_NONE };
	if (list == NULL || at != crl + len) {
		rc = pki_fail(err, BE_MALFORMED, N_("The list of revoked certificates cannot be read"));
		goto out;
	}
	out->this_update = pki_cms_moment(X509_CRL_get0_lastUpdate(list));
	next = X509_CRL_get0_nextUpdate(list);
	out->next_update = next != NULL ? pki_cms_moment(next) : TIME_NONE;
	number = X509_CRL_get_ext_d2i(list, NID_crl_number, NULL, NULL);
	if (number == NULL || ASN1_INTEGER_get_uint64(&out->number, number) != 1)
		out->number = 0;
	if (X509_CRL_get_REVOKED(list) != NULL)
		out->entries = (size_t)sk_X509_REVOKED_num(X509_CRL_get_REVOKED(list));
out:
	ASN1_INTEGER_free(number);
	X509_CRL_free(list);
	ERR_clear_error();
	return rc;
}
