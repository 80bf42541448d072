/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_TERMINAL_PLACE_H
#define SUPPORT_TERMINAL_PLACE_H

/*
 * Where a program on the tests' terminal lives: a directory with an empty home, a runtime directory and one for temporary
 * files, its standard error, and an environment that has what it needs and nothing left over from the test.
 */

#include "terminal.h"

#define TERMINAL_PLACE_VARIABLES 64u

struct terminal_place {
	char *root;
	char *directory;                             /* to start in */
	char *errors;                                /* the file for standard error */
	char *environment[TERMINAL_PLACE_VARIABLES]; /* ends with NULL */
	char *said;                                  /* what terminal_place_errors gave out */
};

void terminal_place_make(struct terminal_place *place, const char *term, const struct terminal_setup *setup);
/* Removes it with all that was left there. */
void terminal_place_clear(struct terminal_place *place);
/* Standard error so far. Borrowed until the next call. */
const char *terminal_place_errors(struct terminal_place *place);

/* printf into memory; owned by the caller. */
char *terminal_format(const char *form, ...) __attribute__((format(printf, 1, 2)));

#endif
