/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tambah Sertifikat Digital, and Pembaruan: what is asked for, the terms of service, and a letter that comes. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct wish {
	struct wire_certificate old; /* that is renewed; id "": a new one is asked for */
	struct wire_terms terms;     /* version "": not known yet */
	bool accepted;
	bool rests;
	struct be_error trouble; /* with the terms */
};

static void read_terms(struct ui *ui, void *state);

static bool renews(const struct wish *s)
{
	return s->old.id[0] != '\0';
}

/* ---- the terms ---- */

/* Worker. */
static enum be_err ask_terms(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->terms(task->account, task->text[0], task->record, wait, err);
}

static void take_terms(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct wish *s = state;

	if (error->code == BE_CANCELLED)
		return;
	s->rests = true;
	s->trouble = *error;
	if (error->code != BE_OK)
		return;
	task_take(task, &s->terms);
	if (!s->accepted && ui_state(ui) == state)
		ui_focus_button(ui, read_terms);
}

/* Asked for while the person reads what this is about. */
static void settled(struct ui *ui, void *state)
{
	struct wish *s = state;
	struct task *task;

	if (s->rests || is_signed_out(ui, s))
		return;
	task = task_new(ui, &wire_terms_message);
	s->rests = task == NULL;
	if (task == NULL)
		return;
	WIRE_SET(task->text[0], i18n_name(desk_language(&desk_of(ui)->settings)));
	task_start_quiet(ui, task, ask_terms, take_terms);
}

static void refresh(struct ui *ui, void *state)
{
	struct wish *s = state;

	(void)ui;
	s->rests = false;
	s->trouble = (struct be_error){ .code = BE_OK };
}

static const char *no_terms(const struct ui *ui, const void *state)
{
	const struct wish *s = state;

	if (must_sign_in(ui, s) != NULL)
		return must_sign_in(ui, s);
	if (s->terms.version[0] != '\0')
		return NULL;
	return s->trouble.code != BE_OK ? N_("the terms could not be got: refresh") : N_("the terms are on their way");
}

static void read_terms(struct ui *ui, void *state)
{
	ui_push(ui, &screen_cert_terms, &((const struct wish *)state)->terms);
}

/* ---- asking ---- */

/* Worker. text: the version of the terms, and what is renewed. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	if (task->text[1][0] != '\0')
		return task->calls->certificate_renew(
			task->account, task->text[1], task->text[0], task->record, wait, err);
	return task->calls->certificate_request(task->account, NULL, task->text[0], task->record, wait, err);
}

/* Terms that are new since they were read have to be read again. */
static void asked(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct wish *s = state;
	const struct cert_notice notice = { .title = renews(s) ? N_("The renewal was asked for")
							       : N_("The certificate was asked for"),
		.text = renews(s)
			? N_("A letter with a link comes to you. The new certificate works as soon as you have created its passphrase with it; until then the old one does.")
			: N_("A letter with a link comes to you. The certificate works as soon as you have created its passphrase with it."),
		.letter = true,
		.ends = renews(s) };

	struct be_error told = *error;

	(void)task;
	if (error->code == BE_OK) {
		ui_replace(ui, &screen_cert_notice, &notice);
		return;
	}
	if (error->code == BE_TERMS) {
		s->accepted = false;
		wire_free(&wire_terms_message, &s->terms);
		refresh(ui, s);
	}
	told.msgid = error->code == BE_STATE && !renews(s) ? N_("There is a certificate already, or one on its way")
							   : error->msgid;
	who_say_refusal(ui, &told);
}

static const char *cannot_ask(const struct ui *ui, const void *state)
{
	if (no_terms(ui, state) != NULL)
		return no_terms(ui, state);
	return ((const struct wish *)state)->accepted ? NULL : N_("accept the terms of service first");
}

static void send(struct ui *ui, void *state)
{
	const struct wish *s = state;
	struct task *task = task_new(ui, &wire_certificate_message);

	if (task == NULL)
		return;
	WIRE_SET(task->text[0], s->terms.version);
	WIRE_SET(task->text[1], s->old.id);
	task_start(ui, task, N_("Asking for the certificate"), ask, asked);
}

