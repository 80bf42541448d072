/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A batch that was interrupted: how far it came, and going on with it, later, or never. Nothing is signed twice. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct interrupted {
	struct batch_list list; /* the first is what is shown */
	struct batch *batch;    /* it, once it is ours; owned */
	struct outputs rest;    /* of it */
	bool retry;             /* also those whose outcome is not known */
};

static const struct batch *first(const void *state)
{
	const struct interrupted *s = state;

	return s->list.count > 0 ? s->list.batches[0] : NULL;
}

static void let_go(struct interrupted *s)
{
	outputs_free(&s->rest);
	batch_free(&s->batch);
}

/* ---- which there is ---- */

static void read_list(struct ui *ui, struct interrupted *s)
{
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	let_go(s);
	s->retry = false;
	batch_list_free(&s->list);
	if (desk->engine->batches(&s->list, &err) != BE_OK)
		ui_say_error(ui, &err);
	desk->interrupted = s->list.count;
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)arg;
	read_list(ui, state);
}

static void again(struct ui *ui, void *state)
{
	read_list(ui, state);
	if (first(state) == NULL)
		ui_pop(ui);
}

static void leave(struct ui *ui, void *state)
{
	struct interrupted *s = state;

	let_go(s);
	batch_list_free(&s->list);
	desk_look_for_batches(desk_of(ui));
}

/* ---- what stands on the screen ---- */

static bool is_there(const struct ui *ui, const void *state)
{
	(void)ui;
	return first(state) != NULL;
}

static void summary(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct batch *batch = first(state);

	(void)ui;
	if (batch == NULL)
		ui_put(out, N_("There is no interrupted batch"));
	else
		ui_put_numbers(out, N_("An earlier batch was interrupted: %zu of %zu signed"),
			batch_count(batch, BATCH_SIGNED), batch->count);
}

static enum ui_mood unsure(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

/* Where there is little room, how much is left matters more. */
static bool has_room(const struct ui *ui, const void *state)
{
	return is_there(ui, state) && !ui_is_compact(ui);
}

static void begun(const struct ui *ui, const void *state, struct ui_text *out)
{
	char time[TIME_TEXT_MAX];

	(void)ui;
	ui_put_foreign(out, time_format(time, first(state)->time));
}

static void signer(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, first(state)->signer);
}

static void left(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct batch *batch = first(state);
	struct buffer name = BUFFER_EMPTY;
	size_t at = 0;

	(void)ui;
	ui_put_count(out, "%zu document", "%zu documents", batch_count(batch, BATCH_LEFT));
	while (at < batch->count && batch->documents[at].mark != BATCH_LEFT)
		at++;
	if (at == batch->count)
		return;
	paths_name(&name, batch->documents[at].input);
	ui_put_foreign(out, ": ");
	ui_put_foreign(out, name.failed ? "" : (const char *)name.data);
	if (batch_count(batch, BATCH_LEFT) > 1)
		ui_put_foreign(out, ", ...");
	buffer_free(&name);
}

static bool has_unknown(const struct ui *ui, const void *state)
{
	return is_there(ui, state) && batch_count(first(state), BATCH_UNKNOWN) > 0;
}

static void unknown(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_count(out, "%zu document", "%zu documents", batch_count(first(state), BATCH_UNKNOWN));
	ui_put_foreign(out, "; ");
	ui_put(out, N_("the service was asked and did not answer: look there"));
}

static bool has_others(const struct ui *ui, const void *state)
{
	return has_room(ui, state) && ((const struct interrupted *)state)->list.count > 1;
}

static void others(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_numbers(
		out, N_("%zu more, which come afterwards"), ((const struct interrupted *)state)->list.count - 1, 0);
}

/* ---- going on ---- */

struct work {
	const struct app_engine *engine;
	char id[OUTPUTS_BATCH_MAX];
	struct batch *batch;
};

static enum be_err take(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *work = given;

	return work->engine->batch_take(&work->batch, work->id, ui_op_cancel(op), err);
}

static void free_work(void *given)
{
	batch_free(&((struct work *)given)->batch);
	free(given);
}

static void all_is_signed(struct ui *ui, struct interrupted *s)
{
	batch_end(s->batch, &s->rest);
	read_list(ui, s);
	if (first(s) == NULL)
		ui_pop(ui);
	ui_say(ui, UI_GOOD, N_("All documents of the batch are signed: only the end of it was missing"));
}

