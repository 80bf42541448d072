/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/issue.h"

#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

/* As openssl.cnf has them; NULL: none. */
struct profile {
	const char *constraints;
	const char *usage;
	const char *purposes;
	bool no_check;
};

/* clang-format off */
static const struct profile profiles[] = {
	[PKI_PROFILE_ROOT]    = { "critical,CA:TRUE", "critical,keyCertSign,cRLSign", NULL, false },
	[PKI_PROFILE_ISSUING] = { "critical,CA:TRUE,pathlen:0", "critical,digitalSignature,keyCertSign,cRLSign", NULL,
	                          false },
	/* documentSigning is RFC 9336's, the other is what the authority's own certificates and Adobe's programs know. */
	[PKI_PROFILE_PERSON]  = { "critical,CA:FALSE", "critical,digitalSignature,nonRepudiation",
	                          "1.3.6.1.5.5.7.3.36,1.2.840.113583.1.1.5", false },
	[PKI_PROFILE_OCSP]    = { "critical,CA:FALSE", "critical,digitalSignature", "critical,OCSPSigning", true },
	[PKI_PROFILE_TSA]     = { "critical,CA:FALSE", "critical,digitalSignature,nonRepudiation",
	                          "critical,timeStamping", false },
};
/* clang-format on */

EVP_PKEY *pki_issue_key(enum pki_make_key kind)
{
	switch (kind) {
	case PKI_MAKE_RSA2048:
		return EVP_RSA_gen(2048u);
	case PKI_MAKE_RSA3072:
		return EVP_RSA_gen(3072u);
	case PKI_MAKE_P384:
		return EVP_EC_gen("P-384");
	case PKI_MAKE_P256:
	default:
		return EVP_EC_gen("P-256");
	}
}

const EVP_MD *pki_issue_digest(const EVP_PKEY *key)
{
	return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC && EVP_PKEY_get_bits(key) > 256 ? EVP_sha384() : EVP_sha256();
}

bool pki_issue_serial(ASN1_INTEGER *out)
{
	unsigned char bytes[16];
	BIGNUM *number = NULL;
	bool good;

	if (RAND_bytes(bytes, (int)sizeof(bytes)) != 1)
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x3fu) | 0x40u);
	number = BN_bin2bn(bytes, (int)sizeof(bytes), NULL);
	good = number != NULL && BN_to_ASN1_INTEGER(number, out) != NULL;
	BN_free(number);
	return good;
}

ASN1_INTEGER *pki_serial_number(const char *text)
{
	size_t len = strlen(text);
	ASN1_INTEGER *serial = NULL;
	BIGNUM *number = NULL;

	if (len != 0 && len < PKI_SERIAL_TEXT && strspn(text, "0123456789ABCDEFabcdef") == len &&
		BN_hex2bn(&number, text) == (int)len)
		serial = BN_to_ASN1_INTEGER(number, NULL);
	BN_free(number);
	return serial;
}

/* ---- the parts of a certificate ---- */

static bool add_name(X509_NAME *name, int nid, const char *text)
{
	return text == NULL ||
		X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

/* description is X.520's 2.5.4.13, where the authority says what a certificate is for. */
static bool set_subject(X509 *cert, const struct pki_issue *wish)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return add_name(name, NID_countryName, wish->country) &&
		add_name(name, NID_organizationName, wish->organisation) &&
		add_name(name, NID_commonName, wish->common) && add_name(name, NID_description, wish->description);
}

/* Nothing outlives its issuer: a path check would fail from that moment on, without a word why. */
static bool set_time(X509 *cert, const struct pki_issue *wish, const X509 *issuer)
{
	time_t until = (time_t)wish->not_after;
	const ASN1_TIME *end = issuer != cert ? X509_get0_notAfter(issuer) : NULL;
	bool cut = end != NULL && ASN1_TIME_cmp_time_t(end, until) < 0;

	return ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)wish->not_before) != NULL &&
		(cut ? X509_set1_notAfter(cert, end) == 1 : ASN1_TIME_set(X509_getm_notAfter(cert), until) != NULL);
}

static bool add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509_EXTENSION *extension;
	X509V3_CTX ctx;
	bool good;

	if (value == NULL)
		return true;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	good = extension != NULL && X509_add_ext(cert, extension, -1) == 1;
	X509_EXTENSION_free(extension);
	return good;
}

