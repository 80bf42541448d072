/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Cabut Sertifikat: a reason, a word that is typed, and a question; it cannot be undone. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

#define REASONS_MAX 16u

struct ending {
	struct wire_certificate c;
	size_t reason; /* index into words: 0 is none */
	char typed[32];
};

/* The reasons of the service, behind the choice of none. */
static const char *words[REASONS_MAX + 2] = { N_("not chosen yet") };

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct ending *s = state;

	(void)ui;
	s->c = *(const struct wire_certificate *)arg;
	s->c.chain = (struct wire_list){ NULL, 0 };
	for (size_t i = 0; i < REASONS_MAX && account_reasons[i].word != NULL; i++)
		words[i + 1] = account_reasons[i].about;
}

/* ---- asking ---- */

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->certificate_revoke(task->account, task->text[0], task->text[1], task->record, wait, err);
}

static void asked(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	const struct ending *s = state;
	const struct cert_notice notice = { .title = N_("The certificate is revoked"),
		.text = strcmp(desk_of(ui)->state.credential.id, s->c.id) == 0
			? N_("It was the one that you sign with: choose another one from the list, or ask for a new one. A letter tells you that it was done.")
			: N_("It can never sign again. A letter tells you that it was done."),
		.ends = true };

	if (error->code != BE_OK) {
		who_say_refusal(ui, error);
		return;
	}
	cert_seen(desk_of(ui), task->record);
	ui_replace(ui, &screen_cert_notice, &notice);
}

static void do_revoke(struct ui *ui, void *state)
{
	const struct ending *s = state;
	struct task *task = task_new(ui, &wire_certificate_message);

	if (task == NULL)
		return;
	WIRE_SET(task->text[0], s->c.id);
	WIRE_SET(task->text[1], account_reasons[s->reason - 1].word);
	task_start(ui, task, N_("Revoking the certificate"), ask, asked);
}

static void subject(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct ending *s = state;

	(void)ui;
	ui_put_foreign(out, s->c.subject[0] != '\0' ? s->c.subject : cert_state_shown(s->c.state));
	if (s->c.serial[0] == '\0')
		return;
	ui_put_foreign(out, ", ");
	ui_put_foreign(out, s->c.serial);
}

static const char *cannot_revoke(const struct ui *ui, const void *state)
{
	const struct ending *s = state;

	if (must_sign_in(ui, s) != NULL)
		return must_sign_in(ui, s);
	if (s->reason == 0)
		return N_("choose a reason first");
	return strcmp(s->typed, tr(N_("REVOKE"))) != 0 ? N_("type the word first") : NULL;
}

static void revoke(struct ui *ui, void *state)
{
	const struct ending *s = state;
	const char *off = cannot_revoke(ui, s);
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	if (off != NULL) {
		ui_say(ui, UI_UNSURE, off);
		return;
	}
	ui_put(&text, words[s->reason]);
	ui_put_foreign(&text, ": ");
	subject(ui, s, &text);
	ui_confirm(ui, N_("Revoke this certificate for good?"), &text, N_("Yes, revoke it"), do_revoke);
	buffer_free(&text.utf8);
}

/* ---- the screen ---- */

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL,
		.msg = N_(
			"A revoked certificate never signs again; this cannot be undone. What it signed before stays signed."),
		.mood = mood_unsure },
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = subject },
	{ .kind = UI_CHOICE,
		.msg = N_("Reason"),
		.at = offsetof(struct ending, reason),
		.words = words,
		.help = N_("the service tells it to those who ask about the certificate") },
	{ .kind = UI_INPUT,
		.msg = N_("Type REVOKE"),
		.at = offsetof(struct ending, typed),
		.max = sizeof(((struct ending *)NULL)->typed),
		.run = revoke,
		.help = N_("so that it does not happen by a slip") },
	{ .kind = UI_BUTTON, .msg = N_("Revoke Certificate"), .guard = cannot_revoke, .run = revoke },
	{ .kind = UI_BUTTON, .msg = N_("Sign in"), .run = open_sign_in, .shown = is_signed_out },
	{ .kind = UI_END },
};

const struct ui_screen screen_cert_revoke = { .name = "cert_revoke",
	.title = N_("Revoke Certificate"),
	.help = N_("Choose a reason, type the word, and confirm. The certificate never signs again."),
	.state_size = sizeof(struct ending),
	.fields = fields,
	.enter = enter };
