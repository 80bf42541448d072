/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/ca.h"

#include "base/utf8.h"
#include "pki/tsp.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_CHARACTERS 64u /* RFC 5280, appendix A: ub-common-name */

struct ca {
	const struct ca_ops *ops;
	void *self;
};

/* The authority's own list is not public; these are the meanings of RFC 5280 that fit a person's certificate. */
/* clang-format off */
const struct ca_reason ca_reasons[] = {
	{ PKI_REASON_KEY_COMPROMISE,      "keyCompromise",        N_("Passphrase or key may be known to others") },
	{ PKI_REASON_AFFILIATION_CHANGED, "affiliationChanged",   N_("Name, office or institution has changed") },
	{ PKI_REASON_SUPERSEDED,          "superseded",           N_("Replaced by a new certificate") },
	{ PKI_REASON_CESSATION,           "cessationOfOperation", N_("No longer in office, no longer used") },
	{ PKI_REASON_UNSPECIFIED,         "unspecified",          N_("Another reason") },
	{ PKI_REASON_NONE, NULL, NULL },
};
/* clang-format on */

const struct ca_reason *ca_reason_by_word(const char *word)
{
	for (const struct ca_reason *reason = ca_reasons; reason->word != NULL; reason++)
		if (strcmp(reason->word, word) == 0)
			return reason;
	return NULL;
}

enum be_err ca_new(struct ca **out, const struct ca_ops *ops, void *self, struct be_error *err)
{
	*out = malloc(sizeof(**out));
	if (*out == NULL) {
		ops->free(self);
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	}
	(*out)->ops = ops;
	(*out)->self = self;
	return BE_OK;
}

void ca_free(struct ca **ca)
{
	if (*ca == NULL)
		return;
	(*ca)->ops->free((*ca)->self);
	free(*ca);
	*ca = NULL;
}

/* A certificate is for years: what would read as something else on a screen does not go into it. */
static bool is_name(const char *name)
{
	size_t left = strlen(name), characters = 0;
	const uint8_t *at = (const uint8_t *)name;
	uint32_t c;

	if (left == 0 || name[0] == ' ' || name[left - 1] == ' ')
		return false;
	while (left > 0) {
		size_t took = utf8_decode(at, left, &c);
		enum utf8_class class = c != UTF8_BAD ? utf8_class(c) : UTF8_HIDDEN;

		if (class == UTF8_HIDDEN || class == UTF8_BLANK)
			return false;
		at += took;
		left -= took;
		characters++;
	}
	return characters <= NAME_MAX_CHARACTERS;
}

enum be_err ca_certify(struct ca *ca, const uint8_t *csr, size_t len, const struct ca_subject *person,
	struct buffer *certificate, char serial[static PKI_SERIAL_TEXT], struct be_error *err)
{
	struct buffer public_key = BUFFER_EMPTY;
	enum be_err rc;

	if (!is_name(person->name) || (person->organisation != NULL && !is_name(person->organisation)))
		return be_fail(err, BE_USAGE,
			N_("A name in a certificate has 1 to 64 characters, and none that cannot be seen"), NULL);
	rc = pki_request_open(&public_key, csr, len, err);
	if (rc == BE_OK)
		rc = ca->ops->issue(ca->self, public_key.data, public_key.len, person, certificate, serial, err);
	buffer_free(&public_key);
	return rc;
}

enum be_err ca_revoke(struct ca *ca, const char *serial, enum pki_reason reason, int64_t moment, struct be_error *err)
{
	return ca->ops->revoke(ca->self, serial, reason, moment, err);
}

enum be_err ca_certificate(struct ca *ca, enum ca_which which, struct buffer *der, struct be_error *err)
{
	return ca->ops->certificate(ca->self, which, der, err);
}

enum be_err ca_ocsp(struct ca *ca, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err)
{
	return ca->ops->ocsp(ca->self, request, len, response, err);
}

enum be_err ca_timestamp(
	struct ca *ca, const uint8_t *request, size_t len, struct buffer *response, struct be_error *err)
{
	return ca->ops->timestamp(ca->self, request, len, response, err);
}

enum be_err ca_crl(struct ca *ca, enum ca_which which, struct buffer *crl, struct be_error *err)
{
	return ca->ops->crl(ca->self, which, crl, err);
}

enum be_err ca_tick(struct ca *ca, int64_t *next, struct be_error *err)
{
	return ca->ops->tick(ca->self, next, err);
}

/* Asked as anybody would: an authority of another kind has no second way. */
enum be_err ca_timestamp_digest(struct ca *ca, enum digest_alg alg, const uint8_t *digest, const uint8_t *nonce,
	size_t nonce_len, struct buffer *token, struct be_error *err)
{
	struct buffer request = BUFFER_EMPTY, response = BUFFER_EMPTY;
	enum be_err rc = pki_tsp_request(&request, alg, digest, nonce, nonce_len, err);

	if (rc == BE_OK)
		rc = ca_timestamp(ca, request.data, request.len, &response, err);
	if (rc == BE_OK)
		rc = pki_tsp_token(token, response.data, response.len, alg, digest, nonce, nonce_len, err);
	buffer_free(&request);
	buffer_free(&response);
	return rc;
}
