/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "account/account.h"

#include "account/ask.h"
#include "account/session.h"
#include "net/net.h"
#include "wire/form.h"
#include "wire/paths.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static enum be_err copy(char **out, const char *text, struct be_error *err)
{
	*out = text != NULL ? strdup(text) : NULL;
	return text != NULL && *out == NULL ? be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL)
					    : BE_OK;
}

/* What the session is kept under, so that a token is only ever shown to the service that gave it. */
static enum be_err name_service(struct account *account, struct be_error *err)
{
	struct account_session *session = &account->session;
	const int len = account->url != NULL
		? snprintf(session->service, sizeof(session->service), "%s", account->url)
		: snprintf(session->service, sizeof(session->service), "embedded:%s", account->embedded.data);

	return len < 0 || (size_t)len >= sizeof(session->service)
		? be_fail(err, BE_LIMIT, N_("The address of the service is too long"), NULL)
		: BE_OK;
}

enum be_err account_open(struct account **out, const struct account_place *place, struct be_error *err)
{
	struct account *account = calloc(1, sizeof(*account));
	enum be_err rc = BE_OK;

	*out = NULL;
	if (account == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	rc = copy(&account->url, place->url, err);
	if (rc == BE_OK)
		rc = copy(&account->ca_file, place->ca_file, err);
	account->plain = place->plain;
	if (rc == BE_OK)
		rc = copy(&account->session_file, place->session_file, err);
	if (rc == BE_OK && place->url == NULL)
		rc = embedded_find(&account->embedded, place->data, err);
	if (rc == BE_OK)
		rc = name_service(account, err);
	if (rc == BE_OK && account->session_file != NULL)
		rc = account_session_read(&account->session, account->session_file, err);
	if (rc == BE_OK)
		*out = account;
	else
		account_free(&account);
	return rc;
}

void account_free(struct account **account)
{
	struct account *a = *account;

	if (a == NULL)
		return;
	secret_free(&a->access);
	account_session_clear(&a->session);
	net_close(&a->net);
	embedded_place_free(&a->embedded);
	free(a->url);
	free(a->ca_file);
	free(a->session_file);
	free(a);
	*account = NULL;
}

bool account_signed_in(const struct account *account)
{
	return account->access != NULL || account->session.refresh != NULL;
}

const char *account_user(const struct account *account)
{
	return account_signed_in(account) ? account->session.user : "";
}

/* ---- the service ---- */

static const struct wire_nothing nothing;

enum be_err account_service(
	struct account *account, struct wire_service *out, const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = { .path = WIRE_PATH_SERVICE,
		.in = &wire_nothing_message,
		.record = &nothing,
		.out = &wire_service_message,
		.result = out,
		.harmless = true };

	return account_ask(account, &question, wait, err);
}

enum be_err account_terms(struct account *account, const char *language, struct wire_terms *out,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_terms_request request = { .language = "" };
	const struct account_question question = { .path = WIRE_PATH_TERMS,
		.in = &wire_terms_request_message,
		.record = &request,
		.out = &wire_terms_message,
		.result = out,
		.harmless = true };

	WIRE_SET(request.language, language);
	return account_ask(account, &question, wait, err);
}

/* ---- signing in ---- */

enum be_err account_register(struct account *account, const struct wire_register *person,
	const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = {
		.path = WIRE_PATH_REGISTER, .in = &wire_register_message, .record = person
	};

	return account_ask(account, &question, wait, err);
}

/* Records borrow secrets that the caller only lends: they are filled here and never freed. */
static struct secret *lend(const struct secret *secret)
{
	return (struct secret *)(uintptr_t)secret;
}

enum be_err account_login(struct account *account, const char *user, const struct secret *password,
	struct wire_login_step *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_login login = { .password = lend(password) };
	const struct account_question question = { .path = WIRE_PATH_LOGIN,
		.in = &wire_login_message,
		.record = &login,
		.out = &wire_login_step_message,
		.result = out };
	enum be_err rc;

	WIRE_SET(login.user, user);
	rc = account_ask(account, &question, wait, err);
	if (rc == BE_OK) {
		/* Who is signing in: the second step does not say it again. */
		account_session_clear(&account->session);
		secret_free(&account->access);
		wire_set_text(account->session.user, sizeof(account->session.user), user);
	}
	return rc;
}

static enum be_err second_step(struct account *account, const char *path, const struct wire_login_step *step,
	const char *device, const char *name, const struct secret *code, const struct account_wait *wait,
	struct be_error *err)
{
	struct wire_login_code request = { .ticket = lend(step->ticket), .code = lend(code) };
	struct wire_tokens tokens = { .access_token = NULL };
	const struct account_question question = { .path = path,
		.in = &wire_login_code_message,
		.record = &request,
		.out = &wire_tokens_message,
		.result = &tokens };
	char user[WIRE_USER_MAX];
	enum be_err rc;

