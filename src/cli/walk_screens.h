/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_WALK_SCREENS_H
#define CLI_WALK_SCREENS_H

/*
 * The screens that a person would see who does with them what the walk does, as text: where there is no terminal to
 * show them on.
 */

#include "base/buffer.h"

/* title: a msgid. */
typedef void walk_screens_show(void *context, const char *title, const struct buffer *picture);

/* In the directory of a walk that is done. Nothing of the user's own settings is read or written. */
enum be_err walk_screens(const char *dir, walk_screens_show *show, void *context, struct be_error *err);

#endif
