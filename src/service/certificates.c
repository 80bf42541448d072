/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/certificates.h"

#include "base/encode.h"
#include "base/time.h"
#include "crypto/digest.h"
#include "crypto/random.h"
#include "service/ca.h"
#include "service/certificates_inside.h"
#include "service/log.h"
#include "service/store_records.h"
#include "service/store_sessions.h"
#include "service/vault.h"
#include "wire/paths.h"

#include <stdio.h>
#include <string.h>

#define DAY 86400
#define PURPOSE "passphrase"
/* What a link of the embedded mode begins with, where the way is a socket and not a name. */
#define EMBEDDED_URL "http://localhost"

/* ---- links ---- */

enum be_err certificates_link_digest(
	uint8_t out[static STORE_DIGEST_SIZE], const struct secret *link, struct be_error *err)
{
	uint8_t digest[DIGEST_MAX];
	size_t len = 0;
	enum be_err rc = digest_bytes(DIGEST_SHA256, secret_bytes(link), secret_len(link), digest, &len, err);

	if (rc == BE_OK)
		memcpy(out, digest, STORE_DIGEST_SIZE);
	return rc;
}

static enum be_err make_url(
	struct secret **url, const struct service_config *config, const struct secret *link, struct be_error *err)
{
	const char *base = config->public_url != NULL ? config->public_url : EMBEDDED_URL;
	enum be_err rc = secret_new(url, strlen(base) + sizeof(WIRE_PATH_LINK) + secret_len(link), err);

	if (rc == BE_OK)
		rc = secret_add(*url, base, strlen(base), err);
	if (rc == BE_OK)
		rc = secret_add(*url, WIRE_PATH_LINK, strlen(WIRE_PATH_LINK), err);
	if (rc == BE_OK)
		rc = secret_add(*url, secret_bytes(link), secret_len(link), err);
	return rc;
}

struct mail_letter certificates_letter(const struct store_user *person, enum mail_kind kind, int64_t now)
{
	struct mail_letter letter = {
		.kind = kind, .language = I18N_ID, .to = person->mail, .name = person->name, .moment = now
	};

	(void)i18n_by_name(&letter.language, person->language);
	return letter;
}

/* A new link, kept as its digest, and the letter that carries it. Within a transaction. */
static enum be_err send_link(struct service *service, const struct store_user *person,
	const struct store_certificate *certificate, int64_t now, struct be_error *err)
{
	struct mail_letter letter = certificates_letter(
		person, certificate->state == STORE_STATE_RENEW ? MAIL_RENEWAL : MAIL_ISSUANCE, now);
	struct store_link row = { .user = person->id,
		.purpose = PURPOSE,
		.created = now,
		.expires = now + CERTIFICATES_LINK_SECONDS,
		.used = TIME_NONE };
	struct secret *bytes = NULL, *link = NULL, *url = NULL;
	enum be_err rc = crypto_random_secret(&bytes, CERTIFICATES_LINK_BYTES, err);

	memcpy(row.certificate, certificate->id, sizeof(row.certificate));
	if (rc == BE_OK)
		rc = encode_secret(&link, ENCODE_BASE64URL, bytes, err);
	if (rc == BE_OK)
		rc = certificates_link_digest(row.digest, link, err);
	if (rc == BE_OK)
		rc = make_url(&url, &service->config, link, err);
	if (rc == BE_OK)
		rc = store_link_add(service->store, &row, err);
	letter.link = url;
	letter.link_until = row.expires;
	if (rc == BE_OK)
		rc = mail_queue(service->mail, person->id, &letter, err);
	secret_free(&url);
	secret_free(&link);
	secret_free(&bytes);
	return rc;
}

/* ---- asking ---- */

static enum be_err terms_in_force(const struct service *service, const char *terms, struct be_error *err)
{
	char version[STORE_WORD_SIZE];
	enum be_err rc = certificates_terms(service, version, NULL, err);

	if (rc == BE_OK && strcmp(version, terms) != 0)
		return be_fail(
			err, BE_TERMS, N_("The terms of use have to be accepted as they are now"), "%s", version);
	return rc;
}

static enum be_err kind_wished(
	char out[static STORE_WORD_SIZE], const struct service *service, const char *wish, struct be_error *err)
{
	static const char *const words[] = { [SERVICE_KEY_RSA3072] = "rsa3072", [SERVICE_KEY_P256] = "p256" };
	const char *kind = wish != NULL && wish[0] != '\0' ? wish : words[service->config.key_type];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i], kind) == 0) {
			(void)strcpy(out, words[i]);
			return BE_OK;
		}
	return be_fail(err, BE_UNSUPPORTED, N_("Keys of this kind are not made here"), NULL);
}

