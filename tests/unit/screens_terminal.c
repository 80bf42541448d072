/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Terminals of many kinds and sizes, and what happens to them while the program runs. */

#include "support/user.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define WELCOME "BeSign signs PDF documents"
#define ACCENTED "\xC3\xA9\xE6\xBC\xA2" /* one column, two columns */
#define UNKNOWN "Unknown terminal"

/* Typed text, and the cursor where the next letter goes. */
static void check_typed(struct terminal *t, const char *text)
{
	const struct terminal_cursor cursor = terminal_cursor_of(t);
	int row, column;

	user_sees(t, text);
	assert_true(terminal_find(t, text, &row, &column));
	assert_int_equal(cursor.row, row);
	assert_int_equal(cursor.column, column + (int)strlen(text));
	assert_true(cursor.visible);
}

static const struct {
	int rows, columns;
} sizes[] = { { 12, 40 }, { 5, 20 }, { 43, 132 }, { 8, 30 }, { 1, 1 }, { 24, 80 } };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static bool is_too_small(size_t i)
{
	return sizes[i].rows < 8 || sizes[i].columns < 30;
}

static void a_resize_keeps_what_is_typed(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	user_press(t, "Enter");
	user_press(t, "o");
	user_press(t, "t");
	user_press(t, "^U");
	user_type(t, "~/docu");
	for (size_t i = 0; i < SIZES; i++) {
		user_resize(t, sizes[i].rows, sizes[i].columns);
		if (is_too_small(i))
			continue;
		check_typed(t, "~/docu");
		user_misses(t, "Make the window larger");
		/* The key bar is the last line, and its help is whole. */
		assert_non_null(strstr(terminal_row(t, sizes[i].rows - 1), "Esc Back  ^G ? Help"));
	}
	user_resize(t, 5, 20);
	user_sees(t, "Make the window");
	user_sees(t, "30");
	user_type(t, "ments");
	user_resize(t, 24, 80);
	check_typed(t, "~/documents");
	user_press(t, "Left Left Left");
	user_resize(t, 12, 40);
	user_type(t, "X");
	user_sees(t, "~/documeXnts");
	user_quit(&t);
}

static void a_resize_keeps_the_row_of_a_list(void **state)
{
	struct terminal *t;

	(void)state;
	assert_int_equal(user_run("cd ~/documents && touch $(seq -f 'surat-%g.pdf' 60)"), 0);
	t = user_start(NULL);
	user_press(t, "Enter");
	user_press(t, "o");
	for (int i = 0; i < 43; i++)
		assert_true(terminal_press(t, "Down"));
	assert_true(terminal_idle(t));
	user_is_on(t, "[ ] surat-41.pdf");
	for (size_t i = 0; i < SIZES; i++) {
		user_resize(t, sizes[i].rows, sizes[i].columns);
		if (is_too_small(i))
			continue;
		user_is_on(t, "[ ] surat-41.pdf");
		assert_int_equal(terminal_cursor_of(t).column, 0);
	}
	user_press(t, "Space");
	user_sees(t, "[x] surat-41.pdf");
	user_is_on(t, "[ ] surat-42.pdf");
	user_quit(&t);
}

/* As many as come, one on the heels of the other. */
static void a_storm_of_resizes_ends_in_the_last_size(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	for (int i = 0; i < 60; i++)
		assert_true(terminal_resize(t, 10 + i % 30, 32 + 7 * (i % 11)));
	assert_true(terminal_resize(t, 24, 81));
	assert_true(terminal_idle(t));
	user_sees(t, WELCOME);
	user_is_on(t, "2 Sign with a key file");
	assert_non_null(strstr(terminal_row(t, 23), "q Quit  ? Help"));
	user_quit(&t);
}

static void a_stop_gives_the_terminal_back(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	user_press(t, "Enter");
	user_choose(t, "letter.pdf", "key.p12");
	user_type(t, "abc");
	for (int i = 0; i < 2; i++) {
		assert_true(i == 0 ? terminal_press(t, "^Z") : terminal_signal(t, SIGTSTP));
		assert_true(terminal_wait_stop(t));
		assert_true(terminal_is_restored(t));
		user_misses(t, "Passphrase");
		if (i == 1)
			assert_true(terminal_resize(t, 12, 40));
		terminal_continue(t);
		assert_true(terminal_idle(t));
		assert_true(terminal_is_alternate(t) && terminal_is_bracketing(t));
		user_sees(t, "[***");
	}
	assert_non_null(strstr(terminal_row(t, 11), "? Help"));
	user_resize(t, 24, 80);
	user_press(t, "^U");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_quit(&t);
}

static void a_signal_ends_it_tidily(void **state)
{
	static const int signals[] = { SIGTERM, SIGHUP, SIGINT, SIGQUIT };

	(void)state;
	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct terminal *t = user_start(NULL);

		user_press(t, "Enter");
		assert_true(terminal_signal(t, signals[i]));
		user_ended(&t, 130);
	}
}

