/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What security_way has done by a worker: a passphrase is proved and saved behind a way, or a way is tried. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct work {
	const struct app_engine *engine;
	struct account *account;     /* of a key at the service */
	struct unlocking_copy signs; /* the key that is signed with */
	enum unlock_way way;
	char key[UNLOCK_FINGERPRINT_MAX]; /* "": none was chosen */
	struct secret *passphrase;        /* NULL: the way is tried */
	struct key_facts facts;
	security_done *done;
};

static void work_free(void *given)
{
	struct work *w = given;

	if (w == NULL)
		return;
	secret_free(&w->passphrase);
	unlocking_copy_free(&w->signs);
	free(w);
}

static enum be_err save(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;
	struct unlock_target target = w->signs.target;
	enum be_err rc = w->engine->key_prove(&w->facts, &target, w->account, w->passphrase, ui_op_cancel(op), err);

	target.certificate = w->facts.sha256;
	if (rc == BE_OK && w->way == UNLOCK_PASSPHRASE)
		rc = w->engine->unlock_use(&target, w->way, err);
	else if (rc == BE_OK)
		rc = w->engine->unlock_enrol(
			&target, w->way, w->key[0] != '\0' ? w->key : NULL, w->passphrase, ui_op_cancel(op), err);
	secret_free(&w->passphrase);
	return rc;
}

static enum be_err try(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;
	enum be_err rc = w->engine->unlock_release(&w->passphrase, &w->signs.target, w->way, ui_op_cancel(op), err);

	if (rc == BE_OK)
		rc = w->engine->key_prove(
			&w->facts, &w->signs.target, w->account, w->passphrase, ui_op_cancel(op), err);
	if (rc == BE_WRONG_PASSPHRASE)
		rc = be_fail(err, rc,
			N_("The saved passphrase does not open the key any more: remove it and save it again"), NULL);
	secret_free(&w->passphrase);
	return rc;
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	const struct work *w = given;

	w->done(ui, state, &w->facts, error);
}

static enum be_err fill(struct work *w, struct desk *desk, const struct security_wish *wish, struct be_error *err)
{
	struct unlock_target target;
	enum be_err rc = BE_OK;

	w->engine = desk->engine;
	w->way = wish->way;
	w->done = wish->done;
	if (wish->key != NULL && strlen(wish->key) < sizeof(w->key))
		memcpy(w->key, wish->key, strlen(wish->key) + 1);
	if (wish->of == SIGN_KEY_CREDENTIAL && (w->account = desk_account(desk, err)) == NULL)
		return err->code;
	if (!unlocking_target(&target, desk, wish->of) || !unlocking_copy(&w->signs, &target))
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	if (wish->passphrase == NULL)
		return BE_OK;
	rc = secret_new(&w->passphrase, secret_len(wish->passphrase), err);
	if (rc == BE_OK)
		rc = secret_add(w->passphrase, secret_bytes(wish->passphrase), secret_len(wish->passphrase), err);
	return rc;
}

void security_start(struct ui *ui, const struct security_wish *wish)
{
	const bool saving = wish->passphrase != NULL;
	struct ui_job job = { .title = saving && wish->way == UNLOCK_PASSPHRASE ? N_("Trying the passphrase")
										: unlock_way_request(wish->way),
		.run = saving ? save : try,
		.done = done,
		.free = work_free };
	struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };
	struct work *w = calloc(1, sizeof(*w));

	if (w == NULL || fill(w, desk_of(ui), wish, &err) != BE_OK) {
		work_free(w);
		ui_say_error(ui, &err);
		return;
	}
	job.work = w;
	ui_start(ui, &job);
}
