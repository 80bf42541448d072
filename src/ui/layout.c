/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * From fields to lines. Fields stand below each other; the list takes the rows that the others leave. Where there is
 * little room, blank lines go and a label stands above its value. Column 0 is the marker's; text begins at column 2.
 */

#include "ui/core.h"

#include "base/cells.h"
#include "base/i18n.h"

#include <string.h>

#define TEXT_COLUMN 2
#define HANGING 4
#define FILLING_ROWS_MIN 3u
#define INPUT_COLUMNS_MIN 12

struct layout {
	struct ui *ui;
	struct ui_level *level;
	const struct ui_window *window;
	struct lines *out;
	int values;    /* column of the values of this block of facts and inputs; 0: below their labels */
	size_t number; /* of the last button or word */
};

bool ui_is_compact(const struct ui *ui)
{
	return ui->columns < UI_COLUMNS_COMPACT || ui->rows < UI_ROWS_COMPACT;
}

size_t ui_text_columns(const struct ui *ui)
{
	const int columns = ui->columns - TEXT_COLUMN - (ui_is_compact(ui) ? 0 : 1);

	return columns > 8 ? (size_t)columns : 8;
}

static const char *cut_mark(const struct ui *ui)
{
	return ui->ascii ? "~" : "\xE2\x80\xA6";
}

static int right_of(const struct layout *l)
{
	return TEXT_COLUMN + (int)l->window->columns;
}

/* Puts a text from a column of the line on, and what does not fit on lines of its own below that column. Returns the
 * last line. */
static struct lines_line *put_wrapped(const struct layout *l, struct lines_line *line, int column, int below,
	enum canvas_style style, const struct ui_text *text)
{
	const char *at = (const char *)text->utf8.data;
	size_t left = text->utf8.len;
	int here = column;

	while (left > 0) {
		const int room = right_of(l) - here;
		const size_t taken = cells_line(at, left, room > 1 ? (size_t)room : 1);
		const struct lines_line *first = line;

		lines_put(l->out, line, here, style, at, taken);
		at += taken;
		left -= taken;
		if (left > 0 && *at == ' ') {
			at++;
			left--;
		}
		if (left > 0) {
			const struct lines_line was = *first;

			line = lines_add(l->out);
			line->field = was.field;
			line->row = was.row;
			line->line = was.line;
			line->cursor = was.cursor;
			here = below;
		}
	}
	return line;
}

static bool has_focus(const struct layout *l, size_t field, size_t row)
{
	return l->level->focus.field == field && l->level->focus.row == row;
}

static struct lines_line *stop_line(const struct layout *l, size_t field, size_t row)
{
	struct lines_line *line = lines_add(l->out);

	line->field = field;
	line->row = row;
	return line;
}

static void put_marker(const struct layout *l, struct lines_line *line, bool focused)
{
	if (focused)
		lines_put_str(l->out, line, 0, CANVAS_MARKER, ">");
}

static void put_reason(const struct layout *l, struct lines_line *line, int column, const char *off)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	if (off == NULL)
		return;
	buffer_add_str(&text.utf8, "(");
	ui_put(&text, off);
	buffer_add_str(&text.utf8, ")");
	if (column + (int)cells_width_of(text.utf8.data, text.utf8.len) > right_of(l)) {
		const struct lines_line was = *line;

		line = lines_add(l->out);
		line->field = was.field;
		line->row = was.row;
		column = TEXT_COLUMN + HANGING;
	}
	(void)put_wrapped(l, line, column, column, CANVAS_FAINT, &text);
	buffer_free(&text.utf8);
}

/* ---- fields ---- */

static void field_text(const struct layout *l, const struct ui_field *f, struct ui_text *out)
{
	if (f->text != NULL)
		f->text(l->ui, l->level->state, out);
	else if (f->kind == UI_LABEL)
		ui_put(out, f->msg);
}

static enum canvas_style field_style(const struct layout *l, const struct ui_field *f)
{
	return f->mood != NULL ? ui_style(f->mood(l->level->state)) : CANVAS_PLAIN;
}

