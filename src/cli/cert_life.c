/* SPDX-License-Identifier: GPL-3.0-or-later */

/* What changes the life of a certificate: each asks for what it needs first, and the service once. */

#include "base/file.h"
#include "base/i18n.h"
#include "base/sanitise.h"
#include "cli/account_ask.h"
#include "cli/account_here.h"
#include "cli/cert_print.h"
#include "cli/cert_verbs.h"
#include "cli/print.h"
#include "pki/p12.h"

#include <stdio.h>
#include <string.h>

#define DIGITS_MAX 3u

static void end_of_line(void)
{
	(void)fputc('\n', stdout);
}

static void tell_made(const char *msgid, const struct wire_certificate *certificate)
{
	print_text(stdout, msgid);
	(void)fputs(": ", stdout);
	print_foreign(stdout, certificate->id);
	end_of_line();
}

/* ---- the terms ---- */

/* They are the service's: made harmless line by line. A line that begins with a blank goes on with the one before. */
static void print_terms(const struct wire_terms *terms)
{
	const char *text = (const char *)terms->text.data;
	const char *end = text + terms->text.len;
	struct buffer paragraph = BUFFER_EMPTY;

	while (text != NULL && text < end) {
		const char *line_end = memchr(text, '\n', (size_t)(end - text));
		const char *next = line_end != NULL ? line_end + 1 : end;
		const size_t indent = strspn(text, " ");

		if (paragraph.len > 0)
			buffer_add_byte(&paragraph, ' ');
		sanitise_add(
			&paragraph, text + indent, (size_t)((line_end != NULL ? line_end : end) - text) - indent, 0);
		text = next;
		if (text < end && *text == ' ')
			continue;
		buffer_add_byte(&paragraph, '\0');
		if (!paragraph.failed)
			print_paragraph(0, (const char *)paragraph.data);
		buffer_reset(&paragraph);
	}
	buffer_free(&paragraph);
	print_line_foreign(N_("Version"), 0, terms->version);
}

static enum be_err read_terms(struct account_here *here, struct wire_terms *terms, struct be_error *err)
{
	return account_terms(here->account, i18n_name(i18n_get()), terms, &here->wait, err);
}

enum be_err cert_terms(const void *into, char *const *words, int *status, struct be_error *err)
{
	struct wire_terms terms = { .version = "" };
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)into;
	(void)words;
	(void)status;
	if (rc == BE_OK)
		rc = read_terms(&here, &terms, err);
	if (rc == BE_OK)
		print_terms(&terms);
	wire_free(&wire_terms_message, &terms);
	account_here_close(&here);
	return rc;
}

/* The version that is accepted: the one that was given, else the one that was shown and answered with a yes. */
static enum be_err consent(
	struct account_here *here, const char *given, char version[static WIRE_WORD_MAX], struct be_error *err)
{
	struct wire_terms terms = { .version = "" };
	enum be_err rc = BE_OK;

	if (given != NULL && (given[0] == '\0' || strlen(given) >= WIRE_WORD_MAX))
		return be_fail(err, BE_USAGE, N_("There is no such version of the terms"), "%s", given);
	if (given != NULL) {
		wire_set_text(version, WIRE_WORD_MAX, given);
		return BE_OK;
	}
	if (!ask_is_possible())
		return be_fail(err, BE_USAGE,
			N_("The terms have to be accepted: \"besign cert terms\" shows them, --accept-terms VERSION accepts"),
			NULL);
	rc = read_terms(here, &terms, err);
	if (rc == BE_OK) {
		/* max: 6 */
		const char *yes = tr(N_("yes"));

		wire_set_text(version, WIRE_WORD_MAX, terms.version);
		print_terms(&terms);
		if (!ask_word(N_("Do you accept these terms? Type yes"), yes))
			rc = be_fail(err, BE_CANCELLED, N_("The terms were not accepted; nothing was requested"), NULL);
	}
	wire_free(&wire_terms_message, &terms);
	return rc;
}

