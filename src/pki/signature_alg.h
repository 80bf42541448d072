/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_SIGNATURE_ALG_H
#define PKI_SIGNATURE_ALG_H

/*
 * The signature algorithm that a message names, and one signature checked with exactly that algorithm: nothing the
 * message leaves open is guessed, nothing it names is ignored. Inside this room only. RFC 5754, RFC 4056 (PSS),
 * RFC 8419 (EdDSA), BSI TR-03111 (plain ECDSA).
 */

#include "crypto/digest.h"
#include "pki/ber.h"
#include "pki/cms.h"

#include <openssl/x509.h>

enum pki_signature_kind {
	PKI_SIGNATURE_UNKNOWN,
	PKI_SIGNATURE_RSA,
	PKI_SIGNATURE_PSS,
	PKI_SIGNATURE_ECDSA,
	PKI_SIGNATURE_PLAIN_ECDSA,
	PKI_SIGNATURE_ED25519,
	PKI_SIGNATURE_ED448
};

struct pki_signature_alg {
	enum pki_signature_kind kind;
	enum digest_alg digest;         /* the one it names; NONE when it leaves that to the message */
	enum digest_alg mgf_digest;     /* PSS */
	int64_t salt_len;               /* PSS */
	int curve;                      /* ECDSA: NID of the curve it names; NID_undef when it leaves that to the key */
	bool sound;                     /* known, and its parameters are what they have to be */
	char name[48];                  /* as pki_cms_facts.signature */
};

void pki_signature_alg_read(struct pki_signature_alg *out, const X509_ALGOR *named);

/* The digest of a digestAlgorithm; NONE when it is unknown or has parameters it must not have. */
enum digest_alg pki_digest_alg_read(const X509_ALGOR *named);

/* Checks value over the signed bytes with the message's digest, or, when prehashed, over what already is that digest.
 * PKI_CMS_OK, PKI_CMS_ALGORITHMS (algorithm, digest and key do not go together) or PKI_CMS_SIGNATURE. */
enum pki_cms_fault pki_signature_check(const struct pki_signature_alg *alg, enum digest_alg digest, EVP_PKEY *key,
	struct ber_span signed_bytes, bool prehashed, struct ber_span value);

#endif
