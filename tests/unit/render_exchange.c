/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What comes back from the helper that draws pages is believed in nothing: hostile answers, made by hand. */

#include "render/exchange.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Where the numbers of an answer's head stand. */
#define AT_VERSION 0
#define AT_OP 4
#define AT_FAULT 8
#define AT_PAGES 12
#define AT_COLS 16
#define AT_ROWS 20
#define AT_RECORDS_LEN 24
#define AT_TEXT_LEN 32
#define AT_DETAIL 40
#define HEAD (AT_DETAIL + RENDER_DETAIL_MAX)

/* From a copy of exactly this size, so that a sanitizer sees a read past the end. */
static enum be_err decode(const struct render_request *request, const uint8_t *bytes, size_t len)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	struct render_answer answer;
	enum be_err rc;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	rc = render_answer_decode(&answer, request, copy, len, NULL);
	if (rc != BE_OK) {
		assert_null(answer.records.data);
		assert_null(answer.text.data);
	}
	render_answer_free(&answer);
	free(copy);
	return rc;
}

static enum be_err decode_with(
	const struct render_request *request, const struct buffer *message, size_t at, const void *bytes, size_t len)
{
	struct buffer copy = BUFFER_EMPTY;
	enum be_err rc;

	buffer_add(&copy, message->data, message->len);
	assert_false(copy.failed);
	assert_true(at + len <= copy.len);
	memcpy(copy.data + at, bytes, len);
	rc = decode(request, copy.data, copy.len);
	buffer_free(&copy);
	return rc;
}

static enum be_err decode_with_number(
	const struct render_request *request, const struct buffer *message, size_t at, uint32_t value)
{
	return decode_with(request, message, at, &value, sizeof(value));
}

/* A proper answer to a request. */
static void encode(struct buffer *out, const struct render_request *request, const void *records, size_t len,
	const char *text, size_t text_len)
{
	struct render_answer answer = { .op = request->op, .cols = request->cols, .rows = request->rows };

	buffer_add(&answer.records, records, len);
	buffer_add(&answer.text, text, text_len);
	if (request->op == RENDER_OP_OPEN)
		answer.pages = 3;
	assert_int_equal(render_answer_encode(out, &answer, NULL), BE_OK);
	assert_int_equal(out->len, HEAD + len + text_len);
	assert_int_equal(decode(request, out->data, out->len), BE_OK);
	render_answer_free(&answer);
}

static const struct render_page a_page = { 595, 842, 1, 90, 1 };
static const struct render_cell cells[6] = { { 'x', 16, 231 }, { 0x2580, -1, 255 }, { ' ', -1, -1 }, { 0x28ff, 17, 18 },
	{ 0xe9, 20, 21 }, { '~', 255, 16 } };
static const uint32_t pixels[6] = { 0, 0xffffff, 0x123456, 1, 2, 3 };
static const struct render_rect rects[2] = { { 0, 0, 10, 10 }, { -5, 800.5, 0, 12 } };
static const struct render_field fields[1] = { { { 1, 2, 3, 4 }, RENDER_FIELD_SIGNATURE, "Tanda Tangan \xc3\xa9" } };

#define LINES "satu\0dua \xe2\x82\xac"

/* One answer of each kind. */
static const struct {
	struct render_request request;
	const void *records;
	size_t len;
	const char *text;
	size_t text_len;
} answers[] = {
	{ { .op = RENDER_OP_OPEN }, NULL, 0, NULL, 0 },
	{ { .op = RENDER_OP_PAGE }, &a_page, sizeof(a_page), NULL, 0 },
	{ { .op = RENDER_OP_CELLS, .cols = 3, .rows = 2, .mode = RENDER_256 }, cells, sizeof(cells), NULL, 0 },
	{ { .op = RENDER_OP_PIXELS, .cols = 3, .rows = 2 }, pixels, sizeof(pixels), NULL, 0 },
	{ { .op = RENDER_OP_TEXT }, rects, sizeof(rects), LINES, sizeof(LINES) },
	{ { .op = RENDER_OP_FIND }, rects, sizeof(rects), NULL, 0 },
	{ { .op = RENDER_OP_FIELDS }, fields, sizeof(fields), NULL, 0 },
	{ { .op = RENDER_OP_STAMP }, NULL, 0, "%PDF-1.4 and so on", 18 },
	{ { .op = RENDER_OP_CODES }, rects, sizeof(rects), LINES, sizeof(LINES) },
};

