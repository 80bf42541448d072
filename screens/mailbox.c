/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Kotak Masuk: the letters of a service on this computer, which has no mail server. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct box {
	struct wire_mailbox all;
	bool known, rests;
	struct be_error trouble;
};

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->mailbox(task->account, task->record, wait, err);
}

static void answered(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct box *s = state;

	if (error->code == BE_CANCELLED)
		return;
	s->rests = true;
	s->trouble = *error;
	if (error->code != BE_OK)
		return;
	s->known = true;
	task_take(task, &s->all);
	if (ui_state(ui) == state)
		ui_list_changed(ui);
}

static void settled(struct ui *ui, void *state)
{
	struct box *s = state;
	struct task *task;

	if (s->rests || is_signed_out(ui, s))
		return;
	task = task_new(ui, &wire_mailbox_message);
	s->rests = task == NULL;
	if (task != NULL)
		task_start_quiet(ui, task, ask, answered);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	(void)arg;
	open_account(ui);
}

static void refresh(struct ui *ui, void *state)
{
	struct box *s = state;

	(void)ui;
	s->rests = false;
	s->trouble = (struct be_error){ .code = BE_OK };
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_mailbox_message, &((struct box *)state)->all);
}

/* ---- the list ---- */

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct box *)state)->all.mails.count;
}

static const struct wire_mail *at(const void *state, size_t index)
{
	return (const struct wire_mail *)((const struct box *)state)->all.mails.items + index;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	char date[TIME_TEXT_MAX];

	(void)ui;
	ui_put_foreign(&out->text, desk_date(date, at(state, index)->at));
	ui_put_foreign(&out->text, "  ");
	ui_put_foreign(&out->text, at(state, index)->subject);
}

static void open(struct ui *ui, void *state, size_t index)
{
	ui_push(ui, &screen_mail, at(state, index));
}

/* ---- the rest ---- */

static bool says(const struct ui *ui, const void *state)
{
	const struct box *s = state;

	return is_signed_out(ui, s) || s->trouble.code != BE_OK || !s->known || count(ui, s) == 0;
}

static void say(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct box *s = state;

	if (is_signed_out(ui, s))
		ui_put(out, N_("You are signed out: sign in to see your letters."));
	else if (s->trouble.code == BE_NOT_FOUND || s->trouble.code == BE_UNSUPPORTED)
		ui_put(out, N_("This service sends its letters by e-mail: look there."));
	else if (s->trouble.code != BE_OK)
		put_refusal(out, &s->trouble);
	else if (!s->known)
		ui_put(out, N_("Asking the service"));
	else
		ui_put(out, N_("No letter has come yet."));
}

static const struct ui_list list = { .count = count, .row = row, .open = open, .opens = N_("Open"), .empty = "" };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = say, .shown = says },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign in"),
		.guard = cannot_sign_in,
		.run = open_sign_in,
		.shown = is_signed_out },
	{ .kind = UI_LIST, .list = &list, .shown = is_signed_in },
	{ .kind = UI_BUTTON, .msg = N_("Refresh"), .guard = must_sign_in, .run = refresh },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'r', N_("Refresh"), N_("Asks the service once more."), must_sign_in, refresh },
	{ .run = NULL },
};

const struct ui_screen screen_mailbox = { .name = "mailbox",
	.title = N_("Mailbox"),
	.help = N_("Letters that the service on this computer wrote to you, the newest first. Enter opens one."),
	.state_size = sizeof(struct box),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.again = refresh,
	.leave = leave,
	.settled = settled };
