/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_STORE_H
#define SERVICE_STORE_H

/*
 * What the service keeps, in one SQLite file (WAL, synchronous FULL): what was acknowledged is on the disk. All SQL of
 * the service stands in src/service/store*.c, behind these headers:
 *
 *	store.h               the file itself, transactions, named values and counters
 *	store_people.h        users, passwords, devices, tries and locks, accepted terms
 *	store_sessions.h      tokens, one-time links, authorisations to sign; all as digests only
 *	store_certificates.h  certificates with their history, keys
 *	store_records.h       the audit log, the queue of mails
 *
 * It knows rows and what must hold between them. It knows no HTTP, no mail, no CA, reads no clock (moments are given,
 * seconds since 1970 UTC; TIME_NONE is stored as NULL) and never sees a secret in the clear.
 *
 * Every function may be called from any thread. Outside a transaction each is one by itself: done and durable when it
 * returns BE_OK, not done otherwise. Errors of all of them beside their own: BE_BUSY (another process holds the file
 * for more than five seconds), BE_FULL (no room on the disk), BE_IO, BE_NO_MEMORY. Texts that are too long for the
 * field of their struct are BE_LIMIT, never cut. What a callback gets is borrowed for its time; it may call the
 * store.
 */

#include "base/buffer.h"

#define STORE_ID_SIZE 33u     /* ids that are shown outside: 16 random bytes in hexadecimal, and a NUL */
#define STORE_LOGIN_SIZE 129u /* texts, UTF-8, with the NUL */
#define STORE_NAME_SIZE 257u
#define STORE_WORD_SIZE 33u
#define STORE_TEXT_SIZE 513u
#define STORE_DATA_SIZE 4097u
#define STORE_DIGEST_SIZE 32u /* SHA-256 */

struct store;

/* Opens, or makes with mode 0600, and brings the schema up to date after a backup beside it (PATH.before-N).
 * BE_MALFORMED for a file that is no such store or does not pass SQLite's check, BE_UNSUPPORTED for one of a newer
 * besignd. */
enum be_err store_open(struct store **out, const char *path, struct be_error *err);
/* Writes the WAL back; no transaction may be open. */
void store_close(struct store **store);

/* A copy of the whole as of one moment, while others go on, with mode 0600. BE_EXISTS when path is there. */
enum be_err store_backup(struct store *store, const char *path, struct be_error *err);

/* For the health endpoint: BE_OK when a row can be written and read back now. */
enum be_err store_alive(struct store *store, struct be_error *err);

/* ---- transactions ---- */

/* Until store_end everything this thread asks of the store is one transaction; other threads wait for it, so nothing
 * slow (a derivation, a network) belongs inside. May be nested: the outermost end counts. */
enum be_err store_begin(struct store *store, struct be_error *err);

/* rc BE_OK: commits, and what it returns says whether all is durable now. Any other rc: nothing of it was done, and rc
 * is returned. Pattern:
 *
 *	rc = store_begin(store, err);
 *	if (rc == BE_OK) {
 *		rc = several_things(store, err);
 *		rc = store_end(store, rc, err);
 *	}
 */
enum be_err store_end(struct store *store, enum be_err rc, struct be_error *err);

/* ---- named values ---- */

/* Small things that belong to no one's row: names are words of the owner's room, "ca.root". BE_NOT_FOUND. */
enum be_err store_value_get(struct store *store, const char *name, struct buffer *out, struct be_error *err);
enum be_err store_value_set(struct store *store, const char *name, const void *bytes, size_t len, struct be_error *err);
/* 1, 2, 3 … for each name; no number is given twice, also over a crash. */
enum be_err store_counter_next(struct store *store, const char *name, int64_t *out, struct be_error *err);

/* A new id; random, nothing is stored. */
enum be_err store_id_new(char out[static STORE_ID_SIZE], struct be_error *err);

#endif
