/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/secret.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

static void a_secret_holds_what_was_added_up_to_its_capacity(void **state)
{
	struct secret *s = NULL;
	struct be_error err = { 0 };

	(void)state;
	assert_int_equal(secret_new(&s, 8, NULL), BE_OK);
	assert_int_equal(secret_len(s), 0);
	assert_int_equal(secret_add(s, "abcde", 5, NULL), BE_OK);
	assert_int_equal(secret_add(s, "fghi", 4, &err), BE_LIMIT);
	assert_non_null(err.msgid);
	assert_int_equal(secret_len(s), 5);
	assert_int_equal(secret_add(s, "fgh", 3, NULL), BE_OK);
	assert_int_equal(secret_add(s, "", 0, NULL), BE_OK);
	assert_int_equal(secret_add(s, "x", SIZE_MAX, NULL), BE_LIMIT);
	assert_int_equal(secret_len(s), 8);
	assert_string_equal((const char *)secret_bytes(s), "abcdefgh");
	secret_clear(s);
	assert_int_equal(secret_len(s), 0);
	assert_memory_equal(secret_bytes(s), "\0\0\0\0\0\0\0\0", 9);
	secret_free(&s);
	assert_null(s);
	secret_free(&s);
}

static void sizes_at_the_edges_work_and_beyond_are_refused(void **state)
{
	static const size_t sizes[] = { 0, 1, 4094, 4095, 4096, 4097, SECRET_MAX };
	struct secret *s = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		assert_int_equal(secret_new(&s, sizes[i], NULL), BE_OK);
		for (size_t n = 0; n < sizes[i]; n++)
			assert_int_equal(secret_add(s, "x", 1, NULL), BE_OK);
		assert_int_equal(secret_add(s, "x", 1, NULL), BE_LIMIT);
		assert_int_equal(secret_bytes(s)[sizes[i]], 0);
		secret_free(&s);
	}
	assert_int_equal(secret_new(&s, SECRET_MAX + 1u, NULL), BE_LIMIT);
	assert_int_equal(secret_new(&s, SIZE_MAX, NULL), BE_LIMIT);
	assert_null(s);
}

/* The VmFlags line of the mapping that an address lies in (proc(5), smaps). */
static bool flags_of(const void *address, char *out, size_t size)
{
	FILE *smaps = fopen("/proc/self/smaps", "re");
	bool inside = false;
	bool found = false;
	char line[512];

	while (smaps != NULL && !found && fgets(line, sizeof(line), smaps) != NULL) {
		unsigned long from;
		unsigned long to;

		if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
			inside = (uintptr_t)address >= from && (uintptr_t)address < to;
		else if (inside && strncmp(line, "VmFlags:", 8) == 0) {
			(void)snprintf(out, size, "%.*s", (int)size - 1, line);
			found = true;
		}
	}
	if (smaps != NULL)
		(void)fclose(smaps);
	return found;
}

/* False where the limit is spent, and under AddressSanitizer, whose own mlock does nothing and says 0. */
static bool pages_can_be_locked(void)
{
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *page = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	char flags[256] = "";
	bool can;

	assert_true(page != MAP_FAILED);
	can = mlock(page, size) == 0 && flags_of(page, flags, sizeof(flags)) && strstr(flags, " lo") != NULL;
	(void)munmap(page, size);
	return can;
}

static void skip_unless_pages_can_be_locked(void)
{
	if (pages_can_be_locked())
		return;
	print_message("skipped: pages cannot be locked here (the limit, or a sanitizer's own mlock)\n");
	skip();
}

static void the_pages_are_locked(void **state)
{
	struct secret *s = NULL;
	char flags[256] = "";
	bool locked;

	(void)state;
	skip_unless_pages_can_be_locked();
	assert_int_equal(secret_new(&s, 100, NULL), BE_OK);
	locked = secret_locked(s) && flags_of(secret_bytes(s), flags, sizeof(flags));
	secret_free(&s);
	assert_true(locked);
	assert_non_null(strstr(flags, " lo"));
}

static void the_pages_are_left_out_of_dumps_and_children(void **state)
{
	struct secret *s = NULL;
	char flags[256] = "";

	(void)state;
	assert_int_equal(secret_new(&s, 100, NULL), BE_OK);
	(void)flags_of(secret_bytes(s), flags, sizeof(flags));
	secret_free(&s);
	if (flags[0] == '\0') {
		print_message("skipped: this kernel does not show the flags of a mapping\n");
		skip();
	}
	assert_non_null(strstr(flags, " dd"));
	assert_non_null(strstr(flags, " wf"));
}

