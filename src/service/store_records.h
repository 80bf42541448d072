/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_STORE_RECORDS_H
#define SERVICE_STORE_RECORDS_H

/* The audit log, which only grows, and the mails that wait to be sent. What holds for all of the store stands in
 * service/store.h. */

#include "service/store.h"

/* ---- audit ---- */

struct store_audit {
	int64_t number;
	int64_t at;
	char actor[STORE_LOGIN_SIZE];  /* a login, "admin", "service" */
	char action[STORE_WORD_SIZE];  /* "login", "login-refused", "certificate-issued", "sign" … */
	char subject[STORE_NAME_SIZE]; /* what it was done to: an id, a serial number */
	char detail[STORE_TEXT_SIZE];  /* never a secret: no code, token, link, passphrase */
};

/* Belongs into the transaction of what it tells. Each line carries the SHA-256 of itself and of the line before;
 * number is given by the store. Over-long texts are cut here: what happened is told in any case. */
enum be_err store_audit_add(struct store *store, int64_t at, const char *actor, const char *action, const char *subject,
	const char *detail, struct be_error *err);
typedef enum be_err store_audit_fn(void *ctx, const struct store_audit *line, struct be_error *err);
/* Oldest first, from a number on. */
enum be_err store_audit_read(struct store *store, int64_t from, store_audit_fn *each, void *ctx, struct be_error *err);
/* Walks the whole chain. BE_MALFORMED names the first line that was changed, or is missing. last gets the newest hash:
 * kept elsewhere, it shows also that nothing was cut off at the end. May be NULL. */
enum be_err store_audit_check(
	struct store *store, int64_t *lines, uint8_t last[STORE_DIGEST_SIZE], struct be_error *err);

/* ---- mails ---- */

struct store_mail {
	int64_t id; /* given by the store */
	int64_t user;
	char to[STORE_NAME_SIZE];
	int64_t queued;
	int64_t due; /* when to try (again) */
	uint32_t tries;
};

/* The message holds a link: the caller seals it (vault_seal, "mail") before it comes here. Belongs into the
 * transaction of what it tells. */
enum be_err store_mail_add(
	struct store *store, struct store_mail *mail, const struct buffer *sealed, struct be_error *err);
/* The one that is due first, given to nobody else for lease seconds: due moves on, tries goes up. BE_NOT_FOUND:
 * none. */
enum be_err store_mail_take(struct store *store, int64_t now, int64_t lease, struct store_mail *out,
	struct buffer *sealed, struct be_error *err);
/* It was handed over: the message is gone, the row stays. */
enum be_err store_mail_done(struct store *store, int64_t id, int64_t now, struct be_error *err);
/* Not now: again at due. reason is the peer's, cut; due TIME_NONE: never again, and the message is gone. */
enum be_err store_mail_later(struct store *store, int64_t id, int64_t due, const char *reason, struct be_error *err);
/* Nobody carries letters now: those that were given to somebody for lease seconds, who died over them, are due at once;
 * and so are those that would have been due within that time anyway. */
enum be_err store_mail_release(struct store *store, int64_t now, int64_t lease, struct be_error *err);
/* When the next one is due; TIME_NONE: none waits. */
enum be_err store_mail_next(struct store *store, int64_t *due, struct be_error *err);

#endif