static void a_lost_line_ends_it(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	user_press(t, "Enter");
	terminal_hang_up(t);
	assert_int_equal(terminal_wait_end(t), 130);
	assert_string_equal(terminal_errors(t), "");
	terminal_close(&t);
}

/* ---- terminals by name ---- */

static const struct {
	const char *name;
	const char *taken_for; /* when the system does not know it */
	bool alternate, colours;
} terminals[] = {
	{ "xterm-256color", NULL, true, true },
	{ "screen-256color", NULL, true, true },
	{ "linux", NULL, false, true },
	{ "vt100", NULL, false, false },
	{ "vt220", NULL, false, false },
	{ "xterm-nobody-knows", "xterm-256color", true, true },
	{ "nonsense", "vt100", false, false },
	{ "../../etc/passwd", "vt100", false, false },
};

/* SGR 30 to 37, 90 to 97, 38: somewhere on the wire. */
static bool has_colours(const struct terminal *t)
{
	const char *wire = terminal_wire(t);
	const size_t len = terminal_bytes(t);

	for (size_t i = 0; i + 2 < len; i++) {
		size_t at = i + 2;

		if (wire[i] != '\x1b' || wire[i + 1] != '[')
			continue;
		while (at < len && (wire[at] == ';' || (wire[at] >= '0' && wire[at] <= '9'))) {
			const bool first = wire[at - 1] == '[' || wire[at - 1] == ';';

			if (first && (wire[at] == '3' || wire[at] == '9') && at + 1 < len && wire[at + 1] >= '0' &&
				wire[at + 1] <= '8')
				return memchr(wire + at, 'm', len - at < 12 ? len - at : 12) != NULL;
			at++;
		}
	}
	return false;
}

static void every_kind_of_terminal_will_do(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(terminals) / sizeof(terminals[0]); i++) {
		struct terminal *t = user_start_as(&(struct terminal_setup){ .term = terminals[i].name });

		user_sees(t, WELCOME);
		user_is_on(t, "2 Sign with a key file");
		assert_int_equal(terminal_is_alternate(t), terminals[i].alternate);
		assert_int_equal(terminal_is_bracketing(t), terminals[i].alternate);
		assert_int_equal(has_colours(t), terminals[i].colours);
		if (terminals[i].taken_for != NULL) {
			user_sees(t, UNKNOWN);
			user_sees(t, terminals[i].taken_for);
		} else {
			user_misses(t, UNKNOWN);
		}
		user_press(t, "Down");
		user_is_on(t, "3 Verify a document");
		user_misses(t, UNKNOWN);
		user_press(t, "Up Up");
		user_press(t, "?");
		user_sees(t, "BeSign - Help");
		user_quit(&t);
	}
}

static void without_a_usable_terminal_there_are_questions(void **state)
{
	static const char *const names[] = { "dumb", "" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *besign[] = { getenv("BESIGN"), NULL };
		const char *environment[] = { "BESIGN_LANG=en", NULL };
		struct terminal *t = terminal_start(&(struct terminal_setup){
			.command = besign, .environment = environment, .term = names[i], .home = user_path("") });

		assert_true(terminal_wait_text(t, "2) Sign with a key file"));
		assert_true(terminal_type(t, "q\n"));
		assert_true(terminal_wait_text(t, "Quit BeSign?"));
		assert_true(terminal_type(t, "2\n"));
		assert_int_equal(terminal_wait_end(t), 0);
		assert_true(terminal_is_restored(t));
		assert_null(memchr(terminal_wire(t), '\x1b', terminal_bytes(t)));
		terminal_close(&t);
	}
}

/* ---- what the environment says ---- */

static bool is_all_ascii(const struct terminal *t)
{
	for (size_t i = 0; i < terminal_bytes(t); i++)
		if ((terminal_wire(t)[i] & 0x80) != 0)
			return false;
	return true;
}

static void in_ascii_nothing_else_is_on_the_wire(void **state)
{
	static const char *const c[] = { "LANG=C", NULL };
	static const char *const posix[] = { "LC_ALL=POSIX", "BESIGN_LANG=id", NULL };
	const char *ascii[] = { getenv("BESIGN"), "--ascii", NULL };
	const struct terminal_setup setups[] = { { .environment = c }, { .environment = posix }, { .command = ascii } };

	(void)state;
	assert_int_equal(user_run("touch ~/documents/'perjanjian-" ACCENTED ".pdf'"), 0);
	for (size_t i = 0; i < 3; i++) {
		struct terminal *t = user_start_as(&setups[i]);

		user_sees(t, "----------");
		user_press(t, "?");
		user_sees(t, "Up Down k j");
		user_press(t, "q");
		user_press(t, "Enter");
		user_press(t, "o");
		/* A "?" for each cell. */
		user_sees(t, "perjanjian-???.pdf");
		assert_true(is_all_ascii(t));
		user_quit(&t);
	}
}

