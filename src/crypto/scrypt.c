/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "crypto/scrypt.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <unistd.h>

#define LOG2_N_USUAL 17u /* 128 MiB: 0.4 s where it was measured */
#define R_USUAL 8u
#define P_MAX 4u
#define AT_ONCE 2u /* derivations that a program of ours runs at a time */
#define SHARE 4u   /* of the machine's memory: one part in so many */
#define DERIVED_MAX 64u

enum be_err scrypt_cost_check(const struct scrypt_cost *cost, struct be_error *err)
{
	if (cost->log2_n >= SCRYPT_LOG2_N_MIN && cost->log2_n <= SCRYPT_LOG2_N_MAX && cost->r == R_USUAL &&
		cost->p >= 1 && cost->p <= P_MAX)
		return BE_OK;
	return be_fail(err, BE_LIMIT, N_("The cost of the key derivation is outside the bounds"), "2^%u, r %u, p %u",
		cost->log2_n, cost->r, cost->p);
}

/* RFC 7914, 6: the vector V, and p blocks. */
uint64_t scrypt_cost_memory(const struct scrypt_cost *cost)
{
	return 128u * (uint64_t)cost->r * ((UINT64_C(1) << cost->log2_n) + cost->p + 2);
}

struct scrypt_cost scrypt_cost_for_machine(uint64_t memory)
{
	struct scrypt_cost cost = { LOG2_N_USUAL, R_USUAL, 1 };

	if (memory == 0) {
		long pages = sysconf(_SC_PHYS_PAGES);
		long page = sysconf(_SC_PAGESIZE);

		memory = pages > 0 && page > 0 ? (uint64_t)pages * (uint64_t)page : 0;
	}
	while (cost.log2_n > SCRYPT_LOG2_N_MIN && AT_ONCE * scrypt_cost_memory(&cost) > memory / SHARE)
		cost.log2_n--;
	return cost;
}

bool scrypt_cost_covers(const struct scrypt_cost *a, const struct scrypt_cost *b)
{
	return a->log2_n >= b->log2_n && a->r >= b->r && a->p >= b->p;
}

enum be_err scrypt_derive(struct secret **out, size_t len, const struct secret *passphrase, const uint8_t *salt,
	size_t salt_len, const struct scrypt_cost *cost, struct be_error *err)
{
	uint8_t derived[DERIVED_MAX];
	enum be_err rc;

	*out = NULL;
	rc = scrypt_cost_check(cost, err);
	if (rc != BE_OK)
		return rc;
	if (len > sizeof(derived) || salt_len < SCRYPT_SALT_MIN)
		return be_fail(err, BE_LIMIT, N_("The key could not be derived"), "%zu bytes, salt %zu", len, salt_len);
	rc = secret_new(out, len, err);
	if (rc != BE_OK)
		return rc;
	/* OpenSSL refuses what takes more memory than it is told to allow; it counts a little more than the RFC. */
	if (EVP_PBE_scrypt((const char *)secret_bytes(passphrase), secret_len(passphrase), salt, salt_len,
		    UINT64_C(1) << cost->log2_n, cost->r, cost->p, scrypt_cost_memory(cost) + (1u << 20), derived,
		    len) == 1)
		rc = secret_add(*out, derived, len, err);
	else
		rc = be_fail(err, BE_NO_MEMORY, N_("There is not enough memory to derive a key"), "%llu bytes",
			(unsigned long long)scrypt_cost_memory(cost));
	ERR_clear_error();
	OPENSSL_cleanse(derived, sizeof(derived));
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}
