/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_NOTIFY_H
#define SERVICE_NOTIFY_H

/*
 * Telling whoever started the service how it stands: the app through a pipe (one line, "ready" or "failed: …"), and
 * systemd through $NOTIFY_SOCKET (sd_notify(3), the protocol alone). Nobody listening is no error.
 */

#include "base/error.h"

/* ready_fd: -1 none; closed afterwards. */
void notify_ready(int ready_fd);
void notify_failed(int ready_fd, const struct be_error *err);
void notify_stopping(void);

#endif
