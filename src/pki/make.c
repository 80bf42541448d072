/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/make.h"

#include "pki/issue.h"
#include "pki/x509.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#define ITERATIONS 20000

static bool put_p12(struct buffer *out, EVP_PKEY *key, X509 *cert, X509 *authority, const char *passphrase)
{
	STACK_OF(X509) *others = sk_X509_new_null();
	unsigned char *bytes = NULL;
	PKCS12 *file = NULL;
	int len = 0;

	if (others != NULL && sk_X509_push(others, authority) > 0)
		file = PKCS12_create(passphrase, NULL, key, cert, others, NID_aes_256_cbc, NID_aes_256_cbc, ITERATIONS,
			ITERATIONS, 0);
	if (file != NULL)
		len = i2d_PKCS12(file, &bytes);
	if (len > 0)
		buffer_add(out, bytes, (size_t)len);
	OPENSSL_free(bytes);
	PKCS12_free(file);
	sk_X509_free(others);
	return len > 0;
}

static bool put_pem(struct buffer *out, X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len = 0;

	if (bio != NULL && PEM_write_bio_X509(bio, cert) == 1)
		len = BIO_get_mem_data(bio, &text);
	if (len > 0)
		buffer_add(out, text, (size_t)len);
	BIO_free(bio);
	return len > 0;
}

static struct pki_issue wish_of(enum pki_profile profile, const char *common, const struct pki_make *wish)
{
	return (struct pki_issue){ .profile = profile,
		.country = "ID",
		.organisation = wish->organisation,
		.common = common,
		.not_before = wish->not_before,
		.not_after = wish->not_after };
}

enum be_err pki_make_identity(struct buffer *p12, struct buffer *authority_pem, const struct pki_make *wish,
	const struct secret *passphrase, struct be_error *err)
{
	struct pki_issue root = wish_of(PKI_PROFILE_ROOT, wish->authority, wish);
	struct pki_issue person = wish_of(PKI_PROFILE_PERSON, wish->person, wish);
	EVP_PKEY *authority_key = pki_issue_key(wish->key);
	EVP_PKEY *key = pki_issue_key(wish->key);
	X509 *authority = NULL;
	X509 *cert = NULL;
	enum be_err rc = BE_OK;

	if (authority_key != NULL && key != NULL)
		authority = pki_issue(&root, authority_key, NULL, authority_key);
	if (authority != NULL)
		cert = pki_issue(&person, key, authority, authority_key);
	if (cert == NULL || !put_pem(authority_pem, authority) ||
		!put_p12(p12, key, cert, authority, (const char *)secret_bytes(passphrase)))
		rc = pki_fail(err, BE_CRYPTO, N_("A certificate for trying out could not be made"));
	if (rc == BE_OK)
		rc = buffer_check(p12, err);
	if (rc == BE_OK)
		rc = buffer_check(authority_pem, err);
	X509_free(cert);
	X509_free(authority);
	EVP_PKEY_free(key);
	EVP_PKEY_free(authority_key);
	return rc;
}
