/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "key_file.h"

#include "ca.h"

#include <openssl/err.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct secret *secret_of(const char *text)
{
	struct secret *secret = NULL;

	assert_int_equal(secret_new(&secret, 64, NULL), BE_OK);
	assert_int_equal(secret_add(secret, text, strlen(text), NULL), BE_OK);
	return secret;
}

enum be_err key_file_open(
	struct pki_key **key, const uint8_t *bytes, size_t len, const char *passphrase, struct be_error *err)
{
	struct secret *secret = secret_of(passphrase);
	enum be_err rc = pki_p12_open(key, bytes, len, secret, err);

	secret_free(&secret);
	assert_int_equal(*key != NULL, rc == BE_OK);
	assert_int_equal(ERR_peek_error(), 0);
	return rc;
}

enum be_err key_file_judge(PKCS12 *file, const char *passphrase)
{
	struct be_error err = { .code = BE_OK };
	struct buffer bytes = BUFFER_EMPTY;
	struct pki_key *key = NULL;
	enum be_err rc;

	assert_non_null(file);
	ca_p12_der(&bytes, file);
	rc = key_file_open(&key, bytes.data, bytes.len, passphrase, &err);
	assert_int_equal(rc, err.code);
	assert_int_equal(rc == BE_OK, err.msgid == NULL);
	pki_key_free(&key);
	buffer_free(&bytes);
	PKCS12_free(file);
	return rc;
}

EVP_PKEY *key_file_key(size_t which)
{
	return ca_key(CA_P256, which);
}

X509 *key_file_person(size_t which)
{
	return ca_person("Siti Contoh", key_file_key(which), NULL, NULL);
}

PKCS12 *key_file_of(size_t keys, size_t certs)
{
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *file;

	for (size_t i = 0; i < keys; i++) {
		STACK_OF(PKCS12_SAFEBAG) *bags = NULL;

		assert_non_null(PKCS12_add_key(&bags, key_file_key(i), 0, 1, NID_aes_256_cbc, KEY_FILE_PASSPHRASE));
		assert_int_equal(
			PKCS12_add_safe(&safes, bags, i % 2 == 0 ? -1 : NID_aes_256_cbc, 1, KEY_FILE_PASSPHRASE), 1);
		sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	}
	for (size_t i = 0; i < certs; i++) {
		STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
		X509 *cert = key_file_person(i);

		assert_non_null(PKCS12_add_cert(&bags, cert));
		assert_int_equal(PKCS12_add_safe(&safes, bags, NID_aes_256_cbc, 1, KEY_FILE_PASSPHRASE), 1);
		sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
		X509_free(cert);
	}
	file = PKCS12_add_safes(safes, 0);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	assert_int_equal(PKCS12_set_mac(file, KEY_FILE_PASSPHRASE, -1, NULL, 0, 1, EVP_sha256()), 1);
	return file;
}
