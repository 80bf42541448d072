/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is typed for another screen: a file or folder by its name, for those who know it; a text to be found. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

struct entry {
	char path[SETTINGS_PATH_MAX];
	void (*entered)(struct ui *ui, void *state, const char *path);
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct path_request *request = arg;
	struct entry *s = state;

	s->entered = request->entered;
	(void)snprintf(s->path, sizeof(s->path), "%s", request->start);
	ui_focus(ui, offsetof(struct entry, path));
}

static const char *is_empty(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct entry *)state)->path[0] == '\0' ? N_("type something first") : NULL;
}

static void done(struct ui *ui, void *state)
{
	const struct entry *s = state;
	void *below;

	if (is_empty(ui, state) != NULL) {
		ui_say(ui, UI_UNSURE, is_empty(ui, state));
		return;
	}
	ui_pop(ui);
	below = ui_state(ui);
	s->entered(ui, below, s->path);
}

static const struct ui_field path_fields[] = {
	{ .kind = UI_INPUT,
		.msg = N_("Name"),
		.at = offsetof(struct entry, path),
		.max = SETTINGS_PATH_MAX,
		.run = done,
		.help = N_("a file or a folder; ~ is your home") },
	{ .kind = UI_BUTTON, .msg = N_("Open"), .guard = is_empty, .run = done },
	{ .kind = UI_END },
};

static const struct ui_field find_fields[] = {
	{ .kind = UI_INPUT,
		.msg = N_("Text"),
		.at = offsetof(struct entry, path),
		.max = RENDER_FIND_MAX,
		.run = done,
		.help = N_("letters large and small are the same") },
	{ .kind = UI_BUTTON, .msg = N_("Search"), .guard = is_empty, .run = done },
	{ .kind = UI_END },
};

static const struct ui_field paste_fields[] = {
	{ .kind = UI_INPUT,
		.msg = N_("Text or URL"),
		.at = offsetof(struct entry, path),
		.max = SETTINGS_PATH_MAX,
		.run = done,
		.help = N_("what a code says; it can be pasted") },
	{ .kind = UI_BUTTON, .msg = N_("Continue"), .guard = is_empty, .run = done },
	{ .kind = UI_END },
};

const struct ui_screen screen_path = { .name = "path",
	.title = N_("Type a name"),
	.help = N_("Opens a folder, or chooses a file, by its name."),
	.state_size = sizeof(struct entry),
	.fields = path_fields,
	.enter = enter };

const struct ui_screen screen_find = { .name = "find",
	.title = N_("Find a text"),
	.help = N_("Looks for a text on this page and those after it."),
	.state_size = sizeof(struct entry),
	.fields = find_fields,
	.enter = enter };

const struct ui_screen screen_qr_paste = { .name = "qr_paste",
	.title = N_("Paste text or URL"),
	.help = N_("Takes it as if a QR code had said it; nothing is fetched by that."),
	.state_size = sizeof(struct entry),
	.fields = paste_fields,
	.enter = enter };
