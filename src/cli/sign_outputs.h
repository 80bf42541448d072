/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGN_OUTPUTS_H
#define CLI_SIGN_OUTPUTS_H

/*
 * The documents of one sign command: which file becomes which, and how the outcome is told.
 */

#include "cli/command.h"
#include "sign/sign.h"

struct sign_list {
	struct sign_document *documents; /* owned */
	char **outputs;                  /* their names; owned */
	bool *unreadable;                /* by document: the input could not be opened at all */
	size_t count;
};

struct sign_place {
	const char *output; /* -o: the one output; or NULL */
	const char *dir;    /* --out: where all go, under the inputs' names; or NULL: NAME_signed.pdf beside each */
	bool replace;
};

/* The inputs are borrowed. An input that cannot be opened gets its result here; the others are left to the signing. */
enum be_err sign_list_make(struct sign_list *out, char **inputs, size_t count, const struct sign_place *place,
	bool hash_output, struct be_error *err);
void sign_list_free(struct sign_list *list);

/* No input can be opened. */
bool sign_list_is_hopeless(const struct sign_list *list);

struct sign_telling {
	const char *level; /* of what was signed, for --json */
	bool json;
	bool quiet;
};

/* Prints each outcome, and gives the exit status of all. */
int sign_list_tell(const struct sign_list *list, const struct sign_telling *how);

#endif
