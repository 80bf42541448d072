/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

/*
 * Declared options: a table says what a command takes, the values land in the command's own struct. Long options
 * (--name, --name VALUE, --name=VALUE), letters (-o VALUE, -oVALUE), and -- after which everything is an operand.
 * Options and operands may be mixed.
 */

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum options_kind {
	OPTIONS_END,
	OPTIONS_FLAG,   /* bool */
	OPTIONS_TEXT,   /* const char *, borrowed from argv */
	OPTIONS_PAIR,   /* const char *[2]: takes the next two arguments */
	OPTIONS_LIST,   /* const char *[OPTIONS_LIST_MAX + 1]: may be given again and again; NULL ends the list */
	OPTIONS_NUMBER, /* int, 0 or more */
	OPTIONS_CHOICE, /* int: the index of the word among those of value, "one|two|three" */
	OPTIONS_LATER   /* known by name, refused: not in this version */
};

#define OPTIONS_LIST_MAX 16u

struct options_spec {
	enum options_kind kind;
	const char *name;  /* without its dashes */
	const char *value; /* msgid: what stands for the value in the usage text; CHOICE: the words */
	size_t at;         /* offset in the command's struct */
	const char *about; /* msgid */
	char letter;       /* '\0': none */
};

/* Fills the struct at into and moves the operands to the front of argv[1…]; *count says how many
 * they are. Every option but a flag and a list may be given once. BE_USAGE with one sentence and the argument
 * in the detail; BE_UNSUPPORTED for an option that is not in this version. */
enum be_err options_parse(
	const struct options_spec *table, void *into, int argc, char **argv, int *count, struct be_error *err);
/* The same for a command that takes no operands: BE_USAGE when there is one. */
enum be_err options_only(const struct options_spec *table, void *into, int argc, char **argv, struct be_error *err);
/* As options_parse, and tells which options were given: bit i is the table's i-th; a table has at most 64. */
enum be_err options_parse_seen(const struct options_spec *table, void *into, int argc, char **argv, int *count,
	uint64_t *seen, struct be_error *err);

#endif
