/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/cms_message.h"

#include "pki/attributes.h"
#include "pki/signature_alg.h"
#include "pki/signing_certificate.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <stdlib.h>
#include <string.h>

#define MESSAGE_MAX (64u << 20)

/* A decoder that ran out of memory has not seen that the message is bad. */
static bool out_of_memory(void)
{
	unsigned long code;
	bool found = false;

	while ((code = ERR_get_error()) != 0)
		if (ERR_GET_REASON(code) == ERR_R_MALLOC_FAILURE)
			found = true;
	return found;
}

static bool all_zero(struct ber_span bytes)
{
	size_t i;

	for (i = 0; i < bytes.len; i++)
		if (bytes.at[i] != 0)
			return false;
	return true;
}

/* Decodes the one outer element; what OpenSSL took must be what the walk says it is. */
static enum be_err decode(struct pki_cms *cms, struct ber_span message, bool *decoded, struct be_error *err)
{
	const uint8_t *at = message.at;

	ERR_clear_error();
	*decoded = false;
	if (message.len > MESSAGE_MAX)
		return BE_OK;
	cms->info = d2i_CMS_ContentInfo(NULL, &at, (long)message.len);
	if (cms->info == NULL)
		return out_of_memory() ? pki_fail_memory(err) : BE_OK;
	*decoded = at == message.at + message.len && OBJ_obj2nid(CMS_get0_type(cms->info)) == NID_pkcs7_signed;
	return BE_OK;
}

/* The signedAttrs field as the bytes have it (RFC 5652, 3, 5.1 and 5.3); false when the way there is not what it
 * must be. */
static bool find_attributes(struct ber_span message, struct ber_element *found)
{
	static const uint8_t way_to_signers[] = { 0x02, BER_SET, BER_SEQUENCE };
	struct ber_span rest = message;
	struct ber_element e;
	size_t i;

	if (!ber_take_as(&rest, BER_SEQUENCE, &e))
		return false;
	rest = e.content;
	if (!ber_take_as(&rest, 0x06, &e) || !ber_take_as(&rest, 0xa0, &e))
		return false;
	rest = e.content;
	if (!ber_take_as(&rest, BER_SEQUENCE, &e))
		return false;
	rest = e.content;
	for (i = 0; i < sizeof(way_to_signers); i++)
		if (!ber_take_as(&rest, way_to_signers[i], &e))
			return false;
	(void)ber_take_as(&rest, 0xa0, &e);
	(void)ber_take_as(&rest, 0xa1, &e);
	if (!ber_take_as(&rest, BER_SET, &e))
		return false;
	rest = e.content;
	if (!ber_take_as(&rest, BER_SEQUENCE, &e))
		return false;
	rest = e.content;
	/* version, sid (an issuerAndSerialNumber or a [0]), digestAlgorithm */
	if (!ber_take_as(&rest, 0x02, &e) || !ber_take(&rest, &e) || !ber_take_as(&rest, BER_SEQUENCE, &e))
		return false;
	return ber_take_as(&rest, 0xa0, found);
}

/* What is signed is a DER re-encoding (RFC 5652, 5.4), so a message could show other bytes than were signed: they
 * must be the same. */
static enum be_err read_attributes(struct pki_cms *cms, struct ber_span message, struct be_error *err)
{
	struct ber_element sent;
	enum be_err rc = pki_attributes_der(cms->signer, &cms->attributes, &cms->attributes_len, err);

	if (rc == BE_NOT_FOUND)
		return BE_OK;
	if (rc != BE_OK)
		return rc;
	cms->attributes_as_sent = find_attributes(message, &sent) && sent.whole.len == cms->attributes_len
		&& memcmp(sent.whole.at + 1, cms->attributes + 1, cms->attributes_len - 1) == 0;
	return BE_OK;
}

/* Room for the certificates and their DER; sizes into lens. */
static enum be_err make_room(struct pki_cms *cms, size_t count, struct be_error *err)
{
	size_t total = 1, i;

