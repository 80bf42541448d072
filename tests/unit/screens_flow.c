/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What a person does, step by step, with an engine that answers as it should: the screens alone are tested. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/i18n.h"
#include "support/stage.h"

#include <string.h>

#define CHOOSE_SURAT "1 1 / surat Enter Enter "

/* ---- signing ---- */

static void a_newcomer_signs_a_document(void **state)
{
	struct stage *s = *state;

	stage_press(s, "2");
	assert_true(stage_shows(s, "3 Sign  (choose documents first)"));
	stage_press(s, "1 / surat Enter Enter");
	assert_true(stage_shows(s, "Documents: surat 2.pdf"));
	/* The next step has the focus. */
	assert_true(stage_shows(s, "> 2 Choose a key file"));
	stage_press(s, "Enter u");
	assert_string_equal(stage_screen(s), "browse_key");
	stage_press(s, "Esc");
	assert_int_equal(state_set_key(&s->desk.state, "/rumah/sari/sari.p12", NULL, NULL), BE_OK);
	stage_press(s, "s");
	assert_int_equal(s->guards, 1);
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_true(stage_shows(s, "Done: 1 document is signed"));
	assert_true(stage_shows(s, "SIGNED  surat 2_signed.pdf"));
	/* What the certificate said is stage_setup from now on, and the document is among the recent ones. */
	assert_string_equal(s->desk.state.key.name, "Sari Wulandari");
	assert_string_equal(s->desk.state.documents[0], "/rumah/sari/surat/surat 2_signed.pdf");
	stage_press(s, "Tab Enter");
	assert_string_equal(stage_screen(s), "welcome");
}

static void a_key_file_is_chosen(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 2");
	assert_true(stage_shows(s, "sari.p12"));
	stage_press(s, "/ rusak Enter Enter");
	assert_string_equal(stage_screen(s), "sign");
	assert_string_equal(s->desk.state.key_file, "/rumah/sari/rusak.p12");
	/* What was stage_setup belonged to another file. */
	assert_string_equal(s->desk.state.key.name, "");
	stage_press(s, "1 / surat Enter Enter s x Enter");
	assert_true(stage_shows(s, "This is no PKCS#12 key file"));
	assert_string_equal(stage_screen(s), "sign_passphrase");
}

