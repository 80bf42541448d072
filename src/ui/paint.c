/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The picture of the top screen: title, rule, body, one line that speaks, key bar. */

#include "ui/core.h"

#include "base/cells.h"
#include "base/i18n.h"

#include <stdio.h>
#include <string.h>

enum canvas_style ui_style(enum ui_mood mood)
{
	static const enum canvas_style styles[] = { [UI_PLAIN] = CANVAS_PLAIN,
		[UI_GOOD] = CANVAS_GOOD,
		[UI_BAD] = CANVAS_BAD,
		[UI_UNSURE] = CANVAS_UNSURE,
		[UI_FAINT] = CANVAS_FAINT,
		[UI_HEADING] = CANVAS_TITLE };

	return styles[mood];
}

static int put(struct ui *ui, int row, int column, enum canvas_style style, const char *text)
{
	return canvas_put(&ui->canvas, row, column, ui->columns, text, strlen(text), style);
}

/* A button at the top right: the flag. */
static void paint_corner(struct ui *ui, const struct ui_level *level)
{
	const struct ui_field *fields = level->screen->fields;

	for (size_t i = 0; fields[i].kind != UI_END; i++) {
		struct ui_text text = { .utf8 = BUFFER_EMPTY };
		const bool focused = level->focus.field == i;
		int column;

		if (!fields[i].corner || !ui_field_shown(ui, level, i))
			continue;
		if (fields[i].text != NULL)
			fields[i].text(ui, level->state, &text);
		else
			ui_put(&text, fields[i].msg);
		column = ui->columns - (int)cells_width_of(text.utf8.data, text.utf8.len) - 1;
		(void)canvas_put(
			&ui->canvas, 0, column, ui->columns, (const char *)text.utf8.data, text.utf8.len, CANVAS_KEY);
		if (focused) {
			(void)put(ui, 0, column - 2, CANVAS_MARKER, ">");
			ui->canvas.cursor_row = 0;
			ui->canvas.cursor_column = column - 2;
		}
		buffer_free(&text.utf8);
	}
}

static void paint_title(struct ui *ui, const struct ui_level *level)
{
	int column = put(ui, 0, 0, CANVAS_TITLE, "BeSign");

	if (level->screen->title != NULL) {
		column = put(ui, 0, column, CANVAS_TITLE, " - ");
		column = put(ui, 0, column, CANVAS_TITLE, tr(level->screen->title));
	}
	paint_corner(ui, level);
	if (ui_is_compact(ui))
		return;
	/* On a slow line each byte counts. */
	for (int i = 0; i < (ui->frugal ? column : ui->columns); i++)
		(void)put(ui, 1, i, CANVAS_RULE, ui->ascii ? "-" : "\xE2\x94\x80");
}

static void paint_body(struct ui *ui, struct ui_level *level)
{
	const bool compact = ui_is_compact(ui);
	const struct ui_window window = { .row = compact ? 1 : 2,
		.rows = ui->rows - (compact ? 3 : 4),
		.columns = ui_text_columns(ui),
		.compact = compact };
	struct lines lines = LINES_EMPTY;
	bool placed = level->focus.field != UI_NONE && level->screen->fields[level->focus.field].corner;

	ui_layout(ui, level, &window, &lines);
	for (int i = 0; i < window.rows && level->scroll + (size_t)i < lines.count && !lines.failed; i++) {
		const struct lines_line *line = &lines.lines[level->scroll + (size_t)i];

		for (size_t j = 0; j < line->count; j++) {
			const struct lines_piece *piece = &line->pieces[j];

			(void)canvas_put(&ui->canvas, window.row + i, piece->column, ui->columns,
				(const char *)lines.text.data + piece->at, piece->len, piece->style);
		}
		/* The last line of several is where an input's value stands. */
		if (line->field == level->focus.field && line->row == level->focus.row &&
			line->line == level->focus.line && (!placed || line->cursor > 0) && line->field != SIZE_MAX) {
			ui->canvas.cursor_row = window.row + i;
			ui->canvas.cursor_column = line->cursor;
			placed = true;
		}
	}
	lines_free(&lines);
}

/* "12/345", and the filter. */
static void paint_position(struct ui *ui, struct ui_level *level, int row)
{
	const struct ui_field *f = ui_focused(level);
	char text[48];
	size_t positions;
	int column;

	if (f == NULL || f->kind != UI_LIST)
		return;
	positions = ui_list_measure(ui, level, ui_text_columns(ui));
	if (positions <= level->page && level->rows == NULL)
		return;
	(void)snprintf(text, sizeof(text), " %zu/%zu", positions > 0 ? ui_list_position(level) + 1 : 0, positions);
	column = ui->columns - (int)strlen(text) - 1;
	(void)put(ui, row, column, CANVAS_FAINT, text);
}

static void paint_said(struct ui *ui, struct ui_level *level, int row)
{
	struct buffer fitted = BUFFER_EMPTY;
	int column;

	if (ui->said.utf8.len > 0) {
		struct buffer text = BUFFER_EMPTY;

		buffer_add(&text, ui->said.utf8.data, ui->said.utf8.len);
		buffer_add_byte(&text, '\0');
		if (!text.failed)
			cells_fit(&fitted, (const char *)text.data, (size_t)ui->columns - 1,
				ui->ascii ? "~" : "\xE2\x80\xA6");
		(void)canvas_put(&ui->canvas, row, 0, ui->columns, (const char *)fitted.data, fitted.len,
			ui_style(ui->said_mood));
		buffer_free(&text);
		buffer_free(&fitted);
		return;
	}
	paint_position(ui, level, row);
	if (!level->searching && level->filter[0] == '\0')
		return;
	column = put(ui, row, 0, CANVAS_KEY, tr(N_("Search")));
	column = put(ui, row, column, CANVAS_KEY, ": ");
	column = put(ui, row, column, CANVAS_PLAIN, level->filter);
	if (level->searching) {
		ui->canvas.cursor_row = row;
		ui->canvas.cursor_column = column;
	}
}

static void paint_too_small(struct ui *ui)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };
	const char *at;
	size_t left;

	ui_put_numbers(
		&text, N_("Make the window larger: %zu columns and %zu rows at least"), UI_COLUMNS_MIN, UI_ROWS_MIN);
	at = (const char *)text.utf8.data;
	left = text.utf8.len;
	for (int row = 0; row < ui->rows && left > 0; row++) {
		const size_t taken = cells_line(at, left, (size_t)ui->columns);

		(void)canvas_put(&ui->canvas, row, 0, ui->columns, at, taken, CANVAS_PLAIN);
		at += taken;
		left -= taken;
		if (left > 0 && *at == ' ') {
			at++;
			left--;
		}
	}
	ui->canvas.cursor_row = ui->canvas.cursor_column = 0;
	buffer_free(&text.utf8);
}

void ui_paint(struct ui *ui)
{
	struct ui_level *level;

	ui_reap(ui);
	level = ui_top(ui);
	if (level == NULL || canvas_reset(&ui->canvas, ui->rows, ui->columns, ui->ascii) != BE_OK)
		return;
	ui->rows = ui->canvas.rows;
	ui->columns = ui->canvas.columns;
	if (ui->columns < UI_COLUMNS_MIN || ui->rows < UI_ROWS_MIN) {
		paint_too_small(ui);
		return;
	}
	ui_focus_check(ui, level);
	paint_title(ui, level);
	paint_body(ui, level);
	paint_said(ui, level, ui->rows - 2);
	ui_paint_bar(ui, level, ui->rows - 1);
}
