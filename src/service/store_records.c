/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_records.h"

#include "base/time.h"
#include "crypto/digest.h"
#include "service/store_sql.h"

#include <stdio.h>
#include <string.h>

/* ---- audit ---- */

static void add_number(struct buffer *b, int64_t number)
{
	for (unsigned shift = 64; shift > 0; shift -= 8)
		buffer_add_byte(b, (uint8_t)((uint64_t)number >> (shift - 8)));
}

static void add_text(struct buffer *b, const char *text)
{
	add_number(b, (int64_t)strlen(text));
	buffer_add_str(b, text);
}

/* Every part with its length, so that no two lines have the same bytes. */
static enum be_err hash_of(const uint8_t before[static STORE_DIGEST_SIZE], const struct store_audit *line,
	uint8_t out[static STORE_DIGEST_SIZE], struct be_error *err)
{
	struct buffer all = BUFFER_EMPTY;
	uint8_t value[DIGEST_MAX];
	enum be_err rc;
	size_t len;

	buffer_add(&all, before, STORE_DIGEST_SIZE);
	add_number(&all, line->number);
	add_number(&all, line->at);
	add_text(&all, line->actor);
	add_text(&all, line->action);
	add_text(&all, line->subject);
	add_text(&all, line->detail);
	rc = buffer_check(&all, err);
	if (rc == BE_OK)
		rc = digest_bytes(DIGEST_SHA256, all.data, all.len, value, &len, err);
	if (rc == BE_OK)
		memcpy(out, value, STORE_DIGEST_SIZE);
	buffer_free(&all);
	return rc;
}

/* The chain begins with a line 0 of nothing but zeros. */
static enum be_err newest(
	struct store *store, int64_t *number, uint8_t hash[static STORE_DIGEST_SIZE], struct be_error *err)
{
	struct sql q;

	*number = 0;
	memset(hash, 0, STORE_DIGEST_SIZE);
	sql_begin(&q, store, "SELECT number, hash FROM audit ORDER BY number DESC LIMIT 1", err);
	if (sql_row(&q)) {
		*number = sql_take_int(&q);
		sql_take_bytes(&q, hash, STORE_DIGEST_SIZE, NULL);
	}
	return sql_end(&q);
}

static enum be_err append(struct store *store, const struct store_audit *line,
	const uint8_t hash[static STORE_DIGEST_SIZE], struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"INSERT INTO audit (number, at, actor, action, subject, detail, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
		err);
	sql_int(&q, line->number);
	sql_int(&q, line->at);
	sql_text(&q, line->actor, sizeof(line->actor));
	sql_text(&q, line->action, sizeof(line->action));
	sql_text(&q, line->subject, sizeof(line->subject));
	sql_text(&q, line->detail, sizeof(line->detail));
	sql_blob(&q, hash, STORE_DIGEST_SIZE);
	return sql_end(&q);
}

enum be_err store_audit_add(struct store *store, int64_t at, const char *actor, const char *action, const char *subject,
	const char *detail, struct be_error *err)
{
	uint8_t before[STORE_DIGEST_SIZE];
	uint8_t hash[STORE_DIGEST_SIZE];
	struct store_audit line = { .at = at };
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	(void)snprintf(line.actor, sizeof(line.actor), "%s", actor);
	(void)snprintf(line.action, sizeof(line.action), "%s", action);
	(void)snprintf(line.subject, sizeof(line.subject), "%s", subject);
	(void)snprintf(line.detail, sizeof(line.detail), "%s", detail);
	rc = newest(store, &line.number, before, err);
	line.number++;
	if (rc == BE_OK)
		rc = hash_of(before, &line, hash, err);
	if (rc == BE_OK)
		rc = append(store, &line, hash, err);
	return store_end(store, rc, err);
}

static void take_line(struct sql *q, struct store_audit *line)
{
	line->number = sql_take_int(q);
	line->at = sql_take_int(q);
	sql_take_text(q, line->actor, sizeof(line->actor));
	sql_take_text(q, line->action, sizeof(line->action));
	sql_take_text(q, line->subject, sizeof(line->subject));
	sql_take_text(q, line->detail, sizeof(line->detail));
}

#define LINE_COLUMNS "number, at, actor, action, subject, detail"

