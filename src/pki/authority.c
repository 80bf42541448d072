/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/authority.h"

#include "pki/issue.h"
#include "pki/x509.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdlib.h>

#define NOT_MADE N_("A certificate of the authority could not be made")
#define NOT_READ N_("A key file of the authority cannot be read")

void pki_authority_free(struct pki_authority **authority)
{
	if (*authority == NULL)
		return;
	EVP_PKEY_free((*authority)->key);
	X509_free((*authority)->cert);
	OPENSSL_free((*authority)->der);
	free(*authority);
	*authority = NULL;
}

/* Takes key and cert, also on failure. */
static enum be_err authority_new(struct pki_authority **out, EVP_PKEY *key, X509 *cert, struct be_error *err)
{
	struct pki_authority *authority = calloc(1, sizeof(*authority));
	int len = -1;

	if (authority == NULL) {
		EVP_PKEY_free(key);
		X509_free(cert);
		return pki_fail_memory(err);
	}
	authority->key = key;
	authority->cert = cert;
	len = i2d_X509(cert, &authority->der);
	if (len <= 0) {
		pki_authority_free(&authority);
		return pki_fail_memory(err);
	}
	authority->der_len = (size_t)len;
	*out = authority;
	return BE_OK;
}

enum be_err pki_authority_make(struct pki_authority **out, enum pki_make_key key, const struct pki_issue *wish,
	const struct pki_authority *issuer, struct be_error *err)
{
	EVP_PKEY *made = pki_issue_key(key);
	X509 *cert = NULL;

	*out = NULL;
	if (made != NULL)
		cert = pki_issue(wish, made, issuer != NULL ? issuer->cert : NULL, issuer != NULL ? issuer->key : made);
	if (cert == NULL) {
		EVP_PKEY_free(made);
		return pki_fail(err, BE_CRYPTO, NOT_MADE);
	}
	return authority_new(out, made, cert, err);
}

/* The memory of a secure BIO is wiped where it grows and when it is freed. */
enum be_err pki_authority_save(const struct pki_authority *authority, struct secret **pem, struct be_error *err)
{
	BIO *bio = BIO_new(BIO_s_secmem());
	char *text = NULL;
	long len = 0;
	enum be_err rc;

	*pem = NULL;
	if (bio != NULL && PEM_write_bio_PrivateKey(bio, authority->key, NULL, NULL, 0, NULL, NULL) == 1 &&
		PEM_write_bio_X509(bio, authority->cert) == 1)
		len = BIO_get_mem_data(bio, &text);
	if (len <= 0) {
		rc = pki_fail(err, BE_CRYPTO, NOT_MADE);
		goto out;
	}
	rc = secret_new(pem, (size_t)len, err);
	if (rc == BE_OK)
		rc = secret_add(*pem, text, (size_t)len, err);
	if (rc != BE_OK)
		secret_free(pem);
out:
	BIO_free(bio);
	return rc;
}

/* Nobody is asked for a passphrase in here. */
static int no_passphrase(char *out, int size, int writing, void *arg)
{
	(void)out, (void)size, (void)writing, (void)arg;
	return -1;
}

enum be_err pki_authority_load(struct pki_authority **out, const struct secret *pem, struct be_error *err)
{
	BIO *bio = BIO_new_mem_buf(secret_bytes(pem), (int)secret_len(pem));
	EVP_PKEY *key = NULL;
	X509 *cert = NULL;
	enum be_err rc = BE_OK;

	*out = NULL;
	if (bio != NULL)
		key = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, NULL);
	if (key != NULL)
		cert = PEM_read_bio_X509(bio, NULL, no_passphrase, NULL);
	if (cert == NULL)
		rc = pki_fail(err, BE_BAD_KEY_FILE, NOT_READ);
	else if (X509_check_private_key(cert, key) != 1)
		rc = pki_fail(err, BE_KEY_MISMATCH, N_("A key of the authority does not belong to its certificate"));
	BIO_free(bio);
	if (rc == BE_OK)
		return authority_new(out, key, cert, err);
	EVP_PKEY_free(key);
	X509_free(cert);
	return rc;
}

const uint8_t *pki_authority_certificate(const struct pki_authority *authority, size_t *len)
{
	*len = authority->der_len;
	return authority->der;
}

bool pki_authority_issued(const struct pki_authority *authority, const uint8_t *certificate, size_t len)
{
	X509 *cert = pki_x509_decode(certificate, len);
	bool issued = cert != NULL && X509_check_issued(authority->cert, cert) == X509_V_OK;

	X509_free(cert);
	ERR_clear_error();
	return issued;
}

static enum be_err put_certificate(struct buffer *out, const X509 *cert, struct be_error *err)
{
	unsigned char *der = NULL;
	int len = i2d_X509(cert, &der);

	if (len <= 0)
		return pki_fail_memory(err);
	buffer_add(out, der, (size_t)len);
	OPENSSL_free(der);
	return buffer_check(out, err);
}

enum be_err pki_authority_issue(const struct pki_authority *authority, const struct pki_issue *wish,
	const uint8_t *public_key, size_t public_key_len, struct buffer *certificate, char *serial,
	struct be_error *err)
{
	const unsigned char *at = public_key;
	EVP_PKEY *key = public_key_len <= LONG_MAX ? d2i_PUBKEY(NULL, &at, (long)public_key_len) : NULL;
	X509 *cert = NULL;
	enum be_err rc;

	if (key == NULL || at != public_key + public_key_len) {
		rc = pki_fail(err, BE_MALFORMED, N_("The public key cannot be read"));
		goto out;
	}
	cert = pki_issue(wish, key, authority->cert, authority->key);
	if (cert == NULL) {
		rc = pki_fail(err, BE_CRYPTO, NOT_MADE);
		goto out;
	}
	rc = put_certificate(certificate, cert, err);
	if (rc == BE_OK && serial != NULL)
		pki_serial_text(serial, X509_get0_serialNumber(cert));
out:
	X509_free(cert);
	EVP_PKEY_free(key);
	ERR_clear_error();
	return rc;
}
