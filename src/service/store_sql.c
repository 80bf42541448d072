/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_sql.h"

#include "base/time.h"

#include <errno.h>
#include <sqlite3.h>
#include <string.h>

enum be_err sql_fail(const struct store *store, int code, struct be_error *err)
{
	const char *why = store->db != NULL ? sqlite3_errmsg(store->db) : sqlite3_errstr(code);

	if ((code & 0xff) == SQLITE_IOERR && store->db != NULL && sqlite3_system_errno(store->db) == ENOSPC)
		code = SQLITE_FULL;
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return be_fail(
			err, BE_BUSY, N_("The service's data is in use by another program; try again"), "%s", why);
	case SQLITE_FULL:
		return be_fail(err, BE_FULL, N_("The disk of the service is full; nothing was changed"), "%s", why);
	case SQLITE_NOMEM:
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return be_fail(err, BE_MALFORMED, N_("The service's data is damaged"), "%s", why);
	case SQLITE_CONSTRAINT:
		return be_fail(err, BE_EXISTS, N_("This is there already"), "%s", why);
	default:
		return be_fail(err, BE_IO, N_("The service's data could not be read or written"), "%s (%d)", why, code);
	}
}

static void check(struct sql *q, int code)
{
	if (code != SQLITE_OK && q->rc == BE_OK)
		q->rc = sql_fail(q->store, code, q->err);
}

/* A callback may run the statement whose row it was called for: then it gets one of its own. */
static struct sql_kept *slot_for(struct store *store, const char *text)
{
	struct sql_kept *empty = NULL;

	for (size_t i = 0; i < SQL_KEPT_MAX; i++) {
		struct sql_kept *slot = &store->kept[i];

		if (slot->text == text)
			return slot->busy ? NULL : slot;
		if (slot->text == NULL && empty == NULL)
			empty = slot;
	}
	return empty;
}

void sql_begin(struct sql *q, struct store *store, const char *text, struct be_error *err)
{
	struct sql_kept *slot;

	*q = (struct sql){ .store = store, .err = err, .rc = BE_OK };
	(void)pthread_mutex_lock(&store->lock);
	slot = slot_for(store, text);
	if (slot != NULL && slot->stmt != NULL)
		q->stmt = slot->stmt;
	else
		check(q,
			sqlite3_prepare_v3(store->db, text, -1, slot != NULL ? (unsigned)SQLITE_PREPARE_PERSISTENT : 0u,
				&q->stmt, NULL));
	if (slot == NULL || q->rc != BE_OK)
		return;
	slot->text = text;
	slot->stmt = q->stmt;
	slot->busy = true;
	q->kept = slot;
}

void sql_int(struct sql *q, int64_t number)
{
	q->in++;
	if (q->rc == BE_OK)
		check(q, sqlite3_bind_int64(q->stmt, q->in, number));
}

void sql_moment(struct sql *q, int64_t moment)
{
	if (moment != TIME_NONE)
		sql_int(q, moment);
	else
		q->in++; /* what is not bound is NULL */
}

void sql_text(struct sql *q, const char *text, size_t size)
{
	q->in++;
	if (q->rc == BE_OK && strnlen(text, size) == size)
		q->rc = be_fail(q->err, BE_LIMIT, N_("A text is too long"), "at most %zu bytes", size - 1);
	if (q->rc == BE_OK)
		check(q, sqlite3_bind_text(q->stmt, q->in, text, -1, SQLITE_STATIC));
}

void sql_text_or_null(struct sql *q, const char *text, size_t size)
{
	if (text[0] != '\0')
		sql_text(q, text, size);
	else
		q->in++;
}

void sql_blob(struct sql *q, const void *bytes, size_t len)
{
	q->in++;
	if (q->rc == BE_OK && len > 0)
		check(q, sqlite3_bind_blob64(q->stmt, q->in, bytes, len, SQLITE_STATIC));
	else if (q->rc == BE_OK)
		check(q, sqlite3_bind_zeroblob(q->stmt, q->in, 0));
}

bool sql_row(struct sql *q)
{
	int code;

	if (q->rc != BE_OK)
		return false;
	code = sqlite3_step(q->stmt);
	if (code == SQLITE_ROW) {
		q->out = 0;
		q->rows++;
		return true;
	}
	if (code != SQLITE_DONE)
		check(q, code);
	return false;
}

int64_t sql_take_int(struct sql *q)
{
	return sqlite3_column_int64(q->stmt, q->out++);
}

int64_t sql_take_moment(struct sql *q)
{
	if (sqlite3_column_type(q->stmt, q->out) != SQLITE_NULL)
		return sql_take_int(q);
	q->out++;
	return TIME_NONE;
}

static void odd(struct sql *q)
{
	if (q->rc == BE_OK)
		q->rc = be_fail(q->err, BE_MALFORMED, N_("The service's data is damaged"), "%s, column %d",
			sqlite3_sql(q->stmt), q->out);
}

void sql_take_text(struct sql *q, char *out, size_t size)
{
	const unsigned char *text = sqlite3_column_text(q->stmt, q->out);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, q->out);

	out[0] = '\0';
	if (len >= size)
		odd(q);
	else if (text != NULL)
		memcpy(out, text, len + 1);
	q->out++;
}

void sql_take_buffer(struct sql *q, struct buffer *out)
{
	const void *bytes = sqlite3_column_blob(q->stmt, q->out);
	size_t len = (size_t)sqlite3_column_bytes(q->stmt, q->out++);

	if (out == NULL)
		return;
	buffer_add(out, bytes, len);
	if (q->rc == BE_OK)
		q->rc = buffer_check(out, q->err);
}

void sql_take_bytes(struct sql *q, uint8_t *out, size_t size, size_t *len)
{
	const void *bytes = sqlite3_column_blob(q->stmt, q->out);
	size_t n = (size_t)sqlite3_column_bytes(q->stmt, q->out);

	if (n > size || (len == NULL && n != size))
		odd(q);
	else if (n > 0)
		memcpy(out, bytes, n);
	if (len != NULL)
		*len = n;
	q->out++;
}

static void give_back(struct sql *q)
{
	if (q->kept == NULL) {
		(void)sqlite3_finalize(q->stmt);
	} else {
		(void)sqlite3_reset(q->stmt);
		(void)sqlite3_clear_bindings(q->stmt);
		q->kept->busy = false;
	}
	(void)pthread_mutex_unlock(&q->store->lock);
}

enum be_err sql_end_changes(struct sql *q, size_t *changed)
{
	while (sql_row(q))
		continue;
	*changed = q->rc == BE_OK ? (size_t)sqlite3_changes64(q->store->db) : 0;
	give_back(q);
	return q->rc;
}

enum be_err sql_end(struct sql *q)
{
	size_t changed;

	return sql_end_changes(q, &changed);
}

enum be_err sql_end_one(struct sql *q)
{
	enum be_err rc = sql_end(q);

	if (rc == BE_OK && q->rows == 0)
		return be_fail(q->err, BE_NOT_FOUND, N_("This is not there"), NULL);
	return rc;
}

enum be_err sql_run(struct store *store, const char *text, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, text, err);
	return sql_end(&q);
}
