/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define COPY_PIECE ((size_t)256 * 1024)
#define KERNEL_PIECE ((uint64_t)1 << 30)

static const char too_far[] = N_("The file is larger than this system can address");
static const char read_failed[] = N_("The file could not be read");
static const char write_failed[] = N_("The file could not be written");

static bool addressable(uint64_t offset, uint64_t len)
{
	return offset <= INT64_MAX && len <= INT64_MAX - offset;
}

enum be_err file_read_at(int fd, void *out, size_t len, uint64_t offset, struct be_error *err)
{
	uint8_t *at = out;

	if (!addressable(offset, len))
		return be_fail(err, BE_LIMIT, too_far, NULL);
	while (len > 0) {
		ssize_t n = pread(fd, at, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return be_fail_errno(err, BE_IO, read_failed, "pread");
		if (n == 0)
			return be_fail(
				err, BE_IO, N_("The file ends earlier than it should"), "at %ju", (uintmax_t)offset);
		at += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return BE_OK;
}

enum be_err file_write_at(int fd, const void *bytes, size_t len, uint64_t offset, struct be_error *err)
{
	const uint8_t *at = bytes;

	if (!addressable(offset, len))
		return be_fail(err, BE_LIMIT, too_far, NULL);
	while (len > 0) {
		ssize_t n = pwrite(fd, at, len, (off_t)offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return be_fail_errno(err, BE_IO, write_failed, "pwrite");
		at += n;
		len -= (size_t)n;
		offset += (uint64_t)n;
	}
	return BE_OK;
}

enum be_err file_write(int fd, const void *bytes, size_t len, struct be_error *err)
{
	const uint8_t *at = bytes;

	while (len > 0) {
		ssize_t n = write(fd, at, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return be_fail_errno(err, BE_IO, N_("The output could not be written"), "write");
		at += n;
		len -= (size_t)n;
	}
	return BE_OK;
}

static enum be_err open_regular(int *out, struct stat *st, const char *path, struct be_error *err)
{
	/* Without O_NONBLOCK, opening a pipe would wait for a writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	enum be_err code = BE_OK;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return be_fail_errno(err, BE_NOT_FOUND, N_("The file does not exist"), path);
	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file could not be opened"), path);
	if (fstat(fd, st) != 0)
		code = be_fail_errno(err, BE_IO, read_failed, path);
	else if (!S_ISREG(st->st_mode))
		code = be_fail(err, BE_UNSUPPORTED, N_("The name does not stand for a regular file"), "%s", path);
	if (code != BE_OK) {
		(void)close(fd);
		return code;
	}
	*out = fd;
	return BE_OK;
}

/* The size is where reading starts from, not what is believed: a file may grow, and some in /proc say 0. */
static enum be_err read_to_end(
	struct buffer *out, int fd, size_t room, size_t max, const char *path, struct be_error *err)
{
	size_t start = out->len;

	for (;;) {
		size_t at = out->len;
		ssize_t n;

		buffer_add_fill(out, 0, room);
		if (out->failed)
			return buffer_check(out, err);
		do
			n = read(fd, out->data + at, room);
		while (n < 0 && errno == EINTR);
		out->len = at + (n > 0 ? (size_t)n : 0);
		if (n < 0)
			return be_fail_errno(err, BE_IO, read_failed, path);
		if (out->len - start > max)
			return be_fail(err, BE_LIMIT, N_("The file is larger than the program agrees to read"),
				"%s: over %zu bytes", path, max);
		if (n == 0)
			return BE_OK;
		room = (size_t)64 * 1024;
	}
}

enum be_err file_read_all(struct buffer *out, const char *path, size_t max, struct be_error *err)
{
	size_t start = out->len;
	enum be_err code;
	struct stat st;
	int fd = -1;

	code = open_regular(&fd, &st, path, err);
	if (code != BE_OK)
		return code;
	if ((uintmax_t)st.st_size > max)
		code = be_fail(err, BE_LIMIT, N_("The file is larger than the program agrees to read"), "%s: %jd bytes",
			path, (intmax_t)st.st_size);
	else
		code = read_to_end(out, fd, (size_t)st.st_size + 1, max, path, err);
	if (code != BE_OK && !out->failed)
		out->len = start;
	(void)close(fd);
	return code;
}

static enum be_err copy_by_hand(int from, int to, uint64_t at, uint64_t len, struct be_error *err)
{
	uint8_t *piece = malloc(COPY_PIECE);
	enum be_err code = BE_OK;

	if (piece == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	while (code == BE_OK && len > 0) {
		size_t n = len < COPY_PIECE ? (size_t)len : COPY_PIECE;

		code = file_read_at(from, piece, n, at, err);
		if (code == BE_OK)
			code = file_write_at(to, piece, n, at, err);
		at += n;
		len -= n;
	}
	free(piece);
	return code;
}

enum be_err file_copy_part(int from, int to, uint64_t offset, uint64_t len, struct be_error *err)
{
	off_t read_at = (off_t)offset;
	off_t write_at = (off_t)offset;

	if (!addressable(offset, len))
		return be_fail(err, BE_LIMIT, too_far, NULL);
	while ((uint64_t)read_at < offset + len) {
		uint64_t left = offset + len - (uint64_t)read_at;
		ssize_t n = copy_file_range(
			from, &read_at, to, &write_at, (size_t)(left < KERNEL_PIECE ? left : KERNEL_PIECE), 0);

		if (n < 0 && errno == EINTR)
			continue;
		/* Some file systems answer 0 for files they cannot copy: reading tells that from
		 * the end of the file. */
		if (n == 0 || (n < 0 && (errno == EXDEV || errno == EINVAL || errno == ENOSYS || errno == EOPNOTSUPP)))
			return copy_by_hand(from, to, (uint64_t)read_at, left, err);
		if (n < 0)
			return be_fail_errno(err, BE_IO, N_("The file could not be copied"), "copy_file_range");
	}
	return BE_OK;
}

enum be_err file_copy(int from, int to, uint64_t len, struct be_error *err)
{
	return file_copy_part(from, to, 0, len, err);
}

static enum be_err make_dir(const char *path, struct be_error *err)
{
	struct stat st;
	int cause;

	if (mkdir(path, 0700) == 0)
		return BE_OK;
	cause = errno;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return BE_OK;
	errno = cause;
	return be_fail_errno(err, BE_IO, N_("The directory could not be made"), path);
}

enum be_err file_make_dirs(const char *path, struct be_error *err)
{
	char *copy = strdup(path);
	enum be_err code = BE_OK;

	if (copy == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	for (char *slash = copy; code == BE_OK && *slash != '\0'; slash++) {
		if (*slash != '/' || slash == copy)
			continue;
		*slash = '\0';
		code = make_dir(copy, err);
		*slash = '/';
	}
	if (code == BE_OK)
		code = make_dir(path, err);
	free(copy);
	return code;
}

enum be_err file_make_parents(const char *path, struct be_error *err)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash != NULL && slash != path ? strndup(path, (size_t)(slash - path)) : NULL;
	enum be_err rc = BE_OK;

	if (slash == NULL || slash == path)
		return BE_OK;
	if (dir == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	rc = file_make_dirs(dir, err);
	free(dir);
	return rc;
}

enum be_err file_lock(const char *path, int *lock, const char *sentence, struct be_error *err)
{
	char name[PATH_MAX];
	const int written = snprintf(name, sizeof(name), "%s.lock", path);

	*lock = -1;
	if (written < 0 || (size_t)written >= sizeof(name))
		return be_fail(err, BE_LIMIT, sentence, "%s", path);
	if (file_make_parents(path, err) != BE_OK)
		return BE_IO;
	*lock = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
	if (*lock < 0)
		return be_fail_errno(err, BE_IO, sentence, name);
	while (flock(*lock, LOCK_EX) != 0) {
		if (errno == EINTR)
			continue;
		(void)be_fail_errno(err, BE_IO, sentence, name);
		file_unlock(*lock);
		*lock = -1;
		return BE_IO;
	}
	return BE_OK;
}

void file_unlock(int lock)
{
	if (lock >= 0)
		(void)close(lock);
}

/* RFC 3986, 2.3: only unreserved characters, and the slash between segments, stand for themselves. */
static void add_path(struct buffer *out, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	for (; *path != '\0'; path++) {
		if (strchr(plain, *path) != NULL)
			buffer_add_byte(out, (uint8_t)*path);
		else
			buffer_printf(out, "%%%02X", (unsigned)(uint8_t)*path);
	}
}

void file_uri(struct buffer *out, const char *path)
{
	char *here = NULL;

	if (path[0] == '/') {
		buffer_add_str(out, "file://");
		add_path(out, path);
		return;
	}
	while (path[0] == '.' && path[1] == '/')
		for (path += 2; path[0] == '/'; path++)
			;
	/* A process whose directory was removed has no absolute path: what is left is a relative
	 * reference (RFC 3986, 4.2). */
	here = getcwd(NULL, 0);
	if (here != NULL && here[0] == '/') {
		buffer_add_str(out, "file://");
		add_path(out, here);
		if (here[1] != '\0')
			buffer_add_byte(out, '/');
	}
	add_path(out, path);
	free(here);
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789ABCDEF";
	const char *found = c != '\0' ? strchr(digits, c) : NULL;

	return found != NULL ? (int)(found - digits) : -1;
}

bool file_of_uri(struct buffer *out, const char *uri)
{
	static const char scheme[] = "file://";

	buffer_reset(out);
	if (strncmp(uri, scheme, strlen(scheme)) != 0 || uri[strlen(scheme)] != '/')
		return false;
	for (uri += strlen(scheme); *uri != '\0'; uri++) {
		int high;
		int low;

		if (*uri != '%') {
			buffer_add_byte(out, (uint8_t)*uri);
			continue;
		}
		high = hex_digit(uri[1]);
		low = high >= 0 ? hex_digit(uri[2]) : -1;
		if (low < 0 || high + low == 0)
			return false;
		buffer_add_byte(out, (uint8_t)(high * 16 + low));
		uri += 2;
	}
	buffer_add_byte(out, '\0');
	if (!out->failed)
		out->len--;
	return !out->failed;
}