#define KINDS (sizeof(answers) / sizeof(answers[0]))

static void encode_kind(struct buffer *out, size_t i)
{
	encode(out, &answers[i].request, answers[i].records, answers[i].len, answers[i].text, answers[i].text_len);
}

static void there_is_an_answer_of_every_kind(void **state)
{
	(void)state;
	assert_int_equal(KINDS, RENDER_OP_COUNT);
	for (size_t i = 0; i < KINDS; i++)
		assert_int_equal(answers[i].request.op, i);
}

static void an_answer_of_any_other_length_is_nonsense(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct buffer message = BUFFER_EMPTY;

		encode_kind(&message, i);
		for (size_t len = 0; len < message.len; len++)
			assert_int_equal(decode(&answers[i].request, message.data, len), BE_MALFORMED);
		buffer_add_byte(&message, 0);
		assert_int_equal(decode(&answers[i].request, message.data, message.len), BE_MALFORMED);
		buffer_free(&message);
	}
}

static void an_answer_to_another_question_is_nonsense(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct buffer message = BUFFER_EMPTY;

		encode_kind(&message, i);
		for (size_t j = 0; j < KINDS; j++) {
			if (j != i)
				assert_int_equal(decode(&answers[j].request, message.data, message.len), BE_MALFORMED);
		}
		for (uint32_t bit = 0; bit < 32; bit++) {
			uint32_t version;

			memcpy(&version, message.data + AT_VERSION, sizeof(version));
			version ^= UINT32_C(1) << bit;
			assert_int_equal(
				decode_with_number(&answers[i].request, &message, AT_VERSION, version), BE_MALFORMED);
		}
		buffer_free(&message);
	}
}

static void numbers_of_the_head_are_held_against_the_question(void **state)
{
	static const struct {
		size_t at;
		uint32_t value;
	} wrong[] = {
		{ AT_FAULT, RENDER_FAULT_COUNT },
		{ AT_FAULT, UINT32_MAX },
		{ AT_FAULT, RENDER_NO_PAGE },
		{ AT_PAGES, RENDER_PAGES_MAX + 1 },
		{ AT_COLS, 0x10000 },
		{ AT_ROWS, 0x10000 },
		{ AT_COLS, 4 },
		{ AT_ROWS, 3 },
		{ AT_RECORDS_LEN, 1 },
		{ AT_RECORDS_LEN, UINT32_MAX },
		{ AT_RECORDS_LEN + 4, 1 },
		{ AT_TEXT_LEN, 1 },
		{ AT_TEXT_LEN + 4, 0xffffffff },
		{ AT_OP, RENDER_OP_COUNT },
		{ AT_OP, UINT32_MAX },
	};

	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct buffer message = BUFFER_EMPTY;

		encode_kind(&message, i);
		for (size_t j = 0; j < sizeof(wrong) / sizeof(wrong[0]); j++) {
			/* A fault with nothing else is an answer; OPEN has pages besides. */
			if (decode_with_number(&answers[i].request, &message, wrong[j].at, wrong[j].value) == BE_OK)
				fail_msg("kind %zu, at %zu: %u", i, wrong[j].at, wrong[j].value);
		}
		if (i != RENDER_OP_OPEN)
			assert_int_equal(decode_with_number(&answers[i].request, &message, AT_PAGES, 1), BE_MALFORMED);
		buffer_free(&message);
	}
}

