/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/share_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HUNDRED 100u

/* ---- documents ---- */

enum be_err share_documents_make(
	struct share_documents *out, const char *const *paths, size_t count, struct be_error *err)
{
	*out = (struct share_documents){ calloc(count > 0 ? count : 1, sizeof(*out->documents)), 0 };
	if (out->documents == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	for (; out->count < count; out->count++) {
		struct share_document *document = &out->documents[out->count];

		document->path = strdup(paths[out->count]);
		if (document->path == NULL) {
			share_documents_free(out);
			return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
		}
		document->result = be_fail(&document->error, BE_CANCELLED, N_("Cancelled"), NULL);
	}
	return BE_OK;
}

void share_documents_free(struct share_documents *documents)
{
	for (size_t i = 0; i < documents->count; i++) {
		free(documents->documents[i].path);
		free(documents->documents[i].target);
	}
	free(documents->documents);
	*documents = (struct share_documents){ NULL, 0 };
}

void share_documents_move(struct share_documents *to, struct share_documents *from)
{
	*to = *from;
	*from = (struct share_documents){ NULL, 0 };
}

void share_done(struct share_document *document, const char *target)
{
	document->result = BE_OK;
	document->error = (struct be_error){ .code = BE_OK };
	document->target = target != NULL ? strdup(target) : NULL;
}

void share_failed(struct share_document *document, enum be_err rc, const struct be_error *error)
{
	document->result = rc;
	document->error = *error;
}

/* ---- opening one ---- */

enum be_err share_open(int *fd, struct stat *st, const char *path, bool follow, struct be_error *err)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | (follow ? 0 : O_NOFOLLOW));
	if (*fd < 0 && errno == ELOOP && !follow)
		return be_fail(err, BE_UNSUPPORTED,
			N_("The document is a symbolic link; move the file that it points to, or copy it"), "%s", path);
	if (*fd < 0)
		return be_fail_errno(
			err, errno == ENOENT ? BE_NOT_FOUND : BE_IO, N_("The document cannot be read"), path);
	if (fstat(*fd, st) == 0 && S_ISREG(st->st_mode))
		return BE_OK;
	(void)close(*fd);
	*fd = -1;
	return be_fail(err, BE_UNSUPPORTED, N_("This is no file that can be handed on"), "%s", path);
}

enum be_err share_unchanged(int fd, const struct stat *before, struct be_error *err)
{
	struct stat now;

	if (fstat(fd, &now) == 0 && now.st_size == before->st_size && now.st_mtim.tv_sec == before->st_mtim.tv_sec &&
		now.st_mtim.tv_nsec == before->st_mtim.tv_nsec)
		return BE_OK;
	return be_fail(err, BE_IO, N_("The document changed while it was read; try again"), NULL);
}

/* ---- how far ---- */

bool share_is_cancelled(const struct share_run *run)
{
	return run->job->cancel != NULL && atomic_load(run->job->cancel);
}

void share_tell(struct share_run *run, uint64_t now)
{
	uint64_t done = run->before + now;
	size_t hundredths = run->total > 0 ? (size_t)((double)done * HUNDRED / (double)run->total) : HUNDRED;

	if (hundredths > HUNDRED)
		hundredths = HUNDRED;
	if (run->job->report == NULL || (hundredths == run->said && now > 0))
		return;
	run->said = hundredths;
	run->job->report(run->job->context, hundredths, HUNDRED);
}

/* What cannot be asked is told when its turn comes. */
static uint64_t size_of_all(const struct share_documents *documents)
{
	uint64_t total = 0;
	struct stat st;

	for (size_t i = 0; i < documents->count; i++)
		if (stat(documents->documents[i].path, &st) == 0 && S_ISREG(st.st_mode))
			total += (uint64_t)st.st_size;
	return total;
}

enum be_err share_run(const struct share_job *job, struct be_error *err)
{
	struct share_run run = { .job = job, .total = size_of_all(job->documents) };

	share_tell(&run, 0);
	switch (job->way) {
	case SHARE_FOLDER:
		return share_to_folder(&run, err);
	case SHARE_MAIL:
		return share_to_mail(&run, err);
	case SHARE_SERVER:
		return share_to_server(&run, err);
	default:
		return be_fail(err, BE_USAGE, N_("There is no such way to share"), NULL);
	}
}

bool share_wants_password(const struct share_job *job)
{
	const char *agent = getenv("SSH_AUTH_SOCK");

	if (job->way == SHARE_MAIL)
		return job->mail.server != NULL && job->mail.server[0] != '\0' && job->mail.user != NULL &&
			job->mail.user[0] != '\0' && job->mail.password == NULL;
	if (job->way == SHARE_SERVER)
		return (job->server.identity == NULL || job->server.identity[0] == '\0') &&
			job->server.password == NULL && (agent == NULL || agent[0] == '\0');
	return false;
}
