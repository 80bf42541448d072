/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What screens have in common that ask the account service: who is signed in, and how a refusal is told. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

/* ---- who ---- */

/* Somebody who was signed in is so still: the session is read from its file. */
void find_account(struct ui *ui)
{
	struct be_error err = { .code = BE_OK };

	if (desk_account(desk_of(ui), &err) == NULL)
		ui_say_error(ui, &err);
}

bool is_signed_in(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->signed_in;
}

bool is_signed_out(const struct ui *ui, const void *state)
{
	return !is_signed_in(ui, state);
}

const char *must_sign_in(const struct ui *ui, const void *state)
{
	return is_signed_in(ui, state) ? NULL : N_("sign in first");
}

static const struct ui_screen *const screens[] = {
#define SCREEN(name) &screen_##name,
#include "screens.def"
#undef SCREEN
};

const struct ui_screen *screen_named(const char *name)
{
	for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++)
		if (strcmp(screens[i]->name, name) == 0)
			return screens[i];
	return NULL;
}

const char *cannot_sign_in(const struct ui *ui, const void *state)
{
	(void)ui;
	(void)state;
	return screen_named("sign_in") != NULL ? NULL : N_("this version has no screen to sign in");
}

void open_sign_in(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, screen_named("sign_in"), NULL);
}

enum ui_mood mood_bad(const void *state)
{
	(void)state;
	return UI_BAD;
}

enum ui_mood mood_unsure(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

/* ---- how a refusal is told ---- */

/* "2026-11-28 00:44 UTC" */
static void put_moment(struct ui_text *out, int64_t moment)
{
	char text[TIME_TEXT_MAX];

	(void)time_format(text, moment);
	if (strlen(text) < 16)
		return;
	text[10] = ' ';
	text[16] = '\0';
	ui_put_foreign(out, text);
	ui_put_foreign(out, " UTC");
}

/* The particulars of a service are sentences of ours, mostly. */
static void put_detail(struct ui_text *out, const struct be_error *error)
{
	if (error->detail[0] == '\0' || strcmp(error->detail, error->msgid) == 0)
		return;
	ui_put_foreign(out, " (");
	ui_put_foreign(out, tr(error->detail));
	ui_put_foreign(out, ")");
}

void put_refusal(struct ui_text *out, const struct be_error *error)
{
	ui_put(out, error->msgid);
	if (error->tries_left > 0) {
		ui_put_foreign(out, " (");
		ui_put_count(out, "%zu try left", "%zu tries left", error->tries_left);
		ui_put_foreign(out, ")");
	} else if (error->retry_at > 0) {
		ui_put_foreign(out, " (");
		ui_put(out, error->code == BE_LOCKED ? N_("until") : N_("from"));
		ui_put_foreign(out, " ");
		put_moment(out, error->retry_at);
		ui_put_foreign(out, ")");
	} else if (error->msgid != NULL) {
		put_detail(out, error);
	}
}

void say_refusal(struct ui *ui, const struct be_error *error)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	put_refusal(&text, error);
	ui_say_text(ui, UI_BAD, &text);
	buffer_free(&text.utf8);
}
