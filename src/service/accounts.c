/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/accounts.h"

#include "base/encode.h"
#include "base/time.h"
#include "base/utf8.h"
#include "crypto/random.h"
#include "net/mime.h"
#include "service/accounts_parts.h"
#include "service/mail.h"
#include "service/store_certificates.h"
#include "service/vault_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY 86400
#define NAME_MAX_CHARACTERS 64u

struct accounts_settings accounts_defaults(const char *issuer, bool embedded)
{
	return (struct accounts_settings){
		.issuer = issuer,
		.cost = scrypt_cost_for_machine(0),
		.login_seconds = 600,
		.access_seconds = 900,
		.refresh_seconds = embedded ? 30 * DAY : DAY / 2,
		.session_seconds = embedded ? 30 * DAY : DAY / 2,
		.user_limit = { 5, 900, 900 },
		.code_limit = { 5, 900, 900 },
		.address_limit = { 50, 900, 900 },
	};
}

enum be_err accounts_open(struct accounts **out, struct store *store, struct vault *vault,
	const struct accounts_settings *settings, struct be_error *err)
{
	struct accounts *accounts = calloc(1, sizeof(*accounts));
	enum be_err rc;

	*out = NULL;
	if (accounts == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	accounts->store = store;
	accounts->vault = vault;
	accounts->settings = *settings;
	accounts->issuer = strdup(settings->issuer);
	accounts->settings.issuer = accounts->issuer;
	rc = accounts->issuer != NULL ? crypto_random(accounts->nobody_salt, sizeof(accounts->nobody_salt), err)
				      : be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	if (rc == BE_OK)
		rc = scrypt_cost_check(&settings->cost, err);
	if (rc == BE_OK)
		*out = accounts;
	else
		accounts_close(&accounts);
	return rc;
}

void accounts_close(struct accounts **accounts)
{
	if (*accounts == NULL)
		return;
	free((*accounts)->issuer);
	free(*accounts);
	*accounts = NULL;
}

/* ---- tokens as they are kept ---- */

enum be_err accounts_digest(const void *token, size_t len, uint8_t out[static STORE_DIGEST_SIZE], struct be_error *err)
{
	uint8_t value[DIGEST_MAX];
	size_t size = 0;
	enum be_err rc = digest_bytes(DIGEST_SHA256, token, len, value, &size, err);

	if (rc == BE_OK)
		memcpy(out, value, STORE_DIGEST_SIZE);
	return rc;
}

enum be_err accounts_token_new(struct secret **out, uint8_t digest[static STORE_DIGEST_SIZE], struct be_error *err)
{
	struct secret *bytes = NULL;
	enum be_err rc;

	*out = NULL;
	rc = crypto_random_secret(&bytes, ACCOUNTS_TOKEN_SIZE, err);
	if (rc == BE_OK)
		rc = encode_secret(out, ENCODE_BASE64URL, bytes, err);
	if (rc == BE_OK)
		rc = accounts_digest(secret_bytes(*out), secret_len(*out), digest, err);
	if (rc != BE_OK)
		secret_free(out);
	secret_free(&bytes);
	return rc;
}

/* ---- registering ---- */

bool accounts_is_name(const char *text, size_t most)
{
	size_t len = strlen(text);
	size_t characters = 0;

	if (len == 0 || text[0] == ' ' || text[len - 1] == ' ')
		return false;
	for (size_t at = 0; at < len; characters++) {
		uint32_t c;

		at += utf8_decode((const uint8_t *)text + at, len - at, &c);
		if (c == UTF8_BAD || utf8_class(c) == UTF8_HIDDEN || utf8_class(c) == UTF8_BLANK)
			return false;
	}
	return characters <= most;
}

static bool is_login(const char *text)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+@";
	size_t len = strlen(text);

	return len >= 3 && len < STORE_LOGIN_SIZE && strspn(text, letters) == len;
}

static enum be_err person_fit(const struct accounts_person *person, const char *login, struct be_error *err)
{
	enum be_err rc = mime_address_check(person->mail != NULL ? person->mail : "", err);

	if (rc != BE_OK)
		return rc;
	if (strlen(person->mail) >= STORE_LOGIN_SIZE)
		return be_fail(err, BE_USAGE, N_("The mail address is too long"), NULL);
	if (!is_login(login))
		return be_fail(err, BE_USAGE,
			N_("A user name has 3 to 128 of the letters a to z, digits and the characters . _ - + @"),
			NULL);
	if (person->name == NULL || !accounts_is_name(person->name, NAME_MAX_CHARACTERS))
		return be_fail(err, BE_USAGE, N_("A person's name has 1 to 64 characters that can be shown"), NULL);
	if (person->organisation != NULL && !accounts_is_name(person->organisation, NAME_MAX_CHARACTERS))
		return be_fail(
			err, BE_USAGE, N_("An organisation's name has 1 to 64 characters that can be shown"), NULL);
	if (person->language != NULL && strcmp(person->language, "id") != 0 && strcmp(person->language, "en") != 0)
		return be_fail(err, BE_USAGE, N_("The language is id or en"), NULL);
	return vault_passphrase_fit(person->password, login, err);
}

