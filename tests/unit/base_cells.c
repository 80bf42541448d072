/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cells.h"
#include "base/utf8.h"

#include <string.h>

#define WIDE "\xE4\xB8\xAD"     /* U+4E2D, two cells */
#define ACUTE "\xCC\x81"        /* U+0301, joins what stands before it */
#define ELLIPSIS "\xE2\x80\xA6" /* U+2026, one cell */

static const struct {
	const char *text;
	size_t cells;
} widths[] = {
	{ "", 0 },
	{ "surat", 5 },
	{ "caf\xC3\xA9", 4 },
	{ "cafe" ACUTE, 4 },
	{ WIDE WIDE, 4 },
	{ "a" WIDE "b", 4 },
	{ "\xE3\x80\x80", 2 }, /* an ideographic space */
	{ "\x1B\x07", 0 },     /* not harmless: never counted on */
	{ "\xFF\xFE", 0 },
};

static void a_text_is_as_wide_as_its_characters_stand(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++)
		if (cells_width(widths[i].text) != widths[i].cells)
			fail_msg("%zu: %zu", i, cells_width(widths[i].text));
	assert_int_equal(cells_width_of(WIDE WIDE, 3), 2);
}

static const struct {
	const char *text;
	size_t room;
	const char *line;
} lines[] = {
	{ "", 5, "" },
	{ "satu dua", 8, "satu dua" },
	{ "satu dua", 7, "satu" },
	{ "satu dua tiga", 9, "satu dua" },
	{ "satu dua tiga", 8, "satu dua" },
	{ "perjanjian", 4, "perj" },
	{ "perjanjian", 0, "p" },
	{ WIDE WIDE WIDE, 5, WIDE WIDE },
	{ WIDE, 1, WIDE },
	{ WIDE ACUTE "x", 1, WIDE ACUTE },
	{ "abe" ACUTE "de", 3, "abe" ACUTE },
	{ " satu", 3, " sa" },
	{ "/rumah/surat.pdf", 12, "/rumah/" },
	{ "/rumah/surat.pdf lama", 18, "/rumah/surat.pdf" },
	{ "/rumah", 3, "/ru" },
};

static void a_line_ends_at_a_blank_or_between_characters(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const size_t len = cells_line(lines[i].text, strlen(lines[i].text), lines[i].room);

		if (len != strlen(lines[i].line))
			fail_msg("\"%s\" in %zu cells: %zu bytes", lines[i].text, lines[i].room, len);
	}
}

typedef void fit(struct buffer *out, const char *text, size_t room, const char *mark);

static const struct {
	fit *fit;
	const char *text;
	size_t room;
	const char *mark, *fitted;
} cuts[] = {
	{ cells_fit, "surat", 5, "~", "surat" },
	{ cells_fit, "surat", 4, "~", "sur~" },
	{ cells_fit, "surat", 1, "~", "~" },
	{ cells_fit, "surat", 0, "~", "" },
	{ cells_fit, "surat", 2, "...", "su" },
	{ cells_fit, "surat", 4, ELLIPSIS, "sur" ELLIPSIS },
	{ cells_fit, WIDE WIDE WIDE, 5, "~", WIDE WIDE "~" },
	{ cells_fit, WIDE WIDE WIDE, 4, "~", WIDE "~" },
	{ cells_fit, "e" ACUTE "e" ACUTE "e" ACUTE, 2, "~", "e" ACUTE "~" },
	{ cells_fit_name, "surat.pdf", 9, "~", "surat.pdf" },
	{ cells_fit_name, "perjanjian kerja sama final.pdf", 20, "~", "perjanjian~final.pdf" },
	{ cells_fit_name, "perjanjian.pdf", 8, "~", "per~.pdf" },
	{ cells_fit_name, "perjanjian.pdf", 6, "~", "p~.pdf" },
	{ cells_fit_name, "perjanjian.pdf", 5, "~", "perj~" },
	{ cells_fit_name, "perjanjian.pdf", 0, "~", "" },
	{ cells_fit_name, ".perjanjian", 6, "~", ".pe~an" },
	{ cells_fit_name, "tanpa akhiran", 7, "~", "tan~ran" },
	{ cells_fit_name, WIDE WIDE WIDE WIDE ".pdf", 8, "~", WIDE "~.pdf" },
	{ cells_fit_name,
		"abcdefgh"
		"e" ACUTE ".p",
		6, "~", "abc~.p" },
	{ cells_fit_name,
		"abcdefgh"
		"e" ACUTE ".p",
		7, "~", "abc~e" ACUTE ".p" },
	{ cells_fit_name, "perjanjian.pdf", 9, ELLIPSIS, "perj" ELLIPSIS ".pdf" },
};

static void what_is_cut_fits_and_says_that_it_was_cut(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cuts) / sizeof(cuts[0]); i++) {
		struct buffer out = BUFFER_EMPTY;

		cuts[i].fit(&out, cuts[i].text, cuts[i].room, cuts[i].mark);
		buffer_add_byte(&out, '\0');
		if (strcmp((const char *)out.data, cuts[i].fitted) != 0)
			fail_msg("\"%s\" in %zu cells: \"%s\"", cuts[i].text, cuts[i].room, (const char *)out.data);
		buffer_free(&out);
	}
}

/* Texts of all kinds of character, in every room: never too wide, never half a character. */
static void no_text_comes_out_too_wide_or_torn(void **state)
{
	static const char *const texts[] = { "surat jalan.pdf", WIDE "a" WIDE ".pdf", "e" ACUTE WIDE ACUTE " e.p" ACUTE,
		"....", "a." WIDE WIDE WIDE };
	static fit *const fits[] = { cells_fit, cells_fit_name };

	(void)state;
	for (size_t t = 0; t < sizeof(texts) / sizeof(texts[0]); t++) {
		for (size_t room = 0; room < 20; room++) {
			for (size_t f = 0; f < 2; f++) {
				struct buffer out = BUFFER_EMPTY;
				uint32_t c = 0;

				fits[f](&out, texts[t], room, "~");
				assert_true(cells_width_of(out.data, out.len) <= room);
				for (size_t at = 0; at < out.len; at += utf8_decode(out.data + at, out.len - at, &c))
					assert_int_not_equal(c, UTF8_BAD);
				buffer_free(&out);
			}
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_text_is_as_wide_as_its_characters_stand),
		cmocka_unit_test(a_line_ends_at_a_blank_or_between_characters),
		cmocka_unit_test(what_is_cut_fits_and_says_that_it_was_cut),
		cmocka_unit_test(no_text_comes_out_too_wide_or_torn),
	};

	return cmocka_run_group_tests_name("base_cells", tests, NULL, NULL);
}
