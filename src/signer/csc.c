/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signer/signer.h"

#include "account/account.h"

#include <stdlib.h>
#include <string.h>

/* A key that stays at a service (CSC API v2). One authorisation opens it for as many digests as it allows at once, and
 * one call brings as many signatures as fit into an answer. What was asked and never answered is unknown, and nothing is
 * asked after it. */

struct csc {
	struct account *account; /* borrowed */
	char id[WIRE_ID_MAX];
	struct wire_csc_credential credential;
	struct pki_cert_info info;
	const uint8_t *ders[WIRE_CHAIN_MAX];
	size_t lens[WIRE_CHAIN_MAX];
	size_t count;
	struct secret *passphrase;
	struct account_wait wait;
	/* Why nothing is asked any more: a large batch comes in several calls, and a wrong passphrase must not be counted
	 * in each. BE_OK while it was not wrong. */
	struct be_error over;
};

static size_t csc_certificates(const void *state, const uint8_t *const **ders, const size_t **lens)
{
	const struct csc *csc = state;

	*ders = csc->ders;
	*lens = csc->lens;
	return csc->count;
}

static enum be_err csc_fit(const void *state, int64_t moment, struct be_error *err)
{
	const struct csc *csc = state;

	if (strcmp(csc->credential.cert.status, "revoked") == 0)
		return be_fail(err, BE_REVOKED, N_("The certificate is revoked"), "%s", csc->info.name);
	if (strcmp(csc->credential.key.status, "enabled") != 0)
		return be_fail(err, BE_KEY_UNFIT, N_("The service does not let this key sign"), "%s", csc->info.name);
	return pki_cert_fit(&csc->info, moment, err);
}

static void csc_free(void *state)
{
	struct csc *csc = state;

	secret_free(&csc->passphrase);
	wire_free(&wire_csc_credential_message, &csc->credential);
	free(csc);
}

/* ---- signing ---- */

struct batch {
	const struct csc *csc;
	enum pki_scheme scheme;
	enum digest_alg alg;
	struct signer_item *items;
	size_t count;
	uint8_t *digests; /* of all items, one behind the other */
};

static void answer_all(struct signer_item *items, size_t count, enum be_err rc, const struct be_error *why)
{
	for (size_t i = 0; i < count; i++) {
		items[i].result = rc;
		items[i].error = *why;
	}
}

/* What was not asked any more, for the same reason; what became of those is known, whatever became of the others. */
static void leave_out(const struct batch *b, size_t from, enum be_err rc, const struct be_error *why)
{
	struct be_error not_asked = { .code = BE_OK };

	if (rc != BE_UNKNOWN_OUTCOME) {
		answer_all(b->items + from, b->count - from, rc, why);
		return;
	}
	rc = be_fail(&not_asked, BE_NETWORK, N_("The service stopped answering before it was asked for this signature"),
		NULL);
	answer_all(b->items + from, b->count - from, rc, &not_asked);
}

/* So many signatures come in one answer, in base64 with quotes and a comma each. */
static size_t most_in_one_answer(const struct csc *csc)
{
	const size_t signature = csc->info.key_kind == PKI_KEY_RSA ? (csc->info.key_bits + 7) / 8
								   : 2 * ((csc->info.key_bits + 7) / 8) + 16;
	const size_t written = (signature + 2) / 3 * 4 + 3;
	const size_t fit = (WIRE_BODY_MAX - 256) / written;

	return fit > WIRE_SIGN_MAX ? WIRE_SIGN_MAX : fit;
}

