/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/vault.h"

#include "base/file.h"
#include "crypto/mac.h"
#include "crypto/random.h"
#include "crypto/seal.h"
#include "service/vault_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEY_SIZE 32u
#define PURPOSE_MAX 64u

/* A known text under the service's key, in the store: so that a key of another store is noticed at the start. */
#define PROOF "vault.proof"
#define PROOF_TEXT "besign"

/* ---- under the service's own key ---- */

static enum be_err key_for(const struct vault *vault, const char *purpose, struct secret **out, struct be_error *err)
{
	char word[PURPOSE_MAX];

	(void)snprintf(word, sizeof(word), "besign vault %s", purpose);
	return crypto_hkdf(out, SEAL_KEY_SIZE, vault->key, NULL, 0, word, err);
}

enum be_err vault_seal(const struct vault *vault, const char *purpose, const char *name, const struct secret *content,
	struct buffer *out, struct be_error *err)
{
	struct secret *key = NULL;
	enum be_err rc = key_for(vault, purpose, &key, err);

	if (rc == BE_OK)
		rc = seal_close(out, key, name, strlen(name), content, err);
	secret_free(&key);
	return rc;
}

enum be_err vault_unseal(const struct vault *vault, const char *purpose, const char *name, const uint8_t *sealed,
	size_t len, struct secret **out, struct be_error *err)
{
	struct secret *key = NULL;
	enum be_err rc;

	*out = NULL;
	rc = key_for(vault, purpose, &key, err);
	if (rc == BE_OK)
		rc = seal_open(out, key, name, strlen(name), sealed, len, err);
	secret_free(&key);
	return rc;
}

/* ---- its file ---- */

static enum be_err read_key(struct vault *vault, int fd, const char *path, struct be_error *err)
{
	uint8_t bytes[KEY_SIZE + 1];
	struct stat st;
	ssize_t n;
	enum be_err rc;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return be_fail(err, BE_IO,
			N_("The service's key must be a file of its own user that nobody else can read"), "%s", path);
	n = read(fd, bytes, sizeof(bytes));
	if (n == (ssize_t)KEY_SIZE) {
		rc = secret_new(&vault->key, KEY_SIZE, err);
		if (rc == BE_OK)
			rc = secret_add(vault->key, bytes, KEY_SIZE, err);
	} else {
		rc = be_fail(err, BE_MALFORMED, N_("The file of the service's key is damaged"), "%s", path);
	}
	explicit_bzero(bytes, sizeof(bytes));
	return rc;
}

static enum be_err make_key(struct vault *vault, const char *path, struct be_error *err)
{
	struct file_output *output = NULL;
	enum be_err rc;

	rc = crypto_random_secret(&vault->key, KEY_SIZE, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, path, 0600, false, err);
	if (rc == BE_OK)
		rc = file_write(file_output_fd(output), secret_bytes(vault->key), KEY_SIZE, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	return rc;
}

static enum be_err write_proof(struct vault *vault, struct be_error *err)
{
	struct buffer sealed = BUFFER_EMPTY;
	struct secret *text = NULL;
	enum be_err rc;

	rc = secret_new(&text, sizeof(PROOF_TEXT), err);
	if (rc == BE_OK)
		rc = secret_add(text, PROOF_TEXT, sizeof(PROOF_TEXT), err);
	if (rc == BE_OK)
		rc = vault_seal(vault, "proof", "", text, &sealed, err);
	if (rc == BE_OK)
		rc = store_value_set(vault->store, PROOF, sealed.data, sealed.len, err);
	secret_free(&text);
	buffer_free(&sealed);
	return rc;
}

/* The key is written before the proof, so a start that was cut short between them is simply gone on with. */
static enum be_err open_key(struct vault *vault, const char *path, struct be_error *err)
{
	struct buffer proof = BUFFER_EMPTY;
	struct secret *text = NULL;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	int missing = fd < 0 ? errno : 0;
	enum be_err rc = store_value_get(vault->store, PROOF, &proof, NULL);
	bool is_new = rc == BE_NOT_FOUND;

	if (rc != BE_OK && !is_new)
		rc = store_value_get(vault->store, PROOF, &proof, err);
	else if (fd >= 0)
		rc = read_key(vault, fd, path, err);
	else if (missing != ENOENT)
		rc = be_fail_errno(err, BE_IO, N_("The file of the service's key cannot be read"), path);
	else if (is_new)
		rc = make_key(vault, path, err);
	else
		rc = be_fail(err, BE_NOT_FOUND,
			N_("The file of the service's key is gone; without it nothing here can be read"), "%s", path);
	if (rc == BE_OK && is_new)
		rc = write_proof(vault, err);
	else if (rc == BE_OK && vault_unseal(vault, "proof", "", proof.data, proof.len, &text, NULL) != BE_OK)
		rc = be_fail(err, BE_MALFORMED, N_("The service's key is not the one its data was written with"), "%s",
			path);
	if (fd >= 0)
		(void)close(fd);
	secret_free(&text);
	buffer_free(&proof);
	return rc;
}

/* ---- opening ---- */

enum be_err vault_open(
	struct vault **out, struct store *store, const struct vault_settings *settings, struct be_error *err)
{
	struct vault *vault = calloc(1, sizeof(*vault));
	enum be_err rc;

	*out = NULL;
	if (vault == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	vault->store = store;
	vault->cost = settings->cost;
	vault->authorisation_seconds = settings->authorisation_seconds;
	vault->batch_max = settings->batch_max;
	vault->open_max = settings->open_max;
	(void)pthread_mutex_init(&vault->lock, NULL);
	crypto_lock_memory();
	rc = scrypt_cost_check(&settings->cost, err);
	if (rc == BE_OK)
		rc = open_key(vault, settings->key_file, err);
	if (rc == BE_OK && settings->token_uri != NULL)
		rc = token_open(&vault->token, settings->token_uri, settings->token_pin, err);
	if (rc == BE_OK)
		rc = store_authorisations_end_all(store, err);
	if (rc == BE_OK)
		*out = vault;
	else
		vault_close(&vault);
	return rc;
}

void vault_close(struct vault **vault)
{
	struct vault *v = *vault;

	if (v == NULL)
		return;
	vault_close_keys(v, NULL);
	token_free(&v->token);
	secret_free(&v->key);
	(void)pthread_mutex_destroy(&v->lock);
	free(v);
	*vault = NULL;
}
