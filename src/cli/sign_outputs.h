/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGN_OUTPUTS_H
#define CLI_SIGN_OUTPUTS_H

/*
 * How the outcome of one sign command is told; which file becomes which is decided in app/outputs.h.
 */

#include "app/outputs.h"
#include "cli/command.h"

struct sign_telling {
	const char *level; /* of what was signed, for --json */
	bool json;
	bool quiet;
};

/* Prints each outcome, and gives the exit status of all. */
int sign_outputs_tell(const struct outputs *outputs, const struct sign_telling *how);

#endif
