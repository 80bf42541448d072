/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One letter. Its link opens what it is for; it works once, so it is not shown unless somebody wants to see it. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct letter {
	struct wire_mail mail; /* owned */
	bool shows_link;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct wire_mail *from = arg;
	struct letter *s = state;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = BE_OK;

	WIRE_SET(s->mail.subject, from->subject);
	s->mail.at = from->at;
	if (from->text.len > 0)
		rc = wire_set_bytes(&s->mail.text, from->text.data, from->text.len, &err);
	if (rc == BE_OK && from->link != NULL)
		rc = wire_set_secret(&s->mail.link, secret_bytes(from->link), secret_len(from->link), &err);
	if (rc != BE_OK)
		ui_say_error(ui, &err);
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_mail_message, &((struct letter *)state)->mail);
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return text_lines(&((const struct letter *)state)->mail.text);
}

static bool has_link(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct letter *)state)->mail.link != NULL;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct letter *s = state;
	const struct wire_mail *mail = &s->mail;

	if (!s->shows_link && has_link(ui, s) &&
		text_line_has(&mail->text, index, secret_bytes(mail->link), secret_len(mail->link))) {
		ui_put(&out->text, N_("(here stands a link: the button opens it)"));
		out->mood = UI_FAINT;
		return;
	}
	put_text_line(&out->text, &mail->text, index);
}

static void subject(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct letter *)state)->mail.subject);
}

static enum ui_mood heading(const void *state)
{
	(void)state;
	return UI_HEADING;
}

static void open_link(struct ui *ui, void *state)
{
	const struct cert_link link = { ((const struct letter *)state)->mail.link };

	ui_push(ui, &screen_cert_passphrase, &link);
}

static const char *no_link(const struct ui *ui, const void *state)
{
	return has_link(ui, state) ? NULL : N_("this letter has no link");
}

static void show_link(struct ui *ui, void *state)
{
	struct letter *s = state;

	(void)ui;
	s->shows_link = !s->shows_link;
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = subject, .mood = heading, .fixed = true },
	{ .kind = UI_BUTTON,
		.msg = N_("Create Passphrase"),
		.run = open_link,
		.shown = has_link,
		.help = N_("opens the link of the letter") },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'v', N_("View link"), N_("Shows the link in the letter, or hides it again."), no_link, show_link },
	{ .run = NULL },
};

const struct ui_screen screen_mail = { .name = "mail",
	.title = N_("Letter"),
	.help = N_("A letter of the service. The button does what its link is for."),
	.state_size = sizeof(struct letter),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
