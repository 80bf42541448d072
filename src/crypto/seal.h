/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

/*
 * AES-256-GCM over a secret, with a header that is not hidden but cannot be changed either. What is written is
 * nonce (12 bytes, random), ciphertext, tag (16 bytes).
 */

#include "base/buffer.h"
#include "base/secret.h"

#define SEAL_KEY_SIZE 32u
#define SEAL_EXTRA 28u /* bytes a sealed secret is longer than the secret */

/* Appends. The key has SEAL_KEY_SIZE bytes. */
enum be_err seal_close(struct buffer *out, const struct secret *key, const void *header, size_t header_len,
	const struct secret *content, struct be_error *err);

/* BE_CRYPTO when key, header and bytes do not belong together; nothing about the content is known then. Owned by the
 * caller. */
enum be_err seal_open(struct secret **out, const struct secret *key, const void *header, size_t header_len,
	const uint8_t *sealed, size_t len, struct be_error *err);

#endif
