/* SPDX-License-Identifier: GPL-3.0-or-later */

/* One certificate: its fingerprint to be compared, where it was seen, and the decision. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

struct decision {
	struct trust_entry entry;
	char *file; /* owned; NULL when besign has the certificate */
};

static void enter(struct ui *ui, void *state, const void *arg)
{
	const struct trust_view *view = arg;
	struct decision *s = state;

	(void)ui;
	s->entry = *view->entry;
	s->file = view->file != NULL ? strdup(view->file) : NULL;
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	free(((struct decision *)state)->file);
}

/* ---- what is known of it, a row each ---- */

/* In groups of four: it is read aloud, or compared with paper. */
static void put_fingerprint(struct ui_text *out, const char *sha256)
{
	for (size_t i = 0; sha256[i] != '\0'; i++) {
		const char digit[2] = { sha256[i], '\0' };

		if (i > 0 && i % 4 == 0)
			ui_put_foreign(out, " ");
		ui_put_foreign(out, digit);
	}
}

static void put_text(struct ui_text *out, const struct trust_entry *entry, size_t index)
{
	switch (index) {
	case 0:
		ui_put_foreign(out, entry->subject);
		break;
	case 1:
		put_fingerprint(out, entry->sha256);
		break;
	case 2:
		ui_put(out, trust_role_text(entry->role));
		break;
	case 3:
		ui_put_foreign(out, entry->until);
		break;
	case 4:
		ui_put(out, entry->bundled ? N_("besign") : N_("you"));
		break;
	default:
		ui_put(out, entry->seen);
		break;
	}
}

static const char *const titles[] = { N_("Certificate"), N_("SHA-256"), N_("Role"), N_("Valid until"), N_("Comes from"),
	N_("Seen") };

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct decision *)state)->entry.seen[0] != '\0' ? 6 : 5;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	(void)ui;
	ui_put(&out->text, titles[index]);
	ui_put_foreign(&out->text, ": ");
	put_text(&out->text, &((const struct decision *)state)->entry, index);
}

/* ---- the decision ---- */

static bool may_accept(const struct ui *ui, const void *state)
{
	const struct decision *s = state;

	(void)ui;
	return s->file != NULL || !s->entry.accepted;
}

static bool may_remove(const struct ui *ui, const void *state)
{
	return !may_accept(ui, state);
}

static void decided(struct ui *ui, enum be_err rc, const struct be_error *err, const char *said)
{
	if (rc != BE_OK) {
		ui_say_error(ui, err);
		return;
	}
	desk_of(ui)->trust_changes++;
	ui_pop(ui);
	ui_say(ui, UI_GOOD, said);
}

static void do_accept(struct ui *ui, void *state)
{
	const struct app_engine *engine = desk_of(ui)->engine;
	struct decision *s = state;
	struct be_error err = { .code = BE_OK };
	const enum be_err rc =
		s->file != NULL ? engine->trust_add(&s->entry, s->file, &err) : engine->trust_accept(&s->entry, &err);

	decided(ui, rc, &err, N_("The certificate is trusted from now on"));
}

static void do_remove(struct ui *ui, void *state)
{
	struct be_error err = { .code = BE_OK };
	const enum be_err rc = desk_of(ui)->engine->trust_remove(&((struct decision *)state)->entry, &err);

	decided(ui, rc, &err, N_("The certificate is no longer trusted"));
}

static void accept(struct ui *ui, void *state)
{
	const struct decision *s = state;
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put(&text, N_("Compare the fingerprint with the one that the authority publishes."));
	ui_put_foreign(&text, " SHA-256: ");
	put_fingerprint(&text, s->entry.sha256);
	ui_confirm(ui, N_("Trust this certificate?"), &text, N_("Yes, I have compared it"), do_accept);
	buffer_free(&text.utf8);
}

static void remove_it(struct ui *ui, void *state)
{
	(void)state;
	ui_confirm(ui, N_("No longer trust this certificate?"), NULL, N_("Yes"), do_remove);
}

static void close(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static const struct ui_list list = { .count = count, .row = row, .empty = "", .wraps = true };

static const struct ui_field fields[] = {
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON,
		.msg = N_("Trust it ..."),
		.run = accept,
		.shown = may_accept,
		.help = N_("after you have compared the fingerprint") },
	{ .kind = UI_BUTTON, .msg = N_("No longer trust it ..."), .run = remove_it, .shown = may_remove },
	{ .kind = UI_BUTTON, .msg = N_("Back"), .run = close },
	{ .kind = UI_END },
};

const struct ui_screen screen_trust_certificate = { .name = "trust_certificate",
	.title = N_("Certificate of an authority"),
	.help = N_(
		"A fingerprint that you got on another way, from the authority itself, is what makes this certificate the right one."),
	.state_size = sizeof(struct decision),
	.fields = fields,
	.enter = enter,
	.leave = leave };