/* ---- issue and renew ---- */

static void tell_next(struct account_here *here)
{
	struct wire_service service;
	const bool known = account_service(here->account, &service, &here->wait, NULL) == BE_OK;

	print_paragraph(0,
		tr(known && service.mailbox
				? N_("A mail with a link is in the mailbox of this service; \"besign passphrase set\" follows it.")
				: N_("A mail with a link comes to you; \"besign passphrase set\" asks for it.")));
	wire_free(&wire_service_message, &service);
}

enum be_err cert_issue(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct cert_wishes *wishes = into;
	struct wire_certificate certificate = { .id = "" };
	char version[WIRE_WORD_MAX];
	struct account_here here;
	enum be_err rc = BE_OK;

	(void)words;
	(void)status;
	if (wishes->key != NULL && strcmp(wishes->key, "rsa3072") != 0 && strcmp(wishes->key, "p256") != 0)
		return be_fail(err, BE_USAGE, N_("This option does not know that value"), "--key rsa3072|p256");
	rc = account_here_open(&here, NULL, err);
	if (rc == BE_OK)
		rc = consent(&here, wishes->accept_terms, version, err);
	if (rc == BE_OK)
		rc = account_certificate_request(here.account, wishes->key, version, &certificate, &here.wait, err);
	if (rc == BE_OK) {
		tell_made(N_("requested"), &certificate);
		tell_next(&here);
	}
	wire_free(&wire_certificate_message, &certificate);
	account_here_close(&here);
	return rc;
}

enum be_err cert_renew(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct cert_wishes *wishes = into;
	struct wire_certificate old = { .id = "" };
	struct wire_certificate made = { .id = "" };
	char version[WIRE_WORD_MAX];
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)status;
	if (rc == BE_OK)
		rc = account_here_certificate(&here, words[0], &old, err);
	if (rc == BE_OK)
		rc = consent(&here, wishes->accept_terms, version, err);
	if (rc == BE_OK)
		rc = account_certificate_renew(here.account, old.id, version, &made, &here.wait, err);
	if (rc == BE_OK) {
		tell_made(N_("requested; the old one works until the new one has its passphrase"), &made);
		tell_next(&here);
	}
	wire_free(&wire_certificate_message, &old);
	wire_free(&wire_certificate_message, &made);
	account_here_close(&here);
	return rc;
}

/* ---- revoke ---- */

static enum be_err find_reason(const char *word, struct be_error *err)
{
	for (const struct account_reason *reason = account_reasons; reason->word != NULL; reason++)
		if (strcmp(reason->word, word) == 0)
			return BE_OK;
	return be_fail(err, BE_USAGE,
		N_("A certificate is not revoked for such a reason; \"besign help cert\" lists them"), "%s", word);
}

/* By its number in the list, or its word. */
static enum be_err choose_reason(const char **out, struct be_error *err)
{
	char answer[WIRE_WORD_MAX];
	unsigned number = 1;
	enum be_err rc;

	if (!ask_is_possible())
		return be_fail(err, BE_USAGE, N_("Say why it is revoked"), "--reason WORD");
	for (const struct account_reason *reason = account_reasons; reason->word != NULL; reason++, number++) {
		(void)printf("%u  %-22s", number, reason->word);
		print_text(stdout, reason->about);
		end_of_line();
	}
	rc = ask_line(answer, sizeof(answer), N_("Why is it revoked? Type a number"), "--reason WORD", err);
	number = 1;
	for (const struct account_reason *reason = account_reasons; rc == BE_OK && reason->word != NULL;
		reason++, number++) {
		char digits[DIGITS_MAX];

		(void)snprintf(digits, sizeof(digits), "%u", number % 10);
		if (strcmp(answer, digits) == 0 || strcmp(answer, reason->word) == 0) {
			*out = reason->word;
			return BE_OK;
		}
	}
	return rc == BE_OK ? find_reason(answer, err) : rc;
}

