/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/stage_account.h"

void stage_sign_in_reset(void)
{
}

static enum be_err gone(struct be_error *err)
{
	const enum be_err rc = stage_account_answers(err);

	return rc != BE_OK ? rc : be_fail(err, BE_NETWORK, "The service could not be reached", NULL);
}

enum be_err fake_open(struct account **out, const struct settings *settings, struct be_error *err)
{
	(void)err;
	(void)settings;
	*out = (struct account *)&stage_account;
	return BE_OK;
}

void fake_free(struct account **account)
{
	*account = NULL;
}

enum be_err fake_service(
	struct account *account, struct wire_service *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_sign_up(struct account *account, const struct wire_register *person, const struct account_wait *wait,
	struct be_error *err)
{
	(void)account;
	(void)person;
	(void)wait;
	return gone(err);
}

enum be_err fake_login(struct account *account, const char *user, const struct secret *password,
	struct wire_login_step *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)user;
	(void)password;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_login_code(struct account *account, const struct wire_login_step *step, const char *device,
	const struct secret *code, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)step;
	(void)device;
	(void)code;
	(void)wait;
	return gone(err);
}

enum be_err fake_login_enrol(struct account *account, const struct wire_login_step *step, const char *name,
	struct wire_enrolment *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)step;
	(void)name;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_login_confirm(struct account *account, const struct wire_login_step *step,
	const struct wire_enrolment *enrolment, const struct secret *code, const struct account_wait *wait,
	struct be_error *err)
{
	(void)account;
	(void)step;
	(void)enrolment;
	(void)code;
	(void)wait;
	return gone(err);
}

bool fake_signed_in(const struct account *account)
{
	(void)account;
	return stage_account.signed_in;
}

const char *fake_user(const struct account *account)
{
	(void)account;
	return "";
}

enum be_err fake_sign_out(struct account *account, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)wait;
	return gone(err);
}

enum be_err fake_sign_out_all(struct account *account, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)wait;
	return gone(err);
}

enum be_err fake_profile(
	struct account *account, struct wire_profile *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_devices(
	struct account *account, struct wire_devices *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_device_add(struct account *account, const char *name, struct wire_enrolment *out,
	const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)name;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_device_confirm(struct account *account, const struct wire_enrolment *enrolment,
	const struct secret *code, struct wire_device *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)enrolment;
	(void)code;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_device_remove(
	struct account *account, const char *device, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)device;
	(void)wait;
	return gone(err);
}

enum be_err fake_change_password(struct account *account, const struct secret *old_one, const struct secret *new_one,
	const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)old_one;
	(void)new_one;
	(void)wait;
	return gone(err);
}
