/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/tst.h"

#include "base/time.h"
#include "pki/cms_message.h"
#include "pki/signature_alg.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/ts.h>
#include <stdlib.h>
#include <string.h>

struct pki_tst {
	struct pki_cms *cms;
	TS_TST_INFO *info;
	struct ber_span authority;      /* borrowed from cms or from the certificates of the last check */
};

/* RFC 3161, 2.4.2: version 1; an extension that is critical and unknown may change what everything else means. */
static bool read_info(struct pki_tst *tst)
{
	struct ber_span content = pki_cms_content(tst->cms);
	const uint8_t *at = content.at;

	if (content.len == 0)
		return false;
	tst->info = d2i_TS_TST_INFO(NULL, &at, (long)content.len);
	return tst->info != NULL && at == content.at + content.len && TS_TST_INFO_get_version(tst->info) == 1
		&& TS_TST_INFO_get_ext_by_critical(tst->info, 1, -1) < 0;
}

enum be_err pki_tst_parse(struct pki_tst **out, enum pki_cms_fault *fault, const uint8_t *bytes, size_t len,
	struct be_error *err)
{
	struct pki_tst *tst = NULL;
	enum be_err rc;

	*out = NULL;
	*fault = PKI_CMS_NOT_CMS;
	tst = calloc(1, sizeof(*tst));
	if (tst == NULL)
		return pki_fail_memory(err);
	rc = pki_cms_open(&tst->cms, fault, bytes, len, NID_id_smime_ct_TSTInfo, err);
	if (rc != BE_OK || *fault != PKI_CMS_OK)
		goto out;
	if (!read_info(tst)) {
		*fault = PKI_CMS_NOT_CMS;
		goto out;
	}
	tst->authority.at = pki_cms_signer(tst->cms, &tst->authority.len);
	*out = tst;
	tst = NULL;
out:
	pki_tst_free(&tst);
	ERR_clear_error();
	return rc;
}

void pki_tst_free(struct pki_tst **tst)
{
	if (*tst == NULL)
		return;
	pki_cms_free(&(*tst)->cms);
	TS_TST_INFO_free((*tst)->info);
	free(*tst);
	*tst = NULL;
}

enum digest_alg pki_tst_digest_alg(const struct pki_tst *tst)
{
	return pki_digest_alg_read(TS_MSG_IMPRINT_get_algo(TS_TST_INFO_get_msg_imprint(tst->info)));
}

static bool imprint_is(const struct pki_tst *tst, const uint8_t *digest, size_t digest_len)
{
	const ASN1_OCTET_STRING *stamped = TS_MSG_IMPRINT_get_msg(TS_TST_INFO_get_msg_imprint(tst->info));
	enum digest_alg alg = pki_tst_digest_alg(tst);

	return alg != DIGEST_NONE && digest_len == digest_size(alg) && (size_t)ASN1_STRING_length(stamped) == digest_len
		&& memcmp(ASN1_STRING_get0_data(stamped), digest, digest_len) == 0;
}

/* The document's certificates, those that can be read. */
static enum be_err borrow_certificates(struct pki_cms_cert **out, size_t *count, const uint8_t *const *certs,
	const size_t *lens, size_t given, struct be_error *err)
{
	size_t i;

	*count = 0;
	if (given == 0)
		return BE_OK;
	*out = calloc(given, sizeof(**out));
	if (*out == NULL)
		return pki_fail_memory(err);
	for (i = 0; i < given; i++) {
		X509 *x509 = pki_x509_decode(certs[i], lens[i]);

		if (x509 == NULL)
			continue;
		(*out)[*count].x509 = x509;
		(*out)[*count].der = (struct ber_span){ certs[i], lens[i] };
		++*count;
	}
	return BE_OK;
}

/* RFC 3161, 2.4.1: a token is a SignedData whose signer names its certificate; without that the token's fault is in
 * its attributes. */
static uint32_t token_fault(const struct pki_cms_facts *message)
{
	bool unnamed = !message->has_signing_certificate;

	if (unnamed && (message->fault == PKI_CMS_OK || message->fault > PKI_CMS_ATTRIBUTES))
		return PKI_CMS_ATTRIBUTES;
	return message->fault;
}

static enum be_err judge(const struct pki_tst *tst, struct pki_cms_choice choice, struct pki_cms_facts *message,
	struct be_error *err)
{
	struct ber_span content = pki_cms_content(tst->cms);
	enum digest_alg alg = pki_cms_digest_alg(tst->cms);
	uint8_t digest[DIGEST_MAX];
	size_t len = 0;

	/* Without a digest the message's own algorithm is at fault, and pki_cms_judge says so. */
	if (alg != DIGEST_NONE && digest_bytes(alg, content.at, content.len, digest, &len, err) == BE_NO_MEMORY)
		return BE_NO_MEMORY;
	return pki_cms_judge(tst->cms, choice, digest, len, message, err);
}

enum be_err pki_tst_check(struct pki_tst *tst, const uint8_t *digest, size_t digest_len,
	const uint8_t *const *certs, const size_t *cert_lens, size_t cert_count, struct pki_tst_facts *out,
	struct be_error *err)
{
	struct pki_cms_choice choice = tst->cms->choice;
	struct pki_cms_cert *others = NULL;
	struct pki_cms_facts message;
	size_t count = 0, i;
	enum be_err rc = BE_OK;

	memset(out, 0, sizeof(*out));
	out->fault = PKI_CMS_SIGNATURE;
	if (choice.cert == NULL) {
		rc = borrow_certificates(&others, &count, certs, cert_lens, cert_count, err);
		choice = pki_cms_choose(tst->cms, others, count);
	}
	tst->authority = choice.cert != NULL ? choice.cert->der : (struct ber_span){ NULL, 0 };
	if (rc == BE_OK)
		rc = judge(tst, choice, &message, err);
	if (rc != BE_OK)
		goto out;
	out->fault = token_fault(&message);
	out->imprint_ok = imprint_is(tst, digest, digest_len);
	out->imprint_digest = (uint32_t)pki_tst_digest_alg(tst);
	out->time = pki_cms_moment(TS_TST_INFO_get_time(tst->info));
	out->has_certificate = message.has_certificate;
	out->authority = message.signer;
	out->purpose_ok = message.has_certificate && message.signer.eku_timestamp_only;
	out->time_inside = message.has_certificate && out->time != TIME_NONE && out->time >= message.signer.not_before
		&& out->time <= message.signer.not_after;
out:
	for (i = 0; i < count; i++)
		X509_free(others[i].x509);
	free(others);
	ERR_clear_error();
	return rc;
}

size_t pki_tst_certificates(const struct pki_tst *tst, const uint8_t *const **ders, const size_t **lens)
{
	return pki_cms_certificates(tst->cms, ders, lens);
}

const uint8_t *pki_tst_signer(const struct pki_tst *tst, size_t *len)
{
	*len = tst->authority.len;
	return tst->authority.at;
}
