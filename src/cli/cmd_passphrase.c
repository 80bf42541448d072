/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/account_ask.h"
#include "cli/cert_print.h"
#include "cli/mailbox.h"
#include "cli/print.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

struct wishes {
	int link_fd; /* -1: asked for, or looked for in the mailbox */
	int passphrase_fd;
	int new_passphrase_fd;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_NUMBER, "link-fd", "N", AT(link_fd),
		N_("set: read the link of the mail from this descriptor"), 0 },
	{ OPTIONS_NUMBER, "passphrase-fd", "N", AT(passphrase_fd),
		N_("read the passphrase from this descriptor; change: the one of now"), 0 },
	{ OPTIONS_NUMBER, "new-passphrase-fd", "N", AT(new_passphrase_fd),
		N_("change: read the new one from this descriptor"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static const char new_question[] = /* max: 70 */ N_("New passphrase of the certificate");
static const char again[] = /* max: 70 */ N_("The same passphrase again");

/* ---- set ---- */

/* The first certificate, and the one that follows the chosen one, is what the person wants to sign with. */
static enum be_err choose(
	struct account_here *here, const struct wire_certificate *made, bool *chosen, struct be_error *err)
{
	const char *now = here->state.credential.id;
	struct wire_certificate whole = { .id = "" };
	enum be_err rc = BE_OK;

	*chosen = false;
	if (now[0] != '\0' && (made->renews[0] == '\0' || strcmp(now, made->renews) != 0))
		return BE_OK;
	/* The link may be another person's: only one's own is chosen. */
	if (account_signed_in(here->account) &&
		account_certificate(here->account, made->id, &whole, &here->wait, NULL) == BE_OK) {
		rc = account_here_choose(here, &whole, err);
		*chosen = rc == BE_OK;
	}
	wire_free(&wire_certificate_message, &whole);
	return rc;
}

/* A rule that it broke is told, and on a terminal another one may be typed. */
static enum be_err set_with(struct account_here *here, const struct wishes *wishes, const struct secret *link,
	struct wire_certificate *made, struct be_error *err)
{
	for (unsigned tries = 1;; tries++) {
		struct secret *passphrase = NULL;
		enum be_err rc =
			ask_new_secret(&passphrase, wishes->passphrase_fd, new_question, again, "--passphrase-fd", err);

		if (rc == BE_OK && link != NULL)
			rc = account_set_passphrase(here->account, link, passphrase, made, &here->wait, err);
		else if (rc == BE_OK)
			rc = mailbox_set_passphrase(here, passphrase, made, err);
		secret_free(&passphrase);
		if (wishes->passphrase_fd >= 0 || tries == ASK_TRIES || rc != BE_WEAK)
			return rc;
		print_failure(NULL, err);
	}
}

static enum be_err do_set(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct wishes *wishes = into;
	struct wire_certificate made = { .id = "" };
	struct secret *link = NULL;
	bool chosen = false;
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)words;
	(void)status;
	if (rc == BE_OK && (wishes->link_fd >= 0 || !mailbox_is_there(&here)))
		rc = ask_secret(&link, wishes->link_fd, /* max: 70 */ N_("Link of the mail"), "--link-fd", err);
	if (rc == BE_OK)
		rc = set_with(&here, wishes, link, &made, err);
	if (rc == BE_OK)
		rc = choose(&here, &made, &chosen, err);
	if (rc == BE_OK) {
		print_paragraph(0, tr(N_("The passphrase is set, and the certificate works.")));
		cert_print(&made, chosen, false);
	}
	secret_free(&link);
	wire_free(&wire_certificate_message, &made);
	account_here_close(&here);
	return rc;
}

/* ---- change ---- */

static enum be_err do_change(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct wishes *wishes = into;
	struct wire_certificate certificate = { .id = "" };
	struct secret *old_one = NULL;
	struct secret *new_one = NULL;
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)status;
	if (rc == BE_OK)
		rc = account_here_certificate(&here, words[0], &certificate, err);
	if (rc == BE_OK)
		rc = ask_secret(&old_one, wishes->passphrase_fd,
			/* max: 70 */ N_("Passphrase of the certificate, as it is now"), "--passphrase-fd", err);
	if (rc == BE_OK)
		rc = ask_new_secret(
			&new_one, wishes->new_passphrase_fd, new_question, again, "--new-passphrase-fd", err);
	if (rc == BE_OK)
		rc = account_change_passphrase(here.account, certificate.id, old_one, new_one, &here.wait, err);
	if (rc == BE_OK) {
		print_paragraph(0, tr(N_("The passphrase is another one now.")));
	}
	secret_free(&old_one);
	secret_free(&new_one);
	wire_free(&wire_certificate_message, &certificate);
	account_here_close(&here);
	return rc;
}

static const struct verb verbs[] = {
	{ "set", 0, 0, "link-fd passphrase-fd", do_set },
	{ "change", 0, 1, "passphrase-fd new-passphrase-fd", do_change },
	{ NULL, 0, 0, NULL, NULL },
};

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .link_fd = -1, .passphrase_fd = -1, .new_passphrase_fd = -1 };

	return verbs_run(self, verbs, "set, change", &wishes, argc, argv, account_here_refuse);
}

const struct command command_passphrase = { "passphrase", N_("set | change [ID]"),
	N_("the passphrase of a certificate at the account service"), options, run };
