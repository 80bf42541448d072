/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/journal_file.h"

#include "app/data.h"
#include "app/journal.h"
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

#define OLDER ".1"
/* How often another program may have begun a new file between our opening it and our turn. */
#define TURNS_MAX 100

static size_t bound = JOURNAL_FILE_MAX;

void journal_set_bound_for_test(size_t bytes)
{
	bound = bytes > 0 ? bytes : JOURNAL_FILE_MAX;
}

static const char not_written[] = N_("The journal could not be written");
static const char not_read[] = N_("The journal could not be read");

/* ---- the turn: the lock of the file that has the name ---- */

static bool lock(int fd, int how)
{
	while (flock(fd, how) != 0)
		if (errno != EINTR)
			return false;
	return true;
}

static bool has_name(int fd, const char *path)
{
	struct stat mine;
	struct stat named;

	return fstat(fd, &mine) == 0 && lstat(path, &named) == 0 && mine.st_dev == named.st_dev &&
		mine.st_ino == named.st_ino;
}

/* Whoever waits for the lock of a file that has become the older one by then, looks for the new one. */
static int open_locked(const char *path, int flags, int how)
{
	for (int turn = 0; turn < TURNS_MAX; turn++) {
		const int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY, S_IRUSR | S_IWUSR);

		if (fd < 0)
			return -1;
		if (lock(fd, how) && has_name(fd, path))
			return fd;
		(void)close(fd);
	}
	errno = EBUSY;
	return -1;
}

/* ---- writing ---- */

/* That a new file has its name is on the disk with its first line. */
static void sync_directory(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = strndup(path, (size_t)(slash - path));
	const int fd = dir != NULL ? open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (fd >= 0) {
		(void)fsync(fd);
		(void)close(fd);
	}
	free(dir);
}

static enum be_err make_directory(const char *path, struct be_error *err)
{
	char *dir = strndup(path, (size_t)(strrchr(path, '/') - path));
	enum be_err rc = dir != NULL ? file_make_dirs(dir, err)
				     : be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);

	free(dir);
	return rc;
}

static enum be_err open_or_make(int *out, const char *path, struct be_error *err)
{
	const int flags = O_RDWR | O_APPEND | O_CREAT;
	enum be_err rc = BE_OK;

	*out = open_locked(path, flags, LOCK_EX);
	if (*out < 0 && errno == ENOENT) {
		rc = make_directory(path, err);
		if (rc == BE_OK)
			*out = open_locked(path, flags, LOCK_EX);
	}
	if (rc == BE_OK && *out < 0)
		rc = be_fail_errno(err, BE_IO, not_written, path);
	return rc;
}

static enum be_err open_to_write(int *out, struct stat *st, const char *path, size_t more, struct be_error *err)
{
	char older[PATH_MAX + sizeof(OLDER)];
	enum be_err rc;
	int fd;

	if ((size_t)snprintf(older, sizeof(older), "%s" OLDER, path) >= sizeof(older))
		return be_fail(err, BE_LIMIT, not_written, "%s", path);
	for (;;) {
		rc = open_or_make(&fd, path, err);
		if (rc != BE_OK)
			return rc;
		if (fstat(fd, st) != 0 || !S_ISREG(st->st_mode)) {
			(void)close(fd);
			return be_fail(err, BE_IO, not_written, "%s", path);
		}
		if (st->st_size == 0 || (size_t)st->st_size + more <= bound)
			break;
		/* Locked still: whoever waits finds that the name means another file. What others have not had synced yet is. */
		if (fdatasync(fd) != 0 || rename(path, older) != 0)
			rc = be_fail_errno(err, BE_IO, not_written, path);
		(void)close(fd);
		if (rc != BE_OK)
			return rc;
	}
	if ((st->st_mode & (S_IRWXG | S_IRWXO)) != 0)
		(void)fchmod(fd, S_IRUSR | S_IWUSR);
	if (st->st_size == 0)
		sync_directory(path);
	*out = fd;
	return BE_OK;
}

