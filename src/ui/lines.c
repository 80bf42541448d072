/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/lines.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void lines_free(struct lines *lines)
{
	free(lines->lines);
	buffer_free(&lines->text);
	*lines = LINES_EMPTY;
}

struct lines_line *lines_add(struct lines *lines)
{
	static _Thread_local struct lines_line nobody;
	struct lines_line *line = &nobody;

	if (!lines->failed && lines->count == lines->room) {
		const size_t room = lines->room == 0 ? 32 : lines->room * 2;
		struct lines_line *more = reallocarray(lines->lines, room, sizeof(*more));

		lines->failed = more == NULL;
		if (more != NULL) {
			lines->lines = more;
			lines->room = room;
		}
	}
	if (!lines->failed)
		line = &lines->lines[lines->count++];
	memset(line, 0, sizeof(*line));
	line->field = SIZE_MAX;
	return line;
}

void lines_put(
	struct lines *lines, struct lines_line *line, int column, enum canvas_style style, const void *text, size_t len)
{
	if (line->count >= LINES_PIECES || len == 0)
		return;
	line->pieces[line->count++] =
		(struct lines_piece){ .column = column, .at = lines->text.len, .len = len, .style = style };
	buffer_add(&lines->text, text, len);
	lines->failed = lines->failed || lines->text.failed;
}

void lines_put_str(struct lines *lines, struct lines_line *line, int column, enum canvas_style style, const char *text)
{
	lines_put(lines, line, column, style, text, strlen(text));
}

void lines_join(struct lines *lines, struct lines *other)
{
	const size_t shift = lines->text.len;

	if (other->text.len > 0)
		buffer_add(&lines->text, other->text.data, other->text.len);
	for (size_t i = 0; i < other->count; i++) {
		struct lines_line *line = lines_add(lines);

		*line = other->lines[i];
		for (size_t j = 0; j < line->count; j++)
			line->pieces[j].at += shift;
	}
	lines->failed = lines->failed || lines->text.failed || other->failed;
	lines_free(other);
}
