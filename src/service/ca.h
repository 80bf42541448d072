/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_CA_H
#define SERVICE_CA_H

/*
 * Who issues certificates and answers for them. A seam: what is asked of a certification authority is struct ca_ops, and
 * one of an institution's own can stand behind it later. The one in here is built in: a root and an issuing authority
 * made on the first start, an OCSP responder, CRLs, and a time-stamp authority; their keys are values of the store
 * ("ca.root" …), sealed by the vault. Which certificate is revoked is looked up in the store. Knows nothing of
 * accounts, passphrases and mails; what a person may ask for is service/certificates.h. Safe from any thread.
 */

#include "base/buffer.h"
#include "crypto/digest.h"
#include "pki/authority.h"
#include "pki/request.h"
#include "pki/revocation.h"

struct ca;
struct service_config;
struct store;
struct vault;

/* ---- opening ---- */

/* Opens the built-in authority. The first time it is made, in one transaction: a start that was cut short is simply done
 * again. Certificates of OCSP responder and time-stamp authority are renewed when they end soon. Of the config it uses
 * public_url (what AIA and CDP begin with; without one, certificates carry none), country, organisation, name ("NAME Root
 * CA" …) and certificate_days. All are borrowed and must outlive it. BE_CRYPTO when the vault's key does not open what
 * the store has. Costs two RSA keys the first time. */
enum be_err ca_open(struct ca **out, const struct service_config *config, struct store *store, struct vault *vault,
	struct be_error *err);
void ca_free(struct ca **ca);

/* What does itself by and by: new certificates for OCSP and time stamps before theirs end, a new CRL. To be called at
 * least once a day; *next is the moment when it wants to be called again. */
enum be_err ca_tick(struct ca *ca, int64_t *next, struct be_error *err);

/* ---- certificates ---- */

struct ca_subject {
	const char *name;         /* commonName, UTF-8, 1 to 64 characters without control characters (BE_USAGE) */
	const char *organisation; /* NULL: the authority's */
};

/* Issues a certificate to the key of a request (pki/request.h: its proof is checked, its name ignored) and appends its DER.
 * Nothing is remembered of it: the caller writes it into the store before it leaves this process. serial:
 * PKI_SERIAL_TEXT octets. Errors as pki_request_open; BE_CERT_EXPIRED when the authority's own certificate has ended. */
enum be_err ca_certify(struct ca *ca, const uint8_t *csr, size_t len, const struct ca_subject *person,
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

/* CSC signatures/timestamp: the token alone, over a digest of alg's size; nonce: as pki_tsp_request. */
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
	enum be_err (*issue)(void *self, const uint8_t *public_key, size_t len, const struct ca_subject *person,
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
