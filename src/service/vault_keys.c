/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "crypto/random.h"
#include "pki/p12.h"
#include "pki/request.h"
#include "service/derive.h"
#include "service/store_records.h"
#include "service/vault_parts.h"

#include <stdio.h>
#include <string.h>

const struct store_limit vault_passphrase_limit = { 5, 900, 900 };

static const struct {
	const char *word;
	enum pki_private_kind kind;
} kinds[] = {
	{ "rsa3072", PKI_PRIVATE_RSA3072 },
	{ "p256", PKI_PRIVATE_P256 },
	{ "rsa4096", PKI_PRIVATE_RSA4096 },
	{ "p384", PKI_PRIVATE_P384 },
};

static enum be_err kind_of(const char *word, enum pki_private_kind *out, struct be_error *err)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].word, word) == 0) {
			*out = kinds[i].kind;
			return BE_OK;
		}
	return be_fail(err, BE_UNSUPPORTED, N_("Keys of this kind are not made here"), "%s", word);
}

/* ---- making ---- */

static enum be_err sign_with_private(void *ctx, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err)
{
	return pki_private_sign(ctx, scheme, alg, digest, signature, err);
}

struct in_token {
	struct token *token;
	struct token_key key;
};

static enum be_err sign_in_token(void *ctx, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err)
{
	struct in_token *it = ctx;

	return token_sign(it->token, &it->key, scheme, alg, digest, signature, err);
}

/* The request, and the envelope around what opens the key. */
static enum be_err finish(struct vault *vault, struct vault_key *key, const char *name, enum vault_content what,
	const struct secret *content, const struct secret *passphrase, pki_request_sign_fn *sign, void *ctx,
	struct be_error *err)
{
	enum be_err rc = pki_request_make(&key->csr, key->spki.data, key->spki.len, name, sign, ctx, err);

	if (rc == BE_OK)
		rc = vault_envelope_close(&key->envelope, vault, key->id, what, content, passphrase, NULL, err);
	return rc;
}

static enum be_err wrap_private(struct vault *vault, struct vault_key *key, const char *name,
	struct pki_private *private_key, const struct secret *passphrase, struct be_error *err)
{
	struct secret *pkcs8 = NULL;
	enum be_err rc;

	rc = pki_private_public(private_key, &key->spki, err);
	if (rc == BE_OK)
		rc = pki_private_save(&pkcs8, private_key, err);
	if (rc == BE_OK)
		rc = finish(vault, key, name, VAULT_PKCS8, pkcs8, passphrase, sign_with_private, private_key, err);
	secret_free(&pkcs8);
	return rc;
}

static enum be_err make_here(struct vault *vault, struct vault_key *key, enum pki_private_kind kind, const char *name,
	const struct secret *passphrase, struct be_error *err)
{
	struct pki_private *private_key = NULL;
	enum be_err rc = pki_private_make(&private_key, kind, err);

	if (rc == BE_OK)
		rc = wrap_private(vault, key, name, private_key, passphrase, err);
	pki_private_free(&private_key);
	return rc;
}

static enum be_err make_in_token(struct vault *vault, struct vault_key *key, enum pki_private_kind kind,
	const char *name, const struct secret *passphrase, struct be_error *err)
{
	struct in_token it = { .token = vault->token };
	struct secret *reference = NULL;
	enum be_err rc;

	rc = token_key_make(vault->token, kind, key->id, &it.key, &key->spki, err);
	if (rc != BE_OK)
		return rc;
	key->in_token = true;
	key->made_in_token = vault;
	rc = secret_new(&reference, it.key.id_len, err);
	if (rc == BE_OK)
		rc = secret_add(reference, it.key.id, it.key.id_len, err);
	if (rc == BE_OK)
		rc = finish(vault, key, name, VAULT_TOKEN, reference, passphrase, sign_in_token, &it, err);
	secret_free(&reference);
	return rc;
}

enum be_err vault_key_make(struct vault *vault, const char *kind, const char *name, const struct secret *passphrase,
	struct vault_key *out, struct be_error *err)
{
	enum pki_private_kind which = PKI_PRIVATE_RSA3072;
	enum be_err rc;

	*out = VAULT_KEY_EMPTY;
	rc = kind_of(kind, &which, err);
	if (rc == BE_OK)
		rc = vault_passphrase_fit(passphrase, NULL, err);
	if (rc == BE_OK)
		rc = store_id_new(out->id, err);
	if (rc != BE_OK)
		return rc;
	(void)snprintf(out->kind, sizeof(out->kind), "%s", kind);
	if (vault->token != NULL)
		rc = make_in_token(vault, out, which, name, passphrase, err);
	else
		rc = make_here(vault, out, which, name, passphrase, err);
	if (rc != BE_OK)
		vault_key_free(out);
	return rc;
}

