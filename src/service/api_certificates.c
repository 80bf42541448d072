/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/time.h"
#include "pki/cert.h"
#include "service/ca.h"
#include "service/certificates.h"
#include "service/vault.h"
#include "wire/paths.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_AGAIN 500u /* milliseconds, while somebody waits for a change */

/* ---- what a certificate is ---- */

static const char *reason_word(int64_t code)
{
	for (const struct ca_reason *reason = ca_reasons; reason->word != NULL; reason++)
		if ((int64_t)reason->code == code)
			return reason->word;
	return "unspecified";
}

static enum be_err describe_der(struct wire_certificate *out, struct service *service, struct be_error *err)
{
	struct buffer der = BUFFER_EMPTY;
	struct pki_cert_info info;
	enum be_err rc = store_certificate_der(service->store, out->id, &der, NULL, err);

	if (rc == BE_OK)
		rc = pki_cert_describe(&info, der.data, der.len, err);
	if (rc == BE_OK) {
		WIRE_SET(out->subject, info.subject);
		WIRE_SET(out->issuer, info.issuer);
		WIRE_SET(out->serial, info.serial);
		WIRE_SET(out->sha256, info.sha256);
	}
	buffer_free(&der);
	return rc == BE_NOT_FOUND ? BE_OK : rc;
}

static enum be_err describe(struct wire_certificate *out, struct service *service,
	const struct store_certificate *certificate, struct be_error *err)
{
	WIRE_SET(out->id, certificate->id);
	WIRE_SET(out->state, store_state_word(certificate->state));
	WIRE_SET(out->key, certificate->key_kind);
	WIRE_SET(out->renews, certificate->replaces);
	out->not_before = certificate->not_before;
	out->not_after = certificate->not_after;
	out->renew_from = certificates_renewable_from(service, certificate);
	out->requested = certificate->requested;
	out->revoked = certificate->revoked;
	if (certificate->revoked != TIME_NONE)
		WIRE_SET(out->reason, reason_word(certificate->reason));
	return describe_der(out, service, err);
}

/* One, as it is now. */
static enum be_err show(struct api_ask *ask, int64_t user, const char *id, void *out, struct be_error *err)
{
	struct store_certificate certificate;
	enum be_err rc = store_certificate_get(ask->service->store, user, id, ask->now, &certificate, err);

	if (rc == BE_OK)
		rc = describe(out, ask->service, &certificate, err);
	return rc;
}

enum be_err api_chain(struct service *service, const char *id, size_t most, struct wire_list *out, struct be_error *err)
{
	struct buffer ders[2] = { BUFFER_EMPTY, BUFFER_EMPTY };
	enum be_err rc = store_certificate_der(service->store, id, &ders[0], &ders[1], err);

	if (rc == BE_OK) {
		buffer_add(&ders[0], ders[1].data, ders[1].len);
		rc = buffer_check(&ders[0], err);
	}
	if (rc == BE_OK)
		rc = wire_list_new(out, most < WIRE_CHAIN_MAX ? most : WIRE_CHAIN_MAX, sizeof(struct wire_bytes), err);
	if (rc == BE_OK) {
		size_t count = 0;

		for (size_t at = 0, len; rc == BE_OK && count < out->count && at < ders[0].len; at += len) {
			len = pki_cert_length(ders[0].data + at, ders[0].len - at);
			if (len == 0)
				break;
			rc = wire_set_bytes((struct wire_bytes *)out->items + count++, ders[0].data + at, len, err);
		}
		out->count = count;
	}
	buffer_free(&ders[0]);
	buffer_free(&ders[1]);
	return rc;
}

/* ---- lists ---- */

struct collecting {
	struct service *service;
	struct wire_certificate *items;
	size_t count;
};

static enum be_err collect(void *ctx, const struct store_certificate *certificate, struct be_error *err)
{
	struct collecting *all = ctx;

	if (all->count == WIRE_CERTS_MAX)
		return BE_OK;
	return describe(&all->items[all->count++], all->service, certificate, err);
}

