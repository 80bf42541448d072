/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_SCRYPT_H
#define CRYPTO_SCRYPT_H

/*
 * scrypt (RFC 7914): a key from what a person can remember, at a price that makes guessing expensive. Knows the price;
 * who may pay it, and how many at once, is for the caller.
 */

#include "base/secret.h"

#define SCRYPT_LOG2_N_MIN 15u /* 32 MiB with r = 8: cheaper is refused, for making and for reading */
#define SCRYPT_LOG2_N_MAX 20u /* 1 GiB */
#define SCRYPT_SALT_MIN 16u

struct scrypt_cost {
	uint8_t log2_n;
	uint8_t r;
	uint8_t p;
};

/* BE_LIMIT for a cost outside the bounds: asked before anything is derived, for a stored cost may be a stranger's. */
enum be_err scrypt_cost_check(const struct scrypt_cost *cost, struct be_error *err);

/* Bytes of memory that one derivation takes. */
uint64_t scrypt_cost_memory(const struct scrypt_cost *cost);

/* The dearest cost, up to 2^17, of which two at once leave three quarters of the machine's memory alone; never below
 * the floor. memory: bytes the machine has, 0 to ask it. */
struct scrypt_cost scrypt_cost_for_machine(uint64_t memory);

/* Whether a is at least as dear as b in every part. */
bool scrypt_cost_covers(const struct scrypt_cost *a, const struct scrypt_cost *b);

/* len bytes from the passphrase; owned by the caller. BE_LIMIT for the cost, BE_NO_MEMORY when it cannot be paid. */
enum be_err scrypt_derive(struct secret **out, size_t len, const struct secret *passphrase, const uint8_t *salt,
	size_t salt_len, const struct scrypt_cost *cost, struct be_error *err);

#endif
