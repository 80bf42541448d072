/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_STORE_SESSIONS_H
#define SERVICE_STORE_SESSIONS_H

/* Everything that is a secret in somebody's hand, kept as the SHA-256 of it: tokens, one-time links, authorisations to
 * sign. What holds for all of the store stands in service/store.h. */

#include "service/store.h"

/* ---- tokens ---- */

enum store_token_kind {
	STORE_TOKEN_LOGIN, /* between the password and the code */
	STORE_TOKEN_ACCESS,
	STORE_TOKEN_REFRESH,
	STORE_TOKEN_CODE, /* OAuth 2's authorisation code */
};

struct store_token {
	uint8_t digest[STORE_DIGEST_SIZE];
	enum store_token_kind kind;
	int64_t user;
	char family[STORE_ID_SIZE];   /* one sign-in: all tokens that came out of it */
	char client[STORE_NAME_SIZE]; /* OAuth 2's client_id; "" for the account API */
	char scope[STORE_WORD_SIZE];
	char data[STORE_DATA_SIZE]; /* the kind's own: code challenge and redirect address, credential */
	int64_t created;
	int64_t expires;
	int64_t family_ends; /* no token of this sign-in outlives it */
	int64_t used;        /* when it was taken, of those that serve once; TIME_NONE */
};

enum be_err store_token_add(struct store *store, const struct store_token *token, struct be_error *err);
/* BE_SESSION for one that is unknown or expired, or whose user is disabled. One that was taken already is found, with
 * used set: what that means is for the caller. */
enum be_err store_token_find(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	enum store_token_kind kind, int64_t now, struct store_token *out, struct be_error *err);
/* For those that serve once: of any number who try, one gets BE_OK; the others BE_SESSION. */
enum be_err store_token_take(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	enum store_token_kind kind, int64_t now, struct be_error *err);
/* A sign-in ends: all its tokens. BE_OK also when there is none. */
enum be_err store_family_end(struct store *store, const char *family, struct be_error *err);
/* All of a user's but one (NULL: all). */
enum be_err store_families_end(struct store *store, int64_t user, const char *except, struct be_error *err);
enum be_err store_token_sweep(struct store *store, int64_t now, struct be_error *err);

/* ---- one-time links ---- */

struct store_link {
	uint8_t digest[STORE_DIGEST_SIZE];
	int64_t user;
	char certificate[STORE_ID_SIZE];
	char purpose[STORE_WORD_SIZE]; /* "passphrase" */
	int64_t created;
	int64_t expires;
	int64_t used; /* TIME_NONE: not yet */
};

/* Links of the same user, certificate and purpose that were made before stop working. */
enum be_err store_link_add(struct store *store, const struct store_link *link, struct be_error *err);
/* BE_LINK with a sentence of its own for unknown, used and expired. Does not use it. */
enum be_err store_link_find(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], int64_t now,
	struct store_link *out, struct be_error *err);
/* Of any number who try, one gets BE_OK; in the transaction of what it is good for. */
enum be_err store_link_use(
	struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], int64_t now, struct be_error *err);

/* ---- authorisations to sign (CSC: SAD) ---- */

struct store_authorisation {
	uint8_t digest[STORE_DIGEST_SIZE];
	int64_t user;
	char credential[STORE_ID_SIZE]; /* the certificate */
	int64_t count;                  /* signatures it is good for */
	int64_t used;
	int64_t created;
	int64_t expires;
};

/* hashes: count digests of hash_size, for which and no others it is good; NULL: for any. The same digest twice is good
 * for two signatures. */
enum be_err store_authorisation_add(struct store *store, const struct store_authorisation *authorisation,
	const uint8_t *hashes, size_t hash_size, struct be_error *err);
enum be_err store_authorisation_find(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], int64_t now,
	struct store_authorisation *out, struct be_error *err);
/* Counts signatures BEFORE they are made; all or none. BE_AUTHORISATION, with a sentence of its own each: unknown,
 * ended or expired; more than are left; a digest that it is not for, or that was signed already. */
enum be_err store_authorisation_take(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	const char *credential, const uint8_t *hashes, size_t hash_size, size_t count, int64_t now,
	struct be_error *err);
/* More digests (CSC: extendTransaction): the next one takes what is left of count; the old one ends. */
enum be_err store_authorisation_extend(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	const uint8_t next[static STORE_DIGEST_SIZE], const uint8_t *hashes, size_t hash_size, size_t count,
	int64_t now, int64_t expires, struct be_error *err);
enum be_err store_authorisation_end(
	struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], struct be_error *err);
/* All of a credential's: it was revoked, or its passphrase changed. */
enum be_err store_authorisations_end(struct store *store, const char *credential, struct be_error *err);
/* All there are: the keys behind them are gone (the service began anew). */
enum be_err store_authorisations_end_all(struct store *store, struct be_error *err);
enum be_err store_authorisation_sweep(struct store *store, int64_t now, struct be_error *err);

#endif
