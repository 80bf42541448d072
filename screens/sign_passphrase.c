/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The last step before signing: what will be signed, where it goes, and the passphrase. A wrong one loses nothing. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct permission {
	struct sign_order order; /* of the screen below, which stays */
	struct secret *passphrase;
	bool replace;
	enum be_err refused; /* by the holder of the key, last time */
	enum unlock_way way; /* asked first; UNLOCK_PASSPHRASE: it is typed, from the start or because the way failed */
};

/* What the worker has of its own. */
struct work {
	const struct app_engine *engine;
	struct secret *passphrase;
	enum sign_key_kind key_kind;
	char *key_id;            /* as in struct sign_key */
	struct account *account; /* lent to this job; NULL with a key file */
	char *reason, *location, *dir;
	char **documents;
	size_t count;
	bool replace;
	bool unrecorded;
	struct batch *batch; /* of the order, which stays */
	bool retry;
	bool visible;
	struct place place;
	struct visual visual; /* with visible: what is seen */
	struct outputs outputs;
	struct key_facts who;
	struct ui_op *op;
};

static void work_free(void *given)
{
	struct work *w = given;

	if (w == NULL)
		return;
	secret_free(&w->passphrase);
	outputs_free(&w->outputs);
	for (size_t i = 0; i < w->count; i++)
		free(w->documents[i]);
	free(w->documents);
	free(w->key_id);
	free(w->reason);
	free(w->location);
	free(w->dir);
	free(w);
}

static void report(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	(void)stage;
	(void)document;
	ui_op_progress(context, done, count);
}

static enum be_err sign(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;
	const struct sign_options options = { .reason = w->reason, .location = w->location, .time = w->engine->now() };
	const struct sign_progress progress = { report, op, ui_op_cancel(op) };
	struct visual_look seen = VISUAL_LOOK_EMPTY;
	const bool file = w->key_kind == SIGN_KEY_FILE;
	const struct engine_sign_job job = { .key_file = file ? w->key_id : NULL,
		.credential = file ? NULL : w->key_id,
		.account = w->account,
		.passphrase = w->passphrase,
		.options = &options,
		.outputs = &w->outputs,
		.look = w->visible ? &seen.look : NULL,
		.place = &w->place,
		.batch = w->batch,
		.unrecorded = w->unrecorded,
		.progress = &progress };
	const struct outputs_place place = { .dir = w->dir, .replace = w->replace };
	enum be_err rc = w->batch != NULL
		? batch_outputs(&w->outputs, w->batch, w->retry, err)
		: outputs_make(&w->outputs, (const char *const *)w->documents, w->count, &place, true, err);

	if (rc == BE_OK && w->visible)
		rc = visual_look(&seen, &w->visual, err);
	if (rc == BE_OK)
		rc = w->engine->sign(&w->who, &job, err);
	visual_look_free(&seen);
	secret_free(&w->passphrase);
	return rc;
}

static void remember(struct desk *desk, const struct work *w)
{
	if (w->key_kind == SIGN_KEY_FILE)
		(void)state_set_key(&desk->state, w->key_id, &w->who, NULL);
	for (size_t i = 0; i < w->outputs.count; i++)
		if (w->outputs.documents[i].result == BE_OK)
			(void)state_add_document(&desk->state, w->outputs.documents[i].output, NULL);
	desk_keep_state(desk);
}

/* Who cancels a batch does not want to be asked about it; one that was interrupted before can be again. */
static void forget_cancelled(struct ui *ui, const struct work *w)
{
	const struct outputs *outputs = &w->outputs;
	bool cancelled = outputs->batch[0] != '\0' && w->batch == NULL && !ui_is_ending(ui);

	for (size_t i = 0; i < outputs->count; i++)
		cancelled = cancelled && outputs->documents[i].result != BE_UNKNOWN_OUTCOME;
	if (cancelled)
		(void)w->engine->batch_forget(outputs->batch, NULL);
	desk_look_for_batches(desk_of(ui));
}
static bool has_ended(const struct ui *ui, const void *state);
static bool is_spent(const struct ui *ui, const void *state);
static void open_certificate(struct ui *ui, void *state);

/* Whatever happened, the passphrase is typed anew for the next time. */
static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct permission *s = state;
	struct work *w = given;

	secret_clear(s->passphrase);
	/* One that was saved is of no use any more. */
	if (error->code == BE_WRONG_PASSPHRASE)
		s->way = UNLOCK_PASSPHRASE;
	ui_focus(ui, offsetof(struct permission, passphrase));
	s->refused = error->code;
	desk_look_at_account(desk_of(ui));
	if (error->code == BE_OK) {
		const struct sign_outcome outcome = { &w->outputs };

		remember(desk_of(ui), w);
		forget_cancelled(ui, w);
		ui_replace(ui, &screen_sign_result, &outcome);
	} else {
		if (w->key_kind == SIGN_KEY_CREDENTIAL)
			sign_key_refused(desk_of(ui), error->code);
		who_say_refusal(ui, error);
		if (has_ended(ui, s))
			ui_focus_button(ui, open_sign_in);
		else if (is_spent(ui, s))
			ui_focus_button(ui, open_certificate);
	}
}

