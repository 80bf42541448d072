/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UI_RUN_H
#define UI_RUN_H

/*
 * The toolkit, as the program's main sees it: make it, push the first screen, and run it on a terminal or as questions
 * and answers. One at a time in a process.
 */

#include "ui.h"

/* Owned by the caller. context is borrowed, for ui_context. */
enum be_err ui_new(struct ui **out, void *context, struct be_error *err);
void ui_free(struct ui **ui);

/* Runs on the terminal of standard input and output until the person quits; gives the exit status of the program (0;
 * 130 when a signal or ^C ended it). BE_UNSUPPORTED before anything is shown when the terminal can do too little, and
 * then ui_run_plain is the way. */
enum be_err ui_run_terminal(struct ui *ui, int *status, struct be_error *err);

/* The same screens as numbered questions on standard output, answered line by line on standard input: for screen
 * readers, dumb terminals and pipes. */
enum be_err ui_run_plain(struct ui *ui, int *status, struct be_error *err);

/* Both standard input and output are a terminal on which a cursor can be moved. */
bool ui_terminal_will_do(void);

/* Keys, as if they were typed: a newline is Enter, a tab is Tab. Jobs are done at once. */
void ui_feed(struct ui *ui, const char *utf8);

/* The top screen as text, for a window of that size: what a person would see. */
enum be_err ui_picture(struct ui *ui, int rows, int columns, struct buffer *out);

#endif
