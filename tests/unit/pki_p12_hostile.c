/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/p12.h"

#include "support/ca.h"
#include "support/key_file.h"

#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define PASSPHRASE KEY_FILE_PASSPHRASE

/* Hostile files: written with whatever parameters, never derived. */

static X509_ALGOR *pbkdf2(int64_t iterations)
{
	X509_ALGOR *algorithm = PKCS5_pbe2_set(EVP_aes_256_cbc(), 1, NULL, 0);
	const void *value = NULL;
	PBE2PARAM *pbes2;
	PBKDF2PARAM *kdf;
	int type = 0;

	assert_non_null(algorithm);
	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	pbes2 = ASN1_item_unpack(value, ASN1_ITEM_rptr(PBE2PARAM));
	assert_non_null(pbes2);
	kdf = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), pbes2->keyfunc->parameter);
	assert_non_null(kdf);
	assert_int_equal(ASN1_INTEGER_set_int64(kdf->iter, iterations), 1);
	assert_non_null(ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(PBKDF2PARAM), kdf, &pbes2->keyfunc->parameter));
	assert_non_null(ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(PBE2PARAM), pbes2, &algorithm->parameter));
	PBKDF2PARAM_free(kdf);
	PBE2PARAM_free(pbes2);
	return algorithm;
}

static X509_ALGOR *scrypt(uint64_t n, uint64_t r, uint64_t p)
{
	X509_ALGOR *algorithm = PKCS5_pbe2_set_scrypt(EVP_aes_256_cbc(), NULL, 0, NULL, 2, 1, 1);
	const void *value = NULL;
	SCRYPT_PARAMS *kdf;
	PBE2PARAM *pbes2;
	int type = 0;

	assert_non_null(algorithm);
	X509_ALGOR_get0(NULL, &type, &value, algorithm);
	pbes2 = ASN1_item_unpack(value, ASN1_ITEM_rptr(PBE2PARAM));
	assert_non_null(pbes2);
	kdf = ASN1_TYPE_unpack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), pbes2->keyfunc->parameter);
	assert_non_null(kdf);
	assert_int_equal(ASN1_INTEGER_set_uint64(kdf->costParameter, n), 1);
	assert_int_equal(ASN1_INTEGER_set_uint64(kdf->blockSize, r), 1);
	assert_int_equal(ASN1_INTEGER_set_uint64(kdf->parallelizationParameter, p), 1);
	assert_non_null(ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(SCRYPT_PARAMS), kdf, &pbes2->keyfunc->parameter));
	assert_non_null(ASN1_TYPE_pack_sequence(ASN1_ITEM_rptr(PBE2PARAM), pbes2, &algorithm->parameter));
	SCRYPT_PARAMS_free(kdf);
	PBE2PARAM_free(pbes2);
	return algorithm;
}

/* A shrouded key bag with this algorithm (taken) around nothing. */
static STACK_OF(PKCS12_SAFEBAG) * shrouded(X509_ALGOR *algorithm)
{
	static const uint8_t nothing[32] = { 0 };
	STACK_OF(PKCS12_SAFEBAG) *bags = sk_PKCS12_SAFEBAG_new_null();
	ASN1_OCTET_STRING *value = NULL;
	X509_SIG *sig = X509_SIG_new();
	X509_ALGOR *place = NULL;

	X509_SIG_getm(sig, &place, &value);
	assert_int_equal(X509_ALGOR_copy(place, algorithm), 1);
	assert_int_equal(ASN1_OCTET_STRING_set(value, nothing, sizeof(nothing)), 1);
	assert_true(sk_PKCS12_SAFEBAG_push(bags, PKCS12_SAFEBAG_create0_pkcs8(sig)) > 0);
	X509_ALGOR_free(algorithm);
	return bags;
}

/* The bags (taken) in one safe; a cipher of -1 leaves it open. No MAC. */
static PKCS12 *file_of_bags(STACK_OF(PKCS12_SAFEBAG) * bags, int cipher)
{
	STACK_OF(PKCS7) *safes = NULL;
	PKCS12 *file;

	assert_int_equal(PKCS12_add_safe(&safes, bags, cipher, 1, PASSPHRASE), 1);
	file = PKCS12_add_safes(safes, 0);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return file;
}

