/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_ADMIN_H
#define SERVICE_ADMIN_H

/*
 * What an administrator does at the command line, beside a besignd that may run: users, a copy of everything, the audit
 * log. Each writes its own line into the audit log.
 */

#include "service/config.h"

/* argv[0] is the first word after the options: "user", "backup", "audit". Takes the config. Returns the exit status: 0
 * done, 1 not done (told on standard error), 2 not understood. */
int admin_run(struct service_config *config, int argc, char **argv);

/* The words that admin_run knows, for the usage text. */
extern const char admin_usage[];

#endif
