/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pdf/object.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_MAX ((size_t)16 << 20)
#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct parsed {
	struct pdf_arena *arena;
	uint8_t *copy; /* of exactly the text's size, so that a read beyond is seen */
	struct pdf_obj obj;
	size_t taken;
	enum be_err rc;
};

static struct parsed parse_bytes(const void *text, size_t len)
{
	struct parsed p = { .copy = malloc(len > 0 ? len : 1) };
	struct pdf_cursor c;

	assert_non_null(p.copy);
	memcpy(p.copy, text, len);
	c = (struct pdf_cursor){ p.copy, p.copy, p.copy + len };
	assert_int_equal(pdf_arena_new(&p.arena, ARENA_MAX, NULL), BE_OK);
	p.rc = pdf_parse(&c, p.arena, &p.obj, NULL);
	p.taken = (size_t)(c.at - c.start);
	return p;
}

static struct parsed parse(const char *text)
{
	return parse_bytes(text, strlen(text));
}

static void forget(struct parsed *p)
{
	pdf_arena_free(&p->arena);
	free(p->copy);
}

/* ---- what an object is ---- */

/* clang-format off */
static const struct {
	const char *text;
	enum pdf_type type;
	size_t count;
	size_t taken; /* 0: all */
} good[] = {
	{ "null", PDF_NULL, 0, 0 },
	{ "true", PDF_BOOL, 0, 0 },
	{ "false]", PDF_BOOL, 0, 5 },
	{ " % comment\n 12", PDF_INT, 0, 0 },
	{ "-7 ", PDF_INT, 0, 2 },
	{ "12 0 R", PDF_REF, 0, 0 },
	{ "12 0 Rx", PDF_INT, 0, 2 },
	{ "12 0 obj", PDF_INT, 0, 2 },
	{ "12 %\n0 %\nR", PDF_REF, 0, 0 },
	{ "12 65536 R", PDF_INT, 0, 2 },
	{ "4294967296 0 R", PDF_INT, 0, 10 },
	{ "-12 0 R", PDF_INT, 0, 3 },
	{ "1.5", PDF_REAL, 0, 0 },
	{ "/Name/Next", PDF_NAME, 0, 5 },
	{ "/", PDF_NAME, 0, 0 },
	{ "(a(b)c)", PDF_STRING, 0, 0 },
	{ "(a\\)b)", PDF_STRING, 0, 0 },
	{ "()", PDF_STRING, 0, 0 },
	{ "<>", PDF_STRING, 0, 0 },
	{ "<41 42>", PDF_STRING, 0, 0 },
	{ "[]", PDF_ARRAY, 0, 0 },
	{ "[1 2 0 R(x)<00>/N[ ]<<>>null]", PDF_ARRAY, 8, 0 },
	{ "<<>>", PDF_DICT, 0, 0 },
	{ "<</A 1/B(x)/C<</D[]>>>>", PDF_DICT, 3, 0 },
	{ "<</A/B>>", PDF_DICT, 1, 0 },
	{ "<</A<41>>>", PDF_DICT, 1, 0 },
};
/* clang-format on */

static void good_text_is_read_to_its_end_and_no_further(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(good); i++) {
		struct parsed p = parse(good[i].text);

		if (p.rc != BE_OK || p.obj.type != (uint32_t)good[i].type)
			fail_msg("%s: error %d, type %u", good[i].text, (int)p.rc, p.obj.type);
		assert_int_equal(p.obj.count, good[i].count);
		assert_int_equal(p.taken, good[i].taken != 0 ? good[i].taken : strlen(good[i].text));
		assert_ptr_equal(p.obj.text + p.obj.size, p.copy + p.taken);
		forget(&p);
	}
}

static const char *const bad[] = {
	"",
	" ",
	"%",
	"% null",
	"nul",
	"nulll",
	"True",
	"R",
	"obj",
	"+",
	"-",
	".",
	"+-1",
	"--1",
	"1-1",
	"1..2",
	"1x",
	"0x1F",
	"1e5",
	")",
	"]",
	">",
	">>",
	"{",
	"}",
	"(",
	"(a",
	"(a(b)",
	"(a\\)",
	"(\\",
	"<",
	"<4",
	"<41",
	"[",
	"[1",
	"[1 2",
	"[)",
	"[>]",
	"<<",
	"<</A",
	"<</A>>",
	"<</A 1",
	"<</A 1>",
	"<<1 2>>",
	"<<(A) 1>>",
	"<</A 1 2>>",
	"<</A 1/B>>",
	"[<<]>>",
	"<<[>>]",
	"[1 R]",
	"[1 2 3 R R]",
};

