/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef UI_TERM_H
#define UI_TERM_H

/*
 * The terminal: the only place that knows ncurses, beside nothing. Shows a canvas, gives keys, and leaves the terminal
 * as it found it. Never blocks.
 */

#include "ui/core.h"

#include <stdio.h>

/* Sets the locale of the environment, and tells ui whether it has more characters than ASCII. */
void term_choose_locale(struct ui *ui);
/* Opens the terminal of standard input and output, and tells ui what it can do. An unknown TERM is taken for the one
 * it is most likely like, and said so. BE_UNSUPPORTED when nothing can be done with it. */
enum be_err term_open(struct ui *ui, struct be_error *err);
/* The same for the terminal of that name at these ends, which stay the caller's; for tests, which give it none. */
enum be_err term_open_at(struct ui *ui, const char *name, FILE *out, FILE *in, struct be_error *err);
void term_close(void);

/* Shows the canvas, and sends what is for the clipboard. */
void term_show(struct ui *ui);
/* The next key that has arrived; UI_KEY_NOTHING for one that means nothing; false when there is no more. */
bool term_key(const struct ui *ui, uint32_t *key, bool *suspend);
/* The size may have changed. */
void term_resized(struct ui *ui);
/* Draws everything anew at the next show. */
void term_redraw(void);
/* Gives the terminal back, and takes it again. */
void term_leave(void);
void term_return(struct ui *ui);
/* Overwrites what ncurses remembers of the keys it read: a passphrase was among them. Only when term_key has just said
 * that there is no more. */
void term_forget_keys(void);

#endif
