/* SPDX-License-Identifier: GPL-3.0-or-later */

/* "?": what this screen is for and what every key does, from the same tables that the keys come from. */

#include "ui/core.h"

#include "base/i18n.h"

#include <string.h>

#define ROWS_MAX 64u

enum row_kind { ROW_TEXT, ROW_HEADING, ROW_ACTION, ROW_FIELD, ROW_KEY };

struct help_row {
	enum row_kind kind;
	const char *msg;                /* TEXT, HEADING, KEY */
	const char *key;                /* KEY */
	const struct ui_action *action; /* ACTION */
	const struct ui_field *field;   /* FIELD */
	const char *off;                /* why it cannot be done now */
};

struct help {
	struct help_row rows[ROWS_MAX];
	size_t count;
};

/* Keys stand below each other, texts too. */
#define KEY_CELLS 12

const struct ui_general_key ui_general_keys[] = {
	{ "Enter", N_("choose, open, go on") },
	{ "Esc q", N_("back; on the first screen: quit") },
	{ "Up Down k j", N_("up and down") },
	{ "Left h", N_("back; in a folder: to the one above") },
	{ "Tab", N_("to the next field; Shift-Tab to the one before") },
	{ "PgUp b", N_("a page up") },
	{ "PgDn", N_("a page down; also the space bar, where nothing is marked with it") },
	{ "Home g", N_("to the beginning") },
	{ "End G", N_("to the end") },
	{ "1-9", N_("choose by number") },
	{ "/", N_("search: only rows that have these letters are shown; n and N step through them") },
	{ "? F1 ^G", N_("this help; ^G also while typing") },
	{ "^U ^W", N_("while typing: erase the line, a word") },
	{ "^L", N_("draw the screen anew") },
	{ "^Z", N_("suspend; \"fg\" in the shell comes back") },
	{ "^C", N_("cancel the work that is being done; twice: quit") },
	{ NULL, NULL },
};

static struct help_row *add(struct help *help, enum row_kind kind, const char *msg)
{
	struct help_row *row = &help->rows[help->count < ROWS_MAX ? help->count++ : ROWS_MAX - 1];

	*row = (struct help_row){ .kind = kind, .msg = msg };
	return row;
}

static void add_fields(struct ui *ui, struct help *help, const struct ui_level *level)
{
	for (const struct ui_field *f = level->screen->fields; f->kind != UI_END; f++) {
		const char *off = f->kind == UI_BUTTON && f->guard != NULL ? f->guard(ui, level->state) : NULL;

		if ((f->help == NULL && off == NULL) || !ui_field_shown(ui, level, (size_t)(f - level->screen->fields)))
			continue;
		add(help, ROW_FIELD, NULL)->field = f;
		help->rows[help->count - 1].off = off;
	}
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct help *help = state;
	const struct ui_level *level = arg;

	if (level->screen->help != NULL)
		add(help, ROW_TEXT, level->screen->help);
	add_fields(ui, help, level);
	for (const struct ui_action *a = level->screen->actions; a != NULL && a->run != NULL; a++) {
		struct help_row *row = add(help, ROW_ACTION, NULL);

		row->action = a;
		row->off = a->guard != NULL ? a->guard(ui, level->state) : NULL;
	}
	add(help, ROW_HEADING, N_("Keys that are the same on every screen"));
	for (const struct ui_general_key *k = ui_general_keys; k->key != NULL; k++)
		add(help, ROW_KEY, k->msg)->key = k->key;
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct help *)state)->count;
}

static void put_key(struct ui_text *text, const char *key)
{
	buffer_add_str(&text->utf8, key);
	ui_pad(text, KEY_CELLS);
}

static void put_off(struct ui_text *text, const char *off)
{
	if (off == NULL)
		return;
	buffer_add_str(&text->utf8, " (");
	ui_put(text, N_("Not now"));
	buffer_add_str(&text->utf8, ": ");
	ui_put(text, off);
	buffer_add_str(&text->utf8, ")");
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct help_row *r = &((const struct help *)state)->rows[index];
	struct ui_text *text = &out->text;

	(void)ui;
	switch (r->kind) {
	case ROW_HEADING:
		out->mood = UI_HEADING;
		ui_put(text, r->msg);
		break;
	case ROW_ACTION:
		put_key(text, (const char[]){ r->action->key, '\0' });
		ui_put(text, r->action->msg);
		buffer_add_str(&text->utf8, ": ");
		ui_put(text, r->action->help);
		put_off(text, r->off);
		break;
	case ROW_FIELD:
		if (r->field->msg != NULL) {
			ui_put(text, r->field->msg);
			buffer_add_str(&text->utf8, ": ");
		}
		ui_put(text, r->field->help);
		put_off(text, r->off);
		break;
	case ROW_KEY:
		put_key(text, r->key);
		ui_put(text, r->msg);
		break;
	case ROW_TEXT:
	default:
		ui_put(text, r->msg);
		break;
	}
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_END },
};

const struct ui_screen ui_screen_help = { .name = "help",
	.title = N_("Help"),
	.state_size = sizeof(struct help),
	.fields = fields,
	.enter = enter };