static enum be_err is_none(void *ctx, const struct store_certificate *certificate, struct be_error *err)
{
	const unsigned *states = ctx;

	if ((*states & STORE_STATE_BIT(certificate->state)) == 0)
		return BE_OK;
	return be_fail(err, BE_STATE, N_("There is a certificate already, or one on its way"), "%s",
		store_state_word(certificate->state));
}

enum be_err certificates_none_there(struct service *service, int64_t user, int64_t now, struct be_error *err)
{
	unsigned states = STORE_STATE_BIT(STORE_STATE_WAITING) | STORE_STATE_BIT(STORE_STATE_NEW) |
		STORE_STATE_BIT(STORE_STATE_RENEW) | STORE_STATE_BIT(STORE_STATE_ISSUE) |
		STORE_STATE_BIT(STORE_STATE_SUSPEND);

	return store_certificates(service->store, user, now, is_none, &states, err);
}

/* The request with everything that belongs to it. Within a transaction. */
static enum be_err add(struct service *service, struct store_certificate *certificate, struct be_error *err)
{
	struct store_user person;
	int64_t now = certificate->requested;
	enum be_err rc = store_user_get(service->store, certificate->user, &person, err);

	if (rc == BE_OK)
		rc = store_id_new(certificate->id, err);
	if (rc == BE_OK)
		rc = store_terms_accept(service->store, person.id, certificate->terms, now, err);
	if (rc == BE_OK)
		rc = store_certificate_add(service->store, certificate, err);
	if (rc == BE_OK)
		rc = send_link(service, &person, certificate, now, err);
	if (rc == BE_OK)
		rc = store_audit_add(service->store, now, person.login,
			certificate->state == STORE_STATE_RENEW ? "certificate-renewal" : "certificate-requested",
			certificate->id, certificate->key_kind, err);
	return rc;
}

static enum be_err finish(struct service *service, enum be_err rc, const struct store_certificate *certificate,
	char id[static STORE_ID_SIZE], struct be_error *err)
{
	rc = store_end(service->store, rc, err);
	if (rc == BE_OK) {
		memcpy(id, certificate->id, STORE_ID_SIZE);
		mail_wake(service->mail);
	}
	return rc;
}

enum be_err certificates_request(struct service *service, int64_t user, const char *key_kind, const char *terms,
	char id[static STORE_ID_SIZE], struct be_error *err)
{
	struct store_certificate certificate = { .user = user,
		.state = STORE_STATE_NEW,
		.requested = time_now(),
		.not_before = TIME_NONE,
		.not_after = TIME_NONE,
		.revoked = TIME_NONE };
	enum be_err rc = terms_in_force(service, terms, err);

	if (rc == BE_OK)
		rc = kind_wished(certificate.key_kind, service, key_kind, err);
	if (rc == BE_OK)
		rc = store_begin(service->store, err);
	if (rc != BE_OK)
		return rc;
	(void)strcpy(certificate.terms, terms);
	rc = certificates_none_there(service, user, certificate.requested, err);
	if (rc == BE_OK)
		rc = add(service, &certificate, err);
	return finish(service, rc, &certificate, id, err);
}

int64_t certificates_renewable_from(const struct service *service, const struct store_certificate *certificate)
{
	if (certificate->state != STORE_STATE_ISSUE || certificate->not_after == TIME_NONE)
		return TIME_NONE;
	return certificate->not_after - service->config.renew_days * DAY;
}

static enum be_err may_renew(
	const struct service *service, const struct store_certificate *old, int64_t now, struct be_error *err)
{
	int64_t from = certificates_renewable_from(service, old);

	if (from == TIME_NONE)
		return be_fail(err, BE_STATE, N_("Only a certificate that works can be renewed"), "%s",
			store_state_word(old->state));
	if (now >= from)
		return BE_OK;
	(void)be_fail(err, BE_TOO_EARLY, N_("This certificate cannot be renewed yet"), NULL);
	if (err != NULL)
		err->retry_at = from;
	return BE_TOO_EARLY;
}

enum be_err certificates_renew(struct service *service, int64_t user, const char *certificate, const char *terms,
	char id[static STORE_ID_SIZE], struct be_error *err)
{
	struct store_certificate next = { .user = user,
		.state = STORE_STATE_RENEW,
		.requested = time_now(),
		.not_before = TIME_NONE,
		.not_after = TIME_NONE,
		.revoked = TIME_NONE };
	struct store_certificate old;
	enum be_err rc = terms_in_force(service, terms, err);

	if (rc == BE_OK)
		rc = store_begin(service->store, err);
	if (rc != BE_OK)
		return rc;
	rc = store_certificate_get(service->store, user, certificate, next.requested, &old, err);
	if (rc == BE_OK)
		rc = may_renew(service, &old, next.requested, err);
	if (rc == BE_OK && kind_wished(next.key_kind, service, old.key_kind, NULL) != BE_OK)
		rc = kind_wished(next.key_kind, service, NULL, err);
	if (rc == BE_OK) {
		(void)strcpy(next.terms, terms);
		memcpy(next.replaces, old.id, sizeof(next.replaces));
		rc = add(service, &next, err);
	}
	if (rc == BE_EXISTS)
		rc = be_fail(err, BE_STATE, N_("This certificate is being renewed already"), NULL);
	return finish(service, rc, &next, id, err);
}

