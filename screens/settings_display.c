/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan -> Tampilan: colours and characters, seen at once. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct display {
	size_t colour;
	size_t characters;
};

/* In the order of enum settings_colour and enum settings_characters. */
static const char *const colours[] = { N_("Automatic"), N_("Always"), N_("Never"), NULL };
static const char *const characters[] = { N_("Automatic"), N_("ASCII only"), NULL };

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct display *s = state;
	const struct settings *settings = &desk_of(ui)->settings;

	(void)arg;
	s->colour = (size_t)settings->colour;
	s->characters = (size_t)settings->characters;
}

static void save(struct ui *ui, void *state)
{
	const struct display *s = state;
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	desk->settings.colour = (int)s->colour;
	desk->settings.characters = (int)s->characters;
	ui_set_look(ui, (enum ui_colour)s->colour, (enum ui_characters)s->characters);
	ui_pop(ui);
	if (desk_keep_settings(desk, &err) == BE_OK)
		ui_say(ui, UI_GOOD, N_("The settings are saved"));
	else
		ui_say_error(ui, &err);
}

static const struct ui_field fields[] = {
	{ .kind = UI_CHOICE,
		.msg = N_("Colours"),
		.at = offsetof(struct display, colour),
		.words = colours,
		.help = N_("automatic means: where the terminal has them, unless NO_COLOR is set") },
	{ .kind = UI_CHOICE,
		.msg = N_("Characters"),
		.at = offsetof(struct display, characters),
		.words = characters,
		.help = N_("automatic means: what the locale says that the terminal can show") },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings_display = { .name = "settings_display",
	.title = N_("Display"),
	.help = N_("How the screens look. What colours say is always said in words too."),
	.state_size = sizeof(struct display),
	.fields = fields,
	.enter = enter };
