/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * One job at a time on a worker thread. The worker touches its own work, the counters of struct ui_op and, last of all,
 * job_ended; everything else belongs to the UI thread, which joins the worker before it looks at what came out.
 */

#include "ui/core.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* How long a job waits for a quiet one that was told to end. */
#define QUIET_WITHIN_MS 2000

/* Progress is painted at most four times a second: a serial line has other things to carry. */
#define WAKE_EVERY_MS 250

static int64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void wake(const struct ui *ui)
{
	const uint64_t one = 1;

	/* It can only fail because the counter is full, and then the reader is awake. */
	if (ui->wake >= 0 && write(ui->wake, &one, sizeof(one)) < 0)
		return;
}

const atomic_bool *ui_op_cancel(const struct ui_op *op)
{
	return &op->cancel;
}

bool ui_is_ending(const struct ui *ui)
{
	return ui->ending;
}

void ui_op_progress(struct ui_op *op, size_t done, size_t count)
{
	struct ui *ui = op->ui;
	const int64_t now = now_ms();
	int64_t last = atomic_load(&ui->last_wake);

	atomic_store(&op->count, count);
	atomic_store(&op->done, done);
	if (ui->wake < 0) {
		if (ui->on_progress != NULL)
			ui->on_progress(ui);
	} else if (now - last >= WAKE_EVERY_MS && atomic_compare_exchange_strong(&ui->last_wake, &last, now)) {
		wake(ui);
	}
}

static void *work(void *given)
{
	struct ui *ui = given;

	ui->job_error = (struct be_error){ .code = BE_OK };
	ui->job_error.code = ui->job.run(ui->job.work, &ui->op, &ui->job_error);
	atomic_store(&ui->job_ended, true);
	wake(ui);
	return NULL;
}

/* The worker is left no signal: they all go to the thread that owns the terminal. */
static bool start_thread(struct ui *ui)
{
	sigset_t all;
	sigset_t before;
	int failed;

	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = pthread_create(&ui->thread, NULL, work, ui);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	return failed == 0;
}

bool ui_job_waited_for(const struct ui *ui)
{
	return ui->job_phase == UI_JOB_RUNS && !ui->job.quiet;
}

void ui_start(struct ui *ui, const struct ui_job *job)
{
	if (ui->job_phase == UI_JOB_RUNS && ui->job.quiet)
		ui_job_stop(ui, QUIET_WITHIN_MS);
	if (ui->job_phase != UI_JOB_NONE) {
		job->free(job->work);
		ui_say(ui, UI_UNSURE, N_("Something is still being done"));
		return;
	}
	ui->job = *job;
	ui->job_level = ui->depth;
	ui->job_owner = job->quiet ? ui_top(ui) : NULL;
	ui->job_shown = false;
	ui->quit_when_done = false;
	atomic_store(&ui->op.cancel, false);
	atomic_store(&ui->op.done, 0);
	atomic_store(&ui->op.count, 0);
	atomic_store(&ui->job_ended, false);
	/* The first sign of progress waits its turn too. */
	atomic_store(&ui->last_wake, now_ms());
	ui->job_phase = UI_JOB_RUNS;
	if (ui->wake < 0) {
		ui_job_show(ui);
		(void)work(ui);
		(void)ui_job_check(ui);
	} else if (!start_thread(ui)) {
		ui->job_phase = UI_JOB_NONE;
		job->free(job->work);
		ui_say(ui, UI_BAD, N_("The system does not allow another thread"));
	}
}

void ui_job_show(struct ui *ui)
{
	if (!ui_job_waited_for(ui) || ui->job_shown)
		return;
	ui->job_shown = true;
	ui_push(ui, &ui_screen_busy, NULL);
}

void ui_job_cancel(struct ui *ui)
{
	if (ui->job_phase == UI_JOB_RUNS)
		atomic_store(&ui->op.cancel, true);
}

bool ui_job_check(struct ui *ui)
{
	const struct ui_job job = ui->job;
	struct be_error error;

	if (ui->job_phase != UI_JOB_RUNS || !atomic_load(&ui->job_ended))
		return false;
	if (ui->wake >= 0)
		(void)pthread_join(ui->thread, NULL);
	ui->job_phase = UI_JOB_NONE;
	error = ui->job_error;
	if (job.quiet) {
		const struct ui_level *owner = ui->job_owner;

		ui->job_owner = NULL;
		if (owner != NULL)
			job.done(ui, owner->state, job.work, &error);
		job.free(job.work);
		return true;
	}
	ui->interrupted = false;
	/* The busy screen, and what was opened on top of it; the owner is told by done, not that it is on top again. */
	ui_drop(ui, ui->job_level);
	job.done(ui, ui_top(ui)->state, job.work, &error);
	job.free(job.work);
	if (ui->quit_when_done)
		ui_quit(ui);
	return true;
}

void ui_job_stop(struct ui *ui, int milliseconds)
{
	const int64_t end = now_ms() + milliseconds;

	if (ui->job_phase != UI_JOB_RUNS)
		return;
	ui_job_cancel(ui);
	while (!atomic_load(&ui->job_ended)) {
		const int64_t left = end - now_ms();
		struct pollfd ready = { .fd = ui->wake, .events = POLLIN };
		uint64_t count;

		if (left <= 0 || (poll(&ready, 1, (int)left) < 0 && errno != EINTR))
			return;
		if (read(ui->wake, &count, sizeof(count)) < 0 && errno != EAGAIN && errno != EINTR)
			return;
	}
	(void)ui_job_check(ui);
}
