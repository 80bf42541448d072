/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BOX_MESSAGE_H
#define BOX_MESSAGE_H

/*
 * How a message travels between the parent and a helper: its length in four bytes, little-endian, then its
 * bytes, over a stream socket. Both sides use it, and neither believes the other's length beyond its own
 * bound. Knows sockets; knows no processes and no content. Only box includes it.
 */

#include "base/buffer.h"

#include <stdatomic.h>

/* How long to wait for the other side; NULL where this is taken is for ever. */
struct box_message_wait {
	int64_t deadline;               /* a moment of the monotonic clock, in milliseconds */
	const atomic_bool *cancel;      /* looked at a few times a second; NULL: nobody cancels */
};

/* Until that many milliseconds from now (a negative number is none), or until the flag is set. */
struct box_message_wait box_message_until(int timeout_ms, const atomic_bool *cancel);

/* BE_NOT_FOUND: the other side is gone. BE_CANCELLED: the deadline came, or somebody cancelled. A peer that
 * is gone never raises SIGPIPE. */
enum be_err box_message_send(int fd, const void *bytes, size_t len, const struct box_message_wait *wait,
	struct be_error *err);
/* Appends one message of at most max bytes to out; on failure out has what it had. BE_LIMIT: a longer one
 * is announced, BE_NOT_FOUND: the other side is gone, before or within a message. After any failure the
 * stream is good for nothing. */
enum be_err box_message_receive(int fd, struct buffer *out, size_t max, const struct box_message_wait *wait,
	struct be_error *err);

/* Whether bytes wait that nobody has asked for. */
bool box_message_waiting(int fd);

#endif
