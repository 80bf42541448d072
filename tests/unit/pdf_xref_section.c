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
#include <zlib.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"

/* ---- tables of other forms ---- */

/* clang-format off */
static const struct {
	const char *what, *entry, *in_use; /* how object 0 and the others are written */
	uint32_t odd;
} forms[] = {
	{ "space and line feed", "0000000000 65535 f \n", "%010ju 00000 n \n", 0 },
	{ "carriage return and line feed", "0000000000 65535 f\r\n", "%010ju 00000 n\r\n", 0 },
	{ "space and carriage return", "0000000000 65535 f \r", "%010ju 00000 n \r", 0 },
	{ "19 bytes", "0000000000 65535 f\n", "%010ju 00000 n\n", PDF_ODD_ENTRY_FORM },
	{ "21 bytes", "0000000000 65535 f \r\n", "%010ju 00000 n \r\n", PDF_ODD_ENTRY_FORM },
	{ "padded with spaces", "         0 65535 f \n", "%10ju     0 n \n", PDF_ODD_ENTRY_FORM },
	{ "first of them padded", "         0 65535 f \n", "%010ju 00000 n \n", PDF_ODD_ENTRY_FORM },
	{ "not padded", "0 65535 f \n", "%ju 0 n \n", PDF_ODD_ENTRY_FORM },
};
/* clang-format on */

