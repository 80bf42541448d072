/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"
#include "base/time.h"
#include "crypto/random.h"
#include "service/accounts_parts.h"

#include <stdio.h>
#include <string.h>

#define SCOPE_ACCOUNT "account"
#define SCOPE_CREDENTIAL "credential"
#define CODE_SECONDS 60
#define CHALLENGE_LEN 43u /* a SHA-256 in base64url */
#define VERIFIER_LEAST 43u
#define VERIFIER_MOST 128u

static enum be_err no_session(struct be_error *err)
{
	return be_fail(err, BE_SESSION, N_("The session has ended; sign in again"), NULL);
}

void accounts_tokens_free(struct accounts_tokens *tokens)
{
	secret_free(&tokens->access);
	secret_free(&tokens->refresh);
}

/* ---- making tokens ---- */

static bool fill(struct store_token *row, const struct accounts_new_session *session, enum store_token_kind kind,
	int64_t now, int64_t seconds)
{
	*row = (struct store_token){ .kind = kind, .user = session->user, .created = now, .used = TIME_NONE };
	memcpy(row->family, session->family, sizeof(row->family));
	row->family_ends = session->ends;
	row->expires = now + seconds < session->ends ? now + seconds : session->ends;
	return snprintf(row->client, sizeof(row->client), "%s", session->client) < (int)sizeof(row->client) &&
		snprintf(row->scope, sizeof(row->scope), "%s", session->scope) < (int)sizeof(row->scope) &&
		snprintf(row->data, sizeof(row->data), "%s", session->data) < (int)sizeof(row->data);
}

static enum be_err make_token(struct accounts *accounts, const struct accounts_new_session *session,
	enum store_token_kind kind, int64_t now, int64_t seconds, struct secret **out, int64_t *expires,
	struct be_error *err)
{
	struct store_token row;
	enum be_err rc;

	*out = NULL;
	if (!fill(&row, session, kind, now, seconds))
		return be_fail(err, BE_LIMIT, N_("A text is too long"), NULL);
	rc = accounts_token_new(out, row.digest, err);
	if (rc == BE_OK)
		rc = store_token_add(accounts->store, &row, err);
	if (rc != BE_OK)
		secret_free(out);
	else if (expires != NULL)
		*expires = row.expires;
	return rc;
}

enum be_err accounts_session_tokens(struct accounts *accounts, const struct accounts_new_session *session, int64_t now,
	struct accounts_tokens *out, struct be_error *err)
{
	const struct accounts_settings *s = &accounts->settings;
	enum be_err rc;

	*out = (struct accounts_tokens){ .session_expires = session->ends };
	rc = make_token(
		accounts, session, STORE_TOKEN_ACCESS, now, s->access_seconds, &out->access, &out->access_expires, err);
	if (rc == BE_OK && strcmp(session->scope, SCOPE_CREDENTIAL) != 0)
		rc = make_token(
			accounts, session, STORE_TOKEN_REFRESH, now, s->refresh_seconds, &out->refresh, NULL, err);
	if (rc != BE_OK)
		accounts_tokens_free(out);
	return rc;
}

/* ---- the first step's token ---- */

enum be_err accounts_login_token(struct accounts *accounts, const struct secret *login_token, int64_t now,
	struct store_token *out, struct store_user *user, struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	enum be_err rc = accounts_digest(secret_bytes(login_token), secret_len(login_token), digest, err);

	if (rc == BE_OK)
		rc = store_token_find(accounts->store, digest, STORE_TOKEN_LOGIN, now, out, err);
	if (rc == BE_OK && out->used != TIME_NONE)
		rc = no_session(err);
	if (rc == BE_OK)
		rc = store_user_get(accounts->store, out->user, user, err);
	return rc;
}

enum be_err accounts_login_user(
	struct accounts *accounts, const struct secret *login_token, struct store_user *out, struct be_error *err)
{
	struct store_token login;

	return accounts_login_token(accounts, login_token, time_now(), &login, out, err);
}

enum be_err accounts_sign_in(void *ctx, const char *device, int64_t now, struct be_error *err)
{
	struct accounts_sign_in *in = ctx;
	struct accounts *accounts = in->accounts;
	struct accounts_new_session session = { .user = in->user.id,
		.client = "",
		.scope = SCOPE_ACCOUNT,
		.data = "",
		.ends = now + accounts->settings.session_seconds };
	enum be_err rc = store_token_take(accounts->store, in->login.digest, STORE_TOKEN_LOGIN, now, err);

