/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A text of several lines that the service gave, line by line. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

#define LINE_BYTES 1024u

static const char *next(const char *at, const char *end)
{
	const char *newline = memchr(at, '\n', (size_t)(end - at));

	return newline != NULL ? newline : end;
}

size_t text_lines(const struct wire_bytes *text)
{
	const char *at = (const char *)text->data;
	size_t count = 0;

	for (size_t i = 0; i < text->len; i++)
		count += at[i] == '\n';
	return count + (text->len > 0 && at[text->len - 1] != '\n');
}

static bool find(const struct wire_bytes *text, size_t index, const char **line, size_t *len)
{
	const char *at = (const char *)text->data;
	const char *end = at + text->len;

	for (; at < end; at = next(at, end) + 1) {
		if (index-- > 0)
			continue;
		*line = at;
		*len = (size_t)(next(at, end) - at);
		return true;
	}
	return false;
}

void put_text_line(struct ui_text *out, const struct wire_bytes *text, size_t index)
{
	char copy[LINE_BYTES];
	const char *line;
	size_t len;

	if (!find(text, index, &line, &len))
		return;
	if (len > 0 && line[len - 1] == '\r')
		len--;
	if (len >= sizeof(copy))
		len = sizeof(copy) - 1;
	memcpy(copy, line, len);
	copy[len] = '\0';
	ui_put_foreign(out, copy);
	explicit_bzero(copy, sizeof(copy));
}

bool text_line_has(const struct wire_bytes *text, size_t index, const void *bytes, size_t count)
{
	const char *line;
	size_t len;

	return count > 0 && find(text, index, &line, &len) && memmem(line, len, bytes, count) != NULL;
}
