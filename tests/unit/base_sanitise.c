/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/sanitise.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define ELLIPSIS "\xE2\x80\xA6"
#define BAD "\xEF\xBF\xBD"

/* What must never come out, listed by hand: the test does not trust the table that it tests. */
static const struct {
	uint32_t first, last;
} forbidden[] = {
	{ 0x00, 0x1F },
	{ 0x7F, 0x9F },
	{ 0xA0, 0xA0 },
	{ 0xAD, 0xAD },
	{ 0x34F, 0x34F },
	{ 0x61C, 0x61C },
	{ 0x115F, 0x1160 },
	{ 0x17B4, 0x17B5 },
	{ 0x180B, 0x180F },
	{ 0x2000, 0x200F },
	{ 0x2028, 0x202F },
	{ 0x205F, 0x206F },
	{ 0x2800, 0x2800 },
	{ 0x3000, 0x3000 },
	{ 0x3164, 0x3164 },
	{ 0xD800, 0xF8FF },
	{ 0xFDD0, 0xFDEF },
	{ 0xFE00, 0xFE0F },
	{ 0xFEFF, 0xFEFF },
	{ 0xFFA0, 0xFFA0 },
	{ 0xFFF0, 0xFFFB },
	{ 0xFFFE, 0xFFFF },
	{ 0x1D173, 0x1D17A },
	{ 0x1FFFE, 0x1FFFF },
	{ 0xE0000, 0x10FFFF },
};

static void assert_harmless(const struct buffer *b, size_t max_cells)
{
	size_t cells = 0;
	size_t at = 0;
	unsigned marks = 4;

	assert_false(b->failed);
	while (at < b->len) {
		uint32_t c;
		int width;

		at += utf8_decode(b->data + at, b->len - at, &c);
		assert_int_not_equal(c, UTF8_BAD);
		for (size_t i = 0; i < sizeof(forbidden) / sizeof(forbidden[0]); i++)
			if (c >= forbidden[i].first && c <= forbidden[i].last)
				fail_msg("U+%04X came out", c);
		width = utf8_width(c);
		assert_in_range(width, 0, 2);
		marks = width == 0 ? marks + 1 : 0;
		assert_in_range(marks, 0, 4);
		cells += (size_t)width;
	}
	if (max_cells != 0)
		assert_in_range(cells, 0, max_cells);
}

static void no_code_point_harms(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	for (uint32_t c = 0; c <= 0x10FFFF; c++) {
		uint8_t text[6] = { 'a' };
		size_t len = 1 + utf8_encode(c, text + 1);

		text[len++] = 'z';
		buffer_reset(&b);
		sanitise_add(&b, text, len, 0);
		assert_harmless(&b, 0);
		buffer_reset(&b);
		sanitise_add(&b, text, len, 2);
		assert_harmless(&b, 2);
	}
	buffer_free(&b);
}

static void no_pair_of_bytes_harms(void **state)
{
	struct buffer b = BUFFER_EMPTY;
	char fixed[8];

	(void)state;
	for (unsigned i = 0; i <= 0xFFFF; i++) {
		const uint8_t text[3] = { (uint8_t)(i >> 8), (uint8_t)i, 0 };

		buffer_reset(&b);
		sanitise_add(&b, text, 2, 0);
		assert_harmless(&b, 0);
		buffer_reset(&b);
		sanitise_utf8(&b, text, 2);
		for (size_t at = 0; at < b.len;) {
			uint32_t c;

			at += utf8_decode(b.data + at, b.len - at, &c);
			assert_int_not_equal(c, UTF8_BAD);
		}
		assert_ptr_equal(sanitise_str(fixed, sizeof(fixed), (const char *)text), fixed);
		buffer_reset(&b);
		buffer_add_str(&b, fixed);
		assert_harmless(&b, 0);
	}
	buffer_free(&b);
}

static void no_mixture_of_bytes_harms_or_is_too_wide(void **state)
{
	struct buffer b = BUFFER_EMPTY;
	uint64_t seed = 20261122;

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		uint8_t text[40];
		size_t max = 1 + round % 20;

		for (size_t i = 0; i < sizeof(text); i++) {
			seed = seed * 6364136223846793005u + 1442695040888963407u;
			text[i] = (uint8_t)(seed >> 33);
			if (round % 2 == 0 && i % 2 == 0)
				text[i] = 0xCC; /* many marks */
		}
		buffer_reset(&b);
		sanitise_add(&b, text, sizeof(text), max);
		assert_harmless(&b, max);
	}
	buffer_free(&b);
}

