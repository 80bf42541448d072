/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store.h"

#include "base/encode.h"
#include "crypto/random.h"
#include "service/store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUSY_MS 5000

/* "besd": what PRAGMA application_id says, so that no other program's file is taken for a store. */
#define APPLICATION 0x62657364
#define OPENING N_("The service's data cannot be opened")
#define TEXT_OF(number) TEXT_OF_TOO(number)
#define TEXT_OF_TOO(number) #number

/* ---- the file ---- */

/* Made by us, so that it has its mode from the first moment; SQLite gives the files beside it the same. One that is
 * there is not opened: closing it would take away the locks of whoever has it open in this process (SQLite, "How To
 * Corrupt"). */
static enum be_err make_file(const char *path, struct be_error *err)
{
	int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	struct stat st;

	if (fd >= 0)
		return close(fd) == 0 ? BE_OK : be_fail_errno(err, BE_IO, OPENING, path);
	if (errno != EEXIST || lstat(path, &st) != 0)
		return be_fail_errno(err, BE_IO, OPENING, path);
	if (!S_ISREG(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return be_fail(err, BE_IO,
			N_("The service's data must be a file of its own user that nobody else can read"), "%s", path);
	return BE_OK;
}

static enum be_err set_up(struct store *store, struct be_error *err)
{
	static const char *const settings[] = {
		"PRAGMA journal_mode=WAL",
		"PRAGMA synchronous=FULL",
		"PRAGMA foreign_keys=ON",
		"PRAGMA trusted_schema=OFF",
		"PRAGMA cell_size_check=ON",
		"PRAGMA secure_delete=ON",
	};
	enum be_err rc = BE_OK;

	(void)sqlite3_busy_timeout(store->db, BUSY_MS);
	(void)sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]) && rc == BE_OK; i++)
		rc = sql_run(store, settings[i], err);
	return rc;
}

static enum be_err number_of(struct store *store, const char *pragma, int64_t *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, pragma, err);
	if (sql_row(&q))
		*out = sql_take_int(&q);
	return sql_end_one(&q);
}

static enum be_err passes_check(struct store *store, struct be_error *err)
{
	char said[STORE_TEXT_SIZE] = "";
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "PRAGMA quick_check(1)", err);
	if (sql_row(&q))
		sql_take_text(&q, said, sizeof(said));
	rc = sql_end(&q);
	if (rc == BE_OK && strcmp(said, "ok") != 0)
		return be_fail(err, BE_MALFORMED, N_("The service's data is damaged"), "%s", said);
	return rc;
}

/* ---- from version to version ---- */

static enum be_err one_step(struct store *store, const char *const *schema, int64_t from, struct be_error *err)
{
	char version[64];
	enum be_err rc;

	(void)snprintf(version, sizeof(version), "PRAGMA user_version=%lld", (long long)from + 1);
	rc = store_begin(store, err);
	if (rc != BE_OK)
		return rc;
	if (sqlite3_exec(store->db, schema[from], NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_exec(store->db, version, NULL, NULL, NULL) != SQLITE_OK ||
		sqlite3_exec(store->db, "PRAGMA application_id=" TEXT_OF(APPLICATION), NULL, NULL, NULL) != SQLITE_OK)
		rc = sql_fail(store, sqlite3_errcode(store->db), err);
	return store_end(store, rc, err);
}

/* A backup of before is made once, even when the step is tried again after a crash. */
static enum be_err keep_before(struct store *store, const char *path, int64_t version, struct be_error *err)
{
	char beside[PATH_MAX];
	enum be_err rc;

	if (snprintf(beside, sizeof(beside), "%s.before-%lld", path, (long long)version + 1) >= (int)sizeof(beside))
		return be_fail(err, BE_LIMIT, N_("A text is too long"), "%s", path);
	rc = store_backup(store, beside, err);
	return rc == BE_EXISTS ? BE_OK : rc;
}

static enum be_err bring_up_to_date(
	struct store *store, const char *path, const char *const *schema, struct be_error *err)
{
	int64_t version = 0;
	int64_t application = 0;
	int64_t newest = 0;
	enum be_err rc;

	while (schema[newest] != NULL)
		newest++;
	rc = number_of(store, "PRAGMA user_version", &version, err);
	if (rc == BE_OK)
		rc = number_of(store, "PRAGMA application_id", &application, err);
	if (rc != BE_OK)
		return rc;
	if (version != 0 && application != APPLICATION)
		return be_fail(
			err, BE_MALFORMED, N_("This is another program's file, not the service's data"), "%s", path);
	if (version > newest)
		return be_fail(err, BE_UNSUPPORTED,
			N_("The service's data was written by a newer version of this program"), "version %lld",
			(long long)version);
	if (version > 0 && version < newest)
		rc = keep_before(store, path, version, err);
	for (; version < newest && rc == BE_OK; version++)
		rc = one_step(store, schema, version, err);
	return rc;
}

static enum be_err make_store(struct store **out, struct be_error *err)
{
	pthread_mutexattr_t recursive;

	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	(void)pthread_mutexattr_init(&recursive);
	(void)pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
	(void)pthread_mutex_init(&(*out)->lock, &recursive);
	(void)pthread_mutexattr_destroy(&recursive);
	return BE_OK;
}

enum be_err store_open_schema(struct store **out, const char *path, const char *const *schema, struct be_error *err)
{
	/* The store's own lock is all that is needed. */
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW;
	struct store *store = NULL;
	enum be_err rc;
	int code;

