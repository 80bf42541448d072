/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A device for one-time codes: what its authenticator has to be given, then a code of it and its name. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

#define PICTURE "~/besign-otp.png"

struct enrolling {
	const struct wire_login_step *step; /* of the screen below; NULL: somebody is signed in and adds a device */
	bool asked;
	struct wire_enrolment enrolment; /* device "": there is none yet */
	struct qr code;
	bool shows_key;
	char digits[WHO_CODE_MAX];
	char name[WIRE_NAME_MAX];
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct enrolling *s = state;

	(void)ui;
	s->step = arg;
	/* The first one is a phone, mostly; of several each has a name of its own. */
	if (s->step != NULL)
		(void)snprintf(s->name, sizeof(s->name), "%s", tr(N_("Phone")));
}

static void leave(struct ui *ui, void *state)
{
	struct enrolling *s = state;

	(void)ui;
	wire_free(&wire_enrolment_message, &s->enrolment);
	qr_free(&s->code);
}

static bool is_there(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct enrolling *)state)->enrolment.device[0] != '\0';
}

static bool is_not_there(const struct ui *ui, const void *state)
{
	return !is_there(ui, state);
}

/* What ends the whole sign-in, or the session; anything else can be tried again from here. */
static bool is_over(struct ui *ui, const struct enrolling *s, const struct be_error *error)
{
	const char *why = N_("The session has ended: please sign in again");

	if (s->step != NULL && error->code == BE_STATE)
		why = N_("Another device was added meanwhile: sign in once more, with a code of it");
	else if (error->code != BE_SESSION)
		return false;
	else if (s->step != NULL)
		why = N_("That took too long: please type the password once more");
	ui_pop(ui);
	ui_say(ui, UI_BAD, why);
	return true;
}

/* ---- the QR code and the key ---- */

static void show_key(struct ui *ui, void *state)
{
	((struct enrolling *)state)->shows_key = true;
	ui_focus(ui, offsetof(struct enrolling, digits));
}

static const char *no_code(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct enrolling *)state)->code.side == 0 ? N_("it is too long for a QR code") : NULL;
}

static void show_code(struct ui *ui, void *state)
{
	const struct qr_request request = { .code = &((const struct enrolling *)state)->code, .cannot = show_key };

	ui_push(ui, &screen_otp_qr, &request);
}

static bool has_view(const struct ui *ui, const void *state)
{
	return is_there(ui, state) && ui_shows_views(ui);
}

static bool has_key(const struct ui *ui, const void *state)
{
	return is_there(ui, state) && (((const struct enrolling *)state)->shows_key || !ui_shows_views(ui));
}

static bool hides_key(const struct ui *ui, const void *state)
{
	return is_there(ui, state) && !has_key(ui, state);
}

/* Where there is little room, the key and what is typed need it. */
static bool tells_how(const struct ui *ui, const void *state)
{
	return is_there(ui, state) && (who_has_room(ui, state) || !has_key(ui, state));
}

static void put_key(const struct ui *ui, const void *state, struct ui_text *out)
{
	char key[ENROLMENT_KEY_MAX];

	(void)ui;
	enrolment_key(key, &((const struct enrolling *)state)->enrolment);
	ui_put_foreign(out, key);
	explicit_bzero(key, sizeof(key));
}

static void copy_key(struct ui *ui, void *state)
{
	const struct secret *key = ((const struct enrolling *)state)->enrolment.key;

	show_key(ui, state);
	if (key != NULL)
		ui_copy(ui, (const char *)secret_bytes(key));
}

static void save_as(struct ui *ui, void *state, const char *path)
{
	struct be_error err = { .code = BE_OK };
	struct buffer written = BUFFER_EMPTY;
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	if (enrolment_save(&((const struct enrolling *)state)->enrolment, path, &written, &err) != BE_OK) {
		ui_say_error(ui, &err);
	} else {
		put_path(&text, (const char *)written.data);
		ui_put_foreign(&text, ": ");
		ui_put(&text, N_("saved, for you alone. Delete it when it has been scanned."));
		ui_say_text(ui, UI_GOOD, &text);
	}
	buffer_free(&written);
	buffer_free(&text.utf8);
}

static void save(struct ui *ui, void *state)
{
	const struct path_request request = { .start = PICTURE, .entered = save_as };

	(void)state;
	ui_push(ui, &screen_path, &request);
}

/* ---- asking for it ---- */

/* Worker. */
static enum be_err enrol(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->lent != NULL
		? task->calls->login_enrol(task->account, task->lent, task->text[0], task->record, wait, err)
		: task->calls->device_add(task->account, task->text[0], task->record, wait, err);
}

static void enrolled(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct enrolling *s = state;
	struct be_error err = { .code = BE_OK };

	if (is_over(ui, s, error))
		return;
	if (error->code != BE_OK) {
		who_say_refusal(ui, error);
		return;
	}
	task_take(task, &s->enrolment);
	ui_focus(ui, offsetof(struct enrolling, digits));
	if (enrolment_code(&s->code, &s->enrolment, &err) != BE_OK) {
		show_key(ui, s);
		ui_say_error(ui, &err);
	} else if (ui_shows_views(ui)) {
		show_code(ui, s);
	}
}

