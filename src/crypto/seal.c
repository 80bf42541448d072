/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/seal.h"

#include "crypto/random.h"

#include <limits.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#define NONCE 12u
#define TAG 16u

static enum be_err failed(struct be_error *err)
{
	ERR_clear_error();
	return be_fail(err, BE_CRYPTO,
		N_("What was locked away could not be opened: it was changed, or the key is another"), NULL);
}

static bool start(EVP_CIPHER_CTX *ctx, bool closing, const struct secret *key, const uint8_t *nonce, const void *header,
	size_t header_len)
{
	int n;

	return ctx != NULL && secret_len(key) == SEAL_KEY_SIZE && header_len <= INT_MAX &&
		EVP_CipherInit_ex2(ctx, EVP_aes_256_gcm(), secret_bytes(key), nonce, closing ? 1 : 0, NULL) == 1 &&
		(header_len == 0 || EVP_CipherUpdate(ctx, NULL, &n, header, (int)header_len) == 1);
}

enum be_err seal_close(struct buffer *out, const struct secret *key, const void *header, size_t header_len,
	const struct secret *content, struct be_error *err)
{
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	size_t len = secret_len(content);
	size_t before = out->len;
	uint8_t nonce[NONCE];
	uint8_t tag[TAG];
	enum be_err rc;
	int n = 0;

	rc = crypto_random(nonce, sizeof(nonce), err);
	if (rc != BE_OK)
		goto out;
	buffer_add(out, nonce, sizeof(nonce));
	buffer_add_fill(out, 0, len);
	rc = buffer_check(out, err);
	if (rc != BE_OK)
		goto out;
	if (!start(ctx, true, key, nonce, header, header_len) ||
		EVP_CipherUpdate(ctx, out->data + before + NONCE, &n, secret_bytes(content), (int)len) != 1 ||
		EVP_CipherFinal_ex(ctx, tag, &n) != 1 ||
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, (int)TAG, tag) != 1) {
		rc = failed(err);
		goto out;
	}
	buffer_add(out, tag, sizeof(tag));
	rc = buffer_check(out, err);
out:
	if (rc != BE_OK)
		out->len = before;
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}

/* The plain text goes through the stack in pieces, and is a secret only when the tag was right. */
static bool decrypt(EVP_CIPHER_CTX *ctx, struct secret *into, const uint8_t *bytes, size_t len)
{
	uint8_t piece[512];
	bool good = true;
	int n = 0;

	for (size_t at = 0; at < len && good; at += (size_t)n) {
		size_t part = len - at < sizeof(piece) ? len - at : sizeof(piece);

		good = EVP_CipherUpdate(ctx, piece, &n, bytes + at, (int)part) == 1 && n == (int)part &&
			secret_add(into, piece, part, NULL) == BE_OK;
	}
	explicit_bzero(piece, sizeof(piece));
	return good;
}

enum be_err seal_open(struct secret **out, const struct secret *key, const void *header, size_t header_len,
	const uint8_t *sealed, size_t len, struct be_error *err)
{
	EVP_CIPHER_CTX *ctx = NULL;
	uint8_t tag[TAG];
	enum be_err rc;
	int n = 0;

	*out = NULL;
	if (len < SEAL_EXTRA)
		return failed(err);
	rc = secret_new(out, len - SEAL_EXTRA, err);
	if (rc != BE_OK)
		return rc;
	ctx = EVP_CIPHER_CTX_new();
	memcpy(tag, sealed + len - TAG, sizeof(tag));
	if (!start(ctx, false, key, sealed, header, header_len) ||
		!decrypt(ctx, *out, sealed + NONCE, len - SEAL_EXTRA) ||
		EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, (int)TAG, tag) != 1 ||
		EVP_CipherFinal_ex(ctx, tag, &n) != 1) {
		secret_free(out);
		rc = failed(err);
	}
	EVP_CIPHER_CTX_free(ctx);
	return rc;
}
