/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/mailbox.h"

#include <poll.h>

/* Mails are carried by a thread of the service: one that was just promised is there soon. */
#define PAUSE_MS 100
#define PAUSES 50

bool mailbox_is_there(struct account_here *here)
{
	struct wire_service service;
	const bool there = account_service(here->account, &service, &here->wait, NULL) == BE_OK && service.mailbox;

	wire_free(&wire_service_message, &service);
	return there && account_signed_in(here->account);
}

/* The mailbox does not say which links were used: the service does, and trying one that was costs nothing. */
static enum be_err try_all(
	struct account_here *here, const struct secret *passphrase, struct wire_certificate *out, struct be_error *err)
{
	struct wire_mailbox box = { .mails = { NULL, 0 } };
	const enum be_err read = account_mailbox(here->account, &box, &here->wait, err);
	enum be_err rc = read != BE_OK
		? read
		: be_fail(err, BE_LINK, N_("There is no mail with a link that can still be used"), NULL);

	for (size_t i = 0; rc == BE_LINK && i < box.mails.count; i++) {
		const struct wire_mail *mail = (const struct wire_mail *)box.mails.items + i;

		if (mail->link != NULL)
			rc = account_set_passphrase(here->account, mail->link, passphrase, out, &here->wait, err);
	}
	wire_free(&wire_mailbox_message, &box);
	return rc;
}

enum be_err mailbox_set_passphrase(
	struct account_here *here, const struct secret *passphrase, struct wire_certificate *out, struct be_error *err)
{
	enum be_err rc = try_all(here, passphrase, out, err);

	for (int pause = 0; rc == BE_LINK && pause < PAUSES && !atomic_load(here->wait.cancel); pause++) {
		(void)poll(NULL, 0, PAUSE_MS);
		rc = try_all(here, passphrase, out, err);
	}
	return rc;
}
