/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Documents and pictures that are made to hurt whoever looks at them: one sentence each, and the process that asked goes
 * on as it was. */

#include "support/preview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

#include <cmocka.h>

#define OURS_MAX_KB (200l << 10) /* of memory, whatever the document is */

static struct be_error err; /* of the last call */

static void assert_we_are_small(void)
{
	struct rusage usage;

	assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
#ifndef __SANITIZE_ADDRESS__
	assert_true(usage.ru_maxrss < OURS_MAX_KB);
#endif
}

/* Asks for everything there is about the page. Each answer is good or one sentence; the helper that answers next, the
 * same or another, still knows its document. Returns how often there was a sentence. */
static int ask_all(struct render *render)
{
	static const enum be_err sentences[] = { BE_HELPER, BE_LIMIT, BE_NO_SUCH_PAGE, BE_DAMAGED };
	struct render_page page;
	struct render_cells cells;
	struct render_pixels pixels;
	struct render_text text;
	struct render_rects found;
	struct render_fields fields;
	enum be_err rcs[6];
	int failed = 0;

	rcs[0] = render_page(&page, render, 1, &err);
	rcs[1] = render_cells(&cells, render, 1, NULL, 80, 24, RENDER_256, &err);
	rcs[2] = render_pixels(&pixels, render, 1, NULL, 300, 300, &err);
	rcs[3] = render_text(&text, render, 1, &err);
	rcs[4] = render_find(&found, render, 1, "a", &err);
	rcs[5] = render_fields(&fields, render, 1, &err);
	render_cells_free(&cells);
	render_pixels_free(&pixels);
	render_text_free(&text);
	render_rects_free(&found);
	render_fields_free(&fields);
	for (size_t i = 0; i < 6; i++) {
		bool known = rcs[i] == BE_OK;

		for (size_t j = 0; j < sizeof(sentences) / sizeof(sentences[0]); j++)
			known = known || rcs[i] == sentences[j];
		if (!known)
			fail_msg("question %zu: %s (%s)", i, err.msgid, err.detail);
		failed += rcs[i] != BE_OK;
	}
	assert_we_are_small();
	return failed;
}

/* The whole way with what was written: the first sentence may be that it does not open. */
static int look_at(struct pdftext *t)
{
	struct render *render = NULL;
	int failed = 1;

	if (preview_try(&render, t->bytes.data, t->bytes.len, &err) == BE_OK)
		failed = ask_all(render);
	else
		assert_true(err.code == BE_HELPER || err.code == BE_DAMAGED || err.code == BE_LIMIT);
	render_free(&render);
	pdftext_free(t);
	return failed;
}

static void deflate_twice(struct buffer *out, size_t size)
{
	uint8_t *zeros = calloc(1, size);
	uLongf once_len = compressBound(size);
	uint8_t *once = malloc(once_len);
	uLongf twice_len = compressBound(once_len);
	uint8_t *twice = malloc(twice_len);

	assert_true(zeros != NULL && once != NULL && twice != NULL);
	memset(zeros, ' ', size);
	assert_int_equal(compress2(once, &once_len, zeros, size, 9), Z_OK);
	assert_int_equal(compress2(twice, &twice_len, once, once_len, 9), Z_OK);
	buffer_add(out, twice, twice_len);
	free(zeros);
	free(once);
	free(twice);
}

/* A few kilobytes that become most of a gigabyte. Only one question: each that looks at the content takes its time. */
static void content_that_is_deflated_twice(void **state)
{
	struct buffer bomb = BUFFER_EMPTY;
	struct render *render = NULL;
	struct render_page page;
	struct render_cells cells;
	struct pdftext t;
	enum be_err rc;

	(void)state;
	preview_needed();
	deflate_twice(&bomb, 64u << 20);
	assert_true(bomb.len < 2200);
	pdftext_begin(&t);
	pdftext_basics(&t, "", "/Contents [4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R 4 0 R]");
	pdftext_stream(&t, 4, "/Filter [/FlateDecode /FlateDecode]", bomb.data, bomb.len);
	preview_end(&t);
	assert_int_equal(preview_try(&render, t.bytes.data, t.bytes.len, &err), BE_OK);
	rc = render_cells(&cells, render, 1, NULL, 80, 24, RENDER_256, &err);
	assert_true(rc == BE_OK || rc == BE_HELPER);
	assert_int_equal(render_page(&page, render, 1, &err), BE_OK);
	assert_we_are_small();
	render_cells_free(&cells);
	render_free(&render);
	pdftext_free(&t);
	buffer_free(&bomb);
}

