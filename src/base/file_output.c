/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * The directory is opened once and every name is meant relative to it, so that a directory that is
 * renamed or replaced meanwhile does no harm. Two kinds of file wait for their name: one without
 * any (O_TMPFILE), and where that does not exist a hidden one.
 */

#define HIDDEN_MAX 32
#define HIDDEN_TRIES 16
#define FD_PATH_MAX 40

static const char exists[] = N_("The file already exists");
static const char naming_failed[] = N_("The finished file could not be put in its place");

struct file_output {
	int dir;
	int fd;
	char *target;            /* owned; for messages */
	char *name;              /* the last part of target */
	char hidden[HIDDEN_MAX]; /* a name that exists and is ours to remove; empty when there is none */
	mode_t mode;
	bool replace;
};

static void fd_path(char out[static FD_PATH_MAX], int fd)
{
	(void)snprintf(out, FD_PATH_MAX, "/proc/self/fd/%d", fd);
}

static bool hidden_name(char out[static HIDDEN_MAX])
{
	uint64_t random;

	if (getrandom(&random, sizeof(random), 0) != (ssize_t)sizeof(random))
		return false;
	(void)snprintf(out, HIDDEN_MAX, ".besign-%016" PRIx64, random);
	return true;
}

static enum be_err open_directory(struct file_output *o, struct be_error *err)
{
	char *slash = strrchr(o->target, '/');
	const char *dir = ".";

	o->name = slash != NULL ? slash + 1 : o->target;
	if (o->name[0] == '\0' || strcmp(o->name, ".") == 0 || strcmp(o->name, "..") == 0)
		return be_fail(err, BE_USAGE, N_("The output must be the name of a file, not of a directory"), "%s",
			o->target);
	if (slash == o->target)
		dir = "/";
	else if (slash != NULL) {
		*slash = '\0';
		dir = o->target;
	}
	o->dir = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (slash != NULL)
		*slash = '/';
	if (o->dir < 0 && errno == ENOENT)
		return be_fail_errno(err, BE_NOT_FOUND, N_("The directory for the output does not exist"), o->target);
	if (o->dir < 0)
		return be_fail_errno(err, BE_IO, N_("The directory for the output could not be opened"), o->target);
	return BE_OK;
}

/* Only a regular file is replaced: renaming over a link or a device would take away something
 * else than a document. */
static enum be_err look_at_target(const struct file_output *o, struct be_error *err)
{
	struct stat st;

	if (fstatat(o->dir, o->name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
		if (errno == ENOENT)
			return BE_OK;
		return be_fail_errno(err, BE_IO, N_("The output cannot have this name"), o->target);
	}
	if (!o->replace)
		return be_fail(err, BE_EXISTS, exists, "%s", o->target);
	if (S_ISLNK(st.st_mode))
		return be_fail(err, BE_UNSUPPORTED, N_("The output is a symbolic link: name the file it points to"),
			"%s", o->target);
	if (!S_ISREG(st.st_mode))
		return be_fail(
			err, BE_UNSUPPORTED, N_("The output stands for something that is not a file"), "%s", o->target);
	return BE_OK;
}

/* False as well where /proc is missing: the file could never be given its name. */
static bool open_nameless(struct file_output *o)
{
	char path[FD_PATH_MAX];
	int fd = openat(o->dir, ".", O_TMPFILE | O_RDWR | O_CLOEXEC, o->mode);

	if (fd < 0)
		return false;
	fd_path(path, fd);
	if (access(path, F_OK) != 0) {
		(void)close(fd);
		return false;
	}
	o->fd = fd;
	return true;
}

static enum be_err open_hidden(struct file_output *o, struct be_error *err)
{
	char name[HIDDEN_MAX];

	for (int i = 0; i < HIDDEN_TRIES && hidden_name(name); i++) {
		o->fd = openat(o->dir, name, O_CREAT | O_EXCL | O_NOFOLLOW | O_RDWR | O_CLOEXEC, 0600);
		if (o->fd >= 0) {
			memcpy(o->hidden, name, sizeof(name));
			return BE_OK;
		}
		if (errno != EEXIST)
			break;
	}
	return be_fail_errno(err, BE_IO, N_("No file can be written in the directory for the output"), o->target);
}

enum be_err file_output_new(
	struct file_output **out, const char *target, mode_t mode, bool replace, struct be_error *err)
{
	struct file_output *o = calloc(1, sizeof(*o));
	enum be_err code;

