/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pdf/form.h"
#include "pdf/sign_field.h"
#include "support/pdf_text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"
#define DOCMDP(p) "<</Reference[<</TransformMethod/DocMDP/TransformParams<<" p ">>>>]>>"
#define CONTENTS 100u
#define FIELD "<</Type/Annot/Subtype/Widget/FT/Sig/T(Tanda)/F 132/Rect[10 10 90 50]/P 3 0 R>>"

/* A document, room for a signature in it, and the file that both make. */
struct signing {
	struct pdftext text;
	struct pdf_doc *doc;
	struct pdf_sign_place place;
	struct be_error err;
	enum be_err rc;
	struct buffer file;
	struct pdf_doc *result;
	struct pdf_form *form;
};

static enum be_err sign_with(struct signing *s, const struct pdf_sign_request *request)
{
	s->doc = pdftext_open(&s->text);
	s->rc = pdf_sign_place_make(&s->place, s->doc, request, &s->err);
	return s->rc;
}

static enum be_err sign(struct signing *s, const char *field)
{
	const struct pdf_sign_request request = {
		.field = field,
		.sub_filter = "ETSI.CAdES.detached",
		.time = 1780000000,
		.contents_size = CONTENTS,
	};

	return sign_with(s, &request);
}

static void forget(struct signing *s)
{
	pdf_form_free(&s->form);
	pdf_doc_free(&s->result);
	pdf_sign_place_free(&s->place);
	pdf_doc_free(&s->doc);
	buffer_free(&s->file);
	pdftext_free(&s->text);
	memset(s, 0, sizeof(*s));
}

