/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_SIGNING_CERTIFICATE_H
#define PKI_SIGNING_CERTIFICATE_H

/* The signed attributes signing-certificate and signing-certificate-v2 (RFC 2634, 5.4; RFC 5035): which certificate
 * the signer meant. Inside this room only. */

#include "pki/ber.h"
#include "pki/cms.h"

#include <openssl/cms.h>

struct pki_signing_certificate {
	bool present;
	bool weak;                      /* no form with a sound hash is there */
	enum pki_cms_fault fault;       /* OK, ATTRIBUTES, ALGORITHMS (a hash we do not know) or WRONG_CERTIFICATE */
};

/* cert may be NULL: then only the form is judged. der is cert's. */
void pki_signing_certificate_read(struct pki_signing_certificate *out, CMS_SignerInfo *signer, X509 *cert,
	struct ber_span der);

#endif
