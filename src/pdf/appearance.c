/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/appearance.h"

#include "pdf/pages.h"

#include <stdlib.h>
#include <string.h>

/* A reference inside a text: where it has to be written, and to which of our objects. */
struct link {
	size_t at;
	size_t to;
};

/* An object with its references taken out. */
struct piece {
	struct buffer text;
	struct link *links; /* owned, in the order of their places */
	size_t link_count;
};

struct pdf_appearance {
	double box[4];     /* of the page, as it is shown */
	struct piece page; /* what the form's dictionary says besides its place, then the content */
	struct piece *objects;
	size_t count;
};

struct importing {
	struct pdf_doc *doc;
	struct pdf_appearance *out;
	uint32_t *numbers; /* of the objects, in the document they come from */
	size_t bytes;
	struct be_error *err;
};

static enum be_err unfit(struct be_error *err, const char *why)
{
	return be_fail(err, BE_BAD_APPEARANCE, N_("The appearance of the signature cannot be used"), "%s", why);
}

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

static void clear_piece(struct piece *piece)
{
	buffer_free(&piece->text);
	free(piece->links);
}

void pdf_appearance_free(struct pdf_appearance **appearance)
{
	if (*appearance == NULL)
		return;
	for (size_t i = 0; i < (*appearance)->count; i++)
		clear_piece(&(*appearance)->objects[i]);
	clear_piece(&(*appearance)->page);
	free((*appearance)->objects);
	free(*appearance);
	*appearance = NULL;
}

/* ---- what may not come along ---- */

/* A drawing leads to fonts, pictures, patterns; never back to a page, and never to anything that acts. */
static enum be_err check_harmless(struct importing *in, const struct pdf_obj *dict)
{
	static const char *const keys[] = { "JS", "AA", "OpenAction", "Annots", "URI", "Launch", "Kids", "Parent",
		"OPI", "Ref" };
	static const char *const types[] = { "Page", "Pages", "Catalog", "Annot", "Action", "Filespec", "EmbeddedFile",
		"Sig", "ObjStm", "XRef" };

	if (pdf_dict_duplicates(dict))
		return unfit(in->err, "a key that stands twice");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (pdf_get(dict, keys[i]) != NULL)
			return unfit(in->err, keys[i]);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (pdf_name_is(pdf_get(dict, "Type"), types[i]))
			return unfit(in->err, types[i]);
	if (dict->type == PDF_STREAM &&
		(pdf_get(dict, "F") != NULL || pdf_get(dict, "FFilter") != NULL ||
			pdf_get(dict, "FDecodeParms") != NULL))
		return unfit(in->err, "a stream that stands in another file");
	return BE_OK;
}

/* ---- copying ---- */

static enum be_err add_text(struct importing *in, struct piece *piece, const uint8_t *text, size_t len)
{
	in->bytes += len;
	if (in->bytes > PDF_APPEARANCE_BYTES_MAX)
		return unfit(in->err, "it is too large");
	buffer_add(&piece->text, text, len);
	return buffer_check(&piece->text, in->err);
}

/* Which of our objects a number of theirs is; a new one is copied later, in its turn. */
static enum be_err place_of(struct importing *in, uint32_t number, size_t *out)
{
	struct pdf_appearance *a = in->out;

	for (*out = 0; *out < a->count; (*out)++)
		if (in->numbers[*out] == number)
			return BE_OK;
	if (a->count == PDF_APPEARANCE_OBJECTS_MAX)
		return unfit(in->err, "it has too many objects");
	in->numbers[a->count++] = number;
	return BE_OK;
}

static enum be_err add_link(struct importing *in, struct piece *piece, uint32_t number)
{
	struct link *grown = reallocarray(piece->links, piece->link_count + 1, sizeof(*grown));
	size_t to = 0;
	enum be_err rc;

	if (grown == NULL)
		return no_memory(in->err);
	piece->links = grown;
	rc = place_of(in, number, &to);
	grown[piece->link_count] = (struct link){ piece->text.len, to };
	piece->link_count += rc == BE_OK;
	return rc;
}

static enum be_err copy_value(struct importing *in, struct piece *piece, const struct pdf_obj *value);

