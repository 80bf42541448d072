/* SPDX-License-Identifier: GPL-3.0-or-later */

/* A person at a terminal with the real program, which starts the real service: registered, with devices, out and in
 * again. What the phone would do is done with the key that stands on the screen, and with the QR code as it is shown. */

#include "support/scan.h"
#include "support/service.h"
#include "support/user.h"

#include "base/time.h"
#include "crypto/totp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define MAIL "ani@contoh.example.id"
#define PASSWORD "gunung agung 3142"
#define NEXT_PASSWORD "laut selatan 2718"
#define KEY_LENGTH 32

/* What is looked for, in both languages. */
struct words {
	const char *language;
	const char *choose, *sign_in, *registering, *new_device, *qr, *key, *code, *said_in, *account, *devices,
		*device;
	const char *wrong, *small, *added, *which, *out, *nobody, *changed, *phone, *same;
};

static const struct words languages[] = {
	{ "BESIGN_LANG=en", "Which one", "Username or e-mail:", "Password, again:", "[Phone ", "BeSign - QR code",
		"Setup key:", "OTP code:", "You are signed in", "Signed in as: ", "BeSign - OTP devices",
		"Phone  since ", "The code is wrong. ", "The window is too small", "The device is added",
		"Which device shows the code?", "You are signed out", "not signed in", "The password is changed",
		"Phone", "You have a device of this name already" },
	{ "BESIGN_LANG=id", "yang Anda pakai?", "Username atau Email:", "Password, lagi:", "[Ponsel ",
		"BeSign - Kode QR", "Kunci penyiapan:", "Kode OTP:", "Anda sudah masuk",
		"Masuk sebagai: ", "BeSign - Perangkat OTP", "Ponsel  sejak ", "Kode salah. ", "Jendela terlalu kecil",
		"Perangkat sudah ditambahkan", "Perangkat mana yang menampilkan kode?", "Anda sudah keluar dari akun",
		"belum masuk", "Password sudah diganti", "Ponsel", "Anda sudah punya perangkat dengan nama ini" },
};

/* ---- the machine ---- */

static char runtime[128]; /* for the service's socket; not in the home, whose files are read for secrets */

/* The service outlives the program: it is ended here, so its place has to be known. */
static int make(void **state)
{
	const char *where = getenv("TMPDIR");

	(void)state;
	user_make();
	(void)snprintf(runtime, sizeof(runtime), "%s/besign-run.XXXXXX", where != NULL ? where : "/tmp");
	return mkdtemp(runtime) != NULL && setenv("XDG_RUNTIME_DIR", runtime, 1) == 0 ? 0 : -1;
}

static void end_service(void)
{
	struct embedded_place place;

	assert_int_equal(embedded_find(&place, user_path(".local/share/besign/service"), NULL), BE_OK);
	assert_int_equal(embedded_stop(&place, NULL), BE_OK);
	embedded_place_free(&place);
}

static int clear(void **state)
{
	(void)state;
	end_service();
	(void)user_run("rm -r \"$XDG_RUNTIME_DIR\"");
	user_clear();
	return 0;
}

static struct terminal *start(const struct words *w, const char *term)
{
	const char *besign[] = { getenv("BESIGN"), NULL };
	char place[160];
	const char *environment[] = { w->language, place, NULL };

	(void)snprintf(place, sizeof(place), "XDG_RUNTIME_DIR=%s", runtime);
	if (term == NULL)
		return user_start(environment);
	return terminal_start(&(struct terminal_setup){
		.command = besign, .environment = environment, .term = term, .home = user_path("") });
}

/* ---- the phone ---- */