static void lay_label(struct layout *l, const struct ui_field *f)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	field_text(l, f, &text);
	(void)put_wrapped(l, lines_add(l->out), TEXT_COLUMN, TEXT_COLUMN, field_style(l, f), &text);
	buffer_free(&text.utf8);
}

/* "Label:", and where its value begins: behind it, or on the next line. */
static struct lines_line *put_title(const struct layout *l, struct lines_line *line, const char *msg, int *column)
{
	const char *title = tr(msg);

	lines_put_str(l->out, line, TEXT_COLUMN, CANVAS_PLAIN, title);
	lines_put_str(l->out, line, TEXT_COLUMN + (int)cells_width(title), CANVAS_PLAIN, ":");
	*column = l->values;
	if (l->values == 0) {
		const struct lines_line was = *line;

		line = lines_add(l->out);
		line->field = was.field;
		*column = TEXT_COLUMN + 2;
	}
	return line;
}

static void lay_fact(struct layout *l, const struct ui_field *f)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };
	int column;
	struct lines_line *line = put_title(l, lines_add(l->out), f->msg, &column);

	field_text(l, f, &text);
	(void)put_wrapped(l, line, column, column, field_style(l, f), &text);
	buffer_free(&text.utf8);
}

/* Skips cells from the left of a text, so that the part with the cursor is seen. */
static size_t skip_cells(const struct buffer *text, size_t cells)
{
	size_t at = 0;

	while (at < text->len && cells_width_of(text->data, at) < cells)
		at++;
	while (at < text->len && (text->data[at] & 0xC0u) == 0x80u)
		at++;
	return at;
}

static void lay_input(struct layout *l, size_t field)
{
	const struct ui_field *f = &l->level->screen->fields[field];
	const bool focused = has_focus(l, field, 0);
	struct buffer text = BUFFER_EMPTY;
	struct lines_line *line = stop_line(l, field, 0);
	size_t cursor;
	size_t skipped = 0;
	int column;
	int room;

	put_marker(l, line, focused);
	line = put_title(l, line, f->msg, &column);
	ui_input_text(l->level, field, &text, &cursor);
	room = right_of(l) - column - 2;
	if (room > 48)
		room = 48;
	if ((int)cursor >= room)
		skipped = skip_cells(&text, cursor - (size_t)room + 1);
	lines_put_str(l->out, line, column, CANVAS_FAINT, "[");
	if (text.len > skipped) {
		const size_t fits = cells_width_of(text.data + skipped, text.len - skipped) > (size_t)room
			? cells_line(text.data + skipped, text.len - skipped, (size_t)room)
			: text.len - skipped;

		lines_put(l->out, line, column + 1, CANVAS_PLAIN, text.data + skipped, fits);
	}
	lines_put_str(l->out, line, column + 1 + room, CANVAS_FAINT, "]");
	line->cursor = column + 1 + (int)(cursor - cells_width_of(text.data, skipped));
	buffer_free(&text);
}

static void lay_check(struct layout *l, size_t field)
{
	const struct ui_field *f = &l->level->screen->fields[field];
	const bool *value = (const bool *)((const char *)l->level->state + f->at);
	struct lines_line *line = stop_line(l, field, 0);
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	put_marker(l, line, has_focus(l, field, 0));
	lines_put_str(l->out, line, TEXT_COLUMN, CANVAS_PLAIN, *value ? "[x]" : "[ ]");
	ui_put(&text, f->msg);
	(void)put_wrapped(l, line, TEXT_COLUMN + 4, TEXT_COLUMN + 4, CANVAS_PLAIN, &text);
	buffer_free(&text.utf8);
}

