/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verifikasi -> Pindai QR: where the code is. Reading one asks nobody anything; the screens behind this one do. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct scan {
	struct qr_codes codes; /* owned; of the last reading */
	const char *no_camera;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)arg;
	((struct scan *)state)->no_camera = desk_of(ui)->engine->qr_no_camera();
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	qr_codes_free(&((struct scan *)state)->codes);
}

/* ---- reading, on a worker ---- */

struct work {
	const struct app_engine *engine;
	char *path; /* owned; NULL: the camera */
	struct qr_codes codes;
};

static void progress(void *context, size_t done, size_t count)
{
	ui_op_progress(context, done, count);
}

static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct work *work = given;
	const struct qr_read_wish wish = { .cancel = ui_op_cancel(op), .progress = progress, .context = op };

	return work->path != NULL ? work->engine->qr_read(&work->codes, work->path, &wish, err)
				  : work->engine->qr_camera(&work->codes, &wish, err);
}

static void free_work(void *given)
{
	struct work *work = given;

	qr_codes_free(&work->codes);
	free(work->path);
	free(work);
}

static void show(struct ui *ui, struct scan *s)
{
	const struct qr_view view = { .content = &s->codes.codes[0].content };

	if (s->codes.count > 1)
		ui_push(ui, &screen_qr_codes, &s->codes);
	else
		ui_push(ui, &screen_qr_code, &view);
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct scan *s = state;
	struct work *work = given;

	if (error->code != BE_OK) {
		ui_say_error(ui, error);
		return;
	}
	if (work->codes.count == 0) {
		ui_say(ui, UI_UNSURE, N_("No QR code was found; a sharper or larger picture may help"));
		return;
	}
	qr_codes_free(&s->codes);
	s->codes = work->codes;
	work->codes = (struct qr_codes){ .codes = NULL };
	show(ui, s);
}

static void start(struct ui *ui, const char *path)
{
	struct ui_job job = { .title = N_("Reading QR codes"), .run = run, .done = done, .free = free_work };
	struct work *work = calloc(1, sizeof(*work));

	if (work != NULL && path != NULL)
		work->path = strdup(path);
	if (work == NULL || (path != NULL && work->path == NULL)) {
		free(work);
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	work->engine = desk_of(ui)->engine;
	job.work = work;
	ui_start(ui, &job);
}

/* ---- where it is ---- */

static void chosen(struct ui *ui, void *state, const char *const *paths, size_t count)
{
	(void)state;
	if (count > 0)
		start(ui, paths[0]);
}

static void choose(struct ui *ui, void *state)
{
	const struct browse_request request = { .chosen = chosen };

	(void)state;
	ui_push(ui, &screen_browse_scan, &request);
}

static void entered(struct ui *ui, void *state, const char *text)
{
	struct scan *s = state;
	struct be_error err = { .code = BE_OK };
	struct qr_codes codes;

	if (qr_read_text(&codes, text, &err) != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	qr_codes_free(&s->codes);
	s->codes = codes;
	show(ui, s);
}

static void paste(struct ui *ui, void *state)
{
	const struct path_request request = { .start = "", .entered = entered };

	(void)state;
	ui_push(ui, &screen_qr_paste, &request);
}

static const char *no_camera(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct scan *)state)->no_camera;
}

static void watch(struct ui *ui, void *state)
{
	(void)state;
	start(ui, NULL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .msg = N_("Where is the QR code?") },
	{ .kind = UI_BUTTON,
		.msg = N_("Picture or PDF"),
		.run = choose,
		.help = N_("a photograph, a scan, a screenshot, or a document whose pages have the code") },
	{ .kind = UI_BUTTON,
		.msg = N_("Paste text or URL"),
		.run = paste,
		.help = N_("what another scanner read, or the address that stands beside the code") },
	{ .kind = UI_BUTTON,
		.msg = N_("Camera"),
		.guard = no_camera,
		.run = watch,
		.help = N_("looks for a code until there is one") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'o', N_("Picture or PDF"), N_("Chooses a picture or a document that has the code."), NULL, choose },
	{ 't', N_("Text or URL"), N_("Takes text, or an address, that is typed or pasted."), NULL, paste },
	{ .run = NULL },
};

const struct ui_screen screen_qr = { .name = "qr",
	.title = N_("Scan QR"),
	.help = N_(
		"The picture is decoded in a closed room without network. What the code says is shown first; nothing is fetched before you agree."),
	.state_size = sizeof(struct scan),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
