/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The picture of the top screen: title, rule, body, one line that speaks, key bar. */

#include "ui/core.h"

#include "base/cells.h"
#include "base/i18n.h"

#include <stdio.h>
#include <stdlib.h>
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
	if (ui_is_compact(ui) || level->screen->bare)
		return;
	/* On a slow line each byte counts. */
	for (int i = 0; i < (ui->frugal ? column : ui->columns); i++)
		(void)put(ui, 1, i, CANVAS_RULE, ui->ascii ? "-" : "\xE2\x94\x80");
}

static void paint_line(struct ui *ui, const struct lines *lines, size_t index, int row)
{
	const struct lines_line *line = &lines->lines[index];

	for (size_t i = 0; i < line->count; i++) {
		const struct lines_piece *piece = &line->pieces[i];

		(void)canvas_put(&ui->canvas, row, piece->column, ui->columns,
			(const char *)lines->text.data + piece->at, piece->len, piece->style);
	}
}

/* What never scrolls away: a verdict. The window is what it leaves. */
static void paint_fixed(struct ui *ui, struct ui_level *level, struct ui_window *window)
{
	struct lines lines = LINES_EMPTY;

	ui_layout_fixed(ui, level, window, &lines);
	for (size_t i = 0; i < lines.count && window->rows > 1 && !lines.failed; i++) {
		paint_line(ui, &lines, i, window->row++);
		window->rows--;
	}
	if (lines.count > 0 && !window->compact) {
		window->row++;
		window->rows--;
	}
	lines_free(&lines);
}

/* The cells of a view, where its empty lines are. */
static void paint_view(struct ui *ui, struct ui_level *level, const struct ui_window *window)
{
	const size_t field = ui_filling_field(level->screen);
	const struct ui_field *f = field != UI_NONE ? &level->screen->fields[field] : NULL;
	const int first = window->row + (int)level->view_line - (int)level->scroll;
	struct ui_view view = { .rows = level->view_rows, .columns = level->view_columns };
	const size_t count = (size_t)view.rows * (size_t)view.columns;

	if (f == NULL || f->kind != UI_VIEW || !ui_field_shown(ui, level, field) || count == 0)
		return;
	view.cells = calloc(count, sizeof(*view.cells));
	if (view.cells == NULL)
		return;
	for (size_t i = 0; i < count; i++)
		view.cells[i] = (struct ui_cell){ .character = ' ', .fg = -1, .bg = -1 };
	f->view(ui, level->state, &view);
	for (int row = 0; row < view.rows; row++) {
		for (int column = 0; column < view.columns; column++) {
			const struct ui_cell *cell = &view.cells[(size_t)row * (size_t)view.columns + (size_t)column];

			if (first + row >= window->row && first + row < window->row + window->rows)
				canvas_put_cell(&ui->canvas, first + row, column + 2, cell->character, cell->fg,
					cell->bg, cell->marked);
		}
	}
	free(view.cells);
	if (level->focus.field != field)
		return;
	ui->canvas.cursor_row = first + view.cursor_row;
	ui->canvas.cursor_column = view.cursor_column + 2;
	(void)put(ui, ui->canvas.cursor_row, 0, CANVAS_MARKER, ">");
}

