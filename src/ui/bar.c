/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The key bar: what can be done here and how, from the screen's own table. Entries that do not fit are left out whole;
 * the way back and the help always stay. */

#include "ui/core.h"

#include "base/cells.h"
#include "base/i18n.h"

#include <string.h>

#define ENTRIES_MAX 24u
#define GAP 2

struct entry {
	char key[12];
	const char *msg;
};

struct bar {
	struct entry entries[ENTRIES_MAX];
	size_t count;
};

static void add(struct bar *bar, const char *key, const char *msg)
{
	if (bar->count == ENTRIES_MAX)
		return;
	strncpy(bar->entries[bar->count].key, key, sizeof(bar->entries[0].key) - 1);
	bar->entries[bar->count++].msg = msg;
}

/* What Enter and space do where the focus is. */
static void add_focus(struct bar *bar, const struct ui_level *level)
{
	const struct ui_field *f = ui_focused(level);

	if (f == NULL)
		return;
	switch (f->kind) {
	case UI_LIST:
		if (f->list->open != NULL)
			add(bar, "Enter", f->list->opens != NULL ? f->list->opens : N_("Open"));
		if (f->list->mark != NULL)
			add(bar, tr(N_("Space")), N_("Mark"));
		break;
	case UI_CHOICE:
	case UI_CHECK:
	case UI_BUTTON:
		add(bar, "Enter", N_("Choose"));
		break;
	case UI_INPUT:
	case UI_SECRET:
		add(bar, "Enter", f->run != NULL ? N_("Go on") : N_("Next"));
		break;
	case UI_VIEW:
		if (f->run != NULL && f->msg != NULL)
			add(bar, "Enter", f->msg);
		break;
	case UI_END:
	case UI_LABEL:
	case UI_FACT:
	default:
		break;
	}
}

static void add_actions(struct bar *bar, const struct ui_level *level)
{
	for (const struct ui_action *a = level->screen->actions; a != NULL && a->run != NULL; a++)
		add(bar, (const char[]){ a->key, '\0' }, a->msg);
}

static int width_of(const struct entry *entry)
{
	return (int)(cells_width(entry->key) + 1 + cells_width(tr(entry->msg)));
}

static int put_entry(struct ui *ui, int row, int column, const struct entry *entry)
{
	const char *msg = tr(entry->msg);

	column = canvas_put(&ui->canvas, row, column, ui->columns, entry->key, strlen(entry->key), CANVAS_KEY);
	return canvas_put(&ui->canvas, row, column + 1, ui->columns, msg, strlen(msg), CANVAS_PLAIN) + GAP;
}

void ui_paint_bar(struct ui *ui, struct ui_level *level, int row)
{
	const bool typing = ui_focus_takes_text(level);
	const struct ui_field *f = ui_focused(level);
	struct bar bar = { .count = 0 };
	struct bar last = { .count = 0 };
	int column = 0;
	int reserved = 0;

	if (level->searching) {
		add(&bar, "Enter", N_("Keep"));
		add(&last, "Esc", N_("All"));
	} else {
		add_focus(&bar, level);
		if (!typing && f != NULL && f->kind == UI_LIST)
			add(&bar, "/", N_("Search"));
		if (!typing)
			add_actions(&bar, level);
		add(&last, typing ? "Esc" : "q", ui->depth > 1 ? N_("Back") : N_("Quit"));
	}
	add(&last, typing ? "^G ?" : "?", N_("Help"));
	for (size_t i = 0; i < last.count; i++)
		reserved += width_of(&last.entries[i]) + (i > 0 ? GAP : 0);
	for (size_t i = 0; i < bar.count; i++)
		if (column + width_of(&bar.entries[i]) + GAP + reserved < ui->columns)
			column = put_entry(ui, row, column, &bar.entries[i]);
	for (size_t i = 0; i < last.count; i++)
		column = put_entry(ui, row, column, &last.entries[i]);
}
