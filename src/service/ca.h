/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_CA_H
#define SERVICE_CA_H

/*
 * Who issues certificates and answers for them. A seam: what is asked of a certification authority is struct ca_ops, and
 * one of an institution's own can stand behind it later. The one in here is built in: a root and an issuing authority
 * made on the first start, an OCSP responder, CRLs, and a time-stamp authority, in files of the data directory's "ca".
 * Which certificate is revoked is not kept here: the ca looks it up in a book, which is the store's. Knows nothing of
 * accounts, passphrases and mails; what a person may ask for is service/certificates.h. Safe from any thread.
 */

#include "base/buffer.h"
#include "crypto/digest.h"
#include "pki/authority.h"
#include "pki/request.h"
#include "pki/revocation.h"

struct ca;

/* ---- what is asked about certificates: answered by the store ---- */

struct ca_status {
	bool issued; /* false: not by us, whatever the serial number says */
	bool revoked;
	int64_t revoked_at;
	enum pki_reason reason;
};

typedef enum be_err (*ca_book_each)(
	void *arg, const char *serial, const struct ca_status *status, struct be_error *err);

struct ca_book {
	void *arg;
	/* serial: as pki_cert_info.serial. BE_OK with issued false when nobody knows it. */
	enum be_err (*find)(void *arg, const char *serial, struct ca_status *out, struct be_error *err);
	/* Calls each for every revoked certificate, in any order; stops and returns what each returns. */
	enum be_err (*revoked)(void *arg, ca_book_each each, void *each_arg, struct be_error *err);
};

/* ---- opening ---- */

/* Everything is copied but book.arg, which must outlive the ca. */
struct ca_settings {
	const char *dir;        /* "…/ca", made with mode 0700 when missing */
	const char *public_url; /* what AIA and CDP begin with; NULL: certificates carry none */
	const char *country;
	const char *organisation; /* of every name */
	const char *name;         /* the authorities are called "NAME Root CA", "NAME Issuing CA" … */
	int64_t certificate_days; /* of a person's certificate: 730 */
	enum pki_make_key key;    /* of root and issuing authority, when they are made */
	struct ca_book book;
};

/* Opens the built-in authority; what is missing is made, whole or not at all, so that a start that was cut short is
 * simply done again. Certificates of OCSP responder and time-stamp authority are renewed when they end soon.
 * BE_BAD_KEY_FILE for files that are there and do not belong together, or that others can read or write; BE_IO.
 * Costs two RSA keys on the first start. */
enum be_err ca_open(struct ca **out, const struct ca_settings *settings, struct be_error *err);
void ca_free(struct ca **ca);

/* What does itself by and by: new certificates for OCSP and time stamps before theirs end, a new CRL. To be called at
 * least once a day; *next is the moment when it wants to be called again. */
enum be_err ca_tick(struct ca *ca, int64_t *next, struct be_error *err);

/* ---- certificates ---- */

struct ca_person {
	const char *name;         /* commonName, UTF-8, 1 to 64 characters without control characters (BE_USAGE) */
	const char *organisation; /* NULL: the authority's */
};

/* Issues a certificate to the key of a request (pki/request.h: its proof is checked, its name ignored) and appends its DER.
 * Nothing is remembered of it: the caller writes it into the store before it leaves this process. serial:
 * PKI_SERIAL_TEXT octets. Errors as pki_request_open; BE_CERT_EXPIRED when the authority's own certificate has ended. */
enum be_err ca_issue(struct ca *ca, const uint8_t *csr, size_t len, const struct ca_person *person,
	struct buffer *certificate, char serial[static PKI_SERIAL_TEXT], struct be_error *err);

/* Tells the authority that one of its certificates is revoked. To be called after the store has it: the built-in one
 * makes its next CRL new. Called again for the same it does nothing more. */
enum be_err ca_revoke(struct ca *ca, const char *serial, enum pki_reason reason, int64_t moment, struct be_error *err);

enum ca_which { CA_ISSUING, CA_ROOT, CA_TSA };
/* Appends a certificate of the authority, DER. A chain is a person's, then CA_ISSUING, then CA_ROOT. */
enum be_err ca_certificate(struct ca *ca, enum ca_which which, struct buffer *der, struct be_error *err);

/* ---- what it publishes (wire/paths.h: below the public URL, and on the embedded socket) ---- */

/* Each appends a whole answer, DER, to any bytes at all: an error means that there is none to send (500). Requests
 * beyond PKI_OCSP_MAX_REQUEST and PKI_TSP_MAX_REQUEST are answered as malformed. */
enum be_err ca_ocsp(struct ca *ca, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err);
enum be_err ca_timestamp(
	struct ca *ca, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err);
/* which: CA_ISSUING or CA_ROOT. Current, and as of the last revocation that the store has. */
enum be_err ca_crl(struct ca *ca, enum ca_which which, struct buffer *crl, struct be_error *err);

/* CSC signatures/timestamp: the token alone, over a digest of alg's size; nonce (of len octets) may be NULL. */
enum be_err ca_timestamp_digest(struct ca *ca, enum digest_alg alg, const uint8_t *digest, const uint8_t *nonce,
	size_t nonce_len, struct buffer *token, struct be_error *err);

/* ---- reasons to revoke, under the authority's words ---- */

struct ca_reason {
	enum pki_reason code;
	const char *word;  /* "keyCompromise": in the API and in the store */
	const char *about; /* msgid: "Passphrase or key may be known to others" */
};

/* In the order to offer them; ends with word NULL. Only these may be asked for. */
extern const struct ca_reason ca_reasons[];
/* NULL when it is none of them. */
const struct ca_reason *ca_reason_by_word(const char *word);

/* ---- the seam ---- */

/* What an authority has to do; the functions above check, lock and call these. free frees self. */
struct ca_ops {
	enum be_err (*issue)(void *self, const uint8_t *public_key, size_t len, const struct ca_person *person,
		struct buffer *certificate, char *serial, struct be_error *err);
	enum be_err (*revoke)(
		void *self, const char *serial, enum pki_reason reason, int64_t moment, struct be_error *err);
	enum be_err (*certificate)(void *self, enum ca_which which, struct buffer *der, struct be_error *err);
	enum be_err (*ocsp)(
		void *self, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err);
	enum be_err (*timestamp)(
		void *self, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err);
	enum be_err (*crl)(void *self, enum ca_which which, struct buffer *crl, struct be_error *err);
	enum be_err (*tick)(void *self, int64_t *next, struct be_error *err);
	void (*free)(void *self);
};

/* An authority of another kind behind the same functions. self is taken, also on failure. */
enum be_err ca_new(struct ca **out, const struct ca_ops *ops, void *self, struct be_error *err);

#endif
