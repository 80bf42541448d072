/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/cert.h"

#include "crypto/digest.h"
#include "pki/ber.h"
#include "pki/issue.h"
#include "pki/x509.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <time.h>

#define UNREADABLE N_("The certificate cannot be read")
#define ELLIPSIS "\xE2\x80\xA6"

/* Copies a string that may be too long for its place: it is cut between characters and ends in an ellipsis then. */
static void copy_cut(char *out, size_t size, const char *text, size_t len)
{
	size_t keep = size - sizeof(ELLIPSIS);

	if (len < size) {
		memcpy(out, text, len);
		out[len] = '\0';
		return;
	}
	while (keep > 0 && ((unsigned char)text[keep] & 0xC0u) == 0x80u)
		keep--;
	memcpy(out, text, keep);
	memcpy(out + keep, ELLIPSIS, sizeof(ELLIPSIS));
}

/* In the certificate's own order; RFC 4514's escapes, \0A for controls, dotted numbers for unknown types, text as
 * UTF-8. */
static bool name_text(char out[static PKI_DN_MAX], const X509_NAME *name)
{
	const unsigned long flags = XN_FLAG_SEP_CPLUS_SPC | XN_FLAG_FN_SN | ASN1_STRFLGS_ESC_2253 |
		ASN1_STRFLGS_ESC_CTRL | ASN1_STRFLGS_UTF8_CONVERT | ASN1_STRFLGS_DUMP_UNKNOWN | ASN1_STRFLGS_DUMP_DER;
	BIO *bio = BIO_new(BIO_s_mem());
	const char *text = NULL;
	bool ok = false;
	long len;

	if (bio == NULL || X509_NAME_print_ex(bio, name, 0, flags) < 0)
		goto out;
	len = BIO_get_mem_data(bio, &text);
	if (len < 0)
		goto out;
	copy_cut(out, PKI_DN_MAX, text, (size_t)len);
	ok = true;
out:
	BIO_free(bio);
	return ok;
}

/* A NUL would hide what follows it from everybody who reads a C string: it becomes U+FFFD. A value that is no text
 * is odd too. */
static void common_name(struct pki_cert_info *out, const ASN1_STRING *value)
{
	static const char instead[] = "\xEF\xBF\xBD";
	char name[PKI_NAME_MAX * 2];
	unsigned char *text = NULL;
	size_t used = 0;
	int len = ASN1_STRING_to_UTF8(&text, value);

	if (len < 0) {
		out->odd_name = true;
		return;
	}
	for (int i = 0; i < len && used + sizeof(instead) < sizeof(name); i++) {
		if (text[i] != '\0') {
			name[used++] = (char)text[i];
			continue;
		}
		memcpy(name + used, instead, sizeof(instead) - 1);
		used += sizeof(instead) - 1;
	}
	OPENSSL_free(text);
	copy_cut(out->name, sizeof(out->name), name, used);
}

static bool holds_nul(const ASN1_STRING *value)
{
	unsigned char *text = NULL;
	int len = ASN1_STRING_to_UTF8(&text, value);
	bool found = len > 0 && memchr(text, '\0', (size_t)len) != NULL;

	OPENSSL_free(text);
	return found;
}

static bool describe_names(struct pki_cert_info *out, const X509 *cert)
{
	const X509_NAME *subject = X509_get_subject_name(cert);
	size_t common_names = 0;

	if (!name_text(out->subject, subject) || !name_text(out->issuer, X509_get_issuer_name(cert)))
		return false;
	for (int i = 0; i < X509_NAME_entry_count(subject); i++) {
		const X509_NAME_ENTRY *entry = X509_NAME_get_entry(subject, i);
		const ASN1_STRING *value = X509_NAME_ENTRY_get_data(entry);

		if (holds_nul(value))
			out->odd_name = true;
		if (OBJ_obj2nid(X509_NAME_ENTRY_get_object(entry)) != NID_commonName)
			continue;
		common_names++;
		common_name(out, value);
	}
	if (common_names > 1)
		out->odd_name = true;
	if (out->name[0] == '\0')
		copy_cut(out->name, sizeof(out->name), out->subject, strlen(out->subject));
	return true;
}

static void hexadecimal(char *out, const uint8_t *bytes, size_t len, const char *digits)
{
	for (size_t i = 0; i < len; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 0x0F];
	}
	*out = '\0';
}

/* RFC 5280, 4.1.2.2: at most 20 octets, never negative; what breaks that is still shown. */
void pki_serial_text(char out[static PKI_SERIAL_TEXT], const ASN1_INTEGER *serial)
{
	const uint8_t *bytes = ASN1_STRING_get0_data(serial);
	int length = ASN1_STRING_length(serial);
	char *at = out;
	size_t len = length > 0 ? (size_t)length : 0;

	if (ASN1_STRING_type(serial) == V_ASN1_NEG_INTEGER)
		*at++ = '-';
	hexadecimal(at, bytes, len > 20 ? 18 : len, "0123456789ABCDEF");
	if (len > 20)
		memcpy(at + 36, ELLIPSIS, sizeof(ELLIPSIS));
}

static bool moment_of(int64_t *out, const ASN1_TIME *value)
{
	struct tm parts;

	if (value == NULL || ASN1_TIME_to_tm(value, &parts) != 1)
		return false;
	*out = (int64_t)timegm(&parts);
	return true;
}

