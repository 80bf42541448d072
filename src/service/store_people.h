/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_STORE_PEOPLE_H
#define SERVICE_STORE_PEOPLE_H

/* Users, their passwords and devices, how often they tried, the terms they accepted. What holds for all of the store
 * stands in service/store.h. */

#include "crypto/scrypt.h"
#include "service/store.h"

/* ---- users ---- */

struct store_user {
	int64_t id;                   /* given by the store; never shown outside */
	char login[STORE_LOGIN_SIZE]; /* compared without regard to ASCII case */
	char mail[STORE_LOGIN_SIZE];
	char name[STORE_NAME_SIZE];         /* goes into certificates */
	char organisation[STORE_NAME_SIZE]; /* "": the service's own */
	char language[STORE_WORD_SIZE];     /* "id", "en" */
	bool disabled;
	int64_t created;
};

#define STORE_PASSWORD_SALT 32u
#define STORE_PASSWORD_HASH 32u

struct store_password {
	struct scrypt_cost cost;
	uint8_t salt[STORE_PASSWORD_SALT];
	uint8_t hash[STORE_PASSWORD_HASH];
};

/* Sets id. BE_EXISTS when login or mail is another user's login or mail. */
enum be_err store_user_add(
	struct store *store, struct store_user *user, const struct store_password *password, struct be_error *err);
/* BE_NOT_FOUND. By login or by mail, as a person types it. */
enum be_err store_user_find(struct store *store, const char *login, struct store_user *out, struct be_error *err);
enum be_err store_user_get(struct store *store, int64_t id, struct store_user *out, struct be_error *err);
enum be_err store_user_disable(struct store *store, int64_t id, bool disabled, struct be_error *err);

enum be_err store_password_get(struct store *store, int64_t user, struct store_password *out, struct be_error *err);
enum be_err store_password_set(
	struct store *store, int64_t user, const struct store_password *password, struct be_error *err);

/* ---- devices: where a person's one-time codes come from ---- */

#define STORE_DEVICES_MAX 20u /* of one user */
#define STORE_SEALED_MAX 128u

struct store_device {
	char id[STORE_ID_SIZE];
	int64_t user;
	char name[STORE_NAME_SIZE];
	uint8_t sealed[STORE_SEALED_MAX]; /* the code's secret, under the vault's key */
	size_t sealed_len;
	int64_t step; /* the newest accepted; TOTP_STEP_NONE before the first */
	bool proved;  /* a first code of it was right; until then it does not count as a device */
	int64_t added;
	int64_t used; /* TIME_NONE: never */
};

/* BE_LIMIT over STORE_DEVICES_MAX proved ones, BE_EXISTS for a name that a proved one of this user has. Older ones that
 * were never proved are removed. */
enum be_err store_device_add(struct store *store, const struct store_device *device, struct be_error *err);
enum be_err store_device_get(
	struct store *store, int64_t user, const char *id, struct store_device *out, struct be_error *err);
typedef enum be_err store_device_fn(void *ctx, const struct store_device *device, struct be_error *err);
/* The proved ones, oldest first. */
enum be_err store_devices(struct store *store, int64_t user, store_device_fn *each, void *ctx, struct be_error *err);
enum be_err store_device_count(struct store *store, int64_t user, size_t *out, struct be_error *err);
/* Records a step as accepted, and the device as proved. BE_CODE_USED when one as late was accepted before: of any
 * number of threads or processes with one code, one gets BE_OK. name: what it is called from now on; NULL: as before.
 * BE_EXISTS when another device of the user has that name. */
enum be_err store_device_accept(
	struct store *store, const char *id, int64_t step, int64_t now, const char *name, struct be_error *err);
/* BE_NOT_FOUND. */
enum be_err store_device_remove(struct store *store, int64_t user, const char *id, struct be_error *err);
enum be_err store_devices_remove_all(struct store *store, int64_t user, struct be_error *err);

/* ---- tries ---- */

struct store_limit {
	uint32_t tries; /* so many within the window, then locked */
	int64_t window; /* seconds */
	int64_t lock;   /* seconds */
};

/* Counts one more try of a subject ("password:17", "address:192.0.2.7"), durably, BEFORE what was given is looked at: a
 * crash gives no try back. BE_LOCKED, with retry_at, when there is none left; it does not prolong the lock. left: how
 * many remain after this one, may be NULL. */
enum be_err store_try_count(struct store *store, const char *subject, const struct store_limit *limit, int64_t now,
	uint32_t *left, struct be_error *err);
/* BE_LOCKED, with retry_at, or BE_OK; counts nothing. */
enum be_err store_try_look(struct store *store, const char *subject, int64_t now, struct be_error *err);
/* After what was given was right: the subject begins anew. */
enum be_err store_try_clear(struct store *store, const char *subject, struct be_error *err);
/* Takes one try back, because what was given could not be looked at (too busy, no memory). */
enum be_err store_try_forgive(struct store *store, const char *subject, struct be_error *err);
/* Forgets what is over anyway; now and then. */
enum be_err store_try_sweep(struct store *store, int64_t now, struct be_error *err);

/* ---- terms of service ---- */

enum be_err store_terms_accept(
	struct store *store, int64_t user, const char *version, int64_t now, struct be_error *err);
/* BE_NOT_FOUND when this user never accepted that version. */
enum be_err store_terms_accepted(
	struct store *store, int64_t user, const char *version, int64_t *when, struct be_error *err);

#endif
