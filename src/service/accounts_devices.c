/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "crypto/random.h"
#include "crypto/totp.h"
#include "service/accounts_parts.h"
#include "service/derive.h"

#include <stdio.h>
#include <string.h>

#define PURPOSE "otp"
#define DEVICE_NAME_MAX 64u

/* ---- one code ---- */

static enum be_err check_one(struct accounts *accounts, const struct store_device *device, const char *code,
	int64_t now, int64_t *step, struct be_error *err)
{
	struct secret *secret = NULL;
	enum be_err rc;

	rc = vault_unseal(accounts->vault, PURPOSE, device->id, device->sealed, device->sealed_len, &secret, err);
	if (rc == BE_OK)
		rc = totp_check(secret, code, now, device->step, step, err);
	secret_free(&secret);
	return rc;
}

/* What comes nearest to being right is told. */
static unsigned rank(enum be_err rc)
{
	static const enum be_err order[] = { BE_OK, BE_CODE_USED, BE_CLOCK, BE_WRONG_CODE };
	unsigned i = 0;

	while (i < sizeof(order) / sizeof(order[0]) && order[i] != rc)
		i++;
	return i;
}

struct search {
	struct accounts *accounts;
	const char *code;
	int64_t now;
	enum be_err rc;
	struct be_error error;
	char device[STORE_ID_SIZE];
	int64_t step;
};

static enum be_err look_at(void *ctx, const struct store_device *device, struct be_error *err)
{
	struct search *s = ctx;
	struct be_error error = { .code = BE_OK };
	int64_t step = 0;
	enum be_err rc = check_one(s->accounts, device, s->code, s->now, &step, &error);

	(void)err;
	if (rank(rc) < rank(s->rc)) {
		s->rc = rc;
		s->error = error;
		s->step = step;
		memcpy(s->device, device->id, sizeof(s->device));
	}
	return BE_OK;
}

static enum be_err find_device(struct search *s, const struct accounts_proof *proof, struct be_error *err)
{
	struct store *store = s->accounts->store;
	struct store_device one;
	enum be_err rc;

	if (proof->device == NULL)
		return store_devices(store, proof->user->id, look_at, s, err);
	rc = strlen(proof->device) < STORE_ID_SIZE ? store_device_get(store, proof->user->id, proof->device, &one, err)
						   : be_fail(err, BE_NOT_FOUND, N_("There is no such device"), NULL);
	if (rc == BE_OK && one.proved != proof->proved)
		rc = be_fail(err, BE_NOT_FOUND, N_("There is no such device"), NULL);
	return rc == BE_OK ? look_at(s, &one, err) : rc;
}

/* Of many who come with one code at once, store_device_accept lets one through. */
static enum be_err use_code(
	struct search *s, const struct accounts_proof *proof, const char *subject, struct be_error *err)
{
	struct store *store = s->accounts->store;
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_device_accept(store, s->device, s->step, s->now, proof->name, err);
	if (rc == BE_OK)
		rc = store_try_clear(store, subject, err);
	if (rc == BE_OK && proof->then != NULL)
		rc = proof->then(proof->ctx, s->device, s->now, err);
	return store_end(store, rc, err);
}

static void tell_refused(struct accounts *accounts, const struct accounts_proof *proof, int64_t now)
{
	accounts_address_count(accounts, proof->address, now);
	(void)store_audit_add(accounts->store, now, proof->user->login, "login-refused", "code",
		proof->address != NULL ? proof->address : "", NULL);
}

static bool is_refusal(enum be_err rc)
{
	return rc == BE_WRONG_CODE || rc == BE_CODE_USED || rc == BE_CLOCK;
}

static enum be_err try_once(struct accounts *accounts, const char *subject, const struct accounts_proof *proof,
	int64_t now, struct be_error *err)
{
	const struct store_limit *limit = &accounts->settings.code_limit;
	struct search s = { .accounts = accounts, .code = proof->code, .now = now };
	uint32_t left = 0;
	enum be_err rc = store_try_count(accounts->store, subject, limit, now, &left, err);

	if (rc != BE_OK)
		return rc;
	s.rc = be_fail(&s.error, BE_WRONG_CODE, N_("The code is wrong"), NULL);
	rc = find_device(&s, proof, err);
	if (rc == BE_OK && s.rc == BE_OK)
		rc = use_code(&s, proof, subject, err);
	else if (rc == BE_OK && err != NULL)
		*err = s.error;
	if (rc == BE_OK)
		rc = s.rc;
	if (is_refusal(rc)) {
		tell_refused(accounts, proof, now);
		if (err != NULL) {
			err->tries_left = left;
			err->retry_at = left == 0 ? now + limit->lock : 0;
		}
	} else if (rc != BE_OK) {
		(void)store_try_forgive(accounts->store, subject, NULL);
	}
	return rc;
}

