/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_MAILBOX_H
#define CLI_MAILBOX_H

/*
 * Links in the mailbox of an embedded service, for setting a passphrase without copying them.
 */

#include "cli/account_here.h"

/* Uses the newest link that still counts, which a mail may bring only in a moment. BE_LINK when there is none, after some
 * seconds; BE_NOT_FOUND and BE_UNSUPPORTED where there is no mailbox; else as account_set_passphrase. */
enum be_err mailbox_set_passphrase(
	struct account_here *here, const struct secret *passphrase, struct wire_certificate *out, struct be_error *err);

/* Whether the service has one, and whoever is signed in may read it. */
bool mailbox_is_there(struct account_here *here);

#endif