/* Fewer cells than were asked for are an answer, more are not, whatever the records say. */
static void a_grid_is_no_larger_than_was_asked_for(void **state)
{
	const struct render_request smaller = { .op = RENDER_OP_CELLS, .cols = 2, .rows = 3, .mode = RENDER_256 };
	const struct render_request larger = { .op = RENDER_OP_CELLS, .cols = 4, .rows = 2, .mode = RENDER_256 };
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_kind(&message, RENDER_OP_CELLS);
	assert_int_equal(decode(&smaller, message.data, message.len), BE_MALFORMED);
	assert_int_equal(decode(&larger, message.data, message.len), BE_OK);
	assert_int_equal(decode_with_number(&larger, &message, AT_COLS, 0), BE_MALFORMED);
	assert_int_equal(decode_with_number(&larger, &message, AT_COLS, 2), BE_MALFORMED);
	buffer_free(&message);
}

/* ---- records ---- */

static const struct render_cell bad_cells[] = {
	{ 0, 16, 16 },
	{ '\n', 16, 16 },
	{ 0x1b, 16, 16 },
	{ 0x9b, 16, 16 },
	{ 0x4e2d /* wide */, 16, 16 },
	{ 0x0301 /* no cell of its own */, 16, 16 },
	{ 0x202e, 16, 16 },
	{ 0x110000, 16, 16 },
	{ 0xd800, 16, 16 },
	{ 'x', -2, 16 },
	{ 'x', 16, 256 },
	{ 'x', INT16_MIN, 16 },
	{ 'x', 16, INT16_MAX },
};

static void a_cell_is_one_narrow_character_in_a_colour_that_there_is(void **state)
{
	struct render_request request = answers[RENDER_OP_CELLS].request;
	struct buffer message = BUFFER_EMPTY;
	struct render_cell cell = { 'x', 8, 0 };

	(void)state;
	encode_kind(&message, RENDER_OP_CELLS);
	for (size_t i = 0; i < sizeof(bad_cells) / sizeof(bad_cells[0]); i++) {
		if (decode_with(&request, &message, HEAD + 5 * sizeof(cell), &bad_cells[i], sizeof(cell)) == BE_OK)
			fail_msg("cell %zu", i);
	}
	buffer_free(&message);
	/* Other modes have fewer colours and fewer characters. */
	request.cols = 1;
	request.rows = 1;
	for (uint32_t mode = RENDER_256; mode < RENDER_MODE_COUNT; mode++) {
		struct render_answer answer = { .op = RENDER_OP_CELLS, .cols = 1, .rows = 1 };

		request.mode = mode;
		buffer_add(&answer.records, &cell, sizeof(cell));
		assert_int_equal(render_answer_encode(&message, &answer, NULL), BE_OK);
		assert_int_equal(
			decode(&request, message.data, message.len), mode == RENDER_256 ? BE_OK : BE_MALFORMED);
		buffer_free(&message);
		render_answer_free(&answer);
	}
	cell = (struct render_cell){ 0x2580, -1, -1 };
	encode(&message, &answers[RENDER_OP_CELLS].request, cells, sizeof(cells), NULL, 0);
	request = answers[RENDER_OP_CELLS].request;
	request.mode = RENDER_ASCII;
	assert_int_equal(decode(&request, message.data, message.len), BE_MALFORMED);
	buffer_free(&message);
}

static void a_pixel_has_three_octets(void **state)
{
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_kind(&message, RENDER_OP_PIXELS);
	assert_int_equal(
		decode_with_number(&answers[RENDER_OP_PIXELS].request, &message, HEAD + 20, 0x1000000), BE_MALFORMED);
	buffer_free(&message);
}

