/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The document that a QR code led to. It is kept until this screen goes, or for good. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct document {
	struct qr_found found; /* owned, and its file */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct document *s = state;
	struct qr_found *found = ((const struct qr_outcome *)arg)->found;

	(void)ui;
	s->found = *found;
	*found = QR_FOUND_NOTHING;
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	qr_found_free(&((struct document *)state)->found);
}

static void verify(struct ui *ui, void *state)
{
	ui_push(ui, &screen_verify_result, ((const struct document *)state)->found.document);
}

/* ---- keeping it ---- */

static void entered(struct ui *ui, void *state, const char *typed);

static void ask_name(struct ui *ui, const char *start)
{
	const struct path_request request = { .start = start, .entered = entered };

	ui_push(ui, &screen_path, &request);
}

static void entered(struct ui *ui, void *state, const char *typed)
{
	const struct document *s = state;
	struct desk *desk = desk_of(ui);
	struct buffer target = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = paths_absolute(&target, typed, desk->state.directory, &err);

	if (rc == BE_OK)
		rc = desk->engine->qr_save(s->found.document, (const char *)target.data, &err);
	if (rc != BE_OK) {
		ask_name(ui, typed);
		ui_say_error(ui, &err);
	} else {
		if (state_add_document(&desk->state, (const char *)target.data, NULL) == BE_OK)
			desk_keep_state(desk);
		ui_say(ui, UI_GOOD, N_("The document is saved"));
	}
	buffer_free(&target);
}

static void save(struct ui *ui, void *state)
{
	const struct document *s = state;
	const char *directory = desk_of(ui)->state.directory;
	struct buffer name = BUFFER_EMPTY;
	struct buffer start = BUFFER_EMPTY;

	paths_name(&name, s->found.document);
	paths_join(&start, directory != NULL ? directory : "~", name.failed ? "" : (const char *)name.data);
	ask_name(ui, start.failed ? "" : (const char *)start.data);
	buffer_free(&name);
	buffer_free(&start);
}

/* ---- what stands on the screen ---- */

static void host_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct document *)state)->found.host);
}

static void url_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct document *)state)->found.url);
}

static void size_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_numbers(out, N_("%zu KiB"), (size_t)((((const struct document *)state)->found.size + 1023) >> 10), 0);
}

static void finish(struct ui *ui, void *state)
{
	(void)state;
	ui_back_to(ui, "qr");
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .msg = N_("The code leads to a PDF document") },
	{ .kind = UI_FACT, .msg = N_("Host"), .text = host_text },
	{ .kind = UI_FACT, .msg = N_("Address"), .text = url_text },
	{ .kind = UI_FACT, .msg = N_("Size"), .text = size_text },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save, .help = N_("keeps it under a name of yours") },
	{ .kind = UI_BUTTON, .msg = N_("Verify"), .run = verify, .help = N_("shows the verdict on it again") },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = finish },
	{ .kind = UI_LABEL, .msg = N_("It is kept until you leave this screen; Save keeps it for good.") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 's', N_("Save"), N_("Keeps the document under a name of yours."), NULL, save },
	{ .run = NULL },
};

const struct ui_screen screen_qr_document = { .name = "qr_document",
	.title = N_("Document from QR"),
	.help = N_("Whose document it is, only its signatures say: the host is no proof of that."),
	.state_size = sizeof(struct document),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.leave = leave };
