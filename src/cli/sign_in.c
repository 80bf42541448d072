/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/sign_in.h"

#include "base/i18n.h"
#include "cli/account_ask.h"
#include "cli/print.h"

#include <string.h>
#include <unistd.h>

static bool may_be_typed_again(enum be_err code)
{
	return code == BE_WRONG_CODE || code == BE_CODE_USED || code == BE_CLOCK || code == BE_WRONG_LOGIN;
}

enum be_err code_ask(int fd, code_use *use, void *context, struct be_error *err)
{
	for (unsigned tries = 1;; tries++) {
		struct secret *code = NULL;
		enum be_err rc = ask_secret(&code, fd, /* max: 70 */ N_("Code of the authenticator"), "--code-fd", err);

		if (rc == BE_OK)
			rc = use(context, code, err);
		secret_free(&code);
		if (fd >= 0 || tries == ASK_TRIES || !may_be_typed_again(rc))
			return rc;
		print_failure(NULL, err);
	}
}

enum be_err device_name(char out[static WIRE_NAME_MAX], const char *given, const char *option, struct be_error *err)
{
	if (given != NULL && (given[0] == '\0' || strlen(given) >= WIRE_NAME_MAX))
		return be_fail(err, BE_USAGE, N_("This is no name for a device"), "%s", option);
	if (given != NULL)
		wire_set_text(out, WIRE_NAME_MAX, given);
	else if (!ask_is_possible())
		return be_fail(err, BE_USAGE,
			N_("A device has to be enrolled, and its setup key shown: name the device to have it shown here"),
			"%s", option);
	else
		return ask_line(out, WIRE_NAME_MAX, N_("Name of the new device"), option, err);
	return BE_OK;
}
