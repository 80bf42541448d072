/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/cms_build.h"

#include "pki/algorithm.h"
#include "pki/attributes.h"
#include "pki/x509.h"

#include <openssl/cms.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>

#define NOT_BUILT N_("The signature message could not be built")

struct pki_cms_build {
	CMS_ContentInfo *cms;
	CMS_SignerInfo *signer; /* borrowed from cms */
	enum pki_scheme scheme;
	size_t signature_max;
	size_t max_size;
	uint8_t digest[DIGEST_MAX];
	size_t digest_len;
};

/* A signature over SHA-1 or over something exotic is not made; reading them is another matter. */
static bool digest_allowed(enum digest_alg digest)
{
	return digest == DIGEST_SHA256 || digest == DIGEST_SHA384 || digest == DIGEST_SHA512;
}

static bool scheme_fits(enum pki_scheme scheme, const EVP_PKEY *key)
{
	int kind = key != NULL ? EVP_PKEY_get_base_id(key) : EVP_PKEY_NONE;

	switch (scheme) {
	case PKI_SCHEME_RSA_PKCS1:
		return kind == EVP_PKEY_RSA;
	case PKI_SCHEME_RSA_PSS:
		return kind == EVP_PKEY_RSA || kind == EVP_PKEY_RSA_PSS;
	case PKI_SCHEME_ECDSA:
		return kind == EVP_PKEY_EC;
	default:
		return false;
	}
}

/* RSASSA-PSS-params (RFC 4055, 3.1): every field that differs from SHA-1's defaults is written. */
static ASN1_STRING *pss_parameters(enum digest_alg digest)
{
	RSA_PSS_PARAMS *params = RSA_PSS_PARAMS_new();
	ASN1_STRING *hash = NULL, *packed = NULL;

	if (params == NULL)
		return NULL;
	params->hashAlgorithm = X509_ALGOR_new();
	params->maskGenAlgorithm = X509_ALGOR_new();
	params->saltLength = ASN1_INTEGER_new();
	if (params->hashAlgorithm == NULL || params->maskGenAlgorithm == NULL || params->saltLength == NULL)
		goto out;
	X509_ALGOR_set_md(params->hashAlgorithm, pki_md(digest));
	if (ASN1_item_pack(params->hashAlgorithm, ASN1_ITEM_rptr(X509_ALGOR), &hash) == NULL ||
		ASN1_INTEGER_set(params->saltLength, (long)digest_size(digest)) != 1)
		goto out;
	if (X509_ALGOR_set0(params->maskGenAlgorithm, OBJ_nid2obj(NID_mgf1), V_ASN1_SEQUENCE, hash) != 1)
		goto out;
	hash = NULL;
	packed = ASN1_item_pack(params, ASN1_ITEM_rptr(RSA_PSS_PARAMS), NULL);
out:
	ASN1_STRING_free(hash);
	RSA_PSS_PARAMS_free(params);
	return packed;
}

static int ecdsa_nid(enum digest_alg digest)
{
	if (digest == DIGEST_SHA512)
		return NID_ecdsa_with_SHA512;
	return digest == DIGEST_SHA384 ? NID_ecdsa_with_SHA384 : NID_ecdsa_with_SHA256;
}

static bool set_signature_algorithm(const struct pki_cms_build *build, enum digest_alg digest)
{
	ASN1_STRING *params = NULL;
	X509_ALGOR *algorithm = NULL;

	CMS_SignerInfo_get0_algs(build->signer, NULL, NULL, NULL, &algorithm);
	switch (build->scheme) {
	case PKI_SCHEME_RSA_PKCS1:
		/* RFC 3370, 3.2: rsaEncryption is what every reader knows. */
		return X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_rsaEncryption), V_ASN1_NULL, NULL) == 1;
	case PKI_SCHEME_RSA_PSS:
		params = pss_parameters(digest);
		if (params == NULL)
			return false;
		if (X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_rsassaPss), V_ASN1_SEQUENCE, params) == 1)
			return true;
		ASN1_STRING_free(params);
		return false;
	case PKI_SCHEME_ECDSA:
		return X509_ALGOR_set0(algorithm, OBJ_nid2obj(ecdsa_nid(digest)), V_ASN1_UNDEF, NULL) == 1;
	default:
		return false;
	}
}