static enum be_err sign_some(
	const struct batch *b, const struct secret *sad, size_t from, size_t count, struct be_error *err)
{
	const struct account_digests digests = {
		.alg = b->alg, .bytes = b->digests + from * digest_size(b->alg), .count = count
	};
	struct buffer *signatures = calloc(count, sizeof(*signatures));
	enum be_err rc;

	if (signatures == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	rc = account_sign_hashes(b->csc->account, b->csc->id, sad, b->scheme, &digests, signatures, &b->csc->wait, err);
	for (size_t i = 0; i < count; i++) {
		if (rc == BE_OK) {
			b->items[from + i].signature = signatures[i];
			b->items[from + i].result = BE_OK;
		} else {
			buffer_free(&signatures[i]);
		}
	}
	free(signatures);
	return rc;
}

/* All digests of one authorisation. */
static enum be_err sign_authorised(const struct batch *b, size_t from, size_t count, struct be_error *err)
{
	const struct account_digests digests = {
		.alg = b->alg, .bytes = b->digests + from * digest_size(b->alg), .count = count
	};
	const size_t most = most_in_one_answer(b->csc);
	struct secret *sad = NULL;
	enum be_err rc =
		account_authorize(b->csc->account, b->csc->id, b->csc->passphrase, &digests, &sad, &b->csc->wait, err);

	/* No signature was asked for yet, whatever became of the question. */
	if (rc == BE_UNKNOWN_OUTCOME)
		rc = be_fail(err, BE_NETWORK, N_("The service could not be reached"), NULL);
	for (size_t done = 0; rc == BE_OK && done < count;) {
		const size_t now = count - done < most ? count - done : most;

		rc = sign_some(b, sad, from + done, now, err);
		if (rc != BE_OK)
			answer_all(b->items + from + done, now, rc, err);
		done += now;
		if (rc != BE_OK)
			leave_out(b, from + done, rc, err);
	}
	if (sad == NULL)
		leave_out(b, from, rc, err);
	secret_free(&sad);
	return rc;
}

static enum be_err csc_sign(void *state, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
	size_t count, struct be_error *err)
{
	struct csc *csc = state;
	const size_t size = digest_size(alg);
	const size_t most = (size_t)csc->credential.multisign;
	struct batch b = { csc, scheme, alg, items, count, NULL };
	struct be_error why = { .code = BE_OK };
	enum be_err rc = BE_OK;

	if (csc->over.code != BE_OK) {
		leave_out(&b, 0, csc->over.code, &csc->over);
		return BE_OK;
	}
	b.digests = calloc(count, size);
	if (b.digests == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	for (size_t i = 0; i < count; i++)
		memcpy(b.digests + i * size, items[i].digest, size);
	for (size_t from = 0; rc == BE_OK && from < count; from += most)
		rc = sign_authorised(&b, from, count - from < most ? count - from : most, &why);
	if (rc == BE_WRONG_PASSPHRASE || rc == BE_LOCKED)
		csc->over = why;
	free(b.digests);
	return BE_OK;
}

static const struct signer_ops csc_ops = { "CSC", csc_certificates, csc_fit, csc_sign, csc_free };

/* ---- opening ---- */

static enum be_err take_credential(struct csc *csc, struct be_error *err)
{
	const struct wire_list *chain = &csc->credential.cert.certificates;
	const struct wire_bytes *items = chain->items;

	if (csc->credential.multisign < 1)
		return be_fail(err, BE_MALFORMED, N_("The service's answer makes no sense"), "multisign");
	for (; csc->count < chain->count && csc->count < WIRE_CHAIN_MAX; csc->count++) {
		csc->ders[csc->count] = items[csc->count].data;
		csc->lens[csc->count] = items[csc->count].len;
	}
	if (csc->count == 0)
		return BE_OK;
	return pki_cert_describe(&csc->info, csc->ders[0], csc->lens[0], err);
}

enum be_err signer_open_csc(struct signer **out, struct account *account, const char *id,
	const struct secret *passphrase, const struct account_wait *wait, struct be_error *err)
{
	struct csc *csc = calloc(1, sizeof(*csc));
	enum be_err rc;

	*out = NULL;
	if (csc == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	csc->account = account;
	if (wait != NULL)
		csc->wait = *wait;
	WIRE_SET(csc->id, id);
	rc = wire_set_secret(&csc->passphrase, secret_bytes(passphrase), secret_len(passphrase), err);
	if (rc == BE_OK)
		rc = account_credential(account, id, &csc->credential, wait, err);
	if (rc == BE_OK)
		rc = take_credential(csc, err);
	if (rc == BE_OK)
		return signer_new(out, &csc_ops, csc, err);
	csc_free(csc);
	return rc;
}
