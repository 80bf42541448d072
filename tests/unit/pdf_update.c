/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pdf/update.h"
#include "support/pdf_text.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"

/* A document, an update of it, and what comes of both. */
struct work {
	struct pdftext text;
	struct pdf_doc *doc;
	struct pdf_update *update;
	struct buffer tail;
	struct buffer file;
	struct pdf_doc *result;
};

static void begin(struct work *w)
{
	memset(w, 0, sizeof(*w));
	pdftext_begin(&w->text);
}

static void open_document(struct work *w)
{
	w->doc = pdftext_open(&w->text);
	assert_int_equal(pdf_update_new(&w->update, w->doc, NULL), BE_OK);
}

static const struct pdf_obj *object_of(struct pdf_doc *doc, uint32_t number)
{
	const struct pdf_obj *obj = NULL;

	assert_int_equal(pdf_doc_object(doc, 0, number, &obj, NULL), BE_OK);
	return obj;
}

static void finish(struct work *w)
{
	assert_int_equal(pdf_update_finish(w->update, &w->tail, NULL), BE_OK);
	buffer_add(&w->file, w->text.bytes.data, w->text.bytes.len);
	buffer_add(&w->file, w->tail.data, w->tail.len);
	assert_int_equal(pdf_doc_open(&w->result, (struct pdf_bytes){ w->file.data, w->file.len }, NULL), BE_OK);
	assert_int_equal(pdf_doc_xref(w->result)->revision_count, pdf_doc_xref(w->doc)->revision_count + 1);
	assert_int_equal(pdf_xref_check_revision(pdf_doc_xref(w->result), 0, NULL), BE_OK);
	assert_int_equal(pdf_doc_xref(w->result)->revisions[0].end + 1, w->file.len);
}

static void forget(struct work *w)
{
	pdf_doc_free(&w->result);
	pdf_update_free(&w->update);
	pdf_doc_free(&w->doc);
	buffer_free(&w->tail);
	buffer_free(&w->file);
	pdftext_free(&w->text);
}

static void assert_text(struct pdf_doc *doc, uint32_t number, const char *text)
{
	const struct pdf_obj *obj = object_of(doc, number);

	if (obj->size != strlen(text) || memcmp(obj->text, text, obj->size) != 0)
		fail_msg("object %u is %.*s", number, (int)obj->size, (const char *)obj->text);
}

static bool contains(const struct buffer *b, const char *text)
{
	return memmem(b->data, b->len, text, strlen(text)) != NULL;
}

/* ---- edits ---- */

/* clang-format off */
static const struct {
	const char *before, *key, *value, *after;
} settings[] = {
	{ "<<>>", "Key", "1", "<< /Key 1>>" },
	{ "<</A 1>>", "Key", "(x)", "<</A 1 /Key (x)>>" },
	{ "<</A/B>>", "Key", "/C", "<</A/B /Key /C>>" },
	{ "<</Key 7/A 1>>", "Key", "8", "<</Key  8/A 1>>" },
	{ "<</Key[1 2]/A 1>>", "Key", "8", "<</Key 8/A 1>>" },
	{ "<</K#65y(x)>>", "Key", "8", "<</K#65y 8>>" },
	{ "<</Key null>>", "Key", "8", "<</Key  8>>" },
	{ "<</Key 1/Key 2>>", "Key", "8", "<</Key 1/Key  8>>" },
	{ "<</A<</Key 1>>>>", "Key", "8", "<</A<</Key 1>> /Key 8>>" },
	{ "<</A <41>>>", "Key", "8", "<</A <41> /Key 8>>" },
	{ "<< /A 1 % a comment >>\n>>", "Key", "8", "<< /A 1 % a comment >>\n /Key 8>>" },
};
/* clang-format on */

static void a_key_gets_its_value_and_all_else_keeps_its_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(settings); i++) {
		struct work w;

		begin(&w);
		pdftext_basics(&w.text, "", "");
		pdftext_object(&w.text, 4, settings[i].before);
		pdftext_table(&w.text, ROOT);
		open_document(&w);
		assert_int_equal(
			pdf_update_set(w.update, 4, object_of(w.doc, 4), settings[i].key, settings[i].value, NULL),
			BE_OK);
		finish(&w);
		assert_text(w.result, 4, settings[i].after);
		assert_int_equal(pdf_xref_odd(pdf_doc_xref(w.result)), 0);
		forget(&w);
	}
}

