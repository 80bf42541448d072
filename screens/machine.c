/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What this computer offers, and what is missing: the screen of "besign doctor". */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct machine {
	struct doctor_facts facts;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)arg;
	desk_of(ui)->engine->doctor(&((struct machine *)state)->facts);
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
