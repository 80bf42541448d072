/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "account/embedded.h"
#include "support/service.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int make(void **state)
{
	static struct service_desk desk;

	service_desk_make(&desk);
	*state = &desk;
	return 0;
}

static int clear(void **state)
{
	service_desk_clear(*state);
	return 0;
}

/* Lines of the service's log with that event. */
static size_t events(const struct service_desk *desk, const char *event)
{
	char path[4096], line[4096], text[80];
	size_t count = 0;
	FILE *file = NULL;

	(void)snprintf(path, sizeof(path), "%s/besignd.log", desk->place.data);
	(void)snprintf(text, sizeof(text), "\"event\":\"%s\"", event);
	file = fopen(path, "r");
	if (file == NULL)
		return 0;
	while (fgets(line, sizeof(line), file) != NULL)
		count += strstr(line, text) != NULL;
	(void)fclose(file);
	return count;
}

static void it_starts_once_and_ends_when_asked(void **state)
{
	struct service_desk *desk = *state;
	struct be_error err = { .code = BE_OK };
	struct stat st;

	assert_false(embedded_running(&desk->place));
	assert_int_equal(embedded_stop(&desk->place, &err), BE_OK);
	if (embedded_start(&desk->place, &err) != BE_OK)
		fail_msg("%s: %s", err.msgid, err.detail);
	assert_true(embedded_running(&desk->place));
	assert_int_equal(embedded_start(&desk->place, &err), BE_OK);
	assert_int_equal(events(desk, "service.started"), 1);
	assert_int_equal(stat(desk->place.socket, &st), 0);
	assert_int_equal(st.st_mode & 077, 0);
	assert_int_equal(stat(desk->place.data, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	/* What was started is nobody's child here. */
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(embedded_stop(&desk->place, &err), BE_OK);
	assert_false(embedded_running(&desk->place));
	assert_int_not_equal(access(desk->place.socket, F_OK), 0);
	assert_int_equal(events(desk, "service.stopped"), 1);
}

/* Twenty programs, in the same moment. */
static void however_many_start_at_once_there_is_one(void **state)
{
	enum { MANY = 20 };
	struct service_desk *desk = *state;
	pid_t pids[MANY];
	int gate[2];

	assert_int_equal(pipe(gate), 0);
	for (int i = 0; i < MANY; i++) {
		pids[i] = fork();
		if (pids[i] == 0) {
			char byte;

			(void)close(gate[1]);
			(void)!read(gate[0], &byte, 1);
			_exit(embedded_start(&desk->place, NULL) == BE_OK && embedded_running(&desk->place) ? 0 : 1);
		}
	}
	(void)close(gate[0]);
	(void)close(gate[1]);
	for (int i = 0; i < MANY; i++) {
		int status = 0;

		assert_int_equal(waitpid(pids[i], &status, 0), pids[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(events(desk, "service.started"), 1);
	assert_int_equal(embedded_stop(&desk->place, NULL), BE_OK);
}

static void after_a_kill_it_starts_again(void **state)
{
	struct service_desk *desk = *state;
	struct be_error err = { .code = BE_OK };

	assert_true(service_desk_start(desk));
	service_desk_kill(desk);
	/* The socket is there still, and nobody behind it. */
	assert_int_equal(access(desk->place.socket, F_OK), 0);
	assert_false(embedded_running(&desk->place));
	if (embedded_start(&desk->place, &err) != BE_OK)
		fail_msg("%s: %s", err.msgid, err.detail);
	assert_true(embedded_running(&desk->place));
	assert_int_equal(embedded_stop(&desk->place, NULL), BE_OK);
}

static void a_second_one_never_opens_the_same_data(void **state)
{
	struct service_desk *desk = *state;
	char path[4096];
	int lock;

	assert_true(service_desk_start(desk));
	(void)snprintf(path, sizeof(path), "%s/besignd.lock", desk->place.data);
	lock = open(path, O_RDWR | O_CLOEXEC);
	assert_true(lock >= 0);
	assert_int_not_equal(flock(lock, LOCK_EX | LOCK_NB), 0);
	(void)close(lock);
	assert_true(service_desk_stop(desk));
}

static void why_it_cannot_start_is_said(void **state)
{
	struct service_desk *desk = *state;
	struct be_error err = { .code = BE_OK };
	char path[4096];
	int fd;

	(void)snprintf(path, sizeof(path), "%s/besign.db", desk->place.data);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, "This is no database at all, and never was one.\n", 47), 47);
	(void)close(fd);
	assert_int_equal(embedded_start(&desk->place, &err), BE_HELPER);
	assert_non_null(strstr(err.detail, "failed: "));
	assert_false(embedded_running(&desk->place));
}

static void a_data_directory_open_to_others_is_refused(void **state)
{
	struct service_desk *desk = *state;
	struct be_error err = { .code = BE_OK };

	assert_int_equal(chmod(desk->place.data, 0755), 0);
	assert_int_equal(embedded_start(&desk->place, &err), BE_HELPER);
	assert_non_null(strstr(err.detail, "0700"));
	assert_int_equal(chmod(desk->place.data, 0700), 0);
}

/* ---- where ---- */

static char runtime[300];

static int make_runtime(void **state)
{
	const int rc = make(state);

	(void)snprintf(runtime, sizeof(runtime), "%s/run", ((struct service_desk *)*state)->dir);
	return rc != 0 ? rc : mkdir(runtime, 0700);
}

static void the_socket_is_in_the_runtime_directory(void **state)
{
	const struct service_desk *desk = *state;
	char *before = getenv("XDG_RUNTIME_DIR") != NULL ? strdup(getenv("XDG_RUNTIME_DIR")) : NULL;
	struct embedded_place place, other;
	char path[512], link[512];

	assert_int_equal(setenv("XDG_RUNTIME_DIR", runtime, 1), 0);
	(void)snprintf(path, sizeof(path), "%s/service", desk->dir);
	(void)snprintf(link, sizeof(link), "%s/link", desk->dir);
	assert_int_equal(embedded_find(&place, path, NULL), BE_OK);
	assert_int_equal(strncmp(place.socket, runtime, strlen(runtime)), 0);
	/* One directory by two names is one service; two are two. */
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(embedded_find(&other, link, NULL), BE_OK);
	assert_string_equal(other.socket, place.socket);
	embedded_place_free(&other);
	(void)snprintf(link, sizeof(link), "%s/service2", desk->dir);
	assert_int_equal(embedded_find(&other, link, NULL), BE_OK);
	assert_string_not_equal(other.socket, place.socket);
	embedded_place_free(&other);
	embedded_place_free(&place);
	assert_int_equal(embedded_find(&place, "relative", NULL), BE_USAGE);

	/* Where a name would be too long for a socket, a short directory takes its place. */
	(void)snprintf(path, sizeof(path), "%s/%0100d", runtime, 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(setenv("XDG_RUNTIME_DIR", path, 1), 0);
	(void)snprintf(path, sizeof(path), "%s/service", desk->dir);
	assert_int_equal(embedded_find(&place, path, NULL), BE_OK);
	assert_int_equal(strncmp(place.socket, "/tmp/besign-", 12), 0);
	embedded_place_free(&place);
	assert_int_equal(before != NULL ? setenv("XDG_RUNTIME_DIR", before, 1) : unsetenv("XDG_RUNTIME_DIR"), 0);
	free(before);
}

static void a_directory_that_others_could_use_is_not_believed(void **state)
{
	const struct service_desk *desk = *state;
	char *before = getenv("XDG_RUNTIME_DIR") != NULL ? strdup(getenv("XDG_RUNTIME_DIR")) : NULL;
	struct embedded_place place;
	char dir[512], path[512];

	assert_int_equal(setenv("XDG_RUNTIME_DIR", runtime, 1), 0);
	(void)snprintf(dir, sizeof(dir), "%s/besign", runtime);
	(void)snprintf(path, sizeof(path), "%s/service", desk->dir);
	assert_int_equal(mkdir(dir, 0755), 0);
	assert_int_equal(chmod(dir, 0755), 0);
	assert_int_equal(embedded_find(&place, path, NULL), BE_IO);
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(symlink(desk->dir, dir), 0);
	assert_int_equal(embedded_find(&place, path, NULL), BE_IO);
	assert_null(place.data);
	assert_int_equal(before != NULL ? setenv("XDG_RUNTIME_DIR", before, 1) : unsetenv("XDG_RUNTIME_DIR"), 0);
	free(before);
}

/* Somebody's process listens where ours should. */
static void a_socket_of_another_user_is_not_answered_to(void **state)
{
	struct service_desk *desk = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int status = 0;
	int gate[2];
	char byte = 0;
	pid_t pid;

	if (geteuid() != 0)
		skip();
	assert_int_equal(pipe(gate), 0);
	memcpy(address.sun_path, desk->place.socket, sizeof(desk->place.socket));
	pid = fork();
	if (pid == 0) {
		const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
		const bool bound = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
			setuid(12345) == 0 && listen(fd, 5) == 0;

		(void)!write(gate[1], bound ? "y" : "n", 1);
		(void)poll(NULL, 0, 60000);
		_exit(0);
	}
	assert_int_equal(read(gate[0], &byte, 1), 1);
	assert_int_equal(byte, 'y');
	assert_false(embedded_running(&desk->place));
	assert_int_equal(kill(pid, SIGKILL), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	(void)unlink(desk->place.socket);
	(void)close(gate[0]);
	(void)close(gate[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_starts_once_and_ends_when_asked, make, clear),
		cmocka_unit_test_setup_teardown(however_many_start_at_once_there_is_one, make, clear),
		cmocka_unit_test_setup_teardown(after_a_kill_it_starts_again, make, clear),
		cmocka_unit_test_setup_teardown(a_second_one_never_opens_the_same_data, make, clear),
		cmocka_unit_test_setup_teardown(why_it_cannot_start_is_said, make, clear),
		cmocka_unit_test_setup_teardown(a_data_directory_open_to_others_is_refused, make, clear),
		cmocka_unit_test_setup_teardown(the_socket_is_in_the_runtime_directory, make_runtime, clear),
		cmocka_unit_test_setup_teardown(a_directory_that_others_could_use_is_not_believed, make_runtime, clear),
		cmocka_unit_test_setup_teardown(a_socket_of_another_user_is_not_answered_to, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
