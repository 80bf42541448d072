/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UI_CANVAS_H
#define UI_CANVAS_H

/*
 * The picture of a screen as cells: characters and styles, before any terminal. A terminal shows it, a test compares
 * it, README.md prints it. Knows no screens and no colours.
 */

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CANVAS_CHARS 5 /* a character and at most four marks on it, as base/sanitise.h lets through */
#define CANVAS_COLUMNS_MAX 1000
#define CANVAS_ROWS_MAX 500

enum canvas_style {
	CANVAS_PLAIN,
	CANVAS_TITLE,
	CANVAS_RULE,
	CANVAS_FAINT,
	CANVAS_GOOD,
	CANVAS_BAD,
	CANVAS_UNSURE,
	CANVAS_KEY,     /* the name of a key */
	CANVAS_MARKER,  /* what has the focus */
	CANVAS_PICTURE, /* a cell with colours of its own */
	CANVAS_MARKED,  /* the same, and it stands out */
	CANVAS_STYLES
};

struct canvas_cell {
	uint32_t chars[CANVAS_CHARS]; /* chars[0] is 0 behind a wide character */
	uint8_t style;
	int16_t fg, bg; /* of a picture; -1: the terminal's own */
};

struct canvas {
	struct canvas_cell *cells; /* rows * columns; owned */
	int rows, columns;
	bool ascii; /* what is not ASCII is shown as "?" */
	int cursor_row, cursor_column;
};

/* Blank, with the cursor at the last cell. BE_NO_MEMORY leaves the old one. */
enum be_err canvas_reset(struct canvas *canvas, int rows, int columns, bool ascii);
void canvas_free(struct canvas *canvas);

/* Writes harmless UTF-8 from that cell on, not beyond limit (a column); returns the column behind it. Outside of the
 * canvas nothing is written. */
int canvas_put(
	struct canvas *canvas, int row, int column, int limit, const char *utf8, size_t len, enum canvas_style style);

/* One cell of a picture. */
void canvas_put_cell(struct canvas *canvas, int row, int column, uint32_t c, int16_t fg, int16_t bg, bool marked);

/* A row as UTF-8, without blanks at its end. */
void canvas_row_text(const struct canvas *canvas, int row, struct buffer *out);

#endif
