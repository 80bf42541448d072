/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/cms_message.h"

#include "base/time.h"
#include "pki/signature_alg.h"
#include "pki/signing_certificate.h"

#include <openssl/err.h>
#include <string.h>
#include <time.h>

/* A message under judgement. Each check notes what it finds; the fault that stands first in the enum is kept, and
 * OK is what is left only when the signature has verified and nothing was noted. */
struct judgement {
	const struct pki_cms *cms;
	struct pki_cms_choice choice;
	struct ber_span digest;                 /* the content's */
	struct pki_signature_alg alg;
	enum digest_alg digest_alg;
	struct pki_cms_facts *facts;
	enum pki_cms_fault fault;
};

static void note(struct judgement *j, enum pki_cms_fault fault)
{
	if (fault != PKI_CMS_OK && (j->fault == PKI_CMS_OK || fault < j->fault))
		j->fault = fault;
}

int64_t pki_cms_moment(const ASN1_TIME *time)
{
	struct tm tm;

	memset(&tm, 0, sizeof(tm));
	if (time == NULL || ASN1_TIME_to_tm(time, &tm) != 1)
		return TIME_NONE;
	return (int64_t)timegm(&tm);
}

/* The one value of an attribute that must be there exactly once with exactly one value; NULL otherwise. */
static const ASN1_TYPE *single_value(CMS_SignerInfo *signer, int nid)
{
	int at = CMS_signed_get_attr_by_NID(signer, nid, -1);
	X509_ATTRIBUTE *attribute;

	if (at < 0 || CMS_signed_get_attr_by_NID(signer, nid, at) >= 0)
		return NULL;
	attribute = CMS_signed_get_attr(signer, at);
	return X509_ATTRIBUTE_count(attribute) == 1 ? X509_ATTRIBUTE_get0_type(attribute, 0) : NULL;
}

/* What a verdict or a warning rests on must not be there twice: two readers could take two different ones. Signers
 * do repeat attributes of their own, and nobody reads those. */
static bool each_once(CMS_SignerInfo *signer)
{
	static const int types[] = { NID_pkcs9_contentType, NID_pkcs9_messageDigest, NID_id_smime_aa_signingCertificate,
		NID_id_smime_aa_signingCertificateV2, NID_pkcs9_signingTime, NID_id_smime_aa_ets_sigPolicyId };
	size_t i;

	for (i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		int first = CMS_signed_get_attr_by_NID(signer, types[i], -1);

		if (first >= 0 && CMS_signed_get_attr_by_NID(signer, types[i], first) >= 0)
			return false;
	}
	return true;
}

static void check_content_type(struct judgement *j)
{
	const ASN1_TYPE *value = single_value(j->cms->signer, NID_pkcs9_contentType);

	if (value == NULL || value->type != V_ASN1_OBJECT || OBJ_obj2nid(value->value.object) != j->cms->content_type)
		note(j, PKI_CMS_ATTRIBUTES);
}

static void check_message_digest(struct judgement *j)
{
	const ASN1_TYPE *value = single_value(j->cms->signer, NID_pkcs9_messageDigest);
	size_t len;

	if (value == NULL || value->type != V_ASN1_OCTET_STRING) {
		note(j, PKI_CMS_ATTRIBUTES);
		return;
	}
	len = (size_t)ASN1_STRING_length(value->value.octet_string);
	if (j->digest_alg != DIGEST_NONE && len != digest_size(j->digest_alg))
		note(j, PKI_CMS_ATTRIBUTES);
	if (len == 0 || len != j->digest.len
		|| memcmp(ASN1_STRING_get0_data(value->value.octet_string), j->digest.at, len) != 0)
		note(j, PKI_CMS_DIGEST);
}

static void check_signing_certificate(struct judgement *j)
{
	struct pki_signing_certificate named;
	const struct pki_cms_cert *cert = j->choice.cert;

	pki_signing_certificate_read(&named, j->cms->signer, cert != NULL ? cert->x509 : NULL,
		cert != NULL ? cert->der : (struct ber_span){ NULL, 0 });
	j->facts->has_signing_certificate = named.present;
	j->facts->weak_signing_certificate = named.weak;
	note(j, named.fault);
}

static void describe_attributes(struct judgement *j)
{
	CMS_SignerInfo *signer = j->cms->signer;
	int at = CMS_signed_get_attr_by_NID(signer, NID_pkcs9_signingTime, -1);
	const ASN1_TYPE *value;

	j->facts->has_policy = CMS_signed_get_attr_by_NID(signer, NID_id_smime_aa_ets_sigPolicyId, -1) >= 0;
	j->facts->has_signing_time = at >= 0;
	if (at < 0)
		return;
	value = X509_ATTRIBUTE_get0_type(CMS_signed_get_attr(signer, at), 0);
	if (value != NULL && value->type == V_ASN1_UTCTIME)
		j->facts->signing_time = pki_cms_moment(value->value.utctime);
	else if (value != NULL && value->type == V_ASN1_GENERALIZEDTIME)
		j->facts->signing_time = pki_cms_moment(value->value.generalizedtime);
}

