/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan -> what every signature begins with: reason, place, and where signed documents go. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <string.h>

struct defaults {
	char reason[SETTINGS_TEXT_MAX];
	char location[SETTINGS_TEXT_MAX];
	char directory[SETTINGS_PATH_MAX];
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct defaults *s = state;
	const struct settings *settings = &desk_of(ui)->settings;

	(void)arg;
	memcpy(s->reason, settings->reason, sizeof(s->reason));
	memcpy(s->location, settings->location, sizeof(s->location));
	memcpy(s->directory, settings->output_directory, sizeof(s->directory));
}

static void save(struct ui *ui, void *state)
{
	const struct defaults *s = state;
	struct desk *desk = desk_of(ui);
	struct settings before = desk->settings;
	struct be_error err = { .code = BE_OK };

	memcpy(desk->settings.reason, s->reason, sizeof(s->reason));
	memcpy(desk->settings.location, s->location, sizeof(s->location));
	memcpy(desk->settings.output_directory, s->directory, sizeof(s->directory));
	if (desk_keep_settings(desk, &err) != BE_OK) {
		desk->settings = before;
		ui_say_error(ui, &err);
		return;
	}
	ui_pop(ui);
	ui_say(ui, UI_GOOD, N_("The settings are saved"));
}

static const struct ui_field fields[] = {
	{ .kind = UI_INPUT,
		.msg = N_("Reason"),
		.at = offsetof(struct defaults, reason),
		.max = SETTINGS_TEXT_MAX,
		.help = N_("why documents are signed; can be changed each time") },
	{ .kind = UI_INPUT,
		.msg = N_("Place"),
		.at = offsetof(struct defaults, location),
		.max = SETTINGS_TEXT_MAX,
		.help = N_("where documents are signed; can be changed each time") },
	{ .kind = UI_INPUT,
		.msg = N_("Output folder"),
		.at = offsetof(struct defaults, directory),
		.max = SETTINGS_PATH_MAX,
		.help = N_("where signed documents go; empty: beside each document, with _signed in the name") },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings_sign = { .name = "settings_sign",
	.title = N_("When signing"),
	.help = N_("What every signature begins with."),
	.state_size = sizeof(struct defaults),
	.fields = fields,
	.enter = enter };
