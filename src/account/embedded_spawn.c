/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "account/embedded_spawn.h"

#include "base/buffer.h"
#include "base/process.h"
#include "box/box.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define SERVICE "besignd"
#define FD_READY 3
#define WAIT_MS 30000

static const char no_start[] = N_("The service of this computer could not be started");

/* What it says: one line, "ready" or "failed: …". */
#define READY "ready\n"
#define ANSWER_MAX 400u

static int set_descriptors(posix_spawn_file_actions_t *actions, int ready)
{
	int rc = posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDWR, 0);

	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO, STDOUT_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, STDIN_FILENO, STDERR_FILENO);
	if (rc == 0)
		rc = posix_spawn_file_actions_adddup2(actions, ready, FD_READY);
	if (rc == 0)
		rc = posix_spawn_file_actions_addclosefrom_np(actions, FD_READY + 1);
	return rc;
}

/* What the service inherits: the names that libraries of tokens and of time look at, nothing else. */
static void choose_environment(char *out[static 4])
{
	static const char *const names[] = { "HOME=", "TZ=", "SOFTHSM2_CONF=" };
	size_t count = 0;

	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++)
		for (char **e = environ; *e != NULL; e++)
			if (strncmp(*e, names[n], strlen(names[n])) == 0) {
				out[count++] = *e;
				break;
			}
	out[count] = NULL;
}

/* Returns an errno, as the functions that it calls do. */
static int spawn(pid_t *pid, char *program, const struct embedded_place *place, int ready)
{
	char *arguments[] = { program, (char[]){ "--embedded" }, (char[]){ "--data" }, place->data,
		(char[]){ "--socket" }, (char *)(uintptr_t)place->socket, (char[]){ "--ready-fd" }, (char[]){ "3" },
		NULL };
	char *environment[4];
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	int rc = posix_spawn_file_actions_init(&actions);

	if (rc != 0)
		return rc;
	rc = posix_spawnattr_init(&attributes);
	if (rc != 0)
		goto out;
	choose_environment(environment);
	rc = set_descriptors(&actions, ready);
	if (rc == 0)
		/* A session of its own: closing the terminal ends the app, not the service. */
		rc = process_spawn_clean(&attributes, POSIX_SPAWN_SETSID);
	if (rc == 0)
		rc = posix_spawn(pid, program, &actions, &attributes, arguments, environment);
	(void)posix_spawnattr_destroy(&attributes);
out:
	(void)posix_spawn_file_actions_destroy(&actions);
	return rc;
}

static int64_t milliseconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Reads the line; what is there when the time is over or the other end is closed. */
static void read_answer(int fd, char answer[static ANSWER_MAX])
{
	const int64_t end = milliseconds() + WAIT_MS;
	size_t len = 0;

	while (len + 1 < ANSWER_MAX) {
		struct pollfd wait = { .fd = fd, .events = POLLIN };
		const int64_t left = end - milliseconds();
		ssize_t n;

		if (left <= 0 || (poll(&wait, 1, (int)left) < 0 && errno != EINTR))
			break;
		if (wait.revents == 0)
			continue;
		n = read(fd, answer + len, ANSWER_MAX - 1 - len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		len += (size_t)n;
		if (memchr(answer, '\n', len) != NULL)
			break;
	}
	answer[len] = '\0';
}

static enum be_err judge_answer(char *answer, struct be_error *err)
{
	if (strcmp(answer, READY) == 0)
		return BE_OK;
	answer[strcspn(answer, "\n")] = '\0';
	return be_fail(err, BE_HELPER, no_start, "%s", answer[0] != '\0' ? answer : "it gave no answer");
}

enum be_err embedded_spawn(const struct embedded_place *place, struct be_error *err)
{
	struct buffer program = BUFFER_EMPTY;
	char answer[ANSWER_MAX];
	int ends[2] = { -1, -1 };
	int moved;
	pid_t pid = 0;
	enum be_err rc = box_find(&program, SERVICE, err);

	if (rc != BE_OK)
		goto out;
	rc = BE_HELPER;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		(void)be_fail_errno(err, rc, no_start, "pipe");
		goto out;
	}
	/* Above the number that the service gets it under, so that handing it over does clear close-on-exec. */
	moved = fcntl(ends[1], F_DUPFD_CLOEXEC, FD_READY + 1);
	(void)close(ends[1]);
	ends[1] = moved;
	errno = moved < 0 ? errno : spawn(&pid, (char *)program.data, place, moved);
	if (moved < 0 || errno != 0) {
		(void)be_fail_errno(err, rc, no_start, (const char *)program.data);
		goto out;
	}
	(void)close(ends[1]);
	ends[1] = -1;
	read_answer(ends[0], answer);
	/* What was started goes on in a child of its own, and ends itself at once. */
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	rc = judge_answer(answer, err);
out:
	if (ends[0] >= 0)
		(void)close(ends[0]);
	if (ends[1] >= 0)
		(void)close(ends[1]);
	buffer_free(&program);
	return rc;
}
