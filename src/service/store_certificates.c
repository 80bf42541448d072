/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_certificates.h"

#include "base/time.h"
#include "service/store_sql.h"

#include <string.h>

static const char *const words[STORE_STATE_COUNT] = {
#define X(name, word) [name] = (word),
	STORE_STATE_LIST(X)
#undef X
};

const char *store_state_word(enum store_state state)
{
	return words[state];
}

/* ---- reading ---- */

#define COLUMNS \
	"id, user, state, key, key_kind, replaces, terms, coalesce(serial, ''), requested, not_before, not_after, revoked," \
	" reason"

static enum store_state state_of(const char *word, int64_t not_after, int64_t now)
{
	for (size_t i = 0; i < STORE_STATE_COUNT; i++)
		if (strcmp(words[i], word) == 0)
			return i == STORE_STATE_ISSUE && not_after < now ? STORE_STATE_EXPIRED : (enum store_state)i;
	return STORE_STATE_SUSPEND; /* a word of a later version: nobody signs with it here */
}

static void take(struct sql *q, int64_t now, struct store_certificate *out)
{
	char word[STORE_WORD_SIZE];

	sql_take_text(q, out->id, sizeof(out->id));
	out->user = sql_take_int(q);
	sql_take_text(q, word, sizeof(word));
	sql_take_text(q, out->key, sizeof(out->key));
	sql_take_text(q, out->key_kind, sizeof(out->key_kind));
	sql_take_text(q, out->replaces, sizeof(out->replaces));
	sql_take_text(q, out->terms, sizeof(out->terms));
	sql_take_text(q, out->serial, sizeof(out->serial));
	out->requested = sql_take_int(q);
	out->not_before = sql_take_moment(q);
	out->not_after = sql_take_moment(q);
	out->revoked = sql_take_moment(q);
	out->reason = sql_take_int(q);
	out->state = state_of(word, out->not_after, now);
}

static enum be_err one(struct sql *q, int64_t now, struct store_certificate *out)
{
	enum be_err rc;

	if (sql_row(q))
		take(q, now, out);
	rc = sql_end(q);
	if (rc == BE_OK && q->rows == 0)
		return be_fail(q->err, BE_NOT_FOUND, N_("There is no such certificate"), NULL);
	return rc;
}

enum be_err store_certificate_get(struct store *store, int64_t user, const char *id, int64_t now,
	struct store_certificate *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT " COLUMNS " FROM certificates WHERE id=?1 AND (?2=0 OR user=?2)", err);
	sql_text(&q, id, STORE_ID_SIZE);
	sql_int(&q, user);
	return one(&q, now, out);
}

enum be_err store_certificate_by_serial(
	struct store *store, const char *serial, int64_t now, struct store_certificate *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT " COLUMNS " FROM certificates WHERE serial=?", err);
	sql_text(&q, serial, STORE_TEXT_SIZE);
	return one(&q, now, out);
}

static enum be_err all(struct sql *q, int64_t now, store_certificate_fn *each, void *ctx)
{
	struct store_certificate certificate;
	enum be_err said = BE_OK;
	enum be_err rc;

	while (said == BE_OK && sql_row(q)) {
		take(q, now, &certificate);
		if (q->rc == BE_OK)
			said = each(ctx, &certificate, q->err);
	}
	rc = sql_end(q);
	return said != BE_OK ? said : rc;
}

enum be_err store_certificates(
	struct store *store, int64_t user, int64_t now, store_certificate_fn *each, void *ctx, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT " COLUMNS " FROM certificates WHERE user=? ORDER BY requested DESC, rowid DESC",
		err);
	sql_int(&q, user);
	return all(&q, now, each, ctx);
}

enum be_err store_certificates_revoked(
	struct store *store, int64_t not_over_before, store_certificate_fn *each, void *ctx, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"SELECT " COLUMNS " FROM certificates WHERE revoked IS NOT NULL AND serial IS NOT NULL AND not_after>=?"
		" ORDER BY revoked, rowid",
		err);
	sql_int(&q, not_over_before);
	return all(&q, not_over_before, each, ctx);
}

enum be_err store_certificates_ended(
	struct store *store, int64_t now, store_certificate_fn *each, void *ctx, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"SELECT " COLUMNS " FROM certificates WHERE state='ISSUE' AND not_after<? ORDER BY not_after", err);
	sql_int(&q, now);
	return all(&q, now, each, ctx);
}

enum be_err store_certificate_der(
	struct store *store, const char *id, struct buffer *der, struct buffer *issuers, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT der, issuers FROM certificates WHERE id=? AND der IS NOT NULL", err);
	sql_text(&q, id, STORE_ID_SIZE);
	if (sql_row(&q)) {
		sql_take_buffer(&q, der);
		sql_take_buffer(&q, issuers);
	}
	return sql_end_one(&q);
}

/* ---- history ---- */

enum be_err store_history_add(struct store *store, const char *certificate, const char *what, const char *detail,
	int64_t now, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"INSERT INTO history (certificate, user, at, what, detail)"
		" SELECT id, user, ?, ?, ? FROM certificates WHERE id=?",
		err);
	sql_int(&q, now);
	sql_text(&q, what, STORE_WORD_SIZE);
	sql_text(&q, detail, STORE_NAME_SIZE);
	sql_text(&q, certificate, STORE_ID_SIZE);
	return sql_end(&q);
}

