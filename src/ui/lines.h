/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UI_LINES_H
#define UI_LINES_H

/*
 * A screen's body as lines of text, before they are put on the canvas: pieces of text at columns, and which focus a
 * line stands for.
 */

#include "ui/canvas.h"

struct lines_piece {
	int column;
	size_t at, len; /* in the text of struct lines */
	enum canvas_style style;
};

#define LINES_PIECES 6u

struct lines_line {
	struct lines_piece pieces[LINES_PIECES];
	size_t count;
	size_t field, row, line; /* what it stands for; field SIZE_MAX: nothing that can have the focus */
	int cursor;              /* column of the cursor when it has the focus */
};

struct lines {
	struct lines_line *lines; /* owned */
	size_t count, room;
	struct buffer text;
	bool failed;
};

#define LINES_EMPTY ((struct lines){ NULL, 0, 0, BUFFER_EMPTY, false })

void lines_free(struct lines *lines);
/* Appends an empty line; borrowed until the next call. Never NULL: without memory it is a line that nobody sees. */
struct lines_line *lines_add(struct lines *lines);
/* Appends text to a line, which is the last one. */
void lines_put(struct lines *lines, struct lines_line *line, int column, enum canvas_style style, const void *text,
	size_t len);
void lines_put_str(struct lines *lines, struct lines_line *line, int column, enum canvas_style style, const char *text);
/* Takes the lines of another behind its own; the other is empty then. */
void lines_join(struct lines *lines, struct lines *other);

#endif
