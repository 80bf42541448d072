/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What holds for every screen there is, and every picture of one. */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/cells.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "support/stage.h"

#include <stdio.h>
#include <string.h>

static const struct ui_screen *const screens[] = {
#define SCREEN(name) &screen_##name,
#include "screens/screens.def"
#undef SCREEN
	&ui_screen_busy,
	&ui_screen_confirm,
	&ui_screen_message,
	&ui_screen_pick,
	&ui_screen_help,
};

#define SCREENS (sizeof(screens) / sizeof(screens[0]))

static size_t wrong;

static void expect(bool good, const char *screen, const char *what)
{
	if (good)
		return;
	print_message("%s: %s\n", screen, what);
	wrong++;
}

static bool has_text(const char *text)
{
	return text != NULL && text[0] != '\0';
}

/* ---- the tables ---- */

static void names_are_unique_and_titles_fit_a_phone(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < SCREENS; i++) {
		for (size_t j = 0; j < i; j++)
			expect(strcmp(screens[i]->name, screens[j]->name) != 0, screens[i]->name,
				"another has its name");
		for (int language = 0; language < I18N_LANGUAGES; language++) {
			i18n_set((enum i18n_language)language);
			expect(screens[i]->title == NULL ||
					cells_width("BeSign - ") + cells_width(tr(screens[i]->title)) <= 40,
				screens[i]->name, "the title does not fit 40 columns");
		}
		i18n_set(I18N_EN);
		expect(screens[i] == &ui_screen_help || has_text(screens[i]->help), screens[i]->name,
			"there is no help");
	}
	assert_int_equal(wrong, 0);
}

static void every_action_has_a_key_of_its_own_text_and_help(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < SCREENS; i++) {
		const char *name = screens[i]->name;

		for (const struct ui_action *a = screens[i]->actions; a != NULL && a->run != NULL; a++) {
			expect(a->key >= 'a' && a->key <= 'z', name, "a key is no letter");
			expect(!ui_key_is_general(a->key), name, "a key means something everywhere");
			expect(has_text(a->msg) && has_text(a->help), name, "an action has no text or no help");
			expect(cells_width(a->msg) <= 14, name, "an action's text is too long for the bar");
			for (const struct ui_action *b = screens[i]->actions; b < a; b++)
				expect(a->key != b->key, name, "two actions have one key");
		}
	}
	assert_int_equal(wrong, 0);
}

static void every_field_has_what_its_kind_needs(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < SCREENS; i++) {
		size_t lists = 0;

		for (const struct ui_field *f = screens[i]->fields; f->kind != UI_END; f++) {
			const char *name = screens[i]->name;

			lists += f->kind == UI_LIST;
			expect(f->kind != UI_LABEL || f->msg != NULL || f->text != NULL, name, "a label says nothing");
			expect(f->kind != UI_FACT || (has_text(f->msg) && f->text != NULL), name,
				"a fact lacks a part");
			expect(f->kind != UI_INPUT || (has_text(f->msg) && f->max > 1), name, "an input has no room");
			expect(f->kind != UI_INPUT || f->at + f->max <= screens[i]->state_size, name,
				"an input leaves its state");
			expect(f->kind != UI_SECRET || f->at + sizeof(struct secret *) <= screens[i]->state_size, name,
				"a secret leaves its state");
			expect(f->kind != UI_CHOICE || f->words != NULL, name, "a choice has no words");
			expect(f->kind != UI_BUTTON || has_text(f->msg), name, "a button has no name");
			expect(f->kind != UI_BUTTON || f->guard != NULL || f->run != NULL, name,
				"a button does nothing");
			expect(f->kind != UI_LIST || (f->list != NULL && f->list->empty != NULL), name,
				"a list lacks a part");
		}
		expect(lists <= 1, screens[i]->name, "there is more than one list");
	}
	assert_int_equal(wrong, 0);
}

static void every_screen_has_a_pose(void **state)
{
	bool seen[SCREENS] = { false };

	(void)state;
	for (size_t i = 0; i < stage_pose_count; i++) {
		struct stage stage;

		stage_open(&stage, stage_poses[i].known);
		stage_press(&stage, stage_poses[i].keys);
		for (size_t j = 0; j < SCREENS; j++)
			seen[j] = seen[j] || strcmp(stage_screen(&stage), screens[j]->name) == 0;
		stage_close(&stage);
	}
	wrong = 0;
	for (size_t j = 0; j < SCREENS; j++)
		expect(seen[j] || screens[j] == &ui_screen_busy || screens[j] == &ui_screen_pick, screens[j]->name,
			"no pose leads there");
	assert_int_equal(wrong, 0);
}