/* The name comes with the code; until then it is any that no other device has. */
static void ask(struct ui *ui, void *state)
{
	const struct enrolling *s = state;
	struct task *task = task_new(ui, &wire_enrolment_message);

	if (task == NULL)
		return;
	(void)snprintf(
		task->text[0], sizeof(task->text[0]), "%s %jd", tr(N_("Phone")), (intmax_t)desk_of(ui)->engine->now());
	task->lent = s->step;
	task_start(ui, task, N_("Asking for a key"), enrol, enrolled);
}

static void settled(struct ui *ui, void *state)
{
	struct enrolling *s = state;

	if (s->asked)
		return;
	s->asked = true;
	ask(ui, s);
}

/* ---- the code and the name ---- */

/* Worker. The state is lent: while a job is waited for, nothing changes it. */
static enum be_err confirm(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	const struct enrolling *s = task->lent;

	return s->step != NULL
		? task->calls->login_confirm(task->account, s->step, &s->enrolment, task->secret[0], wait, err)
		: task->calls->device_confirm(task->account, &s->enrolment, task->secret[0], task->record, wait, err);
}

static void confirmed(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct enrolling *s = state;
	const bool in = s->step != NULL && desk_of(ui)->signed_in;

	(void)task;
	if (in || error->code == BE_OK) {
		ui_pop(ui);
		if (error->code != BE_OK)
			ui_say_error(ui, error); /* for as long as the program runs: the session could not be kept */
		else
			ui_say(ui, UI_GOOD, in ? N_("You are signed in") : N_("The device is added"));
		return;
	}
	if (is_over(ui, s, error))
		return;
	if (error->code == BE_EXISTS) {
		ui_focus(ui, offsetof(struct enrolling, name));
		ui_say(ui, UI_BAD, N_("You have a device of this name already: give this one another"));
		return;
	}
	if (who_code_is_spent(error->code))
		memset(s->digits, 0, sizeof(s->digits));
	ui_focus(ui, offsetof(struct enrolling, digits));
	who_say_refusal(ui, error);
}

static void submit(struct ui *ui, void *state)
{
	struct enrolling *s = state;
	struct task *task;

	if (who_code_missing(s->digits) != NULL || s->name[0] == '\0') {
		const bool no_code_yet = who_code_missing(s->digits) != NULL;

		ui_focus(ui, no_code_yet ? offsetof(struct enrolling, digits) : offsetof(struct enrolling, name));
		ui_say(ui, UI_UNSURE,
			no_code_yet ? who_code_missing(s->digits)
				    : N_("type a name for the device, by which you know it again"));
		return;
	}
	memcpy(s->enrolment.name, s->name, sizeof(s->enrolment.name));
	task = task_new(ui, &wire_device_message);
	if (task == NULL)
		return;
	task->lent = s;
	if (task_secret_text(task, ui, 0, s->digits))
		task_start(ui, task, N_("Checking the code"), confirm, confirmed);
}

/* ---- the rest of the screen ---- */

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_LABEL,
		.msg = N_(
			"Signing in takes a one-time code of a device of yours: a phone with an authenticator app. Its key has to come from the service first."),
		.shown = is_not_there },
	{ .kind = UI_BUTTON, .msg = N_("Ask again"), .run = ask, .shown = is_not_there },
	{ .kind = UI_LABEL,
		.msg = N_(
			"Scan the QR code with an authenticator app, or type its key there: the app then shows a code."),
		.shown = tells_how },
	{ .kind = UI_FACT, .msg = N_("Setup key"), .text = put_key, .shown = has_key },
	{ .kind = UI_INPUT,
		.msg = N_("OTP code"),
		.at = offsetof(struct enrolling, digits),
		.max = WHO_CODE_MAX,
		.only = WHO_CODE_DIGITS,
		.run = submit,
		.shown = is_there,
		.help = N_("the six digits that the authenticator shows now") },
	{ .kind = UI_INPUT,
		.msg = N_("Device name"),
		.at = offsetof(struct enrolling, name),
		.max = WIRE_NAME_MAX,
		.run = submit,
		.shown = is_there,
		.help = N_("to tell it from your other devices") },
	{ .kind = UI_BUTTON, .msg = N_("Submit"), .run = submit, .shown = is_there },
	{ .kind = UI_BUTTON, .msg = N_("Show the QR code"), .guard = no_code, .run = show_code, .shown = has_view },
	{ .kind = UI_BUTTON,
		.msg = N_("Cannot scan?"),
		.run = show_key,
		.shown = hides_key,
		.help = N_("shows the setup key, to be typed into the authenticator") },
	{ .kind = UI_BUTTON,
		.msg = N_("Copy the setup key"),
		.run = copy_key,
		.shown = is_there,
		.help = N_("to the clipboard, where the terminal allows that; the key is shown as well") },
	{ .kind = UI_BUTTON,
		.msg = N_("Save the QR code as a picture"),
		.guard = no_code,
		.run = save,
		.shown = is_there,
		.help = N_("a PNG file that only you can read; delete it after scanning") },
	{ .kind = UI_END },
};

const struct ui_screen screen_otp_enrol = { .name = "otp_enrol",
	.title = N_("New OTP device"),
	.help = N_(
		"The QR code and the setup key are the same secret. Whoever has it makes your codes: show it to nobody, and send it nowhere."),
	.state_size = sizeof(struct enrolling),
	.fields = fields,
	.enter = enter,
	.leave = leave,
	.settled = settled };
