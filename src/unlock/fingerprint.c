/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "unlock/unlock_parts.h"

#include "unlock/daemon.h"

#ifdef BESIGN_SD_BUS

#include "base/time.h"
#include "crypto/mac.h"
#include "crypto/seal.h"
#include "unlock/bus.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* fprintd says yes or no, which in a person's own process is no lock: anybody who is that person could skip the question.
 * So the answer is heard by besign-unlockd, and what comes of a yes is a key that only it had. */

#define PURPOSE "besign unlock: fingerprint 1"
#define SECONDS UINT64_C(1000000)
#define LOOK_WITHIN (5 * SECONDS) /* the bus may have to start the daemon, and that fprintd */
#define STEP (SECONDS / 10)
#define RELEASE_WITHIN ((UNLOCKD_FINGER_WITHIN_S + 30) * SECONDS)

static const char no_daemon[] =
	N_("besign-unlockd, the service that makes a fingerprint count, is not installed on this computer");
static const char nonsense[] = N_("besign-unlockd gave an answer that makes no sense");

static const struct {
	const char *word;
	enum be_err code;
	const char *msgid;
} words[] = {
#define X(name, word, code, msgid) { word, code, msgid },
	UNLOCKD_WORDS(X)
#undef X
};

/* What a word means. */
static enum be_err judge(const char *word, int64_t retry_at, struct be_error *err)
{
	char when[TIME_TEXT_MAX];

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(words[i].word, word) != 0)
			continue;
		if (words[i].code == BE_LOCKED)
			(void)be_fail(err, BE_LOCKED, words[i].msgid, "%s", time_format(when, retry_at));
		else if (words[i].code != BE_OK)
			(void)be_fail(err, words[i].code, words[i].msgid, NULL);
		if (err != NULL && words[i].code == BE_LOCKED)
			err->retry_at = retry_at;
		return words[i].code;
	}
	return be_fail(err, BE_MALFORMED, nonsense, "%s", word);
}

/* What the bus or the daemon refused. */
static enum be_err refused(const sd_bus_error *error, struct be_error *err)
{
	const size_t len = strlen(UNLOCKD_ERRORS);
	const char *message = error->message != NULL ? error->message : "";

	if (error->name == NULL)
		return be_fail(err, BE_UNSUPPORTED, no_daemon, NULL);
	if (strncmp(error->name, UNLOCKD_ERRORS, len) == 0)
		return judge(error->name + len, strtoll(message, NULL, 10), err);
	if (strcmp(error->name, SD_BUS_ERROR_SERVICE_UNKNOWN) == 0 ||
		strcmp(error->name, SD_BUS_ERROR_NAME_HAS_NO_OWNER) == 0)
		return be_fail(err, BE_UNSUPPORTED, no_daemon, NULL);
	return be_fail(err, BE_IO, N_("besign-unlockd did not do what it was asked"), "%s: %s", error->name, message);
}

static enum be_err open_bus(const struct bus_library **lib, sd_bus **bus, struct be_error *err)
{
	enum be_err rc = bus_library(lib, err);
	int failed;

	*bus = NULL;
	if (rc != BE_OK)
		return rc;
	failed = (*lib)->open_system(bus);
	if (failed < 0) {
		errno = -failed;
		return be_fail_errno(err, BE_UNSUPPORTED,
			N_("This computer has no system bus (D-Bus), by which the fingerprint reader is reached"),
			"D-Bus");
	}
	return BE_OK;
}

static enum be_err call(
	const struct bus_library *lib, sd_bus *bus, const char *member, sd_bus_message **reply, struct be_error *err)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *m = NULL;
	int failed = lib->new_method_call(bus, &m, UNLOCKD_NAME, UNLOCKD_PATH, UNLOCKD_INTERFACE, member);
	enum be_err rc = BE_OK;

	if (failed >= 0)
		failed = lib->call(bus, m, LOOK_WITHIN, &error, reply);
	if (failed < 0)
		rc = refused(&error, err);
	lib->error_free(&error);
	(void)lib->message_unref(m);
	return rc;
}

enum be_err fingerprint_look(struct be_error *err)
{
	const struct bus_library *lib = NULL;
	sd_bus *bus = NULL;
	sd_bus_message *reply = NULL;
	const char *word = NULL;
	int64_t retry_at = 0;
	enum be_err rc = open_bus(&lib, &bus, err);

	if (rc == BE_OK)
		rc = call(lib, bus, "Look", &reply, err);
	if (rc == BE_OK) {
		if (lib->read_basic(reply, SD_BUS_TYPE_STRING, &word) <= 0 ||
			lib->read_basic(reply, SD_BUS_TYPE_INT64, &retry_at) <= 0)
			rc = be_fail(err, BE_MALFORMED, nonsense, NULL);
		else
			rc = judge(word, retry_at, err);
	}
	if (lib != NULL) {
		(void)lib->message_unref(reply);
		(void)lib->flush_close_unref(bus);
	}
	return rc;
}

