/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_sessions.h"
#include "service/store_sql.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS "digest, user, credential, count, used, created, expires"

/* One that is looked at, with the digests it is for; hash_size 0: any. */
struct bound {
	struct store_authorisation about;
	size_t hash_size;
	struct buffer hashes;
	struct buffer signed_ones; /* one byte a digest */
};

#define BOUND_EMPTY ((struct bound){ .hash_size = 0, .hashes = BUFFER_EMPTY, .signed_ones = BUFFER_EMPTY })

static void bound_free(struct bound *b)
{
	buffer_free(&b->hashes);
	buffer_free(&b->signed_ones);
}

enum be_err store_authorisation_add(struct store *store, const struct store_authorisation *authorisation,
	const uint8_t *hashes, size_t hash_size, struct be_error *err)
{
	size_t count = hashes != NULL ? (size_t)authorisation->count : 0;
	struct buffer none = BUFFER_EMPTY;
	struct sql q;
	enum be_err rc;

	buffer_add_fill(&none, 0, count);
	rc = buffer_check(&none, err);
	if (rc != BE_OK)
		return rc;
	sql_begin(&q, store,
		"INSERT INTO authorisations (" COLUMNS
		", hash_size, hashes, signed) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
		err);
	sql_blob(&q, authorisation->digest, sizeof(authorisation->digest));
	sql_int(&q, authorisation->user);
	sql_text(&q, authorisation->credential, sizeof(authorisation->credential));
	sql_int(&q, authorisation->count);
	sql_int(&q, authorisation->used);
	sql_int(&q, authorisation->created);
	sql_int(&q, authorisation->expires);
	sql_int(&q, hashes != NULL ? (int64_t)hash_size : 0);
	sql_blob(&q, hashes, count * hash_size);
	sql_blob(&q, none.data, none.len);
	rc = sql_end(&q);
	buffer_free(&none);
	return rc;
}

static enum be_err find(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], int64_t now,
	struct bound *out, struct be_error *err)
{
	struct store_authorisation *about = &out->about;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store,
		"SELECT " COLUMNS ", hash_size, hashes, signed FROM authorisations"
		" WHERE digest=? AND NOT ended AND expires>?",
		err);
	sql_blob(&q, digest, STORE_DIGEST_SIZE);
	sql_int(&q, now);
	if (sql_row(&q)) {
		sql_take_bytes(&q, about->digest, sizeof(about->digest), NULL);
		about->user = sql_take_int(&q);
		sql_take_text(&q, about->credential, sizeof(about->credential));
		about->count = sql_take_int(&q);
		about->used = sql_take_int(&q);
		about->created = sql_take_int(&q);
		about->expires = sql_take_int(&q);
		out->hash_size = (size_t)sql_take_int(&q);
		sql_take_buffer(&q, &out->hashes);
		sql_take_buffer(&q, &out->signed_ones);
	}
	rc = sql_end(&q);
	if (rc == BE_OK && q.rows == 0)
		return be_fail(err, BE_AUTHORISATION,
			N_("The authorisation to sign has ended; give the passphrase again"), NULL);
	return rc;
}

enum be_err store_authorisation_find(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], int64_t now,
	struct store_authorisation *out, struct be_error *err)
{
	struct bound b = BOUND_EMPTY;
	enum be_err rc = find(store, digest, now, &b, err);

	if (rc == BE_OK)
		*out = b.about;
	bound_free(&b);
	return rc;
}

/* Digests mostly come in the order they were announced in, so the search goes on where the last one was. */
static bool mark_one(struct bound *b, const uint8_t *hash, size_t *at)
{
	size_t all = b->signed_ones.len;

	for (size_t i = 0; i < all; i++) {
		size_t k = (*at + i) % all;

		if (b->signed_ones.data[k] == 0 && memcmp(b->hashes.data + k * b->hash_size, hash, b->hash_size) == 0) {
			b->signed_ones.data[k] = 1;
			*at = k + 1;
			return true;
		}
	}
	return false;
}

