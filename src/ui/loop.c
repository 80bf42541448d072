/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The loop on a terminal: one poll over the keyboard, the worker and the signals. Signals are taken from a descriptor,
 * never in a handler, so that every one of them finds the screen in a state that it can be left in.
 */

#include "ui/term.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* A job that is done sooner is never seen to run. */
#define BUSY_AFTER_MS 120
/* The longest that a job is waited for when a signal ends the program. */
#define STOP_WITHIN_MS 2000
/* A paste whose end never came. */
#define PASTE_WITHIN_MS 2000

struct loop {
	struct ui *ui;
	int signals;
	sigset_t taken, before;
	bool ended_by_signal;
	bool announce; /* tests: say when everything is done and a key is waited for */
	unsigned announced;
	bool secrets; /* were among the keys since ncurses was made to forget them */
};

static enum be_err begin(struct loop *loop, struct be_error *err)
{
	static const int taken[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH };

	(void)sigemptyset(&loop->taken);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		(void)sigaddset(&loop->taken, taken[i]);
	(void)pthread_sigmask(SIG_BLOCK, &loop->taken, &loop->before);
	loop->signals = signalfd(-1, &loop->taken, SFD_NONBLOCK | SFD_CLOEXEC);
	loop->ui->wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
	if (loop->signals < 0 || loop->ui->wake < 0)
		return be_fail_errno(err, BE_IO, N_("The system has no descriptor left"), "signalfd");
	return BE_OK;
}

static void end(struct loop *loop)
{
	static const int ending[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };
	const struct sigaction ignored = { .sa_handler = SIG_IGN };

	if (loop->signals >= 0)
		(void)close(loop->signals);
	if (loop->ui->wake >= 0)
		(void)close(loop->ui->wake);
	loop->ui->wake = -1;
	/* A terminal that goes away says so twice, by the kernel and by the shell; the second must not kill what ends
	 * well because of the first. */
	for (size_t i = 0; loop->ended_by_signal && i < sizeof(ending) / sizeof(ending[0]); i++)
		(void)sigaction(ending[i], &ignored, NULL);
	(void)pthread_sigmask(SIG_SETMASK, &loop->before, NULL);
}

/* The whole group stops, as with a terminal that does it: "make run" and its shell are in it. */
static void suspend(struct loop *loop)
{
	const struct sigaction usual = { .sa_handler = SIG_DFL };
	sigset_t stop;

	term_leave();
	(void)sigaction(SIGTSTP, &usual, NULL);
	(void)sigemptyset(&stop);
	(void)sigaddset(&stop, SIGTSTP);
	(void)kill(0, SIGTSTP);
	(void)pthread_sigmask(SIG_UNBLOCK, &stop, NULL);
	(void)pthread_sigmask(SIG_BLOCK, &stop, NULL);
	term_return(loop->ui);
}

static void ended_by_signal(struct loop *loop)
{
	loop->ui->ending = true;
	ui_job_stop(loop->ui, STOP_WITHIN_MS);
	loop->ended_by_signal = true;
	loop->ui->status = 130;
	ui_quit(loop->ui);
}

