/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/random.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/rand.h>

/* The private numbers of an RSA key take 2 KiB: room for two thousand. */
#define LOCKED_BYTES (4u << 20)
#define LOCKED_LEAST 16u

enum be_err crypto_random(void *out, size_t len, struct be_error *err)
{
	if (RAND_priv_bytes_ex(NULL, out, len, 0) == 1)
		return BE_OK;
	ERR_clear_error();
	return be_fail(err, BE_CRYPTO, N_("This machine gives no random numbers"), NULL);
}

enum be_err crypto_random_secret(struct secret **out, size_t len, struct be_error *err)
{
	uint8_t piece[64];
	enum be_err rc;

	rc = secret_new(out, len, err);
	while (rc == BE_OK && secret_len(*out) < len) {
		size_t n = len - secret_len(*out);

		n = n < sizeof(piece) ? n : sizeof(piece);
		rc = crypto_random(piece, n, err);
		if (rc == BE_OK)
			rc = secret_add(*out, piece, n, err);
	}
	OPENSSL_cleanse(piece, sizeof(piece));
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}

bool crypto_equal(const void *a, const void *b, size_t len)
{
	return CRYPTO_memcmp(a, b, len) == 0;
}

void crypto_lock_memory(void)
{
	if (CRYPTO_secure_malloc_initialized() == 0)
		(void)CRYPTO_secure_malloc_init(LOCKED_BYTES, LOCKED_LEAST);
}
