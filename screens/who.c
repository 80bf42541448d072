/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who somebody is at the account service: what several screens tell of it, and what a refusal means for a person. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

#define MINUTE 60
#define SOON (2 * 60 * MINUTE)
/* In "2026-05-28T20:41:40Z". */
#define MOMENT_T 10u
#define MOMENT_SECONDS 16u

void who_open(struct ui *ui)
{
	const bool then = true;
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	if (service_kind(&desk->settings) == SERVICE_NOT_CHOSEN)
		ui_push(ui, &screen_service, &then);
	else if (desk_account(desk, &err) == NULL)
		ui_say_error(ui, &err);
	else
		ui_push(ui, desk->signed_in ? &screen_account : &screen_sign_in, NULL);
}

void who_put_user(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct desk *desk = desk_of(ui);

	(void)state;
	if (desk->signed_in)
		ui_put_foreign(out, desk->user);
	else
		ui_put(out, N_("not signed in"));
}

void who_put_service(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct desk *desk = desk_of(ui);
	const bool named = desk->service.name[0] != '\0';

	(void)state;
	ui_put_foreign(out, desk->service.name);
	if (named)
		ui_put_foreign(out, ", ");
	if (service_kind(&desk->settings) == SERVICE_SERVER)
		ui_put_foreign(out, desk->settings.service);
	else
		ui_put(out, N_("on this computer"));
}

bool who_has_room(const struct ui *ui, const void *state)
{
	(void)state;
	return !ui_is_compact(ui);
}

void who_put_password_rule(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_count(
		out, "at least %zu character", "at least %zu characters", (size_t)desk_of(ui)->service.password_min);
}

bool who_has_password_rule(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->service.password_min > 0;
}

bool who_misses(struct ui *ui, const char *missing, size_t at)
{
	if (missing == NULL)
		return false;
	ui_focus(ui, at);
	ui_say(ui, UI_UNSURE, missing);
	return true;
}

const char *who_code_missing(const char *code)
{
	return strlen(code) == WHO_CODE_MAX - 1 ? NULL : N_("type the six digits that the device shows now");
}

bool who_code_is_spent(enum be_err code)
{
	return code == BE_WRONG_CODE || code == BE_CODE_USED || code == BE_CLOCK || code == BE_LOCKED;
}

/* ---- a connection that others can read ---- */

void who_put_warning(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	(void)state;
	ui_put(out, N_("WARNING: the service is reached without TLS. Whoever is in between reads your password."));
}

bool who_warns(const struct ui *ui, const void *state)
{
	(void)state;
	return service_is_plain(&desk_of(ui)->settings);
}

/* ---- a refusal ---- */

/* "2026-11-28 00:44 UTC" */
static void put_moment(struct ui_text *out, int64_t moment)
{
	char text[TIME_TEXT_MAX];

	(void)time_format(text, moment);
	if (strlen(text) < MOMENT_SECONDS)
		return;
	text[MOMENT_T] = ' ';
	text[MOMENT_SECONDS] = '\0';
	ui_put_foreign(out, text);
	ui_put_foreign(out, " UTC");
}

/* " Try again in 15 minutes (2026-05-28 20:41 UTC)." What is far away is a date. */
static void put_until(const struct ui *ui, struct ui_text *out, int64_t moment)
{
	const int64_t left = moment - desk_of(ui)->engine->now();

	ui_put_foreign(out, " ");
	if (left > SOON) {
		ui_put(out, N_("It is possible from"));
		ui_put_foreign(out, " ");
		put_moment(out, moment);
		ui_put_foreign(out, ".");
		return;
	}
	ui_put_count(out, "Try again in %zu minute", "Try again in %zu minutes",
		left > 0 ? (size_t)((left + MINUTE - 1) / MINUTE) : 1);
	ui_put_foreign(out, " (");
	put_moment(out, moment);
	ui_put_foreign(out, ").");
}

/* The detail is how much later the code's time is than the service's. */
static void put_clocks(struct ui_text *out, const char *detail)
{
	const long apart = strtol(detail, NULL, 10);
	const size_t seconds = apart < 0 ? 0 - (size_t)apart : (size_t)apart;

	if (apart == 0)
		return;
	ui_put_foreign(out, " ");
	ui_put_count(out, "The two clocks are %zu second apart.", "The two clocks are %zu seconds apart.", seconds);
	ui_put_foreign(out, " ");
	ui_put(out, apart < 0 ? N_("The device is behind.") : N_("The device is ahead."));
}

/* Of these the detail says once more what the sentence does. */
static bool needs_no_detail(enum be_err code)
{
	return code == BE_WRONG_LOGIN || code == BE_WRONG_CODE || code == BE_CODE_USED || code == BE_CLOCK ||
		code == BE_LOCKED || code == BE_BUSY || code == BE_SESSION;
}

/* It may be a rule of the service in words that we know, too. */
static void put_detail(struct ui_text *out, const char *detail)
{
	const char *translated = tr(detail);

	ui_put_foreign(out, " (");
	if (translated != detail)
		ui_put(out, detail);
	else
		ui_put_foreign(out, detail);
	ui_put_foreign(out, ")");
}

void who_put_refusal(const struct ui *ui, struct ui_text *out, const struct be_error *error)
{
	const struct be_error sentence = { .code = error->code, .msgid = error->msgid };

	ui_put_error(out, &sentence);
	if (error->detail[0] != '\0' && strcmp(error->detail, error->msgid) != 0 && !needs_no_detail(error->code))
		put_detail(out, error->detail);
	if (error->code == BE_CLOCK || error->tries_left > 0 || error->retry_at > 0)
		ui_put_foreign(out, ".");
	if (error->code == BE_CLOCK)
		put_clocks(out, error->detail);
	if (error->tries_left > 0) {
		ui_put_foreign(out, " ");
		ui_put_count(out, "%zu try is left.", "%zu tries are left.", error->tries_left);
	}
	if (error->retry_at > 0)
		put_until(ui, out, error->retry_at);
}

void who_say_refusal(struct ui *ui, const struct be_error *error)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	who_put_refusal(ui, &text, error);
	ui_say_text(ui, UI_BAD, &text);
	buffer_free(&text.utf8);
}

bool who_left(struct ui *ui, const void *state, const struct be_error *error)
{
	if (desk_of(ui)->signed_in || ui_state(ui) != state)
		return false;
	ui_pop(ui);
	who_say_refusal(ui, error);
	return true;
}

/* ---- does the service still think so ---- */

/* Worker. */
static enum be_err ask_profile(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->profile(task->account, task->record, wait, err);
}

/* Who it is says desk_look_at_account, which task.c has called. Not reaching the service changes nothing. */
static void told_profile(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct desk *desk = desk_of(ui);

	(void)state;
	(void)task;
	if (error->code == BE_CANCELLED)
		desk->asked_who = false;
	else if (error->code == BE_SESSION)
		who_say_refusal(ui, error);
}

/* Nothing is opened, and nobody asked, for a person who never had to do with an account. In questions and answers, where
 * it would have to be waited for, it is seen when the account is opened. */
bool who_refresh(struct ui *ui)
{
	struct desk *desk = desk_of(ui);
	struct task *task;

	if (desk->asked_who || service_kind(&desk->settings) == SERVICE_NOT_CHOSEN)
		return false;
	desk->asked_who = true;
	if (desk_account(desk, NULL) == NULL || !desk->signed_in || !ui_shows_views(ui))
		return false;
	task = task_new(ui, &wire_profile_message);
	if (task != NULL)
		task_start_quiet(ui, task, ask_profile, told_profile);
	return task != NULL;
}
