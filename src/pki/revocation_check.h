/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_REVOCATION_CHECK_H
#define PKI_REVOCATION_CHECK_H

/* What judging an OCSP response and judging a CRL have in common. Inside this room only. */

#include "pki/revocation.h"

#include <openssl/x509.h>

/* All facts at "not known". */
void pki_revocation_begin(struct pki_revocation_facts *out, bool from_crl);

/* Sets fault and detail and takes the status back. The first fault stays. */
void pki_revocation_fail(struct pki_revocation_facts *out, enum pki_revocation_fault fault, const char *detail);

/* Describes who signed. False when it cannot be described: the fault is set then. */
bool pki_revocation_signer(struct pki_revocation_facts *out, const X509 *signer);

/* Notes an algorithm that is broken, or that nobody knows. */
void pki_revocation_algorithm(struct pki_revocation_facts *out, const X509_ALGOR *algorithm);

/* Certificate and issuer, both readable, the one naming the other; BE_MALFORMED otherwise. Freed by the caller. */
enum be_err pki_revocation_pair(X509 **cert, X509 **issuer, const uint8_t *certificate, size_t certificate_len,
	const uint8_t *issuer_der, size_t issuer_len, struct be_error *err);

/* Whether the extended key usage names the purpose (OCSP signing) itself; key usage, if any, allows signatures. */
bool pki_revocation_may_answer(X509 *signer);

#endif
