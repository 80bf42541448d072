/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_STORE_SQL_H
#define SERVICE_STORE_SQL_H

/*
 * One statement at a time, for src/service/store*.c alone: prepared once, bound and read by type, its failure kept
 * until the end, so that a statement reads as a list of what goes in and what comes out:
 *
 *	struct sql q;
 *
 *	sql_begin(&q, store, "SELECT name FROM users WHERE id=?", err);
 *	sql_int(&q, id);
 *	if (sql_row(&q))
 *		sql_take_text(&q, out->name, sizeof(out->name));
 *	return sql_end_one(&q);
 */

#include "service/store.h"

#include <pthread.h>

struct sqlite3;
struct sqlite3_stmt;

#define SQL_KEPT_MAX 128u

/* A prepared statement is kept under the address of its text. */
struct sql_kept {
	const char *text;
	struct sqlite3_stmt *stmt;
	bool busy;
};

struct store {
	struct sqlite3 *db;
	pthread_mutex_t lock; /* recursive: held for a statement, and for a transaction */
	unsigned depth;       /* of transactions */
	struct sql_kept kept[SQL_KEPT_MAX];
};

/* What an answer of SQLite means. */
enum be_err sql_fail(const struct store *store, int code, struct be_error *err);

struct sql {
	struct store *store;
	struct sqlite3_stmt *stmt;
	struct sql_kept *kept; /* where the statement came from; NULL: it is finalised at the end */
	struct be_error *err;
	enum be_err rc; /* the first failure */
	int in;         /* parameters bound */
	int out;        /* columns taken of this row */
	size_t rows;
};

/* Holds the store until sql_end. text is static. */
void sql_begin(struct sql *q, struct store *store, const char *text, struct be_error *err);
void sql_int(struct sql *q, int64_t number);
void sql_moment(struct sql *q, int64_t moment); /* TIME_NONE: NULL */
/* BE_LIMIT when it does not fit a field of size; "" is written as such. */
void sql_text(struct sql *q, const char *text, size_t size);
void sql_text_or_null(struct sql *q, const char *text, size_t size); /* "": NULL */
void sql_blob(struct sql *q, const void *bytes, size_t len);

/* The next row; false at the end and after a failure. */
bool sql_row(struct sql *q);
int64_t sql_take_int(struct sql *q);
int64_t sql_take_moment(struct sql *q);
void sql_take_text(struct sql *q, char *out, size_t size); /* NULL: "" */
void sql_take_buffer(struct sql *q, struct buffer *out);   /* appends; out NULL: passed over */
/* At most size bytes; len gets how many, and may be NULL when they have to be exactly size. */
void sql_take_bytes(struct sql *q, uint8_t *out, size_t size, size_t *len);

/* Runs what is left of it. */
enum be_err sql_end(struct sql *q);
/* The same, and BE_NOT_FOUND when there was no row. */
enum be_err sql_end_one(struct sql *q);
/* The same for a statement that changes rows, with how many it changed. */
enum be_err sql_end_changes(struct sql *q, size_t *changed);

/* Once for statements without parameters. */
enum be_err sql_run(struct store *store, const char *text, struct be_error *err);

/* ---- the schema ---- */

/* Each brings the file from one version to the next; ends with NULL. */
extern const char *const store_schema[];

/* store_open with another list, for tests of the way from version to version. */
enum be_err store_open_schema(struct store **out, const char *path, const char *const *schema, struct be_error *err);

#endif
