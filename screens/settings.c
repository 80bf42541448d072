/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan: the menu of all that a person can decide once. */

#include "app.h"
#include "screens.h"
#include "ui.h"

static void open_visual(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings_visual, NULL);
}

static void open_security(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings_security, NULL);
}

static void open_language(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_language, NULL);
}

static void open_display(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings_display, NULL);
}

static void open_sign(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings_sign, NULL);
}

static void open_verify(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings_verify, NULL);
}

static void open_trust(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_trust, NULL);
}

static void open_machine(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_machine, NULL);
}

static void open_service(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_service, NULL);
}

static void open_share(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings_share, NULL);
}

static void trouble(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_error(out, &desk_of(ui)->settings_error);
}

static enum ui_mood trouble_mood(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static bool has_trouble(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->settings_error.code != BE_OK;
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = trouble, .mood = trouble_mood, .shown = has_trouble },
	{ .kind = UI_BUTTON,
		.msg = N_("Visualisation"),
		.run = open_visual,
		.help = N_("what a visible signature shows") },
	{ .kind = UI_BUTTON, .msg = N_("Security"), .run = open_security, .help = N_("how signing is authorised") },
	{ .kind = UI_BUTTON, .msg = N_("Language"), .run = open_language, .help = N_("Indonesian or English") },
	{ .kind = UI_BUTTON, .msg = N_("Display"), .run = open_display, .help = N_("colours and characters") },
	{ .kind = UI_BUTTON,
		.msg = N_("When signing"),
		.run = open_sign,
		.help = N_("reason, place, and where signed documents go") },
	{ .kind = UI_BUTTON,
		.msg = N_("When verifying"),
		.run = open_verify,
		.help = N_("what an unknown revocation means") },
	{ .kind = UI_BUTTON,
		.msg = N_("Whom you trust"),
		.run = open_trust,
		.help = N_("the authorities behind signatures") },
	{ .kind = UI_BUTTON,
		.msg = N_("This computer"),
		.run = open_machine,
		.help = N_("what it offers, and what is missing") },
	{ .kind = UI_BUTTON,
		.msg = N_("Sharing"),
		.run = open_share,
		.help = N_("your mail address and mail server, which signed documents are sent through") },
	{ .kind = UI_BUTTON,
		.msg = N_("Account service"),
		.run = open_service,
		.help = N_("who issues your certificates, and how it is reached") },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings = { .name = "settings",
	.title = N_("Settings"),
	.help = N_("What is decided here is kept in a file that you can also edit: see the man page."),
	.fields = fields };
