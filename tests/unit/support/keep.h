/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_KEEP_H
#define SUPPORT_KEEP_H

/*
 * A store, a vault and accounts in a directory of their own, with a clock that stands still, and invented people in them.
 * Everything in here ends the test when it cannot do what it is asked.
 */

#include "service/accounts.h"
#include "service/store_certificates.h"
#include "service/vault.h"

#define KEEP_NOW 1795824000 /* 2026-11-28T00:00:00Z */
#define KEEP_PASSWORD "kopi tubruk pagi hari"
#define KEEP_PASSPHRASE "hujan turun di Bogor"

struct keep {
	char dir[64];
	char path[96];     /* of the store */
	char key_file[96]; /* of the vault */
	struct store *store;
	struct vault *vault;
	struct accounts *accounts;
	struct vault_settings vault_settings;
	struct accounts_settings settings;
};

/* The cheapest cost there is. */
void keep_make(struct keep *keep);
void keep_clear(struct keep *keep);
/* What a new start finds: closes all three and opens them again. */
void keep_again(struct keep *keep);
/* Sets the clock to so many seconds after KEEP_NOW. */
int64_t keep_at(int64_t seconds);

struct secret *keep_secret(const char *text); /* owned by the caller */

/* A registered person, number tells them apart, with KEEP_PASSWORD. */
void keep_person(struct keep *keep, unsigned number, struct store_user *out);
/* A device that was proved at the step before now; its key is the caller's. */
void keep_device(struct keep *keep, const struct store_user *user, struct secret **key, char id[static STORE_ID_SIZE]);
/* The code of a key, so many steps from now. */
void keep_code(char out[static 9], const struct secret *key, int64_t away);
/* Password and code: a session. tokens are the caller's. */
void keep_session(struct keep *keep, const struct store_user *user, const struct secret *key, const char *device,
	struct accounts_tokens *tokens, struct accounts_session *out);

/* A certificate that is ISSUE for a year, with a key under KEEP_PASSPHRASE: the certificate itself is made up. */
void keep_certificate(struct keep *keep, const struct store_user *user, const char *kind, char id[static STORE_ID_SIZE],
	struct buffer *spki);

#endif
