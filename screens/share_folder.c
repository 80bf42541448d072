/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bagikan -> into a folder: a copy, or the document itself. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

struct folder {
	struct share_form form;
	char dir[SETTINGS_PATH_MAX];
	bool move;
	bool replace;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct folder *s = state;
	const char *last = desk_of(ui)->state.share_folder;

	share_form_open(&s->form, ui, arg);
	(void)snprintf(s->dir, sizeof(s->dir), "%s", last != NULL ? last : "");
	ui_focus(ui, offsetof(struct folder, dir));
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	share_form_close(state);
}

static const char *no_folder(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct folder *)state)->dir[0] == '\0' ? N_("type the name of a folder first") : NULL;
}

/* A name that does not begin with a slash is meant from where documents were last looked for. */
static void start(struct ui *ui, void *state)
{
	struct folder *s = state;
	struct share_job job = { .way = SHARE_FOLDER };
	struct buffer dir = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };

	if (paths_absolute(&dir, s->dir, desk_of(ui)->state.directory, &err) == BE_OK) {
		job.folder = (struct share_folder){ (const char *)dir.data, s->move, s->replace };
		share_form_start(&s->form, ui, &job);
	} else {
		ui_say_error(ui, &err);
	}
	buffer_free(&dir);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("To be shared"), .text = share_form_documents },
	{ .kind = UI_INPUT,
		.msg = N_("Folder"),
		.at = offsetof(struct folder, dir),
		.max = SETTINGS_PATH_MAX,
		.run = start,
		.help = N_("one that is there, also of a drive; ~ is your home") },
	{ .kind = UI_CHECK,
		.msg = N_("Move: take it away from where it is"),
		.at = offsetof(struct folder, move),
		.help = N_("only when it is safe in the folder") },
	{ .kind = UI_CHECK, .msg = N_("Replace a file of the same name"), .at = offsetof(struct folder, replace) },
	{ .kind = UI_BUTTON, .msg = N_("Put it there"), .guard = no_folder, .run = start },
	{ .kind = UI_END },
};

const struct ui_screen screen_share_folder = { .name = "share_folder",
	.title = N_("Into a folder"),
	.help = N_("A file gets its name in the folder when it is whole, and not before."),
	.state_size = sizeof(struct folder),
	.fields = fields,
	.enter = enter,
	.leave = leave };
