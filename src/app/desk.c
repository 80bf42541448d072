/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/desk.h"

#include <string.h>

void desk_open(struct desk *desk, const struct app_engine *engine)
{
	memset(desk, 0, sizeof(*desk));
	desk->engine = engine;
	desk->remembers = true;
	if (settings_read(&desk->settings, &desk->settings_error) == BE_OK)
		desk->settings_error = (struct be_error){ .code = BE_OK };
	state_read(&desk->state);
}

struct account *desk_account(struct desk *desk, struct be_error *err)
{
	if (desk->account == NULL && desk->engine->account->open(&desk->account, &desk->settings, err) == BE_OK)
		desk_look_at_account(desk);
	return desk->account;
}

void desk_forget_account(struct desk *desk)
{
	if (desk->account != NULL)
		desk->engine->account->free(&desk->account);
	wire_free(&wire_service_message, &desk->service);
	desk->asked_who = false;
	desk_look_at_account(desk);
}

void desk_look_at_account(struct desk *desk)
{
	const struct account_calls *calls = desk->engine->account;

	desk->signed_in = desk->account != NULL && calls->signed_in(desk->account);
	wire_set_text(desk->user, sizeof(desk->user), desk->signed_in ? calls->user(desk->account) : "");
}

void desk_close(struct desk *desk)
{
	desk_forget_account(desk);
	state_free(&desk->state);
}

enum be_err desk_keep_settings(struct desk *desk, struct be_error *err)
{
	return desk->remembers ? settings_write(&desk->settings, err) : BE_OK;
}

void desk_keep_state(struct desk *desk)
{
	if (desk->remembers)
		(void)state_write(&desk->state, NULL);
}

void desk_look_for_batches(struct desk *desk)
{
	struct batch_list list = { NULL, 0, 0 };

	desk->interrupted = desk->engine->batches(&list, NULL) == BE_OK ? list.count : 0;
	batch_list_free(&list);
}

char *desk_date(char out[static TIME_TEXT_MAX], int64_t moment)
{
	char *end = strchr(time_format(out, moment), 'T');

	if (end != NULL)
		*end = '\0';
	return out;
}

enum i18n_language desk_language(const struct settings *settings)
{
	switch (settings->language) {
	case SETTINGS_LANGUAGE_ID:
		return I18N_ID;
	case SETTINGS_LANGUAGE_EN:
		return I18N_EN;
	default:
		return i18n_from_environment();
	}
}
