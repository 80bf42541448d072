/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/private_key.h"

#include "pki/key.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdlib.h>

struct pki_private {
	EVP_PKEY *pkey;
};

static EVP_PKEY *make(enum pki_private_kind kind)
{
	switch (kind) {
	case PKI_PRIVATE_P256:
		return EVP_EC_gen("P-256");
	case PKI_PRIVATE_P384:
		return EVP_EC_gen("P-384");
	case PKI_PRIVATE_RSA2048:
		return EVP_RSA_gen(2048u);
	case PKI_PRIVATE_RSA3072:
		return EVP_RSA_gen(3072u);
	case PKI_PRIVATE_RSA4096:
		return EVP_RSA_gen(4096u);
	default:
		return NULL;
	}
}

/* Takes pkey. */
static enum be_err wrap(struct pki_private **out, EVP_PKEY *pkey, struct be_error *err)
{
	*out = calloc(1, sizeof(**out));
	if (*out == NULL) {
		EVP_PKEY_free(pkey);
		return pki_fail_memory(err);
	}
	(*out)->pkey = pkey;
	return BE_OK;
}

enum be_err pki_private_make(struct pki_private **out, enum pki_private_kind kind, struct be_error *err)
{
	EVP_PKEY *pkey = make(kind);

	*out = NULL;
	if (pkey == NULL)
		return pki_fail(err, BE_CRYPTO, N_("The key could not be made"));
	return wrap(out, pkey, err);
}

enum be_err pki_private_load(struct pki_private **out, const struct secret *pkcs8, struct be_error *err)
{
	const unsigned char *at = secret_bytes(pkcs8);
	PKCS8_PRIV_KEY_INFO *info = d2i_PKCS8_PRIV_KEY_INFO(NULL, &at, (long)secret_len(pkcs8));
	EVP_PKEY *pkey = NULL;

	*out = NULL;
	if (info == NULL || at != secret_bytes(pkcs8) + secret_len(pkcs8)) {
		PKCS8_PRIV_KEY_INFO_free(info);
		return pki_fail(err, BE_MALFORMED, N_("The private key cannot be read"));
	}
	pkey = EVP_PKCS82PKEY(info);
	PKCS8_PRIV_KEY_INFO_free(info);
	if (pkey == NULL)
		return pki_fail(err, BE_MALFORMED, N_("The private key cannot be read"));
	if (EVP_PKEY_is_a(pkey, "RSA") == 1 || EVP_PKEY_is_a(pkey, "EC") == 1)
		return wrap(out, pkey, err);
	EVP_PKEY_free(pkey);
	return be_fail(
		err, BE_UNSUPPORTED, N_("This kind of key cannot sign documents; use RSA, P-256 or P-384"), NULL);
}

enum be_err pki_private_of_p12(struct pki_private **out, const struct pki_key *key, struct be_error *err)
{
	EVP_PKEY *pkey = pki_key_pkey(key);

	*out = NULL;
	if (EVP_PKEY_up_ref(pkey) != 1)
		return pki_fail_memory(err);
	return wrap(out, pkey, err);
}

enum be_err pki_private_save(struct secret **out, const struct pki_private *key, struct be_error *err)
{
	PKCS8_PRIV_KEY_INFO *info = EVP_PKEY2PKCS8(key->pkey);
	unsigned char *der = NULL;
	int len = info != NULL ? i2d_PKCS8_PRIV_KEY_INFO(info, &der) : 0;
	enum be_err rc;

	*out = NULL;
	if (len <= 0) {
		rc = pki_fail(err, BE_CRYPTO, N_("The private key cannot be written"));
		goto out;
	}
	rc = secret_new(out, (size_t)len, err);
	if (rc == BE_OK)
		rc = secret_add(*out, der, (size_t)len, err);
out:
	OPENSSL_clear_free(der, len > 0 ? (size_t)len : 0);
	PKCS8_PRIV_KEY_INFO_free(info); /* wipes the key that it holds */
	return rc;
}

void pki_private_free(struct pki_private **key)
{
	if (key == NULL || *key == NULL)
		return;
	EVP_PKEY_free((*key)->pkey);
	free(*key);
	*key = NULL;
}

bool pki_private_is_rsa(const struct pki_private *key)
{
	return EVP_PKEY_is_a(key->pkey, "RSA") == 1;
}

static enum be_err add_public(struct buffer *spki, const EVP_PKEY *pkey, struct be_error *err)
{
	unsigned char *der = NULL;
	int len = i2d_PUBKEY(pkey, &der);

	if (len <= 0)
		return pki_fail(err, BE_CRYPTO, N_("The public key cannot be written"));
	buffer_add(spki, der, (size_t)len);
	OPENSSL_free(der);
	return buffer_check(spki, err);
}

enum be_err pki_private_public(const struct pki_private *key, struct buffer *spki, struct be_error *err)
{
	return add_public(spki, key->pkey, err);
}

enum be_err pki_private_sign(const struct pki_private *key, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digest, struct buffer *signature, struct be_error *err)
{
	return pki_pkey_sign(key->pkey, scheme, alg, digest, signature, err);
}

enum be_err pki_private_sign_all(const struct pki_private *key, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digests, size_t count, struct buffer *signatures, struct be_error *err)
{
	return pki_pkey_sign_all(key->pkey, scheme, alg, digests, count, signatures, err);
}

enum be_err pki_public_check(const uint8_t *spki, size_t spki_len, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digest, const uint8_t *signature, size_t len, struct be_error *err)
{
	const unsigned char *at = spki;
	EVP_PKEY *pkey = d2i_PUBKEY(NULL, &at, (long)spki_len);
	enum be_err rc;

	if (pkey == NULL || at != spki + spki_len)
		rc = pki_fail(err, BE_MALFORMED, N_("The public key cannot be read"));
	else
		rc = pki_pkey_check(pkey, scheme, alg, digest, signature, len, err);
	EVP_PKEY_free(pkey);
	return rc;
}
