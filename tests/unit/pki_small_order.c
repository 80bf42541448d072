/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pki/small_order.h"

#include <openssl/evp.h>

#include <string.h>

static EVP_PKEY *public_key(int type, const uint8_t *point, size_t len)
{
	return EVP_PKEY_new_raw_public_key(type, NULL, point, len);
}

/* Is one and the same signature good for two messages? That is what the attack lives on. */
static bool anything_verifies(EVP_PKEY *key)
{
	static const char *const messages[] = { "satu", "dua" };
	const uint8_t signature[64] = { 1 }; /* R is the neutral element, S is 0 */
	bool all = true;

	for (size_t i = 0; i < 2; i++) {
		EVP_MD_CTX *ctx = EVP_MD_CTX_new();

		all = all && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
			EVP_DigestVerify(ctx, signature, sizeof(signature), (const uint8_t *)messages[i],
				strlen(messages[i])) == 1;
		EVP_MD_CTX_free(ctx);
	}
	return all;
}

static void a_key_under_which_anything_verifies_is_found(void **state)
{
	const uint8_t neutral[32] = { 1 };
	EVP_PKEY *key = public_key(EVP_PKEY_ED25519, neutral, sizeof(neutral));

	(void)state;
	assert_non_null(key);
	assert_true(anything_verifies(key));
	assert_true(pki_small_order(key));
	EVP_PKEY_free(key);
}

static void every_such_point_of_both_curves_is_found(void **state)
{
	static const struct {
		int type;
		size_t len;
		uint8_t first, middle, rest, last; /* byte 0, byte 28, all others, the last */
	} points[] = {
		{ EVP_PKEY_ED25519, 32, 0, 0, 0, 0 },
		{ EVP_PKEY_ED25519, 32, 0, 0, 0, 0x80 },
		{ EVP_PKEY_ED25519, 32, 1, 0, 0, 0x80 },
		{ EVP_PKEY_ED25519, 32, 0xec, 0xff, 0xff, 0x7f },
		{ EVP_PKEY_ED25519, 32, 0xed, 0xff, 0xff, 0xff },
		{ EVP_PKEY_ED25519, 32, 0xee, 0xff, 0xff, 0x7f },
		{ EVP_PKEY_ED448, 57, 0, 0, 0, 0 },
		{ EVP_PKEY_ED448, 57, 0, 0, 0, 0x80 },
		{ EVP_PKEY_ED448, 57, 1, 0, 0, 0 },
		{ EVP_PKEY_ED448, 57, 0xfe, 0xfe, 0xff, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(points) / sizeof(points[0]); i++) {
		uint8_t point[57];
		EVP_PKEY *key;

		memset(point, points[i].rest, sizeof(point));
		point[0] = points[i].first;
		point[28] = points[i].middle;
		point[points[i].len - 1] = points[i].last;
		key = public_key(points[i].type, point, points[i].len);
		assert_non_null(key);
		if (!pki_small_order(key))
			fail_msg("row %zu", i);
		EVP_PKEY_free(key);
	}
}

static void an_honest_key_is_none(void **state)
{
	static const int types[] = { EVP_PKEY_ED25519, EVP_PKEY_ED448 };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const uint8_t seed[57] = { 7, 7, 7 };
		EVP_PKEY *key = EVP_PKEY_new_raw_private_key(types[i], NULL, seed, i == 0 ? 32 : 57);

		assert_non_null(key);
		assert_false(pki_small_order(key));
		EVP_PKEY_free(key);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_under_which_anything_verifies_is_found),
		cmocka_unit_test(every_such_point_of_both_curves_is_found),
		cmocka_unit_test(an_honest_key_is_none),
	};

	return cmocka_run_group_tests_name("keys of small order", tests, NULL, NULL);
}
