/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/pages.h"

#include "support/pdf_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"
#define CATALOGUE "<</Type/Catalog/Pages 2 0 R>>"
#define PAGE "<</Type/Page/Parent 2 0 R>>"

/* ---- which object a page is ---- */

/* clang-format off */
static const struct {
	const char *what, *objects[8]; /* from 2: the tree */
	uint32_t place;
	enum be_err expected;
	uint32_t number;
} trees[] = {
	{ "the first", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", PAGE, PAGE }, 1, BE_OK, 3 },
	{ "the second", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", PAGE, PAGE }, 2, BE_OK, 4 },
	{ "the last", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", PAGE, PAGE }, PDF_PAGE_LAST, BE_OK, 4 },
	{ "one too many", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", PAGE, PAGE }, 3, BE_NO_SUCH_PAGE, 0 },
	{ "page nought", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 2>>", PAGE, PAGE }, 0, BE_NO_SUCH_PAGE, 0 },
	{ "of a tree without pages", { "<</Type/Pages/Kids[]/Count 0>>" }, 1, BE_NO_SUCH_PAGE, 0 },
	{ "the last of a tree without pages", { "<</Type/Pages/Kids[]/Count 0>>" }, PDF_PAGE_LAST, BE_NO_SUCH_PAGE, 0 },
	{ "of what is no tree", { "[3 0 R]", PAGE }, 1, BE_NO_SUCH_PAGE, 0 },
	{ "behind a branch", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 3>>",
		"<</Type/Pages/Kids[5 0 R 6 0 R]/Count 2>>", PAGE, PAGE, PAGE }, 3, BE_OK, 4 },
	{ "in a second branch", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 4>>", "<</Type/Pages/Kids[5 0 R 6 0 R]/Count 2>>",
		"<</Type/Pages/Kids[7 0 R 8 0 R]/Count 2>>", PAGE, PAGE, PAGE, PAGE }, 3, BE_OK, 7 },
	{ "without counts", { "<</Type/Pages/Kids[3 0 R 4 0 R]>>", "<</Type/Pages/Kids[5 0 R 6 0 R]>>", PAGE, PAGE,
		PAGE }, 3, BE_OK, 4 },
	{ "the last without counts", { "<</Type/Pages/Kids[3 0 R 4 0 R]>>", "<</Type/Pages/Kids[5 0 R 6 0 R]>>", PAGE,
		PAGE, PAGE }, PDF_PAGE_LAST, BE_OK, 4 },
	{ "of a count too high", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 9>>", PAGE, PAGE }, PDF_PAGE_LAST, BE_OK, 4 },
	{ "of a count too low", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count 1>>", PAGE, PAGE }, 2, BE_OK, 4 },
	{ "of a count that is none", { "<</Type/Pages/Kids[3 0 R 4 0 R]/Count -7>>", PAGE, PAGE }, 2, BE_OK, 4 },
	{ "behind an empty branch", { "<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 2>>", "<</Type/Pages/Count 0>>", PAGE,
		PAGE }, 1, BE_OK, 4 },
	{ "as many kids as pages, and some of them branches", { "<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>",
		"<</Type/Pages/Kids[6 0 R 7 0 R]/Count 2>>", PAGE, "<</Type/Pages/Kids[]/Count 0>>", PAGE, PAGE }, 1,
		BE_OK, 6 },
	{ "without types", { "<</Kids[3 0 R 4 0 R]/Count 2>>", "<<>>", "<<>>" }, 2, BE_OK, 4 },
	{ "in a circle", { "<</Type/Pages/Kids[3 0 R 2 0 R]/Count 5>>", PAGE }, 1, BE_OK, 3 },
	{ "behind a circle", { "<</Type/Pages/Kids[2 0 R]/Count 5>>" }, 1, BE_NO_SUCH_PAGE, 0 },
	{ "that is no object", { "<</Type/Pages/Kids[<</Type/Page>>]/Count 1>>" }, 1, BE_DAMAGED, 0 },
	{ "that is nothing", { "<</Type/Pages/Kids[99 0 R]/Count 1>>" }, 1, BE_NO_SUCH_PAGE, 0 },
};
/* clang-format on */

static struct pdf_doc *open_tree(struct pdftext *t, const char *const *objects, size_t count)
{
	pdftext_begin(t);
	pdftext_object(t, 1, CATALOGUE);
	for (size_t i = 0; i < count && objects[i] != NULL; i++)
		pdftext_object(t, (uint32_t)(i + 2), objects[i]);
	pdftext_table(t, ROOT);
	return pdftext_open(t);
}

static void a_page_is_found_by_its_place_in_any_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(trees); i++) {
		struct be_error err = { .code = BE_OK };
		struct pdf_page page;
		struct pdftext t;
		struct pdf_doc *doc = open_tree(&t, trees[i].objects, COUNT(trees[i].objects));
		enum be_err rc = pdf_page_find(&page, doc, 0, trees[i].place, &err);

		if (rc != trees[i].expected || (rc == BE_OK && page.number != trees[i].number))
			fail_msg("%s: %d, page %u", trees[i].what, (int)rc, rc == BE_OK ? page.number : 0);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

static void a_page_among_ten_thousand_costs_a_few_objects(void **state)
{
	static const uint32_t places[] = { 1, 4711, 10000, PDF_PAGE_LAST };

	(void)state;
	for (size_t i = 0; i < 2 * COUNT(places); i++) {
		const bool flat = i % 2 == 0;
		const uint32_t place = places[i / 2] == PDF_PAGE_LAST ? 10000 : places[i / 2];
		struct buffer kids = BUFFER_EMPTY;
		struct pdf_page page;
		struct pdf_doc *doc;
		struct pdftext t;

		pdftext_begin(&t);
		pdftext_object(&t, 1, CATALOGUE);
		for (uint32_t k = 0; k < 10000; k++)
			pdftext_object(&t, 1000 + k, PAGE);
		for (uint32_t branch = 0; !flat && branch < 100; branch++) {
			buffer_reset(&kids);
			buffer_add_str(&kids, "<</Type/Pages/Parent 2 0 R/Count 100/Kids[");
			for (uint32_t k = 0; k < 100; k++)
				buffer_printf(&kids, "%u 0 R ", 1000 + 100 * branch + k);
			buffer_add(&kids, "]>>", 4);
			pdftext_object(&t, 100 + branch, (const char *)kids.data);
		}
		buffer_reset(&kids);
		buffer_add_str(&kids, "<</Type/Pages/Count 10000/Kids[");
		for (uint32_t k = 0; k < (flat ? 10000 : 100); k++)
			buffer_printf(&kids, "%u 0 R ", (flat ? 1000 : 100) + k);
		buffer_add(&kids, "]>>", 4);
		pdftext_object(&t, 2, (const char *)kids.data);
		pdftext_table(&t, ROOT);
		doc = pdftext_open(&t);
		assert_int_equal(pdf_page_find(&page, doc, 0, places[i / 2], NULL), BE_OK);
		assert_int_equal(page.number, 999 + place);
		assert_in_range(pdf_doc_parsed(doc), 3, flat ? 4 : 110);
		pdf_doc_free(&doc);
		pdftext_free(&t);
		buffer_free(&kids);
	}
}

static void the_page_that_shows_an_annotation_is_found(void **state)
{
	static const char *const objects[] = { "<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>",
		"<</Type/Page/Parent 2 0 R/Annots[9 0 R]>>", "<</Type/Page/Parent 2 0 R/Annots 6 0 R>>", PAGE,
		"[7 0 R 8 0 R]" };
	struct pdf_page page;
	struct pdftext t;
	struct pdf_doc *doc = open_tree(&t, objects, COUNT(objects));

	(void)state;
	assert_int_equal(pdf_page_showing(&page, doc, 0, 8, NULL), BE_OK);
	assert_int_equal(page.number, 4);
	assert_int_equal(pdf_page_showing(&page, doc, 0, 9, NULL), BE_OK);
	assert_int_equal(page.number, 3);
	assert_int_equal(pdf_page_showing(&page, doc, 0, 10, NULL), BE_NO_SUCH_PAGE);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- how it is shown ---- */

/* clang-format off */
static const struct {
	const char *what, *tree, *page;
	double box[4];
	unsigned rotate;
	double unit;
} sizes[] = {
	{ "its own box", "", "/MediaBox[0 0 300 200]", { 0, 0, 300, 200 }, 0, 1 },
	{ "an inherited box", "/MediaBox[0 0 300 200]/Rotate 90", "", { 0, 0, 300, 200 }, 90, 1 },
	{ "its own before an inherited one", "/MediaBox[0 0 300 200]/Rotate 90", "/MediaBox[0 0 30 20]/Rotate 0",
		{ 0, 0, 30, 20 }, 0, 1 },
	{ "no box", "", "", { 0, 0, 612, 792 }, 0, 1 },
	{ "a box without area", "", "/MediaBox[5 5 5 5]", { 0, 0, 612, 792 }, 0, 1 },
	{ "a box of three numbers", "", "/MediaBox[0 0 5]", { 0, 0, 612, 792 }, 0, 1 },
	{ "a box out of order", "", "/MediaBox[300 200 -10 -20.5]", { -10, -20.5, 300, 200 }, 0, 1 },
	{ "a box whose numbers stand elsewhere", "", "/MediaBox[0 0 9 0 R 200]", { 0, 0, 300, 200 }, 0, 1 },
	{ "a crop box", "", "/MediaBox[0 0 300 200]/CropBox[20 30 120 90]", { 20, 30, 120, 90 }, 0, 1 },
	{ "a crop box that is larger", "", "/MediaBox[0 0 300 200]/CropBox[-20 30 400 90]", { 0, 30, 300, 90 }, 0, 1 },
	{ "a crop box beside the page", "", "/MediaBox[0 0 300 200]/CropBox[400 400 500 500]", { 0, 0, 300, 200 }, 0, 1 },
	{ "an inherited crop box", "/CropBox[20 30 120 90]", "/MediaBox[0 0 300 200]", { 20, 30, 120, 90 }, 0, 1 },
	{ "turned left", "", "/MediaBox[0 0 300 200]/Rotate -90", { 0, 0, 300, 200 }, 270, 1 },
	{ "turned once and a half", "", "/MediaBox[0 0 300 200]/Rotate 540", { 0, 0, 300, 200 }, 180, 1 },
	{ "turned by what is no quarter", "", "/MediaBox[0 0 300 200]/Rotate 45", { 0, 0, 300, 200 }, 0, 1 },
	{ "with a larger unit", "/UserUnit 7", "/MediaBox[0 0 300 200]/UserUnit 2.5", { 0, 0, 300, 200 }, 0, 2.5 },
	{ "with a unit that is none", "", "/MediaBox[0 0 300 200]/UserUnit -2", { 0, 0, 300, 200 }, 0, 1 },
};
/* clang-format on */

static void assert_near(const char *what, double wanted, double got)
{
	if (!(got > wanted - 1e-6 && got < wanted + 1e-6))
		fail_msg("%s: %f instead of %f", what, got, wanted);
}

static struct pdf_doc *open_page(struct pdftext *t, const char *tree, const char *page)
{
	char nodes[2][200];

	(void)snprintf(nodes[0], sizeof(nodes[0]), "<</Type/Pages/Kids[3 0 R]/Count 1%s>>", tree);
	(void)snprintf(nodes[1], sizeof(nodes[1]), "<</Type/Page/Parent 2 0 R%s>>", page);
	pdftext_begin(t);
	pdftext_object(t, 1, CATALOGUE);
	pdftext_object(t, 2, nodes[0]);
	pdftext_object(t, 3, nodes[1]);
	pdftext_object(t, 9, "300");
	pdftext_table(t, ROOT);
	return pdftext_open(t);
}

static void a_page_is_as_large_as_what_is_shown_of_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(sizes); i++) {
		struct pdf_page page;
		struct pdftext t;
		struct pdf_doc *doc = open_page(&t, sizes[i].tree, sizes[i].page);

		assert_int_equal(pdf_page_find(&page, doc, 0, 1, NULL), BE_OK);
		for (size_t k = 0; k < 4; k++)
			assert_near(sizes[i].what, sizes[i].box[k], page.box[k]);
		assert_near(sizes[i].what, sizes[i].unit, page.unit);
		if (page.rotate != sizes[i].rotate)
			fail_msg("%s: turned by %u", sizes[i].what, page.rotate);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

/* Worked out by hand: a page of 300 x 200 whose lower left corner is 20, 30. */
static const struct {
	const char *what, *page;
	double shown[4];
	enum be_err expected;
	double rect[4];
} places[] = {
#define BOX "/MediaBox[20 30 320 230]"
	{ "upright", BOX, { 10, 20, 100, 50 }, BE_OK, { 30, 160, 130, 210 } },
	{ "turned right", BOX "/Rotate 90", { 10, 20, 100, 50 }, BE_OK, { 40, 40, 90, 140 } },
	{ "upside down", BOX "/Rotate 180", { 10, 20, 100, 50 }, BE_OK, { 210, 50, 310, 100 } },
	{ "turned left", BOX "/Rotate 270", { 10, 20, 100, 50 }, BE_OK, { 250, 120, 300, 220 } },
	{ "in units of two points", BOX "/UserUnit 2", { 10, 20, 100, 50 }, BE_OK, { 25, 195, 75, 220 } },
	{ "cropped", "/MediaBox[0 0 500 500]/CropBox[20 30 320 230]", { 10, 20, 100, 50 }, BE_OK,
		{ 30, 160, 130, 210 } },
	{ "all of the page", BOX, { 0, 0, 300, 200 }, BE_OK, { 20, 30, 320, 230 } },
	{ "all of a turned page", BOX "/Rotate 90", { 0, 0, 200, 300 }, BE_OK, { 20, 30, 320, 230 } },
	{ "larger than the page", BOX, { 0, 0, 301, 200 }, BE_OUTSIDE_PAGE, { 0, 0, 0, 0 } },
	{ "larger than the turned page", BOX "/Rotate 90", { 0, 0, 300, 200 }, BE_OUTSIDE_PAGE, { 0, 0, 0, 0 } },
	{ "beyond the right edge", BOX, { 201, 0, 100, 50 }, BE_OUTSIDE_PAGE, { 0, 0, 0, 0 } },
	{ "beyond the lower edge", BOX, { 0, 151, 100, 50 }, BE_OUTSIDE_PAGE, { 0, 0, 0, 0 } },
	{ "beyond the left edge", BOX, { -1, 0, 100, 50 }, BE_OUTSIDE_PAGE, { 0, 0, 0, 0 } },
	{ "beyond the upper edge", BOX, { 0, -1, 100, 50 }, BE_OUTSIDE_PAGE, { 0, 0, 0, 0 } },
	{ "no width", BOX, { 0, 0, 0, 50 }, BE_USAGE, { 0, 0, 0, 0 } },
	{ "no height", BOX, { 0, 0, 50, -1 }, BE_USAGE, { 0, 0, 0, 0 } },
};

static void a_place_on_the_page_as_it_is_shown_is_found_in_user_space(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		struct pdf_page page;
		struct pdftext t;
		struct pdf_doc *doc = open_page(&t, "", places[i].page);
		double rect[4] = { 0, 0, 0, 0 };

		assert_int_equal(pdf_page_find(&page, doc, 0, 1, NULL), BE_OK);
		if (pdf_page_place(rect, &page, places[i].shown, NULL) != places[i].expected)
			fail_msg("%s", places[i].what);
		for (size_t k = 0; k < 4 && places[i].expected == BE_OK; k++)
			assert_near(places[i].what, places[i].rect[k], rect[k]);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

static void numbers_are_written_alike_everywhere(void **state)
{
	static const struct {
		double value;
		const char *text;
	} numbers[] = { { 0, "0" }, { 12, "12" }, { -12, "-12" }, { 0.5, "0.5" }, { -0.25, "-0.25" }, { 1.00004, "1" },
		{ 1.00005, "1.0001" }, { 99.99999, "100" }, { 0.0101, "0.0101" }, { -0.00001, "0" }, { 612.3, "612.3" },
		{ 1e300, "0" } };

	(void)state;
	for (size_t i = 0; i < COUNT(numbers); i++) {
		struct buffer out = BUFFER_EMPTY;

		pdf_put_number(&out, numbers[i].value);
		buffer_add_byte(&out, '\0');
		assert_string_equal((const char *)out.data, numbers[i].text);
		buffer_free(&out);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_is_found_by_its_place_in_any_tree),
		cmocka_unit_test(a_page_among_ten_thousand_costs_a_few_objects),
		cmocka_unit_test(the_page_that_shows_an_annotation_is_found),
		cmocka_unit_test(a_page_is_as_large_as_what_is_shown_of_it),
		cmocka_unit_test(a_place_on_the_page_as_it_is_shown_is_found_in_user_space),
		cmocka_unit_test(numbers_are_written_alike_everywhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
