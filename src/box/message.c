/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "box/message.h"

#include "box/box.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <time.h>

#define HEADER_SIZE 4u
#define PIECE_SIZE 65536u
#define LOOK_MS 50 /* between two looks at the cancel flag */

static const char trouble[] = N_("Talking to a part of besign failed");

static int64_t now_ms(void)
{
	struct timespec ts = { 0, 0 };

	(void)clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

struct box_message_wait box_message_until(int timeout_ms, const atomic_bool *cancel)
{
	return (struct box_message_wait){ now_ms() + (timeout_ms > 0 ? timeout_ms : 0), cancel };
}

static bool cancelled(const struct box_message_wait *wait)
{
	return wait->cancel != NULL && atomic_load(wait->cancel);
}

/* Waits until the socket is ready, the deadline comes or somebody cancels. A hang-up counts as ready: the
 * call that follows says what it is. */
static enum be_err wait_for(int fd, short events, const struct box_message_wait *wait, struct be_error *err)
{
	struct pollfd ready = { .fd = fd, .events = events };

	for (;;) {
		const int64_t most = wait->cancel != NULL ? LOOK_MS : INT_MAX;
		int64_t left = wait->deadline - now_ms();
		int n;

		if (left <= 0 || cancelled(wait))
			return be_fail(err, BE_CANCELLED, trouble, left <= 0 ? "deadline" : "cancelled");
		n = poll(&ready, 1, (int)(left < most ? left : most));
		if (n > 0)
			return BE_OK;
		if (n < 0 && errno != EINTR)
			return be_fail_errno(err, BE_IO, trouble, "poll");
	}
}

/* Judges a send or recv that returned -1: BE_OK means once more. */
static enum be_err after_failure(int fd, short events, const struct box_message_wait *wait, const char *what,
	struct be_error *err)
{
	if (errno == EINTR)
		return BE_OK;
	if (wait != NULL && errno == EAGAIN)
		return wait_for(fd, events, wait, err);
	if (errno == EPIPE || errno == ECONNRESET)
		return be_fail_errno(err, BE_NOT_FOUND, trouble, what);
	return be_fail_errno(err, BE_IO, trouble, what);
}

static enum be_err send_all(int fd, const uint8_t *bytes, size_t len, const struct box_message_wait *wait,
	struct be_error *err)
{
	const int flags = MSG_NOSIGNAL | (wait == NULL ? 0 : MSG_DONTWAIT);

	while (len > 0) {
		ssize_t n = send(fd, bytes, len, flags);
		enum be_err rc;

		if (n < 0) {
			rc = after_failure(fd, POLLOUT, wait, "send", err);
			if (rc != BE_OK)
				return rc;
			continue;
		}
		bytes += n;
		len -= (size_t)n;
	}
	return BE_OK;
}

/* Between 1 and len bytes. */
static enum be_err receive_some(int fd, uint8_t *bytes, size_t len, size_t *got, const struct box_message_wait *wait,
	struct be_error *err)
{
	const int flags = wait == NULL ? 0 : MSG_DONTWAIT;

	for (;;) {
		ssize_t n = recv(fd, bytes, len, flags);
		enum be_err rc;

		if (n > 0) {
			*got = (size_t)n;
			return BE_OK;
		}
		if (n == 0)
			return be_fail(err, BE_NOT_FOUND, trouble, "closed by the other side");
		rc = after_failure(fd, POLLIN, wait, "recv", err);
		if (rc != BE_OK)
			return rc;
	}
}

static enum be_err receive_header(int fd, size_t *announced, const struct box_message_wait *wait, struct be_error *err)
{
	uint8_t header[HEADER_SIZE] = { 0 };
	size_t have = 0;

	while (have < sizeof(header)) {
		size_t got = 0;
		enum be_err rc = receive_some(fd, header + have, sizeof(header) - have, &got, wait, err);

		if (rc != BE_OK)
			return rc;
		have += got;
	}
	*announced = (size_t)header[0] | (size_t)header[1] << 8 | (size_t)header[2] << 16 |
		(size_t)header[3] << 24;
	return BE_OK;
}

enum be_err box_message_send(int fd, const void *bytes, size_t len, const struct box_message_wait *wait,
	struct be_error *err)
{
	uint8_t header[HEADER_SIZE];
	enum be_err rc;

	if (len > UINT32_MAX)
		return be_fail(err, BE_LIMIT, trouble, "a message of %zu bytes", len);
	for (unsigned i = 0; i < HEADER_SIZE; i++)
		header[i] = (uint8_t)(len >> (8 * i) & 0xff);
	rc = send_all(fd, header, sizeof(header), wait, err);
	if (rc == BE_OK)
		rc = send_all(fd, bytes, len, wait, err);
	return rc;
}

/* The memory grows with the bytes that came, not with the bytes that were promised. */
enum be_err box_message_receive(int fd, struct buffer *out, size_t max, const struct box_message_wait *wait,
	struct be_error *err)
{
	const size_t before = out->len;
	size_t left = 0;
	enum be_err rc;

	rc = receive_header(fd, &left, wait, err);
	if (rc == BE_OK && left > max)
		rc = be_fail(err, BE_LIMIT, trouble, "%zu bytes announced, %zu allowed", left, max);
	while (rc == BE_OK && left > 0) {
		uint8_t piece[PIECE_SIZE];
		size_t got = 0;

		rc = receive_some(fd, piece, left < sizeof(piece) ? left : sizeof(piece), &got, wait, err);
		if (rc != BE_OK)
			break;
		buffer_add(out, piece, got);
		rc = buffer_check(out, err);
		left -= got;
	}
	if (rc != BE_OK)
		out->len = before;
	return rc;
}

bool box_message_waiting(int fd)
{
	uint8_t byte;

	return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

enum be_err box_receive(struct buffer *out, size_t max, struct be_error *err)
{
	return box_message_receive(BOX_FD_MESSAGES, out, max, NULL, err);
}

enum be_err box_answer(const void *message, size_t len, struct be_error *err)
{
	return box_message_send(BOX_FD_MESSAGES, message, len, NULL, err);
}
