/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/time.h"
#include "build.h"
#include "service/certificates.h"
#include "service/mail.h"
#include "service/store_records.h"

#include <string.h>

/* As accounts_register and the vault judge them; told so that a form can say it before it asks. */
#define PASSWORD_MIN 8

static const char *text(const struct secret *secret)
{
	return (const char *)secret_bytes(secret);
}

static const char *or_null(const char *text_or_empty)
{
	return text_or_empty[0] != '\0' ? text_or_empty : NULL;
}

/* ---- for anybody ---- */

static enum be_err service_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct service_config *config = &ask->service->config;
	struct wire_service *answer = out;
	char version[STORE_WORD_SIZE];
	enum be_err rc = certificates_terms(ask->service, version, NULL, err);

	(void)in;
	WIRE_SET(answer->name, config->name);
	WIRE_SET(answer->version, BESIGN_VERSION);
	WIRE_SET(answer->terms_version, version);
	answer->embedded = config->embedded;
	answer->registration = config->registration_open;
	answer->mailbox = config->mail == SERVICE_MAIL_MAILDIR && config->embedded;
	answer->password_min = PASSWORD_MIN;
	answer->passphrase_min = PASSWORD_MIN;
	answer->time = ask->now;
	return rc;
}

const struct api_call api_service = { API_ANYBODY, false, 200, &wire_nothing_message, &wire_service_message,
	service_run };

/* On a server, who is there already is nobody's business: the answer is the same, and what comes of it is seen at the
 * sign-in. The embedded service has one person, who is better told. */
static enum be_err register_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_register *wish = in;
	struct accounts_person person = { .mail = wish->user,
		.name = wish->name,
		.organisation = or_null(wish->organisation),
		.language = or_null(wish->language),
		.password = wish->password };
	enum be_err rc = BE_OK;

	(void)out;
	if (!ask->service->config.registration_open) {
		ask->why = WIRE_REGISTRATION;
		return be_fail(err, BE_DENIED, wire_failure_sentence(WIRE_REGISTRATION), NULL);
	}
	rc = accounts_register(ask->service->accounts, &person, NULL, err);
	return rc == BE_EXISTS && !ask->service->config.embedded ? BE_OK : rc;
}

const struct api_call api_register = { API_ANYBODY, false, 202, &wire_register_message, &wire_nothing_message,
	register_run };

static enum be_err terms_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	struct wire_terms *answer = out;
	struct buffer prose = BUFFER_EMPTY;
	enum be_err rc = certificates_terms(ask->service, answer->version, &prose, err);

	(void)in;
	if (rc == BE_OK)
		rc = wire_set_bytes(&answer->text, prose.data, prose.len, err);
	buffer_free(&prose);
	return rc;
}

const struct api_call api_terms = { API_ANYBODY, false, 200, &wire_terms_request_message, &wire_terms_message,
	terms_run };

/* ---- devices ---- */

struct device_list {
	struct wire_device items[WIRE_DEVICES_MAX];
	size_t count;
};

static void describe_device(struct wire_device *out, const struct store_device *device)
{
	WIRE_SET(out->id, device->id);
	WIRE_SET(out->name, device->name);
	out->created = device->added;
	out->used = device->used;
}

static enum be_err note_device(void *ctx, const struct store_device *device, struct be_error *err)
{
	struct device_list *list = ctx;

	(void)err;
	if (list->count < WIRE_DEVICES_MAX)
		describe_device(&list->items[list->count++], device);
	return BE_OK;
}

static enum be_err list_devices(struct api_ask *ask, int64_t user, struct wire_list *out, struct be_error *err)
{
	struct device_list list = { .count = 0 };
	enum be_err rc = store_devices(ask->service->store, user, note_device, &list, err);

	if (rc == BE_OK)
		rc = wire_list_new(out, list.count, sizeof(struct wire_device), err);
	if (rc == BE_OK && list.count > 0)
		memcpy(out->items, list.items, list.count * sizeof(struct wire_device));
	return rc;
}

