/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_ISSUE_H
#define PKI_ISSUE_H

/* Certificates written and signed as OpenSSL holds them, and what a struct pki_authority is made of. Inside this room
 * only: callers see pki/authority.h and pki/make.h. */

#include "pki/authority.h"

#include <openssl/x509.h>

struct pki_authority {
	EVP_PKEY *key;
	X509 *cert;
	uint8_t *der;
	size_t der_len;
};

EVP_PKEY *pki_issue_key(enum pki_make_key kind); /* NULL on failure, OpenSSL's queue says why */

/* issuer NULL: signs itself with issuer_key, which is the subject's. NULL as above. */
X509 *pki_issue(const struct pki_issue *wish, EVP_PKEY *subject_key, X509 *issuer, EVP_PKEY *issuer_key);

/* What goes with a key for signing: SHA-384 for P-384, SHA-256 for all others. */
const EVP_MD *pki_issue_digest(const EVP_PKEY *key);

/* 126 random bits, positive and of one length (RFC 5280, 4.1.2.2). */
bool pki_issue_serial(ASN1_INTEGER *out);

/* A serial number as pki_cert_info.serial has it, and back; NULL for what is none. */
void pki_serial_text(char out[static PKI_SERIAL_TEXT], const ASN1_INTEGER *serial);
ASN1_INTEGER *pki_serial_number(const char *text);

#endif