/* What has changed meanwhile is told with the results; when that is all, at once. */
static void taken(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct interrupted *s = state;
	struct work *work = given;
	struct be_error err = *error;
	struct sign_order order;

	if (err.code == BE_OK) {
		s->batch = work->batch;
		work->batch = NULL;
		(void)batch_outputs(&s->rest, s->batch, s->retry, &err);
	}
	if (err.code != BE_OK) {
		let_go(s);
		ui_say_error(ui, &err);
		return;
	}
	if (s->rest.count == 0 && batch_count(s->batch, BATCH_UNKNOWN) > 0) {
		let_go(s);
		ui_say(ui, UI_UNSURE, N_("Only documents whose outcome is not known are left"));
		return;
	}
	if (s->rest.count == 0) {
		all_is_signed(ui, s);
		return;
	}
	if (outputs_are_hopeless(&s->rest)) {
		const struct sign_outcome outcome = { &s->rest };

		batch_end(s->batch, &s->rest);
		ui_replace(ui, &screen_sign_result, &outcome);
		return;
	}
	order = (struct sign_order){ .documents = s->rest.inputs,
		.count = s->rest.count,
		.key = { s->batch->key_kind == KEY_REF_P12 ? SIGN_KEY_FILE : SIGN_KEY_CREDENTIAL, s->batch->key },
		.reason = s->batch->reason,
		.location = s->batch->location,
		.batch = s->batch,
		.retry = s->retry };
	ui_push(ui, &screen_sign_passphrase, &order);
}

static const char *cannot_go_on(const struct ui *ui, const void *state)
{
	const struct interrupted *s = state;

	(void)ui;
	if (first(state) == NULL)
		return N_("there is none");
	if (first(state)->key_kind == KEY_REF_PKCS11)
		return N_("its key is in a token: \"besign sign --resume\" goes on");
	if (!s->retry && batch_count(first(state), BATCH_LEFT) == 0 && batch_count(first(state), BATCH_UNKNOWN) > 0)
		return N_("say first that those of unknown outcome are to be signed as well");
	return NULL;
}

static void go_on(struct ui *ui, void *state)
{
	struct ui_job job = { .title = N_("Looking at what is signed"), .run = take, .done = taken, .free = free_work };
	struct work *work = calloc(1, sizeof(*work));

	if (work == NULL) {
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	work->engine = desk_of(ui)->engine;
	memcpy(work->id, first(state)->id, sizeof(work->id));
	job.work = work;
	ui_start(ui, &job);
}

static void later(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static void do_forget(struct ui *ui, void *state)
{
	struct be_error err = { .code = BE_OK };
	const enum be_err rc = desk_of(ui)->engine->batch_forget(first(state)->id, &err);

	read_list(ui, state);
	if (rc != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	if (first(state) == NULL)
		ui_pop(ui);
	ui_say(ui, UI_GOOD, N_("It is forgotten; what was signed stays signed"));
}

static void forget(struct ui *ui, void *state)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	(void)state;
	ui_put(&text,
		N_("Documents that are signed stay signed. The others are not signed, and nobody asks for them any more."));
	ui_confirm(ui, N_("Forget this batch?"), &text, N_("Yes, forget it"), do_forget);
	buffer_free(&text.utf8);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = summary, .mood = unsure, .fixed = true },
	{ .kind = UI_FACT, .msg = N_("Begun"), .text = begun, .shown = has_room },
	{ .kind = UI_FACT, .msg = N_("Signer"), .text = signer, .shown = has_room },
	{ .kind = UI_FACT, .msg = N_("Not signed"), .text = left, .shown = is_there },
	{ .kind = UI_FACT, .msg = N_("Not known"), .text = unknown, .mood = unsure, .shown = has_unknown },
	{ .kind = UI_FACT, .msg = N_("Others"), .text = others, .shown = has_others },
	{ .kind = UI_BUTTON,
		.msg = N_("Continue now"),
		.guard = cannot_go_on,
		.run = go_on,
		.help = N_("looks at what is signed already, asks for the passphrase, and signs the rest") },
	{ .kind = UI_BUTTON, .msg = N_("Later"), .run = later, .help = N_("the main page leads here as well") },
	{ .kind = UI_BUTTON,
		.msg = N_("Forget ..."),
		.run = forget,
		.shown = is_there,
		.help = N_("leaves the rest unsigned, and does not ask again") },
	{ .kind = UI_CHECK,
		.msg = N_("Sign those of unknown outcome as well"),
		.at = offsetof(struct interrupted, retry),
		.shown = has_unknown },
	{ .kind = UI_END },
};

const struct ui_screen screen_resume = { .name = "resume",
	.title = N_("Interrupted batch"),
	.help = N_(
		"A batch of documents was not signed to its end: the line was lost, or the program was stopped. What is signed already is not signed again."),
	.state_size = sizeof(struct interrupted),
	.fields = fields,
	.enter = enter,
	.again = again,
	.leave = leave };