static void bad_text_is_malformed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct parsed p = parse(bad[i]);

		if (p.rc != BE_MALFORMED)
			fail_msg("%s: error %d", bad[i], (int)p.rc);
		forget(&p);
	}
}

static void text_cut_short_at_any_byte_is_malformed(void **state)
{
	static const char text[] =
		"<< /A [ 1 2 0 R -3.5 (a\\(b\\051(c)) <41 4> ] /B#20C << /D true /E null >> % c\n /F /G#4 >>";

	(void)state;
	for (size_t len = 0; len < sizeof(text) - 1; len++) {
		struct parsed p = parse_bytes(text, len);

		assert_int_equal(p.rc, BE_MALFORMED);
		forget(&p);
	}
}

/* ---- nesting ---- */

static enum be_err nest(size_t depth, const char *open, const char *inner, const char *close)
{
	struct buffer b = BUFFER_EMPTY;
	struct parsed p;
	enum be_err rc;

	for (size_t i = 0; i < depth; i++)
		buffer_add_str(&b, open);
	buffer_add_str(&b, inner);
	for (size_t i = 0; i < depth; i++)
		buffer_add_str(&b, close);
	p = parse_bytes(b.data, b.len);
	rc = p.rc;
	forget(&p);
	buffer_free(&b);
	return rc;
}

static void nesting_ends_at_its_limit(void **state)
{
	(void)state;
	assert_int_equal(nest(PDF_NESTING_MAX, "[", "", "]"), BE_OK);
	assert_int_equal(nest(PDF_NESTING_MAX, "[", "1", "]"), BE_OK);
	assert_int_equal(nest(PDF_NESTING_MAX, "<</A", " 1", ">>"), BE_OK);
	assert_int_equal(nest(PDF_NESTING_MAX + 1, "[", "", "]"), BE_LIMIT);
	assert_int_equal(nest(PDF_NESTING_MAX + 1, "<</A", " 1", ">>"), BE_LIMIT);
	assert_int_equal(nest(1000000, "[", "", ""), BE_LIMIT);
	assert_int_equal(nest(100000, "(", "", ")"), BE_OK); /* parentheses in a string nest nothing */
}

/* ---- numbers ---- */

/* clang-format off */
static const struct {
	const char *text;
	bool whole;
	int64_t integer;
	double real;
} numbers[] = {
	{ "0", true, 0, 0 },
	{ "-0", true, 0, 0 },
	{ "+17", true, 17, 0 },
	{ "0000000000000000000000017", true, 17, 0 },
	{ "9223372036854775807", true, INT64_MAX, 0 },
	{ "-9223372036854775807", true, -INT64_MAX, 0 },
	{ "9223372036854775808", false, 0, 9223372036854775808.0 },
	{ "-9223372036854775809", false, 0, -9223372036854775808.0 },
	{ "99999999999999999999", false, 0, 1e20 },
	{ ".5", false, 0, 0.5 },
	{ "4.", false, 0, 4 },
	{ "-.002", false, 0, -0.002 },
	{ "34.5", false, 0, 34.5 },
};
/* clang-format on */

static void numbers_are_exact_or_real(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct parsed p = parse(numbers[i].text);

		assert_int_equal(p.rc, BE_OK);
		if (numbers[i].whole) {
			assert_true(pdf_is(&p.obj, PDF_INT));
			assert_int_equal(p.obj.u.integer, numbers[i].integer);
		} else {
			double scale = numbers[i].real < 0 ? -numbers[i].real : numbers[i].real;

			assert_true(pdf_is(&p.obj, PDF_REAL));
			assert_true(p.obj.u.real - numbers[i].real < scale * 1e-12 &&
				numbers[i].real - p.obj.u.real < scale * 1e-12);
		}
		forget(&p);
	}
}

