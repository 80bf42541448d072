/* SPDX-License-Identifier: GPL-3.0-or-later */

/* besignd: what the command line asks for. */

#include "service/config.h"

#include <stdio.h>
#include <string.h>

static int refuse(const struct be_error *err)
{
	(void)fprintf(stderr, "besignd: %s: %s\n", err->msgid, err->detail);
	return 2;
}

int main(int argc, char **argv)
{
	struct service_config config = SERVICE_CONFIG_EMPTY;
	struct be_error err = { .code = BE_OK };

	if (argc != 3 || strcmp(argv[1], "--config") != 0) {
		(void)fputs("usage: besignd --config FILE\n", stderr);
		return 2;
	}
	if (service_config_read(&config, argv[2], &err) != BE_OK)
		return refuse(&err);
	service_config_free(&config);
	return 0;
}
