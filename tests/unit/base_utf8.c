/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

static void every_character_comes_back_from_its_bytes(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		uint8_t bytes[4];
		uint32_t back;
		size_t len = utf8_encode(c, bytes);

		assert_int_equal(utf8_decode(bytes, len, &back), len);
		assert_int_equal(back, c >= 0xD800 && c <= 0xDFFF ? 0xFFFD : c);
		if (len > 1) {
			assert_int_equal(utf8_decode(bytes, len - 1, &back), 1);
			assert_int_equal(back, UTF8_BAD);
		}
	}
}

static const struct {
	const char *what, *bytes;
} wrong[] = {
	{ "a continuation byte alone", "\x80" },
	{ "a C1 control as a raw byte", "\x9B" },
	{ "overlong slash in two bytes", "\xC0\xAF" },
	{ "overlong in two bytes, highest", "\xC1\xBF" },
	{ "overlong in three bytes", "\xE0\x9F\xBF" },
	{ "overlong in four bytes", "\xF0\x8F\xBF\xBF" },
	{ "a high surrogate", "\xED\xA0\x80" },
	{ "a low surrogate", "\xED\xBF\xBF" },
	{ "above U+10FFFF", "\xF4\x90\x80\x80" },
	{ "a lead that no longer exists", "\xF8\x88\x80\x80\x80" },
	{ "FE", "\xFE" },
	{ "FF", "\xFF" },
	{ "a lead before ASCII", "\xC3(" },
	{ "three bytes, the last missing", "\xE2\x82(" },
	{ "four bytes, the last missing", "\xF0\x9F\x98(" },
};

static void what_is_no_utf8_is_one_bad_byte(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		uint32_t c = 0;
		size_t taken = utf8_decode((const uint8_t *)wrong[i].bytes, strlen(wrong[i].bytes), &c);

		if (taken != 1 || c != UTF8_BAD)
			fail_msg("%s: took %zu, gave %x", wrong[i].what, taken, c);
	}
}

static void an_empty_text_takes_nothing(void **state)
{
	const uint8_t byte = 'x';
	uint32_t c = 0;

	(void)state;
	assert_int_equal(utf8_decode(&byte, 0, &c), 0);
	assert_int_equal(c, UTF8_BAD);
}

static const struct {
	uint32_t c;
	int width;
} widths[] = {
	{ 'A', 1 },
	{ ' ', 1 },
	{ '~', 1 },
	{ 0xE9, 1 },
	{ 0x416, 1 },
	{ 0x2026, 1 },
	{ 0xFFFD, 1 },
	{ 0xA0, 1 },
	{ 0x3000, 2 },
	{ 0x4E2D, 2 },
	{ 0xAC00, 2 },
	{ 0xFF21, 2 },
	{ 0x1F600, 2 },
	{ 0x20000, 2 },
	{ 0x1100, 2 },
	{ 0x301, 0 },
	{ 0x20DD, 0 },
	{ 0xE31, 0 },
	{ 0x1161, 0 },
	{ 0xA9B7, 0 },
	{ 0, -1 },
	{ 0x1B, -1 },
	{ 0x7F, -1 },
	{ 0x9B, -1 },
	{ 0xAD, -1 },
	{ 0x200B, -1 },
	{ 0x202E, -1 },
	{ 0x2028, -1 },
	{ 0xFEFF, -1 },
	{ 0xD800, -1 },
	{ 0xE000, -1 },
	{ 0xFFFF, -1 },
	{ 0xE0041, -1 },
	{ 0x378, -1 },
	{ 0x115F, -1 },
	{ 0x10FFFF, -1 },
	{ 0x110000, -1 },
	{ UTF8_BAD, -1 },
};

static void a_character_has_its_width_in_every_locale(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		if (utf8_width(widths[i].c) != widths[i].width)
			fail_msg("U+%04X: %d", widths[i].c, utf8_width(widths[i].c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_character_comes_back_from_its_bytes),
		cmocka_unit_test(what_is_no_utf8_is_one_bad_byte),
		cmocka_unit_test(an_empty_text_takes_nothing),
		cmocka_unit_test(a_character_has_its_width_in_every_locale),
	};

	return cmocka_run_group_tests_name("base_utf8", tests, NULL, NULL);
}