static void a_number_beyond_all_bounds_is_malformed(void **state)
{
	char digits[401];
	struct parsed p;

	(void)state;
	memset(digits, '9', sizeof(digits) - 1);
	digits[sizeof(digits) - 1] = '\0';
	p = parse(digits);
	assert_int_equal(p.rc, BE_MALFORMED);
	forget(&p);
}

static void offsets_have_at_most_nineteen_digits(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t value;
	} cases[] = {
		{ "0", true, 0 },
		{ "9999999999999999999", true, 9999999999999999999u },
		{ "10000000000000000000", false, 0 },
		{ "00000000000000000001", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ "1x", false, 0 },
		{ "", false, 0 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const uint8_t *text = (const uint8_t *)cases[i].text;
		struct pdf_cursor c = { text, text, text + strlen(cases[i].text) };
		uint64_t value = 0;

		assert_int_equal(pdf_read_number(&c, &value), cases[i].good);
		assert_int_equal(value, cases[i].value);
		assert_ptr_equal(c.at, cases[i].good ? c.end : c.start);
	}
}

/* ---- names and dictionaries ---- */

/* clang-format off */
static const struct {
	const char *text, *name;
	bool same;
} names[] = {
	{ "/Name", "Name", true },
	{ "/N#61me", "Name", true },
	{ "/#4e#61#6D#65", "Name", true },
	{ "/", "", true },
	{ "/A#20B", "A B", true },
	{ "/A#2", "A#2", true },  /* no escape: a byte is missing */
	{ "/A#zz", "A#zz", true },
	{ "/A##41", "A#A", true },
	{ "/Name", "Names", false },
	{ "/Names", "Name", false },
	{ "/Name#00", "Name", false },
	{ "/name", "Name", false },
};
/* clang-format on */

static void names_are_compared_without_their_escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(names); i++) {
		struct parsed p = parse(names[i].text);
		char text[16];

		assert_int_equal(p.rc, BE_OK);
		if (pdf_name_is(&p.obj, names[i].name) != names[i].same)
			fail_msg("%s and %s", names[i].text, names[i].name);
		pdf_name_text(&p.obj, text, sizeof(text));
		assert_int_equal(strcmp(text, names[i].name) == 0, names[i].same);
		forget(&p);
	}
}

static void a_name_that_is_no_c_string_of_the_size_is_none(void **state)
{
	char text[5];
	struct parsed p = parse("/Name");
	struct parsed longer = parse("/Named");
	struct parsed zero = parse("/N#00m");
	struct parsed number = parse("1");

	(void)state;
	pdf_name_text(&p.obj, text, sizeof(text));
	assert_string_equal(text, "Name");
	pdf_name_text(&longer.obj, text, sizeof(text));
	assert_string_equal(text, "");
	pdf_name_text(&zero.obj, text, sizeof(text));
	assert_string_equal(text, "");
	pdf_name_text(&number.obj, text, sizeof(text));
	assert_string_equal(text, "");
	assert_false(pdf_name_is(&number.obj, "1"));
	forget(&p);
	forget(&longer);
	forget(&zero);
	forget(&number);
}

static void of_a_key_that_stands_twice_the_last_counts(void **state)
{
	struct parsed p = parse("<</A 1/B 2/#41 3/C null>>");

	(void)state;
	assert_int_equal(pdf_get_typed(&p.obj, "A", PDF_INT)->u.integer, 3);
	assert_int_equal(pdf_get(&p.obj, "B")->u.integer, 2);
	assert_null(pdf_get(&p.obj, "C"));
	assert_null(pdf_get(&p.obj, "D"));
	assert_null(pdf_get_typed(&p.obj, "A", PDF_NAME));
	assert_null(pdf_get(pdf_get(&p.obj, "A"), "A"));
	assert_null(pdf_get(NULL, "A"));
	forget(&p);
}

/* clang-format off */
static const struct {
	const char *text;
	bool twice;
} duplicates[] = {
	{ "<<>>", false },
	{ "<</A 1>>", false },
	{ "<</A 1/B 1/AB 1/a 1>>", false },
	{ "<</A 1/B 2/A 3>>", true },
	{ "<</A 1/B 2/#41 3>>", true },
	{ "<</AB 1/A#42 2>>", true },
	{ "<</A 1/A null>>", true },
	{ "<</ 1/ 2>>", true },
	{ "[/A/A]", false },
};
/* clang-format on */

