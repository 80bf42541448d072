/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

/*
 * A passphrase, a PIN, a key: bytes that are locked in memory, left out of core dumps and forked
 * children, and wiped when freed. The size is fixed when it is made, so that no growing leaves a
 * copy behind.
 */

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SECRET_MAX 262144u

struct secret;

/* Room for capacity bytes (BE_LIMIT over SECRET_MAX), empty. Owned by the caller. BE_NO_MEMORY
 * when it cannot be had. A kernel that refuses to lock the pages, or to leave them out of dumps
 * and children, is no error: secret_locked says so. */
enum be_err secret_new(struct secret **out, size_t capacity, struct be_error *err);
void secret_free(struct secret **secret);

/* Borrowed until secret_free. The bytes are followed by a NUL that does not count. */
const uint8_t *secret_bytes(const struct secret *secret);
size_t secret_len(const struct secret *secret);
bool secret_locked(const struct secret *secret);

/* BE_LIMIT when the capacity is spent; nothing is added then. */
enum be_err secret_add(struct secret *secret, const void *bytes, size_t len, struct be_error *err);
void secret_clear(struct secret *secret);
/* Keeps the first len bytes and wipes the others; more than there are is no change. */
void secret_cut(struct secret *secret, size_t len);

/* Reads up to the first newline (dropped, with a carriage return before it) or the end of fd,
 * and not a byte further. BE_LIMIT when longer than max. */
enum be_err secret_read_fd(struct secret **out, int fd, size_t max, struct be_error *err);

/* Asks on the controlling terminal, without echo; the terminal's state is restored also when a
 * signal ends the program. A signal that comes meanwhile reaches the program as it would have,
 * only after the terminal is restored; after a stop the question is asked again. BE_NOT_FOUND
 * without a terminal, BE_CANCELLED on end of file, and on an interrupt that the program
 * survives. The prompt must be harmless already (base/sanitise.h). One question at a time: the
 * handling of signals belongs to the whole process. */
enum be_err secret_ask(struct secret **out, const char *prompt, size_t max, struct be_error *err);

#endif
