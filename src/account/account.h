/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

/*
 * The account service as an app sees it: signing in, one-time codes, the life of a certificate, and signatures made with
 * a key that stays there. Knows no screens and no documents; whether the service is the embedded one or a server's is
 * decided when it is opened, and makes no difference afterwards but what struct account_service says.
 *
 * All calls are synchronous, for a worker thread; one at a time for one struct account. Each takes a wait, which may be
 * NULL. Everything that comes from the service is bounded and is text of others: sanitise before it is shown.
 *
 * Errors, of every call: BE_NETWORK (nothing was asked), BE_UNKNOWN_OUTCOME (it was asked and no answer came;
 * calls that change nothing say BE_NETWORK instead), BE_DENIED with the service's sentence in the detail, BE_BUSY,
 * BE_MALFORMED (an answer that is none), BE_CANCELLED, BE_NO_MEMORY; of every call that needs a session: BE_SESSION.
 */

#include "base/buffer.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "pki/cms_build.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define ACCOUNT_ID_MAX 65u     /* ids of certificates, devices, mails; with the NUL, as all of these */
#define ACCOUNT_NAME_MAX 257u  /* names of people and devices, in UTF-8 */
#define ACCOUNT_DN_MAX 1025u   /* a distinguished name */
#define ACCOUNT_STATE_MAX 33u  /* "ISSUE", "WAITING_FOR_VERIFICATION"; unknown ones are kept as they come */
#define ACCOUNT_REASON_MAX 33u /* "keyCompromise" */
#define ACCOUNT_LINK_MAX 513u

struct account;

struct account_wait {
	const atomic_bool *cancel; /* may be set from any thread; NULL: never */
	/* Called now and then, from the thread that waits: so many bytes have gone and come. NULL: never. */
	void (*progress)(void *context, uint64_t sent, uint64_t received);
	void *context;
};

/* ---- which service ---- */

struct account_place {
	const char *url;          /* "https://sign.example.id"; NULL: the embedded one */
	const char *ca_file;      /* PEM, for a server whose certificate the system does not know; NULL: the system's */
	const char *data;         /* embedded: its data directory, absolute */
	const char *session_file; /* absolute; NULL: the session ends with the struct account */
};

struct account_service {
	char name[ACCOUNT_NAME_MAX];
	bool embedded; /* its certification authority is trusted by nobody else */
	bool registration_open;
	bool mailbox; /* mails are read here, with account_mails: there is no mail server */
};

/* Asks nothing yet; an embedded service is started by the first call that needs it. The session file is read when it is
 * there: BE_IO when others can read it, or it is somebody else's: it is neither used nor touched then. One of another
 * service is as if it were not there. */
enum be_err account_open(struct account **out, const struct account_place *place, struct be_error *err);
void account_free(struct account **account); /* the session stays, in its file */

enum be_err account_ask_service(
	struct account *account, struct account_service *out, const struct account_wait *wait, struct be_error *err);

/* ---- who ---- */

struct account_person {
	const char *user; /* how one signs in: a mail address */
	const char *name;
	const char *language; /* "id", "en": of mails */
	const struct secret *password;
};

/* BE_EXISTS for a user that is there already, BE_WEAK, BE_USAGE for a name or an address that is none. */
enum be_err account_register(struct account *account, const struct account_person *person,
	const struct account_wait *wait, struct be_error *err);

struct account_device {
	char id[ACCOUNT_ID_MAX];
	char name[ACCOUNT_NAME_MAX];
	int64_t added;
	int64_t used; /* TIME_NONE: never */
};

/* Lists are owned by the caller; freeing an empty one does nothing. */
struct account_devices {
	struct account_device *items;
	size_t count;
};
void account_devices_free(struct account_devices *devices);

/* Signing in, the first step: the password. No devices: one has to be enrolled now. BE_WRONG_LOGIN, BE_LOCKED. */
struct account_login; /* good for ten minutes, and for one session */
enum be_err account_login_begin(struct account *account, struct account_login **out, const char *user,
	const struct secret *password, const struct account_wait *wait, struct be_error *err);
const struct account_devices *account_login_devices(const struct account_login *login);
void account_login_free(struct account_login **login);

/* The second step: a code of one of the devices. Signed in after it, and the session file is written. BE_WRONG_CODE,
 * BE_CODE_USED, BE_CLOCK (the detail says how far the clocks are apart), BE_LOCKED (retry_at), BE_DISABLED. */
enum be_err account_login_code(struct account *account, struct account_login *login, const char *device,
	const char *code, const struct account_wait *wait, struct be_error *err);

