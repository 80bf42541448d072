/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/paths.h"
#include "app/walk.h"
#include "app/walk_service.h"
#include "base/i18n.h"
#include "cli/command.h"
#include "cli/print.h"
#include "cli/walk_screens.h"

#include <stdlib.h>
#include <sys/stat.h>

struct wishes {
	bool keep;
	bool screens;
	bool service;
};

static const struct options_spec options[] = {
	{ .kind = OPTIONS_FLAG,
		.name = "keep",
		.at = offsetof(struct wishes, keep),
		.about = N_("keep the files, and say where they are") },
	{ .kind = OPTIONS_FLAG,
		.name = "screens",
		.at = offsetof(struct wishes, screens),
		.about = N_("show also what the screens would show, as text") },
	{ .kind = OPTIONS_FLAG,
		.name = "service",
		.at = offsetof(struct wishes, service),
		.about = N_("go also the whole way with an account service, from registering to revoking") },
	{ .kind = OPTIONS_END },
};

static void tell(void *context, const struct walk_step *step)
{
	unsigned *number = context;

	(void)printf("%u. ", ++*number);
	print_from_column(3, tr(step->title));
	(void)printf("   $ %s\n   ", step->command);
	print_from_column(3, tr(step->outcome));
	(void)fputc('\n', stdout);
	(void)fflush(stdout);
}

/* What is asked of the service is no command that one could type. */
static void tell_asked(void *context, const struct walk_step *step)
{
	unsigned *number = context;

	(void)printf("%u. ", ++*number);
	print_from_column(*number < 10 ? 3 : 4, tr(step->title));
	(void)printf("   > %s\n   ", step->command);
	print_from_column(3, tr(step->outcome));
	(void)fputc('\n', stdout);
	(void)fflush(stdout);
}

/* In a directory of its own, inside that of the walk. */
static enum be_err go_with_service(const char *dir, bool keep, unsigned *number, struct be_error *err)
{
	struct buffer inside = BUFFER_EMPTY;
	enum be_err rc;

	paths_join(&inside, dir, "account");
	rc = buffer_check(&inside, err);
	if (rc == BE_OK && mkdir((const char *)inside.data, 0700) != 0)
		rc = be_fail_errno(err, BE_IO, N_("A temporary directory cannot be made"), (const char *)inside.data);
	if (rc == BE_OK) {
		print_text(stdout, N_("The same with a key that stays at an account service:"));
		(void)fputs("\n\n", stdout);
		rc = walk_service_run((const char *)inside.data, tell_asked, number, err);
		if (!keep)
			walk_service_clean((const char *)inside.data);
	}
	buffer_free(&inside);
	return rc;
}

static void show(void *context, const char *title, const struct buffer *picture)
{
	(void)context;
	(void)fputs("--- ", stdout);
	print_text(stdout, title);
	(void)fputs(" ---\n\n", stdout);
	(void)fwrite(picture->data, 1, picture->len, stdout);
	(void)fputc('\n', stdout);
}

static enum be_err make_dir(struct buffer *path, struct be_error *err)
{
	const char *where = getenv("TMPDIR");

	buffer_add_str(path, where != NULL && where[0] == '/' ? where : "/tmp");
	buffer_add_str(path, "/besign-walk-XXXXXX");
	buffer_add_byte(path, '\0');
	if (buffer_check(path, err) != BE_OK)
		return BE_NO_MEMORY;
	if (mkdtemp((char *)path->data) == NULL)
		return be_fail_errno(err, BE_IO, N_("A temporary directory cannot be made"), (const char *)path->data);
	return BE_OK;
}

static int walk(const struct wishes *wishes, const struct command *self)
{
	struct be_error err = { .code = BE_OK };
	struct buffer path = BUFFER_EMPTY;
	unsigned number = 0;
	enum be_err rc = make_dir(&path, &err);
	const char *dir = (const char *)path.data;

	if (rc != BE_OK) {
		buffer_free(&path);
		return command_refuse(self, &err);
	}
	rc = walk_run(dir, tell, &number, &err);
	if (rc == BE_OK && wishes->service)
		rc = go_with_service(dir, wishes->keep, &number, &err);
	if (rc == BE_OK && wishes->screens) {
		print_text(stdout, N_("On a terminal, \"besign\" shows screens. The same steps with them:"));
		(void)fputs("\n\n", stdout);
		rc = walk_screens(dir, show, NULL, &err);
	}
	if (rc == BE_OK) {
		print_text(stdout, N_("Everything came out as it should."));
		(void)fputc('\n', stdout);
	} else {
		print_failure(self->name, &err);
	}
	if (wishes->keep) {
		print_text(stdout, N_("The files are kept in"));
		(void)fputc(' ', stdout);
		print_foreign(stdout, dir);
		(void)fputc('\n', stdout);
	} else {
		walk_clean(dir);
	}
	buffer_free(&path);
	return rc == BE_OK ? EXIT_DONE : EXIT_NOT_ALL;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { false };
	struct be_error err = { .code = BE_OK };

	return options_only(options, &wishes, argc, argv, &err) != BE_OK ? command_refuse(self, &err)
									 : walk(&wishes, self);
}

const struct command command_walk = { "walk", "[--keep] [--screens] [--service]",
	N_("sign and verify a sample letter step by step, with a throw-away key"), options, run };