static enum be_err take_imported(struct vault *vault, struct vault_key *out, const struct pki_key *file,
	const struct secret *passphrase, struct be_error *err)
{
	const struct pki_cert_info *info = pki_key_info(file);
	struct pki_private *private_key = NULL;
	const uint8_t *const *ders;
	const size_t *lens;
	size_t count = pki_key_certificates(file, &ders, &lens);
	enum be_err rc;

	(void)snprintf(
		out->kind, sizeof(out->kind), "%s%u", info->key_kind == PKI_KEY_EC ? "p" : "rsa", info->key_bits);
	for (size_t i = 0; i < count; i++)
		buffer_add(&out->certificates, ders[i], lens[i]);
	rc = buffer_check(&out->certificates, err);
	if (rc == BE_OK)
		rc = pki_private_of_p12(&private_key, file, err);
	if (rc == BE_OK)
		rc = wrap_private(vault, out, info->name, private_key, passphrase, err);
	pki_private_free(&private_key);
	return rc;
}

enum be_err vault_key_import(struct vault *vault, const uint8_t *p12, size_t len, const struct secret *p12_passphrase,
	const struct secret *passphrase, struct vault_key *out, struct be_error *err)
{
	struct pki_key *file = NULL;
	enum be_err rc;

	*out = VAULT_KEY_EMPTY;
	rc = vault_passphrase_fit(passphrase, NULL, err);
	if (rc == BE_OK)
		rc = store_id_new(out->id, err);
	if (rc == BE_OK)
		rc = pki_p12_open(&file, p12, len, p12_passphrase, err);
	if (rc == BE_OK)
		rc = pki_key_fit(file, time_now(), err);
	if (rc == BE_OK)
		rc = take_imported(vault, out, file, passphrase, err);
	pki_key_free(&file);
	if (rc != BE_OK)
		vault_key_free(out);
	return rc;
}

enum be_err vault_key_keep(struct vault *vault, struct vault_key *key, int64_t user, int64_t now, struct be_error *err)
{
	struct store_key row = { .user = user, .in_token = key->in_token, .created = now };
	enum be_err rc;

	memcpy(row.id, key->id, sizeof(row.id));
	memcpy(row.kind, key->kind, sizeof(row.kind));
	rc = store_key_add(vault->store, &row, &key->spki, &key->envelope, err);
	if (rc == BE_OK)
		key->made_in_token = NULL;
	return rc;
}

/* ---- keys in the token that nobody needs ---- */

struct sought {
	struct vault *vault;
	const struct buffer *spki;
};

static enum be_err remove_if_it(void *ctx, const struct token_key *key, struct be_error *err)
{
	const struct sought *sought = ctx;
	struct buffer spki = BUFFER_EMPTY;
	enum be_err rc = token_key_public(sought->vault->token, key, &spki, err);

	if (rc == BE_OK && spki.len == sought->spki->len && memcmp(spki.data, sought->spki->data, spki.len) == 0)
		rc = token_key_remove(sought->vault->token, key, err);
	buffer_free(&spki);
	return rc;
}

static enum be_err remove_from_token(struct vault *vault, const struct buffer *spki, struct be_error *err)
{
	struct sought sought = { vault, spki };

	return vault->token != NULL ? token_keys(vault->token, remove_if_it, &sought, err) : BE_OK;
}

void vault_key_free(struct vault_key *key)
{
	if (key->made_in_token != NULL)
		(void)remove_from_token(key->made_in_token, &key->spki, NULL);
	buffer_free(&key->spki);
	buffer_free(&key->csr);
	buffer_free(&key->envelope);
	buffer_free(&key->certificates);
	*key = VAULT_KEY_EMPTY;
}

enum be_err vault_key_destroy(struct vault *vault, const char *certificate, struct be_error *err)
{
	struct store_certificate about;
	struct buffer spki = BUFFER_EMPTY;
	struct store_key key;
	enum be_err rc;

	vault_close_keys(vault, certificate);
	rc = store_certificate_get(vault->store, 0, certificate, time_now(), &about, err);
	if (rc != BE_OK)
		return rc;
	rc = store_authorisations_end(vault->store, certificate, err);
	if (rc == BE_OK && about.key[0] != '\0' &&
		store_key_get(vault->store, about.key, &key, &spki, NULL, NULL) == BE_OK) {
		rc = store_key_destroy(vault->store, about.key, err);
		if (rc == BE_OK && key.in_token)
			rc = remove_from_token(vault, &spki, err);
	}
	buffer_free(&spki);
	return rc;
}

/* ---- opening ---- */

enum be_err vault_key_of(struct vault *vault, int64_t user, const char *certificate, int64_t now, struct store_key *key,
	struct buffer *envelope, struct be_error *err)
{
	struct store_certificate about;
	struct store_user person;
	enum be_err rc = store_certificate_get(vault->store, user, certificate, now, &about, err);

