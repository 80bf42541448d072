/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/cert_state.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/i18n.h"
#include "cli/account_here.h"
#include "cli/cert_print.h"
#include "cli/cert_verbs.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>

#define PEM_LINE 64u
#define PEM_MODE 0644

#define AT(member) .at = offsetof(struct cert_wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("list, info: one JSON object a line, for programs"), 0 },
	{ OPTIONS_NUMBER, "expires-within", N_("DAYS"), AT(expires_within),
		N_("info: exit with 1 when it ends within so many days, or does not work; for cron"), 0 },
	{ OPTIONS_TEXT, "key", "rsa3072|p256", AT(key),
		N_("issue: the kind of key; default: what the service chooses"), 0 },
	{ OPTIONS_TEXT, "accept-terms", N_("VERSION"), AT(accept_terms),
		N_("issue, renew: accept this version of the terms; they were read"), 0 },
	{ OPTIONS_TEXT, "reason", N_("WORD"), AT(reason),
		N_("revoke: why; keyCompromise, affiliationChanged, superseded, cessationOfOperation or unspecified"), 0 },
	{ OPTIONS_FLAG, "yes", NULL, AT(yes),
		N_("revoke: do not ask"), 0 },
	{ OPTIONS_NUMBER, "p12-password-fd", "N", AT(p12_password_fd),
		N_("import: read the passphrase of the key file from this descriptor"), 0 },
	{ OPTIONS_NUMBER, "passphrase-fd", "N", AT(passphrase_fd),
		N_("import: read the new passphrase from this descriptor"), 0 },
	{ OPTIONS_TEXT, "output", N_("FILE"), AT(output),
		N_("export: into this file"), 'o' },
	{ OPTIONS_FLAG, "chain", NULL, AT(chain),
		N_("export: with the certificates of its authorities"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* ---- list ---- */

static bool is_chosen(const struct account_here *here, const struct wire_certificate *certificate)
{
	return strcmp(here->state.credential.id, certificate->id) == 0;
}

static enum be_err do_list(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct cert_wishes *wishes = into;
	struct wire_certificates list = { .change = 0 };
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)words;
	(void)status;
	if (rc == BE_OK)
		rc = account_certificates(here.account, &list, &here.wait, err);
	for (size_t i = 0; rc == BE_OK && i < list.certificates.count; i++) {
		const struct wire_certificate *one = (const struct wire_certificate *)list.certificates.items + i;

		account_here_remember(&here, one);
		if (wishes->json)
			rc = cert_print_line(cert_print_json(one, is_chosen(&here, one)), err);
		else
			cert_print(one, is_chosen(&here, one), false);
	}
	if (rc == BE_OK && list.certificates.count == 0 && !wishes->json) {
		print_paragraph(0, tr(N_("You have no certificate; \"besign cert issue\" requests one.")));
	}
	wire_free(&wire_certificates_message, &list);
	account_here_close(&here);
	return rc;
}

/* ---- info ---- */

static enum be_err do_info(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct cert_wishes *wishes = into;
	struct wire_certificate certificate = { .id = "" };
	struct wire_history history = { .events = { NULL, 0 } };
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	if (rc == BE_OK)
		rc = account_here_certificate(&here, words[0], &certificate, err);
	if (rc == BE_OK && wishes->json) {
		rc = cert_print_line(cert_print_json(&certificate, is_chosen(&here, &certificate)), err);
	} else if (rc == BE_OK) {
		rc = account_certificate_history(here.account, certificate.id, &history, &here.wait, err);
		cert_print(&certificate, is_chosen(&here, &certificate), true);
		cert_print_history(&history);
	}
	if (rc == BE_OK && wishes->expires_within >= 0 && !cert_print_lasts(&certificate, wishes->expires_within))
		*status = EXIT_NOT_ALL;
	wire_free(&wire_history_message, &history);
	wire_free(&wire_certificate_message, &certificate);
	account_here_close(&here);
	return rc;
}

/* ---- use ---- */

static enum be_err do_use(const void *into, char *const *words, int *status, struct be_error *err)
{
	struct wire_certificate certificate = { .id = "" };
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)into;
	(void)status;
	if (rc == BE_OK)
		rc = account_here_certificate(&here, words[0], &certificate, err);
	if (rc == BE_OK && !cert_print_works(&certificate)) {
		const char *meaning = cert_state_next(certificate.state);

		rc = be_fail(err, BE_STATE, N_("Only a certificate that is ISSUED can be chosen"), "%s: %s",
			cert_state_shown(certificate.state), meaning != NULL ? tr(meaning) : certificate.id);
	}
	if (rc == BE_OK)
		rc = account_here_choose(&here, &certificate, err);
	if (rc == BE_OK) {
		print_text(stdout, N_("signs from now on, when nothing else is said"));
		(void)fputs(": ", stdout);
		print_foreign(stdout, certificate.id);
		(void)fputc('\n', stdout);
	}
	wire_free(&wire_certificate_message, &certificate);
	account_here_close(&here);
	return rc;
}