static void duplicates_are_seen_whatever_way_they_are_written(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(duplicates); i++) {
		struct parsed p = parse(duplicates[i].text);

		if (pdf_dict_duplicates(&p.obj) != duplicates[i].twice)
			fail_msg("%s", duplicates[i].text);
		forget(&p);
	}
}

/* Comparing each key with each would take minutes. */
static void duplicates_among_very_many_keys_are_found_soon(void **state)
{
	struct buffer b = BUFFER_EMPTY;
	struct parsed p;

	(void)state;
	buffer_add_str(&b, "<<");
	for (unsigned i = 0; i < 100000; i++)
		buffer_printf(&b, "/%u 0", i);
	buffer_add_str(&b, ">>");
	p = parse_bytes(b.data, b.len);
	assert_int_equal(p.rc, BE_OK);
	assert_false(pdf_dict_duplicates(&p.obj));
	forget(&p);
	b.len -= 2;
	buffer_add_str(&b, "/#34999 1>>");
	p = parse_bytes(b.data, b.len);
	assert_int_equal(p.rc, BE_OK);
	assert_true(pdf_dict_duplicates(&p.obj));
	forget(&p);
	buffer_free(&b);
}

static void a_spent_arena_is_a_limit(void **state)
{
	struct pdf_arena *arena = NULL;
	struct buffer b = BUFFER_EMPTY;
	struct pdf_cursor c;
	struct pdf_obj obj;

	(void)state;
	buffer_add_byte(&b, '[');
	for (unsigned i = 0; i < 5000; i++)
		buffer_add_str(&b, "0 ");
	buffer_add_byte(&b, ']');
	c = (struct pdf_cursor){ b.data, b.data, b.data + b.len };
	assert_int_equal(pdf_arena_new(&arena, 100000, NULL), BE_OK);
	assert_null(pdf_arena_take(arena, SIZE_MAX));
	assert_int_equal(pdf_parse(&c, arena, &obj, NULL), BE_LIMIT);
	assert_non_null(pdf_arena_take(arena, 16));
	pdf_arena_free(&arena);
	pdf_arena_free(&arena);
	buffer_free(&b);
}

/* ---- strings ---- */

/* clang-format off */
static const struct {
	const char *text, *bytes;
	size_t len;
} strings[] = {
	{ "()", "", 0 },
	{ "(abc)", "abc", 3 },
	{ "(a(b)c)", "a(b)c", 5 },
	{ "(\\n\\r\\t\\b\\f)", "\n\r\t\b\f", 5 },
	{ "(\\(\\)\\\\)", "()\\", 3 },
	{ "(\\a\\8)", "a8", 2 },
	{ "(\\053)", "+", 1 },
	{ "(\\53x)", "+x", 2 },
	{ "(\\0053)", "\0053", 2 },
	{ "(\\7)", "\a", 1 },
	{ "(\\777)", "\377", 1 },
	{ "(\\0)", "\0", 1 },
	{ "(a\\\nb)", "ab", 2 },
	{ "(a\\\r\nb)", "ab", 2 },
	{ "(a\\\rb)", "ab", 2 },
	{ "(a\rb\r\nc\nd)", "a\nb\nc\nd", 7 },
	{ "<>", "", 0 },
	{ "<4142>", "AB", 2 },
	{ "<41 4\n2>", "AB", 2 },
	{ "<414>", "A@", 2 },
	{ "<aBcD>", "\xAB\xCD", 2 },
};
/* clang-format on */

static void strings_lose_their_escapes(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(strings); i++) {
		struct parsed p = parse(strings[i].text);
		struct buffer b = BUFFER_EMPTY;

		assert_int_equal(p.rc, BE_OK);
		pdf_string_bytes(&b, &p.obj);
		if (b.len != strings[i].len || (b.len > 0 && memcmp(b.data, strings[i].bytes, b.len) != 0))
			fail_msg("%s", strings[i].text);
		buffer_free(&b);
		forget(&p);
	}
}