/* What a server gets from a client's sshd and has not got itself. */
static void a_locale_that_is_not_there_still_has_its_characters(void **state)
{
	const char *environment[] = { "LC_ALL=id_ID.UTF-8", "BESIGN_LANG=", NULL };
	struct terminal *t;

	(void)state;
	assert_int_equal(user_run("touch ~/documents/'perjanjian-" ACCENTED ".pdf'"), 0);
	t = user_start(environment);
	user_sees(t, "BeSign menandatangani dokumen PDF");
	user_press(t, "Enter");
	user_press(t, "o");
	user_sees(t, "[ ] perjanjian-" ACCENTED ".pdf");
	user_press(t, "t");
	user_press(t, "^U");
	user_type(t, ACCENTED);
	assert_int_equal(terminal_cursor_of(t).column, (int)strlen("> Nama: [") + 3);
	user_press(t, "Backspace");
	assert_int_equal(terminal_cursor_of(t).column, (int)strlen("> Nama: [") + 1);
	user_quit(&t);
}

static void colours_are_used_when_they_are_wanted(void **state)
{
	static const char *const no[] = { "NO_COLOR=1", NULL };
	static const char *const empty[] = { "NO_COLOR=", NULL };
	const char *never[] = { getenv("BESIGN"), "--color", "never", NULL };
	const char *always[] = { getenv("BESIGN"), "--color", "always", NULL };
	const struct {
		struct terminal_setup setup;
		bool colours;
	} cases[] = {
		{ { .environment = no }, false },
		{ { .environment = empty }, true },
		{ { .command = never }, false },
		{ { .command = always, .environment = no }, true },
		{ { .command = always, .term = "vt100" }, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct terminal *t = user_start_as(&cases[i].setup);

		user_press(t, "3");
		user_press(t, "o");
		user_open(t, "report.pdf");
		user_sees(t, "NO SIGNATURE");
		assert_int_equal(has_colours(t), cases[i].colours);
		user_quit(&t);
	}
}

/* Escape alone is a key, after so long. */
static void the_delay_of_escape_can_be_set(void **state)
{
	const char *environment[] = { "ESCDELAY=1", NULL };
	struct terminal *t = user_start(environment);

	(void)state;
	user_press(t, "3");
	user_press(t, "Escape");
	user_sees(t, WELCOME);
	user_press(t, "Down");
	user_is_on(t, "4 Main page");
	user_quit(&t);
}

/* ---- nothing to do ---- */

struct activity {
	bool asleep;
	unsigned long switches; /* so often it went to sleep, or was put to */
};

static const char *value_of(const char *status, const char *name)
{
	const char *found = strstr(status, name);

	assert_non_null(found);
	return found + strlen(name);
}

static struct activity activity_of(pid_t pid)
{
	struct activity out;
	char path[64];
	char status[8192];
	ssize_t len;
	int fd;

	(void)snprintf(path, sizeof(path), "/proc/%d/status", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	len = read(fd, status, sizeof(status) - 1);
	(void)close(fd);
	assert_true(len > 0);
	status[len] = '\0';
	out.asleep = *value_of(status, "\nState:\t") == 'S';
	out.switches = strtoul(value_of(status, "\nvoluntary_ctxt_switches:"), NULL, 10) +
		strtoul(value_of(status, "\nnonvoluntary_ctxt_switches:"), NULL, 10);
	return out;
}

/* No clock, no spinner, no blinking: a laptop sleeps. */
static void idle_is_idle(void **state)
{
	struct terminal *t = user_start(NULL);
	struct activity before;

	(void)state;
	user_press(t, "Enter");
	/* It says that it will wait just before it does. */
	while (!(before = activity_of(terminal_program(t))).asleep)
		(void)terminal_read(t, 20);
	assert_int_equal(terminal_read(t, 3000), 0);
	assert_int_equal(activity_of(terminal_program(t)).switches, before.switches);
	user_press(t, "Down");
	assert_true(activity_of(terminal_program(t)).switches > before.switches);
	user_quit(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_resize_keeps_what_is_typed, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_resize_keeps_the_row_of_a_list, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_storm_of_resizes_ends_in_the_last_size, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_stop_gives_the_terminal_back, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_signal_ends_it_tidily, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_lost_line_ends_it, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(every_kind_of_terminal_will_do, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(
			without_a_usable_terminal_there_are_questions, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(in_ascii_nothing_else_is_on_the_wire, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(
			a_locale_that_is_not_there_still_has_its_characters, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(colours_are_used_when_they_are_wanted, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(the_delay_of_escape_can_be_set, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(idle_is_idle, user_setup, user_teardown),
	};

	return cmocka_run_group_tests_name("screens_terminal", tests, NULL, NULL);
}
