/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The second step of signing in: a one-time code of a device that is known there. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

struct coding {
	const struct wire_login_step *step; /* of the screen below, which leaves it as it is */
	size_t chosen;
	char code[WHO_CODE_MAX];
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct coding *s = state;

	s->step = arg;
	ui_focus(ui, offsetof(struct coding, code));
}

static const struct wire_device *device_at(const struct coding *s, size_t index)
{
	return index < s->step->devices.count ? (const struct wire_device *)s->step->devices.items + index : NULL;
}

/* ---- which device ---- */

static bool are_several(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct coding *)state)->step->devices.count > 1;
}

static bool is_one(const struct ui *ui, const void *state)
{
	return !are_several(ui, state);
}

static void put_device(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct wire_device *device = device_at(state, 0);

	(void)ui;
	ui_put_foreign(out, device != NULL ? device->name : "");
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct coding *)state)->step->devices.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct coding *s = state;

	(void)ui;
	ui_put_foreign(&out->text, index == s->chosen ? "(*) " : "( ) ");
	ui_put_foreign(&out->text, device_at(s, index)->name);
	out->mood = index == s->chosen ? UI_GOOD : UI_PLAIN;
}

static void choose(struct ui *ui, void *state, size_t index)
{
	((struct coding *)state)->chosen = index;
	ui_focus(ui, offsetof(struct coding, code));
}

static const struct ui_list list = { .count = count, .row = row, .open = choose, .opens = N_("Choose"), .empty = "" };

/* ---- the code ---- */

/* Worker. */
static enum be_err login_code(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->login_code(task->account, task->lent, task->text[0], task->secret[0], wait, err);
}

static void coded(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct coding *s = state;

	(void)task;
	if (desk_of(ui)->signed_in) {
		ui_pop(ui);
		if (error->code == BE_OK)
			ui_say(ui, UI_GOOD, N_("You are signed in"));
		else
			ui_say_error(ui, error); /* for as long as the program runs: the session could not be kept */
		return;
	}
	if (error->code == BE_SESSION) {
		ui_pop(ui);
		ui_say(ui, UI_BAD, N_("That took too long: please type the password once more"));
		return;
	}
	if (who_code_is_spent(error->code))
		memset(s->code, 0, sizeof(s->code));
	ui_focus(ui, offsetof(struct coding, code));
	who_say_refusal(ui, error);
}

static void start(struct ui *ui, void *state)
{
	struct coding *s = state;
	const struct wire_device *device = device_at(s, s->chosen);
	struct task *task;

	if (who_code_missing(s->code) != NULL) {
		ui_focus(ui, offsetof(struct coding, code));
		ui_say(ui, UI_UNSURE, who_code_missing(s->code));
		return;
	}
	task = task_new(ui, NULL);
	if (task == NULL)
		return;
	(void)snprintf(task->text[0], sizeof(task->text[0]), "%s", device != NULL ? device->id : "");
	task->lent = s->step;
	if (task_secret_text(task, ui, 0, s->code))
		task_start(ui, task, N_("Signing in"), login_code, coded);
}

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_LABEL, .msg = N_("Which device shows the code? Enter chooses it."), .shown = are_several },
	{ .kind = UI_LIST, .list = &list, .shown = are_several },
	{ .kind = UI_FACT, .msg = N_("Device"), .text = put_device, .shown = is_one },
	{ .kind = UI_INPUT,
		.msg = N_("OTP code"),
		.at = offsetof(struct coding, code),
		.max = WHO_CODE_MAX,
		.only = WHO_CODE_DIGITS,
		.run = start,
		.help = N_("the six digits that the authenticator shows now; each counts once") },
	{ .kind = UI_BUTTON, .msg = N_("Sign in"), .run = start },
	{ .kind = UI_END },
};

const struct ui_screen screen_otp_code = { .name = "otp_code",
	.title = N_("One-time code"),
	.help = N_("Open the authenticator app on your device and type the code that it shows for this account."),
	.state_size = sizeof(struct coding),
	.fields = fields,
	.enter = enter };
