/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Verifying what cannot be verified, and files that are not what they were a moment ago. */

#include "support/user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static struct terminal *begin_verifying(void)
{
	struct terminal *t = user_start(NULL);

	user_press(t, "3");
	user_sees(t, "BeSign - Verify");
	return t;
}

/* The letter, signed: documents/letter_signed.pdf. */
static void sign_letter(void)
{
	struct terminal *t = user_start(NULL);

	user_press(t, "Enter");
	user_choose(t, "letter.pdf", "key.p12");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_quit(&t);
}

static void what_cannot_be_judged_is_said(void **state)
{
	struct terminal *t;

	(void)state;
	user_write("documents/broken.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog", 34);
	user_write("documents/no.pdf", "just text\n", 10);
	user_write("documents/empty.pdf", "", 0);
	t = begin_verifying();
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "broken.pdf", "no.pdf", "empty.pdf" };

		user_press(t, "o");
		user_open(t, names[i]);
		user_sees(t, "BeSign - Result");
		assert_string_equal(terminal_row(t, 2) + 2, "CANNOT CHECK");
		user_sees(t, names[i]);
		user_misses(t, "VALID ");
		user_is_on(t, "1 OK");
		user_press(t, "Enter");
	}
	/* It is no document that one would want again. */
	user_misses(t, "Used lately");
	user_press(t, "o");
	user_open(t, "report.pdf");
	assert_string_equal(terminal_row(t, 2) + 2, "NO SIGNATURE");
	user_quit(&t);
}

static void a_changed_document_is_not_valid(void **state)
{
	struct terminal *t;

	(void)state;
	sign_letter();
	assert_int_equal(
		user_run("sed 's/MediaBox/mediaBox/' ~/documents/letter_signed.pdf >~/documents/forged.pdf"), 0);
	assert_false(user_same("documents/forged.pdf", "documents/letter_signed.pdf"));
	t = user_start(NULL);
	user_press(t, "2");
	user_press(t, "o");
	user_open(t, "forged.pdf");
	assert_string_equal(terminal_row(t, 2) + 2, "NOT VALID");
	user_press(t, "Enter");
	assert_string_equal(terminal_row(t, 2) + 2, "NOT VALID");
	user_sees(t, "1 of 1: NOT VALID");
	user_quit(&t);
}

/* Between being listed and being opened. */
static void a_file_that_is_gone_or_is_another_kind_is_said(void **state)
{
	struct terminal *t = begin_verifying();

	(void)state;
	user_press(t, "o");
	user_press(t, "Down");
	user_is_on(t, "letter.pdf");
	assert_int_equal(unlink(user_path("documents/letter.pdf")), 0);
	user_press(t, "Enter");
	user_sees(t, "CANNOT CHECK");
	user_sees(t, "The document does not exist");
	user_press(t, "Enter");
	user_press(t, "o");
	user_misses(t, "letter.pdf");
	user_press(t, "Down");
	user_is_on(t, "report.pdf");
	assert_int_equal(user_run("rm ~/documents/report.pdf && mkdir ~/documents/report.pdf"), 0);
	user_press(t, "Enter");
	user_sees(t, "CANNOT CHECK");
	user_sees(t, "This is no file but a folder or a device");
	user_press(t, "Enter");
	user_press(t, "o");
	user_press(t, "Down");
	user_is_on(t, "report.pdf/");
	user_press(t, "Enter");
	user_sees(t, "documents/report.pdf");
	user_quit(&t);
}

/* What was used lately may be gone as well. */
static void a_document_of_last_time_that_is_gone_is_said(void **state)
{
	struct terminal *t;

	(void)state;
	sign_letter();
	assert_int_equal(unlink(user_path("documents/letter_signed.pdf")), 0);
	t = user_start(NULL);
	user_press(t, "2");
	user_sees(t, "Used lately:");
	user_press(t, "End");
	user_is_on(t, "letter_signed.pdf");
	user_press(t, "Enter");
	user_sees(t, "CANNOT CHECK");
	user_sees(t, "The document does not exist");
	user_quit(&t);
}

/* The superuser may read everything, unless that is taken away. */
static void what_cannot_be_read_is_said(void **state)
{
	const char *superuser[] = { "setpriv", "--bounding-set=-dac_override,-dac_read_search",
		"--inh-caps=-dac_override,-dac_read_search", getenv("BESIGN"), NULL };
	const bool is_superuser = geteuid() == 0;
	struct terminal *t;

	(void)state;
	assert_int_equal(
		user_run(
			"mkdir -p ~/documents/closed ~/documents/going && chmod 0 ~/documents/closed ~/documents/letter.pdf"),
		0);
	t = user_start_as(&(struct terminal_setup){ .command = is_superuser ? superuser : NULL });
	user_press(t, "3");
	user_press(t, "o");
	user_press(t, "Down");
	user_is_on(t, "closed/");
	user_press(t, "Enter");
	user_sees(t, "You are not allowed to see what is in this directory");
	user_is_on(t, "closed/");
	user_press(t, "Down");
	user_is_on(t, "going/");
	assert_int_equal(rmdir(user_path("documents/going")), 0);
	user_press(t, "Enter");
	user_sees(t, "There is no such directory");
	user_is_on(t, "going/");
	user_press(t, "Down");
	user_is_on(t, "letter.pdf");
	user_press(t, "Enter");
	user_sees(t, "CANNOT CHECK");
	user_sees(t, "You are not allowed to read this file");
	user_quit(&t);
	assert_int_equal(user_run("chmod 700 ~/documents/closed"), 0);
}

/* Where a signed copy cannot be written, that is the document's result. */
static void a_folder_that_cannot_be_written_to_is_said(void **state)
{
	const char *superuser[] = { "setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override",
		getenv("BESIGN"), NULL };
	struct terminal *t;

	(void)state;
	t = user_start_as(&(struct terminal_setup){ .command = geteuid() == 0 ? superuser : NULL });
	user_press(t, "Enter");
	user_choose(t, "letter.pdf", "key.p12");
	assert_int_equal(user_run("chmod 500 ~/documents"), 0);
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_is_on(t, "NOT SIGNED  letter.pdf: ");
	user_quit(&t);
	assert_int_equal(user_run("chmod 700 ~/documents"), 0);
	assert_int_equal(user_count("documents", ""), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_cannot_be_judged_is_said, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_changed_document_is_not_valid, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(
			a_file_that_is_gone_or_is_another_kind_is_said, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(
			a_document_of_last_time_that_is_gone_is_said, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(what_cannot_be_read_is_said, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_folder_that_cannot_be_written_to_is_said, user_setup, user_teardown),
	};

	return cmocka_run_group_tests_name("screens_verify", tests, NULL, NULL);
}
