/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/key.h"

#include "base/time.h"
#include "pki/algorithm.h"
#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>
#include <string.h>

struct pki_key {
	EVP_PKEY *pkey;
	struct buffer bytes;  /* the certificates, one after the other */
	const uint8_t **ders; /* into bytes */
	size_t *lens;
	size_t count;
	struct pki_cert_info info; /* of the first */
};

/* A renewed certificate may stand beside its predecessor for the same key: the one that lasts longest is meant. -1
 * when there is none. */
static int signer_of(const STACK_OF(X509) * certs, const EVP_PKEY *pkey)
{
	int best = -1;

	for (int i = 0; i < sk_X509_num(certs); i++) {
		const X509 *cert = sk_X509_value(certs, i);

		if (X509_check_private_key(cert, pkey) != 1)
			continue;
		if (best < 0 ||
			ASN1_TIME_compare(X509_get0_notAfter(cert), X509_get0_notAfter(sk_X509_value(certs, best))) > 0)
			best = i;
	}
	ERR_clear_error();
	return best;
}

static bool seen_before(const STACK_OF(X509) * certs, int index)
{
	for (int i = 0; i < index; i++)
		if (X509_cmp(sk_X509_value(certs, i), sk_X509_value(certs, index)) == 0)
			return true;
	return false;
}

static enum be_err add_certificate(struct pki_key *key, const X509 *cert, struct be_error *err)
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);

	if (len <= 0)
		return pki_fail(err, BE_BAD_KEY_FILE, N_("A certificate in the key file cannot be read"));
	buffer_add(&key->bytes, der, (size_t)len);
	key->lens[key->count++] = (size_t)len;
	OPENSSL_free(der);
	return BE_OK;
}

static enum be_err add_certificates(struct pki_key *key, const STACK_OF(X509) * certs, int signer, struct be_error *err)
{
	size_t room = (size_t)sk_X509_num(certs);
	size_t offset = 0;
	enum be_err rc;

	key->ders = calloc(room, sizeof(*key->ders));
	key->lens = calloc(room, sizeof(*key->lens));
	if (key->ders == NULL || key->lens == NULL)
		return pki_fail_memory(err);
	rc = add_certificate(key, sk_X509_value(certs, signer), err);
	for (int i = 0; i < sk_X509_num(certs) && rc == BE_OK; i++) {
		if (seen_before(certs, i) || X509_cmp(sk_X509_value(certs, i), sk_X509_value(certs, signer)) == 0)
			continue;
		rc = add_certificate(key, sk_X509_value(certs, i), err);
	}
	if (rc == BE_OK)
		rc = buffer_check(&key->bytes, err);
	for (size_t i = 0; i < key->count && rc == BE_OK; i++) {
		key->ders[i] = key->bytes.data + offset;
		offset += key->lens[i];
	}
	return rc;
}

enum be_err pki_key_new(struct pki_key **out, EVP_PKEY *pkey, const STACK_OF(X509) * certs, struct be_error *err)
{
	struct pki_key *key = calloc(1, sizeof(*key));
	int signer = signer_of(certs, pkey);
	enum be_err rc;

	*out = NULL;
	if (key == NULL) {
		EVP_PKEY_free(pkey);
		return pki_fail_memory(err);
	}
	key->pkey = pkey;
	if (signer < 0)
		rc = be_fail(err, BE_KEY_MISMATCH,
			N_("The key file holds no certificate for its private key; export both together"),
			"%d certificates", sk_X509_num(certs));
	else
		rc = add_certificates(key, certs, signer, err);
	if (rc == BE_OK)
		rc = pki_cert_describe(&key->info, key->ders[0], key->lens[0], err);
	if (rc == BE_OK)
		*out = key;
	else
		pki_key_free(&key);
	return rc;
}

void pki_key_free(struct pki_key **key)
{
	if (key == NULL || *key == NULL)
		return;
	EVP_PKEY_free((*key)->pkey);
	buffer_free(&(*key)->bytes);
	free((*key)->ders);
	free((*key)->lens);
	free(*key);
	*key = NULL;
}

size_t pki_key_certificates(const struct pki_key *key, const uint8_t *const **ders, const size_t **lens)
{
	*ders = key->ders;
	*lens = key->lens;
	return key->count;
}

const struct pki_cert_info *pki_key_info(const struct pki_key *key)
{
	return &key->info;
}

static enum be_err unfit(struct be_error *err, const char *msgid, const struct pki_key *key)
{
	return be_fail(err, BE_KEY_UNFIT, msgid, "%s", key->info.name);
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

static enum be_err kind_fit(const struct pki_key *key, struct be_error *err)
{
	const struct pki_cert_info *info = &key->info;