static enum be_err confirm(const struct cert_wishes *wishes, struct be_error *err)
{
	/* max: 10 */
	const char *word = tr(N_("REVOKE"));

	if (wishes->yes)
		return BE_OK;
	if (!ask_is_possible())
		return be_fail(err, BE_USAGE, N_("There is no terminal to confirm on; --yes confirms"), NULL);
	print_paragraph(0, tr(N_("A revoked certificate can never sign again.")));
	return ask_word(N_("Type REVOKE to revoke it"), word)
		? BE_OK
		: be_fail(err, BE_CANCELLED, N_("It was not confirmed; nothing was revoked"), NULL);
}

enum be_err cert_revoke(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct cert_wishes *wishes = into;
	struct wire_certificate certificate = { .id = "" };
	struct wire_certificate revoked = { .id = "" };
	const char *reason = wishes->reason;
	struct account_here here;
	enum be_err rc = reason != NULL ? find_reason(reason, err) : BE_OK;

	(void)status;
	if (rc != BE_OK)
		return rc;
	rc = account_here_open(&here, NULL, err);
	if (rc == BE_OK)
		rc = account_here_certificate(&here, words[0], &certificate, err);
	if (rc == BE_OK && !wishes->yes)
		cert_print(&certificate, strcmp(here.state.credential.id, certificate.id) == 0, false);
	if (rc == BE_OK && reason == NULL)
		rc = choose_reason(&reason, err);
	if (rc == BE_OK)
		rc = confirm(wishes, err);
	if (rc == BE_OK)
		rc = account_certificate_revoke(here.account, certificate.id, reason, &revoked, &here.wait, err);
	if (rc == BE_OK) {
		account_here_remember(&here, &revoked);
		tell_made(N_("revoked"), &revoked);
	}
	wire_free(&wire_certificate_message, &certificate);
	wire_free(&wire_certificate_message, &revoked);
	account_here_close(&here);
	return rc;
}

/* ---- import ---- */

static enum be_err read_key_file(struct wire_bytes *out, const char *path, struct be_error *err)
{
	struct buffer file = BUFFER_EMPTY;
	enum be_err rc = file_read_all(&file, path, WIRE_P12_MAX, err);

	if (rc == BE_OK)
		rc = wire_set_bytes(out, file.data, file.len, err);
	/* A file may hold its key without any encryption. */
	if (file.data != NULL)
		explicit_bzero(file.data, file.cap);
	buffer_free(&file);
	return rc;
}

/* Whether it can be opened at all is found out here, before it leaves this machine. */
static enum be_err try_key_file(const struct wire_certificate_import *file, struct be_error *err)
{
	struct pki_key *key = NULL;
	const enum be_err rc = pki_p12_open(&key, file->p12.data, file->p12.len, file->p12_password, err);

	pki_key_free(&key);
	return rc;
}

enum be_err cert_import(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct cert_wishes *wishes = into;
	struct wire_certificate_import file = { .p12 = { NULL, 0 } };
	struct wire_certificate made = { .id = "" };
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)status;
	if (rc == BE_OK)
		rc = read_key_file(&file.p12, words[0], err);
	if (rc == BE_OK)
		rc = ask_secret(&file.p12_password, wishes->p12_password_fd,
			/* max: 70 */ N_("Passphrase of the key file"), "--p12-password-fd", err);
	if (rc == BE_OK)
		rc = try_key_file(&file, err);
	if (rc == BE_OK)
		rc = ask_new_secret(&file.passphrase, wishes->passphrase_fd,
			/* max: 70 */ N_("New passphrase at the service"),
			/* max: 70 */ N_("The same passphrase again"), "--passphrase-fd", err);
	if (rc == BE_OK)
		rc = account_certificate_import(here.account, &file, &made, &here.wait, err);
	if (rc == BE_OK) {
		tell_made(N_("imported"), &made);
		cert_print(&made, false, false);
	}
	wire_free(&wire_certificate_import_message, &file);
	wire_free(&wire_certificate_message, &made);
	account_here_close(&here);
	return rc;
}
