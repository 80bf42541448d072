/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The tests' own terminal, with small programs in it that are known in every respect. */

#include "support/terminal.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static char probe[4096];
static char hello[4096];

static struct terminal *start(const char *term, const char *argument)
{
	const char *command[] = { probe, argument, NULL };
	struct terminal *t = terminal_start(&(struct terminal_setup){ .command = command, .term = term });

	assert_true(terminal_idle(t));
	return t;
}

static void end(struct terminal **t)
{
	assert_true(terminal_press(*t, "q"));
	assert_int_equal(terminal_wait_end(*t), 0);
	assert_true(terminal_is_restored(*t));
	assert_string_equal(terminal_errors(*t), "");
	terminal_close(t);
}

static void the_first_screen_is_whole_and_counted(void **state)
{
	const char *command[] = { hello, NULL };
	struct terminal *t = terminal_start(&(struct terminal_setup){ .command = command });

	(void)state;
	assert_true(terminal_idle(t));
	assert_string_equal(terminal_row(t, 0), "hello, screen of 24 x 80");
	assert_string_equal(terminal_row(t, 1), "");
	assert_true(terminal_is_alternate(t));
	assert_int_equal(terminal_announcements(t), 1);
	assert_in_range(terminal_bytes(t), strlen("hello, screen of 24 x 80"), 2000);
	assert_true(terminal_milliseconds(t) > 0 && terminal_milliseconds(t) < 20e3);
	end(&t);
}

static const struct {
	const char *term, *key, *name;
} keys[] = {
	{ "xterm-256color", "Down", "KEY_DOWN" },
	{ "xterm-256color", "Home", "KEY_HOME" },
	{ "xterm-256color", "End", "KEY_END" },
	{ "xterm-256color", "PageDown", "KEY_NPAGE" },
	{ "xterm-256color", "F1", "KEY_F(1)" },
	{ "xterm-256color", "F12", "KEY_F(12)" },
	{ "xterm-256color", "BackTab", "KEY_BTAB" },
	{ "xterm-256color", "Backspace", "KEY_BACKSPACE" },
	{ "xterm-256color", "Escape", "^[" },
	{ "xterm-256color", "Enter", "^M" },
	{ "xterm-256color", "^L", "^L" },
	{ "xterm-256color", "z", "z" },
	{ "linux", "Up", "KEY_UP" },
	{ "linux", "F1", "KEY_F(1)" },
	{ "linux", "F6", "KEY_F(6)" },
	{ "linux", "Home", "KEY_HOME" },
	{ "linux", "BackTab", "KEY_BTAB" },
	{ "screen", "Left", "KEY_LEFT" },
	{ "screen", "End", "KEY_END" },
	{ "screen", "F5", "KEY_F(5)" },
	{ "vt100", "Down", "KEY_DOWN" },
	{ "vt100", "F2", "KEY_F(2)" },
};

static void keys_arrive_as_the_terminal_sends_them(void **state)
{
	struct terminal *t = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		char expected[64];

		if (i == 0 || strcmp(keys[i].term, keys[i - 1].term) != 0) {
			if (t != NULL)
				end(&t);
			t = start(keys[i].term, NULL);
		}
		(void)snprintf(expected, sizeof(expected), "last %s", keys[i].name);
		assert_true(terminal_press(t, keys[i].key));
		assert_true(terminal_idle(t));
		assert_string_equal(terminal_row(t, 1), expected);
	}
	end(&t);
}

static void a_terminal_that_nobody_knows_is_refused_by_the_program(void **state)
{
	const char *command[] = { hello, NULL };
	struct terminal *t = terminal_start(&(struct terminal_setup){ .command = command, .term = "nonesuch" });

	(void)state;
	assert_int_equal(terminal_wait_end(t), 2);
	assert_string_equal(terminal_errors(t), "hello_screen: this terminal is not known\n");
	terminal_close(&t);
}

static void looks_and_places_of_cells(void **state)
{
	struct terminal *t = start(NULL, NULL);
	struct terminal_cell cell;
	int row, column;

	(void)state;
	assert_true(terminal_find(t, "reverse", &row, &column));
	assert_int_equal(row, 4);
	assert_int_equal(column, 2);
	cell = terminal_cell_at(t, row, column);
	assert_string_equal(cell.text, "r");
	assert_true(cell.reverse && !cell.bold && !cell.underline && cell.foreground == -1 && cell.background == -1);
	cell = terminal_cell_at(t, 4, 12);
	assert_true(cell.bold && !cell.reverse);
	assert_true(terminal_cell_at(t, 4, 22).underline);
	assert_int_equal(terminal_cell_at(t, 4, 32).foreground, 2);
	assert_false(terminal_cell_at(t, 4, 1).reverse);
	end(&t);
}

