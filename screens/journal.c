/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Jurnal: what was signed, newest first. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct history {
	struct journal journal; /* owned */
	bool read;
};

/* ---- reading ---- */

struct work {
	const struct app_engine *engine;
	struct journal journal;
};

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *work = given;

	(void)op;
	return work->engine->journal(&work->journal, err);
}

static void free_work(void *given)
{
	journal_free(&((struct work *)given)->journal);
	free(given);
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct history *s = state;
	struct work *work = given;

	s->read = true;
	if (error->code != BE_OK) {
		ui_say_error(ui, error);
		return;
	}
	s->journal = work->journal;
	work->journal = (struct journal){ NULL, 0, 0 };
	ui_list_changed(ui);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct ui_job job = { .title = N_("Reading the journal"), .run = run, .done = done, .free = free_work };
	struct work *work = calloc(1, sizeof(*work));

	(void)state;
	(void)arg;
	if (work == NULL) {
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	work->engine = desk_of(ui)->engine;
	job.work = work;
	ui_start(ui, &job);
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	journal_free(&((struct history *)state)->journal);
}

/* ---- what stands on the screen ---- */

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct history *)state)->journal.count;
}

/* One more than the longest word takes in any language. */
#define RESULT_CELLS 15

static const enum ui_mood
	moods[] = { [JOURNAL_SIGNED] = UI_GOOD, [JOURNAL_FAILED] = UI_BAD, [JOURNAL_UNKNOWN] = UI_UNSURE };

/* Where there is little room, what went as it should goes without saying. */
static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct journal_entry *entry = &((const struct history *)state)->journal.entries[index];
	const bool done = entry->result == JOURNAL_SIGNED;
	struct buffer name = BUFFER_EMPTY;
	char date[TIME_TEXT_MAX];

	out->mood = moods[entry->result];
	ui_put_foreign(&out->text, desk_date(date, entry->time));
	ui_pad(&out->text, strlen("2026-11-28") + 1);
	if (!ui_is_compact(ui) || !done)
		ui_put(&out->text, journal_result_text(entry->result));
	if (!ui_is_compact(ui))
		ui_pad(&out->text, strlen("2026-11-28") + 1 + RESULT_CELLS);
	else if (!done)
		ui_put_foreign(&out->text, " ");
	paths_name(&name, done ? entry->output : entry->file);
	ui_put_foreign(&out->text, name.failed ? "" : (const char *)name.data);
	buffer_free(&name);
}

static void open(struct ui *ui, void *state, size_t index)
{
	ui_push(ui, &screen_journal_entry, &((const struct history *)state)->journal.entries[index]);
}

static bool has_broken(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct history *)state)->journal.broken > 0;
}

static void broken_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_count(out, "%zu line of the journal is not whole, and is left out",
		"%zu lines of the journal are not whole, and are left out",
		((const struct history *)state)->journal.broken);
}

static enum ui_mood unsure(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static bool is_read(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct history *)state)->read;
}

static const struct ui_list list = { .count = count,
	.row = row,
	.open = open,
	.opens = N_("Details"),
	.empty = N_("Nothing was signed yet") };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = broken_text, .mood = unsure, .shown = has_broken },
	{ .kind = UI_LIST, .list = &list, .shown = is_read },
	{ .kind = UI_END },
};

const struct ui_screen screen_journal = { .name = "journal",
	.title = N_("Journal"),
	.help = N_(
		"What was signed on this computer, newest first, by commands as well. Enter shows one with all that is known of it; / searches."),
	.state_size = sizeof(struct history),
	.fields = fields,
	.enter = enter,
	.leave = leave };
