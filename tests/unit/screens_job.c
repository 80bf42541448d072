/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing so many documents that there is time to think better of it. Whatever ends it: what has a name is whole, and
 * nothing else is left. */

#include "support/user.h"

#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <cmocka.h>

#define MANY 500
#define ALL "500"

/* Documents in "many": so many that they take seconds, should this process be kept waiting. */
static void make_many(void)
{
	assert_int_equal(user_run("mkdir ~/many"), 0);
	for (int i = 1; i <= MANY; i++) {
		char name[64];

		(void)snprintf(name, sizeof(name), "many/surat %d.pdf", i);
		assert_int_equal(link(user_path("documents/letter.pdf"), user_path(name)), 0);
	}
}

static int make(void **state)
{
	(void)state;
	user_make();
	make_many();
	return 0;
}

/* The passphrase takes its time to check. */
static int make_slow(void **state)
{
	(void)state;
	user_make_slow();
	make_many();
	return 0;
}

/* All are chosen, and signing has begun. */
static struct terminal *begin(void)
{
	struct terminal *t = user_start_as(&(struct terminal_setup){ .directory = user_path("many") });

	user_press(t, "Enter");
	user_press(t, "o");
	user_press(t, "a");
	user_press(t, "c");
	user_sees(t, ALL " documents: surat 1.pdf");
	user_press(t, "Enter");
	user_press(t, "t");
	user_press(t, "^U");
	user_type(t, "~/documents/key.p12");
	user_press(t, "Enter");
	user_press(t, "s");
	user_type(t, USER_PASSPHRASE);
	return t;
}

/* With a slow key file: the screen says so, and stays for a while. */
static struct terminal *begin_slowly(void)
{
	struct terminal *t = begin();

	assert_true(terminal_press(t, "Enter"));
	assert_true(terminal_wait_text(t, "Signing"));
	user_is_on(t, "1 Cancel");
	return t;
}

/* The program stands still the moment the first document is signed, for longer than a job may run unseen. What is sent
 * now is there before it signs another, or hardly. */
static struct terminal *begin_and_hold(void)
{
	struct terminal *t = begin();
	struct pollfd named = { .fd = inotify_init1(IN_CLOEXEC), .events = POLLIN };

	assert_true(named.fd >= 0 && inotify_add_watch(named.fd, user_path("many"), IN_MOVED_TO | IN_CREATE) > 0);
	assert_true(terminal_press(t, "Enter"));
	while (user_count("many", "_signed.pdf") == 0)
		assert_int_equal(poll(&named, 1, 20000), 1);
	assert_int_equal(kill(terminal_program(t), SIGSTOP), 0);
	(void)close(named.fd);
	assert_true(terminal_wait_stop(t));
	(void)terminal_read(t, 150);
	return t;
}

/* So many are signed, and each of the newest is whole; nothing unfinished has a name. */
static void check_files(size_t signed_count)
{
	assert_int_equal(user_count("many", "_signed.pdf"), signed_count);
	assert_int_equal(user_count("many", ""), MANY + signed_count);
	assert_int_equal(user_run("cd ~/many && ls -t -- *_signed.pdf | head -n 3 | "
				  "xargs -d '\\n' \"$BESIGN\" verify --revocation none >../said 2>&1"),
		0);
}

/* As the result says. */
static size_t count_signed(struct terminal *t)
{
	size_t count;

	user_sees(t, " of " ALL " documents are signed");
	assert_int_equal(sscanf(terminal_row(t, 2), "  %zu of " ALL, &count), 1);
	assert_in_range(count, 1, MANY - 1);
	return count;
}

static void cancelling_keeps_what_is_finished(void **state)
{
	struct terminal *t = begin_and_hold();
	size_t count;

	(void)state;
	assert_true(terminal_type(t, "c"));
	terminal_continue(t);
	assert_true(terminal_idle(t));
	count = count_signed(t);
	check_files(count);
	user_press(t, "/");
	user_type(t, "not signed");
	user_press(t, "Enter");
	user_press(t, "Enter");
	assert_string_equal(terminal_row(t, 2) + 2, "NOT SIGNED");
	user_sees(t, "ancelled");
	user_quit(&t);
	check_files(count);
}

