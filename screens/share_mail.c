/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bagikan -> by mail: one letter with all documents. Who sends it, and through which server, is set once. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

#define LINE_MAX_TYPED 1024

struct letter {
	struct share_form form;
	char to[LINE_MAX_TYPED];
	char subject[SHARE_SUBJECT_MAX];
	char message[LINE_MAX_TYPED];
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct letter *s = state;
	const char *last = desk_of(ui)->state.share_mail;

	share_form_open(&s->form, ui, arg);
	(void)snprintf(s->to, sizeof(s->to), "%s", last != NULL ? last : "");
	ui_focus(ui, offsetof(struct letter, to));
	desk_of(ui)->engine->guard();
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	share_form_close(state);
}

static struct share_job job_of(const struct ui *ui, const struct letter *s)
{
	struct share_job job = { .way = SHARE_MAIL };

	share_mail_settings(&job.mail, &desk_of(ui)->settings);
	job.mail.to = s->to;
	job.mail.subject = s->subject;
	job.mail.message = s->message;
	return job;
}

static void from_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct settings *settings = &desk_of(ui)->settings;

	(void)state;
	if (settings->mail_from[0] == '\0')
		ui_put(out, N_("not set yet"));
	else
		ui_put_foreign(out, settings->mail_from);
}

static void through_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct settings *settings = &desk_of(ui)->settings;

	(void)state;
	if (settings->mail_server[0] == '\0')
		ui_put(out, N_("the sendmail program of this computer"));
	else
		ui_put_foreign(out, settings->mail_server);
}

static bool asks_password(const struct ui *ui, const void *state)
{
	const struct share_job job = job_of(ui, state);

	return share_wants_password(&job);
}

static const char *not_yet(const struct ui *ui, const void *state)
{
	struct be_error err = { .code = BE_OK };
	const struct share_job job = job_of(ui, state);

	return share_mail_check(&job.mail, &err) == BE_OK ? NULL : err.msgid;
}

/* Said with what is wrong, and where: the guard has only the sentence. */
static void start(struct ui *ui, void *state)
{
	struct letter *s = state;
	const struct share_job job = job_of(ui, s);
	struct be_error err = { .code = BE_OK };

	if (share_mail_check(&job.mail, &err) != BE_OK)
		ui_say_error(ui, &err);
	else if (asks_password(ui, s) && secret_len(s->form.password) == 0)
		ui_focus(ui, offsetof(struct letter, form.password));
	else
		share_form_start(&s->form, ui, &job);
}

static void open_settings(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings_share, NULL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("To be shared"), .text = share_form_documents },
	{ .kind = UI_FACT, .msg = N_("From"), .text = from_text },
	{ .kind = UI_FACT, .msg = N_("Through"), .text = through_text },
	{ .kind = UI_INPUT,
		.msg = N_("To"),
		.at = offsetof(struct letter, to),
		.max = LINE_MAX_TYPED,
		.help = N_("mail addresses, with a comma between them; they all see each other") },
	{ .kind = UI_INPUT,
		.msg = N_("Subject"),
		.at = offsetof(struct letter, subject),
		.max = SHARE_SUBJECT_MAX,
		.help = N_("empty: the name of the document") },
	{ .kind = UI_INPUT, .msg = N_("Message"), .at = offsetof(struct letter, message), .max = LINE_MAX_TYPED },
	{ .kind = UI_SECRET,
		.msg = N_("Password"),
		.at = offsetof(struct letter, form.password),
		.shown = asks_password,
		.run = start,
		.help = N_("of the mail server; it is not kept") },
	{ .kind = UI_BUTTON, .msg = N_("Send"), .guard = not_yet, .run = start },
	{ .kind = UI_BUTTON,
		.msg = N_("Mail settings"),
		.run = open_settings,
		.help = N_("your mail address, and the server that sends") },
	{ .kind = UI_END },
};

const struct ui_screen screen_share_mail = { .name = "share_mail",
	.title = N_("By mail"),
	.help = N_(
		"One letter with all documents, up to 50 MiB; many servers take less. It is sent as it is: whoever carries it can read it."),
	.state_size = sizeof(struct letter),
	.fields = fields,
	.enter = enter,
	.leave = leave };
