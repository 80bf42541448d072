/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the visible signature stands: the page as it looks, and over it the frame that is moved with the keyboard. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How much a key makes the frame larger or smaller, in points. */
#define GROW 6.0
#define SMALLEST 18.0

struct placing {
	struct place_request request;
	char *document; /* owned */
	struct page_source *source;
	struct page_picture picture; /* cols 0 until one was drawn */
	uint32_t wanted;             /* the page that is to be drawn */
	int rows, columns;           /* of the view */
	bool failed;                 /* there is no picture: said, and not tried again */
	size_t next_field;
};

/* ---- drawing ---- */

static void use_page(struct placing *s)
{
	struct place *place = &s->request.place;

	const bool first = place->page_width <= 0;

	s->wanted = s->picture.number;
	place->page = s->picture.number;
	place->page_width = s->picture.page.width;
	place->page_height = s->picture.page.height;
	if (first)
		place_snap(place, 3);
	place_keep_inside(place);
}

/* Above the text, with its left edge; below it where there is no room. */
static void put_at_text(struct place *place, const struct render_rect *at)
{
	place->x = at->x;
	place->y = at->y >= place->height ? at->y - place->height : at->y + at->height;
	place->field[0] = '\0';
	place_keep_inside(place);
}

static void drawn(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct placing *s = state;
	struct page_job *work = given;

	s->source = work->source;
	work->source = NULL;
	if (error->code != BE_OK) {
		s->failed = s->picture.cells.cols == 0;
		ui_say_error(ui, error);
		return;
	}
	page_take(&s->picture, work);
	s->failed = false;
	use_page(s);
	if (work->text != NULL)
		put_at_text(&s->request.place, &work->found);
}

static void start(struct ui *ui, struct placing *s, const char *text)
{
	struct page_source *source = s->source;

	s->source = NULL;
	page_start(ui, page_job_new(desk_of(ui)->engine, s->document, source, s->wanted, text), s->rows, s->columns,
		drawn);
}

static void sized(struct ui *ui, void *state, int rows, int columns)
{
	struct placing *s = state;

	s->rows = rows;
	s->columns = columns;
	if (rows > 0 && columns > 0)
		start(ui, s, NULL);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct placing *s = state;

	(void)ui;
	s->request = *(const struct place_request *)arg;
	s->document = strdup(s->request.document);
	s->wanted = s->request.place.page == PDF_PAGE_LAST ? 1 : s->request.place.page;
}

static void leave(struct ui *ui, void *state)
{
	struct placing *s = state;

	desk_of(ui)->engine->page_close(&s->source);
	page_picture_free(&s->picture);
	free(s->document);
}

/* ---- the picture ---- */

static bool has_picture(const struct placing *s)
{
	return s->picture.cells.cols > 0;
}

static struct render_rect frame_of(const struct place *place)
{
	return (struct render_rect){ place->x, place->y, place->width, place->height };
}

static void view(const struct ui *ui, const void *state, struct ui_view *out)
{
	const struct placing *s = state;
	const struct render_rect frame = frame_of(&s->request.place);
	int row, column;

	(void)ui;
	if (!has_picture(s))
		return;
	view_page(out, &s->picture);
	for (size_t i = 0; i < s->picture.fields.count; i++)
		if (s->picture.fields.fields[i].kind == RENDER_FIELD_SIGNATURE)
			view_frame(out, &s->picture, &s->picture.fields.fields[i].at, false, &row, &column);
	view_frame(out, &s->picture, &frame, true, &out->cursor_row, &out->cursor_column);
}

/* ---- keys ---- */

static void move(struct placing *s, double across, double down)
{
	s->request.place.x += across;
	s->request.place.y += down;
	s->request.place.field[0] = '\0';
	place_keep_inside(&s->request.place);
}

static void grow(struct placing *s, double across, double down)
{
	struct place *place = &s->request.place;

	place->width = place->width + across < SMALLEST ? SMALLEST : place->width + across;
	place->height = place->height + down < SMALLEST ? SMALLEST : place->height + down;
	place->field[0] = '\0';
	place_keep_inside(place);
}

static void go_to_page(struct ui *ui, struct placing *s, uint32_t number)
{
	if (number < 1 || number > s->picture.count) {
		ui_say(ui, UI_UNSURE, N_("There is no further page"));
		return;
	}
	s->wanted = number;
	start(ui, s, NULL);
}

static bool move_key(struct placing *s, uint32_t key)
{
	const double wide = s->picture.page.width / s->picture.cells.cols;
	const double high = s->picture.page.height / s->picture.cells.rows;
	const struct {
		uint32_t key;
		double across, down;
	} moves[] = {
		{ UI_KEY_LEFT, -wide, 0 },
		{ UI_KEY_RIGHT, wide, 0 },
		{ UI_KEY_UP, 0, -high },
		{ UI_KEY_DOWN, 0, high },
		{ 'h', -wide, 0 },
		{ 'l', wide, 0 },
		{ 'k', 0, -high },
		{ 'j', 0, high },
		{ 'H', -1, 0 },
		{ 'L', 1, 0 },
		{ 'K', 0, -1 },
		{ 'J', 0, 1 },
	};

	for (size_t i = 0; i < sizeof(moves) / sizeof(moves[0]); i++) {
		if (moves[i].key == key) {
			move(s, moves[i].across, moves[i].down);
			return true;
		}
	}
	return false;
}

