/* SPDX-License-Identifier: GPL-3.0-or-later */

/* besignd: what the command line asks for. */

#include "base/sanitise.h"
#include "build.h"
#include "service/admin.h"
#include "service/config.h"
#include "service/run.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DONE = 0, NOT_DONE = 1, NOT_UNDERSTOOD = 2 };

struct wishes {
	const char *config;
	const char *data;
	const char *socket;
	bool embedded;
	bool check;
	int ready_fd;
};

static const char usage[] =
	"usage: besignd --config FILE [--check] [COMMAND]\n"
	"       besignd --embedded --data DIRECTORY --socket PATH [--ready-fd N]\n"
	"       besignd --version | --help\n"
	"\n"
	"Without a command it serves until it is told to end (SIGTERM). --check only looks at the file.\n"
	"\n";

/* A program started with 0, 1 or 2 closed would open its database there and write messages into it. */
static void keep_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(NOT_DONE);
}

static int refuse(const struct be_error *err)
{
	char detail[sizeof(err->detail)];

	(void)sanitise_str(detail, sizeof(detail), err->detail);
	(void)fprintf(stderr, "besignd: %s%s%s\n", err->msgid, detail[0] != '\0' ? ": " : "", detail);
	return NOT_UNDERSTOOD;
}

static int misunderstood(void)
{
	(void)fputs("besignd: these options do not go together; \"besignd --help\" tells how\n", stderr);
	return NOT_UNDERSTOOD;
}

static int help(void)
{
	(void)fputs(usage, stdout);
	(void)fputs(admin_usage, stdout);
	return fflush(stdout) == 0 ? DONE : NOT_DONE;
}

/* False when an option is none. The options end at the first other word. */
static bool take_options(struct wishes *out, int argc, char **argv)
{
	static const struct option options[] = { { "config", required_argument, NULL, 'c' },
		{ "data", required_argument, NULL, 'd' }, { "socket", required_argument, NULL, 's' },
		{ "embedded", no_argument, NULL, 'e' }, { "check", no_argument, NULL, 'k' },
		{ "ready-fd", required_argument, NULL, 'r' }, { NULL, 0, NULL, 0 } };
	char *end = NULL;
	int option;

	while ((option = getopt_long(argc, argv, "+", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			out->config = optarg;
			break;
		case 'd':
			out->data = optarg;
			break;
		case 's':
			out->socket = optarg;
			break;
		case 'e':
			out->embedded = true;
			break;
		case 'k':
			out->check = true;
			break;
		case 'r':
			out->ready_fd = (int)strtol(optarg, &end, 10);
			if (end == optarg || *end != '\0' || out->ready_fd <= STDERR_FILENO)
				return false;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* The app that starts an embedded service does not want a child: what it started ends at once, and the service goes on
 * in a process of its own. */
static int serve_embedded(const struct wishes *wishes)
{
	struct service_config config = SERVICE_CONFIG_EMPTY;
	struct be_error err = { .code = BE_OK };

	if (wishes->ready_fd >= 0) {
		const pid_t pid = fork();

		if (pid != 0)
			_exit(pid > 0 ? DONE : NOT_DONE);
		(void)fcntl(wishes->ready_fd, F_SETFD, FD_CLOEXEC);
	}
	if (service_config_embedded(&config, wishes->data, wishes->socket, &err) != BE_OK)
		return refuse(&err);
	return run_service(&config, wishes->ready_fd);
}

int main(int argc, char **argv)
{
	struct wishes wishes = { .ready_fd = -1 };
	struct service_config config = SERVICE_CONFIG_EMPTY;
	struct be_error err = { .code = BE_OK };
	bool server;

	keep_standard_descriptors();
	if (argc == 2 && strcmp(argv[1], "--help") == 0)
		return help();
	if (argc == 2 && strcmp(argv[1], "--version") == 0) {
		(void)puts("besignd " BESIGN_VERSION);
		return DONE;
	}
	opterr = 0;
	if (!take_options(&wishes, argc, argv))
		return misunderstood();
	server = wishes.config != NULL && !wishes.embedded && wishes.data == NULL && wishes.socket == NULL;
	if (wishes.embedded && wishes.config == NULL && wishes.data != NULL && wishes.socket != NULL && !wishes.check &&
		optind == argc)
		return serve_embedded(&wishes);
	if (!server || (wishes.check && optind < argc))
		return misunderstood();
	if (service_config_read(&config, wishes.config, &err) != BE_OK)
		return refuse(&err);
	if (optind < argc)
		return admin_run(&config, argc - optind, argv + optind);
	if (!wishes.check)
		return run_service(&config, wishes.ready_fd);
	service_config_free(&config);
	return DONE;
}
