/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/certificates.h"

#include "base/time.h"
#include "service/ca.h"
#include "service/certificates_inside.h"
#include "service/store_records.h"
#include "service/store_sessions.h"
#include "service/vault.h"

#include <stdio.h>
#include <string.h>

#define HOUR 3600

/* ---- looking at a link ---- */

enum be_err certificates_link_look(struct service *service, const struct secret *link,
	struct store_certificate *certificate, struct store_user *person, struct be_error *err)
{
	uint8_t digest[STORE_DIGEST_SIZE];
	struct store_certificate row;
	struct store_user user;
	struct store_link found;
	int64_t now = time_now();
	enum be_err rc = certificates_link_digest(digest, link, err);

	if (rc == BE_OK)
		rc = store_link_find(service->store, digest, now, &found, err);
	if (rc == BE_OK)
		rc = store_certificate_get(service->store, found.user, found.certificate, now, &row, err);
	if (rc == BE_OK)
		rc = store_user_get(service->store, found.user, &user, err);
	if (rc == BE_NOT_FOUND ||
		(rc == BE_OK && (user.disabled || (row.state != STORE_STATE_NEW && row.state != STORE_STATE_RENEW))))
		rc = be_fail(err, BE_LINK, N_("The certificate of this link was withdrawn"), NULL);
	if (rc == BE_OK && certificate != NULL)
		*certificate = row;
	if (rc == BE_OK && person != NULL)
		*person = user;
	return rc;
}

/* ---- issuing ---- */

/* Everything that takes long is done before the transaction; until that ends, nothing of it is anywhere. */
struct issue {
	struct service *service;
	struct store_certificate row;
	struct store_user person;
	struct vault_key key;
	struct buffer der;
	struct buffer issuers;
	struct pki_cert_info info;
};

static void issue_free(struct issue *issue)
{
	vault_key_free(&issue->key);
	buffer_free(&issue->der);
	buffer_free(&issue->issuers);
}

static enum be_err describe(struct issue *issue, struct be_error *err)
{
	enum be_err rc = pki_cert_describe(&issue->info, issue->der.data, issue->der.len, err);

	if (rc != BE_OK)
		return rc;
	(void)snprintf(issue->row.serial, sizeof(issue->row.serial), "%s", issue->info.serial);
	memcpy(issue->row.key, issue->key.id, sizeof(issue->row.key));
	issue->row.not_before = issue->info.not_before;
	issue->row.not_after = issue->info.not_after;
	return BE_OK;
}

static enum be_err certify(struct issue *issue, struct be_error *err)
{
	struct ca *ca = issue->service->ca;
	const struct ca_subject subject = { .name = issue->person.name,
		.organisation = issue->person.organisation[0] != '\0' ? issue->person.organisation : NULL };
	char serial[PKI_SERIAL_TEXT];
	enum be_err rc = ca_certify(ca, issue->key.csr.data, issue->key.csr.len, &subject, &issue->der, serial, err);

	if (rc == BE_OK)
		rc = ca_certificate(ca, CA_ISSUING, &issue->issuers, err);
	if (rc == BE_OK)
		rc = ca_certificate(ca, CA_ROOT, &issue->issuers, err);
	return rc == BE_OK ? describe(issue, err) : rc;
}

/* The old certificate has done its work; unless it was revoked meanwhile, which stays so. Within a transaction. */
static enum be_err retire(struct issue *issue, int64_t now, struct be_error *err)
{
	const unsigned from = STORE_STATE_BIT(STORE_STATE_ISSUE) | STORE_STATE_BIT(STORE_STATE_SUSPEND) |
		STORE_STATE_BIT(STORE_STATE_EXPIRED);
	struct store *store = issue->service->store;
	const char *old = issue->row.replaces;
	struct store_certificate row;
	enum be_err rc = store_certificate_get(store, issue->person.id, old, now, &row, err);

	if (rc != BE_OK || (from & STORE_STATE_BIT(row.state)) == 0)
		return rc;
	rc = store_certificate_move(store, old, from, STORE_STATE_EXPIRED, now, "renewed", issue->row.id, err);
	if (rc == BE_OK)
		rc = vault_key_destroy(issue->service->vault, old, err);
	return rc;
}

static enum be_err tell(struct issue *issue, int64_t now, struct be_error *err)
{
	struct mail_letter letter = certificates_letter(&issue->person, MAIL_ISSUED, now);

	letter.certificate = issue->info.subject;
	letter.serial = issue->info.serial;
	letter.until = issue->info.not_after;
	return mail_queue(issue->service->mail, issue->person.id, &letter, err);
}

/* Key, certificate and what they bring with them. Within a transaction. */
static enum be_err put_in_force(struct issue *issue, int64_t now, struct be_error *err)
{
	struct service *service = issue->service;
	enum be_err rc = vault_key_keep(service->vault, &issue->key, issue->person.id, now, err);

	if (rc == BE_OK)
		rc = store_certificate_issue(service->store, &issue->row, &issue->der, &issue->issuers, now, err);
	if (rc == BE_OK && issue->row.replaces[0] != '\0')
		rc = retire(issue, now, err);
	if (rc == BE_OK)
		rc = store_audit_add(service->store, now, issue->person.login, "certificate-issued", issue->row.id,
			issue->row.serial, err);
	if (rc == BE_OK)
		rc = tell(issue, now, err);
	return rc;
}

