/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Who somebody is at the account service, on a stage: the whole way in and out, and a service that is gone, slow, or
 * answers nonsense at each step of it. */

#include "support/scan.h"
#include "support/stage.h"
#include "support/stage_account.h"

#include "base/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SIGN_IN "5 3 "
#define CODE SIGN_IN "sari Tab benar Enter "
#define IN CODE "123456 Enter "
#define ENROL SIGN_IN "baru Tab benar Enter "
#define URI "otpauth://totp/BeSign:baru?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=BeSign"

/* ---- the whole way ---- */

static void a_service_is_chosen_once_and_before_anything_is_asked(void **state)
{
	struct stage *s = *state;

	stage_press(s, "5");
	assert_string_equal(stage_screen(s), "service");
	assert_null(s->desk.account);
	assert_true(stage_shows(s, "are trusted by nobody else"));
	stage_press(s, "3");
	assert_string_equal(stage_screen(s), "sign_in");
	assert_string_equal(s->desk.settings.service, "embedded");
	stage_press(s, "Esc 5");
	assert_string_equal(stage_screen(s), "sign_in");
}

static void plain_http_is_said_as_long_as_it_is_so(void **state)
{
	static const char *const ways[] = { "", "Tab sari Tab benar Enter", "123456 Enter", "5", "1", "q 2" };
	struct stage *s = *state;

	stage_press(s, "5 2 http://akun.example.id Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "service");
	assert_true(stage_shows(s, "Whoever is in between would read your password"));
	assert_string_equal(s->desk.settings.service, "");
	stage_press(s, "Tab Tab Space Tab Enter");
	assert_string_equal(stage_screen(s), "sign_in");
	for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
		/* The first field of the sign-in screen has the focus already. */
		stage_press(s, i == 1 ? "sari Tab benar Enter" : ways[i]);
		assert_true(stage_shows(s, "WARNING: the service is reached without TLS"));
	}
	stage_press(s, "Esc q");
	assert_string_equal(stage_screen(s), "home");
	assert_true(stage_shows(s, "WARNING: the service is reached without TLS"));
	/* Another one, and it is gone. */
	stage_press(s, "4 End Enter 1 3 q");
	assert_null(strstr(stage_picture(s), "WARNING"));
	assert_true(stage_shows(s, "Account:     not signed in"));
}

static void a_newcomer_registers_and_is_signed_in_by_it(void **state)
{
	struct stage *s = *state;

	stage_press(s, "1 3 Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "register");
	assert_true(stage_shows(s, "at least 8 characters"));
	stage_press(s, "ani Enter Enter Enter x Enter y Enter");
	assert_true(stage_shows(s, "type a mail address"));
	stage_type(s, "@contoh.example.id");
	stage_press(s, "Enter Ani Enter Enter ^U mudah Enter ^U mudah Enter");
	assert_string_equal(stage_screen(s), "register");
	assert_true(stage_shows(s, "This is too easy to guess (It has 8 characters at least)"));
	stage_press(s, "^U kata-sandi Enter ^U kata-sandi Enter");
	assert_string_equal(stage_screen(s), "otp_enrol");
	(void)stage_picture(s);
	assert_string_equal(stage_screen(s), "otp_qr");
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "otp_enrol");
	assert_true(stage_shows(s, "[Phone "));
	stage_press(s, "123456 Enter");
	assert_string_equal(stage_screen(s), "home");
	assert_true(stage_shows(s, "Account:     ani@contoh.example.id"));
	assert_true(stage_shows(s, "You are signed in"));
	/* The way back leads to the first screen, which does not come in between again. */
	stage_press(s, "q");
	assert_string_equal(stage_screen(s), "welcome");
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "account");
}