/* A new device: what its app has to be given, then a code of it as the proof. */
struct account_enrolment {
	char id[ACCOUNT_ID_MAX];
	struct secret *uri; /* otpauth://…, for a QR code */
	struct secret *key; /* the same key in base32, for typing */
};
void account_enrolment_free(struct account_enrolment *enrolment);

/* In the second step of a sign-in without a device; the code signs in as well. */
enum be_err account_login_enrol(struct account *account, struct account_login *login, const char *device_name,
	struct account_enrolment *out, const struct account_wait *wait, struct be_error *err);
enum be_err account_login_enrol_code(struct account *account, struct account_login *login,
	const struct account_enrolment *enrolment, const char *code, const struct account_wait *wait,
	struct be_error *err);

bool account_signed_in(const struct account *account);   /* as far as is known here */
const char *account_user(const struct account *account); /* "" when signed out; borrowed until the next call */
/* Ends the session there and here. Here also when the service cannot be reached, which is told all the same. */
enum be_err account_sign_out(struct account *account, const struct account_wait *wait, struct be_error *err);

enum be_err account_devices(
	struct account *account, struct account_devices *out, const struct account_wait *wait, struct be_error *err);
enum be_err account_device_add(struct account *account, const char *device_name, struct account_enrolment *out,
	const struct account_wait *wait, struct be_error *err);
enum be_err account_device_add_code(struct account *account, const struct account_enrolment *enrolment,
	const char *code, const struct account_wait *wait, struct be_error *err);
/* BE_STATE for the last one. */
enum be_err account_device_remove(
	struct account *account, const char *device, const struct account_wait *wait, struct be_error *err);

/* Other sessions end; this one stays. BE_WRONG_LOGIN for the old password, BE_WEAK, BE_LOCKED. */
enum be_err account_change_password(struct account *account, const struct secret *old, const struct secret *new_one,
	const struct account_wait *wait, struct be_error *err);

/* ---- certificates ---- */

struct account_certificate {
	char id[ACCOUNT_ID_MAX];       /* the CSC credential as well */
	char state[ACCOUNT_STATE_MAX]; /* as the service spells it; "ISSUE" is shown as ISSUED */
	char subject[ACCOUNT_DN_MAX];
	char issuer[ACCOUNT_DN_MAX];
	char serial[ACCOUNT_ID_MAX]; /* hexadecimal */
	char key[ACCOUNT_STATE_MAX]; /* "RSA 3072", "P-256" */
	char sha256[65];             /* of the certificate; "" while there is none */
	int64_t not_before;          /* TIME_NONE while there is none */
	int64_t not_after;
	int64_t revoked;                 /* TIME_NONE: not */
	char reason[ACCOUNT_REASON_MAX]; /* of the revocation, as RFC 5280 names it; "" when not revoked */
	bool renewable;                  /* now */
};

struct account_certificates {
	struct account_certificate *items;
	size_t count;
};
void account_certificates_free(struct account_certificates *certificates);

struct account_event {
	int64_t time;
	char what[ACCOUNT_STATE_MAX]; /* "requested", "issued", "passphrase-set", "renewed", "revoked", … */
	char detail[ACCOUNT_NAME_MAX];
};

struct account_history {
	struct account_event *items;
	size_t count;
};
void account_history_free(struct account_history *history);

struct account_terms {
	char version[ACCOUNT_STATE_MAX];
	struct buffer text; /* UTF-8, and a NUL that does not count; owned */
};

enum be_err account_terms(
	struct account *account, struct account_terms *out, const struct account_wait *wait, struct be_error *err);

enum be_err account_certificates(struct account *account, struct account_certificates *out,
	const struct account_wait *wait, struct be_error *err);
/* BE_NOT_FOUND. */
enum be_err account_certificate(struct account *account, const char *id, struct account_certificate *out,
	const struct account_wait *wait, struct be_error *err);
enum be_err account_certificate_history(struct account *account, const char *id, struct account_history *out,
	const struct account_wait *wait, struct be_error *err);

/* key: "rsa3072", "p256"; NULL: the service's choice. terms: the version that the person accepted. A mail with a link
 * comes next. BE_STATE when one is there or under way already, BE_TERMS for
 * another version. */
enum be_err account_certificate_request(struct account *account, const char *key, const char *terms,
	struct account_certificate *out, const struct account_wait *wait, struct be_error *err);
/* The old one works until the passphrase of the new one is set. BE_TOO_EARLY, BE_STATE, BE_TERMS. */
enum be_err account_certificate_renew(struct account *account, const char *id, const char *terms,
	struct account_certificate *out, const struct account_wait *wait, struct be_error *err);
