/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What belongs to keys that are kept elsewhere: numbers as a token gives them, in the shapes of X.509. */

#include "pki/algorithm.h"
#include "pki/private_key.h"
#include "pki/x509.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

static enum be_err add_key(struct buffer *spki, const char *kind, OSSL_PARAM *params, struct be_error *err)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	unsigned char *der = NULL;
	EVP_PKEY *pkey = NULL;
	int len = 0;

	if (ctx != NULL && params != NULL && EVP_PKEY_fromdata_init(ctx) == 1 &&
		EVP_PKEY_fromdata(ctx, &pkey, EVP_PKEY_PUBLIC_KEY, params) == 1)
		len = i2d_PUBKEY(pkey, &der);
	if (len > 0)
		buffer_add(spki, der, (size_t)len);
	OPENSSL_free(der);
	EVP_PKEY_free(pkey);
	EVP_PKEY_CTX_free(ctx);
	if (len <= 0)
		return pki_fail(err, BE_MALFORMED, N_("The public key cannot be read"));
	return buffer_check(spki, err);
}

enum be_err pki_public_rsa(struct buffer *spki, const uint8_t *modulus, size_t modulus_len, const uint8_t *exponent,
	size_t exponent_len, struct be_error *err)
{
	BIGNUM *n = BN_bin2bn(modulus, (int)modulus_len, NULL);
	BIGNUM *e = BN_bin2bn(exponent, (int)exponent_len, NULL);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	enum be_err rc;

	if (n != NULL && e != NULL && build != NULL && OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_N, n) == 1 &&
		OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_RSA_E, e) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	rc = add_key(spki, "RSA", params, err);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	BN_free(n);
	BN_free(e);
	return rc;
}

enum be_err pki_public_of_certificate(struct buffer *spki, const uint8_t *der, size_t len, struct be_error *err)
{
	X509 *cert = pki_x509_decode(der, len);
	unsigned char *key = NULL;
	const int key_len = cert != NULL ? i2d_PUBKEY(X509_get0_pubkey(cert), &key) : 0;

	if (key_len > 0)
		buffer_add(spki, key, (size_t)key_len);
	OPENSSL_free(key);
	X509_free(cert);
	if (key_len <= 0)
		return pki_fail(err, BE_MALFORMED, N_("The certificate cannot be read"));
	return buffer_check(spki, err);
}

/* The short name of the curve; NULL for parameters that name none. */
static const char *curve_of(const uint8_t *parameters, size_t len)
{
	const unsigned char *at = parameters;
	ASN1_OBJECT *oid = d2i_ASN1_OBJECT(NULL, &at, (long)len);
	int nid = oid != NULL ? OBJ_obj2nid(oid) : NID_undef;

	ASN1_OBJECT_free(oid);
	return nid != NID_undef ? OBJ_nid2sn(nid) : NULL;
}

enum be_err pki_public_ec(struct buffer *spki, const uint8_t *parameters, size_t parameters_len, const uint8_t *point,
	size_t point_len, struct be_error *err)
{
	const char *curve = curve_of(parameters, parameters_len);
	OSSL_PARAM_BLD *build = OSSL_PARAM_BLD_new();
	OSSL_PARAM *params = NULL;
	enum be_err rc;

	if (curve != NULL && build != NULL &&
		OSSL_PARAM_BLD_push_utf8_string(build, OSSL_PKEY_PARAM_GROUP_NAME, curve, 0) == 1 &&
		OSSL_PARAM_BLD_push_octet_string(build, OSSL_PKEY_PARAM_PUB_KEY, point, point_len) == 1)
		params = OSSL_PARAM_BLD_to_param(build);
	rc = add_key(spki, "EC", params, err);
	OSSL_PARAM_free(params);
	OSSL_PARAM_BLD_free(build);
	return rc;
}

enum be_err pki_digest_info(struct buffer *out, enum digest_alg alg, const uint8_t *digest, struct be_error *err)
{
	X509_SIG *info = X509_SIG_new();
	ASN1_OCTET_STRING *value = NULL;
	X509_ALGOR *named = NULL;
	unsigned char *der = NULL;
	int len = 0;

	if (info == NULL)
		return pki_fail_memory(err);
	X509_SIG_getm(info, &named, &value);
	if (X509_ALGOR_set0(named, OBJ_nid2obj(pki_nid_of_digest(alg)), V_ASN1_NULL, NULL) == 1 &&
		ASN1_OCTET_STRING_set(value, digest, (int)digest_size(alg)) == 1)
		len = i2d_X509_SIG(info, &der);
	if (len > 0)
		buffer_add(out, der, (size_t)len);
	OPENSSL_free(der);
	X509_SIG_free(info);
	return len > 0 ? buffer_check(out, err) : pki_fail_memory(err);
}

enum be_err pki_ecdsa_value(struct buffer *out, const uint8_t *rs, size_t len, struct be_error *err)
{
	ECDSA_SIG *value = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(rs, (int)(len / 2), NULL);
	BIGNUM *s = BN_bin2bn(rs + len / 2, (int)(len / 2), NULL);
	unsigned char *der = NULL;
	int size = 0;

	if (value != NULL && r != NULL && s != NULL && len % 2 == 0 && ECDSA_SIG_set0(value, r, s) == 1) {
		r = NULL;
		s = NULL;
		size = i2d_ECDSA_SIG(value, &der);
	}
	if (size > 0)
		buffer_add(out, der, (size_t)size);
	OPENSSL_free(der);
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(value);
	return size > 0 ? buffer_check(out, err) : pki_fail(err, BE_MALFORMED, N_("The signature cannot be read"));
}
