/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_CERT_H
#define PKI_CERT_H

/*
 * What a certificate says, as a flat record. The strings are the certificate's own, decoded to UTF-8 but not made
 * safe: they are sanitised where they are shown. RFC 5280.
 */

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PKI_NAME_MAX 256u
#define PKI_DN_MAX 512u

enum pki_key_kind {
	PKI_KEY_UNKNOWN,
	PKI_KEY_RSA,
	PKI_KEY_RSA_PSS,
	PKI_KEY_EC,
	PKI_KEY_ED25519,
	PKI_KEY_ED448,
	PKI_KEY_DSA
};

/* keyUsage (RFC 5280, 4.2.1.3); absent is said apart. */
#define PKI_KU_DIGITAL_SIGNATURE 0x01u
#define PKI_KU_NON_REPUDIATION 0x02u
#define PKI_KU_KEY_CERT_SIGN 0x04u
#define PKI_KU_CRL_SIGN 0x08u

/* clang-format off */
struct pki_cert_info {
	char     name[PKI_NAME_MAX];            /* the last commonName, else the subject */
	char     subject[PKI_DN_MAX];           /* in the certificate's order: "C=ID, O=…, CN=…"; RFC 4514's escapes,
	                                         * \0A for control characters */
	char     issuer[PKI_DN_MAX];
	char     serial[2 * 20 + 3];            /* upper-case hexadecimal, no prefix; cut with … beyond 20 octets */
	char     sha256[65];                    /* lower-case hexadecimal, of the DER */
	int64_t  not_before;                    /* seconds since 1970 UTC */
	int64_t  not_after;
	uint32_t key_kind;                      /* enum pki_key_kind */
	uint32_t key_bits;                      /* of the modulus or the group */
	uint32_t key_usage;                     /* PKI_KU_… ; 0 with has_key_usage false when absent */
	bool     has_key_usage;                 /* what cannot be read is there, and empty; has_eku too */
	bool     has_eku;
	bool     eku_document;                  /* fit for documents: documentSigning (RFC 9336), emailProtection, Adobe
	                                         * 1.2.840.113583.1.1.5, Microsoft 1.3.6.1.4.1.311.10.3.12, or
	                                         * anyExtendedKeyUsage */
	bool     eku_timestamp_only;            /* timeStamping, critical and alone (RFC 3161, 2.3) */
	bool     is_ca;                         /* basicConstraints with cA TRUE */
	bool     self_signed;                   /* subject is issuer and its own key verifies it */
	bool     odd_name;                      /* an embedded NUL, more than one commonName, or one that is no text */
};
/* clang-format on */

/* Octets of the one element, a certificate it may be, that the bytes begin with; 0 when there is no whole one. For several
 * that stand one behind the other. */
size_t pki_cert_length(const uint8_t *bytes, size_t len);

enum be_err pki_cert_describe(struct pki_cert_info *out, const uint8_t *der, size_t len, struct be_error *err);

/* BE_OK, or why this certificate must not sign documents at that moment, whatever its key is: BE_KEY_UNFIT (an
 * authority's, a key usage or an extended one that is not for signatures on documents), BE_CERT_NOT_YET, BE_CERT_EXPIRED. */
enum be_err pki_cert_fit(const struct pki_cert_info *info, int64_t moment, struct be_error *err);

#endif
