/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/appearance.h"

#include "pdf/form.h"
#include "pdf/sign_field.h"
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
#define CONTENT "0 1 0 rg 0 0 160 60 re f"
#define FONT "<</Type/Font/Subtype/Type0/BaseFont/A/DescendantFonts[8 0 R]>>"

/* ---- what can be an appearance ---- */

/* A page of 160 x 60 as a drawing library makes it; each row says how it differs. */
/* clang-format off */
static const struct {
	const char *what, *catalogue, *page, *resources, *content, *object; /* object 8 */
	enum be_err expected;
} drawings[] = {
	{ "plain", "", "", "", "", NULL, BE_OK },
	{ "a group", "", "/Group<</Type/Group/S/Transparency/I true>>", "", "", NULL, BE_OK },
	{ "a font", "", "", "/Font<</F 7 0 R>>", "", "<</Type/Font/Subtype/CIDFontType2>>", BE_OK },
	{ "a circle", "", "", "/XObject<</X 8 0 R>>", "", "[8 0 R [8 0 R]]", BE_OK },
	{ "a reference that leads nowhere", "", "", "/XObject<</X 99 0 R>>", "", NULL, BE_OK },
	{ "an empty list of annotations", "", "/Annots[]", "", "", NULL, BE_OK },
	{ "an annotation", "", "/Annots[8 0 R]", "", "", "<</Subtype/Link>>", BE_BAD_APPEARANCE },
	{ "an action when it is opened", "/OpenAction 8 0 R", "", "", "", "<</S/JavaScript>>", BE_BAD_APPEARANCE },
	{ "additional actions", "/AA<</WC 8 0 R>>", "", "", "", NULL, BE_BAD_APPEARANCE },
	{ "additional actions of the page", "", "/AA<</O 8 0 R>>", "", "", NULL, BE_BAD_APPEARANCE },
	{ "names", "/Names<</JavaScript 8 0 R>>", "", "", "", NULL, BE_BAD_APPEARANCE },
	{ "a form", "/AcroForm<</Fields[]>>", "", "", "", NULL, BE_BAD_APPEARANCE },
	{ "a script below the resources", "", "", "/Properties<</P 8 0 R>>", "", "<</A<</JS(app.alert)>>>>",
		BE_BAD_APPEARANCE },
	{ "an action below the resources", "", "", "/Properties<</P 8 0 R>>", "", "<</Type/Action/S/URI>>",
		BE_BAD_APPEARANCE },
	{ "a page below the resources", "", "", "/Properties<</P 3 0 R>>", "", NULL, BE_BAD_APPEARANCE },
	{ "the tree of pages below the resources", "", "", "/Properties<</P 2 0 R>>", "", NULL, BE_BAD_APPEARANCE },
	{ "content in another file", "", "", "", "/F(other.bin)", NULL, BE_BAD_APPEARANCE },
	{ "a filter of another file", "", "", "", "/FFilter/FlateDecode", NULL, BE_BAD_APPEARANCE },
	{ "a picture of another document", "", "", "/XObject<</X 8 0 R>>", "", "<</Ref<</F(other.pdf)/Page 0>>>>",
		BE_BAD_APPEARANCE },
	{ "a file of its own", "", "", "/Properties<</P 8 0 R>>", "", "<</Type/Filespec/F(a)>>", BE_BAD_APPEARANCE },
	{ "a key that stands twice", "", "", "/Font<</F 7 0 R/F 8 0 R>>", "", NULL, BE_BAD_APPEARANCE },
	{ "a turned page", "", "/Rotate 90", "", "", NULL, BE_BAD_APPEARANCE },
	{ "a page of larger units", "", "/UserUnit 2", "", "", NULL, BE_BAD_APPEARANCE },
	{ "an object that cannot be read", "", "", "/XObject<</X 8 0 R>>", "", "<</A", BE_BAD_APPEARANCE },
};
/* clang-format on */

