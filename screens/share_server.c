/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bagikan -> to a server, by SFTP: one whose key is known, so that it is the one that is meant. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

struct server {
	struct share_form form;
	char url[SETTINGS_PATH_MAX];
	char identity[SETTINGS_PATH_MAX];
	bool replace;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct server *s = state;
	const struct state *known = &desk_of(ui)->state;

	share_form_open(&s->form, ui, arg);
	(void)snprintf(s->url, sizeof(s->url), "%s", known->share_server != NULL ? known->share_server : "sftp://");
	(void)snprintf(s->identity, sizeof(s->identity), "%s", known->share_key != NULL ? known->share_key : "");
	ui_focus(ui, offsetof(struct server, url));
	desk_of(ui)->engine->guard();
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	share_form_close(state);
}

static const char *not_yet(const struct ui *ui, const void *state)
{
	const struct share_server server = { .url = ((const struct server *)state)->url };
	struct be_error err = { .code = BE_OK };

	(void)ui;
	return share_server_check(&server, &err) == BE_OK ? NULL : err.msgid;
}

static void start(struct ui *ui, void *state)
{
	struct server *s = state;
	struct share_job job = { .way = SHARE_SERVER };
	struct buffer identity = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = BE_OK;

	job.server = (struct share_server){ .url = s->url, .replace = s->replace };
	rc = share_server_check(&job.server, &err);
	if (rc == BE_OK && s->identity[0] != '\0')
		rc = paths_absolute(&identity, s->identity, NULL, &err);
	job.server.identity = (const char *)identity.data;
	if (rc == BE_OK)
		share_form_start(&s->form, ui, &job);
	else
		ui_say_error(ui, &err);
	buffer_free(&identity);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("To be shared"), .text = share_form_documents },
	{ .kind = UI_INPUT,
		.msg = N_("Address"),
		.at = offsetof(struct server, url),
		.max = SETTINGS_PATH_MAX,
		.help = N_("sftp://USER@HOST/FOLDER; /~/ is the user's own folder there") },
	{ .kind = UI_INPUT,
		.msg = N_("Key file"),
		.at = offsetof(struct server, identity),
		.max = SETTINGS_PATH_MAX,
		.help = N_("an ssh key, ED25519 or ECDSA; empty: the ssh-agent, or the password") },
	{ .kind = UI_SECRET,
		.msg = N_("Password"),
		.at = offsetof(struct server, form.password),
		.run = start,
		.help = N_("of the key file; without one, of the user; it is not kept") },
	{ .kind = UI_CHECK, .msg = N_("Replace a file of the same name"), .at = offsetof(struct server, replace) },
	{ .kind = UI_BUTTON, .msg = N_("Send"), .guard = not_yet, .run = start },
	{ .kind = UI_END },
};

const struct ui_screen screen_share_server = { .name = "share_server",
	.title = N_("To a server (SFTP)"),
	.help = N_(
		"The server's key has to be in ~/.ssh/known_hosts: connect once with ssh, compare the fingerprint, and it is."),
	.state_size = sizeof(struct server),
	.fields = fields,
	.enter = enter,
	.leave = leave };
