/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Opens the key file once, to see what its certificate says. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct opening {
	struct secret *passphrase;
};

struct work {
	const struct app_engine *engine;
	struct secret *passphrase;
	char *key_file;
	struct key_facts facts;
};

static void work_free(void *given)
{
	struct work *w = given;

	if (w == NULL)
		return;
	secret_free(&w->passphrase);
	free(w->key_file);
	free(w);
}

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;
	enum be_err rc = w->engine->key_describe(&w->facts, w->key_file, w->passphrase, err);

	(void)op;
	secret_free(&w->passphrase);
	return rc;
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct desk *desk = desk_of(ui);
	struct work *w = given;

	secret_clear(((struct opening *)state)->passphrase);
	if (error->code != BE_OK) {
		ui_say_error(ui, error);
		return;
	}
	(void)state_set_key(&desk->state, w->key_file, &w->facts, NULL);
	desk_keep_state(desk);
	ui_pop(ui);
	ui_say(ui, UI_GOOD, N_("The certificate was read"));
}

static void start(struct ui *ui, void *state)
{
	const struct opening *s = state;
	const struct desk *desk = desk_of(ui);
	struct ui_job job = { .title = N_("Opening the key file"), .run = run, .done = done, .free = work_free };
	struct work *w = calloc(1, sizeof(*w));
	struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };

	if (w != NULL && desk->state.key_file != NULL)
		w->key_file = strdup(desk->state.key_file);
	if (w == NULL || w->key_file == NULL || secret_new(&w->passphrase, secret_len(s->passphrase), &err) != BE_OK ||
		secret_add(w->passphrase, secret_bytes(s->passphrase), secret_len(s->passphrase), &err) != BE_OK) {
		work_free(w);
		ui_say_error(ui, &err);
		return;
	}
	w->engine = desk->engine;
	job.work = w;
	ui_start(ui, &job);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	(void)arg;
	desk_of(ui)->engine->guard();
}

static void file(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	put_path(out, desk_of(ui)->state.key_file);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("Key file"), .text = file },
	{ .kind = UI_SECRET,
		.msg = N_("Passphrase"),
		.at = offsetof(struct opening, passphrase),
		.run = start,
		.help = N_("of the key file; it is kept in locked memory and wiped after use") },
	{ .kind = UI_BUTTON, .msg = N_("Open"), .run = start },
	{ .kind = UI_END },
};

const struct ui_screen screen_key_passphrase = { .name = "key_passphrase",
	.title = N_("Passphrase"),
	.help = N_("Type the passphrase of the key file and press Enter. Nothing is signed."),
	.state_size = sizeof(struct opening),
	.fields = fields,
	.enter = enter };