static void somebody_who_is_registered_is_told_so(void **state)
{
	struct stage *s = *state;

	stage_press(s,
		SIGN_IN "Tab Tab Tab Enter ani@contoh.example.id Enter Ani Enter Enter kata-sandi Enter "
			"kata-sandi Enter");
	stage_press(s,
		"Esc Esc Esc 5 Tab Tab Tab Enter ani@contoh.example.id Enter Ani Enter Enter kata-sandi Enter "
		"kata-sandi Enter");
	assert_string_equal(stage_screen(s), "register");
	assert_true(stage_shows(s, "There is an account of this name already"));
	assert_true(stage_shows(s, "[Ani "));
}

static void a_code_comes_from_the_device_that_is_chosen(void **state)
{
	struct stage *s = *state;

	stage_press(s, SIGN_IN "dua Tab benar Enter");
	assert_true(stage_shows(s, "(*) Ponsel"));
	stage_press(s, "BackTab Down Enter");
	assert_true(stage_shows(s, "(*) Tablet"));
	/* A code is what was pasted, without what stood around it. */
	stage_press(s, "PasteBegin");
	stage_type(s, "kode: 123 456\n");
	stage_press(s, "PasteEnd");
	assert_true(stage_shows(s, "[123456 "));
	stage_press(s, "Enter 5 1");
	assert_true(stage_shows(s, "Tablet  since 2026-04-28, last used 2026-05-28"));
}

static void a_refused_code_says_what_helps(void **state)
{
	static const struct {
		const char *code, *words;
	} codes[] = {
		{ "000000", "The code is wrong. 3 tries are left." },
		{ "222222", "The two clocks are 90 seconds apart. The device is behind." },
		{ "333333", "Try again in 15 minutes" },
		{ "12", "type the six digits" },
	};
	struct stage *s = *state;

	stage_press(s, CODE);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		stage_type(s, codes[i].code);
		stage_press(s, "Enter");
		assert_string_equal(stage_screen(s), "otp_code");
		assert_true(stage_shows(s, codes[i].words));
		assert_false(s->desk.signed_in);
	}
	stage_press(s, "^U 444444 Enter");
	assert_string_equal(stage_screen(s), "sign_in");
	assert_true(stage_shows(s, "please type the password once more"));
	assert_true(stage_shows(s, "[sari "));
	assert_true(stage_shows(s, "> Password:           [      "));
	stage_press(s, "benar Enter 123456 Enter 5 3 2 5 sari Enter benar Enter 123456 Enter");
	assert_true(stage_shows(s, "This code was used already"));
	stage_press(s, "654321 Enter");
	assert_true(s->desk.signed_in);
}

static void another_service_is_asked_who_it_is(void **state)
{
	struct stage *s = *state;

	stage_press(s, "5 2 https://hilang.example.id Tab Tab Tab Enter");
	assert_true(stage_shows(s, "The service could not be reached"));
	stage_press(s, "Tab Tab Tab Tab Enter 1 Enter");
	assert_string_equal(stage_screen(s), "sign_in");
	assert_true(stage_shows(s, "BeSign, on this computer"));
	assert_null(strstr(stage_picture(s), "could not be reached"));
}

/* ---- devices, the password, the ways out ---- */

static void the_last_device_stays(void **state)
{
	struct stage *s = *state;

	stage_press(s, IN "5 1 Enter");
	assert_true(stage_shows(s, "The last device cannot be removed"));
	stage_press(s, "a Enter");
	assert_string_equal(stage_screen(s), "otp_enrol");
	stage_press(s, "654321 Enter");
	assert_true(stage_shows(s, "type a name for the device"));
	stage_press(s, "Ponsel Enter");
	assert_true(stage_shows(s, "You have a device of this name already"));
	assert_true(stage_shows(s, "[654321 "));
	stage_press(s, "^U Cadangan Enter");
	assert_string_equal(stage_screen(s), "devices");
	assert_true(stage_shows(s, "The device is added"));
	assert_true(stage_shows(s, "Cadangan  since 2026-04-28, never used"));
	stage_press(s, "Home Enter");
	assert_true(stage_shows(s, "Remove this device?"));
	assert_true(stage_shows(s, "Ponsel"));
	stage_press(s, "2");
	assert_true(stage_shows(s, "its codes are no longer taken"));
	assert_null(strstr(stage_picture(s), "Ponsel"));
	/* Somebody else was faster. */
	stage_press(s, "a Enter 112233 Tab Tablet Enter Home Enter");
	stage_account = (struct stage_account){ .failure = BE_STATE, .failure_msgid = "wrong state" };
	stage_press(s, "2");
	assert_true(stage_shows(s, "The last device cannot be removed"));
}