static void a_number_that_is_none_or_lies_far_out_is_nonsense(void **state)
{
	static const double wrong[] = { NAN, INFINITY, -INFINITY, 1e300, -1e300, RENDER_SIDE_MAX * 1.01 };
	static const uint32_t kinds[] = { RENDER_OP_PAGE, RENDER_OP_TEXT, RENDER_OP_FIND, RENDER_OP_FIELDS };
	const double below = -1;

	(void)state;
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		const struct render_request *request = &answers[kinds[k]].request;
		const size_t doubles = kinds[k] == RENDER_OP_PAGE ? 3 : 4;
		struct buffer message = BUFFER_EMPTY;

		encode_kind(&message, kinds[k]);
		for (size_t i = 0; i < doubles; i++) {
			for (size_t j = 0; j < sizeof(wrong) / sizeof(wrong[0]); j++) {
				if (decode_with(request, &message, HEAD + 8 * i, &wrong[j], sizeof(wrong[j])) == BE_OK)
					fail_msg("kind %u, number %zu: %g", kinds[k], i, wrong[j]);
			}
			/* Sizes are never below nothing; places may be. */
			assert_int_equal(decode_with(request, &message, HEAD + 8 * i, &below, sizeof(below)),
				kinds[k] != RENDER_OP_PAGE && i < 2 ? BE_OK : BE_MALFORMED);
		}
		buffer_free(&message);
	}
}

static void a_page_is_turned_by_quarters(void **state)
{
	static const uint32_t wrong[] = { 1, 45, 91, 360, UINT32_MAX };
	const size_t rotate = offsetof(struct render_page, rotate);
	const size_t sure = offsetof(struct render_page, sure);
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_kind(&message, RENDER_OP_PAGE);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_int_equal(
			decode_with_number(&answers[RENDER_OP_PAGE].request, &message, HEAD + rotate, wrong[i]),
			BE_MALFORMED);
	assert_int_equal(decode_with_number(&answers[RENDER_OP_PAGE].request, &message, HEAD + sure, 2), BE_MALFORMED);
	buffer_free(&message);
}

static void text_is_one_string_of_utf8_for_each_line(void **state)
{
	static const struct {
		const char *what, *text;
		size_t len;
		enum be_err expected;
	} texts[] = {
		{ "two lines", "satu\0dua", 9, BE_OK },
		{ "two empty lines", "\0", 2, BE_OK },
		{ "one line for two places", "satu", 5, BE_MALFORMED },
		{ "three lines for two places", "satu\0dua\0tiga", 14, BE_MALFORMED },
		{ "no end", "satu\0duax", 9, BE_MALFORMED },
		{ "nothing", "", 0, BE_MALFORMED },
		{ "no UTF-8", "satu\0du\xff", 9, BE_MALFORMED },
		{ "a character cut off", "satu\0du\xc3", 9, BE_MALFORMED },
		{ "a surrogate", "a\0\xed\xa0\x80", 6, BE_MALFORMED },
	};
	const struct render_request request = { .op = RENDER_OP_TEXT };

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct render_answer answer = { .op = RENDER_OP_TEXT };
		struct buffer message = BUFFER_EMPTY;

		buffer_add(&answer.records, rects, sizeof(rects));
		buffer_add(&answer.text, texts[i].text, texts[i].len);
		assert_int_equal(render_answer_encode(&message, &answer, NULL), BE_OK);
		if (decode(&request, message.data, message.len) != texts[i].expected)
			fail_msg("%s", texts[i].what);
		render_answer_free(&answer);
		buffer_free(&message);
	}
}

static void names_and_details_end_within_their_room(void **state)
{
	const size_t name = HEAD + offsetof(struct render_field, name);
	const struct render_request *request = &answers[RENDER_OP_FIELDS].request;
	struct buffer message = BUFFER_EMPTY;
	char full[RENDER_DETAIL_MAX];

	(void)state;
	memset(full, 'x', sizeof(full));
	encode_kind(&message, RENDER_OP_FIELDS);
	assert_int_equal(decode_with(request, &message, name, full, sizeof(fields[0].name)), BE_MALFORMED);
	assert_int_equal(decode_with(request, &message, name, full, sizeof(fields[0].name) - 1), BE_OK);
	assert_int_equal(decode_with(request, &message, name, "\xff", 1), BE_MALFORMED);
	assert_int_equal(decode_with_number(request, &message, HEAD + offsetof(struct render_field, kind),
				 RENDER_FIELD_KIND_COUNT),
		BE_MALFORMED);
	assert_int_equal(decode_with(request, &message, AT_DETAIL, full, sizeof(full)), BE_MALFORMED);
	assert_int_equal(decode_with(request, &message, AT_DETAIL, full, sizeof(full) - 1), BE_OK);
	assert_int_equal(decode_with(request, &message, AT_DETAIL, "\xc3", 1), BE_MALFORMED);
	buffer_free(&message);
}

