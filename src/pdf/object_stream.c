/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/object_stream.h"

#include "pdf/filter.h"

#include <stdlib.h>

static enum be_err damaged(struct be_error *err, const char *what)
{
	return be_fail(err, BE_DAMAGED,
		N_("An object stream of the document is damaged; open it in its program and save it again"), "%s",
		what);
}

static enum be_err read_heads(struct pdf_object_stream *s, struct be_error *err)
{
	struct pdf_cursor c;

	if (s->count == 0)
		return BE_OK;
	c = (struct pdf_cursor){ s->bytes.data, s->bytes.data, s->bytes.data + s->first };
	s->heads = calloc(s->count, 2 * sizeof(*s->heads));
	if (s->heads == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	for (size_t i = 0; i < 2 * (size_t)s->count; i++) {
		uint64_t value;

		pdf_skip_space(&c);
		if (!pdf_read_number(&c, &value) || value > UINT32_MAX)
			return damaged(err, "its head is no list of numbers");
		s->heads[i] = (uint32_t)value;
	}
	return BE_OK;
}

enum be_err pdf_object_stream_open(struct pdf_object_stream *out, const struct pdf_obj *stream, const uint8_t *data,
	size_t len, size_t max, struct be_error *err)
{
	const struct pdf_obj *count = pdf_get_typed(stream, "N", PDF_INT);
	const struct pdf_obj *first = pdf_get_typed(stream, "First", PDF_INT);
	enum be_err rc;

	if (!pdf_name_is(pdf_get(stream, "Type"), "ObjStm") || count == NULL || first == NULL || count->u.integer < 0 ||
		first->u.integer < 0)
		return damaged(err, "no /Type, /N or /First");
	rc = pdf_filter_decode(&out->bytes, stream, data, len, max, err);
	if (rc == BE_MALFORMED)
		return damaged(err, "it cannot be decoded");
	if (rc != BE_OK)
		return rc;
	/* An object's head takes at least four bytes ("1 0 "), but for the last. */
	if ((uint64_t)first->u.integer > out->bytes.len ||
		(uint64_t)count->u.integer > (uint64_t)first->u.integer / 4 + 1)
		return damaged(err, "/N or /First out of range");
	out->count = (uint32_t)count->u.integer;
	out->first = (uint64_t)first->u.integer;
	return read_heads(out, err);
}

void pdf_object_stream_close(struct pdf_object_stream *s)
{
	buffer_free(&s->bytes);
	free(s->heads);
	s->heads = NULL;
}

enum be_err pdf_object_stream_get(const struct pdf_object_stream *s, uint32_t index, uint32_t number,
	struct pdf_arena *arena, struct pdf_obj *out, struct be_error *err)
{
	struct pdf_cursor c;
	enum be_err rc;

	if (index >= s->count || s->heads[2 * index] != number)
		return damaged(err, "an object is not where the cross-reference data says");
	if (s->heads[2 * index + 1] >= s->bytes.len - s->first)
		return damaged(err, "an object lies outside");
	c = (struct pdf_cursor){ s->bytes.data, s->bytes.data + s->first + s->heads[2 * index + 1],
		s->bytes.data + s->bytes.len };
	rc = pdf_parse(&c, arena, out, err);
	return rc == BE_MALFORMED ? damaged(err, "an object cannot be read") : rc;
}
