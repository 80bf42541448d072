/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first screen: sign in, or do without an account what needs none. The flag at the top right opens the languages. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct welcome {
	bool signed_in; /* when the screen was last on top */
};

static void open_account(struct ui *ui, void *state)
{
	(void)state;
	who_open(ui);
}

/* Who has just signed in is not here any more. */
static void again(struct ui *ui, void *state)
{
	struct welcome *s = state;
	const bool before = s->signed_in;

	s->signed_in = desk_of(ui)->signed_in;
	if (s->signed_in && !before)
		ui_push(ui, &screen_home, NULL);
}

static void flag(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	(void)state;
	ui_put_foreign(out, i18n_get() == I18N_ID ? "[ID]" : "[EN]");
	ui_put_foreign(out, " ");
	ui_put(out, N_("Language"));
}

static void open_language(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_language, NULL);
}

static void open_sign(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_sign, NULL);
}

/* Who never had to do with an account signs with a key file. */
static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	(void)arg;
	if (service_kind(&desk_of(ui)->settings) == SERVICE_NOT_CHOSEN)
		ui_focus_button(ui, open_sign);
}

static void open_verify(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_verify, NULL);
}

static void open_home(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_home, NULL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .msg = N_("BeSign signs PDF documents and verifies the signatures on them.") },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign In"),
		.run = open_account,
		.help = N_("with an account of the authority") },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign with a key file (.p12)"),
		.run = open_sign,
		.help = N_("no account is needed; the key file and its passphrase are") },
	{ .kind = UI_BUTTON,
		.msg = N_("Verify a document"),
		.run = open_verify,
		.help = N_("who signed it, and whether it was changed since") },
	{ .kind = UI_BUTTON, .msg = N_("Main page"), .run = open_home, .help = N_("all menus, without an account") },
	{ .kind = UI_BUTTON,
		.msg = N_("Language"),
		.text = flag,
		.run = open_language,
		.help = N_("Indonesian or English"),
		.corner = true },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'f', N_("Language"), N_("Opens the choice of languages."), NULL, open_language },
	{ .run = NULL },
};

const struct ui_screen screen_welcome = { .name = "welcome",
	.help = N_("Choose what you want to do: move with the arrow keys, or press its number."),
	.state_size = sizeof(struct welcome),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.again = again };
