/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/secret.h"

#include "base/secret_line.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct secret {
	uint8_t *map; /* guard page, pages, guard page */
	size_t page;
	size_t inner;   /* bytes of the pages between the guards */
	uint8_t *bytes; /* ends, with its NUL, at the second guard: one byte too far is caught */
	size_t capacity;
	size_t len;
	bool locked;
};

static enum be_err no_memory(struct be_error *err)
{
	return be_fail_errno(err, BE_NO_MEMORY, N_("There is no memory for a secret"), "mmap");
}

static enum be_err make(struct secret **out, size_t capacity, struct be_error *err)
{
	struct secret *s = calloc(1, sizeof(*s));
	uint8_t *pages;

	if (s == NULL)
		return no_memory(err);
	s->page = (size_t)sysconf(_SC_PAGESIZE);
	s->inner = (capacity + 1 + s->page - 1) / s->page * s->page;
	s->map = mmap(NULL, s->inner + 2 * s->page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (s->map == MAP_FAILED) {
		free(s);
		return no_memory(err);
	}
	pages = s->map + s->page;
	if (mprotect(pages, s->inner, PROT_READ | PROT_WRITE) != 0) {
		(void)no_memory(err);
		(void)munmap(s->map, s->inner + 2 * s->page);
		free(s);
		return BE_NO_MEMORY;
	}
	s->locked = mlock(pages, s->inner) == 0;
	s->locked = madvise(pages, s->inner, MADV_DONTDUMP) == 0 && s->locked;
	s->locked = madvise(pages, s->inner, MADV_WIPEONFORK) == 0 && s->locked;
	s->bytes = pages + s->inner - (capacity + 1);
	s->capacity = capacity;
	*out = s;
	return BE_OK;
}

enum be_err secret_new(struct secret **out, size_t capacity, struct be_error *err)
{
	if (capacity > SECRET_MAX)
		return be_fail(
			err, BE_LIMIT, N_("The secret is too long"), "%zu bytes, at most %u", capacity, SECRET_MAX);
	return make(out, capacity, err);
}

void secret_free(struct secret **secret)
{
	struct secret *s = *secret;

	if (s == NULL)
		return;
	secret_clear(s);
	(void)munmap(s->map, s->inner + 2 * s->page);
	free(s);
	*secret = NULL;
}

const uint8_t *secret_bytes(const struct secret *secret)
{
	return secret->bytes;
}

size_t secret_len(const struct secret *secret)
{
	return secret->len;
}

bool secret_locked(const struct secret *secret)
{
	return secret->locked;
}

enum be_err secret_add(struct secret *secret, const void *bytes, size_t len, struct be_error *err)
{
	if (len > secret->capacity - secret->len)
		return be_fail(err, BE_LIMIT, N_("The secret is too long"), "at most %zu bytes", secret->capacity);
	if (len > 0)
		memcpy(secret->bytes + secret->len, bytes, len);
	secret->len += len;
	return BE_OK;
}

void secret_clear(struct secret *secret)
{
	explicit_bzero(secret->map + secret->page, secret->inner);
	secret->len = 0;
}

void secret_cut(struct secret *secret, size_t len)
{
	if (len >= secret->len)
		return;
	explicit_bzero(secret->bytes + len, secret->len - len);
	secret->len = len;
}

/* Straight into the locked pages: no stdio, no piece on the stack. The byte after the content is
 * the NUL's and may take a byte that turns out to be the newline. */
static enum be_err read_line(struct secret *s, int fd, int wake, enum secret_line_end *end, struct be_error *err)
{
	for (;;) {
		struct pollfd ready[] = { { .fd = fd, .events = POLLIN }, { .fd = wake, .events = POLLIN } };
		ssize_t n;

		if (poll(ready, 2, -1) < 0 && errno != EINTR)
			return be_fail_errno(err, BE_IO, N_("The secret could not be read"), "poll");
		if (ready[1].revents != 0) {
			*end = SECRET_LINE_WOKEN;
			return BE_OK;
		}
		if (ready[0].revents == 0)
			continue;
		n = read(fd, s->bytes + s->len, 1);
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (n < 0)
			return be_fail_errno(err, BE_IO, N_("The secret could not be read"), "read");
		*end = n == 0 ? SECRET_LINE_END_OF_FILE : SECRET_LINE_NEWLINE;
		if (n == 0 || s->bytes[s->len] == '\n') {
			s->bytes[s->len] = 0;
			return BE_OK;
		}
		if (s->len == s->capacity)
			return be_fail(err, BE_LIMIT, N_("The secret is too long"), NULL);
		s->len++;
	}
}

enum be_err secret_read_line(
	struct secret **out, int fd, int wake, size_t max, enum secret_line_end *end, struct be_error *err)
{
	struct secret *s = NULL;
	enum be_err code;

	if (max > SECRET_MAX)
		return be_fail(err, BE_LIMIT, N_("The secret is too long"), "%zu bytes, at most %u", max, SECRET_MAX);
	/* One more for the carriage return that does not count. */
	code = make(&s, max + 1, err);
	if (code != BE_OK)
		return code;
	code = read_line(s, fd, wake, end, err);
	if (code != BE_OK)
		goto out;
	if (*end == SECRET_LINE_NEWLINE && s->len > 0 && s->bytes[s->len - 1] == '\r')
		s->bytes[--s->len] = 0;
	if (s->len > max) {
		code = be_fail(err, BE_LIMIT, N_("The secret is too long"), "at most %zu bytes", max);
		goto out;
	}
	*out = s;
	s = NULL;
out:
	secret_free(&s);
	return code;
}

enum be_err secret_read_fd(struct secret **out, int fd, size_t max, struct be_error *err)
{
	enum secret_line_end end;

	return secret_read_line(out, fd, -1, max, &end, err);
}
