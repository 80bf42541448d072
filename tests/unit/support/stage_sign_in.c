/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/stage_account.h"

#include "support/stage.h"

#include <stdio.h>
#include <string.h>

#define DAY 86400
#define TICKET "tiket"
#define KEY "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"

struct person {
	char user[WIRE_USER_MAX];
	char password[64];
	struct wire_device devices[4];
	size_t count;
};

static struct {
	struct settings settings; /* that the account was opened with */
	struct person people[8];
	size_t count;
	struct person *asking; /* has given the password, and a ticket */
	struct person *in;
	char offered[WIRE_NAME_MAX]; /* a device that counts once a code of it has come */
	char used[8][16];            /* codes that were taken */
	size_t used_count;
	size_t next_device;
} there;

static void add_device(struct person *person, const char *name, int64_t used)
{
	struct wire_device *device = &person->devices[person->count++];

	*device = (struct wire_device){ .created = STAGE_NOW - 30 * (int64_t)DAY, .used = used };
	(void)snprintf(device->id, sizeof(device->id), "alat-%zu", there.next_device++);
	WIRE_SET(device->name, name);
}

static struct person *add_person(const char *user, const char *password)
{
	struct person *person = &there.people[there.count++];

	WIRE_SET(person->user, user);
	WIRE_SET(person->password, password);
	return person;
}

void stage_sign_in_reset(void)
{
	struct person *two;

	memset(&there, 0, sizeof(there));
	settings_default(&there.settings);
	add_device(add_person("sari", "benar"), "Ponsel", STAGE_NOW - DAY);
	two = add_person("dua", "benar");
	add_device(two, "Ponsel", STAGE_NOW - DAY);
	add_device(two, "Tablet", TIME_NONE);
	(void)add_person("baru", "benar");
}

static struct person *find(const char *user)
{
	for (size_t i = 0; i < there.count; i++)
		if (strcmp(there.people[i].user, user) == 0)
			return &there.people[i];
	return NULL;
}

void stage_sign_in_as(const char *user)
{
	there.in = user != NULL ? find(user) : NULL;
}

bool stage_sign_in_is(void)
{
	return there.in != NULL;
}

static bool is(const struct secret *secret, const char *text)
{
	return secret != NULL && secret_len(secret) == strlen(text) &&
		memcmp(secret_bytes(secret), text, strlen(text)) == 0;
}

enum be_err fake_open(struct account **out, const struct settings *settings, struct be_error *err)
{
	(void)err;
	/* A session of another service is as if it were not there. */
	if (strcmp(there.settings.service, settings->service) != 0)
		there.in = NULL;
	there.settings = *settings;
	*out = (struct account *)&stage_account;
	return BE_OK;
}

void fake_free(struct account **account)
{
	*account = NULL;
}

/* The person with a session; the next failure; NULL and why. */
static struct person *with_session(const struct account_wait *wait, struct be_error *err)
{
	if (wait != NULL && atomic_load(wait->cancel)) {
		(void)be_fail(err, BE_CANCELLED, "Cancelled", NULL);
		return NULL;
	}
	if (stage_account_answers(err) != BE_OK) {
		if (err->code == BE_SESSION)
			there.in = NULL;
		return NULL;
	}
	if (there.in == NULL)
		(void)be_fail(err, BE_SESSION, "You are not signed in", NULL);
	return there.in;
}

enum be_err fake_service(
	struct account *account, struct wire_service *out, const struct account_wait *wait, struct be_error *err)
{
	const bool server = service_kind(&there.settings) == SERVICE_SERVER;

	(void)account;
	(void)wait;
	memset(out, 0, sizeof(*out));
	if (stage_account_answers(err) != BE_OK)
		return err->code;
	if (strstr(there.settings.service, "hilang") != NULL)
		return be_fail(err, BE_NETWORK, "The service could not be reached", NULL);
	WIRE_SET(out->name, server ? "Instansi Contoh" : "BeSign");
	out->embedded = out->mailbox = !server;
	out->registration = strstr(there.settings.service, "tertutup") == NULL;
	out->password_min = out->passphrase_min = 8;
	out->time = STAGE_NOW;
	return BE_OK;
}

/* ---- passwords ---- */

static enum be_err fit(const struct secret *password, struct be_error *err)
{
	return secret_len(password) >= 8
		? BE_OK
		: be_fail(err, BE_WEAK, "This is too easy to guess", "It has 8 characters at least");
}

enum be_err fake_sign_up(struct account *account, const struct wire_register *person, const struct account_wait *wait,
	struct be_error *err)
{
	struct person *made;

	(void)account;
	(void)wait;
	if (stage_account_answers(err) != BE_OK || fit(person->password, err) != BE_OK)
		return err->code;
	if (find(person->user) != NULL)
		return be_fail(err, BE_EXISTS, "This exists already", NULL);
	made = add_person(person->user, "");
	memcpy(made->password, secret_bytes(person->password), secret_len(person->password));
	return BE_OK;
}

