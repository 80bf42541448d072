/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What became of each document. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>

struct result {
	struct outputs outputs; /* owned */
	size_t signed_count;
	size_t unknown_count; /* nobody here knows what became of these */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct result *s = state;

	(void)ui;
	outputs_move(&s->outputs, ((const struct sign_outcome *)arg)->outputs);
	for (size_t i = 0; i < s->outputs.count; i++)
		s->signed_count += s->outputs.documents[i].result == BE_OK;
	for (size_t i = 0; i < s->outputs.count; i++)
		s->unknown_count += s->outputs.documents[i].result == BE_UNKNOWN_OUTCOME;
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	outputs_free(&((struct result *)state)->outputs);
}

static void summary(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct result *s = state;

	(void)ui;
	if (s->signed_count == s->outputs.count)
		ui_put_count(out, "Done: %zu document is signed", "Done: %zu documents are signed", s->outputs.count);
	else
		ui_put_numbers(out, N_("%zu of %zu documents are signed"), s->signed_count, s->outputs.count);
}

static enum ui_mood summary_mood(const void *state)
{
	const struct result *s = state;

	if (s->signed_count == s->outputs.count)
		return UI_GOOD;
	return s->signed_count + s->unknown_count == 0 ? UI_BAD : UI_UNSURE;
}

static bool has_unknown(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct result *)state)->unknown_count > 0;
}

static void unknown(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_count(out,
		"%zu document may have been signed at the service, which did not answer: it is not repeated by itself",
		"%zu documents may have been signed at the service, which did not answer: they are not repeated by themselves",
		((const struct result *)state)->unknown_count);
}

static bool has_warning(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct result *)state)->outputs.warning.code != BE_OK;
}

static void warning(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_error(out, &((const struct result *)state)->outputs.warning);
}

static enum ui_mood warning_mood(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct result *)state)->outputs.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct sign_document *document = &((const struct result *)state)->outputs.documents[index];
	const bool done = document->result == BE_OK;
	struct buffer name = BUFFER_EMPTY;

	(void)ui;
	out->mood = done ? UI_GOOD : document->result == BE_UNKNOWN_OUTCOME ? UI_UNSURE : UI_BAD;
	ui_put(&out->text, sign_word(document->result));
	ui_put_foreign(&out->text, "  ");
	paths_name(&name, done ? document->output : document->input);
	ui_put_foreign(&out->text, name.failed ? "" : (const char *)name.data);
	buffer_free(&name);
	if (done)
		return;
	ui_put_foreign(&out->text, ": ");
	ui_put(&out->text, document->error.msgid);
}

static void open(struct ui *ui, void *state, size_t index)
{
	ui_push(ui, &screen_sign_document, &((const struct result *)state)->outputs.documents[index]);
}

static const char *nothing_to_share(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct result *)state)->signed_count == 0 ? N_("there is no signed document") : NULL;
}

static void share(struct ui *ui, void *state)
{
	const struct result *s = state;
	const char **paths = calloc(s->outputs.count, sizeof(*paths));
	struct share_request request = { paths, 0 };

	for (size_t i = 0; paths != NULL && i < s->outputs.count; i++)
		if (s->outputs.documents[i].result == BE_OK)
			paths[request.count++] = s->outputs.documents[i].output;
	if (paths != NULL)
		ui_push(ui, &screen_share, &request);
	free((void *)paths);
}

static void finish(struct ui *ui, void *state)
{
	(void)state;
	ui_back_to(ui, "home");
}

static const struct ui_list list = { .count = count, .row = row, .open = open, .opens = N_("Details"), .empty = "" };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = summary, .mood = summary_mood, .fixed = true },
	{ .kind = UI_LABEL, .text = unknown, .mood = mood_unsure, .shown = has_unknown },
	{ .kind = UI_LABEL, .text = warning, .mood = warning_mood, .shown = has_warning },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = finish },
	{ .kind = UI_BUTTON,
		.msg = N_("Share"),
		.guard = nothing_to_share,
		.run = share,
		.help = N_("hands the signed document on") },
	{ .kind = UI_END },
};

const struct ui_screen screen_sign_result = { .name = "sign_result",
	.title = N_("Signed documents"),
	.help = N_("What became of each document. Enter shows one with its full name; OK ends."),
	.state_size = sizeof(struct result),
	.fields = fields,
	.enter = enter,
	.leave = leave,
	.back = finish };