/* The result is the file, then the tail; it reads as one revision more; all numbers are as promised. */
static void read_result(struct signing *s)
{
	const struct pdf_field *field;
	const struct pdf_obj *range;
	const struct pdf_obj *contents;
	uint64_t at = 0;

	if (s->rc != BE_OK)
		fail_msg("%s: %s", s->err.msgid, s->err.detail);
	buffer_add(&s->file, s->text.bytes.data, s->text.bytes.len);
	buffer_add(&s->file, s->place.tail.data, s->place.tail.len);
	assert_int_equal(pdf_doc_open(&s->result, (struct pdf_bytes){ s->file.data, s->file.len }, NULL), BE_OK);
	assert_int_equal(pdf_doc_xref(s->result)->revision_count, pdf_doc_xref(s->doc)->revision_count + 1);
	assert_int_equal(pdf_doc_xref(s->result)->revisions[0].end + 1, s->file.len);
	assert_int_equal(pdf_xref_check_revision(pdf_doc_xref(s->result), 0, NULL), BE_OK);
	assert_int_equal(pdf_form_read(&s->form, s->result, 0, NULL), BE_OK);
	assert_false(s->form->broken);
	field = pdf_form_find(s->form, s->place.field);
	assert_non_null(field);
	assert_non_null(field->value);
	assert_true(field->value_number != 0);
	range = pdf_get_typed(field->value, "ByteRange", PDF_ARRAY);
	assert_int_equal(range->count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(range->u.items[i].u.integer, s->place.range[i]);
	contents = pdf_get_typed(field->value, "Contents", PDF_STRING);
	assert_true(pdf_doc_offset(s->result, contents, &at));
	assert_int_equal(at, s->place.contents_at);
	assert_int_equal(contents->size, 2 * s->place.contents_size + 2);
	assert_int_equal(s->file.data[at], '<');
	assert_int_equal(s->file.data[at + contents->size - 1], '>');
	assert_int_equal(s->place.range[0], 0);
	assert_int_equal(s->place.range[1], at);
	assert_int_equal(s->place.range[2], at + contents->size);
	assert_int_equal(s->place.range[2] + s->place.range[3], s->file.len);
}

static const struct pdf_obj *get(struct signing *s, const struct pdf_obj *dict, const char *key)
{
	const struct pdf_obj *value = NULL;

	assert_int_equal(pdf_doc_get(s->result, 0, dict, key, &value, NULL), BE_OK);
	return value;
}

static const struct pdf_obj *object_of(struct signing *s, uint32_t number)
{
	const struct pdf_obj *obj = NULL;

	assert_int_equal(pdf_doc_object(s->result, 0, number, &obj, NULL), BE_OK);
	return obj;
}

static size_t references_to(const struct pdf_obj *array, uint32_t number)
{
	size_t found = 0;

	for (uint32_t i = 0; pdf_is(array, PDF_ARRAY) && i < array->count; i++) {
		if (pdf_is(&array->u.items[i], PDF_REF) && array->u.items[i].u.ref.number == number)
			found++;
	}
	return found;
}

/* ---- a new field, whatever the document is like ---- */

enum ending { TABLE, STREAM, PACKED, HYBRID };

/* clang-format off */
static const struct {
	const char *what, *catalogue, *page, *objects[3]; /* objects 4 to 6 */
	size_t fields, annots; /* before */
	int64_t flags;
} documents[] = {
	{ "nothing", "", "", { NULL }, 0, 0, 3 },
	{ "form direct", "/AcroForm<</Fields[]>>", "/Annots[]", { NULL }, 0, 0, 3 },
	{ "form indirect", "/AcroForm 4 0 R", "/Annots 5 0 R", { "<</Fields[6 0 R]>>", "[6 0 R]", FIELD }, 1, 1, 3 },
	{ "form null", "/AcroForm null", "/Annots null", { NULL }, 0, 0, 3 },
	{ "form and annotations that are null elsewhere", "/AcroForm 4 0 R", "/Annots 5 0 R",
		{ "null", "null" }, 0, 0, 3 },
	{ "form and annotations that lead nowhere", "/AcroForm 99 0 R", "/Annots 99 0 R", { NULL }, 0, 0, 3 },
	{ "fields missing", "/AcroForm 4 0 R", "", { "<</SigFlags 0>>" }, 0, 0, 3 },
	{ "fields missing, form direct", "/AcroForm<<>>", "", { NULL }, 0, 0, 3 },
	{ "fields null", "/AcroForm<</Fields null>>", "", { NULL }, 0, 0, 3 },
	{ "fields elsewhere", "/AcroForm 4 0 R", "/Annots[6 0 R]", { "<</Fields 5 0 R>>", "[6 0 R]", FIELD }, 1, 1, 3 },
	{ "fields elsewhere, form direct", "/AcroForm<</Fields 5 0 R>>", "", { "null", "[6 0 R]", FIELD }, 1, 0, 3 },
	{ "fields and annotations are one", "/AcroForm<</Fields 5 0 R>>", "/Annots 5 0 R",
		{ "null", "[6 0 R]", FIELD }, 1, 1, 3 },
	{ "flags 1", "/AcroForm<</Fields[]/SigFlags 1>>", "", { NULL }, 0, 0, 3 },
	{ "flags 3", "/AcroForm<</Fields[]/SigFlags 3>>", "", { NULL }, 0, 0, 3 },
	{ "flags of later versions", "/AcroForm<</Fields[]/SigFlags 12>>", "", { NULL }, 0, 0, 15 },
	{ "flags elsewhere", "/AcroForm<</Fields[]/SigFlags 4 0 R>>", "", { "4" }, 0, 0, 7 },
	{ "flags that are none", "/AcroForm<</Fields[]/SigFlags/X>>", "", { NULL }, 0, 0, 3 },
	{ "other keys of a form", "/AcroForm<</DA(/Helv 0 Tf)/Fields[]/NeedAppearances true>>", "", { NULL }, 0, 0, 3 },
};
/* clang-format on */

/* The same document with each kind of ending. */
static void put_document(struct pdftext *t, size_t i, enum ending ending)
{
	char catalogue[160];
	char page[160];

	(void)snprintf(catalogue, sizeof(catalogue), "<</Type/Catalog/Pages 2 0 R%s>>", documents[i].catalogue);
	(void)snprintf(page, sizeof(page), "<</Type/Page/Parent 2 0 R%s>>", documents[i].page);
	pdftext_begin(t);
	if (ending == PACKED) {
		pdftext_pack(t, 1, catalogue);
		pdftext_pack(t, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		pdftext_pack(t, 3, page);
	} else {
		pdftext_object(t, 1, catalogue);
		pdftext_object(t, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
		pdftext_object(t, 3, page);
	}
	for (uint32_t k = 0; k < 3 && documents[i].objects[k] != NULL; k++) {
		if (ending == PACKED || ending == HYBRID)
			pdftext_pack(t, 4 + k, documents[i].objects[k]);
		else
			pdftext_object(t, 4 + k, documents[i].objects[k]);
	}
	if (ending == HYBRID)
		pdftext_pack(t, 10, "(so that something is hidden)");
	if (ending == PACKED || ending == HYBRID)
		pdftext_packed(t, 11);
	if (ending == TABLE)
		pdftext_table(t, ROOT);
	else if (ending == HYBRID)
		pdftext_hybrid(t, 12, ROOT);
	else
		pdftext_xref_stream(t, 12, ROOT);
}

static void a_new_field_finds_its_way_into_form_and_page(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4 * COUNT(documents); i++) {
		enum ending ending = (enum ending)(i % 4);
		struct signing s = { .rc = BE_OK };
		const struct pdf_field *field;
		const struct pdf_obj *catalogue;
		const struct pdf_obj *fields;
		const struct pdf_obj *annots;

		put_document(&s.text, i / 4, ending);
		if (sign(&s, NULL) != BE_OK)
			fail_msg("%s, %d: %s", documents[i / 4].what, (int)ending, s.err.msgid);
		read_result(&s);
		assert_int_equal(pdf_xref_odd(pdf_doc_xref(s.result)), 0);
		assert_int_equal(pdf_doc_xref(s.result)->sections[0].kind,
			ending == TABLE || ending == HYBRID ? PDF_SECTION_TABLE : PDF_SECTION_STREAM);
		assert_false(pdf_doc_xref(s.result)->sections[0].has_hybrid_part);
		field = pdf_form_find(s.form, "Signature1");
		assert_int_equal(pdf_doc_catalogue(s.result, 0, &catalogue, NULL), BE_OK);
		fields = get(&s, get(&s, catalogue, "AcroForm"), "Fields");
		annots = get(&s, object_of(&s, 3), "Annots");
		if (fields->count != documents[i / 4].fields + 1 || annots->count != documents[i / 4].annots + 1)
			fail_msg("%s: %u fields, %u annotations", documents[i / 4].what, fields->count, annots->count);
		assert_int_equal(references_to(fields, field->number), 1);
		assert_int_equal(references_to(annots, field->number), 1);
		assert_int_equal(
			get(&s, get(&s, catalogue, "AcroForm"), "SigFlags")->u.integer, documents[i / 4].flags);
		assert_int_equal(pdf_get(field->dict, "P")->u.ref.number, 3);
		assert_int_equal(pdf_get(field->dict, "F")->u.integer, 132);
		assert_false(field->visible);
		assert_int_equal(s.form->count, documents[i / 4].fields + 1);
		forget(&s);
	}
}

static void a_document_without_a_page_object_is_signed_without_one(void **state)
{
	static const struct {
		const char *pages, *annots;
	} cases[] = {
		{ "<</Type/Pages/Kids[<</Type/Page/Parent 2 0 R>>]/Count 1>>", "" },
		{ "<</Type/Pages/Kids[]/Count 0>>", "" },
		{ "<</Type/Pages/Kids[3 0 R]/Count 1>>", "/Annots(what is this)" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct signing s = { .rc = BE_OK };
		char page[80];

		pdftext_begin(&s.text);
		(void)snprintf(page, sizeof(page), "<</Type/Page/Parent 2 0 R%s>>", cases[i].annots);
		pdftext_object(&s.text, 1, "<</Type/Catalog/Pages 2 0 R>>");
		pdftext_object(&s.text, 2, cases[i].pages);
		pdftext_object(&s.text, 3, page);
		pdftext_table(&s.text, ROOT);
		assert_int_equal(sign(&s, NULL), BE_OK);
		read_result(&s);
		assert_null(pdf_get(pdf_form_find(s.form, "Signature1")->dict, "P"));
		forget(&s);
	}
}

static void a_new_field_gets_a_name_that_nobody_has(void **state)
{
	static const struct {
		const char *first, *second, *name;
	} cases[] = {
		{ "<</FT/Sig/T(Other)>>", "<</FT/Tx/T(B)>>", "Signature1" },
		{ "<</FT/Sig/T(Signature1)>>", "<</FT/Tx/T(B)>>", "Signature2" },
		{ "<</FT/Tx/T(Signature1)>>", "<</FT/Sig/T<FEFF005300690067006E0061007400750072006500320020>>>",
			"Signature2" },
		{ "<</T(Signature1)/Kids[6 0 R]>>", "<</FT/Sig/T<FEFF005300690067006E006100740075007200650032>>>",
			"Signature3" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		struct signing s = { .rc = BE_OK };

		pdftext_begin(&s.text);
		pdftext_basics(&s.text, "/AcroForm<</Fields[4 0 R 5 0 R]>>", "");
		pdftext_object(&s.text, 4, cases[i].first);
		pdftext_object(&s.text, 5, cases[i].second);
		pdftext_object(&s.text, 6, "<</FT/Tx/T(x)>>");
		pdftext_table(&s.text, ROOT);
		assert_int_equal(sign(&s, NULL), BE_OK);
		assert_string_equal(s.place.field, cases[i].name);
		read_result(&s);
		forget(&s);
	}
}

/* ---- an existing field ---- */

/* clang-format off */
static const struct {
	const char *what, *name, *objects[3]; /* objects 4 to 6; 4 is a top-level field */
	enum be_err expected;
} existing[] = {
	{ "empty", "A", { "<</FT/Sig/T(A)/Rect[0 0 9 9]>>" }, BE_OK },
	{ "empty with a null value", "A", { "<</FT/Sig/T(A)/V null/Rect[0 0 9 9]>>" }, BE_OK },
	{ "below another", "A.B", { "<</FT/Sig/T(A)/Kids[5 0 R]>>", "<</T(B)>>" }, BE_OK },
	{ "with a widget of its own", "A", { "<</FT/Sig/T(A)/Kids[5 0 R]>>", "<</Subtype/Widget>>" }, BE_OK },
	{ "with a seed value", "A", { "<</FT/Sig/T(A)/SV<<>>>>" }, BE_OK },
	{ "beside a signed one", "A", { "<</FT/Sig/T(A)/Kids[5 0 R]/F 4>>", "<</Subtype/Widget>>" }, BE_OK },
	{ "signed", "A", { "<</FT/Sig/T(A)/V 5 0 R>>", "<</Type/Sig>>" }, BE_FIELD_SIGNED },
	{ "signed above", "A.B",
		{ "<</FT/Sig/V 6 0 R/T(A)/Kids[5 0 R]>>", "<</T(B)>>", "<</Type/Sig>>" }, BE_FIELD_SIGNED },
	{ "of another type", "A", { "<</FT/Tx/T(A)>>" }, BE_NO_SUCH_FIELD },
	{ "of another name", "a", { "<</FT/Sig/T(A)>>" }, BE_NO_SUCH_FIELD },
	{ "of a part of the name", "B", { "<</FT/Sig/T(A)/Kids[5 0 R]>>", "<</T(B)>>" }, BE_NO_SUCH_FIELD },
	{ "that is no object", "A.B", { "<</FT/Sig/T(A)/Kids[<</T(B)>>]>>" }, BE_UNSUPPORTED },
	{ "that locks others", "A", { "<</FT/Sig/T(A)/Lock<</Action/All>>>>" }, BE_UNSUPPORTED },
	{ "that is a reference to one", "A", { "5 0 R", "<</FT/Sig/T(A)>>" }, BE_DAMAGED },
};
/* clang-format on */

static void an_existing_field_is_signed_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT(existing); i++) {
		struct signing s = { .rc = BE_OK };
		bool direct = i % 2 == 1;

		pdftext_begin(&s.text);
		pdftext_basics(&s.text, direct ? "/AcroForm<</Fields[4 0 R]>>" : "/AcroForm 8 0 R", "");
		for (uint32_t k = 0; k < 3; k++)
			pdftext_object(&s.text, 4 + k,
				existing[i / 2].objects[k] != NULL ? existing[i / 2].objects[k] : "null");
		pdftext_object(&s.text, 8, "<</Fields[4 0 R]/SigFlags 1>>");
		pdftext_table(&s.text, ROOT);
		if (sign(&s, existing[i / 2].name) != existing[i / 2].expected)
			fail_msg("%s: error %d", existing[i / 2].what, (int)s.rc);
		if (s.rc == BE_OK) {
			read_result(&s);
			assert_string_equal(s.place.field, existing[i / 2].name);
			assert_int_equal(s.form->count, 1);
			assert_int_equal(get(&s, s.form->dict, "SigFlags")->u.integer, 3);
		} else {
			assert_int_equal(s.place.tail.len, 0);
			assert_non_null(s.err.msgid);
		}
		forget(&s);
	}
}

static void a_field_name_must_fit(void **state)
{
	char body[PDF_FIELD_NAME_MAX + 40];
	char name[PDF_FIELD_NAME_MAX + 1];

	(void)state;
	for (size_t len = PDF_FIELD_NAME_MAX - 1; len <= PDF_FIELD_NAME_MAX; len++) {
		struct signing s = { .rc = BE_OK };

		memset(name, 'n', len);
		name[len] = '\0';
		(void)snprintf(body, sizeof(body), "<</FT/Sig/T(%s)>>", name);
		pdftext_begin(&s.text);
		pdftext_basics(&s.text, "/AcroForm<</Fields[4 0 R]>>", "");
		pdftext_object(&s.text, 4, body);
		pdftext_table(&s.text, ROOT);
		assert_int_equal(sign(&s, name), len < PDF_FIELD_NAME_MAX ? BE_OK : BE_LIMIT);
		forget(&s);
	}
}

/* ---- documents that must not be signed ---- */

/* clang-format off */
static const struct {
	const char *what, *catalogue, *trailer, *object;
	enum be_err expected;
} refusals[] = {
	{ "certified, no changes", "/Perms<</DocMDP 4 0 R>>", "", DOCMDP("/P 1"),
		BE_CERTIFIED },
	{ "certified, filling in allowed", "/Perms<</DocMDP 4 0 R>>", "",
		DOCMDP("/P 2"), BE_OK },
	{ "certified, comments allowed", "/Perms<</DocMDP 4 0 R>>", "",
		DOCMDP("/P 3"), BE_OK },
	{ "locked by a signer", "/AcroForm<</Fields[4 0 R]>>", "", "<</FT/Sig/T(A)/V<<>>/Lock<</P 1>>>>",
		BE_CERTIFIED },
	{ "encrypted", "", "/Encrypt 4 0 R", "<</Filter/Standard>>", BE_ENCRYPTED },
	{ "form that is none", "/AcroForm[]", "", "null", BE_DAMAGED },
	{ "form in a circle", "/AcroForm<</Fields[4 0 R]>>", "", "<</FT/Sig/T(A)/Kids[4 0 R]>>", BE_DAMAGED },
	{ "form behind two references", "/AcroForm 4 0 R", "", "5 0 R", BE_DAMAGED },
};
/* clang-format on */

static void what_must_not_be_changed_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct signing s = { .rc = BE_OK };
		char trailer[80];

		(void)snprintf(trailer, sizeof(trailer), ROOT " %s", refusals[i].trailer);
		pdftext_begin(&s.text);
		pdftext_basics(&s.text, refusals[i].catalogue, "");
		pdftext_object(&s.text, 4, refusals[i].object);
		pdftext_object(&s.text, 5, "<</Fields[]>>");
		pdftext_table(&s.text, trailer);
		if (sign(&s, NULL) != refusals[i].expected)
			fail_msg("%s: error %d", refusals[i].what, (int)s.rc);
		if (s.rc == BE_OK)
			read_result(&s);
		else
			assert_null(s.place.tail.data);
		forget(&s);
	}
}