	if (rc == BE_OK)
		rc = store_user_get(vault->store, user, &person, err);
	if (rc != BE_OK)
		return rc;
	if (person.disabled)
		return be_fail(err, BE_DISABLED, N_("The account was disabled by an administrator"), NULL);
	if (about.state == STORE_STATE_REVOKE)
		return be_fail(err, BE_REVOKED, N_("The certificate was revoked; nothing can be signed with it"), NULL);
	if (about.state == STORE_STATE_EXPIRED)
		return be_fail(err, BE_CERT_EXPIRED, N_("The certificate has expired; ask for a new one"), NULL);
	if (about.state != STORE_STATE_ISSUE || about.key[0] == '\0')
		return be_fail(err, BE_STATE, N_("The certificate does not work yet, or not now"), "%s",
			store_state_word(about.state));
	return store_key_get(vault->store, about.key, key, NULL, envelope, err);
}

/* Counted before it is looked at, and the count is taken back when it was right, or could not be looked at. */
static enum be_err try_once(struct vault *vault, const char *subject, const struct store_key *key,
	const struct buffer *envelope, const struct secret *passphrase, int64_t now, struct secret **content,
	enum vault_content *what, struct be_error *err)
{
	uint32_t left = 0;
	enum be_err rc = store_try_count(vault->store, subject, &vault_passphrase_limit, now, &left, err);

	if (rc != BE_OK)
		return rc;
	rc = vault_envelope_open(content, what, envelope, key->id, passphrase, err);
	if (rc == BE_OK)
		return store_try_clear(vault->store, subject, err);
	if (rc != BE_WRONG_PASSPHRASE)
		(void)store_try_forgive(vault->store, subject, NULL);
	else if (err != NULL) {
		err->tries_left = left;
		err->retry_at = left == 0 ? now + vault_passphrase_limit.lock : 0;
	}
	return rc;
}

enum be_err vault_try_open(struct vault *vault, const struct store_key *key, const struct buffer *envelope,
	const struct secret *passphrase, int64_t now, struct secret **content, enum vault_content *what,
	struct be_error *err)
{
	char subject[STORE_NAME_SIZE];
	enum be_err rc;

	*content = NULL;
	(void)snprintf(subject, sizeof(subject), VAULT_TRIES "%s", key->id);
	rc = derive_turn(subject, err);
	if (rc != BE_OK)
		return rc;
	rc = try_once(vault, subject, key, envelope, passphrase, now, content, what, err);
	derive_turn_end(subject);
	if (rc != BE_OK)
		secret_free(content);
	return rc;
}

/* ---- another passphrase ---- */

static enum be_err login_of(struct vault *vault, int64_t user, char out[static STORE_LOGIN_SIZE], struct be_error *err)
{
	struct store_user about;
	enum be_err rc = store_user_get(vault->store, user, &about, err);

	if (rc == BE_OK)
		memcpy(out, about.login, sizeof(about.login));
	return rc;
}

static enum be_err write_changed(struct vault *vault, int64_t user, const char *certificate, const char *key,
	const struct buffer *was, const struct buffer *envelope, int64_t now, struct be_error *err)
{
	char login[STORE_LOGIN_SIZE];
	enum be_err rc = store_begin(vault->store, err);

	if (rc != BE_OK)
		return rc;
	rc = login_of(vault, user, login, err);
	if (rc == BE_OK)
		rc = store_key_envelope(vault->store, key, was, envelope, err);
	if (rc == BE_OK)
		rc = store_authorisations_end(vault->store, certificate, err);
	if (rc == BE_OK)
		rc = store_history_add(vault->store, certificate, "passphrase-changed", "", now, err);
	if (rc == BE_OK)
		rc = store_audit_add(vault->store, now, login, "passphrase-changed", certificate, "", err);
	return store_end(vault->store, rc, err);
}

enum be_err vault_passphrase_change(struct vault *vault, int64_t user, const char *certificate,
	const struct secret *old_one, const struct secret *new_one, int64_t now, struct be_error *err)
{
	struct buffer was = BUFFER_EMPTY;
	struct buffer envelope = BUFFER_EMPTY;
	struct secret *content = NULL;
	enum vault_content what = VAULT_PKCS8;
	struct store_key key;
	enum be_err rc;

	rc = vault_passphrase_fit(new_one, NULL, err);
	if (rc == BE_OK)
		rc = vault_key_of(vault, user, certificate, now, &key, &was, err);
	if (rc == BE_OK)
		rc = vault_try_open(vault, &key, &was, old_one, now, &content, &what, err);
	if (rc == BE_OK)
		rc = vault_envelope_close(&envelope, vault, key.id, what, content, new_one, &was, err);
	if (rc == BE_OK)
		rc = write_changed(vault, user, certificate, key.id, &was, &envelope, now, err);
	if (rc == BE_OK)
		vault_close_keys(vault, certificate);
	secret_free(&content);
	buffer_free(&envelope);
	buffer_free(&was);
	return rc;
}
