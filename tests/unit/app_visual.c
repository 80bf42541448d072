/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/visual.h"
#include "base/i18n.h"
#include "support/desk.h"
#include "support/preview.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT "data/besign/visual"
#define LOOK KEPT "/look"

static int make(void **state)
{
	(void)state;
	desk_make();
	return setenv("XDG_DATA_HOME", desk_path("data"), 1);
}

static int clear(void **state)
{
	static const char *const dirs[] = { KEPT, "data/besign", "data" };
	DIR *dir = opendir(desk_path(KEPT));
	const struct dirent *entry;

	(void)state;
	while (dir != NULL && (entry = readdir(dir)) != NULL)
		(void)unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir != NULL)
		(void)closedir(dir);
	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		(void)rmdir(desk_path(dirs[i]));
	desk_clear();
	return unsetenv("XDG_DATA_HOME");
}

/* ---- pictures, as far as they are looked at ---- */

static void be(struct buffer *out, uint32_t number, unsigned bytes)
{
	while (bytes-- > 0)
		buffer_add_byte(out, (uint8_t)(number >> (8 * bytes)));
}

static void png(struct buffer *out, uint32_t width, uint32_t height)
{
	buffer_reset(out);
	buffer_add(out, "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR", 16);
	be(out, width, 4);
	be(out, height, 4);
	buffer_add(out, "\x08\x02\0\0\0\0\0\0\0", 9);
}

/* With a comment and tables before the frame, as cameras write it. */
static void jpeg(struct buffer *out, uint32_t width, uint32_t height)
{
	buffer_reset(out);
	buffer_add(out, "\xFF\xD8\xFF\xE1\0\x06TEXT\xFF\xFF\xFE\0\x02\xFF\xC4\0\x03\0\xFF\xC2\0\x0B\x08", 25);
	be(out, height, 2);
	be(out, width, 2);
	buffer_add(out, "\x01\x01\x11\0", 4);
}

static enum be_err add(struct visual_picture *out, const char *name, const struct buffer *bytes)
{
	desk_write(name, bytes->data, bytes->len);
	return visual_add(out, desk_path(name), NULL);
}