/* The field B under each FieldMDP transform that the signature of field A can have. */
static void a_locked_field_is_refused(void **state)
{
	/* clang-format off */
	static const struct {
		const char *params;
		enum be_err expected;
	} locks[] = {
		{ "/Action/All", BE_CERTIFIED },
		{ "/Action/Include/Fields[(B)]", BE_CERTIFIED },
		{ "/Action/Include/Fields[(C)]", BE_OK },
		{ "/Action/Exclude/Fields[(C)]", BE_CERTIFIED },
		{ "/Action/Exclude/Fields[(B)]", BE_OK },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < COUNT(locks); i++) {
		struct signing s = { .rc = BE_OK };
		char body[200];

		(void)snprintf(body, sizeof(body),
			"<</Type/Sig/Reference[<</TransformMethod/FieldMDP/TransformParams<<%s>>>>]>>",
			locks[i].params);
		pdftext_begin(&s.text);
		pdftext_basics(&s.text, "/AcroForm<</Fields[4 0 R 5 0 R]>>", "");
		pdftext_object(&s.text, 4, "<</FT/Sig/T(A)/V 6 0 R>>");
		pdftext_object(&s.text, 5, "<</FT/Sig/T(B)>>");
		pdftext_object(&s.text, 6, body);
		pdftext_table(&s.text, ROOT);
		if (sign(&s, "B") != locks[i].expected)
			fail_msg("%s: error %d", locks[i].params, (int)s.rc);
		if (s.rc == BE_OK)
			read_result(&s);
		forget(&s);
	}
}