	*out = NULL;
	rc = make_file(path, err);
	if (rc == BE_OK)
		rc = make_store(&store, err);
	if (rc != BE_OK)
		return rc;
	code = sqlite3_open_v2(path, &store->db, flags, NULL);
	if (code != SQLITE_OK)
		rc = sql_fail(store, code, err);
	if (rc == BE_OK)
		rc = set_up(store, err);
	if (rc == BE_OK)
		rc = passes_check(store, err);
	if (rc == BE_OK)
		rc = bring_up_to_date(store, path, schema, err);
	if (rc == BE_OK)
		*out = store;
	else
		store_close(&store);
	return rc;
}

enum be_err store_open(struct store **out, const char *path, struct be_error *err)
{
	return store_open_schema(out, path, store_schema, err);
}

void store_close(struct store **store)
{
	struct store *s = *store;

	if (s == NULL)
		return;
	for (size_t i = 0; i < SQL_KEPT_MAX; i++)
		(void)sqlite3_finalize(s->kept[i].stmt);
	(void)sqlite3_close(s->db); /* the last one to close writes the WAL back */
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
	*store = NULL;
}

/* ---- transactions ---- */

static enum be_err savepoint(struct store *store, const char *verb, struct be_error *err)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%s s%u", verb, store->depth);
	if (sqlite3_exec(store->db, text, NULL, NULL, NULL) == SQLITE_OK)
		return BE_OK;
	return sql_fail(store, sqlite3_extended_errcode(store->db), err);
}

enum be_err store_begin(struct store *store, struct be_error *err)
{
	enum be_err rc;

	(void)pthread_mutex_lock(&store->lock);
	/* IMMEDIATE: what is read in it still holds when it writes. */
	if (store->depth == 0)
		rc = sql_run(store, "BEGIN IMMEDIATE", err);
	else
		rc = savepoint(store, "SAVEPOINT", err);
	if (rc == BE_OK)
		store->depth++;
	else
		(void)pthread_mutex_unlock(&store->lock);
	return rc;
}

static enum be_err keep(struct store *store, struct be_error *err)
{
	if (store->depth > 0)
		return savepoint(store, "RELEASE", err);
	return sql_run(store, "COMMIT", err);
}

/* What failed already stays the failure that is told. */
static void drop(struct store *store)
{
	if (store->depth > 0) {
		(void)savepoint(store, "ROLLBACK TO", NULL);
		(void)savepoint(store, "RELEASE", NULL);
	} else if (sqlite3_get_autocommit(store->db) == 0) {
		(void)sql_run(store, "ROLLBACK", NULL);
	}
}

enum be_err store_end(struct store *store, enum be_err rc, struct be_error *err)
{
	store->depth--;
	if (rc == BE_OK)
		rc = keep(store, err);
	if (rc != BE_OK)
		drop(store);
	(void)pthread_mutex_unlock(&store->lock);
	return rc;
}

/* ---- named values ---- */

enum be_err store_value_get(struct store *store, const char *name, struct buffer *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT value FROM named WHERE name=?", err);
	sql_text(&q, name, STORE_NAME_SIZE);
	if (sql_row(&q))
		sql_take_buffer(&q, out);
	return sql_end_one(&q);
}

enum be_err store_value_set(struct store *store, const char *name, const void *bytes, size_t len, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"INSERT INTO named (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value=excluded.value",
		err);
	sql_text(&q, name, STORE_NAME_SIZE);
	sql_blob(&q, bytes, len);
	return sql_end(&q);
}

enum be_err store_counter_next(struct store *store, const char *name, int64_t *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"INSERT INTO counters (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value=value+1"
		" RETURNING value",
		err);
	sql_text(&q, name, STORE_NAME_SIZE);
	if (sql_row(&q))
		*out = sql_take_int(&q);
	return sql_end_one(&q);
}

enum be_err store_alive(struct store *store, struct be_error *err)
{
	int64_t number;

	return store_counter_next(store, "store.alive", &number, err);
}

enum be_err store_id_new(char out[static STORE_ID_SIZE], struct be_error *err)
{
	uint8_t bytes[(STORE_ID_SIZE - 1) / 2];
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc;

	rc = crypto_random(bytes, sizeof(bytes), err);
	if (rc == BE_OK) {
		encode_add(&text, ENCODE_HEX, bytes, sizeof(bytes));
		buffer_add_byte(&text, '\0');
		rc = buffer_check(&text, err);
	}
	if (rc == BE_OK)
		memcpy(out, text.data, STORE_ID_SIZE);
	buffer_free(&text);
	return rc;
}