static void a_password_is_changed_by_who_knows_the_old_one(void **state)
{
	struct stage *s = *state;

	stage_press(s, IN "5 2 salah Enter kata-sandi Enter kata-sandi Enter");
	assert_true(stage_shows(s, "The password that you have now is another one"));
	assert_true(stage_shows(s, "> Password now:        [        "));
	assert_true(stage_shows(s, "New password:        [**********"));
	stage_press(s, "benar Tab Tab lagi Enter");
	assert_true(stage_shows(s, "the two passwords differ"));
	stage_press(s, "^U kata-sandi Enter");
	assert_string_equal(stage_screen(s), "account");
	assert_true(stage_shows(s, "The password is changed"));
	stage_press(s, "3 2 5 sari Enter kata-sandi Enter");
	assert_string_equal(stage_screen(s), "otp_code");
}

static void signing_out_is_asked_and_told(void **state)
{
	struct stage *s = *state;

	stage_press(s, IN "5 3 1");
	assert_true(s->desk.signed_in);
	stage_press(s, "3 2");
	assert_false(s->desk.signed_in);
	assert_string_equal(stage_screen(s), "home");
	assert_true(stage_shows(s, "You are signed out"));
	assert_true(stage_shows(s, "Account:     not signed in"));
	assert_true(stage_shows(s, "5 Sign In"));
}

/* Here it is over all the same, and what that means there is said. */
static void signing_out_needs_no_service(void **state)
{
	static const char *const words[] = { "the session there ends by itself", "on other computers go on" };
	struct stage *s = *state;

	stage_press(s, IN);
	for (size_t i = 0; i < 2; i++) {
		stage_press(s, i == 0 ? "5 3" : "5 4");
		stage_account = (struct stage_account){ .failure = BE_NETWORK,
			.failure_msgid = "The service could not be reached" };
		stage_press(s, "2");
		assert_string_equal(stage_screen(s), "message");
		assert_true(stage_shows(s, "You are signed out on this computer"));
		assert_true(stage_shows(s, words[i]));
		assert_true(stage_shows(s, "could not be reached"));
		stage_press(s, "Enter");
		assert_string_equal(stage_screen(s), "home");
		assert_false(s->desk.signed_in);
		stage_press(s, i == 0 ? "5 sari Enter benar Enter 654321 Enter" : "");
	}
}

static void a_session_that_ended_elsewhere_is_noticed(void **state)
{
	struct stage *s = *state;

	stage_press(s, IN "5 1");
	assert_true(stage_shows(s, "Ponsel  since"));
	stage_account = (struct stage_account){ .failure = BE_SESSION, .failure_msgid = "The session has ended" };
	stage_press(s, "a");
	(void)stage_picture(s);
	assert_string_equal(stage_screen(s), "home");
	assert_true(stage_shows(s, "The session has ended: please sign in again"));
	assert_true(stage_shows(s, "5 Sign In"));
	/* Also by what a screen asks by itself. */
	for (size_t i = 0; i < 2; i++) {
		stage_press(s,
			i == 0 ? "5 sari Tab benar Enter 654321 Enter 5" : "5 sari Tab benar Enter 112233 Enter 5 1");
		stage_account = (struct stage_account){ .failure = BE_SESSION, .failure_msgid = "It has ended" };
		assert_true(stage_shows(s, "It has ended"));
		assert_string_equal(stage_screen(s), "home");
	}
}

