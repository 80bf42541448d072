/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

/*
 * A command that is a family: "besign cert list". Each verb says how many names come behind it and which options of the
 * command's table go with it; what does not is refused before anything is done.
 */

#include "cli/command.h"

#define VERBS_WORDS_MAX 2u

struct verb {
	const char *name;    /* NULL after the last */
	unsigned least;      /* names behind it */
	unsigned most;       /* at most VERBS_WORDS_MAX */
	const char *options; /* their names with a blank between; "" none */
	/* words: the names, NULL where there is none. status is EXIT_DONE, and may be changed. */
	enum be_err (*run)(const void *wishes, char *const *words, int *status, struct be_error *err);
};

/* Parses, finds the verb and runs it. into: the command's own struct, which the verb is given. names: of all verbs, for the
 * sentence about a missing one. Returns the exit status; what went wrong is told by refuse. */
int verbs_run(const struct command *self, const struct verb *verbs, const char *names, void *into, int argc,
	char **argv, int (*refuse)(const struct command *self, const struct be_error *err));

#endif
