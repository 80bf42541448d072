/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/p12.h"

#include "support/ca.h"
#include "support/key_file.h"

#include <openssl/pkcs12.h>
#include <openssl/rsa.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PASSPHRASE KEY_FILE_PASSPHRASE
#define NOT_ASCII "r\xC3\xA1h\xE2\x82\xACsi\xF0\x9F\x94\x91"

/* clang-format off */
static const struct { const char *what, *made_with, *opened_with; enum be_err expected; } passphrases[] = {
	{ "right",                    PASSPHRASE,            PASSPHRASE,            BE_OK },
	{ "wrong",                    PASSPHRASE,            "rahasia",             BE_WRONG_PASSPHRASE },
	{ "longer",                   PASSPHRASE,            PASSPHRASE " ",        BE_WRONG_PASSPHRASE },
	{ "empty for one that is not", PASSPHRASE,           "",                    BE_WRONG_PASSPHRASE },
	{ "not ASCII",                NOT_ASCII,             NOT_ASCII,             BE_OK },
	{ "empty string",             "",                    "",                    BE_OK },
	{ "no passphrase at all",     NULL,                  "",                    BE_OK },
	{ "one for an empty one",     "",                    PASSPHRASE,            BE_WRONG_PASSPHRASE },
};
/* clang-format on */

static void the_passphrase_decides(void **state)
{
	static const int ciphers[] = { NID_aes_256_cbc, NID_pbe_WithSHA1And3_Key_TripleDES_CBC };

	(void)state;
	for (size_t i = 0; i < sizeof(passphrases) / sizeof(passphrases[0]); i++) {
		for (int j = 0; j < 4; j++) {
			int cipher = ciphers[j % 2];
			/* The last two have no MAC: decryption alone tells then. */
			int mac_iterations = j < 2 ? 1 : -1;
			X509 *cert = key_file_person(0);
			enum be_err rc;

			rc = key_file_judge(PKCS12_create(passphrases[i].made_with, "contoh", key_file_key(0), cert,
						    NULL, cipher, cipher, 1, mac_iterations, 0),
				passphrases[i].opened_with);
			if (rc != passphrases[i].expected)
				fail_msg("%s, kind %d: %s", passphrases[i].what, j, be_err_word(rc));
			X509_free(cert);
		}
	}
}

static void a_file_gives_its_certificates_the_signers_first(void **state)
{
	X509 *root = ca_root("Otoritas Akar", key_file_key(0));
	X509 *middle = ca_intermediate("Otoritas Antara", key_file_key(1), root, key_file_key(0));
	X509 *person = ca_person("Siti Contoh", key_file_key(2), middle, key_file_key(1));
	STACK_OF(X509) *others = sk_X509_new_null();
	struct buffer file = BUFFER_EMPTY, der = BUFFER_EMPTY;
	const uint8_t *const *ders = NULL;
	const size_t *lens = NULL;
	struct pki_key *key = NULL;

	(void)state;
	(void)sk_X509_push(others, root);
	(void)sk_X509_push(others, middle);
	(void)sk_X509_push(others, root);
	ca_p12(&file, PASSPHRASE, key_file_key(2), person, others, 2048);
	assert_int_equal(key_file_open(&key, file.data, file.len, PASSPHRASE, NULL), BE_OK);
	assert_int_equal(pki_key_certificates(key, &ders, &lens), 3);
	ca_der(&der, person);
	assert_int_equal(lens[0], der.len);
	assert_memory_equal(ders[0], der.data, der.len);
	assert_string_equal(pki_key_info(key)->name, "Siti Contoh");
	assert_int_equal(pki_key_fit(key, CA_NOW, NULL), BE_OK);
	pki_key_free(&key);
	assert_null(key);
	buffer_free(&der);
	buffer_free(&file);
	sk_X509_free(others);
	X509_free(root);
	X509_free(middle);
	X509_free(person);
}

static void of_two_certificates_for_one_key_the_later_one_signs(void **state)
{
	X509 *old = key_file_person(0);
	X509 *renewed = ca_issue(&(struct ca_wish){
		.name = "Siti Baru", .key = key_file_key(0), .from = CA_NOW - CA_DAY, .until = CA_NOW + 2 * CA_YEAR });
	STACK_OF(X509) *others = sk_X509_new_null();
	struct buffer file = BUFFER_EMPTY;
	struct pki_key *key = NULL;

	(void)state;
	(void)sk_X509_push(others, renewed);
	ca_p12(&file, PASSPHRASE, key_file_key(0), old, others, 1);
	assert_int_equal(key_file_open(&key, file.data, file.len, PASSPHRASE, NULL), BE_OK);
	assert_string_equal(pki_key_info(key)->name, "Siti Baru");
	pki_key_free(&key);
	buffer_free(&file);
	sk_X509_free(others);
	X509_free(old);
	X509_free(renewed);
}

