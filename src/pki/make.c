/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/make.h"

#include "pki/x509.h"

#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <string.h>

#define ITERATIONS 20000

struct profile {
	const char *usage;
	const char *constraints;
	const char *purposes; /* NULL: none */
};

static const struct profile authority_profile = { "critical,keyCertSign,cRLSign", "critical,CA:TRUE", NULL };

/* documentSigning: RFC 9336. */
static const struct profile person_profile = { "critical,digitalSignature,nonRepudiation", "critical,CA:FALSE",
	"1.3.6.1.5.5.7.3.36" };

static EVP_PKEY *make_key(enum pki_make_key kind)
{
	return kind == PKI_MAKE_RSA2048 ? EVP_RSA_gen(2048u) : EVP_EC_gen("P-256");
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

static bool add_extensions(X509 *cert, X509 *issuer, const struct profile *profile)
{
	return add_extension(cert, issuer, NID_basic_constraints, profile->constraints) &&
		add_extension(cert, issuer, NID_key_usage, profile->usage) &&
		add_extension(cert, issuer, NID_ext_key_usage, profile->purposes) &&
		add_extension(cert, issuer, NID_subject_key_identifier, "hash") &&
		(cert == issuer || add_extension(cert, issuer, NID_authority_key_identifier, "keyid"));
}

/* RFC 5280, 4.1.2.2: positive, and not to be guessed (CA/B baseline: 64 random bits). */
static bool set_serial(X509 *cert)
{
	unsigned char bytes[16];
	BIGNUM *number = NULL;
	bool good;

	if (RAND_bytes(bytes, (int)sizeof(bytes)) != 1)
		return false;
	bytes[0] = (unsigned char)((bytes[0] & 0x3fu) | 0x40u);
	number = BN_bin2bn(bytes, (int)sizeof(bytes), NULL);
	good = number != NULL && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(cert)) != NULL;
	BN_free(number);
	return good;
}

static bool add_name(X509_NAME *name, int nid, const char *text)
{
	return X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1;
}

static bool set_names_and_time(X509 *cert, X509 *issuer, const char *common, const struct pki_make *wish)
{
	X509_NAME *name = X509_get_subject_name(cert);

	return add_name(name, NID_countryName, "ID") && add_name(name, NID_organizationName, wish->organisation) &&
		add_name(name, NID_commonName, common) &&
		X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1 &&
		ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)wish->not_before) != NULL &&
		ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)wish->not_after) != NULL;
}

/* issuer NULL: signs itself with key. */
static X509 *make_certificate(const char *common, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key,
	const struct profile *profile, const struct pki_make *wish)
{
	X509 *cert = X509_new();
	X509 *by = issuer != NULL ? issuer : cert;

	if (cert != NULL && X509_set_version(cert, X509_VERSION_3) == 1 && set_serial(cert) &&
		set_names_and_time(cert, by, common, wish) && X509_set_pubkey(cert, key) == 1 &&
		add_extensions(cert, by, profile) && X509_sign(cert, issuer_key, EVP_sha256()) > 0)
		return cert;
	X509_free(cert);
	return NULL;
}

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

enum be_err pki_make_identity(struct buffer *p12, struct buffer *authority_pem, const struct pki_make *wish,
	const struct secret *passphrase, struct be_error *err)
{
	EVP_PKEY *authority_key = make_key(wish->key);
	EVP_PKEY *key = make_key(wish->key);
	X509 *authority = NULL;
	X509 *cert = NULL;
	enum be_err rc = BE_OK;

	if (authority_key != NULL && key != NULL)
		authority =
			make_certificate(wish->authority, authority_key, NULL, authority_key, &authority_profile, wish);
	if (authority != NULL)
		cert = make_certificate(wish->person, key, authority, authority_key, &person_profile, wish);
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
