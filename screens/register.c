/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Registering at a service that lets everybody do so; what was typed signs in afterwards. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <string.h>

struct registering {
	char user[WIRE_USER_MAX];
	char name[WIRE_NAME_MAX];
	char organisation[WIRE_NAME_MAX];
	struct secret *password;
	struct secret *repeated;
	void (*registered)(struct ui *ui, void *state, const char *user, const struct secret *password);
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct register_request *request = arg;

	(void)ui;
	((struct registering *)state)->registered = request->registered;
}

/* Worker. */
static enum be_err sign_up(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	struct wire_register person = { .password = task->secret[0] };

	(void)snprintf(person.user, sizeof(person.user), "%.*s", (int)sizeof(person.user) - 1, task->text[0]);
	memcpy(person.name, task->text[1], sizeof(person.name));
	memcpy(person.organisation, task->text[2], sizeof(person.organisation));
	(void)snprintf(
		person.language, sizeof(person.language), "%.*s", (int)sizeof(person.language) - 1, task->text[3]);
	return task->calls->sign_up(task->account, &person, wait, err);
}

static void signed_up(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct registering *s = state;

	(void)task;
	if (error->code == BE_OK) {
		ui_pop(ui);
		s->registered(ui, ui_state(ui), s->user, s->password);
		return;
	}
	if (error->code == BE_WEAK)
		ui_focus(ui, offsetof(struct registering, password));
	if (error->code == BE_EXISTS) {
		ui_focus(ui, offsetof(struct registering, user));
		ui_say(ui, UI_BAD, N_("There is an account of this name already: go back and sign in with it"));
	} else {
		who_say_refusal(ui, error);
	}
}

/* What the service would refuse anyway is said without asking it. */
static const char *what_is_missing(const struct registering *s, size_t *at)
{
	*at = offsetof(struct registering, user);
	if (strchr(s->user, '@') == NULL)
		return N_("type a mail address: it is the user name, and letters go there");
	*at = offsetof(struct registering, name);
	if (s->name[0] == '\0')
		return N_("type your name as it is to stand in certificates");
	*at = offsetof(struct registering, password);
	if (secret_len(s->password) == 0)
		return N_("type a password");
	*at = offsetof(struct registering, repeated);
	return secrets_equal(s->password, s->repeated) ? NULL : N_("the two passwords differ: type them again");
}

static void start(struct ui *ui, void *state)
{
	const struct registering *s = state;
	struct task *task;
	size_t at;
	const char *missing = what_is_missing(s, &at);

	if (who_misses(ui, missing, at))
		return;
	task = task_new(ui, NULL);
	if (task == NULL)
		return;
	(void)snprintf(task->text[0], sizeof(task->text[0]), "%s", s->user);
	memcpy(task->text[1], s->name, sizeof(s->name));
	memcpy(task->text[2], s->organisation, sizeof(s->organisation));
	(void)snprintf(task->text[3], sizeof(task->text[3]), "%s", i18n_name(i18n_get()));
	if (task_secret(task, ui, 0, s->password))
		task_start(ui, task, N_("Registering"), sign_up, signed_up);
}

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_FACT, .msg = N_("Account service"), .text = who_put_service, .shown = who_has_room },
	{ .kind = UI_INPUT,
		.msg = N_("E-mail"),
		.at = offsetof(struct registering, user),
		.max = WIRE_USER_MAX,
		.help = N_("the user name, and where the service writes to") },
	{ .kind = UI_INPUT,
		.msg = N_("Name"),
		.at = offsetof(struct registering, name),
		.max = WIRE_NAME_MAX,
		.help = N_("as it is to stand in certificates") },
	{ .kind = UI_INPUT,
		.msg = N_("Organisation"),
		.at = offsetof(struct registering, organisation),
		.max = WIRE_NAME_MAX,
		.help = N_("may stay empty") },
	{ .kind = UI_FACT,
		.msg = N_("Password length"),
		.text = who_put_password_rule,
		.shown = who_has_password_rule },
	{ .kind = UI_SECRET,
		.msg = N_("Password"),
		.at = offsetof(struct registering, password),
		.help = N_("of the account; not the passphrase of a key") },
	{ .kind = UI_SECRET, .msg = N_("Password, again"), .at = offsetof(struct registering, repeated), .run = start },
	{ .kind = UI_BUTTON,
		.msg = N_("Register"),
		.run = start,
		.help = N_("makes the account and signs in with it") },
	{ .kind = UI_END },
};

const struct ui_screen screen_register = { .name = "register",
	.title = N_("Register"),
	.help = N_("Makes an account at the service. A device for one-time codes is added next."),
	.state_size = sizeof(struct registering),
	.fields = fields,
	.enter = enter };