/* Without signed attributes the signature is over the content itself, and that is allowed for content of type
 * id-data only (RFC 5652, 5.3). Such a signature can be made from one over attributes, whose DER then is the
 * content: the caller is told, and judges. */
static void check_attributes(struct judgement *j)
{
	bool is_content_type = OBJ_obj2nid(CMS_get0_eContentType(j->cms->info)) == j->cms->content_type;

	if (!is_content_type)
		note(j, PKI_CMS_ATTRIBUTES);
	j->facts->has_signed_attributes = j->cms->attributes != NULL;
	if (j->cms->attributes == NULL) {
		if (j->cms->content_type != NID_pkcs7_data)
			note(j, PKI_CMS_ATTRIBUTES);
		return;
	}
	if (!j->cms->attributes_as_sent || !each_once(j->cms->signer))
		note(j, PKI_CMS_ATTRIBUTES);
	check_content_type(j);
	check_message_digest(j);
	check_signing_certificate(j);
	describe_attributes(j);
}

static void check_algorithms(struct judgement *j)
{
	X509_ALGOR *digest = NULL, *signature = NULL;

	CMS_SignerInfo_get0_algs(j->cms->signer, NULL, NULL, &digest, &signature);
	j->digest_alg = pki_digest_alg_read(digest);
	pki_signature_alg_read(&j->alg, signature);
	j->facts->digest = (uint32_t)j->digest_alg;
	j->facts->signature_digest = (uint32_t)(j->alg.digest != DIGEST_NONE ? j->alg.digest : j->digest_alg);
	memcpy(j->facts->signature, j->alg.name, sizeof(j->facts->signature));
	if (!j->alg.sound || j->digest_alg == DIGEST_NONE
		|| (j->alg.digest != DIGEST_NONE && j->alg.digest != j->digest_alg))
		note(j, PKI_CMS_ALGORITHMS);
}

static enum be_err check_certificate(struct judgement *j, struct be_error *err)
{
	const struct pki_cms_cert *cert = j->choice.cert;
	enum be_err rc;

	if (cert == NULL) {
		note(j, PKI_CMS_NO_CERTIFICATE);
		return BE_OK;
	}
	if (j->choice.ambiguous)
		note(j, PKI_CMS_WRONG_CERTIFICATE);
	rc = pki_cert_describe(&j->facts->signer, cert->der.at, cert->der.len, err);
	if (rc == BE_NO_MEMORY)
		return rc;
	j->facts->has_certificate = rc == BE_OK;
	if (rc != BE_OK) {
		memset(&j->facts->signer, 0, sizeof(j->facts->signer));
		note(j, PKI_CMS_NO_CERTIFICATE);
	}
	return BE_OK;
}

static void check_signature(struct judgement *j)
{
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(j->cms->signer);
	struct ber_span signature = { ASN1_STRING_get0_data(value), (size_t)ASN1_STRING_length(value) };
	struct ber_span signed_bytes = { j->cms->attributes, j->cms->attributes_len };
	EVP_PKEY *key = j->choice.cert != NULL ? X509_get0_pubkey(j->choice.cert->x509) : NULL;
	bool prehashed = j->cms->attributes == NULL;

	if (j->choice.cert == NULL)
		return;
	if (key == NULL) {
		note(j, PKI_CMS_ALGORITHMS);
		return;
	}
	if (prehashed)
		signed_bytes = j->digest;
	note(j, pki_signature_check(&j->alg, j->digest_alg, key, signed_bytes, prehashed, signature));
}

enum be_err pki_cms_judge(const struct pki_cms *cms, struct pki_cms_choice choice, const uint8_t *digest,
	size_t digest_len, struct pki_cms_facts *out, struct be_error *err)
{
	struct judgement j = { .cms = cms, .choice = choice, .digest = { digest, digest_len }, .facts = out };
	enum be_err rc;
	size_t token_len;

	memset(out, 0, sizeof(*out));
	out->fault = PKI_CMS_SIGNATURE;
	out->signing_time = TIME_NONE;
	out->der = cms->der;
	out->has_timestamp = pki_cms_timestamp(cms, &token_len) != NULL;
	check_algorithms(&j);
	check_attributes(&j);
	rc = check_certificate(&j, err);
	if (rc == BE_OK) {
		check_signature(&j);
		out->fault = (uint32_t)j.fault;
	}
	ERR_clear_error();
	return rc;
}

enum be_err pki_cms_check(const struct pki_cms *cms, const uint8_t *digest, size_t digest_len,
	struct pki_cms_facts *out, struct be_error *err)
{
	return pki_cms_judge(cms, cms->choice, digest, digest_len, out, err);
}
