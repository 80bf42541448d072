/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

/*
 * A command of the command line: its name, its options, and what it runs. One file per command, one line per command in
 * main.c; the usage texts come from here.
 */

#include "base/error.h"
#include "cli/options.h"

/* Exit statuses, the same for all commands. */
enum exit_status {
	EXIT_DONE = 0,
	EXIT_NOT_ALL =
		1, /* verify: not every signature passed; sign: not every document signed; an answer that is no */
	EXIT_NOT_STARTED = 2,
	EXIT_NO_SIGNATURE = 3,
	EXIT_SERVICE = 4, /* it refused, or could not be reached */
	EXIT_WRONG_SECRET = 5,
	EXIT_UNKNOWN = 6, /* a service was asked, and no answer came */
	EXIT_CANCELLED = 130
};

struct command {
	const char *name;
	const char *operands;               /* msgid, for the usage line; "" none */
	const char *about;                  /* msgid: one line */
	const struct options_spec *options; /* up to OPTIONS_END */
	/* argv[0] is the name of the command. Returns the exit status. */
	int (*run)(const struct command *self, int argc, char **argv);
};

extern const struct command command_screens; /* the bare program */
extern const struct command command_sign;
extern const struct command command_verify;
extern const struct command command_trust;
extern const struct command command_visual;
extern const struct command command_login;
extern const struct command command_logout;
extern const struct command command_account_status; /* "status" */
extern const struct command command_register;
extern const struct command command_otp;
extern const struct command command_cert;
extern const struct command command_passphrase;
extern const struct command command_password;
extern const struct command command_mail;
extern const struct command command_journal;
extern const struct command command_unlock;
extern const struct command command_share;
extern const struct command command_qr;
extern const struct command command_doctor;
extern const struct command command_walk;
extern const struct command command_version;

/* The status for a command that could not go on. */
int command_status(enum be_err code);

/* Says on standard error why the command could not go on, and gives the status. */
int command_refuse(const struct command *self, const struct be_error *err);

/* The same where no service was asked: what was refused on this computer is 2, not 4. */
int command_refuse_here(const struct command *self, const struct be_error *err);

#endif