enum be_err accounts_code_of(
	struct accounts *accounts, const struct accounts_proof *proof, int64_t now, struct be_error *err)
{
	char subject[STORE_NAME_SIZE];
	enum be_err rc = accounts_address_look(accounts, proof->address, now, err);

	(void)snprintf(subject, sizeof(subject), ACCOUNTS_CODE_TRIES "%lld", (long long)proof->user->id);
	if (rc == BE_OK)
		rc = derive_turn(subject, err);
	if (rc != BE_OK)
		return rc;
	rc = try_once(accounts, subject, proof, now, err);
	derive_turn_end(subject);
	return rc;
}

enum be_err accounts_code(struct accounts *accounts, const struct accounts_session *session, const char *device,
	const char *code, struct be_error *err)
{
	const struct accounts_proof proof = { .user = &session->user, .device = device, .proved = true, .code = code };

	return accounts_code_of(accounts, &proof, time_now(), err);
}

/* ---- enrolling ---- */

void accounts_enrolment_free(struct accounts_enrolment *enrolment)
{
	secret_free(&enrolment->uri);
	secret_free(&enrolment->key);
}

static enum be_err keep_device(struct accounts *accounts, const struct store_user *user, const char *name,
	const struct secret *secret, char id[static STORE_ID_SIZE], struct be_error *err)
{
	struct store_device device = {
		.user = user->id, .step = TOTP_STEP_NONE, .added = time_now(), .used = TIME_NONE
	};
	struct buffer sealed = BUFFER_EMPTY;
	enum be_err rc = store_id_new(device.id, err);

	if (rc == BE_OK)
		rc = vault_seal(accounts->vault, PURPOSE, device.id, secret, &sealed, err);
	if (rc == BE_OK && sealed.len > sizeof(device.sealed))
		rc = be_fail(err, BE_LIMIT, N_("A text is too long"), NULL);
	if (rc == BE_OK) {
		memcpy(device.sealed, sealed.data, sealed.len);
		device.sealed_len = sealed.len;
		memcpy(id, device.id, STORE_ID_SIZE);
		(void)snprintf(device.name, sizeof(device.name), "%s", name);
		rc = store_device_add(accounts->store, &device, err);
	}
	buffer_free(&sealed);
	return rc;
}

/* An account's name may be longer than a QR code has room for. */
static enum be_err uri_of(struct accounts *accounts, const struct store_user *user, const struct secret *secret,
	struct secret **out, struct be_error *err)
{
	char account[65];
	char issuer[65];

	(void)snprintf(account, sizeof(account), "%.64s", user->login);
	(void)snprintf(issuer, sizeof(issuer), "%.64s", accounts->issuer);
	return totp_uri(out, issuer, account, secret, err);
}

/* NULL: there is none to be judged. */
static enum be_err name_fit(const char *name, struct be_error *err)
{
	if (name != NULL && !accounts_is_name(name, DEVICE_NAME_MAX))
		return be_fail(err, BE_USAGE, N_("A device's name has 1 to 64 characters that can be shown"), NULL);
	return BE_OK;
}

static enum be_err enrol(struct accounts *accounts, const struct store_user *user, const char *name,
	struct accounts_enrolment *out, struct be_error *err)
{
	struct secret *secret = NULL;
	enum be_err rc = name_fit(name, err);

	*out = (struct accounts_enrolment){ .uri = NULL };
	if (rc == BE_OK)
		rc = crypto_random_secret(&secret, TOTP_SECRET_SIZE, err);
	if (rc == BE_OK)
		rc = uri_of(accounts, user, secret, &out->uri, err);
	if (rc == BE_OK)
		rc = totp_setup_key(&out->key, secret, err);
	if (rc == BE_OK)
		rc = keep_device(accounts, user, name, secret, out->device, err);
	if (rc != BE_OK)
		accounts_enrolment_free(out);
	secret_free(&secret);
	return rc;
}

static enum be_err has_one_already(struct be_error *err)
{
	return be_fail(err, BE_STATE, N_("There is a device already; sign in with a code of it"), NULL);
}

/* Who has a device already needs a code of it: a password alone never adds one. */
static enum be_err has_none(struct accounts *accounts, int64_t user, struct be_error *err)
{
	size_t count = 0;
	enum be_err rc = store_device_count(accounts->store, user, &count, err);

	if (rc == BE_OK && count > 0)
		return has_one_already(err);
	return rc;
}

enum be_err accounts_login_enrol(struct accounts *accounts, const struct secret *login_token, const char *name,
	struct accounts_enrolment *out, struct be_error *err)
{
	struct store_token login;
	struct store_user user;
	enum be_err rc;