	if (rc == BE_OK)
		rc = store_id_new(session.family, err);
	if (rc == BE_OK)
		rc = accounts_session_tokens(accounts, &session, now, in->out, err);
	if (rc == BE_OK)
		rc = store_audit_add(accounts->store, now, in->user.login, "login", device, "", err);
	return rc;
}

enum be_err accounts_login_code(struct accounts *accounts, const struct secret *login_token, const char *device,
	const char *code, const char *address, struct accounts_tokens *out, struct be_error *err)
{
	struct accounts_sign_in in = { .accounts = accounts, .out = out };
	const struct accounts_proof proof = { &in.user, device, true, code, address, accounts_sign_in, &in, NULL };
	int64_t now = time_now();
	enum be_err rc;

	*out = (struct accounts_tokens){ .access = NULL };
	rc = accounts_login_token(accounts, login_token, now, &in.login, &in.user, err);
	if (rc == BE_OK)
		rc = accounts_code_of(accounts, &proof, now, err);
	if (rc != BE_OK)
		accounts_tokens_free(out);
	return rc;
}

/* ---- sessions ---- */

enum be_err accounts_session(
	struct accounts *accounts, const void *access, size_t len, struct accounts_session *out, struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	struct store_token token;
	enum be_err rc = accounts_digest(access, len, digest, err);

	if (rc == BE_OK)
		rc = store_token_find(accounts->store, digest, STORE_TOKEN_ACCESS, time_now(), &token, err);
	if (rc == BE_OK)
		rc = store_user_get(accounts->store, token.user, &out->user, err);
	if (rc != BE_OK)
		return rc;
	memcpy(out->family, token.family, sizeof(out->family));
	memcpy(out->client, token.client, sizeof(out->client));
	memcpy(out->scope, token.scope, sizeof(out->scope));
	memcpy(out->data, token.data, sizeof(out->data));
	out->expires = token.expires < token.family_ends ? token.expires : token.family_ends;
	return BE_OK;
}

/* What serves once came a second time: somebody else has it too. Everything that came of it ends. */
static enum be_err stolen(struct accounts *accounts, const struct store_token *token, int64_t now, struct be_error *err)
{
	struct store_user user = { .id = 0 };
	enum be_err rc = store_user_get(accounts->store, token->user, &user, err);

	if (rc == BE_OK)
		rc = store_family_end(accounts->store, token->family, err);
	if (rc == BE_OK)
		rc = store_audit_add(accounts->store, now, user.login, "token-reused", token->client, "", err);
	return rc == BE_OK ? no_session(err) : rc;
}

static enum be_err renew(struct accounts *accounts, const struct store_token *old, int64_t now,
	struct accounts_tokens *out, struct be_error *err)
{
	struct accounts_new_session session = { .user = old->user,
		.client = old->client,
		.scope = old->scope,
		.data = old->data,
		.ends = old->family_ends };
	enum be_err rc = store_begin(accounts->store, err);

	if (rc != BE_OK)
		return rc;
	memcpy(session.family, old->family, sizeof(session.family));
	rc = store_token_take(accounts->store, old->digest, old->kind, now, err);
	if (rc == BE_OK)
		rc = accounts_session_tokens(accounts, &session, now, out, err);
	rc = store_end(accounts->store, rc, err);
	if (rc != BE_OK)
		accounts_tokens_free(out);
	return rc;
}

enum be_err accounts_refresh(struct accounts *accounts, const void *refresh, size_t len, const char *client,
	struct accounts_tokens *out, struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	int64_t now = time_now();
	struct store_token old;
	enum be_err rc;

	*out = (struct accounts_tokens){ .access = NULL };
	rc = accounts_digest(refresh, len, digest, err);
	if (rc == BE_OK)
		rc = store_token_find(accounts->store, digest, STORE_TOKEN_REFRESH, now, &old, err);
	if (rc != BE_OK)
		return rc;
	if (old.used != TIME_NONE)
		return stolen(accounts, &old, now, err);
	if (strcmp(old.client, client) != 0)
		return no_session(err);
	return renew(accounts, &old, now, out, err);
}

enum be_err accounts_revoke(struct accounts *accounts, const void *token, size_t len, struct be_error *err)
{
	static const enum store_token_kind kinds[] = { STORE_TOKEN_ACCESS, STORE_TOKEN_REFRESH };
	uint8_t digest[STORE_DIGEST_SIZE];
	int64_t now = time_now();
	struct store_token found;
	struct store_user user;
	enum be_err rc = accounts_digest(token, len, digest, err);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]) && rc == BE_OK; i++) {
		rc = store_token_find(accounts->store, digest, kinds[i], now, &found, err);
		if (rc == BE_SESSION) {
			rc = BE_OK;
			continue;
		}
		if (rc == BE_OK)
			rc = store_family_end(accounts->store, found.family, err);
		if (rc == BE_OK)
			rc = store_user_get(accounts->store, found.user, &user, err);
		if (rc == BE_OK)
			return store_audit_add(accounts->store, now, user.login, "logout", found.client, "", err);
	}
	return rc;
}

