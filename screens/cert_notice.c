/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Something was done at the service, and this comes next. */

#include "app.h"
#include "screens.h"
#include "ui.h"

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)ui;
	*(struct cert_notice *)state = *(const struct cert_notice *)arg;
}

static void title(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, ((const struct cert_notice *)state)->title);
}

static enum ui_mood good(const void *state)
{
	(void)state;
	return UI_GOOD;
}

static void text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, ((const struct cert_notice *)state)->text);
}

/* Where it is not known, the mailbox says it. */
static bool has_mailbox(const struct ui *ui, const void *state)
{
	const struct wire_service *service = &desk_of(ui)->service;

	return ((const struct cert_notice *)state)->letter && (service->name[0] == '\0' || service->mailbox);
}

static bool has_mail(const struct ui *ui, const void *state)
{
	return ((const struct cert_notice *)state)->letter && !has_mailbox(ui, state);
}

static void address(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_foreign(out, desk_of(ui)->user);
}

static bool ends(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct cert_notice *)state)->ends;
}

static bool goes_on(const struct ui *ui, const void *state)
{
	return !ends(ui, state);
}

static bool has_use(const struct ui *ui, const void *state)
{
	return ((const struct cert_notice *)state)->use[0] != '\0' && is_signed_in(ui, state);
}

static void use(struct ui *ui, void *state)
{
	cert_use(ui, ((const struct cert_notice *)state)->use);
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static void close_label(const struct ui *ui, const void *state, struct ui_text *out)
{
	ui_put(out, has_use(ui, state) ? N_("No, later") : N_("OK"));
}

static void open_mailbox(struct ui *ui, void *state)
{
	(void)state;
	ui_replace(ui, &screen_mailbox, NULL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = title, .mood = good },
	{ .kind = UI_LABEL, .text = text },
	{ .kind = UI_FACT, .msg = N_("Look into the mail of"), .text = address, .shown = has_mail },
	{ .kind = UI_BUTTON,
		.msg = N_("Yes, I am sure"),
		.run = use,
		.shown = has_use,
		.help = N_("you sign with it from now on") },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .text = close_label, .run = close, .shown = goes_on },
	{ .kind = UI_BUTTON, .msg = N_("Done"), .run = close, .shown = ends },
	{ .kind = UI_BUTTON,
		.msg = N_("Mailbox"),
		.run = open_mailbox,
		.shown = has_mailbox,
		.help = N_("letters of the service on this computer, which sends no e-mail") },
	{ .kind = UI_END },
};

const struct ui_screen screen_cert_notice = { .name = "cert_notice",
	.title = N_("Notice"),
	.help = N_("What was done, and what comes next."),
	.state_size = sizeof(struct cert_notice),
	.fields = fields,
	.enter = enter };
