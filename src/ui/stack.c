/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The stack of screens: each has its state, which is zeroed before and wiped after. */

#include "ui/core.h"

#include <stdlib.h>
#include <string.h>

#define SECRET_CAPACITY 1024u

enum be_err ui_new(struct ui **out, void *context, struct be_error *err)
{
	struct ui *ui = calloc(1, sizeof(*ui));

	if (ui == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	ui->context = context;
	ui->rows = 24;
	ui->columns = 80;
	ui->terminal_utf8 = true;
	ui->wake = -1;
	ui->op.ui = ui;
	*out = ui;
	return BE_OK;
}

void *ui_context(const struct ui *ui)
{
	return ui->context;
}

struct ui_level *ui_top(const struct ui *ui)
{
	return ui->depth > 0 ? ui->levels[ui->depth - 1] : NULL;
}

void *ui_state(const struct ui *ui)
{
	return ui->depth > 0 ? ui_top(ui)->state : NULL;
}

static struct secret **secret_of(const struct ui_level *level, const struct ui_field *field)
{
	return (struct secret **)(void *)((char *)level->state + field->at);
}

static void level_free(struct ui_level *level)
{
	const struct ui_screen *screen = level->screen;

	for (const struct ui_field *f = screen->fields; f->kind != UI_END; f++)
		if (f->kind == UI_SECRET)
			secret_free(secret_of(level, f));
	explicit_bzero(level->state, screen->state_size);
	free(level->state);
	free(level->rows);
	free(level->firsts);
	free(level);
}

static struct ui_level *level_new(const struct ui_screen *screen)
{
	struct ui_level *level = calloc(1, sizeof(*level));

	if (level == NULL)
		return NULL;
	level->screen = screen;
	level->focus.field = UI_NONE;
	level->state = calloc(1, screen->state_size > 0 ? screen->state_size : 1);
	if (level->state == NULL) {
		free(level);
		return NULL;
	}
	for (const struct ui_field *f = screen->fields; f->kind != UI_END; f++) {
		if (f->kind == UI_SECRET &&
			secret_new(secret_of(level, f), f->max > 0 ? f->max : SECRET_CAPACITY, NULL) != BE_OK) {
			level_free(level);
			return NULL;
		}
	}
	return level;
}

void ui_reap(struct ui *ui)
{
	while (ui->gone_count > 0)
		level_free(ui->gone[--ui->gone_count]);
}

/* A callback that takes its own screen away may still look at its state until it returns. */
static void take_off(struct ui *ui)
{
	struct ui_level *level = ui_top(ui);

	if (ui->job_owner == level) {
		ui->job_owner = NULL;
		ui_job_cancel(ui);
	}
	if (level->screen->leave != NULL)
		level->screen->leave(ui, level->state);
	ui->levels[--ui->depth] = NULL;
	if (ui->gone_count == UI_LEVELS_MAX)
		ui_reap(ui);
	ui->gone[ui->gone_count++] = level;
}

void ui_drop(struct ui *ui, size_t depth)
{
	while (ui->depth > depth)
		take_off(ui);
}

void ui_free(struct ui **ui)
{
	struct ui *u = *ui;

	if (u == NULL)
		return;
	ui_drop(u, 0);
	ui_reap(u);
	canvas_free(&u->canvas);
	buffer_free(&u->said.utf8);
	buffer_free(&u->clipboard.utf8);
	free(u);
	*ui = NULL;
}

void ui_push(struct ui *ui, const struct ui_screen *screen, const void *arg)
{
	struct ui_level *level = ui->depth < UI_LEVELS_MAX ? level_new(screen) : NULL;

	if (level == NULL) {
		ui_say(ui, UI_BAD, N_("There is not enough memory for another screen"));
		return;
	}
	ui->levels[ui->depth++] = level;
	if (screen->enter != NULL)
		screen->enter(ui, level->state, arg);
	if (level->focus.field == UI_NONE)
		ui_focus_first(ui, level);
}

void ui_pop(struct ui *ui)
{
	struct ui_level *below;

	if (ui->depth == 0)
		return;
	take_off(ui);
	below = ui_top(ui);
	if (below == NULL) {
		ui_quit(ui);
		return;
	}
	if (below->screen->again != NULL)
		below->screen->again(ui, below->state);
	if (ui_top(ui) == below)
		ui_focus_check(ui, below);
}

void ui_replace(struct ui *ui, const struct ui_screen *screen, const void *arg)
{
	if (ui->depth > 0)
		take_off(ui);
	ui_push(ui, screen, arg);
	if (ui->depth == 0)
		ui_quit(ui);
}

bool ui_is_open(const struct ui *ui, const char *name)
{
	for (size_t i = 0; i < ui->depth; i++)
		if (strcmp(ui->levels[i]->screen->name, name) == 0)
			return true;
	return false;
}

void ui_back_to(struct ui *ui, const char *name)
{
	size_t keep = 1;
	struct ui_level *top;

	for (size_t i = 0; i < ui->depth; i++)
		if (strcmp(ui->levels[i]->screen->name, name) == 0)
			keep = i + 1;
	ui_drop(ui, keep);
	top = ui_top(ui);
	if (top != NULL && top->screen->again != NULL)
		top->screen->again(ui, top->state);
	if (top != NULL && ui_top(ui) == top)
		ui_focus_check(ui, top);
}

void ui_quit(struct ui *ui)
{
	ui->over = true;
}

/* ---- the line above the key bar ---- */

void ui_say_text(struct ui *ui, enum ui_mood mood, const struct ui_text *text)
{
	buffer_reset(&ui->said.utf8);
	ui->said_mood = mood;
	if (text->utf8.len > 0)
		buffer_add(&ui->said.utf8, text->utf8.data, text->utf8.len);
}

void ui_say(struct ui *ui, enum ui_mood mood, const char *msgid)
{
	buffer_reset(&ui->said.utf8);
	ui->said_mood = mood;
	ui_put(&ui->said, msgid);
}

void ui_say_error(struct ui *ui, const struct be_error *error)
{
	buffer_reset(&ui->said.utf8);
	ui->said_mood = UI_BAD;
	ui_put_error(&ui->said, error);
}

void ui_copy(struct ui *ui, const char *string)
{
	buffer_reset(&ui->clipboard.utf8);
	buffer_add_str(&ui->clipboard.utf8, string);
	buffer_reset(&ui->said.utf8);
	ui->said_mood = UI_PLAIN;
	ui_put_foreign(&ui->said, string);
}

bool ui_shows_views(const struct ui *ui)
{
	return !ui->plain;
}

bool ui_shows_colours(const struct ui *ui)
{
	return ui->colour;
}

enum ui_depth ui_depth(const struct ui *ui)
{
	if (ui->ascii)
		return UI_DEPTH_ASCII;
	if (!ui->colour)
		return UI_DEPTH_MONO;
	return ui->terminal_colours >= 256 ? UI_DEPTH_256 : UI_DEPTH_8;
}

void ui_set_look(struct ui *ui, enum ui_colour colour, enum ui_characters characters)
{
	ui->colour_wish = colour;
	ui->characters_wish = characters;
	ui->colour =
		ui->terminal_colour && (colour == UI_COLOUR_ALWAYS || (colour == UI_COLOUR_AUTO && !ui->no_colour));
	ui->ascii = characters == UI_CHARACTERS_ASCII || !ui->terminal_utf8;
}
