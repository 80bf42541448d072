/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Informasi Sertifikat: everything that is known of one certificate, and what can be done with it. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct holder {
	char subject[PKI_DN_MAX];
	int64_t until;
};

struct cert {
	struct wire_certificate c; /* without its chain */
	struct holder chain[WIRE_CHAIN_MAX];
	size_t chain_count;
	bool asked;
	struct be_error trouble;
};

/* ---- what is known ---- */

static void take(struct cert *s, const struct wire_certificate *from)
{
	const struct wire_bytes *ders = from->chain.items;
	struct pki_cert_info info;

	s->c = *from;
	s->c.chain = (struct wire_list){ NULL, 0 };
	s->chain_count = 0;
	for (size_t i = 0; i < from->chain.count && i < WIRE_CHAIN_MAX; i++) {
		if (pki_cert_describe(&info, ders[i].data, ders[i].len, NULL) != BE_OK)
			continue;
		WIRE_SET(s->chain[s->chain_count].subject, info.subject);
		s->chain[s->chain_count++].until = info.not_after;
	}
}

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->certificate(task->account, task->text[0], task->record, wait, err);
}

static void answered(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct cert *s = state;

	if (error->code == BE_CANCELLED) {
		s->asked = false;
		return;
	}
	s->trouble = *error;
	if (error->code == BE_NOT_FOUND)
		cert_gone(desk_of(ui), s->c.id);
	if (error->code != BE_OK)
		return;
	take(s, task->record);
	cert_seen(desk_of(ui), task->record);
}

static void settled(struct ui *ui, void *state)
{
	struct cert *s = state;
	struct task *task;

	if (s->asked || is_signed_out(ui, s))
		return;
	s->asked = true;
	task = task_new(ui, &wire_certificate_message);
	if (task == NULL)
		return;
	WIRE_SET(task->text[0], s->c.id);
	task_start_quiet(ui, task, ask, answered);
}

/* Without an argument it is the chosen one, of which little is remembered. */
static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct credential *known = &desk_of(ui)->state.credential;
	struct cert *s = state;

	recall_account(ui);
	if (arg != NULL) {
		take(s, arg);
		return;
	}
	s->c.not_before = s->c.requested = s->c.revoked = TIME_NONE;
	s->c.not_after = known->facts.until;
	s->c.renew_from = known->renew_from;
	WIRE_SET(s->c.id, known->id);
	WIRE_SET(s->c.state, known->state);
	WIRE_SET(s->c.subject, known->facts.name);
	WIRE_SET(s->c.issuer, known->facts.issuer);
	WIRE_SET(s->c.sha256, known->facts.sha256);
}

static void again(struct ui *ui, void *state)
{
	(void)ui;
	((struct cert *)state)->asked = false;
}

/* ---- a row each ---- */

static void put_date(struct ui_text *out, int64_t moment)
{
	char date[TIME_TEXT_MAX];

	ui_put_foreign(out, desk_date(date, moment));
}

static size_t count(const struct ui *ui, const void *state)
{
	const struct cert *s = state;

	(void)ui;
	return cert_facts(&s->c) + (s->chain_count > 0 ? s->chain_count + 1 : 0);
}

static void chain_row(const struct cert *s, size_t index, struct ui_row *out)
{
	if (index == 0) {
		out->mood = UI_HEADING;
		ui_put(&out->text, N_("Chain"));
		return;
	}
	ui_put_numbers(&out->text, N_("%zu of %zu"), index, s->chain_count);
	ui_put_foreign(&out->text, ": ");
	ui_put_foreign(&out->text, s->chain[index - 1].subject);
	ui_put_foreign(&out->text, ", ");
	ui_put(&out->text, N_("until"));
	ui_put_foreign(&out->text, " ");
	put_date(&out->text, s->chain[index - 1].until);
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct cert *s = state;
	const size_t facts = cert_facts(&s->c);

	if (index >= facts) {
		chain_row(s, index - facts, out);
		return;
	}
	cert_fact(ui, &s->c, index, out);
}

/* ---- what can be done ---- */

static const struct wire_certificate *of(const void *state)
{
	return &((const struct cert *)state)->c;
}

static bool is_chosen(const struct ui *ui, const void *state)
{
	return strcmp(desk_of(ui)->state.credential.id, of(state)->id) == 0;
}

static const char *cannot_use(const struct ui *ui, const void *state)
{
	if (must_sign_in(ui, state) != NULL)
		return must_sign_in(ui, state);
	if (!cert_state_works(of(state)->state))
		return N_("only one that is ISSUED can sign");
	return is_chosen(ui, state) ? N_("you sign with it already") : NULL;
}

static void do_use(struct ui *ui, void *state)
{
	cert_use(ui, of(state)->id);
}

static void use(struct ui *ui, void *state)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put_foreign(&text, of(state)->subject);
	ui_put_foreign(&text, ", ");
	ui_put(&text, N_("until"));
	ui_put_foreign(&text, " ");
	put_date(&text, of(state)->not_after);
	ui_confirm(ui, N_("Sign with this certificate from now on?"), &text, N_("Yes, I am sure"), do_use);
	buffer_free(&text.utf8);
}