static void wide_and_composed_characters_keep_their_columns(void **state)
{
	struct terminal *t = start(NULL, NULL);
	int column;

	(void)state;
	assert_string_equal(terminal_row(t, 5), "漢字 wide, e\xCC\x81 composed");
	assert_int_equal(terminal_cell_at(t, 5, 0).width, 2);
	assert_string_equal(terminal_cell_at(t, 5, 0).text, "漢");
	assert_string_equal(terminal_cell_at(t, 5, 11).text, "e\xCC\x81");
	assert_true(terminal_find(t, "字", NULL, &column));
	assert_int_equal(column, 2);
	assert_true(terminal_find(t, "composed", NULL, &column));
	assert_int_equal(column, 13);
	end(&t);
}

static void the_cursor_is_seen_where_it_is_and_whether(void **state)
{
	struct terminal *t = start(NULL, NULL);
	struct terminal_cursor cursor = terminal_cursor_of(t);

	(void)state;
	assert_int_equal(cursor.row, 1);
	assert_int_equal(cursor.column, 5);
	assert_true(cursor.visible);
	assert_true(terminal_press(t, "c"));
	assert_true(terminal_idle(t));
	assert_false(terminal_cursor_of(t).visible);
	end(&t);
}

/* Without the waiting of terminal_idle for the right announcement, one of these would come too early. */
static void idle_means_that_everything_sent_was_done(void **state)
{
	struct terminal *t = start(NULL, NULL);
	char expected[64];
	unsigned sent = 0;

	(void)state;
	for (unsigned i = 1; i <= 20; i++) {
		assert_true(i % 3 == 0 ? terminal_type(t, "ss") : terminal_press(t, i % 3 == 1 ? "s" : "s s s"));
		sent += i % 3 == 0 ? 2 : i % 3 == 1 ? 1 : 3;
		assert_true(terminal_idle(t));
		(void)snprintf(expected, sizeof(expected), "slow %u,", sent);
		assert_true(terminal_find(t, expected, NULL, NULL));
	}
	end(&t);
}

static void a_key_that_meets_the_end_of_a_job_is_waited_for(void **state)
{
	struct terminal *t = start(NULL, NULL);
	char expected[64];

	(void)state;
	for (unsigned i = 1; i <= 20; i++) {
		assert_true(terminal_press(t, "j s"));
		assert_true(terminal_idle(t));
		(void)snprintf(expected, sizeof(expected), "keys %u, slow %u, jobs %u,", 2 * i, i, i);
		assert_true(terminal_find(t, expected, NULL, NULL));
	}
	end(&t);
}

static void what_a_job_shows_can_be_waited_for_and_its_end(void **state)
{
	struct terminal *t = start(NULL, NULL);

	(void)state;
	assert_true(terminal_press(t, "k"));
	assert_true(terminal_wait_text(t, "last k"));
	assert_true(terminal_find(t, "jobs 0", NULL, NULL));
	assert_true(terminal_idle(t));
	assert_true(terminal_find(t, "jobs 1", NULL, NULL));
	end(&t);
}

static void a_resize_is_seen_and_drawn(void **state)
{
	static const struct {
		int rows, columns;
	} sizes[] = { { 30, 100 }, { 12, 40 }, { 50, 132 }, { 24, 80 } };
	struct terminal *t = start(NULL, NULL);

	(void)state;
	for (size_t i = 0; i < 20; i++) {
		const int rows = sizes[i % 4].rows, columns = sizes[i % 4].columns;
		char expected[64];

		assert_true(terminal_resize(t, rows, columns));
		assert_true(terminal_idle(t));
		(void)snprintf(expected, sizeof(expected), "size %d x %d", rows, columns);
		assert_string_equal(terminal_row(t, 0), expected);
	}
	end(&t);
}

static void a_paste_is_in_brackets_only_when_that_is_asked_for(void **state)
{
	const char *command[] = { "/bin/sh", "-c", "read -r line && echo \"got $line\"", NULL };
	struct terminal *t = start(NULL, NULL);
	char long_text[901];

	(void)state;
	assert_true(terminal_is_bracketing(t));
	assert_true(terminal_paste(t, "q one\ntwo"));
	assert_true(terminal_idle(t));
	assert_string_equal(terminal_row(t, 3), "pasted 9: q one/two");
	memset(long_text, 'a', sizeof(long_text) - 1);
	long_text[sizeof(long_text) - 1] = '\0';
	assert_true(terminal_paste(t, long_text));
	assert_true(terminal_idle(t));
	assert_true(terminal_find(t, "pasted 909:", NULL, NULL));
	end(&t);

	t = terminal_start(&(struct terminal_setup){ .command = command });
	assert_true(terminal_paste(t, "plain\n"));
	assert_int_equal(terminal_wait_end(t), 0);
	assert_true(terminal_find(t, "got plain", NULL, NULL));
	terminal_close(&t);
}

static void a_stop_gives_the_terminal_back_and_goes_on_again(void **state)
{
	struct terminal *t = start(NULL, NULL);

	(void)state;
	for (int i = 0; i < 2; i++) {
		assert_false(terminal_is_restored(t));
		assert_true(terminal_press(t, "^Z"));
		assert_true(terminal_wait_stop(t));
		assert_true(terminal_is_restored(t));
		assert_false(terminal_is_alternate(t) || terminal_is_bracketing(t));
		terminal_continue(t);
		assert_true(terminal_idle(t));
		assert_true(terminal_is_alternate(t) && terminal_is_bracketing(t));
		assert_true(terminal_find(t, i == 0 ? "continued 1" : "continued 2", NULL, NULL));
	}
	end(&t);
}

