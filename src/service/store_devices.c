/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/store_people.h"
#include "service/store_sql.h"

#define COLUMNS "id, user, name, sealed, step, proved, added, used"

static void take_device(struct sql *q, struct store_device *out)
{
	sql_take_text(q, out->id, sizeof(out->id));
	out->user = sql_take_int(q);
	sql_take_text(q, out->name, sizeof(out->name));
	sql_take_bytes(q, out->sealed, sizeof(out->sealed), &out->sealed_len);
	out->step = sql_take_int(q);
	out->proved = sql_take_int(q) != 0;
	out->added = sql_take_moment(q);
	out->used = sql_take_moment(q);
}

static enum be_err there_is_room(struct store *store, const struct store_device *device, struct be_error *err)
{
	int64_t same = 0;
	int64_t all = 0;
	struct sql q;
	enum be_err rc;

	sql_begin(
		&q, store, "SELECT count(*), count(*) FILTER (WHERE name=?) FROM devices WHERE user=? AND proved", err);
	sql_text(&q, device->name, sizeof(device->name));
	sql_int(&q, device->user);
	if (sql_row(&q)) {
		all = sql_take_int(&q);
		same = sql_take_int(&q);
	}
	rc = sql_end(&q);
	if (rc == BE_OK && same > 0)
		return be_fail(err, BE_EXISTS, N_("There is a device of this name already"), NULL);
	if (rc == BE_OK && all >= STORE_DEVICES_MAX)
		return be_fail(
			err, BE_LIMIT, N_("There are too many devices; remove one first"), "%u", STORE_DEVICES_MAX);
	return rc;
}

/* Whoever begins again does not want the one he left. */
static enum be_err drop_unproved(struct store *store, int64_t user, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM devices WHERE user=? AND NOT proved", err);
	sql_int(&q, user);
	return sql_end(&q);
}

static enum be_err insert(struct store *store, const struct store_device *device, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "INSERT INTO devices (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?, ?, ?)", err);
	sql_text(&q, device->id, sizeof(device->id));
	sql_int(&q, device->user);
	sql_text(&q, device->name, sizeof(device->name));
	sql_blob(&q, device->sealed, device->sealed_len);
	sql_int(&q, device->step);
	sql_int(&q, device->proved);
	sql_int(&q, device->added);
	sql_moment(&q, device->used);
	return sql_end(&q);
}

enum be_err store_device_add(struct store *store, const struct store_device *device, struct be_error *err)
{
	enum be_err rc = store_begin(store, err);

	if (rc != BE_OK)
		return rc;
	rc = there_is_room(store, device, err);
	if (rc == BE_OK)
		rc = drop_unproved(store, device->user, err);
	if (rc == BE_OK)
		rc = insert(store, device, err);
	return store_end(store, rc, err);
}

enum be_err store_device_get(
	struct store *store, int64_t user, const char *id, struct store_device *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT " COLUMNS " FROM devices WHERE id=? AND user=?", err);
	sql_text(&q, id, STORE_ID_SIZE);
	sql_int(&q, user);
	if (sql_row(&q))
		take_device(&q, out);
	return sql_end_one(&q);
}

enum be_err store_devices(struct store *store, int64_t user, store_device_fn *each, void *ctx, struct be_error *err)
{
	struct store_device device;
	enum be_err said = BE_OK;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "SELECT " COLUMNS " FROM devices WHERE user=? AND proved ORDER BY added, id", err);
	sql_int(&q, user);
	while (said == BE_OK && sql_row(&q)) {
		take_device(&q, &device);
		if (q.rc == BE_OK)
			said = each(ctx, &device, err);
	}
	rc = sql_end(&q);
	return said != BE_OK ? said : rc;
}

enum be_err store_device_count(struct store *store, int64_t user, size_t *out, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "SELECT count(*) FROM devices WHERE user=? AND proved", err);
	sql_int(&q, user);
	if (sql_row(&q))
		*out = (size_t)sql_take_int(&q);
	return sql_end_one(&q);
}

enum be_err store_device_accept(
	struct store *store, const char *id, int64_t step, int64_t now, const char *name, struct be_error *err)
{
	size_t changed = 0;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store,
		"UPDATE devices SET step=?1, proved=1, used=?2, name=ifnull(?4,name) WHERE id=?3 AND step<?1", err);
	sql_int(&q, step);
	sql_int(&q, now);
	sql_text(&q, id, STORE_ID_SIZE);
	sql_text_or_null(&q, name != NULL ? name : "", STORE_NAME_SIZE);
	rc = sql_end_changes(&q, &changed);
	if (rc == BE_EXISTS)
		return be_fail(err, BE_EXISTS, N_("There is a device of this name already"), NULL);
	if (rc == BE_OK && changed == 0)
		return be_fail(err, BE_CODE_USED, N_("This code was used already; wait for the next one"), NULL);
	return rc;
}

enum be_err store_device_remove(struct store *store, int64_t user, const char *id, struct be_error *err)
{
	size_t changed = 0;
	struct sql q;
	enum be_err rc;

	sql_begin(&q, store, "DELETE FROM devices WHERE id=? AND user=?", err);
	sql_text(&q, id, STORE_ID_SIZE);
	sql_int(&q, user);
	rc = sql_end_changes(&q, &changed);
	if (rc == BE_OK && changed == 0)
		return be_fail(err, BE_NOT_FOUND, N_("This is not there"), NULL);
	return rc;
}

enum be_err store_devices_remove_all(struct store *store, int64_t user, struct be_error *err)
{
	struct sql q;

	sql_begin(&q, store, "DELETE FROM devices WHERE user=?", err);
	sql_int(&q, user);
	return sql_end(&q);
}