static void pictures_of_a_size_that_nobody_has(void **state)
{
	static const char *const keys[] = {
		"/Width 100000 /Height 100000 /BitsPerComponent 8 /ColorSpace /DeviceRGB",
		"/Width 2147483647 /Height 2147483647 /BitsPerComponent 16 /ColorSpace /DeviceCMYK",
		"/Width 1 /Height 1000000000 /BitsPerComponent 8 /ColorSpace /DeviceGray",
		"/Width -5 /Height -5 /BitsPerComponent 8 /ColorSpace /DeviceGray",
		"/Width 100000 /Height 100000 /ImageMask true /BitsPerComponent 1",
	};
	struct buffer bomb = BUFFER_EMPTY;

	(void)state;
	preview_needed();
	deflate_twice(&bomb, 16u << 20);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		struct pdftext t;
		char all[256];

		preview_begin(&t, "", "", "500 0 0 500 10 10 cm /X Do");
		(void)snprintf(all, sizeof(all),
			"/Type /XObject /Subtype /Image %s /Filter [/FlateDecode /FlateDecode]", keys[i]);
		pdftext_stream(&t, 10, all, bomb.data, bomb.len);
		preview_end(&t);
		(void)look_at(&t);
	}
	buffer_free(&bomb);
}

static void pages_of_a_size_that_no_paper_has(void **state)
{
	static const struct {
		const char *keys;
		bool refused;
	} pages[] = {
		{ "/CropBox [0 0 1e30 1e30] /MediaBox [0 0 1e30 1e30]", false }, /* taken for none at all */
		{ "/MediaBox [0 0 2000000 10]", true },
		{ "/MediaBox [0 0 1000 1000] /UserUnit 75000", true },
		{ "/MediaBox [-1e30 -1e30 1e30 1e30] /Rotate 90", false },
		{ "/MediaBox [0 0 0.0000001 842]", false },
		{ "/MediaBox [0 0 14400 14400] /UserUnit 10", false },
	};

	(void)state;
	preview_needed();
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++) {
		struct render *render = NULL;
		struct render_page page;
		struct pdftext t;

		preview_begin(&t, "", pages[i].keys, "0 0 10 10 re f");
		/* The first /MediaBox of preview_begin's page would win. */
		for (size_t at = 0; at + 24 < t.bytes.len; at++) {
			if (memcmp(t.bytes.data + at, "/MediaBox [0 0 595 842]", 23) == 0)
				memset(t.bytes.data + at, ' ', 23);
		}
		preview_end(&t);
		assert_int_equal(preview_try(&render, t.bytes.data, t.bytes.len, &err), BE_OK);
		if (pages[i].refused) {
			const enum be_err rc = render_page(&page, render, 1, &err);

			if (rc != BE_LIMIT)
				fail_msg("%s: %s, %g x %g", pages[i].keys, be_err_word(rc), page.width, page.height);
		}
		(void)ask_all(render);
		render_free(&render);
		pdftext_free(&t);
	}
}

static void add_many(struct buffer *out, const char *piece, size_t count)
{
	for (size_t i = 0; i < count; i++)
		buffer_add_str(out, piece);
	assert_int_equal(buffer_check(out, NULL), BE_OK);
}

static void nesting_without_end(void **state)
{
	static const struct {
		const char *open, *close;
	} kinds[] = { { "[", "]" }, { "<</A", ">>" }, { "q ", "Q " } };

	(void)state;
	preview_needed();
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		struct buffer deep = BUFFER_EMPTY;
		struct pdftext t;

		add_many(&deep, kinds[i].open, 200000);
		add_many(&deep, kinds[i].close, 200000);
		buffer_add_byte(&deep, '\0');
		preview_begin(&t, "", "/Annots 10 0 R", "/X Do");
		pdftext_stream(&t, 11, "", deep.data, deep.len - 1);
		if (kinds[i].open[0] != 'q')
			pdftext_object(&t, 10, (const char *)deep.data);
		preview_end(&t);
		(void)look_at(&t);
		buffer_free(&deep);
	}
}

/* In the content itself, and as the page. */
static void content_that_nests_without_end(void **state)
{
	struct buffer deep = BUFFER_EMPTY;
	struct pdftext t;

	(void)state;
	preview_needed();
	add_many(&deep, "[ q ", 200000);
	buffer_add_byte(&deep, '\0');
	preview_begin(&t, "", "", (const char *)deep.data);
	preview_end(&t);
	(void)look_at(&t);
	buffer_free(&deep);
}

