/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The journal, and a batch that was interrupted, as a person meets them; with an engine that answers as it should. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "support/stage.h"

#include <string.h>

/* ---- an interrupted batch ---- */

static void it_is_offered_and_the_rest_is_signed(void **state)
{
	struct stage *s = *state;

	stage_interrupt(s, 1, false);
	assert_string_equal(stage_screen(s), "resume");
	assert_true(stage_shows(s, "An earlier batch was interrupted: 2 of 5 signed"));
	assert_true(stage_shows(s, "Not signed: 3 documents: tiga.pdf, ..."));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_int_equal(s->taken, 1);
	assert_int_equal(s->guards, 1);
	assert_true(stage_shows(s, "To be signed: 3 documents"));
	assert_null(strstr(stage_picture(s), "Replace"));
	stage_press(s, "salah Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_true(stage_shows(s, "Done: 3 documents are signed"));
	assert_true(stage_shows(s, "SIGNED  tiga_signed.pdf"));
	assert_string_equal(s->key_file, "/rumah/sari/sari.p12");
	assert_false(s->retried);
	stage_press(s, "Tab Enter");
	assert_string_equal(stage_screen(s), "home");
	assert_null(strstr(stage_picture(s), "Interrupted batch"));
}

static void later_is_possible_and_the_main_page_leads_back(void **state)
{
	struct stage *s = *state;

	stage_interrupt(s, 1, false);
	stage_press(s, "2");
	assert_string_equal(stage_screen(s), "home");
	assert_int_equal(s->taken + s->forgotten, 0);
	assert_true(stage_shows(s, "7 Interrupted batch"));
	stage_press(s, "7");
	assert_string_equal(stage_screen(s), "resume");
	/* Back from the passphrase: it is not ours any more, and can be taken again. */
	stage_press(s, "1 Esc");
	assert_string_equal(stage_screen(s), "resume");
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_int_equal(s->taken, 2);
}

static void it_can_be_forgotten_after_a_question(void **state)
{
	struct stage *s = *state;

	stage_interrupt(s, 2, false);
	assert_true(stage_shows(s, "Others:     1 more"));
	stage_press(s, "3 1");
	assert_string_equal(stage_screen(s), "resume");
	assert_int_equal(s->forgotten, 0);
	stage_press(s, "3 2");
	assert_int_equal(s->forgotten, 1);
	assert_string_equal(stage_screen(s), "resume");
	assert_null(strstr(stage_picture(s), "Others"));
	stage_press(s, "3 2");
	assert_string_equal(stage_screen(s), "home");
	assert_true(stage_shows(s, "It is forgotten; what was signed stays signed"));
	assert_null(strstr(stage_picture(s), "7 Interrupted batch"));
}

static void an_unknown_outcome_is_tried_again_only_when_asked_for(void **state)
{
	struct stage *s = *state;

	stage_interrupt(s, 1, true);
	assert_true(stage_shows(s, "Not known:  1 document; the service was asked"));
	stage_press(s, "1");
	assert_true(stage_shows(s, "To be signed: 2 documents"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_false(s->retried);
	stage_press(s, "Tab Enter");
	stage_interrupt(s, 1, true);
	stage_press(s, "End Space");
	assert_true(stage_shows(s, "[x] Sign those of unknown outcome as well"));
	stage_press(s, "1");
	assert_true(stage_shows(s, "To be signed: 3 documents"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_true(s->retried);
}

static void cancel(struct stage *stage, size_t done)
{
	if (done == 1)
		ui_job_cancel(stage->ui);
}

static void go_away(struct stage *stage, size_t done)
{
	if (done != 1)
		return;
	stage->ui->ending = true;
	ui_job_cancel(stage->ui);
}

#define SIGN_ALL "1 1 a c 3 " STAGE_PASSPHRASE " Enter"

static void who_cancels_is_not_asked_about_it(void **state)
{
	struct stage *s = *state;

	s->during = cancel;
	stage_press(s, SIGN_ALL);
	assert_string_equal(stage_screen(s), "sign_result");
	assert_int_equal(s->forgotten, 1);
}

static void what_a_signal_cancels_is_left(void **state)
{
	struct stage *s = *state;

	s->during = go_away;
	stage_press(s, SIGN_ALL);
	assert_int_equal(s->signings, 1);
	assert_int_equal(s->forgotten, 0);
}

/* ---- the journal ---- */

static void the_newest_comes_first_and_letters_find_one(void **state)
{
	struct stage *s = *state;

	stage_press(s, "6");
	assert_string_equal(stage_screen(s), "journal");
	assert_true(stage_shows(s, "> 2026-05-28 SIGNED         surat 2_signed.pdf"));
	assert_true(stage_shows(s, "1 line of the journal is not whole"));
	stage_press(s, "/ hilang Enter");
	assert_null(strstr(stage_picture(s), "surat 2"));
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "journal_entry");
	assert_true(stage_shows(s, "File now: it is no longer there"));
	assert_true(stage_shows(s, "1 Verify again  (it is no longer there)"));
	stage_press(s, "v");
	assert_int_equal(s->verifications, 0);
}

static void a_signed_document_is_verified_again(void **state)
{
	struct stage *s = *state;

	stage_press(s, "6 Enter");
	assert_true(stage_shows(s, "File now: it is as it was signed"));
	stage_press(s, "v");
	assert_string_equal(stage_screen(s), "verify_result");
	assert_int_equal(s->verifications, 1);
	assert_string_equal(s->desk.state.documents[0], "/rumah/sari/surat/surat 2_signed.pdf");
	stage_press(s, "Esc Esc / ubah Enter Enter");
	assert_true(stage_shows(s, "File now: it is not the one that was signed, or was changed since"));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "verify_result");
}

static void its_folder_is_opened_and_its_name_copied(void **state)
{
	struct stage *s = *state;

	assert_int_equal(state_set_directory(&s->desk.state, "/rumah/sari", NULL), BE_OK);
	stage_press(s, "6 Enter c");
	assert_true(stage_shows(s, "/rumah/sari/surat/surat 2_signed.pdf"));
	stage_press(s, "o");
	assert_string_equal(stage_screen(s), "browse");
	assert_string_equal(s->desk.state.directory, "/rumah/sari/surat");
	assert_true(stage_shows(s, "asing.pdf"));
	stage_press(s, "/ asing Enter Enter");
	assert_string_equal(stage_screen(s), "verify_result");
}

static void what_failed_says_why_and_is_not_verified(void **state)
{
	struct stage *s = *state;

	stage_press(s, "6 Down Enter");
	assert_true(stage_shows(s, "FAILED"));
	assert_true(stage_shows(s, "Error: damaged"));
	assert_true(stage_shows(s, "1 Verify again  (there is no signed document)"));
	assert_null(strstr(stage_picture(s), "SHA-256"));
	stage_press(s, "v");
	assert_string_equal(stage_screen(s), "journal_entry");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_offered_and_the_rest_is_signed, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			later_is_possible_and_the_main_page_leads_back, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(it_can_be_forgotten_after_a_question, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			an_unknown_outcome_is_tried_again_only_when_asked_for, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(who_cancels_is_not_asked_about_it, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(what_a_signal_cancels_is_left, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			the_newest_comes_first_and_letters_find_one, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(a_signed_document_is_verified_again, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(its_folder_is_opened_and_its_name_copied, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(what_failed_says_why_and_is_not_verified, stage_setup, stage_teardown),
	};

	return cmocka_run_group_tests_name("screens_journal", tests, NULL, NULL);
}
