/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Layanan akun: which account service is asked, the one on this computer or an institution's. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>

enum { KIND_EMBEDDED, KIND_SERVER };

struct choosing {
	size_t kind;
	char address[SETTINGS_TEXT_MAX];
	char ca[SETTINGS_PATH_MAX];
	bool plain;
	bool then; /* somebody wants the account, and was asked for this first */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct settings *settings = &desk_of(ui)->settings;
	struct choosing *s = state;

	s->then = arg != NULL && *(const bool *)arg;
	if (service_kind(settings) == SERVICE_SERVER) {
		s->kind = KIND_SERVER;
		(void)snprintf(s->address, sizeof(s->address), "%s", settings->service);
	}
	(void)snprintf(s->ca, sizeof(s->ca), "%s", settings->service_ca);
	s->plain = settings->service_plain == SETTINGS_PLAIN_YES;
	ui_focus(ui, offsetof(struct choosing, kind));
}

static bool is_server(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct choosing *)state)->kind == KIND_SERVER;
}

static bool is_embedded(const struct ui *ui, const void *state)
{
	return !is_server(ui, state);
}

static bool is_first(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct choosing *)state)->then;
}

static bool leaves_session(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->signed_in;
}

static enum ui_mood unsure(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

/* ---- saving ---- */

static enum be_err check_ca(struct ui *ui, const char *typed, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum browse_kind kind = BROWSE_FILE;
	enum be_err rc = BE_OK;

	if (typed[0] != '\0')
		rc = paths_absolute(&path, typed, NULL, err);
	if (rc == BE_OK && path.len > 0)
		rc = desk_of(ui)->engine->browse_is(&kind, (const char *)path.data, err);
	if (rc == BE_OK && kind != BROWSE_FILE) {
		*err = (struct be_error){ .code = BE_USAGE,
			.msgid = N_("The CA file is one file with certificates (PEM)") };
		rc = BE_USAGE;
	}
	buffer_free(&path);
	return rc;
}

static enum be_err take(struct ui *ui, const struct choosing *s, struct settings *out, struct be_error *err)
{
	const bool server = s->kind == KIND_SERVER;
	enum be_err rc;

	(void)snprintf(out->service, sizeof(out->service), "%s", server ? s->address : SERVICE_EMBEDDED_WORD);
	if (!server)
		return BE_OK;
	(void)snprintf(out->service_ca, sizeof(out->service_ca), "%s", s->ca);
	out->service_plain = s->plain ? SETTINGS_PLAIN_YES : SETTINGS_PLAIN_NO;
	if (s->address[0] == '\0') {
		*err = (struct be_error){ .code = BE_USAGE, .msgid = N_("type the address of the service first") };
		return BE_USAGE;
	}
	rc = service_check(out->service, s->plain, err);
	return rc == BE_OK ? check_ca(ui, out->service_ca, err) : rc;
}

/* Worker. There is nothing to do but to be the only one that runs: no other job has the account any more. */
static enum be_err be_alone(void *work, struct ui_op *op, struct be_error *err)
{
	(void)work;
	(void)op;
	(void)err;
	return BE_OK;
}

static void switched(struct ui *ui, void *state, void *work, const struct be_error *error)
{
	const struct choosing *s = state;
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	(void)error;
	desk->settings = *(const struct settings *)work;
	desk_forget_account(desk);
	if (desk_keep_settings(desk, &err) != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	ui_pop(ui);
	if (s->then)
		who_open(ui);
	else
		ui_say(ui, UI_GOOD, N_("The account service is saved"));
}

static void save(struct ui *ui, void *state)
{
	struct ui_job job = {
		.title = N_("Changing the account service"), .run = be_alone, .done = switched, .free = free
	};
	struct settings *settings = malloc(sizeof(*settings));
	struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };

	if (settings != NULL)
		*settings = desk_of(ui)->settings;
	if (settings == NULL || take(ui, state, settings, &err) != BE_OK) {
		free(settings);
		if (is_server(ui, state))
			ui_focus(ui,
				err.code == BE_USAGE ? offsetof(struct choosing, address)
						     : offsetof(struct choosing, ca));
		ui_say_error(ui, &err);
		return;
	}
	job.work = settings;
	ui_start(ui, &job);
}

/* What has to be typed, or decided, next. */
static void kind_chosen(struct ui *ui, void *state)
{
	if (is_server(ui, state))
		ui_focus(ui, offsetof(struct choosing, address));
	else
		ui_focus_button(ui, save);
}

static const char *const kinds[] = { N_("On this computer, for yourself"), N_("A server of your institution"), NULL };

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_LABEL,
		.msg = N_("An account service issues your certificates and keeps their keys. Which one is yours?"),
		.shown = is_first },
	{ .kind = UI_LABEL,
		.msg = N_("You are signed in. With another service you have to sign in again."),
		.shown = leaves_session },
	{ .kind = UI_CHOICE, .at = offsetof(struct choosing, kind), .words = kinds, .run = kind_chosen },
	{ .kind = UI_LABEL,
		.msg = N_(
			"It begins when it is needed and ends by itself. Certificates of its authority are trusted by nobody else: it is for practice, and for documents of your own."),
		.mood = unsure,
		.shown = is_embedded },
	{ .kind = UI_INPUT,
		.msg = N_("Address"),
		.at = offsetof(struct choosing, address),
		.max = SETTINGS_TEXT_MAX,
		.shown = is_server,
		.help = N_("https://sign.example.id, as the institution tells it") },
	{ .kind = UI_INPUT,
		.msg = N_("CA file"),
		.at = offsetof(struct choosing, ca),
		.max = SETTINGS_PATH_MAX,
		.shown = is_server,
		.help = N_(
			"the authority of the server's own certificate (PEM), when this computer does not know it; else empty") },
	{ .kind = UI_CHECK,
		.msg = N_("Also without TLS (http://): whoever is in between reads your password"),
		.at = offsetof(struct choosing, plain),
		.shown = is_server,
		.help = N_("only inside a network that you trust; every screen of the account says so then") },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save, .help = N_("asks this service from now on") },
	{ .kind = UI_END },
};

const struct ui_screen screen_service = { .name = "service",
	.title = N_("Account service"),
	.help = N_(
		"Which account service is asked. Signing with a key file and verifying need none. Nothing is sent before you sign in."),
	.state_size = sizeof(struct choosing),
	.fields = fields,
	.enter = enter };
