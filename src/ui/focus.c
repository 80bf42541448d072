/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What has the focus, where it goes, and what pressing it does. A thing that is off can have it too: its reason must be
 * readable. */

#include "ui/core.h"

#include <string.h>

const struct ui_field *ui_focused(const struct ui_level *level)
{
	return level->focus.field != UI_NONE ? &level->screen->fields[level->focus.field] : NULL;
}

bool ui_focus_takes_text(const struct ui_level *level)
{
	const struct ui_field *field = ui_focused(level);

	return level->searching || (field != NULL && (field->kind == UI_INPUT || field->kind == UI_SECRET));
}

bool ui_field_shown(const struct ui *ui, const struct ui_level *level, size_t field)
{
	const struct ui_field *f = &level->screen->fields[field];

	return f->shown == NULL || f->shown(ui, level->state);
}

bool ui_can_focus(const struct ui *ui, const struct ui_level *level, size_t field)
{
	const struct ui_field *f = &level->screen->fields[field];

	return f->kind != UI_END && f->kind != UI_LABEL && f->kind != UI_FACT && ui_field_shown(ui, level, field);
}

static size_t words_of(const struct ui_field *field)
{
	size_t count = 0;

	while (field->words[count] != NULL)
		count++;
	return count;
}

/* How many places of the field can have the focus. */
static size_t stops_of(const struct ui *ui, struct ui_level *level, size_t field)
{
	const struct ui_field *f = &level->screen->fields[field];

	if (f->kind == UI_CHOICE)
		return words_of(f);
	return f->kind == UI_LIST ? ui_list_measure(ui, level, ui_text_columns(ui)) : 1;
}

static void enter_field(struct ui *ui, struct ui_level *level, size_t field, bool from_below)
{
	const struct ui_field *f = &level->screen->fields[field];

	level->focus = (struct ui_focus){ .field = field };
	level->cursor = f->kind == UI_INPUT ? strlen((const char *)level->state + f->at) : 0;
	if (f->kind == UI_CHOICE) {
		level->focus.row = from_below ? words_of(f) - 1 : 0;
	} else if (f->kind == UI_LIST) {
		const size_t positions = stops_of(ui, level, field);

		ui_list_go(level, from_below && positions > 0 ? positions - 1 : 0, positions);
	}
}

/* An empty list is passed over, unless there is nothing else. */
static size_t neighbour(struct ui *ui, struct ui_level *level, size_t field, int step)
{
	for (size_t i = field + (size_t)step;; i += (size_t)step) {
		if (i == UI_NONE || level->screen->fields[i].kind == UI_END)
			return UI_NONE;
		if (ui_can_focus(ui, level, i) && stops_of(ui, level, i) > 0)
			return i;
	}
}

/* A button that is off is not what anybody came for. */
static bool is_off(const struct ui *ui, const struct ui_level *level, size_t field)
{
	const struct ui_field *f = &level->screen->fields[field];

	return f->kind == UI_BUTTON && f->guard != NULL && f->guard(ui, level->state) != NULL;
}

void ui_focus_first(struct ui *ui, struct ui_level *level)
{
	const size_t first = neighbour(ui, level, UI_NONE, 1);
	size_t field = first;

	while (field != UI_NONE && is_off(ui, level, field))
		field = neighbour(ui, level, field, 1);
	if (field == UI_NONE)
		field = first;

	level->focus.field = UI_NONE;
	if (field == UI_NONE)
		field = ui_list_field(level->screen);
	if (field != UI_NONE)
		enter_field(ui, level, field, false);
}

void ui_focus_check(struct ui *ui, struct ui_level *level)
{
	size_t stops;

	if (level->rows != NULL)
		ui_list_filter(ui, level);
	if (level->focus.field == UI_NONE || !ui_can_focus(ui, level, level->focus.field)) {
		ui_focus_first(ui, level);
		return;
	}
	stops = stops_of(ui, level, level->focus.field);
	if (ui_focused(level)->kind == UI_LIST) {
		const size_t rows = ui_list_rows(ui, level);

		if (rows == 0)
			ui_focus_first(ui, level);
		else if (level->focus.row >= rows)
			ui_list_go(level, stops, stops);
		else if (level->focus.line > 0)
			ui_list_go(level, ui_list_position(level), stops);
	}
}

void ui_focus_step(struct ui *ui, struct ui_level *level, int step)
{
	const struct ui_field *f = ui_focused(level);
	size_t stops;
	size_t at;
	size_t next;

	if (f == NULL)
		return;
	stops = stops_of(ui, level, level->focus.field);
	at = f->kind == UI_LIST ? ui_list_position(level) : level->focus.row;
	if (step < 0 ? at > 0 : at + 1 < stops) {
		if (f->kind == UI_LIST)
			ui_list_go(level, at + (size_t)step, stops);
		else
			level->focus.row = at + (size_t)step;
		return;
	}
	next = neighbour(ui, level, level->focus.field, step);
	if (next != UI_NONE)
		enter_field(ui, level, next, step < 0);
}

