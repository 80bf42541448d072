/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_KEY_H
#define PKI_KEY_H

/* Private keys as OpenSSL holds them, alone and with their certificates. Inside this room only. */

#include "pki/p12.h"

#include <openssl/x509.h>

/* Takes pkey, also on failure; copies the certificates, the one of the key first. BE_KEY_MISMATCH when none is. */
enum be_err pki_key_new(struct pki_key **out, EVP_PKEY *pkey, const STACK_OF(X509) * certs, struct be_error *err);
/* Borrowed. */
EVP_PKEY *pki_key_pkey(const struct pki_key *key);

/* Signs a digest, as pki_key_sign. */
enum be_err pki_pkey_sign(EVP_PKEY *pkey, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err);
/* Many at once cost less each: count digests one behind the other, signatures[i] in their order. */
enum be_err pki_pkey_sign_all(EVP_PKEY *pkey, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digests,
	size_t count, struct buffer *signatures, struct be_error *err);
/* BE_CRYPTO when the signature is not one over this digest. */
enum be_err pki_pkey_check(EVP_PKEY *pkey, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	const uint8_t *signature, size_t len, struct be_error *err);
/* BE_KEY_UNFIT for what nobody here signs documents with: RSA under 2048 or over 4096 bits, a curve other than P-256 and
 * P-384, another kind. */
enum be_err pki_pkey_fit(const EVP_PKEY *pkey, struct be_error *err);

#endif
