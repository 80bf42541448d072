/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_CSR_H
#define PKI_CSR_H

/*
 * Certification requests (PKCS#10, RFC 2986): a public key and the proof that its owner has the private one. Built in
 * two steps as a CMS signature is (pki/cms_build.h), so that the key may be anywhere; the proof is all an authority
 * reads, the name in it is not believed.
 */

#include "base/buffer.h"
#include "pki/cms_build.h"

#define PKI_CSR_MAX_BYTES (16u << 10)

struct pki_csr_build;

/* public_key: SubjectPublicKeyInfo, DER. common: a name to put in, for people who look at it. SHA-256; PKCS#1 v1.5 for
 * RSA. */
enum be_err pki_csr_build_new(
	struct pki_csr_build **out, const uint8_t *public_key, size_t len, const char *common, struct be_error *err);
void pki_csr_build_free(struct pki_csr_build **build);

/* The SHA-256 that the key holder signs, and with which scheme. */
enum be_err pki_csr_build_digest(const struct pki_csr_build *build, uint8_t out[static DIGEST_MAX], size_t *len,
	enum pki_scheme *scheme, struct be_error *err);

/* Puts the signature in (as pki_cms_build_finish wants it) and appends the request, DER. */
enum be_err pki_csr_build_finish(
	struct pki_csr_build *build, const uint8_t *signature, size_t len, struct buffer *der, struct be_error *err);

/* Holds a request against itself and appends its public key. BE_MALFORMED: no request; BE_CRYPTO: the proof is wrong;
 * BE_KEY_UNFIT: not RSA of 2048 to 4096 bits nor P-256 or P-384, or signed with less than SHA-256. */
enum be_err pki_csr_check(struct buffer *public_key, const uint8_t *der, size_t len, struct be_error *err);

#endif
