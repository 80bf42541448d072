/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_OBJECT_STREAM_H
#define PDF_OBJECT_STREAM_H

/*
 * Object streams (ISO 32000-2, 7.5.7): decoded once, their objects parsed one by one. Inside src/pdf/doc.c only.
 */

#include "pdf/object.h"

struct pdf_object_stream {
	uint64_t at; /* the file offset of the stream's object: its identity, since a number may be defined anew */
	struct buffer bytes; /* decoded */
	uint64_t first;      /* /First */
	uint32_t count;      /* /N */
	uint32_t *heads;     /* number and offset of each object; owned */
};

/* Decodes and reads the heads. max bounds the decoded size. */
enum be_err pdf_object_stream_open(struct pdf_object_stream *out, const struct pdf_obj *stream, const uint8_t *data,
	size_t len, size_t max, struct be_error *err);
void pdf_object_stream_close(struct pdf_object_stream *s);

/* Parses the index-th object, which must have this number. */
enum be_err pdf_object_stream_get(const struct pdf_object_stream *s, uint32_t index, uint32_t number,
	struct pdf_arena *arena, struct pdf_obj *out, struct be_error *err);

#endif
