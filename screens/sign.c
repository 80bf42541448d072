/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Tanda Tangan: which documents, with which key, and what the signature says. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct sign {
	char **documents; /* owned */
	size_t count;
	size_t key;  /* enum sign_key_kind */
	size_t look; /* index into looks */
	char reason[SETTINGS_TEXT_MAX];
	char location[SETTINGS_TEXT_MAX];
	struct place place; /* of a visible signature; page_width 0 until it was chosen */
	struct place_others others;
};

static const char *const looks[] = { N_("Invisible"), N_("Visible"), NULL };
#define LOOK_VISIBLE 1

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct settings *settings = &desk_of(ui)->settings;
	struct sign *s = state;
	struct visual visual;

	(void)arg;
	(void)desk_of(ui)->engine->visual_read(&visual, NULL); /* a broken one is told of before it is used */
	memcpy(s->reason, settings->reason, sizeof(s->reason));
	memcpy(s->location, settings->location, sizeof(s->location));
	s->place = (struct place){ .page = 1, .width = visual.width, .height = visual.height };
	s->key = sign_key_first(ui);
}

static void forget_documents(struct sign *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->documents[i]);
	free(s->documents);
	s->documents = NULL;
	s->count = 0;
}

static void leave(struct ui *ui, void *state)
{
	struct sign *s = state;

	(void)ui;
	forget_documents(s);
	place_others_free(&s->others);
}

/* ---- documents and key ---- */

static const char *cannot_sign(const struct ui *ui, const void *state);
static void choose_key(struct ui *ui, void *state);
static void go_on(struct ui *ui, void *state);

static void focus_on_next_step(struct ui *ui, const struct sign *s)
{
	ui_focus_button(ui, s->key == SIGN_KEY_FILE && desk_of(ui)->state.key_file == NULL ? choose_key : go_on);
}

static void documents_chosen(struct ui *ui, void *state, const char *const *paths, size_t count)
{
	struct sign *s = state;

	forget_documents(s);
	s->documents = calloc(count, sizeof(*s->documents));
	for (size_t i = 0; s->documents != NULL && i < count; i++) {
		s->documents[s->count] = strdup(paths[i]);
		if (s->documents[s->count] != NULL)
			s->count++;
	}
	if (s->count < count) {
		forget_documents(s);
		ui_say(ui, UI_BAD, N_("Out of memory"));
	}
	focus_on_next_step(ui, s);
}

static void choose_documents(struct ui *ui, void *state)
{
	const struct browse_request request = { .several = true, .chosen = documents_chosen };

	(void)state;
	ui_push(ui, &screen_browse, &request);
}

static void key_chosen(struct ui *ui, void *state, const char *const *paths, size_t count)
{
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };
	struct sign *s = state;

	(void)count;
	if (state_set_key(&desk->state, paths[0], NULL, &err) != BE_OK)
		ui_say_error(ui, &err);
	else
		s->key = SIGN_KEY_FILE;
	desk_keep_state(desk);
	focus_on_next_step(ui, s);
}

static void choose_key(struct ui *ui, void *state)
{
	const struct browse_request request = { .chosen = key_chosen };

	(void)state;
	ui_push(ui, &screen_browse_key, &request);
}

/* ---- what stands on the screen ---- */

static void documents_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct sign *s = state;
	struct buffer name = BUFFER_EMPTY;

	(void)ui;
	if (s->count == 0) {
		ui_put(out, N_("none chosen yet"));
		return;
	}
	paths_name(&name, s->documents[0]);
	if (s->count > 1) {
		ui_put_count(out, "%zu document", "%zu documents", s->count);
		ui_put_foreign(out, ": ");
	}
	ui_put_foreign(out, name.failed ? "" : (const char *)name.data);
	if (s->count > 1)
		ui_put_foreign(out, ", ...");
	buffer_free(&name);
}

static void key_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct state *known = &desk_of(ui)->state;

	(void)state;
	if (known->key_file == NULL)
		ui_put(out, N_("none chosen yet"));
	else
		put_path(out, known->key_file);
}

static bool by_credential(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct sign *)state)->key == SIGN_KEY_CREDENTIAL;
}

static bool by_file(const struct ui *ui, const void *state)
{
	return !by_credential(ui, state);
}

static void credential_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	sign_key_put(out, desk_of(ui), SIGN_KEY_CREDENTIAL);
	ui_put_foreign(out, ", ");
	ui_put_foreign(out, cert_state_shown(desk_of(ui)->state.credential.state));
}

/* A certificate was chosen: there is something to choose between. */
static bool needs_sign_in(const struct ui *ui, const void *state)
{
	return by_credential(ui, state) && is_signed_out(ui, state);
}

static bool needs_another(const struct ui *ui, const void *state)
{
	return by_credential(ui, state) && is_signed_in(ui, state) &&
		sign_key_off(desk_of(ui), SIGN_KEY_CREDENTIAL) != NULL;
}

static void open_certificate(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_certificate, NULL);
}

