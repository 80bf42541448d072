/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The screens that every other one may need: a message, a question, a choice, a job that takes its time. */

#include "ui/core.h"

#include <stdlib.h>
#include <string.h>

/* What is said, and what is asked for the screen below. The title of a dialog is given with it, so each has its own
 * copy of the screen that is its description. */
struct dialog {
	const char *title;
	struct ui_text text;
	enum ui_mood mood;
	const char *yes_msg;
	ui_run *yes;
	const char *const *words;
	size_t chosen;
	void (*picked)(struct ui *ui, void *state, size_t index);
};

static void enter_dialog(struct ui *ui, void *state, const void *arg)
{
	struct dialog *d = state;
	const struct dialog *given = arg;

	(void)ui;
	*d = *given;
	d->text.utf8 = BUFFER_EMPTY;
	if (given->text.utf8.len > 0)
		buffer_add(&d->text.utf8, given->text.utf8.data, given->text.utf8.len);
}

static void leave_dialog(struct ui *ui, void *state)
{
	struct dialog *d = state;

	(void)ui;
	buffer_free(&d->text.utf8);
}

static void dialog_heading(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct dialog *d = state;

	(void)ui;
	ui_put(out, d->title);
}

static enum ui_mood heading_mood(const void *state)
{
	const struct dialog *d = state;

	return d->mood == UI_PLAIN ? UI_HEADING : d->mood;
}

/* The text is a list of one row that is broken into lines, so that a long one can be read to its end. */
static size_t count_text(const struct ui *ui, const void *state)
{
	const struct dialog *d = state;

	(void)ui;
	return d->text.utf8.len > 0 ? 1 : 0;
}

static void text_row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct dialog *d = state;

	(void)ui;
	(void)index;
	buffer_add(&out->text.utf8, d->text.utf8.data, d->text.utf8.len);
}

static void open_text(struct ui *ui, void *state, size_t index);

static const struct ui_list message_list = { .count = count_text,
	.row = text_row,
	.open = open_text,
	.opens = N_("OK"),
	.empty = "",
	.wraps = true };
static const struct ui_list question_list = { .count = count_text, .row = text_row, .empty = "", .wraps = true };

/* ---- a message ---- */

static void close_dialog(struct ui *ui, void *state)
{
	(void)state;
	ui_pop(ui);
}

static void open_text(struct ui *ui, void *state, size_t index)
{
	(void)index;
	close_dialog(ui, state);
}

static const struct ui_field message_fields[] = {
	{ .kind = UI_LABEL, .text = dialog_heading, .mood = heading_mood },
	{ .kind = UI_LIST, .list = &message_list },
	{ .kind = UI_BUTTON, .msg = N_("OK"), .run = close_dialog },
	{ .kind = UI_END },
};

const struct ui_screen ui_screen_message = { .name = "message",
	.help = N_("A notice. OK goes back to where you were."),
	.state_size = sizeof(struct dialog),
	.fields = message_fields,
	.enter = enter_dialog,
	.leave = leave_dialog };

void ui_message(struct ui *ui, const char *title, enum ui_mood mood, const struct ui_text *text)
{
	const struct dialog d = {
		.title = title, .mood = mood, .text = text != NULL ? *text : (struct ui_text){ BUFFER_EMPTY }
	};

	ui_push(ui, &ui_screen_message, &d);
}

/* ---- a question ---- */

static void yes_label(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct dialog *d = state;

	(void)ui;
	ui_put(out, d->yes_msg);
}

static void say_yes(struct ui *ui, void *state)
{
	const struct dialog *d = state;
	ui_run *yes = d->yes;

	ui_pop(ui);
	yes(ui, ui_state(ui));
}

static const struct ui_field confirm_fields[] = {
	{ .kind = UI_LABEL, .text = dialog_heading, .mood = heading_mood },
	{ .kind = UI_LIST, .list = &question_list },
	{ .kind = UI_BUTTON, .msg = N_("No"), .run = close_dialog },
	{ .kind = UI_BUTTON, .msg = N_("Yes"), .text = yes_label, .run = say_yes },
	{ .kind = UI_END },
};

const struct ui_screen ui_screen_confirm = { .name = "confirm",
	.help = N_("A question. Nothing is done before you choose the second answer."),
	.state_size = sizeof(struct dialog),
	.fields = confirm_fields,
	.enter = enter_dialog,
	.leave = leave_dialog };

void ui_confirm(struct ui *ui, const char *title, const struct ui_text *text, const char *yes_msg, ui_run *yes)
{
	const struct dialog d = { .title = title,
		.text = text != NULL ? *text : (struct ui_text){ BUFFER_EMPTY },
		.yes_msg = yes_msg,
		.yes = yes };

	ui_push(ui, &ui_screen_confirm, &d);
}

