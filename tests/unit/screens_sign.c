/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Signing and verifying with the keyboard, as a person does it for the first time, against the real program. */

#include "support/user.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* What is said on the way, in a language. */
struct words {
	const char *language;
	const char *welcome, *sign_with_key, *verify;
	const char *to_be_signed, *passphrase, *done, *is_signed, *ok, *document, *certificate;
	const char *valid, *contains, *show, *one_of_one, *signer, *days_left;
};

static const struct words english = { "BESIGN_LANG=en", "BeSign signs PDF documents", "Sign with a key file", "Verify",
	"To be signed:", "Passphrase", "Done: 1 document is signed", "SIGNED  letter_signed.pdf", "OK", "Document",
	"Certificate:", "VALID", "This document contains signatures", "Show", "1 of 1: VALID",
	"Signer:", "(100 days left)" };
static const struct words indonesian = { "BESIGN_LANG=id", "BeSign menandatangani", "Tanda tangan dengan berkas kunci",
	"Verifikasi", "Akan ditandatangani:", "Frasa Sandi", "Berhasil: 1 dokumen", "DITANDATANGANI  letter_signed.pdf",
	"OK", "Dokumen", "Sertifikat", "VALID", "Dokumen ini berisi tanda tangan", "Tampilkan", "1 dari 1: VALID",
	"Penanda tangan:", "(sisa 100 hari)" };

/* From the first screen to the result, step by step. */
static void sign_letter(struct terminal *t, const struct words *w)
{
	user_sees(t, w->welcome);
	user_is_on(t, w->sign_with_key);
	user_press(t, "Enter");
	user_press(t, "o");
	user_is_on(t, "../");
	user_press(t, "Down");
	user_is_on(t, "[ ] letter.pdf");
	user_press(t, "Enter");
	user_press(t, "Enter");
	user_is_on(t, "../");
	user_press(t, "Down");
	user_is_on(t, "key.p12");
	user_press(t, "Enter");
	user_press(t, "Enter");
	user_sees(t, w->to_be_signed);
	user_is_on(t, w->passphrase);
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, w->done);
	user_is_on(t, w->is_signed);
}

static void verify_letter(struct terminal *t, const struct words *w)
{
	user_press(t, "o");
	user_open(t, "letter_signed.pdf");
	/* The verdict has the first line of the body for itself. */
	assert_string_equal(terminal_row(t, 2) + 2, w->valid);
	user_sees(t, w->contains);
	user_is_on(t, w->show);
	user_press(t, "Enter");
	assert_string_equal(terminal_row(t, 2) + 2, w->valid);
	user_sees(t, w->one_of_one);
	user_sees(t, w->signer);
	user_sees(t, USER_NAME);
}

static void sign_and_verify(const struct words *w)
{
	const char *environment[] = { w->language, NULL };
	struct terminal *t = user_start(environment);

	user_copy("documents/letter.pdf", "before.pdf");
	sign_letter(t, w);
	assert_true(user_same("documents/letter.pdf", "before.pdf"));
	assert_int_equal(user_count("documents", ""), 4);
	user_press(t, "Enter");
	user_sees(t, "letter_signed.pdf");
	user_press(t, "Escape");
	user_press(t, "Down");
	user_is_on(t, w->ok);
	user_press(t, "Enter");
	user_is_on(t, w->sign_with_key);
	user_press(t, "Down Enter");
	verify_letter(t, w);
	user_quit(&t);

	/* The next time the program knows who it is. */
	t = user_start(environment);
	assert_true(strncmp(terminal_row(t, 2) + 2, w->certificate, strlen(w->certificate)) == 0);
	user_sees(t, USER_NAME);
	user_sees(t, w->days_left);
	user_sees(t, "documents/key.p12");
	user_quit(&t);
	assert_int_equal(user_mode(".local/state/besign"), 0700);
	assert_int_equal(user_mode(".local/state/besign/state"), 0600);
	assert_int_equal(user_mode(".config/besign/config"), 0600);
}

static void a_document_is_signed_and_verified(void **state)
{
	(void)state;
	sign_and_verify(&english);
}

static void the_same_in_indonesian(void **state)
{
	(void)state;
	sign_and_verify(&indonesian);
}

static void pdfsig_agrees(void **state)
{
	struct terminal *t;

	(void)state;
	if (user_run("command -v pdfsig >/dev/null") != 0)
		skip();
	t = user_start(NULL);
	sign_letter(t, &english);
	user_quit(&t);
	assert_int_equal(user_run("cd ~/documents && pdfsig -nocert letter_signed.pdf >../said 2>&1"), 0);
	assert_int_equal(user_run("grep -q 'Signature is Valid' ~/said"), 0);
	assert_int_equal(user_run("grep -q 'Total document signed' ~/said"), 0);
	assert_int_equal(user_run("grep -q 'Common Name: " USER_NAME "$' ~/said"), 0);
}