static void fill(struct store_user *user, const struct accounts_person *person, const char *login)
{
	*user = (struct store_user){ .created = time_now() };
	(void)snprintf(user->login, sizeof(user->login), "%s", login);
	(void)snprintf(user->mail, sizeof(user->mail), "%s", person->mail);
	(void)snprintf(user->name, sizeof(user->name), "%s", person->name);
	(void)snprintf(user->organisation, sizeof(user->organisation), "%s",
		person->organisation != NULL ? person->organisation : "");
	(void)snprintf(
		user->language, sizeof(user->language), "%s", person->language != NULL ? person->language : "id");
}

enum be_err accounts_register(
	struct accounts *accounts, const struct accounts_person *person, struct store_user *user, struct be_error *err)
{
	const char *login = person->login != NULL ? person->login : person->mail;
	struct store_password password;
	struct store_user made;
	enum be_err rc = person_fit(person, login != NULL ? login : "", err);

	if (rc == BE_OK)
		rc = accounts_hash(accounts, person->password, &password, err);
	if (rc == BE_OK)
		rc = store_begin(accounts->store, err);
	if (rc != BE_OK)
		return rc;
	fill(&made, person, login);
	rc = store_user_add(accounts->store, &made, &password, err);
	if (rc == BE_OK)
		rc = store_audit_add(accounts->store, made.created, made.login, "registered", made.login, "", err);
	rc = store_end(accounts->store, rc, err);
	if (rc == BE_OK && user != NULL)
		*user = made;
	return rc;
}

/* ---- what an administrator does ---- */

enum deed { DISABLE, ENABLE, RESET_OTP, UNLOCK };

static enum be_err unlock_key(void *ctx, const struct store_certificate *certificate, struct be_error *err)
{
	struct accounts *accounts = ctx;
	char subject[STORE_NAME_SIZE];

	if (certificate->key[0] == '\0')
		return BE_OK;
	(void)snprintf(subject, sizeof(subject), VAULT_TRIES "%s", certificate->key);
	return store_try_clear(accounts->store, subject, err);
}

static enum be_err clear(struct accounts *accounts, const char *kind, int64_t user, struct be_error *err)
{
	char subject[STORE_NAME_SIZE];

	(void)snprintf(subject, sizeof(subject), "%s%lld", kind, (long long)user);
	return store_try_clear(accounts->store, subject, err);
}

static enum be_err unlock(struct accounts *accounts, int64_t user, int64_t now, struct be_error *err)
{
	enum be_err rc = clear(accounts, ACCOUNTS_PASSWORD_TRIES, user, err);

	if (rc == BE_OK)
		rc = clear(accounts, ACCOUNTS_CODE_TRIES, user, err);
	if (rc == BE_OK)
		rc = store_certificates(accounts->store, user, now, unlock_key, accounts, err);
	return rc;
}

static enum be_err do_it(
	struct accounts *accounts, enum deed deed, const struct store_user *user, int64_t now, struct be_error *err)
{
	struct store *store = accounts->store;
	enum be_err rc;

	switch (deed) {
	case DISABLE:
		rc = store_user_disable(store, user->id, true, err);
		return rc == BE_OK ? store_families_end(store, user->id, NULL, err) : rc;
	case ENABLE:
		return store_user_disable(store, user->id, false, err);
	case RESET_OTP:
		rc = store_devices_remove_all(store, user->id, err);
		if (rc == BE_OK)
			rc = clear(accounts, ACCOUNTS_CODE_TRIES, user->id, err);
		return rc == BE_OK ? store_families_end(store, user->id, NULL, err) : rc;
	case UNLOCK:
		return unlock(accounts, user->id, now, err);
	default:
		return BE_OK;
	}
}

static enum be_err administer(struct accounts *accounts, enum deed deed, const char *login, struct be_error *err)
{
	static const char *const words[] = { "user-disabled", "user-enabled", "otp-reset", "user-unlocked" };
	int64_t now = time_now();
	struct store_user user;
	enum be_err rc = store_begin(accounts->store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_user_find(accounts->store, login, &user, err);
	if (rc == BE_NOT_FOUND)
		rc = be_fail(err, BE_NOT_FOUND, N_("There is no such user"), "%s", login);
	if (rc == BE_OK)
		rc = do_it(accounts, deed, &user, now, err);
	if (rc == BE_OK)
		rc = store_audit_add(accounts->store, now, "admin", words[deed], user.login, "", err);
	return store_end(accounts->store, rc, err);
}

enum be_err accounts_disable(struct accounts *accounts, const char *login, bool disabled, struct be_error *err)
{
	return administer(accounts, disabled ? DISABLE : ENABLE, login, err);
}

enum be_err accounts_reset_otp(struct accounts *accounts, const char *login, struct be_error *err)
{
	return administer(accounts, RESET_OTP, login, err);
}

enum be_err accounts_unlock(struct accounts *accounts, const char *login, struct be_error *err)
{
	return administer(accounts, UNLOCK, login, err);
}

void accounts_sweep(struct accounts *accounts)
{
	int64_t now = time_now();

	(void)store_token_sweep(accounts->store, now, NULL);
	(void)store_try_sweep(accounts->store, now, NULL);
}
