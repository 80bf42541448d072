/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_sessions.h"

#include "base/time.h"
#include "service/store_sql.h"

/* ---- tokens ---- */

#define TOKEN_COLUMNS "digest, kind, user, family, client, scope, data, created, expires, family_ends, used"

enum be_err store_token_add(struct store *store, const struct store_token *token, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "INSERT INTO tokens (" TOKEN_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", err);
	sql_blob(&q, token->digest, sizeof(token->digest));
	sql_int(&q, token->kind);
	sql_int(&q, token->user);
	sql_text(&q, token->family, sizeof(token->family));
	sql_text(&q, token->client, sizeof(token->client));
	sql_text(&q, token->scope, sizeof(token->scope));
	sql_text(&q, token->data, sizeof(token->data));
	sql_int(&q, token->created);
	sql_int(&q, token->expires);
	sql_int(&q, token->family_ends);
	sql_moment(&q, token->used);
	return sql_end(&q);
}

static void take_token(struct sql *q, struct store_token *out)
{
	sql_take_bytes(q, out->digest, sizeof(out->digest), NULL);
	out->kind = (enum store_token_kind)sql_take_int(q);
	out->user = sql_take_int(q);
	sql_take_text(q, out->family, sizeof(out->family));
	sql_take_text(q, out->client, sizeof(out->client));
	sql_take_text(q, out->scope, sizeof(out->scope));
	sql_take_text(q, out->data, sizeof(out->data));
	out->created = sql_take_int(q);
	out->expires = sql_take_int(q);
	out->family_ends = sql_take_int(q);
	out->used = sql_take_moment(q);
}

static enum be_err no_session(struct be_error *err)
{
	return be_fail(err, BE_SESSION, N_("The session has ended; sign in again"), NULL);
}

enum be_err store_token_find(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	enum store_token_kind kind, int64_t now, struct store_token *out, struct be_error *err)
{
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store,
		"SELECT " TOKEN_COLUMNS " FROM tokens WHERE digest=? AND kind=? AND min(expires, family_ends)>?"
		" AND NOT EXISTS (SELECT 1 FROM users WHERE id=tokens.user AND disabled)",
		err);
	sql_blob(&q, digest, STORE_DIGEST_SIZE);
	sql_int(&q, kind);
	sql_int(&q, now);
	if (sql_row(&q))
		take_token(&q, out);
	rc = sql_end(&q);
	return rc == BE_OK && q.rows == 0 ? no_session(err) : rc;
}

enum be_err store_token_take(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	enum store_token_kind kind, int64_t now, struct be_error *err)
{
	size_t changed = 0;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "UPDATE tokens SET used=? WHERE digest=? AND kind=? AND used IS NULL", err);
	sql_int(&q, now);
	sql_blob(&q, digest, STORE_DIGEST_SIZE);
	sql_int(&q, kind);
	rc = sql_end_changes(&q, &changed);
	return rc == BE_OK && changed == 0 ? no_session(err) : rc;
}

enum be_err store_family_end(struct store *store, const char *family, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM tokens WHERE family=?", err);
	sql_text(&q, family, STORE_ID_SIZE);
	return sql_end(&q);
}

enum be_err store_families_end(struct store *store, int64_t user, const char *except, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM tokens WHERE user=? AND family<>?", err);
	sql_int(&q, user);
	sql_text(&q, except != NULL ? except : "", STORE_ID_SIZE);
	return sql_end(&q);
}

/* A spent refresh token stays until its session would have ended: it is how a thief is noticed. */
enum be_err store_token_sweep(struct store *store, int64_t now, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM tokens WHERE family_ends<=?1 OR (kind<>?2 AND expires<=?1)", err);
	sql_int(&q, now);
	sql_int(&q, STORE_TOKEN_REFRESH);
	return sql_end(&q);
}

/* ---- one-time links ---- */

#define LINK_COLUMNS "digest, user, certificate, purpose, created, expires, used"

static enum be_err drop_earlier(struct store *store, const struct store_link *link, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM links WHERE user=? AND certificate=? AND purpose=? AND used IS NULL", err);
	sql_int(&q, link->user);
	sql_text(&q, link->certificate, sizeof(link->certificate));
	sql_text(&q, link->purpose, sizeof(link->purpose));
	return sql_end(&q);
}

static enum be_err insert_link(struct store *store, const struct store_link *link, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "INSERT INTO links (" LINK_COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?)", err);
	sql_blob(&q, link->digest, sizeof(link->digest));
	sql_int(&q, link->user);
	sql_text(&q, link->certificate, sizeof(link->certificate));
	sql_text(&q, link->purpose, sizeof(link->purpose));
	sql_int(&q, link->created);
	sql_int(&q, link->expires);
	sql_moment(&q, link->used);
	return sql_end(&q);
}

enum be_err store_link_add(struct store *store, const struct store_link *link, struct be_error *err)
{
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = drop_earlier(store, link, err);
	if (rc == BE_OK)
		rc = insert_link(store, link, err);
	return store_end(store, rc, err);
}

static enum be_err link_good(const struct store_link *link, int64_t now, struct be_error *err)
{
	if (link->used != TIME_NONE)
		return be_fail(err, BE_LINK, N_("This link was used already; it serves once"), NULL);
	if (link->expires <= now)
		return be_fail(err, BE_LINK, N_("This link has expired; ask for a new one"), NULL);
	return BE_OK;
}

enum be_err store_link_find(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], int64_t now,
	struct store_link *out, struct be_error *err)
{
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "SELECT " LINK_COLUMNS " FROM links WHERE digest=?", err);
	sql_blob(&q, digest, STORE_DIGEST_SIZE);
	if (sql_row(&q)) {
		sql_take_bytes(&q, out->digest, sizeof(out->digest), NULL);
		out->user = sql_take_int(&q);
		sql_take_text(&q, out->certificate, sizeof(out->certificate));
		sql_take_text(&q, out->purpose, sizeof(out->purpose));
		out->created = sql_take_int(&q);
		out->expires = sql_take_int(&q);
		out->used = sql_take_moment(&q);
	}
	rc = sql_end(&q);
	if (rc != BE_OK)
		return rc;
	if (q.rows == 0)
		return be_fail(err, BE_LINK, N_("There is no such link; open the newest mail"), NULL);
	return link_good(out, now, err);
}

enum be_err store_link_use(
	struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], int64_t now, struct be_error *err)
{
	struct store_link link;
	struct sql q;
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = store_link_find(store, digest, now, &link, err);
	if (rc == BE_OK) {
		sql_begin(&q, store, "UPDATE links SET used=? WHERE digest=?", err);
		sql_int(&q, now);
		sql_blob(&q, digest, STORE_DIGEST_SIZE);
		rc = sql_end(&q);
	}
	return store_end(store, rc, err);
}
