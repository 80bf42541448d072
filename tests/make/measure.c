/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Runs a command and says what it cost: least and median wall time in milliseconds, most resident memory in KiB, worst
 * exit status (128 and the signal when one ended it).
 *
 *   measure TIMES COMMAND [ARGUMENT...]
 *
 * The command's output goes to /dev/null. The memory cannot come out below that of this program, which is small.
 */

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define TIMES_MAX 1000

struct cost {
	double milliseconds;
	long kib;
	int status;
};

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int run(char **command, const posix_spawn_file_actions_t *silent, struct cost *out)
{
	struct rusage usage;
	int status = 0;
	pid_t child = -1;
	double begin = now();
	int failed = posix_spawnp(&child, command[0], silent, NULL, command, environ);

	if (failed != 0) {
		fprintf(stderr, "measure: %s: %s\n", command[0], strerror(failed));
		return -1;
	}
	while (wait4(child, &status, 0, &usage) < 0) {
		if (errno != EINTR)
			return -1;
	}
	out->milliseconds = now() - begin;
	out->kib = usage.ru_maxrss;
	out->status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	return 0;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

int main(int argc, char **argv)
{
	static double walls[TIMES_MAX];
	posix_spawn_file_actions_t silent;
	struct cost worst = { 0, 0, 0 };
	int times = argc > 2 ? atoi(argv[1]) : 0;

	if (times < 1 || times > TIMES_MAX) {
		fputs("usage: measure TIMES COMMAND [ARGUMENT...]\n", stderr);
		return 2;
	}
	if (posix_spawn_file_actions_init(&silent) != 0 ||
		posix_spawn_file_actions_addopen(&silent, STDOUT_FILENO, "/dev/null", O_WRONLY, 0) != 0 ||
		posix_spawn_file_actions_adddup2(&silent, STDOUT_FILENO, STDERR_FILENO) != 0)
		return 2;
	for (int i = 0; i < times; i++) {
		struct cost cost;

		if (run(argv + 2, &silent, &cost) != 0)
			return 2;
		walls[i] = cost.milliseconds;
		worst.kib = cost.kib > worst.kib ? cost.kib : worst.kib;
		worst.status = cost.status > worst.status ? cost.status : worst.status;
	}
	posix_spawn_file_actions_destroy(&silent);
	qsort(walls, (size_t)times, sizeof(walls[0]), by_value);
	printf("%.2f %.2f %ld %d\n", walls[0], walls[times / 2], worst.kib, worst.status);
	return 0;
}