static void take_signals(struct loop *loop)
{
	struct signalfd_siginfo info;

	while (read(loop->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		switch (info.ssi_signo) {
		case SIGWINCH:
			term_resized(loop->ui);
			break;
		case SIGTSTP:
			suspend(loop);
			break;
		case SIGCONT:
			term_return(loop->ui);
			break;
		default:
			ended_by_signal(loop);
			break;
		}
	}
}

static bool is_secret(const struct ui *ui)
{
	const struct ui_level *top = ui_top(ui);
	const struct ui_field *f = top != NULL ? ui_focused(top) : NULL;

	return f != NULL && f->kind == UI_SECRET;
}

/* What comes in one breath with the end of a paste is still text: a clipboard may hold such an end itself, and not every
 * terminal takes it out. */
static void take_keys(struct loop *loop)
{
	bool paste_ended = false;
	uint32_t key;
	bool stop;

	while (!loop->ui->over && term_key(loop->ui, &key, &stop)) {
		const bool secret = is_secret(loop->ui);

		loop->secrets = loop->secrets || secret;
		paste_ended = paste_ended || key == UI_KEY_PASTE_END;
		if (stop)
			suspend(loop);
		else if (key != UI_KEY_PASTE_END)
			ui_key(loop->ui, key);
		/* Keys that were typed ahead wait until the job is done, or shown. */
		if (ui_job_waited_for(loop->ui) && !loop->ui->job_shown)
			return;
	}
	if (paste_ended)
		ui_key(loop->ui, UI_KEY_PASTE_END);
	if (!loop->ui->over && loop->secrets && !is_secret(loop->ui)) {
		term_forget_keys();
		loop->secrets = false;
	}
}

static void show(struct loop *loop)
{
	/* A job that may be done at once: what would be shown meanwhile would only flicker. */
	if (ui_job_waited_for(loop->ui) && !loop->ui->job_shown)
		return;
	ui_paint(loop->ui);
	term_show(loop->ui);
}

/* Whether something ends soon. A job that only watches does so when it is cancelled. */
static bool is_busy(const struct ui *ui)
{
	return ui->job_phase == UI_JOB_RUNS && (!ui->job.watches || atomic_load(&ui->op.cancel));
}

/* A test waits for this instead of sleeping. */
static void announce(struct loop *loop)
{
	struct pollfd typed = { .fd = STDIN_FILENO, .events = POLLIN };
	char text[48];
	int len;

	if (!loop->announce || poll(&typed, 1, 0) > 0)
		return;
	len = snprintf(text, sizeof(text), "\033]7777;%u;%d\a", ++loop->announced, is_busy(loop->ui));
	if (write(STDOUT_FILENO, text, (size_t)len) < 0)
		ui_quit(loop->ui);
}

static int patience(const struct ui *ui)
{
	if (ui_job_waited_for(ui) && !ui->job_shown)
		return BUSY_AFTER_MS;
	return ui->pasting ? PASTE_WITHIN_MS : -1;
}

static void wait(struct loop *loop)
{
	struct ui *ui = loop->ui;
	const bool quiet = ui_job_waited_for(ui) && !ui->job_shown;
	struct pollfd ready[] = { { .fd = loop->signals, .events = POLLIN }, { .fd = ui->wake, .events = POLLIN },
		{ .fd = quiet ? -1 : STDIN_FILENO, .events = POLLIN } };
	uint64_t count;
	int n;

	/* Nothing may lie in ncurses' own queue while the descriptor is waited for: take_keys left it empty. */
	n = poll(ready, 3, patience(ui));
	if (n < 0 && errno != EINTR) {
		ui_quit(ui);
		return;
	}
	if (n == 0) {
		ui->pasting = false;
		ui_job_show(ui);
	}
	if (read(ui->wake, &count, sizeof(count)) > 0)
		(void)ui_job_check(ui);
	take_signals(loop);
	if (ui->over)
		return;
	if ((ready[2].revents & (POLLHUP | POLLERR | POLLNVAL)) != 0)
		ended_by_signal(loop);
	else if (!quiet || !ui_job_waited_for(ui))
		take_keys(loop);
}

enum be_err ui_run_terminal(struct ui *ui, int *status, struct be_error *err)
{
	const char *wanted = getenv("BESIGN_TEST_SYNC");
	struct loop loop = { .ui = ui, .signals = -1, .announce = wanted != NULL && wanted[0] == '1' };
	enum be_err rc = begin(&loop, err);

	if (rc == BE_OK)
		rc = term_open(ui, err);
	if (rc != BE_OK) {
		end(&loop);
		return rc;
	}
	while (!ui->over) {
		show(&loop);
		announce(&loop);
		wait(&loop);
	}
	term_close();
	if (!ui_job_waited_for(ui))
		ui_job_stop(ui, STOP_WITHIN_MS);
	/* A worker that did not stop in time still has the memory: the process goes with it. What it was writing has no
	 * name yet. */
	if (ui->job_phase == UI_JOB_RUNS)
		_exit(ui->status);
	end(&loop);
	*status = ui->status;
	return BE_OK;
}
