/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store.h"
#include "service/store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#define BUSY_MS 5000
#define NOT_WRITTEN N_("The backup could not be written")
#define THERE N_("The backup's file is there already")

/* A connection of its own reads, so that nobody who uses the store has to wait. */
static enum be_err copy(struct store *from, struct store *to, struct be_error *err)
{
	sqlite3_backup *backup = sqlite3_backup_init(to->db, "main", from->db, "main");
	int code;

	if (backup == NULL)
		return sql_fail(to, sqlite3_errcode(to->db), err);
	code = sqlite3_backup_step(backup, -1);
	(void)sqlite3_backup_finish(backup);
	return code == SQLITE_DONE ? BE_OK : sql_fail(to, code, err);
}

static enum be_err open_both(
	struct store *source, struct store *target, const char *from, const char *to, struct be_error *err)
{
	int code = sqlite3_open_v2(from, &source->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);

	if (code != SQLITE_OK)
		return sql_fail(source, code, err);
	(void)sqlite3_busy_timeout(source->db, BUSY_MS);
	code = sqlite3_open_v2(to, &target->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW, NULL);
	return code == SQLITE_OK ? BE_OK : sql_fail(target, code, err);
}

/* One file alone, without a WAL beside it, written through before it gets its name. */
static enum be_err settle(struct store *target, int fd, const char *path, struct be_error *err)
{
	if (sqlite3_exec(target->db, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL) != SQLITE_OK)
		return sql_fail(target, sqlite3_errcode(target->db), err);
	if (fsync(fd) != 0)
		return be_fail_errno(err, errno == ENOSPC ? BE_FULL : BE_IO, NOT_WRITTEN, path);
	return BE_OK;
}

static enum be_err name_it(const char *part, const char *path, struct be_error *err)
{
	char parent[PATH_MAX];
	enum be_err rc = BE_OK;
	int dir;

	if (link(part, path) != 0)
		return errno == EEXIST ? be_fail(err, BE_EXISTS, THERE, "%s", path)
				       : be_fail_errno(err, BE_IO, NOT_WRITTEN, path);
	(void)snprintf(parent, sizeof(parent), "%s", path);
	dir = open(dirname(parent), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0 || fsync(dir) != 0)
		rc = be_fail_errno(err, BE_IO, NOT_WRITTEN, path);
	if (dir >= 0)
		(void)close(dir);
	return rc;
}

static enum be_err make_part(struct store *store, int fd, const char *part, struct be_error *err)
{
	struct store source = { .db = NULL };
	struct store target = { .db = NULL };
	enum be_err rc;

	rc = open_both(&source, &target, sqlite3_db_filename(store->db, "main"), part, err);
	if (rc == BE_OK)
		rc = copy(&source, &target, err);
	if (rc == BE_OK)
		rc = settle(&target, fd, part, err);
	(void)sqlite3_close(source.db);
	(void)sqlite3_close(target.db);
	return rc;
}

enum be_err store_backup(struct store *store, const char *path, struct be_error *err)
{
	char part[PATH_MAX];
	enum be_err rc;
	int fd;

	if (snprintf(part, sizeof(part), "%s.part", path) >= (int)sizeof(part))
		return be_fail(err, BE_LIMIT, N_("A text is too long"), "%s", path);
	if (access(path, F_OK) == 0)
		return be_fail(err, BE_EXISTS, THERE, "%s", path);
	(void)unlink(part); /* of one that was interrupted */
	fd = open(part, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (fd < 0)
		return be_fail_errno(err, BE_IO, NOT_WRITTEN, path);
	rc = make_part(store, fd, part, err);
	(void)close(fd);
	if (rc == BE_OK)
		rc = name_it(part, path, err);
	(void)unlink(part);
	return rc;
}
