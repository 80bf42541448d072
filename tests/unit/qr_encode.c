/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr/qr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ISO/IEC 18004, 6.3.3: a dark square of seven, a light ring of five in it, a dark square of three. */
static void assert_finder(const struct qr *code, uint32_t x, uint32_t y)
{
	for (uint32_t i = 0; i < 7; i++) {
		for (uint32_t k = 0; k < 7; k++) {
			const bool border = i == 0 || i == 6 || k == 0 || k == 6;
			const bool heart = i >= 2 && i <= 4 && k >= 2 && k <= 4;

			assert_int_equal(code->modules[(y + i) * code->side + x + k], border || heart);
		}
	}
}

static void a_code_has_its_three_finders_and_the_size_of_its_text(void **state)
{
	static const struct {
		size_t len;
		uint32_t side;
	} sizes[] = { { 1, 21 }, { 14, 21 }, { 15, 25 }, { 26, 25 }, { 27, 29 }, { 213, 57 }, { QR_TEXT_MAX, 133 } };
	char text[QR_TEXT_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct qr code;

		memset(text, 'a', sizeof(text));
		text[sizes[i].len] = '\0';
		assert_int_equal(qr_encode(&code, text, NULL), BE_OK);
		assert_int_equal(code.side, sizes[i].side);
		for (size_t k = 0; k < (size_t)code.side * code.side; k++)
			assert_true(code.modules[k] <= 1);
		assert_finder(&code, 0, 0);
		assert_finder(&code, code.side - 7, 0);
		assert_finder(&code, 0, code.side - 7);
		qr_free(&code);
		assert_null(code.modules);
	}
}

static void different_texts_are_different_codes(void **state)
{
	struct qr a, b;

	(void)state;
	assert_int_equal(qr_encode(&a, "https://contoh.example.invalid/1", NULL), BE_OK);
	assert_int_equal(qr_encode(&b, "https://contoh.example.invalid/2", NULL), BE_OK);
	assert_int_equal(a.side, b.side);
	assert_memory_not_equal(a.modules, b.modules, (size_t)a.side * a.side);
	qr_free(&a);
	qr_free(&b);
}

static void nothing_and_too_much_are_refused(void **state)
{
	char text[QR_TEXT_MAX + 2];
	struct qr code;

	(void)state;
	assert_int_equal(qr_encode(&code, "", NULL), BE_USAGE);
	memset(text, 'a', sizeof(text));
	text[QR_TEXT_MAX + 1] = '\0';
	assert_int_equal(qr_encode(&code, text, NULL), BE_LIMIT);
	assert_null(code.modules);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_has_its_three_finders_and_the_size_of_its_text),
		cmocka_unit_test(different_texts_are_different_codes),
		cmocka_unit_test(nothing_and_too_much_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
