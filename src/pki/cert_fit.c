/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/cert.h"

#include "base/time.h"

static enum be_err unfit(struct be_error *err, const char *msgid, const struct pki_cert_info *info)
{
	return be_fail(err, BE_KEY_UNFIT, msgid, "%s", info->name);
}

static enum be_err purpose_fit(const struct pki_cert_info *info, struct be_error *err)
{
	const uint32_t signing = PKI_KU_DIGITAL_SIGNATURE | PKI_KU_NON_REPUDIATION;

	/* A certificate that somebody made for himself often says CA too; what tells an authority is that it signs
	 * certificates. */
	if (info->is_ca && info->has_key_usage && (info->key_usage & PKI_KU_KEY_CERT_SIGN) != 0)
		return unfit(err,
			N_("The certificate is an authority's; it issues certificates and must not sign documents"),
			info);
	if (info->has_key_usage && (info->key_usage & signing) == 0)
		return unfit(err, N_("The certificate is not meant for signatures (key usage)"), info);
	if (info->has_eku && !info->eku_document)
		return unfit(err, N_("The certificate is not meant for signing documents (extended key usage)"), info);
	return BE_OK;
}

/* What waiting or renewing does not heal is said first. */
enum be_err pki_cert_fit(const struct pki_cert_info *info, int64_t moment, struct be_error *err)
{
	char when[TIME_TEXT_MAX];
	enum be_err rc = purpose_fit(info, err);

	if (rc != BE_OK)
		return rc;
	if (moment < info->not_before)
		return be_fail(err, BE_CERT_NOT_YET, N_("The certificate is not valid yet; check this machine's clock"),
			"%s", time_format(when, info->not_before));
	if (moment > info->not_after)
		return be_fail(err, BE_CERT_EXPIRED, N_("The certificate has expired; ask for a new one"), "%s",
			time_format(when, info->not_after));
	return BE_OK;
}
