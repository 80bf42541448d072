/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "signer/signer.h"

#include "base/time.h"
#include "pki/private_key.h"
#include "token/token.h"

#include <stdlib.h>
#include <string.h>

/* A key that stays in a token. Its certificate is the one under the same id whose public key is the key's; what else lies
 * in the token may help to complete the chain. After a PIN that was refused nothing is asked any more: a card counts. */

#define KEYS_MAX 64u
#define CERTIFICATES_MAX 16u
#define LABELS_MAX 120u

struct certificates {
	struct buffer ders[CERTIFICATES_MAX];
	size_t count;
};

struct p11 {
	struct token *token;
	struct token_key key;
	struct certificates certificates; /* the signer's own first */
	const uint8_t *ders[CERTIFICATES_MAX];
	size_t lens[CERTIFICATES_MAX];
	struct pki_cert_info info;
	struct be_error over; /* why it does not sign any more; BE_OK while it does */
};

static void clear(struct certificates *certificates)
{
	for (size_t i = 0; i < certificates->count; i++)
		buffer_free(&certificates->ders[i]);
	certificates->count = 0;
}

/* ---- signing ---- */

static size_t p11_certificates(const void *state, const uint8_t *const **ders, const size_t **lens)
{
	const struct p11 *p11 = state;

	*ders = p11->ders;
	*lens = p11->lens;
	return p11->certificates.count;
}

static enum be_err p11_fit(const void *state, int64_t moment, struct be_error *err)
{
	const struct p11 *p11 = state;

	return pki_cert_fit(&p11->info, moment, err);
}

static enum be_err p11_sign(void *state, enum pki_scheme scheme, enum digest_alg alg, struct signer_item *items,
	size_t count, struct be_error *err)
{
	struct p11 *p11 = state;

	(void)err;
	for (size_t i = 0; i < count; i++) {
		struct signer_item *item = &items[i];

		if (p11->over.code != BE_OK) {
			item->result = p11->over.code;
			item->error = p11->over;
			continue;
		}
		item->result =
			token_sign(p11->token, &p11->key, scheme, alg, item->digest, &item->signature, &item->error);
		if (item->result == BE_WRONG_PASSPHRASE || item->result == BE_LOCKED || item->result == BE_TOKEN)
			p11->over = item->error;
	}
	return BE_OK;
}

static void p11_free(void *state)
{
	struct p11 *p11 = state;

	clear(&p11->certificates);
	token_free(&p11->token);
	free(p11);
}

static const struct signer_ops p11_ops = { "PKCS#11", p11_certificates, p11_fit, p11_sign, p11_free };

/* ---- which key ---- */

static enum be_err keep_certificate(void *context, const uint8_t *der, size_t len, struct be_error *err)
{
	struct certificates *certificates = context;

	if (certificates->count == CERTIFICATES_MAX)
		return BE_OK;
	buffer_add(&certificates->ders[certificates->count], der, len);
	return buffer_check(&certificates->ders[certificates->count++], err);
}

/* A key whose public half the token does not tell is believed to be the one of the certificate: what comes out of it is
 * held against that certificate before a document is kept. */
static bool belongs(const struct buffer *spki, const struct buffer *der, struct pki_cert_info *info)
{
	struct buffer of_certificate = BUFFER_EMPTY;
	bool same = pki_cert_describe(info, der->data, der->len, NULL) == BE_OK && !info->is_ca;

	if (same && spki->len > 0)
		same = pki_public_of_certificate(&of_certificate, der->data, der->len, NULL) == BE_OK &&
			of_certificate.len == spki->len && memcmp(of_certificate.data, spki->data, spki->len) == 0;
	buffer_free(&of_certificate);
	return same;
}

/* The key's own certificate goes to the front; false when there is none. */
static bool find_own(
	struct token *token, const struct token_key *key, struct certificates *beside, struct pki_cert_info *info)
{
	struct buffer spki = BUFFER_EMPTY;
	bool found = false;

	if (token_key_public(token, key, &spki, NULL) != BE_OK)
		buffer_reset(&spki);
	if (token_certificates(token, key, keep_certificate, beside, NULL) != BE_OK)
		clear(beside);
	for (size_t i = 0; i < beside->count && !found; i++) {
		const struct buffer own = beside->ders[i];

		found = belongs(&spki, &own, info);
		if (found) {
			beside->ders[i] = beside->ders[0];
			beside->ders[0] = own;
		}
	}
	buffer_free(&spki);
	return found;
}

