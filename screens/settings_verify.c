/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan -> what it means that nobody knows whether a certificate was revoked. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct policy {
	size_t revocation; /* enum verify_revocation */
};

static const char *const words[] = { N_("Not certain, until it is known"), N_("Valid, with a note"),
	N_("Valid: revocation is not looked at"), NULL };

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)arg;
	((struct policy *)state)->revocation = (size_t)desk_of(ui)->settings.revocation;
	ui_focus(ui, offsetof(struct policy, revocation));
}

static void save(struct ui *ui, void *state)
{
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	desk->settings.revocation = (int)((const struct policy *)state)->revocation;
	ui_pop(ui);
	if (desk_keep_settings(desk, &err) == BE_OK)
		ui_say(ui, UI_GOOD, N_("The settings are saved"));
	else
		ui_say_error(ui, &err);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL,
		.msg = N_(
			"This version does not ask whether a certificate was revoked. A signature that is good otherwise is therefore:") },
	{ .kind = UI_CHOICE, .at = offsetof(struct policy, revocation), .words = words },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings_verify = { .name = "settings_verify",
	.title = N_("When verifying"),
	.help = N_("The strictest choice is the first. The others say expressly that you accept what is not known."),
	.state_size = sizeof(struct policy),
	.fields = fields,
	.enter = enter };
