/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "account/session.h"
#include "support/desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define TOKEN "c2VjcmV0LXRva2VuLWZvci10aGUtdGVzdA"
#define HERE "https://sign.example.id"

static int make(void **state)
{
	(void)state;
	desk_make();
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static struct account_session session_of(const char *service)
{
	struct account_session session = { .user = "sari@example.id" };

	WIRE_SET(session.service, service);
	assert_int_equal(wire_set_secret(&session.refresh, TOKEN, strlen(TOKEN), NULL), BE_OK);
	return session;
}

static void write_session(const char *path)
{
	struct account_session session = session_of(HERE);

	assert_int_equal(account_session_write(&session, path, NULL), BE_OK);
	account_session_clear(&session);
}

static enum be_err read_session(
	struct account_session *out, const char *service, const char *path, struct be_error *err)
{
	memset(out, 0, sizeof(*out));
	WIRE_SET(out->service, service);
	return account_session_read(out, path, err);
}

static void what_is_written_is_read_again(void **state)
{
	const char *path = desk_path("session");
	struct account_session session;
	struct stat st;

	(void)state;
	write_session(path);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(read_session(&session, HERE, path, NULL), BE_OK);
	assert_string_equal(session.user, "sari@example.id");
	assert_int_equal(secret_len(session.refresh), strlen(TOKEN));
	assert_memory_equal(secret_bytes(session.refresh), TOKEN, strlen(TOKEN));
	account_session_clear(&session);
	assert_int_equal(account_session_remove(path, NULL), BE_OK);
	assert_int_equal(account_session_remove(path, NULL), BE_OK);
	assert_int_equal(read_session(&session, HERE, path, NULL), BE_OK);
	assert_null(session.refresh);
}

static void a_token_is_never_shown_to_another_service(void **state)
{
	const char *path = desk_path("session");
	struct account_session session;

	(void)state;
	write_session(path);
	assert_int_equal(read_session(&session, "https://other.example.id", path, NULL), BE_OK);
	assert_null(session.refresh);
	assert_string_equal(session.user, "");
}

static void a_file_that_others_can_read_is_refused_and_left_alone(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0602, 0666, 0610 };
	const char *path = desk_path("session");
	struct account_session session;

	(void)state;
	write_session(path);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		struct be_error err = { .code = BE_OK };

		assert_int_equal(chmod(path, modes[i]), 0);
		assert_int_equal(read_session(&session, HERE, path, &err), BE_DENIED);
		assert_null(session.refresh);
		assert_true(desk_has("session"));
	}
}

static void a_link_in_its_place_is_refused(void **state)
{
	char target[256];
	const char *path = desk_path("session");
	struct account_session session;

	(void)state;
	(void)snprintf(target, sizeof(target), "%s", desk_path("elsewhere"));
	write_session(target);
	assert_int_equal(symlink(target, path), 0);
	assert_int_equal(read_session(&session, HERE, path, NULL), BE_DENIED);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(read_session(&session, HERE, path, NULL), BE_DENIED);
	assert_null(session.refresh);
}

static void somebody_elses_file_is_refused(void **state)
{
	const char *path = desk_path("session");
	struct account_session session;

	(void)state;
	if (geteuid() != 0)
		skip();
	write_session(path);
	assert_int_equal(chown(path, 12345, 12345), 0);
	assert_int_equal(read_session(&session, HERE, path, NULL), BE_DENIED);
}

static void a_broken_file_is_as_good_as_none(void **state)
{
	static const char *const texts[] = { "", "{", "[]", "{\"service\":\"" HERE "\",\"user\":\"a\"}",
		"{\"service\":\"" HERE "\",\"service\":\"" HERE "\",\"user\":\"a\",\"refresh\":\"x\"}" };
	const char *path = desk_path("session");
	struct account_session session;
	char large[ACCOUNT_SESSION_FILE_MAX * 2];

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		desk_write("session", texts[i], strlen(texts[i]));
		assert_int_equal(chmod(path, 0600), 0);
		assert_int_equal(read_session(&session, HERE, path, NULL), BE_OK);
		assert_null(session.refresh);
	}
	memset(large, ' ', sizeof(large));
	desk_write("session", large, sizeof(large));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(read_session(&session, HERE, path, NULL), BE_OK);
	assert_null(session.refresh);
}

static void its_directory_is_made_for_the_owner_alone(void **state)
{
	char dir[256], path[300];
	struct stat st;

	(void)state;
	(void)snprintf(dir, sizeof(dir), "%s", desk_path("state"));
	(void)snprintf(path, sizeof(path), "%s/besign/session", dir);
	write_session(path);
	assert_int_equal(stat(dir, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	(void)unlink(path);
	(void)snprintf(path, sizeof(path), "%s/besign", dir);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(dir), 0);
}

static void only_one_holds_the_lock(void **state)
{
	const char *path = desk_path("session");
	int lock = -1;
	int status = 0;
	pid_t pid;

	(void)state;
	assert_int_equal(account_session_lock(path, &lock, NULL), BE_OK);
	assert_true(lock >= 0);
	pid = fork();
	if (pid == 0) {
		int other = -1;

		/* Waits until the lock is given back; then the file says so. Its own copy of the parent's would hold
		 * it for ever. */
		account_session_unlock(lock);
		if (account_session_lock(path, &other, NULL) != BE_OK)
			_exit(2);
		_exit(access(path, F_OK) == 0 ? 0 : 1);
	}
	write_session(path);
	account_session_unlock(lock);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_int_equal(account_session_lock(NULL, &lock, NULL), BE_OK);
	assert_int_equal(lock, -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_written_is_read_again, make, clear),
		cmocka_unit_test_setup_teardown(a_token_is_never_shown_to_another_service, make, clear),
		cmocka_unit_test_setup_teardown(a_file_that_others_can_read_is_refused_and_left_alone, make, clear),
		cmocka_unit_test_setup_teardown(a_link_in_its_place_is_refused, make, clear),
		cmocka_unit_test_setup_teardown(somebody_elses_file_is_refused, make, clear),
		cmocka_unit_test_setup_teardown(a_broken_file_is_as_good_as_none, make, clear),
		cmocka_unit_test_setup_teardown(its_directory_is_made_for_the_owner_alone, make, clear),
		cmocka_unit_test_setup_teardown(only_one_holds_the_lock, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