/* Certificates that issued what is already in are added until nothing more is found: a root is left out (whoever
 * trusts it has it), and so is a stranger that only happened to lie in the same key file. */
static bool add_issuers(CMS_ContentInfo *cms, const STACK_OF(X509) * chain)
{
	STACK_OF(X509) *in = sk_X509_new_null();
	bool ok = in != NULL && sk_X509_push(in, sk_X509_value(chain, 0)) > 0;

	for (int i = 0; ok && i < sk_X509_num(in); i++) {
		for (int j = 1; ok && j < sk_X509_num(chain); j++) {
			X509 *candidate = sk_X509_value(chain, j);
			bool known = false;

			for (int k = 0; k < sk_X509_num(in) && !known; k++)
				known = X509_cmp(sk_X509_value(in, k), candidate) == 0;
			if (known || X509_self_signed(candidate, 0) != 0 ||
				X509_check_issued(candidate, sk_X509_value(in, i)) != X509_V_OK)
				continue;
			ok = CMS_add1_cert(cms, candidate) == 1 && sk_X509_push(in, candidate) > 0;
		}
	}
	sk_X509_free(in);
	return ok;
}

static bool add_signer(struct pki_cms_build *build, const STACK_OF(X509) * chain, enum digest_alg digest,
	const uint8_t *content_digest)
{
	const unsigned int start = CMS_PARTIAL | CMS_DETACHED | CMS_BINARY | CMS_STREAM;
	const unsigned int signer = CMS_PARTIAL | CMS_NOSMIMECAP | CMS_CADES | CMS_NOCERTS;
	X509 *cert = sk_X509_value(chain, 0);

	build->cms = CMS_sign(NULL, NULL, NULL, NULL, start);
	if (build->cms == NULL || CMS_add1_cert(build->cms, cert) != 1 || !add_issuers(build->cms, chain))
		return false;
	/* The "private key" is the certificate's public one: OpenSSL only compares it here. CMS_CADES adds
	 * signing-certificate-v2. */
	build->signer = CMS_add1_signer(build->cms, cert, X509_get0_pubkey(cert), pki_md(digest), signer);
	return build->signer != NULL &&
		CMS_signed_add1_attr_by_NID(
			build->signer, NID_pkcs9_contentType, V_ASN1_OBJECT, OBJ_nid2obj(NID_pkcs7_data), -1) == 1 &&
		CMS_signed_add1_attr_by_NID(build->signer, NID_pkcs9_messageDigest, V_ASN1_OCTET_STRING, content_digest,
			(int)digest_size(digest)) == 1 &&
		set_signature_algorithm(build, digest);
}

/* The message with the longest signature its key can give. */
static bool measure(struct pki_cms_build *build)
{
	ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(build->signer);
	uint8_t *longest = calloc(1, build->signature_max);
	int len = -1;

	if (longest != NULL && ASN1_OCTET_STRING_set(value, longest, (int)build->signature_max) == 1)
		len = i2d_CMS_ContentInfo(build->cms, NULL);
	free(longest);
	build->max_size = len > 0 ? (size_t)len : 0;
	return len > 0;
}

static enum be_err decode_chain(
	STACK_OF(X509) * *out, const uint8_t *const *chain, const size_t *lens, size_t count, struct be_error *err)
{
	*out = sk_X509_new_null();
	if (*out == NULL)
		return pki_fail_memory(err);
	for (size_t i = 0; i < count; i++) {
		X509 *cert = pki_x509_decode(chain[i], lens[i]);

		if (cert == NULL)
			return be_fail(err, BE_MALFORMED, N_("The certificate cannot be read"),
				"certificate %zu of the chain", i + 1);
		if (sk_X509_push(*out, cert) <= 0) {
			X509_free(cert);
			return pki_fail_memory(err);
		}
	}
	return BE_OK;
}

enum be_err pki_cms_build_new(struct pki_cms_build **out, const uint8_t *const *chain, const size_t *lens, size_t count,
	enum digest_alg digest, enum pki_scheme scheme, const uint8_t *content_digest, struct be_error *err)
{
	struct pki_cms_build *build = NULL;
	STACK_OF(X509) *certs = NULL;
	uint8_t *attributes = NULL;
	size_t attributes_len = 0;
	EVP_PKEY *key = NULL;
	enum be_err rc;

