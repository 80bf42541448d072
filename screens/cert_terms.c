/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Lihat Persetujuan: the terms of service, to be read. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct text {
	const struct wire_terms *terms; /* of the screen below, which stays as it is */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)ui;
	((struct text *)state)->terms = arg;
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return text_lines(&((const struct text *)state)->terms->text);
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	(void)ui;
	put_text_line(&out->text, &((const struct text *)state)->terms->text, index);
}

static void version(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_foreign(out, ((const struct text *)state)->terms->version);
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const struct ui_list list = { .count = count, .row = row, .empty = N_("The service has none"), .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_FACT, .msg = N_("Version"), .text = version },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close },
	{ .kind = UI_END },
};

const struct ui_screen screen_cert_terms = { .name = "cert_terms",
	.title = N_("Terms of service"),
	.help = N_("What you accept when you ask for a certificate, as the service has it."),
	.state_size = sizeof(struct text),
	.fields = fields,
	.enter = enter };
