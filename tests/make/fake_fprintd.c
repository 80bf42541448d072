/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Stands in for fprintd and polkit on a bus of a test's own, and for somebody who forges fprintd's signals.
 *
 *   fake_fprintd both DIR       what it does stands in files of DIR, read at each call; each call is a line of its output
 *     reader, enrolled, allowed   "no": there is none
 *     early, finger               signals before and after the answer to VerifyStart, a line each: "RESULT OVER"
 *   fake_fprintd polkit DIR     polkit alone
 *   fake_fprintd lie DIR        is a besign-unlockd that answers nonsense: what stands in "word", or a key that is too short
 *   fake_fprintd forge NAME     sends a match straight to the owner of NAME, from a connection of its own
 */

#include <stdio.h>
#include <string.h>

#ifdef BESIGN_SD_BUS

#include <systemd/sd-bus.h>

#include <stdbool.h>
#include <stdlib.h>

#define DEVICE_PATH "/net/reactivated/Fprint/Device/0"
#define DEVICE "net.reactivated.Fprint.Device"
#define ERRORS "net.reactivated.Fprint.Error."

static const char *dir;
static bool claimed;

static FILE *open_file(const char *name)
{
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/%s", dir, name);
	return fopen(path, "r");
}

static bool says_no(const char *name)
{
	char word[8] = "";
	FILE *f = open_file(name);

	bool no;

	if (f == NULL)
		return false;
	no = fscanf(f, "%7s", word) == 1 && strcmp(word, "no") == 0;
	(void)fclose(f);
	return no;
}

static void tell(const char *what, const char *argument)
{
	(void)printf("%s %s\n", what, argument);
	(void)fflush(stdout);
}

static void emit_all(sd_bus *bus, const char *name)
{
	char result[64];
	int over;
	FILE *f = open_file(name);

	while (f != NULL && fscanf(f, "%63s %d", result, &over) == 2)
		(void)sd_bus_emit_signal(bus, DEVICE_PATH, DEVICE, "VerifyStatus", "sb", result, over);
	if (f != NULL)
		(void)fclose(f);
}

static int get_device(sd_bus_message *m, void *context, sd_bus_error *error)
{
	(void)context;
	if (says_no("reader"))
		return sd_bus_error_set_const(error, ERRORS "NoSuchDevice", "none");
	return sd_bus_reply_method_return(m, "o", DEVICE_PATH);
}

static int list(sd_bus_message *m, void *context, sd_bus_error *error)
{
	const char *user = NULL;

	(void)context;
	if (sd_bus_message_read(m, "s", &user) <= 0)
		return -1;
	tell("ListEnrolledFingers", user);
	if (says_no("enrolled"))
		return sd_bus_error_set_const(error, ERRORS "NoEnrolledPrints", "none");
	return sd_bus_reply_method_return(m, "as", 1, "right-index-finger");
}

static int claim(sd_bus_message *m, void *context, sd_bus_error *error)
{
	const char *user = NULL;

	(void)context;
	if (sd_bus_message_read(m, "s", &user) <= 0)
		return -1;
	if (claimed)
		return sd_bus_error_set_const(error, ERRORS "AlreadyInUse", "claimed");
	tell("Claim", user);
	claimed = true;
	return sd_bus_reply_method_return(m, NULL);
}

static int verify_start(sd_bus_message *m, void *context, sd_bus_error *error)
{
	const char *finger = NULL;

	(void)context;
	(void)error;
	if (sd_bus_message_read(m, "s", &finger) <= 0)
		return -1;
	emit_all(sd_bus_message_get_bus(m), "early");
	(void)sd_bus_reply_method_return(m, NULL);
	emit_all(sd_bus_message_get_bus(m), "finger");
	tell("VerifyStart", finger);
	return 1;
}

static int verify_stop(sd_bus_message *m, void *context, sd_bus_error *error)
{
	(void)context;
	(void)error;
	tell("VerifyStop", "");
	return sd_bus_reply_method_return(m, NULL);
}

static int release(sd_bus_message *m, void *context, sd_bus_error *error)
{
	(void)context;
	(void)error;
	claimed = false;
	(void)sd_bus_reply_method_return(m, NULL);
	tell("Release", "");
	return 1;
}

static int authorise(sd_bus_message *m, void *context, sd_bus_error *error)
{
	const char *kind = NULL;
	const char *action = NULL;

	(void)context;
	(void)error;
	if (sd_bus_message_enter_container(m, 'r', "sa{sv}") <= 0 || sd_bus_message_read(m, "s", &kind) <= 0 ||
		sd_bus_message_skip(m, "a{sv}") <= 0 || sd_bus_message_exit_container(m) <= 0 ||
		sd_bus_message_read(m, "s", &action) <= 0)
		return -1;
	tell("CheckAuthorization", action);
	return sd_bus_reply_method_return(m, "(bba{ss})", !says_no("allowed"), 0, 0);
}

