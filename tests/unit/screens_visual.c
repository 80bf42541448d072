/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Visualisasi: pictures are added, chosen and removed, and the preview follows what is typed. On a stage, then with the
 * real program. */

#include "support/stage.h"
#include "support/user.h"

#include "base/i18n.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define OPEN "4 1 "

/* ---- pictures ---- */

static void a_picture_is_used_once_it_is_saved(void **state)
{
	struct stage *s = *state;

	stage_press(s, OPEN);
	assert_string_equal(stage_screen(s), "settings_visual");
	assert_true(stage_shows(s, "(*) without a picture"));
	stage_press(s, "Down Enter");
	assert_true(stage_shows(s, "(*) cap-instansi.png  600 x 200 pixels"));
	assert_true(stage_shows(s, "( ) without a picture"));
	/* Not before. */
	assert_string_equal(s->visual.picture, "");
	stage_press(s, "s");
	assert_string_equal(s->visual.picture, "cap-instansi.png");
	assert_string_equal(stage_screen(s), "settings");
	assert_true(stage_shows(s, "The visualisation is saved"));
	/* And none again. */
	stage_press(s, "1 Enter s");
	assert_string_equal(s->visual.picture, "");
}

static void a_picture_is_added_and_warned_about(void **state)
{
	struct stage *s = *state;

	stage_press(s, OPEN "a");
	assert_string_equal(stage_screen(s), "browse_picture");
	assert_true(stage_shows(s, "tanda tangan.jpg"));
	stage_press(s, "/ rusak Enter Enter");
	assert_string_equal(stage_screen(s), "settings_visual");
	assert_true(stage_shows(s, "The picture has to be a PNG or JPEG file"));
	stage_press(s, "Down Enter a / tanda Enter Enter");
	assert_true(stage_shows(s, "> ( ) tanda_tangan.jpg  4000 x 1500 pixels, very large"));
	assert_true(stage_shows(s, "The picture is more than 2000 pixels wide"));
	/* What was marked before is still marked. */
	assert_true(stage_shows(s, "(*) cap-instansi.png"));
	stage_press(s, "Esc");
	assert_string_equal(s->visual.picture, "");
}

static void a_picture_is_removed_after_a_question(void **state)
{
	struct stage *s = *state;
	const unsigned before = s->pictures;

	stage_press(s, OPEN "r");
	assert_true(stage_shows(s, "choose a picture first"));
	stage_press(s,
		"Down Enter s "
		"1 Down Enter r");
	assert_true(stage_shows(s, "Remove this picture?"));
	assert_true(stage_shows(s, "cap-instansi.png"));
	stage_press(s, "1");
	assert_int_equal(s->pictures, before);
	stage_press(s, "r 2");
	assert_int_equal(s->pictures, before & ~1u);
	assert_true(stage_shows(s, "The picture is removed"));
	assert_true(stage_shows(s, "(*) without a picture"));
	assert_string_equal(s->visual.picture, "");
}

static void a_broken_picture_is_for_removing_only(void **state)
{
	struct stage *s = *state;

	stage_press(s, OPEN "Down Down Down Enter");
	assert_true(stage_shows(s, "The file is no picture any more"));
	stage_press(s, "s");
	assert_string_equal(stage_screen(s), "settings_visual");
	assert_true(stage_shows(s, "The file is no picture any more"));
	assert_string_equal(s->visual.picture, "");
	stage_press(s, "r 2");
	assert_int_equal(s->pictures, 3);
}

static void a_picture_that_is_gone_is_missed(void **state)
{
	struct stage *s = *state;

	(void)strcpy(s->visual.picture, "hilang.png");
	stage_press(s, OPEN);
	assert_true(stage_shows(s, "The picture in use is not there any more; choose another, or none"));
	assert_true(stage_shows(s, "(hilang.png)"));
	assert_true(stage_shows(s, "(*) without a picture"));
	stage_press(s, "s");
	assert_string_equal(s->visual.picture, "");
}

/* ---- text and preview ---- */

static void the_preview_follows_what_is_typed(void **state)
{
	struct stage *s = *state;
	size_t before;

	(void)strcpy(s->desk.settings.reason, "Persetujuan");
	stage_press(s, OPEN "Down Enter t");
	assert_true(stage_shows(s, "# Digitally signed by Sari Wulandari"));
	assert_true(stage_shows(s, "# Reason: Persetujuan"));
	/* With the picture that is marked, saved or not. */
	assert_string_equal(s->shown.visual.picture, "cap-instansi.png");
	before = s->previews;
	(void)stage_picture(s);
	(void)stage_picture(s);
	assert_int_equal(s->previews, before);
	/* Own lines begin as the usual ones, and there is always one more. */
	stage_press(s, "2");
	assert_true(stage_shows(s, "[Digitally signed by {name}"));
	stage_press(s, "2 Tab ^U");
	stage_type(s, "Atas nama {name}");
	assert_true(stage_shows(s, "# Atas nama Sari Wulandari"));
	stage_press(s, "Tab Tab Tab Tab lima");
	assert_true(stage_shows(s, "# lima"));
	assert_int_equal(s->shown.visual.line_count, 5);
	stage_press(s, "BackTab ^U BackTab ^U BackTab ^U");
	assert_int_equal(s->visual.line_count, 0);
	stage_press(s, "Tab Tab Tab Tab Tab");
	stage_type(s, "https://contoh.id");
	stage_press(s, "Tab ^U");
	stage_type(s, "200x80");
	(void)stage_picture(s);
	assert_int_equal(s->shown.visual.width, 200);
	assert_int_equal(s->shown.visual.height, 80);
	stage_press(s, "Tab Tab Enter");
	assert_string_equal(stage_screen(s), "settings_visual");
	assert_int_equal(s->visual.text, VISUAL_TEXT_OWN);
	assert_int_equal(s->visual.line_count, 5);
	assert_string_equal(s->visual.lines[0], "Atas nama {name}");
	assert_string_equal(s->visual.lines[1], "");
	assert_string_equal(s->visual.lines[4], "lima");
	assert_string_equal(s->visual.qr, "https://contoh.id");
	assert_string_equal(s->visual.picture, "cap-instansi.png");
	assert_true(stage_shows(s, "(*) cap-instansi.png"));
}