/* A line that was torn stays torn, and the next one begins on its own. */
static bool ends_a_line(int fd, off_t size)
{
	char last = '\n';

	return size == 0 || (pread(fd, &last, 1, size - 1) == 1 && last == '\n');
}

enum be_err journal_file_add(const struct buffer *line, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer bytes = BUFFER_EMPTY;
	struct stat st;
	ssize_t written;
	int fd = -1;
	enum be_err rc = data_own(&path, DATA_STATE_HOME, "journal", err);

	if (rc == BE_OK)
		rc = open_to_write(&fd, &st, (const char *)path.data, line->len + 1, err);
	if (rc != BE_OK)
		goto out;
	if (!ends_a_line(fd, st.st_size))
		buffer_add_byte(&bytes, '\n');
	buffer_add(&bytes, line->data, line->len);
	rc = buffer_check(&bytes, err);
	if (rc != BE_OK)
		goto out;
	do
		written = write(fd, bytes.data, bytes.len);
	while (written < 0 && errno == EINTR);
	if (written != (ssize_t)bytes.len) {
		if (written >= 0)
			errno = ENOSPC;
		rc = be_fail_errno(err, BE_IO, not_written, (const char *)path.data);
		/* Half a line is none. */
		if (written > 0 && ftruncate(fd, st.st_size) != 0)
			goto out;
	}
out:
	if (fd >= 0)
		(void)close(fd);
	buffer_free(&bytes);
	buffer_free(&path);
	return rc;
}

enum be_err journal_file_sync(struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = data_own(&path, DATA_STATE_HOME, "journal", err);
	int fd;

	if (rc == BE_OK) {
		fd = open((const char *)path.data, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
		if (fd < 0 || fdatasync(fd) != 0)
			rc = be_fail_errno(err, BE_IO, not_written, (const char *)path.data);
		if (fd >= 0)
			(void)close(fd);
	}
	buffer_free(&path);
	return rc;
}

/* ---- reading ---- */

static enum be_err read_whole(struct buffer *out, int fd, const char *path, struct be_error *err)
{
	const size_t at = out->len;
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return be_fail(err, BE_IO, not_read, "%s", path);
	/* By other hands than ours. */
	if ((uintmax_t)st.st_size > 2u * (uintmax_t)JOURNAL_FILE_MAX)
		return be_fail(err, BE_LIMIT, N_("The journal is larger than the program agrees to read"), "%s", path);
	if (st.st_size == 0)
		return BE_OK;
	buffer_add_fill(out, 0, (size_t)st.st_size);
	if (buffer_check(out, err) != BE_OK)
		return BE_NO_MEMORY;
	return file_read_at(fd, out->data + at, (size_t)st.st_size, 0, err);
}

/* The newer file's lock keeps the two from being exchanged between the one and the other. */
enum be_err journal_file_read(struct buffer *out, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer older = BUFFER_EMPTY;
	enum be_err rc = data_own(&path, DATA_STATE_HOME, "journal", err);
	int newer_fd = -1;
	int older_fd = -1;

	if (rc != BE_OK)
		goto out;
	buffer_printf(&older, "%s" OLDER, (const char *)path.data);
	buffer_add_byte(&older, '\0');
	rc = buffer_check(&older, err);
	if (rc != BE_OK)
		goto out;
	newer_fd = open_locked((const char *)path.data, O_RDONLY | O_NONBLOCK, LOCK_SH);
	if (newer_fd < 0 && errno != ENOENT && errno != ENOTDIR) {
		rc = be_fail_errno(err, BE_IO, not_read, (const char *)path.data);
		goto out;
	}
	older_fd = open((const char *)older.data, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (older_fd >= 0)
		rc = read_whole(out, older_fd, (const char *)older.data, err);
	if (rc == BE_OK && out->len > 0 && out->data[out->len - 1] != '\n')
		buffer_add_byte(out, '\n');
	if (rc == BE_OK && newer_fd >= 0)
		rc = read_whole(out, newer_fd, (const char *)path.data, err);
out:
	if (older_fd >= 0)
		(void)close(older_fd);
	if (newer_fd >= 0)
		(void)close(newer_fd);
	buffer_free(&older);
	buffer_free(&path);
	return rc;
}