/* Settings and state are made for nobody else to read, whatever the umask. */
static void what_is_kept_is_kept_to_oneself(void **state)
{
	const char *command[] = { "/bin/sh", "-c", "umask 0; exec \"$0\"", getenv("BESIGN"), NULL };
	struct terminal *t;

	(void)state;
	assert_int_equal(user_run("rm -r ~/.config"), 0);
	t = user_start_as(&(struct terminal_setup){ .command = command });
	user_press(t, "f");
	user_sees(t, "Bahasa Indonesia");
	user_press(t, "1");
	user_press(t, "3");
	user_sees(t, indonesian.welcome);
	user_quit(&t);
	assert_int_equal(user_mode(".config/besign"), 0700);
	assert_int_equal(user_mode(".config/besign/config"), 0600);
	assert_int_equal(user_run("grep -q '^language = id' ~/.config/besign/config"), 0);
}

static void each_of_several_documents_has_its_result(void **state)
{
	struct terminal *t;

	(void)state;
	user_write("documents/broken.pdf", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog", 34);
	user_write("documents/no.pdf", "just text\n", 10);
	t = user_start(NULL);
	user_press(t, "Enter");
	user_press(t, "o");
	for (int i = 0; i < 5; i++)
		user_press(t, i == 0 ? "Down" : "Space");
	user_sees(t, "[x] broken.pdf");
	user_sees(t, "[x] letter.pdf");
	user_sees(t, "[x] no.pdf");
	user_sees(t, "[x] report.pdf");
	user_is_on(t, "Continue with 4 documents");
	user_press(t, "Enter");
	user_sees(t, "4 documents: broken.pdf");
	user_press(t, "Enter");
	user_open(t, "key.p12");
	user_press(t, "s");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "2 of 4 documents are signed");
	user_is_on(t, "NOT SIGNED  broken.pdf: ");
	user_sees(t, "SIGNED  letter_signed.pdf");
	user_sees(t, "NOT SIGNED  no.pdf: ");
	user_sees(t, "SIGNED  report_signed.pdf");
	user_press(t, "Enter");
	assert_string_equal(terminal_row(t, 2) + 2, "NOT SIGNED");
	user_sees(t, "documents/broken.pdf");
	user_press(t, "2");
	user_sees(t, "there is no signed document");
	user_press(t, "Escape");
	user_press(t, "Down Enter");
	assert_string_equal(terminal_row(t, 2) + 2, "SIGNED");
	user_press(t, "3");
	assert_string_equal(terminal_row(t, 2) + 2, "VALID");
	user_quit(&t);
	assert_int_equal(user_count("documents", "_signed"), 2);
	assert_true(user_has("documents/letter_signed.pdf") && user_has("documents/report_signed.pdf"));
	assert_int_equal(user_count("documents", ""), 7);
}

static void a_wrong_passphrase_loses_nothing(void **state)
{
	struct terminal *t = user_start(NULL);
	int row;

	(void)state;
	user_press(t, "Enter");
	user_choose(t, "letter.pdf", "key.p12");
	user_type(t, "this is not it");
	user_sees(t, "**************");
	user_press(t, "Enter");
	user_sees(t, "passphrase of the key file is wrong");
	user_misses(t, "*");
	assert_true(terminal_find(t, "passphrase of the key file is wrong", &row, NULL));
	assert_int_equal(row, 22);
	user_is_on(t, "Passphrase:");
	user_sees(t, "letter.pdf");
	assert_int_equal(user_count("documents", "_signed"), 0);
	user_type(t, USER_PASSPHRASE);
	user_misses(t, "passphrase of the key file is wrong");
	assert_false(user_left(t, USER_PASSPHRASE));
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	assert_false(user_left(t, USER_PASSPHRASE));
	assert_false(user_left(t, "this is not it"));
	/* The search does find what is there. */
	assert_true(user_left(t, USER_NAME) && user_left(t, "BESIGN_LANG") && user_left(t, "letter_signed"));
	user_quit(&t);
}

/* Nobody is asked for a passphrase for the sake of a slip of the finger. */
static void a_typed_name_that_leads_nowhere_is_said_and_kept(void **state)
{
	struct terminal *t = user_start(NULL);

	(void)state;
	user_press(t, "Enter");
	user_press(t, "o");
	user_press(t, "t");
	user_press(t, "^U");
	user_type(t, "leter.pdf");
	user_press(t, "Enter");
	user_sees(t, "The file does not exist");
	user_is_on(t, "Name: [leter.pdf");
	user_press(t, "Home");
	user_press(t, "Right");
	user_press(t, "Right");
	user_type(t, "t");
	user_press(t, "Enter");
	user_sees(t, "Documents: letter.pdf");
	user_quit(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_document_is_signed_and_verified, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(the_same_in_indonesian, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(pdfsig_agrees, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(what_is_kept_is_kept_to_oneself, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(each_of_several_documents_has_its_result, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(
			a_typed_name_that_leads_nowhere_is_said_and_kept, user_setup, user_teardown),
		cmocka_unit_test_setup_teardown(a_wrong_passphrase_loses_nothing, user_setup, user_teardown),
	};

	return cmocka_run_group_tests_name("screens_sign", tests, NULL, NULL);
}