/* reason: as RFC 5280 names it. BE_STATE for a second time. */
enum be_err account_certificate_revoke(struct account *account, const char *id, const char *reason,
	const struct account_wait *wait, struct be_error *err);
/* Returns as soon as its state is another than the one given, or after at most seconds with the same. */
enum be_err account_certificate_wait(struct account *account, const char *id, const char *state, unsigned seconds,
	struct account_certificate *out, const struct account_wait *wait, struct be_error *err);

/* The revocation reasons that the service knows, in the order to offer them. */
struct account_reason {
	const char *code;  /* "keyCompromise" */
	const char *about; /* msgid */
};
extern const struct account_reason account_reasons[]; /* up to code NULL */

/* The secret of a mail's link, or the whole link, and a new passphrase: makes the key, and the certificate works from
 * then on. No session is needed. BE_LINK, BE_WEAK. */
enum be_err account_set_passphrase(struct account *account, const struct secret *link, const struct secret *passphrase,
	const struct account_wait *wait, struct be_error *err);
/* BE_WRONG_PASSPHRASE with tries_left, BE_LOCKED, BE_WEAK. */
enum be_err account_change_passphrase(struct account *account, const char *id, const struct secret *old,
	const struct secret *new_one, const struct account_wait *wait, struct be_error *err);

/* ---- the mailbox of the embedded service ---- */

struct account_mail {
	char id[ACCOUNT_ID_MAX];
	char subject[ACCOUNT_NAME_MAX];
	int64_t time;
	struct buffer text;  /* the mail as plain text, and a NUL that does not count; owned */
	struct secret *link; /* the link in it; NULL: none */
};

struct account_mails {
	struct account_mail *items; /* newest first, at most 100 */
	size_t count;
};
void account_mails_free(struct account_mails *mails);

/* BE_UNSUPPORTED where the service has none. */
enum be_err account_mails(
	struct account *account, struct account_mails *out, const struct account_wait *wait, struct be_error *err);

/* ---- signing with a key that stays there (CSC API v2); signer/csc.c makes a signer of these ---- */

#define ACCOUNT_CHAIN_MAX 8u

struct account_credential {
	struct buffer chain[ACCOUNT_CHAIN_MAX]; /* DER, the signer's own first; owned */
	size_t count;
	bool enabled;
	uint32_t multisign; /* the most signatures of one authorisation, at least 1 */
	bool hashes_bound;  /* SCAL 2: an authorisation is for these very digests */
};
void account_credential_free(struct account_credential *credential);

/* BE_NOT_FOUND. */
enum be_err account_credential(struct account *account, const char *id, struct account_credential *out,
	const struct account_wait *wait, struct be_error *err);

/* Some digests of one algorithm, each of its size, one behind the other; borrowed. */
struct account_digests {
	enum digest_alg alg;
	const uint8_t *bytes;
	size_t count;
};

/* An authorisation (SAD) for these signatures. BE_WRONG_PASSPHRASE with tries_left,
 * BE_LOCKED, BE_CERT_EXPIRED, BE_REVOKED, BE_LIMIT for more than multisign. */
enum be_err account_authorize(struct account *account, const char *id, const struct secret *passphrase,
	const struct account_digests *digests, struct secret **sad, const struct account_wait *wait,
	struct be_error *err);
/* Fills signatures[i], which are the caller's and empty, in the order of the digests: RSA as long as the modulus, ECDSA
 * as DER. BE_UNKNOWN_OUTCOME: they may have been made and counted there; it is not asked again. */
enum be_err account_sign_hashes(struct account *account, const char *id, const struct secret *sad,
	enum pki_scheme scheme, const struct account_digests *digests, struct buffer *signatures,
	const struct account_wait *wait, struct be_error *err);
/* A time-stamp token (RFC 3161) over a digest, DER; appended. Nothing in it was checked yet. */
enum be_err account_timestamp(struct account *account, enum digest_alg alg, const uint8_t *digest, struct buffer *token,
	const struct account_wait *wait, struct be_error *err);

/* What the service's authority publishes, for an embedded one, whose socket no URL in a certificate can name. path:
 * "/ocsp" with a request to post, "/crl/…" without. The answer's body is appended, at most max bytes. */
enum be_err account_fetch(struct account *account, const char *path, const char *content_type,
	const struct buffer *request, struct buffer *answer, size_t max, const struct account_wait *wait,
	struct be_error *err);

#endif