	cms->certs = calloc(count, sizeof(*cms->certs));
	cms->ders = calloc(count, sizeof(*cms->ders));
	cms->lens = calloc(count, sizeof(*cms->lens));
	if (cms->certs == NULL || cms->ders == NULL || cms->lens == NULL)
		return pki_fail_memory(err);
	for (i = 0; i < count; i++) {
		int size = i2d_X509(sk_X509_value(cms->x509s, (int)i), NULL);

		if (size <= 0)
			return pki_fail_memory(err);
		cms->lens[i] = (size_t)size;
		total += (size_t)size;
	}
	cms->cert_bytes = malloc(total);
	return cms->cert_bytes != NULL ? BE_OK : pki_fail_memory(err);
}

static enum be_err read_certificates(struct pki_cms *cms, struct be_error *err)
{
	size_t count, i;
	uint8_t *next;
	enum be_err rc;

	cms->x509s = CMS_get1_certs(cms->info);
	if (out_of_memory())
		return pki_fail_memory(err);
	if (sk_X509_num(cms->x509s) <= 0)
		return BE_OK;
	count = (size_t)sk_X509_num(cms->x509s);
	rc = make_room(cms, count, err);
	if (rc != BE_OK)
		return rc;
	next = cms->cert_bytes;
	for (i = 0; i < count; i++) {
		cms->ders[i] = next;
		cms->certs[i].x509 = sk_X509_value(cms->x509s, (int)i);
		cms->certs[i].der = (struct ber_span){ next, cms->lens[i] };
		if (i2d_X509(cms->certs[i].x509, &next) != (int)cms->lens[i])
			return pki_fail_memory(err);
	}
	cms->count = count;
	return BE_OK;
}

static bool same_bytes(struct ber_span a, struct ber_span b)
{
	return a.len == b.len && memcmp(a.at, b.at, a.len) == 0;
}

/* Anybody may add a certificate with the same issuer and serial number, or key identifier, to the unsigned part of
 * a message. Only the signed signing-certificate can say which one was meant. */
struct pki_cms_choice pki_cms_choose(const struct pki_cms *cms, const struct pki_cms_cert *certs, size_t count)
{
	struct pki_cms_choice choice = { NULL, false };
	struct pki_signing_certificate named;
	const struct pki_cms_cert *meant = NULL;
	size_t i;

	for (i = 0; i < count; i++) {
		if (CMS_SignerInfo_cert_cmp(cms->signer, certs[i].x509) != 0)
			continue;
		if (choice.cert != NULL && !same_bytes(choice.cert->der, certs[i].der))
			choice.ambiguous = true;
		if (choice.cert == NULL)
			choice.cert = &certs[i];
		pki_signing_certificate_read(&named, cms->signer, certs[i].x509, certs[i].der);
		if (meant == NULL && named.present && named.fault == PKI_CMS_OK)
			meant = &certs[i];
	}
	if (choice.ambiguous && meant != NULL) {
		choice.cert = meant;
		choice.ambiguous = false;
	}
	ERR_clear_error();
	return choice;
}

/* The checks that leave no message to speak of. */
static enum pki_cms_fault outer_fault(const struct pki_cms *cms, struct ber_span after)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(cms->info);
	const ASN1_OBJECT *type = CMS_get0_eContentType(cms->info);
	bool detached = cms->content_type == NID_pkcs7_data;

	if (content == NULL || type == NULL)
		return PKI_CMS_NOT_CMS;
	if (!detached && (*content == NULL || OBJ_obj2nid(type) != cms->content_type))
		return PKI_CMS_NOT_CMS;
	if (!all_zero(after))
		return PKI_CMS_TRAILING;
	if (detached && *content != NULL)
		return PKI_CMS_NOT_DETACHED;
	if (sk_CMS_SignerInfo_num(CMS_get0_SignerInfos(cms->info)) != 1)
		return PKI_CMS_SIGNERS;
	return PKI_CMS_OK;
}

