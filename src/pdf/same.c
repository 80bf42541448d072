/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/same.h"

#include <string.h>

static bool same_text(const struct pdf_obj *a, const struct pdf_obj *b)
{
	return a->size == b->size && memcmp(a->text, b->text, a->size) == 0;
}

static bool same_strings(const struct pdf_obj *a, const struct pdf_obj *b)
{
	struct buffer left = BUFFER_EMPTY;
	struct buffer right = BUFFER_EMPTY;
	bool same;

	if (same_text(a, b))
		return true;
	pdf_string_bytes(&left, a);
	pdf_string_bytes(&right, b);
	same = !left.failed && !right.failed && left.len == right.len &&
		(left.len == 0 || memcmp(left.data, right.data, left.len) == 0);
	buffer_free(&left);
	buffer_free(&right);
	return same;
}

static bool same_names(const struct pdf_obj *a, const struct pdf_obj *b)
{
	char text[256];

	if (same_text(a, b))
		return true;
	pdf_name_text(a, text, sizeof(text));
	return text[0] != '\0' && pdf_name_is(b, text);
}

static bool same_arrays(const struct pdf_obj *a, const struct pdf_obj *b)
{
	if (a->count != b->count)
		return false;
	for (uint32_t i = 0; i < a->count; i++) {
		if (!pdf_same(&a->u.items[i], &b->u.items[i]))
			return false;
	}
	return true;
}

static bool in_list(const struct pdf_obj *key, const char *const *list)
{
	for (; list != NULL && *list != NULL; list++) {
		if (pdf_name_is(key, *list))
			return true;
	}
	return false;
}

/* Every key of a, but those left out, has the same value in b. */
static bool within(const struct pdf_obj *a, const struct pdf_obj *b, const char *const *left_out)
{
	for (uint32_t i = 0; i < a->count; i++) {
		const struct pdf_obj *key = &a->u.items[2 * i];
		char name[256];

		if (in_list(key, left_out))
			continue;
		pdf_name_text(key, name, sizeof(name));
		if (name[0] == '\0' || !pdf_same(&a->u.items[2 * i + 1], pdf_get(b, name)))
			return false;
	}
	return true;
}

bool pdf_same_but(const struct pdf_obj *a, const struct pdf_obj *b, const char *const *left_out)
{
	if (!pdf_is(a, PDF_DICT) || !pdf_is(b, PDF_DICT) || pdf_dict_duplicates(a) || pdf_dict_duplicates(b))
		return false;
	return within(a, b, left_out) && within(b, a, left_out);
}

bool pdf_same(const struct pdf_obj *a, const struct pdf_obj *b)
{
	bool a_null = a == NULL || a->type == PDF_NULL;
	bool b_null = b == NULL || b->type == PDF_NULL;

	if (a_null || b_null)
		return a_null && b_null;
	if (a->type != b->type)
		return false;
	switch ((enum pdf_type)a->type) {
	case PDF_NULL:
		return true;
	case PDF_BOOL:
		return a->u.boolean == b->u.boolean;
	case PDF_INT:
		return a->u.integer == b->u.integer;
	case PDF_REAL:
		return same_text(a, b) || !(a->u.real < b->u.real || a->u.real > b->u.real);
	case PDF_NAME:
		return same_names(a, b);
	case PDF_STRING:
		return same_strings(a, b);
	case PDF_ARRAY:
		return same_arrays(a, b);
	case PDF_DICT:
		return pdf_same_but(a, b, NULL);
	case PDF_REF:
		return a->u.ref.number == b->u.ref.number && a->u.ref.generation == b->u.ref.generation;
	case PDF_STREAM:
		return a->text == b->text && a->data == b->data;
	}
	return false;
}