static void several_edits_of_one_object_are_all_made(void **state)
{
	struct work w;
	const struct pdf_obj *obj;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_object(&w.text, 4, "<</A[1 2]/B<</C 1>>/D 5>>");
	pdftext_table(&w.text, ROOT);
	open_document(&w);
	obj = object_of(w.doc, 4);
	assert_int_equal(pdf_update_set(w.update, 4, obj, "E", "9", NULL), BE_OK);
	assert_int_equal(pdf_update_set(w.update, 4, pdf_get(obj, "B"), "F", "8", NULL), BE_OK);
	assert_int_equal(pdf_update_insert(w.update, 4, pdf_get(obj, "A"), "3", NULL), BE_OK);
	assert_int_equal(pdf_update_replace(w.update, 4, pdf_get(obj, "D"), "6", NULL), BE_OK);
	assert_int_equal(pdf_update_set(w.update, 4, obj, "G", "7", NULL), BE_OK);
	finish(&w);
	assert_text(w.result, 4, "<</A[1 2 3]/B<</C 1 /F 8>>/D  6 /E 9 /G 7>>");
	assert_int_equal(pdf_doc_xref(w.result)->sections[0].subsection_count, 1);
	forget(&w);
}

/* A page's /Annots and the form's /Fields may be one array. */
static void the_same_insertion_is_made_once(void **state)
{
	struct work w;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_object(&w.text, 4, "[1 0 R]");
	pdftext_table(&w.text, ROOT);
	open_document(&w);
	assert_int_equal(pdf_update_insert(w.update, 4, object_of(w.doc, 4), "9 0 R", NULL), BE_OK);
	assert_int_equal(pdf_update_insert(w.update, 4, object_of(w.doc, 4), "9 0 R", NULL), BE_OK);
	assert_int_equal(pdf_update_insert(w.update, 4, object_of(w.doc, 4), "8 0 R", NULL), BE_OK);
	finish(&w);
	assert_text(w.result, 4, "[1 0 R 9 0 R 8 0 R]");
	forget(&w);
}

/* An object may be nothing but a reference to another. */
static void an_edit_outside_its_object_is_refused(void **state)
{
	struct work w;
	const struct pdf_obj *behind;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_object(&w.text, 4, "6 0 R");
	pdftext_object(&w.text, 5, "(x)");
	pdftext_pack(&w.text, 6, "<<>>");
	pdftext_packed(&w.text, 7);
	pdftext_stream(&w.text, 8, "/A 1", "x", 1);
	pdftext_xref_stream(&w.text, 9, ROOT);
	open_document(&w);
	assert_int_equal(pdf_doc_resolve(w.doc, 0, object_of(w.doc, 4), &behind, NULL), BE_OK);
	assert_int_equal(pdf_update_set(w.update, 4, behind, "Key", "1", NULL), BE_DAMAGED);
	assert_int_equal(pdf_update_set(w.update, 5, object_of(w.doc, 1), "Key", "1", NULL), BE_DAMAGED);
	assert_int_equal(pdf_update_set(w.update, 99, object_of(w.doc, 1), "Key", "1", NULL), BE_DAMAGED);
	assert_int_equal(pdf_update_set(w.update, 8, object_of(w.doc, 8), "Key", "1", NULL), BE_DAMAGED);
	assert_int_equal(pdf_update_set(w.update, 6, behind, "Key", "1", NULL), BE_OK);
	forget(&w);
}

/* ---- numbers and generations ---- */

