/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/account_here.h"
#include "cli/print.h"

#include <stdio.h>

struct wishes {
	bool all;
};

/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_FLAG, "all", NULL, .at = offsetof(struct wishes, all),
		N_("end every session of this user, on other machines too"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static enum be_err log_out(const struct wishes *wishes, struct be_error *err)
{
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	if (rc == BE_OK && wishes->all)
		rc = account_sign_out_all(here.account, &here.wait, err);
	else if (rc == BE_OK && account_signed_in(here.account))
		rc = account_sign_out(here.account, &here.wait, err);
	if (rc == BE_OK) {
		print_text(stdout, N_("signed out"));
		(void)fputc('\n', stdout);
	}
	account_here_close(&here);
	return rc;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { false };
	struct be_error err = { .code = BE_OK };
	enum be_err rc = options_only(options, &wishes, argc, argv, &err);

	if (rc == BE_OK)
		rc = log_out(&wishes, &err);
	return rc == BE_OK ? EXIT_DONE : account_here_refuse(self, &err);
}

const struct command command_logout = { "logout", "[--all]", N_("end the session at the account service"), options,
	run };
