/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/account_ask.h"
#include "cli/account_here.h"
#include "cli/print.h"
#include "cli/verbs.h"

#include <stdio.h>

struct wishes {
	int password_fd; /* -1: asked for */
	int new_password_fd;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_NUMBER, "password-fd", "N", AT(password_fd),
		N_("read the password of now from this descriptor"), 0 },
	{ OPTIONS_NUMBER, "new-password-fd", "N", AT(new_password_fd),
		N_("read the new one from this descriptor"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static enum be_err do_change(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct wishes *wishes = into;
	struct secret *old_one = NULL;
	struct secret *new_one = NULL;
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)words;
	(void)status;
	if (rc == BE_OK)
		rc = ask_secret(&old_one, wishes->password_fd,
			/* max: 70 */ N_("Password of the account, as it is now"), "--password-fd", err);
	if (rc == BE_OK)
		rc = ask_new_secret(&new_one, wishes->new_password_fd,
			/* max: 70 */ N_("New password of the account"), /* max: 70 */ N_("The same password again"),
			"--new-password-fd", err);
	if (rc == BE_OK)
		rc = account_change_password(here.account, old_one, new_one, &here.wait, err);
	if (rc == BE_OK) {
		print_paragraph(0, tr(N_("The password is another one now, and every other session has ended.")));
	}
	secret_free(&old_one);
	secret_free(&new_one);
	account_here_close(&here);
	return rc;
}

static const struct verb verbs[] = {
	{ "change", 0, 0, "password-fd new-password-fd", do_change },
	{ NULL, 0, 0, NULL, NULL },
};

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { -1, -1 };

	return verbs_run(self, verbs, "change", &wishes, argc, argv, account_here_refuse);
}

const struct command command_password = { "password", "change", N_("the password of the account"), options, run };
