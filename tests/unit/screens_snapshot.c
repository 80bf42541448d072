/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Every screen as a terminal would show it, read back from ncurses: at four sizes, in both languages, with and without
 * characters beyond ASCII, with and without colours. Held against tests/screens/POSE.LANGUAGE.txt; a run with UPDATE=1
 * writes these files anew, and their change is to be read like any other.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "support/stage.h"
#include "ui/term.h"

#include <locale.h>
#include <ncurses.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct {
	int columns, rows;
} sizes[] = { { 80, 24 }, { 40, 12 }, { 132, 43 }, { 20, 5 } };

#define SIZES (sizeof(sizes) / sizeof(sizes[0]))

static const struct {
	const char *name;
	const char *term;
	bool ascii;
} looks[] = {
	{ "UTF-8, colours", "xterm-256color", false },
	{ "UTF-8, mono", "vt100", false },
	{ "ASCII, colours", "xterm-256color", true },
	{ "ASCII, mono", "vt100", true },
};

#define LOOKS (sizeof(looks) / sizeof(looks[0]))

static FILE *nowhere_out, *nowhere_in;

static int open_nowhere(void **state)
{
	(void)state;
	nowhere_out = fopen("/dev/null", "w");
	nowhere_in = fopen("/dev/null", "r");
	return nowhere_out == NULL || nowhere_in == NULL || setlocale(LC_CTYPE, "C.UTF-8") == NULL ? -1 : 0;
}

static int close_nowhere(void **state)
{
	(void)state;
	(void)fclose(nowhere_out);
	(void)fclose(nowhere_in);
	return 0;
}

/* ---- reading a screen back ---- */

static void read_text(struct buffer *out, int rows, int columns)
{
	for (int row = 0; row < rows; row++) {
		size_t end = out->len;

		for (int column = 0; column < columns; column++) {
			wchar_t text[CCHARW_MAX + 1] = { 0 };
			attr_t attributes;
			short pair;
			cchar_t cell;

			assert_int_equal(mvin_wch(row, column, &cell), OK);
			assert_int_equal(getcchar(&cell, text, &attributes, &pair, NULL), OK);
			/* The second half of a wide character has its text once more. */
			if (column > 0 && utf8_width((uint32_t)text[0]) == 2) {
				cchar_t before;
				wchar_t same[CCHARW_MAX + 1] = { 0 };

				(void)mvin_wch(row, column - 1, &before);
				(void)getcchar(&before, same, &attributes, &pair, NULL);
				if (same[0] == text[0])
					continue;
			}
			for (size_t i = 0; text[i] != 0; i++) {
				uint8_t bytes[4];

				buffer_add(out, bytes, utf8_encode((uint32_t)text[i], bytes));
			}
			if (text[0] != L' ')
				end = out->len;
		}
		out->len = end;
		buffer_add_byte(out, '\n');
	}
}

static const char *style_name(attr_t attributes, short pair)
{
	static const char *const colours[] = { "", " green", " red", " yellow", " cyan" };
	static char name[64];
	char own[32] = "";
	short fg, bg;

	/* A picture has colours of its own. */
	if ((size_t)pair >= sizeof(colours) / sizeof(colours[0]) && pair_content(pair, &fg, &bg) == OK)
		(void)snprintf(own, sizeof(own), " %d on %d", fg, bg);
	(void)snprintf(name, sizeof(name), "%s%s%s%s%s", (attributes & A_BOLD) != 0 ? " bold" : "",
		(attributes & A_REVERSE) != 0 ? " reverse" : "", (attributes & A_DIM) != 0 ? " dim" : "",
		(attributes & A_UNDERLINE) != 0 ? " underline" : "",
		(size_t)pair < sizeof(colours) / sizeof(colours[0]) ? colours[pair] : own);
	return name;
}

/* "3: 2-9 bold": runs of cells that look other than plain. */
static void read_styles(struct buffer *out, int rows, int columns)
{
	for (int row = 0; row < rows; row++) {
		char last[64] = "";
		int begin = 0;

		for (int column = 0; column <= columns; column++) {
			char now[64] = "";

			if (column < columns) {
				wchar_t text[CCHARW_MAX + 1] = { 0 };
				attr_t attributes;
				short pair;
				cchar_t cell;

				(void)mvin_wch(row, column, &cell);
				(void)getcchar(&cell, text, &attributes, &pair, NULL);
				(void)snprintf(now, sizeof(now), "%s", style_name(attributes, pair));
			}
			if (strcmp(now, last) == 0)
				continue;
			if (last[0] != '\0')
				buffer_printf(out, "%d: %d-%d%s\n", row, begin, column - 1, last);
			begin = column;
			(void)strcpy(last, now);
		}
	}
}

/* ---- one file: a pose in a language ---- */

struct shot {
	struct buffer text, styles;
};

static void take_shot(struct stage *stage, size_t size, struct shot *shot, int *row, int *column)
{
	struct ui *ui = stage->ui;

	(void)resizeterm(sizes[size].rows, sizes[size].columns);
	ui->rows = sizes[size].rows;
	ui->columns = sizes[size].columns;
	ui_paint(ui);
	term_show(ui);
	getyx(stdscr, *row, *column);
	read_text(&shot->text, ui->rows, ui->columns);
	read_styles(&shot->styles, ui->rows, ui->columns);
}

