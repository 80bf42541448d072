/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_job.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define NEEDED(what) \
	do { \
		if (!(what)) \
			terminal_give_up(#what); \
	} while (0)

enum { BEGINS, CANNOT_RUN, STOPPED, EXITED, KILLED };

struct report {
	int what;
	int value; /* BEGINS: the process; CANNOT_RUN: errno; otherwise a signal or an exit status */
	struct timespec at;
};

void terminal_give_up(const char *what)
{
	fprintf(stderr, "the tests' terminal failed: %s (%s)\n", what, strerror(errno));
	abort();
}

/* ---- the leader and the job ---- */

static void report(int channel, int what, int value)
{
	struct report r = { .what = what, .value = value };

	(void)clock_gettime(CLOCK_MONOTONIC, &r.at);
	(void)!write(channel, &r, sizeof(r));
}

static _Noreturn void be_program(const struct terminal_job_plan *plan, int channel)
{
	sigset_t none;
	int errors;

	(void)setpgid(0, 0);
	(void)tcsetpgrp(STDIN_FILENO, getpid());
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	errors = open(plan->errors, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (errors >= 0 && dup2(errors, STDERR_FILENO) == STDERR_FILENO && chdir(plan->directory) == 0) {
		report(channel, BEGINS, getpid());
		(void)execvpe(plan->command[0], plan->command, plan->environment);
	}
	report(channel, CANNOT_RUN, errno);
	_exit(127);
}

static volatile pid_t led;

static void pass_on_the_hang_up(int signal_number)
{
	(void)signal_number;
	if (led > 0) {
		(void)kill(-led, SIGHUP);
		(void)kill(-led, SIGCONT);
	}
}

static void lead(pid_t program, int channel)
{
	struct report answer;
	int status;

	while (waitpid(program, &status, WUNTRACED) == program) {
		(void)tcsetpgrp(STDIN_FILENO, getpid());
		if (WIFSTOPPED(status))
			report(channel, STOPPED, WSTOPSIG(status));
		else if (WIFSIGNALED(status))
			report(channel, KILLED, WTERMSIG(status));
		else
			report(channel, EXITED, WEXITSTATUS(status));
		/* After a stop the job goes on with the answer. After the end there is none: the terminal stays until
		 * the test has looked at it, and goes with its session. */
		if (read(channel, &answer, sizeof(answer)) <= 0)
			break;
		(void)tcsetpgrp(STDIN_FILENO, program);
		(void)kill(-program, SIGCONT);
	}
}

static _Noreturn void be_leader(const struct terminal_job_plan *plan, const char *terminal, int channel)
{
	const struct rlimit none = { 0, 0 };
	const struct sigaction pass = { .sa_handler = pass_on_the_hang_up, .sa_flags = SA_RESTART };
	const int open_max = (int)sysconf(_SC_OPEN_MAX);
	pid_t program;
	int fd;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(SIGTTOU, SIG_IGN);
	(void)signal(SIGTSTP, SIG_IGN);
	(void)signal(SIGINT, SIG_IGN);
	(void)signal(SIGQUIT, SIG_IGN);
	(void)sigaction(SIGHUP, &pass, NULL);
	/* The masters of this and other terminals must be the test's alone, or closing one would hang up nothing. */
	for (fd = 0; fd < open_max && fd < 1024; fd++) {
		if (fd != channel && fd != STDERR_FILENO)
			(void)close(fd);
	}
	if (setsid() < 0 || open(terminal, O_RDWR) != STDIN_FILENO || dup2(STDIN_FILENO, STDOUT_FILENO) < 0)
		_exit(126);
	(void)ioctl(STDIN_FILENO, TIOCSCTTY, 0);
	program = fork();
	if (program == 0)
		be_program(plan, channel);
	if (program < 0)
		_exit(126);
	led = program;
	(void)setpgid(program, program);
	lead(program, channel);
	_exit(0);
}

/* ---- the test's side ---- */

void terminal_job_start(struct terminal_job *job, const struct terminal_job_plan *plan)
{
	const struct winsize size = { .ws_row = plan->rows, .ws_col = plan->columns };
	char terminal[64];
	int channel[2];

	memset(job, 0, sizeof(*job));
	job->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
	NEEDED(job->master >= 0 && grantpt(job->master) == 0 && unlockpt(job->master) == 0);
	NEEDED(ptsname_r(job->master, terminal, sizeof(terminal)) == 0);
	job->slave = open(terminal, O_RDWR | O_NOCTTY | O_CLOEXEC);
	NEEDED(job->slave >= 0 && ioctl(job->master, TIOCSWINSZ, &size) == 0);
	NEEDED(tcgetattr(job->slave, &job->at_first) == 0);
	NEEDED(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, channel) == 0);
	job->leader = fork();
	NEEDED(job->leader >= 0);
	if (job->leader == 0)
		be_leader(plan, terminal, channel[1]);
	(void)close(channel[1]);
	job->reports = channel[0];
	while (job->program == 0)
		terminal_job_hear(job);
}

void terminal_job_hear(struct terminal_job *job)
{
	struct report r;

	NEEDED(read(job->reports, &r, sizeof(r)) == sizeof(r));
	switch (r.what) {
	case BEGINS:
		job->program = r.value;
		job->started = r.at;
		break;
	case CANNOT_RUN:
		errno = r.value;
		terminal_give_up("the program cannot be run");
	case STOPPED:
		job->state = TERMINAL_JOB_STOPPED;
		break;
	default:
		job->state = TERMINAL_JOB_ENDED;
		job->status = r.what == KILLED ? 128 + r.value : r.value;
		break;
	}
}

void terminal_job_continue(struct terminal_job *job)
{
	const struct report go_on = { .what = BEGINS };

	NEEDED(job->state == TERMINAL_JOB_STOPPED);
	job->state = TERMINAL_JOB_RUNS;
	NEEDED(write(job->reports, &go_on, sizeof(go_on)) == sizeof(go_on));
}

void terminal_job_hang_up(struct terminal_job *job)
{
	NEEDED(job->master >= 0 && close(job->master) == 0);
	job->master = -1;
}

/* poll and not FIONREAD: it first moves along what is still between the two ends. */
bool terminal_job_has_read_all(const struct terminal_job *job)
{
	struct pollfd input = { .fd = job->slave, .events = POLLIN };

	return job->master < 0 || poll(&input, 1, 0) == 0;
}

unsigned long terminal_job_asleep(const struct terminal_job *job)
{
	unsigned long voluntary = 0, other = 0;
	char line[256], state = '?';
	FILE *f;

	(void)snprintf(line, sizeof(line), "/proc/%d/status", (int)job->program);
	f = fopen(line, "re");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		(void)sscanf(line, "State: %c", &state);
		(void)sscanf(line, "voluntary_ctxt_switches: %lu", &voluntary);
		(void)sscanf(line, "nonvoluntary_ctxt_switches: %lu", &other);
	}
	if (f != NULL)
		(void)fclose(f);
	return state == 'S' ? voluntary + other + 1 : 0;
}

void terminal_job_close(struct terminal_job *job)
{
	if (job->state != TERMINAL_JOB_ENDED)
		(void)kill(-job->program, SIGKILL);
	(void)close(job->reports);
	if (job->master >= 0)
		(void)close(job->master);
	(void)close(job->slave);
	NEEDED(waitpid(job->leader, NULL, 0) == job->leader);
}