/* The main page asks once, after it is seen, and only for somebody who has a session. */
static void the_main_page_asks_once_whether_the_session_still_is(void **state)
{
	struct stage *s = *state;

	(void)snprintf(s->desk.settings.service, sizeof(s->desk.settings.service), "%s", SERVICE_EMBEDDED_WORD);
	stage_account = (struct stage_account){ .failure = BE_NETWORK, .failure_msgid = "gone" };
	assert_true(stage_shows(s, "Account:     not signed in"));
	assert_int_equal(stage_account.failure, BE_NETWORK);
	stage_account.failure = BE_OK;
	stage_press(s, "5 sari Tab benar Enter 123456 Enter");
	assert_true(stage_shows(s, "Account:     sari"));
	s->desk.asked_who = false;
	stage_account = (struct stage_account){ .failure = BE_NETWORK, .failure_msgid = "gone" };
	assert_true(stage_shows(s, "Account:     sari"));
	assert_null(strstr(stage_picture(s), "gone"));
	assert_int_equal(stage_account.failure, BE_OK);
	stage_account = (struct stage_account){ .failure = BE_SESSION, .failure_msgid = "The session has ended" };
	assert_true(stage_shows(s, "Account:     sari"));
	s->desk.asked_who = false;
	assert_true(stage_shows(s, "Account:     not signed in"));
	assert_true(stage_shows(s, "The session has ended"));
}

/* ---- a service that fails ---- */

/* How each screen asks something, what stays of what was typed, and where somebody is then. */
static const struct {
	const char *before, *asks, *screen, *kept;
} questions[] = {
	{ SIGN_IN "sari Tab benar", "Enter", "sign_in", "> Password:           [*****" },
	{ SIGN_IN "Tab Tab Tab Enter ani@contoh.example.id Enter Ani Enter Enter kata-sandi Enter kata-sandi", "Enter",
		"register", "> Password, again: [**********" },
	{ CODE "123456", "Enter", "otp_code", "> OTP code: [123456" },
	{ ENROL, "", "otp_enrol", "1 Ask again" },
	{ ENROL "c 123456", "Enter", "otp_enrol", "> OTP code:    [123456" },
	{ IN "5 1 a", "", "otp_enrol", "1 Ask again" },
	{ IN "5 1 a c Tab Jam BackTab 654321", "Enter", "otp_enrol", "> OTP code:    [654321" },
	{ IN "5 2 benar Enter kata-sandi Enter kata-sandi", "Enter", "password", "New password:        [**********" },
	{ IN "5 1", "r", "devices", "Ponsel  since" },
	{ IN, "5", "account", "Signed in as:    sari" },
};

static const struct {
	enum be_err code;
	const char *msgid;
	int64_t retry_at;
	const char *words;
} failures[] = {
	{ BE_NETWORK, "The service could not be reached", 0, "The service could not be reached" },
	{ BE_MALFORMED, "An answer that is none", 0, "An answer that is none" },
	{ BE_TLS, "The server could not prove who it is", 0, "The server could not prove who it is" },
	{ BE_BUSY, "The service is busy", STAGE_NOW + 61, "The service is busy. Try again in 2 minutes" },
	{ BE_UNKNOWN_OUTCOME, "No answer came", 0, "No answer came" },
};

static void a_failure_loses_nothing_that_was_typed(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		for (size_t j = 0; j < sizeof(failures) / sizeof(failures[0]); j++) {
			struct stage stage;

			stage_open(&stage, true);
			stage_press(&stage, questions[i].before);
			/* What is asked by itself is asked as soon as the screen is seen. */
			if (questions[i].asks[0] != '\0')
				(void)stage_picture(&stage);
			stage_account = (struct stage_account){ .failure = failures[j].code,
				.failure_msgid = failures[j].msgid,
				.failure_retry_at = failures[j].retry_at };
			stage_press(&stage, questions[i].asks);
			assert_true(stage_shows(&stage, failures[j].words));
			assert_string_equal(stage_screen(&stage), questions[i].screen);
			assert_true(stage_shows(&stage, questions[i].kept));
			assert_int_equal(stage_account.failure, BE_OK);
			stage_close(&stage);
		}
	}
}

