/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The screens as questions and answers: through a pipe, and on a terminal that can do nothing else. */

#include "support/user.h"

#include "base/file.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct buffer said;

static int clear(void **state)
{
	(void)state;
	buffer_free(&said);
	user_clear();
	return 0;
}

/* Answers through a pipe; what is said is kept, and nothing is on standard error. */
static int ask(const char *environment, const char *arguments, const char *answers)
{
	char command[512];
	int status;

	user_write("answers", answers, strlen(answers));
	(void)snprintf(command, sizeof(command),
		"cd ~/documents && cat ~/answers | env BESIGN_LANG=en %s \"$BESIGN\" %s >~/said 2>~/errors",
		environment, arguments);
	status = user_run(command);
	buffer_reset(&said);
	assert_int_equal(file_read_all(&said, user_path("said"), 1u << 20, NULL), BE_OK);
	buffer_add_byte(&said, '\0');
	assert_int_equal(user_run("test ! -s ~/errors"), 0);
	return status;
}

/* One after the other, in this order. */
static void check_said(const char *const *wanted)
{
	const char *at = (const char *)said.data;

	for (; *wanted != NULL; wanted++) {
		const char *found = strstr(at, *wanted);

		if (found == NULL)
			print_error("not said, or not there: \"%s\" in\n%s\n", *wanted, at);
		assert_non_null(found);
		at = found + strlen(*wanted);
	}
}

#define SIGN_LETTER "2\n1\n2\n2\n2\n3\n1\n" USER_PASSPHRASE "\n"

static void the_whole_way_through_a_pipe(void **state)
{
	static const char *const wanted[] = { "== BeSign ==\n", "2) Sign with a key file", "== BeSign - Sign ==\n",
		"Documents: none chosen yet", "3) Sign (choose documents first)", "== BeSign - Browse PDF ==\n",
		"2) [ ] letter.pdf\n", "Documents: letter.pdf\n", "== BeSign - Choose a key file ==\n", "2) key.p12\n",
		"== BeSign - Passphrase ==\n", "1) Passphrase: not entered\n", "Passphrase: Signing ...\n",
		"== BeSign - Signed documents ==\nDone: 1 document is signed\n1) SIGNED  letter_signed.pdf\n2) OK\n",
		"== BeSign - Document ==\nSIGNED\n", "Verifying ...\n", "== BeSign - Result ==\nVALID\n", "1) Show\n",
		"== BeSign - Signatures ==\nVALID\n", "1 of 1: VALID\n", USER_NAME, "Quit BeSign?\n1) No\n2) Quit\n",
		NULL };
	static const char *const arguments[] = { "--plain", "" };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(ask("", arguments[i], SIGN_LETTER "1\n3\n1\nq\nq\nq\nq\nq\n2\n"), 0);
		check_said(wanted);
		assert_null(strchr((const char *)said.data, '\x1b'));
		assert_null(strstr((const char *)said.data, USER_PASSPHRASE));
		assert_true(user_has("documents/letter_signed.pdf"));
		assert_int_equal(user_run("rm -r ~/documents/letter_signed.pdf ~/.local/state"), 0);
	}
}

static void several_documents_are_marked_with_a_plus(void **state)
{
	static const char *const wanted[] = { "+number to mark", "2) [x] letter.pdf\n", "3) [x] report.pdf\n",
		"4) Continue with 2 documents\n", "Documents: 2 documents: letter.pdf, ...\n",
		"Done: 2 documents are signed\n", NULL };
	static const char *const none[] = { "* That is none of the answers", "* That is none of the answers",
		"* Only documents can be marked", NULL };
	static const char *const one[] = { "Browse PDF", "2) letter.pdf", "* here one document is chosen", NULL };

	(void)state;
	assert_int_equal(ask("", "", "2\no\n+2\n+3\nc\n2\n2\ns\n1\n" USER_PASSPHRASE "\n"), 0);
	check_said(wanted);
	assert_int_equal(user_count("documents", "_signed.pdf"), 2);
	assert_int_equal(ask("", "", "1\n1\n+9\n+x\n+1\n"), 0);
	check_said(none);
	assert_int_equal(ask("", "", "2\n1\n+2\n"), 0);
	check_said(one);
}

static void a_wrong_passphrase_and_a_wrong_answer_lose_nothing(void **state)
{
	static const char *const wanted[] = { "* That is none of the answers", "* choose documents first",
		"== BeSign - Passphrase ==\n", "* That is none of the answers", "== BeSign - Passphrase ==\n",
		"To be signed: letter.pdf\n", "1) Passphrase: not entered", "* The passphrase of the key file is wrong",
		"Done: 1 document is signed\n", NULL };

	(void)state;
	assert_int_equal(
		ask("", "", "17\n2\n3\n1\n2\n2\n2\n3\nno answer\n1\nwrong\n1\n" USER_PASSPHRASE "\n2\nq\n2\n"), 0);
	check_said(wanted);
}

