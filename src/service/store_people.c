/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_people.h"

#include "service/store_sql.h"

#define USER_COLUMNS "id, login, mail, name, organisation, language, disabled, created"

static void take_user(struct sql *q, struct store_user *out)
{
	out->id = sql_take_int(q);
	sql_take_text(q, out->login, sizeof(out->login));
	sql_take_text(q, out->mail, sizeof(out->mail));
	sql_take_text(q, out->name, sizeof(out->name));
	sql_take_text(q, out->organisation, sizeof(out->organisation));
	sql_take_text(q, out->language, sizeof(out->language));
	out->disabled = sql_take_int(q) != 0;
	out->created = sql_take_moment(q);
}

static void give_password(struct sql *q, const struct store_password *password)
{
	sql_int(q, password->cost.log2_n);
	sql_int(q, password->cost.r);
	sql_int(q, password->cost.p);
	sql_blob(q, password->salt, sizeof(password->salt));
	sql_blob(q, password->hash, sizeof(password->hash));
}

/* Both names lead to one person, so none may lead to two. */
static enum be_err names_are_free(struct store *store, const struct store_user *user, struct be_error *err)
{
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "SELECT id FROM users WHERE login IN (?1, ?2) OR mail IN (?1, ?2)", err);
	sql_text(&q, user->login, sizeof(user->login));
	sql_text(&q, user->mail, sizeof(user->mail));
	(void)sql_row(&q);
	rc = sql_end(&q);
	if (rc == BE_OK && q.rows > 0)
		return be_fail(err, BE_EXISTS, N_("There is an account with this name or mail address already"), NULL);
	return rc;
}

static enum be_err insert_user(
	struct store *store, struct store_user *user, const struct store_password *password, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store,
		"INSERT INTO users (login, mail, name, organisation, language, disabled, created, log2_n, r, p, salt, hash)"
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
		err);
	sql_text(&q, user->login, sizeof(user->login));
	sql_text(&q, user->mail, sizeof(user->mail));
	sql_text(&q, user->name, sizeof(user->name));
	sql_text(&q, user->organisation, sizeof(user->organisation));
	sql_text(&q, user->language, sizeof(user->language));
	sql_int(&q, user->disabled);
	sql_int(&q, user->created);
	give_password(&q, password);
	if (sql_row(&q))
		user->id = sql_take_int(&q);
	return sql_end_one(&q);
}

enum be_err store_user_add(
	struct store *store, struct store_user *user, const struct store_password *password, struct be_error *err)
{
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = names_are_free(store, user, err);
	if (rc == BE_OK)
		rc = insert_user(store, user, password, err);
	return store_end(store, rc, err);
}

enum be_err store_user_find(struct store *store, const char *login, struct store_user *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT " USER_COLUMNS " FROM users WHERE login=?1 OR mail=?1", err);
	sql_text(&q, login, STORE_LOGIN_SIZE);
	if (sql_row(&q))
		take_user(&q, out);
	return sql_end_one(&q);
}

enum be_err store_user_get(struct store *store, int64_t id, struct store_user *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT " USER_COLUMNS " FROM users WHERE id=?", err);
	sql_int(&q, id);
	if (sql_row(&q))
		take_user(&q, out);
	return sql_end_one(&q);
}

static enum be_err one_changed(struct sql *q)
{
	size_t changed = 0;
	enum be_err rc = sql_end_changes(q, &changed);

	if (rc == BE_OK && changed == 0)
		return be_fail(q->err, BE_NOT_FOUND, N_("This is not there"), NULL);
	return rc;
}

enum be_err store_user_disable(struct store *store, int64_t id, bool disabled, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE users SET disabled=? WHERE id=?", err);
	sql_int(&q, disabled);
	sql_int(&q, id);
	return one_changed(&q);
}

enum be_err store_password_get(struct store *store, int64_t user, struct store_password *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT log2_n, r, p, salt, hash FROM users WHERE id=?", err);
	sql_int(&q, user);
	if (sql_row(&q)) {
		out->cost.log2_n = (uint8_t)sql_take_int(&q);
		out->cost.r = (uint8_t)sql_take_int(&q);
		out->cost.p = (uint8_t)sql_take_int(&q);
		sql_take_bytes(&q, out->salt, sizeof(out->salt), NULL);
		sql_take_bytes(&q, out->hash, sizeof(out->hash), NULL);
	}
	return sql_end_one(&q);
}

enum be_err store_password_set(
	struct store *store, int64_t user, const struct store_password *password, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE users SET log2_n=?, r=?, p=?, salt=?, hash=? WHERE id=?", err);
	give_password(&q, password);
	sql_int(&q, user);
	return one_changed(&q);
}

/* ---- terms of service ---- */

enum be_err store_terms_accept(
	struct store *store, int64_t user, const char *version, int64_t now, struct be_error *err)
{
	struct sql q;

	/* The first time is what counts. */
	sql_begin(&q, store, "INSERT OR IGNORE INTO terms (user, version, at) VALUES (?, ?, ?)", err);
	sql_int(&q, user);
	sql_text(&q, version, STORE_WORD_SIZE);
	sql_int(&q, now);
	return sql_end(&q);
}

enum be_err store_terms_accepted(
	struct store *store, int64_t user, const char *version, int64_t *when, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT at FROM terms WHERE user=? AND version=?", err);
	sql_int(&q, user);
	sql_text(&q, version, STORE_WORD_SIZE);
	if (sql_row(&q))
		*when = sql_take_int(&q);
	return sql_end_one(&q);
}
