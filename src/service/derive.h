/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_DERIVE_H
#define SERVICE_DERIVE_H

/*
 * The one door to scrypt in the service: at most DERIVE_AT_ONCE run at a time, for passwords and passphrases together, so
 * that a flood of sign-ins costs time and not memory. Who comes waits, in no particular order.
 */

#include "crypto/scrypt.h"

#define DERIVE_AT_ONCE 2u
#define DERIVE_WAIT_SECONDS 60

/* As scrypt_derive; BE_BUSY when the door was not free for DERIVE_WAIT_SECONDS. */
enum be_err derive(struct secret **out, size_t len, const struct secret *passphrase, const uint8_t *salt,
	size_t salt_len, const struct scrypt_cost *cost, struct be_error *err);

/* One try of a subject (as in store_try_count) at a time: counting it, looking, and clearing the count again belong
 * together, or many who are right at once would lock each other out. BE_BUSY as above. */
enum be_err derive_turn(const char *subject, struct be_error *err);
void derive_turn_end(const char *subject);

/* The most that ever ran at a time in this process: for tests. */
unsigned derive_most(void);

#endif
