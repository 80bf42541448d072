/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan -> Keamanan: the ways in which signing is authorised, and which of them is asked first. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>

struct security {
	size_t key; /* enum sign_key_kind: whose passphrase it is */
	struct unlock_ways ways;
	bool known;
};

/* ---- looking: a reader and an agent may take their time ---- */

struct work {
	const struct app_engine *engine;
	struct unlocking_copy key; /* id NULL: none was chosen yet */
	struct unlock_ways ways;
};

static void work_free(void *given)
{
	struct work *w = given;

	if (w != NULL)
		unlocking_copy_free(&w->key);
	free(w);
}

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;

	(void)op;
	return w->engine->unlock_ways(&w->ways, w->key.id != NULL ? &w->key.target : NULL, err);
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct security *s = state;

	s->ways = ((const struct work *)given)->ways;
	s->known = true;
	if (error->code != BE_OK)
		ui_say_error(ui, error);
}

static void look(struct ui *ui, const struct security *s)
{
	struct ui_job job = {
		.title = N_("Looking at what this computer offers"), .run = run, .done = done, .free = work_free
	};
	const struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };
	struct work *w = calloc(1, sizeof(*w));
	struct unlock_target target;

	if (w == NULL ||
		(unlocking_target(&target, desk_of(ui), (enum sign_key_kind)s->key) &&
			!unlocking_copy(&w->key, &target))) {
		work_free(w);
		ui_say_error(ui, &err);
		return;
	}
	w->engine = desk_of(ui)->engine;
	job.work = w;
	ui_start(ui, &job);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct security *s = state;

	(void)arg;
	s->key = sign_key_first(ui);
	look(ui, s);
}

/* Also when the other key was chosen. */
static void again(struct ui *ui, void *state)
{
	look(ui, state);
}

/* ---- the ways: a button each ---- */

/* What was saved may be removed, also where it cannot be used now. */
static const char *why_off(const struct ui *ui, const void *state, enum unlock_way way)
{
	const struct security *s = state;
	const struct unlock_way_facts *facts = &s->ways.ways[way];

	if (!s->known)
		return N_("it is not known yet what this computer offers");
	if (facts->off.code != BE_OK && !facts->kept)
		return facts->off.msgid;
	return sign_key_off(desk_of(ui), (enum sign_key_kind)s->key);
}

static void put_way(const void *state, enum unlock_way way, struct ui_text *out)
{
	const struct unlock_way_facts *facts = &((const struct security *)state)->ways.ways[way];

	ui_put_foreign(out, facts->used ? "(*) " : "( ) ");
	ui_put(out, unlock_way_title(way));
	if (facts->kept && !facts->used && way != UNLOCK_PASSPHRASE) {
		ui_put_foreign(out, "  ");
		ui_put(out, N_("saved"));
	}
}

static void open_way(struct ui *ui, const void *state, enum unlock_way way)
{
	const struct security *s = state;
	const struct security_view view = { (enum sign_key_kind)s->key, way, &s->ways };

	ui_push(ui, &screen_security_way, &view);
}

/* clang-format off */
#define WAY(name, way) \
	static void name##_text(const struct ui *ui, const void *state, struct ui_text *out) \
	{ \
		(void)ui; \
		put_way(state, way, out); \
	} \
	static const char *name##_guard(const struct ui *ui, const void *state) \
	{ \
		return why_off(ui, state, way); \
	} \
	static void name##_open(struct ui *ui, void *state) \
	{ \
		open_way(ui, state, way); \
	}

WAY(passphrase, UNLOCK_PASSPHRASE)
WAY(fingerprint, UNLOCK_FINGERPRINT)
WAY(agent, UNLOCK_SSH_AGENT)
/* clang-format on */

/* ---- the screen ---- */

static bool has_file(const struct ui *ui, const void *state)
{
	return ((const struct security *)state)->key == SIGN_KEY_FILE && desk_of(ui)->state.key_file != NULL;
}

static void file_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	put_path(out, desk_of(ui)->state.key_file);
}

static bool has_credential(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct security *)state)->key == SIGN_KEY_CREDENTIAL;
}

static void credential_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	sign_key_put(out, desk_of(ui), SIGN_KEY_CREDENTIAL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .msg = N_("How signing with your key is authorised. The passphrase always works.") },
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = credential_text, .shown = has_credential },
	{ .kind = UI_FACT, .msg = N_("Key file"), .text = file_text, .shown = has_file },
	{ .kind = UI_BUTTON,
		.msg = N_("Passphrase"),
		.text = passphrase_text,
		.guard = passphrase_guard,
		.run = passphrase_open,
		.help = N_("typed each time; always possible") },
	{ .kind = UI_BUTTON,
		.msg = N_("Fingerprint"),
		.text = fingerprint_text,
		.guard = fingerprint_guard,
		.run = fingerprint_open,
		.help = N_("a finger on this computer's reader") },
	{ .kind = UI_BUTTON,
		.msg = N_("Key in the ssh-agent"),
		.text = agent_text,
		.guard = agent_guard,
		.run = agent_open,
		.help = N_("over SSH that of the computer you sit at (ssh -A)") },
	{ .kind = UI_CHOICE,
		.msg = N_("Key"),
		.at = offsetof(struct security, key),
		.words = sign_key_words,
		.shown = sign_key_has_choice,
		.run = again,
		.help = N_("whose passphrase is saved") },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings_security = { .name = "settings_security",
	.title = N_("Security"),
	.help = N_(
		"The way marked with (*) is asked first when you sign; the passphrase is asked for when it fails. Choose a way to save the passphrase behind it, to try it, or to remove it."),
	.state_size = sizeof(struct security),
	.fields = fields,
	.enter = enter,
	.again = again };
