/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"
#include "crypto/random.h"
#include "service/store_records.h"
#include "service/vault_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAD_SIZE 32u

/* ---- the list of open keys ---- */

static void key_free(struct vault_open_key *key)
{
	pki_private_free(&key->ready);
	secret_free(&key->content);
	free(key);
}

/* Under the lock. Who still signs with it frees it. */
static void unlink_key(struct vault *vault, struct vault_open_key **at)
{
	struct vault_open_key *key = *at;

	*at = key->next;
	key->next = NULL;
	key->left = 0;
	vault->open_count--;
	if (key->users == 0)
		key_free(key);
}

void vault_close_keys(struct vault *vault, const char *certificate)
{
	struct vault_open_key **at = &vault->open;

	(void)pthread_mutex_lock(&vault->lock);
	while (*at != NULL)
		if (certificate == NULL || strcmp((*at)->certificate, certificate) == 0)
			unlink_key(vault, at);
		else
			at = &(*at)->next;
	(void)pthread_mutex_unlock(&vault->lock);
}

static void close_what_is_over(struct vault *vault, int64_t now)
{
	struct vault_open_key **at = &vault->open;

	(void)pthread_mutex_lock(&vault->lock);
	while (*at != NULL)
		if ((*at)->expires <= now)
			unlink_key(vault, at);
		else
			at = &(*at)->next;
	(void)pthread_mutex_unlock(&vault->lock);
}

void vault_sweep(struct vault *vault, int64_t now)
{
	close_what_is_over(vault, now);
	(void)store_authorisation_sweep(vault->store, now, NULL);
}

size_t vault_open_keys(struct vault *vault)
{
	size_t count;

	(void)pthread_mutex_lock(&vault->lock);
	count = vault->open_count;
	(void)pthread_mutex_unlock(&vault->lock);
	return count;
}

static enum be_err not_valid(struct be_error *err)
{
	return be_fail(
		err, BE_AUTHORISATION, N_("The authorisation to sign has ended; give the passphrase again"), NULL);
}

static enum be_err digest_of(const struct secret *sad, uint8_t out[static STORE_DIGEST_SIZE], struct be_error *err)
{
	uint8_t value[DIGEST_MAX];
	size_t len = 0;
	enum be_err rc = digest_bytes(DIGEST_SHA256, secret_bytes(sad), secret_len(sad), value, &len, err);

	if (rc == BE_OK)
		memcpy(out, value, STORE_DIGEST_SIZE);
	return rc;
}

/* Found by a digest, so that the time it takes tells nothing about the SAD. Given back with release. */
static enum be_err borrow(struct vault *vault, const struct secret *sad, int64_t user, const char *certificate,
	int64_t now, struct vault_open_key **out, struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	struct vault_open_key *key;
	enum be_err rc = digest_of(sad, digest, err);

	*out = NULL;
	if (rc != BE_OK)
		return rc;
	(void)pthread_mutex_lock(&vault->lock);
	for (key = vault->open; key != NULL && memcmp(key->digest, digest, sizeof(digest)) != 0; key = key->next)
		continue;
	if (key != NULL && key->expires > now && key->user == user && strcmp(key->certificate, certificate) == 0) {
		key->users++;
		*out = key;
	}
	(void)pthread_mutex_unlock(&vault->lock);
	return *out != NULL ? BE_OK : not_valid(err);
}

static void release(struct vault *vault, struct vault_open_key *key)
{
	struct vault_open_key **at = &vault->open;

	(void)pthread_mutex_lock(&vault->lock);
	key->users--;
	while (*at != NULL && *at != key)
		at = &(*at)->next;
	if (*at != NULL && key->left <= 0)
		unlink_key(vault, at);
	else if (*at == NULL && key->users == 0)
		key_free(key);
	(void)pthread_mutex_unlock(&vault->lock);
}

/* ---- authorising ---- */