static void every_scheme_signs_what_its_certificate_verifies(void **state)
{
	/* clang-format off */
	static const struct { enum ca_key key; enum pki_scheme scheme; enum digest_alg digest; } cases[] = {
		{ CA_RSA2048, PKI_SCHEME_RSA_PKCS1, DIGEST_SHA256 }, { CA_RSA2048, PKI_SCHEME_RSA_PSS, DIGEST_SHA512 },
		{ CA_RSA_PSS, PKI_SCHEME_RSA_PSS,   DIGEST_SHA256 }, { CA_P256,    PKI_SCHEME_ECDSA,   DIGEST_SHA384 },
		{ CA_P384,    PKI_SCHEME_ECDSA,     DIGEST_SHA384 },
	};
	/* clang-format on */
	uint8_t digest[DIGEST_MAX];

	(void)state;
	for (size_t i = 0; i < DIGEST_MAX; i++)
		digest[i] = (uint8_t)(i * 7);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		EVP_PKEY *pkey = ca_key(cases[i].key, 0);
		X509 *cert = ca_person("Siti Contoh", pkey, NULL, NULL);
		EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(X509_get0_pubkey(cert), NULL);
		struct buffer file = BUFFER_EMPTY, signature = BUFFER_EMPTY;
		struct pki_key *key = NULL;

		ca_p12(&file, PASSPHRASE, pkey, cert, NULL, 1);
		assert_int_equal(key_file_open(&key, file.data, file.len, PASSPHRASE, NULL), BE_OK);
		assert_int_equal(pki_key_fit(key, CA_NOW, NULL), BE_OK);
		assert_int_equal(pki_key_sign(key, cases[i].scheme, cases[i].digest, digest, &signature, NULL), BE_OK);
		assert_int_equal(EVP_PKEY_verify_init(ctx), 1);
		if (cases[i].scheme == PKI_SCHEME_RSA_PSS)
			assert_int_equal(EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING), 1);
		assert_int_equal(
			EVP_PKEY_CTX_set_signature_md(ctx, EVP_get_digestbyname(digest_name(cases[i].digest))), 1);
		if (cases[i].scheme == PKI_SCHEME_RSA_PSS)
			assert_int_equal(EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, (int)digest_size(cases[i].digest)), 1);
		assert_int_equal(
			EVP_PKEY_verify(ctx, signature.data, signature.len, digest, digest_size(cases[i].digest)), 1);
		EVP_PKEY_CTX_free(ctx);
		buffer_free(&signature);
		buffer_free(&file);
		pki_key_free(&key);
		X509_free(cert);
	}
}

static void a_file_holds_exactly_one_key_with_its_certificate(void **state)
{
	X509 *other = key_file_person(1);
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *file;

	(void)state;
	assert_int_equal(key_file_judge(key_file_of(1, 2), PASSPHRASE), BE_OK);
	assert_int_equal(key_file_judge(key_file_of(0, 1), PASSPHRASE), BE_NO_KEY);
	assert_int_equal(key_file_judge(key_file_of(2, 2), PASSPHRASE), BE_SEVERAL_KEYS);
	assert_int_equal(key_file_judge(key_file_of(3, 0), PASSPHRASE), BE_SEVERAL_KEYS);
	assert_int_equal(key_file_judge(key_file_of(1, 0), PASSPHRASE), BE_KEY_MISMATCH);
	assert_int_equal(key_file_judge(key_file_of(2, 2), "salah"), BE_WRONG_PASSPHRASE);
	/* A certificate is there, for another key. */
	assert_non_null(PKCS12_add_key(&bags, key_file_key(0), 0, 1, NID_aes_256_cbc, PASSPHRASE));
	assert_non_null(PKCS12_add_cert(&bags, other));
	assert_int_equal(PKCS12_add_safe(&safes, bags, -1, 1, NULL), 1);
	file = PKCS12_add_safes(safes, 0);
	assert_int_equal(key_file_judge(file, PASSPHRASE), BE_KEY_MISMATCH);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	X509_free(other);
}

