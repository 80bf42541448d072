/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"
#include "base/time.h"
#include "crypto/random.h"
#include "service/accounts_parts.h"
#include "service/derive.h"

#include <stdio.h>
#include <string.h>

static enum be_err wrong_login(struct be_error *err)
{
	return be_fail(err, BE_WRONG_LOGIN, N_("The user name, the password or the code is wrong"), NULL);
}

/* ---- passwords as they are kept ---- */

static enum be_err hash_with(struct store_password *password, const struct secret *given, struct be_error *err)
{
	struct secret *key = NULL;
	enum be_err rc = derive(
		&key, sizeof(password->hash), given, password->salt, sizeof(password->salt), &password->cost, err);

	if (rc == BE_OK)
		memcpy(password->hash, secret_bytes(key), sizeof(password->hash));
	secret_free(&key);
	return rc;
}

enum be_err accounts_hash(const struct accounts *accounts, const struct secret *password, struct store_password *out,
	struct be_error *err)
{
	enum be_err rc;

	out->cost = accounts->settings.cost;
	rc = crypto_random(out->salt, sizeof(out->salt), err);
	return rc == BE_OK ? hash_with(out, password, err) : rc;
}

/* For nobody the same work is done, and nothing fits. */
static enum be_err compare(struct accounts *accounts, const struct store_user *user, const struct secret *given,
	bool *renew, struct be_error *err)
{
	struct store_password kept = { .cost = accounts->settings.cost };
	struct store_password tried;
	enum be_err rc = BE_OK;
	bool same;

	if (user != NULL)
		rc = store_password_get(accounts->store, user->id, &kept, err);
	else
		memcpy(kept.salt, accounts->nobody_salt, sizeof(kept.salt));
	tried = kept;
	if (rc == BE_OK)
		rc = hash_with(&tried, given, err);
	if (rc != BE_OK)
		return rc;
	same = crypto_equal(kept.hash, tried.hash, sizeof(kept.hash));
	explicit_bzero(tried.hash, sizeof(tried.hash));
	*renew = !scrypt_cost_covers(&kept.cost, &accounts->settings.cost);
	return same && user != NULL ? BE_OK : wrong_login(err);
}

/* The price has gone up since it was set. Not getting it is no reason to turn somebody away. */
static void pay_more(struct accounts *accounts, int64_t user, const struct secret *password)
{
	struct store_password dearer;

	if (accounts_hash(accounts, password, &dearer, NULL) == BE_OK)
		(void)store_password_set(accounts->store, user, &dearer, NULL);
}

/* ---- tries ---- */

enum be_err accounts_address_look(struct accounts *accounts, const char *address, int64_t now, struct be_error *err)
{
	char subject[STORE_NAME_SIZE];

	if (address == NULL)
		return BE_OK;
	(void)snprintf(subject, sizeof(subject), ACCOUNTS_ADDRESS_TRIES "%.200s", address);
	return store_try_look(accounts->store, subject, now, err);
}

void accounts_address_count(struct accounts *accounts, const char *address, int64_t now)
{
	char subject[STORE_NAME_SIZE];

	if (address == NULL)
		return;
	(void)snprintf(subject, sizeof(subject), ACCOUNTS_ADDRESS_TRIES "%.200s", address);
	(void)store_try_count(accounts->store, subject, &accounts->settings.address_limit, now, NULL, NULL);
}

/* What is typed for nobody locks as well, or it would tell that it is nobody's. It is kept as a digest: people type their
 * passwords into the wrong field. */
static enum be_err subject_of(
	char out[static STORE_NAME_SIZE], const struct store_user *user, const char *login, struct be_error *err)
{
	struct buffer lower = BUFFER_EMPTY;
	struct buffer hex = BUFFER_EMPTY;
	uint8_t digest[STORE_DIGEST_SIZE];
	enum be_err rc;

	if (user != NULL) {
		(void)snprintf(out, STORE_NAME_SIZE, ACCOUNTS_PASSWORD_TRIES "%lld", (long long)user->id);
		return BE_OK;
	}
	for (; *login != '\0'; login++)
		buffer_add_byte(&lower, (uint8_t)(*login >= 'A' && *login <= 'Z' ? *login - 'A' + 'a' : *login));
	rc = buffer_check(&lower, err);
	if (rc == BE_OK)
		rc = accounts_digest(lower.data, lower.len, digest, err);
	if (rc == BE_OK) {
		encode_add(&hex, ENCODE_HEX, digest, sizeof(digest));
		buffer_add_byte(&hex, '\0');
		rc = buffer_check(&hex, err);
	}
	if (rc == BE_OK)
		(void)snprintf(out, STORE_NAME_SIZE, ACCOUNTS_PASSWORD_TRIES "nobody:%s", (const char *)hex.data);
	buffer_free(&lower);
	buffer_free(&hex);
	return rc;
}

static void tell_refused(struct accounts *accounts, const struct store_user *user, const char *address, int64_t now)
{
	(void)store_audit_add(accounts->store, now, user != NULL ? user->login : "nobody", "login-refused", "password",
		address != NULL ? address : "", NULL);
}

