/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A document as it looks, page by page, with the places of its signature fields. */

#include "app.h"
#include "screens.h"
#include "ui.h"

static void drawn(struct ui *ui, void *state, void *work, const struct be_error *error)
{
	(void)page_view_take(state, ui, work, error);
}

static void sized(struct ui *ui, void *state, int rows, int columns)
{
	page_view_resize(state, ui, rows, columns, drawn);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)ui;
	page_view_open(state, arg, 1);
}

static void leave(struct ui *ui, void *state)
{
	page_view_close(state, ui);
}

static void view(const struct ui *ui, const void *state, struct ui_view *out)
{
	(void)ui;
	if (page_view_shown(state))
		page_view_put(state, out, true);
}

static bool key(struct ui *ui, void *state, uint32_t key)
{
	struct page_view *s = state;

	if (!page_view_shown(s))
		return false;
	if (key == UI_KEY_PAGE_DOWN || key == UI_KEY_DOWN || key == ' ' || key == 'j')
		page_view_turn(s, ui, s->picture.number + 1, drawn);
	else if (key == UI_KEY_PAGE_UP || key == UI_KEY_UP || key == 'b' || key == 'k')
		page_view_turn(s, ui, s->picture.number - 1, drawn);
	else if (key == UI_KEY_HOME || key == 'g')
		page_view_turn(s, ui, 1, drawn);
	else if (key == UI_KEY_END || key == 'G')
		page_view_turn(s, ui, s->picture.count, drawn);
	else
		return false;
	return true;
}

static void where(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct page_view *s = state;

	(void)ui;
	if (page_view_shown(s))
		ui_put_numbers(out, N_("Page %zu of %zu"), s->picture.number, s->picture.count);
	else
		ui_put(out, s->failed ? N_("The page cannot be shown") : N_("Please wait"));
}

static bool has_fields(const struct ui *ui, const void *state)
{
	(void)ui;
	return page_view_has_field(state);
}

static const char *no_picture(const struct ui *ui, const void *state)
{
	(void)ui;
	return page_view_shown(state) ? NULL : N_("the page is not shown");
}

static void found(struct ui *ui, void *state, const char *text)
{
	page_view_draw(state, ui, text, drawn);
}

static void find(struct ui *ui, void *state)
{
	const struct path_request request = { .start = "", .entered = found };

	(void)state;
	ui_push(ui, &screen_find, &request);
}

static void read_text(struct ui *ui, void *state)
{
	ui_push(ui, &screen_page_text, &((const struct page_view *)state)->picture);
}

static void read_now(struct ui *ui, void *state)
{
	if (no_picture(ui, state) == NULL)
		read_text(ui, state);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = where, .fixed = true },
	{ .kind = UI_LABEL,
		.msg = N_("Frames show where signature fields are. Only the verdict says whether they hold."),
		.shown = has_fields },
	{ .kind = UI_VIEW,
		.view = view,
		.key = key,
		.sized = sized,
		.run = read_now,
		.help = N_(
			"PgUp and PgDn, or up and down, turn pages; Home and End go to the first and last; Enter shows the text") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'r', N_("Read"), N_("Shows the text of the page, to be read."), no_picture, read_text },
	{ 't', N_("Find text"), N_("Looks for a text on this page and those after it."), no_picture, find },
	{ .run = NULL },
};

const struct ui_screen screen_page = { .name = "page",
	.title = N_("Pages"),
	.help = N_("How the document looks. It is drawn in a closed room; no verdict comes from what is seen here."),
	.state_size = sizeof(struct page_view),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
