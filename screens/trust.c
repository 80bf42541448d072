/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Whom you trust: the authorities that come with the program, off until accepted, and those that were added. */

#include "app.h"
#include "screens.h"
#include "ui.h"

struct trust {
	struct trust_list list;
	unsigned seen; /* desk->trust_changes when it was read */
};

static void read_list(struct ui *ui, struct trust *s)
{
	struct desk *desk = desk_of(ui);
	struct be_error err = { .code = BE_OK };

	trust_list_free(&s->list);
	if (desk->engine->trust_list(&s->list, &err) != BE_OK)
		ui_say_error(ui, &err);
	s->seen = desk->trust_changes;
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)arg;
	read_list(ui, state);
}

static void again(struct ui *ui, void *state)
{
	struct trust *s = state;

	if (s->seen != desk_of(ui)->trust_changes)
		read_list(ui, s);
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	trust_list_free(&((struct trust *)state)->list);
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct trust *)state)->list.count;
}

/* One more than the longest word takes in any language. */
#define STANDING_CELLS 12

static const char *standing(const struct trust_entry *entry)
{
	if (entry->role != TRUST_ANCHOR)
		return entry->accepted ? /* max: 11 */ N_("HELPS") : N_("OFF");
	return entry->accepted ? /* max: 11 */ N_("TRUSTED") : N_("OFF");
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct trust_entry *entry = &((const struct trust *)state)->list.entries[index];

	(void)ui;
	ui_put(&out->text, standing(entry));
	ui_pad(&out->text, STANDING_CELLS);
	ui_put_foreign(&out->text, entry->subject[0] != '\0' ? entry->subject : entry->name);
	out->mood = entry->accepted && entry->role == TRUST_ANCHOR ? UI_GOOD : UI_PLAIN;
}

static void open(struct ui *ui, void *state, size_t index)
{
	const struct trust_view view = { .entry = &((const struct trust *)state)->list.entries[index] };

	ui_push(ui, &screen_trust_certificate, &view);
}

/* Shown first, with its fingerprint: only the next screen trusts it. */
static void entered(struct ui *ui, void *state, const char *path)
{
	struct trust_entry entry;
	struct be_error err = { .code = BE_OK };
	struct buffer full = BUFFER_EMPTY;

	(void)state;
	if (paths_absolute(&full, path, NULL, &err) != BE_OK ||
		desk_of(ui)->engine->trust_describe(&entry, (const char *)full.data, &err) != BE_OK) {
		ui_say_error(ui, &err);
	} else {
		const struct trust_view view = { .entry = &entry, .file = (const char *)full.data };

		ui_push(ui, &screen_trust_certificate, &view);
	}
	buffer_free(&full);
}

static void add(struct ui *ui, void *state)
{
	const struct path_request request = { .start = "", .entered = entered };

	(void)state;
	ui_push(ui, &screen_path, &request);
}

static const struct ui_list list = { .count = count,
	.row = row,
	.open = open,
	.opens = N_("Show"),
	.empty = N_("No certificate is known") };

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL,
		.msg = N_(
			"A signature is trusted when its certificate leads to an authority that you trust. Nobody is trusted before you say so.") },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'a', N_("Add"), N_("Shows a certificate of your own, a file with one certificate (.pem), to trust it."), NULL,
		add },
	{ .run = NULL },
};

const struct ui_screen screen_trust = { .name = "trust",
	.title = N_("Whom you trust"),
	.help = N_("Enter shows a certificate with its fingerprint, and lets you trust it or no longer."),
	.state_size = sizeof(struct trust),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.again = again,
	.leave = leave };