static enum be_err try_once(struct accounts *accounts, const char *subject, const struct store_user *user,
	const struct secret *password, const char *address, int64_t now, bool *renew, struct be_error *err)
{
	const struct store_limit *limit = &accounts->settings.user_limit;
	uint32_t left = 0;
	enum be_err rc = store_try_count(accounts->store, subject, limit, now, &left, err);

	if (rc != BE_OK)
		return rc;
	rc = compare(accounts, user, password, renew, err);
	if (rc == BE_OK)
		return store_try_clear(accounts->store, subject, err);
	if (rc != BE_WRONG_LOGIN) {
		(void)store_try_forgive(accounts->store, subject, NULL);
		return rc;
	}
	accounts_address_count(accounts, address, now);
	tell_refused(accounts, user, address, now);
	if (err != NULL) {
		err->tries_left = left;
		err->retry_at = left == 0 ? now + limit->lock : 0;
	}
	return rc;
}

enum be_err accounts_password(struct accounts *accounts, const struct store_user *user, const char *login,
	const struct secret *password, const char *address, int64_t now, struct be_error *err)
{
	char subject[STORE_NAME_SIZE];
	bool renew = false;
	enum be_err rc = accounts_address_look(accounts, address, now, err);

	if (rc == BE_OK)
		rc = subject_of(subject, user, login, err);
	if (rc == BE_OK)
		rc = derive_turn(subject, err);
	if (rc != BE_OK)
		return rc;
	rc = try_once(accounts, subject, user, password, address, now, &renew, err);
	if (rc == BE_OK && renew)
		pay_more(accounts, user->id, password);
	derive_turn_end(subject);
	return rc;
}

/* ---- signing in ---- */

/* A disabled user is told what a wrong password is told: who may know that he is, knows it anyway. */
static enum be_err check_person(struct accounts *accounts, const char *login, const struct secret *password,
	const char *address, int64_t now, struct store_user *out, struct be_error *err)
{
	enum be_err found =
		strlen(login) < STORE_LOGIN_SIZE ? store_user_find(accounts->store, login, out, err) : BE_NOT_FOUND;
	enum be_err rc;

	if (found != BE_OK && found != BE_NOT_FOUND)
		return found;
	rc = accounts_password(accounts, found == BE_OK ? out : NULL, login, password, address, now, err);
	return rc == BE_OK && out->disabled ? wrong_login(err) : rc;
}

static enum be_err write_login(
	struct accounts *accounts, int64_t user, int64_t now, struct secret **token, struct be_error *err)
{
	struct store_token row = { .kind = STORE_TOKEN_LOGIN, .user = user, .created = now, .used = TIME_NONE };
	enum be_err rc;

	row.expires = now + accounts->settings.login_seconds;
	row.family_ends = row.expires;
	rc = store_id_new(row.family, err);
	if (rc == BE_OK)
		rc = accounts_token_new(token, row.digest, err);
	if (rc == BE_OK)
		rc = store_token_add(accounts->store, &row, err);
	if (rc != BE_OK)
		secret_free(token);
	return rc;
}

enum be_err accounts_login(struct accounts *accounts, const char *login, const struct secret *password,
	const char *address, struct accounts_login *out, struct be_error *err)
{
	int64_t now = time_now();
	struct store_user user;
	size_t devices = 0;
	enum be_err rc;

	*out = (struct accounts_login){ .token = NULL };
	rc = check_person(accounts, login, password, address, now, &user, err);
	if (rc == BE_OK)
		rc = store_device_count(accounts->store, user.id, &devices, err);
	if (rc == BE_OK)
		rc = write_login(accounts, user.id, now, &out->token, err);
	if (rc != BE_OK)
		return rc;
	out->user = user.id;
	out->enrolled = devices > 0;
	return BE_OK;
}

enum be_err accounts_check(struct accounts *accounts, const char *login, const struct secret *password,
	const char *code, const char *address, struct store_user *out, struct be_error *err)
{
	const struct accounts_proof proof = { .user = out, .proved = true, .code = code, .address = address };
	int64_t now = time_now();
	enum be_err rc = check_person(accounts, login, password, address, now, out, err);

	if (rc != BE_OK)
		return rc;
	rc = accounts_code_of(accounts, &proof, now, err);
	if (rc == BE_WRONG_CODE || rc == BE_CODE_USED || rc == BE_CLOCK || rc == BE_NOT_FOUND)
		return wrong_login(err);
	if (rc == BE_OK)
		rc = store_audit_add(
			accounts->store, now, out->login, "login", "oauth", address != NULL ? address : "", err);
	return rc;
}

/* ---- another password ---- */

static enum be_err write_password(struct accounts *accounts, const struct accounts_session *session,
	const struct store_password *password, int64_t now, struct be_error *err)
{
	const struct store_user *user = &session->user;
	enum be_err rc = store_begin(accounts->store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_password_set(accounts->store, user->id, password, err);
	if (rc == BE_OK)
		rc = store_families_end(accounts->store, user->id, session->family, err);
	if (rc == BE_OK)
		rc = store_audit_add(accounts->store, now, user->login, "password-changed", user->login, "", err);
	return store_end(accounts->store, rc, err);
}

enum be_err accounts_password_change(struct accounts *accounts, const struct accounts_session *session,
	const struct secret *old_one, const struct secret *new_one, struct be_error *err)
{
	int64_t now = time_now();
	struct store_password password;
	enum be_err rc = vault_passphrase_fit(new_one, session->user.login, err);

	if (rc == BE_OK)
		rc = accounts_password(accounts, &session->user, session->user.login, old_one, NULL, now, err);
	if (rc == BE_OK)
		rc = accounts_hash(accounts, new_one, &password, err);
	if (rc == BE_OK)
		rc = write_password(accounts, session, &password, now, err);
	return rc;
}
