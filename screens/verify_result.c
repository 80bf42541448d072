/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The verdict on a document. It has the first line for itself, in the program's own words; what the document or a
 * certificate says stands further down. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>

struct verdict {
	struct check *check; /* owned; NULL until it was made */
	unsigned trust_seen; /* desk->trust_changes when it was made */
	struct verify_text_summary summary;
};

/* ---- verifying ---- */

static void show(struct ui *ui, void *state);

/* The job's, until its screen takes what is in it. */
struct work {
	struct check *check;
};

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	(void)op;
	return check_run(((struct work *)given)->check, err);
}

static void free_work(void *given)
{
	struct work *work = given;

	check_free(work->check);
	free(work);
}

static void refuse(struct ui *ui, const struct be_error *error)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put_error(&text, error);
	ui_pop(ui);
	ui_message(ui, N_("The document cannot be verified"), UI_BAD, &text);
	buffer_free(&text.utf8);
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct verdict *s = state;
	struct work *work = given;
	struct desk *desk = desk_of(ui);

	if (error->code != BE_OK) {
		refuse(ui, error);
		return;
	}
	check_free(s->check);
	s->check = work->check;
	work->check = NULL;
	s->trust_seen = desk->trust_changes;
	verify_text_summarise(&s->summary, &s->check->report);
	if (s->check->report.result != VERIFY_ERROR && !qr_is_passing(s->check->path) &&
		state_add_document(&desk->state, s->check->path, NULL) == BE_OK)
		desk_keep_state(desk);
	if (s->check->report.count > 0)
		ui_focus_button(ui, show);
}

static void start(struct ui *ui, const char *path)
{
	struct ui_job job = { .title = N_("Verifying"), .run = run, .done = done, .free = free_work };
	struct work *work = calloc(1, sizeof(*work));

	if (work != NULL)
		work->check = check_new(desk_of(ui), path);
	if (work == NULL || work->check == NULL) {
		free(work);
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	job.work = work;
	ui_start(ui, &job);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)state;
	start(ui, arg);
}

/* Somebody is trusted now who was not: what was said before may be wrong. */
static void again(struct ui *ui, void *state)
{
	const struct verdict *s = state;

	if (s->check != NULL && s->trust_seen != desk_of(ui)->trust_changes)
		start(ui, s->check->path);
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	check_free(((struct verdict *)state)->check);
}

/* ---- what stands on the screen ---- */

static bool is_ready(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct verdict *)state)->check != NULL;
}

static void verdict_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, ((const struct verdict *)state)->summary.verdict.text);
}

static enum ui_mood verdict_mood(const void *state)
{
	return screens_mood(((const struct verdict *)state)->summary.verdict.mood);
}

static bool has_why(const struct ui *ui, const void *state)
{
	return is_ready(ui, state) && ((const struct verdict *)state)->summary.why != NULL;
}

static void why_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, ((const struct verdict *)state)->summary.why);
}

static bool is_signed(const struct ui *ui, const void *state)
{
	return is_ready(ui, state) && ((const struct verdict *)state)->check->report.count > 0;
}

static void count_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct verify_text_summary *sum = &((const struct verdict *)state)->summary;

	(void)ui;
	ui_put_numbers(out, N_("%zu in all"), sum->signatures, 0);
	ui_put_foreign(out, "; ");
	ui_put_numbers(out, N_("valid: %zu"), sum->passed, 0);
	ui_put_foreign(out, ", ");
	ui_put_numbers(out, N_("not certain: %zu"), sum->unsure, 0);
	ui_put_foreign(out, ", ");
	ui_put_numbers(out, N_("not valid: %zu"), sum->failed, 0);
}

static void path_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	put_path(out, ((const struct verdict *)state)->check->path);
}

static bool has_offers(const struct ui *ui, const void *state)
{
	return is_ready(ui, state) && ((const struct verdict *)state)->check->offers.count > 0;
}

static void show(struct ui *ui, void *state)
{
	ui_push(ui, &screen_verify_detail, ((const struct verdict *)state)->check);
}

static void offer(struct ui *ui, void *state)
{
	const struct trust_view view = { .entry = &((const struct verdict *)state)->check->offers.entries[0] };

	ui_push(ui, &screen_trust_certificate, &view);
}

static void show_pages(struct ui *ui, void *state)
{
	ui_push(ui, &screen_page, ((const struct verdict *)state)->check->path);
}

static bool can_be_seen(const struct ui *ui, const void *state)
{
	return is_ready(ui, state) && ui_shows_views(ui) &&
		((const struct verdict *)state)->check->report.result != VERIFY_ERROR;
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static void share(struct ui *ui, void *state)
{
	const char *path = ((const struct verdict *)state)->check->path;
	const struct share_request request = { &path, 1 };

	ui_push(ui, &screen_share, &request);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = verdict_text, .mood = verdict_mood, .shown = is_ready, .fixed = true },
	{ .kind = UI_LABEL, .text = why_text, .shown = has_why },
	{ .kind = UI_LABEL, .msg = N_("This document contains signatures"), .shown = is_signed },
	{ .kind = UI_BUTTON,
		.msg = N_("Show"),
		.run = show,
		.shown = is_signed,
		.help = N_("every signature: who, when, whether it was changed since, and whom to trust for it") },
	{ .kind = UI_BUTTON,
		.msg = N_("Trust the authority ..."),
		.run = offer,
		.shown = has_offers,
		.help = N_(
			"besign knows an authority that stands behind a signature, but you have not accepted it yet") },
	{ .kind = UI_BUTTON,
		.msg = N_("Look at the pages"),
		.run = show_pages,
		.shown = can_be_seen,
		.help = N_("how the document looks, and where visible signatures are; its text, to be read") },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close, .shown = is_ready },
	{ .kind = UI_BUTTON,
		.msg = N_("Share"),
		.run = share,
		.shown = is_signed,
		.help = N_("hands the document on") },
	{ .kind = UI_FACT, .msg = N_("Document"), .text = path_text, .shown = is_ready },
	{ .kind = UI_FACT, .msg = N_("Signatures"), .text = count_text, .shown = is_signed },
	{ .kind = UI_END },
};

const struct ui_screen screen_verify_result = { .name = "verify_result",
	.title = N_("Result"),
	.help = N_(
		"The first line is the program's own verdict. What the document or a certificate says stands below, and is never on that line."),
	.state_size = sizeof(struct verdict),
	.fields = fields,
	.enter = enter,
	.again = again,
	.leave = leave };
