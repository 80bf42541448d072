/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pindai QR: what a code says is seen before anybody is asked, whoever leads on is seen as well, and what came is told
 * for what it is. On a stage, whose engine counts who was asked, then with the real program. */

#include "support/picture.h"
#include "support/preview.h"
#include "support/stage.h"
#include "support/user.h"

#include "base/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OPEN "2 2 "
#define PICK(what) OPEN "1 / " what " Enter Enter "
#define PASTE(text) OPEN "2 " text " Enter "

/* Where the first of two texts stands before the other. */
static void assert_before(struct stage *s, const char *first, const char *second)
{
	const char *picture = stage_picture(s);
	const char *a = strstr(picture, first);
	const char *b = strstr(picture, second);

	if (a == NULL || b == NULL || a >= b)
		fail_msg("\"%s\" does not stand before \"%s\":\n%s", first, second, picture);
}

static void nobody_is_asked_before_that_is_agreed_to(void **state)
{
	struct stage *s = *state;

	stage_press(s, PICK("foto"));
	assert_string_equal(stage_screen(s), "qr_code");
	assert_before(s, "  dokumen.contoh.go.id\n", "https://dokumen.contoh.go.id/verifikasi/surat");
	assert_true(stage_shows(s, "Nothing has been fetched from this address yet."));
	/* The focus is not on the button: an Enter too many does nothing. */
	stage_press(s, "Enter Enter");
	assert_int_equal(s->follows, 0);
	stage_press(s, "2");
	assert_string_equal(stage_screen(s), "qr");
	assert_int_equal(s->follows, 0);
	assert_int_equal(s->verifications, 0);
}

static void a_document_is_verified_as_any_other_and_can_be_saved(void **state)
{
	struct stage *s = *state;
	const size_t before = s->desk.state.count;

	stage_press(s, PICK("foto") "1");
	assert_int_equal(s->follows, 1);
	assert_string_equal(s->followed, "https://dokumen.contoh.go.id/verifikasi/surat?id=7d3f0c2a-51b8-4f0e");
	assert_string_equal(stage_screen(s), "verify_result");
	assert_int_equal(s->verifications, 1);
	assert_true(stage_shows(s, "VALID"));
	/* A document that goes again is not one that was used lately. */
	assert_int_equal(s->desk.state.count, before);
	stage_press(s, "Esc");
	assert_string_equal(stage_screen(s), "qr_document");
	assert_true(stage_shows(s, "Host:    dokumen.contoh.go.id"));
	stage_press(s, "1");
	assert_true(stage_shows(s, "[/rumah/sari/surat/surat.pdf"));
	stage_press(s, "^U sudah.pdf Enter");
	assert_true(stage_shows(s, "The file already exists"));
	assert_true(stage_shows(s, "[sudah.pdf"));
	stage_press(s, "^U unduhan.pdf Enter");
	assert_string_equal(s->saved, "/rumah/sari/surat/unduhan.pdf");
	assert_string_equal(stage_screen(s), "qr_document");
	assert_true(stage_shows(s, "The document is saved"));
	assert_string_equal(s->desk.state.documents[0], "/rumah/sari/surat/unduhan.pdf");
	stage_press(s, "3");
	assert_string_equal(stage_screen(s), "qr");
	assert_int_equal(s->follows, 1);
}

static void another_host_is_agreed_to_as_well(void **state)
{
	struct stage *s = *state;

	stage_press(s, PASTE("https://contoh.id/pindah") "1");
	assert_string_equal(stage_screen(s), "qr_code");
	assert_true(stage_shows(s, "  unduh.lain.example\n"));
	assert_true(stage_shows(s, "Another host leads here: contoh.id"));
	assert_int_equal(s->follows, 1);
	assert_int_equal(s->verifications, 0);
	stage_press(s, "1");
	assert_int_equal(s->follows, 2);
	assert_string_equal(s->followed, "https://unduh.lain.example/surat.pdf");
	assert_string_equal(stage_screen(s), "verify_result");
}