	*out = NULL;
	if (count == 0)
		return be_fail(err, BE_MALFORMED, N_("There is no certificate to sign with"), NULL);
	if (!digest_allowed(digest))
		return be_fail(err, BE_UNSUPPORTED, N_("Signatures are made with SHA-256, SHA-384 or SHA-512 only"),
			"%s", digest_name(digest));
	rc = decode_chain(&certs, chain, lens, count, err);
	if (rc != BE_OK)
		goto out;
	key = X509_get0_pubkey(sk_X509_value(certs, 0));
	if (!scheme_fits(scheme, key)) {
		rc = pki_fail(
			err, BE_KEY_UNFIT, N_("The certificate's key cannot make a signature of the chosen kind"));
		goto out;
	}
	build = calloc(1, sizeof(*build));
	if (build == NULL) {
		rc = pki_fail_memory(err);
		goto out;
	}
	build->scheme = scheme;
	build->signature_max = (size_t)EVP_PKEY_get_size(key);
	if (!add_signer(build, certs, digest, content_digest) || !measure(build)) {
		rc = pki_fail(err, BE_CRYPTO, NOT_BUILT);
		goto out;
	}
	rc = pki_attributes_der(build->signer, &attributes, &attributes_len, err);
	if (rc == BE_OK)
		rc = digest_bytes(digest, attributes, attributes_len, build->digest, &build->digest_len, err);
	if (rc != BE_OK)
		goto out;
	*out = build;
	build = NULL;
out:
	OPENSSL_free(attributes);
	pki_cms_build_free(&build);
	sk_X509_pop_free(certs, X509_free);
	return rc;
}

void pki_cms_build_free(struct pki_cms_build **build)
{
	if (build == NULL || *build == NULL)
		return;
	CMS_ContentInfo_free((*build)->cms);
	free(*build);
	*build = NULL;
}

enum be_err pki_cms_build_digest(
	const struct pki_cms_build *build, uint8_t out[static DIGEST_MAX], size_t *len, struct be_error *err)
{
	(void)err;
	memcpy(out, build->digest, build->digest_len);
	*len = build->digest_len;
	return BE_OK;
}

/* DER of r and s (RFC 3279, 2.2.3) and nothing else: a raw r||s of a token is caught here, not by a stranger's
 * verifier. */
static bool is_ecdsa_der(const uint8_t *signature, size_t len)
{
	const unsigned char *at = signature;
	ECDSA_SIG *sig = d2i_ECDSA_SIG(NULL, &at, (long)len);
	unsigned char *again = NULL;
	bool same = false;
	int again_len;

	if (sig != NULL && at == signature + len) {
		again_len = i2d_ECDSA_SIG(sig, &again);
		same = again_len > 0 && (size_t)again_len == len && memcmp(again, signature, len) == 0;
	}
	OPENSSL_free(again);
	ECDSA_SIG_free(sig);
	ERR_clear_error();
	return same;
}

static bool signature_fits(const struct pki_cms_build *build, const uint8_t *signature, size_t len)
{
	if (len == 0 || len > build->signature_max)
		return false;
	if (build->scheme == PKI_SCHEME_ECDSA)
		return is_ecdsa_der(signature, len);
	return len == build->signature_max;
}

enum be_err pki_cms_build_finish(
	struct pki_cms_build *build, const uint8_t *signature, size_t len, struct buffer *der, struct be_error *err)
{
	ASN1_OCTET_STRING *value = CMS_SignerInfo_get0_signature(build->signer);
	unsigned char *bytes = NULL;
	enum be_err rc;
	int size;

	if (!signature_fits(build, signature, len))
		return be_fail(err, BE_CRYPTO, N_("The key gave a signature that does not fit its certificate"),
			"%zu bytes", len);
	if (ASN1_OCTET_STRING_set(value, signature, (int)len) != 1)
		return pki_fail_memory(err);
	size = i2d_CMS_ContentInfo(build->cms, &bytes);
	if (size <= 0)
		return pki_fail(err, BE_CRYPTO, NOT_BUILT);
	buffer_add(der, bytes, (size_t)size);
	rc = buffer_check(der, err);
	OPENSSL_free(bytes);
	return rc;
}

enum be_err pki_cms_build_max_size(const struct pki_cms_build *build, size_t *out, struct be_error *err)
{
	(void)err;
	*out = build->max_size;
	return BE_OK;
}
