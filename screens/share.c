/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bagikan: which way the documents go. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct choice {
	struct share_form form;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	share_form_open(state, ui, arg);
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	share_form_close(state);
}

static void go(struct ui *ui, const void *state, const struct ui_screen *screen)
{
	const struct share_form *form = state;
	const struct share_request request = { (const char *const *)form->paths, form->count };

	ui_push(ui, screen, &request);
}

static void folder(struct ui *ui, void *state)
{
	go(ui, state, &screen_share_folder);
}

static void mail(struct ui *ui, void *state)
{
	go(ui, state, &screen_share_mail);
}

static void server(struct ui *ui, void *state)
{
	go(ui, state, &screen_share_server);
}

/* One name can be shown in full; several stand on lines of their own on the clipboard. */
static void copy(struct ui *ui, void *state)
{
	const struct share_form *form = state;
	struct buffer names = BUFFER_EMPTY;

	for (size_t i = 0; i < form->count; i++) {
		buffer_add_str(&names, i == 0 ? "" : "\n");
		buffer_add_str(&names, form->paths[i]);
	}
	buffer_add_byte(&names, '\0');
	if (!names.failed)
		ui_copy(ui, (const char *)names.data);
	if (form->count > 1)
		ui_say(ui, UI_PLAIN, N_("The names are copied, a line each, where the terminal allows it"));
	buffer_free(&names);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("To be shared"), .text = share_form_documents },
	{ .kind = UI_BUTTON,
		.msg = N_("Into a folder"),
		.run = folder,
		.help = N_("copies or moves it, on this computer or a drive") },
	{ .kind = UI_BUTTON, .msg = N_("By mail"), .run = mail, .help = N_("sends a letter with it") },
	{ .kind = UI_BUTTON,
		.msg = N_("To a server (SFTP)"),
		.run = server,
		.help = N_("puts it on a server that takes files by SSH") },
	{ .kind = UI_BUTTON,
		.msg = N_("Copy the name"),
		.run = copy,
		.help = N_("puts its full name on the clipboard, where the terminal allows it") },
	{ .kind = UI_END },
};

const struct ui_screen screen_share = { .name = "share",
	.title = N_("Share"),
	.help = N_("Hands documents on. The documents themselves are not changed."),
	.state_size = sizeof(struct choice),
	.fields = fields,
	.enter = enter,
	.leave = leave };