/* Built as structures: openssl.cnf's syntax would take a comma of a URL for its own. */
static GENERAL_NAME *url_name(const char *url)
{
	GENERAL_NAME *name = GENERAL_NAME_new();
	ASN1_IA5STRING *text = ASN1_IA5STRING_new();

	if (name == NULL || text == NULL || ASN1_STRING_set(text, url, -1) != 1) {
		GENERAL_NAME_free(name);
		ASN1_IA5STRING_free(text);
		return NULL;
	}
	GENERAL_NAME_set0_value(name, GEN_URI, text);
	return name;
}

static bool add_access(AUTHORITY_INFO_ACCESS *access, int method, const char *url)
{
	ACCESS_DESCRIPTION *one;
	GENERAL_NAME *name;

	if (url == NULL)
		return true;
	one = ACCESS_DESCRIPTION_new();
	name = url_name(url);
	if (one == NULL || name == NULL || sk_ACCESS_DESCRIPTION_push(access, one) <= 0) {
		ACCESS_DESCRIPTION_free(one);
		GENERAL_NAME_free(name);
		return false;
	}
	GENERAL_NAME_free(one->location);
	one->location = name;
	one->method = OBJ_nid2obj(method);
	return true;
}

static bool add_authority_access(X509 *cert, const struct pki_issue *wish)
{
	AUTHORITY_INFO_ACCESS *access = sk_ACCESS_DESCRIPTION_new_null();
	bool good = access != NULL && add_access(access, NID_ad_OCSP, wish->ocsp_url) &&
		add_access(access, NID_ad_ca_issuers, wish->issuer_url) &&
		(sk_ACCESS_DESCRIPTION_num(access) == 0 ||
			X509_add1_ext_i2d(cert, NID_info_access, access, 0, X509V3_ADD_DEFAULT) == 1);

	AUTHORITY_INFO_ACCESS_free(access);
	return good;
}

static bool add_crl_point(X509 *cert, const char *url)
{
	CRL_DIST_POINTS *points;
	DIST_POINT *point;
	GENERAL_NAMES *names;
	GENERAL_NAME *name;
	bool good;

	if (url == NULL)
		return true;
	points = sk_DIST_POINT_new_null();
	point = DIST_POINT_new();
	names = sk_GENERAL_NAME_new_null();
	name = url_name(url);
	good = points != NULL && point != NULL && names != NULL && name != NULL &&
		(point->distpoint = DIST_POINT_NAME_new()) != NULL && sk_GENERAL_NAME_push(names, name) > 0;
	if (good) {
		name = NULL;
		point->distpoint->type = 0;
		point->distpoint->name.fullname = names;
		names = NULL;
		good = sk_DIST_POINT_push(points, point) > 0;
	}
	if (good) {
		point = NULL;
		good = X509_add1_ext_i2d(cert, NID_crl_distribution_points, points, 0, X509V3_ADD_DEFAULT) == 1;
	}
	GENERAL_NAME_free(name);
	GENERAL_NAMES_free(names);
	DIST_POINT_free(point);
	CRL_DIST_POINTS_free(points);
	return good;
}

static bool add_extensions(X509 *cert, X509 *issuer, const struct pki_issue *wish)
{
	const struct profile *profile = &profiles[wish->profile];

	return add_extension(cert, issuer, NID_basic_constraints, profile->constraints) &&
		add_extension(cert, issuer, NID_key_usage, profile->usage) &&
		add_extension(cert, issuer, NID_ext_key_usage, profile->purposes) &&
		add_extension(cert, issuer, NID_subject_key_identifier, "hash") &&
		(cert == issuer || add_extension(cert, issuer, NID_authority_key_identifier, "keyid")) &&
		add_extension(cert, issuer, NID_id_pkix_OCSP_noCheck, profile->no_check ? "NULL" : NULL) &&
		add_authority_access(cert, wish) && add_crl_point(cert, wish->crl_url);
}

X509 *pki_issue(const struct pki_issue *wish, EVP_PKEY *subject_key, X509 *issuer, EVP_PKEY *issuer_key)
{
	X509 *cert = X509_new();
	X509 *by = issuer != NULL ? issuer : cert;

	if (cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1 &&
		pki_issue_serial(X509_get_serialNumber(cert)) && set_subject(cert, wish) &&
		X509_set_issuer_name(cert, X509_get_subject_name(by)) == 1 && set_time(cert, wish, by) &&
		X509_set_pubkey(cert, subject_key) == 1 && add_extensions(cert, by, wish) &&
		X509_sign(cert, issuer_key, pki_issue_digest(issuer_key)) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}
