/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What this computer offers, and what is missing: the screen of "besign doctor". */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>

struct machine {
	struct doctor_facts facts;
};

/* Helpers, a reader and an agent are asked: that may take a moment. */
struct work {
	const struct app_engine *engine;
	struct doctor_facts facts;
};

static enum be_err look(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *w = given;

	(void)op;
	(void)err;
	w->engine->doctor(&w->facts);
	return BE_OK;
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	(void)ui;
	(void)error;
	((struct machine *)state)->facts = ((const struct work *)given)->facts;
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct ui_job job = {
		.title = N_("Looking at what this computer offers"), .run = look, .done = done, .free = free
	};
	const struct be_error err = { .code = BE_NO_MEMORY, .msgid = N_("Out of memory") };
	struct work *w = calloc(1, sizeof(*w));

	(void)state;
	(void)arg;
	if (w == NULL) {
		ui_say_error(ui, &err);
		return;
	}
	w->engine = desk_of(ui)->engine;
	job.work = w;
	ui_start(ui, &job);
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct machine *)state)->facts.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	static const struct {
		const char *word;
		enum ui_mood mood;
	} states[] = {
		[DOCTOR_GOOD] = { N_("good"), UI_PLAIN },
		[DOCTOR_LESS] = { N_("less"), UI_UNSURE },
		[DOCTOR_MISSING] = { N_("missing"), UI_BAD },
	};
	const struct doctor_fact *fact = &((const struct machine *)state)->facts.facts[index];

	(void)ui;
	out->mood = states[fact->state].mood;
	ui_put(&out->text, states[fact->state].word);
	ui_put_foreign(&out->text, "  ");
	ui_put(&out->text, fact->title);
	ui_put_foreign(&out->text, ": ");
	ui_put(&out->text, fact->text);
	if (fact->detail[0] == '\0')
		return;
	ui_put_foreign(&out->text, " ");
	ui_put_foreign(&out->text, fact->detail);
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_END },
};

const struct ui_screen screen_machine = { .name = "machine",
	.title = N_("This computer"),
	.help = N_("What signing and verifying need, and whether it is there."),
	.state_size = sizeof(struct machine),
	.fields = fields,
	.enter = enter };