/* "> 3 Words (why not)" */
static void lay_stop(struct layout *l, size_t field, size_t row, const struct ui_text *text, const char *off)
{
	struct lines_line *line = stop_line(l, field, row);
	const int column = TEXT_COLUMN + 2;

	put_marker(l, line, has_focus(l, field, row));
	if (++l->number <= 9) {
		char digit[2] = { (char)('0' + (int)l->number), '\0' };

		lines_put_str(l->out, line, TEXT_COLUMN, CANVAS_KEY, digit);
	}
	line = put_wrapped(l, line, column, column, off != NULL ? CANVAS_FAINT : CANVAS_PLAIN, text);
	put_reason(l, line, column + (int)cells_width_of(text->utf8.data, text->utf8.len) + 2, off);
}

static void lay_button(struct layout *l, size_t field)
{
	const struct ui_field *f = &l->level->screen->fields[field];

	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	if (f->text != NULL)
		f->text(l->ui, l->level->state, &text);
	else
		ui_put(&text, f->msg);
	lay_stop(l, field, 0, &text, f->guard != NULL ? f->guard(l->ui, l->level->state) : NULL);
	buffer_free(&text.utf8);
}

static void lay_choice(struct layout *l, size_t field)
{
	const struct ui_field *f = &l->level->screen->fields[field];
	size_t chosen;

	memcpy(&chosen, (const char *)l->level->state + f->at, sizeof(chosen));
	if (f->msg != NULL) {
		struct lines_line *line = lines_add(l->out);

		lines_put_str(l->out, line, TEXT_COLUMN, CANVAS_PLAIN, tr(f->msg));
		lines_put_str(l->out, line, TEXT_COLUMN + (int)cells_width(tr(f->msg)), CANVAS_PLAIN, ":");
	}
	for (size_t i = 0; f->words[i] != NULL; i++) {
		struct ui_text text = { .utf8 = BUFFER_EMPTY };

		buffer_add_str(&text.utf8, i == chosen ? "(*) " : "( ) ");
		ui_put(&text, f->words[i]);
		lay_stop(l, field, i, &text, f->word_guard != NULL ? f->word_guard(l->level->state, i) : NULL);
		buffer_free(&text.utf8);
	}
}

/* ---- the list ---- */

static void lay_row_cut(
	const struct layout *l, struct lines_line *line, const struct ui_row *row, const struct ui_list *list)
{
	struct buffer fitted = BUFFER_EMPTY;
	int column = TEXT_COLUMN;
	enum canvas_style style = row->off != NULL ? CANVAS_FAINT : ui_style(row->mood);
	struct buffer text = row->text.utf8;

	if (list->mark != NULL) {
		if (!row->unmarkable)
			lines_put_str(l->out, line, column, CANVAS_PLAIN, row->marked ? "[x]" : "[ ]");
		column += 4;
	}
	buffer_add_byte(&text, '\0');
	if (!text.failed && right_of(l) > column) {
		const size_t room = (size_t)(right_of(l) - column);

		if (list->names)
			cells_fit_name(&fitted, (const char *)text.data, room, cut_mark(l->ui));
		else
			cells_fit(&fitted, (const char *)text.data, room, cut_mark(l->ui));
		lines_put(l->out, line, column, style, fitted.data, fitted.len);
	}
	buffer_free(&fitted);
	buffer_free(&text);
}

static void lay_row_line(const struct layout *l, struct lines_line *line, const struct ui_row *row, size_t wanted)
{
	const char *at = (const char *)row->text.utf8.data;
	size_t left = row->text.utf8.len;

	for (size_t i = 0; left > 0; i++) {
		const size_t taken = ui_wrap(at, left, l->window->columns, i == 0);

		if (i == wanted) {
			lines_put(l->out, line, i == 0 ? TEXT_COLUMN : TEXT_COLUMN + HANGING, ui_style(row->mood), at,
				taken);
			return;
		}
		at += taken;
		left -= taken;
		if (left > 0 && *at == ' ') {
			at++;
			left--;
		}
	}
}