/* ---- a choice ---- */

static size_t count_words(const struct ui *ui, const void *state)
{
	const struct dialog *d = state;
	size_t count = 0;

	(void)ui;
	while (d->words[count] != NULL)
		count++;
	return count;
}

static void word_row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct dialog *d = state;

	(void)ui;
	ui_put(&out->text, d->words[index]);
}

static void open_word(struct ui *ui, void *state, size_t index)
{
	const struct dialog *d = state;
	void (*picked)(struct ui *, void *, size_t) = d->picked;

	ui_pop(ui);
	picked(ui, ui_state(ui), index);
}

static const struct ui_list word_list = { .count = count_words,
	.row = word_row,
	.open = open_word,
	.opens = N_("Choose"),
	.empty = "" };

static const struct ui_field pick_fields[] = {
	{ .kind = UI_LABEL, .text = dialog_heading, .mood = heading_mood },
	{ .kind = UI_LIST, .list = &word_list },
	{ .kind = UI_END },
};

const struct ui_screen ui_screen_pick = { .name = "pick",
	.help = N_("Choose one of these, or go back without choosing."),
	.state_size = sizeof(struct dialog),
	.fields = pick_fields,
	.enter = enter_dialog,
	.leave = leave_dialog };

void ui_pick(struct ui *ui, const char *title, const char *const *words, size_t chosen,
	void (*picked)(struct ui *ui, void *state, size_t index))
{
	const struct dialog d = { .title = title, .words = words, .chosen = chosen, .picked = picked };
	const size_t depth = ui->depth;

	ui_push(ui, &ui_screen_pick, &d);
	if (ui->depth > depth)
		ui_focus_row(ui, chosen);
}

/* ---- quitting ---- */

static void quit(struct ui *ui, void *state)
{
	(void)state;
	ui_quit(ui);
}

void ui_ask_to_quit(struct ui *ui)
{
	if (ui_job_waited_for(ui))
		ui_ask_while_busy(ui);
	else if (ui_top(ui)->screen != &ui_screen_confirm)
		ui_confirm(ui, N_("Quit BeSign?"), NULL, N_("Quit"), quit);
}

/* ---- a job that takes its time ---- */

static void busy_title(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)state;
	ui_put(out, ui->job.title);
}

static void busy_progress(const struct ui *ui, const void *state, struct ui_text *out)
{
	const size_t count = atomic_load(&ui->op.count);

	(void)state;
	if (atomic_load(&ui->op.cancel))
		ui_put(out, N_("Cancelling; what is begun is brought to a safe end"));
	else if (count == 0)
		ui_put(out, N_("Please wait"));
	else
		ui_put_numbers(out, N_("%zu of %zu done"), atomic_load(&ui->op.done), count);
}

static const char *can_cancel(const struct ui *ui, const void *state)
{
	(void)state;
	return atomic_load(&ui->op.cancel) ? N_("It is being cancelled already") : NULL;
}

static void cancel(struct ui *ui, void *state)
{
	(void)state;
	ui_job_cancel(ui);
}

static void picked_while_busy(struct ui *ui, void *state, size_t index)
{
	(void)state;
	if (index == 1)
		ui_job_cancel(ui);
	ui->quit_when_done = index == 2;
}

void ui_ask_while_busy(struct ui *ui)
{
	static const char *const words[] = { N_("Wait for it"), N_("Cancel it"), N_("Quit when it is done"), NULL };

	if (ui_top(ui)->screen == &ui_screen_busy)
		ui_pick(ui, N_("Something is still being done"), words, 0, picked_while_busy);
}

static void busy_back(struct ui *ui, void *state)
{
	(void)state;
	ui_ask_while_busy(ui);
}

static const struct ui_field busy_fields[] = {
	{ .kind = UI_LABEL, .text = busy_title, .mood = NULL },
	{ .kind = UI_LABEL, .text = busy_progress },
	{ .kind = UI_BUTTON, .msg = N_("Cancel"), .guard = can_cancel, .run = cancel },
	{ .kind = UI_END },
};

static const struct ui_action busy_actions[] = {
	{ 'c', N_("Cancel"), N_("Ends the work at the next point where everything is whole."), can_cancel, cancel },
	{ .run = NULL },
};

const struct ui_screen ui_screen_busy = { .name = "busy",
	.help = N_("Work is being done. What is finished stays finished when you cancel."),
	.fields = busy_fields,
	.actions = busy_actions,
	.back = busy_back };