enum be_err certificates_link_again(
	struct service *service, int64_t user, const char *certificate, struct be_error *err)
{
	struct store_certificate row;
	struct store_user person;
	int64_t now = time_now();
	enum be_err rc = store_begin(service->store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_certificate_get(service->store, user, certificate, now, &row, err);
	if (rc == BE_OK && row.state != STORE_STATE_NEW && row.state != STORE_STATE_RENEW)
		rc = be_fail(err, BE_STATE, N_("The passphrase of this certificate was created already"), "%s",
			store_state_word(row.state));
	if (rc == BE_OK)
		rc = store_user_get(service->store, user, &person, err);
	if (rc == BE_OK)
		rc = send_link(service, &person, &row, now, err);
	if (rc == BE_OK)
		rc = store_history_add(service->store, row.id, "link-sent", "", now, err);
	if (rc == BE_OK)
		rc = store_audit_add(service->store, now, person.login, "link-sent", row.id, "", err);
	rc = store_end(service->store, rc, err);
	if (rc == BE_OK)
		mail_wake(service->mail);
	return rc;
}

/* ---- revoking ---- */

static enum be_err tell_revoked(struct service *service, const struct store_user *person,
	const struct store_certificate *row, const struct ca_reason *reason, int64_t now, struct be_error *err)
{
	struct mail_letter letter = certificates_letter(person, MAIL_REVOCATION, now);
	struct buffer der = BUFFER_EMPTY;
	struct pki_cert_info info;
	enum be_err rc = store_certificate_der(service->store, row->id, &der, NULL, err);

	if (rc == BE_OK)
		rc = pki_cert_describe(&info, der.data, der.len, err);
	letter.certificate = info.subject;
	letter.serial = row->serial;
	letter.reason = reason->about;
	if (rc == BE_OK)
		rc = mail_queue(service->mail, person->id, &letter, err);
	buffer_free(&der);
	return rc;
}

/* Within a transaction. */
static enum be_err revoke(struct service *service, const struct store_certificate *row, const struct ca_reason *reason,
	int64_t now, struct be_error *err)
{
	struct store_user person;
	bool issued = row->serial[0] != '\0';
	enum be_err rc = store_user_get(service->store, row->user, &person, err);

	if (rc == BE_OK)
		rc = store_certificate_revoke(service->store, row->id, (int64_t)reason->code, now, err);
	if (rc == BE_OK)
		rc = vault_key_destroy(service->vault, row->id, err);
	if (rc == BE_OK)
		rc = store_audit_add(service->store, now, person.login,
			issued ? "certificate-revoked" : "certificate-withdrawn", row->id, reason->word, err);
	return rc == BE_OK && issued ? tell_revoked(service, &person, row, reason, now, err) : rc;
}

enum be_err certificates_revoke(
	struct service *service, int64_t user, const char *certificate, const char *reason, struct be_error *err)
{
	const struct ca_reason *why = ca_reason_by_word(reason);
	struct store_certificate row;
	int64_t now = time_now();
	enum be_err rc;

	if (why == NULL)
		return be_fail(err, BE_USAGE, N_("A certificate is not revoked for such a reason here"), NULL);
	rc = store_begin(service->store, err);
	if (rc != BE_OK)
		return rc;
	rc = store_certificate_get(service->store, user, certificate, now, &row, err);
	if (rc == BE_OK && row.state == STORE_STATE_REVOKE)
		rc = be_fail(err, BE_STATE, N_("This certificate was revoked already"), NULL);
	if (rc == BE_OK)
		rc = revoke(service, &row, why, now, err);
	rc = store_end(service->store, rc, err);
	if (rc != BE_OK)
		return rc;
	mail_wake(service->mail);
	/* It is revoked now, whatever comes after: who asks by OCSP is told so already. */
	if (row.serial[0] != '\0') {
		struct be_error told = { .code = BE_OK };

		if (ca_revoke(service->ca, row.serial, why->code, now, &told) != BE_OK)
			service_log_error(SERVICE_LOG_ERROR, "ca.revoke", &told);
	}
	return BE_OK;
}
