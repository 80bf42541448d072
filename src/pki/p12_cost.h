/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_P12_COST_H
#define PKI_P12_COST_H

/*
 * What opening a key file would cost, read from its algorithms before anything is derived: a hostile file names two
 * thousand million iterations in four bytes. Says as well when this machine's OpenSSL lacks an algorithm, by name.
 * Inside this room only.
 */

#include "base/error.h"

#include <openssl/x509.h>
#include <stdint.h>

/* Iterations named so far; all together they may be PKI_P12_MAX_ITERATIONS. */
struct pki_p12_cost {
	uint64_t iterations;
};

/* The MAC's: a count of NULL is 1 (RFC 7292, 4). */
enum be_err pki_p12_cost_mac(
	struct pki_p12_cost *cost, const X509_ALGOR *digest, const ASN1_INTEGER *count, struct be_error *err);

/* PBES1 in the dress of PKCS#12 or PKCS#5, or PBES2 with PBKDF2 or scrypt. */
enum be_err pki_p12_cost_encryption(struct pki_p12_cost *cost, const X509_ALGOR *algorithm, struct be_error *err);

#endif
