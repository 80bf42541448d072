/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ca.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>

#define NEEDED(what) \
	do { \
		if (!(what)) \
			give_up(#what); \
	} while (0)

static _Noreturn void give_up(const char *what)
{
	fprintf(stderr, "the tests' authority failed: %s\n", what);
	ERR_print_errors_fp(stderr);
	abort();
}

/* A key that may make nothing but RSA-PSS signatures. */
static EVP_PKEY *make_rsa_pss(void)
{
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "RSA-PSS", NULL);
	EVP_PKEY *key = NULL;

	NEEDED(ctx != NULL && EVP_PKEY_keygen_init(ctx) == 1 && EVP_PKEY_CTX_set_rsa_keygen_bits(ctx, 2048) == 1);
	NEEDED(EVP_PKEY_keygen(ctx, &key) == 1);
	EVP_PKEY_CTX_free(ctx);
	return key;
}

static EVP_PKEY *make_key(enum ca_key kind)
{
	switch (kind) {
	case CA_P256:
		return EVP_EC_gen("P-256");
	case CA_P384:
		return EVP_EC_gen("P-384");
	case CA_P521:
		return EVP_EC_gen("P-521");
	case CA_RSA2048:
		return EVP_RSA_gen(2048u);
	case CA_RSA1024:
		return EVP_RSA_gen(1024u);
	case CA_RSA_PSS:
		return make_rsa_pss();
	case CA_ED25519:
		return EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	case CA_KEY_KINDS:
	default:
		return NULL;
	}
}

EVP_PKEY *ca_key(enum ca_key kind, size_t which)
{
	static EVP_PKEY *keys[CA_KEY_KINDS][CA_KEYS_EACH];

	NEEDED(kind < CA_KEY_KINDS && which < CA_KEYS_EACH);
	if (keys[kind][which] == NULL)
		keys[kind][which] = make_key(kind);
	NEEDED(keys[kind][which] != NULL);
	return keys[kind][which];
}

static void add_name(X509_NAME *name, int nid, const char *text)
{
	NEEDED(X509_NAME_add_entry_by_NID(name, nid, MBSTRING_UTF8, (const unsigned char *)text, -1, -1, 0) == 1);
}

static void add_extension(X509 *cert, X509 *issuer, int nid, const char *value)
{
	X509V3_CTX ctx;
	X509_EXTENSION *extension;

	if (value == NULL)
		return;
	X509V3_set_ctx(&ctx, issuer, cert, NULL, NULL, 0);
	extension = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
	NEEDED(extension != NULL && X509_add_ext(cert, extension, -1) == 1);
	X509_EXTENSION_free(extension);
}

static const EVP_MD *digest_for(const struct ca_wish *wish, const EVP_PKEY *key)
{
	if (EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519)
		return NULL;
	return wish->digest != NULL ? wish->digest : EVP_sha256();
}

X509 *ca_issue(const struct ca_wish *wish)
{
	static long serial = 0x1000;
	X509 *cert = X509_new();
	X509 *issuer = wish->issuer != NULL ? wish->issuer : cert;
	EVP_PKEY *key = wish->issuer != NULL ? wish->issuer_key : wish->key;
	int64_t from = wish->from != 0 ? wish->from : CA_NOW - CA_YEAR;
	int64_t until = wish->until != 0 ? wish->until : CA_NOW + CA_YEAR;
	X509_NAME *name;

	NEEDED(cert != NULL && X509_set_version(cert, 2) == 1);
	NEEDED(ASN1_INTEGER_set(X509_get_serialNumber(cert), ++serial) == 1);
	NEEDED(ASN1_TIME_set(X509_getm_notBefore(cert), (time_t)from) != NULL);
	NEEDED(ASN1_TIME_set(X509_getm_notAfter(cert), (time_t)until) != NULL);
	NEEDED(X509_set_pubkey(cert, wish->key) == 1);
	name = X509_get_subject_name(cert);
	add_name(name, NID_countryName, "ID");
	add_name(name, NID_organizationName, "Contoh");
	add_name(name, NID_commonName, wish->name);
	NEEDED(X509_set_issuer_name(cert, X509_get_subject_name(issuer)) == 1);
	add_extension(cert, issuer, NID_basic_constraints, wish->constraints);
	add_extension(cert, issuer, NID_key_usage, wish->usage);
	add_extension(cert, issuer, NID_ext_key_usage, wish->purposes);
	add_extension(cert, issuer, NID_name_constraints, wish->name_constraints);
	add_extension(cert, issuer, NID_subject_key_identifier, "hash");
	if (wish->issuer != NULL)
		add_extension(cert, issuer, NID_authority_key_identifier, "keyid");
	if (wish->shape != NULL)
		wish->shape(cert);
	NEEDED(X509_sign(cert, key, digest_for(wish, key)) > 0);
	return cert;
}

X509 *ca_root(const char *name, EVP_PKEY *key)
{
	return ca_issue(&(struct ca_wish){
		.name = name, .key = key, .constraints = "critical,CA:TRUE", .usage = "critical,keyCertSign,cRLSign" });
}

X509 *ca_intermediate(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	return ca_issue(&(struct ca_wish){ .name = name,
		.key = key,
		.issuer = issuer,
		.issuer_key = issuer_key,
		.constraints = "critical,CA:TRUE",
		.usage = "critical,keyCertSign,cRLSign" });
}

X509 *ca_person(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key)
{
	return ca_issue(&(struct ca_wish){ .name = name,
		.key = key,
		.issuer = issuer,
		.issuer_key = issuer_key,
		.usage = "critical,digitalSignature,nonRepudiation" });
}

void ca_der(struct buffer *out, const X509 *cert)
{
	unsigned char *bytes = NULL;
	int len = i2d_X509(cert, &bytes);

	NEEDED(len > 0);
	buffer_add(out, bytes, (size_t)len);
	NEEDED(!out->failed);
	OPENSSL_free(bytes);
}

void ca_pem(struct buffer *out, X509 *cert)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text = NULL;
	long len;

	NEEDED(bio != NULL && PEM_write_bio_X509(bio, cert) == 1);
	len = BIO_get_mem_data(bio, &text);
	NEEDED(len > 0);
	buffer_add(out, text, (size_t)len);
	NEEDED(!out->failed);
	BIO_free(bio);
}

void ca_p12_der(struct buffer *out, const PKCS12 *file)
{
	unsigned char *bytes = NULL;
	int len = i2d_PKCS12(file, &bytes);

	NEEDED(len > 0);
	buffer_add(out, bytes, (size_t)len);
	NEEDED(!out->failed);
	OPENSSL_free(bytes);
}

void ca_p12(
	struct buffer *out, const char *passphrase, EVP_PKEY *key, X509 *cert, STACK_OF(X509) * others, int iterations)
{
	PKCS12 *file = PKCS12_create(
		passphrase, "contoh", key, cert, others, NID_aes_256_cbc, NID_aes_256_cbc, iterations, iterations, 0);

	NEEDED(file != NULL);
	ca_p12_der(out, file);
	PKCS12_free(file);
}