static enum be_err room_for_one(struct vault *vault, int64_t now, struct be_error *err)
{
	close_what_is_over(vault, now);
	if (vault_open_keys(vault) < vault->open_max)
		return BE_OK;
	return be_fail(err, BE_BUSY, N_("Too many people are signing in or signing at once; try again"), NULL);
}

static enum be_err new_sad(struct secret **out, uint8_t digest[static STORE_DIGEST_SIZE], struct be_error *err)
{
	struct secret *bytes = NULL;
	enum be_err rc = crypto_random_secret(&bytes, SAD_SIZE, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = encode_secret(out, ENCODE_BASE64URL, bytes, err);
	if (rc == BE_OK)
		rc = digest_of(*out, digest, err);
	secret_free(&bytes);
	return rc;
}

static enum be_err tell(struct vault *vault, int64_t user, const char *action, const char *certificate,
	const char *detail, int64_t now, struct be_error *err)
{
	struct store_user about;
	enum be_err rc = store_user_get(vault->store, user, &about, err);

	if (rc == BE_OK)
		rc = store_audit_add(vault->store, now, about.login, action, certificate, detail, err);
	return rc;
}

static enum be_err write_authorised(struct vault *vault, const struct vault_wish *wish,
	const struct vault_open_key *key, int64_t now, struct be_error *err)
{
	struct store_authorisation row = {
		.user = wish->user, .count = wish->count, .created = now, .expires = key->expires
	};
	char detail[64];
	enum be_err rc = store_begin(vault->store, err);

	if (rc != BE_OK)
		return rc;
	memcpy(row.digest, key->digest, sizeof(row.digest));
	memcpy(row.credential, key->certificate, sizeof(row.credential));
	(void)snprintf(detail, sizeof(detail), "signatures=%u", wish->count);
	rc = store_authorisation_add(vault->store, &row, wish->digests, digest_size(wish->alg), err);
	if (rc == BE_OK)
		rc = tell(vault, wish->user, "authorise", wish->certificate, detail, now, err);
	return store_end(vault->store, rc, err);
}

/* The key is taken. */
static void put_open(struct vault *vault, struct vault_open_key *key)
{
	(void)pthread_mutex_lock(&vault->lock);
	key->next = vault->open;
	vault->open = key;
	vault->open_count++;
	(void)pthread_mutex_unlock(&vault->lock);
}

/* Their sizes differ, so what was bound as one is never signed as another. */
static enum be_err alg_fit(enum digest_alg alg, struct be_error *err)
{
	if (alg == DIGEST_SHA256 || alg == DIGEST_SHA384 || alg == DIGEST_SHA512)
		return BE_OK;
	return be_fail(err, BE_USAGE, N_("Digests of this algorithm are not signed here"), "%s", digest_name(alg));
}

static enum be_err wish_fit(const struct vault *vault, const struct vault_wish *wish, struct be_error *err)
{
	if (wish->count == 0 || wish->count > vault->batch_max)
		return be_fail(err, BE_LIMIT, N_("Too many signatures at once"), "%u, at most %u", wish->count,
			vault->batch_max);
	if (wish->digests != NULL && alg_fit(wish->alg, err) != BE_OK)
		return BE_USAGE;
	if (strlen(wish->certificate) >= STORE_ID_SIZE)
		return be_fail(err, BE_NOT_FOUND, N_("There is no such certificate"), NULL);
	return BE_OK;
}

static enum be_err open_for(struct vault *vault, const struct vault_wish *wish, const struct secret *passphrase,
	int64_t now, struct vault_open_key *key, struct be_error *err)
{
	struct buffer envelope = BUFFER_EMPTY;
	struct store_key row;
	enum be_err rc;

	rc = vault_key_of(vault, wish->user, wish->certificate, now, &row, &envelope, err);
	if (rc == BE_OK)
		rc = vault_try_open(vault, &row, &envelope, passphrase, now, &key->content, &key->what, err);
	if (rc == BE_WRONG_PASSPHRASE)
		(void)tell(vault, wish->user, "passphrase-refused", wish->certificate, "", now, NULL);
	if (rc == BE_OK) {
		(void)snprintf(key->certificate, sizeof(key->certificate), "%s", wish->certificate);
		key->user = wish->user;
		key->is_rsa = strncmp(row.kind, "rsa", 3) == 0;
		key->left = wish->count;
		key->expires = now + vault->authorisation_seconds;
	}
	buffer_free(&envelope);
	return rc;
}

enum be_err vault_authorise(struct vault *vault, const struct vault_wish *wish, const struct secret *passphrase,
	int64_t now, struct secret **sad, int64_t *expires, struct be_error *err)
{
	struct vault_open_key *key = NULL;
	enum be_err rc;

	*sad = NULL;
	rc = wish_fit(vault, wish, err);
	if (rc == BE_OK)
		rc = room_for_one(vault, now, err);
	if (rc != BE_OK)
		return rc;
	key = calloc(1, sizeof(*key));
	if (key == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	rc = open_for(vault, wish, passphrase, now, key, err);
	if (rc == BE_OK)
		rc = new_sad(sad, key->digest, err);
	if (rc == BE_OK)
		rc = write_authorised(vault, wish, key, now, err);
	if (rc == BE_OK) {
		*expires = key->expires;
		put_open(vault, key);
	} else {
		secret_free(sad);
		key_free(key);
	}
	return rc;
}

enum be_err vault_extend(struct vault *vault, int64_t user, const char *certificate, const struct secret *sad,
	enum digest_alg alg, const uint8_t *digests, size_t count, int64_t now, struct secret **next, int64_t *expires,
	struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	uint8_t was[STORE_DIGEST_SIZE];
	struct vault_open_key *key = NULL;
	int64_t end = now + vault->authorisation_seconds;
	enum be_err rc;

	*next = NULL;
	rc = digests != NULL ? alg_fit(alg, err) : BE_OK;
	if (rc == BE_OK)
		rc = digest_of(sad, was, err);
	if (rc == BE_OK)
		rc = borrow(vault, sad, user, certificate, now, &key, err);
	if (rc != BE_OK)
		return rc;
	rc = new_sad(next, digest, err);
	if (rc == BE_OK)
		rc = store_authorisation_extend(
			vault->store, was, digest, digests, digest_size(alg), count, now, end, err);
	if (rc == BE_OK) {
		(void)pthread_mutex_lock(&vault->lock);
		memcpy(key->digest, digest, sizeof(digest));
		key->expires = end;
		key->left = digests != NULL ? (int64_t)count : key->left;
		(void)pthread_mutex_unlock(&vault->lock);
		*expires = end;
	} else {
		secret_free(next);
	}
	release(vault, key);
	return rc;
}

/* ---- signing ---- */

/* What was signed can be proved later: the digest over all digests, in their order. */
static enum be_err what_was_signed(
	char *out, size_t size, enum digest_alg alg, const uint8_t *digests, size_t count, struct be_error *err)
{
	struct buffer hex = BUFFER_EMPTY;
	uint8_t value[DIGEST_MAX];
	size_t len = 0;
	enum be_err rc = digest_bytes(DIGEST_SHA256, digests, count * digest_size(alg), value, &len, err);

	if (rc == BE_OK) {
		encode_add(&hex, ENCODE_HEX, value, len);
		buffer_add_byte(&hex, '\0');
		rc = buffer_check(&hex, err);
	}
	if (rc == BE_OK)
		(void)snprintf(out, size, "signatures=%zu sha256=%s", count, (const char *)hex.data);
	buffer_free(&hex);
	return rc;
}

/* Counted and told in one transaction, before the first signature is made. */
static enum be_err count_first(struct vault *vault, struct vault_open_key *key, const uint8_t *sad, enum digest_alg alg,
	const uint8_t *digests, size_t count, int64_t now, struct be_error *err)
{
	struct store_key row;
	char detail[STORE_TEXT_SIZE];
	enum be_err rc = what_was_signed(detail, sizeof(detail), alg, digests, count, err);

	if (rc != BE_OK)
		return rc;
	rc = store_begin(vault->store, err);
	if (rc != BE_OK)
		return rc;
	rc = vault_key_of(vault, key->user, key->certificate, now, &row, NULL, err);
	if (rc == BE_OK)
		rc = store_authorisation_take(
			vault->store, sad, key->certificate, digests, digest_size(alg), count, now, err);
	if (rc == BE_OK)
		rc = tell(vault, key->user, "sign", key->certificate, detail, now, err);
	rc = store_end(vault->store, rc, err);
	if (rc == BE_OK) {
		(void)pthread_mutex_lock(&vault->lock);
		key->left -= (int64_t)count;
		(void)pthread_mutex_unlock(&vault->lock);
	}
	return rc;
}

/* Two threads may read it at once: the later one gives its copy back. */
static enum be_err make_ready(
	struct vault *vault, struct vault_open_key *key, struct pki_private **out, struct be_error *err)
{
	struct pki_private *mine = NULL;
	enum be_err rc;

	(void)pthread_mutex_lock(&vault->lock);
	*out = key->ready;
	(void)pthread_mutex_unlock(&vault->lock);
	if (*out != NULL)
		return BE_OK;
	rc = pki_private_load(&mine, key->content, err);
	if (rc != BE_OK)
		return rc;
	(void)pthread_mutex_lock(&vault->lock);
	if (key->ready == NULL) {
		key->ready = mine;
		mine = NULL;
	}
	*out = key->ready;
	(void)pthread_mutex_unlock(&vault->lock);
	pki_private_free(&mine);
	return BE_OK;
}

static enum be_err sign_here(struct vault *vault, struct vault_open_key *key, enum pki_scheme scheme,
	enum digest_alg alg, const uint8_t *digests, size_t count, struct buffer *signatures, struct be_error *err)
{
	struct pki_private *ready = NULL;
	enum be_err rc = make_ready(vault, key, &ready, err);

	return rc == BE_OK ? pki_private_sign_all(ready, scheme, alg, digests, count, signatures, err) : rc;
}

static enum be_err sign_there(struct vault *vault, const struct vault_open_key *key, enum pki_scheme scheme,
	enum digest_alg alg, const uint8_t *digests, size_t count, struct buffer *signatures, struct be_error *err)
{
	struct token_key found;
	enum be_err rc;

	if (vault->token == NULL)
		return be_fail(err, BE_TOKEN, N_("The key is in a token, and the service has none now"), NULL);
	rc = token_key_find(vault->token, secret_bytes(key->content), secret_len(key->content), &found, err);
	for (size_t i = 0; i < count && rc == BE_OK; i++)
		rc = token_sign(vault->token, &found, scheme, alg, digests + i * digest_size(alg), &signatures[i], err);
	return rc;
}

static enum be_err request_fit(
	const struct vault_open_key *key, enum pki_scheme scheme, enum digest_alg alg, struct be_error *err)
{
	enum be_err rc = alg_fit(alg, err);

	if (rc == BE_OK && key->is_rsa == (scheme == PKI_SCHEME_ECDSA))
		return be_fail(err, BE_KEY_UNFIT, N_("The key cannot make a signature of the chosen kind"), NULL);
	return rc;
}

enum be_err vault_sign(struct vault *vault, int64_t user, const char *certificate, const struct secret *sad,
	enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digests, size_t count, struct buffer *signatures,
	int64_t now, struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	struct vault_open_key *key = NULL;
	enum be_err rc = digest_of(sad, digest, err);

	if (rc == BE_OK)
		rc = borrow(vault, sad, user, certificate, now, &key, err);
	if (rc != BE_OK)
		return rc;
	rc = request_fit(key, scheme, alg, err);
	if (rc == BE_OK)
		rc = count_first(vault, key, digest, alg, digests, count, now, err);
	if (rc == BE_OK && key->what == VAULT_TOKEN)
		rc = sign_there(vault, key, scheme, alg, digests, count, signatures, err);
	else if (rc == BE_OK)
		rc = sign_here(vault, key, scheme, alg, digests, count, signatures, err);
	release(vault, key);
	return rc;
}
