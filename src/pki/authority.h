/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_AUTHORITY_H
#define PKI_AUTHORITY_H

/*
 * The signing side of a certification authority: a key with its certificate, and what is made with it. Knows profiles
 * and DER; keeps no list of what it issued, reads no clock, stores nothing: moments and serial numbers' fate are the
 * caller's. RFC 5280.
 */

#include "base/buffer.h"
#include "base/secret.h"
#include "pki/make.h"

#define PKI_SERIAL_TEXT 43u /* pki_cert_info.serial: upper-case hexadecimal, no prefix */

struct pki_authority; /* a private key and its certificate; wiped when freed. Usable by several threads at once */

enum pki_profile {
	PKI_PROFILE_ROOT,    /* CA:TRUE; keyCertSign, cRLSign; signs itself */
	PKI_PROFILE_ISSUING, /* CA:TRUE, pathlen 0; keyCertSign, cRLSign, digitalSignature */
	PKI_PROFILE_PERSON,  /* digitalSignature, nonRepudiation; document signing (RFC 9336) and Adobe's */
	PKI_PROFILE_OCSP,    /* OCSPSigning, and no-check (RFC 6960, 4.2.2.2.1) */
	PKI_PROFILE_TSA      /* timeStamping, critical and alone (RFC 3161, 2.3) */
};

/* What to write into a certificate. Strings are UTF-8, borrowed; NULL is left out. */
struct pki_issue {
	enum pki_profile profile;
	const char *country; /* two letters */
	const char *organisation;
	const char *common;
	const char *description; /* as the authority has it: "…_Tanda Tangan Elektronik" */
	int64_t not_before;
	int64_t not_after;
	const char *issuer_url; /* AIA caIssuers */
	const char *ocsp_url;   /* AIA OCSP */
	const char *crl_url;    /* CDP */
};

/* Makes a key and a certificate for it, signed by issuer (NULL: by itself). Owned by the caller. */
enum be_err pki_authority_make(struct pki_authority **out, enum pki_make_key key, const struct pki_issue *wish,
	const struct pki_authority *issuer, struct be_error *err);
void pki_authority_free(struct pki_authority **authority);

/* Key and certificate as PEM, and back; loading refuses what does not belong together (BE_KEY_MISMATCH). */
enum be_err pki_authority_save(const struct pki_authority *authority, struct secret **pem, struct be_error *err);
enum be_err pki_authority_load(struct pki_authority **out, const struct secret *pem, struct be_error *err);

/* DER, borrowed. */
const uint8_t *pki_authority_certificate(const struct pki_authority *authority, size_t *len);

/* Whether it names this authority, and its key, as its issuer. Its signature is not looked at. */
bool pki_authority_issued(const struct pki_authority *authority, const uint8_t *certificate, size_t len);

/* Issues a certificate for a public key (SubjectPublicKeyInfo, DER: pki_request_open gives it), with a random serial number
 * of 126 bits, and appends it. serial: at least PKI_SERIAL_TEXT octets, may be NULL. not_after is cut to the issuer's. */
enum be_err pki_authority_issue(const struct pki_authority *authority, const struct pki_issue *wish,
	const uint8_t *public_key, size_t public_key_len, struct buffer *certificate, char *serial,
	struct be_error *err);

#endif