static const sd_bus_vtable manager[] = { SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("GetDefaultDevice", "", "o", get_device, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END };
static const sd_bus_vtable device[] = { SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("ListEnrolledFingers", "s", "as", list, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Claim", "s", "", claim, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("VerifyStart", "s", "", verify_start, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("VerifyStop", "", "", verify_stop, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Release", "", "", release, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END };
static const sd_bus_vtable authority[] = { SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("CheckAuthorization", "(sa{sv})sa{ss}us", "(bba{ss})", authorise, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_VTABLE_END };

static int look(sd_bus_message *m, void *context, sd_bus_error *error)
{
	char word[64] = "Ready";
	FILE *f = open_file("word");

	(void)context;
	(void)error;
	if (f != NULL) {
		if (fscanf(f, "%63s", word) != 1)
			word[0] = '\0';
		(void)fclose(f);
	}
	return sd_bus_reply_method_return(m, "sx", word, (int64_t)0);
}

static int short_key(sd_bus_message *m, void *context, sd_bus_error *error)
{
	static const uint8_t key[31];
	sd_bus_message *reply = NULL;
	int r;

	(void)context;
	if (says_no("key"))
		return sd_bus_error_set_const(error, "besign.Unlock1.Error.Whatever", "?");
	r = sd_bus_message_new_method_return(m, &reply);
	if (r >= 0)
		r = sd_bus_message_append_array(reply, 'y', key, sizeof(key));
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	(void)sd_bus_message_unref(reply);
	return r < 0 ? r : 1;
}

static const sd_bus_vtable liar[] = { SD_BUS_VTABLE_START(0),
	SD_BUS_METHOD("Look", "", "sx", look, SD_BUS_VTABLE_UNPRIVILEGED),
	SD_BUS_METHOD("Release", "ayb", "ay", short_key, SD_BUS_VTABLE_UNPRIVILEGED), SD_BUS_VTABLE_END };

static int run(sd_bus *bus)
{
	int r = 0;

	tell("ready", "");
	while (r >= 0) {
		r = sd_bus_process(bus, NULL);
		if (r == 0)
			r = sd_bus_wait(bus, UINT64_MAX);
	}
	return r;
}

static int lie(sd_bus *bus)
{
	int r = sd_bus_add_object_vtable(bus, NULL, "/besign/Unlock1", "besign.Unlock1", liar, NULL);

	if (r >= 0)
		r = sd_bus_request_name(bus, "besign.Unlock1", 0);
	return r < 0 ? r : run(bus);
}

static int serve(sd_bus *bus, bool fprintd)
{
	int r = sd_bus_add_object_vtable(
		bus, NULL, "/net/reactivated/Fprint/Manager", "net.reactivated.Fprint.Manager", manager, NULL);

	if (r >= 0)
		r = sd_bus_add_object_vtable(bus, NULL, DEVICE_PATH, DEVICE, device, NULL);
	if (r >= 0)
		r = sd_bus_add_object_vtable(bus, NULL, "/org/freedesktop/PolicyKit1/Authority",
			"org.freedesktop.PolicyKit1.Authority", authority, NULL);
	if (r >= 0 && fprintd)
		r = sd_bus_request_name(bus, "net.reactivated.Fprint", 0);
	if (r >= 0)
		r = sd_bus_request_name(bus, "org.freedesktop.PolicyKit1", 0);
	return r < 0 ? r : run(bus);
}

static int forge(sd_bus *bus, const char *name)
{
	sd_bus_message *m = NULL;
	int r = sd_bus_message_new_signal(bus, &m, DEVICE_PATH, DEVICE, "VerifyStatus");

	if (r >= 0)
		r = sd_bus_message_append(m, "sb", "verify-match", 1);
	if (r >= 0)
		r = sd_bus_message_set_destination(m, name);
	if (r >= 0)
		r = sd_bus_send(bus, m, NULL);
	(void)sd_bus_message_unref(m);
	return r < 0 ? r : sd_bus_flush(bus);
}

int main(int argc, char **argv)
{
	sd_bus *bus = NULL;
	int r;

	if (argc != 3)
		return 2;
	dir = argv[2];
	r = sd_bus_open_system(&bus);
	if (r >= 0)
		r = strcmp(argv[1], "forge") == 0     ? forge(bus, argv[2])
			: strcmp(argv[1], "lie") == 0 ? lie(bus)
						      : serve(bus, strcmp(argv[1], "both") == 0);
	if (r < 0)
		(void)fprintf(stderr, "fake_fprintd: %s\n", strerror(-r));
	(void)sd_bus_flush_close_unref(bus);
	return r < 0;
}

#else

int main(void)
{
	(void)fprintf(stderr, "fake_fprintd: built without libsystemd\n");
	return 77;
}

#endif
