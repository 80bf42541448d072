/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Sign In: user and password; the one-time code is the next screen's. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

struct sign_in {
	char user[WIRE_USER_MAX];
	struct secret *password;
	struct wire_login_step step; /* lent to the screens of the second step */
	bool asked;                  /* what the service says of itself */
	struct be_error trouble;     /* with that; BE_OK otherwise */
};

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_login_step_message, &((struct sign_in *)state)->step);
}

/* ---- what the service says of itself ---- */

/* Worker. */
static enum be_err ask_service(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->service(task->account, task->record, wait, err);
}

static void told_service(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct sign_in *s = state;

	s->trouble = *error;
	if (error->code == BE_OK)
		task_take(task, &desk_of(ui)->service);
	else if (error->code == BE_CANCELLED)
		s->asked = false; /* something else was more important */
}

static void settled(struct ui *ui, void *state)
{
	struct sign_in *s = state;
	struct task *task;

	if (s->asked || desk_of(ui)->service.name[0] != '\0')
		return;
	s->asked = true;
	task = task_new(ui, &wire_service_message);
	if (task != NULL)
		task_start_quiet(ui, task, ask_service, told_service);
}

static void trouble(const struct ui *ui, const void *state, struct ui_text *out)
{
	who_put_refusal(ui, out, &((const struct sign_in *)state)->trouble);
}

static enum ui_mood trouble_mood(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static bool has_trouble(const struct ui *ui, const void *state)
{
	const enum be_err code = ((const struct sign_in *)state)->trouble.code;

	(void)ui;
	return code != BE_OK && code != BE_CANCELLED;
}

/* ---- the first step ---- */

/* Worker. */
static enum be_err login(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->login(task->account, task->text[0], task->secret[0], task->record, wait, err);
}

static void logged(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct sign_in *s = state;

	if (error->code == BE_OK) {
		task_take(task, &s->step);
		secret_clear(s->password);
		s->trouble = (struct be_error){ .code = BE_OK };
		ui_push(ui, s->step.enrol ? &screen_otp_enrol : &screen_otp_code, &s->step);
		return;
	}
	/* What was wrong has to be typed again anyway; the rest stays. */
	if (error->code == BE_WRONG_LOGIN)
		secret_clear(s->password);
	ui_focus(ui, offsetof(struct sign_in, password));
	who_say_refusal(ui, error);
}

static void start(struct ui *ui, void *state)
{
	struct sign_in *s = state;
	struct task *task;

	if (s->user[0] == '\0' || secret_len(s->password) == 0) {
		ui_focus(ui, s->user[0] == '\0' ? offsetof(struct sign_in, user) : offsetof(struct sign_in, password));
		ui_say(ui, UI_UNSURE, N_("type the user and the password"));
		return;
	}
	task = task_new(ui, &wire_login_step_message);
	if (task == NULL)
		return;
	(void)snprintf(task->text[0], sizeof(task->text[0]), "%s", s->user);
	if (task_secret(task, ui, 0, s->password))
		task_start(ui, task, N_("Signing in"), login, logged);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	(void)arg;
	desk_of(ui)->engine->guard();
}

/* Back from the second step: it was done, or has to begin again. Or it is another service now. */
static void again(struct ui *ui, void *state)
{
	struct sign_in *s = state;

	s->asked = false;
	s->trouble = (struct be_error){ .code = BE_OK };
	wire_free(&wire_login_step_message, &s->step);
	if (desk_of(ui)->signed_in)
		ui_pop(ui);
	else if (s->user[0] != '\0')
		ui_focus(ui, offsetof(struct sign_in, password));
}

/* ---- registering ---- */

static void registered(struct ui *ui, void *state, const char *user, const struct secret *password)
{
	struct sign_in *s = state;

	(void)snprintf(s->user, sizeof(s->user), "%s", user);
	secret_clear(s->password);
	if (secret_add(s->password, secret_bytes(password), secret_len(password), NULL) == BE_OK)
		start(ui, s);
}

static const char *is_closed(const struct ui *ui, const void *state)
{
	const struct wire_service *service = &desk_of(ui)->service;

	(void)state;
	return service->name[0] != '\0' && !service->registration
		? N_("this service's accounts are made by its administrator")
		: NULL;
}

static void open_register(struct ui *ui, void *state)
{
	const struct register_request request = { .registered = registered };

	(void)state;
	ui_push(ui, &screen_register, &request);
}

static void open_service(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_service, NULL);
}

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_LABEL, .text = trouble, .mood = trouble_mood, .shown = has_trouble },
	{ .kind = UI_FACT, .msg = N_("Account service"), .text = who_put_service },
	{ .kind = UI_INPUT,
		.msg = N_("Username or e-mail"),
		.at = offsetof(struct sign_in, user),
		.max = WIRE_USER_MAX,
		.help = N_("as you registered it") },
	{ .kind = UI_SECRET,
		.msg = N_("Password"),
		.at = offsetof(struct sign_in, password),
		.run = start,
		.help = N_("of the account; it is kept in locked memory and wiped after use") },
	{ .kind = UI_BUTTON, .msg = N_("Sign In"), .run = start, .help = N_("a one-time code is asked for next") },
	{ .kind = UI_BUTTON,
		.msg = N_("Register"),
		.guard = is_closed,
		.run = open_register,
		.help = N_("makes an account, where the service lets everybody do so") },
	{ .kind = UI_BUTTON,
		.msg = N_("Account service"),
		.run = open_service,
		.help = N_("another one, or how it is reached") },
	{ .kind = UI_END },
};

const struct ui_screen screen_sign_in = { .name = "sign_in",
	.title = N_("Sign In"),
	.help = N_("Type user and password of your account. Signing with a key file and verifying need no account."),
	.state_size = sizeof(struct sign_in),
	.fields = fields,
	.enter = enter,
	.again = again,
	.leave = leave,
	.settled = settled };
