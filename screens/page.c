/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A document as it looks, page by page, with the places of its signature fields. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct reading {
	char *document; /* owned */
	struct page_source *source;
	struct page_picture picture; /* cols 0 until one was drawn */
	uint32_t wanted;
	int rows, columns; /* of the view */
	bool failed;
};

static void drawn(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct reading *s = state;
	struct page_job *work = given;

	s->source = work->source;
	work->source = NULL;
	if (error->code != BE_OK) {
		s->failed = s->picture.cells.cols == 0;
		ui_say_error(ui, error);
		return;
	}
	page_take(&s->picture, work);
	s->wanted = s->picture.number;
	s->failed = false;
}

static void start(struct ui *ui, struct reading *s, const char *text)
{
	struct page_source *source = s->source;

	s->source = NULL;
	page_start(ui, page_job_new(desk_of(ui)->engine, s->document, source, s->wanted, text), s->rows, s->columns,
		drawn);
}

static void sized(struct ui *ui, void *state, int rows, int columns)
{
	struct reading *s = state;

	s->rows = rows;
	s->columns = columns;
	if (rows > 0 && columns > 0)
		start(ui, s, NULL);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct reading *s = state;

	(void)ui;
	s->document = strdup(arg);
	s->wanted = 1;
}

static void leave(struct ui *ui, void *state)
{
	struct reading *s = state;

	desk_of(ui)->engine->page_close(&s->source);
	page_picture_free(&s->picture);
	free(s->document);
}

static bool has_picture(const struct reading *s)
{
	return s->picture.cells.cols > 0;
}

static void view(const struct ui *ui, const void *state, struct ui_view *out)
{
	const struct reading *s = state;
	int row, column;

	(void)ui;
	if (!has_picture(s))
		return;
	view_page(out, &s->picture);
	for (size_t i = 0; i < s->picture.fields.count; i++)
		if (s->picture.fields.fields[i].kind == RENDER_FIELD_SIGNATURE)
			view_frame(out, &s->picture, &s->picture.fields.fields[i].at, true, &row, &column);
}

static void turn_to(struct ui *ui, struct reading *s, uint32_t number)
{
	if (number < 1 || number > s->picture.count) {
		ui_say(ui, UI_UNSURE, N_("There is no further page"));
		return;
	}
	s->wanted = number;
	start(ui, s, NULL);
}

static bool key(struct ui *ui, void *state, uint32_t key)
{
	struct reading *s = state;

	if (!has_picture(s))
		return false;
	if (key == UI_KEY_PAGE_DOWN || key == UI_KEY_DOWN || key == ' ' || key == 'j')
		turn_to(ui, s, s->picture.number + 1);
	else if (key == UI_KEY_PAGE_UP || key == UI_KEY_UP || key == 'b' || key == 'k')
		turn_to(ui, s, s->picture.number - 1);
	else if (key == UI_KEY_HOME || key == 'g')
		turn_to(ui, s, 1);
	else if (key == UI_KEY_END || key == 'G')
		turn_to(ui, s, s->picture.count);
	else
		return false;
	return true;
}

static void where(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct reading *s = state;

	(void)ui;
	if (has_picture(s))
		ui_put_numbers(out, N_("Page %zu of %zu"), s->picture.number, s->picture.count);
	else
		ui_put(out, s->failed ? N_("The page cannot be shown") : N_("Please wait"));
}

static bool has_fields(const struct ui *ui, const void *state)
{
	const struct reading *s = state;

	(void)ui;
	for (size_t i = 0; i < s->picture.fields.count; i++)
		if (s->picture.fields.fields[i].kind == RENDER_FIELD_SIGNATURE)
			return true;
	return false;
}

static const char *no_picture(const struct ui *ui, const void *state)
{
	(void)ui;
	return has_picture(state) ? NULL : N_("the page is not shown");
}

static void found(struct ui *ui, void *state, const char *text)
{
	start(ui, state, text);
}

static void find(struct ui *ui, void *state)
{
	const struct path_request request = { .start = "", .entered = found };

	(void)state;
	ui_push(ui, &screen_find, &request);
}

static void read_text(struct ui *ui, void *state)
{
	ui_push(ui, &screen_page_text, &((const struct reading *)state)->picture);
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
	.state_size = sizeof(struct reading),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
