/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A certificate that needs no account: the one of a key file. */

#include "app.h"
#include "screens.h"
#include "ui.h"

static const struct state *known(const struct ui *ui)
{
	return &desk_of(ui)->state;
}

static bool has_file(const struct ui *ui, const void *state)
{
	(void)state;
	return known(ui)->key_file != NULL;
}

static bool has_no_file(const struct ui *ui, const void *state)
{
	return !has_file(ui, state);
}

static bool is_read(const struct ui *ui, const void *state)
{
	return has_file(ui, state) && known(ui)->key.sha256[0] != '\0';
}

static void name(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_foreign(out, known(ui)->key.name);
}

static void issuer(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_foreign(out, known(ui)->key.issuer);
}

static void until(const struct ui *ui, const void *state, struct ui_text *out)
{
	char date[TIME_TEXT_MAX];

	(void)state;
	ui_put_foreign(out, desk_date(date, known(ui)->key.until));
}

static void sha256(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put_foreign(out, known(ui)->key.sha256);
}

static void file(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	put_path(out, known(ui)->key_file);
}

static void chosen(struct ui *ui, void *state, const char *const *paths, size_t count)
{
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	(void)state;
	(void)count;
	if (state_set_key(&desk->state, paths[0], NULL, &err) != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	desk_keep_state(desk);
	ui_push(ui, &screen_key_passphrase, NULL);
}

static void choose(struct ui *ui, void *state)
{
	const struct browse_request request = { .chosen = chosen };

	(void)state;
	ui_push(ui, &screen_browse_key, &request);
}

static const char *no_file(const struct ui *ui, const void *state)
{
	return has_file(ui, state) ? NULL : N_("choose a key file first");
}

static void read_it(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_key_passphrase, NULL);
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .msg = N_("No key file is chosen yet."), .shown = has_no_file },
	{ .kind = UI_FACT, .msg = N_("Name"), .text = name, .shown = is_read },
	{ .kind = UI_FACT, .msg = N_("Issued by"), .text = issuer, .shown = is_read },
	{ .kind = UI_FACT, .msg = N_("Valid until"), .text = until, .shown = is_read },
	{ .kind = UI_FACT, .msg = N_("SHA-256"), .text = sha256, .shown = is_read },
	{ .kind = UI_FACT, .msg = N_("Key file"), .text = file, .shown = has_file },
	{ .kind = UI_BUTTON,
		.msg = N_("Choose a key file"),
		.run = choose,
		.help = N_("the .p12 or .pfx file with your certificate and key") },
	{ .kind = UI_BUTTON,
		.msg = N_("Certificate Information"),
		.guard = no_file,
		.run = read_it,
		.help = N_("opens the key file once and shows what its certificate says") },
	{ .kind = UI_END },
};

const struct ui_screen screen_key_file = { .name = "key_file",
	.title = N_("Key file"),
	.help = N_("A file of your own with a certificate and its key. It needs no account."),
	.fields = fields };