static enum pki_key_kind key_kind(const EVP_PKEY *key)
{
	switch (EVP_PKEY_get_base_id(key)) {
	case EVP_PKEY_RSA:
		return PKI_KEY_RSA;
	case EVP_PKEY_RSA_PSS:
		return PKI_KEY_RSA_PSS;
	case EVP_PKEY_EC:
		return PKI_KEY_EC;
	case EVP_PKEY_ED25519:
		return PKI_KEY_ED25519;
	case EVP_PKEY_ED448:
		return PKI_KEY_ED448;
	case EVP_PKEY_DSA:
		return PKI_KEY_DSA;
	default:
		return PKI_KEY_UNKNOWN;
	}
}

static void describe_key(struct pki_cert_info *out, X509 *cert)
{
	EVP_PKEY *key = X509_get0_pubkey(cert);
	int bits = key != NULL ? EVP_PKEY_get_bits(key) : 0;

	out->key_kind = key != NULL ? key_kind(key) : PKI_KEY_UNKNOWN;
	out->key_bits = bits > 0 ? (uint32_t)bits : 0;
	out->self_signed = key != NULL && X509_NAME_cmp(X509_get_subject_name(cert), X509_get_issuer_name(cert)) == 0 &&
		X509_verify(cert, key) == 1;
}

/* Extensions that cannot be read count as present and empty, so that nothing is allowed by them. */
static void describe_extensions(struct pki_cert_info *out, X509 *cert)
{
	/* clang-format off */
	static const struct { uint32_t openssl, ours; } usages[] = {
		{ KU_DIGITAL_SIGNATURE, PKI_KU_DIGITAL_SIGNATURE },
		{ KU_NON_REPUDIATION,   PKI_KU_NON_REPUDIATION },
		{ KU_KEY_CERT_SIGN,     PKI_KU_KEY_CERT_SIGN },
		{ KU_CRL_SIGN,          PKI_KU_CRL_SIGN },
	};
	/* clang-format on */
	uint32_t flags = X509_get_extension_flags(cert);
	uint32_t usage = X509_get_key_usage(cert);

	out->is_ca = (flags & EXFLAG_CA) != 0;
	out->has_key_usage = usage != UINT32_MAX;
	for (size_t i = 0; out->has_key_usage && i < sizeof(usages) / sizeof(usages[0]); i++)
		if ((usage & usages[i].openssl) != 0)
			out->key_usage |= usages[i].ours;
}

static bool purpose_is_document(const char *dotted)
{
	/* clang-format off */
	static const char *const document[] = {
		"1.3.6.1.5.5.7.3.36",           /* documentSigning, RFC 9336 */
		"1.2.840.113583.1.1.5",         /* Adobe: authentic documents */
		"1.3.6.1.5.5.7.3.4",            /* emailProtection */
		"1.3.6.1.4.1.311.10.3.12",      /* Microsoft: document signing */
		"2.5.29.37.0",                  /* anyExtendedKeyUsage */
	};
	/* clang-format on */

	for (size_t i = 0; i < sizeof(document) / sizeof(document[0]); i++)
		if (strcmp(document[i], dotted) == 0)
			return true;
	return false;
}

static void describe_purposes(struct pki_cert_info *out, const X509 *cert)
{
	int critical = -1;
	EXTENDED_KEY_USAGE *purposes = X509_get_ext_d2i(cert, NID_ext_key_usage, &critical, NULL);
	int count = sk_ASN1_OBJECT_num(purposes);

	/* -1 says that there is none, -2 that there are several. */
	out->has_eku = purposes != NULL || critical != -1;
	for (int i = 0; i < count; i++) {
		const ASN1_OBJECT *purpose = sk_ASN1_OBJECT_value(purposes, i);
		char dotted[80];

		if (OBJ_obj2txt(dotted, (int)sizeof(dotted), purpose, 1) > 0 && purpose_is_document(dotted))
			out->eku_document = true;
		if (count == 1 && critical == 1 && OBJ_obj2nid(purpose) == NID_time_stamp)
			out->eku_timestamp_only = true;
	}
	EXTENDED_KEY_USAGE_free(purposes);
}

size_t pki_cert_length(const uint8_t *bytes, size_t len)
{
	struct ber_span rest = { bytes, len };
	struct ber_element first;

	return ber_take_as(&rest, BER_SEQUENCE, &first) ? first.whole.len : 0;
}

enum be_err pki_cert_describe(struct pki_cert_info *out, const uint8_t *der, size_t len, struct be_error *err)
{
	X509 *cert = pki_x509_decode(der, len);
	uint8_t digest[DIGEST_MAX];
	size_t digest_len = 0;
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	if (cert == NULL)
		return be_fail(err, BE_MALFORMED, UNREADABLE, "%zu bytes", len);
	rc = digest_bytes(DIGEST_SHA256, der, len, digest, &digest_len, err);
	if (rc != BE_OK)
		goto out;
	if (!describe_names(out, cert) || !moment_of(&out->not_before, X509_get0_notBefore(cert)) ||
		!moment_of(&out->not_after, X509_get0_notAfter(cert))) {
		rc = pki_fail(err, BE_MALFORMED, UNREADABLE);
		goto out;
	}
	hexadecimal(out->sha256, digest, digest_len, "0123456789abcdef");
	pki_serial_text(out->serial, X509_get0_serialNumber(cert));
	describe_key(out, cert);
	describe_extensions(out, cert);
	describe_purposes(out, cert);
	ERR_clear_error();
out:
	X509_free(cert);
	return rc;
}
