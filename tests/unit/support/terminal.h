/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_TERMINAL_H
#define SUPPORT_TERMINAL_H

/*
 * A terminal to run a full-screen program in, as somebody at the keyboard would: keys go in, and what the screen shows can
 * be asked. The program is the foreground job of a session of its own (terminal_job.h), with a clean environment, an empty
 * HOME, and standard error in a file: a sanitizer's report there is a failure, leaks of ncurses' own excepted. What cannot
 * be made ends the test program.
 *
 * Nothing here sleeps. The program, which finds BESIGN_TEST_SYNC=1 in its environment, writes
 *
 *     ESC ] 7777 ; N ; J BEL
 *
 * each time it is about to wait with nothing left to read: N counts up, J is 1 while a job runs in it, 0 otherwise. These
 * announcements are counted, are no part of the screen and none of terminal_bytes.
 *
 * terminal_idle waits for an announcement that follows what was sent. The trap: the program may have announced just before
 * the bytes reached it, so that the next one to arrive is of the time before. This is how it is kept shut:
 *
 * 1. Before anything is sent, all that was written until then is read (poll flushes what lies between the two ends of a
 *    pseudo-terminal), and the announcements so far are counted. Only later ones count as answers.
 * 2. One piece is under way at a time: the next waits until the one before it was read and answered. A piece is one write
 *    of at most 512 bytes, which the kernel hands over as a whole, so no program sees half of it and announces between.
 * 3. A program that was idle when a piece was sent (J was 0, nothing owed) has no reason to wake but this piece. So the
 *    first announcement after it was made with all of it read and done. That is exact, whatever the load.
 * 4. A program that was not idle (a job runs in it, it starts, or it was stopped) may announce by itself between the
 *    sending and the reading, and then read. Such an announcement counts only when besides the input is empty and the
 *    program has been found asleep twice, 20 ms apart, without having run or written in between.
 *
 * So: each key leads to at least one announcement, and a key that ends or stops the program to none: then ask
 * terminal_wait_end or terminal_wait_stop. A program that never announces is never waited for when something is sent;
 * its output can be read with terminal_read.
 *
 * Waits return false, and say on standard error what they saw, when 20 seconds pass or the program ends or stops first.
 */

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct terminal;

struct terminal_setup {
	const char *const *command;     /* ends with NULL; the first is an absolute path or in PATH */
	int rows, columns;              /* 0: 24 and 80 */
	const char *term;               /* NULL: xterm-256color */
	const char *const *environment; /* NAME=value, ends with NULL, outdoes the clean one's; NULL: nothing more */
	const char *home;               /* NULL: an empty one, which goes with the terminal */
	const char *directory;          /* to start in; NULL: the home */
};

struct terminal_cell {
	char text[32]; /* UTF-8; " " where nothing was written */
	int width;     /* columns; 0 for the second half of a wide character */
	bool bold, underline, reverse;
	int foreground, background; /* a number of the palette; -1 the terminal's own; -2 a mixed colour */
};

struct terminal_cursor {
	int row, column; /* from 0 */
	bool visible;
};

/* Owned by the caller: terminal_close. */
struct terminal *terminal_start(const struct terminal_setup *setup);
/* Kills the program when it still runs, and removes the home that was made. */
void terminal_close(struct terminal **t);

/* ---- what a person does ---- */

/* Keys by name with blanks between them, each a piece of its own: Up Down Left Right Home End PageUp PageDown Insert
 * Delete Tab BackTab Enter Escape Backspace Space F1 to F12, ^A to ^_, or one character. Sent as the terminal that TERM
 * names sends them. */
bool terminal_press(struct terminal *t, const char *keys);
/* UTF-8, as fast as it goes: type-ahead. */
bool terminal_type(struct terminal *t, const char *text);
/* In brackets when the program asked for that, else as if typed. */
bool terminal_paste(struct terminal *t, const char *text);
bool terminal_send(struct terminal *t, const char *bytes, size_t len);
/* To another size than now, so that the program hears of it. */
bool terminal_resize(struct terminal *t, int rows, int columns);
bool terminal_signal(struct terminal *t, int signal_number);
/* The terminal goes away: SIGHUP. */
void terminal_hang_up(struct terminal *t);
/* Goes on after terminal_wait_stop, in the foreground. */
void terminal_continue(struct terminal *t);

/* ---- waiting ---- */

/* Until the program has done all that it was sent, no job runs in it, and it waits for more. */
bool terminal_idle(struct terminal *t);
/* Until the text is on the screen, in a frame that is whole: for what appears while a job runs. */
bool terminal_wait_text(struct terminal *t, const char *text);
bool terminal_wait_stop(struct terminal *t);
/* The exit status, or 128 and the signal; -1 when it does not end, or a sanitizer reported something. */
int terminal_wait_end(struct terminal *t);
/* Takes what is written within so many milliseconds at most; 0 when nothing came. */
size_t terminal_read(struct terminal *t, int milliseconds);

/* ---- what can be seen ---- */

/* Without blanks at the ends of rows. Borrowed until the next call of any of them. */
const char *terminal_text(struct terminal *t);
const char *terminal_row(struct terminal *t, int row);
/* Where a text begins; the row and column may be NULL. */
bool terminal_find(struct terminal *t, const char *text, int *row, int *column);
struct terminal_cell terminal_cell_at(const struct terminal *t, int row, int column);
struct terminal_cursor terminal_cursor_of(const struct terminal *t);
bool terminal_is_alternate(const struct terminal *t);
bool terminal_is_bracketing(const struct terminal *t);
/* Every mode is what it was before the program began: line and echo, screen, paste, keys, mouse, cursor. Says which is
 * not. */
bool terminal_is_restored(const struct terminal *t);
/* Standard error so far. Borrowed until the next call. */
const char *terminal_errors(struct terminal *t);

size_t terminal_bytes(const struct terminal *t);
/* Those bytes. Borrowed until more come. */
const char *terminal_wire(const struct terminal *t);
unsigned terminal_announcements(const struct terminal *t);
/* From exec to the last byte that came. */
double terminal_milliseconds(const struct terminal *t);
pid_t terminal_program(const struct terminal *t);

#endif