static enum be_err devices_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	struct wire_devices *answer = out;

	(void)in;
	return list_devices(ask, ask->session.user.id, &answer->devices, err);
}

const struct api_call api_devices = { API_ACCOUNT, false, 200, &wire_nothing_message, &wire_devices_message,
	devices_run };

static void take_enrolment(struct wire_enrolment *out, struct accounts_enrolment *from, const char *name)
{
	WIRE_SET(out->name, name);
	WIRE_SET(out->device, from->device);
	out->key = from->key;
	out->uri = from->uri;
	*from = (struct accounts_enrolment){ .uri = NULL };
}

static enum be_err device_add_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_device_add *wish = in;
	struct accounts_enrolment enrolment = { .uri = NULL };
	enum be_err rc = accounts_device_add(ask->service->accounts, &ask->session, wish->name, &enrolment, err);

	if (rc == BE_OK)
		take_enrolment(out, &enrolment, wish->name);
	return rc;
}

const struct api_call api_device_add = { API_ACCOUNT, false, 201, &wire_device_add_message, &wire_enrolment_message,
	device_add_run };

static enum be_err device_confirm_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_device_confirm *wish = in;
	struct store_device device;
	enum be_err rc = accounts_device_add_code(
		ask->service->accounts, &ask->session, wish->device, or_null(wish->name), text(wish->code), err);

	if (rc == BE_OK)
		rc = store_device_get(ask->service->store, ask->session.user.id, wish->device, &device, err);
	if (rc == BE_OK)
		describe_device(out, &device);
	return rc;
}

const struct api_call api_device_confirm = { API_ACCOUNT, false, 201, &wire_device_confirm_message,
	&wire_device_message, device_confirm_run };

static enum be_err device_remove_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_device_remove *wish = in;

	(void)out;
	return accounts_device_remove(ask->service->accounts, &ask->session, wish->id, err);
}

const struct api_call api_device_remove = { API_ACCOUNT, false, 200, &wire_device_remove_message, &wire_nothing_message,
	device_remove_run };

/* ---- signing in ---- */

static enum be_err login_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_login *wish = in;
	struct wire_login_step *answer = out;
	struct accounts_login login = { .token = NULL };
	enum be_err rc = accounts_login(ask->service->accounts, wish->user, wish->password, ask->address, &login, err);

	answer->ticket = login.token;
	answer->enrol = !login.enrolled;
	if (rc == BE_OK && login.enrolled)
		rc = list_devices(ask, login.user, &answer->devices, err);
	return rc;
}

const struct api_call api_login = { API_ANYBODY, false, 200, &wire_login_message, &wire_login_step_message, login_run };

static void take_tokens(struct wire_tokens *out, struct accounts_tokens *from, int64_t now)
{
	out->access_token = from->access;
	out->refresh_token = from->refresh;
	out->expires_in = from->access_expires - now;
	WIRE_SET(out->token_type, "Bearer");
	WIRE_SET(out->scope, "account");
	*from = (struct accounts_tokens){ .access = NULL };
}

static enum be_err login_code_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_login_code *wish = in;
	struct accounts_tokens tokens = { .access = NULL };
	enum be_err rc = accounts_login_code(ask->service->accounts, wish->ticket, or_null(wish->device),
		text(wish->code), ask->address, &tokens, err);

	if (rc == BE_OK)
		take_tokens(out, &tokens, ask->now);
	return rc;
}

const struct api_call api_login_code = { API_ANYBODY, false, 200, &wire_login_code_message, &wire_tokens_message,
	login_code_run };

static enum be_err login_enrol_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_login_enrol *wish = in;
	struct accounts_enrolment enrolment = { .uri = NULL };
	enum be_err rc = accounts_login_enrol(ask->service->accounts, wish->ticket, wish->name, &enrolment, err);

	if (rc == BE_OK)
		take_enrolment(out, &enrolment, wish->name);
	return rc;
}

const struct api_call api_login_enrol = { API_ANYBODY, false, 201, &wire_login_enrol_message, &wire_enrolment_message,
	login_enrol_run };