static void lay_position(struct layout *l, size_t field, const struct ui_list *list, size_t position)
{
	struct lines_line *line = lines_add(l->out);
	struct ui_row row;
	size_t at;
	size_t part;

	ui_list_find(l->level, position, &at, &part);
	line->field = field;
	line->row = at;
	line->line = part;
	put_marker(l, line, has_focus(l, field, at) && l->level->focus.line == part);
	ui_list_row(l->ui, l->level, at, &row);
	if (list->wraps) {
		lay_row_line(l, line, &row, part);
		ui_row_free(&row);
	} else {
		lay_row_cut(l, line, &row, list);
	}
}

/* The window moves as little as it can. */
static void lay_list(struct layout *l, size_t field, size_t rows)
{
	struct ui_level *level = l->level;
	const struct ui_list *list = level->screen->fields[field].list;
	const size_t positions = ui_list_measure(l->ui, level, l->window->columns);
	const size_t at = positions > 0 && level->focus.field == field ? ui_list_position(level) : level->top;

	level->page = rows;
	if (positions == 0) {
		struct ui_text text = { .utf8 = BUFFER_EMPTY };

		ui_put(&text, level->rows != NULL ? N_("Nothing matches") : list->empty);
		(void)put_wrapped(l, lines_add(l->out), TEXT_COLUMN, TEXT_COLUMN, CANVAS_FAINT, &text);
		buffer_free(&text.utf8);
		return;
	}
	if (level->top + rows > positions)
		level->top = positions > rows ? positions - rows : 0;
	if (at < level->top)
		level->top = at;
	else if (at >= level->top + rows)
		level->top = at - rows + 1;
	for (size_t i = 0; i < rows && level->top + i < positions; i++)
		lay_position(l, field, list, level->top + i);
}

/* A view's lines are empty: its cells are painted over them. All of them have its focus, the first is its place. */
static void lay_view(struct layout *l, size_t field, size_t rows)
{
	l->level->view_line = l->out->count;
	l->level->view_rows = (int)rows;
	l->level->view_columns = (int)l->window->columns;
	for (size_t i = 0; i < rows; i++)
		(void)stop_line(l, field, i == 0 ? 0 : UI_NONE);
}

static void lay_filling(struct layout *l, size_t field, size_t rows)
{
	if (l->level->screen->fields[field].kind == UI_VIEW)
		lay_view(l, field, rows);
	else
		lay_list(l, field, rows);
}

/* ---- all of it ---- */

static int group_of(enum ui_kind kind)
{
	static const int groups[] = { [UI_END] = 0,
		[UI_LABEL] = 1,
		[UI_FACT] = 2,
		[UI_INPUT] = 2,
		[UI_SECRET] = 2,
		[UI_CHECK] = 2,
		[UI_CHOICE] = 3,
		[UI_BUTTON] = 4,
		[UI_LIST] = 5,
		[UI_VIEW] = 5 };

	return groups[kind];
}

static bool has_title(enum ui_kind kind)
{
	return kind == UI_FACT || kind == UI_INPUT || kind == UI_SECRET;
}

/* Values of one block stand below each other, when that leaves them room enough. */
static int value_column(const struct layout *l, size_t from)
{
	const struct ui_field *fields = l->level->screen->fields;
	size_t widest = 0;
	int column;

	for (size_t i = from; fields[i].kind != UI_END; i++) {
		const bool shown = ui_field_shown(l->ui, l->level, i);

		if (shown && group_of(fields[i].kind) != 2)
			break;
		if (!shown || !has_title(fields[i].kind))
			continue;
		const size_t width = cells_width(tr(fields[i].msg));

		widest = width > widest ? width : widest;
	}
	column = TEXT_COLUMN + (int)widest + 2;
	return right_of(l) - column < 2 * INPUT_COLUMNS_MIN ? 0 : column;
}

static void lay_field(struct layout *l, size_t field)
{
	const struct ui_field *f = &l->level->screen->fields[field];

	switch (f->kind) {
	case UI_LABEL:
		lay_label(l, f);
		break;
	case UI_FACT:
		lay_fact(l, f);
		break;
	case UI_INPUT:
	case UI_SECRET:
		lay_input(l, field);
		break;
	case UI_CHECK:
		lay_check(l, field);
		break;
	case UI_CHOICE:
		lay_choice(l, field);
		break;
	case UI_BUTTON:
		lay_button(l, field);
		break;
	case UI_END:
	case UI_LIST:
	case UI_VIEW:
	default:
		break;
	}
}

