/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CRYPTO_RANDOM_H
#define CRYPTO_RANDOM_H

/* Bytes that nobody can guess, and comparing without telling by the time it takes where two values differ. */

#include "base/secret.h"

enum be_err crypto_random(void *out, size_t len, struct be_error *err);

/* A new secret of len random bytes; owned by the caller. */
enum be_err crypto_random_secret(struct secret **out, size_t len, struct be_error *err);

/* Whether len bytes are the same; the time depends on len alone. */
bool crypto_equal(const void *a, const void *b, size_t len);

/* OpenSSL's own secrets (numbers of private keys while they are used) go to locked memory that is left out of dumps:
 * once, before the first key is touched, in programs that hold keys. What the system refuses is no error. */
void crypto_lock_memory(void);

#endif