/* A safe that is encrypted with this algorithm (taken). */
static PKCS12 *file_locked_with(X509_ALGOR *algorithm)
{
	static const uint8_t nothing[32] = { 0 };
	STACK_OF(PKCS7) *safes = sk_PKCS7_new_null();
	PKCS7 *safe = PKCS7_new();
	PKCS7_ENC_CONTENT *content;
	PKCS12 *file;

	assert_int_equal(PKCS7_set_type(safe, NID_pkcs7_encrypted), 1);
	content = safe->d.encrypted->enc_data;
	X509_ALGOR_free(content->algorithm);
	content->algorithm = algorithm;
	content->enc_data = ASN1_OCTET_STRING_new();
	assert_int_equal(ASN1_OCTET_STRING_set(content->enc_data, nothing, sizeof(nothing)), 1);
	assert_true(sk_PKCS7_push(safes, safe) > 0);
	file = PKCS12_add_safes(safes, 0);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return file;
}

static PKCS12 *file_with_mac(int iterations)
{
	PKCS12 *file = key_file_of(1, 1);
	unsigned char salt[] = { 1, 2, 3, 4, 5, 6, 7, 8 };

	assert_int_equal(PKCS12_setup_mac(file, iterations, salt, (int)sizeof(salt), EVP_sha256()), 1);
	return file;
}

/* If one of these were derived the test would not end within the runner's time. */
static void huge_counts_are_refused_before_anything_is_derived(void **state)
{
	(void)state;
	assert_int_equal(key_file_judge(file_with_mac(INT32_MAX), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_with_mac(PKI_P12_MAX_ITERATIONS), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_of_bags(shrouded(pbkdf2(INT32_MAX)), -1), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_of_bags(shrouded(pbkdf2(INT64_MAX)), -1), PASSPHRASE), BE_LIMIT);
	assert_int_equal(
		key_file_judge(file_of_bags(shrouded(pbkdf2(INT32_MAX)), NID_aes_256_cbc), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_of_bags(shrouded(PKCS5_pbe_set(NID_pbe_WithSHA1And3_Key_TripleDES_CBC,
							     INT32_MAX, NULL, 0)),
						-1),
				 PASSPHRASE),
		BE_LIMIT);
	assert_int_equal(key_file_judge(file_locked_with(pbkdf2(INT32_MAX)), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_locked_with(scrypt(1u << 20, 8, 1)), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_locked_with(scrypt(1u << 10, 1u << 30, 1)), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_locked_with(scrypt(2, 1, UINT64_MAX)), PASSPHRASE), BE_LIMIT);
	assert_int_equal(
		key_file_judge(file_locked_with(scrypt(UINT64_MAX / 2 + 1, UINT64_MAX, 2)), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_locked_with(scrypt(1u << 14, 8, 100)), PASSPHRASE), BE_LIMIT);
}

static void many_counts_are_refused_by_their_sum(void **state)
{
	STACK_OF(PKCS12_SAFEBAG) *bags = shrouded(pbkdf2(PKI_P12_MAX_ITERATIONS / 2));
	STACK_OF(PKCS12_SAFEBAG) *more = shrouded(pbkdf2(PKI_P12_MAX_ITERATIONS / 2 + 1));

	(void)state;
	assert_true(sk_PKCS12_SAFEBAG_push(bags, sk_PKCS12_SAFEBAG_pop(more)) > 0);
	sk_PKCS12_SAFEBAG_free(more);
	assert_int_equal(key_file_judge(file_of_bags(bags, -1), PASSPHRASE), BE_LIMIT);
}

static void counts_that_are_no_counts_are_refused(void **state)
{
	(void)state;
	assert_int_equal(key_file_judge(file_of_bags(shrouded(pbkdf2(0)), -1), PASSPHRASE), BE_BAD_KEY_FILE);
	assert_int_equal(key_file_judge(file_of_bags(shrouded(pbkdf2(-5)), -1), PASSPHRASE), BE_BAD_KEY_FILE);
	assert_int_equal(key_file_judge(file_locked_with(scrypt(3, 1, 1)), PASSPHRASE), BE_BAD_KEY_FILE);
	assert_int_equal(key_file_judge(file_locked_with(scrypt(16, 0, 1)), PASSPHRASE), BE_BAD_KEY_FILE);
	assert_int_equal(key_file_judge(file_locked_with(scrypt(16, 1, 1)), PASSPHRASE), BE_WRONG_PASSPHRASE);
}