enum be_err pki_cms_open(struct pki_cms **out, enum pki_cms_fault *fault, const uint8_t *bytes, size_t len,
	int content_type, struct be_error *err)
{
	struct ber_span rest = { bytes, len };
	struct ber_element outer;
	struct pki_cms *cms = NULL;
	enum be_err rc = BE_OK;
	bool decoded = false;

	*out = NULL;
	*fault = PKI_CMS_NOT_CMS;
	if (!ber_take_as(&rest, BER_SEQUENCE, &outer))
		return BE_OK;
	cms = calloc(1, sizeof(*cms));
	if (cms == NULL)
		return pki_fail_memory(err);
	cms->content_type = content_type;
	rc = decode(cms, outer.whole, &decoded, err);
	if (rc != BE_OK || !decoded)
		goto out;
	*fault = outer_fault(cms, rest);
	if (*fault != PKI_CMS_OK)
		goto out;
	cms->signer = sk_CMS_SignerInfo_value(CMS_get0_SignerInfos(cms->info), 0);
	cms->der = ber_is_der(outer.whole);
	rc = read_attributes(cms, outer.whole, err);
	if (rc == BE_OK)
		rc = read_certificates(cms, err);
	if (rc != BE_OK)
		goto out;
	cms->choice = pki_cms_choose(cms, cms->certs, cms->count);
	*out = cms;
	cms = NULL;
out:
	if (rc != BE_OK)
		*fault = PKI_CMS_NOT_CMS;
	pki_cms_free(&cms);
	ERR_clear_error();
	return rc;
}

enum be_err pki_cms_parse(struct pki_cms **out, enum pki_cms_fault *fault, const uint8_t *bytes, size_t len,
	struct be_error *err)
{
	return pki_cms_open(out, fault, bytes, len, NID_pkcs7_data, err);
}

void pki_cms_free(struct pki_cms **cms)
{
	struct pki_cms *old = *cms;

	if (old == NULL)
		return;
	CMS_ContentInfo_free(old->info);
	OPENSSL_free(old->attributes);
	sk_X509_pop_free(old->x509s, X509_free);
	free(old->certs);
	free(old->cert_bytes);
	free(old->ders);
	free(old->lens);
	free(old);
	*cms = NULL;
}

enum digest_alg pki_cms_digest_alg(const struct pki_cms *cms)
{
	X509_ALGOR *named = NULL;

	CMS_SignerInfo_get0_algs(cms->signer, NULL, NULL, &named, NULL);
	return pki_digest_alg_read(named);
}

struct ber_span pki_cms_content(const struct pki_cms *cms)
{
	ASN1_OCTET_STRING **content = CMS_get0_content(cms->info);
	struct ber_span span = { NULL, 0 };

	if (content != NULL && *content != NULL) {
		span.at = ASN1_STRING_get0_data(*content);
		span.len = (size_t)ASN1_STRING_length(*content);
	}
	return span;
}

size_t pki_cms_certificates(const struct pki_cms *cms, const uint8_t *const **ders, const size_t **lens)
{
	*ders = (const uint8_t *const *)cms->ders;
	*lens = cms->lens;
	return cms->count;
}

const uint8_t *pki_cms_signer(const struct pki_cms *cms, size_t *len)
{
	*len = cms->choice.cert != NULL ? cms->choice.cert->der.len : 0;
	return cms->choice.cert != NULL ? cms->choice.cert->der.at : NULL;
}

const uint8_t *pki_cms_signature_value(const struct pki_cms *cms, size_t *len)
{
	const ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(cms->signer);

	*len = (size_t)ASN1_STRING_length(value);
	return ASN1_STRING_get0_data(value);
}

const uint8_t *pki_cms_timestamp(const struct pki_cms *cms, size_t *len)
{
	int at = CMS_unsigned_get_attr_by_NID(cms->signer, NID_id_smime_aa_timeStampToken, -1);
	const ASN1_TYPE *value;

	*len = 0;
	if (at < 0)
		return NULL;
	value = X509_ATTRIBUTE_get0_type(CMS_unsigned_get_attr(cms->signer, at), 0);
	if (value == NULL || value->type != V_ASN1_SEQUENCE)
		return NULL;
	*len = (size_t)ASN1_STRING_length(value->value.sequence);
	return ASN1_STRING_get0_data(value->value.sequence);
}