enum be_err fingerprint_forget(struct be_error *err)
{
	const struct bus_library *lib = NULL;
	sd_bus *bus = NULL;
	sd_bus_message *reply = NULL;
	enum be_err rc = open_bus(&lib, &bus, err);

	if (rc == BE_OK)
		rc = call(lib, bus, "Forget", &reply, err);
	if (lib != NULL) {
		(void)lib->message_unref(reply);
		(void)lib->flush_close_unref(bus);
	}
	return rc;
}

/* ---- a key for a finger ---- */

struct asked {
	const struct bus_library *lib;
	struct secret *key;
	struct be_error *err;
	enum be_err rc;
	bool answered;
};

static int take_answer(sd_bus_message *m, void *context, sd_bus_error *unused)
{
	struct asked *a = context;
	const sd_bus_error *error = a->lib->get_error(m);
	const void *bytes = NULL;
	size_t len = 0;

	(void)unused;
	a->answered = true;
	(void)a->lib->sensitive(m);
	if (error != NULL)
		a->rc = refused(error, a->err);
	else if (a->lib->read_array(m, SD_BUS_TYPE_BYTE, &bytes, &len) <= 0 || len != UNLOCKD_KEY_SIZE)
		a->rc = be_fail(a->err, BE_MALFORMED, nonsense, NULL);
	else
		a->rc = secret_add(a->key, bytes, len, a->err);
	return 0;
}

static enum be_err wait_for_answer(struct asked *a, sd_bus *bus, const atomic_bool *cancel)
{
	while (!a->answered) {
		int failed;

		/* Leaving the bus is what tells the daemon to stop waiting for the finger. */
		if (cancel != NULL && atomic_load(cancel))
			return be_fail(a->err, BE_CANCELLED, N_("Cancelled"), NULL);
		failed = a->lib->process(bus, NULL);
		if (failed == 0)
			failed = a->lib->wait(bus, STEP);
		if (failed < 0 && failed != -EINTR)
			return be_fail(a->err, BE_IO, N_("The system bus (D-Bus) went away"), "%s", strerror(-failed));
	}
	return a->rc;
}

static enum be_err ask_for_key(
	struct asked *a, sd_bus *bus, const struct unlock_slot *slot, bool create, const atomic_bool *cancel)
{
	const int may_create = create;
	sd_bus_message *m = NULL;
	sd_bus_slot *pending = NULL;
	int failed = a->lib->new_method_call(bus, &m, UNLOCKD_NAME, UNLOCKD_PATH, UNLOCKD_INTERFACE, "Release");
	enum be_err rc;

	if (failed >= 0)
		failed = a->lib->append_array(m, SD_BUS_TYPE_BYTE, slot->salt, sizeof(slot->salt));
	if (failed >= 0)
		failed = a->lib->append_basic(m, SD_BUS_TYPE_BOOLEAN, &may_create);
	if (failed >= 0)
		failed = a->lib->call_async(bus, &pending, m, take_answer, a, RELEASE_WITHIN);
	rc = failed < 0 ? be_fail(a->err, BE_IO, N_("The system bus (D-Bus) went away"), "%s", strerror(-failed))
			: wait_for_answer(a, bus, cancel);
	(void)a->lib->slot_unref(pending);
	(void)a->lib->message_unref(m);
	return rc;
}

_Static_assert(UNLOCK_SALT_SIZE == UNLOCKD_SALT_SIZE, "a slot's salt is what the daemon takes");

enum be_err fingerprint_wrap_key(struct secret **out, const struct unlock_slot *slot, bool create,
	const atomic_bool *cancel, struct be_error *err)
{
	struct asked asked = { .err = err, .rc = BE_OK };
	sd_bus *bus = NULL;
	enum be_err rc = secret_new(&asked.key, UNLOCKD_KEY_SIZE, err);

	*out = NULL;
	if (rc == BE_OK)
		rc = open_bus(&asked.lib, &bus, err);
	if (rc == BE_OK)
		rc = ask_for_key(&asked, bus, slot, create, cancel);
	if (rc == BE_OK)
		rc = crypto_hkdf(out, SEAL_KEY_SIZE, asked.key, slot->salt, sizeof(slot->salt), PURPOSE, err);
	if (asked.lib != NULL)
		(void)asked.lib->flush_close_unref(bus);
	secret_free(&asked.key);
	return rc;
}

#else /* built where there is no libsystemd */

static enum be_err without(struct be_error *err)
{
	return be_fail(err, BE_UNSUPPORTED,
		N_("This besign was built without D-Bus, by which the fingerprint reader is reached"), NULL);
}

enum be_err fingerprint_look(struct be_error *err)
{
	return without(err);
}

enum be_err fingerprint_forget(struct be_error *err)
{
	return without(err);
}

enum be_err fingerprint_wrap_key(struct secret **out, const struct unlock_slot *slot, bool create,
	const atomic_bool *cancel, struct be_error *err)
{
	(void)slot;
	(void)create;
	(void)cancel;
	*out = NULL;
	return without(err);
}

#endif
