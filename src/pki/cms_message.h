/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_CMS_MESSAGE_H
#define PKI_CMS_MESSAGE_H

/*
 * A decoded SignedData with one signer, as documents (content elsewhere) and time-stamp tokens (content inside)
 * both have it. Inside this room only: callers see pki/cms.h and pki/tst.h.
 */

#include "pki/ber.h"
#include "pki/cms.h"

#include <openssl/cms.h>

struct pki_cms_cert {
	X509           *x509;
	struct ber_span der;
};

/* The certificate that a SignerInfo names, out of some. */
struct pki_cms_choice {
	const struct pki_cms_cert *cert;        /* NULL when none fits */
	bool ambiguous;                         /* several different ones fit, and no signing-certificate says which */
};

struct pki_cms {
	CMS_ContentInfo *info;
	CMS_SignerInfo *signer;                 /* borrowed from info */
	int content_type;                       /* NID the rules ask for */
	bool der;
	uint8_t *attributes;                    /* the DER that is signed; NULL without signed attributes */
	size_t attributes_len;
	bool attributes_as_sent;                /* that DER is what the message has, byte for byte */
	STACK_OF(X509) *x509s;
	struct pki_cms_cert *certs;             /* into x509s and cert_bytes */
	uint8_t *cert_bytes;
	const uint8_t **ders;
	size_t *lens;
	size_t count;
	struct pki_cms_choice choice;
};

/* As pki_cms_parse, for a message whose content is of this type: id-data must be absent (NOT_DETACHED), any other
 * must be there (NOT_CMS). */
enum be_err pki_cms_open(struct pki_cms **out, enum pki_cms_fault *fault, const uint8_t *bytes, size_t len,
	int content_type, struct be_error *err);

/* The content inside; empty when there is none. */
struct ber_span pki_cms_content(const struct pki_cms *cms);

struct pki_cms_choice pki_cms_choose(const struct pki_cms *cms, const struct pki_cms_cert *certs, size_t count);

/* As pki_cms_check, with the signer's certificate chosen by the caller. */
enum be_err pki_cms_judge(const struct pki_cms *cms, struct pki_cms_choice choice, const uint8_t *digest,
	size_t digest_len, struct pki_cms_facts *out, struct be_error *err);

/* TIME_NONE when it is no time. */
int64_t pki_cms_moment(const ASN1_TIME *time);

#endif
