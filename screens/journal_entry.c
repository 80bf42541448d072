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

static bool is_looked_at(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct fact_sheet *)state)->looked;
}

static void now_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, journal_file_text(((const struct fact_sheet *)state)->now));
}

static enum ui_mood now_mood(const void *state)
{
	const struct fact_sheet *s = state;

	return s->now == JOURNAL_FILE_SAME ? UI_GOOD : s->now == JOURNAL_FILE_CHANGED ? UI_BAD : UI_UNSURE;
}

static void time_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	char time[TIME_TEXT_MAX];

	(void)ui;
	ui_put_foreign(out, time_format(time, ((const struct fact_sheet *)state)->entry->time));
}

static void document(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	put_path(out, ((const struct fact_sheet *)state)->entry->file);
}

static void output(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	put_path(out, ((const struct fact_sheet *)state)->entry->output);
}

static bool has_code(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct fact_sheet *)state)->entry->code[0] != '\0';
}

static void code(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct fact_sheet *)state)->entry->code);
}

static void signer(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct fact_sheet *)state)->entry->signer);
}

static void certificate(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct fact_sheet *)state)->entry->certificate);
}

static void key(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct journal_entry *entry = ((const struct fact_sheet *)state)->entry;

	(void)ui;
	ui_put(out, journal_key_text(entry->key_kind));
	ui_put_foreign(out, " ");
	put_path(out, entry->key);
}

static void field(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct fact_sheet *)state)->entry->field);
}

static void sha256(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct fact_sheet *)state)->entry->sha256);
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

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = verdict, .mood = mood, .fixed = true },
	{ .kind = UI_FACT, .msg = N_("File now"), .text = now_text, .mood = now_mood, .shown = is_looked_at },
	{ .kind = UI_FACT, .msg = N_("Error"), .text = code, .shown = has_code },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
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
	{ .kind = UI_FACT, .msg = N_("Time"), .text = time_text },
	{ .kind = UI_FACT, .msg = N_("Document"), .text = document },
	{ .kind = UI_FACT, .msg = N_("Signed copy"), .text = output, .shown = is_signed },
	{ .kind = UI_FACT, .msg = N_("Signer"), .text = signer },
	{ .kind = UI_FACT, .msg = N_("Key"), .text = key },
	{ .kind = UI_FACT, .msg = N_("Field"), .text = field, .shown = is_signed },
	{ .kind = UI_FACT, .msg = N_("SHA-256"), .text = sha256, .shown = is_signed },
	{ .kind = UI_FACT, .msg = N_("Certificate"), .text = certificate },
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
