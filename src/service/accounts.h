/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_ACCOUNTS_H
#define SERVICE_ACCOUNTS_H

/*
 * Who somebody is: registering, signing in with password and code, devices, sessions. What a wrong user, a wrong
 * password and a wrong code look like from outside is decided here: the same, in words and in time. Every try is
 * counted before what was given is looked at (per user; per address right after), and every lock ends by itself.
 *
 * Knows users and secrets; knows no HTTP and no certificates. Moments come from time_now(). Threads may use it at once.
 * Writes the audit log. Tokens are 32 random bytes in base64url, owned by the caller; only their digests are kept.
 */

#include "base/secret.h"
#include "service/store_people.h"
#include "service/store_sessions.h"

struct accounts;
struct vault;

struct accounts_settings {
	const char *issuer;               /* in otpauth URIs: the service's name */
	struct scrypt_cost cost;          /* for passwords set from now on; cheaper ones are renewed at sign-in */
	int64_t login_seconds;            /* between password and code: 600 */
	int64_t access_seconds;           /* 900 */
	int64_t refresh_seconds;          /* unused for so long ends a session: 43200 */
	int64_t session_seconds;          /* a session's whole life: 43200; embedded 30 days */
	struct store_limit user_limit;    /* wrong passwords: { 5, 900, 900 } */
	struct store_limit code_limit;    /* wrong codes: { 5, 900, 900 } */
	struct store_limit address_limit; /* both, of one address: { 50, 900, 900 } */
	/* Called in the very transaction that makes a device work, so that it and the letter about it are there both or not
	 * at all; what it returns counts. NULL: nobody is told. */
	enum be_err (*device_added)(
		void *ctx, const struct store_user *user, const char *device_name, int64_t now, struct be_error *err);
	void *device_added_ctx;
};

/* The settings above with their defaults; cost is scrypt_cost_for_machine(0). */
struct accounts_settings accounts_defaults(const char *issuer, bool embedded);

/* Store and vault are borrowed and must outlive it; issuer is copied. */
enum be_err accounts_open(struct accounts **out, struct store *store, struct vault *vault,
	const struct accounts_settings *settings, struct be_error *err);
void accounts_close(struct accounts **accounts);

/* ---- people ---- */

struct accounts_person {
	const char *login; /* 3 to 64 of a-z A-Z 0-9 . _ - + @; NULL: the mail address */
	const char *mail;
	const char *name;         /* 1 to 64 characters, as it stands in certificates */
	const char *organisation; /* NULL: the service's own */
	const char *language;     /* "id" or "en"; NULL: "id" */
	const struct secret *password;
};

/* BE_EXISTS, BE_USAGE for a field that is none (the sentence says which), BE_WEAK. Whether registration is open is for
 * the caller. user may be NULL. */
enum be_err accounts_register(
	struct accounts *accounts, const struct accounts_person *person, struct store_user *user, struct be_error *err);

/* ---- signing in ---- */

/* address: where the caller comes from, as text, for the count of tries; NULL: not counted (embedded). All of these:
 * BE_WRONG_LOGIN (also for a disabled user), BE_LOCKED with retry_at, BE_BUSY. */

struct accounts_login {
	struct secret *token; /* for the second step; owned by the caller */
	int64_t user;
	bool enrolled; /* there is a device: a code of it comes next; else one has to be enrolled now */
};

enum be_err accounts_login(struct accounts *accounts, const char *login, const struct secret *password,
	const char *address, struct accounts_login *out, struct be_error *err);

struct accounts_tokens {
	struct secret *access;
	struct secret *refresh; /* NULL: the scope has none */
	int64_t access_expires;
	int64_t session_expires;
};
void accounts_tokens_free(struct accounts_tokens *tokens);

/* The user behind a token of the first step: for listing the devices. BE_SESSION. */
enum be_err accounts_login_user(
	struct accounts *accounts, const struct secret *login_token, struct store_user *out, struct be_error *err);

/* The second step. device: its id; NULL: whichever of the user's has this code. BE_WRONG_CODE, BE_CODE_USED, BE_CLOCK
 * (detail: how many seconds the clocks are apart), BE_LOCKED; BE_SESSION when the first step is too long ago or was
 * used. A wrong code leaves the first step good. */
enum be_err accounts_login_code(struct accounts *accounts, const struct secret *login_token, const char *device,
	const char *code, const char *address, struct accounts_tokens *out, struct be_error *err);

