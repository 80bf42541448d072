/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A signature's visualisation: what is drawn is looked at by the helper again, as a page of its own. */

#include "support/preview.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#define SMALL_MAX (10u << 10) /* bytes of three lines */

static struct be_error err; /* of the last call */
static struct render *render;
static struct buffer pdf;

static const char *const three_lines[] = { "Ditandatangani secara elektronik oleh", "Budi Santoso, S.Kom.",
	"27 November 2026 23:31 WIB" };

static void need_render(void)
{
	preview_needed();
	if (render == NULL && render_open(&render, -1, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	buffer_reset(&pdf);
}

static void draw(const struct render_stamp *stamp)
{
	buffer_reset(&pdf);
	if (render_stamp(&pdf, render, stamp, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
}

/* What was drawn, as a document of one page. */
static struct render *drawn(void)
{
	struct render *page = NULL;

	if (preview_try(&page, pdf.data, pdf.len, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	assert_int_equal(render_pages(page), 1);
	return page;
}

/* One pixel for each quarter of a point. */
static uint32_t pixel_at(struct render *page, double x, double y)
{
	struct render_page size;
	struct render_pixels pixels;
	uint32_t pixel;

	assert_int_equal(render_page(&size, page, 1, &err), BE_OK);
	assert_int_equal(
		render_pixels(&pixels, page, 1, NULL, (uint32_t)(size.width * 4), (uint32_t)(size.height * 4), &err),
		BE_OK);
	pixel = pixels.pixels[(size_t)(y * 4) * pixels.width + (size_t)(x * 4)];
	render_pixels_free(&pixels);
	return pixel;
}

/* ---- text ---- */

static void three_lines_are_a_small_page_of_text(void **state)
{
	const struct render_stamp stamp = { .width = 180, .height = 60, .lines = three_lines, .line_count = 3 };
	struct render_page size;
	struct render_text text;
	struct render *page;

	(void)state;
	need_render();
	draw(&stamp);
	assert_true(pdf.len < SMALL_MAX);
	page = drawn();
	assert_int_equal(render_page(&size, page, 1, &err), BE_OK);
	assert_true(fabs(size.width - 180) < 0.01 && fabs(size.height - 60) < 0.01);
	assert_string_equal(preview_text(page, 1),
		"Ditandatangani secara elektronik oleh|Budi Santoso, S.Kom.|27 November 2026 23:31 WIB");
	assert_int_equal(render_text(&text, page, 1, &err), BE_OK);
	for (size_t i = 0; i < text.count; i++) {
		const struct render_rect at = text.lines[i].at;

		assert_true(at.x >= 0 && at.y >= -1 && at.x + at.width <= 180 && at.y + at.height <= 61);
		assert_true(i == 0 || at.y > text.lines[i - 1].at.y);
	}
	render_text_free(&text);
	render_free(&page);
}

static void the_same_lines_make_the_same_file(void **state)
{
	const struct render_stamp stamp = { .width = 180, .height = 60, .lines = three_lines, .line_count = 3 };
	struct buffer first = BUFFER_EMPTY;

	(void)state;
	need_render();
	draw(&stamp);
	buffer_add(&first, pdf.data, pdf.len);
	draw(&stamp);
	/* But for the tag of the font's subset, which the library numbers. */
	assert_int_equal(first.len, pdf.len);
	buffer_free(&first);
}

static void text_is_as_large_as_fits_and_no_larger(void **state)
{
	struct render_stamp stamp = { .width = 400, .height = 200, .lines = three_lines, .line_count = 3 };
	double height[2];

	(void)state;
	need_render();
	for (int i = 0; i < 2; i++) {
		struct render_text text;
		struct render *page;

		draw(&stamp);
		page = drawn();
		assert_int_equal(render_text(&text, page, 1, &err), BE_OK);
		assert_in_range(text.count, 3, 4);
		height[i] = text.lines[0].at.height;
		render_text_free(&text);
		render_free(&page);
		stamp.width = 120;
		stamp.height = 40;
	}
	assert_true(height[0] > 12 && height[0] < 18); /* of letters of 12 points */
	assert_true(height[1] < height[0] * 0.75);
}

static void a_long_line_is_wrapped_before_it_is_too_small(void **state)
{
	static const char *const lines[] = { "Kepala Badan Arsip Kota Contoh selaku Kuasa Pengguna Anggaran" };
	const struct render_stamp stamp = { .width = 120, .height = 60, .lines = lines, .line_count = 1 };
	struct render_text text;
	struct render *page;

	(void)state;
	need_render();
	draw(&stamp);
	page = drawn();
	assert_int_equal(render_text(&text, page, 1, &err), BE_OK);
	assert_true(text.count > 1);
	assert_true(text.lines[0].at.height > 8);
	render_text_free(&text);
	render_free(&page);
}

static void text_that_does_not_fit_is_refused(void **state)
{
	const struct render_stamp small = { .width = 20, .height = 10, .lines = three_lines, .line_count = 3 };
	const struct render_stamp large = {
		.width = 180, .height = 60, .lines = three_lines, .line_count = 3, .font_size = 40
	};
	const struct render_stamp just = {
		.width = 400, .height = 60, .lines = three_lines, .line_count = 3, .font_size = 9.5
	};

	(void)state;
	need_render();
	assert_int_equal(render_stamp(&pdf, render, &small, &err), BE_LIMIT);
	assert_int_equal(render_stamp(&pdf, render, &large, &err), BE_LIMIT);
	assert_int_equal(pdf.len, 0);
	draw(&just);
}

static void many_scripts_are_drawn(void **state)
{
	static const char *const lines[] = { "\xce\xa9\xce\xbc\xce\xad\xce\xb3\xce\xb1", /* Greek */
		"\xd0\x91\xd1\x83\xd0\xb4\xd0\xb8", "Jos\xc3\xa9 \xc5\x81ukasz \xe2\x80\x94 \xe2\x82\xac" };
	const struct render_stamp stamp = { .width = 180, .height = 60, .lines = lines, .line_count = 3 };
	struct render *page;

	(void)state;
	need_render();
	draw(&stamp);
	page = drawn();
	assert_string_equal(preview_text(page, 1),
		"\xce\xa9\xce\xbc\xce\xad\xce\xb3\xce\xb1|\xd0\x91\xd1\x83\xd0\xb4\xd0\xb8|Jos\xc3\xa9 \xc5\x81ukasz "
		"\xe2\x80\x94 \xe2\x82\xac");
	render_free(&page);
}

static void what_cannot_be_drawn_or_seen_is_named(void **state)
{
	static const struct {
		const char *line, *detail;
	} lines[] = {
		{ "Budi \xf4\x80\x80\x80", "U+100000" }, /* private use */
		{ "Budi \xe2\x80\xae"
		  "sotnaS",
			"U+202E" }, /* from right to left */
		{ "Budi\x1b[2J", "U+001B" }, { "Budi\nSantoso", "U+000A" }, { "Budi\tS", "U+0009" },
		{ "Budi\xe2\x80\x8b", "U+200B" },                          /* no width */
		{ "\xf0\x92\x83\xb2 Budi", "U+120F2 (\xf0\x92\x83\xb2)" }, /* cuneiform, in no font of this test */
	};

	(void)state;
	need_render();
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		const struct render_stamp stamp = {
			.width = 180, .height = 60, .lines = &lines[i].line, .line_count = 1
		};
		const enum be_err rc = render_stamp(&pdf, render, &stamp, &err);

		if (rc != BE_UNSUPPORTED || strcmp(err.detail, lines[i].detail) != 0)
			fail_msg("line %zu: %s, %s", i, be_err_word(rc), err.detail);
		assert_int_equal(pdf.len, 0);
	}
}

static void what_makes_no_sense_is_refused_before_it_is_asked(void **state)
{
	static const uint8_t one = 1;
	static const char *const bad[] = { "\xff" };
	const char *many[RENDER_LINES_MAX + 1];
	struct render_stamp stamps[] = {
		{ .width = 180, .height = 60 },
		{ .width = 0, .height = 60, .lines = three_lines, .line_count = 3 },
		{ .width = NAN, .height = 60, .lines = three_lines, .line_count = 3 },
		{ .width = 180, .height = 2e6, .lines = three_lines, .line_count = 3 },
		{ .width = 180, .height = 60, .lines = three_lines, .line_count = 3, .font_size = -1 },
		{ .width = 180, .height = 60, .modules = &one, .qr_side = 0 },
		{ .width = 180, .height = 60, .modules = &one, .qr_side = RENDER_QR_MAX + 1 },
		{ .width = 180, .height = 60, .lines = bad, .line_count = 1 },
		{ .width = 180, .height = 60, .lines = many, .line_count = RENDER_LINES_MAX + 1 },
	};

	(void)state;
	need_render();
	for (size_t i = 0; i <= RENDER_LINES_MAX; i++)
		many[i] = "x";
	for (size_t i = 0; i < sizeof(stamps) / sizeof(stamps[0]); i++) {
		if (render_stamp(&pdf, render, &stamps[i], &err) != BE_USAGE)
			fail_msg("stamp %zu", i);
	}
}

/* ---- pictures ---- */

static void add_chunk(struct buffer *png, const char *kind, const void *bytes, size_t len)
{
	const uint8_t size[4] = { 0, 0, (uint8_t)(len >> 8), (uint8_t)len };
	const uLong sum = crc32(crc32(0, (const Bytef *)kind, 4), bytes, (uInt)len);
	const uint8_t crc[4] = { (uint8_t)(sum >> 24), (uint8_t)(sum >> 16), (uint8_t)(sum >> 8), (uint8_t)sum };

	assert_true(len < 0x10000);
	buffer_add(png, size, sizeof(size));
	buffer_add(png, kind, 4);
	buffer_add(png, bytes, len);
	buffer_add(png, crc, sizeof(crc));
}

/* Left half red, right half clear. */
static void add_png(struct buffer *png, uint32_t width, uint32_t height)
{
	const uint8_t header[13] = { 0, 0, (uint8_t)(width >> 8), (uint8_t)width, 0, 0, (uint8_t)(height >> 8),
		(uint8_t)height, 8, 6, 0, 0, 0 };
	struct buffer rows = BUFFER_EMPTY;
	uLongf len;
	uint8_t *packed;

	for (uint32_t y = 0; y < height; y++) {
		buffer_add_byte(&rows, 0);
		for (uint32_t x = 0; x < width; x++)
			buffer_add(&rows, x < width / 2 ? "\xff\0\0\xff" : "\0\xff\0\0", 4);
	}
	len = compressBound(rows.len);
	packed = malloc(len);
	assert_true(packed != NULL && !rows.failed);
	assert_int_equal(compress(packed, &len, rows.data, rows.len), Z_OK);
	buffer_add(png, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(png, "IHDR", header, sizeof(header));
	add_chunk(png, "IDAT", packed, len);
	add_chunk(png, "IEND", "", 0);
	assert_int_equal(buffer_check(png, NULL), BE_OK);
	buffer_free(&rows);
	free(packed);
}

static void a_picture_keeps_its_aspect_and_what_is_clear_in_it(void **state)
{
	struct render_stamp stamp = { .width = 200, .height = 50 };
	struct buffer png = BUFFER_EMPTY;
	struct render *page;

	(void)state;
	need_render();
	add_png(&png, 40, 40);
	stamp.image = png.data;
	stamp.image_len = png.len;
	draw(&stamp);
	page = drawn();
	/* A square of some 46 points in the middle. */
	assert_int_equal(pixel_at(page, 90, 25), 0xff0000);
	assert_int_equal(pixel_at(page, 110, 25), 0xffffff);
	assert_int_equal(pixel_at(page, 60, 25), 0xffffff);
	render_free(&page);
	buffer_free(&png);
}

static void a_large_picture_is_stored_as_it_is_seen(void **state)
{
	struct render_stamp stamp = { .width = 72, .height = 72 };
	struct buffer png = BUFFER_EMPTY;

	(void)state;
	need_render();
	add_png(&png, 3000, 3000);
	stamp.image = png.data;
	stamp.image_len = png.len;
	draw(&stamp);
	assert_non_null(memmem(pdf.data, pdf.len, "/Width 300\n", 11));
	assert_null(memmem(pdf.data, pdf.len, "/Width 3000", 11));
	buffer_free(&png);
}

static void what_is_no_picture_is_said_to_be_none(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum be_err expected;
	} pictures[] = {
		{ "GIF89a..........", 16, BE_UNSUPPORTED },
		{ "<svg xmlns='http://www.w3.org/2000/svg'/>", 41, BE_UNSUPPORTED },
		{ "x", 1, BE_UNSUPPORTED },
		{ "\x89PNG\r\n\x1a\n and nothing more", 25, BE_MALFORMED },
		{ "\xff\xd8\xff\xe0 and nothing more", 21, BE_MALFORMED },
	};

	(void)state;
	need_render();
	for (size_t i = 0; i < sizeof(pictures) / sizeof(pictures[0]); i++) {
		const struct render_stamp stamp = {
			.width = 180, .height = 60, .image = pictures[i].bytes, .image_len = pictures[i].len
		};

		if (render_stamp(&pdf, render, &stamp, &err) != pictures[i].expected)
			fail_msg("picture %zu: %s (%s)", i, err.msgid, err.detail);
		assert_int_equal(pdf.len, 0);
	}
}

/* Any octet of a picture changed: a drawing or a sentence, and never the helper's end. */
static void damaged_pictures_are_drawn_or_refused(void **state)
{
	struct render_stamp stamp = { .width = 180, .height = 60 };
	struct buffer png = BUFFER_EMPTY;

	(void)state;
	need_render();
	add_png(&png, 8, 8);
	stamp.image = png.data;
	stamp.image_len = png.len;
	for (size_t i = 8; i < png.len; i++) {
		enum be_err rc;

		png.data[i] ^= 0xff;
		buffer_reset(&pdf);
		rc = render_stamp(&pdf, render, &stamp, &err);
		if (rc != BE_OK && rc != BE_MALFORMED && rc != BE_LIMIT)
			fail_msg("octet %zu: %s (%s)", i, err.msgid, err.detail);
		png.data[i] ^= 0xff;
	}
	buffer_free(&png);
}

/* ---- codes and mixtures ---- */

/* A chessboard of 21 x 21. */
static const uint8_t *board(void)
{
	static uint8_t modules[21 * 21];

	for (size_t i = 0; i < sizeof(modules); i++)
		modules[i] = i % 2 == 0;
	return modules;
}

static void a_code_has_its_modules_and_its_quiet_zone(void **state)
{
	const struct render_stamp stamp = { .width = 64, .height = 64, .modules = board(), .qr_side = 21 };
	const double edge = 64 * 0.04;              /* of the stamp */
	const double module = (64 - 2 * edge) / 29; /* with four on each side */
	struct render *page;

	(void)state;
	need_render();
	draw(&stamp);
	page = drawn();
	for (int i = 0; i < 21; i++) {
		const double at = edge + (4 + i + 0.5) * module;

		assert_int_equal(pixel_at(page, at, edge + 4.5 * module), i % 2 == 0 ? 0x000000 : 0xffffff);
		assert_int_equal(pixel_at(page, at, edge + 2 * module), 0xffffff);
		assert_int_equal(pixel_at(page, edge + 2 * module, at), 0xffffff);
	}
	render_free(&page);
}

static void code_picture_and_text_stand_beside_or_below_each_other(void **state)
{
	static const struct {
		double width, height;
	} sizes[] = { { 240, 70 }, { 90, 260 } };
	struct buffer png = BUFFER_EMPTY;

	(void)state;
	need_render();
	add_png(&png, 40, 40);
	for (size_t i = 0; i < 2; i++) {
		const bool wide = i == 0;
		const struct render_stamp stamp = { .width = sizes[i].width,
			.height = sizes[i].height,
			.image = png.data,
			.image_len = png.len,
			.lines = three_lines,
			.line_count = 3,
			.modules = board(),
			.qr_side = 21,
			.frame = true };
		struct render_text text;
		struct render *page;

		draw(&stamp);
		page = drawn();
		assert_int_equal(render_text(&text, page, 1, &err), BE_OK);
		assert_true(text.count >= 3);
		/* The text comes last: behind the 70 points of the code, or below it. */
		for (size_t line = 0; line < text.count; line++)
			assert_true(wide ? text.lines[line].at.x > 100 : text.lines[line].at.y > 150);
		/* The frame. */
		assert_int_not_equal(pixel_at(page, 0.2, sizes[i].height / 2), 0xffffff);
		render_text_free(&text);
		render_free(&page);
	}
	buffer_free(&png);
}

/* A helper with a document draws as well. */
static void a_helper_that_looks_at_a_document_draws_too(void **state)
{
	const struct render_stamp stamp = { .width = 180, .height = 60, .lines = three_lines, .line_count = 3 };
	struct buffer own = BUFFER_EMPTY;
	struct render *page;

	(void)state;
	need_render();
	draw(&stamp);
	page = drawn();
	assert_int_equal(render_stamp(&own, page, &stamp, &err), BE_OK);
	assert_int_equal(own.len, pdf.len);
	buffer_free(&own);
	render_free(&page);
}

static int tear_down(void **state)
{
	(void)state;
	render_free(&render);
	buffer_free(&pdf);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(three_lines_are_a_small_page_of_text),
		cmocka_unit_test(the_same_lines_make_the_same_file),
		cmocka_unit_test(text_is_as_large_as_fits_and_no_larger),
		cmocka_unit_test(a_long_line_is_wrapped_before_it_is_too_small),
		cmocka_unit_test(text_that_does_not_fit_is_refused),
		cmocka_unit_test(many_scripts_are_drawn),
		cmocka_unit_test(what_cannot_be_drawn_or_seen_is_named),
		cmocka_unit_test(what_makes_no_sense_is_refused_before_it_is_asked),
		cmocka_unit_test(a_picture_keeps_its_aspect_and_what_is_clear_in_it),
		cmocka_unit_test(a_large_picture_is_stored_as_it_is_seen),
		cmocka_unit_test(what_is_no_picture_is_said_to_be_none),
		cmocka_unit_test(damaged_pictures_are_drawn_or_refused),
		cmocka_unit_test(a_code_has_its_modules_and_its_quiet_zone),
		cmocka_unit_test(code_picture_and_text_stand_beside_or_below_each_other),
		cmocka_unit_test(a_helper_that_looks_at_a_document_draws_too),
	};

	return cmocka_run_group_tests_name("render stamp", tests, NULL, tear_down);
}
