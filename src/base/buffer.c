/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buffer.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct buffer *b, size_t more)
{
	size_t cap = b->cap != 0 ? b->cap : 256;
	uint8_t *grown;

	if (b->failed || more > SIZE_MAX / 2 || b->len > SIZE_MAX / 2 - more) {
		b->failed = true;
		return false;
	}
	if (b->len + more <= b->cap)
		return true;
	while (cap < b->len + more)
		cap *= 2;
	grown = realloc(b->data, cap);
	if (grown == NULL) {
		b->failed = true;
		return false;
	}
	b->data = grown;
	b->cap = cap;
	return true;
}

void buffer_add(struct buffer *b, const void *bytes, size_t len)
{
	if (len == 0 || !make_room(b, len))
		return;
	memcpy(b->data + b->len, bytes, len);
	b->len += len;
}

void buffer_add_byte(struct buffer *b, uint8_t byte)
{
	buffer_add(b, &byte, 1);
}

void buffer_add_str(struct buffer *b, const char *text)
{
	buffer_add(b, text, strlen(text));
}

void buffer_add_fill(struct buffer *b, uint8_t byte, size_t count)
{
	if (count == 0 || !make_room(b, count))
		return;
	memset(b->data + b->len, byte, count);
	b->len += count;
}

void buffer_printf(struct buffer *b, const char *format, ...)
{
	va_list args;
	va_list again;
	int len;

	va_start(args, format);
	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		b->failed = true;
	else if (make_room(b, (size_t)len + 1)) {
		(void)vsnprintf((char *)b->data + b->len, (size_t)len + 1, format, again);
		b->len += (size_t)len;
	}
	va_end(again);
}

enum be_err buffer_check(const struct buffer *b, struct be_error *err)
{
	if (b->failed)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	return BE_OK;
}

void buffer_reset(struct buffer *b)
{
	b->len = 0;
	b->failed = false;
}

void buffer_free(struct buffer *b)
{
	free(b->data);
	*b = BUFFER_EMPTY;
}
