/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A screen's list: which rows pass its filter, and how many lines each takes where long ones are broken. */

#include "ui/core.h"

#include "base/cells.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

size_t ui_list_field(const struct ui_screen *screen)
{
	for (size_t i = 0; screen->fields[i].kind != UI_END; i++)
		if (screen->fields[i].kind == UI_LIST)
			return i;
	return UI_NONE;
}

size_t ui_filling_field(const struct ui_screen *screen)
{
	for (size_t i = 0; screen->fields[i].kind != UI_END; i++)
		if (screen->fields[i].kind == UI_LIST || screen->fields[i].kind == UI_VIEW)
			return i;
	return UI_NONE;
}

static const struct ui_list *list_of(const struct ui_level *level)
{
	const size_t field = ui_list_field(level->screen);

	return field != UI_NONE ? level->screen->fields[field].list : NULL;
}

size_t ui_list_rows(const struct ui *ui, struct ui_level *level)
{
	const struct ui_list *list = list_of(level);

	if (level->rows != NULL)
		return level->row_count;
	return list != NULL ? list->count(ui, level->state) : 0;
}

size_t ui_list_index(const struct ui_level *level, size_t row)
{
	return level->rows != NULL && row < level->row_count ? level->rows[row] : row;
}

void ui_list_row(const struct ui *ui, const struct ui_level *level, size_t row, struct ui_row *out)
{
	memset(out, 0, sizeof(*out));
	list_of(level)->row(ui, level->state, ui_list_index(level, row), out);
}

void ui_row_free(struct ui_row *row)
{
	buffer_free(&row->text.utf8);
}

/* ---- the filter ---- */

/* ASCII letters alone match whatever their case: what a person types to find a file. */
static uint8_t folded(uint8_t c)
{
	return c >= 'A' && c <= 'Z' ? (uint8_t)(c - 'A' + 'a') : c;
}

static bool contains(const struct buffer *text, const char *wanted)
{
	const size_t len = strlen(wanted);

	for (size_t i = 0; i + len <= text->len; i++) {
		size_t same = 0;

		while (same < len && folded(text->data[i + same]) == folded((uint8_t)wanted[same]))
			same++;
		if (same == len)
			return true;
	}
	return false;
}

void ui_list_filter(struct ui *ui, struct ui_level *level)
{
	const struct ui_list *list = list_of(level);
	const size_t focused = ui_list_index(level, level->focus.row);
	size_t count;

	free(level->rows);
	level->rows = NULL;
	level->row_count = 0;
	if (list == NULL)
		return;
	level->focus.row = focused;
	level->focus.line = 0;
	if (level->filter[0] == '\0')
		return;
	count = list->count(ui, level->state);
	level->rows = calloc(count > 0 ? count : 1, sizeof(*level->rows));
	if (level->rows == NULL) {
		level->filter[0] = '\0';
		return;
	}
	level->focus.row = 0;
	for (size_t i = 0; i < count; i++) {
		struct ui_row row = { .off = NULL };

		list->row(ui, level->state, i, &row);
		if (contains(&row.text.utf8, level->filter)) {
			if (i == focused)
				level->focus.row = level->row_count;
			level->rows[level->row_count++] = i;
		}
		ui_row_free(&row);
	}
}

void ui_list_changed(struct ui *ui)
{
	struct ui_level *level = ui_top(ui);
	const size_t field = ui_list_field(level->screen);

	level->filter[0] = '\0';
	level->searching = false;
	ui_list_filter(ui, level);
	level->top = 0;
	if (field != UI_NONE)
		level->focus = (struct ui_focus){ .field = field };
}

size_t ui_shown_rows(struct ui *ui)
{
	return ui_list_rows(ui, ui_top(ui));
}

size_t ui_shown_row(const struct ui *ui, size_t row)
{
	return ui_list_index(ui_top(ui), row);
}

/* ---- positions ---- */

size_t ui_wrap(const char *text, size_t len, size_t columns, bool first)
{
	static const size_t hanging = 4;
	const size_t room = first || columns <= hanging + 8 ? columns : columns - hanging;

	return cells_line(text, len, room);
}

static size_t lines_of(const struct buffer *text, size_t columns)
{
	const char *at = (const char *)text->data;
	size_t left = text->len;
	size_t lines = 0;

	while (left > 0) {
		const size_t taken = ui_wrap(at, left, columns, lines == 0);

		at += taken;
		left -= taken;
		if (left > 0 && *at == ' ') {
			at++;
			left--;
		}
		lines++;
	}
	return lines > 0 ? lines : 1;
}

size_t ui_list_measure(const struct ui *ui, struct ui_level *level, size_t width)
{
	const struct ui_list *list = list_of(level);
	const size_t rows = ui_list_rows(ui, level);
	size_t position = 0;

	if (list == NULL || !list->wraps)
		return rows;
	if (level->firsts_room < rows + 1) {
		size_t *more = reallocarray(level->firsts, rows + 1, sizeof(*more));

		if (more == NULL)
			return 0;
		level->firsts = more;
		level->firsts_room = rows + 1;
	}
	for (size_t i = 0; i < rows; i++) {
		struct ui_row row;

		ui_list_row(ui, level, i, &row);
		level->firsts[i] = position;
		position += lines_of(&row.text.utf8, width);
		ui_row_free(&row);
	}
	level->firsts[rows] = position;
	return position;
}

static bool wraps(const struct ui_level *level)
{
	const struct ui_list *list = list_of(level);

	return list != NULL && list->wraps && level->firsts != NULL;
}

size_t ui_list_position(const struct ui_level *level)
{
	return wraps(level) ? level->firsts[level->focus.row] + level->focus.line : level->focus.row;
}

void ui_list_find(const struct ui_level *level, size_t position, size_t *row, size_t *line)
{
	*row = position;
	*line = 0;
	if (!wraps(level))
		return;
	for (*row = 0; level->firsts[*row + 1] <= position; (*row)++)
		;
	*line = position - level->firsts[*row];
}

void ui_list_go(struct ui_level *level, size_t position, size_t positions)
{
	if (positions == 0) {
		level->focus.row = level->focus.line = 0;
		return;
	}
	if (position >= positions)
		position = positions - 1;
	ui_list_find(level, position, &level->focus.row, &level->focus.line);
}
