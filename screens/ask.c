/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What fields and buttons of many screens ask: whether somebody is signed in, and how something is meant. */

#include "app.h"
#include "screens.h"
#include "ui.h"

/* Somebody who was signed in is so still: the session is read from its file. */
void recall_account(struct ui *ui)
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

void open_sign_in(struct ui *ui, void *state)
{
	(void)state;
	who_open(ui);
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
