/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_RUN_H
#define SERVICE_RUN_H

/*
 * The life of the process: opens the service, tells that it listens, does by and by what has to be done, and ends on
 * SIGTERM, SIGINT, or, embedded, when nobody has asked for a while.
 */

#include "service/config.h"

/* Takes the config. ready_fd: where it is told that the service listens, or why not (service/notify.h); -1: nowhere.
 * Returns the exit status of the process: 0 ended as it should, 1 not. Before the first thread. */
int run_service(struct service_config *config, int ready_fd);

#endif
