/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_KEY_PROVE_H
#define APP_KEY_PROVE_H

/*
 * Whether a passphrase is the one of a key, before it is kept and after it came back. A key file is opened and
 * forgotten; a service is asked to authorise one signature, which is never made.
 */

#include "account/account.h"
#include "app/key_facts.h"
#include "unlock/unlock.h"

/* account: signed in, for a target at a service; else not looked at. out is filled as far as the key was reached. Errors
 * as signer_open_p12, or signer_open_csc and account_authorize: a service counts a wrong one (tries_left). */
enum be_err key_prove(struct key_facts *out, const struct unlock_target *target, struct account *account,
	const struct secret *passphrase, const atomic_bool *cancel, struct be_error *err);

#endif