/* ---- the pictures ---- */

static bool begins(const char *text, const char *with)
{
	return strncmp(text, with, strlen(with)) == 0;
}

static const char *row_of(struct buffer *out, const struct canvas *canvas, int row)
{
	buffer_reset(out);
	canvas_row_text(canvas, row, out);
	buffer_add_byte(out, '\0');
	assert_int_equal(buffer_check(out, NULL), BE_OK);
	return (const char *)out->data;
}

/* The last line ends with the help, and the cursor stands at the marker or where text is typed. */
static void look_at_frame(struct stage *stage, const char *name)
{
	const struct canvas *canvas = &stage->ui->canvas;
	const char *help = tr("Help");
	struct buffer row = BUFFER_EMPTY;
	const char *text = row_of(&row, canvas, canvas->rows - 1);
	const size_t len = strlen(text);
	const size_t end = strlen(help);

	expect(len > end && strcmp(text + len - end, help) == 0 && strstr(text, "? ") != NULL, name,
		"the key bar does not end with the help");
	text = row_of(&row, canvas, canvas->cursor_row);
	expect(begins(text, ">") || ui_focus_takes_text(ui_top(stage->ui)) || strstr(text, "> [") != NULL ||
			ui_focused(ui_top(stage->ui)) == NULL,
		name, "the cursor is not where the focus is");
	expect(canvas->cursor_column < canvas->columns, name, "the cursor is outside");
	buffer_free(&row);
}

/* Nothing that could move a cursor, hide or turn text around is in any cell; in ASCII nothing beyond it. */
static void look_at_cells(const struct stage *stage, const char *name)
{
	const struct canvas *canvas = &stage->ui->canvas;
	size_t bad = 0;

	for (int i = 0; i < canvas->rows * canvas->columns; i++) {
		const struct canvas_cell *cell = &canvas->cells[i];

		for (size_t j = 0; j < CANVAS_CHARS && cell->chars[j] != 0; j++) {
			bad += utf8_class(cell->chars[j]) == UTF8_HIDDEN;
			bad += stage->ui->ascii && cell->chars[j] >= 0x7F;
		}
	}
	expect(bad == 0, name, "a cell has what must not be printed");
}

/* What has not the focus has no marker, so that there is exactly one. */
static void look_at_markers(const struct stage *stage, const char *name)
{
	const struct canvas *canvas = &stage->ui->canvas;
	size_t markers = 0;

	for (int i = 0; i < canvas->rows * canvas->columns; i++)
		markers += canvas->cells[i].style == CANVAS_MARKER;
	expect(markers == (ui_focused(ui_top(stage->ui)) != NULL), name, "not exactly one thing is marked");
}

static void look_at_pose(const struct stage_pose *pose)
{
	static const struct {
		int columns, rows;
	} sizes[] = { { 80, 24 }, { 40, 12 }, { 132, 43 }, { 30, 8 }, { 41, 11 } };
	struct stage stage;

	stage_open(&stage, pose->known);
	stage_press(&stage, pose->keys);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		for (int ascii = 0; ascii < 2; ascii++) {
			ui_set_look(stage.ui, UI_COLOUR_AUTO, ascii ? UI_CHARACTERS_ASCII : UI_CHARACTERS_AUTO);
			stage.ui->columns = sizes[i].columns;
			stage.ui->rows = sizes[i].rows;
			ui_paint(stage.ui);
			look_at_frame(&stage, pose->name);
			look_at_cells(&stage, pose->name);
			look_at_markers(&stage, pose->name);
		}
	}
	/* A window of any size is survived. */
	for (int rows = 1; rows < 12; rows++) {
		stage.ui->rows = rows;
		stage.ui->columns = 1 + rows * 7;
		ui_paint(stage.ui);
		look_at_cells(&stage, pose->name);
	}
	stage_close(&stage);
}

