/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_OCSP_H
#define PKI_OCSP_H

/*
 * OCSP (RFC 6960, RFC 8954): requests and responses, both building and judging; bytes in, bytes out. Fetches nothing,
 * reads no clock.
 */

#include "pki/authority.h"
#include "pki/revocation.h"

#define PKI_OCSP_MAX_REQUEST (16u << 10)
#define PKI_OCSP_MAX_QUESTIONS 16u /* certificates in one request */
#define PKI_OCSP_NONCE 32u         /* octets of the nonces we send (RFC 8954) */

/* ---- who asks, and judges what comes back ---- */

/* Appends a request about one certificate, named with SHA-1 as every responder knows it (a name, not a proof). nonce:
 * PKI_OCSP_NONCE octets, or NULL for none. */
enum be_err pki_ocsp_request(struct buffer *out, const uint8_t *certificate, size_t certificate_len,
	const uint8_t *issuer, size_t issuer_len, const uint8_t *nonce, struct be_error *err);

/* Judges a response about this certificate. issuer: the certificate of the chain that issued it: only that key, or a
 * responder it certified itself for OCSPSigning, may answer. nonce: what was asked with, or NULL when it is not to be
 * looked at; a response without any is no fault (has_nonce says so), one with another is. BE_OK also for what is not
 * usable: the facts are the answer; an error is memory only, or a certificate that cannot be read. */
enum be_err pki_ocsp_check(struct pki_revocation_facts *out, const uint8_t *response, size_t len,
	const uint8_t *certificate, size_t certificate_len, const uint8_t *issuer, size_t issuer_len,
	const uint8_t *nonce, struct be_error *err);

/* ---- who answers ---- */

struct pki_ocsp_status {
	enum pki_revocation status; /* GOOD, REVOKED or UNKNOWN */
	int64_t revoked_at;
	enum pki_reason reason;
};

/* Called for each certificate of the issuer; serial as pki_cert_info.serial. Any failure becomes internalError. */
typedef enum be_err (*pki_ocsp_lookup)(
	void *arg, const char *serial, struct pki_ocsp_status *out, struct be_error *err);

struct pki_ocsp_responder {
	const struct pki_authority *signer; /* PKI_PROFILE_OCSP by the issuer, or the issuer itself */
	const uint8_t *issuer;              /* DER, of those asked about */
	size_t issuer_len;
	int64_t this_update; /* now */
	int64_t next_update;
	pki_ocsp_lookup lookup;
	void *arg;
};

/* Appends an answer to any bytes: what is no request gets malformedRequest, more than PKI_OCSP_MAX_QUESTIONS
 * unauthorized, certificates of other issuers UNKNOWN. BE_OK means that there are bytes to send. */
enum be_err pki_ocsp_answer(struct buffer *out, const struct pki_ocsp_responder *responder, const uint8_t *request,
	size_t len, struct be_error *err);

#endif
