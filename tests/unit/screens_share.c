/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Bagikan: from the result of signing and of verifying, each way, and what is remembered. On a stage, then with the real
 * program. */

#include "support/stage.h"
#include "support/user.h"

#include "base/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define SIGNED "1 1 / surat Enter Enter 3 benar Enter "
#define ALL_SIGNED "1 1 a c 3 benar Enter "
#define MAIL "4 9 sari@contoh.example Tab surel.contoh.example Tab Tab sari Tab Tab Enter Esc "

static void the_button_is_called_as_the_seed_has_it(void **state)
{
	struct stage *s = *state;

	i18n_set(I18N_ID);
	stage_press(s, SIGNED);
	assert_true(stage_shows(s, "2 Bagikan\n"));
	i18n_set(I18N_EN);
	assert_true(stage_shows(s, "2 Share\n"));
}

/* ---- where it begins ---- */

static void nothing_signed_is_nothing_to_share(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 / rusak Enter Enter 3 benar Enter 2");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_true(stage_shows(s, "there is no signed document"));
	assert_int_equal(s->shares, 0);
}

static void only_what_was_signed_is_shared(void **state)
{
	struct stage *s = *state;

	stage_press(s, ALL_SIGNED "2");
	assert_string_equal(stage_screen(s), "share");
	assert_true(stage_shows(s, "To be shared: 7 documents"));
	stage_press(s, "1 /arsip Enter");
	assert_string_equal(stage_screen(s), "share_result");
	assert_true(stage_shows(s, "6 of 7 documents are shared"));
	assert_true(stage_shows(s, "SHARED  surat 10_signed.pdf"));
	assert_true(stage_shows(s, "NOT SHARED  ubah_signed.pdf: The file already exists"));
	/* Back to where it began. */
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "sign_result");
}

static void one_document_is_shared_from_its_own_screen(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGNED "Enter 4");
	assert_string_equal(stage_screen(s), "share");
	assert_true(stage_shows(s, "To be shared: surat 2_signed.pdf"));
	stage_press(s, "Esc");
	assert_string_equal(stage_screen(s), "sign_document");
}

static void a_document_that_was_verified_is_shared(void **state)
{
	struct stage *s = *state;

	stage_press(s, "2 1 / surat Enter Enter 4");
	assert_string_equal(stage_screen(s), "share");
	stage_press(s, "1 /arsip Enter 1");
	assert_string_equal(stage_screen(s), "verify_result");
	assert_int_equal(s->shares, 1);
}

static void one_without_signatures_has_no_such_button(void **state)
{
	struct stage *s = *state;

	stage_press(s, "2 1 / kosong Enter Enter");
	assert_null(strstr(stage_picture(s), "Share"));
}

/* ---- into a folder ---- */

static void a_folder_is_named_and_remembered(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGNED "2 1 Enter");
	assert_int_equal(s->shares, 0);
	stage_press(s, "arsip Tab Space Tab Space Tab Enter");
	/* Where documents were looked for is where a name without a slash begins. */
	assert_string_equal(s->share, "folder /rumah/sari/surat/arsip move replace");
	assert_true(stage_shows(s, "Done: 1 document is shared"));
	stage_press(s, "Enter");
	assert_true(stage_shows(s, "surat 2_signed.pdf -> /rumah/sari/arsip/"));
	stage_press(s, "Enter 1 2 1");
	assert_true(stage_shows(s, "/rumah/sari/surat/arsip"));
	assert_string_equal(s->desk.state.documents[0], "/rumah/sari/arsip/");
}

static void a_folder_that_is_missing_loses_nothing(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGNED "2 1 /hilang Enter");
	assert_string_equal(stage_screen(s), "share_folder");
	assert_true(stage_shows(s, "The folder cannot be used"));
	assert_true(stage_shows(s, "[/hilang "));
	assert_null(s->desk.state.share_folder);
}

/* ---- by mail ---- */

