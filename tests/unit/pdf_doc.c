/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pdf/pages.h"
#include "support/pdf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"

static void assert_null_object(struct pdf_doc *doc, size_t revision, uint32_t number)
{
	const struct pdf_obj *obj = NULL;

	assert_int_equal(pdf_doc_object(doc, revision, number, &obj, NULL), BE_OK);
	assert_true(pdf_is(obj, PDF_NULL));
}

static void assert_text(struct pdf_doc *doc, size_t revision, uint32_t number, const char *text)
{
	const struct pdf_obj *obj = NULL;

	assert_int_equal(pdf_doc_object(doc, revision, number, &obj, NULL), BE_OK);
	assert_int_equal(obj->size, strlen(text));
	assert_memory_equal(obj->text, text, obj->size);
}

static enum be_err object_of(struct pdf_doc *doc, uint32_t number)
{
	const struct pdf_obj *obj = NULL;

	return pdf_doc_object(doc, 0, number, &obj, NULL);
}

/* What a reference, written as text, leads to. */
static enum be_err resolve(struct pdf_doc *doc, const char *text, const struct pdf_obj **out)
{
	const uint8_t *bytes = (const uint8_t *)text;
	struct pdf_cursor c = { bytes, bytes, bytes + strlen(text) };
	struct pdf_obj *ref = pdf_arena_take(pdf_doc_arena(doc), sizeof(*ref));

	assert_non_null(ref);
	assert_int_equal(pdf_parse(&c, pdf_doc_arena(doc), ref, NULL), BE_OK);
	return pdf_doc_resolve(doc, 0, ref, out, NULL);
}

/* ---- lazy ---- */

#define MANY 300000u
#define MANY_A_STREAM 200u

static void assert_little_was_parsed(struct pdftext *t)
{
	struct pdf_doc *doc = pdftext_open(t);
	const struct pdf_obj *page = NULL;
	uint32_t number = 0;

	assert_int_equal(pdf_xref_next_number(pdf_doc_xref(doc)), t->size);
	assert_int_equal(pdf_first_page(doc, 0, &number, &page, NULL), BE_OK);
	assert_int_equal(number, 3);
	assert_true(pdf_doc_parsed(doc) < 10);
	assert_int_equal(object_of(doc, MANY), BE_OK);
	assert_true(pdf_doc_parsed(doc) < 12);
	pdf_doc_free(&doc);
}

static void a_file_of_very_many_objects_costs_what_is_looked_at(void **state)
{
	struct pdftext t;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	for (uint32_t number = 4; number <= MANY; number++)
		pdftext_object(&t, number, "<< /Key [1 2 3] >>");
	pdftext_table(&t, ROOT);
	assert_little_was_parsed(&t);
	pdftext_free(&t);
}