static const char *cannot_sign(const struct ui *ui, const void *state)
{
	const struct sign *s = state;

	return s->count == 0 ? N_("choose documents first") : sign_key_off(desk_of(ui), (enum sign_key_kind)s->key);
}

static void ask_passphrase(struct ui *ui, const struct sign *s, const struct place *place)
{
	const struct sign_order order = { .documents = s->documents,
		.count = s->count,
		.key = sign_key_of(desk_of(ui), (enum sign_key_kind)s->key),
		.reason = s->reason,
		.location = s->location,
		.place = place,
		.others = place != NULL ? &s->others : NULL };

	ui_push(ui, &screen_sign_passphrase, &order);
}

/* ---- the pages of a batch, looked at before anything is signed ---- */

struct comparison {
	const struct app_engine *engine;
	char **documents; /* of the screen, which waits */
	size_t count;
	struct place place;
	struct place_others others;
};

static enum be_err compare(void *given, struct ui_op *op, struct be_error *err)
{
	struct comparison *work = given;

	return work->engine->place_compare(
		&work->others, work->documents, work->count, &work->place, ui_op_cancel(op), err);
}

static void forget_comparison(void *given)
{
	struct comparison *work = given;

	place_others_free(&work->others);
	free(work);
}

static void compared(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct comparison *work = given;
	struct sign *s = state;

	if (error->code != BE_OK) {
		ui_say_error(ui, error);
		return;
	}
	place_others_free(&s->others);
	s->others = work->others;
	work->others = (struct place_others){ .count = 0 };
	ask_passphrase(ui, s, &s->place);
}

static void placed(struct ui *ui, void *state, const struct place *place)
{
	struct ui_job job = {
		.title = N_("Looking at the pages"), .run = compare, .done = compared, .free = forget_comparison
	};
	struct comparison *work = calloc(1, sizeof(*work));
	struct sign *s = state;

	s->place = *place;
	if (work == NULL) {
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	work->engine = desk_of(ui)->engine;
	work->documents = s->documents;
	work->count = s->count;
	work->place = *place;
	job.work = work;
	ui_start(ui, &job);
}

/* A page is placed on by looking at it, where there is room for that. */
static void go_on(struct ui *ui, void *state)
{
	const struct sign *s = state;
	const struct place_request request = {
		.document = s->documents[0], .count = s->count, .place = s->place, .placed = placed
	};

	if (s->look != LOOK_VISIBLE)
		ask_passphrase(ui, s, NULL);
	else
		ui_push(ui, ui_shows_views(ui) && !ui_is_compact(ui) ? &screen_sign_place : &screen_sign_numbers,
			&request);
}

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("Documents"), .text = documents_text },
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = credential_text, .shown = by_credential },
	{ .kind = UI_FACT, .msg = N_("Key file"), .text = key_text, .shown = by_file },
	{ .kind = UI_BUTTON,
		.msg = N_("Browse PDF"),
		.run = choose_documents,
		.help = N_("chooses one or several documents") },
	{ .kind = UI_BUTTON,
		.msg = N_("Choose a key file"),
		.run = choose_key,
		.help = N_("the .p12 or .pfx file with your certificate and key") },
	{ .kind = UI_BUTTON,
		.msg = N_("Sign"),
		.guard = cannot_sign,
		.run = go_on,
		.help = N_("asks for the place of a visible signature and for the passphrase, then signs") },
	{ .kind = UI_BUTTON, .msg = N_("Sign in"), .run = open_sign_in, .shown = needs_sign_in },
	{ .kind = UI_BUTTON,
		.msg = N_("Digital Certificate"),
		.run = open_certificate,
		.shown = needs_another,
		.help = N_("there another one is chosen, or asked for") },
	{ .kind = UI_CHOICE,
		.msg = N_("Key"),
		.at = offsetof(struct sign, key),
		.words = sign_key_words,
		.shown = sign_key_has_choice,
		.help = N_("whether the service signs with your certificate, or a key file does") },
	{ .kind = UI_CHOICE,
		.msg = N_("Look"),
		.at = offsetof(struct sign, look),
		.words = looks,
		.help = N_("whether the signature is seen on a page") },
	{ .kind = UI_INPUT,
		.msg = N_("Reason"),
		.at = offsetof(struct sign, reason),
		.max = SETTINGS_TEXT_MAX,
		.help = N_("why you sign; may be empty") },
	{ .kind = UI_INPUT,
		.msg = N_("Place"),
		.at = offsetof(struct sign, location),
		.max = SETTINGS_TEXT_MAX,
		.help = N_("where you sign; may be empty") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'o', N_("Documents"), N_("Chooses the documents to be signed."), NULL, choose_documents },
	{ 's', N_("Sign"), N_("Goes on to the place of a visible signature, and to the passphrase."), cannot_sign,
		go_on },
	{ .run = NULL },
};

const struct ui_screen screen_sign = { .name = "sign",
	.title = N_("Sign"),
	.help = N_(
		"Choose documents and the key, then sign. The documents themselves are never changed: signed copies are made."),
	.state_size = sizeof(struct sign),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
