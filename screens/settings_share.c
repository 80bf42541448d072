/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan -> Berbagi: who sends letters, and through which server. No password is kept. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct sharing {
	char from[SETTINGS_TEXT_MAX];
	char server[SETTINGS_TEXT_MAX];
	size_t security; /* enum settings_security */
	char user[SETTINGS_TEXT_MAX];
	char authorities[SETTINGS_PATH_MAX];
	char sendmail[SETTINGS_PATH_MAX];
};

static const char *const securities[] = { N_("STARTTLS, usually port 587"), N_("TLS, usually port 465"),
	N_("None: only a server on this computer"), NULL };

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct sharing *s = state;
	const struct settings *settings = &desk_of(ui)->settings;

	(void)arg;
	memcpy(s->from, settings->mail_from, sizeof(s->from));
	memcpy(s->server, settings->mail_server, sizeof(s->server));
	s->security = (size_t)settings->mail_security;
	memcpy(s->user, settings->mail_user, sizeof(s->user));
	memcpy(s->authorities, settings->mail_authorities, sizeof(s->authorities));
	memcpy(s->sendmail, settings->sendmail, sizeof(s->sendmail));
}

static void fill(struct settings *settings, const struct sharing *s)
{
	memcpy(settings->mail_from, s->from, sizeof(s->from));
	memcpy(settings->mail_server, s->server, sizeof(s->server));
	settings->mail_security = (int)s->security;
	memcpy(settings->mail_user, s->user, sizeof(s->user));
	memcpy(settings->mail_authorities, s->authorities, sizeof(s->authorities));
	memcpy(settings->sendmail, s->sendmail, sizeof(s->sendmail));
}

/* Nobody has to have an address; one that is typed has to be one. */
static enum be_err check(const struct settings *settings, struct be_error *err)
{
	struct share_mail mail = { .to = NULL };

	share_mail_settings(&mail, settings);
	return settings->mail_from[0] != '\0' ? share_mail_sender_check(&mail, err) : BE_OK;
}

static void save(struct ui *ui, void *state)
{
	struct desk *desk = desk_of(ui);
	struct settings before = desk->settings;
	struct be_error err = { .code = BE_OK };
	enum be_err rc;

	fill(&desk->settings, state);
	rc = check(&desk->settings, &err);
	if (rc == BE_OK)
		rc = desk_keep_settings(desk, &err);
	if (rc != BE_OK) {
		desk->settings = before;
		ui_say_error(ui, &err);
		return;
	}
	ui_pop(ui);
	ui_say(ui, UI_GOOD, N_("The settings are saved"));
}

static bool has_server(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct sharing *)state)->server[0] != '\0';
}

static bool has_none(const struct ui *ui, const void *state)
{
	return !has_server(ui, state);
}

static const struct ui_field fields[] = {
	{ .kind = UI_INPUT,
		.msg = N_("Your mail address"),
		.at = offsetof(struct sharing, from),
		.max = SETTINGS_TEXT_MAX,
		.help = N_("letters come from it, and answers go there") },
	{ .kind = UI_INPUT,
		.msg = N_("Mail server"),
		.at = offsetof(struct sharing, server),
		.max = SETTINGS_TEXT_MAX,
		.help = N_("HOST or HOST:PORT; empty: the sendmail program of this computer") },
	{ .kind = UI_CHOICE,
		.msg = N_("Mail security"),
		.at = offsetof(struct sharing, security),
		.words = securities,
		.shown = has_server },
	{ .kind = UI_INPUT,
		.msg = N_("Mail user"),
		.at = offsetof(struct sharing, user),
		.max = SETTINGS_TEXT_MAX,
		.shown = has_server,
		.help = N_("empty: the server asks for none; the password is asked for each time and never kept") },
	{ .kind = UI_INPUT,
		.msg = N_("Mail authorities"),
		.at = offsetof(struct sharing, authorities),
		.max = SETTINGS_PATH_MAX,
		.shown = has_server,
		.help = N_("a file of certificates (PEM) for the server's own; empty: those of the system") },
	{ .kind = UI_INPUT,
		.msg = N_("Sendmail program"),
		.at = offsetof(struct sharing, sendmail),
		.max = SETTINGS_PATH_MAX,
		.shown = has_none,
		.help = N_("empty: where systems have it") },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings_share = { .name = "settings_share",
	.title = N_("Sharing"),
	.help = N_("How letters with signed documents go out."),
	.state_size = sizeof(struct sharing),
	.fields = fields,
	.enter = enter };
