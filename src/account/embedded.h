/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_EMBEDDED_H
#define ACCOUNT_EMBEDDED_H

/*
 * The service of one person on one machine: where its socket is, starting it when nobody answers there, ending it.
 * However many programs start at once, there is one service for one data directory: who starts holds a lock, and who
 * comes second waits for it and finds the service there. The service itself holds another lock for as long as it lives,
 * so that a second one can never open the same data. A process id is never kept in a file, and never believed.
 */

#include "base/error.h"

#include <stdbool.h>

/* A socket's name has at most 107 bytes (unix(7)). */
#define EMBEDDED_SOCKET_MAX 108u

struct embedded_place {
	char *data;                       /* absolute; owned */
	char socket[EMBEDDED_SOCKET_MAX]; /* in $XDG_RUNTIME_DIR/besign, else in /tmp/besign-UID; both of mode 0700 */
};

/* Where the service of this data directory (absolute) has its socket; makes both directories. BE_IO when that directory belongs to somebody else or is open to others: nothing in it is to be believed. */
enum be_err embedded_find(struct embedded_place *out, const char *data, struct be_error *err);
void embedded_place_free(struct embedded_place *place);

/* BE_OK: something answered at the socket, and it belongs to this very user. Starts the service when needed, and
 * returns as soon as it listens; it is not a child of the caller afterwards, and outlives it. BE_HELPER with what the
 * service said when it could not start: no program, no room, data from a newer version. At most 30 s. */
enum be_err embedded_start(const struct embedded_place *place, struct be_error *err);

/* Whether something answers there now. */
bool embedded_running(const struct embedded_place *place);

/* Asks it to end and waits until it has, so that its data may be copied or removed. BE_OK also when none ran. BE_BUSY
 * when it has not ended after 30 s. */
enum be_err embedded_stop(const struct embedded_place *place, struct be_error *err);

#endif
