/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pdf/permissions.h"
#include "support/pdf_text.h"

#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))
#define ROOT "/Root 1 0 R"
#define DOCMDP(p) "<</Reference[<</TransformMethod/DocMDP/TransformParams<<" p ">>>>]>>"
#define OBJECTS 6

/* Objects 4 to 9 of a document whose /AcroForm is 4. */
struct document {
	struct pdftext text;
	struct pdf_doc *doc;
	struct pdf_form *form;
	enum be_err rc;
};

static struct document make(const char *catalogue, const char *const objects[OBJECTS])
{
	struct document d = { .form = NULL };

	pdftext_begin(&d.text);
	pdftext_basics(&d.text, catalogue, "");
	for (uint32_t i = 0; i < OBJECTS && objects[i] != NULL; i++)
		pdftext_object(&d.text, 4 + i, objects[i]);
	pdftext_table(&d.text, ROOT);
	d.doc = pdftext_open(&d.text);
	d.rc = pdf_form_read(&d.form, d.doc, 0, NULL);
	assert_int_equal(d.rc == BE_OK, d.form != NULL);
	return d;
}

static void forget(struct document *d)
{
	pdf_form_free(&d->form);
	pdf_doc_free(&d->doc);
	pdftext_free(&d->text);
}

/* ---- which fields there are ---- */