static void what_cannot_be_drawn_is_said_and_not_saved(void **state)
{
	struct stage *s = *state;
	size_t before;

	stage_press(s, OPEN "t 2 Tab ^U");
	before = s->previews;
	stage_type(s, "{nama}");
	assert_true(stage_shows(s, "No preview: Only {name}, {time}, {reason} and {location} are filled in"));
	assert_false(strstr(stage_picture(s), "####") != NULL);
	/* No helper was started for it. */
	assert_int_equal(s->previews, before);
	stage_press(s, "BackTab BackTab Enter");
	assert_string_equal(stage_screen(s), "settings_visual_text");
	assert_int_equal(s->visual.text, VISUAL_TEXT_USUAL);
	stage_press(s, "1 Tab Tab ^U 5x60");
	assert_true(stage_shows(s, "A visible signature is 10 to 1000 points wide and high (5 x 60)"));
	stage_press(s, "^U besar");
	assert_true(stage_shows(s, "Write the size as width x height"));
	stage_press(s, "^U");
	stage_type(s, "90 x 90");
	assert_true(stage_shows(s, "####"));
	stage_press(s, "BackTab aksara");
	assert_true(stage_shows(s, "No preview: No font on this computer has a character of the text (U+13000)"));
}

static void without_a_helper_all_but_the_preview_works(void **state)
{
	struct stage *s = *state;

	stage_press(s, OPEN "t Tab mati");
	assert_true(stage_shows(s, "No preview: Visible signatures are not drawn on this computer"));
	stage_press(s, "Tab ^U");
	stage_type(s, "300 x 100");
	stage_press(s, "Tab Enter");
	assert_string_equal(stage_screen(s), "settings_visual");
	assert_int_equal(s->visual.width, 300);
	assert_string_equal(s->visual.qr, "mati");
}

/* ---- the real program ---- */

static struct terminal *open_visual(void)
{
	struct terminal *t = user_start(NULL);

	user_press(t, "4 4");
	user_sees(t, "BeSign - Settings");
	user_press(t, "1");
	user_sees(t, "BeSign - Visualisation");
	user_is_on(t, "(*) without a picture");
	return t;
}

/* Every letter is taken while helpers draw what was typed before it. */
static void nothing_that_is_typed_waits_or_is_lost(void **state)
{
	struct terminal *t = open_visual();

	(void)state;
	user_press(t, "t");
	user_sees(t, "BeSign - Text and QR code");
	user_misses(t, "Drawing the preview");
	user_press(t, "2 Tab ^U");
	user_type(t, "Ditandatangani oleh {name} pada {time} di Jakarta");
	user_press(t, "Tab Tab Tab Tab Tab");
	user_type(t, "https://contoh.id/123");
	user_is_on(t, "https://contoh.id/123");
	user_misses(t, "Drawing the preview");
	user_press(t, "Tab Tab Tab Enter");
	user_sees(t, "The visualisation is saved");
	user_quit(&t);
	assert_int_equal(user_run("grep -qx 'line = Ditandatangani oleh {name} pada {time} di Jakarta' "
				  "~/.local/share/besign/visual/look"),
		0);
	assert_int_equal(user_run("grep -qx 'qr = https://contoh.id/123' ~/.local/share/besign/visual/look"), 0);
	assert_int_equal(user_mode(".local/share/besign/visual"), 0700);
	assert_int_equal(user_mode(".local/share/besign/visual/look"), 0600);
}

/* A screen that goes away takes its preview with it, also when the next one begins at once. */
static void a_preview_is_left_behind(void **state)
{
	struct terminal *t = open_visual();

	(void)state;
	for (size_t i = 0; i < 5; i++)
		user_press(t, "t Escape");
	user_press(t, "t 3 q t ?");
	user_press(t, "q q");
	user_sees(t, "BeSign - Visualisation");
	user_press(t, "t 2");
	user_quit(&t);
}

#define STAGED(test) cmocka_unit_test_setup_teardown(test, stage_setup, stage_teardown)
#define REAL(test) cmocka_unit_test_setup_teardown(test, user_setup, user_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		STAGED(a_picture_is_used_once_it_is_saved),
		STAGED(a_picture_is_added_and_warned_about),
		STAGED(a_picture_is_removed_after_a_question),
		STAGED(a_broken_picture_is_for_removing_only),
		STAGED(a_picture_that_is_gone_is_missed),
		STAGED(the_preview_follows_what_is_typed),
		STAGED(what_cannot_be_drawn_is_said_and_not_saved),
		STAGED(without_a_helper_all_but_the_preview_works),
		REAL(nothing_that_is_typed_waits_or_is_lost),
		REAL(a_preview_is_left_behind),
	};

	return cmocka_run_group_tests_name("screens_visual", tests, NULL, NULL);
}
