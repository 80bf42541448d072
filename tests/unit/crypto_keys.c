/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/scrypt.h"
#include "crypto/seal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct secret *secret_of(const void *bytes, size_t len)
{
	struct secret *out = NULL;

	assert_int_equal(secret_new(&out, len, NULL), BE_OK);
	assert_int_equal(secret_add(out, bytes, len, NULL), BE_OK);
	return out;
}

static void assert_hex(const void *bytes, size_t len, const char *expected)
{
	struct buffer text = BUFFER_EMPTY;

	encode_add(&text, ENCODE_HEX, bytes, len);
	buffer_add_byte(&text, '\0');
	assert_string_equal((const char *)text.data, expected);
	buffer_free(&text);
}

/* RFC 4231, test case 2; RFC 2202, test case 2. */
static void hmac_gives_the_published_values(void **state)
{
	static const char text[] = "what do ya want for nothing?";
	uint8_t out[DIGEST_MAX];

	(void)state;
	assert_int_equal(crypto_hmac(DIGEST_SHA256, "Jefe", 4, text, strlen(text), out, NULL), BE_OK);
	assert_hex(out, 32, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_int_equal(crypto_hmac(DIGEST_SHA1, "Jefe", 4, text, strlen(text), out, NULL), BE_OK);
	assert_hex(out, 20, "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
}

/* RFC 5869, A.3: without salt and info, which is written as the purpose here. */
static void hkdf_gives_the_published_value(void **state)
{
	uint8_t bytes[22];
	struct secret *key;
	struct secret *out = NULL;

	(void)state;
	memset(bytes, 0x0b, sizeof(bytes));
	key = secret_of(bytes, sizeof(bytes));
	assert_int_equal(crypto_hkdf(&out, 42, key, NULL, 0, "", NULL), BE_OK);
	assert_hex(secret_bytes(out), secret_len(out),
		"8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
	secret_free(&out);
	secret_free(&key);
}

static void keys_for_two_purposes_have_nothing_in_common(void **state)
{
	struct secret *key = secret_of("0123456789abcdef0123456789abcdef", 32);
	struct secret *a = NULL;
	struct secret *b = NULL;

	(void)state;
	assert_int_equal(crypto_hkdf(&a, 32, key, NULL, 0, "otp", NULL), BE_OK);
	assert_int_equal(crypto_hkdf(&b, 32, key, NULL, 0, "mail", NULL), BE_OK);
	assert_memory_not_equal(secret_bytes(a), secret_bytes(b), 32);
	secret_free(&a);
	secret_free(&b);
	secret_free(&key);
}

/* As Python's hashlib.scrypt has it: the RFC's own examples are cheaper than the floor here, or take a gibibyte. */
static void scrypt_gives_what_another_program_gives(void **state)
{
	const struct scrypt_cost cost = { 15, 8, 1 };
	struct secret *passphrase = secret_of("pleaseletmein", 13);
	struct secret *out = NULL;

	(void)state;
	assert_int_equal(
		scrypt_derive(&out, 32, passphrase, (const uint8_t *)"SodiumChloride--", 16, &cost, NULL), BE_OK);
	assert_hex(secret_bytes(out), 32, "8a11ea64855523ddfa43fb1e88b4ba11d8e28738a400dad2212005f28a76fa58");
	secret_free(&out);
	secret_free(&passphrase);
}

static void a_cost_outside_the_bounds_is_refused_before_it_is_paid(void **state)
{
	/* clang-format off */
	static const struct { struct scrypt_cost cost; enum be_err expected; } costs[] = {
		{ { 14, 8, 1 }, BE_LIMIT }, { { 15, 8, 1 }, BE_OK }, { { 20, 8, 4 }, BE_OK }, { { 21, 8, 1 }, BE_LIMIT },
		{ { 63, 8, 1 }, BE_LIMIT }, { { 17, 1, 1 }, BE_LIMIT }, { { 17, 255, 1 }, BE_LIMIT },
		{ { 17, 8, 0 }, BE_LIMIT }, { { 17, 8, 5 }, BE_LIMIT },
	};
	/* clang-format on */
	struct secret *passphrase = secret_of("pleaseletmein", 13);
	struct secret *out = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(costs) / sizeof(costs[0]); i++)
		assert_int_equal(scrypt_cost_check(&costs[i].cost, NULL), costs[i].expected);
	assert_int_equal(
		scrypt_derive(&out, 32, passphrase, (const uint8_t *)"0123456789abcdef", 16, &costs[4].cost, NULL),
		BE_LIMIT);
	assert_null(out);
	secret_free(&passphrase);
}

static void the_machine_decides_the_cost_but_not_below_the_floor(void **state)
{
	static const struct {
		uint64_t mebibytes;
		uint8_t log2_n;
	} machines[] = { { 64, 15 }, { 256, 15 }, { 512, 15 }, { 600, 16 }, { 1100, 17 }, { 65536, 17 } };

	(void)state;
	for (size_t i = 0; i < sizeof(machines) / sizeof(machines[0]); i++)
		assert_int_equal(scrypt_cost_for_machine(machines[i].mebibytes << 20).log2_n, machines[i].log2_n);
	assert_int_equal(
		scrypt_cost_check(&(struct scrypt_cost){ scrypt_cost_for_machine(0).log2_n, 8, 1 }, NULL), BE_OK);
}

static void what_is_sealed_opens_again_and_looks_different_each_time(void **state)
{
	struct secret *key = secret_of("0123456789abcdef0123456789abcdef", 32);
	uint8_t text[2000];
	struct secret *content;
	struct secret *back = NULL;
	struct buffer one = BUFFER_EMPTY;
	struct buffer two = BUFFER_EMPTY;

	(void)state;
	memset(text, 'x', sizeof(text));
	content = secret_of(text, sizeof(text));
	assert_int_equal(seal_close(&one, key, "header", 6, content, NULL), BE_OK);
	assert_int_equal(seal_close(&two, key, "header", 6, content, NULL), BE_OK);
	assert_int_equal(one.len, sizeof(text) + SEAL_EXTRA);
	assert_memory_not_equal(one.data, two.data, one.len);
	assert_int_equal(seal_open(&back, key, "header", 6, one.data, one.len, NULL), BE_OK);
	assert_int_equal(secret_len(back), sizeof(text));
	assert_memory_equal(secret_bytes(back), text, sizeof(text));
	secret_free(&back);
	secret_free(&content);
	secret_free(&key);
	buffer_free(&one);
	buffer_free(&two);
}

static void nothing_that_was_changed_opens(void **state)
{
	struct secret *key = secret_of("0123456789abcdef0123456789abcdef", 32);
	struct secret *other = secret_of("0123456789abcdef0123456789abcdeF", 32);
	struct secret *content = secret_of("a key", 5);
	struct secret *back = NULL;
	struct buffer sealed = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(seal_close(&sealed, key, "header", 6, content, NULL), BE_OK);
	for (size_t i = 0; i < sealed.len; i++) {
		sealed.data[i] ^= 0x01;
		assert_int_equal(seal_open(&back, key, "header", 6, sealed.data, sealed.len, NULL), BE_CRYPTO);
		sealed.data[i] ^= 0x01;
	}
	for (size_t len = 0; len < sealed.len; len++)
		assert_int_equal(seal_open(&back, key, "header", 6, sealed.data, len, NULL), BE_CRYPTO);
	assert_int_equal(seal_open(&back, key, "Header", 6, sealed.data, sealed.len, NULL), BE_CRYPTO);
	assert_int_equal(seal_open(&back, key, "heade", 5, sealed.data, sealed.len, NULL), BE_CRYPTO);
	assert_int_equal(seal_open(&back, other, "header", 6, sealed.data, sealed.len, NULL), BE_CRYPTO);
	assert_null(back);
	assert_int_equal(seal_open(&back, key, "header", 6, sealed.data, sealed.len, NULL), BE_OK);
	secret_free(&back);
	secret_free(&content);
	secret_free(&other);
	secret_free(&key);
	buffer_free(&sealed);
}

static void random_secrets_are_as_long_as_asked_and_never_the_same(void **state)
{
	struct secret *a = NULL;
	struct secret *b = NULL;

	(void)state;
	assert_int_equal(crypto_random_secret(&a, 200, NULL), BE_OK);
	assert_int_equal(crypto_random_secret(&b, 200, NULL), BE_OK);
	assert_int_equal(secret_len(a), 200);
	assert_false(crypto_equal(secret_bytes(a), secret_bytes(b), 200));
	assert_true(crypto_equal(secret_bytes(a), secret_bytes(a), 200));
	secret_free(&a);
	secret_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hmac_gives_the_published_values),
		cmocka_unit_test(hkdf_gives_the_published_value),
		cmocka_unit_test(keys_for_two_purposes_have_nothing_in_common),
		cmocka_unit_test(scrypt_gives_what_another_program_gives),
		cmocka_unit_test(a_cost_outside_the_bounds_is_refused_before_it_is_paid),
		cmocka_unit_test(the_machine_decides_the_cost_but_not_below_the_floor),
		cmocka_unit_test(what_is_sealed_opens_again_and_looks_different_each_time),
		cmocka_unit_test(nothing_that_was_changed_opens),
		cmocka_unit_test(random_secrets_are_as_long_as_asked_and_never_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
