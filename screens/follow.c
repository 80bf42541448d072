/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A list at the account service that follows what happens there, while it is looked at. */

#include "app.h"
#include "screens.h"
#include "ui.h"

/* Questions and answers have no later in which news could be shown. */
void follow_settled(struct ui *ui, struct followed *f, const struct follow_questions *questions, int64_t number)
{
	struct task *task;

	if (f->rests || is_signed_out(ui, NULL) || (f->known && !f->stale && !ui_shows_views(ui)))
		return;
	task = task_new(ui, questions->kind);
	f->rests = task == NULL;
	if (task == NULL)
		return;
	task->number = number;
	if (f->known && !f->stale)
		task_start_watch(ui, task, questions->watch, questions->answered);
	else
		task_start_quiet(ui, task, questions->ask, questions->answered);
}

bool follow_answered(struct followed *f, const struct be_error *error)
{
	if (error->code == BE_CANCELLED)
		return false;
	f->trouble = *error;
	f->rests = error->code != BE_OK;
	if (f->rests)
		return false;
	f->stale = false;
	return true;
}

void follow_moved(struct ui *ui, const void *state, struct followed *f)
{
	f->moved = ui_state(ui) != state;
	if (!f->moved)
		ui_list_changed(ui);
}

void follow_refresh(struct followed *f)
{
	f->stale = true;
	f->rests = false;
	f->trouble = (struct be_error){ .code = BE_OK };
}

void follow_again(struct ui *ui, struct followed *f)
{
	follow_refresh(f);
	if (f->moved)
		ui_list_changed(ui);
	f->moved = false;
}
