/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/stage_account.h"

void stage_certificates_reset(void)
{
}

static enum be_err gone(struct be_error *err)
{
	const enum be_err rc = stage_account_answers(err);

	return rc != BE_OK ? rc : be_fail(err, BE_NETWORK, "The service could not be reached", NULL);
}

enum be_err fake_terms(struct account *account, const char *language, struct wire_terms *out,
	const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)language;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificates(
	struct account *account, struct wire_certificates *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificates_wait(struct account *account, int64_t change, int64_t seconds,
	struct wire_certificates *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)change;
	(void)seconds;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificate(struct account *account, const char *id, struct wire_certificate *out,
	const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)id;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificate_history(struct account *account, const char *id, struct wire_history *out,
	const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)id;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificate_request(struct account *account, const char *key, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)key;
	(void)terms;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificate_renew(struct account *account, const char *id, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)id;
	(void)terms;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificate_revoke(struct account *account, const char *id, const char *reason,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)id;
	(void)reason;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_certificate_import(struct account *account, const struct wire_certificate_import *file,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)file;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_set_passphrase(struct account *account, const struct secret *link, const struct secret *passphrase,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)link;
	(void)passphrase;
	(void)out;
	(void)wait;
	return gone(err);
}

enum be_err fake_change_passphrase(struct account *account, const char *id, const struct secret *old_one,
	const struct secret *new_one, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)id;
	(void)old_one;
	(void)new_one;
	(void)wait;
	return gone(err);
}

enum be_err fake_mailbox(
	struct account *account, struct wire_mailbox *out, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)out;
	(void)wait;
	return gone(err);
}