static enum be_err login_confirm_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_login_code *wish = in;
	struct accounts_tokens tokens = { .access = NULL };
	enum be_err rc;

	if (wish->device[0] == '\0')
		return be_fail(err, BE_MALFORMED, wire_failure_sentence(WIRE_INVALID_REQUEST), "device: missing");
	rc = accounts_login_enrol_code(ask->service->accounts, wish->ticket, wish->device, or_null(wish->name),
		text(wish->code), ask->address, &tokens, err);
	if (rc == BE_OK)
		take_tokens(out, &tokens, ask->now);
	return rc;
}

const struct api_call api_login_confirm = { API_ANYBODY, false, 200, &wire_login_code_message, &wire_tokens_message,
	login_confirm_run };

/* ---- the person ---- */

static enum be_err profile_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct store_user *user = &ask->session.user;
	struct wire_profile *answer = out;
	char version[STORE_WORD_SIZE];
	int64_t when;
	enum be_err rc = certificates_terms(ask->service, version, NULL, err);

	(void)in;
	WIRE_SET(answer->user, user->login);
	WIRE_SET(answer->name, user->name);
	WIRE_SET(answer->organisation, user->organisation);
	WIRE_SET(answer->language, user->language);
	if (rc == BE_OK)
		rc = store_terms_accepted(ask->service->store, user->id, version, &when, err);
	answer->terms_accepted = rc == BE_OK;
	return rc == BE_NOT_FOUND ? BE_OK : rc;
}

const struct api_call api_profile = { API_ACCOUNT, false, 200, &wire_nothing_message, &wire_profile_message,
	profile_run };

static enum be_err logout_all_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	struct store *store = ask->service->store;
	const struct store_user *user = &ask->session.user;
	enum be_err rc = store_begin(store, err);

	(void)in;
	(void)out;
	if (rc != BE_OK)
		return rc;
	rc = store_families_end(store, user->id, NULL, err);
	if (rc == BE_OK)
		rc = store_audit_add(store, ask->now, user->login, "logout-all", user->login, "", err);
	return store_end(store, rc, err);
}

const struct api_call api_logout_all = { API_ACCOUNT, false, 200, &wire_nothing_message, &wire_nothing_message,
	logout_all_run };

static enum be_err password_change_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	const struct wire_password_change *wish = in;

	(void)out;
	return accounts_password_change(ask->service->accounts, &ask->session, wish->current, wish->password, err);
}

const struct api_call api_password_change = { API_ACCOUNT, false, 200, &wire_password_change_message,
	&wire_nothing_message, password_change_run };

/* ---- the mailbox of the embedded mode ---- */

static enum be_err describe_mail(struct wire_mail *out, struct mail_item *item, struct be_error *err)
{
	WIRE_SET(out->id, item->id);
	WIRE_SET(out->subject, item->subject);
	out->at = item->moment;
	out->link = item->link;
	item->link = NULL;
	return wire_set_bytes(&out->text, item->text.data, item->text.len, err);
}

static enum be_err mailbox_run(struct api_ask *ask, const void *in, void *out, struct be_error *err)
{
	struct wire_mailbox *answer = out;
	struct mail_item *items = NULL;
	size_t count = 0;
	enum be_err rc = BE_OK;

	(void)in;
	if (!ask->service->config.embedded)
		return be_fail(err, BE_UNSUPPORTED, wire_failure_sentence(WIRE_UNSUPPORTED), NULL);
	rc = mail_box(ask->service->mail, ask->session.user.mail, &items, &count, err);
	if (rc == BE_OK)
		rc = wire_list_new(
			&answer->mails, count < WIRE_MAILS_MAX ? count : WIRE_MAILS_MAX, sizeof(struct wire_mail), err);
	for (size_t i = 0; rc == BE_OK && i < answer->mails.count; i++)
		rc = describe_mail((struct wire_mail *)answer->mails.items + i, &items[i], err);
	mail_items_free(&items, count);
	return rc;
}

const struct api_call api_mailbox = { API_ACCOUNT, false, 200, &wire_nothing_message, &wire_mailbox_message,
	mailbox_run };
