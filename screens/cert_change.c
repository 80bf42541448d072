/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Another passphrase for the key of a certificate, with the one that it has now. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct change {
	struct secret *current, *passphrase, *once_more;
	char id[WIRE_ID_MAX];
	char subject[WIRE_DN_MAX];
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct wire_certificate *certificate = arg;
	struct change *s = state;

	WIRE_SET(s->id, certificate->id);
	WIRE_SET(s->subject, certificate->subject);
	desk_of(ui)->engine->guard();
	ui_focus(ui, offsetof(struct change, current));
}

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->change_passphrase(
		task->account, task->text[0], task->secret[0], task->secret[1], wait, err);
}

/* Whichever was refused is typed anew; when the service was not there, nothing has to be. */
static void asked(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct change *s = state;

	(void)task;
	if (error->code == BE_OK) {
		ui_pop(ui);
		ui_say(ui, UI_GOOD, N_("The passphrase is changed"));
		return;
	}
	if (error->code == BE_WRONG_PASSPHRASE) {
		secret_clear(s->current);
		ui_focus(ui, offsetof(struct change, current));
	} else if (error->code == BE_WEAK) {
		secret_clear(s->passphrase);
		secret_clear(s->once_more);
		ui_focus(ui, offsetof(struct change, passphrase));
	}
	who_say_refusal(ui, error);
}

static const char *cannot_change(const struct ui *ui, const void *state)
{
	const struct change *s = state;

	if (must_sign_in(ui, s) != NULL)
		return must_sign_in(ui, s);
	return secret_len(s->current) == 0 ? N_("type the passphrase that it has now first")
					   : new_passphrase_off(s->passphrase, s->once_more);
}

static void start(struct ui *ui, void *state)
{
	const struct change *s = state;
	const char *off = cannot_change(ui, s);
	struct task *task;

	if (off != NULL) {
		ui_say(ui, UI_UNSURE, off);
		return;
	}
	task = task_new(ui, NULL);
	if (task == NULL)
		return;
	WIRE_SET(task->text[0], s->id);
	if (task_secret(task, ui, 0, s->current) && task_secret(task, ui, 1, s->passphrase))
		task_start(ui, task, N_("Changing the passphrase"), ask, asked);
}

static void subject(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct change *)state)->subject);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = subject },
	{ .kind = UI_LABEL, .text = put_passphrase_rule },
	{ .kind = UI_SECRET,
		.msg = N_("Passphrase now"),
		.at = offsetof(struct change, current),
		.max = WIRE_PASS_MAX,
		.help = N_("the one that you sign with until now") },
	{ .kind = UI_SECRET,
		.msg = N_("New passphrase"),
		.at = offsetof(struct change, passphrase),
		.max = WIRE_PASS_MAX,
		.help = N_("that only you know") },
	{ .kind = UI_SECRET,
		.msg = N_("Once more"),
		.at = offsetof(struct change, once_more),
		.max = WIRE_PASS_MAX,
		.run = start,
		.help = N_("the same, so that it is typed right") },
	{ .kind = UI_BUTTON, .msg = N_("Change Passphrase"), .guard = cannot_change, .run = start },
	{ .kind = UI_BUTTON, .msg = N_("Sign in"), .run = open_sign_in, .shown = is_signed_out },
	{ .kind = UI_END },
};

const struct ui_screen screen_cert_change = { .name = "cert_change",
	.title = N_("Change Passphrase"),
	.help = N_("Type the passphrase that the certificate has now, and a new one twice."),
	.state_size = sizeof(struct change),
	.fields = fields,
	.enter = enter };