static void a_trick_is_seen_through_and_not_opened(void **state)
{
	struct stage *s = *state;

	stage_press(s, PASTE("https://bsre.bssn.go.id@jahat.example/"));
	assert_before(s, "  jahat.example\n", "https://bsre.bssn.go.id@jahat.example/");
	assert_true(stage_shows(s, "What stands before the @ is a name to sign in with"));
	stage_press(s, "1 Enter");
	assert_int_equal(s->follows, 0);
	stage_press(s, "Esc 2 ");
	stage_type(s, "http://b\xD1\x95re.example/surat");
	stage_press(s, "Enter");
	assert_before(s, "  xn--bre-fhd.example\n", "http://b\xD1\x95re.example/surat");
	assert_true(stage_shows(s, "letters that are not ASCII"));
	stage_press(s, "1");
	assert_string_equal(s->followed, "http://xn--bre-fhd.example/surat");
	/* What is broken is text, and has no button. */
	stage_press(s, "Esc Esc Esc");
	stage_press(s, "2 https://contoh.id\\@jahat.example/ Enter");
	assert_true(stage_shows(s, "The code is no address. It says:"));
	assert_true(stage_shows(s, "no proper one"));
	assert_null(strstr(stage_picture(s), "Open the address"));
	assert_int_equal(s->follows, 1);
}

static void several_codes_have_their_page_and_their_host(void **state)
{
	struct stage *s = *state;

	stage_press(s, PICK("banyak"));
	assert_string_equal(stage_screen(s), "qr_codes");
	assert_true(stage_shows(s, "4 QR codes were found"));
	assert_true(stage_shows(s, "Some pages could not be looked at"));
	assert_true(stage_shows(s, "page 1  Nomor 12/2026 Tanggal 28 Mei 2026"));
	assert_true(stage_shows(s, "page 3  jahat.example  https://bsre"));
	stage_press(s, "Down Enter");
	assert_true(stage_shows(s, "> Nomor 12/2026\n  Tanggal 28 Mei 2026"));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "qr_codes");
	assert_int_equal(s->follows, 0);
}

static void a_page_offers_its_documents(void **state)
{
	struct stage *s = *state;

	stage_press(s, PASTE("https://contoh.id/laman") "1");
	assert_string_equal(stage_screen(s), "qr_page");
	assert_true(stage_shows(s, "The code leads to a page of the web, not to a document."));
	/* What a link says of itself stands behind its host. */
	assert_true(stage_shows(s, "jahat.example  dokumen.contoh.go.id Unduh"));
	assert_null(strchr(stage_picture(s), '\033'));
	stage_press(s, "Enter");
	assert_string_equal(stage_screen(s), "qr_code");
	assert_true(stage_shows(s, "Another host leads here: contoh.id"));
	assert_int_equal(s->follows, 1);
	stage_press(s, "1");
	assert_string_equal(s->followed, "https://dokumen.contoh.go.id/unduh/surat.pdf");
	assert_string_equal(stage_screen(s), "verify_result");
}

static void what_is_no_document_is_said_to_be_none(void **state)
{
	struct stage *s = *state;

	stage_press(s, PASTE("https://contoh.id/kosong") "1");
	assert_true(stage_shows(s, "The page has no link to a PDF document"));
	stage_press(s, "Esc Esc");
	stage_press(s, "2 https://contoh.id/teks Enter 1");
	assert_true(stage_shows(s, "The code leads to text, not to a document."));
	assert_true(stage_shows(s, "\\x1b[2Jdan asli"));
	stage_press(s, "Esc Esc");
	stage_press(s, "2 https://contoh.id/arsip.zip Enter 1");
	assert_true(stage_shows(s, "application/zip"));
	stage_press(s, "1");
	assert_string_equal(stage_screen(s), "qr_code");
	stage_press(s, "Esc 2 https://contoh.id/hilang Enter 1");
	assert_true(stage_shows(s, "there is nothing at this address (HTTP 404)"));
	assert_null(strstr(stage_picture(s), "Nothing has been fetched"));
	assert_int_equal(s->verifications, 0);
}