static void edited_objects_keep_their_generation_and_new_ones_have_none(void **state)
{
	struct work w;
	struct pdf_entry entry;
	uint32_t number;

	(void)state;
	for (unsigned stream = 0; stream < 2; stream++) {
		begin(&w);
		pdftext_basics(&w.text, "", "");
		pdftext_object_of(&w.text, 4, 7, "<<>>");
		if (stream == 1)
			pdftext_xref_stream(&w.text, 9, ROOT);
		else
			pdftext_table(&w.text, ROOT);
		open_document(&w);
		assert_int_equal(pdf_update_reserve(w.update, &number, NULL), BE_OK);
		assert_int_equal(number, stream == 1 ? 10 : 5);
		assert_int_equal(pdf_update_put(w.update, number, "(new)", 5, NULL), BE_OK);
		assert_int_equal(pdf_update_set(w.update, 4, object_of(w.doc, 4), "Key", "1", NULL), BE_OK);
		finish(&w);
		assert_int_equal(pdf_xref_lookup(pdf_doc_xref(w.result), 0, 4, &entry, NULL), BE_OK);
		assert_int_equal(entry.generation, 7);
		assert_int_equal(pdf_xref_lookup(pdf_doc_xref(w.result), 0, number, &entry, NULL), BE_OK);
		assert_int_equal(entry.generation, 0);
		assert_text(w.result, number, "(new)");
		assert_memory_equal(w.file.data + pdf_update_place(w.update, number), "(new)", 5);
		assert_int_equal(pdf_update_place(w.update, 1), 0);
		forget(&w);
	}
}

static void new_numbers_are_above_all_that_were_ever_named(void **state)
{
	struct work w;
	uint32_t number;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_object(&w.text, 40, "(x)");
	pdftext_table(&w.text, ROOT);
	pdftext_raw(&w.text, "xref\n0 0\ntrailer\n<</Size 4 " ROOT " /Prev %ju>>\n", (uintmax_t)w.text.startxref);
	pdftext_tail(&w.text, w.text.bytes.len - strlen("xref\n0 0\ntrailer\n<</Size 4 " ROOT " /Prev 123>>\n"));
	open_document(&w);
	assert_int_equal(pdf_update_reserve(w.update, &number, NULL), BE_OK);
	assert_int_equal(number, 41);
	forget(&w);
}

static void there_is_an_end_of_numbers(void **state)
{
	struct work w;
	uint32_t number;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_object(&w.text, PDF_OBJECT_NUMBER_MAX, "(x)");
	pdftext_table(&w.text, ROOT);
	open_document(&w);
	assert_int_equal(pdf_update_reserve(w.update, &number, NULL), BE_LIMIT);
	forget(&w);
}

static void an_update_that_nobody_could_read_is_not_begun(void **state)
{
	struct work w;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	for (unsigned i = 0; i < PDF_SECTIONS_MAX; i++)
		pdftext_table(&w.text, ROOT);
	w.doc = pdftext_open(&w.text);
	assert_int_equal(pdf_update_new(&w.update, w.doc, NULL), BE_LIMIT);
	assert_null(w.update);
	forget(&w);
}

/* ---- trailers ---- */

static void write_one(struct work *w)
{
	uint32_t number;

	open_document(w);
	assert_int_equal(pdf_update_reserve(w->update, &number, NULL), BE_OK);
	assert_int_equal(pdf_update_put(w->update, number, "(x)", 3, NULL), BE_OK);
	finish(w);
}

/* clang-format off */
static const struct {
	const char *keys, *kept; /* NULL: none is made up */
} ids[] = {
	{ "", NULL },
	{ "/ID[<00FF><1234>]", "/ID [<00FF><" },
	{ "/ID [ (ab\\)) (cd) ]", "/ID [(ab\\))<" },
	{ "/ID 3 0 R", "/ID 3 0 R" },
	{ "/ID[]", "/ID []" },
	{ "/ID[1 2]", "/ID [1 2]" },
};
/* clang-format on */

static void the_first_half_of_an_id_stays(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(ids); i++) {
		struct work w;
		char keys[80] = ROOT " ";

		begin(&w);
		pdftext_basics(&w.text, "", "");
		strcat(keys, ids[i].keys);
		pdftext_table(&w.text, keys);
		write_one(&w);
		assert_int_equal(contains(&w.tail, "/ID"), ids[i].kept != NULL);
		if (ids[i].kept != NULL && !contains(&w.tail, ids[i].kept))
			fail_msg("%s", ids[i].keys);
		assert_false(contains(&w.tail, "<1234>"));
		forget(&w);
	}
}

