/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/command.h"
#include "cli/print.h"

#include "build.h"

static const struct options_spec options[] = { { .kind = OPTIONS_END } };

static int run(const struct command *self, int argc, char **argv)
{
	struct be_error err = { .code = BE_OK };
	char nothing = '\0';

	if (options_only(options, &nothing, argc, argv, &err) != BE_OK)
		return command_refuse(self, &err);
	(void)puts("besign " BESIGN_VERSION);
	return EXIT_DONE;
}

const struct command command_version = { "version", "", N_("which version this is"), options, run };
