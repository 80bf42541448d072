/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_X509_H
#define PKI_X509_H

/* Certificates as OpenSSL holds them. Inside this room only. */

#include "pki/anchors.h"
#include "pki/cert.h"

#include <openssl/x509.h>

/* All of the bytes as one certificate; NULL when they are not exactly that. Freed with X509_free. */
X509 *pki_x509_decode(const uint8_t *der, size_t len);

/* The anchor at an index, decoded; borrowed. */
X509 *pki_anchors_x509(const struct pki_anchors *anchors, size_t index);

/* be_fail with the reason that OpenSSL left as the detail; empties OpenSSL's queue of errors. */
enum be_err pki_fail(struct be_error *err, enum be_err code, const char *msgid);

/* What nothing but a lack of memory explains. */
enum be_err pki_fail_memory(struct be_error *err);

#endif
