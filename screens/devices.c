/* SPDX-License-Identifier: GPL-3.0-or-later */

/* OTP devices: what makes the codes of somebody who is signed in; the last one stays. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>

struct devices {
	struct wire_devices all;
	bool asked, known;
	struct be_error trouble; /* with asking; BE_OK otherwise */
	size_t chosen;           /* the one that may be removed */
};

static const struct wire_device *device_at(const struct devices *s, size_t index)
{
	return (const struct wire_device *)s->all.devices.items + index;
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	wire_free(&wire_devices_message, &((struct devices *)state)->all);
}

/* ---- which there are ---- */

/* Worker. */
static enum be_err ask_devices(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->devices(task->account, task->record, wait, err);
}

/* What was known stays when it cannot be asked again. */
static void told_devices(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	struct devices *s = state;
	const bool first = !s->known;

	if (who_left(ui, s, error))
		return;
	s->trouble = *error;
	if (error->code == BE_OK) {
		task_take(task, &s->all);
		s->known = true;
		if (first && ui_state(ui) == state)
			ui_focus_row(ui, 0);
	} else if (error->code == BE_CANCELLED) {
		s->asked = false; /* something else was more important */
	}
}

static void settled(struct ui *ui, void *state)
{
	struct devices *s = state;
	struct task *task;

	if (s->asked)
		return;
	s->asked = true;
	task = task_new(ui, &wire_devices_message);
	if (task != NULL)
		task_start_quiet(ui, task, ask_devices, told_devices);
}

static void ask_again(struct ui *ui, void *state)
{
	(void)ui;
	((struct devices *)state)->asked = false;
}

static void again(struct ui *ui, void *state)
{
	if (desk_of(ui)->signed_in)
		ask_again(ui, state);
	else
		ui_pop(ui);
}

static void put_trouble(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct devices *s = state;

	if (s->trouble.code != BE_OK && s->trouble.code != BE_CANCELLED)
		who_put_refusal(ui, out, &s->trouble);
	else
		ui_put(out, N_("Asking the service ..."));
}

static bool has_trouble(const struct ui *ui, const void *state)
{
	const struct devices *s = state;

	(void)ui;
	return !s->known || (s->trouble.code != BE_OK && s->trouble.code != BE_CANCELLED);
}

static enum ui_mood trouble_mood(const void *state)
{
	const enum be_err code = ((const struct devices *)state)->trouble.code;

	return code == BE_OK || code == BE_CANCELLED ? UI_FAINT : UI_UNSURE;
}

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct devices *)state)->all.devices.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct wire_device *device = device_at(state, index);
	char date[TIME_TEXT_MAX];

	(void)ui;
	ui_put_foreign(&out->text, device->name);
	ui_put_foreign(&out->text, "  ");
	ui_put(&out->text, N_("since"));
	ui_put_foreign(&out->text, " ");
	ui_put_foreign(&out->text, desk_date(date, device->created));
	ui_put_foreign(&out->text, ", ");
	if (device->used == TIME_NONE) {
		ui_put(&out->text, N_("never used"));
		return;
	}
	ui_put(&out->text, N_("last used"));
	ui_put_foreign(&out->text, " ");
	ui_put_foreign(&out->text, desk_date(date, device->used));
}

/* ---- removing ---- */

/* Worker. */
static enum be_err remove_device(struct task *task, const struct account_wait *wait, struct be_error *err)
{
	return task->calls->device_remove(task->account, task->text[0], wait, err);
}

static void removed(struct ui *ui, void *state, struct task *task, const struct be_error *error)
{
	(void)task;
	if (error->code == BE_OK) {
		ui_list_changed(ui);
		ui_say(ui, UI_GOOD, N_("The device is removed: its codes are no longer taken"));
	} else if (error->code == BE_STATE) {
		ui_say(ui, UI_BAD, N_("The last device cannot be removed; add another one first"));
	} else {
		who_say_refusal(ui, error);
	}
	again(ui, state);
}

static void do_remove(struct ui *ui, void *state)
{
	const struct devices *s = state;
	struct task *task;

	if (s->chosen >= s->all.devices.count || (task = task_new(ui, NULL)) == NULL)
		return;
	(void)snprintf(task->text[0], sizeof(task->text[0]), "%s", device_at(s, s->chosen)->id);
	task_start(ui, task, N_("Removing the device"), remove_device, removed);
}

static void open(struct ui *ui, void *state, size_t index)
{
	struct devices *s = state;
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	if (s->all.devices.count < 2) {
		ui_say(ui, UI_UNSURE, N_("The last device cannot be removed; add another one first"));
		return;
	}
	s->chosen = index;
	ui_put_foreign(&text, device_at(s, index)->name);
	ui_confirm(ui, N_("Remove this device?"), &text, N_("Remove"), do_remove);
	buffer_free(&text.utf8);
}

/* ---- the rest of the screen ---- */

static void add(struct ui *ui, void *state)
{
	(void)state;
	ui_push(ui, &screen_otp_enrol, NULL);
}

static const struct ui_list list = { .count = count,
	.row = row,
	.open = open,
	.opens = N_("Remove"),
	.empty = "",
	.wraps = true };

static const struct ui_field fields[] = {
	WHO_WARNING,
	{ .kind = UI_LABEL, .text = put_trouble, .mood = trouble_mood, .shown = has_trouble },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON,
		.msg = N_("Add a device"),
		.run = add,
		.help = N_("a further phone or program that makes codes") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'a', N_("Add"), N_("Adds a further device that makes codes."), NULL, add },
	{ 'r', N_("Ask again"), N_("Asks the service once more which devices there are."), NULL, ask_again },
	{ .run = NULL },
};

const struct ui_screen screen_devices = { .name = "devices",
	.title = N_("OTP devices"),
	.help = N_(
		"The devices whose one-time codes sign you in. Enter removes one, after a question. A lost device should be removed as soon as another one is there."),
	.state_size = sizeof(struct devices),
	.fields = fields,
	.actions = actions,
	.again = again,
	.leave = leave,
	.settled = settled };
