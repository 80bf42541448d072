/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The main page: what is known of the certificate and the account, and the menus. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct home {
	bool asked; /* on this visit */
};

/* ---- the state of the chosen certificate, as the service has it now ---- */

/* The first picture of the program comes first, on a small machine too. */
#define AFTER_MS 150u

/* Worker. */
static enum be_err ask(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	task->engine->pause(AFTER_MS, wait->cancel);
	return task->calls->certificate(task->account, task->text[0], task->record, wait, err);
}

/* Nobody waited for it: that nobody answered is no news. */
static void answered(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	(void)state;
	if (error->code == BE_OK)
		cert_seen(desk_of(ui), task->record);
	else if (error->code == BE_NOT_FOUND)
		cert_gone(desk_of(ui), task->text[0]);
}

/* In questions and answers nothing can be shown later, and nobody waits for what was not asked for. */
static void refresh_certificate(struct ui *ui, struct home *s)
{
	struct desk *desk = desk_of(ui);
	struct task *task;

	if (s->asked || desk->state.credential.id[0] == '\0' || !ui_shows_views(ui))
		return;
	s->asked = true;
	if (desk_account(desk, NULL) == NULL || !desk->signed_in)
		return;
	task = task_new(ui, &wire_certificate_message);
	if (task == NULL)
		return;
	WIRE_SET(task->text[0], desk->state.credential.id);
	task_start_quiet(ui, task, ask, answered);
}

/* One question after the other: a second job would end the first. */
static void settled(struct ui *ui, void *state)
{
	if (!who_refresh(ui))
		refresh_certificate(ui, state);
}

static void again(struct ui *ui, void *state)
{
	(void)ui;
	((struct home *)state)->asked = false;
}

/* ---- what is known ---- */

static bool has_credential(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->state.credential.id[0] != '\0';
}

static void certificate(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct state *known = &desk_of(ui)->state;

	if (has_credential(ui, state)) {
		sign_key_put(out, desk_of(ui), SIGN_KEY_CREDENTIAL);
		if (ui_is_compact(ui)) {
			ui_put_foreign(out, ", ");
			ui_put_foreign(out, cert_state_shown(known->credential.state));
		}
	} else if (known->key_file == NULL)
		ui_put(out, N_("none is set yet"));
	else if (known->key.name[0] != '\0')
		ui_put_foreign(out, known->key.name);
	else
		ui_put(out, N_("not read yet: its key file was never opened"));
}

static bool shows_state(const struct ui *ui, const void *state)
{
	return has_credential(ui, state) && !ui_is_compact(ui);
}

static void state_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_foreign(out, cert_state_shown(desk_of(ui)->state.credential.state));
}

/* The state, or the clock where the service was not asked. */
static bool is_spent(const struct ui *ui, const void *state)
{
	const struct desk *desk = desk_of(ui);
	const struct credential *known = &desk->state.credential;

	return has_credential(ui, state) &&
		(!cert_state_works(known->state) ||
			(known->facts.until != TIME_NONE && known->facts.until < desk->engine->now()));
}

static void advice(const struct ui *ui, const void *state, struct ui_text *out)
{
	const char *word = desk_of(ui)->state.credential.state;

	(void)state;
	if (strcmp(word, "REVOKE") == 0)
		ui_put(out, sign_key_advice(BE_REVOKED));
	else if (strcmp(word, CERT_STATE_NONE) == 0)
		ui_put(out, sign_key_advice(BE_NOT_FOUND));
	else if (strcmp(word, "EXPIRED") == 0 || cert_state_works(word))
		ui_put(out, sign_key_advice(BE_CERT_EXPIRED));
	else
		ui_put(out, sign_key_advice(BE_STATE));
}

static bool has_key(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->state.key_file != NULL;
}

/* Where there is little room, the menus need it. */
static bool shows_file(const struct ui *ui, const void *state)
{
	return has_key(ui, state) && !(has_credential(ui, state) && ui_is_compact(ui)) &&
		(!ui_is_compact(ui) || desk_of(ui)->state.key.name[0] == '\0');
}

static bool has_until(const struct ui *ui, const void *state)
{
	if (is_spent(ui, state) && ui_is_compact(ui))
		return false;
	return has_credential(ui, state) ? desk_of(ui)->state.credential.facts.until != TIME_NONE
					 : has_key(ui, state) && desk_of(ui)->state.key.until != TIME_NONE;
}

static void until(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct desk *desk = desk_of(ui);
	const int64_t end = has_credential(ui, state) ? desk->state.credential.facts.until : desk->state.key.until;
	char date[TIME_TEXT_MAX];

	ui_put_foreign(out, desk_date(date, end));
	if (!has_credential(ui, state) || cert_state_works(desk->state.credential.state))
		put_days_left(out, desk, end);
}

static bool has_none(const struct ui *ui, const void *state)
{
	return !has_credential(ui, state) && !has_key(ui, state) && !ui_is_compact(ui);
}

static void key_file(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	put_path(out, desk_of(ui)->state.key_file);
}

static void open_sign(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_sign, NULL);
}

static void open_verify(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_verify, NULL);
}

static void open_certificate(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_certificate, NULL);
}

static void open_settings(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_settings, NULL);
}

static void open_account(struct ui *ui, void *state)
{
	(void)state;
	who_open(ui);
}

static void account_label(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put(out, desk_of(ui)->signed_in ? N_("Account") : N_("Sign In"));
}

static void open_journal(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_journal, NULL);
}

static void open_interrupted(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_resume, NULL);
}

static bool has_interrupted(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->interrupted > 0;
}

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = certificate },
	{ .kind = UI_FACT, .msg = N_("State"), .text = state_text, .shown = shows_state },
	{ .kind = UI_FACT, .msg = N_("Valid until"), .text = until, .shown = has_until },
	{ .kind = UI_FACT, .msg = N_("Key file"), .text = key_file, .shown = shows_file },
	{ .kind = UI_FACT, .msg = N_("Account"), .text = who_put_user },
	{ .kind = UI_LABEL, .text = advice, .mood = mood_unsure, .shown = is_spent },
	{ .kind = UI_LABEL,
		.msg = N_("Set one under Digital Certificate: choose it from your list, or choose a key file."),
		.shown = has_none },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign"),
		.run = open_sign,
		.help = N_("puts your signature on one or several PDF documents") },
	{ .kind = UI_BUTTON,
		.msg = N_("Verify"),
		.run = open_verify,
		.help = N_("who signed a document, and whether it was changed since") },
	{ .kind = UI_BUTTON,
		.msg = N_("Digital Certificate"),
		.run = open_certificate,
		.help = N_("the certificate and the key that you sign with") },
	{ .kind = UI_BUTTON,
		.msg = N_("Settings"),
		.run = open_settings,
		.help = N_("language, display, signing, whom you trust") },
	{ .kind = UI_BUTTON,
		.msg = N_("Account"),
		.text = account_label,
		.run = open_account,
		.help = N_("the account service: signing in, devices, the password") },
	{ .kind = UI_BUTTON,
		.msg = N_("Journal"),
		.run = open_journal,
		.help = N_("what was signed, when, and with which certificate") },
	{ .kind = UI_BUTTON,
		.msg = N_("Interrupted batch"),
		.run = open_interrupted,
		.shown = has_interrupted,
		.help = N_("goes on where signing was interrupted") },
	{ .kind = UI_END },
};

const struct ui_screen screen_home = { .name = "home",
	.title = N_("Main page"),
	.help = N_("The main page. Move with the arrow keys and press Enter, or press a number."),
	.state_size = sizeof(struct home),
	.fields = fields,
	.again = again,
	.settled = settled };