/* ---- the screens ---- */

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct wish *s = state;

	recall_account(ui);
	if (arg != NULL)
		s->old = *(const struct wire_certificate *)arg;
	s->old.chain = (struct wire_list){ NULL, 0 };
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_terms_message, &((struct wish *)state)->terms);
}

static bool is_embedded(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->service.embedded;
}

static bool has_user(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->user[0] != '\0';
}

static void user(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_foreign(out, desk_of(ui)->user);
}

static void old_one(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct wish *s = state;
	char date[TIME_TEXT_MAX];

	ui_put_foreign(out, s->old.subject);
	ui_put_foreign(out, ", ");
	ui_put(out, N_("until"));
	ui_put_foreign(out, " ");
	ui_put_foreign(out, desk_date(date, s->old.not_after));
	put_days_left(out, desk_of(ui), s->old.not_after);
}

static bool has_trouble(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct wish *)state)->trouble.code != BE_OK;
}

static void trouble(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	who_put_refusal(ui, out, &((const struct wish *)state)->trouble);
}

/* clang-format off */
#define TERMS_FIELDS \
	{ .kind = UI_LABEL, .text = trouble, .mood = mood_bad, .shown = has_trouble }, \
	{ .kind = UI_BUTTON, .msg = N_("Sign in"), .run = open_sign_in, .shown = is_signed_out }, \
	{ .kind = UI_BUTTON, .msg = N_("Show the Terms"), .guard = no_terms, .run = read_terms, \
		.help = N_("what you accept by asking") }, \
	{ .kind = UI_CHECK, .msg = N_("I have read the terms of service and accept them"), \
		.at = offsetof(struct wish, accepted) }
/* clang-format on */

static const struct ui_field add_fields[] = {
	{ .kind = UI_LABEL,
		.msg = N_(
			"An electronic certificate in your name is asked for. Its key is kept at the service under a passphrase that only you know.") },
	{ .kind = UI_LABEL,
		.msg = N_("The service is the one on this computer: nobody else trusts its certificates."),
		.shown = is_embedded },
	{ .kind = UI_FACT, .msg = N_("For"), .text = user, .shown = has_user },
	TERMS_FIELDS,
	{ .kind = UI_BUTTON,
		.msg = N_("Yes, ask for it"),
		.guard = cannot_ask,
		.run = send,
		.help = N_("sends the request; a letter comes next") },
	{ .kind = UI_END },
};

static const struct ui_field renew_fields[] = {
	{ .kind = UI_LABEL,
		.msg = N_(
			"The certificate that follows this one is asked for. This one works until you have created the passphrase of the new one.") },
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = old_one },
	TERMS_FIELDS,
	{ .kind = UI_BUTTON,
		.msg = N_("Apply"),
		.guard = cannot_ask,
		.run = send,
		.help = N_("sends the request; a letter comes next") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 't', N_("Terms"), N_("Shows the terms of service."), no_terms, read_terms },
	{ 'r', N_("Refresh"), N_("Asks the service for the terms once more."), must_sign_in, refresh },
	{ .run = NULL },
};

const struct ui_screen screen_cert_add = { .name = "cert_add",
	.title = N_("Add a Digital Certificate"),
	.help = N_("Asks for a certificate, after you have accepted the terms of service."),
	.state_size = sizeof(struct wish),
	.fields = add_fields,
	.actions = actions,
	.enter = enter,
	.leave = leave,
	.settled = settled };

const struct ui_screen screen_cert_renew = { .name = "cert_renew",
	.title = N_("Renew Certificate"),
	.help = N_("Asks for the certificate that follows, after you have accepted the terms of service."),
	.state_size = sizeof(struct wish),
	.fields = renew_fields,
	.actions = actions,
	.enter = enter,
	.leave = leave,
	.settled = settled };
