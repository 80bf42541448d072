/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_PRIVATE_KEY_H
#define PKI_PRIVATE_KEY_H

/*
 * A private key without a certificate: made, written and read as PKCS#8 (RFC 5958) in a secret, used for signatures.
 * Whoever keeps it decides how it is locked away. Also what belongs to a key that is kept elsewhere (a PKCS#11 token):
 * its public key as SubjectPublicKeyInfo, its signature in the shape that X.509 and CMS have.
 */

#include "base/buffer.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "pki/cms_build.h"
#include "pki/p12.h"

enum pki_private_kind {
	PKI_PRIVATE_P256,
	PKI_PRIVATE_RSA2048,
	PKI_PRIVATE_RSA3072,
	PKI_PRIVATE_RSA4096,
	PKI_PRIVATE_P384
};

struct pki_private; /* its memory is wiped when freed */

enum be_err pki_private_make(struct pki_private **out, enum pki_private_kind kind, struct be_error *err);
/* BE_MALFORMED for what is no PKCS#8, BE_UNSUPPORTED for a key that cannot sign documents here. */
enum be_err pki_private_load(struct pki_private **out, const struct secret *pkcs8, struct be_error *err);
/* The key that came out of a key file, for itself. */
enum be_err pki_private_of_p12(struct pki_private **out, const struct pki_key *key, struct be_error *err);
enum be_err pki_private_save(struct secret **out, const struct pki_private *key, struct be_error *err);
void pki_private_free(struct pki_private **key);

bool pki_private_is_rsa(const struct pki_private *key);
/* Appends the SubjectPublicKeyInfo, DER. */
enum be_err pki_private_public(const struct pki_private *key, struct buffer *spki, struct be_error *err);

/* Signs a digest of alg's size and appends the signature (RSA: as long as the modulus; ECDSA: DER of r and s).
 * BE_KEY_UNFIT when the scheme does not go with the key. Threads may sign with one key at once. */
enum be_err pki_private_sign(const struct pki_private *key, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digest, struct buffer *signature, struct be_error *err);

/* The same for count digests one behind the other, with signatures[i] in their order; less work each. After a failure some
 * may have been made. */
enum be_err pki_private_sign_all(const struct pki_private *key, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digests, size_t count, struct buffer *signatures, struct be_error *err);

/* BE_OK when the signature over a digest was made with the private half of spki; BE_CRYPTO when not, BE_MALFORMED for
 * what is no SubjectPublicKeyInfo. */
enum be_err pki_public_check(const uint8_t *spki, size_t spki_len, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digest, const uint8_t *signature, size_t len, struct be_error *err);

/* ---- for keys that are kept elsewhere; all append DER ---- */

/* From modulus and public exponent, big-endian. */
enum be_err pki_public_rsa(struct buffer *spki, const uint8_t *modulus, size_t modulus_len, const uint8_t *exponent,
	size_t exponent_len, struct be_error *err);
/* From ECParameters (a named curve) and the point, uncompressed. */
enum be_err pki_public_ec(struct buffer *spki, const uint8_t *parameters, size_t parameters_len, const uint8_t *point,
	size_t point_len, struct be_error *err);
/* Of a certificate, to be held against a key's. BE_MALFORMED. */
enum be_err pki_public_of_certificate(struct buffer *spki, const uint8_t *der, size_t len, struct be_error *err);
/* DigestInfo of PKCS#1 v1.5 (RFC 8017, 9.2). */
enum be_err pki_digest_info(struct buffer *out, enum digest_alg alg, const uint8_t *digest, struct be_error *err);
/* r and s one after the other, half of len each, as an ECDSA-Sig-Value. */
enum be_err pki_ecdsa_value(struct buffer *out, const uint8_t *rs, size_t len, struct be_error *err);

#endif