/* clang-format off */
static const struct {
	const char *what, *objects[OBJECTS];
	const char *names; /* of the signature fields, each followed by a space and + when it is signed */
	bool broken;
} forms[] = {
	{ "no fields", { "<<>>" }, "", false },
	{ "fields that are null", { "<</Fields null>>" }, "", false },
	{ "an empty field", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)>>" }, "A ", false },
	{ "a signed field", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/V<</Type/Sig>>>>" }, "A+ ", false },
	{ "a value elsewhere", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/V 6 0 R>>", "<</Type/Sig>>" }, "A+ ", false },
	{ "a value that is null", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/V null>>" }, "A ", false },
	{ "a value that leads nowhere", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/V 99 0 R>>" }, "A ", false },
	{ "fields elsewhere", { "<</Fields 6 0 R>>", "<</FT/Sig/T(A)>>", "[5 0 R]" }, "A ", false },
	{ "a field that is no object", { "<</Fields[<</FT/Sig/T(A)>>]>>" }, "A ", false },
	{ "other fields", { "<</Fields[5 0 R 6 0 R]>>", "<</FT/Tx/T(A)>>", "<</FT/Sig/T(B)>>" }, "B ", false },
	{ "a type elsewhere", { "<</Fields[5 0 R]>>", "<</FT 6 0 R/T(A)>>", "/Sig" }, "A ", false },
	{ "an escaped type", { "<</Fields[5 0 R]>>", "<</FT/S#69g/T(A)>>" }, "A ", false },
	{ "type and value inherited",
		{ "<</Fields[5 0 R]>>", "<</FT/Sig/V<<>>/T(A)/Kids[6 0 R]>>", "<</T(B)>>" }, "A.B+ ", false },
	{ "type inherited and changed", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/Kids[6 0 R 7 0 R]>>", "<</T(B)/FT/Tx>>",
		"<</T(C)>>" }, "A.C ", false },
	{ "widgets of one field", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/Kids[6 0 R 7 0 R]>>", "<</Subtype/Widget>>",
		"<</Subtype/Widget>>" }, "A ", false },
	{ "three levels, one without name", { "<</Fields[5 0 R]>>", "<</T(A)/FT/Sig/Kids[6 0 R]>>", "<</Kids[7 0 R]>>",
		"<</T(C)/V<<>>>>" }, "A.C+ ", false },
	{ "no name at all", { "<</Fields[5 0 R]>>", "<</FT/Sig>>" }, " ", false },
	{ "UTF-16", { "<</Fields[5 0 R]>>", "<</FT/Sig/T<FEFF00C9>>>" }, "\xC3\x89 ", false },
	{ "a zero in a name", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A\\000B)>>" }, "A?B ", false },
	{ "a name that is no string", { "<</Fields[5 0 R]>>", "<</FT/Sig/T/A>>" }, " ", false },
	{ "two of one name",
		{ "<</Fields[5 0 R 6 0 R]>>", "<</FT/Sig/T(A)>>", "<</FT/Sig/T(A)/V<<>>>>" }, "A A+ ", false },
	{ "no form", { "[]" }, "", true },
	{ "fields that are no array", { "<</Fields 5>>" }, "", true },
	{ "fields that are a field", { "<</Fields<</FT/Sig/T(A)>>>>" }, "", true },
	{ "a field that is none", { "<</Fields[5 0 R 6 0 R]>>", "(x)", "<</FT/Sig/T(A)>>" }, "A ", true },
	{ "a field that leads nowhere", { "<</Fields[99 0 R 5 0 R]>>", "<</FT/Sig/T(A)>>" }, "A ", true },
	{ "a kid that is none", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/Kids[1]>>" }, "A ", true },
	{ "a field under itself", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/Kids[5 0 R]>>" }, "", true },
	{ "a circle", { "<</Fields[5 0 R]>>", "<</FT/Sig/T(A)/Kids[6 0 R]>>", "<</T(B)/Kids[5 0 R]>>" }, "", true },
};
/* clang-format on */

static void signature_fields_are_found_by_their_full_names(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(forms); i++) {
		struct document d = make("/AcroForm 4 0 R", forms[i].objects);
		struct buffer names = BUFFER_EMPTY;

		assert_int_equal(d.rc, BE_OK);
		for (size_t k = 0; k < d.form->count; k++)
			buffer_printf(
				&names, "%s%s ", d.form->fields[k].name, d.form->fields[k].value != NULL ? "+" : "");
		buffer_add_byte(&names, '\0');
		if (strcmp((const char *)names.data, forms[i].names) != 0 || d.form->broken != forms[i].broken)
			fail_msg("%s: %s", forms[i].what, (const char *)names.data);
		buffer_free(&names);
		forget(&d);
	}
}

static void a_document_without_form_has_no_fields(void **state)
{
	static const char *const catalogues[] = { "", "/AcroForm null", "/AcroForm 99 0 R" };
	static const char *const none[OBJECTS] = { NULL };

	(void)state;
	for (size_t i = 0; i < COUNT(catalogues); i++) {
		struct document d = make(catalogues[i], none);

		assert_null(d.form->dict);
		assert_int_equal(d.form->count, 0);
		assert_false(d.form->broken);
		assert_null(pdf_form_find(d.form, ""));
		forget(&d);
	}
}

static void a_field_says_where_it_and_its_value_stand(void **state)
{
	static const char *const objects[OBJECTS] = { "<</Fields[5 0 R 8 0 R]>>",
		"<</FT/Sig/T(A)/V 6 0 R/Kids[7 0 R]>>", "<</Type/Sig>>", "<</T(B)>>", "<</FT/Sig/T(C)/V<<>>>>" };
	struct document d = make("/AcroForm 4 0 R", objects);
	const struct pdf_field *inherited = pdf_form_find(d.form, "A.B");
	const struct pdf_field *direct = pdf_form_find(d.form, "C");

	(void)state;
	assert_int_equal(d.form->number, 4);
	assert_non_null(inherited);
	assert_int_equal(inherited->number, 7);
	assert_int_equal(inherited->value_number, 6);
	assert_true(inherited->value_inherited);
	assert_true(pdf_name_is(pdf_get(inherited->value, "Type"), "Sig"));
	assert_non_null(direct);
	assert_int_equal(direct->value_number, 0);
	assert_false(direct->value_inherited);
	assert_null(pdf_form_find(d.form, "A"));
	assert_null(pdf_form_find(d.form, "B"));
	assert_int_equal(d.form->top_count, 2);
	assert_string_equal(d.form->top_names[0], "A");
	assert_string_equal(d.form->top_names[1], "C");
	assert_false(d.form->value_elsewhere);
	forget(&d);
}

static void a_signature_in_a_field_of_another_type_is_noted(void **state)
{
	static const struct {
		const char *field;
		bool noted;
	} cases[] = {
		{ "<</FT/Tx/T(A)/V<</Type/Sig>>>>", true },
		{ "<</T(A)/V<</ByteRange[0 1 2 3]>>>>", true },
		{ "<</FT/Tx/T(A)/V(Sig)>>", false },
		{ "<</FT/Sig/T(A)/V<</Type/Sig>>>>", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const objects[OBJECTS] = { "<</Fields[5 0 R]>>", cases[i].field };
		struct document d = make("/AcroForm 4 0 R", objects);

		assert_int_equal(d.form->value_elsewhere, cases[i].noted);
		forget(&d);
	}
}

static void a_field_is_visible_when_one_of_its_widgets_has_an_area(void **state)
{
	static const struct {
		const char *field, *kid;
		bool visible;
	} cases[] = {
		{ "<</FT/Sig/T(A)/Rect[0 0 0 0]>>", "null", false },
		{ "<</FT/Sig/T(A)/Rect[10 10 10 10]>>", "null", false },
		{ "<</FT/Sig/T(A)/Rect[10 10 20 20]>>", "null", true },
		{ "<</FT/Sig/T(A)/Rect[20 20 10 10]>>", "null", true },
		{ "<</FT/Sig/T(A)/Rect[0 0 .5 0]>>", "null", true },
		{ "<</FT/Sig/T(A)/Rect[0 0 0]>>", "null", true },
		{ "<</FT/Sig/T(A)>>", "null", false },
		{ "<</FT/Sig/T(A)/Kids[6 0 R]>>", "<</Rect[0 0 0 0]>>", false },
		{ "<</FT/Sig/T(A)/Kids[6 0 R]>>", "<</Rect[0 0 9 9]>>", true },
		{ "<</FT/Sig/T(A)/Rect 6 0 R>>", "[0 0 9 9]", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++) {
		const char *const objects[OBJECTS] = { "<</Fields[5 0 R]>>", cases[i].field, cases[i].kid };
		struct document d = make("/AcroForm 4 0 R", objects);

		if (d.form->fields[0].visible != cases[i].visible)
			fail_msg("%s %s", cases[i].field, cases[i].kid);
		forget(&d);
	}
}

/* ---- bounds ---- */

/* Fields one below the other, from object 5 on. */
static struct document nest(unsigned levels)
{
	struct document d = { .form = NULL };

	pdftext_begin(&d.text);
	pdftext_basics(&d.text, "/AcroForm 4 0 R", "");
	pdftext_object(&d.text, 4, "<</Fields[5 0 R]>>");
	for (unsigned i = 0; i < levels; i++) {
		char body[80];

		(void)snprintf(
			body, sizeof(body), i + 1 < levels ? "<</FT/Sig/T(A)/Kids[%u 0 R]>>" : "<</T(B%u)>>", 6 + i);
		pdftext_object(&d.text, 5 + i, body);
	}
	pdftext_table(&d.text, ROOT);
	d.doc = pdftext_open(&d.text);
	d.rc = pdf_form_read(&d.form, d.doc, 0, NULL);
	return d;
}

static void fields_nest_to_a_limit(void **state)
{
	struct document d = nest(PDF_FIELD_DEPTH_MAX);

	(void)state;
	assert_int_equal(d.form->count, 1);
	assert_false(d.form->broken);
	forget(&d);
	d = nest(PDF_FIELD_DEPTH_MAX + 1);
	assert_int_equal(d.form->count, 0);
	assert_true(d.form->broken);
	forget(&d);
}

static enum be_err read_fields(unsigned count, const char *field, const char *kids)
{
	struct document d = { .form = NULL };
	struct buffer fields = BUFFER_EMPTY;
	enum be_err rc;

	buffer_add_str(&fields, "<</Fields[");
	for (unsigned i = 0; i < count; i++)
		buffer_add_str(&fields, "5 0 R ");
	buffer_add(&fields, "]>>", 4);
	pdftext_begin(&d.text);
	pdftext_basics(&d.text, "/AcroForm 4 0 R", "");
	pdftext_object(&d.text, 4, (const char *)fields.data);
	pdftext_object(&d.text, 5, field);
	pdftext_object(&d.text, 6, kids);
	pdftext_table(&d.text, ROOT);
	d.doc = pdftext_open(&d.text);
	d.rc = pdf_form_read(&d.form, d.doc, 0, NULL);
	rc = d.rc;
	buffer_free(&fields);
	forget(&d);
	return rc;
}

/* A small file may name the same things over and over. */
static void the_work_that_a_form_makes_is_bounded(void **state)
{
	struct buffer widgets = BUFFER_EMPTY;
	struct buffer name = BUFFER_EMPTY;

	(void)state;
	assert_int_equal(read_fields(PDF_FIELDS_MAX, "<</FT/Tx/T(A)>>", "null"), BE_OK);
	assert_int_equal(read_fields(PDF_FIELDS_MAX + 1, "<</FT/Tx/T(A)>>", "null"), BE_LIMIT);

	buffer_add_byte(&widgets, '[');
	for (unsigned i = 0; i < 2000; i++)
		buffer_add_str(&widgets, "<<>>");
	buffer_add(&widgets, "]", 2);
	assert_int_equal(read_fields(10, "<</FT/Sig/T(A)/Kids 6 0 R>>", (const char *)widgets.data), BE_OK);
	assert_int_equal(read_fields(1000, "<</FT/Sig/T(A)/Kids 6 0 R>>", (const char *)widgets.data), BE_LIMIT);
	buffer_free(&widgets);

	buffer_add_byte(&name, '(');
	buffer_add_fill(&name, 'x', 100000);
	buffer_add(&name, ")", 2);
	assert_int_equal(read_fields(10, "<</FT/Sig/T 6 0 R>>", (const char *)name.data), BE_OK);
	assert_int_equal(read_fields(400, "<</FT/Sig/T 6 0 R>>", (const char *)name.data), BE_LIMIT);
	buffer_free(&name);
}

/* ---- what signers allow ---- */

/* clang-format off */
static const struct {
	const char *what, *perms, *field, *signature;
	int docmdp;
	bool forbidden;
} permissions[] = {
	{ "nothing said", "", "null", "null", 0, false },
	{ "P 1", "/Perms<</DocMDP 6 0 R>>", "null", DOCMDP("/P 1"), 1, true },
	{ "P 2", "/Perms<</DocMDP 6 0 R>>", "null", DOCMDP("/P 2"), 2, false },
	{ "P 3", "/Perms<</DocMDP 6 0 R>>", "null", DOCMDP("/P 3"), 3, false },
	{ "no P", "/Perms<</DocMDP 6 0 R>>", "null", DOCMDP(""), 2, false },
	{ "P 7", "/Perms<</DocMDP 6 0 R>>", "null", DOCMDP("/P 7"), 2, false },
	{ "P 1 in the second reference", "/Perms<</DocMDP 6 0 R>>", "null",
		"<</Reference[<</TransformMethod/FieldMDP>>"
		"<</TransformMethod/DocMDP/TransformParams<</P 1>>>>]>>", 1, true },
	{ "no reference", "/Perms<</DocMDP 6 0 R>>", "null", "<<>>", 2, false },
	{ "another transform", "/Perms<</DocMDP 6 0 R>>", "null", "<</Reference[<</TransformMethod/UR3>>]>>", 2,
		false },
	{ "a signature that is gone", "/Perms<</DocMDP 6 0 R>>", "null", "null", 0, false },
	{ "usage rights only", "/Perms<</UR3 6 0 R>>", "null", "<<>>", 0, false },
	{ "a lock of a signed field", "", "<</FT/Sig/T(A)/V 6 0 R/Lock<</P 1>>>>", "<<>>", 0, true },
	{ "a lock that allows filling in", "", "<</FT/Sig/T(A)/V 6 0 R/Lock<</P 2>>>>", "<<>>", 0, false },
	{ "a lock of fields", "", "<</FT/Sig/T(A)/V 6 0 R/Lock<</Action/All>>>>", "<<>>", 0, false },
	{ "a lock of an empty field", "", "<</FT/Sig/T(A)/Lock<</P 1>>>>", "<<>>", 0, false },
};
/* clang-format on */

static void certification_and_locks_say_what_is_allowed(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(permissions); i++) {
		const char *const objects[OBJECTS] = { "<</Fields[5 0 R]>>", permissions[i].field,
			permissions[i].signature };
		char catalogue[80];
		struct document d;
		bool forbidden = false;
		int docmdp = -1;

		(void)snprintf(catalogue, sizeof(catalogue), "/AcroForm 4 0 R %s", permissions[i].perms);
		d = make(catalogue, objects);
		assert_int_equal(d.rc, BE_OK);
		assert_int_equal(pdf_document_docmdp(d.doc, 0, &docmdp, NULL), BE_OK);
		assert_int_equal(pdf_no_changes_allowed(d.doc, 0, d.form, &forbidden, NULL), BE_OK);
		if (docmdp != permissions[i].docmdp || forbidden != permissions[i].forbidden)
			fail_msg("%s: %d", permissions[i].what, docmdp);
		forget(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signature_fields_are_found_by_their_full_names),
		cmocka_unit_test(a_document_without_form_has_no_fields),
		cmocka_unit_test(a_field_says_where_it_and_its_value_stand),
		cmocka_unit_test(a_signature_in_a_field_of_another_type_is_noted),
		cmocka_unit_test(a_field_is_visible_when_one_of_its_widgets_has_an_area),
		cmocka_unit_test(fields_nest_to_a_limit),
		cmocka_unit_test(the_work_that_a_form_makes_is_bounded),
		cmocka_unit_test(certification_and_locks_say_what_is_allowed),
	};

	return cmocka_run_group_tests_name("pdf forms", tests, NULL, NULL);
}