static void every_picture_has_a_key_bar_one_marker_and_nothing_harmful(void **state)
{
	(void)state;
	wrong = 0;
	for (int language = 0; language < I18N_LANGUAGES; language++) {
		i18n_set((enum i18n_language)language);
		for (size_t i = 0; i < stage_pose_count; i++)
			look_at_pose(&stage_poses[i]);
	}
	i18n_set(I18N_EN);
	assert_int_equal(wrong, 0);
}

/* The first line of a verdict is the program's alone, at every size. */
static void nothing_of_others_stands_on_the_line_of_a_verdict(void **state)
{
	static const int columns[] = { 30, 40, 80, 132 };
	struct buffer row = BUFFER_EMPTY;
	struct stage stage;

	(void)state;
	stage_open(&stage, true);
	stage_press(&stage, "2 1 / jahat Enter Enter Enter End");
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		size_t verdicts = 0;

		stage.ui->columns = columns[i];
		stage.ui->rows = 60;
		ui_paint(stage.ui);
		for (int r = 0; r < stage.ui->rows; r++) {
			const char *text = row_of(&row, &stage.ui->canvas, r);

			/* Text of the body begins at column 2, what follows of it further right. */
			verdicts += begins(text, "  VALID") || begins(text, "  SAH");
			assert_false(begins(text, "VALID") || begins(text, "SAH"));
		}
		assert_int_equal(verdicts, 0);
	}
	buffer_free(&row);
	stage_close(&stage);
}

/* Whatever is scrolled, and however small the window is: the verdict is the first thing below the title. */
static void a_verdict_is_always_in_its_place(void **state)
{
	static const struct {
		const char *keys, *verdict;
	} poses[] = {
		{ "2 1 / asing Enter Enter End", "  NOT CERTAIN" },
		{ "2 1 / ubah Enter Enter Enter End", "  NOT VALID" },
		{ "2 1 / jahat Enter Enter Enter End", "  NOT CERTAIN" },
		{ "1 1 / surat Enter Enter 3 " STAGE_PASSPHRASE " Enter Enter End", "  SIGNED" },
	};
	static const struct {
		int columns, rows;
	} sizes[] = { { 30, 8 }, { 40, 12 }, { 80, 24 }, { 132, 43 } };
	struct buffer row = BUFFER_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(poses) / sizeof(poses[0]); i++) {
		struct stage stage;

		stage_open(&stage, true);
		stage_press(&stage, poses[i].keys);
		for (size_t j = 0; j < sizeof(sizes) / sizeof(sizes[0]); j++) {
			stage.ui->columns = sizes[j].columns;
			stage.ui->rows = sizes[j].rows;
			ui_paint(stage.ui);
			assert_string_equal(
				row_of(&row, &stage.ui->canvas, ui_is_compact(stage.ui) ? 1 : 2), poses[i].verdict);
		}
		stage_close(&stage);
	}
	buffer_free(&row);
}

/* Every pose can be left by going back, and pressing all sorts of keys on it breaks nothing. */
static void every_screen_can_be_left(void **state)
{
	(void)state;
	for (size_t i = 0; i < stage_pose_count; i++) {
		struct stage stage;
		size_t steps = 0;

		stage_open(&stage, stage_poses[i].known);
		stage_press(&stage, stage_poses[i].keys);
		stage_press(&stage, "Tab BackTab PageDown PageUp Home End Down Up F1 Esc");
		while (!stage.ui->over && steps++ < 40) {
			if (strcmp(stage_screen(&stage), "confirm") == 0)
				stage_press(&stage, "2");
			else
				stage_press(&stage, "Esc");
		}
		if (!stage.ui->over)
			print_message("%s: %s is not left\n", stage_poses[i].name, stage_screen(&stage));
		assert_true(stage.ui->over);
		stage_close(&stage);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_unique_and_titles_fit_a_phone),
		cmocka_unit_test(every_action_has_a_key_of_its_own_text_and_help),
		cmocka_unit_test(every_field_has_what_its_kind_needs),
		cmocka_unit_test(every_screen_has_a_pose),
		cmocka_unit_test(every_picture_has_a_key_bar_one_marker_and_nothing_harmful),
		cmocka_unit_test(nothing_of_others_stands_on_the_line_of_a_verdict),
		cmocka_unit_test(a_verdict_is_always_in_its_place),
		cmocka_unit_test(every_screen_can_be_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
