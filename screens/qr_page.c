/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A QR code led to no document: to a page of the web, with or without links to documents, or to text. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

#define LINES_MAX 2000u

struct page {
	struct qr_found found;     /* owned */
	uint32_t lines[LINES_MAX]; /* where each begins in found.text */
	size_t line_count;
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct page *s = state;
	struct qr_found *found = ((const struct qr_outcome *)arg)->found;

	(void)ui;
	s->found = *found;
	*found = QR_FOUND_NOTHING;
	for (const char *at = s->found.text; at != NULL && *at != '\0' && s->line_count < LINES_MAX;) {
		s->lines[s->line_count++] = (uint32_t)(at - s->found.text);
		at += strcspn(at, "\n");
		at += *at != '\0';
	}
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	qr_found_free(&((struct page *)state)->found);
}

static void host_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct page *)state)->found.host);
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

/* ---- the links of a page ---- */

static size_t count_links(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct page *)state)->found.links.count;
}

/* A link's own words may say anything, so its host stands before them. */
static void link_row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct page *s = state;
	const struct qr_link *link = &s->found.links.links[index];
	const char *path = strstr(link->url, "//") + 2;

	(void)ui;
	if (!qr_same_host(link->host, s->found.host)) {
		ui_put_foreign(&out->text, link->host);
		ui_put_foreign(&out->text, "  ");
		out->mood = UI_UNSURE;
	}
	if (link->text[0] != '\0') {
		ui_put_foreign(&out->text, link->text);
		ui_put_foreign(&out->text, "  ");
	}
	ui_put_foreign(&out->text, path + strcspn(path, "/"));
}

static void open_link(struct ui *ui, void *state, size_t index)
{
	const struct page *s = state;
	struct qr_content content;
	struct qr_view view = { .content = &content };

	qr_content_read(&content, s->found.links.links[index].url);
	if (!qr_same_host(content.host, s->found.host))
		view.from = s->found.host;
	ui_push(ui, &screen_qr_code, &view);
}

static bool has_links(const struct ui *ui, const void *state)
{
	return count_links(ui, state) > 0;
}

static bool has_title(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct page *)state)->found.links.title[0] != '\0';
}

static void title_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct page *)state)->found.links.title);
}

static const struct ui_list links = { .count = count_links,
	.row = link_row,
	.open = open_link,
	.opens = N_("Show"),
	.empty = N_("The page has no link to a PDF document") };

static const struct ui_field page_fields[] = {
	{ .kind = UI_LABEL, .msg = N_("The code leads to a page of the web, not to a document.") },
	{ .kind = UI_FACT, .msg = N_("Host"), .text = host_text },
	{ .kind = UI_FACT, .msg = N_("Title"), .text = title_text, .shown = has_title },
	{ .kind = UI_LABEL, .msg = N_("Its links to PDF documents:"), .shown = has_links },
	{ .kind = UI_LIST, .list = &links },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
	{ .kind = UI_END },
};

const struct ui_screen screen_qr_page = { .name = "qr_page",
	.title = N_("Page of the web"),
	.help = N_("Pages are not shown, only searched for links to PDF documents. Enter shows where a link leads."),
	.state_size = sizeof(struct page),
	.fields = page_fields,
	.enter = enter,
	.leave = leave };

/* ---- text ---- */

static size_t count_lines(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct page *)state)->line_count;
}

static void line_row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct page *s = state;
	const char *line = s->found.text + s->lines[index];
	struct buffer copy = BUFFER_EMPTY;

	(void)ui;
	buffer_add(&copy, line, strcspn(line, "\r\n"));
	buffer_add_byte(&copy, '\0');
	ui_put_foreign(&out->text, copy.failed ? "" : (const char *)copy.data);
	buffer_free(&copy);
}

static const struct ui_list lines = { .count = count_lines,
	.row = line_row,
	.empty = N_("It is empty"),
	.wraps = true };

static const struct ui_field text_fields[] = {
	{ .kind = UI_LABEL, .msg = N_("The code leads to text, not to a document.") },
	{ .kind = UI_FACT, .msg = N_("Host"), .text = host_text },
	{ .kind = UI_LIST, .list = &lines },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
	{ .kind = UI_END },
};

const struct ui_screen screen_qr_text = { .name = "qr_text",
	.title = N_("Text"),
	.help = N_("What came from the host, as it is; long texts are cut."),
	.state_size = sizeof(struct page),
	.fields = text_fields,
	.enter = enter,
	.leave = leave };
