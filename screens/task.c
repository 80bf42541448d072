/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A question to the account service, as a job: what is asked is copied in, what came of it is handed over once. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

static const char no_memory[] = N_("Out of memory");

static void task_free(void *given)
{
	struct task *task = given;

	if (task == NULL)
		return;
	if (task->kind != NULL)
		wire_free(task->kind, task->record);
	free(task->record);
	for (size_t i = 0; i < TASK_SECRETS; i++)
		secret_free(&task->secret[i]);
	explicit_bzero(task, sizeof(*task));
	free(task);
}

struct task *task_new(struct ui *ui, const struct wire_message *kind)
{
	struct be_error err = { .code = BE_NO_MEMORY, .msgid = no_memory };
	struct desk *desk = desk_of(ui);
	struct account *account = desk_account(desk, &err);
	struct task *task = account != NULL ? calloc(1, sizeof(*task)) : NULL;

	if (task != NULL && kind != NULL && (task->record = calloc(1, kind->size)) == NULL) {
		free(task);
		task = NULL;
	}
	if (task == NULL) {
		ui_say_error(ui, &err);
		return NULL;
	}
	task->engine = desk->engine;
	task->calls = desk->engine->account;
	task->account = account;
	task->kind = kind;
	return task;
}

static bool copy_secret(struct task *task, struct ui *ui, size_t index, const void *bytes, size_t len)
{
	struct be_error err = { .code = BE_OK };

	if (wire_set_secret(&task->secret[index], bytes, len, &err) == BE_OK)
		return true;
	task_free(task);
	ui_say_error(ui, &err);
	return false;
}

bool task_secret(struct task *task, struct ui *ui, size_t index, const struct secret *from)
{
	return from == NULL || copy_secret(task, ui, index, secret_bytes(from), secret_len(from));
}

bool task_secret_text(struct task *task, struct ui *ui, size_t index, const char *text)
{
	return copy_secret(task, ui, index, text, strlen(text));
}

void task_take(struct task *task, void *record)
{
	wire_free(task->kind, record);
	memcpy(record, task->record, task->kind->size);
	memset(task->record, 0, task->kind->size);
}

/* Worker. */
static enum be_err run(void *given, struct ui_op *op, struct be_error *err)
{
	struct task *task = given;
	const struct account_wait wait = { .cancel = ui_op_cancel(op) };
	const enum be_err rc = task->run(task, &wait, err);

	/* What was typed is not needed for a second longer. */
	for (size_t i = 0; i < TASK_SECRETS; i++)
		secret_free(&task->secret[i]);
	return rc;
}

static void done(struct ui *ui, void *state, void *given, const struct be_error *error)
{
	struct task *task = given;

	desk_look_at_account(desk_of(ui));
	task->done(ui, state, task, error);
}

static void start(struct ui *ui, struct ui_job *job, struct task *task, task_run *work, task_done *then)
{
	job->run = run;
	job->done = done;
	job->free = task_free;
	job->work = task;
	task->run = work;
	task->done = then;
	ui_start(ui, job);
}

void task_start(struct ui *ui, struct task *task, const char *title, task_run *work, task_done *then)
{
	struct ui_job job = { .title = title };

	start(ui, &job, task, work, then);
}

void task_start_quiet(struct ui *ui, struct task *task, task_run *work, task_done *then)
{
	struct ui_job job = { .title = N_("Asking the service"), .quiet = true };

	start(ui, &job, task, work, then);
}

void task_start_watch(struct ui *ui, struct task *task, task_run *work, task_done *then)
{
	struct ui_job job = { .title = N_("Asking the service"), .quiet = true, .watches = true };

	start(ui, &job, task, work, then);
}
