/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_TERMINAL_JOB_H
#define SUPPORT_TERMINAL_JOB_H

/*
 * A program as the foreground job of a session on a pseudo-terminal. Knows processes and the line between them, nothing
 * of what is shown.
 *
 * The session's leader is a small process of ours that plays the shell: a program that leads its session itself has
 * nobody to wait for it, and the kernel then ignores the stop of ^Z. The leader reports each stop and the end, takes the
 * terminal back meanwhile, and passes a hang-up on to the job as shells do. What cannot be made ends the test program.
 */

#include <stdbool.h>
#include <sys/types.h>
#include <termios.h>
#include <time.h>

enum terminal_job_state { TERMINAL_JOB_RUNS, TERMINAL_JOB_STOPPED, TERMINAL_JOB_ENDED };

struct terminal_job {
	int master;  /* -1 after a hang-up */
	int slave;   /* never read: only to look at its queue and its modes */
	int reports; /* from the leader; readable when there is news */
	pid_t leader;
	pid_t program;
	struct timespec started; /* CLOCK_MONOTONIC, just before exec */
	enum terminal_job_state state;
	int status;              /* ENDED: the exit status, or 128 and the signal */
	struct termios at_first; /* the modes before the program began */
};

struct terminal_job_plan {
	char *const *command;
	char *const *environment;
	const char *directory;
	const char *errors; /* a file for standard error */
	unsigned short rows, columns;
};

void terminal_job_start(struct terminal_job *job, const struct terminal_job_plan *plan);
/* Reads one report, waiting for it. */
void terminal_job_hear(struct terminal_job *job);
void terminal_job_continue(struct terminal_job *job);
/* Closes the master: the terminal is gone. */
void terminal_job_hang_up(struct terminal_job *job);
/* Nothing that was typed still waits to be read. */
bool terminal_job_has_read_all(const struct terminal_job *job);
/* 0 when its first thread runs; else a number that changes when it has run in between. */
unsigned long terminal_job_asleep(const struct terminal_job *job);
/* Kills what still runs, and closes everything. */
void terminal_job_close(struct terminal_job *job);

/* Writes why, and ends the test program. */
_Noreturn void terminal_give_up(const char *what);

#endif
