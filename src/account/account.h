/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

/*
 * The account service as an app sees it: signing in, one-time codes, the life of a certificate, and signatures made with
 * a key that stays there. Knows no screens and no documents; whether the service is the embedded one or a server's is
 * decided when it is opened, and makes no difference afterwards but what struct wire_service says.
 *
 * All calls are synchronous, for a worker thread; one at a time for one struct account. Each takes a wait, which may be
 * NULL. Results are the records of wire/account.h and wire/csc.h: filled on BE_OK and zeros otherwise, owned by the
 * caller, freed with wire_free and the message of the same name. They are text of others: sanitised before it is shown.
 *
 * Errors, of every call: BE_NETWORK (nothing was done), BE_TLS, BE_UNKNOWN_OUTCOME (it was asked and no answer came;
 * calls that change nothing are asked again, and say BE_NETWORK at last), BE_BUSY (retry_at may say until when),
 * BE_MALFORMED (an answer that is none), BE_CANCELLED, BE_NO_MEMORY, BE_UNSUPPORTED (no libcurl); of those that need a
 * session: BE_SESSION. Those of the service itself are the codes of wire/failure.h.
 */

#include "base/buffer.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "pki/cms_build.h"
#include "wire/csc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct account;

struct account_wait {
	const atomic_bool *cancel; /* may be set from any thread; NULL: never */
	/* Called now and then, from the thread that waits: bytes so far; totals are 0 while unknown. NULL: never. */
	void (*progress)(void *context, uint64_t sent, uint64_t to_send, uint64_t received, uint64_t to_receive);
	void *context;
};

/* ---- which service ---- */

struct account_place {
	const char *url;          /* "https://sign.example.id"; NULL: the embedded one */
	const char *ca_file;      /* PEM, for a server whose certificate the system does not know; NULL: the system's */
	const char *data;         /* embedded: its data directory, absolute (account/embedded.h) */
	const char *session_file; /* absolute; NULL: the session ends with the struct account */
	bool plain;               /* plain http to a server is a person's explicit wish (NET_CONFIGURED_PLAIN) */
};

/* Asks nothing yet; an embedded service is started by the first call that needs it, also when it has ended meanwhile.
 * Everything is copied. The session file is read when it is there: BE_DENIED when others can read it or it is somebody
 * else's, and then it is neither used nor touched. One of another service is as if it were not there. */
enum be_err account_open(struct account **out, const struct account_place *place, struct be_error *err);
void account_free(struct account **account); /* the session stays, in its file */

enum be_err account_service(
	struct account *account, struct wire_service *out, const struct account_wait *wait, struct be_error *err);
/* language: "id" or "en"; the text is out->text, UTF-8 of several lines. */
enum be_err account_terms(struct account *account, const char *language, struct wire_terms *out,
	const struct account_wait *wait, struct be_error *err);

/* ---- who ---- */

/* BE_WEAK, BE_DENIED (closed). A user who is there already: BE_EXISTS from an embedded service; a server answers alike, and
 * signing in with the new password fails. */
enum be_err account_register(struct account *account, const struct wire_register *person,
	const struct account_wait *wait, struct be_error *err);

/* Signing in, the first step: the password. out->enrol: there is no device yet, account_login_enrol comes next; else
 * account_login_code with one of out->devices (struct wire_device). BE_WRONG_LOGIN, BE_LOCKED, BE_DISABLED. */
enum be_err account_login(struct account *account, const char *user, const struct secret *password,
	struct wire_login_step *out, const struct account_wait *wait, struct be_error *err);
/* The second step. Signed in after it, and the session file is written; BE_IO when it cannot be: signed in all the same,
 * until account_free. BE_WRONG_CODE, BE_CODE_USED, BE_CLOCK (the detail says how far the clocks are apart), BE_LOCKED,
 * BE_SESSION (the first step is too long ago). A wrong code leaves the first step good. */
enum be_err account_login_code(struct account *account, const struct wire_login_step *step, const char *device,
	const struct secret *code, const struct account_wait *wait, struct be_error *err);
/* The second step without a device: what the authenticator of that name has to be given; then a code of it. By then the
 * enrolment's name may be another one, which the device has from then on: BE_EXISTS for that of another device. */
enum be_err account_login_enrol(struct account *account, const struct wire_login_step *step, const char *name,
	struct wire_enrolment *out, const struct account_wait *wait, struct be_error *err);
enum be_err account_login_confirm(struct account *account, const struct wire_login_step *step,
	const struct wire_enrolment *enrolment, const struct secret *code, const struct account_wait *wait,
	struct be_error *err);

bool account_signed_in(const struct account *account);   /* as far as is known here */
const char *account_user(const struct account *account); /* "" when signed out; borrowed until the next call */
/* Ends the session there and here. Here also when the service cannot be reached, which is told all the same. */
enum be_err account_sign_out(struct account *account, const struct account_wait *wait, struct be_error *err);
/* Every session of the user, this one too. */
enum be_err account_sign_out_all(struct account *account, const struct account_wait *wait, struct be_error *err);

/* ---- with a session ---- */

enum be_err account_profile(
	struct account *account, struct wire_profile *out, const struct account_wait *wait, struct be_error *err);

enum be_err account_devices(
	struct account *account, struct wire_devices *out, const struct account_wait *wait, struct be_error *err);
/* A further device: it counts once a code of it has come. */
enum be_err account_device_add(struct account *account, const char *name, struct wire_enrolment *out,
	const struct account_wait *wait, struct be_error *err);
