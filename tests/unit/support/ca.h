/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_CA_H
#define SUPPORT_CA_H

/*
 * An authority for tests: keys, certificates and key files of invented people. Everything in here ends the program
 * when it cannot do what it is asked.
 */

#include "base/buffer.h"

#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>
#include <stdint.h>

/* The moment tests live in, and around it. */
#define CA_NOW 1780000000
#define CA_DAY 86400
#define CA_YEAR (365 * CA_DAY)

enum ca_key { CA_P256, CA_P384, CA_P521, CA_RSA2048, CA_RSA1024, CA_RSA_PSS, CA_ED25519, CA_KEY_KINDS };

#define CA_KEYS_EACH 5

/* The same key for the same question in one process. Borrowed. */
EVP_PKEY *ca_key(enum ca_key kind, size_t which);

struct ca_wish {
	const char *name; /* commonName, after C=ID, O=Contoh */
	EVP_PKEY *key;
	X509 *issuer; /* NULL: itself */
	EVP_PKEY *issuer_key;
	int64_t from, until;     /* both 0: a year around CA_NOW */
	const char *constraints; /* as openssl.cnf has them; NULL: absent */
	const char *usage;
	const char *purposes;
	const char *name_constraints;
	const EVP_MD *digest;      /* NULL: SHA-256, or the key's own */
	void (*shape)(X509 *cert); /* last changes before it is signed */
};

X509 *ca_issue(const struct ca_wish *wish);
/* A root, and an authority under it. */
X509 *ca_root(const char *name, EVP_PKEY *key);
X509 *ca_intermediate(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key);
/* A person who may sign documents. */
X509 *ca_person(const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key);

void ca_der(struct buffer *out, const X509 *cert);
void ca_pem(struct buffer *out, X509 *cert);

/* A key file as current programs write it (PBES2, AES-256, PBKDF2), with iterations for all three derivations.
 * cert and others may be NULL. */
void ca_p12(
	struct buffer *out, const char *passphrase, EVP_PKEY *key, X509 *cert, STACK_OF(X509) * others, int iterations);
void ca_p12_der(struct buffer *out, const PKCS12 *file);

#endif