static void entries_of_other_widths_are_read_and_noted(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct pdftext t;
		struct pdf_doc *doc;
		const struct pdf_obj *page;
		uint64_t at;
		uint32_t odd;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		at = t.bytes.len;
		pdftext_raw(&t, "xref\n0 4\n%s", forms[i].entry);
		for (uint32_t number = 1; number < 4; number++) {
			char line[40];

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
			(void)snprintf(
				line, sizeof(line), forms[i].in_use, (uintmax_t)pdftext_entry(&t, number)->offset);
#pragma GCC diagnostic pop
			pdftext_raw(&t, "%s", line);
		}
		pdftext_raw(&t, "trailer\n<</Size 4 " ROOT ">>\n");
		pdftext_tail(&t, at);
		if (xref_open_text(&t, &odd) != BE_OK || odd != forms[i].odd)
			fail_msg("%s: %x", forms[i].what, odd);
		doc = pdftext_open(&t);
		assert_int_equal(pdf_doc_object(doc, 0, 3, &page, NULL), BE_OK);
		assert_true(pdf_name_is(pdf_get(page, "Type"), "Page"));
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

/* The text of a table behind three objects; %1 to %3 stand for their offsets. */
/* clang-format off */
static const struct {
	const char *what, *table;
	enum be_err expected;
	uint32_t odd;
} tables[] = {
	{ "right", "0 4\n@0@1@2@3trailer<</Size 4>>", BE_OK, 0 },
	{ "several subsections", "0 1\n@0" "1 2\n@1@2" "3 1\n@3trailer<</Size 4>>", BE_OK, 0 },
	{ "subsections out of order", "2 2\n@2@3" "0 2\n@0@1trailer<</Size 4>>", BE_OK, 0 },
	{ "an empty subsection", "0 0\n0 4\n@0@1@2@3trailer<</Size 4>>", BE_OK, 0 },
	{ "an object listed twice", "0 4\n@0@1@2@3" "3 1\n@3trailer<</Size 4>>", BE_OK, PDF_ODD_DUPLICATE },
	{ "an object beyond /Size", "0 4\n@0@1@2@3trailer<</Size 3>>", BE_OK, PDF_ODD_SIZE },
	{ "a key twice", "0 4\n@0@1@2@3trailer<</Size 4/Size 4>>", BE_OK, PDF_ODD_TRAILER_KEYS },
	{ "an object at offset zero", "0 5\n@0@1@2@3" "0000000000 00000 n \ntrailer<</Size 5>>", BE_OK,
		PDF_ODD_ENTRY_FORM },
	{ "/Prev zero", "0 4\n@0@1@2@3trailer<</Size 4/Prev 0>>", BE_OK, PDF_ODD_PREV_ZERO },
	{ "fewer entries than said", "0 5\n@0@1@2@3trailer<</Size 5>>", BE_DAMAGED, 0 },
	{ "more entries than said", "0 3\n@0@1@2@3trailer<</Size 4>>", BE_DAMAGED, 0 },
	{ "a count beyond all bounds", "0 8388609\n@0trailer<</Size 4>>", BE_DAMAGED, 0 },
	{ "a count beyond the file", "0 8388608\n@0trailer<</Size 4>>", BE_DAMAGED, 0 },
	{ "numbers beyond all bounds", "8388607 2\n@0@1trailer<</Size 4>>", BE_DAMAGED, 0 },
	{ "a negative count", "0 -1\ntrailer<</Size 4>>", BE_DAMAGED, 0 },
	{ "no trailer", "0 4\n@0@1@2@3", BE_DAMAGED, 0 },
	{ "a trailer that is no dictionary", "0 4\n@0@1@2@3trailer[]", BE_DAMAGED, 0 },
	{ "a trailer without end", "0 4\n@0@1@2@3trailer<</Size 4", BE_DAMAGED, 0 },
	{ "no /Size", "0 4\n@0@1@2@3trailer<<>>", BE_DAMAGED, 0 },
	{ "a negative /Size", "0 4\n@0@1@2@3trailer<</Size -4>>", BE_DAMAGED, 0 },
	{ "a huge /Size", "0 4\n@0@1@2@3trailer<</Size 8388609>>", BE_DAMAGED, 0 },
	{ "/Size elsewhere", "0 4\n@0@1@2@3trailer<</Size 1 0 R>>", BE_DAMAGED, 0 },
	{ "/Prev beyond the file", "0 4\n@0@1@2@3trailer<</Size 4/Prev 99999>>", BE_DAMAGED, 0 },
	{ "a negative /Prev", "0 4\n@0@1@2@3trailer<</Size 4/Prev -1>>", BE_DAMAGED, 0 },
	{ "/Prev elsewhere", "0 4\n@0@1@2@3trailer<</Size 4/Prev 1 0 R>>", BE_DAMAGED, 0 },
	{ "/Prev in the middle of things", "0 4\n@0@1@2@3trailer<</Size 4/Prev 20>>", BE_DAMAGED, 0 },
	{ "/Prev to itself", "0 4\n@0@1@2@3trailer<</Size 4/Prev @x>>", BE_DAMAGED, 0 },
};
/* clang-format on */

static void tables_are_read_or_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(tables); i++) {
		struct pdftext t;
		uint64_t at;
		uint32_t odd;
		enum be_err rc;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		at = t.bytes.len;
		pdftext_raw(&t, "xref\n");
		for (const char *p = tables[i].table; *p != '\0'; p++) {
			if (*p != '@')
				pdftext_raw(&t, "%c", *p);
			else if (*++p == '0')
				pdftext_raw(&t, "0000000000 65535 f \n");
			else if (*p == 'x')
				pdftext_raw(&t, "%ju", (uintmax_t)at);
			else if (*p >= '1' && *p <= '3')
				pdftext_raw(&t, "%010ju 00000 n \n",
					(uintmax_t)pdftext_entry(&t, (uint32_t)(*p - '0'))->offset);
		}
		pdftext_raw(&t, "\n");
		pdftext_tail(&t, at);
		rc = xref_open_text(&t, &odd);
		if (rc != tables[i].expected || (rc == BE_OK && odd != tables[i].odd))
			fail_msg("%s: error %d, odd %x", tables[i].what, (int)rc, odd);
		pdftext_free(&t);
	}
}

/* ---- streams of other forms ---- */

