/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/pdf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"

static enum be_err object_of(struct pdf_doc *doc, uint32_t number)
{
	const struct pdf_obj *obj = NULL;

	return pdf_doc_object(doc, 0, number, &obj, NULL);
}

static void two_numbers_for_one_object_stream_are_damage(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	pdftext_pack(&t, 4, "(a)");
	pdftext_pack(&t, 5, "(b)");
	pdftext_packed(&t, 6);
	pdftext_list(&t, 7, PDF_ENTRY_AT_OFFSET, pdftext_entry(&t, 6)->offset, 0);
	pdftext_entry(&t, 5)->offset = 7;
	pdftext_xref_stream(&t, 8, ROOT);
	doc = pdftext_open(&t);
	assert_int_equal(object_of(doc, 4), BE_OK);
	assert_int_equal(object_of(doc, 5), BE_DAMAGED);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- object streams (7.5.7) ---- */

/* Object 4 should be the second in stream 5. */
/* clang-format off */
static const struct {
	const char *what, *keys, *data;
	uint64_t stream;
	uint32_t index;
	enum be_err expected;
} packs[] = {
	{ "right", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 5, 1, BE_OK },
	{ "a comment between", "/Type/ObjStm/N 2/First 12", "9 0%\n4 2     1 (x)", 5, 1, BE_OK },
	{ "the wrong index", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 5, 0, BE_DAMAGED },
	{ "an index beyond", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 5, 2, BE_DAMAGED },
	{ "the largest index", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 5, 65535, BE_DAMAGED },
	{ "a stream that is not there", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 99, 1, BE_DAMAGED },
	{ "a stream of no number", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 4294967295, 1, BE_DAMAGED },
	{ "an object that is no stream", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 3, 1, BE_DAMAGED },
	{ "itself", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x)", 4, 1, BE_DAMAGED },
	{ "a stream of another type", "/N 2/First 8", "9 0 4 2 1 (x)", 5, 1, BE_DAMAGED },
	{ "no /N", "/Type/ObjStm/First 8", "9 0 4 2 1 (x)", 5, 1, BE_DAMAGED },
	{ "a negative /N", "/Type/ObjStm/N -2/First 8", "9 0 4 2 1 (x)", 5, 1, BE_DAMAGED },
	{ "a huge /N", "/Type/ObjStm/N 4294967298/First 8", "9 0 4 2 1 (x)", 5, 1, BE_DAMAGED },
	{ "/N beyond the head", "/Type/ObjStm/N 3/First 8", "9 0 4 2 1 (x)", 5, 1, BE_DAMAGED },
	{ "/First beyond the data", "/Type/ObjStm/N 2/First 99", "9 0 4 2 1 (x)", 5, 1, BE_DAMAGED },
	{ "a negative /First", "/Type/ObjStm/N 2/First -8", "9 0 4 2 1 (x)", 5, 1, BE_DAMAGED },
	{ "a place beyond the data", "/Type/ObjStm/N 2/First 9", "9 0 4 99 1 (x)", 5, 1, BE_DAMAGED },
	{ "the largest place", "/Type/ObjStm/N 2/First 17", "9 0 4 4294967295 1 (x)", 5, 1, BE_DAMAGED },
	{ "a place beyond all bounds", "/Type/ObjStm/N 2/First 17", "9 0 4 4294967296 1 (x)", 5, 1, BE_DAMAGED },
	{ "a head of no numbers", "/Type/ObjStm/N 2/First 8", "9 0 4 x 1 (x)", 5, 1, BE_DAMAGED },
	{ "an object that cannot be read", "/Type/ObjStm/N 2/First 8", "9 0 4 2 1 (x", 5, 1, BE_DAMAGED },
	{ "nothing", "/Type/ObjStm/N 0/First 0", "", 5, 0, BE_DAMAGED },
	{ "data that cannot be decoded", "/Type/ObjStm/N 2/First 8/Filter/FlateDecode", "9 0 4 2 1 (x)", 5, 1,
		BE_DAMAGED },
	{ "a filter that is not read", "/Type/ObjStm/N 2/First 8/Filter/LZWDecode", "9 0 4 2 1 (x)", 5, 1,
		BE_UNSUPPORTED },
};
/* clang-format on */

static void an_object_that_is_not_in_its_stream_is_damage(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(packs); i++) {
		struct pdftext t;
		struct pdf_doc *doc;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_list(&t, 4, PDF_ENTRY_IN_STREAM, packs[i].stream, packs[i].index);
		pdftext_stream(&t, 5, packs[i].keys, packs[i].data, strlen(packs[i].data));
		pdftext_xref_stream(&t, 6, ROOT);
		doc = pdftext_open(&t);
		if (object_of(doc, 4) != packs[i].expected || object_of(doc, 4) != packs[i].expected)
			fail_msg("%s", packs[i].what);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

/* Whose length stands in itself, or in one another. */
static void streams_that_need_each_other_are_damage(void **state)
{
	struct pdftext t;
	struct pdf_doc *doc;

	(void)state;
	pdftext_begin(&t);
	pdftext_basics(&t, "", "");
	for (uint32_t number = 4; number < 8; number++)
		pdftext_list(&t, number, PDF_ENTRY_IN_STREAM, number < 6 ? 8 : number + 3, 0);
	pdftext_object(&t, 8, "<</Type/ObjStm/N 1/First 4/Length 4 0 R>>\nstream\n4 0 9\nendstream");
	pdftext_object(&t, 9, "<</Type/ObjStm/N 1/First 4/Length 7 0 R>>\nstream\n6 0 9\nendstream");
	pdftext_object(&t, 10, "<</Type/ObjStm/N 1/First 4/Length 6 0 R>>\nstream\n7 0 9\nendstream");
	pdftext_xref_stream(&t, 11, ROOT);
	doc = pdftext_open(&t);
	for (uint32_t number = 4; number < 8; number++)
		assert_int_equal(object_of(doc, number), BE_DAMAGED);
	pdf_doc_free(&doc);
	pdftext_free(&t);
}

/* ---- streams ---- */

/* clang-format off */
static const struct {
	const char *what, *body;
	size_t len;
	enum be_err expected;
} data[] = {
	{ "right", "<</Length 3>>\nstream\nabc\nendstream", 3, BE_OK },
	{ "a carriage return and a line feed", "<</Length 3>>stream\r\nabc\r\nendstream", 3, BE_OK },
	{ "nothing behind it", "<</Length 3>>stream\nabcendstream", 3, BE_OK },
	{ "empty", "<</Length 0>>stream\nendstream", 0, BE_OK },
	{ "a length elsewhere", "<</Length 5 0 R>>stream\nabc\nendstream", 3, BE_OK },
	{ "endstream inside", "<</Length 13>>stream\nabc\nendstream\nendstream", 13, BE_OK },
	{ "too short", "<</Length 2>>stream\nabc\nendstream", 0, BE_DAMAGED },
	{ "too long", "<</Length 4000>>stream\nabc\nendstream", 0, BE_DAMAGED },
	{ "negative", "<</Length -1>>stream\nabc\nendstream", 0, BE_DAMAGED },
	{ "huge", "<</Length 9223372036854775807>>stream\nabc\nendstream", 0, BE_DAMAGED },
	{ "no length", "<<>>stream\nabc\nendstream", 0, BE_DAMAGED },
	{ "a length that is no number", "<</Length 3 0 R>>stream\nabc\nendstream", 0, BE_DAMAGED },
	{ "a length that is the stream", "<</Length 4 0 R>>stream\nabc\nendstream", 0, BE_DAMAGED },
	{ "no end", "<</Length 3>>stream\nabc\n", 0, BE_DAMAGED },
	{ "no stream", "<</Length 3>>", 0, BE_DAMAGED },
};
/* clang-format on */

static void a_stream_is_as_long_as_it_says_or_damaged(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(data); i++) {
		struct pdftext t;
		struct pdf_doc *doc;
		const struct pdf_obj *stream;
		const uint8_t *bytes = NULL;
		size_t len = 0;
		uint64_t start;
		uint64_t end;
		enum be_err rc;

		pdftext_begin(&t);
		pdftext_basics(&t, "", "");
		pdftext_object(&t, 4, data[i].body);
		pdftext_object(&t, 5, "3");
		pdftext_table(&t, ROOT);
		doc = pdftext_open(&t);
		assert_int_equal(pdf_doc_object(doc, 0, 4, &stream, NULL), BE_OK);
		rc = pdf_doc_stream_data(doc, 0, stream, &bytes, &len, NULL);
		if (rc != data[i].expected || len != data[i].len)
			fail_msg("%s: error %d", data[i].what, (int)rc);
		if (pdf_is(stream, PDF_STREAM))
			assert_int_equal(pdf_doc_extent(doc, 0, 4, &start, &end, NULL), rc);
		pdf_doc_free(&doc);
		pdftext_free(&t);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_numbers_for_one_object_stream_are_damage),
		cmocka_unit_test(an_object_that_is_not_in_its_stream_is_damage),
		cmocka_unit_test(streams_that_need_each_other_are_damage),
		cmocka_unit_test(a_stream_is_as_long_as_it_says_or_damaged),
	};

	return cmocka_run_group_tests_name("pdf streams", tests, NULL, NULL);
}
