/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Codes of files, of pictures one after another as a camera would give them, and of what was pasted. */

#include "app/qr_follow.h"
#include "app/qr_read.h"
#include "support/desk.h"
#include "support/picture.h"
#include "support/preview.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#define URL "https://dokumen.contoh.example.invalid/7"

static struct be_error err;
static const struct qr_read_wish all = { .page = 0 };

static int make_desk(void **state)
{
	(void)state;
	desk_make();
	return 0;
}

static int clear_desk(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

/* Skips where no codes are read. */
static void need_scanner(void)
{
	struct render *render = NULL;
	bool reads;

	preview_needed();
	if (render_open(&render, -1, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	reads = render_reads_codes(render);
	render_free(&render);
	if (!reads)
		skip();
}

static void write_picture(const char *name, const char *text)
{
	struct picture picture;
	struct buffer png = BUFFER_EMPTY;

	picture_new(&picture, 300, 300, 255);
	if (text != NULL)
		(void)picture_add_code(&picture, text, 10, 10, 5);
	picture_png(&png, &picture);
	desk_write(name, png.data, png.len);
	picture_free(&picture);
	buffer_free(&png);
}

static enum be_err read_file(struct qr_codes *out, const char *name, const struct qr_read_wish *wish)
{
	return qr_read_file(out, desk_path(name), wish, &err);
}

/* ---- files ---- */

static void a_file_is_what_it_is_and_not_what_it_is_called(void **state)
{
	struct picture pages[2];
	struct buffer pdf = BUFFER_EMPTY;
	struct qr_codes codes;

	(void)state;
	need_scanner();
	write_picture("gambar.pdf", URL);
	assert_int_equal(read_file(&codes, "gambar.pdf", &all), BE_OK);
	assert_int_equal(codes.count, 1);
	assert_int_equal(codes.pages, 0);
	assert_int_equal(codes.codes[0].page, 0);
	assert_string_equal(codes.codes[0].content.host, "dokumen.contoh.example.invalid");
	qr_codes_free(&codes);
	for (int i = 0; i < 2; i++) {
		picture_new(&pages[i], 600, 800, 255);
		(void)picture_add_code(&pages[i], i == 0 ? "halaman satu" : URL, 100, 100, 3);
	}
	picture_pdf(&pdf, pages, 2, 595, 842);
	desk_write("surat.png", pdf.data, pdf.len);
	assert_int_equal(read_file(&codes, "surat.png", &all), BE_OK);
	assert_int_equal(codes.count, 2);
	assert_int_equal(codes.pages, 2);
	assert_int_equal(codes.codes[0].page, 1);
	assert_string_equal(codes.codes[0].content.text, "halaman satu");
	assert_int_equal(codes.codes[1].page, 2);
	qr_codes_free(&codes);
	assert_int_equal(read_file(&codes, "surat.png", &(struct qr_read_wish){ .page = 2 }), BE_OK);
	assert_int_equal(codes.count, 1);
	assert_string_equal(codes.codes[0].content.text, URL);
	qr_codes_free(&codes);
	assert_int_equal(read_file(&codes, "surat.png", &(struct qr_read_wish){ .page = 3 }), BE_NO_SUCH_PAGE);
	assert_int_equal(read_file(&codes, "gambar.pdf", &(struct qr_read_wish){ .page = 2 }), BE_NO_SUCH_PAGE);
	for (int i = 0; i < 2; i++)
		picture_free(&pages[i]);
	buffer_free(&pdf);
}

static void report(void *context, size_t done, size_t count)
{
	size_t *seen = context;

	assert_true(done < count);
	++*seen;
}

static void pages_are_reported_and_can_be_stopped_at(void **state)
{
	atomic_bool cancel = false;
	size_t seen = 0;
	const struct qr_read_wish wish = { .cancel = &cancel, .progress = report, .context = &seen };
	struct picture pages[3];
	struct buffer pdf = BUFFER_EMPTY;
	struct qr_codes codes;

	(void)state;
	need_scanner();
	for (int i = 0; i < 3; i++) {
		picture_new(&pages[i], 100, 100, 255);
		(void)picture_add_code(&pages[i], "x", 10, 10, 2);
	}
	picture_pdf(&pdf, pages, 3, 200, 200);
	desk_write("tiga.pdf", pdf.data, pdf.len);
	assert_int_equal(read_file(&codes, "tiga.pdf", &wish), BE_OK);
	assert_int_equal(codes.count, 3);
	assert_int_equal(seen, 3);
	qr_codes_free(&codes);
	cancel = true;
	assert_int_equal(read_file(&codes, "tiga.pdf", &wish), BE_CANCELLED);
	assert_int_equal(codes.count, 0);
	for (int i = 0; i < 3; i++)
		picture_free(&pages[i]);
	buffer_free(&pdf);
}

static void what_is_neither_is_refused(void **state)
{
	struct qr_codes codes;

	(void)state;
	desk_write("teks.txt", "bukan gambar", 12);
	desk_write("kosong.pdf", "", 0);
	assert_int_equal(read_file(&codes, "teks.txt", &all), BE_UNSUPPORTED);
	assert_int_equal(read_file(&codes, "kosong.pdf", &all), BE_UNSUPPORTED);
	assert_int_equal(read_file(&codes, "tiada.png", &all), BE_NOT_FOUND);
	assert_int_equal(mkfifo(desk_path("pipa"), 0600), 0);
	assert_int_equal(read_file(&codes, "pipa", &all), BE_UNSUPPORTED);
	assert_int_equal(read_file(&codes, ".", &all), BE_UNSUPPORTED);
}

/* ---- pictures one after another ---- */

static void the_first_picture_with_a_code_counts(void **state)
{
	const char *paths[4];
	struct frame_source source;
	struct qr_codes codes;

	(void)state;
	need_scanner();
	write_picture("1.png", NULL);
	desk_write("2.png", "\x89PNG\r\n\x1a\n cut", 12);
	write_picture("3.png", URL);
	write_picture("4.png", "lain");
	for (int i = 0; i < 4; i++) {
		const char name[] = { (char)('1' + i), '.', 'p', 'n', 'g', '\0' };

		paths[i] = desk_path(name);
	}
	assert_int_equal(frames_of_files(&source, paths, 4, &err), BE_OK);
	assert_int_equal(qr_read_frames(&codes, &source, &all, &err), BE_OK);
	assert_int_equal(codes.count, 1);
	assert_string_equal(codes.codes[0].content.text, URL);
	qr_codes_free(&codes);
	/* It goes on where it was, and says when it is at its end. */
	assert_int_equal(qr_read_frames(&codes, &source, &all, &err), BE_OK);
	assert_string_equal(codes.codes[0].content.text, "lain");
	qr_codes_free(&codes);
	assert_int_equal(qr_read_frames(&codes, &source, &all, &err), BE_NOT_FOUND);
	frames_close(&source);
}

static void looking_can_be_stopped(void **state)
{
	const atomic_bool cancel = true;
	const struct qr_read_wish wish = { .cancel = &cancel };
	struct frame_source source;
	struct qr_codes codes;
	const char *path;

	(void)state;
	need_scanner();
	write_picture("1.png", URL);
	path = desk_path("1.png");
	assert_int_equal(frames_of_files(&source, &path, 1, &err), BE_OK);
	assert_int_equal(qr_read_frames(&codes, &source, &wish, &err), BE_CANCELLED);
	assert_int_equal(codes.count, 0);
	frames_close(&source);
}

/* This version has none: what it says is what the screen shows. */
static void the_camera_says_why_it_is_not_there(void **state)
{
	struct qr_codes codes;

	(void)state;
	assert_non_null(frames_no_camera());
	assert_int_equal(qr_read_camera(&codes, &all, &err), BE_UNSUPPORTED);
	assert_string_equal(err.msgid, frames_no_camera());
	assert_int_equal(codes.count, 0);
}

/* ---- what was pasted ---- */

static void text_is_taken_as_a_code_would_be(void **state)
{
	static char much[QR_CONTENT_MAX + 1];
	struct qr_codes codes;

	(void)state;
	assert_int_equal(qr_read_text(&codes, "  " URL "\n", &err), BE_OK);
	assert_int_equal(codes.count, 1);
	assert_string_equal(codes.codes[0].content.url, URL);
	qr_codes_free(&codes);
	assert_int_equal(qr_read_text(&codes, " \n\t", &err), BE_USAGE);
	memset(much, 'a', sizeof(much) - 1);
	assert_int_equal(qr_read_text(&codes, much, &err), BE_LIMIT);
	assert_int_equal(codes.count, 0);
}

/* ---- what came of it ---- */

static void what_is_refused_is_refused_without_the_network(void **state)
{
	static const char *const urls[] = { "", "text", "https://a@b/", "https://b:81/", "file:///etc/passwd" };
	const struct qr_follow_wish wish = { .anywhere = true };
	struct qr_found found;

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		assert_int_equal(qr_follow(&found, urls[i], &wish, &err), BE_USAGE);
		assert_null(found.document);
	}
}

static void a_redirect_is_held_to_what_was_agreed_to(void **state)
{
	enum { FOLLOWED, ASKED, REFUSED };
	static const struct {
		const char *from, *to;
		int then, anywhere;
	} hops[] = {
		{ "https://a.id/x", "https://a.id/y", FOLLOWED, FOLLOWED },
		{ "https://a.id/x", "https://www.a.id/y", FOLLOWED, FOLLOWED },
		{ "http://a.id/x", "https://a.id/x", FOLLOWED, FOLLOWED },
		{ "https://a.id/x", "https://b.id/x", ASKED, FOLLOWED },
		{ "https://a.id/x", "https://a.id.jahat.example/x", ASKED, FOLLOWED },
		{ "http://a.id/x", "http://b.id/x", ASKED, FOLLOWED },
		{ "https://a.id/x", "http://a.id/x", REFUSED, REFUSED },
		{ "https://a.id/x", "http://b.id/x", REFUSED, REFUSED },
		{ "https://a.id/x", "https://a.id@b.id/x", REFUSED, REFUSED },
		{ "https://a.id/x", "https://a.id:8443/x", REFUSED, REFUSED },
		{ "https://a.id/x", "file:///etc/passwd", REFUSED, REFUSED },
		{ "https://a.id/x", "", REFUSED, REFUSED },
	};
	static struct qr_content at;
	static struct qr_content next;

	(void)state;
	for (size_t i = 0; i < sizeof(hops) / sizeof(hops[0]); i++) {
		qr_content_read(&at, hops[i].from);
		for (int anywhere = 0; anywhere < 2; anywhere++) {
			bool elsewhere = false;
			const enum be_err rc = qr_follow_hop(&next, &elsewhere, &at, hops[i].to, anywhere == 1, &err);
			const int came = rc != BE_OK ? REFUSED : elsewhere ? ASKED : FOLLOWED;

			if (came != (anywhere == 1 ? hops[i].anywhere : hops[i].then))
				fail_msg("%s to %s: %d", hops[i].from, hops[i].to, came);
			assert_true(rc == BE_OK || rc == BE_BLOCKED);
		}
	}
}

static void a_passing_document_goes_and_a_saved_one_stays(void **state)
{
	struct qr_found found = QR_FOUND_NOTHING;
	struct stat st;

	(void)state;
	assert_int_equal(mkdir(desk_path("besign-qr-abc"), 0700), 0);
	desk_write("besign-qr-abc/surat.pdf", "%PDF-1.7", 8);
	found.document = strdup(desk_path("besign-qr-abc/surat.pdf"));
	assert_non_null(found.document);
	assert_true(qr_is_passing(found.document));
	desk_write("sudah.pdf", "lama", 4);
	assert_int_equal(qr_save(found.document, desk_path("sudah.pdf"), &err), BE_EXISTS);
	assert_int_equal(qr_save(found.document, desk_path("baru.pdf"), &err), BE_OK);
	assert_false(qr_is_passing(desk_path("baru.pdf")));
	qr_found_free(&found);
	assert_int_not_equal(stat(desk_path("besign-qr-abc"), &st), 0);
	assert_int_equal(stat(desk_path("baru.pdf"), &st), 0);
	assert_int_equal(st.st_size, 8);
	assert_int_equal(stat(desk_path("sudah.pdf"), &st), 0);
	assert_int_equal(st.st_size, 4);
}

#define ON_DESK(test) cmocka_unit_test_setup_teardown(test, make_desk, clear_desk)

int main(void)
{
	const struct CMUnitTest tests[] = {
		ON_DESK(a_file_is_what_it_is_and_not_what_it_is_called),
		ON_DESK(pages_are_reported_and_can_be_stopped_at),
		ON_DESK(what_is_neither_is_refused),
		ON_DESK(the_first_picture_with_a_code_counts),
		ON_DESK(looking_can_be_stopped),
		cmocka_unit_test(the_camera_says_why_it_is_not_there),
		cmocka_unit_test(text_is_taken_as_a_code_would_be),
		cmocka_unit_test(what_is_refused_is_refused_without_the_network),
		cmocka_unit_test(a_redirect_is_held_to_what_was_agreed_to),
		ON_DESK(a_passing_document_goes_and_a_saved_one_stays),
	};

	return cmocka_run_group_tests_name("app_qr_read", tests, NULL, NULL);
}
