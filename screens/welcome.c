/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The first screen: sign in, or do without an account what needs none. The flag at the top right opens the languages. */

#include "app.h"
#include "screens.h"
#include "ui.h"

static const char *no_service(const struct ui *ui, const void *state)
{
	(void)ui;
	(void)state;
	return N_("the account service comes with one of the next versions");
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
		.guard = no_service,
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
	.fields = fields,
	.actions = actions };
