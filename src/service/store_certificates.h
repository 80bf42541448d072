/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_STORE_CERTIFICATES_H
#define SERVICE_STORE_CERTIFICATES_H

/* People's certificates, from the request to the end, what happened to each, and the keys behind them. What holds for
 * all of the store stands in service/store.h. */

#include "service/store.h"

/* As the authority names them (its eSign Client Service, v2); the words are stored and sent. A certificate that is
 * ISSUE and over at the moment that was asked for is given out as EXPIRED. */
/* clang-format off */
#define STORE_STATE_LIST(X) \
	X(STORE_STATE_WAITING, "WAITING_FOR_VERIFICATION") \
	X(STORE_STATE_NEW, "NEW")               /* requested, no passphrase yet: no key and no certificate */ \
	X(STORE_STATE_RENEW, "RENEW")           /* the same of one that renews another */ \
	X(STORE_STATE_ISSUE, "ISSUE") \
	X(STORE_STATE_EXPIRED, "EXPIRED")       /* over, or replaced by the one that renews it */ \
	X(STORE_STATE_SUSPEND, "SUSPEND") \
	X(STORE_STATE_REVOKE, "REVOKE")
/* clang-format on */

enum store_state {
#define X(name, word) name,
	STORE_STATE_LIST(X)
#undef X
		STORE_STATE_COUNT
};

const char *store_state_word(enum store_state state);
#define STORE_STATE_BIT(state) (1u << (state))

struct store_certificate {
	char id[STORE_ID_SIZE]; /* CSC's credentialID as well */
	int64_t user;
	enum store_state state;         /* as of the moment that was asked for */
	char key[STORE_ID_SIZE];        /* "": none yet */
	char key_kind[STORE_WORD_SIZE]; /* wished for: "rsa3072", "p256" */
	char replaces[STORE_ID_SIZE];   /* the certificate that this one renews; "": none */
	char terms[STORE_WORD_SIZE];    /* the version accepted with the request */
	char serial[STORE_TEXT_SIZE];   /* pki_cert_info.serial; "" while there is no certificate */
	int64_t requested;
	int64_t not_before; /* TIME_NONE while there is none */
	int64_t not_after;
	int64_t revoked; /* TIME_NONE: not */
	int64_t reason;  /* CRLReason (RFC 5280, 5.3.1) */
};

/* Adds the request and its history's first line ("requested"). BE_EXISTS when replaces is being renewed already. */
enum be_err store_certificate_add(
	struct store *store, const struct store_certificate *certificate, struct be_error *err);
/* BE_NOT_FOUND; also when it is another user's (user 0: anybody's). */
enum be_err store_certificate_get(struct store *store, int64_t user, const char *id, int64_t now,
	struct store_certificate *out, struct be_error *err);
enum be_err store_certificate_by_serial(
	struct store *store, const char *serial, int64_t now, struct store_certificate *out, struct be_error *err);
typedef enum be_err store_certificate_fn(void *ctx, const struct store_certificate *certificate, struct be_error *err);
/* A user's, newest first. */
enum be_err store_certificates(
	struct store *store, int64_t user, int64_t now, store_certificate_fn *each, void *ctx, struct be_error *err);
/* For the CRL: all that are revoked and were not over before a moment, in the order of their revocation. */
enum be_err store_certificates_revoked(
	struct store *store, int64_t not_over_before, store_certificate_fn *each, void *ctx, struct be_error *err);

/* Those whose row is ISSUE and that were over at that moment: not yet marked as EXPIRED. */
enum be_err store_certificates_ended(
	struct store *store, int64_t now, store_certificate_fn *each, void *ctx, struct be_error *err);

/* Moves it from one of the states from (STORE_STATE_BIT) to another; writes a line of history. BE_STATE when it is in
 * none of them: of two who race, one gets BE_OK. EXPIRED may be named in from. */
enum be_err store_certificate_move(struct store *store, const char *id, unsigned from, enum store_state to, int64_t now,
	const char *event, const char *detail, struct be_error *err);
/* NEW or RENEW → ISSUE: the certificate (DER, with its serial, key and times in the struct) and its issuers (DER, one
 * behind the other). BE_STATE when it is neither. Event "issued". */
enum be_err store_certificate_issue(struct store *store, const struct store_certificate *certificate,
	const struct buffer *der, const struct buffer *issuers, int64_t now, struct be_error *err);
/* ISSUE or SUSPEND → REVOKE, and NEW or RENEW: the request is taken back. BE_STATE otherwise. Event "revoked". */
enum be_err store_certificate_revoke(
	struct store *store, const char *id, int64_t reason, int64_t now, struct be_error *err);
/* Appends; BE_NOT_FOUND while there is none. issuers may be NULL. */
enum be_err store_certificate_der(
	struct store *store, const char *id, struct buffer *der, struct buffer *issuers, struct be_error *err);

/* ---- history ---- */

struct store_event {
	int64_t number; /* rises over all certificates */
	int64_t at;
	char what[STORE_WORD_SIZE]; /* "requested", "issued", "passphrase-changed", "renewed", "revoked" … */
	char detail[STORE_NAME_SIZE];
};

enum be_err store_history_add(struct store *store, const char *certificate, const char *what, const char *detail,
	int64_t now, struct be_error *err);
typedef enum be_err store_event_fn(void *ctx, const struct store_event *event, struct be_error *err);
/* Oldest first. */
enum be_err store_history(
	struct store *store, const char *certificate, store_event_fn *each, void *ctx, struct be_error *err);
/* The number of the newest event of a user's certificates, 0 when there is none: another number means a change. */
enum be_err store_history_newest(struct store *store, int64_t user, int64_t *out, struct be_error *err);

/* ---- keys ---- */

struct store_key {
	char id[STORE_ID_SIZE];
	int64_t user;
	char kind[STORE_WORD_SIZE]; /* "rsa3072", "p256", … */
	bool in_token;              /* the envelope holds a reference to a PKCS#11 token */
	int64_t created;
};

/* The envelope is the vault's business (service/vault.h). */
enum be_err store_key_add(struct store *store, const struct store_key *key, const struct buffer *spki,
	const struct buffer *envelope, struct be_error *err);
/* Appends; spki and envelope may be NULL. BE_NOT_FOUND. */
enum be_err store_key_get(struct store *store, const char *id, struct store_key *out, struct buffer *spki,
	struct buffer *envelope, struct be_error *err);
/* BE_STATE when the envelope is not the one named any more: of two who change it at once, one wins. */
enum be_err store_key_envelope(struct store *store, const char *id, const struct buffer *was,
	const struct buffer *envelope, struct be_error *err);
/* The envelope is gone, and with it the key; the row stays. */
enum be_err store_key_destroy(struct store *store, const char *id, struct be_error *err);

#endif
