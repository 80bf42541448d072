/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_REQUEST_H
#define PKI_REQUEST_H

/*
 * A public key with the proof that somebody holds its private half: a PKCS#10 request (RFC 2986). It is what an
 * authority is given, ours or a foreign one. The subject in it is a wish; an authority decides on names itself.
 */

#include "base/buffer.h"
#include "crypto/digest.h"
#include "pki/cms_build.h"

#define PKI_REQUEST_MAX_BYTES (16u << 10)

/* Signs a digest for the request: with a private key, or wherever the key is. Appends as pki_private_sign. */
typedef enum be_err pki_request_sign_fn(void *ctx, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err);

/* Appends the request's DER: the public key, a subject of one commonName, signed once through sign (SHA-256; PKCS#1
 * v1.5 or ECDSA, as the key is). */
enum be_err pki_request_make(struct buffer *der, const uint8_t *spki, size_t spki_len, const char *name,
	pki_request_sign_fn *sign, void *ctx, struct be_error *err);

/* Appends the SubjectPublicKeyInfo of a request whose signature is its own key's. BE_MALFORMED, BE_CRYPTO (the proof
 * is wrong), BE_KEY_UNFIT (RSA under 2048 or over 4096 bits, a curve other than P-256 and P-384, another kind, a
 * signature with less than SHA-256). */
enum be_err pki_request_open(struct buffer *spki, const uint8_t *der, size_t len, struct be_error *err);

#endif
