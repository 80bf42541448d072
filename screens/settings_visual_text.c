/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Visualisasi -> what stands beside the picture, and a preview that follows what is typed: it is drawn in the sandbox by
 * a job that nobody waits for. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE_TEXT_MAX 24u
#define BRAILLE_BLANK 0x2800u

struct composer {
	struct visual visual; /* as it was given; the picture stays */
	size_t text;          /* enum visual_text */
	char lines[RENDER_LINES_MAX][VISUAL_LINE_MAX];
	char qr[VISUAL_QR_MAX];
	char size[SIZE_TEXT_MAX]; /* "180 x 60" */
	int64_t time;
	/* The preview. */
	int rows, columns;
	bool drawn;                /* something was: wish says what */
	struct visual_wish wish;   /* the last one */
	struct render_cells cells; /* owned; empty when it could not be drawn */
	struct be_error error;     /* why the last one could not; BE_OK otherwise */
};

/* ---- what was typed ---- */

static size_t used_lines(const struct composer *s)
{
	size_t count = RENDER_LINES_MAX;

	while (count > 0 && s->lines[count - 1][0] == '\0')
		count--;
	return count;
}

static bool take_number(uint32_t *out, const char **at)
{
	const size_t digits = strspn(*at, "0123456789");

	if (digits == 0 || digits > 4)
		return false;
	*out = 0;
	for (size_t i = 0; i < digits; i++)
		*out = *out * 10 + (uint32_t)(*(*at)++ - '0');
	return true;
}

static bool take_size(struct visual *out, const char *at)
{
	at += strspn(at, " ");
	if (!take_number(&out->width, &at))
		return false;
	at += strspn(at, " xX*,");
	return take_number(&out->height, &at) && at[strspn(at, " ")] == '\0';
}

/* Behind the end of a text nothing is left, so that two of them can be compared. */
static void copy_text(char *out, size_t size, const char *text)
{
	memset(out, 0, size);
	(void)snprintf(out, size, "%s", text);
}

static enum be_err compose(struct visual *out, const struct composer *s, struct be_error *err)
{
	*out = s->visual;
	out->text = (enum visual_text)s->text;
	/* Lines that are not used need not be right. */
	if (out->text == VISUAL_TEXT_OWN)
		out->line_count = used_lines(s);
	for (size_t i = 0; i < RENDER_LINES_MAX && out->text == VISUAL_TEXT_OWN; i++)
		copy_text(out->lines[i], VISUAL_LINE_MAX, s->lines[i]);
	copy_text(out->qr, sizeof(out->qr), s->qr);
	if (!take_size(out, s->size)) {
		out->width = out->height = 0;
		return be_fail(
			err, BE_USAGE, N_("Write the size as width x height, in points: 180 x 60"), "%s", s->size);
	}
	return visual_check(out, err);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct visual *given = arg;
	struct composer *s = state;

	s->visual = *given;
	s->text = given->text;
	memcpy(s->lines, given->lines, sizeof(s->lines));
	memcpy(s->qr, given->qr, sizeof(s->qr));
	(void)snprintf(s->size, sizeof(s->size), "%u x %u", given->width, given->height);
	s->time = desk_of(ui)->engine->now();
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	render_cells_free(&((struct composer *)state)->cells);
}

/* Who wants lines of their own begins with the usual ones. */
static void text_changed(struct ui *ui, void *state)
{
	struct composer *s = state;
	size_t count;
	const char *const *usual = sign_look_usual(&count);

	(void)ui;
	if (s->text != VISUAL_TEXT_OWN || used_lines(s) > 0)
		return;
	for (size_t i = 0; i < count && i < RENDER_LINES_MAX; i++)
		copy_text(s->lines[i], VISUAL_LINE_MAX, tr(usual[i]));
}

