/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_VAULT_H
#define SERVICE_VAULT_H

/*
 * People's private keys, and the key of the service itself.
 *
 * A person's key is made when the passphrase is set, and kept under that passphrase alone (scrypt, AES-256-GCM, every
 * parameter authenticated): without it nobody can sign, whoever has the disk. An authorisation opens it once and holds
 * it in memory for so many signatures and so long, no more (locked memory, but for what OpenSSL computes from it while it
 * is in use, which is wiped); it is lost with the process. Or the key is made in a PKCS#11 token and never leaves it; the
 * passphrase then locks the reference to it, and it is the service, which has the PIN, that keeps to that.
 *
 * The service's own key seals what the service must read without a person: the secrets of one-time codes, the CA's
 * keys, mails that wait. It stands in a file beside the database, mode 0600, so that a copy of the database alone tells
 * nothing.
 *
 * Knows keys, passphrases, authorisations. Knows no HTTP, issues no certificates. Threads may use it at once. At most
 * two derivations run at a time (each takes up to 137 MB), whoever asks for them; BE_BUSY after a minute's wait.
 */

#include "base/secret.h"
#include "crypto/digest.h"
#include "crypto/scrypt.h"
#include "pki/cms_build.h"
#include "pki/private_key.h"
#include "service/store.h"

struct vault;

struct vault_settings {
	const char *key_file;           /* of the service's own key; made when it is not there and the store is new */
	struct scrypt_cost cost;        /* for what is wrapped from now on: scrypt_cost_for_machine(0) */
	int64_t authorisation_seconds;  /* how long one holds: 300 */
	uint32_t batch_max;             /* most signatures of one authorisation */
	uint32_t open_max;              /* most authorisations with an open key at a time: 500 */
	const char *token_uri;          /* keys are made there; NULL: under the passphrase */
	const struct secret *token_pin; /* copied */
};

/* The store is borrowed and must outlive the vault. BE_IO when the key file can be read by others or is somebody
 * else's; BE_NOT_FOUND when it is gone but the store needs it; BE_MALFORMED. Ends all authorisations of an earlier
 * run. */
enum be_err vault_open(
	struct vault **out, struct store *store, const struct vault_settings *settings, struct be_error *err);
void vault_close(struct vault **vault);

/* ---- under the service's own key ---- */

/* purpose: a word that no other use has ("otp", "ca", "mail"); what was sealed for one cannot be opened for another.
 * name binds it to one thing (a device's id), may be "". Appends. */
enum be_err vault_seal(const struct vault *vault, const char *purpose, const char *name, const struct secret *content,
	struct buffer *out, struct be_error *err);
/* BE_CRYPTO when it was not sealed like this. Owned by the caller. */
enum be_err vault_unseal(const struct vault *vault, const char *purpose, const char *name, const uint8_t *sealed,
	size_t len, struct secret **out, struct be_error *err);

/* ---- keys ---- */

/* BE_WEAK, with the rule that is broken as the sentence: 8 to 512 bytes of UTF-8 without control characters, not all of
 * one kind when under 12, none of the most used ones, not the login itself. login may be NULL. */
enum be_err vault_passphrase_fit(const struct secret *passphrase, const char *login, struct be_error *err);

/* A key that was made and is not in the store yet: nothing of it stays when it is freed without being kept. */
struct vault_key {
	char id[STORE_ID_SIZE];
	char kind[STORE_WORD_SIZE]; /* "rsa3072", "p256" */
	bool in_token;
	struct buffer spki; /* the public key, DER */
	struct buffer csr;  /* the same with the proof that the private one is here: PKCS#10 (pki/request.h) */
	struct buffer envelope;
	struct buffer certificates;  /* of an imported file: DER, one behind the other, the key's own first */
	struct vault *made_in_token; /* until it is kept */
};

#define VAULT_KEY_EMPTY ((struct vault_key){ .in_token = false })

/* kind: "rsa3072", "p256"; name: the person, for the request. Takes seconds: not inside a transaction. BE_UNSUPPORTED
 * for another kind, BE_WEAK, BE_TOKEN. */
enum be_err vault_key_make(struct vault *vault, const char *kind, const char *name, const struct secret *passphrase,
	struct vault_key *out, struct be_error *err);
/* From a .p12 file and its passphrase, under a new one. Errors of pki_p12_open, BE_WEAK. */
enum be_err vault_key_import(struct vault *vault, const uint8_t *p12, size_t len, const struct secret *p12_passphrase,
	const struct secret *passphrase, struct vault_key *out, struct be_error *err);
/* Writes it to the store: in the transaction that issues its certificate. */
enum be_err vault_key_keep(struct vault *vault, struct vault_key *key, int64_t user, int64_t now, struct be_error *err);
void vault_key_free(struct vault_key *key);

/* Wraps the key of a certificate under another passphrase. The old one is counted as a try before it is looked at:
 * BE_WRONG_PASSPHRASE with tries_left, BE_LOCKED with retry_at. Ends the certificate's authorisations. BE_WEAK,
 * BE_STATE (no key yet), BE_NOT_FOUND. After a crash either the old or the new one opens it, never neither. */
enum be_err vault_passphrase_change(struct vault *vault, int64_t user, const char *certificate,
	const struct secret *old_one, const struct secret *new_one, int64_t now, struct be_error *err);

/* The certificate was revoked, or its key is not needed any more: nobody opens it again. */
enum be_err vault_key_destroy(struct vault *vault, const char *certificate, struct be_error *err);

/* ---- authorisations and signatures ---- */

struct vault_wish {
	int64_t user;
	const char *certificate; /* its id: CSC's credentialID */
	uint32_t count;          /* signatures */
	enum digest_alg alg;     /* of the digests; DIGEST_NONE: of any */
	const uint8_t *digests;  /* count digests one behind the other: SCAL 2; NULL: any digest */
};

/* sad: 32 random bytes in base64url, owned by the caller. expires: the moment it ends. The passphrase is counted as a
 * try first: BE_WRONG_PASSPHRASE with tries_left, BE_LOCKED. BE_STATE, BE_REVOKED, BE_CERT_EXPIRED for the
 * certificate, BE_LIMIT for more than batch_max or none, BE_BUSY for more than open_max, BE_NOT_FOUND. */
enum be_err vault_authorise(struct vault *vault, const struct vault_wish *wish, const struct secret *passphrase,
	int64_t now, struct secret **sad, int64_t *expires, struct be_error *err);

/* More digests for the rest of an authorisation (CSC: extendTransaction). The old SAD ends. */
enum be_err vault_extend(struct vault *vault, int64_t user, const char *certificate, const struct secret *sad,
	enum digest_alg alg, const uint8_t *digests, size_t count, int64_t now, struct secret **next, int64_t *expires,
	struct be_error *err);

/* Signs count digests of alg's size, one behind the other; signatures[i], empty and the caller's, in their order. They
 * are counted, durably and all or none, before the first is made: what fails afterwards is spent. BE_AUTHORISATION,
 * BE_REVOKED, BE_CERT_EXPIRED, BE_KEY_UNFIT for a scheme that does not go with the key. */
enum be_err vault_sign(struct vault *vault, int64_t user, const char *certificate, const struct secret *sad,
	enum pki_scheme scheme, enum digest_alg alg, const uint8_t *digests, size_t count, struct buffer *signatures,
	int64_t now, struct be_error *err);

/* Closes the keys whose time is over; now and then, and after a revocation. */
void vault_sweep(struct vault *vault, int64_t now);
/* Keys that are open now: for tests and measurements. */
size_t vault_open_keys(struct vault *vault);

#endif
