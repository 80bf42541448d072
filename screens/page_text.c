/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The text of a page, to be read: cells are too large for letters. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct text {
	const struct page_picture *picture; /* of the screen below, which stays */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)ui;
	((struct text *)state)->picture = arg;
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct text *)state)->picture->text.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	(void)ui;
	ui_put_foreign(&out->text, ((const struct text *)state)->picture->text.lines[index].text);
}

static void where(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct page_picture *picture = ((const struct text *)state)->picture;

	(void)ui;
	ui_put_numbers(out, N_("Page %zu of %zu"), picture->number, picture->count);
}

static const struct ui_list list = { .count = count, .row = row, .empty = N_("This page has no text"), .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = where, .fixed = true },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_END },
};

const struct ui_screen screen_page_text = { .name = "page_text",
	.title = N_("Text of the page"),
	.help = N_("What stands on the page, line by line, as far as its order can be told."),
	.state_size = sizeof(struct text),
	.fields = fields,
	.enter = enter };
