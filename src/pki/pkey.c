/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/key.h"

#include "pki/algorithm.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

/* RSA-PSS as everybody expects it: MGF1 with the same digest, a salt as long as the digest. */
static bool set_scheme(EVP_PKEY_CTX *ctx, enum pki_scheme scheme, enum digest_alg alg)
{
	const EVP_MD *md = pki_md(alg);

	if (md == NULL)
		return false;
	if (scheme == PKI_SCHEME_RSA_PKCS1 && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PADDING) != 1)
		return false;
	if (scheme == PKI_SCHEME_RSA_PSS && EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) != 1)
		return false;
	if (EVP_PKEY_CTX_set_signature_md(ctx, md) != 1)
		return false;
	return scheme != PKI_SCHEME_RSA_PSS ||
		(EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, md) == 1 &&
			EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1);
}

static enum be_err scheme_fits(enum pki_scheme scheme, const EVP_PKEY *pkey, struct be_error *err)
{
	bool fits = false;

	switch (scheme) {
	case PKI_SCHEME_RSA_PKCS1:
		fits = EVP_PKEY_is_a(pkey, "RSA") == 1;
		break;
	case PKI_SCHEME_RSA_PSS:
		fits = EVP_PKEY_is_a(pkey, "RSA") == 1 || EVP_PKEY_is_a(pkey, "RSA-PSS") == 1;
		break;
	case PKI_SCHEME_ECDSA:
		fits = EVP_PKEY_is_a(pkey, "EC") == 1;
		break;
	default:
		break;
	}
	if (fits)
		return BE_OK;
	return be_fail(err, BE_KEY_UNFIT, N_("The key cannot make a signature of the chosen kind"), NULL);
}

static enum be_err sign_each(EVP_PKEY_CTX *ctx, uint8_t *room, size_t size, const uint8_t *digests, size_t digest_len,
	size_t count, struct buffer *signatures, struct be_error *err)
{
	enum be_err rc = BE_OK;

	for (size_t i = 0; i < count && rc == BE_OK; i++) {
		size_t len = size;

		if (EVP_PKEY_sign(ctx, room, &len, digests + i * digest_len, digest_len) != 1)
			return pki_fail(err, BE_CRYPTO, N_("The signature could not be made"));
		buffer_add(&signatures[i], room, len);
		rc = buffer_check(&signatures[i], err);
	}
	return rc;
}

enum be_err pki_pkey_sign_all(EVP_PKEY *pkey, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digests,
	size_t count, struct buffer *signatures, struct be_error *err)
{
	size_t size = (size_t)EVP_PKEY_get_size(pkey);
	EVP_PKEY_CTX *ctx = NULL;
	uint8_t *room = NULL;
	enum be_err rc;

	rc = scheme_fits(scheme, pkey, err);
	if (rc != BE_OK)
		return rc;
	ctx = EVP_PKEY_CTX_new(pkey, NULL);
	room = malloc(size);
	if (ctx == NULL || room == NULL)
		rc = pki_fail_memory(err);
	else if (EVP_PKEY_sign_init(ctx) != 1 || !set_scheme(ctx, scheme, alg))
		rc = pki_fail(err, BE_KEY_UNFIT, N_("The key does not allow the chosen digest"));
	else
		rc = sign_each(ctx, room, size, digests, digest_size(alg), count, signatures, err);
	free(room);
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

enum be_err pki_pkey_sign(EVP_PKEY *pkey, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err)
{
	return pki_pkey_sign_all(pkey, scheme, alg, digest, 1, signature, err);
}

enum be_err pki_pkey_check(EVP_PKEY *pkey, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	const uint8_t *signature, size_t len, struct be_error *err)
{
	EVP_PKEY_CTX *ctx = NULL;
	enum be_err rc;

	rc = scheme_fits(scheme, pkey, err);
	if (rc != BE_OK)
		return rc;
	ctx = EVP_PKEY_CTX_new(pkey, NULL);
	if (ctx == NULL)
		return pki_fail_memory(err);
	if (EVP_PKEY_verify_init(ctx) != 1 || !set_scheme(ctx, scheme, alg))
		rc = pki_fail(err, BE_KEY_UNFIT, N_("The key does not allow the chosen digest"));
	else if (EVP_PKEY_verify(ctx, signature, len, digest, digest_size(alg)) != 1)
		rc = pki_fail(err, BE_CRYPTO, N_("The signature is not one of this key"));
	EVP_PKEY_CTX_free(ctx);
	return rc;
}

static bool curve_is_fit(const EVP_PKEY *pkey)
{
	char curve[64] = "";

	if (EVP_PKEY_get_group_name(pkey, curve, sizeof(curve), NULL) != 1) {
		ERR_clear_error();
		return false;
	}
	return strcmp(curve, SN_X9_62_prime256v1) == 0 || strcmp(curve, SN_secp384r1) == 0;
}

enum be_err pki_pkey_fit(const EVP_PKEY *pkey, struct be_error *err)
{
	int bits = EVP_PKEY_get_bits(pkey);

	if (EVP_PKEY_is_a(pkey, "EC") == 1) {
		if (curve_is_fit(pkey))
			return BE_OK;
		return be_fail(err, BE_KEY_UNFIT, N_("The key's elliptic curve is neither P-256 nor P-384"), NULL);
	}
	if (EVP_PKEY_is_a(pkey, "RSA") != 1 && EVP_PKEY_is_a(pkey, "RSA-PSS") != 1)
		return be_fail(
			err, BE_KEY_UNFIT, N_("This kind of key cannot sign documents; use RSA, P-256 or P-384"), NULL);
	if (bits < 2048)
		return be_fail(err, BE_KEY_UNFIT,
			N_("The RSA key is too short to be safe; ask for one of at least 2048 bits"), "%d bits", bits);
	if (bits > 4096)
		return be_fail(err, BE_KEY_UNFIT,
			N_("RSA keys longer than 4096 bits are not used for signing documents"), "%d bits", bits);
	return BE_OK;
}