/* ---- the QR code ---- */

static bool is_light(int16_t colour)
{
	return colour == 231 || colour == 7;
}

/* As on a dark screen: what has no colour of its own is dark, and its foreground light. */
static const char *scan_screen(struct stage *s)
{
	const struct canvas *canvas;
	struct scan_cell *cells;
	const char *said;

	(void)stage_picture(s);
	canvas = &s->ui->canvas;
	cells = calloc((size_t)canvas->rows * (size_t)canvas->columns, sizeof(*cells));
	assert_non_null(cells);
	for (int i = 0; i < canvas->rows * canvas->columns; i++) {
		const struct canvas_cell *cell = &canvas->cells[i];

		if (cell->style == CANVAS_MARKED)
			cells[i] = scan_cell_of(cell->chars[0], false, true);
		else if (cell->style == CANVAS_PICTURE)
			cells[i] = scan_cell_of(cell->chars[0], cell->fg < 0 || is_light(cell->fg), is_light(cell->bg));
	}
	said = scan_cells(cells, canvas->rows, canvas->columns);
	free(cells);
	return said;
}

static const struct {
	int columns, rows;
	int colours; /* 0: none */
	bool ascii;
} terminals[] = {
	{ 80, 24, 256, false },
	{ 80, 24, 8, false },
	{ 80, 24, 0, false },
	{ 132, 50, 256, false },
	{ 45, 24, 256, false },
	{ 132, 50, 256, true },
	{ 132, 50, 0, true },
};

static void the_code_on_the_screen_can_be_scanned(void **state)
{
	(void)state;
	if (!scan_is_possible())
		skip();
	for (size_t i = 0; i < sizeof(terminals) / sizeof(terminals[0]); i++) {
		struct stage stage;

		stage_open(&stage, true);
		stage.ui->columns = terminals[i].columns;
		stage.ui->rows = terminals[i].rows;
		stage.ui->terminal_colour = terminals[i].colours > 0;
		stage.ui->terminal_colours = terminals[i].colours;
		ui_set_look(stage.ui, UI_COLOUR_AUTO, terminals[i].ascii ? UI_CHARACTERS_ASCII : UI_CHARACTERS_AUTO);
		stage_press(&stage, ENROL);
		assert_string_equal(scan_screen(&stage), URI);
		assert_string_equal(stage_screen(&stage), "otp_qr");
		stage_close(&stage);
	}
}

/* A longer name makes a larger code: most fit where most people are. */
static void a_long_name_still_fits_80x24(void **state)
{
	struct stage *s = *state;

	if (!scan_is_possible())
		skip();
	stage_press(s,
		SIGN_IN "Tab Tab Tab Enter sari.wulandari.contoh@instansi.daerah.example.id Enter Sari Enter "
			"Enter kata-sandi Enter kata-sandi Enter");
	assert_non_null(strstr(scan_screen(s), "sari.wulandari.contoh@instansi.daerah.example.id?secret=JBSW"));
	assert_string_equal(stage_screen(s), "otp_qr");
}

static void where_there_is_no_room_the_key_comes_first(void **state)
{
	static const struct {
		int columns, rows;
		bool ascii;
	} small[] = { { 40, 12, false }, { 80, 18, false }, { 80, 24, true }, { 36, 24, false } };

	(void)state;
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
		struct stage stage;

		stage_open(&stage, true);
		stage.ui->columns = small[i].columns;
		stage.ui->rows = small[i].rows;
		ui_set_look(stage.ui, UI_COLOUR_AUTO, small[i].ascii ? UI_CHARACTERS_ASCII : UI_CHARACTERS_AUTO);
		stage_press(&stage, ENROL);
		(void)stage_picture(&stage);
		assert_true(stage_shows(&stage, "JBSW Y3DP EHPK 3PXP"));
		assert_string_equal(stage_screen(&stage), "otp_enrol");
		stage_press(&stage, "123456 Enter");
		assert_string_equal(stage_screen(&stage), "home");
		stage_close(&stage);
	}
}

