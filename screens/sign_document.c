/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One document of a batch: where it is, what was signed, or why it was not. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct outcome {
	const struct sign_document *document; /* of the screen below, which stays */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)ui;
	((struct outcome *)state)->document = arg;
}

static bool is_signed(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct outcome *)state)->document->result == BE_OK;
}

static bool is_not(const struct ui *ui, const void *state)
{
	return !is_signed(ui, state);
}

static enum ui_mood mood(const void *state)
{
	const enum be_err result = ((const struct outcome *)state)->document->result;

	return result == BE_OK ? UI_GOOD : result == BE_UNKNOWN_OUTCOME ? UI_UNSURE : UI_BAD;
}

static void verdict(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, sign_word(((const struct outcome *)state)->document->result));
}

static void why(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_error(out, &((const struct outcome *)state)->document->error);
}

static void input(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct outcome *)state)->document->input);
}

static void output(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct outcome *)state)->document->output);
}

static void field(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct outcome *)state)->document->field);
}

static void sha256(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct outcome *)state)->document->sha256);
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const char *nothing_to_copy(const struct ui *ui, const void *state)
{
	return is_signed(ui, state) ? NULL : N_("there is no signed document");
}

static void copy(struct ui *ui, void *state)
{
	ui_copy(ui, ((const struct outcome *)state)->document->output);
}

static void verify(struct ui *ui, void *state)
{
	ui_push(ui, &screen_verify_result, ((const struct outcome *)state)->document->output);
}

static void share(struct ui *ui, void *state)
{
	const char *path = ((const struct outcome *)state)->document->output;
	const struct share_request request = { &path, 1 };

	ui_push(ui, &screen_share, &request);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = verdict, .mood = mood, .fixed = true },
	{ .kind = UI_LABEL, .text = why, .shown = is_not },
	{ .kind = UI_FACT, .msg = N_("Document"), .text = input },
	{ .kind = UI_FACT, .msg = N_("Signed copy"), .text = output, .shown = is_signed },
	{ .kind = UI_FACT, .msg = N_("Field"), .text = field, .shown = is_signed },
	{ .kind = UI_FACT, .msg = N_("SHA-256"), .text = sha256, .shown = is_signed },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
	{ .kind = UI_BUTTON,
		.msg = N_("Copy the name"),
		.guard = nothing_to_copy,
		.run = copy,
		.help = N_(
			"puts the name of the signed copy on the clipboard, where the terminal allows it, and shows it in full") },
	{ .kind = UI_BUTTON,
		.msg = N_("Verify"),
		.guard = nothing_to_copy,
		.run = verify,
		.help = N_("verifies the signed copy") },
	{ .kind = UI_BUTTON,
		.msg = N_("Share"),
		.guard = nothing_to_copy,
		.run = share,
		.help = N_("hands the signed document on") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'c', N_("Copy"), N_("Copies the full name of the signed document."), nothing_to_copy, copy },
	{ .run = NULL },
};

const struct ui_screen screen_sign_document = { .name = "sign_document",
	.title = N_("Document"),
	.help = N_("One document of those that were to be signed."),
	.state_size = sizeof(struct outcome),
	.fields = fields,
	.actions = actions,
	.enter = enter };
