/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Names of files that somebody else chose: what they are is kept to the byte, and what is shown of them moves, hides and
 * forges nothing. */

#include "support/user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define LONG "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"

/* The name without its ending, and what shows that it is this one. */
static const struct {
	const char *name;
	const char *shown;
} names[] = {
	{ "a\nSIGNED  all is well", "a\\x0aSIGNED  all is well" },
	{ "b\x1b[31m\x1b]0;title\x07", "b\\x1b[31m\\x1b]0;title\\x07" },
	{ "c\xE2\x80\xAE"
	  "fdp.",
		"c<U+202E>fdp." },
	{ "d\xE2\x80\x8Bhidden", "d<U+200B>hidden" },
	{ "e\xFF\x80\xC3", "e\xEF\xBF\xBD" },
	{ "f" LONG LONG, "f01234567890123456789" },
	{ "-g --force", "-g --force" },
	{ "  h   blanks  ", "h   blanks" },
	{ "i\x9B"
	  "31m\xC2\x9B"
	  "31m",
		"i\xEF\xBF\xBD" },
	{ "j\r\tVALID\x7f", "j\\x0d\\x09VALID\\x7f" },
	{ "k\xF0\x9F\x91\xA8\xE2\x80\x8D\xF0\x9F\x91\xA9", "k" },
	{ "l'\"$(touch gone)`&;", "l'\"$(touch gone)`&;" },
};

#define NAMES (sizeof(names) / sizeof(names[0]))

static const char *in_documents(size_t i, const char *ending)
{
	static char path[512];

	(void)snprintf(path, sizeof(path), "documents/%s%s", names[i].name, ending);
	return path;
}

/* Sequences that the program itself may send: CSI with digits, OSC 52; and of UTF-8 nothing that turns or hides text. */
static void check_wire(struct terminal *t)
{
	static const char *const never[] = { "\x1b[31m\x1b]0", "\x1b]0;", "\xE2\x80\xAE", "\xE2\x80\x8B",
		"\xE2\x80\x8D", "\xC2\x9B", "\xFF", "\x7f", "\x1b]2;" };
	const char *wire = terminal_wire(t);
	const size_t len = terminal_bytes(t);

	for (size_t i = 0; i < sizeof(never) / sizeof(never[0]); i++)
		assert_null(memmem(wire, len, never[i], strlen(never[i])));
}

/* Column 0 is the marker's and column 1 is empty: nothing of a name begins a line of the body. */
static void check_margin(struct terminal *t)
{
	for (int row = 2; row < 22; row++) {
		const char *text = terminal_row(t, row);

		if (text[0] == '\0' || (text[0] != '>' && text[0] != ' ') || (text[0] != '\0' && text[1] != ' '))
			assert_string_equal(text, "");
	}
}

static void they_are_signed_under_exactly_that_name(void **state)
{
	struct terminal *t;

	(void)state;
	for (size_t i = 0; i < NAMES; i++)
		user_copy("documents/letter.pdf", in_documents(i, ".pdf"));
	t = user_start(NULL);
	user_press(t, "Enter");
	user_press(t, "o");
	check_margin(t);
	for (size_t i = 0; i < NAMES; i++)
		user_sees(t, names[i].shown);
	user_press(t, "a");
	user_press(t, "c");
	check_margin(t);
	user_press(t, "Enter");
	user_open(t, "key.p12");
	user_press(t, "s");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 14 documents are signed");
	check_margin(t);
	check_wire(t);
	user_quit(&t);
	for (size_t i = 0; i < NAMES; i++)
		assert_true(user_has(in_documents(i, "_signed.pdf")));
	assert_int_equal(user_count("documents", ""), 3 + NAMES + 2 + NAMES);
}

static void each_is_shown_harmless_wherever_it_stands(void **state)
{
	(void)state;
	for (size_t i = 0; i < NAMES; i++) {
		struct terminal *t;

		user_copy("documents/letter.pdf", in_documents(i, ".pdf"));
		t = user_start(NULL);
		user_press(t, "Enter");
		user_press(t, "o");
		user_press(t, "Down");
		user_is_on(t, names[i].shown);
		user_press(t, "Enter");
		user_sees(t, "Documents: ");
		user_sees(t, names[i].shown);
		check_margin(t);
		user_press(t, "2");
		user_open(t, "key.p12");
		user_press(t, "s");
		user_sees(t, names[i].shown);
		user_type(t, USER_PASSPHRASE);
		user_press(t, "Enter");
		user_is_on(t, "SIGNED  ");
		user_press(t, "Enter");
		check_margin(t);
		user_press(t, "c");
		user_press(t, "3");
		assert_string_equal(terminal_row(t, 2) + 2, "VALID");
		check_margin(t);
		user_press(t, "Enter");
		assert_string_equal(terminal_row(t, 2) + 2, "VALID");
		check_margin(t);
		user_quit(&t);
		/* Used lately. */
		t = user_start(NULL);
		user_press(t, "2");
		user_press(t, "End");
		user_is_on(t, "_signed.pdf");
		check_margin(t);
		check_wire(t);
		user_press(t, "Enter");
		assert_string_equal(terminal_row(t, 2) + 2, "VALID");
		check_wire(t);
		user_quit(&t);
		assert_true(user_has(in_documents(i, "_signed.pdf")));
		assert_int_equal(user_run("rm ~/documents/*_signed.pdf"), 0);
		assert_int_equal(remove(user_path(in_documents(i, ".pdf"))), 0);
		assert_int_equal(user_run("rm -r ~/.local/state"), 0);
	}
}

/* A folder and a key file can have such names too. */
static void folders_and_key_files_too(void **state)
{
	struct terminal *t;

	(void)state;
	assert_int_equal(
		user_run("cd ~/documents && mkdir \"$(printf 'x\\n\\033[7mVALID')\" && "
			 "cp letter.pdf key.p12 x*/ && mv x*/key.p12 \"$(printf 'x\\n\\033[7mVALID/y\\a.p12')\""),
		0);
	t = user_start(NULL);
	user_press(t, "Enter");
	user_press(t, "o");
	user_press(t, "Down");
	user_is_on(t, "x\\x0a\\x1b[7mVALID/");
	user_press(t, "Enter");
	user_sees(t, "/documents/x\\x0a\\x1b[7mVALID");
	check_margin(t);
	user_open(t, "letter.pdf");
	user_press(t, "2");
	user_press(t, "Down");
	user_press(t, "Enter");
	user_press(t, "Down");
	user_is_on(t, "y\\x07.p12");
	user_press(t, "Enter");
	user_sees(t, "y\\x07.p12");
	check_margin(t);
	user_press(t, "s");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	check_wire(t);
	user_quit(&t);
	/* Remembered. */
	t = user_start(NULL);
	user_sees(t, USER_NAME);
	user_sees(t, "y\\x07.p12");
	check_margin(t);
	check_wire(t);
	user_quit(&t);
	assert_int_equal(user_count("documents", "letter_signed.pdf"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(they_are_signed_under_exactly_that_name, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(each_is_shown_harmless_wherever_it_stands, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(folders_and_key_files_too, user_setup, user_teardown),
	};

	return cmocka_run_group_tests_name("screens_names", tests, NULL, NULL);
}