static void a_wrong_passphrase_loses_nothing(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 4 Tab Persetujuan Tab Jakarta");
	stage_press(s, "Up Up Up Up Up Up Up Up 1 / surat Enter Enter 3 salah Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "The passphrase of the key file is wrong"));
	assert_true(stage_shows(s, "> Passphrase:   [                "));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_string_equal(s->passphrase, STAGE_PASSPHRASE);
	assert_string_equal(s->reason, "Persetujuan");
	assert_string_equal(s->location, "Jakarta");
	assert_int_equal(s->signings, 2);
}

static void the_passphrase_is_never_on_the_screen(void **state)
{
	struct stage *s = *state;

	stage_press(s, CHOOSE_SURAT "3 rahasia");
	assert_true(stage_shows(s, "[*******    "));
	assert_null(strstr(stage_picture(s), "rahasia"));
	/* One character at a time, whatever its bytes. */
	stage_type(s, "\xC3\xA9");
	assert_true(stage_shows(s, "[********    "));
	stage_press(s, "Backspace Backspace");
	assert_true(stage_shows(s, "[******    "));
	stage_press(s, "^U");
	assert_true(stage_shows(s, "[          "));
	/* Letters that mean something elsewhere are letters here. */
	stage_press(s, "q?/1 Space");
	assert_true(stage_shows(s, "[*****    "));
	assert_string_equal(stage_screen(s), "sign_passphrase");
}

static void each_document_has_its_own_result(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 a c");
	assert_true(stage_shows(s, "9 documents: asing.pdf, ..."));
	stage_press(s, "3 " STAGE_PASSPHRASE " Enter");
	assert_true(stage_shows(s, "7 of 9 documents are signed"));
	assert_true(stage_shows(s, "NOT SIGNED  rusak.pdf: The document is damaged"));
	assert_true(stage_shows(s, "NOT SIGNED  sudah.pdf: The output exists already"));
	stage_press(s, "/ rusak Enter Enter");
	assert_true(stage_shows(s, "The document is damaged (no trailer)"));
	/* There is nothing to copy or verify of it. */
	stage_press(s, "c");
	assert_true(stage_shows(s, "there is no signed document"));
}

static void an_existing_file_is_replaced_only_when_asked(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 / sudah Enter Enter 3 Down Space Up " STAGE_PASSPHRASE " Enter");
	assert_true(stage_shows(s, "SIGNED  sudah_signed.pdf"));
}

/* ---- visible signatures ---- */

#define VISIBLE CHOOSE_SURAT "5 s "

static void a_visible_signature_is_placed_by_keyboard(void **state)
{
	struct stage *s = *state;

	stage_press(s, VISIBLE);
	assert_string_equal(stage_screen(s), "sign_place");
	assert_true(stage_shows(s, "Page 1 of 2  180 x 60 pt + 379, 746"));
	/* The keys of a numeric keypad: top left, then a point to the right and two down. */
	stage_press(s, "7 L J J");
	assert_true(stage_shows(s, "180 x 60 pt + 37, 38"));
	/* It never leaves the page, and never becomes too small to be seen. */
	stage_press(s, "Left Left Left Left Left Left Left Left Left Left");
	assert_true(stage_shows(s, "180 x 60 pt + 0, 38"));
	stage_press(s, "< < < < < < < < < < < < < < < < < < < < < < < < < < < < < < < <");
	assert_true(stage_shows(s, "18 x 60 pt"));
	stage_press(s, "PageDown PageDown");
	assert_true(stage_shows(s, "There is no further page"));
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "Visible on:   page 2"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_true(s->seen);
	assert_int_equal(s->place.page, 2);
	assert_true(s->place.x == 0 && s->place.y == 38 && s->place.width == 18);
}

static void text_that_is_covered_is_warned_of(void **state)
{
	struct stage *s = *state;

	stage_press(s, VISIBLE "7");
	assert_true(stage_shows(s, "The signature covers text of the page"));
	stage_press(s, "9 3");
	assert_null(strstr(stage_picture(s), "covers text"));
	/* Above a text that is found it covers nothing. */
	stage_press(s, "t Jakarta Enter");
	assert_true(stage_shows(s, "Page 2 of 2  180 x 60 pt + 72, 540"));
	assert_null(strstr(stage_picture(s), "covers text"));
	stage_press(s, "t nirgends Enter");
	assert_true(stage_shows(s, "That text stands nowhere in the document"));
	assert_true(stage_shows(s, "Page 2 of 2  180 x 60 pt + 72, 540"));
}

static void an_existing_field_is_taken_as_it_is(void **state)
{
	struct stage *s = *state;

	stage_press(s, VISIBLE "e");
	assert_true(stage_shows(s, "there is no signature field on this page"));
	stage_press(s, "PageDown e v");
	assert_true(stage_shows(s, "Visible on:   Persetujuan"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(s->place.field, "Persetujuan");
}

static void a_small_window_asks_for_numbers(void **state)
{
	struct stage *s = *state;

	s->ui->columns = 40;
	s->ui->rows = 12;
	stage_press(s, VISIBLE);
	assert_string_equal(stage_screen(s), "sign_numbers");
	/* The last page, top left. */
	stage_press(s, "2 7 Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_true(s->place.page == PDF_PAGE_LAST);
	assert_true(s->place.x == PLACE_MARGIN && s->place.y == PLACE_MARGIN);
}

static void pages_of_another_size_are_told_before_signing(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 a c 5 s v");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_true(stage_shows(s, "1 document (ubah.pdf: 420 x 595 pt)"));
	assert_true(stage_shows(s, "Without that page: 1 document; they will not be signed"));
}

static void numbers_that_are_none_are_said(void **state)
{
	struct stage *s = *state;

	stage_press(s, VISIBLE "a 3 Tab ^U zwei");
	assert_true(stage_shows(s, "(the page is a number from 1)"));
}

static void a_page_that_cannot_be_shown_is_placed_on_by_numbers(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 / rusak Enter Enter 5 s");
	assert_true(stage_shows(s, "The document is damaged"));
	stage_press(s, "v");
	assert_true(stage_shows(s, "the page is not shown"));
	stage_press(s, "a");
	assert_string_equal(stage_screen(s), "sign_numbers");
}

/* ---- jobs ---- */

static void press_cancel(struct stage *s, size_t done)
{
	if (done != 2)
		return;
	assert_string_equal(stage_screen(s), "busy");
	assert_true(stage_shows(s, "2 of 9 done"));
	stage_press(s, "c");
	assert_true(stage_shows(s, "Cancelling"));
	/* A second time there is nothing left to cancel. */
	stage_press(s, "c");
	assert_true(stage_shows(s, "It is being cancelled already"));
}

static void cancelling_keeps_what_is_finished(void **state)
{
	struct stage *s = *state;

	s->during = press_cancel;
	stage_press(s, "1 1 a c 3 " STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
	assert_true(stage_shows(s, "2 of 9 documents are signed"));
	assert_true(stage_shows(s, "Cancelled"));
}

static void press_quit(struct stage *s, size_t done)
{
	if (done != 1)
		return;
	stage_press(s, "q");
	assert_string_equal(stage_screen(s), "pick");
	assert_true(stage_shows(s, "> Wait for it"));
	stage_press(s, "Down Down Enter");
	assert_string_equal(stage_screen(s), "busy");
	assert_false(s->ui->over);
}

static void quitting_waits_for_the_work_when_told_so(void **state)
{
	struct stage *s = *state;

	s->during = press_quit;
	stage_press(s, "1 1 a c 3 " STAGE_PASSPHRASE " Enter");
	assert_true(s->ui->over);
	assert_int_equal(s->desk.state.count, 8);
}

static void leave_the_question_open(struct stage *s, size_t done)
{
	if (done == 1)
		stage_press(s, "q ?");
}

static void an_open_question_does_not_outlive_its_job(void **state)
{
	struct stage *s = *state;

	s->during = leave_the_question_open;
	stage_press(s, CHOOSE_SURAT "3 " STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "sign_result");
}

static void interrupt_during_work(struct stage *s, size_t done)
{
	if (done == 1)
		stage_press(s, "^C");
}

static void interrupt_cancels_work_and_quits_only_twice(void **state)
{
	struct stage *s = *state;

	s->during = interrupt_during_work;
	stage_press(s, "1 1 a c 3 " STAGE_PASSPHRASE " Enter");
	assert_true(stage_shows(s, "1 of 9 documents are signed"));
	stage_press(s, "^C");
	assert_true(stage_shows(s, "Press ^C once more to quit"));
	stage_press(s, "Down ^C");
	assert_false(s->ui->over);
	stage_press(s, "^C");
	assert_true(s->ui->over);
	assert_int_equal(s->ui->status, 130);
}

/* ---- verifying and trust ---- */

static void trusting_an_authority_changes_the_verdict(void **state)
{
	struct stage *s = *state;

	stage_press(s, "2 1 / asing Enter Enter");
	assert_true(stage_shows(s, "NOT CERTAIN"));
	assert_true(stage_shows(s, "This document contains signatures"));
	stage_press(s, "2");
	assert_string_equal(stage_screen(s), "trust_certificate");
	assert_true(stage_shows(s, "dddd dddd dddd dddd"));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "confirm");
	/* "No" comes first, and nothing happens by Enter alone. */
	stage_press(s, "1");
	assert_false(s->trusted);
	stage_press(s, "1 2");
	assert_true(s->trusted);
	assert_string_equal(stage_screen(s), "verify_result");
	assert_true(stage_shows(s, "  VALID\n"));
	assert_int_equal(s->verifications, 2);
}

static void trust_is_taken_back(void **state)
{
	struct stage *s = *state;

	s->trusted = true;
	stage_press(s, "4 7");
	assert_true(stage_shows(s, "TRUSTED"));
	stage_press(s, "Enter 1 2");
	assert_false(s->trusted);
	assert_true(stage_shows(s, "The certificate is no longer trusted"));
}

static void an_own_certificate_is_shown_before_it_is_trusted(void **state)
{
	struct stage *s = *state;

	stage_press(s, "4 7 a /milik.pem Enter");
	assert_string_equal(stage_screen(s), "trust_certificate");
	assert_false(s->trusted);
	stage_press(s, "1 2");
	assert_true(s->trusted);
	stage_press(s, "a /rusak.pem Enter");
	assert_true(stage_shows(s, "The file holds no certificate"));
}

static void a_document_that_is_not_there_is_said_so(void **state)
{
	struct stage *s = *state;

	stage_press(s, "2 1 t ^U hilang.pdf Enter");
	assert_string_equal(stage_screen(s), "path");
	assert_true(stage_shows(s, "The file does not exist"));
	assert_true(stage_shows(s, "Name: [hilang.pdf"));
	stage_press(s, "Esc");
	assert_string_equal(stage_screen(s), "browse");
}

/* ---- finding one's way ---- */

static void the_filter_shows_what_matches_and_steps_round(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 / SUR");
	assert_true(stage_shows(s, "Search: SUR"));
	assert_null(strstr(stage_picture(s), "asing.pdf"));
	stage_press(s, "Enter n");
	assert_true(stage_shows(s, "> [ ] surat 10.pdf"));
	stage_press(s, "n");
	assert_true(stage_shows(s, "> [ ] surat 2.pdf"));
	stage_press(s, "N");
	assert_true(stage_shows(s, "> [ ] surat 10.pdf"));
	/* Escape first gives all rows back, then leaves. */
	stage_press(s, "Esc");
	assert_true(stage_shows(s, "> [ ] surat 10.pdf"));
	assert_true(stage_shows(s, "asing.pdf"));
	stage_press(s, "/ nowhere");
	assert_true(stage_shows(s, "Nothing matches"));
	stage_press(s, "Esc Esc");
	assert_string_equal(stage_screen(s), "sign");
}

static void marking_everything_takes_only_what_is_shown(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 / surat Enter a Esc");
	assert_true(stage_shows(s, "1 Continue with 2 documents"));
	assert_true(stage_shows(s, "[ ] asing.pdf"));
	/* A folder cannot be marked. */
	stage_press(s, "Home Down Space");
	assert_true(stage_shows(s, "Only documents can be marked"));
}

static void going_up_comes_out_where_one_went_in(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 1 Left");
	assert_true(stage_shows(s, "Folder: /rumah/sari"));
	assert_true(stage_shows(s, ">     surat/"));
	/* A folder that cannot be read leaves one where one is. */
	stage_press(s, "End Enter");
	assert_true(stage_shows(s, "You are not allowed to see"));
	assert_true(stage_shows(s, "Folder: /rumah/sari"));
}

static void the_language_changes_at_once(void **state)
{
	struct stage *s = *state;

	stage_press(s, "f");
	assert_true(stage_shows(s, "(*) English"));
	stage_press(s, "1");
	assert_true(stage_shows(s, "BeSign - Language"));
	stage_press(s, "Tab Enter");
	assert_true(stage_shows(s, "Bahasa sudah disimpan"));
	assert_true(stage_shows(s, "[ID] Bahasa"));
	assert_true(stage_shows(s, "? Bantuan"));
	assert_int_equal(s->desk.settings.language, SETTINGS_LANGUAGE_ID);
}

static void settings_are_kept_and_used(void **state)
{
	struct stage *s = *state;

	stage_press(s, "4 5 Mengetahui Tab Bandung Tab ~/hasil Enter Enter");
	assert_true(stage_shows(s, "The settings are saved"));
	assert_string_equal(s->desk.settings.output_directory, "~/hasil");
	stage_press(s, "4 Down Enter Tab Enter");
	assert_int_equal(s->desk.settings.colour, SETTINGS_COLOUR_ALWAYS);
	stage_press(s, "6 2 Tab Enter");
	assert_int_equal(s->desk.settings.revocation, VERIFY_REVOCATION_SOFT);
	stage_press(s, "q 1");
	assert_true(stage_shows(s, "[Mengetahui "));
	assert_true(stage_shows(s, "[Bandung "));
	stage_press(s, "1 / surat Enter Enter 3");
	assert_true(stage_shows(s, "~/hasil"));
}

static void what_is_off_says_why(void **state)
{
	struct stage *s = *state;

	stage_press(s, "2 3");
	assert_string_equal(stage_screen(s), "sign");
	assert_true(stage_shows(s, "choose documents first"));
	stage_press(s, "? / asks Enter");
	assert_true(stage_shows(s, "Not now"));
}

static void quitting_is_asked_at_the_end_alone(void **state)
{
	struct stage *s = *state;

	stage_press(s, "4 q");
	assert_string_equal(stage_screen(s), "home");
	stage_press(s, "q");
	assert_true(stage_shows(s, "Quit BeSign?"));
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "home");
	stage_press(s, "q 2");
	assert_true(s->ui->over);
	assert_int_equal(s->ui->status, 0);
}

/* ---- typing and pasting ---- */

static void a_paste_is_text_and_presses_nothing(void **state)
{
	struct stage *s = *state;

	stage_press(s, CHOOSE_SURAT "3 PasteBegin");
	stage_type(s, "benar\r\n\x1b[A\x03");
	stage_press(s, "Enter ^C Tab PasteEnd");
	assert_string_equal(stage_screen(s), "sign_passphrase");
	assert_int_equal(s->signings, 0);
	/* Only what can be typed was taken: "benar" and the harmless end of a sequence. */
	assert_true(stage_shows(s, "[*******    "));
	stage_press(s, "Esc PasteBegin");
	stage_type(s, "s1\r");
	stage_press(s, "Enter PasteEnd");
	assert_string_equal(stage_screen(s), "sign");
	assert_true(stage_shows(s, "What was pasted is ignored"));
	stage_press(s, "Esc q PasteBegin");
	stage_type(s, "2");
	stage_press(s, "Enter PasteEnd");
	assert_false(s->ui->over);
}

static void a_line_is_edited_by_characters(void **state)
{
	struct stage *s = *state;

	stage_press(s, "4 5");
	stage_type(s, "per\xC3\xA9tujuan \xE6\xBC\xA2\xE5\xAD\x97");
	assert_true(stage_shows(s, "[per\xC3\xA9tujuan \xE6\xBC\xA2\xE5\xAD\x97"));
	assert_int_equal(s->ui->canvas.cursor_column, 2 + 15 + 1 + 15);
	stage_press(s, "Backspace Left Backspace Home Right Delete");
	assert_true(stage_shows(s, "[pr\xC3\xA9tujuan\xE6\xBC\xA2"));
	stage_press(s, "End ^W");
	assert_true(stage_shows(s, "[       "));
	/* Hidden characters are a trap in a reason. */
	stage_type(s,
		"a\xE2\x80\xAE\xE2\x80\x8B"
		"b");
	assert_true(stage_shows(s, "[ab "));
	/* Longer than the field shows, and longer than it holds. */
	for (int i = 0; i < 400; i++)
		stage_type(s, "x");
	stage_type(s, "y");
	assert_true(stage_shows(s, "xxx "));
	stage_press(s, "Home");
	assert_true(stage_shows(s, "[abxx"));
}

static void a_resize_keeps_what_was_typed_and_where(void **state)
{
	struct stage *s = *state;

	stage_press(s, CHOOSE_SURAT "3 bena");
	s->ui->columns = 40;
	s->ui->rows = 12;
	assert_true(stage_shows(s, "[****"));
	s->ui->columns = 20;
	s->ui->rows = 5;
	assert_true(stage_shows(s, "Make the window"));
	s->ui->columns = 132;
	s->ui->rows = 43;
	stage_press(s, "r");
	assert_true(stage_shows(s, "[*****"));
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "sign_result");
}

static void a_report_keeps_its_place_when_it_is_broken_anew(void **state)
{
	struct stage *s = *state;

	stage_press(s, "2 1 / jahat Enter Enter Enter / Reason Enter Esc");
	assert_true(stage_shows(s, "> Reason"));
	s->ui->columns = 40;
	s->ui->rows = 12;
	assert_true(stage_shows(s, "> Reason"));
	s->ui->columns = 132;
	s->ui->rows = 43;
	assert_true(stage_shows(s, "> Reason"));
}

/* ---- the certificate ---- */

static void the_key_file_is_opened_to_see_its_certificate(void **state)
{
	struct stage *s = *state;

	stage_press(s, "4 3 7");
	assert_true(stage_shows(s, "No key file is chosen yet."));
	stage_press(s, "2");
	assert_true(stage_shows(s, "choose a key file first"));
	stage_press(s, "1 u");
	assert_string_equal(stage_screen(s), "browse_key");
	stage_press(s, "t ^U /rumah/sari/sari.p12 Enter");
	assert_string_equal(stage_screen(s), "key_passphrase");
	stage_press(s, "salah Enter");
	assert_true(stage_shows(s, "The passphrase of the key file is wrong"));
	stage_press(s, STAGE_PASSPHRASE " Enter");
	assert_string_equal(stage_screen(s), "key_file");
	assert_true(stage_shows(s, "Name:        Sari Wulandari"));
	assert_int_equal(s->signings, 0);
}

#define KNOWN(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)
#define FIRST(test) cmocka_unit_test_setup_teardown(test, stage_setup_first, stage_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIRST(a_newcomer_signs_a_document),
		KNOWN(a_key_file_is_chosen),
		KNOWN(a_wrong_passphrase_loses_nothing),
		KNOWN(the_passphrase_is_never_on_the_screen),
		KNOWN(each_document_has_its_own_result),
		KNOWN(an_existing_file_is_replaced_only_when_asked),
		KNOWN(a_visible_signature_is_placed_by_keyboard),
		KNOWN(text_that_is_covered_is_warned_of),
		KNOWN(an_existing_field_is_taken_as_it_is),
		KNOWN(a_small_window_asks_for_numbers),
		KNOWN(pages_of_another_size_are_told_before_signing),
		KNOWN(numbers_that_are_none_are_said),
		KNOWN(a_page_that_cannot_be_shown_is_placed_on_by_numbers),
		KNOWN(cancelling_keeps_what_is_finished),
		KNOWN(quitting_waits_for_the_work_when_told_so),
		KNOWN(an_open_question_does_not_outlive_its_job),
		KNOWN(interrupt_cancels_work_and_quits_only_twice),
		KNOWN(trusting_an_authority_changes_the_verdict),
		KNOWN(trust_is_taken_back),
		KNOWN(an_own_certificate_is_shown_before_it_is_trusted),
		KNOWN(a_document_that_is_not_there_is_said_so),
		KNOWN(the_filter_shows_what_matches_and_steps_round),
		KNOWN(marking_everything_takes_only_what_is_shown),
		KNOWN(going_up_comes_out_where_one_went_in),
		FIRST(the_language_changes_at_once),
		KNOWN(settings_are_kept_and_used),
		FIRST(what_is_off_says_why),
		KNOWN(quitting_is_asked_at_the_end_alone),
		KNOWN(a_paste_is_text_and_presses_nothing),
		KNOWN(a_line_is_edited_by_characters),
		KNOWN(a_resize_keeps_what_was_typed_and_where),
		KNOWN(a_report_keeps_its_place_when_it_is_broken_anew),
		FIRST(the_key_file_is_opened_to_see_its_certificate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