/* Runs in a child: the wait status. */
static int in_child(int (*run)(struct secret *), struct secret *s)
{
	int status = 0;
	pid_t child = fork();

	if (child == 0) {
		const struct rlimit none = { 0, 0 };

		(void)setrlimit(RLIMIT_CORE, &none);
		(void)signal(SIGSEGV, SIG_DFL);
		(void)signal(SIGBUS, SIG_DFL);
		_exit(run(s));
	}
	assert_true(child > 0);
	assert_int_equal(waitpid(child, &status, 0), child);
	return status;
}

static int sees_zeros(struct secret *s)
{
	for (size_t i = 0; i < 6; i++)
		if (secret_bytes(s)[i] != 0)
			return 1;
	return 0;
}

static void a_forked_child_sees_nothing(void **state)
{
	struct secret *s = NULL;
	int status;

	(void)state;
	assert_int_equal(secret_new(&s, 100, NULL), BE_OK);
	assert_int_equal(secret_add(s, "canary", 6, NULL), BE_OK);
	status = in_child(sees_zeros, s);
	assert_string_equal((const char *)secret_bytes(s), "canary");
	secret_free(&s);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static int reads_one_too_far(struct secret *s)
{
	return ((const volatile uint8_t *)secret_bytes(s))[101];
}

static int reads_far_before(struct secret *s)
{
	return ((const volatile uint8_t *)secret_bytes(s))[-(long)sysconf(_SC_PAGESIZE)];
}

static void a_byte_too_far_is_caught_by_the_guard_pages(void **state)
{
	struct secret *s = NULL;
	int after;
	int before;

	(void)state;
	assert_int_equal(secret_new(&s, 100, NULL), BE_OK);
	after = in_child(reads_one_too_far, s);
	before = in_child(reads_far_before, s);
	secret_free(&s);
	assert_true(WIFSIGNALED(after) && WTERMSIG(after) == SIGSEGV);
	assert_true(WIFSIGNALED(before) && WTERMSIG(before) == SIGSEGV);
}

static int works_unlocked(struct secret *unused)
{
	const struct rlimit none = { 0, 0 };
	struct secret *s = NULL;

	(void)unused;
	if (setrlimit(RLIMIT_MEMLOCK, &none) != 0 || (geteuid() == 0 && setuid(65534) != 0))
		return 77;
	if (secret_new(&s, 100, NULL) != BE_OK || secret_locked(s) || secret_add(s, "x", 1, NULL) != BE_OK)
		return 1;
	secret_free(&s);
	return 0;
}

static void a_refused_lock_is_remembered_and_no_error(void **state)
{
	int status;

	(void)state;
	skip_unless_pages_can_be_locked();
	status = in_child(works_unlocked, NULL);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("skipped: the right to lock memory cannot be given up here\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

static const struct {
	const char *input;
	size_t len, max;
	enum be_err code;
	const char *secret;
	const char *rest;
} lines[] = {
	{ "rahasia", 7, 20, BE_OK, "rahasia", "" },
	{ "rahasia\n", 8, 20, BE_OK, "rahasia", "" },
	{ "rahasia\r\n", 9, 20, BE_OK, "rahasia", "" },
	{ "rahasia\nnext\n", 13, 20, BE_OK, "rahasia", "next\n" },
	{ "rahasia\r", 8, 20, BE_OK, "rahasia\r", "" },
	{ "a\rb\r\r\n", 6, 20, BE_OK, "a\rb\r", "" },
	{ " two words \n", 12, 20, BE_OK, " two words ", "" },
	{ "", 0, 20, BE_OK, "", "" },
	{ "\n", 1, 20, BE_OK, "", "" },
	{ "\r\n", 2, 0, BE_OK, "", "" },
	{ "1234", 4, 4, BE_OK, "1234", "" },
	{ "1234\r\n", 6, 4, BE_OK, "1234", "" },
	{ "12345", 5, 4, BE_LIMIT, NULL, "" },
	{ "12345\n", 6, 4, BE_LIMIT, NULL, "" },
	{ "123456\n", 7, 4, BE_LIMIT, NULL, "\n" },
	{ "1234\r", 5, 4, BE_LIMIT, NULL, "" },
};

static void a_line_is_read_and_not_a_byte_further(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct secret *s = NULL;
		char rest[20];
		ssize_t left;
		int ends[2];

		assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
		assert_int_equal(write(ends[1], lines[i].input, lines[i].len), lines[i].len);
		(void)close(ends[1]);
		if (secret_read_fd(&s, ends[0], lines[i].max, NULL) != lines[i].code)
			fail_msg("line %zu", i);
		if (lines[i].code == BE_OK) {
			assert_int_equal(secret_len(s), strlen(lines[i].secret));
			assert_string_equal((const char *)secret_bytes(s), lines[i].secret);
		} else {
			assert_null(s);
		}
		left = read(ends[0], rest, sizeof(rest));
		assert_int_equal(left, strlen(lines[i].rest));
		assert_memory_equal(rest, lines[i].rest, (size_t)left);
		(void)close(ends[0]);
		secret_free(&s);
	}
}

static void a_secret_with_a_nul_keeps_its_length(void **state)
{
	struct secret *s = NULL;
	int ends[2];

	(void)state;
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "a\0b\n", 4), 4);
	(void)close(ends[1]);
	assert_int_equal(secret_read_fd(&s, ends[0], 10, NULL), BE_OK);
	assert_int_equal(secret_len(s), 3);
	assert_memory_equal(secret_bytes(s), "a\0b", 4);
	(void)close(ends[0]);
	secret_free(&s);
}

