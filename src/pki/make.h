/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_MAKE_H
#define PKI_MAKE_H

/*
 * A throw-away authority and one person with a certificate from it, for trying things out. Nobody else trusts the
 * authority, and its private key is forgotten as soon as the certificate is made. The caller chooses names and moments.
 */

#include "base/buffer.h"
#include "base/secret.h"

enum pki_make_key { PKI_MAKE_P256, PKI_MAKE_RSA2048, PKI_MAKE_RSA3072, PKI_MAKE_P384 };

struct pki_make {
	enum pki_make_key key; /* of both */
	const char *authority; /* common names, UTF-8 */
	const char *person;
	const char *organisation; /* of both */
	int64_t not_before;       /* of both certificates */
	int64_t not_after;
};

/* Appends a PKCS#12 file (AES-256, PBKDF2) with the person's key, certificate and the authority's certificate, and the
 * authority's certificate as PEM. */
enum be_err pki_make_identity(struct buffer *p12, struct buffer *authority_pem, const struct pki_make *wish,
	const struct secret *passphrase, struct be_error *err);

#endif
