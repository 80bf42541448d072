/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_CMS_H
#define PKI_CMS_H

/*
 * A CMS signature over a document's digest: reading one that came from elsewhere, strictly. Knows bytes; knows no PDF,
 * no trust, no time. RFC 5652, RFC 5035 (ESS), ETSI EN 319 122-1 (CAdES), ETSI EN 319 142-1 (PAdES).
 */

#include "crypto/digest.h"
#include "pki/cert.h"

/* What is wrong with the message, first found first; every one but OK makes the signature fail. */
enum pki_cms_fault {
	PKI_CMS_OK,
	PKI_CMS_NOT_CMS,        /* cannot be decoded, or is no SignedData */
	PKI_CMS_TRAILING,       /* bytes after the message that are not zero */
	PKI_CMS_NOT_DETACHED,   /* eContent present */
	PKI_CMS_SIGNERS,        /* not exactly one SignerInfo */
	PKI_CMS_ATTRIBUTES,     /* signed attributes no DER SET OF, contentType or messageDigest missing, twice or of a
				   wrong kind */
	PKI_CMS_ALGORITHMS,     /* the digest, the signature's digest, PSS parameters disagree, or are unknown */
	PKI_CMS_NO_CERTIFICATE, /* the signer's certificate is not among those of the message */
	PKI_CMS_WRONG_CERTIFICATE, /* signing-certificate(-v2) names another certificate */
	PKI_CMS_DIGEST,            /* messageDigest is not the document's */
	PKI_CMS_SIGNATURE          /* the signature value does not verify */
};

struct pki_cms;

/* Decodes len bytes: the message, then zeros only (a /Contents string is padded). out is owned by the caller and NULL
 * when fault is NOT_CMS, TRAILING, NOT_DETACHED or SIGNERS. Returns BE_OK also for a faulty message: the fault is the
 * answer; an error is memory only. */
enum be_err pki_cms_parse(
	struct pki_cms **out, enum pki_cms_fault *fault, const uint8_t *bytes, size_t len, struct be_error *err);
void pki_cms_free(struct pki_cms **cms);

/* The digest the document has to be digested with; DIGEST_NONE when it is not known to us. */
enum digest_alg pki_cms_digest_alg(const struct pki_cms *cms);

/* Message and signer, flat. */
struct pki_cms_facts {
	uint32_t fault;            /* enum pki_cms_fault of everything but trust and time; see also has_certificate */
	uint32_t digest;           /* enum digest_alg of messageDigest */
	char signature[48];        /* "RSA PKCS#1 v1.5", "RSA-PSS", "ECDSA", "Ed25519", "Ed448", or the OID */
	uint32_t signature_digest; /* enum digest_alg of the signature */
	bool has_certificate;
	struct pki_cert_info signer; /* zeroed without one */
	bool has_signed_attributes;
	bool has_signing_certificate;  /* signing-certificate or -v2 present (and right, else fault) */
	bool weak_signing_certificate; /* only the SHA-1 (v1) form, or a v2 with a weak hash */
	bool has_signing_time;         /* forbidden in PAdES: a warning */
	bool has_policy;               /* a signature policy (EPES) is named; its rules are not applied */
	int64_t signing_time;          /* claimed; TIME_NONE when absent */
	bool has_timestamp;            /* an unsigned attribute holds a time-stamp token: pki_cms_timestamp */
	bool der;                      /* the whole message is DER (RFC 5652 allows BER, PAdES does not) */
};

/* All checks on the message against the digest of the document (value computed with pki_cms_digest_alg). */
enum be_err pki_cms_check(const struct pki_cms *cms, const uint8_t *digest, size_t digest_len,
	struct pki_cms_facts *out, struct be_error *err);

/* The certificates of the message, DER, borrowed from cms. */
size_t pki_cms_certificates(const struct pki_cms *cms, const uint8_t *const **ders, const size_t **lens);
/* The signer's certificate, borrowed; NULL when it is not there. */
const uint8_t *pki_cms_signer(const struct pki_cms *cms, size_t *len);
/* The value of the signature, borrowed: what a signature time stamp stamps. */
const uint8_t *pki_cms_signature_value(const struct pki_cms *cms, size_t *len);
/* The first signature-time-stamp token (RFC 3161, Appendix A), DER, borrowed; NULL when there is none. */
const uint8_t *pki_cms_timestamp(const struct pki_cms *cms, size_t *len);

#endif
