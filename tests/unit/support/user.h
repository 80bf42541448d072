/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_USER_H
#define SUPPORT_USER_H

/*
 * An invented person at a terminal with the real program (the environment's BESIGN): a home with a folder of documents, a
 * key file whose authority the person trusts, and settings that ask nobody on the network. Every look at the screen that
 * finds something else than it should fails the test and shows the screen. Knows what keys do, nothing of how.
 */

#include "support/terminal.h"

#include <stddef.h>

#define USER_NAME "Siti Contoh"
#define USER_PASSPHRASE "ra hasia\xC3\xA9 17845 sekali"

/* In the folder where the program is started: letter.pdf, report.pdf and key.p12. One user at a time. */
void user_make(void);
/* The same, but opening the key file costs seconds of computing. */
void user_make_slow(void);
void user_clear(void);
/* user_make and user_clear as cmocka calls them; the state stays as it is. */
int user_setup(void **state);
int user_teardown(void **state);

/* "documents/letter.pdf" and the like in the home; stays until user_clear. */
const char *user_path(const char *name);
void user_write(const char *name, const void *bytes, size_t len);
void user_copy(const char *from, const char *to);
bool user_has(const char *name);
/* The same bytes in both. */
bool user_same(const char *a, const char *b);
unsigned user_mode(const char *name);
/* How many names the folder has that contain the text. */
size_t user_count(const char *folder, const char *text);
/* Somewhere under the home, in a name or in a file, or in what the program was started with. */
bool user_left(struct terminal *t, const char *secret);
/* Exit status of a command line of sh, which has its $HOME there. */
int user_run(const char *command);

/* Starts the program, in English unless the environment (NAME=value, up to NULL; may be NULL) says something else, and
 * waits until it is idle. */
struct terminal *user_start(const char *const *environment);
/* The same with other things as well; command and environment are filled in where they are NULL. */
struct terminal *user_start_as(const struct terminal_setup *setup);
/* Keys as terminal_press takes them, text, a size; each waits until everything is done. */
void user_press(struct terminal *t, const char *keys);
void user_type(struct terminal *t, const char *text);
void user_paste(struct terminal *t, const char *text);
void user_resize(struct terminal *t, int rows, int columns);
/* In a file browser: finds the name by typing it, and opens it. */
void user_open(struct terminal *t, const char *name);
/* From a screen where "o" leads to documents and "s" to the passphrase: until the passphrase is asked for. */
void user_choose(struct terminal *t, const char *document, const char *key_file);

#define user_sees(t, text) user_look(t, text, true, __FILE__, __LINE__)
#define user_misses(t, text) user_look(t, text, false, __FILE__, __LINE__)
#define user_is_on(t, text) user_look_at_focus(t, text, __FILE__, __LINE__)
void user_look(struct terminal *t, const char *text, bool there, const char *file, int line);
/* The cursor can be seen and stands on the row with the marker, which has that text. */
void user_look_at_focus(struct terminal *t, const char *text, const char *file, int line);

/* From whatever screen: it asks whether to quit, hears yes, ends well and leaves the terminal as it was. */
#define user_quit(t) user_leave(t, true, 0, __FILE__, __LINE__)
/* The program has ended, or ends, with that status; the terminal is as it was. */
#define user_ended(t, status) user_leave(t, false, status, __FILE__, __LINE__)
void user_leave(struct terminal **t, bool quits, int status, const char *file, int line);

#endif
