/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The QR code of an enrolment, as large as the window: black on white, whatever the terminal's own colours are. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#define QUIET_MOST 4 /* ISO/IEC 18004, 5.3.8; scanners make do with one where there is no room */

struct showing {
	const struct qr *code; /* of the screen below */
	ui_run *cannot;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct qr_request *request = arg;

	(void)ui;
	*(struct showing *)state = (struct showing){ request->code, request->cannot };
}

/* A cell is as high as two modules are wide; without half blocks a module is two blanks. */
static int across(const struct ui *ui)
{
	return ui_depth(ui) == UI_DEPTH_ASCII ? 2 : 1;
}

static int down(const struct ui *ui)
{
	return ui_depth(ui) == UI_DEPTH_ASCII ? 1 : 2;
}

/* The widest quiet zone that there is room for; 0: there is none. */
static int quiet_zone(const struct ui *ui, int side, int rows, int columns)
{
	for (int quiet = QUIET_MOST; quiet > 0; quiet--)
		if (side + 2 * quiet <= rows * down(ui) && (side + 2 * quiet) * across(ui) <= columns)
			return quiet;
	return 0;
}

/* Light ones are drawn as well: what the terminal's own background is, is not known. */
static struct ui_cell draw(enum ui_depth depth, bool upper, bool lower)
{
	const int16_t dark = depth == UI_DEPTH_256 ? 16 : 0;
	const int16_t light = depth == UI_DEPTH_256 ? 231 : 7;

	if (depth == UI_DEPTH_MONO)
		return (struct ui_cell){ .character = upper ? lower ? ' ' : 0x2584
				: lower                     ? 0x2580
							    : 0x2588,
			.fg = -1,
			.bg = -1 };
	return (struct ui_cell){
		.character = upper == lower ? ' ' : 0x2580, .fg = upper ? dark : light, .bg = lower ? dark : light
	};
}

/* Blanks: the background alone is seen, or that they are turned around. */
static struct ui_cell draw_blank(const struct ui *ui, bool dark)
{
	if (!ui_shows_colours(ui))
		return (struct ui_cell){ .character = ' ', .fg = -1, .bg = -1, .marked = !dark };
	return (struct ui_cell){ .character = ' ', .fg = 7, .bg = dark ? 0 : 7 };
}

static void view(const struct ui *ui, const void *state, struct ui_view *out)
{
	const struct showing *s = state;
	const int side = (int)s->code->side;
	const int quiet = quiet_zone(ui, side, out->rows, out->columns);
	const int width = (side + 2 * quiet) * across(ui);
	const int left = (out->columns - width) / 2;

	for (int row = 0; quiet > 0 && row * down(ui) < side + 2 * quiet; row++) {
		for (int column = 0; column < width; column++) {
			const int x = column / across(ui) - quiet;
			const int y = row * down(ui) - quiet;

			out->cells[row * out->columns + left + column] = down(ui) == 2
				? draw(ui_depth(ui), qr_is_dark(s->code, y, x), qr_is_dark(s->code, y + 1, x))
				: draw_blank(ui, qr_is_dark(s->code, y, x));
		}
	}
}

static void go_on(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static void give_up(struct ui *ui, void *state)
{
	ui_run *cannot = ((const struct showing *)state)->cannot;

	ui_pop(ui);
	cannot(ui, ui_state(ui));
}

static void sized(struct ui *ui, void *state, int rows, int columns)
{
	if (quiet_zone(ui, (int)((const struct showing *)state)->code->side, rows, columns) > 0)
		return;
	give_up(ui, state);
	ui_say(ui, UI_UNSURE, N_("The window is too small for the QR code: the setup key does the same"));
}

static const struct ui_field fields[] = {
	{ .kind = UI_VIEW, .msg = N_("Go on"), .view = view, .sized = sized, .run = go_on },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'c', N_("Cannot scan?"), N_("Shows the setup key, to be typed into the authenticator."), NULL, give_up },
	{ .run = NULL },
};

const struct ui_screen screen_otp_qr = { .name = "otp_qr",
	.title = N_("QR code"),
	.help = N_(
		"Scan it with the authenticator app on your phone, then go on to type the code that the app shows. Nobody else may see it: it is the secret itself."),
	.state_size = sizeof(struct showing),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.bare = true };