static const struct {
	const char *what, *text, *shown;
} attacks[] = {
	{ "plain text stays", "Siti Nurhaliza, S.H.", "Siti Nurhaliza, S.H." },
	{ "other scripts stay", "\xE4\xB8\xAD\xE6\x96\x87 \xD0\x96 \xEA\xA6\xA0",
		"\xE4\xB8\xAD\xE6\x96\x87 \xD0\x96 \xEA\xA6\xA0" },
	{ "colour", "\x1B[32mPASSED\x1B[0m", "\\x1b[32mPASSED\\x1b[0m" },
	{ "clipboard (OSC 52)", "\x1B]52;c;cm0gLXJm\x07", "\\x1b]52;c;cm0gLXJm\\x07" },
	{ "window title (OSC 2)", "\x1B]2;x\x1B\\", "\\x1b]2;x\\x1b\\" },
	{ "hyperlink (OSC 8)", "\x1B]8;;http://example.test\x1B\\", "\\x1b]8;;http://example.test\\x1b\\" },
	{ "reset",
		"\x1B"
		"c",
		"\\x1bc" },
	{ "CSI as a C1 control",
		"\xC2\x9B"
		"2J",
		"\\x9b2J" },
	{ "CSI as a raw byte",
		"\x9B"
		"2J",
		BAD "2J" },
	{ "other character set",
		"a\x0E"
		"b\x0F",
		"a\\x0eb\\x0f" },
	{ "a verdict on a line of its own", "x\nTOTAL-PASSED", "x\\x0aTOTAL-PASSED" },
	{ "a verdict over our line", "x\rTOTAL-PASSED", "x\\x0dTOTAL-PASSED" },
	{ "a verdict by backspace", "no\b\bok", "no\\x08\\x08ok" },
	{ "right-to-left override",
		"invoice\xE2\x80\xAE"
		"fdp.exe",
		"invoice<U+202E>fdp.exe" },
	{ "isolates",
		"a\xE2\x81\xA6"
		"b\xE2\x81\xA9",
		"a<U+2066>b<U+2069>" },
	{ "zero width space", "ad\xE2\x80\x8Bmin", "ad<U+200B>min" },
	{ "soft hyphen", "ad\xC2\xADmin", "ad<U+00AD>min" },
	{ "byte order mark",
		"\xEF\xBB\xBF"
		"a",
		"<U+FEFF>a" },
	{ "line separator",
		"a\xE2\x80\xA8"
		"b",
		"a<U+2028>b" },
	{ "variation selector", "a\xEF\xB8\x8F", "a<U+FE0F>" },
	{ "tag characters", "a\xF3\xA0\x81\xA1", "a<U+E0061>" },
	{ "private use", "a\xEE\x80\x80", "a<U+E000>" },
	{ "Hangul filler", "\xE3\x85\xA4", "<U+3164>" },
	{ "no-break space",
		"a\xC2\xA0"
		"b",
		"a b" },
	{ "ideographic space",
		"a\xE3\x80\x80"
		"b",
		"a b" },
	{ "a mark joins nothing of ours",
		"\xCC\xB8"
		"a",
		"<U+0338>a" },
	{ "a mark changes no escape", "\x1B\xCC\xB8", "\\x1b<U+0338>" },
	{ "four marks", "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81", "e\xCC\x81\xCC\x81\xCC\x81\xCC\x81" },
	{ "a tower of marks",
		"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x81\xCC\x82"
		"f",
		"e\xCC\x81\xCC\x81\xCC\x81\xCC\x81<U+0301><U+0302>f" },
};

static void an_attack_is_shown_instead_of_done(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(attacks) / sizeof(attacks[0]); i++) {
		struct buffer b = BUFFER_EMPTY;
		char fixed[200];

		sanitise_add(&b, attacks[i].text, strlen(attacks[i].text), 0);
		buffer_add_byte(&b, 0);
		if (strcmp((const char *)b.data, attacks[i].shown) != 0)
			fail_msg("%s: %s", attacks[i].what, (const char *)b.data);
		assert_string_equal(sanitise_str(fixed, sizeof(fixed), attacks[i].text), attacks[i].shown);
		buffer_free(&b);
	}
}