enum be_err certificates_set_passphrase(struct service *service, const struct secret *link,
	const struct secret *passphrase, char id[static STORE_ID_SIZE], struct be_error *err)
{
	struct issue issue = { .service = service, .key = VAULT_KEY_EMPTY };
	uint8_t digest[STORE_DIGEST_SIZE];
	int64_t now;
	enum be_err rc = certificates_link_look(service, link, &issue.row, &issue.person, err);

	if (rc == BE_OK)
		rc = vault_passphrase_fit(passphrase, issue.person.login, err);
	if (rc == BE_OK)
		rc = vault_key_make(service->vault, issue.row.key_kind, issue.person.name, passphrase, &issue.key, err);
	if (rc == BE_OK)
		rc = certify(&issue, err);
	if (rc == BE_OK)
		rc = certificates_link_digest(digest, link, err);
	if (rc == BE_OK)
		rc = store_begin(service->store, err);
	if (rc != BE_OK)
		goto out;
	now = time_now();
	rc = store_link_use(service->store, digest, now, err);
	if (rc == BE_OK)
		rc = put_in_force(&issue, now, err);
	/* It was revoked while its key was made. */
	if (rc == BE_STATE)
		rc = be_fail(err, BE_LINK, N_("The certificate of this link was withdrawn"), NULL);
	rc = store_end(service->store, rc, err);
	if (rc == BE_OK) {
		memcpy(id, issue.row.id, STORE_ID_SIZE);
		mail_wake(service->mail);
	}
out:
	issue_free(&issue);
	return rc;
}

/* ---- one that comes along with its key ---- */

/* The first of some DER certificates one behind the other; the others are its issuers. */
static enum be_err split(struct issue *issue, struct be_error *err)
{
	const struct buffer *all = &issue->key.certificates;
	size_t len = pki_cert_length(all->data, all->len);

	if (len == 0)
		return be_fail(err, BE_MALFORMED, N_("The certificate cannot be read"), NULL);
	buffer_add(&issue->der, all->data, len);
	buffer_add(&issue->issuers, all->data + len, all->len - len);
	issue->der.failed = issue->der.failed || issue->issuers.failed;
	return buffer_check(&issue->der, err);
}

/* Within a transaction. */
static enum be_err add_imported(struct issue *issue, struct be_error *err)
{
	struct service *service = issue->service;
	int64_t now = issue->row.requested;
	enum be_err rc = certificates_none_there(service, issue->person.id, now, err);

	if (rc == BE_OK)
		rc = store_certificate_add(service->store, &issue->row, err);
	if (rc == BE_OK)
		rc = put_in_force(issue, now, err);
	if (rc == BE_EXISTS)
		rc = be_fail(err, BE_STATE, N_("This certificate is here already"), NULL);
	return rc;
}

enum be_err certificates_import(struct service *service, int64_t user, const uint8_t *p12, size_t len,
	const struct secret *p12_passphrase, const struct secret *passphrase, char id[static STORE_ID_SIZE],
	struct be_error *err)
{
	struct issue issue = { .service = service, .key = VAULT_KEY_EMPTY };
	enum be_err rc;

	issue.row = (struct store_certificate){ .user = user,
		.state = STORE_STATE_NEW,
		.requested = time_now(),
		.not_before = TIME_NONE,
		.not_after = TIME_NONE,
		.revoked = TIME_NONE };
	rc = store_user_get(service->store, user, &issue.person, err);
	if (rc == BE_OK)
		rc = vault_passphrase_fit(passphrase, issue.person.login, err);
	if (rc == BE_OK)
		rc = vault_key_import(service->vault, p12, len, p12_passphrase, passphrase, &issue.key, err);
	if (rc == BE_OK)
		rc = store_id_new(issue.row.id, err);
	if (rc == BE_OK)
		rc = split(&issue, err);
	if (rc == BE_OK)
		rc = describe(&issue, err);
	if (rc == BE_OK)
		rc = store_begin(service->store, err);
	if (rc != BE_OK)
		goto out;
	memcpy(issue.row.key_kind, issue.key.kind, sizeof(issue.row.key_kind));
	rc = store_end(service->store, add_imported(&issue, err), err);
	if (rc == BE_OK) {
		memcpy(id, issue.row.id, STORE_ID_SIZE);
		mail_wake(service->mail);
	}
out:
	issue_free(&issue);
	return rc;
}

/* ---- by and by ---- */

static enum be_err let_go(void *ctx, const struct store_certificate *ended, struct be_error *err)
{
	struct service *service = ctx;
	enum be_err rc = store_certificate_move(service->store, ended->id, STORE_STATE_BIT(STORE_STATE_EXPIRED),
		STORE_STATE_EXPIRED, time_now(), "expired", "", err);

	return rc == BE_OK ? vault_key_destroy(service->vault, ended->id, err) : rc;
}

enum be_err certificates_tick(struct service *service, int64_t *next, struct be_error *err)
{
	int64_t now = time_now();
	enum be_err rc = store_begin(service->store, err);

	*next = now + HOUR;
	if (rc != BE_OK)
		return rc;
	return store_end(service->store, store_certificates_ended(service->store, now, let_go, service, err), err);
}
