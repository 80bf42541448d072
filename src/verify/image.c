/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/image.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define IN_MEMORY_MAX (1u << 20)

static enum be_err open_source(int *out, struct stat *st, const char *path, struct be_error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return be_fail_errno(err, errno == ENOENT ? BE_NOT_FOUND : BE_IO, N_("The file cannot be opened"), "open");
	if (fstat(fd, st) != 0) {
		(void)close(fd);
		return be_fail_errno(err, BE_IO, N_("The file cannot be read"), "fstat");
	}
	if (!S_ISREG(st->st_mode) || st->st_size == 0) {
		(void)close(fd);
		return be_fail(err, BE_NOT_A_PDF, S_ISREG(st->st_mode) ? N_("The file is empty") : N_("This is no file but a folder or a device"), NULL);
	}
	if ((uint64_t)st->st_size > IMAGE_MAX) {
		(void)close(fd);
		return be_fail(err, BE_LIMIT, N_("The file is too large"), NULL);
	}
	*out = fd;
	return BE_OK;
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

static enum be_err copy_to_memory(int *out, int source, uint64_t len, struct be_error *err)
{
	int fd = memfd_create("document", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	enum be_err rc;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file cannot be copied for verifying"), "memfd_create");
	rc = file_copy(source, fd, len, err);
	if (rc == BE_OK && fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL) != 0)
		rc = be_fail_errno(err, BE_IO, N_("The file cannot be copied for verifying"), "F_ADD_SEALS");
	if (rc != BE_OK) {
		(void)close(fd);
		return rc;
	}
	*out = fd;
	return BE_OK;
}

static enum be_err copy_to_file(int *out, int source, const char *path, uint64_t len, struct be_error *err)
{
	int fd = unnamed_file(path);
	enum be_err rc;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The file cannot be copied for verifying"), "O_TMPFILE");
	rc = file_copy(source, fd, len, err);
	if (rc != BE_OK) {
		(void)close(fd);
		return rc;
	}
	*out = fd;
	return BE_OK;
}

enum be_err image_open(int *fd, uint64_t *len, const char *path, struct be_error *err)
{
	struct stat st;
	int source = -1;
	enum be_err rc = open_source(&source, &st, path, err);

	if (rc != BE_OK)
		return rc;
	*len = (uint64_t)st.st_size;
	rc = *len <= IN_MEMORY_MAX ? copy_to_memory(fd, source, *len, err) : copy_to_file(fd, source, path, *len, err);
	(void)close(source);
	return rc;
}