static void paint_body(struct ui *ui, struct ui_level *level, int said_rows)
{
	const bool compact = ui_is_compact(ui) || level->screen->bare;
	struct ui_window window = { .row = compact ? 1 : 2,
		.rows = ui->rows - (compact ? 2 : 3) - said_rows,
		.columns = ui_text_columns(ui),
		.compact = compact };
	struct lines lines = LINES_EMPTY;
	bool placed = level->focus.field != UI_NONE && level->screen->fields[level->focus.field].corner;

	paint_fixed(ui, level, &window);
	ui_layout(ui, level, &window, &lines);
	for (int i = 0; i < window.rows && level->scroll + (size_t)i < lines.count && !lines.failed; i++) {
		const struct lines_line *line = &lines.lines[level->scroll + (size_t)i];

		paint_line(ui, &lines, level->scroll + (size_t)i, window.row + i);
		/* The last line of several is where an input's value stands. */
		if (line->field == level->focus.field && line->row == level->focus.row &&
			line->line == level->focus.line && (!placed || line->cursor > 0) && line->field != SIZE_MAX) {
			ui->canvas.cursor_row = window.row + i;
			ui->canvas.cursor_column = line->cursor;
			placed = true;
		}
	}
	lines_free(&lines);
	paint_view(ui, level, &window);
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

/* What is left of a text that is put line by line. */
struct rest {
	const char *at;
	size_t left;
};

static bool next_line(struct rest *text, size_t columns, const char **line, size_t *len)
{
	if (text->left == 0)
		return false;
	*line = text->at;
	*len = cells_line(text->at, text->left, columns);
	text->at += *len;
	text->left -= *len;
	if (text->left > 0 && *text->at == ' ') {
		text->at++;
		text->left--;
	}
	return true;
}

static struct rest all_of(const struct ui_text *text)
{
	return (struct rest){ (const char *)text->utf8.data, text->utf8.len };
}

/* A sentence is never cut: it takes the rows it needs from the body. */
static int rows_said(const struct ui *ui)
{
	struct rest text = all_of(&ui->said);
	const char *line;
	size_t len;
	int rows = 0;

	if (text.left == 0 && ui_top(ui)->screen->bare)
		return 0;
	while (rows < ui->rows - UI_ROWS_MIN + 2 && next_line(&text, (size_t)ui->columns - 1, &line, &len))
		rows++;
	return rows > 0 ? rows : 1;
}

static void paint_said(struct ui *ui, int row, int rows)
{
	struct rest text = all_of(&ui->said);
	const char *line;
	size_t len;

	for (int i = 0; i < rows && next_line(&text, (size_t)ui->columns - 1, &line, &len); i++)
		(void)canvas_put(&ui->canvas, row + i, 0, ui->columns, line, len, ui_style(ui->said_mood));
}

/* What is looked for, and where one is: while nothing is said. */
static void paint_place(struct ui *ui, struct ui_level *level, int row)
{
	int column;

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
	struct rest rest;
	const char *line;
	size_t len;

	ui_put_numbers(
		&text, N_("Make the window larger: %zu columns and %zu rows at least"), UI_COLUMNS_MIN, UI_ROWS_MIN);
	rest = all_of(&text);
	for (int row = 0; row < ui->rows && next_line(&rest, (size_t)ui->columns, &line, &len); row++)
		(void)canvas_put(&ui->canvas, row, 0, ui->columns, line, len, CANVAS_PLAIN);
	ui->canvas.cursor_row = ui->canvas.cursor_column = 0;
	buffer_free(&text.utf8);
}

static void paint(struct ui *ui)
{
	struct ui_level *level;
	int said_rows;

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
	said_rows = rows_said(ui);
	paint_title(ui, level);
	paint_body(ui, level, said_rows);
	if (ui->said.utf8.len > 0)
		paint_said(ui, ui->rows - 1 - said_rows, said_rows);
	else
		paint_place(ui, level, ui->rows - 2);
	ui_paint_bar(ui, level, ui->rows - 1);
}

/* A view that has another size than it was told is told, and may begin a job for it; what it has then is shown. */
static bool tell_size(struct ui *ui, int rows, int columns)
{
	struct ui_level *level = ui_top(ui);
	const size_t field = level != NULL ? ui_filling_field(level->screen) : UI_NONE;
	const struct ui_field *f = field != UI_NONE ? &level->screen->fields[field] : NULL;

	if (f == NULL || f->kind != UI_VIEW || f->sized == NULL || ui->job_phase != UI_JOB_NONE ||
		(level->view_rows == rows && level->view_columns == columns))
		return false;
	level->told_rows = level->view_rows;
	level->told_columns = level->view_columns;
	f->sized(ui, level->state, level->view_rows, level->view_columns);
	return true;
}

void ui_settle(struct ui *ui)
{
	const struct ui_level *level = ui_top(ui);

	/* Whoever is looked at has something to ask too, and news of another screen can wait. */
	if (ui->job_phase == UI_JOB_RUNS && ui->job.watches && ui->job_owner != level)
		ui_job_cancel(ui);
	if (level != NULL && level->screen->settled != NULL && ui->job_phase == UI_JOB_NONE && !ui->over)
		level->screen->settled(ui, level->state);
}

void ui_paint(struct ui *ui)
{
	const struct ui_level *level = ui_top(ui);
	const int rows = level != NULL ? level->told_rows : 0;
	const int columns = level != NULL ? level->told_columns : 0;

	ui_settle(ui);
	paint(ui);
	if (tell_size(ui, rows, columns))
		paint(ui);
}
