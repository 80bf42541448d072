/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The main page: what is known of the certificate, and the menus. */

#include "app.h"
#include "screens.h"
#include "ui.h"

static void certificate(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct state *known = &desk_of(ui)->state;

	(void)state;
	if (known->key_file == NULL)
		ui_put(out, N_("none is set yet"));
	else if (known->key.name[0] != '\0')
		ui_put_foreign(out, known->key.name);
	else
		ui_put(out, N_("not read yet: its key file was never opened"));
}

static bool has_key(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->state.key_file != NULL;
}

/* Where there is little room, the menus need it. */
static bool shows_file(const struct ui *ui, const void *state)
{
	return has_key(ui, state) && (!ui_is_compact(ui) || desk_of(ui)->state.key.name[0] == '\0');
}

static bool has_until(const struct ui *ui, const void *state)
{
	return has_key(ui, state) && desk_of(ui)->state.key.until != TIME_NONE;
}

static void until(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct desk *desk = desk_of(ui);
	const int64_t left = desk->state.key.until - desk->engine->now();
	char date[TIME_TEXT_MAX];

	(void)state;
	ui_put_foreign(out, desk_date(date, desk->state.key.until));
	ui_put_foreign(out, " ");
	if (left < 0)
		ui_put(out, N_("(expired)"));
	else
		ui_put_count(out, "(%zu day left)", "(%zu days left)", (size_t)(left / 86400));
}

static void key_file(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	put_path(out, desk_of(ui)->state.key_file);
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

static void open_certificate(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_certificate, NULL);
}

static void open_settings(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings, NULL);
}

static void open_journal(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_journal, NULL);
}

static void open_interrupted(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_resume, NULL);
}

static bool has_interrupted(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->interrupted > 0;
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = certificate },
	{ .kind = UI_FACT, .msg = N_("Valid until"), .text = until, .shown = has_until },
	{ .kind = UI_FACT, .msg = N_("Key file"), .text = key_file, .shown = shows_file },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign"),
		.run = open_sign,
		.help = N_("puts your signature on one or several PDF documents") },
	{ .kind = UI_BUTTON,
		.msg = N_("Verify"),
		.run = open_verify,
		.help = N_("who signed a document, and whether it was changed since") },
	{ .kind = UI_BUTTON,
		.msg = N_("Digital Certificate"),
		.run = open_certificate,
		.help = N_("the certificate and the key that you sign with") },
	{ .kind = UI_BUTTON,
		.msg = N_("Settings"),
		.run = open_settings,
		.help = N_("language, display, signing, whom you trust") },
	{ .kind = UI_BUTTON,
		.msg = N_("Journal"),
		.run = open_journal,
		.help = N_("what was signed, when, and with which certificate") },
	{ .kind = UI_BUTTON,
		.msg = N_("Interrupted batch"),
		.run = open_interrupted,
		.shown = has_interrupted,
		.help = N_("goes on where signing was interrupted") },
	{ .kind = UI_END },
};

const struct ui_screen screen_home = { .name = "home",
	.title = N_("Main page"),
	.help = N_("The main page. Move with the arrow keys and press Enter, or press a number."),
	.fields = fields };