static void mail_needs_a_sender_first(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGNED "2 2 budi@contoh.example Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "share_mail");
	assert_true(stage_shows(s, "Your own mail address is missing"));
	assert_int_equal(s->shares, 0);
	/* The way there is one button, and what was typed is still there afterwards. */
	stage_press(s, "Tab Enter sari@contoh.example Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "share_mail");
	assert_true(stage_shows(s, "sari@contoh.example"));
	assert_true(stage_shows(s, "[budi@contoh.example "));
	assert_null(strstr(stage_picture(s), "Password"));
	stage_press(s, "BackTab Enter");
	assert_string_equal(
		s->share, "mail sari@contoh.example to budi@contoh.example subject  message  server  user  password -");
	assert_string_equal(s->desk.state.share_mail, "budi@contoh.example");
}

static void a_server_that_asks_gets_the_password_and_nobody_else(void **state)
{
	struct stage *s = *state;

	stage_press(s, MAIL SIGNED "2 2 budi@contoh.example Tab Halo Tab Pesan Tab Tab Enter");
	/* Without one the cursor goes there. */
	assert_int_equal(s->shares, 0);
	stage_press(s, "salah Enter");
	assert_string_equal(stage_screen(s), "share_mail");
	assert_true(stage_shows(s, "does not accept this user and password"));
	assert_true(stage_shows(s, "> Password:     [ "));
	assert_null(strstr(stage_picture(s), "salah"));
	stage_press(s, "benar Enter");
	assert_string_equal(stage_screen(s), "share_result");
	assert_string_equal(s->share,
		"mail sari@contoh.example to budi@contoh.example subject Halo message Pesan "
		"server surel.contoh.example user sari password benar");
	assert_true(s->guards >= 1);
}

static void an_address_that_is_none_is_named(void **state)
{
	struct stage *s = *state;

	stage_press(s, MAIL SIGNED "2 2 budi@contoh.example,dewi Tab Tab Tab benar Enter");
	assert_true(stage_shows(s, "This is no mail address"));
	assert_true(stage_shows(s, "(dewi)"));
	assert_int_equal(s->shares, 0);
}

static void nobody_says_sent_when_nobody_knows(void **state)
{
	struct stage *s = *state;

	stage_press(s, MAIL SIGNED "2 2 sunyi@contoh.example Tab Tab Tab benar Enter");
	assert_true(stage_shows(s, "NOT KNOWN  surat 2_signed.pdf"));
	assert_true(stage_shows(s, "0 of 1 documents are shared"));
}

/* ---- to a server ---- */

static void a_server_is_named_and_remembered(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGNED "2 3 Tab Tab Tab Tab Enter");
	assert_true(stage_shows(s, "The address has to be sftp://USER@HOST/FOLDER"));
	stage_press(s,
		"BackTab BackTab BackTab BackTab sari@arsip.contoh.example/masuk Tab /kunci Tab benar Tab Space Tab Enter");
	assert_string_equal(
		s->share, "server sftp://sari@arsip.contoh.example/masuk identity /kunci password benar replace");
	stage_press(s, "1 2 3");
	assert_true(stage_shows(s, "sftp://sari@arsip.contoh.example/masuk"));
	assert_true(stage_shows(s, "/kunci"));
	/* But no password. */
	stage_press(s, "Tab Tab Enter");
	assert_string_equal(s->share, "server sftp://sari@arsip.contoh.example/masuk identity /kunci password -");
}

static void an_unknown_key_is_refused_with_its_fingerprint(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGNED "2 3 sari@asing.contoh.example Tab Tab Enter");
	assert_string_equal(stage_screen(s), "share_server");
	assert_true(stage_shows(s, "The server's key is not in known_hosts"));
	assert_true(stage_shows(s, "SHA256:AAAA"));
}

/* ---- the rest ---- */

static void names_are_copied(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGNED "2 4");
	assert_true(stage_shows(s, "/rumah/sari/surat/surat 2_signed.pdf"));
	assert_string_equal(stage_screen(s), "share");
}

static void cancel_after_two(struct stage *stage, size_t done)
{
	if (done == 2)
		stage_press(stage, "^C");
}

static void what_was_done_before_a_cancel_stays(void **state)
{
	struct stage *s = *state;

	stage_press(s, ALL_SIGNED "2 1 /arsip");
	s->during = cancel_after_two;
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "share_result");
	assert_true(stage_shows(s, "2 of 7 documents are shared"));
	assert_true(stage_shows(s, "NOT SHARED  surat 10_signed.pdf: Cancelled"));
}

