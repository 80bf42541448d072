/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Another password for the account; not the passphrase of a key. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct changing {
	struct secret *old_one;
	struct secret *new_one;
	struct secret *repeated;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	(void)arg;
	desk_of(ui)->engine->guard();
}

/* Worker. */
static enum be_err change(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->change_password(task->account, task->secret[0], task->secret[1], wait, err);
}

static void changed(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct changing *s = state;
	struct be_error told = *error;

	(void)task;
	if (error->code == BE_OK || error->code == BE_SESSION) {
		ui_pop(ui);
		if (error->code == BE_OK)
			ui_say(ui, UI_GOOD, N_("The password is changed; sessions on other computers have ended"));
		else
			who_say_refusal(ui, error);
		return;
	}
	if (error->code == BE_WRONG_LOGIN) {
		told.msgid = N_("The password that you have now is another one");
		secret_clear(s->old_one);
		ui_focus(ui, offsetof(struct changing, old_one));
	} else if (error->code == BE_WEAK) {
		ui_focus(ui, offsetof(struct changing, new_one));
	}
	who_say_refusal(ui, &told);
}

static const char *what_is_missing(const struct changing *s, size_t *at)
{
	*at = offsetof(struct changing, old_one);
	if (secret_len(s->old_one) == 0)
		return N_("type the password that you have now");
	*at = offsetof(struct changing, new_one);
	if (secret_len(s->new_one) == 0)
		return N_("type the new password");
	*at = offsetof(struct changing, repeated);
	return secrets_equal(s->new_one, s->repeated) ? NULL : N_("the two passwords differ: type them again");
}

static void start(struct ui *ui, void *state)
{
	const struct changing *s = state;
	struct task *task;
	size_t at;
	const char *missing = what_is_missing(s, &at);

	if (who_misses(ui, missing, at))
		return;
	task = task_new(ui, NULL);
	if (task != NULL && task_secret(task, ui, 0, s->old_one) && task_secret(task, ui, 1, s->new_one))
		task_start(ui, task, N_("Changing the password"), change, changed);
}

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_FACT, .msg = N_("Signed in as"), .text = who_put_user, .shown = who_has_room },
	{ .kind = UI_FACT,
		.msg = N_("Password length"),
		.text = who_put_password_rule,
		.shown = who_has_password_rule },
	{ .kind = UI_SECRET,
		.msg = N_("Password now"),
		.at = offsetof(struct changing, old_one),
		.help = N_("the one that you sign in with") },
	{ .kind = UI_SECRET,
		.msg = N_("New password"),
		.at = offsetof(struct changing, new_one),
		.help = N_("of the account; not the passphrase of a key") },
	{ .kind = UI_SECRET,
		.msg = N_("New password, again"),
		.at = offsetof(struct changing, repeated),
		.run = start },
	{ .kind = UI_BUTTON,
		.msg = N_("Change the password"),
		.run = start,
		.help = N_("ends the sessions on other computers; this one stays") },
	{ .kind = UI_END },
};

const struct ui_screen screen_password = { .name = "password",
	.title = N_("Change the password"),
	.help = N_("The password of the account. The passphrase of a certificate's key stays what it is."),
	.state_size = sizeof(struct changing),
	.fields = fields,
	.enter = enter };
