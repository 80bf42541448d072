/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/unlockd.h"

#include <stdio.h>
#include <string.h>

/* fprintd lets root claim the reader for anybody and asks no more, so who may is asked here: polkit, about the caller,
 * with the question that fprintd itself would ask.
 *
 * Anybody on the system bus may send a signal straight to us. So one counts only when it comes from the connection that
 * answered for fprintd, about the device that we claimed, and was sent after the answer that verifying has begun: a
 * connection numbers what it sends. */

#define FPRINT "net.reactivated.Fprint"
#define MANAGER_PATH "/net/reactivated/Fprint/Manager"
#define MANAGER "net.reactivated.Fprint.Manager"
#define DEVICE "net.reactivated.Fprint.Device"
#define ERRORS "net.reactivated.Fprint.Error."
#define POLKIT "org.freedesktop.PolicyKit1"
#define POLKIT_PATH "/org/freedesktop/PolicyKit1/Authority"
#define AUTHORITY "org.freedesktop.PolicyKit1.Authority"
#define ACTION "net.reactivated.fprint.device.verify"

/* ---- may this caller ---- */

static enum unlockd_word ask_polkit(sd_bus *bus, const char *caller)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int allowed = 0;
	int challenge = 0;
	int r = sd_bus_call_method(bus, POLKIT, POLKIT_PATH, AUTHORITY, "CheckAuthorization", &error, &reply,
		"(sa{sv})sa{ss}us", "system-bus-name", 1, "name", "s", caller, ACTION, 0, 0u, "");
	enum unlockd_word word = UNLOCKD_NO_POLKIT;

	if (r >= 0)
		r = sd_bus_message_enter_container(reply, SD_BUS_TYPE_STRUCT, "bba{ss}");
	if (r > 0)
		r = sd_bus_message_read(reply, "bb", &allowed, &challenge);
	if (r > 0)
		word = allowed != 0 ? UNLOCKD_READY : UNLOCKD_NOT_ALLOWED;
	sd_bus_error_free(&error);
	(void)sd_bus_message_unref(reply);
	return word;
}

/* ---- the reader ---- */

static enum unlockd_word judge(const sd_bus_error *error)
{
	static const struct {
		const char *name;
		enum unlockd_word word;
	} known[] = {
		{ ERRORS "NoSuchDevice", UNLOCKD_NO_READER },
		{ ERRORS "NoEnrolledPrints", UNLOCKD_NO_FINGER },
		{ ERRORS "AlreadyInUse", UNLOCKD_BUSY },
		{ ERRORS "PermissionDenied", UNLOCKD_NOT_ALLOWED },
		{ SD_BUS_ERROR_SERVICE_UNKNOWN, UNLOCKD_NO_FPRINTD },
		{ SD_BUS_ERROR_NAME_HAS_NO_OWNER, UNLOCKD_NO_FPRINTD },
	};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (sd_bus_error_has_name(error, known[i].name))
			return known[i].word;
	/* A unit that systemd cannot start, an executable that is not there. */
	if (error->name != NULL &&
		(strncmp(error->name, "org.freedesktop.systemd1.", 25) == 0 ||
			strncmp(error->name, "org.freedesktop.DBus.Error.Spawn.", 33) == 0))
		return UNLOCKD_NO_FPRINTD;
	(void)fprintf(stderr, "<4>fprintd: %s: %s\n", error->name != NULL ? error->name : "?",
		error->message != NULL ? error->message : "");
	return UNLOCKD_FAILED;
}

static bool copy(char out[static FINGER_NAME_MAX], const char *text)
{
	return text != NULL && strlen(text) < FINGER_NAME_MAX && strcpy(out, text) != NULL;
}

/* Which device, and whose answer that was. */
static enum unlockd_word find_device(
	sd_bus *bus, char device[static FINGER_NAME_MAX], char owner[static FINGER_NAME_MAX])
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	const char *path = NULL;
	const int r = sd_bus_call_method(bus, FPRINT, MANAGER_PATH, MANAGER, "GetDefaultDevice", &error, &reply, NULL);
	enum unlockd_word word = UNLOCKD_READY;

	if (r < 0)
		word = judge(&error);
	else if (sd_bus_message_read(reply, "o", &path) <= 0 || !copy(device, path) ||
		!copy(owner, sd_bus_message_get_sender(reply)))
		word = UNLOCKD_FAILED;
	sd_bus_error_free(&error);
	(void)sd_bus_message_unref(reply);
	return word;
}