	switch (info->key_kind) {
	case PKI_KEY_RSA:
	case PKI_KEY_RSA_PSS:
		if (info->key_bits < 2048)
			return be_fail(err, BE_KEY_UNFIT,
				N_("The RSA key is too short to be safe; ask for one of at least 2048 bits"), "%u bits",
				info->key_bits);
		if (info->key_bits > 4096)
			return be_fail(err, BE_KEY_UNFIT,
				N_("RSA keys longer than 4096 bits are not used for signing documents"), "%u bits",
				info->key_bits);
		return BE_OK;
	case PKI_KEY_EC:
		if (!curve_is_fit(key->pkey))
			return unfit(err, N_("The key's elliptic curve is neither P-256 nor P-384"), key);
		return BE_OK;
	default:
		return unfit(err, N_("This kind of key cannot sign documents; use RSA, P-256 or P-384"), key);
	}
}

static enum be_err purpose_fit(const struct pki_key *key, struct be_error *err)
{
	const struct pki_cert_info *info = &key->info;
	uint32_t signing = PKI_KU_DIGITAL_SIGNATURE | PKI_KU_NON_REPUDIATION;

	/* A certificate that somebody made for himself often says CA too; what tells an authority is that it signs
	 * certificates. */
	if (info->is_ca && info->has_key_usage && (info->key_usage & PKI_KU_KEY_CERT_SIGN) != 0)
		return unfit(err,
			N_("The certificate is an authority's; it issues certificates and must not sign documents"),
			key);
	if (info->has_key_usage && (info->key_usage & signing) == 0)
		return unfit(err, N_("The certificate is not meant for signatures (key usage)"), key);
	if (info->has_eku && !info->eku_document)
		return unfit(err, N_("The certificate is not meant for signing documents (extended key usage)"), key);
	return BE_OK;
}

/* What waiting or renewing does not heal is said first. */
enum be_err pki_key_fit(const struct pki_key *key, int64_t moment, struct be_error *err)
{
	char when[TIME_TEXT_MAX];
	enum be_err rc;

	rc = kind_fit(key, err);
	if (rc == BE_OK)
		rc = purpose_fit(key, err);
	if (rc != BE_OK)
		return rc;
	if (moment < key->info.not_before)
		return be_fail(err, BE_CERT_NOT_YET, N_("The certificate is not valid yet; check this machine's clock"),
			"%s", time_format(when, key->info.not_before));
	if (moment > key->info.not_after)
		return be_fail(err, BE_CERT_EXPIRED, N_("The certificate has expired; ask for a new one"), "%s",
			time_format(when, key->info.not_after));
	return BE_OK;
}

/* RSA-PSS as everybody expects it: MGF1 with the same digest, a salt as long as the digest. */
static bool set_scheme(EVP_PKEY_CTX *ctx, enum pki_scheme scheme, enum digest_alg alg)
{
	const EVP_MD *md = pki_md(alg);

	if (md == NULL || EVP_PKEY_sign_init(ctx) != 1)
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

static bool scheme_fits(enum pki_scheme scheme, uint32_t kind)
{
	switch (scheme) {
	case PKI_SCHEME_RSA_PKCS1:
		return kind == PKI_KEY_RSA;
	case PKI_SCHEME_RSA_PSS:
		return kind == PKI_KEY_RSA || kind == PKI_KEY_RSA_PSS;
	case PKI_SCHEME_ECDSA:
		return kind == PKI_KEY_EC;
	default:
		return false;
	}
}

enum be_err pki_key_sign(const struct pki_key *key, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err)
{
	size_t len = (size_t)EVP_PKEY_get_size(key->pkey);
	EVP_PKEY_CTX *ctx = NULL;
	uint8_t *value = NULL;
	enum be_err rc;

	if (!scheme_fits(scheme, key->info.key_kind))
		return be_fail(err, BE_KEY_UNFIT, N_("The key cannot make a signature of the chosen kind"), NULL);
	ctx = EVP_PKEY_CTX_new(key->pkey, NULL);
	value = malloc(len);
	if (ctx == NULL || value == NULL) {
		rc = pki_fail_memory(err);
		goto out;
	}
	if (!set_scheme(ctx, scheme, alg)) {
		rc = pki_fail(err, BE_KEY_UNFIT, N_("The key does not allow the chosen digest"));
		goto out;
	}
	if (EVP_PKEY_sign(ctx, value, &len, digest, digest_size(alg)) != 1) {
		rc = pki_fail(err, BE_CRYPTO, N_("The signature could not be made"));
		goto out;
	}
	buffer_add(signature, value, len);
	rc = buffer_check(signature, err);
out:
	free(value);
	EVP_PKEY_CTX_free(ctx);
	return rc;
}
