/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Kotak Masuk: the letters of a service on this computer, which has no mail server. */

#include "app.h"
#include "screens.h"
#include "ui.h"

/* New letters are looked for so often; then the question begins anew. Leaving the screen ends it. */
#define WATCH_MS 1000u
#define WATCH_TIMES 25

struct box {
	struct wire_mailbox all;
	struct followed news;
};

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->mailbox(task->account, task->record, wait, err);
}

/* Worker. number: of the letters that are known. A letter comes a moment after what it is about. */
static enum be_err watch(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	const struct wire_mailbox *all = task->record;
	enum be_err rc = BE_OK;

	for (int i = 0; rc == BE_OK && i < WATCH_TIMES; i++) {
		wire_free(&wire_mailbox_message, task->record);
		task->engine->pause(WATCH_MS, wait->cancel);
		if (atomic_load(wait->cancel))
			return be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
		rc = ask(task, wait, err);
		if (rc == BE_OK && all->mails.count != (size_t)task->number)
			break;
	}
	return rc;
}

static void answered(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct box *s = state;

	if (!follow_answered(&s->news, error))
		return;
	if (s->news.known && s->all.mails.count == ((struct wire_mailbox *)task->record)->mails.count)
		return;
	s->news.known = true;
	task_take(task, &s->all);
	follow_moved(ui, state, &s->news);
}

static void settled(struct ui *ui, void *state)
{
	static const struct follow_questions questions = { &wire_mailbox_message, ask, watch, answered };
	struct box *s = state;

	follow_settled(ui, &s->news, &questions, (int64_t)s->all.mails.count);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	(void)arg;
	recall_account(ui);
}

static void refresh(struct ui *ui, void *state)
{
	(void)ui;
	follow_refresh(&((struct box *)state)->news);
}

static void again(struct ui *ui, void *state)
{
	follow_again(ui, &((struct box *)state)->news);
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

	return is_signed_out(ui, s) || s->news.trouble.code != BE_OK || !s->news.known || count(ui, s) == 0;
}

static void say(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct box *s = state;

	if (is_signed_out(ui, s))
		ui_put(out, N_("You are signed out: sign in to see your letters."));
	else if (s->news.trouble.code == BE_NOT_FOUND || s->news.trouble.code == BE_UNSUPPORTED)
		ui_put(out, N_("This service sends its letters by e-mail: look there."));
	else if (s->news.trouble.code != BE_OK)
		who_put_refusal(ui, out, &s->news.trouble);
	else if (!s->news.known)
		ui_put(out, N_("Asking the service"));
	else
		ui_put(out, N_("No letter has come yet."));
}

static const struct ui_list list = { .count = count, .row = row, .open = open, .opens = N_("Open"), .empty = "" };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = say, .shown = says },
	{ .kind = UI_BUTTON, .msg = N_("Sign in"), .run = open_sign_in, .shown = is_signed_out },
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
	.help = N_(
		"Letters that the service on this computer wrote to you, the newest first. Enter opens one. New ones show by themselves."),
	.state_size = sizeof(struct box),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.again = again,
	.leave = leave,
	.settled = settled };
