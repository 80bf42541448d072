/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the visible signature stands: the page as it looks, and over it the frame that is moved with the keyboard. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

/* How much a key makes the frame larger or smaller, in points. */
#define GROW 6.0
#define SMALLEST 18.0

struct placing {
	struct page_view page;
	struct place_request request;
	size_t next_field;
};

/* ---- drawing ---- */

static void use_page(struct placing *s)
{
	struct place *place = &s->request.place;

	const bool first = place->page_width <= 0;

	place->page = s->page.picture.number;
	place->page_width = s->page.picture.page.width;
	place->page_height = s->page.picture.page.height;
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

	if (!page_view_take(&s->page, ui, work, error))
		return;
	use_page(s);
	if (work->text != NULL)
		put_at_text(&s->request.place, &work->found);
}

static void sized(struct ui *ui, void *state, int rows, int columns)
{
	page_view_resize(&((struct placing *)state)->page, ui, rows, columns, drawn);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct placing *s = state;

	(void)ui;
	s->request = *(const struct place_request *)arg;
	page_view_open(
		&s->page, s->request.document, s->request.place.page == PDF_PAGE_LAST ? 1 : s->request.place.page);
}

static void leave(struct ui *ui, void *state)
{
	page_view_close(&((struct placing *)state)->page, ui);
}

/* ---- the picture ---- */

static struct render_rect frame_of(const struct place *place)
{
	return (struct render_rect){ place->x, place->y, place->width, place->height };
}

static void view(const struct ui *ui, const void *state, struct ui_view *out)
{
	const struct placing *s = state;
	const struct render_rect frame = frame_of(&s->request.place);

	(void)ui;
	if (!page_view_shown(&s->page))
		return;
	page_view_put(&s->page, out, false);
	page_view_frame(&s->page, out, &frame, true, &out->cursor_row, &out->cursor_column);
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

static bool move_key(struct placing *s, uint32_t key)
{
	const double wide = s->page.picture.page.width / s->page.picture.cells.cols;
	const double high = s->page.picture.page.height / s->page.picture.cells.rows;
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

	if (!page_view_shown(&s->page))
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
		page_view_turn(
			&s->page, ui, s->page.picture.number + (key == UI_KEY_PAGE_DOWN ? 1u : (uint32_t)-1), drawn);
	else if (key == UI_KEY_HOME || key == UI_KEY_END)
		page_view_turn(&s->page, ui, key == UI_KEY_HOME ? 1 : s->page.picture.count, drawn);
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
	if (!page_view_shown(&s->page)) {
		ui_put(out,
			s->page.failed ? N_("The page cannot be shown; the key a goes on with numbers")
				       : N_("Please wait"));
		return;
	}
	ui_put_numbers(out, N_("Page %zu of %zu"), s->page.picture.number, s->page.picture.count);
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
	for (size_t i = 0; i < s->page.picture.text.count; i++)
		if (overlaps(&frame, &s->page.picture.text.lines[i].at))
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
	return page_view_shown(&((const struct placing *)state)->page) ? NULL : N_("the page is not shown");
}

static void done(struct ui *ui, void *state)
{
	const struct place_request request = ((const struct placing *)state)->request;

	ui_pop(ui);
	request.placed(ui, ui_state(ui), &request.place);
}

static void found(struct ui *ui, void *state, const char *text)
{
	page_view_draw(&((struct placing *)state)->page, ui, text, drawn);
}

static void find(struct ui *ui, void *state)
{
	const struct path_request request = { .start = "", .entered = found };

	(void)state;
	ui_push(ui, &screen_find, &request);
}

static const char *no_field(const struct ui *ui, const void *state)
{
	(void)ui;
	return page_view_has_field(&((const struct placing *)state)->page)
		? NULL
		: N_("there is no signature field on this page");
}

static void next_field(struct ui *ui, void *state)
{
	struct placing *s = state;
	struct place *place = &s->request.place;
	const struct render_fields *fields = &s->page.picture.fields;

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

	request.document = s->page.document;
	ui_replace(ui, &screen_sign_numbers, &request);
}

static void read_text(struct ui *ui, void *state)
{
	ui_push(ui, &screen_page_text, &((const struct placing *)state)->page.picture);
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