static void one_interrupt_cancels(void **state)
{
	struct terminal *t = begin_and_hold();

	(void)state;
	assert_true(terminal_type(t, "\003"));
	terminal_continue(t);
	assert_true(terminal_idle(t));
	check_files(count_signed(t));
	/* It does not count any more once something else was pressed. */
	user_press(t, "Down");
	user_press(t, "^C");
	user_sees(t, "Press ^C once more to quit");
	assert_true(terminal_press(t, "^C"));
	user_ended(&t, 130);
}

static void check_end(struct terminal **t)
{
	user_ended(t, 130);
	check_files(user_count("many", "_signed.pdf"));
	assert_in_range(user_count("many", "_signed.pdf"), 1, MANY - 1);
}

static void two_interrupts_quit(void **state)
{
	struct terminal *t = begin_and_hold();

	(void)state;
	assert_true(terminal_type(t, "\003\003"));
	terminal_continue(t);
	check_end(&t);
}

static void a_signal_ends_it_where_all_is_whole(void **state)
{
	struct terminal *t = begin_and_hold();

	(void)state;
	assert_true(terminal_signal(t, SIGTERM));
	terminal_continue(t);
	check_end(&t);
}

static void a_lost_line_ends_it_where_all_is_whole(void **state)
{
	struct terminal *t = begin_and_hold();

	(void)state;
	terminal_continue(t);
	terminal_hang_up(t);
	assert_int_equal(terminal_wait_end(t), 130);
	terminal_close(&t);
	check_files(user_count("many", "_signed.pdf"));
	assert_in_range(user_count("many", "_signed.pdf"), 1, MANY - 1);
}

static void going_back_asks_first(void **state)
{
	struct terminal *t = begin_slowly();

	(void)state;
	assert_true(terminal_press(t, "q"));
	assert_true(terminal_wait_text(t, "Something is still being done"));
	user_is_on(t, "Wait for it");
	assert_true(terminal_press(t, "Enter"));
	assert_true(terminal_wait_text(t, "Signing"));
	user_is_on(t, "1 Cancel");
	assert_true(terminal_press(t, "q"));
	assert_true(terminal_wait_text(t, "Something is still being done"));
	user_press(t, "Down Enter");
	user_sees(t, "ancelled");
	user_quit(&t);
	assert_int_equal(user_count("many", "_signed.pdf"), 0);
}

static void quitting_can_wait_for_the_end(void **state)
{
	struct terminal *t = begin_slowly();

	(void)state;
	assert_true(terminal_press(t, "F10"));
	assert_true(terminal_wait_text(t, "Quit when it is done"));
	assert_true(terminal_press(t, "Down Down Enter"));
	user_ended(&t, 0);
	check_files(MANY);
}

static void a_resize_and_a_stop_disturb_nothing(void **state)
{
	struct terminal *t = begin_slowly();

	(void)state;
	assert_true(terminal_resize(t, 12, 40));
	assert_true(terminal_wait_text(t, "Enter Choose  c Cancel  q Back  ? Help"));
	user_sees(t, "Signing");
	assert_true(terminal_press(t, "^Z"));
	assert_true(terminal_wait_stop(t));
	assert_true(terminal_is_restored(t));
	terminal_continue(t);
	assert_true(terminal_idle(t));
	user_sees(t, "Done: " ALL " documents are signed");
	user_quit(&t);
	check_files(MANY);
}

/* ---- the next start ---- */

/* It says what is left, and the rest is signed from there. */
static void go_on(size_t before)
{
	struct terminal *t = user_start_as(&(struct terminal_setup){ .directory = user_path("many") });
	char said[96];

	user_sees(t, "An earlier batch was interrupted: ");
	user_is_on(t, "1 Continue now");
	user_press(t, "Enter");
	(void)snprintf(said, sizeof(said), "%zu documents", MANY - before);
	user_sees(t, said);
	user_sees(t, "where the batch has the others");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	(void)snprintf(said, sizeof(said), "Done: %zu documents are signed", MANY - before);
	user_sees(t, said);
	user_press(t, "Tab");
	user_press(t, "Enter");
	user_misses(t, "Interrupted batch");
	assert_false(user_left(t, USER_PASSPHRASE));
	user_quit(&t);
}

