/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What is pasted is text and never a key: a clipboard is not always what one thinks it is. */

#include "support/user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define IGNORED "What was pasted is ignored"

static struct terminal *begin_signing(void)
{
	struct terminal *t = user_start(NULL);

	user_press(t, "Enter");
	user_choose(t, "letter.pdf", "key.p12");
	user_is_on(t, "Passphrase:");
	return t;
}

static void a_passphrase_can_be_pasted_and_its_newline_presses_nothing(void **state)
{
	struct terminal *t = begin_signing();

	(void)state;
	user_paste(t, "\n" USER_PASSPHRASE "\n\x03\x1a\x15\x7f\n");
	user_is_on(t, "Passphrase:");
	assert_false(user_has("documents/letter_signed.pdf"));
	assert_false(user_left(t, USER_PASSPHRASE));
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_quit(&t);
}

static void text_is_taken_and_nothing_else_of_it(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	user_press(t, "Enter");
	for (int i = 0; i < 5; i++)
		user_press(t, "Down");
	user_is_on(t, "Reason:");
	user_press(t, "^U");
	user_paste(t,
		"Saya\n setuju\t\x1b[31m\x01\x03 \xE2\x80\xAE\xE2\x80\x8B"
		"d\xC3\xA9ngan\r\nini");
	user_is_on(t, "[Saya setuju[31m d\xC3\xA9nganini");
	assert_int_equal(terminal_cursor_of(t).column, (int)strlen("  Reason: [Saya setuju[31m dXnganini"));
	user_sees(t, "BeSign - Sign");
	user_press(t, "Backspace");
	user_is_on(t, "[Saya setuju[31m d\xC3\xA9nganin ");
	user_quit(&t);
}

static void on_a_menu_it_is_ignored(void **state)
{
	static const char *const clips[] = { "2\n2\n", "q\n", "\x1b\x1b", "\x03\x03", "\x1a", "f", "j\nj\n", "?" };
	struct terminal *t = user_start(NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(clips) / sizeof(clips[0]); i++) {
		user_paste(t, clips[i]);
		user_sees(t, IGNORED);
		user_sees(t, "BeSign signs PDF documents");
		user_is_on(t, "2 Sign with a key file");
	}
	user_press(t, "Down");
	user_misses(t, IGNORED);
	user_quit(&t);
}

static void on_a_list_it_marks_and_opens_nothing(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	user_press(t, "Enter");
	user_press(t, "o");
	user_press(t, "Down");
	user_paste(t, " \n a c");
	user_sees(t, IGNORED);
	user_is_on(t, "[ ] letter.pdf");
	/* Where text is asked for, it is text. */
	user_press(t, "/");
	user_paste(t, "rep\nort");
	user_sees(t, "Search: report");
	user_misses(t, "letter.pdf");
	user_quit(&t);
}

static void on_a_question_it_is_no_answer(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	user_press(t, "q");
	user_sees(t, "Quit BeSign?");
	user_is_on(t, "1 No");
	user_paste(t, "2\n\x1b[B\n");
	user_sees(t, IGNORED);
	user_is_on(t, "1 No");
	user_press(t, "Enter");
	user_sees(t, "BeSign signs PDF documents");
	user_quit(&t);
}

/* A good terminal takes this out of what it pastes. */
static void an_end_within_what_is_pasted_ends_nothing(void **state)
{
	struct terminal *t = begin_signing();

	(void)state;
	user_paste(t, "no\x1b[201~\n\x03\x03q");
	user_is_on(t, "Passphrase:");
	user_sees(t, "***");
	user_misses(t, "wrong");
	user_press(t, "Escape");
	user_sees(t, "BeSign - Sign");
	user_paste(t, "\x1b[201~qq2\n\x1b[200~");
	user_sees(t, "BeSign - Sign");
	user_sees(t, IGNORED);
	/* Keys are keys again. */
	user_press(t, "s");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_quit(&t);
}

/* More than any field takes, and more than the line holds at once. */
static void a_huge_paste_fills_and_presses_nothing(void **state)
{
	static char clip[20001];
	struct terminal *t = begin_signing();

	(void)state;
	memset(clip, 'a', sizeof(clip) - 1);
	for (size_t i = 100; i < sizeof(clip) - 1; i += 100)
		clip[i] = '\n';
	user_paste(t, clip);
	user_is_on(t, "Passphrase:");
	user_sees(t, "The secret is too long");
	user_press(t, "^U");
	user_misses(t, "*");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_quit(&t);
}

/* A terminal without brackets around a paste cannot be told to make them. */
static void without_brackets_none_are_asked_for(void **state)
{
	struct terminal *t = user_start_as(&(struct terminal_setup){ .term = "vt100" });

	(void)state;
	assert_false(terminal_is_bracketing(t));
	user_quit(&t);
	t = user_start(NULL);
	assert_true(terminal_is_bracketing(t));
	user_quit(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_passphrase_can_be_pasted_and_its_newline_presses_nothing, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(text_is_taken_and_nothing_else_of_it, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(on_a_menu_it_is_ignored, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(on_a_list_it_marks_and_opens_nothing, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(on_a_question_it_is_no_answer, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(an_end_within_what_is_pasted_ends_nothing, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_huge_paste_fills_and_presses_nothing, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(without_brackets_none_are_asked_for, user_setup, user_teardown),
	};

	return cmocka_run_group_tests_name("screens_paste", tests, NULL, NULL);
}
