/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verbs.h"

#include <string.h>

static const struct verb *find(const struct verb *verbs, const char *name)
{
	for (; name != NULL && verbs->name != NULL; verbs++)
		if (strcmp(verbs->name, name) == 0)
			return verbs;
	return NULL;
}

/* Whether the name is one of those with blanks between. */
static bool has(const char *names, const char *name)
{
	const size_t len = strlen(name);

	for (const char *at = strstr(names, name); at != NULL; at = strstr(at + 1, name))
		if ((at == names || at[-1] == ' ') && (at[len] == ' ' || at[len] == '\0'))
			return true;
	return false;
}

static enum be_err check(const struct command *self, const struct verb *verb, uint64_t seen, size_t count, char **words,
	struct be_error *err)
{
	for (size_t i = 0; self->options[i].kind != OPTIONS_END; i++)
		if ((seen >> i & 1) != 0 && !has(verb->options, self->options[i].name))
			return be_fail(err, BE_USAGE, N_("This option does not go with that word"), "%s --%s",
				verb->name, self->options[i].name);
	if (count > verb->most)
		return be_fail(err, BE_USAGE, N_("That is one name too many"), "%s", words[verb->most]);
	if (count < verb->least)
		return be_fail(err, BE_USAGE, N_("Something is missing behind that word"), "%s", verb->name);
	return BE_OK;
}

int verbs_run(const struct command *self, const struct verb *verbs, const char *names, void *into, int argc,
	char **argv, int (*refuse)(const struct command *self, const struct be_error *err))
{
	struct be_error err = { .code = BE_OK };
	char *words[VERBS_WORDS_MAX + 1] = { NULL };
	const struct verb *verb = NULL;
	uint64_t seen = 0;
	int status = EXIT_DONE;
	int count = 0;
	enum be_err rc = options_parse_seen(self->options, into, argc, argv, &count, &seen, &err);

	if (rc == BE_OK && (verb = find(verbs, count > 0 ? argv[1] : NULL)) == NULL)
		rc = be_fail(&err, BE_USAGE, N_("Say one of these"), "%s", names);
	if (rc == BE_OK)
		rc = check(self, verb, seen, (size_t)count - 1, argv + 2, &err);
	if (rc == BE_OK) {
		for (int i = 1; i < count; i++)
			words[i - 1] = argv[1 + i];
		rc = verb->run(into, words, &status, &err);
	}
	return rc == BE_OK ? status : refuse(self, &err);
}