static const char *cannot_renew(const struct ui *ui, const void *state)
{
	const struct wire_certificate *c = of(state);

	if (must_sign_in(ui, state) != NULL)
		return must_sign_in(ui, state);
	if (!cert_state_works(c->state))
		return N_("only one that is ISSUED can be renewed");
	return c->renew_from != TIME_NONE && desk_of(ui)->engine->now() < c->renew_from
		? N_("it is too early: see from when")
		: NULL;
}

static void renew_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct wire_certificate *c = of(state);

	ui_put(out, N_("Renew"));
	if (!cert_state_works(c->state) || c->renew_from == TIME_NONE || desk_of(ui)->engine->now() >= c->renew_from)
		return;
	ui_put_foreign(out, " ");
	ui_put(out, N_("from"));
	ui_put_foreign(out, " ");
	put_date(out, c->renew_from);
}

static void renew(struct ui *ui, void *state)
{
	ui_push(ui, &screen_cert_renew, of(state));
}

static const char *cannot_revoke(const struct ui *ui, const void *state)
{
	if (must_sign_in(ui, state) != NULL)
		return must_sign_in(ui, state);
	return strcmp(of(state)->state, "REVOKE") == 0     ? N_("it is revoked already")
		: strcmp(of(state)->state, "EXPIRED") == 0 ? N_("it is over already")
							   : NULL;
}

static void revoke(struct ui *ui, void *state)
{
	ui_push(ui, &screen_cert_revoke, of(state));
}

static const char *cannot_change(const struct ui *ui, const void *state)
{
	if (must_sign_in(ui, state) != NULL)
		return must_sign_in(ui, state);
	return cert_state_works(of(state)->state) ? NULL : N_("only one that is ISSUED has a passphrase");
}

static void change(struct ui *ui, void *state)
{
	ui_push(ui, &screen_cert_change, of(state));
}

static void history(struct ui *ui, void *state)
{
	ui_push(ui, &screen_cert_history, of(state));
}

static const char *no_fingerprint(const struct ui *ui, const void *state)
{
	(void)ui;
	return of(state)->sha256[0] == '\0' ? N_("there is no certificate yet") : NULL;
}

static void copy(struct ui *ui, void *state)
{
	ui_copy(ui, of(state)->sha256);
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

/* ---- the screen ---- */

static bool says(const struct ui *ui, const void *state)
{
	return is_signed_out(ui, state) || ((const struct cert *)state)->trouble.code != BE_OK;
}

static void say(const struct ui *ui, const void *state, struct ui_text *out)
{
	if (is_signed_out(ui, state))
		ui_put(out, N_("You are signed out: this is what was known last."));
	else
		who_put_refusal(ui, out, &((const struct cert *)state)->trouble);
}

/* Where there is little room, the letters do it. */
static bool is_roomy(const struct ui *ui, const void *state)
{
	(void)state;
	return !ui_is_compact(ui);
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = say, .mood = mood_unsure, .shown = says },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON,
		.msg = N_("Use this certificate"),
		.guard = cannot_use,
		.run = use,
		.help = N_("you sign with it from now on") },
	{ .kind = UI_BUTTON,
		.msg = N_("Renew"),
		.text = renew_text,
		.guard = cannot_renew,
		.run = renew,
		.shown = is_roomy,
		.help = N_("asks for the one that follows it, from 30 days before its end") },
	{ .kind = UI_BUTTON,
		.msg = N_("Change Passphrase"),
		.guard = cannot_change,
		.run = change,
		.shown = is_roomy,
		.help = N_("with the one that it has now") },
	{ .kind = UI_BUTTON,
		.msg = N_("Revoke Certificate"),
		.guard = cannot_revoke,
		.run = revoke,
		.shown = is_roomy,
		.help = N_("ends it for good, or takes a request back") },
	{ .kind = UI_BUTTON, .msg = N_("History"), .guard = must_sign_in, .run = history, .shown = is_roomy },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'u', N_("Use"), N_("Signs with this certificate from now on."), cannot_use, use },
	{ 'r', N_("Renew"), N_("Asks for the certificate that follows this one."), cannot_renew, renew },
	{ 'p', N_("Passphrase"), N_("Changes the passphrase."), cannot_change, change },
	{ 'x', N_("Revoke"), N_("Ends the certificate for good."), cannot_revoke, revoke },
	{ 't', N_("History"), N_("Shows what happened to the certificate."), must_sign_in, history },
	{ 'c', N_("Copy"), N_("Copies the fingerprint (SHA-256)."), no_fingerprint, copy },
	{ .run = NULL },
};

const struct ui_screen screen_cert_info = { .name = "cert_info",
	.title = N_("Certificate Information"),
	.help = N_("Everything that is known of a certificate at the service, and what can be done with it."),
	.state_size = sizeof(struct cert),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.again = again,
	.settled = settled };