static void a_window_that_shrinks_gives_the_key(void **state)
{
	struct stage *s = *state;

	stage_press(s, ENROL);
	(void)stage_picture(s);
	assert_string_equal(stage_screen(s), "otp_qr");
	s->ui->rows = 12;
	assert_true(stage_shows(s, "the setup key does the same"));
	assert_true(stage_shows(s, "JBSW Y3DP"));
	s->ui->rows = 24;
	stage_press(s, "Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "otp_qr");
	stage_press(s, "c");
	assert_true(stage_shows(s, "JBSW Y3DP"));
}

static void the_key_is_copied_and_shown(void **state)
{
	struct stage *s = *state;

	stage_press(s, ENROL "Enter");
	assert_null(strstr(stage_picture(s), "JBSW"));
	stage_press(s, "Tab Tab Tab Tab Tab Enter");
	assert_true(stage_shows(s, "\nJBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP\n"));
	assert_int_equal(s->ui->clipboard.utf8.len, 32);
	assert_memory_equal(s->ui->clipboard.utf8.data, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP", 32);
}

static void the_code_is_saved_for_its_owner_alone(void **state)
{
	const char *where = getenv("TMPDIR");
	struct stage *s = *state;
	struct stat st;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/besign-otp-%d.png", where != NULL ? where : "/tmp", getpid());
	(void)unlink(path);
	stage_press(s, ENROL "c Tab Tab Tab Tab Tab Enter");
	assert_string_equal(stage_screen(s), "path");
	assert_true(stage_shows(s, "[~/besign-otp.png "));
	stage_press(s, "^U");
	stage_type(s, path);
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "otp_enrol");
	assert_true(stage_shows(s, "saved, for you alone"));
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	if (scan_is_possible())
		assert_string_equal(scan_file(path), URI);
	/* What is there stays. */
	stage_press(s, "Enter ^U");
	stage_type(s, path);
	stage_press(s, "Enter");
	assert_true(stage_shows(s, "exists"));
	assert_int_equal(unlink(path), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			a_service_is_chosen_once_and_before_anything_is_asked, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(plain_http_is_said_as_long_as_it_is_so, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			a_newcomer_registers_and_is_signed_in_by_it, stage_setup_first, stage_teardown),
		cmocka_unit_test_setup_teardown(somebody_who_is_registered_is_told_so, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			a_code_comes_from_the_device_that_is_chosen, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(a_refused_code_says_what_helps, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(another_service_is_asked_who_it_is, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(the_last_device_stays, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			a_password_is_changed_by_who_knows_the_old_one, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(signing_out_is_asked_and_told, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(signing_out_needs_no_service, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(a_session_that_ended_elsewhere_is_noticed, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(
			the_main_page_asks_once_whether_the_session_still_is, stage_setup, stage_teardown),
		cmocka_unit_test(a_failure_loses_nothing_that_was_typed),
		cmocka_unit_test(the_code_on_the_screen_can_be_scanned),
		cmocka_unit_test_setup_teardown(a_long_name_still_fits_80x24, stage_setup, stage_teardown),
		cmocka_unit_test(where_there_is_no_room_the_key_comes_first),
		cmocka_unit_test_setup_teardown(a_window_that_shrinks_gives_the_key, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(the_key_is_copied_and_shown, stage_setup, stage_teardown),
		cmocka_unit_test_setup_teardown(the_code_is_saved_for_its_owner_alone, stage_setup, stage_teardown),
	};

	return cmocka_run_group_tests_name("screens_account", tests, NULL, NULL);
}