/* The parts of a container stand in the order of their text; what lies between them is copied to the letter. */
static enum be_err copy_items(struct importing *in, struct piece *piece, const struct pdf_obj *value)
{
	const size_t count = value->type == PDF_ARRAY ? value->count : 2 * (size_t)value->count;
	const uint8_t *at = value->text;
	enum be_err rc = value->type == PDF_ARRAY ? BE_OK : check_harmless(in, value);

	for (size_t i = 0; i < count && rc == BE_OK; i++) {
		const struct pdf_obj *item = &value->u.items[i];

		rc = add_text(in, piece, at, (size_t)(item->text - at));
		if (rc == BE_OK)
			rc = copy_value(in, piece, item);
		at = item->text + item->size;
	}
	return rc == BE_OK ? add_text(in, piece, at, (size_t)(value->text + value->size - at)) : rc;
}

/* No deeper than objects are nested, which the parser bounds. */
static enum be_err copy_value(struct importing *in, struct piece *piece, const struct pdf_obj *value)
{
	switch ((enum pdf_type)value->type) {
	case PDF_REF:
		return add_link(in, piece, value->u.ref.number);
	case PDF_ARRAY:
	case PDF_DICT:
	case PDF_STREAM: /* its dictionary */
		return copy_items(in, piece, value);
	case PDF_NULL:
	case PDF_BOOL:
	case PDF_INT:
	case PDF_REAL:
	case PDF_NAME:
	case PDF_STRING:
		break;
	}
	return add_text(in, piece, value->text, value->size);
}

/* A dictionary's keys, but for some, without its brackets. */
static enum be_err copy_keys(
	struct importing *in, struct piece *piece, const struct pdf_obj *dict, const char *const *left_out)
{
	enum be_err rc = check_harmless(in, dict);

	for (size_t i = 0; i < dict->count && rc == BE_OK; i++) {
		const struct pdf_obj *key = &dict->u.items[2 * i];
		bool wanted = true;

		for (size_t k = 0; left_out[k] != NULL; k++)
			wanted = wanted && !pdf_name_is(key, left_out[k]);
		if (!wanted)
			continue;
		rc = add_text(in, piece, key->text, key->size);
		buffer_add_byte(&piece->text, ' ');
		if (rc == BE_OK)
			rc = copy_value(in, piece, key + 1);
		buffer_add_byte(&piece->text, '\n');
	}
	return rc;
}

/* /Length becomes a number in its place, whatever it was. */
static enum be_err copy_stream(
	struct importing *in, struct piece *piece, const struct pdf_obj *stream, const char *const *left_out)
{
	const uint8_t *data;
	size_t len;
	enum be_err rc = pdf_doc_stream_data(in->doc, 0, stream, &data, &len, in->err);

	if (rc == BE_OK)
		rc = copy_keys(in, piece, stream, left_out);
	if (rc != BE_OK)
		return rc;
	buffer_printf(&piece->text, "/Length %zu\n>>\nstream\n", len);
	rc = add_text(in, piece, data, len);
	buffer_add_str(&piece->text, "\nendstream");
	return rc == BE_OK ? buffer_check(&piece->text, in->err) : rc;
}

static enum be_err copy_object(struct importing *in, size_t which)
{
	static const char *const left_out[] = { "Length", NULL };
	struct piece piece = { BUFFER_EMPTY, NULL, 0 };
	const struct pdf_obj *obj;
	enum be_err rc = pdf_doc_object(in->doc, 0, in->numbers[which], &obj, in->err);

	if (rc == BE_OK && obj->type == PDF_STREAM) {
		buffer_add_str(&piece.text, "<<\n");
		rc = copy_stream(in, &piece, obj, left_out);
	} else if (rc == BE_OK) {
		rc = copy_value(in, &piece, obj);
	}
	in->out->objects[which] = piece;
	return rc;
}

/* ---- the page ---- */

/* 8.10.1: a form's dictionary is the content stream's own, with the page's resources and group. */
static enum be_err copy_page(struct importing *in, const struct pdf_page *page)
{
	static const char *const left_out[] = { "Length", "Type", "Subtype", "BBox", "Matrix", "Resources", "Group",
		NULL };
	struct piece *piece = &in->out->page;
	const struct pdf_obj *group = pdf_get(page->dict, "Group");
	const struct pdf_obj *content;
	enum be_err rc = pdf_doc_get(in->doc, 0, page->dict, "Contents", &content, in->err);

