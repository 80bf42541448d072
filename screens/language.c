/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bahasa: the language, which changes at once and is kept. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct language {
	size_t chosen;
};

/* What their speakers call them; the same in both. */
static const char *const words[] = { N_("Bahasa Indonesia"), N_("English"), NULL };
static const enum i18n_language languages[] = { I18N_ID, I18N_EN };
static const int values[] = { SETTINGS_LANGUAGE_ID, SETTINGS_LANGUAGE_EN };

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct language *s = state;

	(void)arg;
	s->chosen = i18n_get() == I18N_ID ? 0 : 1;
	ui_focus(ui, offsetof(struct language, chosen));
}

static void save(struct ui *ui, void *state)
{
	const struct language *s = state;
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	i18n_set(languages[s->chosen]);
	desk->settings.language = values[s->chosen];
	ui_pop(ui);
	if (desk_keep_settings(desk, &err) == BE_OK)
		ui_say(ui, UI_GOOD, N_("The language is saved"));
	else
		ui_say_error(ui, &err);
}

static const struct ui_field fields[] = {
	{ .kind = UI_CHOICE, .msg = N_("Language"), .at = offsetof(struct language, chosen), .words = words },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save },
	{ .kind = UI_END },
};

const struct ui_screen screen_language = { .name = "language",
	.title = N_("Language"),
	.help = N_("The language of all screens and messages. It changes at once and is kept."),
	.state_size = sizeof(struct language),
	.fields = fields,
	.enter = enter };
