/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

/*
 * Bytes that grow. A failed allocation sticks: the adding functions may be called in a row and the one question asked
 * at the end. Not for secrets (base/secret.h): growing leaves copies behind.
 */

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	uint8_t *data; /* owned; NULL while empty */
	size_t len;
	size_t cap;
	bool failed; /* an allocation failed; the content is not to be used */
};

#define BUFFER_EMPTY ((struct buffer){ NULL, 0, 0, false })

void buffer_add(struct buffer *b, const void *bytes, size_t len);
void buffer_add_byte(struct buffer *b, uint8_t byte);
void buffer_add_str(struct buffer *b, const char *text);
void buffer_add_fill(struct buffer *b, uint8_t byte, size_t count);
void buffer_printf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* BE_NO_MEMORY when any addition failed. */
enum be_err buffer_check(const struct buffer *b, struct be_error *err);

/* Keeps the memory for the next use. */
void buffer_reset(struct buffer *b);
void buffer_free(struct buffer *b);

#endif
