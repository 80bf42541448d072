/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Runs a full-screen program once, on a terminal of 24 x 80 with an empty home, and says what it cost:
 *
 *   measure_screen [-t TERM] [-q KEYS] [-i SECONDS] [-d DIRECTORY] COMMAND [ARGUMENT...]
 *
 * One line of figures: milliseconds from exec to the last byte of the first screen, most resident memory of the process
 * until then in KiB, bytes of that screen, bytes for a Down key (mean of three), context switches of all its threads and
 * bytes while it is left alone for SECONDS (8 unless told; 0 leaves that out), its exit status.
 *
 * A screen is complete when the program announces that it waits (support/terminal.h), or, when it never announces
 * anything, after 200 ms without a byte. KEYS end the program, q unless told.
 */

#include "support/terminal.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SILENCE 200 /* milliseconds */
#define FIRST_BYTE 20000
#define KEYS 3u

struct cost {
	double milliseconds;
	unsigned long kib;
	size_t first_bytes;
	size_t key_bytes; /* of all keys */
	unsigned long switches;
	size_t idle_bytes;
};

static bool settle(struct terminal *t)
{
	while (terminal_announcements(t) == 0) {
		if (terminal_read(t, SILENCE) == 0 && terminal_announcements(t) == 0)
			return true;
	}
	return terminal_idle(t);
}

/* The sum of what the named lines of a file of /proc say. */
static unsigned long sum_of(const char *path, const char *first, const char *second)
{
	unsigned long sum = 0;
	char line[256];
	FILE *f = fopen(path, "re");

	while (f != NULL && fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, first, strlen(first)) == 0 || strncmp(line, second, strlen(second)) == 0)
			sum += strtoul(strchr(line, ':') + 1, NULL, 10);
	}
	if (f != NULL)
		(void)fclose(f);
	return sum;
}

static unsigned long switches_of(pid_t program)
{
	char path[512];
	const struct dirent *task;
	unsigned long sum = 0;
	DIR *tasks;

	(void)snprintf(path, sizeof(path), "/proc/%d/task", (int)program);
	tasks = opendir(path);
	while (tasks != NULL && (task = readdir(tasks)) != NULL) {
		(void)snprintf(path, sizeof(path), "/proc/%d/task/%s/status", (int)program, task->d_name);
		sum += sum_of(path, "voluntary_ctxt_switches:", "nonvoluntary_ctxt_switches:");
	}
	if (tasks != NULL)
		(void)closedir(tasks);
	return sum;
}

static double seconds(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void leave_alone(struct terminal *t, double how_long, struct cost *cost)
{
	const unsigned long before = switches_of(terminal_program(t));
	const double end = seconds() + how_long;

	for (double left = how_long; left > 0; left = end - seconds())
		cost->idle_bytes += terminal_read(t, (int)(left * 1e3) + 1);
	cost->switches = switches_of(terminal_program(t)) - before;
}

static bool measure(struct terminal *t, double how_long, struct cost *cost)
{
	char status[64];

	if (terminal_read(t, FIRST_BYTE) == 0 || !settle(t))
		return false;
	(void)snprintf(status, sizeof(status), "/proc/%d/status", (int)terminal_program(t));
	cost->milliseconds = terminal_milliseconds(t);
	cost->kib = sum_of(status, "VmHWM:", "VmHWM:");
	cost->first_bytes = terminal_bytes(t);
	for (unsigned i = 0; i < KEYS; i++) {
		if (!terminal_press(t, "Down") || !settle(t))
			return false;
	}
	cost->key_bytes = terminal_bytes(t) - cost->first_bytes;
	if (how_long > 0)
		leave_alone(t, how_long, cost);
	return true;
}

int main(int argc, char **argv)
{
	struct terminal_setup setup = { .term = NULL };
	const char *quit = "q";
	double how_long = 8;
	struct cost cost = { .kib = 0 };
	struct terminal *t;
	int option, status = -1;

	while ((option = getopt(argc, argv, "+t:q:i:d:")) > 0) {
		switch (option) {
		case 't':
			setup.term = optarg;
			break;
		case 'q':
			quit = optarg;
			break;
		case 'i':
			how_long = atof(optarg);
			break;
		case 'd':
			setup.directory = optarg;
			break;
		default:
			return 2;
		}
	}
	if (optind >= argc) {
		fputs("usage: measure_screen [-t TERM] [-q KEYS] [-i SECONDS] [-d DIRECTORY] COMMAND [ARGUMENT...]\n",
			stderr);
		return 2;
	}
	setup.command = (const char *const *)(argv + optind);
	t = terminal_start(&setup);
	if (measure(t, how_long, &cost)) {
		/* Some ask whether it is meant; others are gone before the last key. */
		(void)terminal_press(t, quit);
		status = terminal_wait_end(t);
	}
	if (status >= 0)
		printf("%.2f %lu %zu %.1f %lu %zu %d\n", cost.milliseconds, cost.kib, cost.first_bytes,
			(double)cost.key_bytes / KEYS, cost.switches, cost.idle_bytes, status);
	else
		fprintf(stderr, "measure_screen: %s showed no screen, or did not end with %s\n", argv[optind], quit);
	terminal_close(&t);
	return status < 0;
}
