/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef TOKEN_TOKEN_H
#define TOKEN_TOKEN_H

/*
 * Keys in PKCS#11 tokens: a smart card, a hardware module. p11-kit is loaded on first use, so that a program without a
 * token pays nothing. A token is named by an RFC 7512 URI; keys in it by their id (CKA_ID). Knows no users, no
 * certificates' meaning, no documents. A process that has called in here must not fork and go on in the child.
 */

#include "base/buffer.h"
#include "base/secret.h"
#include "crypto/digest.h"
#include "pki/cms_build.h"
#include "pki/private_key.h"

#define TOKEN_ID_MAX 64u /* bytes of a CKA_ID */
#define TOKEN_LABEL_MAX 33u

struct token; /* one token with a session that is logged in; threads may use it at once */

/* The URI may name token, serial, manufacturer, model, slot-id, object, id; pin-value and pin-source in it are refused
 * (a URI is no place for a secret). The PIN is borrowed for the call. BE_UNSUPPORTED when p11-kit is not installed,
 * BE_NOT_FOUND when no token fits, BE_SEVERAL_KEYS when more than one does, BE_WRONG_PASSPHRASE for the PIN (the
 * token's last try is never used: BE_LOCKED), BE_TOKEN with the module's own word in the detail. */
enum be_err token_open(struct token **out, const char *uri, const struct secret *pin, struct be_error *err);
void token_free(struct token **token);

const char *token_label(const struct token *token); /* not made safe; borrowed */

/* One key pair as a token shows it. */
struct token_key {
	uint8_t id[TOKEN_ID_MAX];
	size_t id_len;
	char label[TOKEN_LABEL_MAX + 1]; /* cut; not made safe */
	bool is_rsa;
	bool always_asks; /* CKA_ALWAYS_AUTHENTICATE: the PIN is given again for every signature */
};

/* Makes a key pair that never leaves the token (sensitive, not extractable, for signing only) under a new random id,
 * and appends its SubjectPublicKeyInfo. RSA2048, RSA3072, RSA4096, P256, P384. */
enum be_err token_key_make(struct token *token, enum pki_private_kind kind, const char *label, struct token_key *out,
	struct buffer *spki, struct be_error *err);

/* The private keys that the URI fits (all of the token's when it names none), in the token's order. */
typedef enum be_err token_key_fn(void *ctx, const struct token_key *key, struct be_error *err);
enum be_err token_keys(struct token *token, token_key_fn *each, void *ctx, struct be_error *err);

/* BE_NOT_FOUND when the token has no private key of this id. */
enum be_err token_key_find(
	struct token *token, const uint8_t *id, size_t len, struct token_key *out, struct be_error *err);
enum be_err token_key_public(
	struct token *token, const struct token_key *key, struct buffer *spki, struct be_error *err);
enum be_err token_key_remove(struct token *token, const struct token_key *key, struct be_error *err);

/* The certificates beside a key, or all of the token's (NULL), DER: each is given to the callback, borrowed for its time. */
typedef enum be_err token_certificate_fn(void *ctx, const uint8_t *der, size_t len, struct be_error *err);
enum be_err token_certificates(
	struct token *token, const struct token_key *key, token_certificate_fn *each, void *ctx, struct be_error *err);

/* Signs a digest; as pki_private_sign. */
enum be_err token_sign(struct token *token, const struct token_key *key, enum pki_scheme scheme, enum digest_alg alg,
	const uint8_t *digest, struct buffer *signature, struct be_error *err);

#endif
