/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_ACCOUNT_ASK_H
#define CLI_ACCOUNT_ASK_H

/*
 * Asking the person, or a descriptor. Secrets are asked for on the controlling terminal without echo, other answers on
 * standard input, which has to be a terminal. One descriptor may be named by several options: each takes its next line.
 */

#include "base/secret.h"

#include <stdbool.h>

/* How often a person may try again what was typed wrong. */
#define ASK_TRIES 3u

/* Whether somebody reads what is printed and can answer. */
bool ask_is_possible(void);

/* fd: where it is read from; -1: asked for. question: a msgid without colon, at most 70 columns. option: its name, for the
 * sentence when there is no terminal (BE_USAGE). */
enum be_err ask_secret(struct secret **out, int fd, const char *question, const char *option, struct be_error *err);
/* A new one: twice on a terminal, until both are the same. */
enum be_err ask_new_secret(
	struct secret **out, int fd, const char *question, const char *again, const char *option, struct be_error *err);

/* A line into out, as it was typed; BE_USAGE with the option's name when there is nobody to ask, BE_LIMIT when it is too
 * long, BE_CANCELLED at the end of input. */
enum be_err ask_line(char *out, size_t size, const char *question, const char *option, struct be_error *err);

/* Only the word, typed in full, is one; it is a translation already. question is a msgid without colon. */
bool ask_word(const char *question, const char *word);

#endif