enum be_err fake_login(struct account *account, const char *user, const struct secret *password,
	struct wire_login_step *out, const struct account_wait *wait, struct be_error *err)
{
	struct person *person = find(user);
	enum be_err rc;

	(void)account;
	(void)wait;
	memset(out, 0, sizeof(*out));
	if (stage_account_answers(err) != BE_OK)
		return err->code;
	if (person == NULL || !is(password, person->password)) {
		rc = be_fail(err, BE_WRONG_LOGIN, "The user, the password or the code is wrong", NULL);
		err->tries_left = 4;
		return rc;
	}
	there.asking = person;
	there.in = NULL;
	out->enrol = person->count == 0;
	rc = wire_set_secret(&out->ticket, TICKET, strlen(TICKET), err);
	if (rc == BE_OK && person->count > 0)
		rc = wire_list_new(&out->devices, person->count, sizeof(struct wire_device), err);
	if (rc == BE_OK && person->count > 0)
		memcpy(out->devices.items, person->devices, person->count * sizeof(struct wire_device));
	return rc;
}

enum be_err fake_change_password(struct account *account, const struct secret *old_one, const struct secret *new_one,
	const struct account_wait *wait, struct be_error *err)
{
	struct person *person = with_session(wait, err);

	(void)account;
	if (person == NULL)
		return err->code;
	if (!is(old_one, person->password))
		return be_fail(err, BE_WRONG_LOGIN, "The user, the password or the code is wrong", NULL);
	if (fit(new_one, err) != BE_OK)
		return err->code;
	memset(person->password, 0, sizeof(person->password));
	memcpy(person->password, secret_bytes(new_one), secret_len(new_one));
	return BE_OK;
}

/* ---- codes: what becomes of each stands here; one that is not here is wrong ---- */

static const struct {
	const char *code;
	enum be_err error;
	const char *msgid, *detail;
	int64_t retry_after;
} codes[] = {
	{ "123456", BE_OK, NULL, NULL, 0 },
	{ "654321", BE_OK, NULL, NULL, 0 },
	{ "112233", BE_OK, NULL, NULL, 0 },
	{ "222222", BE_CLOCK,
		"The code is right for another time: the clock of the device or of this computer is wrong", "-90", 0 },
	{ "333333", BE_LOCKED, "Too many wrong tries: it is locked for a while", NULL, 900 },
	{ "444444", BE_SESSION, "The session has ended: please sign in again", NULL, 0 },
};

static enum be_err check_code(const struct secret *code, struct be_error *err)
{
	enum be_err rc;

	for (size_t i = 0; i < there.used_count; i++)
		if (is(code, there.used[i]))
			return be_fail(err, BE_CODE_USED, "This code was used already: wait for the next one", NULL);
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (!is(code, codes[i].code))
			continue;
		if (codes[i].error == BE_OK) {
			WIRE_SET(there.used[there.used_count++], codes[i].code);
			return BE_OK;
		}
		rc = be_fail(err, codes[i].error, codes[i].msgid, "%s", codes[i].detail != NULL ? codes[i].detail : "");
		err->retry_at = codes[i].retry_after > 0 ? STAGE_NOW + codes[i].retry_after : 0;
		return rc;
	}
	rc = be_fail(err, BE_WRONG_CODE, "The code is wrong", NULL);
	err->tries_left = 3;
	return rc;
}

/* The second step belongs to who has the ticket. */
static struct person *with_ticket(const struct wire_login_step *step, struct be_error *err)
{
	if (stage_account_answers(err) != BE_OK)
		return NULL;
	if (there.asking == NULL || !is(step->ticket, TICKET))
		(void)be_fail(err, BE_SESSION, "The session has ended: please sign in again", NULL);
	return is(step->ticket, TICKET) ? there.asking : NULL;
}

static enum be_err sign_in(struct person *person)
{
	there.asking = NULL;
	there.in = person;
	return BE_OK;
}

enum be_err fake_login_code(struct account *account, const struct wire_login_step *step, const char *device,
	const struct secret *code, const struct account_wait *wait, struct be_error *err)
{
	struct person *person = with_ticket(step, err);
	size_t i = 0;

	(void)account;
	(void)wait;
	if (person == NULL)
		return err->code;
	while (i < person->count && strcmp(person->devices[i].id, device) != 0)
		i++;
	if (i == person->count)
		return be_fail(err, BE_NOT_FOUND, "There is no such thing on the service", "%s", device);
	if (check_code(code, err) != BE_OK)
		return err->code;
	person->devices[i].used = STAGE_NOW;
	return sign_in(person);
}

static bool has_device(const struct person *person, const char *name)
{
	for (size_t i = 0; i < person->count; i++)
		if (strcmp(person->devices[i].name, name) == 0)
			return true;
	return false;
}

static enum be_err offer(
	const struct person *person, const char *name, struct wire_enrolment *out, struct be_error *err)
{
	char uri[512];
	const int len =
		snprintf(uri, sizeof(uri), "otpauth://totp/BeSign:%s?secret=%s&issuer=BeSign", person->user, KEY);
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	if (has_device(person, name))
		return be_fail(err, BE_EXISTS, "This exists already", "There is a device of this name already");
	WIRE_SET(there.offered, name);
	WIRE_SET(out->device, "alat-baru");
	WIRE_SET(out->name, name);
	rc = wire_set_secret(&out->key, KEY, strlen(KEY), err);
	return rc == BE_OK ? wire_set_secret(&out->uri, uri, (size_t)len, err) : rc;
}

