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

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"

/* ISO 32000-2, 7.5.8.4. */
static void hidden_objects_are_found_behind_the_table_that_calls_them_free(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_pack(&t, 5, "(hidden)");
	pdftext_packed(&t, 4);
	pdftext_hybrid(&t, 6, ROOT);
	doc = pdftext_open(&t);
	assert_int_equal(pdf_doc_xref(doc)->section_count, 2);
	assert_int_equal(pdf_doc_xref(doc)->revision_count, 1);
	xref_assert_entry(doc, 0, 5, BE_OK, PDF_ENTRY_IN_STREAM);
	xref_assert_entry(doc, 0, 3, BE_OK, PDF_ENTRY_AT_OFFSET);
	assert_int_equal(pdf_xref_check_revision(pdf_doc_xref(doc), 0, NULL), BE_OK);
	assert_int_equal(pdf_xref_odd(pdf_doc_xref(doc)), 0);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* A table of its own under a stream that lists object 3 at `offset` (0: where it is). */
static uint32_t odd_of_hybrid(bool in_table, bool elsewhere)
{
	struct pdftext t;
	uint64_t part;
	uint64_t at;
	uint32_t odd;

	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_object(&t, 4, "(one)");
	part = t.bytes.len;
	at = pdftext_entry(&t, 4)->offset;
	pdftext_raw(&t, "5 0 obj\n<</Type/XRef/W[1 2 1]/Index[4 1]/Size 6/Length 4>>\nstream\n");
	buffer_add_byte(&t.bytes, 1);
	buffer_add_byte(&t.bytes, (uint8_t)((at + (elsewhere ? 1 : 0)) >> 8));
	buffer_add_byte(&t.bytes, (uint8_t)(at + (elsewhere ? 1 : 0)));
	buffer_add_byte(&t.bytes, 0);
	pdftext_raw(&t, "\nendstream\nendobj\n");
	if (!in_table)
		pdftext_entry(&t, 4)->kind = PDF_ENTRY_FREE;
	at = t.bytes.len;
	pdftext_table_only(&t);
	pdftext_raw(&t, "trailer\n<</Size 6 " ROOT " /XRefStm %ju>>\n", (uintmax_t)part);
	pdftext_tail(&t, at);
	assert_int_equal(xref_open_text(&t, &odd), BE_OK);
	pdftext_free(&t);
	return odd;
}

static void a_hidden_part_that_contradicts_its_table_is_noted(void **state)
{
	(void)state;
	assert_int_equal(odd_of_hybrid(false, false), 0);
	assert_int_equal(odd_of_hybrid(false, true), 0);
	assert_int_equal(odd_of_hybrid(true, false), 0);
	assert_int_equal(odd_of_hybrid(true, true), PDF_ODD_HYBRID);
}

/* Word writes an empty table behind the whole one, and others copy its /XRefStm into theirs. */
static void a_hidden_part_may_be_named_again(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;
	uint64_t part;
	uint64_t at;
	uint32_t odd;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_pack(&t, 5, "(hidden)");
	pdftext_packed(&t, 4);
	part = t.bytes.len;
	pdftext_hybrid(&t, 6, ROOT);
	pdftext_object(&t, 5, "(shown)");
	at = t.bytes.len;
	pdftext_table_only(&t);
	pdftext_raw(
		&t, "trailer\n<</Size 7 " ROOT " /Prev %ju /XRefStm %ju>>\n", (uintmax_t)t.startxref, (uintmax_t)part);
	pdftext_tail(&t, at);
	assert_int_equal(xref_open_text(&t, &odd), BE_OK);
	assert_int_equal(odd, 0);
	doc = pdftext_open(&t);
	assert_int_equal(pdf_doc_xref(doc)->revision_count, 2);
	xref_assert_entry(doc, 0, 5, BE_OK, PDF_ENTRY_AT_OFFSET);
	xref_assert_entry(doc, 1, 5, BE_OK, PDF_ENTRY_IN_STREAM);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* clang-format off */
static const struct {
	const char *value;
	enum be_err expected;
} hidden_parts[] = {
	{ "0", BE_DAMAGED },
	{ "-5", BE_DAMAGED },
	{ "999999", BE_DAMAGED },
	{ "9223372036854775807", BE_DAMAGED },
	{ "15", BE_DAMAGED },     /* an object that is no such stream */
	{ "(x)", BE_DAMAGED },
	{ "1 0 R", BE_DAMAGED },
	{ "null", BE_OK },
};
/* clang-format on */

static void a_hidden_part_that_is_none_is_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(hidden_parts); i++) {
		struct pdftext t;
		char keys[80];
		uint32_t odd;

		(void)snprintf(keys, sizeof(keys), ROOT " /XRefStm %s", hidden_parts[i].value);
		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_table(&t, keys);
		if (xref_open_text(&t, &odd) != hidden_parts[i].expected)
			fail_msg("/XRefStm %s", hidden_parts[i].value);
		pdftext_free(&t);
	}
}

static void a_table_as_its_own_hidden_part_is_damage(void **state)
{
	struct pdftext t;
	uint64_t at;
	uint32_t odd;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	at = t.bytes.len;
	pdftext_table_only(&t);
	pdftext_raw(&t, "trailer\n<</Size 4 " ROOT " /XRefStm %ju>>\n", (uintmax_t)at);
	pdftext_tail(&t, at);
	assert_int_equal(xref_open_text(&t, &odd), BE_DAMAGED);
	pdftext_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hidden_objects_are_found_behind_the_table_that_calls_them_free),
		cmocka_unit_test(a_hidden_part_that_contradicts_its_table_is_noted),
		cmocka_unit_test(a_hidden_part_may_be_named_again),
		cmocka_unit_test(a_hidden_part_that_is_none_is_damage),
		cmocka_unit_test(a_table_as_its_own_hidden_part_is_damage),
	};

	return cmocka_run_group_tests_name("pdf hybrid files", tests, NULL, NULL);
}