void ui_focus_field(struct ui *ui, struct ui_level *level, int step)
{
	const struct ui_focus before = level->focus;
	size_t next;

	if (before.field == UI_NONE)
		return;
	next = neighbour(ui, level, before.field, step);
	/* Round and round. */
	if (next == UI_NONE && step > 0)
		next = neighbour(ui, level, UI_NONE, 1);
	for (size_t i = before.field; next == UI_NONE && level->screen->fields[i].kind != UI_END; i++)
		if (neighbour(ui, level, i, 1) == UI_NONE && ui_can_focus(ui, level, i))
			next = i;
	if (next != UI_NONE && next != before.field)
		enter_field(ui, level, next, false);
}

void ui_focus(struct ui *ui, size_t at)
{
	struct ui_level *level = ui_top(ui);

	for (size_t i = 0; level->screen->fields[i].kind != UI_END; i++) {
		const struct ui_field *f = &level->screen->fields[i];

		if (f->kind >= UI_INPUT && f->kind <= UI_CHOICE && f->at == at && ui_can_focus(ui, level, i)) {
			enter_field(ui, level, i, false);
			if (f->kind == UI_CHOICE)
				memcpy(&level->focus.row, (const char *)level->state + f->at, sizeof(level->focus.row));
			return;
		}
	}
}

void ui_focus_button(struct ui *ui, ui_run *run)
{
	struct ui_level *level = ui_top(ui);

	for (size_t i = 0; level->screen->fields[i].kind != UI_END; i++)
		if (level->screen->fields[i].kind == UI_BUTTON && level->screen->fields[i].run == run &&
			ui_can_focus(ui, level, i)) {
			enter_field(ui, level, i, false);
			return;
		}
}

void ui_focus_row(struct ui *ui, size_t row)
{
	struct ui_level *level = ui_top(ui);
	const size_t field = ui_list_field(level->screen);

	if (field == UI_NONE || row >= ui_list_rows(ui, level))
		return;
	level->focus = (struct ui_focus){ .field = field, .row = row };
}

/* ---- pressing ---- */

static void press_choice(struct ui *ui, struct ui_level *level, const struct ui_field *f)
{
	const size_t row = level->focus.row;
	const char *off = f->word_guard != NULL ? f->word_guard(level->state, row) : NULL;

	if (off != NULL) {
		ui_say(ui, UI_UNSURE, off);
		return;
	}
	memcpy((char *)level->state + f->at, &row, sizeof(row));
	if (f->run != NULL)
		f->run(ui, level->state);
}

static void press_check(struct ui *ui, struct ui_level *level, const struct ui_field *f)
{
	bool *value = (bool *)((char *)level->state + f->at);

	*value = !*value;
	if (f->run != NULL)
		f->run(ui, level->state);
}

static void press_button(struct ui *ui, struct ui_level *level, const struct ui_field *f)
{
	const char *off = f->guard != NULL ? f->guard(ui, level->state) : NULL;

	if (off != NULL)
		ui_say(ui, UI_UNSURE, off);
	else if (f->run != NULL)
		f->run(ui, level->state);
}

static void press_row(struct ui *ui, struct ui_level *level, const struct ui_field *f)
{
	struct ui_row row;

	if (level->focus.row >= ui_list_rows(ui, level) || f->list->open == NULL)
		return;
	ui_list_row(ui, level, level->focus.row, &row);
	if (row.off != NULL)
		ui_say(ui, UI_UNSURE, row.off);
	else
		f->list->open(ui, level->state, ui_list_index(level, level->focus.row));
	ui_row_free(&row);
}

void ui_press(struct ui *ui, struct ui_level *level)
{
	const struct ui_field *f = ui_focused(level);

	if (f == NULL)
		return;
	switch (f->kind) {
	case UI_CHOICE:
		press_choice(ui, level, f);
		break;
	case UI_CHECK:
		press_check(ui, level, f);
		break;
	case UI_BUTTON:
		press_button(ui, level, f);
		break;
	case UI_LIST:
		press_row(ui, level, f);
		break;
	case UI_INPUT:
	case UI_SECRET:
		if (f->run != NULL)
			f->run(ui, level->state);
		else
			ui_focus_step(ui, level, 1);
		break;
	case UI_VIEW:
		if (f->run != NULL)
			f->run(ui, level->state);
		break;
	case UI_END:
	case UI_LABEL:
	case UI_FACT:
	default:
		break;
	}
}

/* The number in front of a button or a word presses it. Where nothing has a number it goes to that row of the window. */
void ui_choose_number(struct ui *ui, struct ui_level *level, size_t number)
{
	const size_t list = ui_list_field(level->screen);
	size_t counted = 0;

	for (size_t i = 0; level->screen->fields[i].kind != UI_END; i++) {
		const struct ui_field *f = &level->screen->fields[i];

		if ((f->kind != UI_BUTTON && f->kind != UI_CHOICE) || f->corner || !ui_can_focus(ui, level, i))
			continue;
		if (number <= counted + stops_of(ui, level, i)) {
			level->focus = (struct ui_focus){ .field = i, .row = number - counted - 1 };
			ui_press(ui, level);
			return;
		}
		counted += stops_of(ui, level, i);
	}
	if (counted == 0 && list != UI_NONE && level->focus.field == list) {
		const size_t positions = stops_of(ui, level, list);

		if (level->top + number - 1 < positions)
			ui_list_go(level, level->top + number - 1, positions);
	}
}