struct choice {
	struct p11 *p11;
	struct token_key keys[KEYS_MAX];
	size_t count;
	size_t with_certificate;
	size_t fit; /* of those: that may sign now */
	char labels[LABELS_MAX];
};

static enum be_err keep_key(void *context, const struct token_key *key, struct be_error *err)
{
	struct choice *choice = context;

	(void)err;
	if (choice->count < KEYS_MAX)
		choice->keys[choice->count++] = *key;
	return BE_OK;
}

static void note_label(struct choice *choice, const struct token_key *key)
{
	const size_t len = strlen(choice->labels);

	if (len + strlen(key->label) + 3 < sizeof(choice->labels)) {
		if (len > 0)
			(void)strcat(choice->labels, ", ");
		(void)strcat(choice->labels, key->label);
	}
}

/* Of several keys the one that is fit to sign documents now is meant: a card often has one for logging in beside it. */
static void weigh(struct choice *choice, const struct token_key *key)
{
	struct certificates beside = { .count = 0 };
	struct pki_cert_info info;

	if (find_own(choice->p11->token, key, &beside, &info)) {
		const bool fit = pki_cert_fit(&info, time_now(), NULL) == BE_OK;

		note_label(choice, key);
		if (choice->with_certificate == 0 || (fit && choice->fit == 0)) {
			clear(&choice->p11->certificates);
			choice->p11->certificates = beside;
			choice->p11->key = *key;
			choice->p11->info = info;
			beside.count = 0;
		}
		choice->with_certificate++;
		choice->fit += fit;
	}
	clear(&beside);
}

static enum be_err choose(struct p11 *p11, struct be_error *err)
{
	struct choice *choice = calloc(1, sizeof(*choice));
	enum be_err rc;

	if (choice == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	choice->p11 = p11;
	rc = token_keys(p11->token, keep_key, choice, err);
	for (size_t i = 0; rc == BE_OK && i < choice->count; i++)
		weigh(choice, &choice->keys[i]);
	if (rc == BE_OK && choice->count == 0)
		rc = be_fail(
			err, BE_NO_KEY, N_("The token has no private key of this name"), "%s", token_label(p11->token));
	else if (rc == BE_OK && choice->with_certificate == 0)
		rc = be_fail(err, BE_KEY_MISMATCH, N_("The token has no certificate for its key"), "%s",
			token_label(p11->token));
	else if (rc == BE_OK && choice->with_certificate > 1 && choice->fit != 1)
		rc = be_fail(err, BE_SEVERAL_KEYS, N_("Several keys of the token fit; name one with object=LABEL"),
			"%s", choice->labels);
	free(choice);
	return rc;
}

/* What lies there besides: which of them are in the chain is found out where the message is built. */
static enum be_err add_helpers(struct p11 *p11, struct be_error *err)
{
	struct certificates *own = &p11->certificates;
	enum be_err rc;

	for (size_t i = 1; i < own->count; i++)
		buffer_free(&own->ders[i]);
	own->count = 1;
	rc = token_certificates(p11->token, NULL, keep_certificate, own, err);
	for (size_t i = 0; i < own->count; i++) {
		p11->ders[i] = own->ders[i].data;
		p11->lens[i] = own->ders[i].len;
	}
	return rc;
}

enum be_err signer_look_pkcs11(const char *uri, struct be_error *err)
{
	struct token *token = NULL;
	const enum be_err rc = token_open(&token, uri, NULL, err);

	token_free(&token);
	return rc;
}

enum be_err signer_open_pkcs11(struct signer **out, const char *uri, const struct secret *pin, struct be_error *err)
{
	struct p11 *p11 = calloc(1, sizeof(*p11));
	enum be_err rc;

	*out = NULL;
	if (p11 == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	rc = token_open(&p11->token, uri, pin, err);
	if (rc == BE_OK)
		rc = choose(p11, err);
	if (rc == BE_OK)
		rc = add_helpers(p11, err);
	if (rc == BE_OK)
		return signer_new(out, &p11_ops, p11, err);
	p11_free(p11);
	return rc;
}
