/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/time.h"
#include "service/store_people.h"
#include "service/store_sql.h"

#include <string.h>

struct tries {
	int64_t count;
	int64_t since; /* the first one of this window */
	int64_t until; /* of the lock */
};

static enum be_err locked(struct be_error *err, int64_t until)
{
	char when[TIME_TEXT_MAX];

	(void)be_fail(
		err, BE_LOCKED, N_("There were too many wrong tries; wait a while"), "%s", time_format(when, until));
	if (err != NULL)
		err->retry_at = until;
	return BE_LOCKED;
}

static enum be_err look(struct store *store, const char *subject, struct tries *out, struct be_error *err)
{
	struct sql q;

	*out = (struct tries){ 0, 0, TIME_NONE };
	sql_begin(&q, store, "SELECT count, since, until FROM tries WHERE subject=?", err);
	sql_text(&q, subject, STORE_NAME_SIZE);
	if (sql_row(&q)) {
		out->count = sql_take_int(&q);
		out->since = sql_take_int(&q);
		out->until = sql_take_moment(&q);
	}
	return sql_end(&q);
}

static enum be_err write_tries(
	struct store *store, const char *subject, const struct tries *t, int64_t ends, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "INSERT OR REPLACE INTO tries (subject, count, since, until, ends) VALUES (?, ?, ?, ?, ?)",
		err);
	sql_text(&q, subject, STORE_NAME_SIZE);
	sql_int(&q, t->count);
	sql_int(&q, t->since);
	sql_moment(&q, t->until);
	sql_int(&q, ends);
	return sql_end(&q);
}

/* The last try that a window allows locks at once: it may still succeed, and what succeeds clears. */
static enum be_err count(struct store *store, const char *subject, const struct store_limit *limit, int64_t now,
	uint32_t *left, struct be_error *err)
{
	struct tries t;
	enum be_err rc = look(store, subject, &t, err);

	if (rc != BE_OK)
		return rc;
	if (t.until != TIME_NONE && now < t.until)
		return locked(err, t.until);
	if (t.until != TIME_NONE || t.count == 0 || now - t.since >= limit->window || now < t.since)
		t = (struct tries){ 0, now, TIME_NONE };
	t.count++;
	if (t.count >= limit->tries)
		t.until = now + limit->lock;
	if (left != NULL)
		*left = t.count < limit->tries ? limit->tries - (uint32_t)t.count : 0;
	return write_tries(store, subject, &t, now + limit->window + limit->lock, err);
}

enum be_err store_try_count(struct store *store, const char *subject, const struct store_limit *limit, int64_t now,
	uint32_t *left, struct be_error *err)
{
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = count(store, subject, limit, now, left, err);
	return store_end(store, rc, err);
}

enum be_err store_try_look(struct store *store, const char *subject, int64_t now, struct be_error *err)
{
	struct tries t;
	enum be_err rc = look(store, subject, &t, err);

	if (rc == BE_OK && t.until != TIME_NONE && now < t.until)
		return locked(err, t.until);
	return rc;
}

enum be_err store_try_clear(struct store *store, const char *subject, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM tries WHERE subject=?", err);
	sql_text(&q, subject, STORE_NAME_SIZE);
	return sql_end(&q);
}

enum be_err store_try_forgive(struct store *store, const char *subject, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE tries SET count=max(count-1, 0), until=NULL WHERE subject=?", err);
	sql_text(&q, subject, STORE_NAME_SIZE);
	return sql_end(&q);
}

enum be_err store_try_sweep(struct store *store, int64_t now, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM tries WHERE ends<?", err);
	sql_int(&q, now);
	return sql_end(&q);
}
