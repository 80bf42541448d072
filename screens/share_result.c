/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What became of each document that was shared. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct result {
	struct share_documents documents; /* owned */
	size_t done, unknown;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct result *s = state;

	(void)ui;
	share_documents_move(&s->documents, ((const struct share_outcome *)arg)->documents);
	for (size_t i = 0; i < s->documents.count; i++) {
		s->done += s->documents.documents[i].result == BE_OK;
		s->unknown += s->documents.documents[i].result == BE_UNKNOWN_OUTCOME;
	}
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	share_documents_free(&((struct result *)state)->documents);
}

static void summary(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct result *s = state;

	(void)ui;
	if (s->done == s->documents.count)
		ui_put_count(out, "Done: %zu document is shared", "Done: %zu documents are shared", s->done);
	else
		ui_put_numbers(out, N_("%zu of %zu documents are shared"), s->done, s->documents.count);
}

static enum ui_mood summary_mood(const void *state)
{
	const struct result *s = state;

	if (s->done == s->documents.count)
		return UI_GOOD;
	return s->done + s->unknown == 0 ? UI_BAD : UI_UNSURE;
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct result *)state)->documents.count;
}

static enum ui_mood mood_of(const struct share_document *document)
{
	if (document->result == BE_OK)
		return UI_GOOD;
	return document->result == BE_UNKNOWN_OUTCOME ? UI_UNSURE : UI_BAD;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct share_document *document = &((const struct result *)state)->documents.documents[index];
	struct buffer name = BUFFER_EMPTY;

	(void)ui;
	out->mood = mood_of(document);
	ui_put(&out->text,
		out->mood == UI_GOOD             ? N_("SHARED")
			: out->mood == UI_UNSURE ? N_("NOT KNOWN")
						 : N_("NOT SHARED"));
	ui_put_foreign(&out->text, "  ");
	paths_name(&name, document->path);
	ui_put_foreign(&out->text, name.failed ? "" : (const char *)name.data);
	buffer_free(&name);
	if (document->result == BE_OK)
		return;
	ui_put_foreign(&out->text, ": ");
	ui_put(&out->text, document->error.msgid);
}

/* In full: where it went, or why not. */
static void open(struct ui *ui, void *state, size_t index)
{
	const struct share_document *document = &((const struct result *)state)->documents.documents[index];
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put_foreign(&text, document->path);
	if (document->target != NULL) {
		ui_put_foreign(&text, " -> ");
		ui_put_foreign(&text, document->target);
	}
	if (document->result != BE_OK) {
		ui_put_foreign(&text, ": ");
		ui_put_error(&text, &document->error);
	}
	ui_message(ui, N_("Document"), mood_of(document), &text);
	buffer_free(&text.utf8);
}

static void finish(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const struct ui_list list = { .count = count, .row = row, .open = open, .opens = N_("Details"), .empty = "" };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = summary, .mood = summary_mood, .fixed = true },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = finish },
	{ .kind = UI_END },
};

const struct ui_screen screen_share_result = { .name = "share_result",
	.title = N_("Shared documents"),
	.help = N_("What became of each document. Enter shows where it went, or why it did not."),
	.state_size = sizeof(struct result),
	.fields = fields,
	.enter = enter,
	.leave = leave };
