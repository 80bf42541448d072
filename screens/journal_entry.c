/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One entry of the journal: every fact, whether the signed file is still that one, and what can be done with it. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct fact_sheet {
	const struct journal_entry *entry; /* of the screen below, which stays */
	enum journal_file now;
	bool looked; /* now says how the file is */
};

/* ---- the signed file as it is now ---- */

struct work {
	const struct app_engine *engine;
	const struct journal_entry *entry; /* of the screen, which waits */
	enum journal_file now;
};

static enum be_err look(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *work = given;

	return work->engine->journal_check(&work->now, work->entry, ui_op_cancel(op), err);
}

static void looked(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct fact_sheet *s = state;

	s->looked = error->code == BE_OK;
	s->now = ((const struct work *)given)->now;
	if (!s->looked)
		ui_say_error(ui, error);
}

static bool is_signed(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct fact_sheet *)state)->entry->result == JOURNAL_SIGNED;
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct ui_job job = { .title = N_("Looking at the signed file"), .run = look, .done = looked, .free = free };
	struct fact_sheet *s = state;
	struct work *work = NULL;

	s->entry = arg;
	if (!is_signed(ui, s))
		return;
	work = calloc(1, sizeof(*work));
	if (work == NULL) {
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	*work = (struct work){ .engine = desk_of(ui)->engine, .entry = s->entry };
	job.work = work;
	ui_start(ui, &job);
}

/* ---- what is known ---- */

static enum ui_mood mood(const void *state)
{
	static const enum ui_mood moods[] = {
		[JOURNAL_SIGNED] = UI_GOOD, [JOURNAL_FAILED] = UI_BAD, [JOURNAL_UNKNOWN] = UI_UNSURE
	};

	return moods[((const struct fact_sheet *)state)->entry->result];
}

static void verdict(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, journal_result_text(((const struct fact_sheet *)state)->entry->result));
}

/* ---- every fact a row: they are read line by line, however small the window is ---- */

enum fact { NOW, ERROR, TIME, DOCUMENT, OUTPUT, SIGNER, KEY, FIELD, SHA256, CERTIFICATE, FACTS };

static const char *const titles[FACTS] = { [NOW] = N_("File now"),
	[ERROR] = N_("Error"),
	[TIME] = N_("Time"),
	[DOCUMENT] = N_("Document"),
	[OUTPUT] = N_("Signed copy"),
	[SIGNER] = N_("Signer"),
	[KEY] = N_("Key"),
	[FIELD] = N_("Field"),
	[SHA256] = N_("SHA-256"),
	[CERTIFICATE] = N_("Certificate") };

static bool is_known(const struct fact_sheet *s, enum fact fact)
{
	if (fact == NOW)
		return s->looked;
	if (fact == ERROR)
		return s->entry->code[0] != '\0';
	if (fact == OUTPUT || fact == FIELD || fact == SHA256)
		return s->entry->result == JOURNAL_SIGNED;
	return true;
}

static size_t count(const struct ui *ui, const void *state)
{
	size_t count = 0;

	(void)ui;
	for (int fact = 0; fact < FACTS; fact++)
		count += is_known(state, (enum fact)fact);
	return count;
}

static enum fact fact_of(const struct fact_sheet *s, size_t row)
{
	int fact = 0;

	while (!is_known(s, (enum fact)fact) || row-- > 0)
		fact++;
	return (enum fact)fact;
}

static void put_key(struct ui_text *out, const struct journal_entry *entry)
{
	ui_put(out, journal_key_text(entry->key_kind));
	ui_put_foreign(out, " ");
	put_path(out, entry->key);
}