static void objects_that_lead_to_themselves(void **state)
{
	static const char *const parts[][3] = {
		{ "<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 2 >>", "null", "null" },
		{ "<< /Type /Pages /Kids [3 0 R] /Count 2147483647 >>",
			"<< /Type /Page /Parent 2 0 R /Contents 3 0 R >>", "null" },
		{ "<< /Type /Pages /Kids [3 0 R] /Count -7 >>", "<< /Type /Page /Parent 3 0 R /Contents 4 0 R >>",
			"4 0 R" },
		{ "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
			"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources 3 0 R /MediaBox 4 0 R >>",
			"[4 0 R 4 0 R]" },
	};

	(void)state;
	preview_needed();
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		struct pdftext t;

		pdftext_begin(&t);
		pdftext_object(&t, 1, "<< /Type /Catalog /Pages 2 0 R >>");
		for (uint32_t n = 0; n < 3; n++)
			pdftext_object(&t, n + 2, parts[i][n]);
		pdftext_table(&t, "/Root 1 0 R");
		(void)look_at(&t);
	}
}

static void annotations_without_number(void **state)
{
	struct buffer list = BUFFER_EMPTY;
	struct pdftext t;

	(void)state;
	preview_needed();
	buffer_add_str(&list, "[");
	add_many(&list, "10 0 R ", 100000);
	buffer_add(&list, "]", 2);
	preview_begin(&t, "/AcroForm << /Fields 11 0 R >>", "/Annots 11 0 R", "0 0 10 10 re f");
	pdftext_object(
		&t, 10, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sama) /Rect [10 20 30 40] /F 4 /P 3 0 R >>");
	pdftext_object(&t, 11, (const char *)list.data);
	preview_end(&t);
	(void)look_at(&t);
	buffer_free(&list);
}

/* ---- pictures for a stamp ---- */

static void add_chunk(struct buffer *png, const char *kind, const void *bytes, size_t len)
{
	const uint8_t size[4] = { (uint8_t)(len >> 24), (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len };
	uLong sum = crc32(crc32(0, (const Bytef *)kind, 4), bytes, (uInt)len);
	const uint8_t crc[4] = { (uint8_t)(sum >> 24), (uint8_t)(sum >> 16), (uint8_t)(sum >> 8), (uint8_t)sum };

	buffer_add(png, size, sizeof(size));
	buffer_add(png, kind, 4);
	buffer_add(png, bytes, len);
	buffer_add(png, crc, sizeof(crc));
}

static void add_png(struct buffer *png, uint32_t width, uint32_t height, const struct buffer *data)
{
	const uint8_t header[13] = { (uint8_t)(width >> 24), (uint8_t)(width >> 16), (uint8_t)(width >> 8),
		(uint8_t)width, (uint8_t)(height >> 24), (uint8_t)(height >> 16), (uint8_t)(height >> 8),
		(uint8_t)height, 8, 2, 0, 0, 0 };

	buffer_add(png, "\x89PNG\r\n\x1a\n", 8);
	add_chunk(png, "IHDR", header, sizeof(header));
	add_chunk(png, "IDAT", data->data, data->len);
	add_chunk(png, "IEND", "", 0);
	assert_int_equal(buffer_check(png, NULL), BE_OK);
}

static void pictures_that_announce_too_much(void **state)
{
	static const struct {
		uint32_t width, height;
		enum be_err expected;
	} sizes[] = {
		{ 100000, 100000, BE_LIMIT },
		{ 1000000, 51, BE_LIMIT },
		{ 0x7fffffff, 0x7fffffff, BE_MALFORMED }, /* beyond what libpng takes at all */
		{ 7000, 7000, BE_OK },                    /* as far as it goes */
		{ 0, 10, BE_MALFORMED },
	};
	struct render *render = NULL;
	struct buffer data = BUFFER_EMPTY;

	(void)state;
	preview_needed();
	assert_int_equal(render_open(&render, -1, &err), BE_OK);
	deflate_twice(&data, 1u << 20);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct render_stamp stamp = { .width = 200, .height = 60 };
		struct buffer png = BUFFER_EMPTY;
		struct buffer pdf = BUFFER_EMPTY;
		enum be_err rc;

		add_png(&png, sizes[i].width, sizes[i].height, &data);
		stamp.image = png.data;
		stamp.image_len = png.len;
		rc = render_stamp(&pdf, render, &stamp, &err);
		if (rc != sizes[i].expected)
			fail_msg("%u x %u: %s (%s)", sizes[i].width, sizes[i].height, err.msgid, err.detail);
		assert_true(rc == BE_OK || pdf.len == 0);
		buffer_free(&png);
		buffer_free(&pdf);
	}
	assert_we_are_small();
	buffer_free(&data);
	render_free(&render);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(content_that_is_deflated_twice),
		cmocka_unit_test(pictures_of_a_size_that_nobody_has),
		cmocka_unit_test(pages_of_a_size_that_no_paper_has),
		cmocka_unit_test(nesting_without_end),
		cmocka_unit_test(content_that_nests_without_end),
		cmocka_unit_test(objects_that_lead_to_themselves),
		cmocka_unit_test(annotations_without_number),
		cmocka_unit_test(pictures_that_announce_too_much),
	};

	return cmocka_run_group_tests_name("render bombs", tests, NULL, NULL);
}
