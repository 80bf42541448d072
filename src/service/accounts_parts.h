/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_ACCOUNTS_PARTS_H
#define SERVICE_ACCOUNTS_PARTS_H

/* What the files of the accounts share: src/service/accounts*.c alone. */

#include "service/accounts.h"
#include "service/store_records.h"
#include "service/vault.h"

#define ACCOUNTS_TOKEN_SIZE 32u

/* What tries are counted under, with the user's number or the address behind it. */
#define ACCOUNTS_PASSWORD_TRIES "password:"
#define ACCOUNTS_CODE_TRIES "code:"
#define ACCOUNTS_ADDRESS_TRIES "address:"

struct accounts {
	struct store *store; /* borrowed, as is the vault */
	struct vault *vault; /* NULL for an administrator's commands */
	struct accounts_settings settings;
	char *issuer;
	uint8_t nobody_salt[STORE_PASSWORD_SALT]; /* of the password that nobody has */
};

/* The SHA-256 that a token is kept as. */
enum be_err accounts_digest(const void *token, size_t len, uint8_t out[static STORE_DIGEST_SIZE], struct be_error *err);
/* A new token and its digest; owned by the caller. */
enum be_err accounts_token_new(struct secret **out, uint8_t digest[static STORE_DIGEST_SIZE], struct be_error *err);

/* Hashes a password with a new salt. Derives: takes a while. */
enum be_err accounts_hash(const struct accounts *accounts, const struct secret *password, struct store_password *out,
	struct be_error *err);

/* Counted, compared, and the count cleared when it was right. user NULL: nobody's, the same work for nothing; login says
 * under what that is counted. BE_WRONG_LOGIN, BE_LOCKED, BE_BUSY. */
enum be_err accounts_password(struct accounts *accounts, const struct store_user *user, const char *login,
	const struct secret *password, const char *address, int64_t now, struct be_error *err);

/* What a right code is good for, done in the transaction that records the code as used: both or neither. */
typedef enum be_err accounts_then_fn(void *ctx, const char *device, int64_t now, struct be_error *err);

/* A code of a user's device (NULL: of whichever has it), counted. proved false: the device that is being enrolled is meant.
 * then may be NULL; what it returns is returned, and the code was not used when that is no BE_OK. */
struct accounts_proof {
	const struct store_user *user;
	const char *device;
	bool proved;
	const char *code;
	const char *address;
	accounts_then_fn *then;
	void *ctx;
	const char *name; /* that the device has from now on; NULL: as before */
};
enum be_err accounts_code_of(
	struct accounts *accounts, const struct accounts_proof *proof, int64_t now, struct be_error *err);

/* BE_LOCKED when there were too many wrong tries from there; NULL never. */
enum be_err accounts_address_look(struct accounts *accounts, const char *address, int64_t now, struct be_error *err);
void accounts_address_count(struct accounts *accounts, const char *address, int64_t now);

/* A new session of one sign-in. */
struct accounts_new_session {
	int64_t user;
	char family[STORE_ID_SIZE];
	const char *client;
	const char *scope;
	const char *data;
	int64_t ends;
};

/* An access token and, unless the scope is "credential", a refresh token. */
enum be_err accounts_session_tokens(struct accounts *accounts, const struct accounts_new_session *session, int64_t now,
	struct accounts_tokens *out, struct be_error *err);

/* The first step's token: BE_SESSION when it is over or was used. */
enum be_err accounts_login_token(struct accounts *accounts, const struct secret *login_token, int64_t now,
	struct store_token *out, struct store_user *user, struct be_error *err);
/* Spends it and opens a session: an accounts_then_fn. */
struct accounts_sign_in {
	struct accounts *accounts;
	struct store_token login;
	struct store_user user;
	struct accounts_tokens *out;
};
enum be_err accounts_sign_in(void *ctx, const char *device, int64_t now, struct be_error *err);

/* One line of 1 to most characters that can be shown, without blanks at its ends. */
bool accounts_is_name(const char *text, size_t most);

#endif