static void what_is_typed_while_it_is_stopped_waits(void **state)
{
	struct terminal *t = start(NULL, NULL);

	(void)state;
	assert_true(terminal_press(t, "^Z"));
	assert_true(terminal_wait_stop(t));
	assert_true(terminal_type(t, "zs"));
	terminal_continue(t);
	assert_true(terminal_idle(t));
	assert_true(terminal_find(t, "keys 2, slow 1", NULL, NULL));
	end(&t);
}

static void a_hang_up_ends_the_program(void **state)
{
	struct terminal *t = start(NULL, NULL);

	(void)state;
	terminal_hang_up(t);
	assert_int_equal(terminal_wait_end(t), 128 + SIGHUP);
	terminal_close(&t);
}

static void every_end_is_reported(void **state)
{
	struct terminal *t = start(NULL, NULL);

	(void)state;
	assert_true(terminal_press(t, "x"));
	assert_int_equal(terminal_wait_end(t), 3);
	assert_true(terminal_is_restored(t));
	terminal_close(&t);
	t = start(NULL, NULL);
	assert_true(terminal_signal(t, SIGUSR1));
	assert_int_equal(terminal_wait_end(t), 128 + SIGUSR1);
	terminal_close(&t);
}

static void a_terminal_left_in_disorder_is_noticed(void **state)
{
	struct terminal *t = start(NULL, "untidy");

	(void)state;
	assert_true(terminal_press(t, "c q"));
	assert_int_equal(terminal_wait_end(t), 0);
	assert_false(terminal_is_restored(t));
	terminal_close(&t);
}

static void a_sanitizer_report_is_a_failure(void **state)
{
	struct terminal *t = start(NULL, NULL);

	(void)state;
	assert_true(terminal_press(t, "e q"));
	assert_int_equal(terminal_wait_end(t), -1);
	assert_string_equal(terminal_errors(t), "runtime error: invented\n");
	terminal_close(&t);
}

/* All but what a program needs is gone from its environment, and its home is empty. */
static void a_program_starts_in_a_clean_place(void **state)
{
	const char *command[] = { "/bin/sh", "-c",
		"env | grep -c -v -e ^ASAN -e ^UBSAN -e ^LSAN -e ^PWD -e ^_ -e ^SHLVL -e "
		"^OLDPWD; echo \"$TERM $LEFT-$MORE\"; ls -A \"$HOME\"; pwd >\"$HOME/a\"",
		NULL };
	const char *more[] = { "MORE=more", "LANG=C", NULL };
	struct terminal *t;

	(void)state;
	assert_int_equal(setenv("LEFT", "left over", 1), 0);
	t = terminal_start(&(struct terminal_setup){ .command = command, .environment = more, .term = "vt100" });
	assert_int_equal(terminal_wait_end(t), 0);
	assert_string_equal(terminal_errors(t), "");
	/* PATH TERM LANG SHELL BESIGN_TEST_SYNC TMPDIR XDG_RUNTIME_DIR HOME MORE */
	assert_string_equal(terminal_row(t, 0), "9");
	assert_string_equal(terminal_row(t, 1), "vt100 -more");
	assert_string_equal(terminal_row(t, 2), "");
	terminal_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen_is_whole_and_counted),
		cmocka_unit_test(keys_arrive_as_the_terminal_sends_them),
		cmocka_unit_test(a_terminal_that_nobody_knows_is_refused_by_the_program),
		cmocka_unit_test(looks_and_places_of_cells),
		cmocka_unit_test(wide_and_composed_characters_keep_their_columns),
		cmocka_unit_test(the_cursor_is_seen_where_it_is_and_whether),
		cmocka_unit_test(idle_means_that_everything_sent_was_done),
		cmocka_unit_test(a_key_that_meets_the_end_of_a_job_is_waited_for),
		cmocka_unit_test(what_a_job_shows_can_be_waited_for_and_its_end),
		cmocka_unit_test(a_resize_is_seen_and_drawn),
		cmocka_unit_test(a_paste_is_in_brackets_only_when_that_is_asked_for),
		cmocka_unit_test(a_stop_gives_the_terminal_back_and_goes_on_again),
		cmocka_unit_test(what_is_typed_while_it_is_stopped_waits),
		cmocka_unit_test(a_hang_up_ends_the_program),
		cmocka_unit_test(every_end_is_reported),
		cmocka_unit_test(a_terminal_left_in_disorder_is_noticed),
		cmocka_unit_test(a_sanitizer_report_is_a_failure),
		cmocka_unit_test(a_program_starts_in_a_clean_place),
	};

	(void)snprintf(probe, sizeof(probe), "%s/tests/make/screen_probe", getenv("BUILD"));
	(void)snprintf(hello, sizeof(hello), "%s/tests/make/hello_screen", getenv("BUILD"));
	return cmocka_run_group_tests_name("support_terminal", tests, NULL, NULL);
}