static void what_cannot_be_read_is_said(void **state)
{
	struct stage *s = *state;

	stage_press(s, PICK("kosong"));
	assert_string_equal(stage_screen(s), "qr");
	assert_true(stage_shows(s, "No QR code was found"));
	stage_press(s, "1 / rusak Enter Enter");
	assert_true(stage_shows(s, "The picture is damaged"));
	stage_press(s, "2 Space Enter");
	assert_true(stage_shows(s, "There is no text"));
	assert_int_equal(s->follows, 0);
}

static void a_camera_is_used_where_there_is_one(void **state)
{
	struct stage *s = *state;

	stage_press(s, OPEN);
	assert_true(stage_shows(s, "3 Camera  (this computer has no camera"));
	stage_press(s, "3 Enter");
	assert_string_equal(stage_screen(s), "qr");
	s->camera = true;
	stage_press(s, "Esc 2 3");
	assert_string_equal(stage_screen(s), "qr_code");
	assert_int_equal(s->follows, 0);
}

/* ---- the real program ---- */

/* Skips where no codes are read. */
static void need_scanner(void)
{
	struct render *render = NULL;
	bool reads;

	preview_needed();
	assert_int_equal(render_open(&render, -1, NULL), BE_OK);
	reads = render_reads_codes(render);
	render_free(&render);
	if (!reads)
		skip();
}

static struct terminal *open_scan(void)
{
	struct terminal *t = user_start(NULL);

	user_press(t, "3");
	user_sees(t, "BeSign - Verify");
	user_press(t, "s");
	user_sees(t, "BeSign - Scan QR");
	return t;
}

static void a_photograph_is_read_and_nobody_asked(void **state)
{
	static const double askew[8] = { 60, 90, 560, 20, 630, 560, 10, 470 };
	struct picture picture;
	struct buffer png = BUFFER_EMPTY;
	struct terminal *t;

	(void)state;
	need_scanner();
	picture_new(&picture, 500, 500, 235);
	(void)picture_add_code(&picture, "https://dokumen.contoh.example/surat", 100, 120, 6);
	picture_warp(&picture, 640, 640, askew);
	picture_spoil(&picture, 35, 90, 1);
	picture_png(&png, &picture);
	user_write("documents/foto.png", png.data, png.len);
	t = open_scan();
	user_press(t, "1");
	user_open(t, "foto.png");
	user_sees(t, "BeSign - QR code");
	assert_string_equal(terminal_row(t, 2) + 2, "dokumen.contoh.example");
	user_sees(t, "Nothing has been fetched from this address yet.");
	user_press(t, "Escape o");
	user_open(t, "letter.pdf");
	user_sees(t, "No QR code was found");
	user_quit(&t);
	picture_free(&picture);
	buffer_free(&png);
}

static void what_was_pasted_leads_to_no_machine_of_ones_own(void **state)
{
	struct terminal *t;

	(void)state;
	t = open_scan();
	user_press(t, "t");
	user_paste(t, "  http://127.0.0.1/rahasia\n");
	user_press(t, "Enter");
	assert_string_equal(terminal_row(t, 2) + 2, "127.0.0.1");
	user_sees(t, "The host is a number");
	user_press(t, "1");
	user_sees(t, "The address leads into this machine or a private network, and is not asked");
	user_quit(&t);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)
#define REAL(test) cmocka_unit_test_setup_teardown(test, user_setup, user_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(nobody_is_asked_before_that_is_agreed_to),
		STAGED(a_document_is_verified_as_any_other_and_can_be_saved),
		STAGED(another_host_is_agreed_to_as_well),
		STAGED(a_trick_is_seen_through_and_not_opened),
		STAGED(several_codes_have_their_page_and_their_host),
		STAGED(a_page_offers_its_documents),
		STAGED(what_is_no_document_is_said_to_be_none),
		STAGED(what_cannot_be_read_is_said),
		STAGED(a_camera_is_used_where_there_is_one),
		REAL(a_photograph_is_read_and_nobody_asked),
		REAL(what_was_pasted_leads_to_no_machine_of_ones_own),
	};

	return cmocka_run_group_tests_name("screens_qr", tests, NULL, NULL);
}
