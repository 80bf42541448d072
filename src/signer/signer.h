/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGNER_SIGNER_H
#define SIGNER_SIGNER_H

/*
 * One interface, many key holders: a PKCS#12 file, a PKCS#11 token, a key that stays at a service. A signer owns a key or a
 * way to one; it is given digests, all of a batch at once, and knows no documents.
 */

#include "base/secret.h"
#include "pki/cms_build.h"

struct signer;

/* One thing to be signed: the digest of signed attributes in, a signature as pki_cms_build_finish takes it out. */
struct signer_item {
	uint8_t digest[DIGEST_MAX];
	struct buffer signature; /* owned by the caller; empty before */
	enum be_err result;      /* each item has its own: one that fails does not end the others */
	struct be_error error;
};

/* What a key holder has to provide. */
struct signer_ops {
	const char *name; /* for messages: "PKCS#12" */
	/* Certificates, DER, the signer's own first; borrowed until free. */
	size_t (*certificates)(const void *state, const uint8_t *const **ders, const size_t **lens);
	/* BE_OK when the key may sign at that moment, else why not. */
	enum be_err (*fit)(const void *state, int64_t moment, struct be_error *err);
	/* Signs all items in as few round trips as the holder allows. The result is BE_OK when every item has its own
	 * answer; an item that was given none counts as failed. */
	enum be_err (*sign)(void *state, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
		size_t count, struct be_error *err);
	void (*free)(void *state);
};

/* State is taken, also on failure. BE_NO_KEY when the holder has no certificate. */
enum be_err signer_new(struct signer **out, const struct signer_ops *ops, void *state, struct be_error *err);
void signer_free(struct signer **signer);

size_t signer_certificates(const struct signer *signer, const uint8_t *const **ders, const size_t **lens);
const struct pki_cert_info *signer_info(const struct signer *signer); /* of the signer's own certificate; borrowed */
enum be_err signer_fit(const struct signer *signer, int64_t moment, struct be_error *err);
enum be_err signer_sign(struct signer *signer, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
	size_t count, struct be_error *err);

/* A PKCS#12 file (signer/p12.c). The passphrase is borrowed for the call. Errors as pki_p12_open, and BE_IO,
 * BE_NOT_FOUND for the file. */
enum be_err signer_open_p12(
	struct signer **out, const char *path, const struct secret *passphrase, struct be_error *err);

/* A key in a PKCS#11 token (signer/pkcs11.c); uri: RFC 7512. The PIN is borrowed for the call, and kept inside for keys that
 * want it for each signature. Errors as token_open; BE_NO_KEY, BE_KEY_MISMATCH without a certificate for the key,
 * BE_SEVERAL_KEYS when more than one is fit to sign now. */
enum be_err signer_open_pkcs11(struct signer **out, const char *uri, const struct secret *pin, struct be_error *err);
/* The same as far as it goes without a PIN, which nobody likes to type for a token that is not there. */
enum be_err signer_look_pkcs11(const char *uri, struct be_error *err);

/* A key that stays at a service (signer/csc.c), id: of the certificate. The account is borrowed until signer_free, and
 * so is what wait points at; wait may be NULL. The passphrase is copied: a batch may need it again. Errors as
 * account_credential; of the items, those of account_authorize and account_sign_hashes. An item with
 * BE_UNKNOWN_OUTCOME may have been signed there. After a wrong passphrase nothing more is asked by this signer. */
struct account;
struct account_wait;
enum be_err signer_open_csc(struct signer **out, struct account *account, const char *id,
	const struct secret *passphrase, const struct account_wait *wait, struct be_error *err);

#endif
