/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pdf/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define MAX 1000000u

static enum be_err decode(struct buffer *out, const char *dict, const void *data, size_t len, size_t max)
{
	const uint8_t *text = (const uint8_t *)dict;
	struct pdf_cursor c = { text, text, text + strlen(dict) };
	struct pdf_arena *arena = NULL;
	struct pdf_obj obj;
	enum be_err rc;

	assert_int_equal(pdf_arena_new(&arena, 1u << 20, NULL), BE_OK);
	assert_int_equal(pdf_parse(&c, arena, &obj, NULL), BE_OK);
	rc = pdf_filter_decode(out, &obj, data, len, max, NULL);
	pdf_arena_free(&arena);
	return rc;
}

/* The data deflated, then decoded as the dictionary says. */
static enum be_err decode_deflated(struct buffer *out, const char *dict, const void *data, size_t len, size_t max)
{
	uLongf size = compressBound(len);
	uint8_t *packed = malloc(size);
	enum be_err rc;

	assert_non_null(packed);
	assert_int_equal(compress(packed, &size, data, len), Z_OK);
	rc = decode(out, dict, packed, size, max);
	free(packed);
	return rc;
}

static void without_a_filter_data_stays_as_it_is(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(decode(&b, "<<>>", "abc", 3, 3), BE_OK);
	assert_int_equal(decode(&b, "<</Filter []>>", "def", 3, 3), BE_OK);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, "abcdef", 6);
	assert_int_equal(decode(&b, "<<>>", "abc", 3, 2), BE_LIMIT);
	buffer_free(&b);
}

/* clang-format off */
static const struct {
	const char *dict;
	enum be_err expected;
} dicts[] = {
	{ "<</Filter /FlateDecode>>", BE_OK },
	{ "<</Filter /Fl>>", BE_OK },
	{ "<</Filter [/FlateDecode]>>", BE_OK },
	{ "<</Filter [/FlateDecode] /DecodeParms [null]>>", BE_OK },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 1>>>>", BE_OK },
	{ "<</Filter [/FlateDecode] /DecodeParms <</Predictor 1>>>>", BE_OK },
	{ "<</Filter /LZWDecode>>", BE_UNSUPPORTED },
	{ "<</Filter /ASCIIHexDecode>>", BE_UNSUPPORTED },
	{ "<</Filter [/FlateDecode /FlateDecode]>>", BE_UNSUPPORTED },
	{ "<</Filter 5 0 R>>", BE_UNSUPPORTED },
	{ "<</Filter (FlateDecode)>>", BE_UNSUPPORTED },
	{ "<</Filter /FlateDecode /DecodeParms [null null]>>", BE_UNSUPPORTED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 3>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 16>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor -1>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 0>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns -5>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 9223372036854775807>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 12 /Colors 33>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 12 /BitsPerComponent 17>>>>", BE_MALFORMED },
	{ "<</Filter /FlateDecode /DecodeParms <</Predictor 2 /BitsPerComponent 4>>>>", BE_UNSUPPORTED },
};
/* clang-format on */

static void what_a_dictionary_asks_for_is_done_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(dicts); i++) {
		struct buffer b = BUFFER_EMPTY;
		enum be_err rc = decode_deflated(&b, dicts[i].dict, "Surat", 5, MAX);

		if (rc != dicts[i].expected)
			fail_msg("%s: error %d", dicts[i].dict, (int)rc);
		if (rc == BE_OK) {
			assert_int_equal(b.len, 5);
			assert_memory_equal(b.data, "Surat", 5);
		}
		buffer_free(&b);
	}
}

/* Two rows of three bytes each, one byte or three a pixel. */
/* clang-format off */
static const struct {
	const char *what, *parms;
	uint8_t rows[8], plain[6];
} predictors[] = {
	{ "none", "/Predictor 10 /Columns 3", { 0, 1, 2, 3, 0, 4, 5, 6 }, { 1, 2, 3, 4, 5, 6 } },
	{ "sub", "/Predictor 11 /Columns 3", { 1, 1, 1, 1, 1, 250, 5, 5 }, { 1, 2, 3, 250, 255, 4 } },
	{ "up", "/Predictor 12 /Columns 3", { 2, 1, 2, 3, 2, 1, 1, 255 }, { 1, 2, 3, 2, 3, 2 } },
	{ "average", "/Predictor 13 /Columns 3", { 3, 10, 10, 10, 3, 1, 1, 1 }, { 10, 15, 17, 6, 11, 15 } },
	{ "average above 255", "/Predictor 13 /Columns 3", { 0, 255, 255, 255, 3, 128, 1, 1 },
		{ 255, 255, 255, 255, 0, 128 } },
	{ "Paeth", "/Predictor 14 /Columns 3", { 4, 10, 10, 10, 4, 1, 1, 1 }, { 10, 20, 30, 11, 21, 31 } },
	{ "Paeth picks the corner", "/Predictor 14 /Columns 3", { 0, 5, 1, 9, 4, 0, 0, 0 }, { 5, 1, 9, 5, 1, 9 } },
	{ "each row its own", "/Predictor 15 /Columns 3", { 1, 1, 1, 1, 2, 1, 1, 1 }, { 1, 2, 3, 2, 3, 4 } },
	{ "the row decides, not /Predictor", "/Predictor 10 /Columns 3", { 1, 1, 1, 1, 2, 1, 1, 1 },
		{ 1, 2, 3, 2, 3, 4 } },
	{ "sub over a pixel of three", "/Predictor 11 /Columns 1 /Colors 3", { 1, 1, 2, 3, 1, 4, 5, 6 },
		{ 1, 2, 3, 4, 5, 6 } },
	{ "rows of bits", "/Predictor 12 /Columns 24 /BitsPerComponent 1", { 0, 1, 2, 3, 2, 1, 1, 1 },
		{ 1, 2, 3, 2, 3, 4 } },
};
/* clang-format on */

