/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "base/time.h"
#include "cli/cert_print.h"
#include "cli/enrol_show.h"
#include "cli/print.h"
#include "cli/sign_in.h"
#include "cli/verbs.h"

#include <stdio.h>
#include <string.h>

struct wishes {
	const char *name;
	const char *png;
	int code_fd; /* -1: asked for */
	bool json;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "name", N_("NAME"), AT(name),
		N_("enroll: what the new device is called"), 0 },
	{ OPTIONS_TEXT, "png", N_("FILE"), AT(png),
		N_("enroll: write the QR code into this picture, too"), 0 },
	{ OPTIONS_NUMBER, "code-fd", "N", AT(code_fd),
		N_("enroll: read the first code from this descriptor"), 0 },
	{ OPTIONS_FLAG, "json", NULL, AT(json),
		N_("list: one JSON object a line, for programs"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* ---- enroll ---- */

struct adding {
	struct account_here here;
	struct wire_enrolment enrolment;
	struct wire_device device;
};

static enum be_err confirm(void *context, const struct secret *code, struct be_error *err)
{
	struct adding *a = context;

	return account_device_confirm(a->here.account, &a->enrolment, code, &a->device, &a->here.wait, err);
}

static enum be_err do_enroll(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct wishes *wishes = into;
	struct adding a = { .enrolment = { .key = NULL } };
	char name[WIRE_NAME_MAX];
	enum be_err rc = account_here_open(&a.here, NULL, err);

	(void)words;
	(void)status;
	if (rc == BE_OK)
		rc = enrol_check_png(wishes->png, err);
	if (rc == BE_OK)
		rc = device_name(name, wishes->name, "--name NAME", err);
	if (rc == BE_OK)
		rc = account_device_add(a.here.account, name, &a.enrolment, &a.here.wait, err);
	if (rc == BE_OK) {
		print_paragraph(0,
			tr(N_("Scan this with an authenticator, or type the setup key into it, then give its code.")));
		rc = enrol_show(&a.enrolment, wishes->png, err);
	}
	if (rc == BE_OK)
		rc = code_ask(wishes->code_fd, confirm, &a, err);
	if (rc == BE_OK) {
		print_text(stdout, N_("enrolled"));
		(void)fputs(": ", stdout);
		print_foreign(stdout, a.device.name);
		(void)fputc('\n', stdout);
	}
	wire_free(&wire_enrolment_message, &a.enrolment);
	wire_free(&wire_device_message, &a.device);
	account_here_close(&a.here);
	return rc;
}

/* ---- list and remove ---- */

static void tell(const struct wire_device *device)
{
	char text[TIME_TEXT_MAX];

	print_foreign(stdout, device->name);
	(void)fputc('\n', stdout);
	print_line_foreign(N_("Enrolled"), 4, time_format(text, device->created));
	if (device->used != TIME_NONE)
		print_line_foreign(N_("Last used"), 4, time_format(text, device->used));
}

static enum be_err tell_json(const struct wire_device *device, struct be_error *err)
{
	struct json *object = json_object();

	json_put_string(object, "id", device->id);
	json_put_string(object, "name", device->name);
	cert_print_put_time(object, "created", device->created);
	cert_print_put_time(object, "used", device->used);
	return cert_print_line(object, err);
}

static enum be_err do_list(const void *into, char *const *words, int *status, struct be_error *err)
{
	const struct wishes *wishes = into;
	struct wire_devices list = { .devices = { NULL, 0 } };
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)words;
	(void)status;
	if (rc == BE_OK)
		rc = account_devices(here.account, &list, &here.wait, err);
	for (size_t i = 0; rc == BE_OK && i < list.devices.count; i++) {
		const struct wire_device *device = (const struct wire_device *)list.devices.items + i;

		if (wishes->json)
			rc = tell_json(device, err);
		else
			tell(device);
	}
	wire_free(&wire_devices_message, &list);
	account_here_close(&here);
	return rc;
}

/* By its name, or by its id where two have one name. */
static enum be_err find(const struct wire_devices *list, const char *name, const char **id, struct be_error *err)
{
	size_t found = 0;

	for (size_t i = 0; i < list->devices.count; i++) {
		const struct wire_device *device = (const struct wire_device *)list->devices.items + i;

		if (strcmp(device->id, name) == 0) {
			*id = device->id;
			return BE_OK;
		}
		if (strcmp(device->name, name) == 0) {
			*id = device->id;
			found++;
		}
	}
	if (found == 1)
		return BE_OK;
	return found == 0
		? be_fail(err, BE_USAGE, N_("There is no device of this name"), "%s", name)
		: be_fail(err, BE_USAGE,
			  N_("Several devices have this name; \"besign otp list --json\" tells their ids"), "%s", name);
}

static enum be_err do_remove(const void *into, char *const *words, int *status, struct be_error *err)
{
	struct wire_devices list = { .devices = { NULL, 0 } };
	const char *id = "";
	struct account_here here;
	enum be_err rc = account_here_open(&here, NULL, err);

	(void)into;
	(void)status;
	if (rc == BE_OK)
		rc = account_devices(here.account, &list, &here.wait, err);
	if (rc == BE_OK)
		rc = find(&list, words[0], &id, err);
	if (rc == BE_OK)
		rc = account_device_remove(here.account, id, &here.wait, err);
	if (rc == BE_OK) {
		print_text(stdout, N_("removed"));
		(void)fputs(": ", stdout);
		print_foreign(stdout, words[0]);
		(void)fputc('\n', stdout);
	}
	wire_free(&wire_devices_message, &list);
	account_here_close(&here);
	return rc;
}

static const struct verb verbs[] = {
	{ "enroll", 0, 0, "name png code-fd", do_enroll },
	{ "list", 0, 0, "json", do_list },
	{ "remove", 1, 1, "", do_remove },
	{ NULL, 0, 0, NULL, NULL },
};

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .code_fd = -1 };

	return verbs_run(self, verbs, "enroll, list, remove", &wishes, argc, argv, account_here_refuse);
}

const struct command command_otp = { "otp", N_("enroll [--name NAME] [--png FILE] | list | remove NAME"),
	N_("the devices that give one-time codes for signing in"), options, run };