static enum be_err list(struct api_ask *ask, struct wire_certificates *answer, struct be_error *err)
{
	struct collecting all = { .service = ask->service };
	enum be_err rc = wire_list_new(&answer->certificates, WIRE_CERTS_MAX, sizeof(struct wire_certificate), err);

	/* First the number: a change that comes between is then noticed by who waits for one. */
	if (rc == BE_OK)
		rc = store_history_newest(ask->service->store, ask->session.user.id, &answer->change, err);
	all.items = answer->certificates.items;
	if (rc == BE_OK)
		rc = store_certificates(ask->service->store, ask->session.user.id, ask->now, collect, &all, err);
	answer->certificates.count = all.count;
	return rc;
}

static enum be_err certificates_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	(void)in;
	return list(ask, out, err);
}

const struct api_call api_certificates = { API_ACCOUNT, false, 200, &wire_nothing_message, &wire_certificates_message,
	certificates_run };

static enum be_err wait_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_wait *wish = in;
	int64_t end = ask->now + (wish->seconds < WIRE_WAIT_MAX ? wish->seconds : WIRE_WAIT_MAX);
	int64_t change = wish->change;
	enum be_err rc = BE_OK;

	do
		rc = store_history_newest(ask->service->store, ask->session.user.id, &change, err);
	while (rc == BE_OK && change == wish->change && time_now() < end && http_wait(ask->request, LOOK_AGAIN));
	ask->now = time_now();
	return rc == BE_OK ? list(ask, out, err) : rc;
}

const struct api_call api_certificate_wait = { API_ACCOUNT, false, 200, &wire_wait_message, &wire_certificates_message,
	wait_run };

static enum be_err certificate_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_certificate_id *wish = in;
	struct wire_certificate *answer = out;
	enum be_err rc = show(ask, ask->session.user.id, wish->id, out, err);

	if (rc == BE_OK && answer->serial[0] != '\0')
		rc = api_chain(ask->service, wish->id, WIRE_CHAIN_MAX, &answer->chain, err);
	return rc;
}

const struct api_call api_certificate = { API_ACCOUNT, false, 200, &wire_certificate_id_message,
	&wire_certificate_message, certificate_run };

struct remembering {
	struct wire_event *items;
	size_t count;
};

static enum be_err remember(void *ctx, const struct store_event *event, struct be_error *err)
{
	struct remembering *all = ctx;

	(void)err;
	if (all->count == WIRE_EVENTS_MAX)
		return BE_OK;
	all->items[all->count].at = event->at;
	WIRE_SET(all->items[all->count].what, event->what);
	WIRE_SET(all->items[all->count].detail, event->detail);
	all->count++;
	return BE_OK;
}

static enum be_err history_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_certificate_id *wish = in;
	struct wire_history *answer = out;
	struct store_certificate certificate;
	struct remembering all = { .count = 0 };
	enum be_err rc =
		store_certificate_get(ask->service->store, ask->session.user.id, wish->id, ask->now, &certificate, err);

	if (rc == BE_OK)
		rc = wire_list_new(&answer->events, WIRE_EVENTS_MAX, sizeof(struct wire_event), err);
	all.items = answer->events.items;
	if (rc == BE_OK)
		rc = store_history(ask->service->store, wish->id, remember, &all, err);
	answer->events.count = all.count;
	return rc;
}

const struct api_call api_certificate_history = { API_ACCOUNT, false, 200, &wire_certificate_id_message,
	&wire_history_message, history_run };

/* ---- its life ---- */

static enum be_err request_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_certificate_request *wish = in;
	int64_t user = ask->session.user.id;
	char id[STORE_ID_SIZE];
	enum be_err rc = certificates_request(
		ask->service, user, wish->key[0] != '\0' ? wish->key : NULL, wish->terms_version, id, err);

	return rc == BE_OK ? show(ask, user, id, out, err) : rc;
}

