/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/account_ask.h"
#include "cli/enrol_show.h"
#include "cli/print.h"
#include "cli/sign_in.h"

#include <stdio.h>
#include <string.h>

struct wishes {
	struct account_elsewhere elsewhere;
	const char *user;
	const char *device;
	const char *png;
	int password_fd; /* -1: asked for */
	int code_fd;
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "service", "embedded|URL", AT(elsewhere.service),
		N_("sign in at this service, and stay with it"), 0 },
	{ OPTIONS_TEXT, "ca", N_("FILE"), AT(elsewhere.ca),
		N_("the authority (PEM) of a server that the system does not know"), 0 },
	{ OPTIONS_FLAG, "plain-http", NULL, AT(elsewhere.plain),
		N_("reach a server without encryption; whoever is in between reads everything"), 0 },
	{ OPTIONS_TEXT, "user", N_("NAME"), AT(user),
		N_("who signs in"), 0 },
	{ OPTIONS_NUMBER, "password-fd", "N", AT(password_fd),
		N_("read the password from this descriptor"), 0 },
	{ OPTIONS_NUMBER, "code-fd", "N", AT(code_fd),
		N_("read the one-time code from this descriptor"), 0 },
	{ OPTIONS_TEXT, "device", N_("NAME"), AT(device),
		N_("which device the code is of, or the name of a first one"), 0 },
	{ OPTIONS_TEXT, "png", N_("FILE"), AT(png),
		N_("write the QR code of a first device into this picture, too"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

struct login {
	const struct wishes *wishes;
	struct account_here here;
	char user[WIRE_USER_MAX];
	struct wire_login_step step;
	struct wire_enrolment enrolment;
	char device[WIRE_ID_MAX]; /* "": whichever of the user's has the code */
};

/* ---- the password ---- */

static enum be_err take_user(struct login *login, struct be_error *err)
{
	const char *given = login->wishes->user;

	if (given == NULL)
		return ask_line(login->user, sizeof(login->user), N_("User name or e-mail"), "--user", err);
	if (given[0] == '\0' || strlen(given) >= sizeof(login->user))
		return be_fail(err, BE_USAGE, N_("This is no name of a user"), "--user");
	WIRE_SET(login->user, given);
	return BE_OK;
}

static enum be_err first_step(struct login *login, struct be_error *err)
{
	const int fd = login->wishes->password_fd;

	for (unsigned tries = 1;; tries++) {
		struct secret *password = NULL;
		enum be_err rc =
			ask_secret(&password, fd, /* max: 70 */ N_("Password of the account"), "--password-fd", err);

		if (rc == BE_OK)
			rc = account_login(
				login->here.account, login->user, password, &login->step, &login->here.wait, err);
		secret_free(&password);
		if (fd >= 0 || tries == ASK_TRIES || rc != BE_WRONG_LOGIN)
			return rc;
		print_failure(NULL, err);
	}
}

/* ---- the code ---- */

static enum be_err use_code(void *context, const struct secret *code, struct be_error *err)
{
	struct login *login = context;

	return account_login_code(login->here.account, &login->step, login->device, code, &login->here.wait, err);
}

static enum be_err confirm(void *context, const struct secret *code, struct be_error *err)
{
	struct login *login = context;

	return account_login_confirm(
		login->here.account, &login->step, &login->enrolment, code, &login->here.wait, err);
}

static enum be_err choose_device(struct login *login, struct be_error *err)
{
	const struct wire_device *devices = login->step.devices.items;

	for (size_t i = 0; login->wishes->device != NULL && i < login->step.devices.count; i++) {
		if (strcmp(devices[i].name, login->wishes->device) != 0)
			continue;
		WIRE_SET(login->device, devices[i].id);
		return BE_OK;
	}
	return login->wishes->device == NULL
		? BE_OK
		: be_fail(err, BE_USAGE, N_("There is no device of this name"), "%s", login->wishes->device);
}

static enum be_err enrol(struct login *login, struct be_error *err)
{
	char name[WIRE_NAME_MAX];
	enum be_err rc = device_name(name, login->wishes->device, "--device NAME", err);

	if (rc == BE_OK)
		rc = account_login_enrol(
			login->here.account, &login->step, name, &login->enrolment, &login->here.wait, err);
	if (rc == BE_OK) {
		print_paragraph(0,
			tr(N_("Scan this with an authenticator, or type the setup key into it, then give its code.")));
		rc = enrol_show(&login->enrolment, login->wishes->png, err);
	}
	return rc == BE_OK ? code_ask(login->wishes->code_fd, confirm, login, err) : rc;
}

static enum be_err second_step(struct login *login, struct be_error *err)
{
	enum be_err rc;

	if (login->step.enrol)
		return enrol(login, err);
	rc = choose_device(login, err);
	return rc == BE_OK ? code_ask(login->wishes->code_fd, use_code, login, err) : rc;
}

/* ---- and what was chosen ---- */

/* Another person may have been here before. */
static void forget_a_strangers_certificate(struct account_here *here)
{
	struct wire_certificate certificate;

	if (here->state.credential.id[0] == '\0')
		return;
	if (account_certificate(here->account, here->state.credential.id, &certificate, &here->wait, NULL) ==
		BE_NOT_FOUND) {
		here->state.credential = CREDENTIAL_NONE;
		(void)state_write(&here->state, NULL);
	} else if (certificate.id[0] != '\0') {
		account_here_remember(here, &certificate);
	}
	wire_free(&wire_certificate_message, &certificate);
}

static enum be_err log_in(struct login *login, struct be_error *err)
{
	enum be_err rc = account_here_open(&login->here, &login->wishes->elsewhere, err);

	if (rc == BE_OK)
		rc = enrol_check_png(login->wishes->png, err);
	if (rc == BE_OK)
		rc = take_user(login, err);
	if (rc == BE_OK)
		rc = first_step(login, err);
	if (rc == BE_OK)
		rc = second_step(login, err);
	if (rc == BE_OK)
		rc = account_here_keep(&login->here, err);
	if (rc == BE_OK) {
		forget_a_strangers_certificate(&login->here);
		print_text(stdout, N_("signed in"));
		(void)fputs(": ", stdout);
		print_foreign(stdout, login->user);
		(void)fputc('\n', stdout);
	}
	wire_free(&wire_enrolment_message, &login->enrolment);
	wire_free(&wire_login_step_message, &login->step);
	account_here_close(&login->here);
	return rc;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .password_fd = -1, .code_fd = -1 };
	struct login login = { .wishes = &wishes };
	struct be_error err = { .code = BE_OK };
	enum be_err rc = options_only(options, &wishes, argc, argv, &err);

	if (rc == BE_OK)
		rc = log_in(&login, &err);
	return rc == BE_OK ? EXIT_DONE : account_here_refuse(self, &err);
}

const struct command command_login = { "login", N_("[--service embedded|URL] [--user NAME]"),
	N_("sign in to the account service"), options, run };
