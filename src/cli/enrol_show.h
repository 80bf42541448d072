/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_ENROL_SHOW_H
#define CLI_ENROL_SHOW_H

/*
 * What an authenticator has to be given, as text: the QR code in half blocks, black on white whatever the colours of the
 * terminal are, and beside it the setup key in groups of four. All of it is a secret, and never in memory of stdio.
 */

#include "wire/account.h"

/* Whether the picture can be written at all, asked before anything is enrolled. NULL is none. BE_USAGE when it is there. */
enum be_err enrol_check_png(const char *png, struct be_error *err);

/* On standard output. The code is shown on a terminal only, where it fits with the line after it; otherwise it is said
 * how large the window has to be. png: written as well, for its owner alone; NULL: none. */
enum be_err enrol_show(const struct wire_enrolment *enrolment, const char *png, struct be_error *err);

/* The same as text, for a window of so many cells (0: no terminal). Owned by the caller. */
enum be_err enrol_text(
	struct secret **out, const struct wire_enrolment *enrolment, size_t columns, size_t rows, struct be_error *err);

#endif
