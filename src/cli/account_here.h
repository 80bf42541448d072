/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_ACCOUNT_HERE_H
#define CLI_ACCOUNT_HERE_H

/*
 * What the commands of the account have in common: the service that the settings name, the account there, and the
 * certificate that was chosen. One command opens it, and closes it at its end.
 */

#include "app/service.h"
#include "app/state.h"
#include "cli/command.h"

/* Options that name another service than the settings do. */
struct account_elsewhere {
	const char *service; /* NULL: as it is set */
	const char *ca;
	bool plain;
};

struct account_here {
	struct settings settings;
	struct state state;
	struct account *account;
	struct account_wait wait; /* ends with ^C */
	bool moved;               /* the settings do not say so yet; account_here_keep */
	bool other;               /* it is another service, too */
};

/* Guards the process, takes the signals, opens the account; warns on standard error of a way that others can read. Asks
 * nothing yet. elsewhere may be NULL. BE_USAGE for settings with a line that nobody understands: the wrong service must
 * not be asked. */
enum be_err account_here_open(
	struct account_here *out, const struct account_elsewhere *elsewhere, struct be_error *err);
void account_here_close(struct account_here *here); /* also when opening failed */

/* Writes another service into the settings; what was chosen at the old one is forgotten. */
enum be_err account_here_keep(struct account_here *here, struct be_error *err);

/* The certificate as it is now, with its chain. id: as it was typed, its beginning is enough; NULL: the one that was
 * chosen. BE_USAGE when there is none or several. What is remembered of the chosen one is brought up to date. */
enum be_err account_here_certificate(
	struct account_here *here, const char *id, struct wire_certificate *out, struct be_error *err);
/* Brings up to date what is remembered, when it is the chosen one. */
void account_here_remember(struct account_here *here, const struct wire_certificate *certificate);
/* Chooses it. */
enum be_err account_here_choose(
	struct account_here *here, const struct wire_certificate *certificate, struct be_error *err);

/* Tells why a command of the account could not go on, and gives the status: what the service refuses is 4. */
int account_here_refuse(const struct command *self, const struct be_error *err);

#endif