static char *copy(const char *text)
{
	return text != NULL && text[0] != '\0' ? strdup(text) : NULL;
}

static enum be_err fill(struct work *w, struct desk *desk, const struct permission *s, struct be_error *err)
{
	struct buffer dir = BUFFER_EMPTY;
	enum be_err rc = secret_new(&w->passphrase, secret_len(s->passphrase), err);

	w->engine = desk->engine;
	w->replace = s->replace;
	w->unrecorded = !desk->remembers;
	w->batch = s->order.batch;
	w->retry = s->order.retry;
	w->visible = s->order.place != NULL;
	if (rc == BE_OK && w->visible) {
		w->place = *s->order.place;
		rc = w->engine->visual_read(&w->visual, err);
	}
	if (rc == BE_OK)
		rc = secret_add(w->passphrase, secret_bytes(s->passphrase), secret_len(s->passphrase), err);
	if (rc == BE_OK && desk->settings.output_directory[0] != '\0') {
		rc = paths_absolute(&dir, desk->settings.output_directory, NULL, err);
		w->dir = rc == BE_OK ? strdup((const char *)dir.data) : NULL;
	}
	buffer_free(&dir);
	w->key_kind = s->order.key.kind;
	w->key_id = copy(s->order.key.id);
	if (rc == BE_OK && w->key_kind == SIGN_KEY_CREDENTIAL && (w->account = desk_account(desk, err)) == NULL)
		rc = err->code;
	w->reason = copy(s->order.reason);
	w->location = copy(s->order.location);
	w->documents = calloc(s->order.count, sizeof(*w->documents));
	for (; w->documents != NULL && w->count < s->order.count; w->count++)
		if ((w->documents[w->count] = strdup(s->order.documents[w->count])) == NULL)
			break;
	if (rc == BE_OK && (w->key_id == NULL || w->count < s->order.count))
		rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	return rc;
}

static void sign_with_it(struct ui *ui, void *state)
{
	struct ui_job job = { .title = N_("Signing"), .run = sign, .done = done, .free = work_free };
	struct work *w = calloc(1, sizeof(*w));
	struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };

	if (w == NULL || fill(w, desk_of(ui), state, &err) != BE_OK) {
		work_free(w);
		ui_say_error(ui, &err);
		return;
	}
	job.work = w;
	ui_start(ui, &job);
}

/* The chosen way answered, or the passphrase has to be typed after all. */
static void released(struct ui *ui, void *state, const struct secret *passphrase, const struct be_error *error)
{
	struct permission *s = state;
	struct be_error err = *error;

	secret_clear(s->passphrase);
	if (passphrase != NULL &&
		secret_add(s->passphrase, secret_bytes(passphrase), secret_len(passphrase), &err) == BE_OK) {
		sign_with_it(ui, s);
		return;
	}
	s->way = UNLOCK_PASSPHRASE;
	ui_focus(ui, offsetof(struct permission, passphrase));
	ui_say_error(ui, &err);
}

static struct unlock_target target_of(const struct ui *ui, const struct permission *s)
{
	const struct batch *batch = s->order.batch;
	struct unlock_target target;

	(void)unlocking_target(&target, desk_of(ui), s->order.key.kind);
	target.id = s->order.key.id;
	if (batch != NULL)
		target.certificate = batch->certificate;
	return target;
}

static void start(struct ui *ui, void *state)
{
	const struct permission *s = state;
	const struct unlock_target target = target_of(ui, s);

	if (s->way != UNLOCK_PASSPHRASE)
		unlocking_start(ui, &target, s->way, released);
	else
		sign_with_it(ui, state);
}

/* ---- the screen ---- */

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct permission *s = state;
	struct unlock_target target;

	s->order = *(const struct sign_order *)arg;
	target = target_of(ui, s);
	desk_of(ui)->engine->guard();
	s->way = unlocking_way(ui, &target);
	if (s->way == UNLOCK_PASSPHRASE)
		ui_focus(ui, offsetof(struct permission, passphrase));
	else
		ui_focus_button(ui, start);
}

/* Another key may have been chosen in the meantime, or the same be good again. */
static void again(struct ui *ui, void *state)
{
	struct permission *s = state;

	s->order.key = sign_key_of(desk_of(ui), s->order.key.kind);
	if (s->refused == BE_OK || sign_key_off(desk_of(ui), s->order.key.kind) != NULL)
		return;
	s->refused = BE_OK;
	ui_focus(ui, offsetof(struct permission, passphrase));
}

static void documents_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct permission *s = state;
	struct buffer name = BUFFER_EMPTY;

	(void)ui;
	if (s->order.count > 1) {
		ui_put_count(out, "%zu document", "%zu documents", s->order.count);
		return;
	}
	paths_name(&name, s->order.documents[0]);
	ui_put_foreign(out, name.failed ? "" : (const char *)name.data);
	buffer_free(&name);
}

static void signer_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct sign_order *order = &((const struct permission *)state)->order;

	if (order->batch != NULL)
		ui_put_foreign(out, order->batch->signer);
	else
		sign_key_put(out, desk_of(ui), order->key.kind);
}

