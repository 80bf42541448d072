/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signer/signer.h"

#include "base/file.h"
#include "pki/p12.h"

#include <string.h>

static size_t p12_certificates(const void *state, const uint8_t *const **ders, const size_t **lens)
{
	const struct pki_key *key = state;

	return pki_key_certificates(key, ders, lens);
}

static enum be_err p12_fit(const void *state, int64_t moment, struct be_error *err)
{
	const struct pki_key *key = state;

	return pki_key_fit(key, moment, err);
}

static enum be_err p12_sign(void *state, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
	size_t count, struct be_error *err)
{
	const struct pki_key *key = state;

	(void)err;
	for (size_t i = 0; i < count; i++)
		items[i].result = pki_key_sign(key, scheme, alg, items[i].digest, &items[i].signature, &items[i].error);
	return BE_OK;
}

static void p12_free(void *state)
{
	struct pki_key *key = state;

	pki_key_free(&key);
}

static const struct signer_ops p12_ops = { "PKCS#12", p12_certificates, p12_fit, p12_sign, p12_free };

enum be_err signer_open_p12(
	struct signer **out, const char *path, const struct secret *passphrase, struct be_error *err)
{
	struct buffer file = BUFFER_EMPTY;
	struct pki_key *key = NULL;
	enum be_err rc;

	*out = NULL;
	rc = file_read_all(&file, path, PKI_P12_MAX_BYTES, err);
	if (rc == BE_OK)
		rc = pki_p12_open(&key, file.data, file.len, passphrase, err);
	if (rc == BE_OK)
		rc = signer_new(out, &p12_ops, key, err);
	/* A file may hold its key without any encryption. */
	if (file.data != NULL)
		explicit_bzero(file.data, file.cap);
	buffer_free(&file);
	return rc;
}