/* Each once, in the folder and in the journal, and each as the journal has it. */
static void check_all_once(void)
{
	check_files(MANY);
	assert_int_equal(user_run("test -z \"$(ls -A ~/.local/state/besign/batches)\""), 0);
	assert_int_equal(
		user_run("cd ~/many && \"$BESIGN\" journal --json >../journal && "
			 "test $(grep -c '\"result\":\"signed\"' ../journal) = " ALL " && "
			 "test $(grep -o '\"output\":\"[^\"]*\"' ../journal | sort -u | wc -l) = " ALL " && "
			 "sed 's/.*\"output\":\"\\([^\"]*\\)\".*\"sha256\":\"\\([0-9a-f]\\{64\\}\\)\",\"signer.*/"
			 "\\2  \\1/' ../journal | sha256sum --check --quiet --strict"),
		0);
	assert_int_equal(user_run("cd ~/many && ls -t -- *_signed.pdf | sed -n '1p;250p;500p' | "
				  "xargs -d '\n' \"$BESIGN\" verify --json --revocation none >../said && "
				  "test $(grep -o '\"field\":' ../said | wc -l) = 3"),
		0);
}

static void what_a_lost_line_left_is_offered_and_finished(void **state)
{
	struct terminal *t = begin_and_hold();

	(void)state;
	terminal_continue(t);
	terminal_hang_up(t);
	assert_int_equal(terminal_wait_end(t), 130);
	terminal_close(&t);
	assert_in_range(user_count("many", "_signed.pdf"), 1, MANY - 1);
	go_on(user_count("many", "_signed.pdf"));
	check_all_once();
}

static void what_a_kill_left_is_offered_and_finished(void **state)
{
	struct terminal *t = begin_and_hold();

	(void)state;
	assert_int_equal(kill(terminal_program(t), SIGKILL), 0);
	terminal_continue(t); /* the leader looks again */
	assert_int_equal(terminal_wait_end(t), 128 + SIGKILL);
	terminal_close(&t);
	assert_in_range(user_count("many", "_signed.pdf"), 1, MANY - 1);
	go_on(user_count("many", "_signed.pdf"));
	check_all_once();
}

/* Who cancels is not asked about it. */
static void what_was_cancelled_is_not_offered(void **state)
{
	struct terminal *t = begin_and_hold();

	(void)state;
	assert_true(terminal_type(t, "c"));
	terminal_continue(t);
	assert_true(terminal_idle(t));
	(void)count_signed(t);
	user_quit(&t);
	t = user_start(NULL);
	user_misses(t, "interrupted");
	user_quit(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(cancelling_keeps_what_is_finished, make, user_teardown),
		cmocka_unit_test_setup_teardown(one_interrupt_cancels, make, user_teardown),
		cmocka_unit_test_setup_teardown(two_interrupts_quit, make, user_teardown),
		cmocka_unit_test_setup_teardown(going_back_asks_first, make_slow, user_teardown),
		cmocka_unit_test_setup_teardown(quitting_can_wait_for_the_end, make_slow, user_teardown),
		cmocka_unit_test_setup_teardown(a_resize_and_a_stop_disturb_nothing, make_slow, user_teardown),
		cmocka_unit_test_setup_teardown(a_signal_ends_it_where_all_is_whole, make, user_teardown),
		cmocka_unit_test_setup_teardown(a_lost_line_ends_it_where_all_is_whole, make, user_teardown),
		cmocka_unit_test_setup_teardown(what_a_lost_line_left_is_offered_and_finished, make, user_teardown),
		cmocka_unit_test_setup_teardown(what_a_kill_left_is_offered_and_finished, make, user_teardown),
		cmocka_unit_test_setup_teardown(what_was_cancelled_is_not_offered, make, user_teardown),
	};

	return cmocka_run_group_tests_name("screens_job", tests, NULL, NULL);
}
