/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_TERMINAL_VIEW_H
#define SUPPORT_TERMINAL_VIEW_H

/*
 * What a terminal shows and which of its modes are on, from the bytes that a program wrote. libvterm keeps the screen; the
 * modes and the announcements of tests (terminal.h) are picked out of the bytes here, because libvterm keeps the former to
 * itself and hands out the latter in another way with every version.
 */

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define TERMINAL_VIEW_CELL 32 /* bytes for the text of one cell, with a NUL */

enum terminal_mode {
	TERMINAL_MODE_CURSOR, /* shown; on at first, all others off */
	TERMINAL_MODE_KEYS,   /* the cursor keys' application mode */
	TERMINAL_MODE_ALTERNATE,
	TERMINAL_MODE_PASTE, /* bracketed */
	TERMINAL_MODE_MOUSE,
	TERMINAL_MODES
};

struct terminal_view {
	void *vterm;  /* struct VTerm */
	void *screen; /* struct VTermScreen */
	int rows, columns;
	bool modes[TERMINAL_MODES];
	size_t bytes;            /* without the announcements */
	struct buffer wire;      /* those bytes */
	unsigned announced;      /* how many */
	bool job;                /* what the last one said */
	bool after_announcement; /* it was the last thing that came */
	size_t sequence_len;     /* of an escape sequence that has begun */
	char sequence[96];
	char *text; /* what terminal_view_text gave out */
};

/* Answers and keys of the emulated terminal go out by `write`. */
void terminal_view_open(struct terminal_view *v, int rows, int columns,
	void (*write)(const char *bytes, size_t len, void *with), void *with);
void terminal_view_close(struct terminal_view *v);
void terminal_view_resize(struct terminal_view *v, int rows, int columns);
void terminal_view_take(struct terminal_view *v, const char *bytes, size_t len);
/* The text of one cell, " " where nothing was written; its length. */
size_t terminal_view_cell(const struct terminal_view *v, int row, int column, char out[TERMINAL_VIEW_CELL]);
/* Rows from `row` on, each without blanks at its end; more than one are joined by newlines. Borrowed until the next
 * call. */
const char *terminal_view_text(struct terminal_view *v, int row, int rows);

#endif