static enum be_err fit(const struct ca_wish *wish, int64_t moment)
{
	struct be_error err = { .code = BE_OK };
	X509 *cert = ca_issue(wish);
	struct buffer file = BUFFER_EMPTY;
	struct pki_key *key = NULL;
	enum be_err rc;

	ca_p12(&file, PASSPHRASE, wish->key, cert, NULL, 1);
	assert_int_equal(key_file_open(&key, file.data, file.len, PASSPHRASE, NULL), BE_OK);
	rc = pki_key_fit(key, moment, &err);
	assert_int_equal(rc, err.code);
	pki_key_free(&key);
	buffer_free(&file);
	X509_free(cert);
	return rc;
}

/* clang-format off */
static const struct {
	const char *what;
	enum ca_key key;
	const char *constraints, *usage, *purposes;
	enum be_err expected;
} fits[] = {
	{ "no extensions",                CA_P256,    NULL, NULL, NULL, BE_OK },
	{ "digitalSignature",             CA_P384,    "CA:FALSE", "digitalSignature", NULL, BE_OK },
	{ "nonRepudiation alone",         CA_RSA2048, NULL, "critical,nonRepudiation", NULL, BE_OK },
	{ "an RSA-PSS key",               CA_RSA_PSS, NULL, "digitalSignature", NULL, BE_OK },
	{ "documentSigning",              CA_P256,    NULL, "digitalSignature", "1.3.6.1.5.5.7.3.36", BE_OK },
	{ "emailProtection, clientAuth",  CA_P256,    NULL, "digitalSignature", "clientAuth,emailProtection", BE_OK },
	{ "keyEncipherment alone",        CA_RSA2048, NULL, "keyEncipherment", NULL, BE_KEY_UNFIT },
	{ "cRLSign alone",                CA_P256,    NULL, "cRLSign", NULL, BE_KEY_UNFIT },
	{ "a web server's",               CA_P256,    NULL, "digitalSignature", "serverAuth,clientAuth", BE_KEY_UNFIT },
	{ "a time-stamping authority's",  CA_P256,    NULL, "digitalSignature", "critical,timeStamping", BE_KEY_UNFIT },
	{ "an authority's",               CA_P256,    "CA:TRUE", "digitalSignature,keyCertSign", NULL, BE_KEY_UNFIT },
	{ "RSA-1024",                     CA_RSA1024, NULL, "digitalSignature", NULL, BE_KEY_UNFIT },
	{ "P-521",                        CA_P521,    NULL, "digitalSignature", NULL, BE_KEY_UNFIT },
	{ "Ed25519",                      CA_ED25519, NULL, "digitalSignature", NULL, BE_KEY_UNFIT },
};
/* clang-format on */

static void only_a_certificate_meant_for_documents_may_sign(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(fits) / sizeof(fits[0]); i++) {
		enum be_err rc = fit(&(struct ca_wish){ .name = "Siti Contoh",
					     .key = ca_key(fits[i].key, 0),
					     .constraints = fits[i].constraints,
					     .usage = fits[i].usage,
					     .purposes = fits[i].purposes },
			CA_NOW);

		if (rc != fits[i].expected)
			fail_msg("%s: %s", fits[i].what, be_err_word(rc));
	}
}

static void only_a_certificate_within_its_time_may_sign(void **state)
{
	const struct ca_wish wish = {
		.name = "Siti Contoh", .key = key_file_key(0), .from = CA_NOW, .until = CA_NOW + CA_DAY
	};

	(void)state;
	assert_int_equal(fit(&wish, CA_NOW - 1), BE_CERT_NOT_YET);
	assert_int_equal(fit(&wish, CA_NOW), BE_OK);
	assert_int_equal(fit(&wish, CA_NOW + CA_DAY), BE_OK);
	assert_int_equal(fit(&wish, CA_NOW + CA_DAY + 1), BE_CERT_EXPIRED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_passphrase_decides),
		cmocka_unit_test(a_file_gives_its_certificates_the_signers_first),
		cmocka_unit_test(of_two_certificates_for_one_key_the_later_one_signs),
		cmocka_unit_test(every_scheme_signs_what_its_certificate_verifies),
		cmocka_unit_test(a_file_holds_exactly_one_key_with_its_certificate),
		cmocka_unit_test(only_a_certificate_meant_for_documents_may_sign),
		cmocka_unit_test(only_a_certificate_within_its_time_may_sign),
	};

	return cmocka_run_group_tests_name("PKCS#12 files", tests, NULL, NULL);
}