	if (rc == BE_OK && content->type == PDF_ARRAY && content->count == 1)
		rc = pdf_doc_resolve(in->doc, 0, &content->u.items[0], &content, in->err);
	if (rc == BE_OK && content->type != PDF_STREAM)
		rc = unfit(in->err, "its page has no content stream, or several");
	if (rc == BE_OK && page->resources != NULL) {
		buffer_add_str(&piece->text, "/Resources ");
		rc = page->resources->type == PDF_DICT ? copy_value(in, piece, page->resources)
						       : unfit(in->err, "its resources are no dictionary");
		buffer_add_byte(&piece->text, '\n');
	}
	if (rc == BE_OK && group != NULL) {
		buffer_add_str(&piece->text, "/Group ");
		rc = copy_value(in, piece, group);
		buffer_add_byte(&piece->text, '\n');
	}
	return rc == BE_OK ? copy_stream(in, piece, content, left_out) : rc;
}

/* Only what the page leads to is copied, but a document that acts by itself is none that a drawing library makes. */
static enum be_err check_document(struct importing *in, const struct pdf_page *page)
{
	static const char *const of_catalogue[] = { "OpenAction", "AA", "AcroForm", "Names" };
	static const char *const of_page[] = { "AA", "Annots", "UserUnit" };
	const struct pdf_obj *catalogue;
	struct pdf_page second;
	enum be_err rc;

	if (pdf_doc_encrypted(in->doc))
		return unfit(in->err, "it is encrypted");
	rc = pdf_doc_catalogue(in->doc, 0, &catalogue, in->err);
	for (size_t i = 0; i < sizeof(of_catalogue) / sizeof(of_catalogue[0]) && rc == BE_OK; i++)
		if (pdf_get(catalogue, of_catalogue[i]) != NULL)
			rc = unfit(in->err, of_catalogue[i]);
	for (size_t i = 0; i < sizeof(of_page) / sizeof(of_page[0]) && rc == BE_OK; i++) {
		const struct pdf_obj *value = pdf_get(page->dict, of_page[i]);

		if (value != NULL && (value->type != PDF_ARRAY || value->count > 0))
			rc = unfit(in->err, of_page[i]);
	}
	if (rc == BE_OK && page->rotate != 0)
		rc = unfit(in->err, "its page is turned");
	if (rc == BE_OK && pdf_page_find(&second, in->doc, 0, 2, NULL) != BE_NO_SUCH_PAGE)
		rc = unfit(in->err, "it has more than one page");
	return rc;
}

static enum be_err import(struct importing *in)
{
	struct pdf_page page;
	enum be_err rc = pdf_page_find(&page, in->doc, 0, 1, in->err);

	if (rc == BE_OK)
		rc = check_document(in, &page);
	if (rc != BE_OK)
		return rc;
	memcpy(in->out->box, page.box, sizeof(page.box));
	in->out->objects = calloc(PDF_APPEARANCE_OBJECTS_MAX, sizeof(*in->out->objects));
	in->numbers = calloc(PDF_APPEARANCE_OBJECTS_MAX, sizeof(*in->numbers));
	if (in->out->objects == NULL || in->numbers == NULL)
		return no_memory(in->err);
	rc = copy_page(in, &page);
	for (size_t i = 0; i < in->out->count && rc == BE_OK; i++)
		rc = copy_object(in, i);
	return rc;
}

enum be_err pdf_appearance_open(struct pdf_appearance **out, const void *bytes, size_t len, struct be_error *err)
{
	struct importing in = { .out = calloc(1, sizeof(*in.out)) };
	struct be_error cause = { .code = BE_OK };
	enum be_err rc;

	*out = NULL;
	if (in.out == NULL)
		return no_memory(err);
	in.err = &cause;
	rc = pdf_doc_open(&in.doc, (struct pdf_bytes){ bytes, len }, &cause);
	if (rc == BE_OK)
		rc = import(&in);
	free(in.numbers);
	pdf_doc_free(&in.doc);
	if (rc == BE_OK) {
		*out = in.out;
		return BE_OK;
	}
	pdf_appearance_free(&in.out);
	if (rc == BE_BAD_APPEARANCE || rc == BE_NO_MEMORY)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	return unfit(err, cause.detail[0] != '\0' ? cause.detail : be_err_word(rc));
}