static void settings_take_an_address_or_none(void **state)
{
	struct stage *s = *state;

	stage_press(s, "4 9 sari Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "settings_share");
	assert_true(stage_shows(s, "Your own mail address is none"));
	assert_string_equal(s->desk.settings.mail_from, "");
	stage_press(s, "BackTab BackTab BackTab ^U sari@contoh.example Tab a/b Tab Tab Tab Tab Enter");
	assert_true(stage_shows(s, "The mail server has to be HOST or HOST:PORT"));
	stage_press(
		s, "BackTab BackTab BackTab BackTab ^U surel.contoh.example:465 Tab Down Space Tab sari Tab Tab Enter");
	assert_string_equal(stage_screen(s), "settings");
	assert_true(stage_shows(s, "The settings are saved"));
	assert_string_equal(s->desk.settings.mail_server, "surel.contoh.example:465");
	assert_int_equal(s->desk.settings.mail_security, SETTINGS_SECURITY_TLS);
	assert_string_equal(s->desk.settings.mail_user, "sari");
}

/* ---- the real program ---- */

#define SECRET "kata sandi Siti 2026"

static struct terminal *sign_letter(void)
{
	struct terminal *t = user_start(NULL);

	user_press(t, "Enter");
	user_choose(t, "letter.pdf", "key.p12");
	user_type(t, USER_PASSPHRASE);
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is signed");
	user_press(t, "2");
	user_sees(t, "To be shared: letter_signed.pdf");
	return t;
}

static void a_signed_document_arrives_in_a_folder(void **state)
{
	struct terminal *t;

	(void)state;
	assert_int_equal(user_run("mkdir ~/arsip"), 0);
	t = sign_letter();
	user_press(t, "1");
	user_type(t, "~/arsip");
	user_press(t, "Enter");
	user_sees(t, "Done: 1 document is shared");
	user_is_on(t, "SHARED  letter_signed.pdf");
	assert_true(user_same("documents/letter_signed.pdf", "arsip/letter_signed.pdf"));
	user_press(t, "1");
	user_sees(t, "Done: 1 document is signed");
	user_press(t, "2 1");
	user_press(t, "Enter");
	user_sees(t, "NOT SHARED  letter_signed.pdf: The file already exists");
	user_press(t, "1");
	user_press(t, "2 1");
	user_press(t, "Tab Space");
	user_press(t, "Tab Space");
	user_press(t, "Tab Enter");
	user_sees(t, "Done: 1 document is shared");
	assert_false(user_has("documents/letter_signed.pdf"));
	assert_int_equal(user_count("arsip", ""), 1);
	user_quit(&t);
	assert_int_equal(user_run("grep -q '^share-folder = /.*/arsip$' ~/.local/state/besign/state"), 0);
}

static void a_signed_document_goes_by_mail(void **state)
{
	struct terminal *t;

	(void)state;
	assert_int_equal(
		user_run("printf '#!/bin/sh\\ncat >\"$HOME/letter\"\\n' >~/mailer && chmod 755 ~/mailer && "
			 "printf 'mail-from = siti@contoh.example\\nsendmail = ~/mailer\\n' >>~/.config/besign/config"),
		0);
	t = sign_letter();
	user_press(t, "2");
	user_type(t, "budi@contoh.example");
	user_press(t, "Tab");
	user_type(t, "Surat");
	user_press(t, "Tab");
	user_press(t, "Tab Enter");
	user_sees(t, "Done: 1 document is shared");
	user_quit(&t);
	assert_int_equal(
		user_run("grep -q '^To: <budi@contoh.example>$' ~/letter && grep -q '^Subject: Surat$' ~/letter"), 0);
	assert_int_equal(
		user_run("sed '1,/^Content-Transfer-Encoding: base64$/d; /^--/,$d' ~/letter | base64 -d >~/arrived"),
		0);
	assert_true(user_same("documents/letter_signed.pdf", "arrived"));
}

/* Nor is it sent to anybody: there is no server at all. */
static void a_password_stays_nowhere(void **state)
{
	struct terminal *t = sign_letter();

	(void)state;
	user_press(t, "3");
	user_type(t, "siti@127.0.0.1:1/masuk");
	user_press(t, "Tab");
	user_press(t, "Tab");
	user_type(t, SECRET);
	user_misses(t, SECRET);
	assert_false(user_left(t, SECRET));
	user_press(t, "Enter");
	user_sees(t, "The other side could not be reached");
	user_misses(t, "*");
	assert_false(user_left(t, SECRET));
	user_quit(&t);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)
#define REAL(test) cmocka_unit_test_setup_teardown(test, user_setup, user_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(the_button_is_called_as_the_seed_has_it),
		STAGED(nothing_signed_is_nothing_to_share),
		STAGED(only_what_was_signed_is_shared),
		STAGED(one_document_is_shared_from_its_own_screen),
		STAGED(a_document_that_was_verified_is_shared),
		STAGED(one_without_signatures_has_no_such_button),
		STAGED(a_folder_is_named_and_remembered),
		STAGED(a_folder_that_is_missing_loses_nothing),
		STAGED(mail_needs_a_sender_first),
		STAGED(a_server_that_asks_gets_the_password_and_nobody_else),
		STAGED(an_address_that_is_none_is_named),
		STAGED(nobody_says_sent_when_nobody_knows),
		STAGED(a_server_is_named_and_remembered),
		STAGED(an_unknown_key_is_refused_with_its_fingerprint),
		STAGED(names_are_copied),
		STAGED(what_was_done_before_a_cancel_stays),
		STAGED(settings_take_an_address_or_none),
		REAL(a_signed_document_arrives_in_a_folder),
		REAL(a_signed_document_goes_by_mail),
		REAL(a_password_stays_nowhere),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