static void write_drawing(struct pdftext *t, size_t i, bool packed)
{
	char text[3][300];

	(void)snprintf(text[0], sizeof(text[0]), "<</Type/Catalog/Pages 2 0 R%s>>", drawings[i].catalogue);
	(void)snprintf(text[1], sizeof(text[1]),
		"<</Type/Page %% 1\n/Parent 2 0 R/MediaBox[0 0 160 60]/Contents 4 0 R/Resources 6 0 R%s>>",
		drawings[i].page);
	(void)snprintf(text[2], sizeof(text[2]), "<<%s>>", drawings[i].resources);
	pdftext_begin(t);
	pdftext_object(t, 1, text[0]);
	pdftext_object(t, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pdftext_object(t, 3, text[1]);
	pdftext_stream(t, 4, drawings[i].content, CONTENT, strlen(CONTENT));
	if (packed)
		pdftext_pack(t, 6, text[2]);
	else
		pdftext_object(t, 6, text[2]);
	pdftext_object(t, 7, FONT);
	if (drawings[i].object != NULL)
		pdftext_object(t, 8, drawings[i].object);
	if (packed) {
		pdftext_packed(t, 9);
		pdftext_xref_stream(t, 10, ROOT);
	} else {
		pdftext_table(t, ROOT);
	}
}

static struct pdf_appearance *open_drawing(size_t i, enum be_err *rc, struct be_error *err)
{
	struct pdf_appearance *appearance = NULL;
	struct pdftext t;

	write_drawing(&t, i, false);
	*rc = pdf_appearance_open(&appearance, t.bytes.data, t.bytes.len, err);
	pdftext_free(&t);
	return appearance;
}

static void a_drawing_is_taken_and_what_does_more_than_show_itself_is_not(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * COUNT(drawings); i++) {
		struct pdf_appearance *appearance = NULL;
		struct be_error err = { .code = BE_OK };
		struct pdftext t;
		enum be_err rc;

		write_drawing(&t, i / 2, i % 2 == 1);
		rc = pdf_appearance_open(&appearance, t.bytes.data, t.bytes.len, &err);
		if (rc != drawings[i / 2].expected)
			fail_msg("%s: %s (%s)", drawings[i / 2].what, be_err_word(rc), err.detail);
		assert_true((appearance != NULL) == (rc == BE_OK));
		pdf_appearance_free(&appearance);
		pdftext_free(&t);
	}
}

static void only_one_page_is_taken(void **state)
{
	static const char *const trees[] = { "<</Type/Pages/Kids[]/Count 0>>",
		"<</Type/Pages/Kids[3 0 R 5 0 R]/Count 2>>", "<</Type/Pages/Kids[3 0 R 5 0 R]/Count 1>>" };

	(void)state;
	for (size_t i = 0; i < COUNT(trees); i++) {
		struct pdf_appearance *appearance = NULL;
		struct pdftext t;

		pdftext_begin(&t);
		pdftext_object(&t, 1, "<</Type/Catalog/Pages 2 0 R>>");
		pdftext_object(&t, 2, trees[i]);
		pdftext_object(&t, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 160 60]/Contents 4 0 R>>");
		pdftext_stream(&t, 4, "", CONTENT, strlen(CONTENT));
		pdftext_object(&t, 5, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 160 60]/Contents 4 0 R>>");
		pdftext_table(&t, ROOT);
		assert_int_equal(pdf_appearance_open(&appearance, t.bytes.data, t.bytes.len, NULL), BE_BAD_APPEARANCE);
		assert_null(appearance);
		pdftext_free(&t);
	}
	assert_int_equal(pdf_appearance_open(&(struct pdf_appearance *){ NULL }, "no PDF", 6, NULL), BE_BAD_APPEARANCE);
}