static void save(struct ui *ui, void *state)
{
	struct visual visual;
	struct be_error err = { .code = BE_OK };

	if (compose(&visual, state, &err) != BE_OK || desk_of(ui)->engine->visual_write(&visual, &err) != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	ui_pop(ui);
	ui_say(ui, UI_GOOD, N_("The visualisation is saved"));
}

/* ---- the preview ---- */

struct drawing {
	const struct app_engine *engine;
	struct visual_wish wish;
	struct render_cells cells; /* owned until they are taken */
};

static enum be_err draw(void *work, struct ui_op *op, struct be_error *err)
{
	struct drawing *d = work;

	return d->engine->visual_preview(&d->cells, &d->wish, ui_op_cancel(op), err);
}

static void drawn(struct ui *ui, void *state, void *work, const struct be_error *error)
{
	struct composer *s = state;
	struct drawing *d = work;

	(void)ui;
	s->error = *error;
	/* Something else was more important: once more. */
	s->drawn = error->code != BE_CANCELLED;
	render_cells_free(&s->cells);
	s->cells = d->cells;
	d->cells = (struct render_cells){ .cells = NULL };
}

static void free_drawing(void *work)
{
	render_cells_free(&((struct drawing *)work)->cells);
	free(work);
}

static void make_wish(const struct ui *ui, const struct composer *s, struct visual_wish *out)
{
	static const enum render_mode modes[] = { [UI_DEPTH_256] = RENDER_256,
		[UI_DEPTH_8] = RENDER_8,
		[UI_DEPTH_MONO] = RENDER_MONO,
		[UI_DEPTH_ASCII] = RENDER_ASCII };
	const struct desk *desk = desk_of(ui);
	const char *name = desk->state.key.name;

	memset(out, 0, sizeof(*out));
	copy_text(out->name, sizeof(out->name), name[0] != '\0' ? name : tr(N_("Your Name")));
	copy_text(out->reason, sizeof(out->reason), desk->settings.reason);
	copy_text(out->location, sizeof(out->location), desk->settings.location);
	out->time = s->time;
	out->cols = (uint32_t)s->columns < RENDER_COLS_MAX ? (uint32_t)s->columns : RENDER_COLS_MAX;
	out->rows = (uint32_t)s->rows < RENDER_ROWS_MAX ? (uint32_t)s->rows : RENDER_ROWS_MAX;
	out->mode = modes[ui_depth(ui)];
}

/* What cannot be drawn is said without starting a helper; what was drawn is not drawn again. */
static void settled(struct ui *ui, void *state)
{
	struct composer *s = state;
	struct be_error err = { .code = BE_OK };
	struct visual_wish wish;
	struct drawing *d;
	enum be_err rc;

	if (s->rows <= 0 || s->columns <= 0)
		return;
	make_wish(ui, s, &wish);
	rc = compose(&wish.visual, s, &err);
	if (s->drawn && memcmp(&wish, &s->wish, sizeof(wish)) == 0)
		return;
	s->wish = wish;
	s->drawn = true;
	d = rc == BE_OK ? calloc(1, sizeof(*d)) : NULL;
	if (d == NULL) {
		render_cells_free(&s->cells);
		s->error = rc == BE_OK
			? (struct be_error){ .code = BE_NO_MEMORY, .msgid = N_("There is not enough memory") }
			: err;
		return;
	}
	d->engine = desk_of(ui)->engine;
	d->wish = wish;
	ui_start(ui,
		&(struct ui_job){ .title = N_("Drawing the preview"),
			.run = draw,
			.done = drawn,
			.free = free_drawing,
			.work = d,
			.quiet = true });
}

static void sized(struct ui *ui, void *state, int rows, int columns)
{
	struct composer *s = state;

	s->rows = rows;
	s->columns = columns;
	settled(ui, s);
}

static void view(const struct ui *ui, const void *state, struct ui_view *out)
{
	const struct composer *s = state;

	(void)ui;
	for (uint32_t row = 0; row < s->cells.rows && row < (uint32_t)out->rows; row++) {
		for (uint32_t column = 0; column < s->cells.cols && column < (uint32_t)out->columns; column++) {
			const struct render_cell *cell = &s->cells.cells[(size_t)row * s->cells.cols + column];

			out->cells[(size_t)row * (size_t)out->columns + column] =
				(struct ui_cell){ .character = cell->character == BRAILLE_BLANK ? ' ' : cell->character,
					.fg = cell->fg,
					.bg = cell->bg };
		}
	}
}

static bool fails(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct composer *)state)->error.code != BE_OK;
}

/* On a computer that cannot draw there is nothing to leave room for. */
static bool can_draw(const struct ui *ui, const void *state)
{
	const enum be_err code = ((const struct composer *)state)->error.code;

	(void)ui;
	return code != BE_HELPER && code != BE_SANDBOX;
}

static void put_failure(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, N_("No preview:"));
	ui_put_foreign(out, " ");
	ui_put_error(out, &((const struct composer *)state)->error);
}

static enum ui_mood failure_mood(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

/* ---- the lines: as many as are used, and one more ---- */

static bool line_shown(const struct composer *s, size_t line)
{
	return s->text == VISUAL_TEXT_OWN && line <= used_lines(s);
}

#define LINES(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) X(10) X(11) X(12) X(13) X(14) X(15)

#define X(n) \
	static bool shown_##n(const struct ui *ui, const void *state) \
	{ \
		(void)ui; \
		return line_shown(state, n); \
	}
LINES(X)
#undef X

static const char *const texts[] = { [VISUAL_TEXT_USUAL] = N_("Name, time, reason and place"),
	[VISUAL_TEXT_OWN] = N_("Lines of your own"),
	[VISUAL_TEXT_NONE] = N_("No text"),
	NULL };

static const struct ui_field fields[] = {
	{ .kind = UI_CHOICE,
		.at = offsetof(struct composer, text),
		.words = texts,
		.run = text_changed,
		.help = N_("what stands beside the picture") },
#define X(n) \
	{ .kind = UI_INPUT, \
		.msg = N_("Line"), \
		.at = offsetof(struct composer, lines) + (n)*VISUAL_LINE_MAX, \
		.max = VISUAL_LINE_MAX, \
		.shown = shown_##n, \
		.help = (n) == 0 ? N_("{name}, {time}, {reason} and {location} are filled in") : NULL },
	LINES(X)
#undef X
		{ .kind = UI_INPUT,
			.msg = N_("QR code"),
			.at = offsetof(struct composer, qr),
			.max = VISUAL_QR_MAX,
			.help = N_("its text; empty: no QR code") },
	{ .kind = UI_INPUT,
		.msg = N_("Size"),
		.at = offsetof(struct composer, size),
		.max = SIZE_TEXT_MAX,
		.help = N_("width x height in points, 72 of which are an inch") },
	{ .kind = UI_LABEL, .text = put_failure, .mood = failure_mood, .shown = fails },
	{ .kind = UI_VIEW, .view = view, .sized = sized, .shown = can_draw },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save, .corner = true, .help = N_("keeps all of it") },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings_visual_text = { .name = "settings_visual_text",
	.title = N_("Text and QR code"),
	.help = N_("What stands beside the picture of a visible signature. The preview follows what you type."),
	.state_size = sizeof(struct composer),
	.fields = fields,
	.enter = enter,
	.leave = leave,
	.settled = settled };
