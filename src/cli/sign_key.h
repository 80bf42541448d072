/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGN_KEY_H
#define CLI_SIGN_KEY_H

/*
 * Which key "besign sign" signs with: a key file, a token, or one that stays at the account service. What can be known to
 * be wrong is told before anybody types a passphrase.
 */

#include "app/key_ref.h"
#include "cli/account_here.h"
#include "signer/signer.h"

struct key_wishes {
	const char *p12;
	const char *pkcs11;
	const char *credential;
	bool no_unlock;    /* a saved passphrase is not used */
	int passphrase_fd; /* -1: asked for */
};

struct sign_key {
	struct signer *signer;
	struct key_ref ref; /* of the key that is open, for the journal; borrowed of the wishes and of this */
	char credential[WIRE_ID_MAX];
	bool saved;                /* the passphrase came from where it was saved (besign unlock) */
	struct account_here here; /* of a key at the service */
};

/* At most one; and none only when a certificate of the account is chosen. */
enum be_err sign_key_check(const struct key_wishes *wishes, struct be_error *err);
enum be_err sign_key_open(struct sign_key *out, const struct key_wishes *wishes, struct be_error *err);
void sign_key_close(struct sign_key *key); /* also when opening failed */

#endif
