/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_DATA_H
#define APP_DATA_H

/*
 * Where the files stand that come with the program: the bundled certificates, the sample letter.
 */

#include "base/buffer.h"

/* Puts the path of a shipped file or directory in place of what the buffer had, with a NUL that does not count: beside
 * the program in a build tree, else installed. BE_NOT_FOUND when it is in neither place. */
enum be_err data_find(struct buffer *path, const char *name, struct be_error *err);

/* The user's own: $XDG_DATA_HOME/besign/NAME, ~/.local/share/besign/NAME without that (XDG base directory
 * specification; a relative value is ignored, as it says). BE_NOT_FOUND when there is no home either. */
enum be_err data_own(struct buffer *path, const char *name, struct be_error *err);

#endif
