/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_KEY_H
#define PKI_KEY_H

/* A private key with its certificates, as a key file is opened into it. Inside this room only. */

#include "pki/p12.h"

#include <openssl/x509.h>

/* Takes pkey, also on failure; copies the certificates, the one of the key first. BE_KEY_MISMATCH when none is. */
enum be_err pki_key_new(struct pki_key **out, EVP_PKEY *pkey, const STACK_OF(X509) * certs, struct be_error *err);

#endif
