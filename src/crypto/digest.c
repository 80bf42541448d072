/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/digest.h"

#include "base/file.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* Large enough that the system calls do not show beside the hashing, small enough to stay in the cache. */
#define PIECE 65536u

/* clang-format off */
static const struct {
	const char *name;
	const char *option;
	const char *fetch;      /* OpenSSL's name */
	size_t      size;
} algorithms[DIGEST_ALG_COUNT] = {
	[DIGEST_NONE]      = { "unknown", NULL, NULL, 0 },
	[DIGEST_MD5]       = { "MD5", NULL, "MD5", 16 },
	[DIGEST_SHA1]      = { "SHA-1", NULL, "SHA1", 20 },
	[DIGEST_SHA224]    = { "SHA-224", NULL, "SHA224", 28 },
	[DIGEST_SHA256]    = { "SHA-256", "sha256", "SHA256", 32 },
	[DIGEST_SHA384]    = { "SHA-384", "sha384", "SHA384", 48 },
	[DIGEST_SHA512]    = { "SHA-512", "sha512", "SHA512", 64 },
	[DIGEST_SHA3_256]  = { "SHA3-256", NULL, "SHA3-256", 32 },
	[DIGEST_SHA3_384]  = { "SHA3-384", NULL, "SHA3-384", 48 },
	[DIGEST_SHA3_512]  = { "SHA3-512", NULL, "SHA3-512", 64 },
	[DIGEST_RIPEMD160] = { "RIPEMD-160", NULL, "RIPEMD160", 20 },
	[DIGEST_SHAKE256]  = { "SHAKE256", NULL, "SHAKE256", 64 },
};
/* clang-format on */

struct digest {
	EVP_MD_CTX *ctx;
	enum digest_alg alg;
};

const char *digest_name(enum digest_alg alg)
{
	return (size_t)alg < DIGEST_ALG_COUNT ? algorithms[alg].name : algorithms[DIGEST_NONE].name;
}

enum digest_alg digest_by_option(const char *word)
{
	for (size_t i = 0; word != NULL && i < DIGEST_ALG_COUNT; i++)
		if (algorithms[i].option != NULL && strcmp(algorithms[i].option, word) == 0)
			return (enum digest_alg)i;
	return DIGEST_NONE;
}

size_t digest_size(enum digest_alg alg)
{
	return (size_t)alg < DIGEST_ALG_COUNT ? algorithms[alg].size : 0;
}

/* Fetching costs more than hashing a short message, so what was fetched is kept until the program ends. Two
 * threads may fetch at once: the later one gives its copy back. NULL when this OpenSSL does not have the
 * algorithm. */
static const EVP_MD *fetched(enum digest_alg alg)
{
	static _Atomic(EVP_MD *) kept[DIGEST_ALG_COUNT];
	EVP_MD *md = atomic_load_explicit(&kept[alg], memory_order_acquire);
	EVP_MD *mine;

	if (md != NULL)
		return md;
	mine = EVP_MD_fetch(NULL, algorithms[alg].fetch, NULL);
	if (mine == NULL)
		return NULL;
	if (!atomic_compare_exchange_strong(&kept[alg], &md, mine)) {
		EVP_MD_free(mine);
		return md;
	}
	return mine;
}

static enum be_err failed(struct be_error *err, enum digest_alg alg)
{
	ERR_clear_error();
	return be_fail(err, BE_CRYPTO, N_("The digest could not be computed"), "%s", digest_name(alg));
}

enum be_err digest_new(struct digest **out, enum digest_alg alg, struct be_error *err)
{
	const EVP_MD *md = NULL;
	struct digest *d;

	*out = NULL;
	if (digest_size(alg) != 0)
		md = fetched(alg);
	if (md == NULL) {
		ERR_clear_error();
		return be_fail(err, BE_UNSUPPORTED, N_("This machine's OpenSSL does not have the digest algorithm"),
			"%s", digest_name(alg));
	}
	d = calloc(1, sizeof(*d));
	if (d == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	d->alg = alg;
	d->ctx = EVP_MD_CTX_new();
	if (d->ctx == NULL || EVP_DigestInit_ex2(d->ctx, md, NULL) != 1) {
		digest_free(&d);
		return failed(err, alg);
	}
	*out = d;
	return BE_OK;
}

enum be_err digest_add(struct digest *d, const void *bytes, size_t len, struct be_error *err)
{
	if (EVP_DigestUpdate(d->ctx, bytes, len) != 1)
		return failed(err, d->alg);
	return BE_OK;
}

enum be_err digest_finish(struct digest *d, uint8_t out[static DIGEST_MAX], size_t *len, struct be_error *err)
{
	size_t size = digest_size(d->alg);
	int done;

	/* SHAKE256 gives as much as is asked for; EVP_DigestFinal_ex would give 32 bytes. */
	if (d->alg == DIGEST_SHAKE256)
		done = EVP_DigestFinalXOF(d->ctx, out, size);
	else
		done = EVP_DigestFinal_ex(d->ctx, out, NULL);
	if (done != 1)
		return failed(err, d->alg);
	*len = size;
	return BE_OK;
}

void digest_free(struct digest **d)
{
	if (d == NULL || *d == NULL)
		return;
	EVP_MD_CTX_free((*d)->ctx);
	free(*d);
	*d = NULL;
}

enum be_err digest_add_file(struct digest *d, int fd, uint64_t offset, uint64_t len, struct be_error *err)
{
	uint8_t *piece = malloc(PIECE);
	enum be_err rc = BE_OK;

	if (piece == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	while (len > 0 && rc == BE_OK) {
		size_t n = len < PIECE ? (size_t)len : PIECE;

		rc = file_read_at(fd, piece, n, offset, err);
		if (rc == BE_OK)
			rc = digest_add(d, piece, n, err);
		offset += n;
		len -= n;
	}
	free(piece);
	return rc;
}

enum be_err digest_bytes(enum digest_alg alg, const void *bytes, size_t len, uint8_t out[static DIGEST_MAX],
	size_t *out_len, struct be_error *err)
{
	struct digest *d = NULL;
	enum be_err rc;

	rc = digest_new(&d, alg, err);
	if (rc == BE_OK)
		rc = digest_add(d, bytes, len, err);
	if (rc == BE_OK)
		rc = digest_finish(d, out, out_len, err);
	digest_free(&d);
	return rc;
}
