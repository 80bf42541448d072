/* SPDX-License-Identifier: GPL-3.0-or-later */

/* QR codes are read in the helper, inside its box: out of pictures as they come from a screen, a scanner, a telephone,
 * and out of pages. */

#include "support/picture.h"
#include "support/preview.h"

#include "render/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define URL "https://dokumen.contoh.example.invalid/verifikasi?id=7d3f0c2a-51b8"
#define OTHER "Surat Perintah Nomor 12/2026"

static struct be_error err; /* of the last call */
static struct render *render;

/* Skips where nothing draws pages, or this build reads no codes. */
static void need_scanner(void)
{
	struct picture blank;
	struct buffer png = BUFFER_EMPTY;
	struct render_text none;
	enum be_err rc;

	preview_needed();
	if (render == NULL && render_open(&render, -1, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	picture_new(&blank, 8, 8, 255);
	picture_png(&png, &blank);
	rc = render_image_codes(&none, render, png.data, png.len, &err);
	render_text_free(&none);
	picture_free(&blank);
	buffer_free(&png);
	if (rc == BE_UNSUPPORTED)
		skip();
	assert_int_equal(rc, BE_OK);
}

/* What the codes say, with a | between them. */
static const char *joined(const struct render_text *codes)
{
	static struct buffer out = BUFFER_EMPTY;

	buffer_reset(&out);
	for (size_t i = 0; i < codes->count; i++)
		buffer_printf(&out, "%s%s", i > 0 ? "|" : "", codes->lines[i].text);
	buffer_add_byte(&out, '\0');
	assert_int_equal(buffer_check(&out, NULL), BE_OK);
	return (const char *)out.data;
}

static const char *read_bytes(const struct buffer *bytes)
{
	struct render_text codes;
	const char *said;

	if (render_image_codes(&codes, render, bytes->data, bytes->len, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	said = joined(&codes);
	render_text_free(&codes);
	return said;
}

static const char *read_picture(const struct picture *picture)
{
	struct buffer png = BUFFER_EMPTY;
	const char *said;

	picture_png(&png, picture);
	said = read_bytes(&png);
	buffer_free(&png);
	return said;
}

/* ---- pictures ---- */

static void a_clean_code_is_read_at_any_size(void **state)
{
	static const int modules[] = { 1, 2, 3, 8, 30 };

	(void)state;
	need_scanner();
	for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++) {
		struct picture p;

		picture_new(&p, 50 * modules[i], 50 * modules[i], 255);
		(void)picture_add_code(&p, URL, 0, 0, modules[i]);
		assert_string_equal(read_picture(&p), URL);
		picture_free(&p);
	}
}

static void a_code_may_lie_as_it_likes(void **state)
{
	static const double degrees[] = { 7, 45, 90, 133, 180, 200, 270 };

	(void)state;
	need_scanner();
	for (size_t i = 0; i < sizeof(degrees) / sizeof(degrees[0]); i++) {
		struct picture p;

		picture_new(&p, 400, 400, 255);
		(void)picture_add_code(&p, URL, 60, 60, 5);
		picture_turn(&p, degrees[i]);
		assert_string_equal(read_picture(&p), URL);
		picture_free(&p);
	}
}

/* As a telephone held askew in bad light sees a sheet. */
static void a_photograph_is_read(void **state)
{
	static const double askew[8] = { 60, 90, 560, 20, 630, 560, 10, 470 };
	struct picture p;

	(void)state;
	need_scanner();
	picture_new(&p, 500, 500, 235);
	(void)picture_add_code(&p, URL, 100, 120, 6);
	picture_warp(&p, 640, 640, askew);
	picture_spoil(&p, 35, 90, 1);
	assert_string_equal(read_picture(&p), URL);
	picture_free(&p);
}

static void light_on_dark_is_read(void **state)
{
	struct picture p;

	(void)state;
	need_scanner();
	picture_new(&p, 300, 300, 255);
	(void)picture_add_code(&p, URL, 20, 20, 5);
	for (int i = 0; i < 300 * 300; i++)
		p.octets[i] = (uint8_t)(255 - p.octets[i]);
	assert_string_equal(read_picture(&p), URL);
	picture_free(&p);
}

/* Little more than one dot a module, as a screen shows a page. */
static void a_small_picture_is_looked_at_larger(void **state)
{
	static const double sides[] = { 56, 60, 64, 70 };

	(void)state;
	need_scanner();
	for (size_t i = 0; i < sizeof(sides) / sizeof(sides[0]); i++) {
		const double s = sides[i];
		struct picture p;

		picture_new(&p, 200, 200, 255);
		(void)picture_add_code(&p, URL, 0, 0, 4);
		picture_warp(&p, 120, 120, (const double[8]){ 0, 0, s, 0, s, s, 0, s });
		assert_string_equal(read_picture(&p), URL);
		picture_free(&p);
	}
}

static void several_codes_come_from_the_top_down(void **state)
{
	struct render_text codes;
	struct buffer png = BUFFER_EMPTY;
	struct picture p;

	(void)state;
	need_scanner();
	picture_new(&p, 1200, 1000, 255);
	(void)picture_add_code(&p, "bawah", 700, 650, 8);
	(void)picture_add_code(&p, URL, 500, 20, 5);
	(void)picture_add_code(&p, OTHER, 20, 300, 3);
	/* The same words twice are two codes. */
	(void)picture_add_code(&p, OTHER, 100, 600, 4);
	picture_png(&png, &p);
	assert_int_equal(render_image_codes(&codes, render, png.data, png.len, &err), BE_OK);
	assert_string_equal(joined(&codes), URL "|" OTHER "|" OTHER "|bawah");
	assert_true(codes.lines[0].at.x > 510 && codes.lines[0].at.x < 530);
	assert_true(codes.lines[1].at.y > 305 && codes.lines[1].at.y < 320);
	render_text_free(&codes);
	buffer_free(&png);
	picture_free(&p);
}

static void no_code_is_no_error(void **state)
{
	struct picture p;

	(void)state;
	need_scanner();
	picture_new(&p, 640, 480, 255);
	picture_spoil(&p, 120, 60, 0);
	assert_string_equal(read_picture(&p), "");
	picture_free(&p);
}

static void what_it_says_may_be_in_any_language(void **state)
{
	static const char *const texts[] = { "Ditandatangani oleh: Sari Wulandari, S.H.", "\xE6\xBC\xA2\xE5\xAD\x97",
		"caf\xC3\xA9 \xE2\x80\x93 \xF0\x9F\x98\x80", "0123456789012345678901234567890123456789" };
	struct picture p;

	(void)state;
	need_scanner();
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		picture_new(&p, 300, 300, 255);
		(void)picture_add_code(&p, texts[i], 0, 0, 5);
		assert_string_equal(read_picture(&p), texts[i]);
		picture_free(&p);
	}
}

/* Octets that are no text at all come as text all the same, or as signs that say so. */
static void what_is_no_text_is_made_one(void **state)
{
	struct picture p;
	const char *said;

	(void)state;
	need_scanner();
	picture_new(&p, 300, 300, 255);
	(void)picture_add_code(&p, "\xFF\xFE\x80\x81 \x1b[31m", 0, 0, 5);
	said = read_picture(&p);
	assert_true(strlen(said) > 5);
	assert_true(render_are_strings((const uint8_t *)said, strlen(said) + 1, 1));
	picture_free(&p);
}

/* ---- pictures that are none ---- */

static void what_cannot_be_decoded_is_said(void **state)
{
	struct buffer png = BUFFER_EMPTY;
	struct render_text codes;
	struct picture p;

	(void)state;
	need_scanner();
	picture_new(&p, 300, 300, 255);
	(void)picture_add_code(&p, URL, 0, 0, 5);
	picture_png(&png, &p);
	/* Cut short within what is drawn it is damaged, and never a crash. */
	for (size_t len = png.len * 3 / 4; len > 8; len -= len / 5 + 1) {
		assert_int_equal(render_image_codes(&codes, render, png.data, len, &err), BE_MALFORMED);
		assert_int_equal(codes.count, 0);
	}
	assert_int_equal(render_image_codes(&codes, render, "GIF89a and more", 15, &err), BE_UNSUPPORTED);
	assert_int_equal(render_image_codes(&codes, render, "", 0, &err), BE_UNSUPPORTED);
	assert_int_equal(render_image_codes(&codes, render, png.data, RENDER_IMAGE_MAX + 1u, &err), BE_LIMIT);
	/* The helper is still the same one, and works. */
	assert_string_equal(read_bytes(&png), URL);
	buffer_free(&png);
	picture_free(&p);
}

static void a_bomb_is_refused_before_it_is_unpacked(void **state)
{
	struct buffer png = BUFFER_EMPTY;
	struct render_text codes;

	(void)state;
	need_scanner();
	picture_bomb(&png, 40000, 40000);
	assert_int_equal(render_image_codes(&codes, render, png.data, png.len, &err), BE_LIMIT);
	buffer_reset(&png);
	picture_bomb(&png, 0x7fffffff, 2);
	assert_int_not_equal(render_image_codes(&codes, render, png.data, png.len, &err), BE_OK);
	buffer_reset(&png);
	/* As large as it may be: looked at, without a code. */
	picture_bomb(&png, 7000, 7100);
	assert_int_equal(render_image_codes(&codes, render, png.data, png.len, &err), BE_OK);
	assert_int_equal(codes.count, 0);
	render_text_free(&codes);
	buffer_free(&png);
}

static void a_large_photograph_is_read_in_time(void **state)
{
	struct picture p;

	(void)state;
	need_scanner();
	picture_new(&p, 4000, 6000, 220);
	(void)picture_add_code(&p, URL, 1500, 4000, 18);
	picture_spoil(&p, 30, 60, 2);
	assert_string_equal(read_picture(&p), URL);
	picture_free(&p);
}

/* ---- pages ---- */

static void pages_are_read_one_by_one(void **state)
{
	struct picture pages[3];
	struct render_text codes;
	struct buffer pdf = BUFFER_EMPTY;
	struct render *document = NULL;

	(void)state;
	need_scanner();
	for (int i = 0; i < 3; i++)
		picture_new(&pages[i], 850, 1100, 255);
	/* At 100 dots an inch: a module of 0.25 mm. */
	(void)picture_add_code(&pages[0], URL, 700, 950, 1);
	(void)picture_add_code(&pages[2], OTHER, 100, 100, 2);
	(void)picture_add_code(&pages[2], URL, 500, 900, 2);
	picture_pdf(&pdf, pages, 3, 612, 792);
	assert_int_equal(preview_try(&document, pdf.data, pdf.len, &err), BE_OK);
	assert_int_equal(render_codes(&codes, document, 1, &err), BE_OK);
	assert_string_equal(joined(&codes), URL);
	/* In points of the page. */
	assert_true(codes.lines[0].at.x > 500 && codes.lines[0].at.x < 520 && codes.lines[0].at.y > 680);
	render_text_free(&codes);
	assert_int_equal(render_codes(&codes, document, 2, &err), BE_OK);
	assert_int_equal(codes.count, 0);
	render_text_free(&codes);
	assert_int_equal(render_codes(&codes, document, 3, &err), BE_OK);
	assert_string_equal(joined(&codes), OTHER "|" URL);
	render_text_free(&codes);
	assert_int_equal(render_codes(&codes, document, 4, &err), BE_NO_SUCH_PAGE);
	assert_int_equal(render_codes(&codes, render, 1, &err), BE_USAGE);
	render_free(&document);
	for (int i = 0; i < 3; i++)
		picture_free(&pages[i]);
	buffer_free(&pdf);
}

static int close_render(void **state)
{
	(void)state;
	render_free(&render);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_clean_code_is_read_at_any_size),
		cmocka_unit_test(a_code_may_lie_as_it_likes),
		cmocka_unit_test(a_photograph_is_read),
		cmocka_unit_test(light_on_dark_is_read),
		cmocka_unit_test(a_small_picture_is_looked_at_larger),
		cmocka_unit_test(several_codes_come_from_the_top_down),
		cmocka_unit_test(no_code_is_no_error),
		cmocka_unit_test(what_it_says_may_be_in_any_language),
		cmocka_unit_test(what_is_no_text_is_made_one),
		cmocka_unit_test(what_cannot_be_decoded_is_said),
		cmocka_unit_test(a_bomb_is_refused_before_it_is_unpacked),
		cmocka_unit_test(a_large_photograph_is_read_in_time),
		cmocka_unit_test(pages_are_read_one_by_one),
	};

	return cmocka_run_group_tests_name("render_codes", tests, NULL, close_render);
}