/* ---- putting it somewhere ---- */

static enum be_err put_piece(const struct piece *piece, const char *start, const uint32_t *numbers,
	struct pdf_update *update, uint32_t number, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	size_t at = 0;
	enum be_err rc;

	buffer_add_str(&text, start);
	for (size_t i = 0; i < piece->link_count; i++) {
		buffer_add(&text, piece->text.data + at, piece->links[i].at - at);
		buffer_printf(&text, "%u 0 R", numbers[piece->links[i].to]);
		at = piece->links[i].at;
	}
	buffer_add(&text, piece->text.data + at, piece->text.len - at);
	rc = buffer_check(&text, err);
	if (rc == BE_OK)
		rc = pdf_update_put(update, number, text.data, text.len, err);
	buffer_free(&text);
	return rc;
}

/* The box is widened to the proportion of its place: then filling the place (12.5.5, Algorithm 8.1) distorts nothing. */
static void widen(double box[static 4], double width, double height)
{
	const double missing_width = (box[3] - box[1]) * width / height - (box[2] - box[0]);
	const double missing_height = (box[2] - box[0]) * height / width - (box[3] - box[1]);

	if (missing_width > 0) {
		box[0] -= missing_width / 2;
		box[2] += missing_width / 2;
	} else if (missing_height > 0) {
		box[1] -= missing_height / 2;
		box[3] += missing_height / 2;
	}
}

static void put_numbers(struct buffer *out, const double *numbers, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			buffer_add_byte(out, ' ');
		pdf_put_number(out, numbers[i]);
	}
}

/* The matrix turns the box against the page's turn and brings it to the size of its place, so that even a reader that
 * only moves an appearance shows it right. */
static void put_head(struct buffer *out, const struct pdf_appearance *a, const double rect[static 4], unsigned rotate)
{
	static const double turns[4][4] = { { 1, 0, 0, 1 }, { 0, 1, -1, 0 }, { -1, 0, 0, -1 }, { 0, -1, 1, 0 } };
	const double *turn = turns[rotate / 90 % 4];
	const bool on_its_side = rotate % 180 != 0;
	const double width = on_its_side ? rect[3] - rect[1] : rect[2] - rect[0];
	const double height = on_its_side ? rect[2] - rect[0] : rect[3] - rect[1];
	double matrix[6];
	double box[4];

	memcpy(box, a->box, sizeof(box));
	widen(box, width, height);
	for (size_t i = 0; i < 4; i++)
		matrix[i] = turn[i] * width / (box[2] - box[0]);
	for (size_t i = 0; i < 2; i++) { /* the turned box begins at 0, 0 */
		const double across = matrix[i] * (matrix[i] < 0 ? box[2] : box[0]);
		const double up = matrix[i + 2] * (matrix[i + 2] < 0 ? box[3] : box[1]);

		matrix[i + 4] = -(across + up);
	}
	buffer_add_str(out, "<<\n/Type /XObject\n/Subtype /Form\n/BBox [");
	put_numbers(out, box, 4);
	buffer_add_str(out, "]\n/Matrix [");
	put_numbers(out, matrix, 6);
	buffer_add_str(out, "]\n");
	buffer_add_byte(out, '\0');
}

enum be_err pdf_appearance_put(const struct pdf_appearance *appearance, struct pdf_update *update,
	const double rect[static 4], unsigned rotate, uint32_t *number, struct be_error *err)
{
	struct buffer head = BUFFER_EMPTY;
	uint32_t *numbers = calloc(appearance->count + 1, sizeof(*numbers));
	enum be_err rc = numbers != NULL ? pdf_update_reserve(update, number, err) : no_memory(err);

	for (size_t i = 0; i < appearance->count && rc == BE_OK; i++)
		rc = pdf_update_reserve(update, &numbers[i], err);
	put_head(&head, appearance, rect, rotate);
	if (rc == BE_OK)
		rc = buffer_check(&head, err);
	if (rc == BE_OK)
		rc = put_piece(&appearance->page, (const char *)head.data, numbers, update, *number, err);
	for (size_t i = 0; i < appearance->count && rc == BE_OK; i++)
		rc = put_piece(&appearance->objects[i], "", numbers, update, numbers[i], err);
	buffer_free(&head);
	free(numbers);
	return rc;
}
