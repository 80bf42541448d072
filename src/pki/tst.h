/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_TST_H
#define PKI_TST_H

/*
 * Time-stamp tokens: reading one strictly (RFC 3161, RFC 5816). Fetches nothing.
 */

#include "pki/cms.h"

struct pki_tst;

struct pki_tst_facts {
	uint32_t fault;          /* enum pki_cms_fault of the token itself: its own messageDigest and signature;
				  * ATTRIBUTES also when it does not name its certificate (RFC 3161, 2.4.1) */
	bool imprint_ok;         /* the token stamps exactly the bytes it is said to */
	uint32_t imprint_digest; /* enum digest_alg */
	int64_t time;            /* genTime; TIME_NONE when unreadable */
	bool has_certificate;
	struct pki_cert_info authority; /* zeroed without one */
	bool purpose_ok;                /* timeStamping, critical and alone */
	bool time_inside;               /* genTime lies within the authority certificate's validity */
};

/* Decodes a token (trailing zeros are allowed: /Contents of a document time stamp). NULL and a fault as pki_cms_parse.
 */
enum be_err pki_tst_parse(
	struct pki_tst **out, enum pki_cms_fault *fault, const uint8_t *bytes, size_t len, struct be_error *err);
void pki_tst_free(struct pki_tst **tst);

/* The digest the stamped bytes have to be digested with. */
enum digest_alg pki_tst_digest_alg(const struct pki_tst *tst);

/* certs: further certificates (of the document or the signature) among which the authority's may be, DER. */
enum be_err pki_tst_check(struct pki_tst *tst, const uint8_t *digest, size_t digest_len, const uint8_t *const *certs,
	const size_t *cert_lens, size_t cert_count, struct pki_tst_facts *out, struct be_error *err);

size_t pki_tst_certificates(const struct pki_tst *tst, const uint8_t *const **ders, const size_t **lens);
/* After pki_tst_check: the authority's certificate, borrowed (from tst, or from certs given there); NULL when it was
 * not found. */
const uint8_t *pki_tst_signer(const struct pki_tst *tst, size_t *len);

#endif
