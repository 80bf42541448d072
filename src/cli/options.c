/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/options.h"

#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct scan {
	const struct options_spec *table;
	void *into;
	int argc;
	char **argv;
	int at;        /* the argument that is looked at */
	uint64_t seen; /* by place in the table */
	struct be_error *err;
};

static enum be_err misused(const struct scan *s, const char *msgid, const char *what)
{
	return be_fail(s->err, BE_USAGE, msgid, "%s", what);
}

static const struct options_spec *by_name(const struct options_spec *table, const char *name, size_t len)
{
	for (; table->kind != OPTIONS_END; table++)
		if (strlen(table->name) == len && memcmp(table->name, name, len) == 0)
			return table;
	return NULL;
}

static const struct options_spec *by_letter(const struct options_spec *table, char letter)
{
	for (; table->kind != OPTIONS_END; table++)
		if (table->letter != '\0' && table->letter == letter)
			return table;
	return NULL;
}

static bool number_of(int *out, const char *text)
{
	unsigned long value;

	if (text[0] == '\0' || strlen(text) > 9 || strspn(text, "0123456789") != strlen(text))
		return false;
	value = strtoul(text, NULL, 10);
	if (value > INT_MAX)
		return false;
	*out = (int)value;
	return true;
}

static bool choice_of(int *out, const char *words, const char *text)
{
	const size_t len = strlen(text);

	for (int i = 0;; i++) {
		const char *end = strchrnul(words, '|');

		if ((size_t)(end - words) == len && memcmp(words, text, len) == 0) {
			*out = i;
			return true;
		}
		if (*end == '\0')
			return false;
		words = end + 1;
	}
}

static enum be_err append(const struct scan *s, const char **list, const char *value)
{
	size_t count = 0;

	while (list[count] != NULL)
		count++;
	if (count == OPTIONS_LIST_MAX)
		return misused(s, N_("This option is given too often"), s->argv[s->at]);
	list[count] = value;
	return BE_OK;
}

/* Each kind of option has its own type behind the offset. */
static enum be_err store(struct scan *s, const struct options_spec *spec, const char *value)
{
	void *place = (char *)s->into + spec->at;

	if (spec->kind == OPTIONS_FLAG) {
		bool *flag = place;

		*flag = true;
	} else if (spec->kind == OPTIONS_TEXT) {
		const char **text = place;

		*text = value;
	} else if (spec->kind == OPTIONS_NUMBER) {
		if (!number_of(place, value))
			return misused(s, N_("The value of this option has to be a whole number"), s->argv[s->at]);
	} else if (spec->kind == OPTIONS_LIST) {
		return append(s, place, value);
	} else if (spec->kind == OPTIONS_CHOICE) {
		if (!choice_of(place, spec->value, value))
			return be_fail(s->err, BE_USAGE, N_("This option does not know that value"), "--%s %s",
				spec->name, spec->value);
	}
	return BE_OK;
}

static enum be_err store_pair(struct scan *s, const struct options_spec *spec)
{
	const char **pair = (void *)((char *)s->into + spec->at);

	if (s->argc - s->at <= 2)
		return misused(s, N_("This option needs two values"), s->argv[s->at]);
	pair[0] = s->argv[s->at + 1];
	pair[1] = s->argv[s->at + 2];
	s->at += 2;
	return BE_OK;
}

/* value: what was written into the same argument; NULL when it did not have any. */
static enum be_err take(struct scan *s, const struct options_spec *spec, const char *value)
{
	const char *argument = s->argv[s->at];
	const uint64_t bit = UINT64_C(1) << (size_t)(spec - s->table);

	if (spec->kind == OPTIONS_LATER)
		return be_fail(s->err, BE_UNSUPPORTED, N_("This option is not in this version"), "--%s", spec->name);
	if ((spec->kind == OPTIONS_FLAG || spec->kind == OPTIONS_PAIR) && value != NULL)
		return misused(s, N_("This option takes no value after an equals sign"), argument);
	if (spec->kind != OPTIONS_FLAG && spec->kind != OPTIONS_LIST && (s->seen & bit) != 0)
		return misused(s, N_("This option is given twice"), argument);
	s->seen |= bit;
	if (spec->kind == OPTIONS_PAIR)
		return store_pair(s, spec);
	if (spec->kind != OPTIONS_FLAG && value == NULL) {
		if (s->argc - s->at <= 1)
			return misused(s, N_("This option needs a value"), argument);
		value = s->argv[++s->at];
	}
	return store(s, spec, value);
}

static enum be_err take_argument(struct scan *s)
{
	const char *argument = s->argv[s->at];
	const struct options_spec *spec = NULL;
	const char *value = NULL;

	if (argument[1] == '-') {
		const char *end = strchrnul(argument + 2, '=');

		spec = by_name(s->table, argument + 2, (size_t)(end - (argument + 2)));
		value = *end == '=' ? end + 1 : NULL;
	} else {
		spec = by_letter(s->table, argument[1]);
		value = argument[2] != '\0' ? argument + 2 : NULL;
	}
	if (spec == NULL)
		return misused(
			s, N_("There is no such option; \"besign help\" and the command's name list them"), argument);
	return take(s, spec, value);
}

enum be_err options_parse_seen(const struct options_spec *table, void *into, int argc, char **argv, int *count,
	uint64_t *seen, struct be_error *err)
{
	struct scan s = { .table = table, .into = into, .argc = argc, .argv = argv, .err = err };
	bool only_operands = false;
	enum be_err rc = BE_OK;

	*count = 0;
	for (s.at = 1; s.at < argc && rc == BE_OK; s.at++) {
		char *argument = argv[s.at];

		if (only_operands || argument[0] != '-' || argument[1] == '\0')
			argv[1 + (*count)++] = argument;
		else if (strcmp(argument, "--") == 0)
			only_operands = true;
		else
			rc = take_argument(&s);
	}
	*seen = s.seen;
	return rc;
}

enum be_err options_parse(
	const struct options_spec *table, void *into, int argc, char **argv, int *count, struct be_error *err)
{
	uint64_t seen;

	return options_parse_seen(table, into, argc, argv, count, &seen, err);
}

enum be_err options_only(const struct options_spec *table, void *into, int argc, char **argv, struct be_error *err)
{
	int count = 0;
	const enum be_err rc = options_parse(table, into, argc, argv, &count, err);

	return rc == BE_OK && count > 0 ? be_fail(err, BE_USAGE, N_("This command takes no names"), "%s", argv[1]) : rc;
}