/* Behind the label, and on the rows below it where there is little room: base32 in groups of four. */
static void read_key(struct terminal *t, const char *label, char key[static KEY_LENGTH + 1])
{
	size_t len = 0;
	int row, column;

	user_sees(t, label);
	assert_true(terminal_find(t, label, &row, &column));
	column += (int)strlen(label);
	for (; len < KEY_LENGTH && row < 24; row++, column = 2) {
		const char *text = terminal_row(t, row);

		for (size_t i = (size_t)column; i < strlen(text) && len < KEY_LENGTH; i++)
			if (strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", text[i]) != NULL)
				key[len++] = text[i];
	}
	key[len] = '\0';
	assert_int_equal(len, KEY_LENGTH);
}

static void take_key(struct service_person *phone, const char *key)
{
	struct wire_enrolment enrolment = { .key = service_secret(key) };

	service_person_make(phone, 0);
	phone->key = service_key(&enrolment);
	wire_free(&wire_enrolment_message, &enrolment);
}

/* Of now, or later: an older one could be too old by the time it is typed. */
static struct secret *next_code(struct service_person *phone)
{
	const int64_t now = totp_step(time_now());

	if (phone->step < now - 1)
		phone->step = now - 1;
	return service_code(phone);
}

static void type_code(struct terminal *t, struct service_person *phone)
{
	struct secret *code = next_code(phone);

	user_type(t, (const char *)secret_bytes(code));
	secret_free(&code);
	user_press(t, "Enter");
}

static bool is_light(int colour)
{
	return colour == 231 || colour == 7 || colour == 15;
}

/* The screen as it is, on a dark terminal. */
static const char *scan_terminal(struct terminal *t)
{
	static struct scan_cell cells[24 * 80];

	for (int row = 0; row < 24; row++) {
		for (int column = 0; column < 80; column++) {
			const struct terminal_cell cell = terminal_cell_at(t, row, column);
			const bool half = strcmp(cell.text, "\xE2\x96\x80") == 0;

			cells[row * 80 + column] = cell.background < 0 && !half
				? (struct scan_cell){ false, false }
				: scan_cell_of(half ? 0x2580 : 0, is_light(cell.foreground), is_light(cell.background));
		}
	}
	return scan_cells(cells, 24, 80);
}

/* ---- the way ---- */

static void register_ani(struct terminal *t, const struct words *w)
{
	user_press(t, "1");
	user_sees(t, w->choose);
	user_press(t, "3");
	user_sees(t, w->sign_in);
	user_press(t, "Tab Tab Tab Enter");
	user_sees(t, w->registering);
	user_type(t, MAIL);
	user_press(t, "Enter");
	user_type(t, "Ani Contoh");
	user_press(t, "Enter Enter");
	user_paste(t, PASSWORD "\n");
	user_press(t, "Enter");
	user_type(t, PASSWORD);
	user_press(t, "Enter");
}

static void enrol_phone(struct terminal *t, const struct words *w, struct service_person *phone)
{
	char key[KEY_LENGTH + 1];
	char code[512] = "";

	user_sees(t, w->qr);
	if (scan_is_possible())
		(void)snprintf(code, sizeof(code), "%s", scan_terminal(t));
	user_press(t, "c");
	user_sees(t, w->new_device);
	read_key(t, w->key, key);
	if (scan_is_possible()) {
		assert_non_null(strstr(code, "otpauth://totp/"));
		assert_non_null(strstr(code, "ani%40contoh.example.id?secret="));
		assert_non_null(strstr(code, key));
	}
	take_key(phone, key);
	user_type(t, "000000");
	user_press(t, "Enter");
	user_sees(t, w->wrong);
	/* The service ended meanwhile, as it does when nobody asks: it begins again, and goes on where it was. */
	end_service();
	type_code(t, phone);
	user_sees(t, w->said_in);
	user_sees(t, MAIL);
}

/* In a small window there is the key alone. */
static void add_tablet(struct terminal *t, const struct words *w, struct service_person *tablet)
{
	char key[KEY_LENGTH + 1];

	user_press(t, "5");
	user_sees(t, w->account);
	user_press(t, "1");
	user_sees(t, w->devices);
	user_sees(t, w->device);
	user_resize(t, 12, 40);
	user_press(t, "a");
	user_sees(t, w->small);
	read_key(t, w->key, key);
	take_key(tablet, key);
	user_resize(t, 24, 80);
	type_code(t, tablet);
	user_type(t, w->phone);
	user_press(t, "Enter");
	user_sees(t, w->same);
	user_press(t, "^U");
	user_type(t, "Tablet");
	user_press(t, "Enter");
	user_sees(t, w->added);
	user_sees(t, "Tablet");
}

static void change_password(struct terminal *t, const struct words *w)
{
	static const char *const typed[] = { PASSWORD, NEXT_PASSWORD, NEXT_PASSWORD };

	user_press(t, "q");
	user_press(t, "2");
	for (size_t i = 0; i < 3; i++) {
		user_type(t, typed[i]);
		user_press(t, "Enter");
	}
	user_sees(t, w->changed);
}

static void sign_out_and_in(struct terminal *t, const struct words *w, struct service_person *tablet)
{
	user_press(t, "3");
	user_press(t, "2");
	user_sees(t, w->out);
	user_sees(t, w->nobody);
	user_press(t, "5");
	user_type(t, MAIL);
	user_press(t, "Enter");
	user_type(t, NEXT_PASSWORD);
	user_press(t, "Enter");
	user_sees(t, w->which);
	user_press(t, "BackTab");
	user_open(t, "Tablet");
	user_sees(t, "(*) Tablet");
	type_code(t, tablet);
	user_sees(t, w->said_in);
}

static void the_whole_way(const struct words *w)
{
	struct service_person phone, tablet;
	struct terminal *t = start(w, NULL);

	register_ani(t, w);
	enrol_phone(t, w, &phone);
	add_tablet(t, w, &tablet);
	change_password(t, w);
	sign_out_and_in(t, w, &tablet);
	assert_false(user_left(t, PASSWORD));
	assert_false(user_left(t, NEXT_PASSWORD));
	assert_int_equal(user_mode(".local/state/besign/session"), 0600);
	user_quit(&t);
	/* The session is there the next time, and asking for it is not waited for. */
	t = start(w, NULL);
	user_press(t, "4");
	user_sees(t, MAIL);
	user_quit(&t);
	service_person_free(&phone);
	service_person_free(&tablet);
}

static void the_whole_way_in_english(void **state)
{
	(void)state;
	the_whole_way(&languages[0]);
}

static void the_whole_way_in_indonesian(void **state)
{
	(void)state;
	the_whole_way(&languages[1]);
}

/* ---- questions and answers ---- */

#define CHOICE "q to go back >"

/* The last thing that was said is that question: with a secret the echo is off by then. */
static void wait_for_question(struct terminal *t, size_t before, const char *question)
{
	const size_t len = strlen(question);

	while (terminal_bytes(t) == before)
		(void)terminal_read(t, 20);
	for (int tries = 0; tries < 1000; tries++) {
		const struct terminal_cursor cursor = terminal_cursor_of(t);
		const char *row = terminal_row(t, cursor.row);

		if (strlen(row) >= len && strcmp(row + strlen(row) - len, question) == 0)
			return;
		(void)terminal_read(t, 20);
	}
	user_sees(t, question);
}

static void answer(struct terminal *t, const char *seen, const char *question, const char *line)
{
	static size_t before; /* so much was written when the last answer was given */
	char text[256];

	wait_for_question(t, before, question);
	user_sees(t, seen);
	(void)snprintf(text, sizeof(text), "%s\n", line);
	before = terminal_bytes(t);
	assert_true(terminal_type(t, text));
}

static void in_questions_and_answers_there_is_the_key(void **state)
{
	static const char *const way[][3] = { { "4) Main page", CHOICE, "1" }, { "3) Save", CHOICE, "3" },
		{ "BeSign, on this computer", CHOICE, "4" }, { "at least 8 characters", CHOICE, "1" },
		{ "", "E-mail:", MAIL }, { "1) E-mail: " MAIL, CHOICE, "2" }, { "", "Name:", "Ani" },
		{ "2) Name: Ani", CHOICE, "4" }, { "", "Password:", PASSWORD }, { "4) Password: entered", CHOICE, "5" },
		{ "", "Password, again:", PASSWORD }, { "2) Device name: Phone", CHOICE, "1" } };
	struct service_person phone;
	struct terminal *t = start(&languages[0], "dumb");
	char key[KEY_LENGTH + 1];
	struct secret *code;

	(void)state;
	for (size_t i = 0; i < sizeof(way) / sizeof(way[0]); i++)
		answer(t, way[i][0], way[i][1], way[i][2]);
	wait_for_question(t, 0, "OTP code:");
	user_misses(t, "Show the QR code");
	read_key(t, "Setup key:", key);
	take_key(&phone, key);
	code = next_code(&phone);
	answer(t, "", "OTP code:", (const char *)secret_bytes(code));
	answer(t, "* You are signed in", CHOICE, "5");
	answer(t, "Signed in as: " MAIL, CHOICE, "1");
	answer(t, "1) Phone  since ", CHOICE, "1");
	answer(t, "* The last device cannot be removed", CHOICE, "q");
	assert_false(user_left(t, PASSWORD));
	secret_free(&code);
	service_person_free(&phone);
	answer(t, "5) Account service", CHOICE, "q");
	answer(t, "5) Account", CHOICE, "q");
	answer(t, "4) Main page", CHOICE, "q");
	answer(t, "2) Quit", CHOICE, "2");
	assert_int_equal(terminal_wait_end(t), 0);
	terminal_close(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_whole_way_in_english, make, clear),
		cmocka_unit_test_setup_teardown(the_whole_way_in_indonesian, make, clear),
		cmocka_unit_test_setup_teardown(in_questions_and_answers_there_is_the_key, make, clear),
	};

	return cmocka_run_group_tests_name("screens_account_terminal", tests, NULL, NULL);
}
