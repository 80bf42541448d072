/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DESK_H
#define APP_DESK_H

/*
 * What the screens share while the program runs: the person's settings, what is remembered from the last time, and the
 * engine that does the work. Belongs to the thread of the screens; a job takes copies.
 */

#include "app/engine.h"
#include "app/settings.h"
#include "app/state.h"
#include "base/i18n.h"

struct desk {
	struct settings settings;
	struct be_error settings_error; /* a line of the file that was not understood; BE_OK otherwise */
	struct state state;
	const struct app_engine *engine;
	struct account *account;     /* NULL: not opened yet (desk_account). Lent to one worker at a time */
	bool signed_in;              /* as of the last answer */
	char user[WIRE_USER_MAX];    /* "" when signed out */
	bool asked_who;              /* the service was asked whether it still thinks so */
	struct wire_service service; /* what it last said of itself; name "" before */
	unsigned
		trust_changes; /* how often somebody was trusted or no longer trusted: what was verified before is old */
	size_t interrupted;    /* batches that can be gone on with */
	bool remembers;        /* settings, state and journal are written; not in a test */
};

/* Reads what there is; a broken file is no failure. */
void desk_open(struct desk *desk, const struct app_engine *engine);
void desk_close(struct desk *desk);

/* Both write what changed; that it cannot be kept is told, and nothing else. */
enum be_err desk_keep_settings(struct desk *desk, struct be_error *err);
void desk_keep_state(struct desk *desk);

/* The account of the service that the settings name, opened when it is first wanted; that asks nothing yet. NULL, and why,
 * when it cannot be. */
struct account *desk_account(struct desk *desk, struct be_error *err);
/* Another service was chosen: the old account is closed, and its session stays in its file. */
void desk_forget_account(struct desk *desk);
/* After a question was answered: who is signed in now. */
void desk_look_at_account(struct desk *desk);
/* Counts them. */
void desk_look_for_batches(struct desk *desk);

/* The day, "2026-11-22" (UTC); "" when it is not known. Returns out. */
char *desk_date(char out[static TIME_TEXT_MAX], int64_t moment);

/* The language that the settings ask for, else the environment's. */
enum i18n_language desk_language(const struct settings *settings);

#endif
