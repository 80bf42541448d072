/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Asking a saved way for a passphrase, as a job of whatever screen needs one. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct work {
	const struct app_engine *engine;
	struct unlocking_copy key;
	enum unlock_way way;
	struct secret *passphrase;
	unlocking_done *done;
};

static void work_free(void *given)
{
	struct work *w = given;

	if (w == NULL)
		return;
	secret_free(&w->passphrase);
	unlocking_copy_free(&w->key);
	free(w);
}

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;

	return w->engine->unlock_release(&w->passphrase, &w->key.target, w->way, ui_op_cancel(op), err);
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	const struct work *w = given;

	w->done(ui, state, error->code == BE_OK ? w->passphrase : NULL, error);
}

bool unlocking_target(struct unlock_target *out, const struct desk *desk, enum sign_key_kind kind)
{
	const struct state *known = &desk->state;

	if (kind == SIGN_KEY_FILE)
		*out = (struct unlock_target){ UNLOCK_KEY_FILE, known->key_file, known->key.sha256 };
	else
		*out = (struct unlock_target){ UNLOCK_CREDENTIAL, known->credential.id,
			known->credential.facts.sha256 };
	return out->id != NULL && out->id[0] != '\0';
}

bool unlocking_copy(struct unlocking_copy *out, const struct unlock_target *target)
{
	out->id = strdup(target->id);
	out->certificate = strdup(target->certificate != NULL ? target->certificate : "");
	out->target = (struct unlock_target){ target->kind, out->id, out->certificate };
	return out->id != NULL && out->certificate != NULL;
}

void unlocking_copy_free(struct unlocking_copy *copy)
{
	free(copy->id);
	free(copy->certificate);
	*copy = (struct unlocking_copy){ .id = NULL };
}

enum unlock_way unlocking_way(struct ui *ui, const struct unlock_target *target)
{
	struct be_error err = { .code = BE_OK };
	enum unlock_way way = UNLOCK_PASSPHRASE;

	if (target->id != NULL && desk_of(ui)->engine->unlock_chosen(&way, target, &err) != BE_OK)
		ui_say_error(ui, &err);
	return way;
}

void unlocking_start(struct ui *ui, const struct unlock_target *target, enum unlock_way way, unlocking_done *told)
{
	struct ui_job job = { .title = unlock_way_request(way), .run = run, .done = done, .free = work_free };
	const struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };
	struct work *w = calloc(1, sizeof(*w));

	if (w == NULL || !unlocking_copy(&w->key, target)) {
		work_free(w);
		ui_say_error(ui, &err);
		return;
	}
	w->engine = desk_of(ui)->engine;
	w->way = way;
	w->done = told;
	job.work = w;
	ui_start(ui, &job);
}