static void so_does_one_whose_objects_stand_in_streams(void **state)
{
	struct pdftext t;

	(void)state;
	pdftext_begin(&t);
	pdftext_pack(&t, 1, "<< /Type /Catalog /Pages 2 0 R >>");
	pdftext_pack(&t, 2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	pdftext_pack(&t, 3, "<< /Type /Page /Parent 2 0 R >>");
	for (uint32_t number = 4; number <= MANY; number++) {
		pdftext_pack(&t, number, "<< /Key [1 2 3] >>");
		if (number % MANY_A_STREAM == 0)
			pdftext_packed(&t, MANY + number / MANY_A_STREAM);
	}
	pdftext_xref_stream(&t, MANY + MANY / MANY_A_STREAM + 1, ROOT);
	assert_little_was_parsed(&t);
	pdftext_free(&t);
}

static void an_object_is_parsed_once(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	const struct pdf_obj *first;
	const struct pdf_obj *second;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_table(&t, ROOT);
	pdftext_object(&t, 4, "(new)");
	pdftext_table(&t, ROOT);
	doc = pdftext_open(&t);
	assert_int_equal(pdf_doc_object(doc, 0, 3, &first, NULL), BE_OK);
	assert_int_equal(pdf_doc_object(doc, 1, 3, &second, NULL), BE_OK);
	assert_ptr_equal(first, second);
	assert_int_equal(pdf_doc_parsed(doc), 1);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- revisions ---- */

static void an_object_is_what_its_revision_says(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_object(&t, 4, "(old)");
	pdftext_object(&t, 5, "(kept)");
	pdftext_table(&t, ROOT);
	pdftext_object(&t, 4, "(new)");
	pdftext_pack(&t, 6, "(added)");
	pdftext_packed(&t, 7);
	pdftext_xref_stream(&t, 8, ROOT);
	pdftext_freed(&t, 5, 1);
	pdftext_pack(&t, 4, "(newest)");
	pdftext_packed(&t, 9);
	pdftext_xref_stream(&t, 10, ROOT);
	doc = pdftext_open(&t);
	assert_text(doc, 0, 4, "(newest)");
	assert_text(doc, 1, 4, "(new)");
	assert_text(doc, 2, 4, "(old)");
	assert_null_object(doc, 0, 5);
	assert_text(doc, 1, 5, "(kept)");
	assert_text(doc, 0, 6, "(added)");
	assert_text(doc, 1, 6, "(added)");
	assert_null_object(doc, 2, 6);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* Otherwise what was signed could be changed afterwards by what its own table leads to. */
static void an_old_revision_does_not_reach_into_a_later_one(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	const struct pdf_obj *obj;
	size_t own;
	size_t packed;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_raw(&t, "\n");
	own = t.bytes.len +
		strlen("9 0 obj\n<< /Type /XRef /W [1 4 2] /Index [ 0 10 ] /Length 70 /Size 10 " ROOT " >>\nstream\n") +
		4 * 7;
	packed = own + 7;
	pdftext_list(&t, 4, PDF_ENTRY_AT_OFFSET, 0xABCDEF, 0);
	pdftext_list(&t, 5, PDF_ENTRY_AT_OFFSET, 0xABCDEF, 0);
	pdftext_list(&t, 6, PDF_ENTRY_IN_STREAM, 5, 0);
	pdftext_freed(&t, 7, 0);
	pdftext_freed(&t, 8, 0);
	pdftext_xref_stream(&t, 9, ROOT);
	for (unsigned i = 0; i < 2; i++) { /* the places of objects 4 and 5, now that they are known */
		uint8_t *record = t.bytes.data + (i == 0 ? own : packed);
		uint64_t at;

		assert_memory_equal(record, "\1\0\xAB\xCD\xEF\0\0", 7);
		if (i == 0) {
			pdftext_object(&t, 4, "(later)");
			at = pdftext_entry(&t, 4)->offset;
		} else {
			pdftext_pack(&t, 6, "(packed later)");
			pdftext_packed(&t, 5);
			at = pdftext_entry(&t, 5)->offset;
		}
		record = t.bytes.data + (i == 0 ? own : packed);
		record[2] = 0;
		record[3] = (uint8_t)(at >> 8);
		record[4] = (uint8_t)at;
	}
	pdftext_xref_stream(&t, 10, ROOT);
	doc = pdftext_open(&t);
	assert_text(doc, 0, 4, "(later)");
	assert_text(doc, 0, 6, "(packed later)");
	assert_int_equal(pdf_doc_object(doc, 1, 4, &obj, NULL), BE_DAMAGED);
	assert_int_equal(pdf_doc_object(doc, 1, 6, &obj, NULL), BE_DAMAGED);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- references (7.3.10) ---- */

/* clang-format off */
static const struct {
	const char *ref;
	enum be_err expected;
	enum pdf_type type;
} references[] = {
	{ "4 3 R", BE_OK, PDF_STRING },
	{ "4 0 R", BE_OK, PDF_NULL },          /* another generation */
	{ "4 4 R", BE_OK, PDF_NULL },
	{ "5 0 R", BE_OK, PDF_STRING },        /* by way of another */
	{ "6 0 R", BE_DAMAGED, PDF_NULL },     /* to itself */
	{ "7 0 R", BE_DAMAGED, PDF_NULL },     /* in a circle */
	{ "9 0 R", BE_OK, PDF_NULL },          /* free */
	{ "10 0 R", BE_OK, PDF_NULL },         /* written as nothing at all */
	{ "99 0 R", BE_OK, PDF_NULL },         /* nobody's */
	{ "4294967295 0 R", BE_OK, PDF_NULL },
	{ "11 0 R", BE_OK, PDF_INT },          /* in a stream */
	{ "11 1 R", BE_OK, PDF_NULL },         /* where generations are 0 */
	{ "17", BE_OK, PDF_INT },
};
/* clang-format on */

static void references_lead_to_their_generation_or_to_null(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_object_of(&t, 4, 3, "(x)");
	pdftext_object(&t, 5, "4 3 R");
	pdftext_object(&t, 6, "6 0 R");
	pdftext_object(&t, 7, "8 0 R");
	pdftext_object(&t, 8, "7 0 R");
	pdftext_freed(&t, 9, 0);
	pdftext_object(&t, 10, "");
	pdftext_pack(&t, 11, "17");
	pdftext_packed(&t, 12);
	pdftext_xref_stream(&t, 13, ROOT);
	doc = pdftext_open(&t);
	for (size_t i = 0; i < COUNT(references); i++) {
		const struct pdf_obj *obj = NULL;
		enum be_err rc = resolve(doc, references[i].ref, &obj);

		if (rc != references[i].expected || (rc == BE_OK && !pdf_is(obj, references[i].type)))
			fail_msg("%s: error %d", references[i].ref, (int)rc);
	}
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- what is not where it should be ---- */

/* clang-format off */
static const struct {
	const char *what, *text; /* where the table says that object 4 is */
	enum be_err expected;
} bodies[] = {
	{ "right", "4 0 obj (x) endobj", BE_OK },
	{ "blanks before it", "\n\n 4 0 obj (x) endobj", BE_OK },
	{ "a comment inside", "4 % x\n 0 obj % (y)\n(x) endobj", BE_OK },
	{ "another number", "5 0 obj (x) endobj", BE_DAMAGED },
	{ "the end of its number", "14 0 obj (x) endobj", BE_DAMAGED },
	{ "another generation", "4 1 obj (x) endobj", BE_DAMAGED },
	{ "no obj", "4 0 R", BE_DAMAGED },
	{ "no number", "(x)", BE_DAMAGED },
	{ "no value that can be read", "4 0 obj (x", BE_DAMAGED },
	{ "no value and no end", "4 0 obj ", BE_DAMAGED },
};
/* clang-format on */

static void an_object_that_is_not_in_its_place_is_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(bodies); i++) {
		struct pdftext t;
		struct pdf_doc *doc;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_list(&t, 4, PDF_ENTRY_AT_OFFSET, t.bytes.len, 0);
		pdftext_raw(&t, "%s\n", bodies[i].text);
		pdftext_table(&t, ROOT);
		doc = pdftext_open(&t);
		if (object_of(doc, 4) != bodies[i].expected)
			fail_msg("%s", bodies[i].what);
		assert_int_equal(object_of(doc, 3), BE_OK);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

static void an_object_beyond_the_file_is_damage(void **state)
{
	static const uint64_t places[] = { 9999, 4294967295, 9999999999 };

	(void)state;
	for (size_t i = 0; i < COUNT(places); i++) {
		struct pdftext t;
		struct pdf_doc *doc;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_list(&t, 4, PDF_ENTRY_AT_OFFSET, places[i], 0);
		pdftext_table(&t, ROOT);
		doc = pdftext_open(&t);
		assert_int_equal(object_of(doc, 4), BE_DAMAGED);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

/* How the shadow attacks show one thing and sign another. */
static void two_numbers_for_one_body_are_damage(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_object(&t, 4, "(x)");
	pdftext_list(&t, 5, PDF_ENTRY_AT_OFFSET, pdftext_entry(&t, 4)->offset, 0);
	pdftext_table(&t, ROOT);
	doc = pdftext_open(&t);
	assert_int_equal(object_of(doc, 4), BE_OK);
	assert_int_equal(object_of(doc, 5), BE_DAMAGED);
	pdf_doc_free(&doc);
	doc = pdftext_open(&t);
	assert_int_equal(object_of(doc, 5), BE_DAMAGED);
	assert_int_equal(object_of(doc, 4), BE_OK);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- places ---- */

static void the_extent_of_an_object_is_from_its_number_to_its_end(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	const struct pdf_obj *obj;
	uint64_t start;
	uint64_t end;
	uint64_t at;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_object(&t, 4, "(x) % endobj");
	pdftext_object(&t, 5, "");
	pdftext_stream(&t, 6, "", "endobj", 6);
	pdftext_list(&t, 7, PDF_ENTRY_AT_OFFSET, t.bytes.len, 0);
	pdftext_raw(&t, "7 0 obj (x) (y) endobj\n");
	pdftext_pack(&t, 8, "(packed)");
	pdftext_packed(&t, 9);
	at = pdftext_entry(&t, 4)->offset;
	pdftext_xref_stream(&t, 10, ROOT);
	doc = pdftext_open(&t);
	for (uint32_t number = 4; number < 7; number++) {
		assert_int_equal(pdf_doc_extent(doc, 0, number, &start, &end, NULL), BE_OK);
		assert_int_equal(start, at);
		assert_memory_equal(t.bytes.data + end - 6, "endobj", 6);
		at = end + 1;
	}
	assert_int_equal(pdf_doc_extent(doc, 0, 7, &start, &end, NULL), BE_DAMAGED);
	assert_int_equal(pdf_doc_extent(doc, 0, 8, &start, &end, NULL), BE_NOT_FOUND);
	assert_int_equal(pdf_doc_extent(doc, 0, 99, &start, &end, NULL), BE_NOT_FOUND);
	assert_int_equal(pdf_doc_object(doc, 0, 4, &obj, NULL), BE_OK);
	assert_true(pdf_doc_offset(doc, obj, &at));
	assert_memory_equal(t.bytes.data + at, "(x)", 3);
	assert_int_equal(pdf_doc_object(doc, 0, 8, &obj, NULL), BE_OK);
	assert_false(pdf_doc_offset(doc, obj, &at));
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- the catalogue and the first page ---- */

static void a_document_without_catalogue_is_damaged(void **state)
{
	static const char *const roots[] = { "", "/Root null", "/Root 99 0 R", "/Root 4 0 R", "/Root (x)" };

	(void)state;
	for (size_t i = 0; i < COUNT(roots); i++) {
		struct pdftext t;
		struct pdf_doc *doc;
		const struct pdf_obj *catalogue;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_object(&t, 4, "[]");
		pdftext_table(&t, roots[i]);
		doc = pdftext_open(&t);
		assert_int_equal(pdf_doc_catalogue(doc, 0, &catalogue, NULL), BE_DAMAGED);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

/* clang-format off */
static const struct {
	const char *what, *pages, *kid;
	uint32_t number;
} trees[] = {
	{ "a page", "<</Kids[4 0 R]>>", "<</Type/Page>>", 4 },
	{ "a page without type", "<</Kids[4 0 R]>>", "<<>>", 4 },
	{ "a tree under a tree", "<</Kids[4 0 R]>>", "<</Kids[3 0 R]>>", 3 },
	{ "an empty tree first", "<</Kids[4 0 R 3 0 R]>>", "<</Type/Pages/Kids[]>>", 3 },
	{ "a tree without kids first", "<</Kids[4 0 R 3 0 R]>>", "<</Type/Pages>>", 3 },
	{ "a page that is no object first", "<</Kids[<</Type/Page>> 3 0 R]>>", "null", 3 },
	{ "only a page that is no object", "<</Kids[<</Type/Page>>]>>", "null", 0 },
	{ "null first", "<</Kids[null 99 0 R 4 0 R 3 0 R]>>", "null", 3 },
	{ "kids elsewhere", "<</Kids 4 0 R>>", "[3 0 R]", 3 },
	{ "itself", "<</Kids[2 0 R]>>", "null", 0 },
	{ "in a circle", "<</Kids[4 0 R 4 0 R]>>", "<</Kids[2 0 R 2 0 R]>>", 0 },
	{ "no tree", "[3 0 R]", "null", 0 },
	{ "a tree that is a page", "<</Type/Page>>", "null", 2 },
};
/* clang-format on */

static void the_first_page_is_the_first_that_is_an_object(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(trees); i++) {
		struct pdftext t;
		struct pdf_doc *doc;
		const struct pdf_obj *page = NULL;
		uint32_t number = 99;

		pdftext_begin(&t);
		pdftext_object(&t, 1, "<</Type/Catalog/Pages 2 0 R>>");
		pdftext_object(&t, 2, trees[i].pages);
		pdftext_object(&t, 3, "<</Type/Page>>");
		pdftext_object(&t, 4, trees[i].kid);
		pdftext_table(&t, ROOT);
		doc = pdftext_open(&t);
		assert_int_equal(pdf_first_page(doc, 0, &number, &page, NULL), BE_OK);
		if (number != trees[i].number || (page == NULL) != (number == 0))
			fail_msg("%s: %u", trees[i].what, number);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

static void an_encrypted_document_says_so(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_table(&t, ROOT);
	doc = pdftext_open(&t);
	assert_false(pdf_doc_encrypted(doc));
	pdf_doc_free(&doc);
	pdftext_table(&t, ROOT " /Encrypt 9 0 R");
	pdftext_table(&t, ROOT); /* forgetting it does not decrypt anything */
	doc = pdftext_open(&t);
	assert_true(pdf_doc_encrypted(doc));
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_of_very_many_objects_costs_what_is_looked_at),
		cmocka_unit_test(so_does_one_whose_objects_stand_in_streams),
		cmocka_unit_test(an_object_is_parsed_once),
		cmocka_unit_test(an_object_is_what_its_revision_says),
		cmocka_unit_test(an_old_revision_does_not_reach_into_a_later_one),
		cmocka_unit_test(references_lead_to_their_generation_or_to_null),
		cmocka_unit_test(an_object_that_is_not_in_its_place_is_damage),
		cmocka_unit_test(an_object_beyond_the_file_is_damage),
		cmocka_unit_test(two_numbers_for_one_body_are_damage),
		cmocka_unit_test(the_extent_of_an_object_is_from_its_number_to_its_end),
		cmocka_unit_test(a_document_without_catalogue_is_damaged),
		cmocka_unit_test(the_first_page_is_the_first_that_is_an_object),
		cmocka_unit_test(an_encrypted_document_says_so),
	};

	return cmocka_run_group_tests_name("pdf documents", tests, NULL, NULL);
}
