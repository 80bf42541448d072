/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/image.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum be_err open_source(int *out, struct stat *st, const char *path, struct be_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	enum be_err rc = BE_OK;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return be_fail(err, BE_NOT_FOUND, N_("The document does not exist"), NULL);
	if (fd < 0)
		return be_fail_errno(err, BE_IO,
			errno == EACCES ? N_("You are not allowed to read this file") : N_("The file cannot be opened"),
			"open");
	if (fstat(fd, st) != 0)
		rc = be_fail_errno(err, BE_IO, N_("The file cannot be read"), "fstat");
	else if (!S_ISREG(st->st_mode))
		rc = be_fail(err, BE_NOT_A_PDF, N_("This is no file but a folder or a device"), NULL);
	else if (st->st_size == 0)
		rc = be_fail(err, BE_NOT_A_PDF, N_("The file is empty"), NULL);
	else if ((uint64_t)st->st_size > IMAGE_MAX)
		rc = be_fail(err, BE_LIMIT, N_("The file is too large"), NULL);
	if (rc != BE_OK)
		(void)close(fd);
	else
		*out = fd;
	return rc;
}

/* A read lease (fcntl(2)): nobody has the file open for writing, and whoever comes to write has to wait. It is given
 * for one's own files on file systems that know leases. A writer that waits is told by a signal, which is one that does
 * nothing. */
static bool lease(int fd)
{
	return fcntl(fd, F_SETSIG, SIGURG) == 0 && fcntl(fd, F_SETLEASE, F_RDLCK) == 0;
}

/* Beside the document first: there the copy can share the document's blocks. */
static int unnamed_file(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = slash == NULL ? strdup(".") : slash == path ? strdup("/") : strndup(path, (size_t)(slash - path));
	const char *const places[] = { dir, "/var/tmp", "/tmp" };
	int fd = -1;

	for (size_t i = 0; dir != NULL && fd < 0 && i < sizeof(places) / sizeof(places[0]); i++)
		fd = open(places[i], O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	free(dir);
	return fd;
}

static enum be_err copy(int *out, int source, const char *path, uint64_t len, struct be_error *err)
{
	int fd = unnamed_file(path);
	enum be_err rc;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file cannot be copied for verifying"), "O_TMPFILE");
	rc = file_copy(source, fd, len, err);
	if (rc != BE_OK)
		(void)close(fd);
	else
		*out = fd;
	return rc;
}

enum be_err image_open(struct image *out, const char *path, struct be_error *err)
{
	struct stat st;
	int source = -1;
	enum be_err rc;

	*out = (struct image){ .fd = -1 };
	rc = open_source(&source, &st, path, err);
	if (rc != BE_OK)
		return rc;
	if (lease(source)) {
		/* The size from before the lease may be an old one. */
		if (fstat(source, &st) == 0 && st.st_size > 0) {
			*out = (struct image){ source, (uint64_t)st.st_size, true };
			return BE_OK;
		}
		rc = be_fail(err, BE_IO, N_("The file was changed while it was read"), NULL);
	} else {
		out->len = (uint64_t)st.st_size;
		rc = copy(&out->fd, source, path, out->len, err);
	}
	(void)close(source);
	return rc;
}

bool image_stable(const struct image *image)
{
	return !image->leased || fcntl(image->fd, F_GETLEASE) == F_RDLCK;
}

void image_close(struct image *image)
{
	if (image->fd >= 0)
		(void)close(image->fd);
	*image = (struct image){ .fd = -1 };
}
