/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_REVOCATION_H
#define PKI_REVOCATION_H

/*
 * What an OCSP response (pki/ocsp.h) or a CRL (pki/crl.h) says about one certificate, as flat facts. Whether that is
 * good enough at some moment is asked apart (pki_revocation_fresh), and what follows from it is the verifier's.
 */

#include "pki/cert.h"

/* CRLReason, RFC 5280, 5.3.1: the numbers are the encoding's. */
enum pki_reason {
	PKI_REASON_UNSPECIFIED = 0,
	PKI_REASON_KEY_COMPROMISE = 1,
	PKI_REASON_CA_COMPROMISE = 2,
	PKI_REASON_AFFILIATION_CHANGED = 3,
	PKI_REASON_SUPERSEDED = 4,
	PKI_REASON_CESSATION = 5,
	PKI_REASON_HOLD = 6,
	PKI_REASON_REMOVE_FROM_CRL = 8,
	PKI_REASON_PRIVILEGE_WITHDRAWN = 9,
	PKI_REASON_AA_COMPROMISE = 10,
	PKI_REASON_NONE = 255 /* not said */
};

/* "keyCompromise" and so on as RFC 5280 spells them; "" for PKI_REASON_NONE and numbers that are none. */
const char *pki_reason_word(uint32_t reason);

enum pki_revocation {
	PKI_REVOCATION_NONE, /* the answer is not usable: see fault */
	PKI_REVOCATION_GOOD,
	PKI_REVOCATION_REVOKED,
	PKI_REVOCATION_UNKNOWN /* the responder does not know this certificate */
};

/* Why an answer is not usable, first found first. */
enum pki_revocation_fault {
	PKI_REVOCATION_OK,
	PKI_REVOCATION_MALFORMED,   /* cannot be decoded, or bytes stand behind it */
	PKI_REVOCATION_REFUSED,     /* an OCSP status other than successful: tryLater, unauthorized … */
	PKI_REVOCATION_OTHER,       /* about another certificate, another issuer, or a part of the certificates only */
	PKI_REVOCATION_UNSUPPORTED, /* a critical extension we do not know; an indirect or delta CRL */
	PKI_REVOCATION_SIGNER,      /* signed by nobody whom the issuer lets answer */
	PKI_REVOCATION_SIGNATURE,   /* the signature is wrong */
	PKI_REVOCATION_NONCE,       /* the response answers another request */
	PKI_REVOCATION_WEAK         /* all else is right, but it is signed with what is broken: MD5, SHA-1 … */
};

/* clang-format off */
struct pki_revocation_facts {
	uint32_t status;                /* enum pki_revocation */
	uint32_t fault;                 /* enum pki_revocation_fault */
	bool     from_crl;
	int64_t  revoked_at;            /* TIME_NONE unless REVOKED */
	uint32_t reason;                /* enum pki_reason */
	int64_t  this_update;
	int64_t  next_update;           /* TIME_NONE when not said */
	int64_t  produced_at;           /* OCSP; TIME_NONE for a CRL */
	bool     delegated;             /* OCSP: signed by a responder that the issuer appointed, not by the issuer */
	bool     has_nonce;             /* OCSP: it carries the nonce that was asked with */
	struct pki_cert_info signer;    /* zeroed without one */
	bool     signer_no_check;       /* a delegated responder that needs no check of its own */
	char     detail[160];           /* for the log */
};
/* clang-format on */

#define PKI_REVOCATION_SKEW 300 /* seconds that clocks may differ */

/* Whether the answer speaks about that moment: made not later than moment + skew; not past its next_update, or, when it
 * has none, made at most max_age seconds before; max_age 0: only next_update is asked. And whoever signed it had a valid
 * certificate when it was made. */
bool pki_revocation_fresh(const struct pki_revocation_facts *facts, int64_t moment, int64_t max_age);

#endif