static void what_else_a_trailer_says_goes_on(void **state)
{
	struct work w;
	const struct pdf_obj *trailer;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_xref_stream(&w.text, 9, ROOT " /Info 3 0 R /Mine <</A[1]>> /DocChecksum (x)");
	write_one(&w);
	trailer = pdf_doc_trailer(w.result, 0);
	assert_int_equal(pdf_get(trailer, "Info")->u.ref.number, 3);
	assert_int_equal(pdf_get(trailer, "Mine")->size, strlen("<</A[1]>>"));
	assert_non_null(pdf_get(trailer, "DocChecksum"));
	assert_int_equal(pdf_get(trailer, "Prev")->u.integer, (int64_t)w.text.startxref);
	assert_int_equal(pdf_get(trailer, "Size")->u.integer, 12);
	assert_false(pdf_dict_duplicates(trailer));
	forget(&w);
}

static void the_section_is_of_the_kind_the_file_ends_with(void **state)
{
	struct work w;

	(void)state;
	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_table(&w.text, ROOT);
	write_one(&w);
	assert_int_equal(pdf_doc_xref(w.result)->sections[0].kind, PDF_SECTION_TABLE);
	forget(&w);

	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_table(&w.text, ROOT);
	pdftext_object(&w.text, 4, "(x)");
	pdftext_xref_stream(&w.text, 5, ROOT);
	write_one(&w);
	assert_int_equal(pdf_doc_xref(w.result)->sections[0].kind, PDF_SECTION_STREAM);
	assert_int_equal(pdf_doc_xref(w.result)->sections[0].number, 7);
	forget(&w);

	begin(&w);
	pdftext_basics(&w.text, "", "");
	pdftext_pack(&w.text, 5, "(hidden)");
	pdftext_packed(&w.text, 4);
	pdftext_hybrid(&w.text, 6, ROOT);
	write_one(&w);
	assert_int_equal(pdf_doc_xref(w.result)->sections[0].kind, PDF_SECTION_TABLE);
	assert_false(pdf_doc_xref(w.result)->sections[0].has_hybrid_part);
	assert_false(contains(&w.tail, "XRefStm"));
	assert_text(w.result, 5, "(hidden)");
	forget(&w);
}

static void what_was_there_ends_its_last_line(void **state)
{
	static const char *const ends[] = { "", "\n", "\r", "\r\n", " ", "junk" };

	(void)state;
	for (size_t i = 0; i < COUNT(ends); i++) {
		struct work w;
		bool line = ends[i][0] == '\n' || ends[i][0] == '\r';

		begin(&w);
		pdftext_basics(&w.text, "", "");
		pdftext_table(&w.text, ROOT);
		w.text.bytes.len--;
		buffer_add_str(&w.text.bytes, ends[i]);
		write_one(&w);
		assert_int_equal(w.tail.data[0] == '\n', !line);
		forget(&w);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_gets_its_value_and_all_else_keeps_its_text),
		cmocka_unit_test(several_edits_of_one_object_are_all_made),
		cmocka_unit_test(the_same_insertion_is_made_once),
		cmocka_unit_test(an_edit_outside_its_object_is_refused),
		cmocka_unit_test(edited_objects_keep_their_generation_and_new_ones_have_none),
		cmocka_unit_test(new_numbers_are_above_all_that_were_ever_named),
		cmocka_unit_test(there_is_an_end_of_numbers),
		cmocka_unit_test(an_update_that_nobody_could_read_is_not_begun),
		cmocka_unit_test(the_first_half_of_an_id_stays),
		cmocka_unit_test(what_else_a_trailer_says_goes_on),
		cmocka_unit_test(the_section_is_of_the_kind_the_file_ends_with),
		cmocka_unit_test(what_was_there_ends_its_last_line),
	};

	return cmocka_run_group_tests_name("pdf updates", tests, NULL, NULL);
}
