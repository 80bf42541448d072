/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Several QR codes: which of them. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct choice {
	const struct qr_codes *codes; /* of the screen below, which stays */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)ui;
	((struct choice *)state)->codes = arg;
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct choice *)state)->codes->count;
}

/* On one line. */
static void put_content(struct ui_text *out, const char *text)
{
	struct buffer line = BUFFER_EMPTY;

	for (; *text != '\0'; text++)
		buffer_add_byte(&line, *text == '\n' ? ' ' : (uint8_t)*text);
	buffer_add_byte(&line, '\0');
	ui_put_foreign(out, line.failed ? "" : (const char *)line.data);
	buffer_free(&line);
}

/* The host stands first, so that nothing in the address can take its place. */
static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct qr_code *code = &((const struct choice *)state)->codes->codes[index];

	(void)ui;
	if (code->page != 0) {
		ui_put_numbers(&out->text, N_("page %zu"), code->page, 0);
		ui_put_foreign(&out->text, "  ");
	}
	if (code->content.kind == QR_URL) {
		ui_put_foreign(&out->text, code->content.host);
		ui_put_foreign(&out->text, "  ");
	}
	put_content(&out->text, code->content.text);
	out->mood = code->content.why_not != NULL ? UI_UNSURE : UI_PLAIN;
}

static void open(struct ui *ui, void *state, size_t index)
{
	const struct qr_view view = { .content = &((const struct choice *)state)->codes->codes[index].content };

	ui_push(ui, &screen_qr_code, &view);
}

static void how_many(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct qr_codes *codes = ((const struct choice *)state)->codes;

	(void)ui;
	ui_put_count(out, "%zu QR code was found", "%zu QR codes were found", codes->count);
	if (codes->more) {
		ui_put_foreign(out, "; ");
		ui_put(out, N_("there are more"));
	}
}

static bool some_unread(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct choice *)state)->codes->unread > 0;
}

static const struct ui_list list = { .count = count, .row = row, .open = open, .opens = N_("Show"), .empty = "" };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = how_many },
	{ .kind = UI_LABEL, .msg = N_("Some pages could not be looked at"), .shown = some_unread },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_END },
};

const struct ui_screen screen_qr_codes = { .name = "qr_codes",
	.title = N_("QR codes"),
	.help = N_("What each code says, with its host first. Enter shows one in full; nothing is fetched by that."),
	.state_size = sizeof(struct choice),
	.fields = fields,
	.enter = enter };
