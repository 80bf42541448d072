/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_P12_H
#define PKI_P12_H

/*
 * PKCS#12 files (RFC 7292): one private key with its certificates. The file is a stranger's: its iteration counts are
 * read and bounded before any key is derived. The key stays inside; only signatures come out.
 */

#include "base/secret.h"
#include "crypto/digest.h"
#include "pki/cms_build.h"

#define PKI_P12_MAX_BYTES (1u << 20)
#define PKI_P12_MAX_ITERATIONS 10000000u        /* of all derivations of a file together */

struct pki_key;                         /* a private key and its certificates; the key's memory is wiped when freed */

/* Each failure has its own code and sentence: BE_BAD_KEY_FILE (no PKCS#12), BE_LIMIT (iterations, scrypt cost or
 * size beyond the bounds), BE_WRONG_PASSPHRASE, BE_NO_KEY, BE_SEVERAL_KEYS, BE_KEY_MISMATCH (no certificate for
 * the key), BE_UNSUPPORTED (an algorithm this machine's OpenSSL does not have: named). Whether the certificate may
 * sign now: pki_key_fit. */
enum be_err pki_p12_open(
	struct pki_key **out, const uint8_t *bytes, size_t len, const struct secret *passphrase, struct be_error *err);
void pki_key_free(struct pki_key **key);

/* Certificates, DER, borrowed; the signer's first. */
size_t pki_key_certificates(const struct pki_key *key, const uint8_t *const **ders, const size_t **lens);
const struct pki_cert_info *pki_key_info(const struct pki_key *key);

/* BE_OK, or why this certificate must not sign at that moment: BE_CERT_EXPIRED, BE_CERT_NOT_YET, BE_KEY_UNFIT (key
 * usage without digitalSignature and nonRepudiation, an extended key usage that is not for documents, a CA, RSA
 * below 2048 or above 4096 bits, a curve other than P-256 and P-384, another kind of key). */
enum be_err pki_key_fit(const struct pki_key *key, int64_t moment, struct be_error *err);

/* Signs a digest (of alg's size) and appends the signature as pki_cms_build_finish wants it. */
enum be_err pki_key_sign(const struct pki_key *key, enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digest,
	struct buffer *signature, struct be_error *err);

#endif
