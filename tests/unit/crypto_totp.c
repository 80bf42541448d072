/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct secret *secret;

static int setup(void **state)
{
	(void)state;
	assert_int_equal(secret_new(&secret, TOTP_SECRET_SIZE, NULL), BE_OK);
	assert_int_equal(secret_add(secret, "12345678901234567890", TOTP_SECRET_SIZE, NULL), BE_OK);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	secret_free(&secret);
	return 0;
}

/* RFC 6238, appendix B, SHA-1. */
/* clang-format off */
static const struct { int64_t moment; const char *eight; } vectors[] = {
	{ 59, "94287082" },         { 1111111109, "07081804" }, { 1111111111, "14050471" },
	{ 1234567890, "89005924" }, { 2000000000, "69279037" }, { 20000000000, "65353130" },
};
/* clang-format on */

static void codes_are_those_of_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		char code[TOTP_CODE_MAX];

		assert_int_equal(totp_code(code, secret, totp_step(vectors[i].moment), 8, NULL), BE_OK);
		assert_string_equal(code, vectors[i].eight);
		assert_int_equal(totp_code(code, secret, totp_step(vectors[i].moment), 6, NULL), BE_OK);
		assert_string_equal(code, vectors[i].eight + 2);
	}
}

#define NOW 1234567890

/* A code of a step so many steps away from now, and the newest step accepted so many steps away. */
/* clang-format off */
static const struct { const char *what; int64_t of, last; enum be_err expected; const char *detail; } checks[] = {
	{ "of now",                           0, -10, BE_OK, "" },
	{ "of the step before",              -1, -10, BE_OK, "" },
	{ "of the step after",                1, -10, BE_OK, "" },
	{ "of now, though the last came just before", 0, -1, BE_OK, "" },
	{ "used",                             0,   0, BE_CODE_USED, "" },
	{ "older than one used",             -1,   0, BE_CODE_USED, "" },
	{ "of a clock a minute behind",      -2, -10, BE_CLOCK, "-60" },
	{ "of a clock a minute ahead",        2, -10, BE_CLOCK, "+60" },
	{ "of a clock ten minutes behind",  -20, -90, BE_CLOCK, "-600" },
	{ "of a clock ten minutes ahead",    20, -90, BE_CLOCK, "+600" },
	{ "of a clock farther off",          21, -90, BE_WRONG_CODE, "" },
	{ "of yesterday",                 -2880, -9000, BE_WRONG_CODE, "" },
};
/* clang-format on */

static void a_code_is_good_for_one_window_and_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		int64_t now = totp_step(NOW);
		struct be_error err = { .code = BE_OK };
		char code[TOTP_CODE_MAX];
		int64_t step = TOTP_STEP_NONE;

		assert_int_equal(totp_code(code, secret, now + checks[i].of, TOTP_DIGITS, NULL), BE_OK);
		if (totp_check(secret, code, NOW, now + checks[i].last, &step, &err) != checks[i].expected)
			fail_msg("%s: %d", checks[i].what, (int)err.code);
		if (checks[i].expected == BE_OK)
			assert_int_equal(step, now + checks[i].of);
		else
			assert_string_equal(err.detail, checks[i].detail);
	}
}

static void a_code_may_be_typed_with_blanks_and_nothing_else(void **state)
{
	static const char *const wrong[] = { "", "00592", "0059245", "005 925", "00592x", "+05924", "005924\n", "-5924",
		"٠٠٥٩٢٤" };
	int64_t step = 0;

	(void)state;
	assert_int_equal(totp_check(secret, "005924", NOW, -1, &step, NULL), BE_OK);
	assert_int_equal(totp_check(secret, "005 924", NOW, -1, &step, NULL), BE_OK);
	assert_int_equal(totp_check(secret, " 00 59 24 ", NOW, -1, &step, NULL), BE_OK);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(totp_check(secret, wrong[i], NOW, -1, &step, NULL), BE_WRONG_CODE);
}

static void the_setup_key_is_base32_and_the_address_is_short(void **state)
{
	static const char expected[] =
		"otpauth://totp/BeSign:budi%40contoh.example?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=BeSign";
	struct secret *out = NULL;

	(void)state;
	assert_int_equal(totp_setup_key(&out, secret, NULL), BE_OK);
	assert_string_equal((const char *)secret_bytes(out), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
	secret_free(&out);
	assert_int_equal(totp_uri(&out, "BeSign", "budi@contoh.example", secret, NULL), BE_OK);
	assert_string_equal((const char *)secret_bytes(out), expected);
	secret_free(&out);
}

static void names_cannot_change_the_address(void **state)
{
	struct secret *out = NULL;
	char name[66];

	(void)state;
	assert_int_equal(totp_uri(&out, "A:B&secret=x", "c?d#e/f g%", secret, NULL), BE_OK);
	assert_string_equal((const char *)secret_bytes(out),
		"otpauth://totp/A%3AB%26secret%3Dx:c%3Fd%23e%2Ff%20g%25?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
		"&issuer=A%3AB%26secret%3Dx");
	secret_free(&out);
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(totp_uri(&out, "BeSign", name, secret, NULL), BE_LIMIT);
	assert_null(out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(codes_are_those_of_the_rfc),
		cmocka_unit_test(a_code_is_good_for_one_window_and_once),
		cmocka_unit_test(a_code_may_be_typed_with_blanks_and_nothing_else),
		cmocka_unit_test(the_setup_key_is_base32_and_the_address_is_short),
		cmocka_unit_test(names_cannot_change_the_address),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