static void output_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const char *dir = desk_of(ui)->settings.output_directory;

	if (((const struct permission *)state)->order.batch != NULL)
		ui_put(out, N_("where the batch has the others"));
	else if (dir[0] != '\0')
		ui_put_foreign(out, dir);
	else
		ui_put(out, N_("beside the document, with _signed in the name"));
}

static bool is_typed(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct permission *)state)->way == UNLOCK_PASSPHRASE;
}

static bool is_saved(const struct ui *ui, const void *state)
{
	return !is_typed(ui, state);
}

static void way_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, unlock_way_title(((const struct permission *)state)->way));
}

static bool is_visible(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct permission *)state)->order.place != NULL;
}

static void place_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct place *place = ((const struct permission *)state)->order.place;

	(void)ui;
	if (place->field[0] != '\0')
		ui_put_foreign(out, place->field);
	else if (place->page == PDF_PAGE_LAST)
		ui_put(out, N_("last page"));
	else
		ui_put_numbers(out, N_("page %zu"), place->page, 0);
}

static bool is_new(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct permission *)state)->order.batch == NULL;
}

static const struct place_others *others_of(const void *state)
{
	return ((const struct permission *)state)->order.others;
}

static bool has_others(const struct ui *ui, const void *state)
{
	return is_visible(ui, state) && ((const struct permission *)state)->order.place->field[0] == '\0' &&
		others_of(state)->count > 0;
}

static void others_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct place_others *others = others_of(state);
	struct buffer name = BUFFER_EMPTY;

	(void)ui;
	paths_name(&name, others->first != NULL ? others->first : "");
	ui_put_count(out, "%zu document", "%zu documents", others->count);
	ui_put_foreign(out, " (");
	ui_put_foreign(out, name.failed ? "" : (const char *)name.data);
	ui_put_numbers(out, N_(": %zu x %zu pt"), (size_t)(others->width + 0.5), (size_t)(others->height + 0.5));
	ui_put_foreign(out, "); ");
	ui_put(out, N_("the signature stands as far from the same corner"));
	buffer_free(&name);
}

static bool has_without(const struct ui *ui, const void *state)
{
	return is_visible(ui, state) && others_of(state)->without > 0;
}

static void without_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_count(out, "%zu document", "%zu documents", others_of(state)->without);
	ui_put_foreign(out, "; ");
	ui_put(out, N_("they will not be signed"));
}

static bool has_advice(const struct ui *ui, const void *state)
{
	const struct permission *s = state;

	(void)ui;
	return s->order.key.kind == SIGN_KEY_CREDENTIAL && sign_key_advice(s->refused) != NULL;
}

static void advice(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, sign_key_advice(((const struct permission *)state)->refused));
}

static bool has_ended(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct permission *)state)->refused == BE_SESSION;
}

static bool is_spent(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct permission *)state)->order.key.kind == SIGN_KEY_CREDENTIAL &&
		sign_key_is_spent(((const struct permission *)state)->refused);
}

static void open_certificate(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_certificate, NULL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("To be signed"), .text = documents_text },
	{ .kind = UI_FACT, .msg = N_("Signer"), .text = signer_text },
	{ .kind = UI_FACT, .msg = N_("Visible on"), .text = place_text, .shown = is_visible },
	{ .kind = UI_FACT, .msg = N_("Other page size"), .text = others_text, .shown = has_others },
	{ .kind = UI_FACT,
		.msg = N_("Without that page"),
		.text = without_text,
		.mood = mood_unsure,
		.shown = has_without },
	{ .kind = UI_FACT, .msg = N_("Goes to"), .text = output_text },
	{ .kind = UI_LABEL, .text = advice, .mood = mood_unsure, .shown = has_advice },
	{ .kind = UI_FACT, .msg = N_("Authorised by"), .text = way_text, .shown = is_saved },
	{ .kind = UI_SECRET,
		.msg = N_("Passphrase"),
		.at = offsetof(struct permission, passphrase),
		.run = start,
		.shown = is_typed,
		.help = N_("of the key; it is kept in locked memory and wiped after use") },
	{ .kind = UI_CHECK,
		.msg = N_("Replace signed files that exist already"),
		.at = offsetof(struct permission, replace),
		.shown = is_new },
	{ .kind = UI_BUTTON, .msg = N_("Sign"), .run = start },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign in"),
		.run = open_sign_in,
		.shown = has_ended,
		.help = N_("and go on here") },
	{ .kind = UI_BUTTON,
		.msg = N_("Digital Certificate"),
		.run = open_certificate,
		.shown = is_spent,
		.help = N_("there another one is chosen, or asked for") },
	{ .kind = UI_END },
};

const struct ui_screen screen_sign_passphrase = { .name = "sign_passphrase",
	.title = N_("Passphrase"),
	.help = N_(
		"Type the passphrase of the key and press Enter; or, where a fingerprint or an ssh-agent's key stands for it, press Sign. Nothing is signed before."),
	.state_size = sizeof(struct permission),
	.fields = fields,
	.enter = enter,
	.again = again };