/* clang-format off */
static const struct {
	const char *text, *utf8;
} texts[] = {
	{ "(Sari)", "Sari" },
	{ "(caf\\351)", "caf\xC3\xA9" },
	{ "(\\200\\240\\237)", "\xE2\x80\xA2\xE2\x82\xAC\xEF\xBF\xBD" },
	{ "(\\030\\037)", "\xCB\x98\xCB\x9C" },
	{ "<FEFF0041>", "A" },
	{ "<FEFF>", "" },
	{ "<FEFF00410>", "A" },                                /* half a unit is dropped */
	{ "<FEFFD83DDE00>", "\xF0\x9F\x98\x80" },
	{ "<FEFFD83D0041>", "\xEF\xBF\xBD" "A" },              /* half a pair */
	{ "<FEFFDE00>", "\xEF\xBF\xBD" },
	{ "<FEFFD83D>", "\xEF\xBF\xBD" },
	{ "<FEFF001B0069006400490044001B0041>", "A" },         /* a language escape: ESC idID ESC */
	{ "<FEFF0042001B00690064>", "B" },                     /* and one without end */
	{ "<FFFE41>", "\xC3\xBF\xC3\xBE" "A" },              /* little-endian is no text string */
	{ "<EFBBBFC3A9>", "\xC3\xA9" },
	{ "<EFBBBFC0AF41>", "\xEF\xBF\xBD\xEF\xBF\xBD" "A" },  /* what is no UTF-8 does not come through */
	{ "<EFBBBFEDA080>", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD" },
};
/* clang-format on */

static void text_strings_become_utf8(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(texts); i++) {
		struct parsed p = parse(texts[i].text);
		struct buffer b = BUFFER_EMPTY;

		assert_int_equal(p.rc, BE_OK);
		pdf_string_utf8(&b, &p.obj);
		buffer_add_byte(&b, '\0');
		if (strlen(texts[i].utf8) + 1 != b.len || memcmp(b.data, texts[i].utf8, b.len) != 0)
			fail_msg("%s: %s", texts[i].text, (const char *)b.data);
		buffer_free(&b);
		forget(&p);
	}
}

static void text_that_was_written_is_read_back(void **state)
{
	static const char *const cases[] = { "", "Sari Contoh, S.H.", "((()\\)", "caf\xC3\xA9",
		"\xE4\xB8\xAD\xE6\x96\x87", "\xF0\x9F\x98\x80!", "a\tb\n" };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct buffer written = BUFFER_EMPTY;
		struct buffer read = BUFFER_EMPTY;
		struct parsed p;

		pdf_put_text(&written, cases[i]);
		p = parse_bytes(written.data, written.len);
		assert_int_equal(p.rc, BE_OK);
		assert_int_equal(p.taken, written.len);
		pdf_string_utf8(&read, &p.obj);
		buffer_add_byte(&read, '\0');
		assert_string_equal((const char *)read.data, cases[i]);
		forget(&p);
		buffer_free(&read);
		buffer_free(&written);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_text_is_read_to_its_end_and_no_further),
		cmocka_unit_test(bad_text_is_malformed),
		cmocka_unit_test(text_cut_short_at_any_byte_is_malformed),
		cmocka_unit_test(nesting_ends_at_its_limit),
		cmocka_unit_test(numbers_are_exact_or_real),
		cmocka_unit_test(a_number_beyond_all_bounds_is_malformed),
		cmocka_unit_test(offsets_have_at_most_nineteen_digits),
		cmocka_unit_test(names_are_compared_without_their_escapes),
		cmocka_unit_test(a_name_that_is_no_c_string_of_the_size_is_none),
		cmocka_unit_test(of_a_key_that_stands_twice_the_last_counts),
		cmocka_unit_test(duplicates_are_seen_whatever_way_they_are_written),
		cmocka_unit_test(duplicates_among_very_many_keys_are_found_soon),
		cmocka_unit_test(a_spent_arena_is_a_limit),
		cmocka_unit_test(strings_lose_their_escapes),
		cmocka_unit_test(text_strings_become_utf8),
		cmocka_unit_test(text_that_was_written_is_read_back),
	};

	return cmocka_run_group_tests_name("pdf objects", tests, NULL, NULL);
}
