/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Akun: who is signed in and where, the devices, the password, and the ways out. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct own {
	struct wire_profile profile;
	bool asked;
	struct be_error trouble; /* with that; BE_OK otherwise */
};

/* ---- who it is ---- */

/* Worker. */
static enum be_err ask_profile(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->profile(task->account, task->record, wait, err);
}

static void told_profile(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct own *s = state;

	if (who_left(ui, s, error))
		return;
	s->trouble = *error;
	if (error->code == BE_OK)
		task_take(task, &s->profile);
	else if (error->code == BE_CANCELLED)
		s->asked = false; /* something else was more important */
}

static void settled(struct ui *ui, void *state)
{
	struct own *s = state;
	struct task *task;

	if (s->asked || !desk_of(ui)->signed_in)
		return;
	s->asked = true;
	task = task_new(ui, &wire_profile_message);
	if (task != NULL)
		task_start_quiet(ui, task, ask_profile, told_profile);
}

/* A session that has ended elsewhere is seen here first. */
static void again(struct ui *ui, void *state)
{
	(void)state;
	if (!desk_of(ui)->signed_in)
		ui_pop(ui);
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_profile_message, &((struct own *)state)->profile);
}

static void put_trouble(const struct ui *ui, const void *state, struct ui_text *out)
{
	who_put_refusal(ui, out, &((const struct own *)state)->trouble);
}

static enum ui_mood trouble_mood(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static bool has_trouble(const struct ui *ui, const void *state)
{
	const enum be_err code = ((const struct own *)state)->trouble.code;

	(void)ui;
	return code != BE_OK && code != BE_CANCELLED;
}

static void put_name(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct own *)state)->profile.name);
}

/* Where there is little room, the menu needs it. */
static bool has_name(const struct ui *ui, const void *state)
{
	return !ui_is_compact(ui) && ((const struct own *)state)->profile.name[0] != '\0';
}

static void put_organisation(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct own *)state)->profile.organisation);
}

static bool has_organisation(const struct ui *ui, const void *state)
{
	return !ui_is_compact(ui) && ((const struct own *)state)->profile.organisation[0] != '\0';
}

/* ---- out ---- */

/* Worker. */
static enum be_err sign_out(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->sign_out(task->account, wait, err);
}

/* Worker. */
static enum be_err sign_out_all(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->sign_out_all(task->account, wait, err);
}

/* Here it is always over; there only when it could be told. */
static void signed_out(struct ui *ui, const struct be_error *error, const char *untold)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	if (desk_of(ui)->signed_in) {
		who_say_refusal(ui, error);
		return;
	}
	ui_pop(ui);
	if (error->code == BE_OK || error->code == BE_SESSION) {
		ui_say(ui, UI_GOOD, N_("You are signed out"));
		return;
	}
	ui_put(&text, untold);
	ui_put_foreign(&text, " ");
	who_put_refusal(ui, &text, error);
	ui_message(ui, N_("You are signed out on this computer"), UI_UNSURE, &text);
	buffer_free(&text.utf8);
}

static void here_done(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	(void)state;
	(void)task;
	signed_out(ui, error, N_("The service could not be told; the session there ends by itself."));
}

static void everywhere_done(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	(void)state;
	(void)task;
	signed_out(ui, error,
		N_("The service could not be told: your sessions on other computers go on. Sign in and try again."));
}

static void do_sign_out(struct ui *ui, void *state)
{
	struct task *task = task_new(ui, NULL);

	(void)state;
	if (task != NULL)
		task_start(ui, task, N_("Signing out"), sign_out, here_done);
}

static void do_sign_out_all(struct ui *ui, void *state)
{
	struct task *task = task_new(ui, NULL);

	(void)state;
	if (task != NULL)
		task_start(ui, task, N_("Signing out"), sign_out_all, everywhere_done);
}

static void leave_here(struct ui *ui, void *state)
{
	(void)state;
	ui_confirm(ui, N_("Sign out on this computer?"), NULL, N_("Sign out"), do_sign_out);
}

static void leave_everywhere(struct ui *ui, void *state)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	(void)state;
	ui_put(&text, N_("Every session of your account ends, on all computers, this one too."));
	ui_confirm(ui, N_("Sign out everywhere?"), &text, N_("Sign out everywhere"), do_sign_out_all);
	buffer_free(&text.utf8);
}

/* ---- the rest of the screen ---- */

static void open_devices(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_devices, NULL);
}

static void open_password(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_password, NULL);
}

static void open_service(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_service, NULL);
}

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_LABEL, .text = put_trouble, .mood = trouble_mood, .shown = has_trouble },
	{ .kind = UI_FACT, .msg = N_("Signed in as"), .text = who_put_user },
	{ .kind = UI_FACT, .msg = N_("Name"), .text = put_name, .shown = has_name },
	{ .kind = UI_FACT, .msg = N_("Organisation"), .text = put_organisation, .shown = has_organisation },
	{ .kind = UI_FACT, .msg = N_("Account service"), .text = who_put_service },
	{ .kind = UI_BUTTON,
		.msg = N_("OTP devices"),
		.run = open_devices,
		.help = N_("what makes your one-time codes") },
	{ .kind = UI_BUTTON, .msg = N_("Change the password"), .run = open_password },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign out"),
		.run = leave_here,
		.help = N_("ends the session on this computer") },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign out everywhere"),
		.run = leave_everywhere,
		.help = N_("ends every session of the account") },
	{ .kind = UI_BUTTON,
		.msg = N_("Account service"),
		.run = open_service,
		.help = N_("another one, or how it is reached") },
	{ .kind = UI_END },
};

const struct ui_screen screen_account = { .name = "account",
	.title = N_("Account"),
	.help = N_("Who is signed in, and what belongs to signing in: devices, the password, the session."),
	.state_size = sizeof(struct own),
	.fields = fields,
	.again = again,
	.leave = leave,
	.settled = settled };
