/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Any bytes at all may be opened as a document and prepared for a signature. What the update makes of it must read as
 * the same document with one revision more, whose field and ByteRange are the ones that were promised.
 */

#include "pdf/form.h"
#include "pdf/pages.h"
#include "pdf/sign_field.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const unsigned fuzz_mutations;
const unsigned fuzz_mutations = 10000;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void look_around(struct pdf_doc *doc)
{
	struct pdf_xref *xref = pdf_doc_xref(doc);

	for (size_t revision = 0; revision < xref->revision_count; revision++) {
		const struct pdf_obj *found;
		struct pdf_form *form = NULL;
		uint32_t number;

		(void)pdf_xref_check_revision(xref, revision, NULL);
		(void)pdf_doc_catalogue(doc, revision, &found, NULL);
		(void)pdf_first_page(doc, revision, &number, &found, NULL);
		(void)pdf_form_read(&form, doc, revision, NULL);
		pdf_form_free(&form);
	}
	for (uint32_t number = 0; number < 64; number++) {
		const struct pdf_obj *obj;
		const uint8_t *bytes;
		size_t len;
		uint64_t start;
		uint64_t end;

		if (pdf_doc_object(doc, 0, number, &obj, NULL) == BE_OK)
			(void)pdf_doc_stream_data(doc, 0, obj, &bytes, &len, NULL);
		if (pdf_doc_extent(doc, 0, number, &start, &end, NULL) == BE_OK)
			expect(start < end && end <= pdf_doc_file(doc).len);
	}
}

static void expect_range(struct pdf_doc *doc, const struct pdf_obj *signature, const struct pdf_sign_place *place)
{
	const struct pdf_obj *range = pdf_get_typed(signature, "ByteRange", PDF_ARRAY);
	const struct pdf_obj *contents = pdf_get_typed(signature, "Contents", PDF_STRING);
	uint64_t at = 0;

	expect(range != NULL && range->count == 4 && contents != NULL);
	for (size_t i = 0; i < 4; i++)
		expect(pdf_is(&range->u.items[i], PDF_INT) && (uint64_t)range->u.items[i].u.integer == place->range[i]);
	expect(pdf_doc_offset(doc, contents, &at) && at == place->contents_at);
	expect(place->range[0] == 0 && place->range[1] == at && place->range[2] == at + contents->size);
	expect(place->range[2] + place->range[3] == pdf_doc_file(doc).len);
}

static void expect_place(const uint8_t *data, size_t size, const struct pdf_sign_place *place, size_t revisions)
{
	size_t len = size + place->tail.len;
	uint8_t *file = malloc(len);
	struct pdf_doc *doc = NULL;
	struct pdf_form *form = NULL;
	const struct pdf_field *field;

	if (file == NULL)
		return;
	memcpy(file, data, size);
	memcpy(file + size, place->tail.data, place->tail.len);
	expect(pdf_doc_open(&doc, (struct pdf_bytes){ file, len }, NULL) == BE_OK);
	expect(pdf_doc_xref(doc)->revision_count == revisions + 1);
	expect(pdf_doc_xref(doc)->revisions[0].end + 1 == len);
	expect(pdf_form_read(&form, doc, 0, NULL) == BE_OK && !form->broken);
	field = pdf_form_find(form, place->field);
	expect(field != NULL && field->value != NULL);
	expect_range(doc, field->value, place);
	pdf_form_free(&form);
	pdf_doc_free(&doc);
	free(file);
}

static void sign(const uint8_t *data, size_t size, struct pdf_doc *doc, const char *field,
	const struct pdf_appearance *appearance)
{
	const struct pdf_sign_request request = {
		.field = field,
		.appearance = appearance,
		.spot = { PDF_PAGE_LAST, { 1, 2, 30, 40 } },
		.sub_filter = "ETSI.CAdES.detached",
		.reason = "Uji",
		.time = 1780000000,
		.contents_size = 16,
	};
	struct pdf_sign_place place;

	if (pdf_sign_place_make(&place, doc, &request, NULL) != BE_OK)
		return;
	expect_place(data, size, &place, pdf_doc_xref(doc)->revision_count);
	pdf_sign_place_free(&place);
}

static void sign_an_empty_field(
	const uint8_t *data, size_t size, struct pdf_doc *doc, const struct pdf_appearance *appearance)
{
	struct pdf_form *form = NULL;

	if (pdf_form_read(&form, doc, 0, NULL) == BE_OK && form->count > 0)
		sign(data, size, doc, form->fields[form->count - 1].name, appearance);
	pdf_form_free(&form);
}

/* Whatever has one page is shown in itself as well. */
static void sign_visibly(const uint8_t *data, size_t size, struct pdf_doc *doc)
{
	struct pdf_appearance *appearance = NULL;

	if (pdf_appearance_open(&appearance, data, size, NULL) != BE_OK)
		return;
	sign(data, size, doc, NULL, appearance);
	sign_an_empty_field(data, size, doc, appearance);
	pdf_appearance_free(&appearance);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct pdf_doc *doc = NULL;

	if (pdf_doc_open(&doc, (struct pdf_bytes){ data, size }, NULL) != BE_OK)
		return 0;
	look_around(doc);
	sign(data, size, doc, NULL, NULL);
	sign_an_empty_field(data, size, doc, NULL);
	sign_visibly(data, size, doc);
	pdf_doc_free(&doc);
	return 0;
}
