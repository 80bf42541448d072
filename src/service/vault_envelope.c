/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/random.h"
#include "crypto/seal.h"
#include "service/derive.h"
#include "service/vault_parts.h"

#include <string.h>

/*
 * An envelope is a header in the clear, and the content under AES-256-GCM with the header authenticated:
 *
 *	 0  4  "BSKE"
 *	 4  1  1: this layout
 *	 5  1  1: scrypt
 *	 6  3  log2 N, r, p
 *	 9  1  what the content is (enum vault_content)
 *	10 32  salt
 *	42 32  id of the key, so that an envelope cannot be moved to another row
 *	74     nonce, content, tag (crypto/seal.h)
 */
#define LAYOUT 1u
#define KDF_SCRYPT 1u
#define SALT 32u
#define ID (STORE_ID_SIZE - 1)
#define AT_COST 6u
#define AT_WHAT 9u
#define AT_SALT 10u
#define AT_ID 42u
#define HEADER 74u

static const uint8_t magic[] = { 'B', 'S', 'K', 'E', LAYOUT, KDF_SCRYPT };

static struct scrypt_cost cost_in(const uint8_t *header)
{
	return (struct scrypt_cost){ header[AT_COST], header[AT_COST + 1], header[AT_COST + 2] };
}

static enum be_err fill(uint8_t header[static HEADER], const struct vault *vault, const char *id,
	enum vault_content what, const struct buffer *was, struct be_error *err)
{
	struct scrypt_cost cost = vault->cost;

	if (was != NULL && was->len >= HEADER) {
		const struct scrypt_cost before = cost_in(was->data);

		cost.log2_n = before.log2_n > cost.log2_n ? before.log2_n : cost.log2_n;
		cost.p = before.p > cost.p ? before.p : cost.p;
	}
	memcpy(header, magic, sizeof(magic));
	header[AT_COST] = cost.log2_n;
	header[AT_COST + 1] = cost.r;
	header[AT_COST + 2] = cost.p;
	header[AT_WHAT] = (uint8_t)what;
	memcpy(header + AT_ID, id, ID);
	return crypto_random(header + AT_SALT, SALT, err);
}

static enum be_err opens_again(const uint8_t *envelope, size_t len, const struct secret *key,
	const struct secret *content, struct be_error *err)
{
	struct secret *back = NULL;
	enum be_err rc = seal_open(&back, key, envelope, HEADER, envelope + HEADER, len - HEADER, err);

	if (rc == BE_OK &&
		(secret_len(back) != secret_len(content) ||
			!crypto_equal(secret_bytes(back), secret_bytes(content), secret_len(content))))
		rc = be_fail(err, BE_CRYPTO, N_("The key could not be locked away"), NULL);
	secret_free(&back);
	return rc;
}

enum be_err vault_envelope_close(struct buffer *out, const struct vault *vault, const char *id, enum vault_content what,
	const struct secret *content, const struct secret *passphrase, const struct buffer *was, struct be_error *err)
{
	uint8_t header[HEADER];
	struct scrypt_cost cost;
	struct secret *key = NULL;
	size_t before = out->len;
	enum be_err rc = fill(header, vault, id, what, was, err);

	cost = cost_in(header);
	if (rc == BE_OK)
		rc = derive(&key, SEAL_KEY_SIZE, passphrase, header + AT_SALT, SALT, &cost, err);
	if (rc == BE_OK) {
		buffer_add(out, header, sizeof(header));
		rc = seal_close(out, key, header, sizeof(header), content, err);
	}
	if (rc == BE_OK)
		rc = opens_again(out->data + before, out->len - before, key, content, err);
	secret_free(&key);
	return rc;
}

enum be_err vault_envelope_open(struct secret **content, enum vault_content *what, const struct buffer *envelope,
	const char *id, const struct secret *passphrase, struct be_error *err)
{
	const uint8_t *header = envelope->data;
	struct scrypt_cost cost;
	struct secret *key = NULL;
	enum be_err rc;

	*content = NULL;
	if (envelope->len < HEADER + SEAL_EXTRA || memcmp(header, magic, sizeof(magic)) != 0 ||
		memcmp(header + AT_ID, id, ID) != 0)
		return be_fail(err, BE_MALFORMED, N_("The stored key is damaged"), "%s", id);
	cost = cost_in(header);
	rc = derive(&key, SEAL_KEY_SIZE, passphrase, header + AT_SALT, SALT, &cost, err);
	if (rc != BE_OK)
		return rc;
	rc = seal_open(content, key, header, HEADER, header + HEADER, envelope->len - HEADER, NULL);
	secret_free(&key);
	*what = (enum vault_content)header[AT_WHAT];
	if (rc == BE_CRYPTO)
		return be_fail(err, BE_WRONG_PASSPHRASE, N_("The passphrase is wrong"), NULL);
	return rc == BE_OK ? BE_OK : be_fail(err, rc, N_("Out of memory"), NULL);
}
