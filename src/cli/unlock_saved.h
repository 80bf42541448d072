/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_UNLOCK_SAVED_H
#define CLI_UNLOCK_SAVED_H

/* The passphrase that was saved for a key, when a command needs one. */

#include "unlock/unlock.h"

/* Said of a saved passphrase that the key file refuses. */
extern const char unlock_outdated[];

/* On a terminal, what a person has to do now. */
void unlock_say_request(enum unlock_way way);

/* Asks the way that was chosen for the key. BE_OK without a secret: none was chosen, or it failed, which was said,
 * and there is a terminal to type the passphrase at. Otherwise the errors of unlock_release. */
enum be_err unlock_saved(
	struct secret **out, const struct unlock_target *target, const atomic_bool *cancel, struct be_error *err);

#endif