/* Object 3 is the stream, of two-byte records; data: how many records there are. */
/* clang-format off */
static const struct {
	const char *what, *keys;
	size_t records;
	enum be_err expected;
	uint32_t odd;
} streams[] = {
	{ "right", "/W[1 1 0]/Size 4", 4, BE_OK, 0 },
	{ "a type that is left out is 1", "/W[0 1 1]/Size 4/Index[1 3]", 3, BE_OK, 0 },
	{ "more than three widths", "/W[1 1 0 0]/Size 4", 4, BE_OK, 0 },
	{ "more records than said", "/W[1 1 0]/Size 4", 9, BE_OK, 0 },
	{ "fewer records than said", "/W[1 1 0]/Size 4", 3, BE_DAMAGED, 0 },
	{ "no records", "/W[1 1 0]/Size 4", 0, BE_DAMAGED, 0 },
	{ "no /W", "/Size 4", 4, BE_DAMAGED, 0 },
	{ "/W of two", "/W[1 1]/Size 4", 4, BE_DAMAGED, 0 },
	{ "/W that is empty", "/W[0 0 0]/Size 4", 4, BE_DAMAGED, 0 },
	{ "a negative width", "/W[1 -1 1]/Size 4", 4, BE_DAMAGED, 0 },
	{ "a wide width", "/W[1 9 1]/Size 4", 4, BE_DAMAGED, 0 },
	{ "a huge width", "/W[1 9223372036854775807 1]/Size 4", 4, BE_DAMAGED, 0 },
	{ "/W of names", "/W[/A/B/C]/Size 4", 4, BE_DAMAGED, 0 },
	{ "/Index of one", "/W[1 1 0]/Size 4/Index[0]", 4, BE_DAMAGED, 0 },
	{ "/Index of three", "/W[1 1 0]/Size 4/Index[0 4 1]", 4, BE_DAMAGED, 0 },
	{ "/Index that is no array", "/W[1 1 0]/Size 4/Index 4", 4, BE_DAMAGED, 0 },
	{ "a negative first", "/W[1 1 0]/Size 4/Index[-1 4]", 4, BE_DAMAGED, 0 },
	{ "a negative count", "/W[1 1 0]/Size 4/Index[0 -4]", 4, BE_DAMAGED, 0 },
	{ "a huge count", "/W[1 1 0]/Size 4/Index[0 8388609]", 4, BE_DAMAGED, 0 },
	{ "numbers beyond all bounds", "/W[1 1 0]/Size 4/Index[8388607 2]", 4, BE_DAMAGED, 0 },
	{ "overlapping subsections", "/W[1 1 0]/Size 4/Index[0 4 0 4]", 8, BE_OK, PDF_ODD_DUPLICATE },
	{ "an object beyond /Size", "/W[1 1 0]/Size 3/Index[0 4]", 4, BE_OK, PDF_ODD_SIZE },
	{ "no /Size", "/W[1 1 0]", 4, BE_DAMAGED, 0 },
	{ "a filter that is broken", "/W[1 1 0]/Size 4/Filter/FlateDecode", 4, BE_DAMAGED, 0 },
	{ "a filter that is not read", "/W[1 1 0]/Size 4/Filter/LZWDecode", 4, BE_UNSUPPORTED, 0 },
};
/* clang-format on */

static void streams_are_read_or_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(streams); i++) {
		static const uint8_t records[] = "\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1\1";
		struct pdftext t;
		uint64_t at;
		uint32_t odd;
		enum be_err rc;

		pdftext_begin(&t);
		at = t.bytes.len;
		pdftext_raw(&t, "3 0 obj\n<</Type/XRef/Root 1 0 R%s/Length %zu>>\nstream\n", streams[i].keys,
			2 * streams[i].records);
		buffer_add(&t.bytes, records, 2 * streams[i].records);
		pdftext_raw(&t, "\nendstream\nendobj\n");
		pdftext_tail(&t, at);
		rc = xref_open_text(&t, &odd);
		if (rc != streams[i].expected || (rc == BE_OK && odd != streams[i].odd))
			fail_msg("%s: error %d, odd %x", streams[i].what, (int)rc, odd);
		pdftext_free(&t);
	}
}

