/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Daftar Sertifikat: the certificates at the service. While it is looked at, what changes there shows by itself. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

/* So long one question waits for news; leaving the screen ends it. */
#define WATCH_SECONDS 25

struct certs {
	struct wire_certificates all;
	struct followed news;
};

/* ---- asking ---- */

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->certificates(task->account, task->record, wait, err);
}

/* Worker. */
static enum be_err watch(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->certificates_wait(task->account, task->number, WATCH_SECONDS, task->record, wait, err);
}

static void answered(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct certs *s = state;
	const size_t before = s->all.certificates.count;
	const struct wire_certificate *items;

	if (!follow_answered(&s->news, error))
		return;
	task_take(task, &s->all);
	s->news.known = true;
	items = s->all.certificates.items;
	for (size_t i = 0; i < s->all.certificates.count; i++)
		cert_seen(desk_of(ui), &items[i]);
	if (before != s->all.certificates.count)
		follow_moved(ui, state, &s->news);
}

static void settled(struct ui *ui, void *state)
{
	static const struct follow_questions questions = { &wire_certificates_message, ask, watch, answered };
	struct certs *s = state;

	follow_settled(ui, &s->news, &questions, s->all.change);
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
	follow_refresh(&((struct certs *)state)->news);
}

static void again(struct ui *ui, void *state)
{
	follow_again(ui, &((struct certs *)state)->news);
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_certificates_message, &((struct certs *)state)->all);
}

/* ---- the list ---- */

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct certs *)state)->all.certificates.count;
}

static const struct wire_certificate *at(const void *state, size_t index)
{
	return (const struct wire_certificate *)((const struct certs *)state)->all.certificates.items + index;
}

/* The widest state that is often seen, and a blank. */
#define STATE_CELLS 12

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct wire_certificate *c = at(state, index);
	const bool chosen = strcmp(desk_of(ui)->state.credential.id, c->id) == 0;
	char date[TIME_TEXT_MAX];

	ui_put_foreign(&out->text, chosen ? "(*) " : "( ) ");
	ui_put_foreign(&out->text, cert_state_shown(c->state));
	ui_pad(&out->text, STATE_CELLS);
	ui_put_foreign(&out->text, " ");
	if (c->serial[0] != '\0') {
		ui_put(&out->text, N_("until"));
		ui_put_foreign(&out->text, " ");
		ui_put_foreign(&out->text, desk_date(date, c->not_after));
		ui_put_foreign(&out->text, "  ");
		ui_put_foreign(&out->text, c->serial);
	} else {
		ui_put(&out->text, N_("asked for on"));
		ui_put_foreign(&out->text, " ");
		ui_put_foreign(&out->text, desk_date(date, c->requested));
	}
	out->mood = screens_mood(cert_state_mood(c->state));
}

static void open(struct ui *ui, void *state, size_t index)
{
	ui_push(ui, &screen_cert_info, at(state, index));
}

/* ---- the rest ---- */

static bool says(const struct ui *ui, const void *state)
{
	const struct certs *s = state;

	return is_signed_out(ui, s) || s->news.trouble.code != BE_OK || !s->news.known || count(ui, s) == 0;
}

static bool ends(const struct ui_text *text)
{
	return text->utf8.len > 0 && text->utf8.data[text->utf8.len - 1] == '.';
}

static void say(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct certs *s = state;

	if (is_signed_out(ui, s)) {
		ui_put(out, N_("You are signed out: sign in to see your certificates."));
	} else if (s->news.trouble.code != BE_OK) {
		who_put_refusal(ui, out, &s->news.trouble);
		ui_put_foreign(out, ends(out) ? " " : ". ");
		ui_put(out, N_("Refresh (r) asks once more."));
	} else if (!s->news.known) {
		ui_put(out, N_("Asking the service"));
	} else {
		ui_put(out, N_("You have no certificate at the service yet: add one."));
	}
}

static void add(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_cert_add, NULL);
}

static const struct ui_list list = { .count = count, .row = row, .open = open, .opens = N_("Show"), .empty = "" };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = say, .shown = says },
	{ .kind = UI_BUTTON, .msg = N_("Sign in"), .run = open_sign_in, .shown = is_signed_out },
	{ .kind = UI_LIST, .list = &list, .shown = is_signed_in },
	{ .kind = UI_BUTTON, .msg = N_("Add a Digital Certificate"), .guard = must_sign_in, .run = add },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'a', N_("Add"), N_("Asks the authority for another certificate."), must_sign_in, add },
	{ 'r', N_("Refresh"), N_("Asks the service once more."), must_sign_in, refresh },
	{ .run = NULL },
};

const struct ui_screen screen_cert_list = { .name = "cert_list",
	.title = N_("List of Certificates"),
	.help = N_(
		"Your certificates at the service. Enter shows one: there it is chosen, renewed, or revoked. What changes at the service shows by itself."),
	.state_size = sizeof(struct certs),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.again = again,
	.leave = leave,
	.settled = settled };