enum be_err store_history(
	struct store *store, const char *certificate, store_event_fn *each, void *ctx, struct be_error *err)
{
	struct store_event event;
	enum be_err said = BE_OK;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "SELECT number, at, what, detail FROM history WHERE certificate=? ORDER BY number", err);
	sql_text(&q, certificate, STORE_ID_SIZE);
	while (said == BE_OK && sql_row(&q)) {
		event.number = sql_take_int(&q);
		event.at = sql_take_int(&q);
		sql_take_text(&q, event.what, sizeof(event.what));
		sql_take_text(&q, event.detail, sizeof(event.detail));
		if (q.rc == BE_OK)
			said = each(ctx, &event, err);
	}
	rc = sql_end(&q);
	return said != BE_OK ? said : rc;
}

enum be_err store_history_newest(struct store *store, int64_t user, int64_t *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT coalesce(max(number), 0) FROM history WHERE user=?", err);
	sql_int(&q, user);
	if (sql_row(&q))
		*out = sql_take_int(&q);
	return sql_end_one(&q);
}

/* ---- from state to state ---- */

static enum be_err insert(struct store *store, const struct store_certificate *c, struct be_error *err)
{
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store,
		"INSERT INTO certificates (id, user, state, key, key_kind, replaces, terms, requested)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
		err);
	sql_text(&q, c->id, sizeof(c->id));
	sql_int(&q, c->user);
	sql_text(&q, words[c->state], STORE_WORD_SIZE);
	sql_text(&q, c->key, sizeof(c->key));
	sql_text(&q, c->key_kind, sizeof(c->key_kind));
	sql_text(&q, c->replaces, sizeof(c->replaces));
	sql_text(&q, c->terms, sizeof(c->terms));
	sql_int(&q, c->requested);
	rc = sql_end(&q);
	if (rc == BE_EXISTS)
		return be_fail(err, BE_EXISTS, N_("This certificate is being renewed already"), NULL);
	return rc;
}

enum be_err store_certificate_add(
	struct store *store, const struct store_certificate *certificate, struct be_error *err)
{
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = insert(store, certificate, err);
	if (rc == BE_OK)
		rc = store_history_add(store, certificate->id, "requested", "", certificate->requested, err);
	return store_end(store, rc, err);
}

static enum be_err is_in(struct store *store, const char *id, unsigned from, int64_t now, struct be_error *err)
{
	struct store_certificate c;
	enum be_err rc = store_certificate_get(store, 0, id, now, &c, err);

	if (rc == BE_OK && (from & STORE_STATE_BIT(c.state)) == 0)
		return be_fail(
			err, BE_STATE, N_("The state of the certificate does not allow this"), "%s", words[c.state]);
	return rc;
}

static enum be_err set_state(struct store *store, const char *id, enum store_state to, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE certificates SET state=? WHERE id=?", err);
	sql_text(&q, words[to], STORE_WORD_SIZE);
	sql_text(&q, id, STORE_ID_SIZE);
	return sql_end(&q);
}

enum be_err store_certificate_move(struct store *store, const char *id, unsigned from, enum store_state to, int64_t now,
	const char *event, const char *detail, struct be_error *err)
{
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = is_in(store, id, from, now, err);
	if (rc == BE_OK)
		rc = set_state(store, id, to, err);
	if (rc == BE_OK)
		rc = store_history_add(store, id, event, detail, now, err);
	return store_end(store, rc, err);
}

static enum be_err write_issued(struct store *store, const struct store_certificate *c, const struct buffer *der,
	const struct buffer *issuers, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"UPDATE certificates SET serial=?, key=?, not_before=?, not_after=?, der=?, issuers=? WHERE id=?", err);
	sql_text(&q, c->serial, sizeof(c->serial));
	sql_text(&q, c->key, sizeof(c->key));
	sql_int(&q, c->not_before);
	sql_int(&q, c->not_after);
	sql_blob(&q, der->data, der->len);
	sql_blob(&q, issuers->data, issuers->len);
	sql_text(&q, c->id, sizeof(c->id));
	return sql_end(&q);
}

enum be_err store_certificate_issue(struct store *store, const struct store_certificate *certificate,
	const struct buffer *der, const struct buffer *issuers, int64_t now, struct be_error *err)
{
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_certificate_move(store, certificate->id,
		STORE_STATE_BIT(STORE_STATE_NEW) | STORE_STATE_BIT(STORE_STATE_RENEW), STORE_STATE_ISSUE, now, "issued",
		certificate->serial, err);
	if (rc == BE_OK)
		rc = write_issued(store, certificate, der, issuers, err);
	return store_end(store, rc, err);
}

static enum be_err write_revoked(struct store *store, const char *id, int64_t reason, int64_t now, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE certificates SET revoked=?, reason=? WHERE id=?", err);
	sql_int(&q, now);
	sql_int(&q, reason);
	sql_text(&q, id, STORE_ID_SIZE);
	return sql_end(&q);
}

enum be_err store_certificate_revoke(
	struct store *store, const char *id, int64_t reason, int64_t now, struct be_error *err)
{
	const unsigned from = STORE_STATE_BIT(STORE_STATE_ISSUE) | STORE_STATE_BIT(STORE_STATE_SUSPEND) |
		STORE_STATE_BIT(STORE_STATE_NEW) | STORE_STATE_BIT(STORE_STATE_RENEW);
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_certificate_move(store, id, from, STORE_STATE_REVOKE, now, "revoked", "", err);
	if (rc == BE_OK)
		rc = write_revoked(store, id, reason, now, err);
	return store_end(store, rc, err);
}
