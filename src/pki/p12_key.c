/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/key.h"

#include "pki/x509.h"

#include <openssl/err.h>
#include <openssl/evp.h>
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

/* What waiting or renewing does not heal is said first. */
enum be_err pki_key_fit(const struct pki_key *key, int64_t moment, struct be_error *err)
{
	enum be_err rc = pki_pkey_fit(key->pkey, err);

	return rc == BE_OK ? pki_cert_fit(&key->info, moment, err) : rc;
}

enum be_err pki_key_sign(const struct pki_key *key, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err)
{
	return pki_pkey_sign(key->pkey, scheme, alg, digest, signature, err);
}

EVP_PKEY *pki_key_pkey(const struct pki_key *key)
{
	return key->pkey;
}
