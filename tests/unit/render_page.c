/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pages as besign-render shows them, from the app's side of its socket. */

#include "support/preview.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include <cmocka.h>

/* A black bar of 400 x 100 points, its top left corner 100 points from the left and 50 from the top of 595 x 842. */
#define BAR "0 g 100 692 400 100 re f\n"
#define TWO_LINES "BT /F 20 Tf 150 700 Td (Jangkar di sini) Tj 0 -30 Td (baris kedua) Tj ET\n"

static struct be_error err; /* of the last call */

#define OK(call) \
	do { \
		if ((call) != BE_OK) \
			fail_msg("%s: %s (%s)", #call, err.msgid, err.detail); \
	} while (0)

static struct render *open_page(const char *page_keys, const char *content)
{
	struct pdftext t;

	preview_needed();
	preview_begin(&t, "", page_keys, content);
	preview_end(&t);
	return preview_open(&t);
}

static bool near(double a, double b)
{
	return fabs(a - b) < 0.01;
}

/* ---- opening ---- */

static void a_document_has_its_pages(void **state)
{
	struct render_page page;
	struct pdftext t;
	struct render *render;

	(void)state;
	preview_needed();
	pdftext_begin(&t);
	pdftext_object(&t, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	pdftext_object(&t, 2, "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 /MediaBox [0 0 300 400] >>");
	pdftext_object(&t, 3, "<< /Type /Page /Parent 2 0 R >>");
	pdftext_object(&t, 4, "<< /Type /Page /Parent 2 0 R /Rotate 270 >>");
	pdftext_table(&t, "/Root 1 0 R");
	render = preview_open(&t);
	assert_int_equal(render_pages(render), 2);
	OK(render_page(&page, render, 1, &err));
	assert_true(page.width == 300 && page.height == 400 && page.rotate == 0 && page.sure);
	OK(render_page(&page, render, 2, &err));
	assert_true(page.width == 400 && page.height == 300 && page.rotate == 270 && page.sure);
	assert_int_equal(render_page(&page, render, 0, &err), BE_NO_SUCH_PAGE);
	assert_int_equal(render_page(&page, render, 3, &err), BE_NO_SUCH_PAGE);
	assert_int_equal(render_page(&page, render, UINT32_MAX, &err), BE_NO_SUCH_PAGE);
	assert_string_equal(preview_text(render, 1), "");
	render_free(&render);
}

static void what_is_no_document_is_said_to_be_none(void **state)
{
	static const struct {
		const char *bytes;
		enum be_err expected;
	} files[] = {
		{ "", BE_NOT_A_PDF },
		{ "Yth. Bapak dan Ibu", BE_NOT_A_PDF },
		{ "%PDF-1.7\nand nothing more\n", BE_DAMAGED },
	};

	(void)state;
	preview_needed();
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct render *render = NULL;

		assert_int_equal(preview_try(&render, files[i].bytes, strlen(files[i].bytes), &err), files[i].expected);
		assert_int_equal(err.code, files[i].expected);
		assert_non_null(err.msgid);
		assert_null(render);
	}
}

static void without_a_document_there_are_no_pages(void **state)
{
	struct render *render = NULL;
	struct render_page page;

	(void)state;
	preview_needed();
	OK(render_open(&render, -1, &err));
	assert_int_equal(render_pages(render), 0);
	assert_int_equal(render_page(&page, render, 1, &err), BE_USAGE);
	render_free(&render);
	assert_null(render);
}

static void the_document_may_be_closed_while_it_is_looked_at(void **state)
{
	struct render *render = open_page("", TWO_LINES); /* which closes it */

	(void)state;
	assert_string_equal(preview_text(render, 1), "Jangkar di sini|baris kedua");
	render_free(&render);
}

/* ---- where things stand ---- */

/* The shown position of the text that stands at (150, 700) in user space, of a page of 500 x 650 units that starts at
 * (50, 100), for each of the four ways to turn it. Its box is 18.5 units high and reaches 4.14 below the line. */
static const struct {
	const char *keys;
	double width, height;
	double x, y; /* of the first line, left and top */
	double field_x, field_y, field_width, field_height;
	uint32_t rotate;
	double unit;
} turned[] = {
	{ "/CropBox [50 100 550 750]", 500, 650, 100, 35.64, 50, 500, 200, 50, 0, 1 },
	{ "/CropBox [50 100 550 750] /Rotate 90", 650, 500, 595.86, 100, 100, 50, 50, 200, 90, 1 },
	{ "/CropBox [50 100 550 750] /Rotate 180", 500, 650, -1, 595.86, 250, 100, 200, 50, 180, 1 },
	{ "/CropBox [50 100 550 750] /Rotate 270", 650, 500, 35.64, -1, 500, 250, 50, 200, 270, 1 },
	{ "/CropBox [50 100 550 750] /UserUnit 2", 1000, 1300, 200, 71.28, 100, 1000, 400, 100, 0, 2 },
};

static struct render *open_turned(size_t i)
{
	struct pdftext t;
	char keys[256];

	(void)snprintf(keys, sizeof(keys), "%s /Annots [10 0 R 11 0 R]", turned[i].keys);
	preview_begin(&t, "/AcroForm << /Fields [10 0 R 11 0 R] >>", keys, TWO_LINES);
	pdftext_object(&t, 10,
		"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Tanda Tangan) /Rect [100 200 300 250] /F 4 /P 3 0 R >>");
	pdftext_object(&t, 11, "<< /Type /Annot /Subtype /Widget /FT /Sig /T (Nihil) /Rect [0 0 0 0] /F 4 /P 3 0 R >>");
	preview_end(&t);
	return preview_open(&t);
}

static void lines_and_finds_stand_where_they_are_shown(void **state)
{
	(void)state;
	preview_needed();
	for (size_t i = 0; i < sizeof(turned) / sizeof(turned[0]); i++) {
		struct render *render = open_turned(i);
		struct render_page page;
		struct render_text text;
		struct render_rects found;

		OK(render_page(&page, render, 1, &err));
		assert_true(near(page.width, turned[i].width) && near(page.height, turned[i].height));
		assert_true(page.sure == 1 && page.rotate == turned[i].rotate && page.unit == turned[i].unit);
		OK(render_text(&text, render, 1, &err));
		assert_int_equal(text.count, 2);
		assert_string_equal(text.lines[0].text, "Jangkar di sini");
		assert_string_equal(text.lines[1].text, "baris kedua");
		assert_true(turned[i].x < 0 || near(text.lines[0].at.x, turned[i].x));
		assert_true(turned[i].y < 0 || near(text.lines[0].at.y, turned[i].y));
		/* What is searched for has the same place, whatever its letters' case. */
		OK(render_find(&found, render, 1, "JANGKAR DI SINI", &err));
		assert_int_equal(found.count, 1);
		assert_true(near(found.rects[0].x, text.lines[0].at.x) && near(found.rects[0].y, text.lines[0].at.y) &&
			near(found.rects[0].width, text.lines[0].at.width) &&
			near(found.rects[0].height, text.lines[0].at.height));
		render_rects_free(&found);
		OK(render_find(&found, render, 1, "tidak ada", &err));
		assert_int_equal(found.count, 0);
		render_rects_free(&found);
		render_text_free(&text);
		render_free(&render);
	}
}

static void fields_stand_where_they_are_shown(void **state)
{
	(void)state;
	preview_needed();
	for (size_t i = 0; i < sizeof(turned) / sizeof(turned[0]); i++) {
		struct render *render = open_turned(i);
		struct render_fields fields;

		OK(render_fields(&fields, render, 1, &err));
		assert_int_equal(fields.count, 1); /* the other has no size */
		assert_int_equal(fields.fields[0].kind, RENDER_FIELD_SIGNATURE);
		assert_string_equal(fields.fields[0].name, "Tanda Tangan");
		if (!near(fields.fields[0].at.x, turned[i].field_x) ||
			!near(fields.fields[0].at.y, turned[i].field_y) ||
			!near(fields.fields[0].at.width, turned[i].field_width) ||
			!near(fields.fields[0].at.height, turned[i].field_height))
			fail_msg("%s: %g %g %g %g", turned[i].keys, fields.fields[0].at.x, fields.fields[0].at.y,
				fields.fields[0].at.width, fields.fields[0].at.height);
		render_fields_free(&fields);
		render_free(&render);
	}
}

static void what_is_searched_for_is_short_utf8(void **state)
{
	struct render *render = open_page("", TWO_LINES);
	struct render_rects found;
	char much[RENDER_FIND_MAX + 2];

	(void)state;
	memset(much, 'a', sizeof(much) - 1);
	much[sizeof(much) - 1] = '\0';
	assert_int_equal(render_find(&found, render, 1, much, &err), BE_USAGE);
	assert_int_equal(render_find(&found, render, 1, "\xff", &err), BE_USAGE);
	OK(render_find(&found, render, 1, "", &err));
	assert_int_equal(found.count, 0);
	render_free(&render);
}

/* ---- pixels and cells ---- */

static void pixels_show_what_is_drawn(void **state)
{
	const struct render_rect part = { 100, 50, 400, 100 };
	const struct render_rect corner = { 0, 0, 40, 40 };
	const struct render_rect none = { 0, 0, 0, 10 };
	struct render_pixels pixels;
	struct render *render = open_page("", BAR "1 0 0 rg 0 0 100 100 re f\n");

	(void)state;
	OK(render_pixels(&pixels, render, 1, NULL, 842, 842, &err));
	assert_int_equal(pixels.width, 595);
	assert_int_equal(pixels.height, 842);
	assert_int_equal(pixels.pixels[100 * 595 + 300], 0x000000); /* in the bar */
	assert_int_equal(pixels.pixels[45 * 595 + 300], 0xffffff);  /* above it */
	assert_int_equal(pixels.pixels[100 * 595 + 95], 0xffffff);  /* beside it */
	assert_int_equal(pixels.pixels[155 * 595 + 300], 0xffffff); /* below it */
	assert_int_equal(pixels.pixels[800 * 595 + 50], 0xff0000);
	render_pixels_free(&pixels);
	OK(render_pixels(&pixels, render, 1, &part, 80, 80, &err));
	assert_int_equal(pixels.width, 80);
	assert_int_equal(pixels.height, 20);
	for (size_t i = 0; i < 80 * 20; i++)
		assert_int_equal(pixels.pixels[i], 0x000000);
	render_pixels_free(&pixels);
	OK(render_pixels(&pixels, render, 1, &corner, 10, 10, &err));
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(pixels.pixels[i], 0xffffff);
	render_pixels_free(&pixels);
	assert_int_equal(render_pixels(&pixels, render, 1, NULL, 0, 10, &err), BE_USAGE);
	assert_int_equal(render_pixels(&pixels, render, 1, NULL, 1u << 20, 1u << 20, &err), BE_USAGE);
	assert_int_equal(render_pixels(&pixels, render, 1, &none, 10, 10, &err), BE_USAGE);
	assert_int_equal(render_pixels(&pixels, render, 2, NULL, 10, 10, &err), BE_NO_SUCH_PAGE);
	assert_null(pixels.pixels);
	render_free(&render);
}

static const struct render_cell *cell_at(const struct render_cells *cells, double x, double y)
{
	return &cells->cells[(size_t)(y / 842 * cells->rows) * cells->cols + (size_t)(x / 595 * cells->cols)];
}

/* Ink covers the cell: by its background, or by a character that leaves none of it. */
static bool is_covered(const struct render_cell *cell, enum render_mode mode)
{
	switch (mode) {
	case RENDER_256:
		return (cell->character == ' ' && cell->bg == 16) || (cell->character == 0x2588 && cell->fg == 16);
	case RENDER_8:
		return cell->character == ' ' && cell->bg == 0;
	case RENDER_MONO:
		return cell->character == 0x28ff;
	case RENDER_ASCII:
	case RENDER_MODE_COUNT:
	default:
		return cell->character > ' ';
	}
}

static bool is_paper(const struct render_cell *cell, enum render_mode mode)
{
	if (mode == RENDER_256)
		return cell->character == ' ' && cell->bg >= 231;
	if (mode == RENDER_8)
		return cell->character == ' ' && cell->bg == 7;
	return cell->character == ' ' || cell->character == 0x2800;
}

static void cells_show_what_is_drawn_in_every_mode(void **state)
{
	struct render *render = open_page("", BAR);

	(void)state;
	for (enum render_mode mode = RENDER_256; mode < RENDER_MODE_COUNT; mode++) {
		struct render_cells cells;

		OK(render_cells(&cells, render, 1, NULL, 80, 24, mode, &err));
		assert_int_equal(cells.rows, 24);
		assert_int_equal(cells.cols, 34);
		if (!is_covered(cell_at(&cells, 300, 105), mode))
			fail_msg("mode %u: U+%04X %d %d", mode, cell_at(&cells, 300, 105)->character,
				cell_at(&cells, 300, 105)->fg, cell_at(&cells, 300, 105)->bg);
		assert_true(is_paper(cell_at(&cells, 50, 105), mode));
		assert_true(is_paper(cell_at(&cells, 300, 400), mode));
		render_cells_free(&cells);
	}
	render_free(&render);
}

/* Grey is black and no colour; red stays red. */
static void eight_colours_keep_letters_black(void **state)
{
	struct render *render = open_page("", "0.4 g 100 692 400 100 re f 1 0 0 rg 100 300 400 100 re f\n");
	struct render_cells cells;

	(void)state;
	OK(render_cells(&cells, render, 1, NULL, 80, 24, RENDER_8, &err));
	assert_int_equal(cell_at(&cells, 300, 105)->bg, 0);
	assert_int_equal(cell_at(&cells, 300, 492)->bg, 1);
	assert_int_equal(cell_at(&cells, 300, 300)->bg, 7);
	render_cells_free(&cells);
	render_free(&render);
}

static void letters_leave_ink_in_every_mode(void **state)
{
	struct render *render =
		open_page("", "BT /F 11 Tf 72 700 Td (Yang bertanda tangan di bawah ini memerintahkan) Tj ET\n");

	(void)state;
	for (enum render_mode mode = RENDER_256; mode < RENDER_MODE_COUNT; mode++) {
		struct render_cells cells;
		size_t inked = 0;

		OK(render_cells(&cells, render, 1, NULL, 80, 24, mode, &err));
		for (uint32_t i = 0; i < cells.cols * cells.rows; i++)
			inked += !is_paper(&cells.cells[i], mode);
		if (inked < 8 || inked > 60)
			fail_msg("mode %u: %zu cells", mode, inked); /* some 13 cells wide, on one or two lines */
		render_cells_free(&cells);
	}
	render_free(&render);
}

static void a_part_fills_the_cells(void **state)
{
	const struct render_rect bar = { 100, 50, 400, 100 };
	struct render *render = open_page("", BAR);
	struct render_cells cells;

	(void)state;
	OK(render_cells(&cells, render, 1, &bar, 80, 24, RENDER_MONO, &err));
	assert_int_equal(cells.cols, 80);
	assert_int_equal(cells.rows, 10);
	for (uint32_t i = 0; i < 800; i++)
		assert_int_equal(cells.cells[i].character, 0x28ff);
	render_cells_free(&cells);
	assert_int_equal(render_cells(&cells, render, 1, NULL, 0, 24, RENDER_256, &err), BE_USAGE);
	assert_int_equal(render_cells(&cells, render, 1, NULL, RENDER_COLS_MAX + 1, 1, RENDER_256, &err), BE_USAGE);
	assert_null(cells.cells);
	render_free(&render);
}

/* ---- waiting ---- */

static atomic_bool cancelled;

static void cancel(int signal_number)
{
	(void)signal_number;
	atomic_store(&cancelled, true);
}

/* Thirty forms, each of which draws the next one twice. */
static void begin_endless(struct pdftext *t)
{
	static const char draw[] = "/N Do /N Do";

	preview_begin(t, "", "", "BT /F 20 Tf 150 700 Td (awal) Tj ET /X Do");
	for (uint32_t n = 10; n < 40; n++) {
		char keys[160];

		(void)snprintf(keys, sizeof(keys),
			"/Type /XObject /Subtype /Form /BBox [0 0 600 900] /Resources << /XObject << /N %u 0 R >> >>",
			n + 1);
		pdftext_stream(t, n, keys, draw, sizeof(draw) - 1);
	}
	pdftext_stream(t, 40, "/Type /XObject /Subtype /Form /BBox [0 0 600 900]", "0 0 1 1 re f", 12);
	preview_end(t);
}

static void waiting_ends_when_it_is_cancelled(void **state)
{
	const struct itimerval soon = { { 0, 0 }, { 0, 100000 } };
	struct render_cells cells;
	struct render_page page;
	struct pdftext t;
	struct render *render;

	(void)state;
	preview_needed();
	begin_endless(&t);
	render = preview_open(&t);
	render_cancel_by(render, &cancelled);
	(void)signal(SIGALRM, cancel);
	assert_int_equal(setitimer(ITIMER_REAL, &soon, NULL), 0);
	assert_int_equal(render_cells(&cells, render, 1, NULL, 80, 24, RENDER_256, &err), BE_CANCELLED);
	assert_int_equal(err.code, BE_CANCELLED);
	/* While the flag is set nothing is begun; afterwards another helper answers. */
	assert_int_equal(render_page(&page, render, 1, &err), BE_CANCELLED);
	atomic_store(&cancelled, false);
	OK(render_page(&page, render, 1, &err));
	assert_true(page.width == 595);
	render_free(&render);
}

static void a_page_that_takes_too_long_is_one_sentence(void **state)
{
	struct render_cells cells;
	struct render_page page;
	struct pdftext t;
	struct render *render;

	(void)state;
	preview_needed();
	begin_endless(&t);
	render = preview_open(&t);
	assert_int_equal(render_cells(&cells, render, 1, NULL, 80, 24, RENDER_256, &err), BE_HELPER);
	assert_string_equal(err.msgid, "Looking at the document took too long and was stopped");
	OK(render_page(&page, render, 1, &err));
	render_free(&render);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_has_its_pages),
		cmocka_unit_test(what_is_no_document_is_said_to_be_none),
		cmocka_unit_test(without_a_document_there_are_no_pages),
		cmocka_unit_test(the_document_may_be_closed_while_it_is_looked_at),
		cmocka_unit_test(lines_and_finds_stand_where_they_are_shown),
		cmocka_unit_test(fields_stand_where_they_are_shown),
		cmocka_unit_test(what_is_searched_for_is_short_utf8),
		cmocka_unit_test(pixels_show_what_is_drawn),
		cmocka_unit_test(cells_show_what_is_drawn_in_every_mode),
		cmocka_unit_test(eight_colours_keep_letters_black),
		cmocka_unit_test(letters_leave_ink_in_every_mode),
		cmocka_unit_test(a_part_fills_the_cells),
		cmocka_unit_test(waiting_ends_when_it_is_cancelled),
		cmocka_unit_test(a_page_that_takes_too_long_is_one_sentence),
	};

	return cmocka_run_group_tests_name("render page", tests, NULL, NULL);
}