static void png_predictors_are_undone(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(predictors); i++) {
		struct buffer b = BUFFER_EMPTY;
		char dict[120];

		(void)snprintf(dict, sizeof(dict), "<</Filter /FlateDecode /DecodeParms <<%s>>>>", predictors[i].parms);
		buffer_add_str(&b, "x"); /* what was there before stays and is no row above */
		assert_int_equal(decode_deflated(&b, dict, predictors[i].rows, 8, MAX), BE_OK);
		if (b.len != 7 || b.data[0] != 'x' || memcmp(b.data + 1, predictors[i].plain, 6) != 0)
			fail_msg("%s", predictors[i].what);
		buffer_free(&b);
	}
}

static void the_tiff_predictor_is_undone(void **state)
{
	static const char dict[] = "<</Filter /FlateDecode /DecodeParms <</Predictor 2 /Columns 3>>>>";
	static const char pixels[] = "<</Filter /FlateDecode /DecodeParms <</Predictor 2 /Columns 2 /Colors 3>>>>";
	static const uint8_t rows[6] = { 1, 1, 1, 5, 255, 1 };
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(decode_deflated(&b, dict, rows, 6, MAX), BE_OK);
	assert_int_equal(b.len, 6);
	assert_memory_equal(b.data, ((const uint8_t[6]){ 1, 2, 3, 5, 4, 5 }), 6);
	buffer_reset(&b);
	assert_int_equal(decode_deflated(&b, pixels, rows, 6, MAX), BE_OK);
	assert_memory_equal(b.data, ((const uint8_t[6]){ 1, 1, 1, 6, 0, 2 }), 6);
	buffer_free(&b);
}

static void rows_that_do_not_come_out_even(void **state)
{
	static const char dict[] = "<</Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 3>>>>";
	static const char wide[] =
		"<</Filter /FlateDecode /DecodeParms <</Predictor 12 /Columns 1048576 /Colors 32>>>>";
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(decode_deflated(&b, dict, "\0abc\2\1\1", 7, MAX), BE_OK);
	assert_int_equal(b.len, 3); /* the last row is short */
	buffer_reset(&b);
	assert_int_equal(decode_deflated(&b, dict, "\5abc", 4, MAX), BE_MALFORMED);
	buffer_reset(&b);
	assert_int_equal(decode_deflated(&b, dict, "", 0, MAX), BE_OK);
	assert_int_equal(b.len, 0);
	assert_int_equal(decode_deflated(&b, wide, "\0abc", 4, MAX), BE_OK);
	assert_int_equal(b.len, 0);
	buffer_free(&b);
}

static void a_bomb_stops_at_the_bound(void **state)
{
	const size_t len = 8u << 20;
	uint8_t *zeros = calloc(1, len);
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	assert_non_null(zeros);
	assert_int_equal(decode_deflated(&b, "<</Filter /FlateDecode>>", zeros, len, 100000), BE_LIMIT);
	assert_true(b.len < 200000);
	buffer_reset(&b);
	assert_int_equal(decode_deflated(&b, "<</Filter /FlateDecode>>", zeros, len, len), BE_OK);
	assert_int_equal(b.len, len);
	buffer_free(&b);
	free(zeros);
}

static void data_cut_short_at_any_byte_is_malformed(void **state)
{
	static const char text[] = "Surat keputusan tentang contoh, contoh, dan contoh.";
	uint8_t packed[200];
	uLongf size = sizeof(packed);
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(compress(packed, &size, (const uint8_t *)text, sizeof(text)), Z_OK);
	for (size_t len = 0; len < size; len++) {
		buffer_reset(&b);
		assert_int_equal(decode(&b, "<</Filter /FlateDecode>>", packed, len, MAX), BE_MALFORMED);
	}
	buffer_reset(&b);
	packed[size] = '\n'; /* an end of line before endstream that /Length counts is no data */
	assert_int_equal(decode(&b, "<</Filter /FlateDecode>>", packed, size + 1, MAX), BE_OK);
	assert_int_equal(b.len, sizeof(text));
	packed[size - 1] ^= 1; /* the check sum */
	assert_int_equal(decode(&b, "<</Filter /FlateDecode>>", packed, size, MAX), BE_MALFORMED);
	buffer_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_filter_data_stays_as_it_is),
		cmocka_unit_test(what_a_dictionary_asks_for_is_done_or_refused),
		cmocka_unit_test(png_predictors_are_undone),
		cmocka_unit_test(the_tiff_predictor_is_undone),
		cmocka_unit_test(rows_that_do_not_come_out_even),
		cmocka_unit_test(a_bomb_stops_at_the_bound),
		cmocka_unit_test(data_cut_short_at_any_byte_is_malformed),
	};

	return cmocka_run_group_tests_name("pdf filters", tests, NULL, NULL);
}