	*out = (struct accounts_enrolment){ .uri = NULL };
	rc = accounts_login_token(accounts, login_token, time_now(), &login, &user, err);
	if (rc == BE_OK)
		rc = has_none(accounts, user.id, err);
	return rc == BE_OK ? enrol(accounts, &user, name, out, err) : rc;
}

/* The device works from now on. */
static enum be_err tell_added(
	struct accounts *accounts, const struct store_user *user, const char *device, int64_t now, struct be_error *err)
{
	const struct accounts_settings *settings = &accounts->settings;
	struct store_device about;
	enum be_err rc = store_device_get(accounts->store, user->id, device, &about, err);

	if (rc == BE_OK)
		rc = store_audit_add(accounts->store, now, user->login, "device-added", device, about.name, err);
	if (rc == BE_OK && settings->device_added != NULL)
		rc = settings->device_added(settings->device_added_ctx, user, about.name, now, err);
	return rc;
}

static enum be_err added_and_in(void *ctx, const char *device, int64_t now, struct be_error *err)
{
	struct accounts_sign_in *in = ctx;
	size_t count = 0;
	enum be_err rc = store_device_count(in->accounts->store, in->user.id, &count, err);

	/* Itself counts already; another one came first. */
	if (rc == BE_OK && count != 1)
		rc = has_one_already(err);
	if (rc == BE_OK)
		rc = tell_added(in->accounts, &in->user, device, now, err);
	return rc == BE_OK ? accounts_sign_in(in, device, now, err) : rc;
}

enum be_err accounts_login_enrol_code(struct accounts *accounts, const struct secret *login_token, const char *device,
	const char *name, const char *code, const char *address, struct accounts_tokens *out, struct be_error *err)
{
	struct accounts_sign_in in = { .accounts = accounts, .out = out };
	const struct accounts_proof proof = { &in.user, device, false, code, address, added_and_in, &in, name };
	int64_t now = time_now();
	enum be_err rc;

	*out = (struct accounts_tokens){ .access = NULL };
	rc = name_fit(name, err);
	if (rc == BE_OK)
		rc = accounts_login_token(accounts, login_token, now, &in.login, &in.user, err);
	if (rc == BE_OK)
		rc = accounts_code_of(accounts, &proof, now, err);
	if (rc != BE_OK)
		accounts_tokens_free(out);
	return rc;
}

enum be_err accounts_device_add(struct accounts *accounts, const struct accounts_session *session, const char *name,
	struct accounts_enrolment *out, struct be_error *err)
{
	return enrol(accounts, &session->user, name, out, err);
}

struct adding {
	struct accounts *accounts;
	const struct store_user *user;
};

static enum be_err added(void *ctx, const char *device, int64_t now, struct be_error *err)
{
	const struct adding *it = ctx;

	return tell_added(it->accounts, it->user, device, now, err);
}

enum be_err accounts_device_add_code(struct accounts *accounts, const struct accounts_session *session,
	const char *device, const char *name, const char *code, struct be_error *err)
{
	struct adding it = { accounts, &session->user };
	const struct accounts_proof proof = { &session->user, device, false, code, NULL, added, &it, name };
	const enum be_err rc = name_fit(name, err);

	return rc == BE_OK ? accounts_code_of(accounts, &proof, time_now(), err) : rc;
}

static enum be_err remove_device(
	struct accounts *accounts, const struct store_user *user, const char *device, int64_t now, struct be_error *err)
{
	struct store_device about;
	size_t count = 0;
	enum be_err rc = store_device_get(accounts->store, user->id, device, &about, err);

	if (rc == BE_OK)
		rc = store_device_count(accounts->store, user->id, &count, err);
	if (rc == BE_OK && about.proved && count < 2)
		rc = be_fail(err, BE_STATE, N_("The last device cannot be removed; add another one first"), NULL);
	if (rc == BE_OK)
		rc = store_device_remove(accounts->store, user->id, device, err);
	if (rc == BE_OK)
		rc = store_audit_add(accounts->store, now, user->login, "device-removed", device, about.name, err);
	return rc;
}

enum be_err accounts_device_remove(
	struct accounts *accounts, const struct accounts_session *session, const char *device, struct be_error *err)
{
	enum be_err rc = store_begin(accounts->store, err);

	if (rc != BE_OK)
		return rc;
	rc = strlen(device) < STORE_ID_SIZE ? remove_device(accounts, &session->user, device, time_now(), err)
					    : be_fail(err, BE_NOT_FOUND, N_("There is no such device"), NULL);
	return store_end(accounts->store, rc, err);
}