/* ---- export ---- */

static void add_pem(struct buffer *out, const struct wire_bytes *der)
{
	struct buffer text = BUFFER_EMPTY;

	encode_add(&text, ENCODE_BASE64, der->data, der->len);
	buffer_add_str(out, "-----BEGIN CERTIFICATE-----\n");
	for (size_t at = 0; at < text.len; at += PEM_LINE) {
		buffer_add(out, text.data + at, text.len - at < PEM_LINE ? text.len - at : PEM_LINE);
		buffer_add_byte(out, '\n');
	}
	buffer_add_str(out, "-----END CERTIFICATE-----\n");
	out->failed = out->failed || text.failed;
	buffer_free(&text);
}

static enum be_err write_pem(const char *path, const struct buffer *pem, struct be_error *err)
{
	struct file_output *output = NULL;
	enum be_err rc;

	if (path == NULL) {
		(void)fwrite(pem->data, 1, pem->len, stdout);
		return BE_OK;
	}
	rc = file_output_new(&output, path, PEM_MODE, false, err);
	if (rc == BE_OK)
		rc = file_write(file_output_fd(output), pem->data, pem->len, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	/* Not the service's doing. */
	return rc == BE_EXISTS
		? be_fail(err, BE_USAGE, N_("The file is there already, and is not replaced"), "%s", path)
		: rc;
}

static enum be_err do_export(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct cert_wishes *wishes = into;
	struct wire_certificate certificate = { .id = "" };
	struct buffer pem = BUFFER_EMPTY;
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)status;
	if (rc == BE_OK)
		rc = account_here_certificate(&here, words[0], &certificate, err);
	if (rc == BE_OK && certificate.chain.count == 0)
		rc = be_fail(err, BE_STATE, N_("The certificate was not issued yet"), "%s",
			cert_state_shown(certificate.state));
	for (size_t i = 0; rc == BE_OK && i < (wishes->chain ? certificate.chain.count : 1); i++)
		add_pem(&pem, (const struct wire_bytes *)certificate.chain.items + i);
	if (rc == BE_OK)
		rc = buffer_check(&pem, err);
	if (rc == BE_OK)
		rc = write_pem(wishes->output, &pem, err);
	buffer_free(&pem);
	wire_free(&wire_certificate_message, &certificate);
	account_here_close(&here);
	return rc;
}

static const struct verb verbs[] = {
	{ "list", 0, 0, "json", do_list },
	{ "info", 0, 1, "json expires-within", do_info },
	{ "use", 1, 1, "", do_use },
	{ "terms", 0, 0, "", cert_terms },
	{ "issue", 0, 0, "key accept-terms", cert_issue },
	{ "renew", 0, 1, "accept-terms", cert_renew },
	{ "revoke", 0, 1, "reason yes", cert_revoke },
	{ "import", 1, 1, "p12-password-fd passphrase-fd", cert_import },
	{ "export", 0, 1, "output chain", do_export },
	{ NULL, 0, 0, NULL, NULL },
};

static int run(const struct command *self, int argc, char **argv)
{
	struct cert_wishes wishes = { .expires_within = -1, .p12_password_fd = -1, .passphrase_fd = -1 };

	return verbs_run(self, verbs, "list, info, use, terms, issue, renew, revoke, import, export", &wishes, argc,
		argv, account_here_refuse);
}

const struct command command_cert = { "cert",
	N_("list | info [ID] | use ID | terms | issue | renew [ID] | revoke [ID] | import FILE.p12 | export [ID]"),
	N_("your certificates at the account service"), options, run };
