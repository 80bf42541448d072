/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/share_parts.h"

#include "app/paths.h"
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PIECE (8ull << 20) /* how much is copied before anybody is asked whether to go on */

/* ---- taking the document away from where it was ---- */

/* It is what was copied, and not what somebody has put in its place meanwhile. */
static bool is_same(int dir, const char *name, const struct stat *copied)
{
	struct stat now;

	return fstatat(dir, name, &now, AT_SYMLINK_NOFOLLOW) == 0 && now.st_dev == copied->st_dev &&
		now.st_ino == copied->st_ino;
}

static enum be_err take_away(const char *path, const struct stat *copied, struct be_error *err)
{
	static const char msgid[] = N_("The document is copied, but could not be taken away from where it was");
	struct buffer parent = BUFFER_EMPTY, name = BUFFER_EMPTY;
	int dir = -1;
	enum be_err rc = BE_OK;

	paths_parent(&parent, path);
	paths_name(&name, path);
	if (parent.failed || name.failed) {
		rc = be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
		goto out;
	}
	dir = open((const char *)parent.data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		rc = be_fail_errno(err, BE_IO, msgid, path);
	else if (!is_same(dir, (const char *)name.data, copied))
		rc = be_fail(err, BE_IO, msgid, "%s: it is another file now", path);
	else if (unlinkat(dir, (const char *)name.data, 0) != 0)
		rc = be_fail_errno(err, BE_IO, msgid, path);
	else
		(void)fsync(dir); /* until then a crash may bring it back, which loses nothing */
out:
	if (dir >= 0)
		(void)close(dir);
	buffer_free(&parent);
	buffer_free(&name);
	return rc;
}

/* ---- copying ---- */

static enum be_err copy_bytes(struct share_run *run, int from, int to, uint64_t len, struct be_error *err)
{
	enum be_err rc = BE_OK;

	for (uint64_t at = 0; at < len && rc == BE_OK; at += PIECE) {
		if (share_is_cancelled(run))
			return be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
		rc = file_copy_part(from, to, at, len - at < PIECE ? len - at : PIECE, err);
		share_tell(run, len - at < PIECE ? len : at + PIECE);
	}
	return rc;
}

static enum be_err refuse_itself(const struct stat *from, const char *target, struct be_error *err)
{
	struct stat there;

	if (lstat(target, &there) == 0 && there.st_dev == from->st_dev && there.st_ino == from->st_ino)
		return be_fail(err, BE_OUTPUT_IS_INPUT, N_("The document is in that folder already"), "%s", target);
	return BE_OK;
}

static enum be_err copy(
	struct share_run *run, struct share_document *document, const char *target, struct be_error *err)
{
	const struct share_folder *how = &run->job->folder;
	struct file_output *output = NULL;
	struct stat st;
	int fd = -1;
	enum be_err rc = share_open(&fd, &st, document->path, !how->move, err);

	if (rc == BE_OK)
		rc = refuse_itself(&st, target, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, target, st.st_mode & 0777, how->replace, err);
	if (rc == BE_OK)
		rc = copy_bytes(run, fd, file_output_fd(output), (uint64_t)st.st_size, err);
	if (rc == BE_OK)
		rc = share_unchanged(fd, &st, err);
	if (rc == BE_OK && how->move) {
		const struct timespec times[] = { st.st_atim, st.st_mtim };

		/* Nice to have: some file systems keep no times. */
		(void)futimens(file_output_fd(output), times);
	}
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	if (rc == BE_OK) {
		share_done(document, target);
		run->before += (uint64_t)st.st_size;
		if (how->move)
			rc = take_away(document->path, &st, err);
	}
	file_output_free(&output);
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* ---- all of them ---- */

static enum be_err check_dir(const char *dir, struct be_error *err)
{
	struct stat st;

	if (stat(dir, &st) != 0)
		return be_fail_errno(err, errno == ENOENT ? BE_NOT_FOUND : BE_IO, N_("The folder cannot be used"), dir);
	if (!S_ISDIR(st.st_mode))
		return be_fail(err, BE_USAGE, N_("This is no folder"), "%s", dir);
	return BE_OK;
}

/* A second document of one name would refuse, or with replacing destroy, the first. */
static bool name_was_before(const struct share_documents *all, size_t index, const char *name)
{
	struct buffer other = BUFFER_EMPTY;
	bool was = false;

	for (size_t i = 0; i < index && !was; i++) {
		paths_name(&other, all->documents[i].path);
		was = !other.failed && strcmp((const char *)other.data, name) == 0;
	}
	buffer_free(&other);
	return was;
}

static enum be_err share_one(struct share_run *run, size_t index, struct be_error *err)
{
	struct share_documents *all = run->job->documents;
	struct buffer name = BUFFER_EMPTY, target = BUFFER_EMPTY;
	enum be_err rc;

	paths_name(&name, all->documents[index].path);
	rc = buffer_check(&name, err);
	if (rc == BE_OK) {
		paths_join(&target, run->job->folder.dir, (const char *)name.data);
		rc = buffer_check(&target, err);
	}
	if (rc == BE_OK && name_was_before(all, index, (const char *)name.data))
		rc = be_fail(err, BE_SAME_OUTPUT, N_("Another of the documents has the same name"), "%s",
			(const char *)name.data);
	if (rc == BE_OK)
		rc = copy(run, &all->documents[index], (const char *)target.data, err);
	buffer_free(&name);
	buffer_free(&target);
	return rc;
}

enum be_err share_to_folder(struct share_run *run, struct be_error *err)
{
	struct share_documents *all = run->job->documents;
	enum be_err rc = check_dir(run->job->folder.dir, err);

	for (size_t i = 0; rc == BE_OK && i < all->count && !share_is_cancelled(run); i++) {
		struct be_error error = { .code = BE_OK };
		const enum be_err one = share_one(run, i, &error);

		if (one != BE_OK)
			share_failed(&all->documents[i], one, &error);
	}
	return rc;
}
