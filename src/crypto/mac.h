/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_MAC_H
#define CRYPTO_MAC_H

/* HMAC (RFC 2104) and the keys that are derived from a key (HKDF, RFC 5869). */

#include "base/secret.h"
#include "crypto/digest.h"

/* out gets digest_size(alg) bytes. */
enum be_err crypto_hmac(enum digest_alg alg, const void *key, size_t key_len, const void *bytes, size_t len,
	uint8_t out[static DIGEST_MAX], struct be_error *err);

/* len bytes from key for one purpose; the purpose is a word that no other use of this key has. salt may be empty.
 * Owned by the caller. */
enum be_err crypto_hkdf(struct secret **out, size_t len, const struct secret *key, const void *salt, size_t salt_len,
	const char *purpose, struct be_error *err);

#endif