static void a_descriptor_that_cannot_be_read_is_an_error(void **state)
{
	struct secret *s = NULL;
	int fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	(void)state;
	assert_int_equal(secret_read_fd(&s, fd, 10, NULL), BE_IO);
	(void)close(fd);
	assert_int_equal(secret_read_fd(&s, 999999, 10, NULL), BE_IO);
	assert_int_equal(secret_read_fd(&s, 0, SECRET_MAX + 1u, NULL), BE_LIMIT);
	assert_null(s);
}

/*
 * The question, on a terminal of its own: the leader of its session plays a shell that runs the
 * asker as a foreground job, because a job can only be stopped where a shell waits for it.
 */

enum act { ASKS, SURVIVES_INTERRUPT };

struct terminal {
	int master;
	pid_t shell;
	int reports;     /* from the shell: 's' stopped, 'e' and an exit status, 'k' and a signal */
	char shown[512]; /* all that the terminal has shown */
	size_t shown_len;
};

static void ignore_it(int signal_number)
{
	(void)signal_number;
}

/* Exit statuses: 0 the answer is "rahasia", 1 another, else 100 plus the error. */
static int ask(enum act act)
{
	struct secret *s = NULL;
	enum be_err code;
	int status;

	if (act == SURVIVES_INTERRUPT)
		(void)signal(SIGINT, ignore_it);
	code = secret_ask(&s, "Passphrase: ", 20, NULL);
	if (code != BE_OK)
		return 100 + (int)code;
	status = secret_len(s) == 7 && memcmp(secret_bytes(s), "rahasia", 7) == 0 ? 0 : 1;
	secret_free(&s);
	return status;
}

static void be_shell(enum act act, int reports)
{
	const struct rlimit none = { 0, 0 };
	pid_t job;
	int status;

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)signal(SIGTTOU, SIG_IGN);
	job = fork();
	if (job == 0) {
		(void)setpgid(0, 0);
		(void)tcsetpgrp(STDIN_FILENO, getpid());
		(void)signal(SIGTTOU, SIG_DFL);
		_exit(ask(act));
	}
	while (waitpid(job, &status, WUNTRACED) == job) {
		unsigned char report[2] = { 's', 0 };

		if (WIFEXITED(status)) {
			report[0] = 'e';
			report[1] = (unsigned char)WEXITSTATUS(status);
		} else if (WIFSIGNALED(status)) {
			report[0] = 'k';
			report[1] = (unsigned char)WTERMSIG(status);
		}
		if (write(reports, report, 2) != 2 || report[0] != 's')
			break;
		/* The test answers a stop with one byte, then the job goes on. */
		if (read(reports, report, 1) != 1)
			break;
		(void)kill(-job, SIGCONT);
	}
	/* Until the test has looked at the terminal: it ends with its session. */
	(void)!read(reports, &status, 1);
	_exit(0);
}

static void open_terminal(struct terminal *t, enum act act)
{
	int channel[2];

	memset(t, 0, sizeof(*t));
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, channel), 0);
	t->shell = forkpty(&t->master, NULL, NULL, NULL);
	if (t->shell == 0)
		be_shell(act, channel[1]);
	assert_true(t->shell > 0);
	(void)close(channel[1]);
	t->reports = channel[0];
}

static void close_terminal(struct terminal *t)
{
	int status;

	(void)close(t->reports);
	(void)close(t->master);
	assert_int_equal(waitpid(t->shell, &status, 0), t->shell);
}

static bool echoes(const struct terminal *t)
{
	struct termios now;

	assert_int_equal(tcgetattr(t->master, &now), 0);
	return (now.c_lflag & ECHO) != 0;
}

/* Reads what the terminal shows until it ends in text. */
static void expect(struct terminal *t, const char *text)
{
	size_t len = strlen(text);

	while (t->shown_len < len || memcmp(t->shown + t->shown_len - len, text, len) != 0) {
		ssize_t n = read(t->master, t->shown + t->shown_len, sizeof(t->shown) - 1 - t->shown_len);

		assert_true(n > 0);
		t->shown_len += (size_t)n;
	}
}

static void type(const struct terminal *t, const char *keys)
{
	assert_int_equal(write(t->master, keys, strlen(keys)), strlen(keys));
}