static void put_fact(struct ui_text *out, const struct fact_sheet *s, enum fact fact)
{
	const struct journal_entry *entry = s->entry;
	char time[TIME_TEXT_MAX];

	if (fact == NOW)
		ui_put(out, journal_file_text(s->now));
	else if (fact == ERROR)
		ui_put_foreign(out, entry->code);
	else if (fact == TIME)
		ui_put_foreign(out, time_format(time, entry->time));
	else if (fact == DOCUMENT)
		put_path(out, entry->file);
	else if (fact == OUTPUT)
		put_path(out, entry->output);
	else if (fact == SIGNER)
		ui_put_foreign(out, entry->signer);
	else if (fact == KEY)
		put_key(out, entry);
	else if (fact == FIELD)
		ui_put_foreign(out, entry->field);
	else if (fact == SHA256)
		ui_put_foreign(out, entry->sha256);
	else
		ui_put_foreign(out, entry->certificate);
}

static enum ui_mood now_mood(enum journal_file now)
{
	return now == JOURNAL_FILE_SAME ? UI_GOOD : now == JOURNAL_FILE_CHANGED ? UI_BAD : UI_UNSURE;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct fact_sheet *s = state;
	const enum fact fact = fact_of(s, index);

	(void)ui;
	ui_put(&out->text, titles[fact]);
	ui_put_foreign(&out->text, ": ");
	put_fact(&out->text, s, fact);
	if (fact == NOW)
		out->mood = now_mood(s->now);
}

/* ---- what can be done ---- */

static const char *no_file(const struct ui *ui, const void *state)
{
	const struct fact_sheet *s = state;

	if (!is_signed(ui, state))
		return N_("there is no signed document");
	return s->looked && s->now == JOURNAL_FILE_MISSING ? N_("it is no longer there") : NULL;
}

static void verify(struct ui *ui, void *state)
{
	ui_push(ui, &screen_verify_result, ((const struct fact_sheet *)state)->entry->output);
}

static void chosen(struct ui *ui, void *state, const char *const *paths, size_t count)
{
	(void)state;
	(void)count;
	ui_push(ui, &screen_verify_result, paths[0]);
}

static const char *path_of(const struct fact_sheet *s)
{
	return s->entry->result == JOURNAL_SIGNED ? s->entry->output : s->entry->file;
}

/* The browser begins where documents were last looked for. */
static void open_folder(struct ui *ui, void *state)
{
	const struct browse_request request = { .chosen = chosen };
	struct buffer folder = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };

	paths_parent(&folder, path_of(state));
	if (buffer_check(&folder, &err) == BE_OK &&
		state_set_directory(&desk_of(ui)->state, (const char *)folder.data, &err) == BE_OK)
		ui_push(ui, &screen_browse, &request);
	else
		ui_say_error(ui, &err);
	buffer_free(&folder);
}

static void copy(struct ui *ui, void *state)
{
	ui_copy(ui, path_of(state));
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = verdict, .mood = mood, .fixed = true },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON,
		.msg = N_("Verify again"),
		.guard = no_file,
		.run = verify,
		.help = N_("verifies the signed copy as it is now") },
	{ .kind = UI_BUTTON,
		.msg = N_("Open its folder"),
		.run = open_folder,
		.help = N_("shows the documents beside it") },
	{ .kind = UI_BUTTON,
		.msg = N_("Copy the name"),
		.run = copy,
		.help = N_("puts the full name on the clipboard, where the terminal allows it, and shows it in full") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'v', N_("Verify"), N_("Verifies the signed document as it is now."), no_file, verify },
	{ 'o', N_("Folder"), N_("Shows the folder that the document is in."), NULL, open_folder },
	{ 'c', N_("Copy"), N_("Copies the full name of the signed document."), NULL, copy },
	{ .run = NULL },
};

const struct ui_screen screen_journal_entry = { .name = "journal_entry",
	.title = N_("Entry of the journal"),
	.help = N_(
		"What was written down when this document was signed, and whether its signed copy is still the same, octet by octet."),
	.state_size = sizeof(struct fact_sheet),
	.fields = fields,
	.actions = actions,
	.enter = enter };