static void a_drawing_is_a_pdf_file(void **state)
{
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	encode_kind(&message, RENDER_OP_STAMP);
	assert_int_equal(decode_with(&answers[RENDER_OP_STAMP].request, &message, HEAD, "%PS", 3), BE_MALFORMED);
	buffer_free(&message);
}

static void a_fault_is_a_sentence_and_brings_nothing_else(void **state)
{
	struct be_error err = { .code = BE_OK };

	(void)state;
	for (uint32_t fault = RENDER_FINE + 1; fault < RENDER_FAULT_COUNT; fault++) {
		const struct render_request request = { .op = RENDER_OP_TEXT };
		struct render_answer answer = { .op = RENDER_OP_TEXT, .fault = fault, .detail = "U+12000" };
		struct render_answer back;
		struct buffer message = BUFFER_EMPTY;

		assert_int_equal(render_answer_encode(&message, &answer, NULL), BE_OK);
		assert_int_equal(render_answer_decode(&back, &request, message.data, message.len, NULL), BE_OK);
		assert_int_not_equal(render_fault_error(&back, &err), BE_OK);
		assert_non_null(err.msgid);
		assert_string_equal(err.detail, "U+12000");
		buffer_add(&answer.text, "", 1);
		buffer_reset(&message);
		assert_int_equal(render_answer_encode(&message, &answer, NULL), BE_OK);
		assert_int_equal(decode(&request, message.data, message.len), BE_MALFORMED);
		render_answer_free(&answer);
		render_answer_free(&back);
		buffer_free(&message);
	}
}

/* Whatever octet changes: the answer is refused, or what is taken over keeps the rules. */
static void any_flipped_octet_is_refused_or_makes_a_proper_answer(void **state)
{
	(void)state;
	for (size_t i = 0; i < KINDS; i++) {
		struct buffer message = BUFFER_EMPTY;

		encode_kind(&message, i);
		for (size_t at = 0; at < message.len * 8; at++) {
			struct render_answer answer;
			struct buffer again = BUFFER_EMPTY;

			message.data[at / 8] ^= (uint8_t)(1u << at % 8);
			if (render_answer_decode(&answer, &answers[i].request, message.data, message.len, NULL) ==
				BE_OK) {
				assert_int_equal(render_answer_encode(&again, &answer, NULL), BE_OK);
				assert_int_equal(again.len, message.len);
				assert_int_equal(decode(&answers[i].request, again.data, again.len), BE_OK);
				render_answer_free(&answer);
			}
			buffer_free(&again);
			message.data[at / 8] ^= (uint8_t)(1u << at % 8);
		}
		buffer_free(&message);
	}
}

/* ---- requests ---- */

static const uint8_t modules[4] = { 1, 0, 0, 1 };

static struct render_request full_request(void)
{
	return (struct render_request){ .op = RENDER_OP_STAMP,
		.page = 7,
		.part = { 1, 2, 3, 4 },
		.mode = RENDER_ASCII,
		.frame = 1,
		.width = 200,
		.height = 60,
		.font_size = 9,
		.qr_side = 2,
		.line_count = 2,
		.image = (const uint8_t *)"gambar",
		.image_len = 6,
		.text = (const uint8_t *)LINES,
		.text_len = sizeof(LINES),
		.modules = modules };
}

