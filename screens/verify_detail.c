/* SPDX-License-Identifier: GPL-3.0-or-later */

/* All that is known of every signature, in the order in which it is to be read. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

enum line_kind { LINE_HEADING, LINE_FACT };

/* Kept as msgids and figures, so that the language may change while they are shown. */
struct line {
	enum line_kind kind;
	const char *title;
	size_t number, count;               /* HEADING */
	struct verify_text_verdict verdict; /* HEADING */
	enum verify_text_kind value_kind;   /* FACT */
	char *value;                        /* FACT: owned, unless it is a msgid */
	const char *sentence;               /* FACT: the msgid */
	const char *remark;
};

struct detail {
	const struct check *check; /* of the screen below, which stays */
	struct verify_text_verdict verdict;
	struct line *lines; /* owned */
	size_t count;
};

static struct line *add(struct detail *s)
{
	struct line *more = reallocarray(s->lines, s->count + 1, sizeof(*more));

	if (more == NULL)
		return NULL;
	s->lines = more;
	memset(&more[s->count], 0, sizeof(*more));
	return &more[s->count++];
}

static void take_verdict(void *context, const struct verify_text_verdict *verdict)
{
	((struct detail *)context)->verdict = *verdict;
}

static void take_heading(
	void *context, const char *type_msgid, size_t number, size_t count, const struct verify_text_verdict *verdict)
{
	struct line *line = add(context);

	if (line == NULL)
		return;
	line->kind = LINE_HEADING;
	line->title = type_msgid;
	line->number = number;
	line->count = count;
	line->verdict = *verdict;
}

static void take_fact(void *context, const char *title, const struct verify_text_value *value)
{
	struct line *line = add(context);

	if (line == NULL)
		return;
	line->kind = LINE_FACT;
	line->title = title;
	line->value_kind = value->kind;
	line->remark = value->remark;
	if (value->kind == VERIFY_TEXT_SENTENCE)
		line->sentence = value->text;
	else
		line->value = strdup(value->text);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct detail *s = state;
	const struct verify_text_teller teller = {
		.context = s, .verdict = take_verdict, .heading = take_heading, .fact = take_fact
	};

	(void)ui;
	s->check = arg;
	verify_text_tell(&s->check->report, s->check->path, &teller);
}

static void leave(struct ui *ui, void *state)
{
	struct detail *s = state;

	(void)ui;
	for (size_t i = 0; i < s->count; i++)
		free(s->lines[i].value);
	free(s->lines);
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct detail *)state)->count;
}

static void heading_row(const struct line *line, struct ui_row *out)
{
	out->mood = line->verdict.mood == VERIFY_TEXT_PLAIN ? UI_HEADING : screens_mood(line->verdict.mood);
	ui_put(&out->text, line->title);
	ui_put_foreign(&out->text, " ");
	ui_put_numbers(&out->text, N_("%zu of %zu"), line->number, line->count);
	ui_put_foreign(&out->text, ": ");
	ui_put(&out->text, line->verdict.text);
}

/* What is not ours stands in quotes, and never begins a line: its title does, and lines that follow are indented. */
static void fact_row(const struct line *line, struct ui_row *out)
{
	ui_put(&out->text, line->title);
	ui_put_foreign(&out->text, ": ");
	if (line->value_kind == VERIFY_TEXT_SENTENCE) {
		ui_put(&out->text, line->sentence);
	} else {
		const char *quote = line->value_kind == VERIFY_TEXT_FOREIGN ? "\"" : "";

		ui_put_foreign(&out->text, quote);
		ui_put_foreign(&out->text, line->value);
		ui_put_foreign(&out->text, quote);
	}
	if (line->remark != NULL)
		ui_put_foreign(&out->text, " ");
	ui_put(&out->text, line->remark);
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct line *line = &((const struct detail *)state)->lines[index];

	(void)ui;
	if (line->kind == LINE_HEADING)
		heading_row(line, out);
	else
		fact_row(line, out);
}

static void verdict_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, ((const struct detail *)state)->verdict.text);
}

static enum ui_mood verdict_mood(const void *state)
{
	return screens_mood(((const struct detail *)state)->verdict.mood);
}

static const char *no_offer(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct detail *)state)->check->offers.count == 0
		? N_("besign knows no authority that would make a signature trusted")
		: NULL;
}

static void offer(struct ui *ui, void *state)
{
	const struct trust_view view = { .entry = &((const struct detail *)state)->check->offers.entries[0] };

	ui_replace(ui, &screen_trust_certificate, &view);
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = verdict_text, .mood = verdict_mood, .fixed = true },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 't', N_("Trust"), N_("Shows the authority behind a signature, with its fingerprint, to accept it."), no_offer,
		offer },
	{ .run = NULL },
};

const struct ui_screen screen_verify_detail = { .name = "verify_detail",
	.title = N_("Signatures"),
	.help = N_(
		"Every signature: first what became of the document, then who is said to have signed it. What stands in quotes was written by others."),
	.state_size = sizeof(struct detail),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