/* ---- what stays as it is ---- */

static void generations_and_identity_stay(void **state)
{
	struct signing s = { .rc = BE_OK };
	struct pdf_entry entry;

	(void)state;
	pdftext_begin(&s.text);
	pdftext_object_of(&s.text, 1, 2, "<</Type/Catalog/Pages 2 0 R/AcroForm 4 5 R>>");
	pdftext_object(&s.text, 2, "<</Type/Pages/Kids[3 1 R]/Count 1>>");
	pdftext_object_of(&s.text, 3, 1, "<</Type/Page/Parent 2 0 R>>");
	pdftext_object_of(&s.text, 4, 5, "<</Fields[]>>");
	pdftext_table(&s.text, "/Root 1 2 R /ID [<0A0B><0C0D>] /Info 6 0 R");
	assert_int_equal(sign(&s, NULL), BE_OK);
	read_result(&s);
	assert_int_equal(pdf_xref_lookup(pdf_doc_xref(s.result), 0, 3, &entry, NULL), BE_OK);
	assert_int_equal(entry.generation, 1);
	assert_int_equal(pdf_xref_lookup(pdf_doc_xref(s.result), 0, 4, &entry, NULL), BE_OK);
	assert_int_equal(entry.generation, 5);
	assert_int_equal(
		pdf_xref_lookup(pdf_doc_xref(s.result), 0, pdf_form_find(s.form, "Signature1")->number, &entry, NULL),
		BE_OK);
	assert_int_equal(entry.generation, 0);
	assert_int_equal(pdf_get(pdf_doc_trailer(s.result, 0), "Info")->u.ref.number, 6);
	assert_memory_equal(pdf_get(pdf_doc_trailer(s.result, 0), "ID")->u.items[0].text, "<0A0B>", 6);
	assert_memory_not_equal(pdf_get(pdf_doc_trailer(s.result, 0), "ID")->u.items[1].text, "<0C0D>", 6);
	forget(&s);
}