static bool same(const struct buffer *a, const struct buffer *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(a->data, b->data, a->len) == 0);
}

/* What the first look at a size had already is not written again. */
static void write_shot(struct buffer *out, size_t size, size_t look, const struct shot *shot, const struct shot *first,
	int row, int column)
{
	buffer_printf(out, "=== %dx%d, %s; cursor at %d, %d\n", sizes[size].columns, sizes[size].rows, looks[look].name,
		row, column);
	if (look > 0 && same(&shot->text, &first->text))
		buffer_add_str(out, "(the same text)\n");
	else
		buffer_add(out, shot->text.data, shot->text.len);
	buffer_add_str(out, "--- styles\n");
	if (look > 1 && same(&shot->styles, &first[look - 2].styles))
		buffer_add_str(out, "(the same styles)\n");
	else if (shot->styles.len > 0)
		buffer_add(out, shot->styles.data, shot->styles.len);
}

static void write_pose(struct buffer *out, const struct stage_pose *pose)
{
	struct shot shots[SIZES][LOOKS];
	int rows[SIZES][LOOKS], columns[SIZES][LOOKS];

	memset(shots, 0, sizeof(shots));
	for (size_t look = 0; look < LOOKS; look++) {
		struct stage stage;

		stage_open(&stage, pose->known);
		stage_press(&stage, pose->keys);
		ui_set_look(stage.ui, UI_COLOUR_AUTO, looks[look].ascii ? UI_CHARACTERS_ASCII : UI_CHARACTERS_AUTO);
		assert_int_equal(term_open_at(stage.ui, looks[look].term, nowhere_out, nowhere_in, NULL), BE_OK);
		/* The rule under the title is the same on both, so that the text is. */
		stage.ui->frugal = false;
		for (size_t size = 0; size < SIZES; size++)
			take_shot(&stage, size, &shots[size][look], &rows[size][look], &columns[size][look]);
		term_close();
		stage_close(&stage);
	}
	for (size_t size = 0; size < SIZES; size++)
		for (size_t look = 0; look < LOOKS; look++)
			write_shot(out, size, look, &shots[size][look], shots[size], rows[size][look],
				columns[size][look]);
	for (size_t size = 0; size < SIZES; size++) {
		for (size_t look = 0; look < LOOKS; look++) {
			buffer_free(&shots[size][look].text);
			buffer_free(&shots[size][look].styles);
		}
	}
}

static bool update(const char *path, const struct buffer *now)
{
	struct file_output *output = NULL;
	const bool done = file_output_new(&output, path, 0644, true, NULL) == BE_OK &&
		file_write_at(file_output_fd(output), now->data, now->len, 0, NULL) == BE_OK &&
		file_output_commit(output, NULL) == BE_OK;

	file_output_free(&output);
	return done;
}

/* Says where the two part. */
static bool matches(const char *path, const struct buffer *now)
{
	struct buffer then = BUFFER_EMPTY;
	size_t line = 1;
	size_t at = 0;
	bool equal;

	if (file_read_all(&then, path, 1u << 20, NULL) != BE_OK) {
		print_message("%s cannot be read; UPDATE=1 writes it\n", path);
		return false;
	}
	equal = same(&then, now);
	for (; !equal && at < then.len && at < now->len && then.data[at] == now->data[at]; at++)
		line += then.data[at] == '\n';
	if (!equal) {
		while (at > 0 && now->data[at - 1] != '\n')
			at--;
		print_message("%s, line %zu, is now: %.*s\n", path, line,
			(int)strcspn((const char *)now->data + at, "\n"), (const char *)now->data + at);
	}
	buffer_free(&then);
	return equal;
}

static void check_language(enum i18n_language language)
{
	const char *top = getenv("TOP");
	size_t wrong = 0;

	i18n_set(language);
	for (size_t i = 0; i < stage_pose_count; i++) {
		struct buffer now = BUFFER_EMPTY;
		char path[512];

		write_pose(&now, &stage_poses[i]);
		buffer_add_byte(&now, '\0');
		now.len--;
		(void)snprintf(path, sizeof(path), "%s/tests/screens/%s.%s.txt", top != NULL ? top : ".",
			stage_poses[i].name, i18n_name(language));
		if (getenv("UPDATE") != NULL)
			assert_true(update(path, &now));
		else
			wrong += !matches(path, &now);
		buffer_free(&now);
	}
	i18n_set(I18N_EN);
	assert_int_equal(wrong, 0);
}

static void every_screen_looks_as_it_did_in_english(void **state)
{
	(void)state;
	check_language(I18N_EN);
}

static void every_screen_looks_as_it_did_in_indonesian(void **state)
{
	(void)state;
	check_language(I18N_ID);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_screen_looks_as_it_did_in_english),
		cmocka_unit_test(every_screen_looks_as_it_did_in_indonesian),
	};

	return cmocka_run_group_tests(tests, open_nowhere, close_nowhere);
}