/* Lays the fields of one side of the list; two sides that are laid one after the other keep their numbers. */
static void lay_fields(struct layout *l, size_t from, size_t to, int *group)
{
	const struct ui_field *fields = l->level->screen->fields;

	for (size_t i = from; i < to && fields[i].kind != UI_END; i++) {
		const int now = group_of(fields[i].kind);

		if (fields[i].corner || fields[i].fixed || !ui_field_shown(l->ui, l->level, i))
			continue;
		if (*group != 0 && (now != *group || now == 3) && !l->window->compact)
			(void)lines_add(l->out);
		if (now == 2 && *group != 2)
			l->values = value_column(l, i);
		*group = now;
		lay_field(l, i);
	}
}

static size_t line_with_focus(const struct ui_level *level, const struct lines *lines, bool last)
{
	size_t found = UI_NONE;

	for (size_t i = 0; i < lines->count; i++) {
		const struct lines_line *line = &lines->lines[i];

		if (line->field == level->focus.field && line->row == level->focus.row &&
			line->line == level->focus.line && (last || found == UI_NONE))
			found = i;
	}
	return found;
}

/* What stands above the first thing that can have the focus, and below the last, can only be seen with it. */
static void scroll(const struct layout *l)
{
	struct ui_level *level = l->level;
	const size_t rows = (size_t)l->window->rows;
	const size_t most = l->out->count > rows ? l->out->count - rows : 0;
	const size_t first = line_with_focus(level, l->out, false);
	const size_t last = line_with_focus(level, l->out, true);
	bool is_first = true;
	bool is_last = true;

	for (size_t i = 0; first != UI_NONE && i < l->out->count; i++) {
		is_first = is_first && (i >= first || l->out->lines[i].field == SIZE_MAX);
		is_last = is_last && (i <= last || l->out->lines[i].field == SIZE_MAX);
	}
	if (is_first && first < rows)
		level->scroll = 0;
	else if (is_last && first >= most)
		level->scroll = most;
	if (first != UI_NONE && last >= level->scroll + rows)
		level->scroll = last - rows + 1;
	if (first != UI_NONE && first < level->scroll)
		level->scroll = first;
	if (level->scroll > most)
		level->scroll = most;
}

void ui_layout_fixed(struct ui *ui, struct ui_level *level, const struct ui_window *window, struct lines *out)
{
	struct layout l = { .ui = ui, .level = level, .window = window, .out = out };

	for (size_t i = 0; level->screen->fields[i].fixed; i++)
		if (ui_field_shown(ui, level, i))
			lay_label(&l, &level->screen->fields[i]);
}

void ui_layout(struct ui *ui, struct ui_level *level, const struct ui_window *window, struct lines *out)
{
	struct layout l = { .ui = ui, .level = level, .window = window, .out = out };
	const size_t filling = ui_filling_field(level->screen);
	struct lines below = LINES_EMPTY;
	const bool filled = filling != UI_NONE && ui_field_shown(ui, level, filling);
	int group = 0;
	int after = group_of(UI_LIST);

	lay_fields(&l, 0, filling, &group);
	if (filled) {
		size_t used;

		l.out = &below;
		lay_fields(&l, filling + 1, UI_NONE, &after);
		l.out = out;
		if (group != 0 && !window->compact)
			(void)lines_add(out);
		used = out->count + below.count;
		lay_filling(&l, filling,
			used + FILLING_ROWS_MIN < (size_t)window->rows ? (size_t)window->rows - used
								       : FILLING_ROWS_MIN);
		lines_join(out, &below);
	} else if (filling != UI_NONE) {
		lay_fields(&l, filling + 1, UI_NONE, &group);
	}
	scroll(&l);
}
