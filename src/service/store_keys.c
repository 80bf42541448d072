/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_certificates.h"
#include "service/store_sql.h"

enum be_err store_key_add(struct store *store, const struct store_key *key, const struct buffer *spki,
	const struct buffer *envelope, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"INSERT INTO keys (id, user, kind, in_token, created, spki, envelope) VALUES (?, ?, ?, ?, ?, ?, ?)",
		err);
	sql_text(&q, key->id, sizeof(key->id));
	sql_int(&q, key->user);
	sql_text(&q, key->kind, sizeof(key->kind));
	sql_int(&q, key->in_token);
	sql_int(&q, key->created);
	sql_blob(&q, spki->data, spki->len);
	sql_blob(&q, envelope->data, envelope->len);
	return sql_end(&q);
}

enum be_err store_key_get(struct store *store, const char *id, struct store_key *out, struct buffer *spki,
	struct buffer *envelope, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"SELECT id, user, kind, in_token, created, spki, envelope FROM keys WHERE id=? AND envelope IS NOT NULL",
		err);
	sql_text(&q, id, STORE_ID_SIZE);
	if (sql_row(&q)) {
		sql_take_text(&q, out->id, sizeof(out->id));
		out->user = sql_take_int(&q);
		sql_take_text(&q, out->kind, sizeof(out->kind));
		out->in_token = sql_take_int(&q) != 0;
		out->created = sql_take_int(&q);
		sql_take_buffer(&q, spki);
		sql_take_buffer(&q, envelope);
	}
	return sql_end_one(&q);
}

enum be_err store_key_envelope(struct store *store, const char *id, const struct buffer *was,
	const struct buffer *envelope, struct be_error *err)
{
	size_t changed = 0;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "UPDATE keys SET envelope=? WHERE id=? AND envelope=?", err);
	sql_blob(&q, envelope->data, envelope->len);
	sql_text(&q, id, STORE_ID_SIZE);
	sql_blob(&q, was->data, was->len);
	rc = sql_end_changes(&q, &changed);
	if (rc == BE_OK && changed == 0)
		return be_fail(err, BE_STATE, N_("The passphrase was changed by somebody else meanwhile"), NULL);
	return rc;
}

enum be_err store_key_destroy(struct store *store, const char *id, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE keys SET envelope=NULL WHERE id=?", err);
	sql_text(&q, id, STORE_ID_SIZE);
	return sql_end(&q);
}
