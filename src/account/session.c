/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "account/session.h"

#include "base/file.h"
#include "wire/table.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char not_ours[] = N_(
	"The session file can be read by others, or is somebody else's: it is not used; remove it and sign in again");
static const char cannot_read[] = N_("The session file cannot be read");
static const char cannot_write[] = N_("The session file cannot be written");

static const struct wire_field fields[] = {
	WIRE_AT_TEXT(struct account_session, service, true),
	WIRE_AT_TEXT(struct account_session, user, true),
	WIRE_AT_SECRET(struct account_session, refresh, true, WIRE_TOKEN_MAX),
	WIRE_AT_END,
};
static const struct wire_message message = { "Session", sizeof(struct account_session), fields };

void account_session_clear(struct account_session *session)
{
	secret_free(&session->refresh);
	session->user[0] = '\0';
}

/* A descriptor of a file that is ours alone; -1 with BE_OK when there is none. */
static enum be_err open_private(int *out, const char *path, struct be_error *err)
{
	struct stat st;
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	*out = -1;
	if (fd < 0 && errno == ENOENT)
		return BE_OK;
	if (fd < 0)
		return be_fail_errno(
			err, errno == ELOOP ? BE_DENIED : BE_IO, errno == ELOOP ? not_ours : cannot_read, path);
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_uid == geteuid() && (st.st_mode & 077) == 0) {
		*out = fd;
		return BE_OK;
	}
	(void)close(fd);
	return be_fail(err, BE_DENIED, not_ours, "%s", path);
}

static enum be_err read_whole(struct secret **out, int fd, struct be_error *err)
{
	uint8_t piece[512];
	ssize_t n = 0;
	enum be_err rc = secret_new(out, ACCOUNT_SESSION_FILE_MAX, err);

	while (rc == BE_OK && (n = read(fd, piece, sizeof(piece))) != 0) {
		if (n > 0)
			rc = secret_add(*out, piece, (size_t)n, err);
		else if (errno != EINTR)
			rc = be_fail_errno(err, BE_IO, cannot_read, "read");
	}
	explicit_bzero(piece, sizeof(piece));
	return rc;
}

/* A broken file is as good as none: one signs in again. */
enum be_err account_session_read(struct account_session *session, const char *path, struct be_error *err)
{
	struct account_session found = { .refresh = NULL };
	struct secret *text = NULL;
	int fd = -1;
	enum be_err rc = open_private(&fd, path, err);

	account_session_clear(session);
	if (rc != BE_OK || fd < 0)
		return rc;
	rc = read_whole(&text, fd, err);
	(void)close(fd);
	if (rc == BE_OK && wire_decode(&found, &message, secret_bytes(text), secret_len(text), NULL) == BE_OK &&
		strcmp(found.service, session->service) == 0) {
		memcpy(session->user, found.user, sizeof(session->user));
		session->refresh = found.refresh;
		found.refresh = NULL;
	}
	wire_free(&message, &found);
	secret_free(&text);
	return rc == BE_LIMIT ? BE_OK : rc;
}

enum be_err account_session_write(const struct account_session *session, const char *path, struct be_error *err)
{
	struct file_output *output = NULL;
	struct secret *text = NULL;
	enum be_err rc = wire_encode(&text, &message, session, err);

	if (rc == BE_OK)
		rc = file_make_parents(path, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, path, 0600, true, err);
	if (rc == BE_OK)
		rc = file_write(file_output_fd(output), secret_bytes(text), secret_len(text), err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	secret_free(&text);
	return rc;
}

enum be_err account_session_remove(const char *path, struct be_error *err)
{
	if (unlink(path) != 0 && errno != ENOENT)
		return be_fail_errno(err, BE_IO, cannot_write, path);
	return BE_OK;
}

enum be_err account_session_lock(const char *path, int *lock, struct be_error *err)
{
	*lock = -1;
	return path != NULL ? file_lock(path, lock, cannot_write, err) : BE_OK;
}

void account_session_unlock(int lock)
{
	file_unlock(lock);
}
