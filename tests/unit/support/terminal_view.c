/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_view.h"

#include "base/utf8.h"
#include "terminal_job.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <vterm.h>

#define ESC '\033'
#define BEL '\a'

void terminal_view_open(struct terminal_view *v, int rows, int columns,
	void (*write)(const char *bytes, size_t len, void *with), void *with)
{
	VTerm *vterm = vterm_new(rows, columns);

	memset(v, 0, sizeof(*v));
	if (vterm == NULL)
		terminal_give_up("no memory");
	v->vterm = vterm;
	v->rows = rows;
	v->columns = columns;
	v->modes[TERMINAL_MODE_CURSOR] = true;
	vterm_set_utf8(vterm, 1);
	vterm_output_set_callback(vterm, write, with);
	v->wire = BUFFER_EMPTY;
	v->screen = vterm_obtain_screen(vterm);
	vterm_screen_enable_altscreen(v->screen, 1);
	vterm_screen_reset(v->screen, 1);
}

void terminal_view_close(struct terminal_view *v)
{
	vterm_free(v->vterm);
	free(v->text);
	buffer_free(&v->wire);
}

void terminal_view_resize(struct terminal_view *v, int rows, int columns)
{
	v->rows = rows;
	v->columns = columns;
	vterm_set_size(v->vterm, rows, columns);
}

/* ---- what is picked out of the bytes ---- */

/* ESC [ ? NUMBER ; NUMBER … h or l */
static void note_modes(struct terminal_view *v)
{
	static const struct {
		long number;
		enum terminal_mode mode;
	} known[] = {
		{ 1, TERMINAL_MODE_KEYS },
		{ 25, TERMINAL_MODE_CURSOR },
		{ 47, TERMINAL_MODE_ALTERNATE },
		{ 1047, TERMINAL_MODE_ALTERNATE },
		{ 1049, TERMINAL_MODE_ALTERNATE },
		{ 2004, TERMINAL_MODE_PASTE },
		{ 1000, TERMINAL_MODE_MOUSE },
		{ 1002, TERMINAL_MODE_MOUSE },
		{ 1003, TERMINAL_MODE_MOUSE },
		{ 1006, TERMINAL_MODE_MOUSE },
	};
	const char last = v->sequence[v->sequence_len - 1];
	char *at = v->sequence + 2;

	if (v->sequence[2] != '?' || (last != 'h' && last != 'l'))
		return;
	while (*at == '?' || *at == ';') {
		const long number = strtol(at + 1, &at, 10);

		for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			if (known[i].number == number)
				v->modes[known[i].mode] = last == 'h';
		}
	}
}

static bool is_announcement(struct terminal_view *v)
{
	unsigned number;
	int job, used = 0;

	v->sequence[v->sequence_len] = '\0';
	if (sscanf(v->sequence, "\033]7777;%u;%d\a%n", &number, &job, &used) != 2 || (size_t)used != v->sequence_len)
		return false;
	v->announced++;
	v->job = job != 0;
	v->bytes -= v->sequence_len;
	v->wire.len -= v->sequence_len;
	return true;
}

/* True when the byte ends the sequence, or shows that it is none of those looked for. */
static bool ends_sequence(const struct terminal_view *v, char c)
{
	if (v->sequence_len == 1)
		return false;
	if (v->sequence_len == 2)
		return v->sequence[1] != '[' && v->sequence[1] != ']';
	if (v->sequence[1] == '[')
		return c >= '@' && c <= '~';
	return c == BEL || (c == '\\' && v->sequence[v->sequence_len - 2] == ESC);
}

static void pick(struct terminal_view *v, char c)
{
	v->bytes++;
	v->after_announcement = false;
	if (v->sequence_len == 0 && c != ESC)
		return;
	v->sequence[v->sequence_len++] = c;
	if (v->sequence_len == sizeof(v->sequence) - 1) {
		v->sequence_len = 0;
		return;
	}
	v->sequence[v->sequence_len] = '\0';
	if (!ends_sequence(v, c))
		return;
	if (v->sequence[1] == '[')
		note_modes(v);
	else if (v->sequence[1] == ']')
		v->after_announcement = is_announcement(v);
	v->sequence_len = 0;
}

void terminal_view_take(struct terminal_view *v, const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		buffer_add_byte(&v->wire, (uint8_t)bytes[i]);
		if (v->wire.failed)
			terminal_give_up("no memory");
		pick(v, bytes[i]);
	}
	(void)vterm_input_write(v->vterm, bytes, len);
}

/* ---- text ---- */

size_t terminal_view_cell(const struct terminal_view *v, int row, int column, char out[TERMINAL_VIEW_CELL])
{
	VTermScreenCell cell;
	size_t len = 0;

	if (!vterm_screen_get_cell(v->screen, (VTermPos){ row, column }, &cell))
		terminal_give_up("a cell that is not on the screen");
	/* The second half of a wide character has no text. */
	for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell.chars[i] != 0 && cell.chars[i] != UINT32_MAX; i++)
		len += utf8_encode(cell.chars[i], (uint8_t *)out + len);
	if (cell.chars[0] == 0)
		out[len++] = ' ';
	out[len] = '\0';
	return len;
}

static char *add_row(const struct terminal_view *v, int row, char *at)
{
	char *end = at;

	for (int column = 0; column < v->columns; column++) {
		const size_t len = terminal_view_cell(v, row, column, at);

		if (len > 0 && strcmp(at, " ") != 0)
			end = at + len;
		at += len;
	}
	return end;
}

const char *terminal_view_text(struct terminal_view *v, int row, int rows)
{
	const size_t cells = (size_t)v->columns * (size_t)rows;
	char *at;

	free(v->text);
	v->text = malloc(cells * TERMINAL_VIEW_CELL + (size_t)rows + 1);
	if (v->text == NULL)
		terminal_give_up("no memory");
	at = v->text;
	for (int i = 0; i < rows; i++) {
		if (i > 0)
			*at++ = '\n';
		at = add_row(v, row + i, at);
	}
	*at = '\0';
	return v->text;
}