/* clang-format off */
static const struct {
	const char *what, *text;
} frames[] = {
	{ "no object", "(3 0 obj)" },
	{ "no stream", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 2>>endobj" },
	{ "not of its type", "3 0 obj<</Type/ObjStm/W[1 1 0]/Size 1/Length 2>>stream\n\1\1\nendstream endobj" },
	{ "no /Length", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1>>stream\n\1\1\nendstream endobj" },
	{ "a /Length elsewhere", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 1 0 R>>stream\n\1\1\nendstream endobj" },
	{ "a short /Length", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 1>>stream\n\1\1\nendstream endobj" },
	{ "a long /Length", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 5>>stream\n\1\1\nendstream endobj" },
	{ "a negative /Length", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length -1>>stream\n\1\1\nendstream endobj" },
	{ "a huge /Length",
		"3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 9223372036854775807>>stream\n\1\1\nendstream endobj" },
	{ "no endstream", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 2>>stream\n\1\1\nendobj" },
	{ "no endobj", "3 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 2>>stream\n\1\1\nendstream" },
	{ "a huge number", "8388608 0 obj<</Type/XRef/W[1 1 0]/Size 1/Length 2>>stream\n\1\1\nendstream endobj" },
	{ "a huge generation", "3 65536 obj<</Type/XRef/W[1 1 0]/Size 1/Length 2>>stream\n\1\1\nendstream endobj" },
};
/* clang-format on */

static void a_stream_in_a_broken_frame_is_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(frames); i++) {
		struct pdftext t;
		uint64_t at;
		uint32_t odd;

		pdftext_begin(&t);
		at = t.bytes.len;
		pdftext_raw(&t, "%s\n", frames[i].text);
		pdftext_tail(&t, at);
		if (xref_open_text(&t, &odd) != BE_DAMAGED)
			fail_msg("%s", frames[i].what);
		pdftext_free(&t);
	}
}

/* A stream of megabytes that a kilobyte makes: each may be looked at, all of them together may not. */
static void the_records_of_all_streams_together_are_bounded(void **state)
{
	const size_t len = 64u << 20;
	uLongf size = compressBound(len);
	uint8_t *records = calloc(1, len);
	uint8_t *packed = malloc(size);
	struct pdftext t;
	uint32_t odd;

	(void)state;
	assert_non_null(records);
	assert_non_null(packed);
	assert_int_equal(compress2(packed, &size, records, len, 1), Z_OK);
	free(records);
	for (unsigned sections = 1; sections <= 4; sections += 3) {
		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_table(&t, ROOT);
		for (unsigned i = 0; i < sections; i++) {
			uint64_t at = t.bytes.len;

			pdftext_raw(&t,
				"9 0 obj\n<</Type/XRef/W[1 8 2]/Index[9 1]/Size 10" ROOT
				"/Filter/FlateDecode/Length %lu/Prev %ju>>\n"
				"stream\n",
				size, (uintmax_t)t.startxref);
			buffer_add(&t.bytes, packed, size);
			pdftext_raw(&t, "\nendstream\nendobj\n");
			pdftext_tail(&t, at);
		}
		assert_int_equal(xref_open_text(&t, &odd), sections == 1 ? BE_OK : BE_LIMIT);
		pdftext_free(&t);
	}
	free(packed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_of_other_widths_are_read_and_noted),
		cmocka_unit_test(tables_are_read_or_damaged),
		cmocka_unit_test(streams_are_read_or_damaged),
		cmocka_unit_test(a_stream_in_a_broken_frame_is_damage),
		cmocka_unit_test(the_records_of_all_streams_together_are_bounded),
	};

	return cmocka_run_group_tests_name("pdf cross-reference sections", tests, NULL, NULL);
}
