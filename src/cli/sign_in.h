/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGN_IN_H
#define CLI_SIGN_IN_H

/*
 * One-time codes: asking for one, and the first one of a new device. What is wrong on a terminal may be typed again.
 */

#include "cli/account_here.h"

/* What is done with a code. A wrong one leaves everything as it was. */
typedef enum be_err code_use(void *context, const struct secret *code, struct be_error *err);

/* fd: of --code-fd, or -1. */
enum be_err code_ask(int fd, code_use *use, void *context, struct be_error *err);

/* The name of a new device: what was given, else asked for. A setup key is a secret: where nobody reads it on a terminal it
 * is shown only when a name was given. BE_USAGE with the option's name. */
enum be_err device_name(char out[static WIRE_NAME_MAX], const char *given, const char *option, struct be_error *err);

#endif
