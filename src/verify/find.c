/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/find.h"

#include "base/file.h"

#include <stdlib.h>
#include <string.h>

#define WINDOW (256u * 1024)
#define NEEDLE "/ByteRange"
#define NEEDLE_LEN (sizeof(NEEDLE) - 1)
#define PLACES_MAX 10000u

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

static enum be_err add(
	struct found *out, const struct pdf_field *field, const struct pdf_obj *dict, struct be_error *err)
{
	struct found_signature *grown;

	if (out->count == FACTS_SIGNATURES_MAX)
		return be_fail(err, BE_LIMIT, N_("The document has too many signatures"), NULL);
	grown = reallocarray(out->signatures, out->count + 1, sizeof(*grown));
	if (grown == NULL)
		return no_memory(err);
	out->signatures = grown;
	grown[out->count++] = (struct found_signature){ field, dict, false };
	return BE_OK;
}

static bool is_known(struct found *out, const struct pdf_obj *dict, bool by_field)
{
	for (size_t i = 0; i < out->count; i++) {
		if (out->signatures[i].dict->text == dict->text) {
			out->signatures[i].shared = out->signatures[i].shared || by_field;
			return true;
		}
	}
	return false;
}

/* ---- by the form ---- */

static enum be_err find_in_form(struct found *out, struct be_error *err)
{
	for (size_t i = 0; i < out->form->count; i++) {
		const struct pdf_field *field = &out->form->fields[i];
		enum be_err rc;

		if (field->value == NULL) {
			out->empty_fields = true;
			continue;
		}
		if (is_known(out, field->value, true))
			continue; /* one row for a signature, however many fields show it */
		rc = add(out, field, field->value, err);
		if (rc != BE_OK)
			return rc;
	}
	return BE_OK;
}

/* ---- by the text of the file ---- */

struct places {
	uint64_t *at;
	size_t count;
};

static enum be_err add_place(struct places *p, uint64_t at, struct be_error *err)
{
	uint64_t *grown;

	if (p->count == PLACES_MAX)
		return be_fail(err, BE_LIMIT, N_("The document has too many signatures"), NULL);
	grown = reallocarray(p->at, p->count + 1, sizeof(*grown));
	if (grown == NULL)
		return no_memory(err);
	p->at = grown;
	grown[p->count++] = at;
	return BE_OK;
}

/* Windows overlap by what a needle could lose at their border. */
static enum be_err search_file(struct places *out, int fd, uint64_t len, struct be_error *err)
{
	uint8_t *window = malloc(WINDOW);
	enum be_err rc = window != NULL ? BE_OK : no_memory(err);

	for (uint64_t at = 0; rc == BE_OK && at + NEEDLE_LEN <= len; at += WINDOW - NEEDLE_LEN + 1) {
		size_t size = len - at < WINDOW ? (size_t)(len - at) : WINDOW;
		const uint8_t *hit = window;

		rc = file_read_at(fd, window, size, at, err);
		while (rc == BE_OK && (hit = memmem(hit, size - (size_t)(hit - window), NEEDLE, NEEDLE_LEN)) != NULL) {
			rc = add_place(out, at + (uint64_t)(hit - window), err);
			hit += NEEDLE_LEN;
		}
	}
	free(window);
	return rc;
}

static bool explained(const struct found *found, const struct pdf_doc *doc, uint64_t place)
{
	for (size_t i = 0; i < found->count; i++) {
		uint64_t at;

		if (pdf_doc_offset(doc, found->signatures[i].dict, &at) && place >= at &&
			place < at + found->signatures[i].dict->size)
			return true;
	}
	return false;
}

/* An object of any revision whose text holds the place and that is itself a dictionary with /ByteRange and /Contents.
 * Text that merely looks so, in a stream's data say, belongs to no such object. */
static enum be_err object_around(struct pdf_doc *doc, uint64_t place, const struct pdf_obj **out, struct be_error *err)
{
	struct pdf_xref *xref = pdf_doc_xref(doc);
	uint64_t best = 0;
	struct pdf_cursor c = { NULL, NULL, NULL };
	struct pdf_bytes file = pdf_doc_file(doc);
	uint64_t ignored;
	struct pdf_obj *obj;