enum be_err fake_login_enrol(struct account *account, const struct wire_login_step *step, const char *name,
	struct wire_enrolment *out, const struct account_wait *wait, struct be_error *err)
{
	const struct person *person = with_ticket(step, err);

	(void)account;
	(void)wait;
	return person != NULL ? offer(person, name, out, err) : err->code;
}

static enum be_err take_device(
	struct person *person, const struct wire_enrolment *enrolment, const struct secret *code, struct be_error *err)
{
	const char *name = enrolment->name[0] != '\0' ? enrolment->name : there.offered;

	if (there.offered[0] == '\0' || strcmp(enrolment->device, "alat-baru") != 0)
		return be_fail(err, BE_NOT_FOUND, "There is no such thing on the service", NULL);
	if (has_device(person, name))
		return be_fail(err, BE_EXISTS, "This exists already", "There is a device of this name already");
	if (check_code(code, err) != BE_OK)
		return err->code;
	add_device(person, name, TIME_NONE);
	there.offered[0] = '\0';
	return BE_OK;
}

enum be_err fake_login_confirm(struct account *account, const struct wire_login_step *step,
	const struct wire_enrolment *enrolment, const struct secret *code, const struct account_wait *wait,
	struct be_error *err)
{
	struct person *person = with_ticket(step, err);

	(void)account;
	(void)wait;
	if (person == NULL || take_device(person, enrolment, code, err) != BE_OK)
		return err->code;
	return sign_in(person);
}

/* ---- a session ---- */

bool fake_signed_in(const struct account *account)
{
	(void)account;
	return there.in != NULL;
}

const char *fake_user(const struct account *account)
{
	(void)account;
	return there.in != NULL ? there.in->user : "";
}

/* Here it is over in any case. */
static enum be_err leave(struct be_error *err)
{
	there.in = NULL;
	return stage_account_answers(err);
}

enum be_err fake_sign_out(struct account *account, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)wait;
	return leave(err);
}

enum be_err fake_sign_out_all(struct account *account, const struct account_wait *wait, struct be_error *err)
{
	(void)account;
	(void)wait;
	return leave(err);
}

enum be_err fake_profile(
	struct account *account, struct wire_profile *out, const struct account_wait *wait, struct be_error *err)
{
	const struct person *person = with_session(wait, err);

	(void)account;
	memset(out, 0, sizeof(*out));
	if (person == NULL)
		return err->code;
	WIRE_SET(out->user, person->user);
	WIRE_SET(out->name, "Sari Wulandari");
	WIRE_SET(out->organisation, "Instansi Contoh");
	WIRE_SET(out->language, "id");
	return BE_OK;
}

enum be_err fake_devices(
	struct account *account, struct wire_devices *out, const struct account_wait *wait, struct be_error *err)
{
	const struct person *person = with_session(wait, err);
	enum be_err rc;

	(void)account;
	memset(out, 0, sizeof(*out));
	if (person == NULL)
		return err->code;
	rc = wire_list_new(&out->devices, person->count, sizeof(struct wire_device), err);
	if (rc == BE_OK)
		memcpy(out->devices.items, person->devices, person->count * sizeof(struct wire_device));
	return rc;
}

enum be_err fake_device_add(struct account *account, const char *name, struct wire_enrolment *out,
	const struct account_wait *wait, struct be_error *err)
{
	const struct person *person = with_session(wait, err);

	(void)account;
	return person != NULL ? offer(person, name, out, err) : err->code;
}

enum be_err fake_device_confirm(struct account *account, const struct wire_enrolment *enrolment,
	const struct secret *code, struct wire_device *out, const struct account_wait *wait, struct be_error *err)
{
	struct person *person = with_session(wait, err);

	(void)account;
	memset(out, 0, sizeof(*out));
	if (person == NULL || take_device(person, enrolment, code, err) != BE_OK)
		return err->code;
	*out = person->devices[person->count - 1];
	return BE_OK;
}

enum be_err fake_device_remove(
	struct account *account, const char *device, const struct account_wait *wait, struct be_error *err)
{
	struct person *person = with_session(wait, err);
	size_t i = 0;

	(void)account;
	if (person == NULL)
		return err->code;
	while (i < person->count && strcmp(person->devices[i].id, device) != 0)
		i++;
	if (i == person->count)
		return be_fail(err, BE_NOT_FOUND, "There is no such thing on the service", "%s", device);
	if (person->count < 2)
		return be_fail(err, BE_STATE, "The certificate's state does not allow this",
			"The last device cannot be removed; add another one first");
	memmove(&person->devices[i], &person->devices[i + 1], (person->count - i - 1) * sizeof(struct wire_device));
	person->count--;
	return BE_OK;
}
