/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/signing_certificate.h"

#include "pki/signature_alg.h"

#include <openssl/asn1t.h>
#include <openssl/x509v3.h>
#include <string.h>

typedef struct issuer_serial {
	GENERAL_NAMES *issuer;
	ASN1_INTEGER *serial;
} ISSUER_SERIAL;

/* Version 1 has no hashAlgorithm; read with this one it must be absent, and then means SHA-1 instead of SHA-256. */
typedef struct cert_id {
	X509_ALGOR *hash_alg;
	ASN1_OCTET_STRING *hash;
	ISSUER_SERIAL *issuer_serial;
} CERT_ID;

typedef struct signing_cert {
	STACK_OF(CERT_ID) *certs;
	STACK_OF(POLICYINFO) *policies;
} SIGNING_CERT;

ASN1_SEQUENCE(ISSUER_SERIAL) = {
	ASN1_SEQUENCE_OF(ISSUER_SERIAL, issuer, GENERAL_NAME),
	ASN1_SIMPLE(ISSUER_SERIAL, serial, ASN1_INTEGER)
} static_ASN1_SEQUENCE_END(ISSUER_SERIAL)

ASN1_SEQUENCE(CERT_ID) = {
	ASN1_OPT(CERT_ID, hash_alg, X509_ALGOR),
	ASN1_SIMPLE(CERT_ID, hash, ASN1_OCTET_STRING),
	ASN1_OPT(CERT_ID, issuer_serial, ISSUER_SERIAL)
} static_ASN1_SEQUENCE_END(CERT_ID)

ASN1_SEQUENCE(SIGNING_CERT) = {
	ASN1_SEQUENCE_OF(SIGNING_CERT, certs, CERT_ID),
	ASN1_SEQUENCE_OF_OPT(SIGNING_CERT, policies, POLICYINFO)
} static_ASN1_SEQUENCE_END(SIGNING_CERT)

/* RFC 5035, 5: the issuer as exactly one directoryName, and the serial number. */
static bool issuer_serial_matches(const ISSUER_SERIAL *named, X509 *cert)
{
	const GENERAL_NAME *name;

	if (sk_GENERAL_NAME_num(named->issuer) != 1)
		return false;
	name = sk_GENERAL_NAME_value(named->issuer, 0);
	return name->type == GEN_DIRNAME && X509_NAME_cmp(name->d.directoryName, X509_get_issuer_name(cert)) == 0
		&& ASN1_INTEGER_cmp(named->serial, X509_get0_serialNumber(cert)) == 0;
}

static enum pki_cms_fault match(const CERT_ID *id, enum digest_alg alg, X509 *cert, struct ber_span der)
{
	uint8_t hash[DIGEST_MAX];
	size_t len = 0;

	if (alg == DIGEST_NONE)
		return PKI_CMS_ALGORITHMS;
	if (cert == NULL)
		return PKI_CMS_OK;
	if (digest_bytes(alg, der.at, der.len, hash, &len, NULL) != BE_OK || (size_t)ASN1_STRING_length(id->hash) != len
		|| memcmp(ASN1_STRING_get0_data(id->hash), hash, len) != 0)
		return PKI_CMS_WRONG_CERTIFICATE;
	if (id->issuer_serial != NULL && !issuer_serial_matches(id->issuer_serial, cert))
		return PKI_CMS_WRONG_CERTIFICATE;
	return PKI_CMS_OK;
}

static enum pki_cms_fault read_value(const ASN1_TYPE *value, bool v2, enum digest_alg *alg, X509 *cert,
	struct ber_span der)
{
	SIGNING_CERT *named = NULL;
	enum pki_cms_fault fault = PKI_CMS_ATTRIBUTES;
	const CERT_ID *first;

	*alg = DIGEST_NONE;
	if (value == NULL || value->type != V_ASN1_SEQUENCE)
		return PKI_CMS_ATTRIBUTES;
	named = ASN1_item_unpack(value->value.sequence, ASN1_ITEM_rptr(SIGNING_CERT));
	if (named == NULL || OPENSSL_sk_num((const OPENSSL_STACK *)named->certs) < 1)
		goto out;
	first = (const CERT_ID *)OPENSSL_sk_value((const OPENSSL_STACK *)named->certs, 0);
	if (!v2 && first->hash_alg != NULL)
		goto out;
	*alg = v2 ? DIGEST_SHA256 : DIGEST_SHA1;
	if (first->hash_alg != NULL)
		*alg = pki_digest_alg_read(first->hash_alg);
	fault = match(first, *alg, cert, der);
out:
	ASN1_item_free((ASN1_VALUE *)named, ASN1_ITEM_rptr(SIGNING_CERT));
	return fault;
}

void pki_signing_certificate_read(struct pki_signing_certificate *out, CMS_SignerInfo *signer, X509 *cert,
	struct ber_span der)
{
	static const struct { int nid; bool v2; } forms[] = {
		{ NID_id_smime_aa_signingCertificate,   false },
		{ NID_id_smime_aa_signingCertificateV2, true },
	};
	bool sound = false;
	size_t i;

	memset(out, 0, sizeof(*out));
	for (i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		int at = CMS_signed_get_attr_by_NID(signer, forms[i].nid, -1);
		enum pki_cms_fault fault = PKI_CMS_ATTRIBUTES;
		enum digest_alg alg = DIGEST_NONE;
		X509_ATTRIBUTE *attribute;

		if (at < 0)
			continue;
		out->present = true;
		attribute = CMS_signed_get_attr(signer, at);
		if (X509_ATTRIBUTE_count(attribute) == 1)
			fault = read_value(X509_ATTRIBUTE_get0_type(attribute, 0), forms[i].v2, &alg, cert, der);
		if (fault != PKI_CMS_OK && (out->fault == PKI_CMS_OK || fault < out->fault))
			out->fault = fault;
		if (alg != DIGEST_NONE && alg != DIGEST_MD5 && alg != DIGEST_SHA1 && alg != DIGEST_RIPEMD160)
			sound = true;
	}
	out->weak = out->present && !sound;
}
