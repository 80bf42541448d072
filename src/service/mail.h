/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_MAIL_H
#define SERVICE_MAIL_H

/*
 * Letters to people: written in their language as text and HTML, put into the store's queue in the transaction of what
 * they tell about, and carried from there into a Maildir (embedded) or to a mail server, again and again until taken.
 * In the queue a letter is sealed by the vault, for it holds a one-time link; it is gone from there when it was taken.
 * Knows nothing of what a link does. Safe from any thread; delivering is one thread's at a time.
 */

#include "base/buffer.h"
#include "base/i18n.h"
#include "base/secret.h"
#include "service/config.h"

struct mail;
struct store;
struct vault;

enum mail_kind {
	MAIL_ISSUANCE,   /* a certificate was requested: the link sets its passphrase */
	MAIL_RENEWAL,    /* the same for a renewal */
	MAIL_ISSUED,     /* the certificate works now */
	MAIL_REVOCATION, /* a certificate was revoked */
	MAIL_DEVICE,     /* a new OTP device was added */
	MAIL_KINDS
};

/* What a letter tells. Borrowed, UTF-8, any text: it is bounded, and what could break a header or HTML is made harmless.
 * What a kind does not need may be NULL or TIME_NONE. */
struct mail_letter {
	enum mail_kind kind;
	enum i18n_language language;
	const char *to;            /* a bare address: "a@b" */
	const char *name;          /* of the person */
	const struct secret *link; /* ISSUANCE, RENEWAL: the whole URL */
	int64_t link_until;
	const char *certificate; /* its subject */
	const char *serial;
	int64_t until;      /* ISSUED: not_after */
	const char *reason; /* REVOCATION: a msgid (struct ca_reason) */
	const char *device; /* DEVICE: its name */
	int64_t moment;     /* of what is told */
};

/* The whole message (RFC 5322, MIME, lines of CRLF, pure ASCII). id: unique, letters and digits; becomes its Message-ID,
 * so that the same letter sent twice is known as one. */
struct mail_sender {
	const char *from;    /* "BeSign <noreply@sign.example.id>" */
	const char *service; /* what the service calls itself */
};
enum be_err mail_compose(struct buffer *out, const struct mail_letter *letter, const struct mail_sender *sender,
	const char *id, int64_t moment, struct be_error *err);

/* config, store and vault are borrowed and must outlive it. Nothing is sent yet. Reads the password file of the mail
 * server: BE_DENIED when others can read it. */
enum be_err mail_open(struct mail **out, const struct service_config *config, struct store *store, struct vault *vault,
	struct be_error *err);
void mail_free(struct mail **mail);

/* Writes a letter into the queue. To be called inside the store's transaction, so that what happened and its letter are
 * there both or not at all; after the commit, mail_wake. */
enum be_err mail_queue(struct mail *mail, int64_t user, const struct mail_letter *letter, struct be_error *err);

/* The letter that a device gives codes for this account from now on, into the queue: within the transaction that makes it
 * so (struct accounts_settings, device_added). */
struct store_user;
enum be_err mail_tell_device(struct mail *mail, const struct store_user *person, const char *device, int64_t now,
	struct be_error *err);

/* Carries everything that is due. *next: when something will be due, TIME_NONE: when something is queued. A letter that
 * could not be carried waits 1, 2, 4 … minutes, at most 4 hours, and is given up and logged after 5 days or when the
 * other side refuses it for good. Fails only for the store or memory. */
enum be_err mail_deliver(struct mail *mail, int64_t *next, struct be_error *err);

/* A thread of its own that delivers whenever something is due; mail_free ends it. mail_wake says that something is. */
enum be_err mail_start(struct mail *mail, struct be_error *err);
void mail_wake(struct mail *mail);

/* ---- the mailbox of the embedded mode ---- */

#define MAIL_BOX_MAX 100u /* the newest that are listed */

/* What was delivered to one address, as an app shows it. */
struct mail_item {
	char id[65];       /* letters, digits */
	char subject[257]; /* UTF-8 */
	int64_t moment;
	struct buffer text;  /* UTF-8 and a NUL that does not count; owned */
	struct secret *link; /* owned; NULL: none */
};

/* Newest first. BE_UNSUPPORTED when letters go to a mail server. items is owned by the caller: mail_items_free. */
enum be_err mail_box(
	struct mail *mail, const char *address, struct mail_item **items, size_t *count, struct be_error *err);
void mail_items_free(struct mail_item **items, size_t count);

#endif
