/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_VAULT_PARTS_H
#define SERVICE_VAULT_PARTS_H

/* What the files of the vault share: src/service/vault*.c alone. */

#include "service/store_certificates.h"
#include "service/store_people.h"
#include "service/store_sessions.h"
#include "service/vault.h"
#include "token/token.h"

#include <pthread.h>

/* What an envelope holds. */
enum vault_content {
	VAULT_PKCS8 = 1,
	VAULT_TOKEN = 2, /* the CKA_ID of a key pair in the token */
};

/* An authorisation with its key. It leaves the list when its time is over or its signatures are used up; who is signing
 * with it just then still has it. */
struct vault_open_key {
	struct vault_open_key *next;
	uint8_t digest[STORE_DIGEST_SIZE]; /* of the SAD */
	int64_t user;
	char certificate[STORE_ID_SIZE];
	bool is_rsa;
	enum vault_content what;
	struct secret *content;
	/* Read once, at the first signature: reading and the first use cost as much as signing. Its private numbers are in
	 * OpenSSL's locked memory; what OpenSSL computes from them beside is not, and is wiped with it. NULL before. */
	struct pki_private *ready;
	int64_t left;
	int64_t expires;
	unsigned users;
};

struct vault {
	struct store *store; /* borrowed */
	struct secret *key;  /* the service's own */
	struct scrypt_cost cost;
	int64_t authorisation_seconds;
	uint32_t batch_max;
	uint32_t open_max;
	struct token *token; /* NULL: keys are under their passphrases */
	pthread_mutex_t lock;
	struct vault_open_key *open; /* under the lock */
	size_t open_count;
};

extern const struct store_limit vault_passphrase_limit;

/* ---- envelopes ---- */

/* Appends an envelope around content, opened again before it is given out: what it replaces is not needed any more then.
 * was: the envelope it replaces, NULL for none: the price never goes down. Derives: takes a while. */
enum be_err vault_envelope_close(struct buffer *out, const struct vault *vault, const char *id, enum vault_content what,
	const struct secret *content, const struct secret *passphrase, const struct buffer *was, struct be_error *err);
/* BE_WRONG_PASSPHRASE, BE_MALFORMED, BE_LIMIT for a cost out of bounds. */
enum be_err vault_envelope_open(struct secret **content, enum vault_content *what, const struct buffer *envelope,
	const char *id, const struct secret *passphrase, struct be_error *err);

/* ---- keys ---- */

/* The key of a certificate that may sign now, with its envelope appended: BE_STATE, BE_REVOKED, BE_CERT_EXPIRED,
 * BE_NOT_FOUND. */
enum be_err vault_key_of(struct vault *vault, int64_t user, const char *certificate, int64_t now, struct store_key *key,
	struct buffer *envelope, struct be_error *err);

/* What the tries of a key's passphrase are counted under, with the key's id behind it. */
#define VAULT_TRIES "passphrase:"

/* Counts a try, then opens the envelope: vault.h says what comes of it. */
enum be_err vault_try_open(struct vault *vault, const struct store_key *key, const struct buffer *envelope,
	const struct secret *passphrase, int64_t now, struct secret **content, enum vault_content *what,
	struct be_error *err);

/* ---- open keys ---- */

/* Closes those of one certificate (NULL: all). */
void vault_close_keys(struct vault *vault, const char *certificate);

#endif