static void an_algorithm_that_is_not_here_is_named(void **state)
{
	struct be_error err = { .code = BE_OK };
	X509_ALGOR *unknown = X509_ALGOR_new();
	struct buffer bytes = BUFFER_EMPTY;
	struct pki_key *key = NULL;
	EVP_CIPHER *rc2 = EVP_CIPHER_fetch(NULL, "RC2-40-CBC", NULL);
	PKCS12 *file;

	(void)state;
	assert_int_equal(X509_ALGOR_set0(unknown, OBJ_txt2obj("1.3.6.1.4.1.99999.9", 1), V_ASN1_UNDEF, NULL), 1);
	assert_int_equal(key_file_judge(file_locked_with(unknown), PASSPHRASE), BE_UNSUPPORTED);
	EVP_CIPHER_free(rc2);
	if (rc2 != NULL) {
		print_message("this OpenSSL is configured to have RC2\n");
		skip();
	}
	file = file_locked_with(PKCS5_pbe_set(NID_pbe_WithSHA1And40BitRC2_CBC, 2048, NULL, 0));
	ca_p12_der(&bytes, file);
	assert_int_equal(key_file_open(&key, bytes.data, bytes.len, PASSPHRASE, &err), BE_UNSUPPORTED);
	assert_string_equal(err.detail, "pbeWithSHA1And40BitRC2-CBC");
	buffer_free(&bytes);
	PKCS12_free(file);
}

/* Puts the content into an element with a definite length of four octets. */
static void enclose(struct buffer *content, uint8_t tag)
{
	struct buffer whole = BUFFER_EMPTY;

	buffer_add_byte(&whole, tag);
	buffer_add_byte(&whole, 0x84);
	for (int shift = 24; shift >= 0; shift -= 8)
		buffer_add_byte(&whole, (uint8_t)(content->len >> shift));
	buffer_add(&whole, content->data, content->len);
	assert_false(whole.failed);
	buffer_free(content);
	*content = whole;
}

/* A key and its certificate in bags within bags. */
static PKCS12 *file_nested(int levels)
{
	static const uint8_t type[] = { 0x06, 0x0B, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x0C, 0x0A, 0x01, 0x06 };
	STACK_OF(PKCS12_SAFEBAG) *bags = NULL;
	STACK_OF(PKCS7) *safes = sk_PKCS7_new_null();
	struct buffer content = BUFFER_EMPTY;
	PKCS7 *safe = PKCS7_new();
	X509 *cert = key_file_person(0);
	unsigned char *der = NULL;
	PKCS12 *file;
	int len;

	assert_non_null(PKCS12_add_key(&bags, key_file_key(0), 0, 1, NID_aes_256_cbc, PASSPHRASE));
	assert_non_null(PKCS12_add_cert(&bags, cert));
	len = ASN1_item_i2d((const ASN1_VALUE *)bags, &der, ASN1_ITEM_rptr(PKCS12_SAFEBAGS));
	assert_true(len > 0);
	buffer_add(&content, der, (size_t)len);
	for (int i = 0; i < levels; i++) {
		struct buffer bag = BUFFER_EMPTY;

		enclose(&content, 0xA0);
		buffer_add(&bag, type, sizeof(type));
		buffer_add(&bag, content.data, content.len);
		enclose(&bag, 0x30);
		buffer_free(&content);
		content = bag;
		enclose(&content, 0x30);
	}
	assert_int_equal(PKCS7_set_type(safe, NID_pkcs7_data), 1);
	assert_int_equal(ASN1_OCTET_STRING_set(safe->d.data, content.data, (int)content.len), 1);
	assert_true(sk_PKCS7_push(safes, safe) > 0);
	file = PKCS12_add_safes(safes, 0);
	OPENSSL_free(der);
	buffer_free(&content);
	X509_free(cert);
	sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
	sk_PKCS7_pop_free(safes, PKCS7_free);
	return file;
}

