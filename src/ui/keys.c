/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a key does. General keys are the same on every screen; letters that they do not take belong to the screen. */

#include "ui/core.h"

#include <string.h>

/* Letters beside the keys that not every terminal has. */
static const struct {
	char letter;
	uint32_t key;
} letters[] = {
	{ 'k', UI_KEY_UP },
	{ 'j', UI_KEY_DOWN },
	{ 'h', UI_KEY_LEFT },
	{ 'l', UI_KEY_RIGHT },
	{ 'g', UI_KEY_HOME },
	{ 'G', UI_KEY_END },
	{ 'b', UI_KEY_PAGE_UP },
	{ '?', UI_KEY_HELP },
	{ 'q', UI_KEY_ESCAPE },
};

#define LETTERS (sizeof(letters) / sizeof(letters[0]))

bool ui_key_is_general(char key)
{
	for (size_t i = 0; i < LETTERS; i++)
		if (letters[i].letter == key)
			return true;
	return key != '\0' && strchr("nN/ 0123456789", key) != NULL;
}

static uint32_t meaning(uint32_t key)
{
	for (size_t i = 0; i < LETTERS; i++)
		if ((uint32_t)(uint8_t)letters[i].letter == key)
			return letters[i].key;
	return key;
}

static void go_back(struct ui *ui, struct ui_level *level)
{
	if (level->screen->back != NULL)
		level->screen->back(ui, level->state);
	else if (ui->depth > 1)
		ui_pop(ui);
	else
		ui_ask_to_quit(ui);
}

static void set_filter(struct ui *ui, struct ui_level *level, const char *filter)
{
	level->searching = false;
	level->filter[0] = filter[0];
	ui_list_filter(ui, level);
}

static void interrupt(struct ui *ui)
{
	const bool again = ui->interrupted;

	ui->interrupted = true;
	if (ui_job_waited_for(ui)) {
		ui_job_cancel(ui);
		ui->quit_when_done = again;
		ui->status = again ? 130 : 0;
	} else if (again) {
		ui->status = 130;
		ui_quit(ui);
	} else {
		ui_say(ui, UI_UNSURE, N_("Press ^C once more to quit"));
	}
}

static void page(struct ui *ui, struct ui_level *level, int direction)
{
	const struct ui_field *f = ui_focused(level);
	const size_t positions = ui_list_measure(ui, level, ui_text_columns(ui));
	const size_t step = level->page > 1 ? level->page - 1 : 1;
	size_t at;

	if (f == NULL || f->kind != UI_LIST)
		return;
	/* The window goes along: what was at its end is at its beginning then. */
	at = ui_list_position(level);
	level->top = direction > 0 ? level->top + step : level->top > step ? level->top - step : 0;
	ui_list_go(level, direction > 0 ? at + step : at > step ? at - step : 0, positions);
}

static void go_end(struct ui *ui, struct ui_level *level, bool last)
{
	const struct ui_field *f = ui_focused(level);

	if (f != NULL && f->kind == UI_LIST)
		ui_list_go(level, last ? UI_NONE - 1 : 0, ui_list_measure(ui, level, ui_text_columns(ui)));
	else
		for (size_t i = 0; i < 100; i++)
			ui_focus_step(ui, level, last ? 1 : -1);
}

/* All rows that are left match, so the next match is the next row. */
static void next_match(struct ui *ui, struct ui_level *level, int step)
{
	const size_t rows = ui_list_rows(ui, level);

	if (level->rows == NULL || rows == 0)
		return;
	level->focus = (struct ui_focus){ .field = ui_list_field(level->screen),
		.row = (level->focus.row + rows + (size_t)step) % rows };
}

static bool run_action(struct ui *ui, struct ui_level *level, uint32_t key)
{
	const struct ui_action *a = level->screen->actions;
	const char *off;

	while (a != NULL && a->run != NULL && (uint32_t)(uint8_t)a->key != key)
		a++;
	if (a == NULL || a->run == NULL)
		return false;
	off = a->guard != NULL ? a->guard(ui, level->state) : NULL;
	if (off != NULL)
		ui_say(ui, UI_UNSURE, off);
	else
		a->run(ui, level->state);
	return true;
}

static void space(struct ui *ui, struct ui_level *level)
{
	const struct ui_field *f = ui_focused(level);

	if (f == NULL)
		return;
	if (f->kind != UI_LIST) {
		ui_press(ui, level);
	} else if (f->list->mark == NULL) {
		page(ui, level, 1);
	} else if (level->focus.row < ui_list_rows(ui, level)) {
		f->list->mark(ui, level->state, ui_list_index(level, level->focus.row));
		ui_focus_step(ui, level, 1);
	}
}

