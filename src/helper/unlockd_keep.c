/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/unlockd.h"

#include "base/file.h"
#include "crypto/random.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TRIES_TEXT_MAX 64u

/* Three fingers may slip; then each further one costs more, up to an hour. */
#define FREE_TRIES 3u
#define FIRST_WAIT 30
#define LONGEST_WAIT 3600

static const char unsafe[] = N_("The directory of besign-unlockd, or a file in it, is not its own alone");
static const char unreadable[] = N_("A file of besign-unlockd cannot be read or written");

enum be_err keep_open(const char *dir, struct be_error *err)
{
	struct stat st;
	enum be_err rc = file_make_dirs(dir, err);

	if (rc != BE_OK)
		return rc;
	if (lstat(dir, &st) != 0)
		return be_fail_errno(err, BE_IO, unreadable, dir);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return be_fail(err, BE_DENIED, unsafe, "%s", dir);
	return BE_OK;
}

static enum be_err name_file(
	char out[static PATH_MAX], const char *dir, uid_t uid, const char *ending, struct be_error *err)
{
	const int written = snprintf(out, PATH_MAX, "%s/%ju.%s", dir, (uintmax_t)uid, ending);

	return written > 0 && written < PATH_MAX ? BE_OK : be_fail(err, BE_LIMIT, unreadable, "%s", dir);
}

/* A regular file of that many bytes at most, ours alone. BE_NOT_FOUND when there is none. */
static enum be_err open_own(int *out, const char *path, off_t most, struct be_error *err)
{
	struct stat st;

	*out = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	if (*out < 0 && errno == ENOENT)
		return BE_NOT_FOUND;
	if (*out < 0)
		return be_fail_errno(err, BE_IO, unreadable, path);
	if (fstat(*out, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0 &&
		st.st_size <= most)
		return BE_OK;
	(void)close(*out);
	*out = -1;
	return be_fail(err, BE_DENIED, unsafe, "%s", path);
}

static enum be_err write_own(const char *path, const void *bytes, size_t len, struct be_error *err)
{
	struct file_output *output = NULL;
	enum be_err rc = file_output_new(&output, path, S_IRUSR | S_IWUSR, true, err);

	if (rc == BE_OK)
		rc = file_write(file_output_fd(output), bytes, len, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	return rc;
}

/* ---- keys ---- */

static enum be_err make_key(struct secret **out, const char *path, struct be_error *err)
{
	enum be_err rc = crypto_random_secret(out, UNLOCKD_KEY_SIZE, err);

	if (rc == BE_OK)
		rc = write_own(path, secret_bytes(*out), secret_len(*out), err);
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}

static enum be_err read_key(struct secret **out, int fd, const char *path, struct be_error *err)
{
	uint8_t bytes[UNLOCKD_KEY_SIZE];
	enum be_err rc = secret_new(out, sizeof(bytes), err);

	if (rc == BE_OK)
		rc = file_read_at(fd, bytes, sizeof(bytes), 0, err);
	if (rc == BE_OK)
		rc = secret_add(*out, bytes, sizeof(bytes), err);
	explicit_bzero(bytes, sizeof(bytes));
	if (rc != BE_OK) {
		secret_free(out);
		rc = be_fail(err, BE_IO, unreadable, "%s", path);
	}
	return rc;
}

enum be_err keep_key(struct secret **out, const char *dir, uid_t uid, bool create, struct be_error *err)
{
	char path[PATH_MAX];
	int fd = -1;
	enum be_err rc = name_file(path, dir, uid, "key", err);

	*out = NULL;
	if (rc == BE_OK)
		rc = open_own(&fd, path, UNLOCKD_KEY_SIZE, err);
	if (rc == BE_NOT_FOUND && create)
		return make_key(out, path, err);
	if (rc == BE_OK)
		rc = read_key(out, fd, path, err);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

bool keep_has_key(const char *dir, uid_t uid)
{
	char path[PATH_MAX];

	return name_file(path, dir, uid, "key", NULL) == BE_OK && access(path, F_OK) == 0;
}

enum be_err keep_forget(const char *dir, uid_t uid, struct be_error *err)
{
	char path[PATH_MAX];
	enum be_err rc = name_file(path, dir, uid, "key", err);

	if (rc == BE_OK && unlink(path) != 0 && errno != ENOENT)
		rc = be_fail_errno(err, BE_IO, unreadable, path);
	return rc;
}

/* ---- tries ---- */

static bool understand(struct keep_tries *out, const char *text)
{
	char after = '\0';

	return sscanf(text, "%u %" SCNd64 "%c", &out->count, &out->last, &after) == 3 && after == '\n' &&
		out->last >= 0;
}

enum be_err keep_tries_read(struct keep_tries *out, const char *dir, uid_t uid, struct be_error *err)
{
	char path[PATH_MAX];
	char text[TRIES_TEXT_MAX] = "";
	int fd = -1;
	enum be_err rc = name_file(path, dir, uid, "tries", err);

	*out = (struct keep_tries){ 0, 0 };
	if (rc == BE_OK)
		rc = open_own(&fd, path, sizeof(text) - 1, err);
	if (rc == BE_NOT_FOUND)
		return BE_OK;
	if (rc == BE_OK && (read(fd, text, sizeof(text) - 1) <= 0 || !understand(out, text)))
		rc = be_fail(err, BE_MALFORMED, unreadable, "%s", path);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

enum be_err keep_tries_write(const struct keep_tries *tries, const char *dir, uid_t uid, struct be_error *err)
{
	char path[PATH_MAX];
	char text[TRIES_TEXT_MAX];
	const int len = snprintf(text, sizeof(text), "%u %" PRId64 "\n", tries->count, tries->last);
	enum be_err rc = name_file(path, dir, uid, "tries", err);

	if (rc == BE_OK && tries->count == 0)
		return unlink(path) == 0 || errno == ENOENT ? BE_OK : be_fail_errno(err, BE_IO, unreadable, path);
	return rc == BE_OK ? write_own(path, text, (size_t)len, err) : rc;
}

int64_t keep_tries_locked(const struct keep_tries *tries, int64_t now)
{
	/* A clock that was set back would keep a user out for as long. */
	const int64_t last = tries->last < now ? tries->last : now;
	int64_t wait = FIRST_WAIT;

	if (tries->count < FREE_TRIES)
		return 0;
	for (unsigned i = FREE_TRIES; i < tries->count && wait < LONGEST_WAIT; i++)
		wait *= 2;
	wait = wait < LONGEST_WAIT ? wait : LONGEST_WAIT;
	return last + wait > now ? last + wait : 0;
}
