/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "account/ask.h"
#include "wire/paths.h"

#include <string.h>

#define SECOND_MS 1000u
#define MINUTE_MS 60000u

/* The order in which they are offered, and the words: those of service/ca.h, which a test holds against these. */
const struct account_reason account_reasons[] = {
	{ "keyCompromise", N_("Passphrase or key may be known to others") },
	{ "affiliationChanged", N_("Name, office or institution has changed") },
	{ "superseded", N_("Replaced by a new certificate") },
	{ "cessationOfOperation", N_("No longer in office, no longer used") },
	{ "unspecified", N_("Another reason") },
	{ NULL, NULL },
};

static const struct wire_nothing nothing;

static struct secret *lend(const struct secret *secret)
{
	return (struct secret *)(uintptr_t)secret;
}

enum be_err account_certificates(
	struct account *account, struct wire_certificates *out, const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATES,
		.in = &wire_nothing_message,
		.record = &nothing,
		.out = &wire_certificates_message,
		.result = out,
		.session = true,
		.harmless = true };

	return account_ask(account, &question, wait, err);
}

enum be_err account_certificates_wait(struct account *account, int64_t change, int64_t seconds,
	struct wire_certificates *out, const struct account_wait *wait, struct be_error *err)
{
	const int64_t bounded = seconds < 0 ? 0 : seconds > WIRE_WAIT_MAX ? WIRE_WAIT_MAX : seconds;
	const struct wire_wait request = { .change = change, .seconds = bounded };
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATE_WAIT,
		.in = &wire_wait_message,
		.record = &request,
		.out = &wire_certificates_message,
		.result = out,
		.session = true,
		.harmless = true,
		.total_ms = (uint32_t)bounded * SECOND_MS + MINUTE_MS };

	return account_ask(account, &question, wait, err);
}

enum be_err account_certificate(struct account *account, const char *id, struct wire_certificate *out,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate_id request = { .id = "" };
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATE,
		.in = &wire_certificate_id_message,
		.record = &request,
		.out = &wire_certificate_message,
		.result = out,
		.session = true,
		.harmless = true };

	WIRE_SET(request.id, id);
	return account_ask(account, &question, wait, err);
}

enum be_err account_certificate_history(struct account *account, const char *id, struct wire_history *out,
	const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate_id request = { .id = "" };
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATE_HISTORY,
		.in = &wire_certificate_id_message,
		.record = &request,
		.out = &wire_history_message,
		.result = out,
		.session = true,
		.harmless = true };

	WIRE_SET(request.id, id);
	return account_ask(account, &question, wait, err);
}

enum be_err account_certificate_request(struct account *account, const char *key, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate_request request = { .key = "" };
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATE_REQUEST,
		.in = &wire_certificate_request_message,
		.record = &request,
		.out = &wire_certificate_message,
		.result = out,
		.session = true };

	WIRE_SET(request.terms_version, terms);
	if (key != NULL)
		WIRE_SET(request.key, key);
	return account_ask(account, &question, wait, err);
}

enum be_err account_certificate_renew(struct account *account, const char *id, const char *terms,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate_renew request = { .id = "" };
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATE_RENEW,
		.in = &wire_certificate_renew_message,
		.record = &request,
		.out = &wire_certificate_message,
		.result = out,
		.session = true };

	WIRE_SET(request.id, id);
	WIRE_SET(request.terms_version, terms);
	return account_ask(account, &question, wait, err);
}

enum be_err account_certificate_revoke(struct account *account, const char *id, const char *reason,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	struct wire_certificate_revoke request = { .reason = "" };
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATE_REVOKE,
		.in = &wire_certificate_revoke_message,
		.record = &request,
		.out = out != NULL ? &wire_certificate_message : NULL,
		.result = out,
		.session = true };

	WIRE_SET(request.id, id);
	WIRE_SET(request.reason, reason);
	return account_ask(account, &question, wait, err);
}

enum be_err account_certificate_import(struct account *account, const struct wire_certificate_import *file,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	const struct account_question question = { .path = WIRE_PATH_CERTIFICATE_IMPORT,
		.in = &wire_certificate_import_message,
		.record = file,
		.out = &wire_certificate_message,
		.result = out,
		.session = true,
		.total_ms = MINUTE_MS };

	return account_ask(account, &question, wait, err);
}

/* ---- passphrases ---- */

/* Making the key takes seconds on a small machine. */
enum be_err account_set_passphrase(struct account *account, const struct secret *link, const struct secret *passphrase,
	struct wire_certificate *out, const struct account_wait *wait, struct be_error *err)
{
	const struct wire_passphrase_set request = { .link = lend(link), .passphrase = lend(passphrase) };
	const struct account_question question = { .path = WIRE_PATH_PASSPHRASE_SET,
		.in = &wire_passphrase_set_message,
		.record = &request,
		.out = &wire_certificate_message,
		.result = out,
		.total_ms = 2 * MINUTE_MS };

	return account_ask(account, &question, wait, err);
}

enum be_err account_change_passphrase(struct account *account, const char *id, const struct secret *old_one,
	const struct secret *new_one, const struct account_wait *wait, struct be_error *err)
{
	struct wire_passphrase_change request = { .current = lend(old_one), .passphrase = lend(new_one) };
	const struct account_question question = { .path = WIRE_PATH_PASSPHRASE_CHANGE,
		.in = &wire_passphrase_change_message,
		.record = &request,
		.session = true,
		.total_ms = 2 * MINUTE_MS };

	WIRE_SET(request.id, id);
	return account_ask(account, &question, wait, err);
}
