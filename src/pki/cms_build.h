/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_CMS_BUILD_H
#define PKI_CMS_BUILD_H

/*
 * Making a detached CMS signature in two steps, so that the key may be anywhere: the attributes to be signed are built
 * from public certificates, their digest goes to the key holder, and the signature that comes back is put in. No
 * signingTime (EN 319 142-1, 6.3), signing-certificate-v2 always (RFC 5035), certificates of the chain without the
 * root unless it is the signer.
 */

#include "base/buffer.h"
#include "crypto/digest.h"
#include "pki/cert.h"

enum pki_scheme { PKI_SCHEME_RSA_PKCS1, PKI_SCHEME_RSA_PSS, PKI_SCHEME_ECDSA };

struct pki_cms_build;

/* chain[0] is the signer; the others follow in any order, and those that issued nothing in the path are left out.
 * content_digest is the document's, of digest's size. BE_KEY_UNFIT when the scheme does not go with the signer's
 * key. */
enum be_err pki_cms_build_new(struct pki_cms_build **out, const uint8_t *const *chain, const size_t *lens, size_t count,
	enum digest_alg digest, enum pki_scheme scheme, const uint8_t *content_digest, struct be_error *err);
void pki_cms_build_free(struct pki_cms_build **build);

/* The digest of the signed attributes: what the key holder signs. */
enum be_err pki_cms_build_digest(
	const struct pki_cms_build *build, uint8_t out[static DIGEST_MAX], size_t *len, struct be_error *err);

/* Puts the signature in (RSA: as long as the modulus; ECDSA: DER of r and s) and appends the message's DER. */
enum be_err pki_cms_build_finish(
	struct pki_cms_build *build, const uint8_t *signature, size_t len, struct buffer *der, struct be_error *err);

/* The largest DER that finish can give for this build, whatever the signature: an ECDSA signature's length varies
 * from one to the next. */
enum be_err pki_cms_build_max_size(const struct pki_cms_build *build, size_t *out, struct be_error *err);

#endif
