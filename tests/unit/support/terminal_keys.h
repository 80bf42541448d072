/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_TERMINAL_KEYS_H
#define SUPPORT_TERMINAL_KEYS_H

/* Which bytes the keys of a terminal send; the names are those of terminal_press. */

#include <stdbool.h>
#include <stddef.h>

#define TERMINAL_KEY_MAX 16

/* The bytes of one key on the terminal that TERM names, and their number; `application` is the cursor keys' mode. A
 * name that is none ends the test program. */
size_t terminal_key(const char *name, size_t len, const char *term, bool application, char out[TERMINAL_KEY_MAX]);

#endif