enum be_err account_device_confirm(struct account *account, const struct wire_enrolment *enrolment,
	const struct secret *code, struct wire_device *out, const struct account_wait *wait, struct be_error *err);
/* BE_STATE for the last one. */
enum be_err account_device_remove(
	struct account *account, const char *device, const struct account_wait *wait, struct be_error *err);

/* Every other session ends; this one stays. BE_WRONG_LOGIN for the old one, BE_WEAK, BE_LOCKED. */
enum be_err account_change_password(struct account *account, const struct secret *old_one, const struct secret *new_one,
	const struct account_wait *wait, struct be_error *err);

/* ---- certificates ---- */

/* Newest first, without chains. */
enum be_err account_certificates(
	struct account *account, struct wire_certificates *out, const struct account_wait *wait, struct be_error *err);
/* As account_certificates, as soon as out->change would be another than the one given, or after at most seconds (30 at
 * most) with the same. */
enum be_err account_certificates_wait(struct account *account, int64_t change, int64_t seconds,
	struct wire_certificates *out, const struct account_wait *wait, struct be_error *err);
/* With its chain. BE_NOT_FOUND. */
enum be_err account_certificate(struct account *account, const char *id, struct wire_certificate *out,
	const struct account_wait *wait, struct be_error *err);
enum be_err account_certificate_history(struct account *account, const char *id, struct wire_history *out,
	const struct account_wait *wait, struct be_error *err);

/* key: "rsa3072", "p256"; NULL: the service's choice. terms: the version that the person accepts by this (BE_TERMS when
 * it is not the one in force). A mail with a link comes next. BE_STATE when there is one already. */
enum be_err account_certificate_request(struct account *account, const char *key, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err);
/* out is the new one; the old one works until the passphrase of the new one is set. BE_TOO_EARLY with retry_at, BE_STATE,
 * BE_TERMS. */
enum be_err account_certificate_renew(struct account *account, const char *id, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err);
/* reason: a word of account_reasons. BE_STATE for a second time. out may be NULL. */
enum be_err account_certificate_revoke(struct account *account, const char *id, const char *reason,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err);
/* A key file of another authority: kept there under a passphrase of its own. */
enum be_err account_certificate_import(struct account *account, const struct wire_certificate_import *file,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err);

/* The secret of a mail's link, or the whole link, and a new passphrase: makes the key, and the certificate works from
 * then on. No session is needed. BE_LINK, BE_WEAK. */
enum be_err account_set_passphrase(struct account *account, const struct secret *link, const struct secret *passphrase,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err);
/* BE_WRONG_PASSPHRASE with tries_left, BE_LOCKED, BE_WEAK, BE_STATE. */
enum be_err account_change_passphrase(struct account *account, const char *id, const struct secret *old_one,
	const struct secret *new_one, const struct account_wait *wait, struct be_error *err);

/* ---- the mailbox of the embedded service: BE_NOT_FOUND or BE_UNSUPPORTED where there is none ---- */

/* Newest first, with their texts and links. */
enum be_err account_mailbox(
	struct account *account, struct wire_mailbox *out, const struct account_wait *wait, struct be_error *err);

/* ---- signing with a key that stays there (CSC API v2); signer/csc.c makes a signer of these ---- */

/* With its chain. BE_MALFORMED for an id that is none of the user's: CSC knows no other word for it. */
enum be_err account_credential(struct account *account, const char *id, struct wire_csc_credential *out,
	const struct account_wait *wait, struct be_error *err);

/* Some digests of one algorithm, each of its size, one behind the other; borrowed. */
struct account_digests {
	enum digest_alg alg;
	const uint8_t *bytes;
	size_t count;
};

/* An authorisation (SAD) for these signatures, owned by the caller. BE_WRONG_PASSPHRASE with tries_left, BE_LOCKED,
 * BE_CERT_EXPIRED, BE_REVOKED, BE_STATE, BE_LIMIT for more than multisign. */
enum be_err account_authorize(struct account *account, const char *id, const struct secret *passphrase,
	const struct account_digests *digests, struct secret **sad, const struct account_wait *wait,
	struct be_error *err);
/* Appends to signatures[i], in the order of the digests: RSA as long as the modulus, ECDSA as DER. Asked exactly once:
 * BE_UNKNOWN_OUTCOME when they may have been made and counted there. BE_AUTHORISATION. */
enum be_err account_sign_hashes(struct account *account, const char *id, const struct secret *sad,
	enum pki_scheme scheme, const struct account_digests *digests, struct buffer *signatures,
	const struct account_wait *wait, struct be_error *err);
/* A time-stamp token (RFC 3161) over a digest, DER; appended. Nothing in it was checked yet. */
enum be_err account_timestamp(struct account *account, enum digest_alg alg, const uint8_t *digest, struct buffer *token,
	const struct account_wait *wait, struct be_error *err);

/* What the service's authority publishes (wire/paths.h, "/pki/…"), for an embedded one, whose socket no URL in a
 * certificate can name. A request is posted as content_type; NULL: just got. The answer's body is appended, at most max
 * bytes; BE_MALFORMED when its type is not the one accepted. */
struct account_fetch {
	const char *path;
	const char *content_type;
	const struct buffer *request;
	const char *accept;
	size_t max;
};
enum be_err account_fetch(struct account *account, const struct account_fetch *what, struct buffer *answer,
	const struct account_wait *wait, struct be_error *err);

/* ---- reasons to revoke, in the order to offer them ---- */

struct account_reason {
	const char *word;  /* "keyCompromise"; NULL after the last */
	const char *about; /* msgid */
};
extern const struct account_reason account_reasons[];

#endif