static void a_request_comes_back_as_it_was_sent_and_no_other_does(void **state)
{
	const struct render_request request = full_request();
	struct render_request back;
	struct buffer message = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(render_request_encode(&message, &request, NULL), BE_OK);
	assert_int_equal(render_request_decode(&back, message.data, message.len, NULL), BE_OK);
	assert_int_equal(back.op, request.op);
	assert_int_equal(back.page, 7);
	assert_memory_equal(&back.part, &request.part, sizeof(back.part));
	assert_int_equal(back.mode, RENDER_ASCII);
	assert_int_equal(back.frame, 1);
	assert_true(back.width == 200 && back.height == 60 && back.font_size == 9);
	assert_int_equal(back.image_len, 6);
	assert_memory_equal(back.image, "gambar", 6);
	assert_int_equal(back.text_len, sizeof(LINES));
	assert_memory_equal(back.text, LINES, sizeof(LINES));
	assert_int_equal(back.qr_side, 2);
	assert_memory_equal(back.modules, modules, sizeof(modules));
	for (size_t len = 0; len < message.len; len++)
		assert_int_equal(render_request_decode(&back, message.data, len, NULL), BE_MALFORMED);
	buffer_add_byte(&message, 0);
	assert_int_equal(render_request_decode(&back, message.data, message.len, NULL), BE_MALFORMED);
	buffer_free(&message);
}

static void a_request_beyond_the_bounds_is_nonsense(void **state)
{
	(void)state;
	for (int i = 0; i < 12; i++) {
		struct render_request request = full_request();
		struct render_request back;
		struct buffer message = BUFFER_EMPTY;

		switch (i) {
		case 0:
			request.op = RENDER_OP_COUNT;
			break;
		case 1:
			request.mode = RENDER_MODE_COUNT;
			break;
		case 2:
			request.frame = 2;
			break;
		case 3:
			request.width = NAN;
			break;
		case 4:
			request.height = 0;
			break;
		case 5:
			request.font_size = -1;
			break;
		case 6:
			request.part.width = INFINITY;
			break;
		case 7:
			request.line_count = 1;
			break;
		case 8:
			request.line_count = 3;
			break;
		case 9:
			request.op = RENDER_OP_CELLS;
			break; /* none at all */
		case 10:
			request.op = RENDER_OP_CELLS;
			request.cols = RENDER_COLS_MAX + 1;
			request.rows = 1;
			break;
		default:
			request.op = RENDER_OP_PIXELS;
			request.cols = request.rows = 1u << 13;
			break;
		}
		assert_int_equal(render_request_encode(&message, &request, NULL), BE_OK);
		if (render_request_decode(&back, message.data, message.len, NULL) != BE_MALFORMED)
			fail_msg("request %d", i);
		buffer_free(&message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(there_is_an_answer_of_every_kind),
		cmocka_unit_test(an_answer_of_any_other_length_is_nonsense),
		cmocka_unit_test(an_answer_to_another_question_is_nonsense),
		cmocka_unit_test(numbers_of_the_head_are_held_against_the_question),
		cmocka_unit_test(a_grid_is_no_larger_than_was_asked_for),
		cmocka_unit_test(a_cell_is_one_narrow_character_in_a_colour_that_there_is),
		cmocka_unit_test(a_pixel_has_three_octets),
		cmocka_unit_test(a_number_that_is_none_or_lies_far_out_is_nonsense),
		cmocka_unit_test(a_page_is_turned_by_quarters),
		cmocka_unit_test(text_is_one_string_of_utf8_for_each_line),
		cmocka_unit_test(names_and_details_end_within_their_room),
		cmocka_unit_test(a_drawing_is_a_pdf_file),
		cmocka_unit_test(a_fault_is_a_sentence_and_brings_nothing_else),
		cmocka_unit_test(any_flipped_octet_is_refused_or_makes_a_proper_answer),
		cmocka_unit_test(a_request_comes_back_as_it_was_sent_and_no_other_does),
		cmocka_unit_test(a_request_beyond_the_bounds_is_nonsense),
	};

	return cmocka_run_group_tests_name("render exchange", tests, NULL, NULL);
}
