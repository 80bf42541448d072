/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/mac.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <string.h>

#define DERIVED_MAX 256u

enum be_err crypto_hmac(enum digest_alg alg, const void *key, size_t key_len, const void *bytes, size_t len,
	uint8_t out[static DIGEST_MAX], struct be_error *err)
{
	char name[16];
	OSSL_PARAM params[2] = { OSSL_PARAM_END, OSSL_PARAM_END };
	size_t size = digest_size(alg);

	(void)strncpy(name, digest_name(alg), sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, name, 0);
	if (size > 0 &&
		EVP_Q_mac(NULL, "HMAC", NULL, NULL, params, key, key_len, bytes, len, out, DIGEST_MAX, &size) != NULL)
		return BE_OK;
	ERR_clear_error();
	return be_fail(err, BE_CRYPTO, N_("The digest could not be computed"), "HMAC, %s", digest_name(alg));
}

/* OpenSSL takes its parameters as pointers to what it only reads. */
static void *for_reading(const void *bytes)
{
	union {
		const void *in;
		void *out;
	} both = { bytes };

	return both.out;
}

static bool hkdf(
	uint8_t *out, size_t len, const struct secret *key, const void *salt, size_t salt_len, const char *purpose)
{
	EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
	EVP_KDF_CTX *ctx = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
	char sha256[] = "SHA256";
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, sha256, 0),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, for_reading(secret_bytes(key)), secret_len(key)),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, for_reading(salt), salt_len),
		OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, for_reading(purpose), strlen(purpose)),
		OSSL_PARAM_END,
	};
	bool good = ctx != NULL && EVP_KDF_derive(ctx, out, len, params) == 1;

	EVP_KDF_CTX_free(ctx);
	EVP_KDF_free(kdf);
	return good;
}

enum be_err crypto_hkdf(struct secret **out, size_t len, const struct secret *key, const void *salt, size_t salt_len,
	const char *purpose, struct be_error *err)
{
	uint8_t derived[DERIVED_MAX];
	enum be_err rc;

	*out = NULL;
	if (len > sizeof(derived))
		return be_fail(err, BE_LIMIT, N_("The key could not be derived"), "%zu bytes", len);
	rc = secret_new(out, len, err);
	if (rc == BE_OK && !hkdf(derived, len, key, salt_len > 0 ? salt : "", salt_len, purpose)) {
		ERR_clear_error();
		rc = be_fail(err, BE_CRYPTO, N_("The key could not be derived"), "HKDF");
	}
	if (rc == BE_OK)
		rc = secret_add(*out, derived, len, err);
	OPENSSL_cleanse(derived, sizeof(derived));
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}
