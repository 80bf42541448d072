/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/canvas.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static struct canvas_cell *cell_at(const struct canvas *canvas, int row, int column)
{
	return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

static void set_blank(struct canvas_cell *cell)
{
	memset(cell, 0, sizeof(*cell));
	cell->chars[0] = ' ';
}

enum be_err canvas_reset(struct canvas *canvas, int rows, int columns, bool ascii)
{
	const int r = rows < 1 ? 1 : rows > CANVAS_ROWS_MAX ? CANVAS_ROWS_MAX : rows;
	const int c = columns < 1 ? 1 : columns > CANVAS_COLUMNS_MAX ? CANVAS_COLUMNS_MAX : columns;
	const size_t count = (size_t)r * (size_t)c;

	if (canvas->cells == NULL || r != canvas->rows || c != canvas->columns) {
		struct canvas_cell *cells = calloc(count, sizeof(*cells));

		if (cells == NULL)
			return BE_NO_MEMORY;
		free(canvas->cells);
		canvas->cells = cells;
		canvas->rows = r;
		canvas->columns = c;
	}
	for (size_t i = 0; i < count; i++)
		set_blank(&canvas->cells[i]);
	canvas->ascii = ascii;
	canvas->cursor_row = r - 1;
	canvas->cursor_column = c - 1;
	return BE_OK;
}

void canvas_free(struct canvas *canvas)
{
	free(canvas->cells);
	memset(canvas, 0, sizeof(*canvas));
}

static void join_mark(struct canvas_cell *cell, uint32_t mark)
{
	for (size_t i = 1; i < CANVAS_CHARS; i++) {
		if (cell->chars[i] == 0) {
			cell->chars[i] = mark;
			return;
		}
	}
}

/* A terminal that was told to speak ASCII gets a "?" for each cell, so that columns stay where they are. */
static void set_cells(struct canvas *canvas, int row, int column, uint32_t c, int width, enum canvas_style style)
{
	const bool foreign = canvas->ascii && c >= 0x7F;

	for (int i = 0; i < width; i++) {
		struct canvas_cell *cell = cell_at(canvas, row, column + i);

		memset(cell, 0, sizeof(*cell));
		cell->chars[0] = foreign ? '?' : i == 0 ? c : 0;
		cell->style = (uint8_t)style;
	}
}

int canvas_put(
	struct canvas *canvas, int row, int column, int limit, const char *utf8, size_t len, enum canvas_style style)
{
	const uint8_t *at = (const uint8_t *)utf8;
	int last = -1; /* column of the character that a mark joins */

	if (limit > canvas->columns)
		limit = canvas->columns;
	if (row < 0 || row >= canvas->rows || column < 0)
		return column;
	while (len > 0) {
		uint32_t c;
		const size_t taken = utf8_decode(at, len, &c);
		const int width = utf8_width(c);

		at += taken;
		len -= taken;
		if (width < 0)
			continue;
		if (width == 0) {
			if (last >= 0 && !canvas->ascii)
				join_mark(cell_at(canvas, row, last), c);
			continue;
		}
		if (column + width > limit)
			break;
		set_cells(canvas, row, column, c, width, style);
		last = column;
		column += width;
	}
	return column;
}

void canvas_put_cell(struct canvas *canvas, int row, int column, uint32_t c, int16_t fg, int16_t bg, bool marked)
{
	struct canvas_cell *cell;

	if (row < 0 || row >= canvas->rows || column < 0 || column >= canvas->columns)
		return;
	if (c < 0x20 || utf8_width(c) != 1)
		c = ' ';
	set_cells(canvas, row, column, c, 1, marked ? CANVAS_MARKED : CANVAS_PICTURE);
	cell = cell_at(canvas, row, column);
	cell->fg = fg;
	cell->bg = bg;
}

void canvas_row_text(const struct canvas *canvas, int row, struct buffer *out)
{
	size_t end = out->len;

	for (int column = 0; column < canvas->columns; column++) {
		const struct canvas_cell *cell = cell_at(canvas, row, column);

		for (size_t i = 0; i < CANVAS_CHARS && cell->chars[i] != 0; i++) {
			uint8_t bytes[4];

			buffer_add(out, bytes, utf8_encode(cell->chars[i], bytes));
		}
		if (cell->chars[0] != ' ' && !out->failed)
			end = out->len;
	}
	if (!out->failed)
		out->len = end;
}
