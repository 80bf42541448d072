/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/pdf_text.h"
#include "support/xref_open.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"

/* ---- files as they should be ---- */

static void a_table_is_read(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	struct pdf_xref *xref;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_freed(&t, 4, 1);
	pdftext_table(&t, ROOT);
	doc = pdftext_open(&t);
	xref = pdf_doc_xref(doc);
	assert_int_equal(xref->revision_count, 1);
	assert_int_equal(xref->revisions[0].end + 1, t.bytes.len);
	xref_assert_entry(doc, 0, 0, BE_OK, PDF_ENTRY_FREE);
	xref_assert_entry(doc, 0, 3, BE_OK, PDF_ENTRY_AT_OFFSET);
	xref_assert_entry(doc, 0, 4, BE_OK, PDF_ENTRY_FREE);
	xref_assert_entry(doc, 0, 5, BE_NOT_FOUND, PDF_ENTRY_FREE);
	xref_assert_entry(doc, 0, UINT32_MAX, BE_NOT_FOUND, PDF_ENTRY_FREE);
	assert_int_equal(pdf_xref_next_number(xref), 5);
	assert_int_equal(pdf_xref_check_revision(xref, 0, NULL), BE_OK);
	assert_int_equal(pdf_xref_odd(xref), 0);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

static void a_stream_is_read(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_pack(&t, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	pdftext_pack(&t, 2, "<< /Type /Pages /Kids [] /Count 0 >>");
	pdftext_packed(&t, 3);
	pdftext_xref_stream(&t, 9, ROOT);
	doc = pdftext_open(&t);
	xref_assert_entry(doc, 0, 1, BE_OK, PDF_ENTRY_IN_STREAM);
	xref_assert_entry(doc, 0, 3, BE_OK, PDF_ENTRY_AT_OFFSET);
	xref_assert_entry(doc, 0, 5, BE_NOT_FOUND, PDF_ENTRY_FREE);
	assert_int_equal(pdf_doc_xref(doc)->sections[0].number, 9);
	assert_int_equal(pdf_xref_next_number(pdf_doc_xref(doc)), 10);
	assert_int_equal(pdf_xref_check_revision(pdf_doc_xref(doc), 0, NULL), BE_OK);
	assert_int_equal(pdf_xref_odd(pdf_doc_xref(doc)), 0);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

static void each_revision_sees_what_was_written_until_then(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	uint64_t end;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_object(&t, 4, "(old)");
	pdftext_table(&t, ROOT);
	end = t.bytes.len;
	pdftext_freed(&t, 4, 1);
	pdftext_object(&t, 5, "(new)");
	pdftext_xref_stream(&t, 6, ROOT);
	doc = pdftext_open(&t);
	assert_int_equal(pdf_doc_xref(doc)->revision_count, 2);
	assert_int_equal(pdf_doc_xref(doc)->revisions[1].end + 1, end);
	assert_int_equal(pdf_doc_xref(doc)->revisions[0].end + 1, t.bytes.len);
	xref_assert_entry(doc, 0, 4, BE_OK, PDF_ENTRY_FREE);
	xref_assert_entry(doc, 1, 4, BE_OK, PDF_ENTRY_AT_OFFSET);
	xref_assert_entry(doc, 0, 5, BE_OK, PDF_ENTRY_AT_OFFSET);
	xref_assert_entry(doc, 1, 5, BE_NOT_FOUND, PDF_ENTRY_FREE);
	xref_assert_entry(doc, 0, 1, BE_OK, PDF_ENTRY_AT_OFFSET);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- linearized files (Annex F) ---- */

#define LINEARIZED_LENGTH_AT (strlen("%PDF-1.7\n%....\n7 0 obj\n<< /Linearized 1 /L "))

/* The first page's section at the front leads forward to the main one. The length is off by `off`. */
static void linearized(struct pdftext *t, int off)
{
	size_t front;
	size_t main_at = 0;
	size_t page_at = 0;
	char length[16];

	pdftext_begin(t);
	pdftext_raw(t, "7 0 obj\n<< /Linearized 1 /L 000000 >>\nendobj\n");
	front = t->bytes.len;
	for (int pass = 0; pass < 2; pass++) { /* the second time all places are known */
		t->bytes.len = front;
		t->count = 0;
		pdftext_raw(t,
			"xref\n3 1\n%010zu 00000 n \n7 1\n0000000015 00000 n \ntrailer\n<< /Size 8 " ROOT
			" /Prev %06zu >>\nstartxref\n0\n%%%%EOF\n",
			page_at, main_at);
		page_at = t->bytes.len;
		pdftext_object(t, 3, "<< /Type /Page /Parent 2 0 R >>");
		t->count = 0;
		pdftext_object(t, 1, "<< /Type /Catalog /Pages 2 0 R >>");
		pdftext_object(t, 2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
		main_at = t->bytes.len;
		pdftext_table_only(t);
		pdftext_raw(t, "trailer\n<< /Size 3 >>\n");
		pdftext_tail(t, front);
		t->startxref = 0;
	}
	t->startxref = front;
	(void)snprintf(length, sizeof(length), "%06d", (int)t->bytes.len + off);
	memcpy(t->bytes.data + LINEARIZED_LENGTH_AT, length, 6);
}

static void both_sections_of_a_linearized_file_are_one_revision(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	size_t end;
	uint32_t odd;

	(void)state;
	linearized(&t, 0);
	end = t.bytes.len;
	assert_int_equal(xref_open_text(&t, &odd), BE_OK);
	assert_int_equal(odd, 0);
	pdftext_object(&t, 3, "<< /Type /Page /Parent 2 0 R /Rotate 90 >>");
	pdftext_table(&t, ROOT);
	doc = pdftext_open(&t);
	assert_true(pdf_doc_xref(doc)->linearized);
	assert_int_equal(pdf_doc_xref(doc)->section_count, 3);
	assert_int_equal(pdf_doc_xref(doc)->revision_count, 2);
	assert_int_equal(pdf_doc_xref(doc)->revisions[1].end + 1, end);
	xref_assert_entry(doc, 1, 1, BE_OK, PDF_ENTRY_AT_OFFSET);
	xref_assert_entry(doc, 1, 3, BE_OK, PDF_ENTRY_AT_OFFSET);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* Otherwise an update could hide between the two. */
static void a_pair_whose_length_is_wrong_is_no_linearized_file(void **state)
{
	static const int wrong[] = { -2, 2, 100, -100 };

	(void)state;
	for (size_t i = 0; i < COUNT(wrong); i++) {
		struct pdftext t;
		struct pdf_doc *doc;
		uint32_t odd;

		linearized(&t, wrong[i]);
		assert_int_equal(xref_open_text(&t, &odd), BE_OK);
		assert_true((odd & PDF_ODD_PREV_ORDER) != 0);
		doc = pdftext_open(&t);
		assert_false(pdf_doc_xref(doc)->linearized);
		assert_int_equal(pdf_doc_xref(doc)->revision_count, 2);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

/* ---- the chain ---- */

static void sections_that_lead_in_a_circle_are_damage(void **state)
{
	struct pdftext t;
	uint64_t first;
	uint64_t second;
	uint32_t odd;

	(void)state;
	pdftext_begin(&t);
	pdftext_raw(&t, "    ");
	first = t.bytes.len;
	second = first + strlen("xref 0 0 trailer<</Size 1/Prev 0000>>\n");
	pdftext_raw(&t, "xref 0 0 trailer<</Size 1/Prev %04ju>>\n", (uintmax_t)second);
	pdftext_raw(
		&t, "xref 0 0 trailer<</Size 1/Prev %04ju>>\n", (uintmax_t)first - 2); /* blanks hide the same place */
	pdftext_tail(&t, second);
	assert_int_equal(xref_open_text(&t, &odd), BE_DAMAGED);
	pdftext_free(&t);
}

static enum be_err open_sections(unsigned count)
{
	struct pdftext t;
	uint32_t odd;
	enum be_err rc;

	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	for (unsigned i = 0; i < count; i++)
		pdftext_table(&t, ROOT);
	rc = xref_open_text(&t, &odd);
	assert_int_equal(odd, 0);
	pdftext_free(&t);
	return rc;
}

static void a_thousand_revisions_are_read_and_no_more(void **state)
{
	(void)state;
	assert_int_equal(open_sections(PDF_SECTIONS_MAX), BE_OK);
	assert_int_equal(open_sections(PDF_SECTIONS_MAX + 1), BE_LIMIT);
}

static void a_size_that_shrinks_is_noted(void **state)
{
	struct pdftext t;
	uint64_t at;
	uint32_t odd;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_table(&t, ROOT);
	at = t.bytes.len;
	pdftext_raw(&t, "xref\n0 0\ntrailer\n<</Size 3 " ROOT " /Prev %ju>>\n", (uintmax_t)t.startxref);
	pdftext_tail(&t, at);
	assert_int_equal(xref_open_text(&t, &odd), BE_OK);
	assert_int_equal(odd, PDF_ODD_SIZE_SHRINKS);
	pdftext_free(&t);
}

static void an_oddity_belongs_to_the_revision_that_has_it(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	uint64_t at;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_table(&t, ROOT);
	at = t.bytes.len;
	pdftext_raw(&t, "xref\n0 0\ntrailer\n<</Size 3 " ROOT " /Prev %ju>>\n", (uintmax_t)t.startxref);
	pdftext_tail(&t, at);
	t.startxref = at;
	pdftext_object(&t, 4, "<</Baru true>>");
	pdftext_table(&t, ROOT);
	doc = pdftext_open(&t);
	assert_int_equal(pdf_xref_revision_odd(pdf_doc_xref(doc), 0), 0);
	assert_int_equal(pdf_xref_revision_odd(pdf_doc_xref(doc), 1), PDF_ODD_SIZE_SHRINKS);
	assert_int_equal(pdf_xref_revision_odd(pdf_doc_xref(doc), 2), 0);
	assert_int_equal(pdf_xref_odd(pdf_doc_xref(doc)), PDF_ODD_SIZE_SHRINKS);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

static void a_prev_that_leads_forward_is_noted(void **state)
{
	struct pdftext t;
	uint64_t older;
	uint64_t newer;
	uint32_t odd;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	newer = t.bytes.len;
	older = newer + strlen("xref 0 0 trailer<</Size 4/Root 1 0 R/Prev 0000>>\n");
	pdftext_raw(&t, "xref 0 0 trailer<</Size 4/Root 1 0 R/Prev %04ju>>\n", (uintmax_t)older);
	pdftext_table(&t, ROOT);
	pdftext_tail(&t, newer);
	assert_int_equal(xref_open_text(&t, &odd), BE_OK);
	assert_true((odd & PDF_ODD_PREV_ORDER) != 0);
	pdftext_free(&t);
}

/* ---- the head and the tail of the file ---- */

/* clang-format off */
static const struct {
	const char *what, *before, *after;
	enum be_err expected;
	uint32_t odd;
} ends[] = {
	{ "as it should be", "", "", BE_OK, 0 },
	{ "one byte more", "", "\n", BE_OK, PDF_ODD_TAIL },
	{ "text behind it", "", "<html>", BE_OK, PDF_ODD_TAIL },
	{ "another startxref without number", "", "startxref\nx", BE_DAMAGED, 0 },
	{ "another startxref beyond the file", "", "startxref\n99999\n%%EOF", BE_DAMAGED, 0 },
	{ "another startxref of many digits", "", "startxref\n99999999999999999999\n%%EOF", BE_DAMAGED, 0 },
	{ "another startxref of nineteen digits", "", "startxref\n9999999999999999999\n%%EOF", BE_DAMAGED, 0 },
	{ "another startxref at the end", "", "startxref", BE_DAMAGED, 0 },
	{ "bytes before the header", "x", "", BE_DAMAGED, 0 },
	{ "a line before the header", "\n", "", BE_DAMAGED, 0 },
};
/* clang-format on */

static void what_stands_before_and_behind_is_noted_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct pdftext t;
		struct buffer b = BUFFER_EMPTY;
		uint32_t odd;
		enum be_err rc;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_table(&t, ROOT);
		buffer_add_str(&b, ends[i].before);
		buffer_add(&b, t.bytes.data, t.bytes.len);
		buffer_add_str(&b, ends[i].after);
		rc = xref_open_bytes(b.data, b.len, &odd);
		if (rc != ends[i].expected || odd != ends[i].odd)
			fail_msg("%s: error %d, odd %x", ends[i].what, (int)rc, odd);
		buffer_free(&b);
		pdftext_free(&t);
	}
}

static void one_end_of_line_belongs_to_the_file(void **state)
{
	static const struct {
		const char *end;
		uint32_t odd;
	} cases[] = { { "", 0 }, { "\n", 0 }, { "\r", 0 }, { "\r\n", 0 }, { "\n\r", PDF_ODD_TAIL },
		{ " ", PDF_ODD_TAIL }, { "\n\n", PDF_ODD_TAIL }, { "\r\n\n", PDF_ODD_TAIL } };

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct pdftext t;
		uint32_t odd;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_table(&t, ROOT);
		t.bytes.len--;
		buffer_add_str(&t.bytes, cases[i].end);
		assert_int_equal(xref_open_text(&t, &odd), BE_OK);
		assert_int_equal(odd, cases[i].odd);
		pdftext_free(&t);
	}
}

static void what_is_no_pdf_is_none(void **state)
{
	static const char *const cases[] = { "", "%", "%PDF", "PK\3\4", "<html>%PDX-1.7</html>" };
	uint32_t odd;

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		assert_int_equal(xref_open_bytes(cases[i], strlen(cases[i]), &odd), BE_NOT_A_PDF);
	assert_int_equal(xref_open_bytes("%PDF-1.7\n", 9, &odd), BE_DAMAGED);
	assert_int_equal(xref_open_bytes("%PDF-startxref 0", 16, &odd), BE_DAMAGED);
	assert_int_equal(xref_open_bytes("%PDF-1.7 startxref\n5\n%%EOF", 26, &odd), BE_DAMAGED);
}

/* Signing may go on from there, since the update leads to the right place; a verifier refuses. */
static void a_startxref_that_misses_by_a_few_bytes_is_noted(void **state)
{
	static const struct {
		int off;
		enum be_err expected;
		uint32_t odd;
	} cases[] = {
		{ 0, BE_OK, 0 },
		{ -1, BE_OK, PDF_ODD_PLACE }, /* the line feed before it */
		{ -4, BE_OK, PDF_ODD_STARTXREF },
		{ -10, BE_OK, PDF_ODD_STARTXREF },
		{ -11, BE_DAMAGED, 0 },
		{ 1, BE_OK, PDF_ODD_STARTXREF },
		{ 10, BE_OK, PDF_ODD_STARTXREF },
		{ 11, BE_DAMAGED, 0 },
	};

	(void)state;
	for (unsigned stream = 0; stream < 2; stream++) {
		for (size_t i = 0; i < COUNT(cases); i++) {
			struct pdftext t;
			uint64_t at;
			uint32_t odd;
			enum be_err rc;

			pdftext_begin(&t);
			pdftext_basics(&t, "", "");
			if (stream == 1)
				pdftext_xref_stream(&t, 12, ROOT);
			else
				pdftext_table(&t, ROOT);
			at = t.startxref;
			t.bytes.len -= strlen("startxref\n123\n%%EOF\n");
			pdftext_tail(&t, (uint64_t)((int64_t)at + cases[i].off));
			rc = xref_open_text(&t, &odd);
			/* The end of such a revision is not where it should be either: that is its tail. */
			if (rc != cases[i].expected || (odd & ~PDF_ODD_TAIL) != cases[i].odd)
				fail_msg("%d: error %d, odd %x", cases[i].off, (int)rc, odd);
			pdftext_free(&t);
		}
	}
}

static void a_section_does_not_begin_inside_a_word(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_xref_stream(&t, 12, ROOT);
	t.bytes.len -= strlen("startxref\n123\n%%EOF\n");
	pdftext_tail(&t, t.startxref + 1); /* "2 0 obj" */
	doc = pdftext_open(&t);
	assert_int_equal(pdf_doc_xref(doc)->sections[0].number, 12);
	assert_int_equal(pdf_xref_odd(pdf_doc_xref(doc)) & PDF_ODD_STARTXREF, PDF_ODD_STARTXREF);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

static void files_cut_short_at_any_byte_do_no_harm(void **state)
{
	struct pdftext t;
	uint32_t odd;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_pack(&t, 5, "(hidden)");
	pdftext_packed(&t, 4);
	pdftext_hybrid(&t, 6, ROOT);
	pdftext_object(&t, 5, "(shown)");
	pdftext_xref_stream(&t, 7, ROOT);
	for (size_t len = 0; len < t.bytes.len - 7; len++) {
		enum be_err rc = xref_open_bytes(t.bytes.data, len, &odd);

		/* Behind the first revision's end there is that revision, and what follows is a tail. */
		assert_true(rc != BE_OK || odd != 0 || len < t.startxref);
	}
	pdftext_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_table_is_read),
		cmocka_unit_test(a_stream_is_read),
		cmocka_unit_test(each_revision_sees_what_was_written_until_then),
		cmocka_unit_test(both_sections_of_a_linearized_file_are_one_revision),
		cmocka_unit_test(a_pair_whose_length_is_wrong_is_no_linearized_file),
		cmocka_unit_test(sections_that_lead_in_a_circle_are_damage),
		cmocka_unit_test(a_thousand_revisions_are_read_and_no_more),
		cmocka_unit_test(a_size_that_shrinks_is_noted),
		cmocka_unit_test(an_oddity_belongs_to_the_revision_that_has_it),
		cmocka_unit_test(a_prev_that_leads_forward_is_noted),
		cmocka_unit_test(what_stands_before_and_behind_is_noted_or_refused),
		cmocka_unit_test(one_end_of_line_belongs_to_the_file),
		cmocka_unit_test(what_is_no_pdf_is_none),
		cmocka_unit_test(a_startxref_that_misses_by_a_few_bytes_is_noted),
		cmocka_unit_test(a_section_does_not_begin_inside_a_word),
		cmocka_unit_test(files_cut_short_at_any_byte_do_no_harm),
	};

	return cmocka_run_group_tests_name("pdf cross-reference data", tests, NULL, NULL);
}
