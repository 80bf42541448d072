/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What one QR code says. For an address this is where a person agrees, or not, that its host is asked: the host stands
 * first, and the focus is not on the button. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LINES_MAX 200u

struct code {
	struct qr_content content;
	char from[QR_HOST_MAX]; /* the host that leads here; "": the code itself */
	struct {
		size_t at, len;
	} lines[LINES_MAX]; /* of the content's text */
	size_t line_count;
	const char *notes[QR_NOTES_MAX];
	size_t note_count;
	bool asked; /* the host, at least once */
};

static void split(struct code *s)
{
	const char *text = s->content.text;

	for (size_t at = 0; text[at] != '\0' && s->line_count < LINES_MAX;) {
		const size_t len = strcspn(text + at, "\n");

		s->lines[s->line_count].at = at;
		s->lines[s->line_count++].len = len;
		at += len + (text[at + len] != '\0');
	}
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct qr_view *view = arg;
	struct code *s = state;

	(void)ui;
	s->content = *view->content;
	(void)snprintf(s->from, sizeof(s->from), "%s", view->from != NULL ? view->from : "");
	s->note_count = qr_content_notes(&s->content, s->notes);
	/* The last one stands at the button. */
	if (s->content.kind == QR_URL && s->content.why_not != NULL)
		s->note_count--;
	split(s);
}

/* ---- asking the host, on a worker ---- */

struct work {
	const struct app_engine *engine;
	char url[QR_URL_MAX];
	struct qr_found found;
};

static void progress(void *context, uint64_t received, uint64_t total)
{
	if (total > 0)
		ui_op_progress(context, (size_t)(received >> 10), (size_t)(total >> 10));
}

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *work = given;
	const struct qr_follow_wish wish = { .cancel = ui_op_cancel(op), .progress = progress, .context = op };

	return work->engine->qr_follow(&work->found, work->url, &wish, err);
}

static void free_work(void *given)
{
	struct work *work = given;

	qr_found_free(&work->found);
	free(work);
}

/* The verdict stands on top of the document, which stays as long as somebody is there to save it. */
static void show_document(struct ui *ui, struct qr_found *found)
{
	const struct qr_outcome outcome = { found };
	char *path = strdup(found->document);

	ui_push(ui, &screen_qr_document, &outcome);
	if (path != NULL)
		ui_push(ui, &screen_verify_result, path);
	free(path);
}

/* Another host: it is shown as this one was, and asked when that was agreed to. */
static void show_elsewhere(struct ui *ui, const struct code *s, const struct qr_found *found)
{
	struct qr_content content;
	const struct qr_view view = { .content = &content, .from = s->content.host };

	qr_content_read(&content, found->url);
	ui_push(ui, &screen_qr_code, &view);
}

static void say_other(struct ui *ui, const struct qr_found *found)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put(&text, N_("What came is no PDF document, and besign does not open it."));
	ui_put_foreign(&text, " ");
	ui_put(&text, N_("Its type"));
	ui_put_foreign(&text, ": ");
	ui_put_foreign(&text, found->type[0] != '\0' ? found->type : "?");
	ui_message(ui, N_("No document"), UI_UNSURE, &text);
	buffer_free(&text.utf8);
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct work *work = given;
	const struct qr_outcome outcome = { &work->found };

	if (error->code != BE_OK) {
		ui_say_error(ui, error);
		return;
	}
	switch (work->found.came) {
	case QR_CAME_PDF:
		show_document(ui, &work->found);
		break;
	case QR_CAME_PAGE:
		ui_push(ui, &screen_qr_page, &outcome);
		break;
	case QR_CAME_TEXT:
		ui_push(ui, &screen_qr_text, &outcome);
		break;
	case QR_CAME_ELSEWHERE:
		show_elsewhere(ui, state, &work->found);
		break;
	case QR_CAME_OTHER:
	default:
		say_other(ui, &work->found);
		break;
	}
}

static const char *not_opened(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct code *)state)->content.why_not;
}

static void ask(struct ui *ui, void *state)
{
	struct ui_job job = { .title = N_("Fetching"), .run = run, .done = done, .free = free_work };
	struct code *s = state;
	struct work *work;

	work = calloc(1, sizeof(*work));
	if (work == NULL) {
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	work->engine = desk_of(ui)->engine;
	memcpy(work->url, s->content.url, sizeof(work->url));
	work->found = QR_FOUND_NOTHING;
	s->asked = true;
	job.work = work;
	ui_start(ui, &job);
}

/* ---- what stands on the screen ---- */

static bool is_address(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct code *)state)->content.kind == QR_URL;
}

static bool is_text(const struct ui *ui, const void *state)
{
	return !is_address(ui, state);
}

static bool is_unasked(const struct ui *ui, const void *state)
{
	return is_address(ui, state) && !((const struct code *)state)->asked;
}

static bool is_led_to(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct code *)state)->from[0] != '\0';
}

static void host_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct code *)state)->content.host);
}

static enum ui_mood host_mood(const void *state)
{
	return ((const struct code *)state)->content.odd != 0 ? UI_UNSURE : UI_HEADING;
}

static void from_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put(out, N_("Another host leads here:"));
	ui_put_foreign(out, " ");
	ui_put_foreign(out, ((const struct code *)state)->from);
}

static size_t count(const struct ui *ui, const void *state)
{
	const struct code *s = state;

	(void)ui;
	return s->line_count + s->note_count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct code *s = state;
	struct buffer line = BUFFER_EMPTY;

	(void)ui;
	if (index >= s->line_count) {
		ui_put_foreign(&out->text, "! ");
		ui_put(&out->text, s->notes[index - s->line_count]);
		out->mood = UI_UNSURE;
		return;
	}
	buffer_add(&line, s->content.text + s->lines[index].at, s->lines[index].len);
	buffer_add_byte(&line, '\0');
	ui_put_foreign(&out->text, line.failed ? "" : (const char *)line.data);
	buffer_free(&line);
}

static void copy(struct ui *ui, void *state)
{
	ui_copy(ui, ((const struct code *)state)->content.text);
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = host_text, .mood = host_mood, .shown = is_address, .fixed = true },
	{ .kind = UI_LABEL, .text = from_text, .shown = is_led_to },
	{ .kind = UI_LABEL, .msg = N_("The code is no address. It says:"), .shown = is_text },
	{ .kind = UI_LABEL, .msg = N_("Nothing has been fetched from this address yet."), .shown = is_unasked },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON,
		.msg = N_("Open the address"),
		.guard = not_opened,
		.run = ask,
		.shown = is_address,
		.help = N_("asks the host; a PDF document that comes is verified") },
	{ .kind = UI_BUTTON, .msg = N_("Do not open"), .run = close, .shown = is_address },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close, .shown = is_text },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'c', N_("Copy"), N_("Copies what the code says."), NULL, copy },
	{ .run = NULL },
};

const struct ui_screen screen_qr_code = { .name = "qr_code",
	.title = N_("QR code"),
	.help = N_(
		"The first line is the host that would be asked, as it is asked. Look at it well: below it stands what the code says, and that may pretend."),
	.state_size = sizeof(struct code),
	.fields = fields,
	.actions = actions,
	.enter = enter };
