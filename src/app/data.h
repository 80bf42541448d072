/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DATA_H
#define APP_DATA_H

/*
 * Where files stand: those that come with the program (the bundled certificates, the sample letter), and the user's
 * own, which are kept apart by what they are (XDG base directory specification).
 */

#include "base/buffer.h"

/* Puts the path of a shipped file or directory in place of what the buffer had, with a NUL that does not count: beside
 * the program in a build tree, else installed. BE_NOT_FOUND when it is in neither place. */
enum be_err data_find(struct buffer *path, const char *name, struct be_error *err);

enum data_home {
	DATA_HOME,        /* $XDG_DATA_HOME, ~/.local/share: what the user gathers (accepted certificates) */
	DATA_CONFIG_HOME, /* $XDG_CONFIG_HOME, ~/.config: what the user decides */
	DATA_STATE_HOME   /* $XDG_STATE_HOME, ~/.local/state: what the program remembers, and may forget */
};

/* The user's own file or directory: besign/NAME in that home, as above with a NUL; a relative value in the environment
 * is ignored, as the specification says. BE_NOT_FOUND when there is no home either. */
enum be_err data_own(struct buffer *path, enum data_home home, const char *name, struct be_error *err);

/* Has the text of such a file, of at most max bytes, taken by the function, which is told where it came from. A file that
 * is not there is no error, and nothing is taken then. The errors are those of config_load and of take. */
typedef enum be_err data_take(void *out, const struct buffer *text, const char *path, struct be_error *err);
enum be_err data_read(
	void *out, data_take *take, enum data_home home, const char *name, size_t max, struct be_error *err);

#endif