const struct api_call api_certificate_request = { API_ACCOUNT, false, 201, &wire_certificate_request_message,
	&wire_certificate_message, request_run };

static enum be_err renew_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_certificate_renew *wish = in;
	int64_t user = ask->session.user.id;
	char id[STORE_ID_SIZE];
	enum be_err rc = certificates_renew(ask->service, user, wish->id, wish->terms_version, id, err);

	return rc == BE_OK ? show(ask, user, id, out, err) : rc;
}

const struct api_call api_certificate_renew = { API_ACCOUNT, false, 201, &wire_certificate_renew_message,
	&wire_certificate_message, renew_run };

static enum be_err link_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_certificate_id *wish = in;
	int64_t user = ask->session.user.id;
	enum be_err rc = certificates_link_again(ask->service, user, wish->id, err);

	return rc == BE_OK ? show(ask, user, wish->id, out, err) : rc;
}

const struct api_call api_certificate_link = { API_ACCOUNT, false, 200, &wire_certificate_id_message,
	&wire_certificate_message, link_run };

static enum be_err revoke_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_certificate_revoke *wish = in;
	int64_t user = ask->session.user.id;
	enum be_err rc = certificates_revoke(ask->service, user, wish->id, wish->reason, err);

	vault_sweep(ask->service->vault, ask->now);
	return rc == BE_OK ? show(ask, user, wish->id, out, err) : rc;
}

const struct api_call api_certificate_revoke = { API_ACCOUNT, false, 200, &wire_certificate_revoke_message,
	&wire_certificate_message, revoke_run };

static enum be_err import_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_certificate_import *wish = in;
	int64_t user = ask->session.user.id;
	struct secret *none = NULL;
	char id[STORE_ID_SIZE];
	enum be_err rc = wish->p12_password == NULL ? secret_new(&none, 0, err) : BE_OK;

	if (rc == BE_OK)
		rc = certificates_import(ask->service, user, wish->p12.data, wish->p12.len,
			none != NULL ? none : wish->p12_password, wish->passphrase, id, err);
	/* The file's own password is no secret of this service: that it was wrong is said as such. */
	if (rc == BE_WRONG_PASSPHRASE)
		ask->why = WIRE_KEY_FILE;
	secret_free(&none);
	return rc == BE_OK ? show(ask, user, id, out, err) : rc;
}

const struct api_call api_certificate_import = { API_ACCOUNT, false, 201, &wire_certificate_import_message,
	&wire_certificate_message, import_run };

/* ---- its passphrase ---- */

enum be_err api_link_secret(struct secret **out, const struct secret *link, struct be_error *err)
{
	const uint8_t *bytes = secret_bytes(link);
	const uint8_t *slash = memrchr(bytes, '/', secret_len(link));
	size_t before = slash != NULL ? (size_t)(slash + 1 - bytes) : 0;

	return wire_set_secret(out, bytes + before, secret_len(link) - before, err);
}

static enum be_err passphrase_set_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_passphrase_set *wish = in;
	struct secret *link = NULL;
	char id[STORE_ID_SIZE];
	enum be_err rc = api_link_secret(&link, wish->link, err);

	if (rc == BE_OK)
		rc = certificates_set_passphrase(ask->service, link, wish->passphrase, id, err);
	ask->now = time_now();
	secret_free(&link);
	return rc == BE_OK ? show(ask, 0, id, out, err) : rc;
}

const struct api_call api_passphrase_set = { API_ANYBODY, false, 200, &wire_passphrase_set_message,
	&wire_certificate_message, passphrase_set_run };

static enum be_err passphrase_change_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_passphrase_change *wish = in;

	(void)out;
	return vault_passphrase_change(
		ask->service->vault, ask->session.user.id, wish->id, wish->current, wish->passphrase, ask->now, err);
}

const struct api_call api_passphrase_change = { API_ACCOUNT, false, 200, &wire_passphrase_change_message,
	&wire_nothing_message, passphrase_change_run };
