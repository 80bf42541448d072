/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/shown.h"

#define DEPTH_MAX 32u
#define VALUES_MAX 200000u /* looked at, for one appearance */

#define OLD_STREAM "the appearance shows something that was in the document before"
#define NO_DRAWING "the appearance reaches into the document beside it"
#define NO_APPEARANCE "the appearance is none"
#define TOO_LARGE "the appearance is too large to be looked through"

struct showing {
	struct pdf_doc *doc;
	size_t now;
	const struct changes *changes;
	size_t seen;
	const char *why; /* the first reason */
	uint32_t number;
};

static bool object_to(struct showing *s, const char *why, uint32_t number)
{
	if (s->why == NULL) {
		s->why = why;
		s->number = number;
	}
	return false;
}

static const struct pdf_obj *look_up(struct showing *s, const struct pdf_obj *value)
{
	static const struct pdf_obj nothing = { .type = PDF_NULL };
	const struct pdf_obj *out;

	return pdf_doc_resolve(s->doc, s->now, value, &out, NULL) == BE_OK ? out : &nothing;
}

static bool is_new(const struct showing *s, uint32_t number)
{
	const struct change *change = verify_change_of(s->changes, number);

	return change != NULL && change->is_new;
}

/* What an honest program takes from the document for a drawing of its own: a font of the form, a logo, a colour. None of
 * them is seen before somebody draws with it. */
static bool is_drawn_with(const struct pdf_obj *obj)
{
	static const char *const types[] = { "Font", "FontDescriptor", "Encoding", "ExtGState", "OCG", "OCMD" };
	const struct pdf_obj *type = pdf_get(obj, "Type");

	if (obj->type == PDF_STREAM)
		return pdf_name_is(pdf_get(obj, "Subtype"), "Image") ||
			(type == NULL && pdf_get(obj, "Subtype") == NULL && pdf_get_typed(obj, "N", PDF_INT) != NULL);
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]) && obj->type == PDF_DICT; i++) {
		if (pdf_name_is(type, types[i]))
			return true;
	}
	return obj->type != PDF_DICT;
}

static bool look_through(struct showing *s, const struct pdf_obj *value, size_t depth)
{
	const bool is_array = value->type == PDF_ARRAY;
	const size_t step = is_array ? 1 : 2;

	if (++s->seen > VALUES_MAX || depth == DEPTH_MAX)
		return object_to(s, TOO_LARGE, 0);
	if (value->type == PDF_REF) {
		const struct pdf_obj *obj = look_up(s, value);

		if (!is_new(s, value->u.ref.number))
			return is_drawn_with(obj) || object_to(s, NO_DRAWING, value->u.ref.number);
		return look_through(s, obj, depth + 1);
	}
	if (!is_array && value->type != PDF_DICT && value->type != PDF_STREAM)
		return true;
	for (size_t i = 0; i < value->count; i++) {
		if (!look_through(s, &value->u.items[step * i + step - 1], depth + 1))
			return false;
	}
	return true;
}

/* /N, /R or /D: a stream, or a dictionary of streams by state (12.5.5, Table 170). */
static bool check_one(struct showing *s, const struct pdf_obj *value, bool states)
{
	const struct pdf_obj *obj = look_up(s, value);

	if (obj->type == PDF_NULL)
		return true;
	if (pdf_is(value, PDF_REF) && !is_new(s, value->u.ref.number))
		return object_to(s, OLD_STREAM, value->u.ref.number);
	if (obj->type == PDF_STREAM)
		return look_through(s, obj, 0);
	if (obj->type != PDF_DICT || !states)
		return object_to(s, NO_APPEARANCE, 0);
	for (size_t i = 0; i < obj->count; i++) {
		if (!check_one(s, &obj->u.items[2 * i + 1], false))
			return false;
	}
	return true;
}

const char *verify_shown_anew(
	struct pdf_doc *doc, size_t r, const struct changes *changes, const struct pdf_obj *ap, uint32_t *number)
{
	struct showing s = { .doc = doc, .now = r, .changes = changes };
	const struct pdf_obj *dict = look_up(&s, ap);

	*number = 0;
	if (dict->type == PDF_NULL)
		return NULL;
	if (dict->type != PDF_DICT || pdf_dict_duplicates(dict))
		return NO_APPEARANCE;
	if (pdf_is(ap, PDF_REF) && !is_new(&s, ap->u.ref.number)) {
		*number = ap->u.ref.number;
		return OLD_STREAM;
	}
	for (size_t i = 0; i < dict->count; i++) {
		if (!check_one(&s, &dict->u.items[2 * i + 1], true))
			break;
	}
	*number = s.number;
	return s.why;
}