static void too_many_objects_are_refused(void **state)
{
	struct pdf_appearance *appearance = NULL;
	struct buffer list = BUFFER_EMPTY;
	struct pdftext t;

	(void)state;
	buffer_add_str(&list, "<</ColorSpace<</C[");
	for (uint32_t i = 0; i < PDF_APPEARANCE_OBJECTS_MAX + 1; i++)
		buffer_printf(&list, "%u 0 R ", 100 + i);
	buffer_add(&list, "]>>>>", 6);
	pdftext_begin(&t);
	pdftext_object(&t, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pdftext_object(&t, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pdftext_object(&t, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R/Resources 6 0 R>>");
	pdftext_stream(&t, 4, "", CONTENT, strlen(CONTENT));
	pdftext_object(&t, 6, (const char *)list.data);
	pdftext_table(&t, ROOT);
	assert_int_equal(pdf_appearance_open(&appearance, t.bytes.data, t.bytes.len, NULL), BE_BAD_APPEARANCE);
	pdftext_free(&t);
	buffer_free(&list);
}

/* ---- in a document ---- */

/* A document, its signature's place, and the file that both make. */
struct signing {
	struct pdftext text;
	struct pdf_doc *doc;
	struct pdf_sign_place place;
	struct buffer file;
	struct pdf_doc *result;
	struct be_error err;
};

static enum be_err sign(
	struct signing *s, const struct pdf_appearance *appearance, const char *field, const struct pdf_sign_spot *spot)
{
	struct pdf_sign_request request = { .field = field,
		.appearance = appearance,
		.sub_filter = "ETSI.CAdES.detached",
		.time = 1780000000,
		.contents_size = 100 };
	enum be_err rc;

	if (spot != NULL)
		request.spot = *spot;
	s->doc = pdftext_open(&s->text);
	rc = pdf_sign_place_make(&s->place, s->doc, &request, &s->err);
	if (rc != BE_OK)
		return rc;
	buffer_add(&s->file, s->text.bytes.data, s->text.bytes.len);
	buffer_add(&s->file, s->place.tail.data, s->place.tail.len);
	assert_int_equal(pdf_doc_open(&s->result, (struct pdf_bytes){ s->file.data, s->file.len }, NULL), BE_OK);
	return BE_OK;
}

static void forget(struct signing *s)
{
	pdf_doc_free(&s->result);
	pdf_sign_place_free(&s->place);
	pdf_doc_free(&s->doc);
	buffer_free(&s->file);
	pdftext_free(&s->text);
	memset(s, 0, sizeof(*s));
}

static const struct pdf_obj *get(const struct signing *s, const struct pdf_obj *dict, const char *key)
{
	const struct pdf_obj *value = NULL;

	assert_int_equal(pdf_doc_get(s->result, 0, dict, key, &value, NULL), BE_OK);
	return value;
}

static const struct pdf_obj *object_of(const struct signing *s, uint32_t number)
{
	const struct pdf_obj *obj = NULL;

	assert_int_equal(pdf_doc_object(s->result, 0, number, &obj, NULL), BE_OK);
	return obj;
}

static void assert_text(const struct pdf_obj *value, const char *text)
{
	assert_int_equal(value->size, strlen(text));
	assert_memory_equal(value->text, text, value->size);
}

static void assert_array(const struct pdf_obj *array, const double *numbers, size_t count)
{
	assert_int_equal(array->type, PDF_ARRAY);
	assert_int_equal(array->count, count);
	for (size_t i = 0; i < count; i++) {
		const struct pdf_obj *item = &array->u.items[i];
		const double value = item->type == PDF_INT ? (double)item->u.integer : item->u.real;

		if (!(value > numbers[i] - 0.001 && value < numbers[i] + 0.001))
			fail_msg("%.*s", (int)array->size, (const char *)array->text);
	}
}

static void what_the_page_leads_to_comes_along_and_nothing_else(void **state)
{
	const struct pdf_sign_spot spot = { 1, { 10, 20, 160, 60 } };
	struct signing s = { .place = { .tail = BUFFER_EMPTY } };
	struct pdf_appearance *appearance;
	const struct pdf_obj *page, *widget, *form, *font;
	const uint8_t *data;
	uint32_t before;
	enum be_err rc;
	size_t len;

	(void)state;
	appearance = open_drawing(2, &rc, NULL);
	assert_int_equal(rc, BE_OK);
	pdftext_begin(&s.text);
	pdftext_basics(&s.text, "", "/MediaBox[0 0 300 200]");
	pdftext_table(&s.text, ROOT);
	assert_int_equal(sign(&s, appearance, NULL, &spot), BE_OK);
	pdf_appearance_free(&appearance);
	before = (uint32_t)pdf_xref_next_number(pdf_doc_xref(s.doc));
	/* Form, font and the font below it; signature, field, form dictionary: the resources stand in the form itself
	 * or as one object more, and the page, its tree and its catalogue stay behind. */
	assert_in_range(pdf_xref_next_number(pdf_doc_xref(s.result)) - before, 6, 7);
	page = object_of(&s, 3);
	widget = get(&s, page, "Annots");
	assert_int_equal(widget->count, 1);
	assert_int_equal(pdf_doc_resolve(s.result, 0, &widget->u.items[0], &widget, NULL), BE_OK);
	assert_int_equal(pdf_get(widget, "F")->u.integer, 132);
	assert_int_equal(pdf_get(widget, "P")->u.ref.number, 3);
	assert_array(pdf_get(widget, "Rect"), (const double[]){ 10, 120, 170, 180 }, 4);
	form = get(&s, get(&s, widget, "AP"), "N");
	assert_int_equal(form->type, PDF_STREAM);
	assert_true(pdf_name_is(pdf_get(form, "Type"), "XObject") && pdf_name_is(pdf_get(form, "Subtype"), "Form"));
	assert_array(pdf_get(form, "BBox"), (const double[]){ 0, 0, 160, 60 }, 4);
	assert_array(pdf_get(form, "Matrix"), (const double[]){ 1, 0, 0, 1, 0, 0 }, 6);
	assert_int_equal(pdf_doc_stream_data(s.result, 0, form, &data, &len, NULL), BE_OK);
	assert_int_equal(len, strlen(CONTENT));
	assert_memory_equal(data, CONTENT, len);
	font = get(&s, get(&s, get(&s, form, "Resources"), "Font"), "F");
	assert_text(pdf_get(font, "BaseFont"), "/A");
	font = get(&s, font, "DescendantFonts");
	assert_int_equal(pdf_doc_resolve(s.result, 0, &font->u.items[0], &font, NULL), BE_OK);
	assert_text(font, "<</Type/Font/Subtype/CIDFontType2>>");
	forget(&s);
}

/* The matrix takes the box to one of the rectangle's size that begins at 0, 0, so that 12.5.5 only has to move it. */
static const struct {
	const char *what, *page;
	double shown[4], rect[4], box[4], matrix[6];
} placed[] = {
	{ "its own size", "", { 0, 0, 160, 60 }, { 0, 340, 160, 400 }, { 0, 0, 160, 60 }, { 1, 0, 0, 1, 0, 0 } },
	{ "half its size", "", { 0, 0, 80, 30 }, { 0, 370, 80, 400 }, { 0, 0, 160, 60 }, { .5, 0, 0, .5, 0, 0 } },
	{ "turned right", "/Rotate 90", { 0, 0, 160, 60 }, { 0, 0, 60, 160 }, { 0, 0, 160, 60 },
		{ 0, 1, -1, 0, 60, 0 } },
	{ "upside down", "/Rotate 180", { 0, 0, 160, 60 }, { 140, 0, 300, 60 }, { 0, 0, 160, 60 },
		{ -1, 0, 0, -1, 160, 60 } },
	{ "turned left", "/Rotate 270", { 0, 0, 160, 60 }, { 240, 240, 300, 400 }, { 0, 0, 160, 60 },
		{ 0, -1, 1, 0, 0, 160 } },
	{ "a place that is too wide", "", { 0, 0, 240, 60 }, { 0, 340, 240, 400 }, { -40, 0, 200, 60 },
		{ 1, 0, 0, 1, 40, 0 } },
	{ "a place that is too high", "", { 0, 0, 160, 80 }, { 0, 320, 160, 400 }, { 0, -10, 160, 70 },
		{ 1, 0, 0, 1, 0, 10 } },
	{ "a place that is too high, turned right", "/Rotate 90", { 0, 0, 160, 80 }, { 0, 0, 80, 160 },
		{ 0, -10, 160, 70 }, { 0, 1, -1, 0, 70, 0 } },
};

static void an_appearance_fills_its_place_upright_and_keeps_its_proportion(void **state)
{
	struct pdf_appearance *appearance;
	enum be_err rc;

	(void)state;
	appearance = open_drawing(0, &rc, NULL);
	for (size_t i = 0; i < COUNT(placed); i++) {
		struct pdf_sign_spot spot = { PDF_PAGE_LAST, { 0 } };
		struct signing s = { .place = { .tail = BUFFER_EMPTY } };
		const struct pdf_obj *widget, *form;
		char page[100];

		memcpy(spot.rect, placed[i].shown, sizeof(spot.rect));
		(void)snprintf(page, sizeof(page), "/MediaBox[0 0 300 400]%s", placed[i].page);
		pdftext_begin(&s.text);
		pdftext_basics(&s.text, "", page);
		pdftext_table(&s.text, ROOT);
		if (sign(&s, appearance, NULL, &spot) != BE_OK)
			fail_msg("%s: %s", placed[i].what, s.err.msgid);
		widget = get(&s, object_of(&s, 3), "Annots");
		assert_int_equal(pdf_doc_resolve(s.result, 0, &widget->u.items[0], &widget, NULL), BE_OK);
		form = get(&s, get(&s, widget, "AP"), "N");
		assert_array(pdf_get(widget, "Rect"), placed[i].rect, 4);
		assert_array(pdf_get(form, "BBox"), placed[i].box, 4);
		assert_array(pdf_get(form, "Matrix"), placed[i].matrix, 6);
		forget(&s);
	}
	pdf_appearance_free(&appearance);
}

/* ---- in an existing field ---- */

#define FIELD(more) "<</Type/Annot/Subtype/Widget/FT/Sig/T(Tanda)/F 4/Rect[10 10 170 70]" more ">>"

/* clang-format off */
static const struct {
	const char *what, *page, *field, *kid, *second; /* objects 4, 5, 6 */
	enum be_err expected;
	uint32_t widget;
} fields[] = {
	{ "with its widget in it", "/Annots[4 0 R]", FIELD("/P 3 0 R"), NULL, NULL, BE_OK, 4 },
	{ "with an appearance already", "/Annots[4 0 R]", FIELD("/P 3 0 R/AP<</N 9 0 R/D 9 0 R>>"), NULL, NULL, BE_OK, 4 },
	{ "that does not name its page", "/Annots[4 0 R]", FIELD(""), NULL, NULL, BE_OK, 4 },
	{ "that names a page that is none", "/Annots[4 0 R]", FIELD("/P 9 0 R"), NULL, NULL, BE_OK, 4 },
	{ "with its widget as its kid", "/Annots[5 0 R]", "<</FT/Sig/T(Tanda)/Kids[5 0 R]>>",
		"<</Subtype/Widget/Parent 4 0 R/Rect[10 10 170 70]/P 3 0 R>>", NULL, BE_OK, 5 },
	{ "with a second widget that is not seen", "/Annots[5 0 R 6 0 R]", "<</FT/Sig/T(Tanda)/Kids[6 0 R 5 0 R]>>",
		"<</Subtype/Widget/Rect[10 10 170 70]/P 3 0 R>>", "<</Subtype/Widget/Rect[0 0 0 0]/P 3 0 R>>", BE_OK, 5 },
	{ "seen twice", "/Annots[5 0 R 6 0 R]", "<</FT/Sig/T(Tanda)/Kids[6 0 R 5 0 R]>>",
		"<</Subtype/Widget/Rect[10 10 170 70]/P 3 0 R>>", "<</Subtype/Widget/Rect[0 0 9 9]/P 3 0 R>>",
		BE_UNSUPPORTED, 0 },
	{ "without an area", "/Annots[4 0 R]", "<</FT/Sig/T(Tanda)/Subtype/Widget/Rect[9 9 9 50]/P 3 0 R>>", NULL, NULL,
		BE_UNSUPPORTED, 0 },
	{ "without a place", "/Annots[4 0 R]", "<</FT/Sig/T(Tanda)/Subtype/Widget/P 3 0 R>>", NULL, NULL,
		BE_UNSUPPORTED, 0 },
	{ "that is hidden", "/Annots[4 0 R]", "<</FT/Sig/T(Tanda)/Rect[10 10 170 70]/F 6/P 3 0 R>>", NULL, NULL,
		BE_UNSUPPORTED, 0 },
	{ "on no page", "", FIELD(""), NULL, NULL, BE_UNSUPPORTED, 0 },
	{ "whose kid is no object", "", "<</FT/Sig/T(Tanda)/Kids[<</Subtype/Widget/Rect[0 0 9 9]>>]>>", NULL, NULL,
		BE_UNSUPPORTED, 0 },
};
/* clang-format on */

static void an_existing_field_shows_the_appearance_in_its_own_place(void **state)
{
	struct pdf_appearance *appearance;
	enum be_err rc;

	(void)state;
	appearance = open_drawing(0, &rc, NULL);
	for (size_t i = 0; i < 2 * COUNT(fields); i++) {
		const bool turned = i % 2 == 1;
		struct signing s = { .place = { .tail = BUFFER_EMPTY } };
		const struct pdf_obj *widget, *ap, *form;
		double width = 0, height = 0;
		char page[100];

		(void)snprintf(
			page, sizeof(page), "/MediaBox[0 0 300 400]/Rotate %d%s", turned ? 90 : 0, fields[i / 2].page);
		pdftext_begin(&s.text);
		pdftext_basics(&s.text, "/AcroForm<</Fields[4 0 R]>>", page);
		pdftext_object(&s.text, 4, fields[i / 2].field);
		pdftext_object(&s.text, 5, fields[i / 2].kid != NULL ? fields[i / 2].kid : "null");
		pdftext_object(&s.text, 6, fields[i / 2].second != NULL ? fields[i / 2].second : "null");
		pdftext_table(&s.text, ROOT);
		rc = sign(&s, appearance, "Tanda", NULL);
		if (rc != fields[i / 2].expected)
			fail_msg("%s: %s", fields[i / 2].what, be_err_word(rc));
		assert_int_equal(pdf_sign_field_size(s.doc, "Tanda", &width, &height, NULL), rc);
		if (rc == BE_OK) {
			widget = object_of(&s, fields[i / 2].widget);
			ap = get(&s, widget, "AP");
			assert_int_equal(ap->count, 1);
			form = get(&s, ap, "N");
			assert_array(pdf_get(widget, "Rect"), (const double[]){ 10, 10, 170, 70 }, 4);
			assert_int_equal((int)width, turned ? 60 : 160);
			assert_int_equal((int)height, turned ? 160 : 60);
			assert_array(pdf_get(form, "BBox"),
				turned ? (const double[]){ 0, -183.3333, 160, 243.3333 }
				       : (const double[]){ 0, 0, 160, 60 },
				4);
		}
		forget(&s);
	}
	pdf_appearance_free(&appearance);
}

/* ---- what is refused ---- */

#define DOCMDP(p) "<</Reference[<</TransformMethod/DocMDP/TransformParams<<" p ">>>>]>>"

/* clang-format off */
static const struct {
	const char *what, *catalogue, *page, *object; /* object 4 */
	struct pdf_sign_spot spot;
	enum be_err expected;
} refusals[] = {
	{ "nothing wrong", "", "", "null", { 1, { 0, 0, 99, 50 } }, BE_OK },
	{ "a page that is not there", "", "", "null", { 2, { 0, 0, 99, 50 } }, BE_NO_SUCH_PAGE },
	{ "a rectangle that leaves the page", "", "", "null", { 1, { 250, 0, 99, 50 } }, BE_OUTSIDE_PAGE },
	{ "a page that is too small", "", "", "null", { 1, { 0, 0, 99, 500 } }, BE_OUTSIDE_PAGE },
	{ "annotations that are none", "", "/Annots(what)", "null", { 1, { 0, 0, 99, 50 } }, BE_DAMAGED },
	{ "certified, and form filling is allowed", "/Perms<</DocMDP 4 0 R>>", "", DOCMDP("/P 2"),
		{ 1, { 0, 0, 99, 50 } }, BE_CERTIFIED },
	{ "certified, and notes are allowed", "/AcroForm<</Fields[<</FT/Sig/T(A)/V 4 0 R>>]>>", "", DOCMDP("/P 3"),
		{ 1, { 0, 0, 99, 50 } }, BE_CERTIFIED },
};
/* clang-format on */

static void what_cannot_be_seen_is_refused_by_name(void **state)
{
	struct pdf_appearance *appearance;
	enum be_err rc;

	(void)state;
	appearance = open_drawing(0, &rc, NULL);
	for (size_t i = 0; i < COUNT(refusals); i++) {
		struct signing s = { .place = { .tail = BUFFER_EMPTY } };
		char page[100];

		(void)snprintf(page, sizeof(page), "/MediaBox[0 0 300 200]%s", refusals[i].page);
		pdftext_begin(&s.text);
		pdftext_basics(&s.text, refusals[i].catalogue, page);
		pdftext_object(&s.text, 4, refusals[i].object);
		pdftext_table(&s.text, ROOT);
		rc = sign(&s, appearance, NULL, &refusals[i].spot);
		if (rc != refusals[i].expected)
			fail_msg("%s: %s", refusals[i].what, be_err_word(rc));
		assert_true(rc == BE_OK || s.err.msgid != NULL);
		forget(&s);
	}
	pdf_appearance_free(&appearance);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drawing_is_taken_and_what_does_more_than_show_itself_is_not),
		cmocka_unit_test(only_one_page_is_taken),
		cmocka_unit_test(too_many_objects_are_refused),
		cmocka_unit_test(what_the_page_leads_to_comes_along_and_nothing_else),
		cmocka_unit_test(an_appearance_fills_its_place_upright_and_keeps_its_proportion),
		cmocka_unit_test(an_existing_field_shows_the_appearance_in_its_own_place),
		cmocka_unit_test(what_cannot_be_seen_is_refused_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