	WIRE_SET(request.device, device);
	WIRE_SET(request.name, name);
	memcpy(user, account->session.user, sizeof(user));
	rc = account_ask(account, &question, wait, err);
	if (rc == BE_OK)
		rc = account_take_tokens(account, user, &tokens, err);
	wire_free(&wire_tokens_message, &tokens);
	return rc;
}

enum be_err account_login_code(struct account *account, const struct wire_login_step *step, const char *device,
	const struct secret *code, const struct account_wait *wait, struct be_error *err)
{
	return second_step(account, WIRE_PATH_LOGIN_CODE, step, device, "", code, wait, err);
}

enum be_err account_login_enrol(struct account *account, const struct wire_login_step *step, const char *name,
	struct wire_enrolment *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_login_enrol request = { .ticket = lend(step->ticket) };
	const struct account_question question = { .path = WIRE_PATH_LOGIN_ENROL,
		.in = &wire_login_enrol_message,
		.record = &request,
		.out = &wire_enrolment_message,
		.result = out };

	WIRE_SET(request.name, name);
	return account_ask(account, &question, wait, err);
}

enum be_err account_login_confirm(struct account *account, const struct wire_login_step *step,
	const struct wire_enrolment *enrolment, const struct secret *code, const struct account_wait *wait,
	struct be_error *err)
{
	return second_step(account, WIRE_PATH_LOGIN_CONFIRM, step, enrolment->device, enrolment->name, code, wait, err);
}

/* ---- signing out ---- */

static enum be_err revoke(
	struct account *account, const struct secret *token, const struct account_wait *wait, struct be_error *err)
{
	const struct wire_form_pair pairs[] = {
		{ "token", secret_bytes(token), secret_len(token) },
		{ "client_id", WIRE_CLIENT_BESIGN, strlen(WIRE_CLIENT_BESIGN) },
	};
	struct net_reply reply = NET_REPLY_EMPTY;
	struct secret *form = NULL;
	enum be_err rc = wire_form_write(&form, pairs, sizeof(pairs) / sizeof(pairs[0]), err);

	if (rc == BE_OK) {
		struct net_request request = { .content_type = WIRE_TYPE_FORM,
			.body = secret_bytes(form),
			.body_len = secret_len(form),
			.repeatable = true };

		rc = account_send(account, WIRE_PATH_OAUTH_REVOKE, &request, &reply, wait, err);
	}
	net_reply_free(&reply);
	secret_free(&form);
	return rc;
}

enum be_err account_sign_out(struct account *account, const struct account_wait *wait, struct be_error *err)
{
	enum be_err rc = BE_OK;
	enum be_err here;

	if (account->session.refresh != NULL)
		rc = revoke(account, account->session.refresh, wait, err);
	here = account_forget(account, rc == BE_OK ? err : NULL);
	return rc != BE_OK ? rc : here;
}

enum be_err account_sign_out_all(struct account *account, const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = {
		.path = WIRE_PATH_LOGOUT_ALL, .in = &wire_nothing_message, .record = &nothing, .session = true
	};
	enum be_err rc = account_ask(account, &question, wait, err);
	enum be_err here = account_forget(account, rc == BE_OK ? err : NULL);

	return rc != BE_OK ? rc : here;
}

/* ---- with a session ---- */

enum be_err account_profile(
	struct account *account, struct wire_profile *out, const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = { .path = WIRE_PATH_PROFILE,
		.in = &wire_nothing_message,
		.record = &nothing,
		.out = &wire_profile_message,
		.result = out,
		.session = true,
		.harmless = true };

	return account_ask(account, &question, wait, err);
}

enum be_err account_devices(
	struct account *account, struct wire_devices *out, const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = { .path = WIRE_PATH_DEVICES,
		.in = &wire_nothing_message,
		.record = &nothing,
		.out = &wire_devices_message,
		.result = out,
		.session = true,
		.harmless = true };

	return account_ask(account, &question, wait, err);
}

enum be_err account_device_add(struct account *account, const char *name, struct wire_enrolment *out,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_device_add request = { .name = "" };
	const struct account_question question = { .path = WIRE_PATH_DEVICE_ADD,
		.in = &wire_device_add_message,
		.record = &request,
		.out = &wire_enrolment_message,
		.result = out,
		.session = true };

	WIRE_SET(request.name, name);
	return account_ask(account, &question, wait, err);
}

enum be_err account_device_confirm(struct account *account, const struct wire_enrolment *enrolment,
	const struct secret *code, struct wire_device *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_device_confirm request = { .code = lend(code) };
	const struct account_question question = { .path = WIRE_PATH_DEVICE_CONFIRM,
		.in = &wire_device_confirm_message,
		.record = &request,
		.out = &wire_device_message,
		.result = out,
		.session = true };

	WIRE_SET(request.device, enrolment->device);
	WIRE_SET(request.name, enrolment->name);
	return account_ask(account, &question, wait, err);
}

enum be_err account_device_remove(
	struct account *account, const char *device, const struct account_wait *wait, struct be_error *err)
{
	struct wire_device_remove request = { .id = "" };
	const struct account_question question = {
		.path = WIRE_PATH_DEVICE_REMOVE, .in = &wire_device_remove_message, .record = &request, .session = true
	};

	WIRE_SET(request.id, device);
	return account_ask(account, &question, wait, err);
}

enum be_err account_change_password(struct account *account, const struct secret *old_one, const struct secret *new_one,
	const struct account_wait *wait, struct be_error *err)
{
	const struct wire_password_change request = { .current = lend(old_one), .password = lend(new_one) };
	const struct account_question question = { .path = WIRE_PATH_PASSWORD_CHANGE,
		.in = &wire_password_change_message,
		.record = &request,
		.session = true };

	return account_ask(account, &question, wait, err);
}

/* ---- the mailbox of the embedded service ---- */

enum be_err account_mailbox(
	struct account *account, struct wire_mailbox *out, const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = { .path = WIRE_PATH_MAILBOX,
		.in = &wire_nothing_message,
		.record = &nothing,
		.out = &wire_mailbox_message,
		.result = out,
		.session = true,
		.harmless = true };

	return account_ask(account, &question, wait, err);
}