static void help_search_and_text(void **state)
{
	static const char *const wanted[] = { "== BeSign - Help ==\n", "Enter goes back > ",
		"== BeSign - Browse PDF ==", "1) [ ] report.pdf\n", "Documents: report.pdf\n",
		"Reason: ", "6) Reason: Setuju, d\xC3\xA9ngan ini\n", NULL };

	(void)state;
	assert_int_equal(ask("", "",
				 "?\n\n2\n1\n/REPORT\n1\n6\nSetuju, d\xC3\xA9ngan \xE2\x80\xAE"
				 "ini\n"),
		0);
	check_said(wanted);
	assert_null(strstr((const char *)said.data, "letter.pdf\nc)"));
}

/* Wherever the answers end: nothing is signed, and it ends. */
static void answers_may_end_anywhere(void **state)
{
	static const char answers[] = "2\n1\n2\n2\n2\n3\n1\n";

	(void)state;
	for (size_t len = 0; len <= strlen(answers); len++) {
		char some[sizeof(answers)] = "";

		memcpy(some, answers, len);
		assert_int_equal(ask("", "", some), 0);
		assert_int_equal(user_count("documents", "_signed"), 0);
	}
}

static void in_a_small_world_it_speaks_ascii(void **state)
{
	static const char *const wanted[] = { "perjanjian-??.pdf\n", NULL };

	(void)state;
	assert_int_equal(user_run("touch ~/documents/'perjanjian-\xC3\xA9\xE6\xBC\xA2.pdf'"), 0);
	assert_int_equal(ask("LC_ALL=C", "", "2\n1\n?\nq\nq\nq\n"), 0);
	check_said(wanted);
	for (size_t i = 0; i < said.len; i++)
		assert_true(said.data[i] < 0x80);
	assert_int_equal(ask("LC_ALL=C.UTF-8", "--ascii", "2\n1\n?\n"), 0);
	check_said(wanted);
}

/* On a terminal the passphrase is not shown while it is typed. */
static void on_a_dumb_terminal(void **state)
{
	static const char *const lines[][2] = { { "2) Sign with a key file", "2\n" }, { "BeSign - Sign ==", "1\n" },
		{ "[ ] letter.pdf", "2\n" }, { "Documents: letter.pdf", "2\n" }, { "2) key.p12", "2\n" },
		{ "documents/key.p12", "s\n" }, { "Passphrase: not entered", "1\n" },
		{ "go back > 1\nPassphrase:", USER_PASSPHRASE "\n" }, { "SIGNED  letter_signed.pdf", "1\n" },
		{ "SHA-256:", "3\n" }, { "BeSign - Result ==\nVALID\n", "1\n" }, { "1 of 1: VALID\n", "" } };
	const char *besign[] = { getenv("BESIGN"), NULL };
	const char *environment[] = { "BESIGN_LANG=en", NULL };
	struct terminal *t = terminal_start(&(struct terminal_setup){ .command = besign,
		.environment = environment,
		.term = "dumb",
		.rows = 40,
		.home = user_path(""),
		.directory = user_path("documents") });

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		while (strstr(terminal_text(t), lines[i][0]) == NULL)
			assert_true(terminal_read(t, 20000) > 0);
		assert_true(terminal_type(t, lines[i][1]));
	}
	assert_false(user_left(t, USER_PASSPHRASE));
	assert_true(terminal_signal(t, SIGINT));
	assert_int_equal(terminal_wait_end(t), 130);
	assert_true(terminal_is_restored(t));
	assert_null(memchr(terminal_wire(t), '\x1b', terminal_bytes(t)));
	terminal_close(&t);
	assert_true(user_has("documents/letter_signed.pdf"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_whole_way_through_a_pipe, user_setup, clear),
		cmocka_unit_test_setup_teardown(several_documents_are_marked_with_a_plus, user_setup, clear),
		cmocka_unit_test_setup_teardown(a_wrong_passphrase_and_a_wrong_answer_lose_nothing, user_setup, clear),
		cmocka_unit_test_setup_teardown(help_search_and_text, user_setup, clear),
		cmocka_unit_test_setup_teardown(answers_may_end_anywhere, user_setup, clear),
		cmocka_unit_test_setup_teardown(in_a_small_world_it_speaks_ascii, user_setup, clear),
		cmocka_unit_test_setup_teardown(on_a_dumb_terminal, user_setup, clear),
	};

	return cmocka_run_group_tests_name("screens_plain", tests, NULL, NULL);
}