	if (o == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	o->dir = -1;
	o->fd = -1;
	o->mode = mode;
	o->replace = replace;
	o->target = strdup(target);
	if (o->target == NULL) {
		code = be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
		goto out;
	}
	code = open_directory(o, err);
	if (code == BE_OK)
		code = look_at_target(o, err);
	if (code == BE_OK && !open_nameless(o))
		code = open_hidden(o, err);
	if (code == BE_OK) {
		*out = o;
		o = NULL;
	}
out:
	file_output_free(&o);
	return code;
}

int file_output_fd(const struct file_output *output)
{
	return output->fd;
}

/* The umask can only be read by setting it, which other threads would notice, or here. */
static mode_t current_umask(void)
{
	FILE *status = fopen("/proc/self/status", "re");
	unsigned mask = 077;
	char line[128];

	if (status == NULL)
		return 077;
	while (fgets(line, sizeof(line), status) != NULL)
		if (sscanf(line, "Umask: %o", &mask) == 1)
			break;
	(void)fclose(status);
	return (mode_t)(mask & 0777);
}

static int link_nameless(const struct file_output *o, const char *name)
{
	char path[FD_PATH_MAX];

	fd_path(path, o->fd);
	return linkat(AT_FDCWD, path, o->dir, name, AT_SYMLINK_FOLLOW);
}

static int give_hidden_name(struct file_output *o)
{
	char name[HIDDEN_MAX];

	for (int i = 0; i < HIDDEN_TRIES && hidden_name(name); i++) {
		if (link_nameless(o, name) == 0) {
			memcpy(o->hidden, name, sizeof(name));
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	return -1;
}

/* Where the file system knows no RENAME_NOREPLACE, a second link refuses an existing name just
 * as atomically. */
static int rename_hidden_no_replace(const struct file_output *o)
{
	if (renameat2(o->dir, o->hidden, o->dir, o->name, RENAME_NOREPLACE) == 0)
		return 0;
	if (errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP)
		return -1;
	if (linkat(o->dir, o->hidden, o->dir, o->name, 0) != 0)
		return -1;
	(void)unlinkat(o->dir, o->hidden, 0);
	return 0;
}

static int give_name(struct file_output *o)
{
	bool nameless = o->hidden[0] == '\0';

	if (nameless && !o->replace)
		return link_nameless(o, o->name);
	if (nameless ? give_hidden_name(o) != 0 : fchmod(o->fd, o->mode & ~current_umask()) != 0)
		return -1;
	if (o->replace ? renameat(o->dir, o->hidden, o->dir, o->name) != 0 : rename_hidden_no_replace(o) != 0)
		return -1;
	o->hidden[0] = '\0';
	return 0;
}

enum be_err file_output_commit(struct file_output *output, struct be_error *err)
{
	if (fsync(output->fd) != 0)
		return be_fail_errno(err, BE_IO, N_("The disk did not take the output"), output->target);
	if (give_name(output) != 0) {
		if (errno == EEXIST)
			return be_fail(err, BE_EXISTS, exists, "%s", output->target);
		return be_fail_errno(err, BE_IO, naming_failed, output->target);
	}
	/* Some file systems cannot sync a directory and say EINVAL; there is nothing more that
	 * could be done on them. */
	if (fsync(output->dir) != 0 && errno != EINVAL)
		return be_fail_errno(
			err, BE_IO, N_("The output is written, but the disk did not confirm its name"), output->target);
	return BE_OK;
}

void file_output_free(struct file_output **output)
{
	struct file_output *o = *output;

	if (o == NULL)
		return;
	if (o->hidden[0] != '\0')
		(void)unlinkat(o->dir, o->hidden, 0);
	if (o->fd >= 0)
		(void)close(o->fd);
	if (o->dir >= 0)
		(void)close(o->dir);
	free(o->target);
	free(o);
	*output = NULL;
}
