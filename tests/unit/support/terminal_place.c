/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_place.h"

#include "terminal_job.h"

#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *terminal_format(const char *form, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, form);
	if (vasprintf(&text, form, args) < 0)
		terminal_give_up("no memory");
	va_end(args);
	return text;
}

/* Later entries outdo earlier ones of the same name. Takes the entry. */
static void set(struct terminal_place *place, char *entry)
{
	char **at = place->environment;
	const size_t name = strcspn(entry, "=") + 1;

	while (*at != NULL && strncmp(*at, entry, name) != 0)
		at++;
	if (at == &place->environment[TERMINAL_PLACE_VARIABLES - 1])
		terminal_give_up("too large an environment");
	free(*at);
	*at = entry;
}

static void make_environment(struct terminal_place *place, const char *term, const struct terminal_setup *setup)
{
	static const char *const kept[] = { "PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS" };

	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
		if (getenv(kept[i]) != NULL)
			set(place, terminal_format("%s=%s", kept[i], getenv(kept[i])));
	}
	set(place, terminal_format("TERM=%s", term));
	set(place, terminal_format("LANG=C.UTF-8"));
	set(place, terminal_format("SHELL=/bin/sh"));
	set(place, terminal_format("BESIGN_TEST_SYNC=1"));
	set(place, terminal_format("LSAN_OPTIONS=suppressions=%s/ncurses:print_suppressions=0", place->root));
	set(place, terminal_format("TMPDIR=%s/tmp", place->root));
	set(place, terminal_format("XDG_RUNTIME_DIR=%s/run", place->root));
	set(place,
		setup->home != NULL ? terminal_format("HOME=%s", setup->home)
				    : terminal_format("HOME=%s/home", place->root));
	for (size_t i = 0; setup->environment != NULL && setup->environment[i] != NULL; i++)
		set(place, terminal_format("%s", setup->environment[i]));
}

/* It keeps some memory for good, and loses some when it does not know a terminal. */
static void ignore_leaks_of_ncurses(const char *root)
{
	char *path = terminal_format("%s/ncurses", root);
	FILE *f = fopen(path, "we");

	if (f == NULL || fputs("leak:libtinfo\nleak:libncurses\n", f) < 0 || fclose(f) != 0)
		terminal_give_up(path);
	free(path);
}

void terminal_place_make(struct terminal_place *place, const char *term, const struct terminal_setup *setup)
{
	static const char *const inside[] = { "home", "tmp", "run" };
	const char *where = getenv("TMPDIR");

	memset(place, 0, sizeof(*place));
	place->root = terminal_format("%s/besign-terminal.XXXXXX", where != NULL ? where : "/tmp");
	if (mkdtemp(place->root) == NULL)
		terminal_give_up(place->root);
	for (size_t i = 0; i < sizeof(inside) / sizeof(inside[0]); i++) {
		char *path = terminal_format("%s/%s", place->root, inside[i]);

		if (mkdir(path, 0700) != 0)
			terminal_give_up(path);
		free(path);
	}
	ignore_leaks_of_ncurses(place->root);
	place->errors = terminal_format("%s/errors", place->root);
	if (setup->directory != NULL || setup->home != NULL)
		place->directory = terminal_format("%s", setup->directory != NULL ? setup->directory : setup->home);
	else
		place->directory = terminal_format("%s/home", place->root);
	make_environment(place, term, setup);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st;
	(void)type;
	(void)at;
	return remove(path);
}

void terminal_place_clear(struct terminal_place *place)
{
	(void)nftw(place->root, remove_one, 16, FTW_DEPTH | FTW_PHYS);
	for (size_t i = 0; i < TERMINAL_PLACE_VARIABLES; i++)
		free(place->environment[i]);
	free(place->root);
	free(place->directory);
	free(place->errors);
	free(place->said);
}

const char *terminal_place_errors(struct terminal_place *place)
{
	FILE *f = fopen(place->errors, "re");
	size_t size = 0;

	free(place->said);
	place->said = NULL;
	if (f == NULL || getdelim(&place->said, &size, '\0', f) < 0) {
		free(place->said);
		place->said = terminal_format("%s", "");
	}
	if (f != NULL)
		(void)fclose(f);
	return place->said;
}
