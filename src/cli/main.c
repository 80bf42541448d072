/* SPDX-License-Identifier: GPL-3.0-or-later */

/* The commands: finding the one that is meant, and telling how each is used. */

#include "app/desk.h"
#include "base/i18n.h"
#include "cli/command.h"
#include "cli/print.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int run_help(const struct command *self, int argc, char **argv);

/* Where the texts of a usage text begin. */
#define OPTION_COLUMN 34u
#define COMMAND_COLUMN 22u

static const struct options_spec no_options[] = { { .kind = OPTIONS_END } };

static const struct command command_help = { "help", N_("[COMMAND]"), N_("the commands, or the options of one"),
	no_options, run_help };

static const struct command *const commands[] = {
	&command_sign,
	&command_verify,
	&command_trust,
	&command_visual,
	&command_login,
	&command_logout,
	&command_account_status,
	&command_register,
	&command_otp,
	&command_cert,
	&command_passphrase,
	&command_password,
	&command_mail,
	&command_journal,
	&command_unlock,
	&command_share,
	&command_qr,
	&command_walk,
	&command_doctor,
	&command_version,
	&command_help,
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static const struct command *find(const char *name)
{
	if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
		return &command_help;
	if (strcmp(name, "--version") == 0)
		return &command_version;
	/* An option in place of a command is one of the screens'. */
	if (name[0] == '-')
		return &command_screens;
	for (size_t i = 0; i < COMMANDS; i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

int command_refuse(const struct command *self, const struct be_error *err)
{
	print_failure(self->name, err);
	return command_status(err->code);
}

int command_refuse_here(const struct command *self, const struct be_error *err)
{
	const int status = command_refuse(self, err);

	return status == EXIT_SERVICE ? EXIT_NOT_STARTED : status;
}

/* ---- help ---- */

static void help_option(const struct options_spec *option)
{
	char left[64];
	/* The words of a choice are typed as they are. */
	const char *value = option->kind == OPTIONS_CHOICE ? option->value : tr(option->value);

	if (option->letter != '\0')
		(void)snprintf(left, sizeof(left), "  -%c, --%s %s", option->letter, option->name, value);
	else
		(void)snprintf(left, sizeof(left), "  --%s %s", option->name, value);
	print_usage(left, OPTION_COLUMN, option->about);
}

static void help_later(const struct command *command)
{
	struct buffer names = BUFFER_EMPTY;

	for (const struct options_spec *o = command->options; o->kind != OPTIONS_END; o++)
		if (o->kind == OPTIONS_LATER)
			buffer_printf(&names, "%s--%s", names.len == 0 ? "" : " ", o->name);
	buffer_add_byte(&names, '\0');
	if (!names.failed && names.len > 1) {
		(void)fputc('\n', stdout);
		print_paragraph(0, tr(N_("Not in this version:")));
		print_paragraph(2, (const char *)names.data);
	}
	buffer_free(&names);
}

static void help_one(const struct command *command)
{
	(void)printf("besign %s%s%s\n", command->name, command->operands[0] != '\0' ? " " : "", tr(command->operands));
	print_paragraph(2, tr(command->about));
	if (command->options->kind != OPTIONS_END)
		(void)fputc('\n', stdout);
	for (const struct options_spec *o = command->options; o->kind != OPTIONS_END; o++)
		if (o->kind != OPTIONS_LATER)
			help_option(o);
	help_later(command);
}

static int run_help(const struct command *self, int argc, char **argv)
{
	const struct command *command = NULL;
	struct be_error err = { .code = BE_OK };
	char left[64];
	char nothing = '\0';
	int count = 0;

	if (options_parse(no_options, &nothing, argc, argv, &count, &err) == BE_OK && count > 1)
		(void)be_fail(&err, BE_USAGE, N_("One command at a time"), "%s", argv[2]);
	if (err.code == BE_OK && count == 1 && (command = find(argv[1])) == NULL)
		(void)be_fail(
			&err, BE_USAGE, N_("There is no such command; \"besign help\" lists them"), "%s", argv[1]);
	if (err.code != BE_OK)
		return command_refuse(self, &err);
	if (command != NULL) {
		help_one(command);
		return EXIT_DONE;
	}
	print_paragraph(0, tr(N_("besign signs and verifies PDF documents.")));
	(void)fputc('\n', stdout);
	for (size_t i = 0; i < COMMANDS; i++) {
		(void)snprintf(left, sizeof(left), "  besign %s", commands[i]->name);
		print_usage(left, COMMAND_COLUMN, commands[i]->about);
	}
	(void)fputc('\n', stdout);
	print_usage("  --lang id|en", COMMAND_COLUMN, N_("before the command: the language of what is said"));
	(void)fputc('\n', stdout);
	print_paragraph(
		0, tr(N_("\"besign help COMMAND\" lists the options of one command; \"man besign\" says it all.")));
	return EXIT_DONE;
}

/* ---- the process ---- */

/* A program started with 0, 1 or 2 closed would open a document there and print into it. The stand-in refuses what the
 * descriptor is for, so that it is still noticed. */
static void keep_standard_descriptors(void)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
			_exit(EXIT_NOT_STARTED);
}

static int refuse_name(const char *name)
{
	struct be_error err = { .code = BE_OK };

	(void)be_fail(&err, BE_USAGE, N_("There is no such command; \"besign help\" lists them"), "%s", name);
	print_failure(NULL, &err);
	return EXIT_NOT_STARTED;
}

/* The language: what --lang says, which is taken off the arguments; else what is set; else the environment's. */
static enum be_err take_language(int *argc, char **argv[], struct be_error *err)
{
	static const char option[] = "--lang";
	const size_t len = strlen(option);
	struct settings settings;
	enum i18n_language language;

	(void)settings_read(&settings, NULL);
	language = desk_language(&settings);
	i18n_set(language);
	while (*argc > 1 && strncmp((*argv)[1], option, len) == 0) {
		const char *argument = (*argv)[1];
		const bool joined = argument[len] == '=';
		const char *value = joined ? argument + len + 1 : *argc > 2 ? (*argv)[2] : NULL;

		if (!joined && argument[len] != '\0')
			break;
		if (value == NULL)
			return be_fail(err, BE_USAGE, N_("This option needs a value"), "%s", option);
		if (!i18n_by_name(&language, value))
			return be_fail(err, BE_USAGE, N_("The languages are id and en"), "%s %s", option, value);
		(*argv)[joined ? 1 : 2] = (*argv)[0];
		*argv += joined ? 1 : 2;
		*argc -= joined ? 1 : 2;
	}
	i18n_set(language);
	return BE_OK;
}

int main(int argc, char **argv)
{
	const struct command *command = NULL;
	struct be_error err = { .code = BE_OK };
	int status;

	keep_standard_descriptors();
	(void)signal(SIGPIPE, SIG_IGN);
	if (take_language(&argc, &argv, &err) != BE_OK) {
		print_failure(NULL, &err);
		return EXIT_NOT_STARTED;
	}
	command = argc < 2 ? &command_screens : find(argv[1]);
	if (command == NULL)
		return refuse_name(argv[1]);
	if (command == &command_screens) {
		status = command->run(command, argc, argv);
		return print_finish() || status != EXIT_DONE ? status : EXIT_NOT_STARTED;
	}
	if (argc == 3 && strcmp(argv[2], "--help") == 0) {
		help_one(command);
		return print_finish() ? EXIT_DONE : EXIT_NOT_STARTED;
	}
	status = command->run(command, argc - 1, argv + 1);
	return print_finish() || status != EXIT_DONE ? status : EXIT_NOT_STARTED;
}