static void bags_within_bags_are_opened_but_not_without_end(void **state)
{
	(void)state;
	assert_int_equal(key_file_judge(file_nested(0), PASSPHRASE), BE_OK);
	assert_int_equal(key_file_judge(file_nested(2), PASSPHRASE), BE_OK);
	assert_int_equal(key_file_judge(file_nested(9), PASSPHRASE), BE_LIMIT);
	assert_int_equal(key_file_judge(file_nested(500), PASSPHRASE), BE_BAD_KEY_FILE);
}

static void a_file_cut_anywhere_is_refused(void **state)
{
	X509 *cert = key_file_person(0);
	struct buffer file = BUFFER_EMPTY;
	struct pki_key *key = NULL;

	(void)state;
	ca_p12(&file, PASSPHRASE, key_file_key(0), cert, NULL, 1);
	for (size_t len = 0; len < file.len; len++)
		assert_int_equal(key_file_open(&key, file.data, len, PASSPHRASE, NULL), BE_BAD_KEY_FILE);
	assert_int_equal(key_file_open(&key, file.data, file.len, PASSPHRASE, NULL), BE_OK);
	pki_key_free(&key);
	buffer_free(&file);
	X509_free(cert);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static void a_file_changed_anywhere_never_opens_wrongly(void **state)
{
	X509 *cert = key_file_person(0);
	struct buffer file = BUFFER_EMPTY;
	struct pki_key *key = NULL;
	uint32_t seed = 1;

	(void)state;
	ca_p12(&file, PASSPHRASE, key_file_key(0), cert, NULL, 1);
	for (size_t i = 0; i < file.len; i++) {
		uint8_t kept = file.data[i];

		file.data[i] = (uint8_t)(kept ^ (1u << (next_random(&seed) % 8)));
		/* What the MAC does not cover, an unused field, may be changed. */
		if (key_file_open(&key, file.data, file.len, PASSPHRASE, NULL) == BE_OK)
			assert_string_equal(pki_key_info(key)->name, "Siti Contoh");
		pki_key_free(&key);
		file.data[i] = kept;
	}
	buffer_free(&file);
	X509_free(cert);
}

static void random_bytes_are_no_key_file(void **state)
{
	uint32_t seed = 7;
	struct pki_key *key = NULL;

	(void)state;
	for (int i = 0; i < 2000; i++) {
		uint8_t bytes[200];
		size_t len = next_random(&seed) % sizeof(bytes);

		for (size_t j = 0; j < len; j++)
			bytes[j] = (uint8_t)next_random(&seed);
		if (len > 2 && i % 2 == 0) {
			bytes[0] = 0x30;
			bytes[1] = (uint8_t)(len - 2 < 128 ? len - 2 : 127);
		}
		assert_int_equal(key_file_open(&key, bytes, len, PASSPHRASE, NULL), BE_BAD_KEY_FILE);
	}
}

static void a_file_too_large_is_not_even_read(void **state)
{
	struct buffer file = BUFFER_EMPTY;
	struct pki_key *key = NULL;

	(void)state;
	buffer_add_fill(&file, 0x30, PKI_P12_MAX_BYTES + 1);
	assert_int_equal(key_file_open(&key, file.data, file.len, PASSPHRASE, NULL), BE_LIMIT);
	buffer_free(&file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(huge_counts_are_refused_before_anything_is_derived),
		cmocka_unit_test(many_counts_are_refused_by_their_sum),
		cmocka_unit_test(counts_that_are_no_counts_are_refused),
		cmocka_unit_test(an_algorithm_that_is_not_here_is_named),
		cmocka_unit_test(bags_within_bags_are_opened_but_not_without_end),
		cmocka_unit_test(a_file_cut_anywhere_is_refused),
		cmocka_unit_test(a_file_changed_anywhere_never_opens_wrongly),
		cmocka_unit_test(random_bytes_are_no_key_file),
		cmocka_unit_test(a_file_too_large_is_not_even_read),
	};

	return cmocka_run_group_tests_name("hostile PKCS#12 files", tests, NULL, NULL);
}
