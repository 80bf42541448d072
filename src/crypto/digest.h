/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

/*
 * Message digests over bytes and over parts of a file. Knows algorithms; knows no documents and no certificates.
 */

#include "base/error.h"

#include <stddef.h>
#include <stdint.h>

#define DIGEST_MAX 64u

enum digest_alg {
	DIGEST_NONE, /* unknown, or none named */
	DIGEST_MD5,
	DIGEST_SHA1,
	DIGEST_SHA224,
	DIGEST_SHA256,
	DIGEST_SHA384,
	DIGEST_SHA512,
	DIGEST_SHA3_256,
	DIGEST_SHA3_384,
	DIGEST_SHA3_512,
	DIGEST_RIPEMD160, /* seen in the wild, never accepted */
	DIGEST_SHAKE256,  /* 64 bytes: Ed448 in CMS (RFC 8419) */
	DIGEST_ALG_COUNT
};

/* "SHA-256" and so on; "unknown" for DIGEST_NONE. */
const char *digest_name(enum digest_alg alg);
/* "sha256", "sha384", "sha512" as the command line has them; DIGEST_NONE for anything else. */
enum digest_alg digest_by_option(const char *word);
size_t digest_size(enum digest_alg alg);

struct digest;

enum be_err digest_new(struct digest **out, enum digest_alg alg, struct be_error *err);
enum be_err digest_add(struct digest *d, const void *bytes, size_t len, struct be_error *err);
/* The value; after it the digest can only be freed. */
enum be_err digest_finish(struct digest *d, uint8_t out[static DIGEST_MAX], size_t *len, struct be_error *err);
void digest_free(struct digest **d);

/* Reads len bytes of fd from offset with pread, in pieces, and adds them: a file of any size costs one small
 * buffer. Short is BE_IO. */
enum be_err digest_add_file(struct digest *d, int fd, uint64_t offset, uint64_t len, struct be_error *err);

enum be_err digest_bytes(enum digest_alg alg, const void *bytes, size_t len, uint8_t out[static DIGEST_MAX],
	size_t *out_len, struct be_error *err);

#endif