/* ---- OAuth 2, authorisation code with PKCE ---- */

/* A code's row carries what has to come back with it: challenge, redirect address, the scope's own, a line each. */
static bool pack(char out[static STORE_DATA_SIZE], const struct accounts_grant *grant)
{
	return strchr(grant->redirect, '\n') == NULL &&
		snprintf(out, STORE_DATA_SIZE, "%s\n%s\n%s", grant->challenge, grant->redirect,
			grant->data != NULL ? grant->data : "") < (int)STORE_DATA_SIZE;
}

static bool is_base64url(const char *text, size_t least, size_t most)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~";
	size_t len = strlen(text);

	return len >= least && len <= most && strspn(text, letters) == len;
}

enum be_err accounts_grant(struct accounts *accounts, int64_t user, const struct accounts_grant *grant,
	struct secret **code, struct be_error *err)
{
	char packed[STORE_DATA_SIZE];
	int64_t now = time_now();
	struct accounts_new_session session = { .user = user,
		.client = grant->client,
		.scope = grant->scope,
		.data = packed,
		.ends = now + accounts->settings.session_seconds };
	enum be_err rc;

	*code = NULL;
	if (!is_base64url(grant->challenge, CHALLENGE_LEN, CHALLENGE_LEN))
		return be_fail(err, BE_USAGE, N_("The code challenge is not the SHA-256 of a verifier (S256)"), NULL);
	if (!pack(packed, grant))
		return be_fail(err, BE_LIMIT, N_("A text is too long"), NULL);
	rc = store_id_new(session.family, err);
	if (rc == BE_OK)
		rc = make_token(accounts, &session, STORE_TOKEN_CODE, now, CODE_SECONDS, code, NULL, err);
	return rc;
}

static enum be_err verifier_fits(const char *challenge, size_t len, const char *verifier, struct be_error *err)
{
	struct buffer text = BUFFER_EMPTY;
	uint8_t digest[STORE_DIGEST_SIZE];
	enum be_err rc;

	if (!is_base64url(verifier, VERIFIER_LEAST, VERIFIER_MOST) || len != CHALLENGE_LEN)
		return no_session(err);
	rc = accounts_digest(verifier, strlen(verifier), digest, err);
	if (rc != BE_OK)
		return rc;
	encode_add(&text, ENCODE_BASE64URL, digest, sizeof(digest));
	rc = buffer_check(&text, err);
	if (rc == BE_OK && !crypto_equal(text.data, challenge, CHALLENGE_LEN))
		rc = no_session(err);
	buffer_free(&text);
	return rc;
}

/* Leaves in data the scope's own. */
static enum be_err belongs(
	struct store_token *token, const char *client, const char *redirect, const char *verifier, struct be_error *err)
{
	char *challenge_end = strchr(token->data, '\n');
	char *redirect_end = challenge_end != NULL ? strchr(challenge_end + 1, '\n') : NULL;
	enum be_err rc;

	if (redirect_end == NULL || strcmp(token->client, client) != 0)
		return no_session(err);
	*redirect_end = '\0';
	if (strcmp(challenge_end + 1, redirect) != 0)
		return no_session(err);
	rc = verifier_fits(token->data, (size_t)(challenge_end - token->data), verifier, err);
	memmove(token->data, redirect_end + 1, strlen(redirect_end + 1) + 1);
	return rc;
}

enum be_err accounts_grant_redeem(struct accounts *accounts, const void *code, size_t len, const char *client,
	const char *redirect, const char *verifier, struct accounts_tokens *out, struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	int64_t now = time_now();
	struct store_token token;
	enum be_err rc;

	*out = (struct accounts_tokens){ .access = NULL };
	rc = accounts_digest(code, len, digest, err);
	if (rc == BE_OK)
		rc = store_token_find(accounts->store, digest, STORE_TOKEN_CODE, now, &token, err);
	if (rc != BE_OK)
		return rc;
	if (token.used != TIME_NONE)
		return stolen(accounts, &token, now, err);
	rc = belongs(&token, client, redirect, verifier, err);
	if (rc == BE_SESSION) /* who has the code and not the rest shall not try again */
		(void)store_token_take(accounts->store, digest, STORE_TOKEN_CODE, now, NULL);
	return rc == BE_OK ? renew(accounts, &token, now, out, err) : rc;
}
