/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_CMS_FORGE_H
#define SUPPORT_CMS_FORGE_H

/*
 * CMS messages of any shape, right and wrong, written octet by octet, so that a test can ask for what no library
 * would make. Everything in here ends the program when it cannot do what it is asked.
 */

#include "base/buffer.h"
#include "crypto/digest.h"

#include <openssl/x509.h>

enum forge_key { FORGE_RSA, FORGE_P256, FORGE_P384, FORGE_ED25519, FORGE_ED448 };

struct forge_identity {
	EVP_PKEY *key;
	X509     *cert;
};

/* A certificate by itself for a new key, valid from 2020 to 2040, with a key identifier. */
void forge_identity_new(struct forge_identity *out, enum forge_key kind, const char *name, long serial,
	bool timestamping);
void forge_identity_free(struct forge_identity *identity);

/* How a message differs from a good one. */
enum forge_twist {
	FORGE_NO_CONTENT_TYPE = 1 << 0,
	FORGE_WRONG_CONTENT_TYPE = 1 << 1,
	FORGE_NO_MESSAGE_DIGEST = 1 << 2,
	FORGE_TWO_MESSAGE_DIGESTS = 1 << 3,     /* the attribute twice */
	FORGE_TWO_DIGEST_VALUES = 1 << 4,       /* one attribute, two values */
	FORGE_SHORT_DIGEST = 1 << 5,
	FORGE_NO_ATTRIBUTES = 1 << 6,           /* the signature is over the document */
	FORGE_UNSORTED = 1 << 7,                /* sent in another order than signed */
	FORGE_NO_SIGNER = 1 << 8,
	FORGE_TWO_SIGNERS = 1 << 9,
	FORGE_EMPTY_CONTENT = 1 << 10,
	FORGE_CONTENT = 1 << 11,                /* the document inside */
	FORGE_NO_CERTIFICATES = 1 << 12,
	FORGE_KEY_ID = 1 << 13,                 /* the signer named by its key identifier */
	FORGE_INDEFINITE = 1 << 14,
	FORGE_NO_SIGNING_CERT = 1 << 15,
	FORGE_SIGNING_CERT_V1 = 1 << 16,
	FORGE_SIGNING_CERT_TWO_VALUES = 1 << 17,
	FORGE_ISSUER_SERIAL = 1 << 18,
	FORGE_WRONG_SERIAL = 1 << 19,
	FORGE_SIGNING_TIME = 1 << 20,           /* 2026-01-02T03:04:05Z */
	FORGE_TOKEN = 1 << 21,                  /* an unsigned signature-time-stamp: SEQUENCE { NULL } */
	FORGE_ZERO_R = 1 << 22,                 /* an ECDSA signature (0, 1) */
	FORGE_LONG_SIGNATURE = 1 << 23,         /* one octet follows the signature's value */
	FORGE_PLAIN = 1 << 24,                  /* ECDSA as r and s side by side */
	FORGE_FALSE_SIGNATURE = 1 << 25,        /* over other attributes */
	FORGE_LONG_LENGTH = 1 << 26,            /* the attributes in a length longer than DER has it */
	FORGE_TWO_TIMES = 1 << 27,              /* signing-time twice, with FORGE_SIGNING_TIME */
	FORGE_TWO_FOREIGN = 1 << 28             /* an attribute that nobody knows twice */
};

struct forge_message {
	const struct forge_identity *signer;
	const struct forge_identity *named;     /* in signing-certificate; NULL: signer */
	const struct forge_identity *sent;      /* whose certificate is sent; NULL: signer's */
	const struct forge_identity *also;      /* whose certificate is sent before it; NULL: none */
	const void *document;
	size_t document_len;
	int content_type;                       /* NID; 0: id-data */
	enum digest_alg digest;                 /* NONE: SHA-256 */
	enum digest_alg signed_digest;          /* that the signature really is over; NONE: digest */
	const char *signature_oid;              /* NULL: the key's own, with the digest */
	const char *signature_curve;            /* the algorithm's parameters; NULL: none */
	enum digest_alg pss_digest;             /* set: RSA-PSS, with this digest named */
	enum digest_alg pss_mgf;                /* NONE: pss_digest */
	int pss_salt;                           /* 0: as long as the digest */
	int pss_named_salt;                     /* 0: pss_salt */
	int pss_trailer;                        /* 0: absent */
	unsigned int twists;
};

void forge(struct buffer *out, const struct forge_message *message);

#endif
