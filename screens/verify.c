/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verifikasi: which document. */

#include "app.h"
#include "screens.h"
#include "ui.h"

static void chosen(struct ui *ui, void *state, const char *const *paths, size_t count)
{
	(void)state;
	(void)count;
	ui_push(ui, &screen_verify_result, paths[0]);
}

static void choose(struct ui *ui, void *state)
{
	const struct browse_request request = { .chosen = chosen };

	(void)state;
	ui_push(ui, &screen_browse, &request);
}

static void scan(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_qr, NULL);
}

static size_t count_lately(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->state.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	(void)state;
	put_path(&out->text, desk_of(ui)->state.documents[index]);
}

static void open(struct ui *ui, void *state, size_t index)
{
	(void)state;
	ui_push(ui, &screen_verify_result, desk_of(ui)->state.documents[index]);
}

static bool some_lately(const struct ui *ui, const void *state)
{
	return count_lately(ui, state) > 0;
}

static const struct ui_list list = { .count = count_lately,
	.row = row,
	.open = open,
	.opens = N_("Verify"),
	.empty = "",
	.names = true };

static const struct ui_field fields[] = {
	{ .kind = UI_BUTTON,
		.msg = N_("Browse PDF"),
		.run = choose,
		.help = N_("chooses a document of this computer") },
	{ .kind = UI_BUTTON,
		.msg = N_("Scan QR"),
		.run = scan,
		.help = N_("reads the QR code on a document, and verifies the document that it leads to") },
	{ .kind = UI_LABEL, .msg = N_("Used lately:"), .shown = some_lately },
	{ .kind = UI_LIST, .list = &list, .shown = some_lately },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'o', N_("Browse PDF"), N_("Chooses a document of this computer."), NULL, choose },
	{ 's', N_("Scan QR"), N_("Reads a QR code, and verifies the document that it leads to."), NULL, scan },
	{ .run = NULL },
};

const struct ui_screen screen_verify = { .name = "verify",
	.title = N_("Verify"),
	.help = N_("Choose a document. It is read in a closed room without network, and nothing in it is believed."),
	.fields = fields,
	.actions = actions };