static void one_document_can_be_signed_again_and_again(void **state)
{
	struct signing s = { .rc = BE_OK };
	char expected[20];

	(void)state;
	put_document(&s.text, 0, PACKED);
	for (unsigned i = 1; i <= 5; i++) {
		assert_int_equal(sign(&s, NULL), BE_OK);
		(void)snprintf(expected, sizeof(expected), "Signature%u", i);
		assert_string_equal(s.place.field, expected);
		read_result(&s);
		assert_int_equal(s.form->count, i);
		assert_int_equal(pdf_xref_odd(pdf_doc_xref(s.result)), 0);
		pdf_form_free(&s.form);
		pdf_doc_free(&s.result);
		pdf_doc_free(&s.doc);
		buffer_free(&s.text.bytes);
		s.text.bytes = s.file;
		s.file = BUFFER_EMPTY;
		pdf_sign_place_free(&s.place);
	}
	forget(&s);
}

/* Earlier revisions keep their ends, else an earlier signature would no longer cover one. */
/* A signed document that refers to objects it does not have must not be given them by the next signature. */
static void a_number_that_a_signed_document_waits_for_is_not_taken(void **state)
{
	static const struct {
		const char *value;
		bool clear;
	} rows[] = {
		{ "", false },
		{ "/V<</Type/Sig/ByteRange[0 1 2 3]>>", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct signing s = { 0 };
		char field[200];

		(void)snprintf(field, sizeof(field), "<</FT/Sig/T(Lama)%s>>", rows[i].value);
		pdftext_begin(&s.text);
		pdftext_basics(&s.text, "/AcroForm<</Fields[4 0 R]>>", "/Waits[6 0 R 9 0 R]");
		pdftext_object(&s.text, 4, field);
		pdftext_table(&s.text, ROOT);
		assert_int_equal(sign(&s, NULL), BE_OK);
		read_result(&s);
		assert_int_equal(pdf_form_find(s.form, s.place.field)->value_number > 9, rows[i].clear);
		forget(&s);
	}
}

static void a_startxref_on_blanks_stays_the_end_of_its_revision(void **state)
{
	struct signing s = { .rc = BE_OK };
	uint64_t end;

	(void)state;
	pdftext_begin(&s.text);
	pdftext_basics(&s.text, "", "");
	pdftext_table(&s.text, ROOT);
	s.text.bytes.len -= strlen("startxref\n123\n%%EOF\n");
	pdftext_tail(&s.text, s.text.startxref - 1);
	end = s.text.bytes.len - 1;
	assert_int_equal(sign(&s, NULL), BE_OK);
	read_result(&s);
	assert_int_equal(pdf_doc_xref(s.result)->revisions[1].end, end);
	forget(&s);
}

/* ---- the signature dictionary ---- */

static void assert_string(const struct pdf_obj *dict, const char *key, const char *expected)
{
	const struct pdf_obj *string = pdf_get(dict, key);
	struct buffer b = BUFFER_EMPTY;

	if (expected == NULL) {
		assert_null(string);
		return;
	}
	assert_non_null(string);
	pdf_string_utf8(&b, string);
	buffer_add_byte(&b, '\0');
	assert_string_equal((const char *)b.data, expected);
	buffer_free(&b);
}

static void the_signature_says_what_was_asked_for(void **state)
{
	static const struct pdf_sign_request requests[] = {
		{ .sub_filter = "adbe.pkcs7.detached", .contents_size = 1 },
		{ .sub_filter = "ETSI.CAdES.detached",
			.name = "Sari Contoh",
			.reason = "Persetujuan (akhir)",
			.location = "Caf\xC3\xA9",
			.contact = "sari@example.org",
			.time = 1780000000,
			.contents_size = 20000 },
		{ .sub_filter = "ETSI.CAdES.detached", .name = "", .reason = ")>>\nendobj", .contents_size = 8192 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(requests); i++) {
		struct signing s = { .rc = BE_OK };
		const struct pdf_obj *value;

		put_document(&s.text, 0, TABLE);
		assert_int_equal(sign_with(&s, &requests[i]), BE_OK);
		assert_int_equal(s.place.contents_size, requests[i].contents_size);
		read_result(&s);
		value = s.form->fields[0].value;
		assert_true(pdf_name_is(pdf_get(value, "Type"), "Sig"));
		assert_true(pdf_name_is(pdf_get(value, "Filter"), "Adobe.PPKLite"));
		assert_true(pdf_name_is(pdf_get(value, "SubFilter"), requests[i].sub_filter));
		assert_string(
			value, "Name", requests[i].name != NULL && *requests[i].name != '\0' ? requests[i].name : NULL);
		assert_string(value, "Reason", requests[i].reason);
		assert_string(value, "Location", requests[i].location);
		assert_string(value, "ContactInfo", requests[i].contact);
		assert_non_null(pdf_get(value, "M"));
		assert_false(pdf_dict_duplicates(value));
		forget(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_new_field_finds_its_way_into_form_and_page),
		cmocka_unit_test(a_document_without_a_page_object_is_signed_without_one),
		cmocka_unit_test(a_new_field_gets_a_name_that_nobody_has),
		cmocka_unit_test(an_existing_field_is_signed_or_refused),
		cmocka_unit_test(a_field_name_must_fit),
		cmocka_unit_test(what_must_not_be_changed_is_refused),
		cmocka_unit_test(a_locked_field_is_refused),
		cmocka_unit_test(generations_and_identity_stay),
		cmocka_unit_test(one_document_can_be_signed_again_and_again),
		cmocka_unit_test(a_number_that_a_signed_document_waits_for_is_not_taken),
		cmocka_unit_test(a_startxref_on_blanks_stays_the_end_of_its_revision),
		cmocka_unit_test(the_signature_says_what_was_asked_for),
	};

	return cmocka_run_group_tests_name("pdf signature fields", tests, NULL, NULL);
}