static void assert_report(const struct terminal *t, char kind, int value)
{
	unsigned char report[2];

	assert_int_equal(read(t->reports, report, 2), 2);
	assert_int_equal(report[0], kind);
	assert_int_equal(report[1], value);
}

static void the_answer_is_taken_without_echo(void **state)
{
	struct terminal t;

	(void)state;
	open_terminal(&t, ASKS);
	expect(&t, "Passphrase: ");
	assert_false(echoes(&t));
	type(&t,
		"rahasix\x7F"
		"a\n");
	assert_report(&t, 'e', 0);
	assert_true(echoes(&t));
	expect(&t, "\n");
	assert_string_equal(t.shown, "Passphrase: \r\n");
	close_terminal(&t);
}

static const struct {
	const char *what;
	enum act act;
	const char *keys;
	char kind;
	int value;
} endings[] = {
	{ "end of file", ASKS, "\x04", 'e', 100 + BE_CANCELLED },
	{ "end of file after some letters", ASKS, "abc\x04\x04", 'e', 100 + BE_CANCELLED },
	{ "interrupt", ASKS, "rahasia\x03", 'k', SIGINT },
	{ "an interrupt that the program survives", SURVIVES_INTERRUPT, "rahasia\x03", 'e', 100 + BE_CANCELLED },
	{ "quit", ASKS, "\x1C", 'k', SIGQUIT },
	{ "too long", ASKS, "123456789012345678901\r\n", 'e', 100 + BE_LIMIT },
};

static void every_way_out_restores_the_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct terminal t;

		open_terminal(&t, endings[i].act);
		expect(&t, "Passphrase: ");
		type(&t, endings[i].keys);
		assert_report(&t, endings[i].kind, endings[i].value);
		if (!echoes(&t))
			fail_msg("%s: no echo", endings[i].what);
		close_terminal(&t);
	}
}

static void a_signal_from_elsewhere_restores_the_terminal_and_then_ends_the_program(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct terminal t;
		pid_t job;

		open_terminal(&t, ASKS);
		expect(&t, "Passphrase: ");
		job = tcgetpgrp(t.master);
		assert_true(job > 0 && job != t.shell);
		assert_int_equal(kill(job, signals[i]), 0);
		assert_report(&t, 'k', signals[i]);
		assert_true(echoes(&t));
		close_terminal(&t);
	}
}

static void a_stop_restores_the_terminal_and_the_question_comes_again(void **state)
{
	struct terminal t;

	(void)state;
	open_terminal(&t, ASKS);
	expect(&t, "Passphrase: ");
	type(&t, "forgotten\x1A");
	assert_report(&t, 's', 0);
	assert_true(echoes(&t));
	expect(&t, "\n");
	assert_int_equal(write(t.reports, "c", 1), 1);
	expect(&t, "Passphrase: ");
	assert_false(echoes(&t));
	type(&t, "rahasia\n");
	assert_report(&t, 'e', 0);
	assert_true(echoes(&t));
	close_terminal(&t);
}

static int asks_without_a_terminal(struct secret *unused)
{
	struct secret *s = NULL;

	(void)unused;
	if (setsid() < 0)
		return 1;
	return secret_ask(&s, "Passphrase: ", 20, NULL) == BE_NOT_FOUND && s == NULL ? 0 : 1;
}

static void without_a_terminal_nothing_is_asked(void **state)
{
	int status = in_child(asks_without_a_terminal, NULL);

	(void)state;
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_secret_holds_what_was_added_up_to_its_capacity),
		cmocka_unit_test(sizes_at_the_edges_work_and_beyond_are_refused),
		cmocka_unit_test(the_pages_are_locked),
		cmocka_unit_test(the_pages_are_left_out_of_dumps_and_children),
		cmocka_unit_test(a_forked_child_sees_nothing),
		cmocka_unit_test(a_byte_too_far_is_caught_by_the_guard_pages),
		cmocka_unit_test(a_refused_lock_is_remembered_and_no_error),
		cmocka_unit_test(a_line_is_read_and_not_a_byte_further),
		cmocka_unit_test(a_secret_with_a_nul_keeps_its_length),
		cmocka_unit_test(a_descriptor_that_cannot_be_read_is_an_error),
		cmocka_unit_test(the_answer_is_taken_without_echo),
		cmocka_unit_test(every_way_out_restores_the_terminal),
		cmocka_unit_test(a_signal_from_elsewhere_restores_the_terminal_and_then_ends_the_program),
		cmocka_unit_test(a_stop_restores_the_terminal_and_the_question_comes_again),
		cmocka_unit_test(without_a_terminal_nothing_is_asked),
	};

	return cmocka_run_group_tests_name("base_secret", tests, NULL, NULL);
}