static void an_embedded_nul_is_shown(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	sanitise_add(&b, "a\0b", 3, 0);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "a\\x00b", 6);
	buffer_free(&b);
}

static const struct {
	const char *text;
	size_t cells;
	const char *shown;
} cuts[] = {
	{ "abc", 3, "abc" },
	{ "abcd", 3, "ab" ELLIPSIS },
	{ "abcd", 1, ELLIPSIS },
	{ "a", 1, "a" },
	{ "", 1, "" },
	{ "a\x1B"
	  "b",
		6, "a\\x1bb" },
	{ "a\x1B"
	  "b",
		5, "a" ELLIPSIS },
	{ "\xE4\xB8\xAD\xE6\x96\x87", 4, "\xE4\xB8\xAD\xE6\x96\x87" },
	{ "\xE4\xB8\xAD\xE6\x96\x87", 3, "\xE4\xB8\xAD" ELLIPSIS },
	{ "\xE4\xB8\xAD\xE6\x96\x87", 2, ELLIPSIS },
	{ "e\xCC\x81"
	  "fg",
		2, "e\xCC\x81" ELLIPSIS },
	{ "ae\xCC\x81", 2, "ae\xCC\x81" },
};

static void a_text_keeps_within_its_cells(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct buffer b = BUFFER_EMPTY;

		buffer_add_str(&b, "> ");
		sanitise_add(&b, cuts[i].text, strlen(cuts[i].text), cuts[i].cells);
		buffer_add_byte(&b, 0);
		if (strcmp((const char *)b.data + 2, cuts[i].shown) != 0)
			fail_msg("%zu: %s", i, (const char *)b.data);
		buffer_free(&b);
	}
}

static void a_fixed_array_is_never_overrun_and_never_splits_a_character(void **state)
{
	static const char text[] = "\xE4\xB8\xAD"
				   "a\x1B"
				   "e\xCC\x81"
				   "bcdef";

	(void)state;
	for (size_t size = 0; size < 32; size++) {
		struct buffer b = BUFFER_EMPTY;
		char out[33];

		memset(out, '#', sizeof(out));
		(void)sanitise_str(out, size, text);
		for (size_t i = size; i < sizeof(out); i++)
			assert_int_equal(out[i], '#');
		if (size > 0) {
			assert_in_range(strlen(out), 0, size - 1);
			buffer_add_str(&b, out);
			assert_harmless(&b, 0);
		}
		buffer_free(&b);
	}
}

static void no_text_is_an_empty_text(void **state)
{
	char out[4] = "abc";

	(void)state;
	assert_string_equal(sanitise_str(out, sizeof(out), NULL), "");
}

static void json_text_keeps_what_is_utf8(void **state)
{
	static const char text[] = "a\x1B\xC2\x9B\xFF"
				   "b\xED\xA0\x80"
				   "\xE4\xB8\xAD";
	static const char expected[] = "a\x1B\xC2\x9B" BAD "b" BAD BAD BAD "\xE4\xB8\xAD";
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	sanitise_utf8(&b, text, sizeof(text) - 1);
	assert_int_equal(b.len, sizeof(expected) - 1);
	assert_memory_equal(b.data, expected, b.len);
	buffer_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_code_point_harms),
		cmocka_unit_test(no_pair_of_bytes_harms),
		cmocka_unit_test(no_mixture_of_bytes_harms_or_is_too_wide),
		cmocka_unit_test(an_attack_is_shown_instead_of_done),
		cmocka_unit_test(an_embedded_nul_is_shown),
		cmocka_unit_test(a_text_keeps_within_its_cells),
		cmocka_unit_test(a_fixed_array_is_never_overrun_and_never_splits_a_character),
		cmocka_unit_test(no_text_is_an_empty_text),
		cmocka_unit_test(json_text_keeps_what_is_utf8),
	};

	return cmocka_run_group_tests_name("base_sanitise", tests, NULL, NULL);
}