enum be_err store_audit_read(struct store *store, int64_t from, store_audit_fn *each, void *ctx, struct be_error *err)
{
	struct store_audit line;
	enum be_err said = BE_OK;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "SELECT " LINE_COLUMNS " FROM audit WHERE number>=? ORDER BY number", err);
	sql_int(&q, from);
	while (said == BE_OK && sql_row(&q)) {
		take_line(&q, &line);
		if (q.rc == BE_OK)
			said = each(ctx, &line, err);
	}
	rc = sql_end(&q);
	return said != BE_OK ? said : rc;
}

enum be_err store_audit_check(
	struct store *store, int64_t *lines, uint8_t last[STORE_DIGEST_SIZE], struct be_error *err)
{
	uint8_t hash[STORE_DIGEST_SIZE] = { 0 };
	uint8_t stored[STORE_DIGEST_SIZE];
	struct store_audit line;
	enum be_err said = BE_OK;
	struct sql q;
	enum be_err rc;

	*lines = 0;
	sql_begin(&q, store, "SELECT " LINE_COLUMNS ", hash FROM audit ORDER BY number", err);
	while (said == BE_OK && sql_row(&q)) {
		take_line(&q, &line);
		sql_take_bytes(&q, stored, sizeof(stored), NULL);
		if (q.rc == BE_OK)
			said = hash_of(hash, &line, hash, err);
		if (said == BE_OK && (line.number != *lines + 1 || memcmp(hash, stored, sizeof(hash)) != 0))
			said = be_fail(
				err, BE_MALFORMED, N_("The audit log was changed"), "line %lld", (long long)*lines + 1);
		if (said == BE_OK)
			(*lines)++;
	}
	rc = sql_end(&q);
	if (last != NULL)
		memcpy(last, hash, sizeof(hash));
	return said != BE_OK ? said : rc;
}

/* ---- mails ---- */

enum be_err store_mail_add(
	struct store *store, struct store_mail *mail, const struct buffer *sealed, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"INSERT INTO mails (user, recipient, queued, due, sealed) VALUES (?, ?, ?, ?, ?) RETURNING id", err);
	sql_int(&q, mail->user);
	sql_text(&q, mail->to, sizeof(mail->to));
	sql_int(&q, mail->queued);
	sql_int(&q, mail->due);
	sql_blob(&q, sealed->data, sealed->len);
	if (sql_row(&q))
		mail->id = sql_take_int(&q);
	return sql_end_one(&q);
}

enum be_err store_mail_take(struct store *store, int64_t now, int64_t lease, struct store_mail *out,
	struct buffer *sealed, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"UPDATE mails SET due=?1+?2, tries=tries+1 WHERE id="
		"(SELECT id FROM mails WHERE due<=?1 ORDER BY due, id LIMIT 1)"
		" RETURNING id, user, recipient, queued, due, tries, sealed",
		err);
	sql_int(&q, now);
	sql_int(&q, lease);
	if (sql_row(&q)) {
		out->id = sql_take_int(&q);
		out->user = sql_take_int(&q);
		sql_take_text(&q, out->to, sizeof(out->to));
		out->queued = sql_take_int(&q);
		out->due = sql_take_int(&q);
		out->tries = (uint32_t)sql_take_int(&q);
		sql_take_buffer(&q, sealed);
	}
	return sql_end_one(&q);
}

enum be_err store_mail_done(struct store *store, int64_t id, int64_t now, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE mails SET due=NULL, done=?, reason='', sealed=x'' WHERE id=?", err);
	sql_int(&q, now);
	sql_int(&q, id);
	return sql_end(&q);
}

enum be_err store_mail_later(struct store *store, int64_t id, int64_t due, const char *reason, struct be_error *err)
{
	char cut[STORE_NAME_SIZE];
	struct sql q;

	(void)snprintf(cut, sizeof(cut), "%s", reason);
	sql_begin(&q, store,
		"UPDATE mails SET due=?1, reason=?2, sealed=CASE WHEN ?1 IS NULL THEN x'' ELSE sealed END WHERE id=?3",
		err);
	sql_moment(&q, due);
	sql_text(&q, cut, sizeof(cut));
	sql_int(&q, id);
	return sql_end(&q);
}

enum be_err store_mail_release(struct store *store, int64_t now, int64_t lease, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE mails SET due=?1 WHERE due>?1 AND due<=?1+?2", err);
	sql_int(&q, now);
	sql_int(&q, lease);
	return sql_end(&q);
}

enum be_err store_mail_next(struct store *store, int64_t *due, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT min(due) FROM mails", err);
	if (sql_row(&q))
		*due = sql_take_moment(&q);
	return sql_end_one(&q);
}
