/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan -> Keamanan: the ways in which signing is authorised, and which of them is asked first. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>

struct security {
	struct unlock_ways ways;
	bool known;
};

/* ---- looking: a reader and an agent may take their time ---- */

struct work {
	const struct app_engine *engine;
	struct unlock_target target; /* its strings are owned; id NULL: no key was chosen yet */
	struct unlock_ways ways;
};

static void work_free(void *given)
{
	struct work *w = given;

	if (w != NULL)
		unlocking_target_free(&w->target);
	free(w);
}

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;

	(void)op;
	return w->engine->unlock_ways(&w->ways, w->target.id != NULL ? &w->target : NULL, err);
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct security *s = state;

	s->ways = ((const struct work *)given)->ways;
	s->known = true;
	if (error->code != BE_OK)
		ui_say_error(ui, error);
}

static void look(struct ui *ui)
{
	struct ui_job job = {
		.title = N_("Looking at what this computer offers"), .run = run, .done = done, .free = work_free
	};
	const struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };
	struct work *w = calloc(1, sizeof(*w));
	struct unlock_target target;

	if (w == NULL || (unlocking_target(&target, desk_of(ui)) && !unlocking_target_copy(&w->target, &target))) {
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
	(void)state;
	(void)arg;
	look(ui);
}

static void again(struct ui *ui, void *state)
{
	(void)state;
	look(ui);
}

/* ---- the list ---- */

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct security *)state)->known ? UNLOCK_WAY_COUNT : 0;
}

/* What was saved may be removed, also where it cannot be used now. */
static const char *why_off(const struct ui *ui, const struct unlock_way_facts *facts)
{
	if (facts->off.code != BE_OK && (!facts->kept || desk_of(ui)->state.key_file == NULL))
		return facts->off.msgid;
	return desk_of(ui)->state.key_file == NULL ? N_("choose a key file first") : NULL;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct unlock_way_facts *facts = &((const struct security *)state)->ways.ways[index];

	ui_put_foreign(&out->text, facts->used ? "(*) " : "( ) ");
	ui_put(&out->text, unlock_way_title((enum unlock_way)index));
	if (facts->kept && !facts->used && index != UNLOCK_PASSPHRASE) {
		ui_put_foreign(&out->text, "  ");
		ui_put(&out->text, N_("saved"));
	}
	out->off = why_off(ui, facts);
	out->mood = out->off != NULL ? UI_FAINT : facts->used ? UI_GOOD : UI_PLAIN;
	if (facts->off.code != BE_OK) {
		ui_put_foreign(&out->text, "  (");
		ui_put(&out->text, facts->off.msgid);
		ui_put_foreign(&out->text, ")");
	}
}

static void open(struct ui *ui, void *state, size_t index)
{
	const struct security_view view = { (enum unlock_way)index, &((const struct security *)state)->ways };

	ui_push(ui, &screen_security_way, &view);
}

static const struct ui_list list = { .count = count,
	.row = row,
	.open = open,
	.opens = N_("Open"),
	.empty = "",
	.wraps = true };

/* ---- the screen ---- */

static bool has_key(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->state.key_file != NULL;
}

static void key_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	put_path(out, desk_of(ui)->state.key_file);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .msg = N_("How signing with your key is authorised. The passphrase always works.") },
	{ .kind = UI_FACT, .msg = N_("Key file"), .text = key_text, .shown = has_key },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_END },
};

const struct ui_screen screen_settings_security = { .name = "settings_security",
	.title = N_("Security"),
	.help = N_(
		"The way marked with (*) is asked first when you sign; the passphrase is asked for when it fails. Enter opens a way, to save the passphrase behind it, to try it, or to remove it."),
	.state_size = sizeof(struct security),
	.fields = fields,
	.enter = enter,
	.again = again };