static enum unlockd_word has_finger(sd_bus *bus, const char *owner, const char *device, const char *user)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	const char *name = NULL;
	const int r = sd_bus_call_method(bus, owner, device, DEVICE, "ListEnrolledFingers", &error, &reply, "s", user);
	enum unlockd_word word = UNLOCKD_NO_FINGER;

	if (r < 0)
		word = judge(&error);
	else if (sd_bus_message_enter_container(reply, SD_BUS_TYPE_ARRAY, "s") > 0 &&
		sd_bus_message_read(reply, "s", &name) > 0)
		word = UNLOCKD_READY;
	sd_bus_error_free(&error);
	(void)sd_bus_message_unref(reply);
	return word;
}

enum unlockd_word finger_look(sd_bus *bus, const char *caller, const char *user)
{
	char device[FINGER_NAME_MAX];
	char owner[FINGER_NAME_MAX];
	enum unlockd_word word = find_device(bus, device, owner);

	if (word == UNLOCKD_READY)
		word = ask_polkit(bus, caller);
	if (word == UNLOCKD_READY)
		word = has_finger(bus, owner, device, user);
	return word;
}

/* ---- a finger ---- */

/* reply, which may be NULL, is the caller's to release. */
static enum unlockd_word call(
	const struct finger *finger, const char *member, const char *argument, sd_bus_message **reply)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	const int r = sd_bus_call_method(
		finger->bus, finger->owner, finger->device, DEVICE, member, &error, reply, "s", argument);
	const enum unlockd_word word = r < 0 ? judge(&error) : UNLOCKD_READY;

	sd_bus_error_free(&error);
	return word;
}

static enum unlockd_word start(struct finger *finger)
{
	sd_bus_message *reply = NULL;
	enum unlockd_word word = call(finger, "VerifyStart", "any", &reply);

	if (word == UNLOCKD_READY && sd_bus_message_get_cookie(reply, &finger->after) < 0)
		word = UNLOCKD_FAILED;
	finger->started = word == UNLOCKD_READY;
	(void)sd_bus_message_unref(reply);
	return word;
}

/* What fprintd says of a finger. Only a match that is also the end of it is one. */
static enum unlockd_word meaning(const char *result)
{
	if (strcmp(result, "verify-match") == 0)
		return UNLOCKD_READY;
	return strcmp(result, "verify-no-match") == 0 ? UNLOCKD_NO_MATCH : UNLOCKD_FAILED;
}

static int on_status(sd_bus_message *m, void *context, sd_bus_error *unused)
{
	struct finger *finger = context;
	const char *sender = sd_bus_message_get_sender(m);
	const char *path = sd_bus_message_get_path(m);
	const char *result = NULL;
	uint64_t number = 0;
	int over = 0;

	(void)unused;
	if (!finger->started || sender == NULL || strcmp(sender, finger->owner) != 0 || path == NULL ||
		strcmp(path, finger->device) != 0 || sd_bus_message_get_cookie(m, &number) < 0 ||
		number <= finger->after)
		return 0;
	/* A finger that lay askew is put there again; fprintd waits on. */
	if (sd_bus_message_read(m, "sb", &result, &over) <= 0 || over == 0)
		return 0;
	finger->started = false;
	finger->done(finger->context, meaning(result));
	return 0;
}

enum unlockd_word finger_start(struct finger *finger, const char *caller, const char *user)
{
	enum unlockd_word word = find_device(finger->bus, finger->device, finger->owner);

	if (word == UNLOCKD_READY)
		word = ask_polkit(finger->bus, caller);
	if (word == UNLOCKD_READY)
		word = has_finger(finger->bus, finger->owner, finger->device, user);
	if (word == UNLOCKD_READY)
		word = call(finger, "Claim", user, NULL);
	if (word != UNLOCKD_READY)
		return word;
	finger->claimed = true;
	if (sd_bus_match_signal(finger->bus, &finger->match, finger->owner, finger->device, DEVICE, "VerifyStatus",
		    on_status, finger) < 0)
		word = UNLOCKD_FAILED;
	if (word == UNLOCKD_READY)
		word = start(finger);
	if (word != UNLOCKD_READY)
		finger_stop(finger);
	return word;
}

/* A device that was unplugged meanwhile says no to both, and nothing is lost. */
void finger_stop(struct finger *finger)
{
	finger->started = false;
	finger->match = sd_bus_slot_unref(finger->match);
	if (finger->claimed) {
		(void)sd_bus_call_method(
			finger->bus, finger->owner, finger->device, DEVICE, "VerifyStop", NULL, NULL, NULL);
		(void)sd_bus_call_method(
			finger->bus, finger->owner, finger->device, DEVICE, "Release", NULL, NULL, NULL);
	}
	finger->claimed = false;
}
