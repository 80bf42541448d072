/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_OBJECT_H
#define PDF_OBJECT_H

/*
 * Objects as the file writes them (ISO 32000-2, 7.3): each keeps the place of its text, so that a caller can compare,
 * copy or edit exactly what stands there. Nothing is decoded before somebody asks. Knows no files and no
 * cross-references.
 */

#include "base/buffer.h"
#include "pdf/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PDF_NESTING_MAX 100u

enum pdf_type {
	PDF_NULL,
	PDF_BOOL,
	PDF_INT,
	PDF_REAL,
	PDF_NAME,
	PDF_STRING, /* literal or hexadecimal; text[0] tells */
	PDF_ARRAY,
	PDF_DICT,
	PDF_REF,
	PDF_STREAM /* a dictionary with data behind it */
};

struct pdf_obj {
	uint32_t type;       /* enum pdf_type */
	uint32_t count;      /* ARRAY: items. DICT, STREAM: keys */
	const uint8_t *text; /* its first byte in the file or in a decoded object stream; borrowed from the document */
	size_t size;         /* bytes of its text; a STREAM's is that of its dictionary */
	union {
		bool boolean;
		int64_t integer;
		double real;
		struct {
			uint32_t number;
			uint32_t generation;
		} ref;
		const struct pdf_obj *items; /* ARRAY: count. DICT, STREAM: key, value, key, value … */
	} u;
	const uint8_t *data; /* STREAM: the first byte of its data */
};

/* Where bytes are read: a position that moves. */
struct pdf_cursor {
	const uint8_t *start;
	const uint8_t *at;
	const uint8_t *end;
};

bool pdf_is_space(uint8_t c);     /* 7.2.3, Table 1 */
bool pdf_is_delimiter(uint8_t c); /* 7.2.3, Table 2 */
/* Skips white space and comments. */
void pdf_skip_space(struct pdf_cursor *c);
/* Skips exactly this keyword, when it stands here and ends here. */
bool pdf_skip_keyword(struct pdf_cursor *c, const char *keyword);
/* A non-negative whole number of at most 19 digits. */
bool pdf_read_number(struct pdf_cursor *c, uint64_t *out);

/* Parses one direct object (7.3), or a reference. Nesting beyond PDF_NESTING_MAX is BE_LIMIT, everything else that is
 * wrong BE_MALFORMED. Out's arrays live in the arena. */
enum be_err pdf_parse(struct pdf_cursor *c, struct pdf_arena *arena, struct pdf_obj *out, struct be_error *err);

/* A key's value in a dictionary or stream; NULL when it is not there or is null (7.3.9 calls that the same), or obj is
 * NULL or something else. Of a key that stands twice the last counts, as all readers have it: see pdf_dict_duplicates.
 */
const struct pdf_obj *pdf_get(const struct pdf_obj *obj, const char *key);
/* The same, when the value has this type. */
const struct pdf_obj *pdf_get_typed(const struct pdf_obj *obj, const char *key, enum pdf_type type);
/* A key stands twice, whatever way its name is written. */
bool pdf_dict_duplicates(const struct pdf_obj *dict);
bool pdf_is(const struct pdf_obj *obj, enum pdf_type type);
/* A name equals text, after its #xx are undone (7.3.5). */
bool pdf_name_is(const struct pdf_obj *obj, const char *text);
/* A key as a C string for a small table of names; "" when longer than size - 1. */
void pdf_name_text(const struct pdf_obj *name, char *out, size_t size);

/* Appends a string's bytes, escapes undone (7.3.4). */
void pdf_string_bytes(struct buffer *out, const struct pdf_obj *string);
/* Appends a text string as UTF-8 (7.9.2.2: PDFDocEncoding, UTF-16BE or UTF-8 by their marks; language escapes are
 * dropped). */
void pdf_string_utf8(struct buffer *out, const struct pdf_obj *string);
/* Appends a text string object for UTF-8 text: a literal when all is ASCII, else UTF-16BE with its mark. */
void pdf_put_text(struct buffer *out, const char *utf8);
/* Appends a number with at most four decimals, the same in every locale. Values beyond 1e12 become 0. */
void pdf_put_number(struct buffer *out, double value);

#endif