/* Both steps at once (the page of OAuth 2): who, without a session. Wrong user, password and code are one
 * BE_WRONG_LOGIN. */
enum be_err accounts_check(struct accounts *accounts, const char *login, const struct secret *password,
	const char *code, const char *address, struct store_user *out, struct be_error *err);

/* ---- devices ---- */

struct accounts_enrolment {
	char device[STORE_ID_SIZE];
	struct secret *uri; /* otpauth://…; owned by the caller */
	struct secret *key; /* base32 */
};
void accounts_enrolment_free(struct accounts_enrolment *enrolment);

/* A sign-in without a device enrols one; its code ends the sign-in. BE_STATE when there is a device already. BE_USAGE
 * for a name, BE_EXISTS. */
enum be_err accounts_login_enrol(struct accounts *accounts, const struct secret *login_token, const char *name,
	struct accounts_enrolment *out, struct be_error *err);
/* name: another than it was asked for with; NULL: that one. */
enum be_err accounts_login_enrol_code(struct accounts *accounts, const struct secret *login_token, const char *device,
	const char *name, const char *code, const char *address, struct accounts_tokens *out, struct be_error *err);

struct accounts_session {
	struct store_user user;
	char family[STORE_ID_SIZE]; /* one sign-in */
	char client[STORE_NAME_SIZE];
	char scope[STORE_WORD_SIZE]; /* "account", "service" or "credential" */
	char data[STORE_DATA_SIZE];  /* of the scope "credential" */
	int64_t expires;
};

enum be_err accounts_device_add(struct accounts *accounts, const struct accounts_session *session, const char *name,
	struct accounts_enrolment *out, struct be_error *err);
enum be_err accounts_device_add_code(struct accounts *accounts, const struct accounts_session *session,
	const char *device, const char *name, const char *code, struct be_error *err);
/* BE_STATE for the last one, BE_NOT_FOUND. */
enum be_err accounts_device_remove(
	struct accounts *accounts, const struct accounts_session *session, const char *device, struct be_error *err);

/* A code of a signed-in user, for what asks for one again. Errors as accounts_login_code. */
enum be_err accounts_code(struct accounts *accounts, const struct accounts_session *session, const char *device,
	const char *code, struct be_error *err);

/* ---- sessions ---- */

/* BE_SESSION. */
enum be_err accounts_session(
	struct accounts *accounts, const void *access, size_t len, struct accounts_session *out, struct be_error *err);
/* A new pair; the old refresh token is spent. One that comes a second time ends the whole session: it was stolen.
 * client: whom it was given to. */
enum be_err accounts_refresh(struct accounts *accounts, const void *refresh, size_t len, const char *client,
	struct accounts_tokens *out, struct be_error *err);
/* Ends the session that a token of either kind belongs to. BE_OK also when there is none (RFC 7009). */
enum be_err accounts_revoke(struct accounts *accounts, const void *token, size_t len, struct be_error *err);

/* ---- OAuth 2, authorisation code with PKCE (RFC 7636, S256 only) ---- */

struct accounts_grant {
	const char *client;
	const char *redirect;
	const char *challenge; /* base64url, 43 characters */
	const char *scope;     /* "service" or "credential" */
	const char *data;      /* of the scope "credential": its text is handed on in the session; NULL: "" */
};

/* code is good for one minute, once; owned by the caller. */
enum be_err accounts_grant(struct accounts *accounts, int64_t user, const struct accounts_grant *grant,
	struct secret **code, struct be_error *err);
/* BE_SESSION when code, client, redirect or verifier do not belong together, or the code came before: what came of it
 * then ends. */
enum be_err accounts_grant_redeem(struct accounts *accounts, const void *code, size_t len, const char *client,
	const char *redirect, const char *verifier, struct accounts_tokens *out, struct be_error *err);

/* ---- the password, and what an administrator does ---- */

/* Counted like a sign-in. Other sessions end, this one stays. BE_WEAK. */
enum be_err accounts_password_change(struct accounts *accounts, const struct accounts_session *session,
	const struct secret *old_one, const struct secret *new_one, struct be_error *err);

/* BE_NOT_FOUND for a login that is nobody's. */
enum be_err accounts_disable(struct accounts *accounts, const char *login, bool disabled, struct be_error *err);
enum be_err accounts_reset_otp(struct accounts *accounts, const char *login, struct be_error *err);
enum be_err accounts_unlock(struct accounts *accounts, const char *login, struct be_error *err);

/* Forgets what is over; now and then. */
void accounts_sweep(struct accounts *accounts);

#endif