static bool key(struct ui *ui, void *state, uint32_t key)
{
	struct placing *s = state;

	if (!has_picture(s))
		return false;
	if (move_key(s, key))
		return true;
	if (key >= '1' && key <= '9')
		place_snap(&s->request.place, key - '0');
	else if (key == '+' || key == '-')
		grow(s, key == '+' ? 3 * GROW : -3 * GROW, key == '+' ? GROW : -GROW);
	else if (key == '>' || key == '<')
		grow(s, key == '>' ? GROW : -GROW, 0);
	else if (key == ']' || key == '[')
		grow(s, 0, key == ']' ? GROW : -GROW);
	else if (key == UI_KEY_PAGE_DOWN || key == UI_KEY_PAGE_UP)
		go_to_page(ui, s, s->picture.number + (key == UI_KEY_PAGE_DOWN ? 1u : (uint32_t)-1));
	else if (key == UI_KEY_HOME || key == UI_KEY_END)
		go_to_page(ui, s, key == UI_KEY_HOME ? 1 : s->picture.count);
	else
		return false;
	return true;
}

/* ---- what is said of it ---- */

static unsigned points(double length)
{
	return (unsigned)(length + 0.5);
}

static unsigned millimetres(double length)
{
	return (unsigned)(length / 72 * 25.4 + 0.5);
}

static void where(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct placing *s = state;
	const struct place *place = &s->request.place;
	char text[160];

	(void)ui;
	if (!has_picture(s)) {
		ui_put(out,
			s->failed ? N_("The page cannot be shown; the key a goes on with numbers") : N_("Please wait"));
		return;
	}
	ui_put_numbers(out, N_("Page %zu of %zu"), s->picture.number, s->picture.count);
	(void)snprintf(text, sizeof(text), "  %u x %u pt + %u, %u  (%u x %u mm + %u, %u)", points(place->width),
		points(place->height), points(place->x), points(place->y), millimetres(place->width),
		millimetres(place->height), millimetres(place->x), millimetres(place->y));
	ui_put_foreign(out, text);
}

static bool overlaps(const struct render_rect *a, const struct render_rect *b)
{
	return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static bool covers_text(const struct ui *ui, const void *state)
{
	const struct placing *s = state;
	const struct render_rect frame = frame_of(&s->request.place);

	(void)ui;
	for (size_t i = 0; i < s->picture.text.count; i++)
		if (overlaps(&frame, &s->picture.text.lines[i].at))
			return true;
	return false;
}

static enum ui_mood warning(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static bool in_field(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct placing *)state)->request.place.field[0] != '\0';
}

static void field_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct placing *)state)->request.place.field);
}

/* ---- actions ---- */

static const char *no_picture(const struct ui *ui, const void *state)
{
	(void)ui;
	return has_picture(state) ? NULL : N_("the page is not shown");
}

static void done(struct ui *ui, void *state)
{
	const struct place_request request = ((const struct placing *)state)->request;

	ui_pop(ui);
	request.placed(ui, ui_state(ui), &request.place);
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

static const char *no_field(const struct ui *ui, const void *state)
{
	const struct placing *s = state;

	(void)ui;
	for (size_t i = 0; i < s->picture.fields.count; i++)
		if (s->picture.fields.fields[i].kind == RENDER_FIELD_SIGNATURE)
			return NULL;
	return N_("there is no signature field on this page");
}

static void next_field(struct ui *ui, void *state)
{
	struct placing *s = state;
	struct place *place = &s->request.place;
	const struct render_fields *fields = &s->picture.fields;

	(void)ui;
	for (size_t tried = 0; tried < fields->count; tried++) {
		const struct render_field *field = &fields->fields[s->next_field++ % fields->count];

		if (field->kind != RENDER_FIELD_SIGNATURE)
			continue;
		place->x = field->at.x;
		place->y = field->at.y;
		place->width = field->at.width;
		place->height = field->at.height;
		(void)snprintf(place->field, sizeof(place->field), "%s", field->name);
		return;
	}
}

static void numbers(struct ui *ui, void *state)
{
	const struct placing *s = state;
	struct place_request request = s->request;

	request.document = s->document;
	ui_replace(ui, &screen_sign_numbers, &request);
}

static void read_text(struct ui *ui, void *state)
{
	ui_push(ui, &screen_page_text, &((const struct placing *)state)->picture);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = where, .fixed = true },
	{ .kind = UI_LABEL,
		.msg = N_("The signature covers text of the page"),
		.mood = warning,
		.shown = covers_text,
		.fixed = true },
	{ .kind = UI_FACT, .msg = N_("Existing field"), .text = field_text, .shown = in_field },
	{ .kind = UI_VIEW,
		.view = view,
		.key = key,
		.sized = sized,
		.run = done,
		.help = N_(
			"arrows move the frame by a cell, H J K L by a point; + and - make it larger and smaller, < > narrower and wider, [ ] lower and higher; 1 to 9 put it into the corners and edges as on a numeric keypad; PgUp and PgDn turn pages, Home and End go to the first and last") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'v', N_("Done"), N_("The signature is to stand here; Enter does the same."), no_picture, done },
	{ 't', N_("Find text"), N_("Looks for a text and puts the frame above it."), no_picture, find },
	{ 'e', N_("Field"), N_("Goes to the next empty signature field of this page."), no_field, next_field },
	{ 'a', N_("Numbers"), N_("Says the place in numbers, or by the name of a corner."), NULL, numbers },
	{ 'r', N_("Read"), N_("Shows the text of the page, to be read."), no_picture, read_text },
	{ .run = NULL },
};

const struct ui_screen screen_sign_place = { .name = "sign_place",
	.title = N_("Place"),
	.help = N_("Move the frame to where the signature is to be seen, then press Enter."),
	.state_size = sizeof(struct placing),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