	*out = NULL;
	for (size_t s = 0; s < xref->section_count; s++) {
		for (uint32_t i = 0; i < xref->sections[s].subsection_count; i++) {
			const struct pdf_subsection *sub = &xref->sections[s].subsections[i];

			for (uint32_t k = 0; k < sub->count; k++) {
				struct pdf_entry entry;

				if (pdf_xref_section_entry(xref, s, sub->first + k, &entry, NULL) == BE_OK &&
					entry.kind == PDF_ENTRY_AT_OFFSET && entry.offset < place &&
					entry.offset > best)
					best = entry.offset;
			}
		}
	}
	if (best == 0)
		return BE_OK;
	c = (struct pdf_cursor){ file.data, file.data + best, file.data + file.len };
	pdf_skip_space(&c);
	if (!pdf_read_number(&c, &ignored))
		return BE_OK;
	pdf_skip_space(&c);
	if (!pdf_read_number(&c, &ignored))
		return BE_OK;
	pdf_skip_space(&c);
	if (!pdf_skip_keyword(&c, "obj"))
		return BE_OK;
	obj = pdf_arena_take(pdf_doc_arena(doc), sizeof(*obj));
	if (obj == NULL)
		return no_memory(err);
	if (pdf_parse(&c, pdf_doc_arena(doc), obj, NULL) != BE_OK || obj->type != PDF_DICT ||
		file.data + place >= obj->text + obj->size)
		return BE_OK;
	if (pdf_get(obj, "ByteRange") != NULL && pdf_get(obj, "Contents") != NULL)
		*out = obj;
	else if (pdf_is(pdf_get(obj, "V"), PDF_DICT) && pdf_get(pdf_get(obj, "V"), "ByteRange") != NULL)
		*out = pdf_get(obj, "V");
	return BE_OK;
}

static enum be_err find_in_text(struct found *out, struct pdf_doc *doc, int fd, struct be_error *err)
{
	struct places places = { NULL, 0 };
	enum be_err rc = search_file(&places, fd, pdf_doc_file(doc).len, err);

	for (size_t i = 0; rc == BE_OK && i < places.count; i++) {
		const struct pdf_obj *dict;

		if (explained(out, doc, places.at[i]))
			continue;
		rc = object_around(doc, places.at[i], &dict, err);
		if (rc == BE_OK && dict != NULL)
			rc = add(out, NULL, dict, err);
	}
	free(places.at);
	return rc;
}

/* ---- by /Perms ---- */

static enum be_err find_in_perms(struct found *out, struct pdf_doc *doc, struct be_error *err)
{
	static const char *const keys[] = { "DocMDP", "UR3" };
	const struct pdf_obj *catalogue;
	const struct pdf_obj *perms;
	enum be_err rc = pdf_doc_catalogue(doc, 0, &catalogue, err);

	if (rc == BE_OK)
		rc = pdf_doc_get(doc, 0, catalogue, "Perms", &perms, err);
	for (size_t i = 0; rc == BE_OK && i < sizeof(keys) / sizeof(keys[0]); i++) {
		const struct pdf_obj *dict;

		rc = pdf_doc_get(doc, 0, perms, keys[i], &dict, err);
		if (rc != BE_OK || dict->type != PDF_DICT)
			continue;
		if (i == 1)
			out->usage_rights = dict;
		if (!is_known(out, dict, false))
			rc = add(out, NULL, dict, err);
	}
	return rc;
}

/* A usage-rights signature (12.8.2.3) is Adobe's own mark for its reader: it belongs to no field and says nothing about
 * the document. It is dropped last, so that the search of the text knows it. */
static void drop_usage_rights(struct found *out)
{
	for (size_t i = 0; i < out->count; i++) {
		if (out->signatures[i].field == NULL && out->signatures[i].dict->text == out->usage_rights->text) {
			memmove(&out->signatures[i], &out->signatures[i + 1],
				(out->count - i - 1) * sizeof(out->signatures[0]));
			out->count--;
			break;
		}
	}
}

enum be_err verify_find(struct found *out, struct pdf_doc *doc, int fd, struct be_error *err)
{
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	rc = pdf_form_read(&out->form, doc, 0, err);
	if (rc == BE_OK)
		rc = find_in_form(out, err);
	if (rc == BE_OK)
		rc = find_in_perms(out, doc, err);
	if (rc == BE_OK)
		rc = find_in_text(out, doc, fd, err);
	if (rc == BE_OK && out->usage_rights != NULL)
		drop_usage_rights(out);
	if (rc != BE_OK)
		verify_found_free(out);
	return rc;
}

void verify_found_free(struct found *found)
{
	pdf_form_free(&found->form);
	free(found->signatures);
	found->signatures = NULL;
	found->count = 0;
}