static enum be_err mark(struct bound *b, const uint8_t *hashes, size_t hash_size, size_t count, struct be_error *err)
{
	size_t at = 0;

	if (count == 0 || b->about.used + (int64_t)count > b->about.count)
		return be_fail(err, BE_AUTHORISATION, N_("The authorisation is not for so many signatures"),
			"%zu, and %lld are left", count, (long long)(b->about.count - b->about.used));
	if (b->hash_size == 0)
		return BE_OK;
	for (size_t i = 0; i < count; i++)
		if (hash_size != b->hash_size || !mark_one(b, hashes + i * hash_size, &at))
			return be_fail(err, BE_AUTHORISATION,
				N_("The authorisation is not for this document, or it was signed already"),
				"number %zu", i + 1);
	return BE_OK;
}

static enum be_err write_taken(struct store *store, const struct bound *b, size_t count, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE authorisations SET used=used+?, signed=? WHERE digest=?", err);
	sql_int(&q, (int64_t)count);
	sql_blob(&q, b->signed_ones.data, b->signed_ones.len);
	sql_blob(&q, b->about.digest, sizeof(b->about.digest));
	return sql_end(&q);
}

static enum be_err is_for(const struct bound *b, const char *credential, struct be_error *err)
{
	if (strcmp(b->about.credential, credential) == 0)
		return BE_OK;
	return be_fail(err, BE_AUTHORISATION, N_("The authorisation is for another certificate"), NULL);
}

enum be_err store_authorisation_take(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	const char *credential, const uint8_t *hashes, size_t hash_size, size_t count, int64_t now,
	struct be_error *err)
{
	struct bound b = BOUND_EMPTY;
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = find(store, digest, now, &b, err);
	if (rc == BE_OK)
		rc = is_for(&b, credential, err);
	if (rc == BE_OK)
		rc = mark(&b, hashes, hash_size, count, err);
	if (rc == BE_OK)
		rc = write_taken(store, &b, count, err);
	bound_free(&b);
	return store_end(store, rc, err);
}

enum be_err store_authorisation_extend(struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE],
	const uint8_t next[static STORE_DIGEST_SIZE], const uint8_t *hashes, size_t hash_size, size_t count,
	int64_t now, int64_t expires, struct be_error *err)
{
	struct store_authorisation after;
	struct bound b = BOUND_EMPTY;
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = find(store, digest, now, &b, err);
	if (rc == BE_OK && b.about.used + (int64_t)count > b.about.count)
		rc = be_fail(err, BE_AUTHORISATION, N_("The authorisation is not for so many signatures"),
			"%zu, and %lld are left", count, (long long)(b.about.count - b.about.used));
	if (rc == BE_OK) {
		after = b.about;
		memcpy(after.digest, next, sizeof(after.digest));
		after.count = hashes != NULL ? (int64_t)count : b.about.count - b.about.used;
		after.used = 0;
		after.created = now;
		after.expires = expires;
		rc = store_authorisation_add(store, &after, hashes, hash_size, err);
	}
	if (rc == BE_OK)
		rc = store_authorisation_end(store, digest, err);
	bound_free(&b);
	return store_end(store, rc, err);
}

enum be_err store_authorisation_end(
	struct store *store, const uint8_t digest[static STORE_DIGEST_SIZE], struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE authorisations SET ended=1 WHERE digest=?", err);
	sql_blob(&q, digest, STORE_DIGEST_SIZE);
	return sql_end(&q);
}

enum be_err store_authorisations_end(struct store *store, const char *credential, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "UPDATE authorisations SET ended=1 WHERE credential=? AND NOT ended", err);
	sql_text(&q, credential, STORE_ID_SIZE);
	return sql_end(&q);
}

enum be_err store_authorisations_end_all(struct store *store, struct be_error *err)
{
	return sql_run(store, "UPDATE authorisations SET ended=1 WHERE NOT ended", err);
}

enum be_err store_authorisation_sweep(struct store *store, int64_t now, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM authorisations WHERE expires<=? OR ended", err);
	sql_int(&q, now);
	return sql_end(&q);
}
