/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_CRL_H
#define PKI_CRL_H

/*
 * Certificate revocation lists (RFC 5280, 5): making whole ones, and judging what came from elsewhere. Bytes in, bytes
 * out.
 */

#include "pki/authority.h"
#include "pki/revocation.h"

/* Judges a CRL about this certificate, which issuer issued. Only lists that the issuer signed itself, and that speak for
 * such certificates, are used: an indirect, delta or reason-partitioned list is UNSUPPORTED or OTHER, never "good".
 * BE_OK as pki_ocsp_check. */
enum be_err pki_crl_check(struct pki_revocation_facts *out, const uint8_t *crl, size_t len, const uint8_t *certificate,
	size_t certificate_len, const uint8_t *issuer, size_t issuer_len, struct be_error *err);

/* What a list says of itself; PKI_REVOCATION_OK or MALFORMED. */
struct pki_crl_info {
	int64_t this_update;
	int64_t next_update; /* TIME_NONE when not said */
	uint64_t number;     /* 0 when it has none, or one beyond 64 bits */
	size_t entries;
};

enum be_err pki_crl_describe(struct pki_crl_info *out, const uint8_t *crl, size_t len, struct be_error *err);

struct pki_crl_entry {
	const char *serial; /* as pki_cert_info.serial */
	int64_t revoked_at;
	enum pki_reason reason; /* UNSPECIFIED is left out, as 5.3.1 asks */
};

struct pki_crl_build;

/* One list of everything that issuer revoked. number: greater than any before (5.2.3). */
enum be_err pki_crl_build_new(struct pki_crl_build **out, const struct pki_authority *issuer, uint64_t number,
	int64_t this_update, int64_t next_update, struct be_error *err);
enum be_err pki_crl_build_add(struct pki_crl_build *build, const struct pki_crl_entry *entry, struct be_error *err);
/* Signs it and appends its DER. */
enum be_err pki_crl_build_finish(struct pki_crl_build *build, struct buffer *der, struct be_error *err);
void pki_crl_build_free(struct pki_crl_build **build);

#endif
