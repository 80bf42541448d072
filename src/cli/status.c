/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"

/* What is not here could not be started. */
static const struct {
	enum be_err code;
	int status;
} statuses[] = {
	{ BE_CANCELLED, EXIT_CANCELLED },
	{ BE_WRONG_PASSPHRASE, EXIT_WRONG_SECRET },
	{ BE_NO_MATCH, EXIT_WRONG_SECRET },
	{ BE_WRONG_LOGIN, EXIT_WRONG_SECRET },
	{ BE_WRONG_CODE, EXIT_WRONG_SECRET },
	{ BE_CODE_USED, EXIT_WRONG_SECRET },
	{ BE_CLOCK, EXIT_WRONG_SECRET },
	{ BE_UNKNOWN_OUTCOME, EXIT_UNKNOWN },
	{ BE_NETWORK, EXIT_SERVICE },
	{ BE_TLS, EXIT_SERVICE },
	{ BE_BUSY, EXIT_SERVICE },
	{ BE_REFUSED, EXIT_SERVICE },
	{ BE_LOCKED, EXIT_SERVICE },
	{ BE_DISABLED, EXIT_SERVICE },
	{ BE_SESSION, EXIT_SERVICE },
	{ BE_DENIED, EXIT_SERVICE },
	{ BE_LINK, EXIT_SERVICE },
	{ BE_WEAK, EXIT_SERVICE },
	{ BE_STATE, EXIT_SERVICE },
	{ BE_REVOKED, EXIT_SERVICE },
	{ BE_TOO_EARLY, EXIT_SERVICE },
	{ BE_TERMS, EXIT_SERVICE },
	{ BE_AUTHORISATION, EXIT_SERVICE },
};

int command_status(enum be_err code)
{
	for (size_t i = 0; i < sizeof(statuses) / sizeof(statuses[0]); i++)
		if (statuses[i].code == code)
			return statuses[i].status;
	return EXIT_NOT_STARTED;
}
