/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What happened to a certificate, oldest first. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct past {
	char id[WIRE_ID_MAX];
	struct wire_history all;
	bool known, rests;
	struct be_error trouble;
};

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->certificate_history(task->account, task->text[0], task->record, wait, err);
}

static void answered(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct past *s = state;

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
	struct past *s = state;
	struct task *task;

	if (s->rests || is_signed_out(ui, s))
		return;
	task = task_new(ui, &wire_history_message);
	s->rests = task == NULL;
	if (task == NULL)
		return;
	WIRE_SET(task->text[0], s->id);
	task_start_quiet(ui, task, ask, answered);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)ui;
	WIRE_SET(((struct past *)state)->id, ((const struct wire_certificate *)arg)->id);
}

static void refresh(struct ui *ui, void *state)
{
	struct past *s = state;

	(void)ui;
	s->rests = false;
	s->trouble = (struct be_error){ .code = BE_OK };
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_history_message, &((struct past *)state)->all);
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct past *)state)->all.events.count;
}

/* Words of a later service stand as they come. */
static void put_event(struct ui_text *out, const char *what)
{
	static const struct {
		const char *what, *about;
	} known[] = {
		{ "requested", N_("asked for") },
		{ "link-sent", N_("the letter with the link was sent once more") },
		{ "issued", N_("issued: its passphrase was created") },
		{ "passphrase-changed", N_("its passphrase was changed") },
		{ "renewed", N_("renewed by another one") },
		{ "expired", N_("it came to its end") },
		{ "revoked", N_("revoked") },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(known[i].what, what) == 0) {
			ui_put(out, known[i].about);
			return;
		}
	}
	ui_put_foreign(out, what);
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct wire_event *event =
		(const struct wire_event *)((const struct past *)state)->all.events.items + index;
	char moment[TIME_TEXT_MAX];

	(void)ui;
	ui_put_foreign(&out->text, time_format(moment, event->at));
	ui_put_foreign(&out->text, "  ");
	put_event(&out->text, event->what);
	if (event->detail[0] == '\0')
		return;
	ui_put_foreign(&out->text, " (");
	ui_put_foreign(&out->text, event->detail);
	ui_put_foreign(&out->text, ")");
}

static bool says(const struct ui *ui, const void *state)
{
	const struct past *s = state;

	return is_signed_out(ui, s) || s->trouble.code != BE_OK || !s->known;
}

static void say(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct past *s = state;

	if (is_signed_out(ui, s))
		ui_put(out, N_("The session has ended: please sign in again"));
	else if (s->trouble.code != BE_OK)
		who_put_refusal(ui, out, &s->trouble);
	else
		ui_put(out, N_("Asking the service"));
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = say, .shown = says },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'r', N_("Refresh"), N_("Asks the service once more."), must_sign_in, refresh },
	{ .run = NULL },
};

const struct ui_screen screen_cert_history = { .name = "cert_history",
	.title = N_("History"),
	.help = N_("What happened to the certificate, the oldest first. The moments are UTC."),
	.state_size = sizeof(struct past),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave,
	.settled = settled };