static void a_picture_is_kept_whole_and_to_oneself(void **state)
{
	struct visual_picture picture;
	struct buffer bytes = BUFFER_EMPTY;
	struct buffer kept = BUFFER_EMPTY;
	struct visual_pictures all;
	struct stat st;

	(void)state;
	png(&bytes, 600, 200);
	buffer_add_fill(&bytes, 7, 100000);
	assert_int_equal(add(&picture, "cap.png", &bytes), BE_OK);
	assert_string_equal(picture.name, "cap.png");
	assert_int_equal(picture.width, 600);
	assert_int_equal(picture.height, 200);
	assert_int_equal(picture.worth, VISUAL_WELL);
	desk_read(&kept, KEPT "/cap.png");
	assert_int_equal(kept.len, bytes.len);
	assert_memory_equal(kept.data, bytes.data, bytes.len);
	assert_int_equal(stat(desk_path(KEPT "/cap.png"), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(desk_path(KEPT), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	/* What lies there besides is none of ours. */
	desk_write(KEPT "/look", "", 0);
	desk_write(KEPT "/.sisa.png", "", 0);
	desk_write(KEPT "/catatan.txt", "", 0);
	desk_write(KEPT "/dengan spasi.png", "", 0);
	assert_int_equal(mkdir(desk_path(KEPT "/folder.png"), 0700), 0);
	assert_int_equal(visual_pictures(&all, NULL), BE_OK);
	assert_int_equal(all.count, 1);
	assert_string_equal(all.pictures[0].name, "cap.png");
	assert_int_equal(all.pictures[0].width, 600);
	visual_pictures_free(&all);
	assert_int_equal(rmdir(desk_path(KEPT "/folder.png")), 0);
	buffer_free(&bytes);
	buffer_free(&kept);
}

static void names_become_harmless_and_never_two_the_same(void **state)
{
	static const struct {
		const char *name, *kept;
	} names[] = {
		{ "tanda.JPEG", "tanda.png" }, /* what it is counts, not what it is called */
		{ "tanda.png", "tanda-2.png" },
		{ "tanda", "tanda-3.png" },
		{ "a\033[31m\nb.png", "a__31m_b.png" },
		{ "\xE2\x80\xAEgnp.exe", "___gnp.png" },
		{ ".tersembunyi.png", "_tersembunyi.png" },
		{ "-rf.png", "_rf.png" },
		{ "..png", "_.png" },
		{ "look", "look.png" },
		{ "Cap Basah 2026.v2.png", "Cap_Basah_2026.v2.png" },
	};
	struct visual_picture picture;
	struct buffer bytes = BUFFER_EMPTY;
	char name[256];

	(void)state;
	png(&bytes, 300, 300);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		assert_int_equal(add(&picture, names[i].name, &bytes), BE_OK);
		assert_string_equal(picture.name, names[i].kept);
	}
	(void)memset(name, 'n', 250);
	(void)strcpy(name + 250, ".png");
	assert_int_equal(add(&picture, name, &bytes), BE_OK);
	assert_true(strlen(picture.name) < VISUAL_NAME_MAX);
	assert_int_equal(add(&picture, name, &bytes), BE_OK);
	assert_non_null(strstr(picture.name, "-2.png"));
	buffer_free(&bytes);
}

static void only_pictures_are_taken_and_their_size_is_told(void **state)
{
	static const struct {
		const char *what;
		void (*make)(struct buffer *, uint32_t, uint32_t);
		uint32_t width, height;
		size_t cut; /* so many bytes are left; 0: all */
		enum be_err expected;
		enum visual_worth worth;
	} files[] = {
		{ "a PNG", png, 100, 50, 0, BE_OK, VISUAL_WELL },
		{ "a JPEG", jpeg, 2000, 400, 0, BE_OK, VISUAL_WELL },
		{ "a tiny one", png, 99, 900, 0, BE_OK, VISUAL_TOO_SMALL },
		{ "a huge one", jpeg, 2001, 10, 0, BE_OK, VISUAL_TOO_LARGE },
		{ "no pixels", png, 0, 10, 0, BE_MALFORMED, VISUAL_BROKEN },
		{ "no rows", jpeg, 10, 0, 0, BE_MALFORMED, VISUAL_BROKEN },
		{ "a bomb", png, 0xFFFFFFFF, 0xFFFFFFFF, 0, BE_LIMIT, VISUAL_BROKEN },
		{ "a smaller bomb", jpeg, 65535, 65535, 0, BE_LIMIT, VISUAL_BROKEN },
		{ "a PNG cut in its header", png, 10, 10, 20, BE_MALFORMED, VISUAL_BROKEN },
		{ "a PNG that is only a signature", png, 10, 10, 8, BE_MALFORMED, VISUAL_BROKEN },
		{ "a cut signature", png, 10, 10, 7, BE_UNSUPPORTED, VISUAL_BROKEN },
		{ "a JPEG cut in its frame", jpeg, 10, 10, 26, BE_MALFORMED, VISUAL_BROKEN },
		{ "a JPEG cut between markers", jpeg, 10, 10, 12, BE_MALFORMED, VISUAL_BROKEN },
		{ "a JPEG that is only a signature", jpeg, 10, 10, 3, BE_MALFORMED, VISUAL_BROKEN },
	};
	struct buffer bytes = BUFFER_EMPTY;
	struct visual_pictures all;
	struct visual_picture picture;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		enum be_err rc;

		files[i].make(&bytes, files[i].width, files[i].height);
		bytes.len = files[i].cut > 0 ? files[i].cut : bytes.len;
		rc = add(&picture, "berkas", &bytes);
		if (rc != files[i].expected || picture.worth != files[i].worth)
			fail_msg("%s: %d, worth %d", files[i].what, rc, picture.worth);
		if (rc == BE_OK)
			assert_int_equal(picture.width, files[i].width);
	}
	buffer_reset(&bytes);
	buffer_add_str(&bytes, "%PDF-1.7\n");
	assert_int_equal(add(&picture, "surat.png", &bytes), BE_UNSUPPORTED);
	/* Two megabytes of thumbnails before the frame. */
	buffer_reset(&bytes);
	buffer_add(&bytes, "\xFF\xD8", 2);
	for (size_t i = 0; i < 32; i++) {
		buffer_add(&bytes, "\xFF\xE2\xFF\xFF", 4);
		buffer_add_fill(&bytes, 0xFF, 0xFFFD);
	}
	buffer_add(&bytes, "\xFF\xC0\0\x0B\x08\0\x64\0\xC8\x01\x01\x11\0", 13);
	assert_int_equal(add(&picture, "kamera.jpg", &bytes), BE_OK);
	assert_int_equal(picture.width, 200);
	assert_int_equal(visual_pictures(&all, NULL), BE_OK);
	assert_int_equal(visual_pictures_find(&all, "kamera.jpg")->width, 200);
	assert_null(visual_pictures_find(&all, "kamera"));
	visual_pictures_free(&all);
	/* A chain of empty segments, and one whose length leads backwards. */
	buffer_reset(&bytes);
	buffer_add(&bytes, "\xFF\xD8", 2);
	for (size_t i = 0; i < 100000; i++)
		buffer_add(&bytes, "\xFF\xFE\0\x02", 4);
	assert_int_equal(add(&picture, "rantai.jpg", &bytes), BE_MALFORMED);
	buffer_reset(&bytes);
	buffer_add(&bytes, "\xFF\xD8\xFF\xFE\0\0\xFF\xFE\0\0", 10);
	assert_int_equal(add(&picture, "mundur.jpg", &bytes), BE_MALFORMED);
	assert_int_equal(visual_add(&picture, desk_path("tidak-ada.png"), NULL), BE_NOT_FOUND);
	assert_int_equal(visual_add(&picture, desk_path(""), NULL) == BE_OK, 0);
	buffer_free(&bytes);
}

static void one_byte_too_many_is_refused(void **state)
{
	struct visual_picture picture;
	struct buffer bytes = BUFFER_EMPTY;

	(void)state;
	png(&bytes, 300, 300);
	desk_write("besar.png", bytes.data, bytes.len);
	assert_int_equal(truncate(desk_path("besar.png"), (off_t)RENDER_IMAGE_MAX + 1), 0);
	assert_int_equal(visual_add(&picture, desk_path("besar.png"), NULL), BE_LIMIT);
	buffer_free(&bytes);
}

static void one_picture_is_used_or_none(void **state)
{
	struct buffer bytes = BUFFER_EMPTY;
	struct visual_picture picture;
	struct visual visual;
	struct visual_look look;

	(void)state;
	jpeg(&bytes, 300, 100);
	assert_int_equal(add(&picture, "satu.jpg", &bytes), BE_OK);
	assert_int_equal(add(&picture, "dua.jpg", &bytes), BE_OK);
	assert_int_equal(visual_use("satu.jpg", NULL), BE_OK);
	assert_int_equal(visual_use("dua.jpg", NULL), BE_OK);
	assert_int_equal(visual_read(&visual, NULL), BE_OK);
	assert_string_equal(visual.picture, "dua.jpg");
	assert_int_equal(visual_look(&look, &visual, NULL), BE_OK);
	assert_string_equal(look.look.image, desk_path(KEPT "/dua.jpg"));
	visual_look_free(&look);
	assert_int_equal(visual_use("tiga.jpg", NULL), BE_NOT_FOUND);
	assert_int_equal(visual_use("../dua.jpg", NULL), BE_NOT_FOUND);
	assert_int_equal(visual_remove("../../../satu.jpg", NULL), BE_NOT_FOUND);
	assert_int_equal(visual_remove("look", NULL), BE_NOT_FOUND);
	/* Removing another leaves it, removing it leaves none. */
	assert_int_equal(visual_remove("satu.jpg", NULL), BE_OK);
	assert_int_equal(visual_read(&visual, NULL), BE_OK);
	assert_string_equal(visual.picture, "dua.jpg");
	assert_int_equal(visual_remove("dua.jpg", NULL), BE_OK);
	assert_int_equal(visual_read(&visual, NULL), BE_OK);
	assert_string_equal(visual.picture, "");
	assert_int_equal(visual_remove("dua.jpg", NULL), BE_NOT_FOUND);
	/* One that was broken meanwhile is listed, to be removed, and not used. */
	assert_int_equal(add(&picture, "satu.jpg", &bytes), BE_OK);
	desk_write(KEPT "/satu.jpg", "rusak", 5);
	assert_int_equal(visual_use("satu.jpg", NULL), BE_MALFORMED);
	assert_int_equal(visual_use(NULL, NULL), BE_OK);
	assert_int_equal(visual_remove("satu.jpg", NULL), BE_OK);
	buffer_free(&bytes);
}

/* ---- text, QR, size ---- */

static void what_is_kept_comes_back(void **state)
{
	static const char *const lines[] = { "{name}", "", "# {{ \"kutip\" }", "  \xE4\xB8\xAD" };
	struct visual written;
	struct visual read;
	struct stat st;

	(void)state;
	visual_default(&written);
	written.text = VISUAL_TEXT_OWN;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		(void)strcpy(written.lines[written.line_count++], lines[i]);
	(void)strcpy(written.qr, "https://contoh.id/?a=1 #2");
	written.width = 321;
	written.height = 45;
	assert_int_equal(visual_write(&written, NULL), BE_OK);
	assert_int_equal(visual_read(&read, NULL), BE_OK);
	assert_memory_equal(&read, &written, sizeof(read));
	assert_int_equal(stat(desk_path(LOOK), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(stat(desk_path(KEPT), &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
}

static void what_cannot_be_drawn_is_not_kept(void **state)
{
	struct visual visual;

	(void)state;
	visual_default(&visual);
	visual.text = VISUAL_TEXT_OWN;
	visual.line_count = 1;
	(void)strcpy(visual.lines[0], "{nama}");
	assert_int_equal(visual_write(&visual, NULL), BE_USAGE);
	(void)strcpy(visual.lines[0], "dua\nbaris");
	assert_int_equal(visual_write(&visual, NULL), BE_USAGE);
	(void)strcpy(visual.lines[0], "\xFF");
	assert_int_equal(visual_write(&visual, NULL), BE_USAGE);
	visual.line_count = RENDER_LINES_MAX + 1;
	assert_int_equal(visual_check(&visual, NULL) == BE_OK, 0);
	visual_default(&visual);
	(void)strcpy(visual.qr, "\x1B]0;");
	assert_int_equal(visual_write(&visual, NULL), BE_USAGE);
	visual_default(&visual);
	visual.width = VISUAL_SIDE_MAX + 1;
	assert_int_equal(visual_write(&visual, NULL), BE_USAGE);
	visual.width = VISUAL_SIDE_MIN - 1;
	assert_int_equal(visual_write(&visual, NULL), BE_USAGE);
	assert_false(desk_has("data"));
}

static void a_line_that_is_not_understood_does_not_count(void **state)
{
	static const char *const broken[] = { "picture = ../../kunci.p12", "picture = look", "text = lain",
		"line = {nama}", "width = 5", "width = -1", "height = 99999", "width = 1e2", "tanpa tanda",
		"qr = \"\\x1B\"" };
	struct visual visual;
	struct visual plain;
	struct be_error err;
	char text[256];

	(void)state;
	visual_default(&plain);
	(void)strcpy(plain.picture, "cap.png");
	assert_int_equal(
		mkdir(desk_path("data"), 0700) + mkdir(desk_path("data/besign"), 0700) + mkdir(desk_path(KEPT), 0700),
		0);
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		(void)snprintf(text, sizeof(text), "later = 1\n%s\npicture = cap.png\n", broken[i]);
		desk_write(LOOK, text, strlen(text));
		if (visual_read(&visual, &err) != BE_MALFORMED || strstr(err.detail, "line 2 of ") == NULL)
			fail_msg("%s: %s", broken[i], err.detail);
		assert_memory_equal(&visual, &plain, sizeof(visual));
	}
	desk_write(LOOK, "picture = cap.png\n\xFF\n", 20);
	assert_int_equal(visual_read(&visual, NULL), BE_MALFORMED);
	assert_string_equal(visual.picture, "");
	text[0] = '\0';
	for (size_t i = 0; i <= RENDER_LINES_MAX; i++)
		(void)strcat(text, "line = x\n");
	desk_write(LOOK, text, strlen(text));
	assert_int_equal(visual_read(&visual, NULL), BE_MALFORMED);
	assert_int_equal(visual.line_count, RENDER_LINES_MAX);
}

static void what_is_drawn_is_what_was_chosen(void **state)
{
	struct visual visual;
	struct visual_look look;

	(void)state;
	visual_default(&visual);
	assert_int_equal(visual_look(&look, &visual, NULL), BE_OK);
	assert_null(look.look.image);
	assert_null(look.look.qr);
	assert_int_equal(look.look.line_count, 4);
	assert_string_equal(look.look.lines[0], "Digitally signed by {name}");
	visual_look_free(&look);
	visual.text = VISUAL_TEXT_NONE;
	(void)strcpy(visual.qr, "kode");
	visual.line_count = 1;
	assert_int_equal(visual_look(&look, &visual, NULL), BE_OK);
	assert_int_equal(look.look.line_count, 0);
	assert_string_equal(look.look.qr, "kode");
	visual_look_free(&look);
	visual.text = VISUAL_TEXT_OWN;
	(void)strcpy(visual.lines[0], "{name}");
	assert_int_equal(visual_look(&look, &visual, NULL), BE_OK);
	assert_int_equal(look.look.line_count, 1);
	assert_string_equal(look.look.lines[0], "{name}");
	visual_look_free(&look);
}

/* ---- how it looks ---- */

#define EMPTY_BRAILLE 0x2800u

static size_t ink(const struct render_cells *cells)
{
	size_t count = 0;

	for (size_t i = 0; i < (size_t)cells->cols * cells->rows; i++)
		count += cells->cells[i].character != ' ' && cells->cells[i].character != EMPTY_BRAILLE;
	return count;
}

static void a_preview_shows_the_text(void **state)
{
	struct visual_wish wish = { .name = "Sari", .time = CA_NOW, .cols = 60, .rows = 12, .mode = RENDER_MONO };
	struct render_cells cells;
	struct be_error err;
	size_t few;

	(void)state;
	preview_needed();
	visual_default(&wish.visual);
	wish.visual.text = VISUAL_TEXT_OWN;
	wish.visual.line_count = 1;
	(void)strcpy(wish.visual.lines[0], ".");
	if (visual_preview(&cells, &wish, NULL, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
	assert_true(cells.cols <= 60 && cells.rows <= 12 && cells.cols > 30);
	few = ink(&cells);
	render_cells_free(&cells);
	wish.visual.text = VISUAL_TEXT_USUAL;
	assert_int_equal(visual_preview(&cells, &wish, NULL, NULL), BE_OK);
	assert_true(ink(&cells) > few + 20);
	render_cells_free(&cells);
	/* What no font has is named. */
	wish.visual.text = VISUAL_TEXT_OWN;
	(void)strcpy(wish.visual.lines[0], "\xF0\x93\x80\x80");
	assert_int_equal(visual_preview(&cells, &wish, NULL, &err), BE_UNSUPPORTED);
	assert_non_null(strstr(err.detail, "U+13000"));
	assert_null(cells.cells);
	(void)strcpy(wish.visual.picture, "tidak-ada.png");
	assert_int_equal(visual_preview(&cells, &wish, NULL, NULL), BE_NOT_FOUND);
	assert_null(cells.cells);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		AT_DESK(a_picture_is_kept_whole_and_to_oneself),
		AT_DESK(names_become_harmless_and_never_two_the_same),
		AT_DESK(only_pictures_are_taken_and_their_size_is_told),
		AT_DESK(one_byte_too_many_is_refused),
		AT_DESK(one_picture_is_used_or_none),
		AT_DESK(what_is_kept_comes_back),
		AT_DESK(what_cannot_be_drawn_is_not_kept),
		AT_DESK(a_line_that_is_not_understood_does_not_count),
		AT_DESK(what_is_drawn_is_what_was_chosen),
		AT_DESK(a_preview_shows_the_text),
	};

	return cmocka_run_group_tests_name("app_visual", tests, NULL, NULL);
}