static void begin_search(struct ui *ui, struct ui_level *level)
{
	const size_t field = ui_list_field(level->screen);

	if (field == UI_NONE || !ui_field_shown(ui, level, field))
		return;
	level->focus = (struct ui_focus){ .field = field };
	set_filter(ui, level, "");
	level->searching = true;
}

/* A word that is chosen is done with: Enter goes on to what comes next, space stays. */
static void enter(struct ui *ui, struct ui_level *level)
{
	const struct ui_field *f = ui_focused(level);

	ui_press(ui, level);
	if (f != NULL && f->kind == UI_CHOICE && f->run == NULL && ui->said.utf8.len == 0)
		ui_focus_field(ui, level, 1);
}

/* Keys that are no text, and mean the same whether text is typed or not. */
static bool general(struct ui *ui, struct ui_level *level, uint32_t key)
{
	switch (key) {
	case UI_KEY_ENTER:
		enter(ui, level);
		return true;
	case UI_KEY_ESCAPE:
		if (level->filter[0] != '\0')
			set_filter(ui, level, "");
		else
			go_back(ui, level);
		return true;
	case UI_KEY_UP:
	case UI_KEY_DOWN:
		ui_focus_step(ui, level, key == UI_KEY_UP ? -1 : 1);
		return true;
	case UI_KEY_TAB:
	case UI_KEY_BACK_TAB:
		ui_focus_field(ui, level, key == UI_KEY_TAB ? 1 : -1);
		return true;
	case UI_KEY_PAGE_UP:
	case UI_KEY_PAGE_DOWN:
		page(ui, level, key == UI_KEY_PAGE_UP ? -1 : 1);
		return true;
	case UI_KEY_HELP:
		if (level->screen != &ui_screen_help)
			ui_push(ui, &ui_screen_help, level);
		return true;
	case UI_KEY_QUIT:
		ui_ask_to_quit(ui);
		return true;
	default:
		return false;
	}
}

static void plain_key(struct ui *ui, struct ui_level *level, uint32_t letter)
{
	const struct ui_field *f = ui_focused(level);
	const uint32_t key = meaning(letter);

	if (f != NULL && f->kind == UI_VIEW && f->key != NULL && f->key(ui, level->state, letter))
		return;
	if (general(ui, level, key))
		return;
	if (key == UI_KEY_HOME || key == UI_KEY_END)
		go_end(ui, level, key == UI_KEY_END);
	else if (key == UI_KEY_LEFT && level->screen->left != NULL)
		level->screen->left(ui, level->state);
	else if (key == UI_KEY_LEFT && ui->depth > 1)
		go_back(ui, level);
	else if (key == UI_KEY_RIGHT)
		ui_press(ui, level);
	else if (key == ' ')
		space(ui, level);
	else if (key == '/')
		begin_search(ui, level);
	else if (key == 'n' || key == 'N')
		next_match(ui, level, key == 'n' ? 1 : -1);
	else if (key >= '1' && key <= '9')
		ui_choose_number(ui, level, key - '0');
	else
		(void)run_action(ui, level, key);
}

static void search_key(struct ui *ui, struct ui_level *level, uint32_t key)
{
	if (key == UI_KEY_ENTER || key == UI_KEY_TAB)
		level->searching = false;
	else if (key == UI_KEY_ESCAPE)
		set_filter(ui, level, "");
	else if (!general(ui, level, key))
		ui_input_key(ui, level, key);
}

/* What is pasted is text and nothing but text: a newline in it presses nothing. */
static void pasted(struct ui *ui, struct ui_level *level, uint32_t key)
{
	if (ui_focus_takes_text(level) && key >= 0x20 && key < 0x110000)
		ui_input_key(ui, level, key);
	else if (!ui_focus_takes_text(level))
		ui_say(ui, UI_UNSURE, N_("What was pasted is ignored: this is no place for text"));
}

void ui_key(struct ui *ui, uint32_t key)
{
	struct ui_level *level;

	ui_reap(ui);
	level = ui_top(ui);
	if (level == NULL || key == UI_KEY_NOTHING)
		return;
	if (key != UI_KEY_INTERRUPT)
		ui->interrupted = false;
	if (key == UI_KEY_PASTE_BEGIN || key == UI_KEY_PASTE_END) {
		ui->pasting = key == UI_KEY_PASTE_BEGIN;
		return;
	}
	buffer_reset(&ui->said.utf8);
	if (ui->pasting)
		pasted(ui, level, key);
	else if (key == UI_KEY_INTERRUPT)
		interrupt(ui);
	else if (level->searching)
		search_key(ui, level, key);
	else if (!ui_focus_takes_text(level))
		plain_key(ui, level, key);
	else if (!general(ui, level, key))
		ui_input_key(ui, level, key);
	ui_reap(ui);
}
