/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/account_ask.h"
#include "cli/account_here.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>

struct wishes {
	struct account_elsewhere elsewhere;
	const char *user;
	const char *name;
	const char *organisation;
	const char *language;
	int password_fd; /* -1: asked for */
};

#define AT(member) .at = offsetof(struct wishes, member)
/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_TEXT, "service", "embedded|URL", AT(elsewhere.service),
		N_("register at this service, and stay with it"), 0 },
	{ OPTIONS_TEXT, "ca", N_("FILE"), AT(elsewhere.ca),
		N_("the authority (PEM) of a server that the system does not know"), 0 },
	{ OPTIONS_FLAG, "plain-http", NULL, AT(elsewhere.plain),
		N_("reach a server without encryption; whoever is in between reads everything"), 0 },
	{ OPTIONS_TEXT, "user", N_("NAME"), AT(user),
		N_("how you will sign in: an e-mail address"), 0 },
	{ OPTIONS_TEXT, "name", N_("TEXT"), AT(name),
		N_("your name, as certificates will have it"), 0 },
	{ OPTIONS_TEXT, "organisation", N_("TEXT"), AT(organisation),
		N_("your organisation, as certificates will have it"), 0 },
	{ OPTIONS_TEXT, "lang-of-mail", "id|en", AT(language),
		N_("the language of the mails; default: the one that is spoken here"), 0 },
	{ OPTIONS_NUMBER, "password-fd", "N", AT(password_fd),
		N_("read the password from this descriptor"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

static enum be_err take(
	char *out, size_t size, const char *given, const char *question, const char *option, struct be_error *err)
{
	if (given == NULL)
		return ask_line(out, size, question, option, err);
	if (strlen(given) >= size)
		return be_fail(err, BE_LIMIT, N_("That is too long"), "%s", option);
	wire_set_text(out, size, given);
	return BE_OK;
}

static enum be_err take_language(struct wire_register *person, const char *given, struct be_error *err)
{
	enum i18n_language language = i18n_get();

	if (given != NULL && strcmp(given, "id") != 0 && strcmp(given, "en") != 0)
		return be_fail(err, BE_USAGE, N_("The languages are id and en"), "--lang-of-mail %s", given);
	WIRE_SET(person->language, given != NULL ? given : i18n_name(language));
	return BE_OK;
}

static enum be_err take_person(struct wire_register *person, const struct wishes *wishes, struct be_error *err)
{
	enum be_err rc = take_language(person, wishes->language, err);

	if (rc == BE_OK)
		rc = take(person->user, sizeof(person->user), wishes->user, N_("E-mail address"), "--user NAME", err);
	if (rc == BE_OK)
		rc = take(person->name, sizeof(person->name), wishes->name,
			N_("Your name, as certificates will have it"), "--name TEXT", err);
	/* Many have none, so nobody is kept from going on by it. */
	if (rc == BE_OK && (wishes->organisation != NULL || ask_is_possible()))
		rc = take(person->organisation, sizeof(person->organisation), wishes->organisation,
			N_("Organisation (may be left empty)"), "--organisation TEXT", err);
	if (rc == BE_OK && (person->user[0] == '\0' || person->name[0] == '\0'))
		rc = be_fail(err, BE_USAGE, N_("An e-mail address and a name are needed"), NULL);
	return rc;
}

static enum be_err check_service(struct account_here *here, struct be_error *err)
{
	struct wire_service service;
	enum be_err rc = account_service(here->account, &service, &here->wait, err);

	if (rc == BE_OK && !service.registration)
		rc = be_fail(err, BE_DENIED,
			N_("This service does not take registrations; its administrator makes accounts"), NULL);
	wire_free(&wire_service_message, &service);
	return rc;
}

static enum be_err sign_up(const struct wishes *wishes, struct be_error *err)
{
	struct wire_register person = { .password = NULL };
	struct account_here here;
	enum be_err rc = account_here_open(&here, &wishes->elsewhere, err);

	if (rc == BE_OK)
		rc = check_service(&here, err);
	if (rc == BE_OK)
		rc = take_person(&person, wishes, err);
	if (rc == BE_OK)
		rc = ask_new_secret(&person.password, wishes->password_fd,
			/* max: 70 */ N_("New password of the account"), /* max: 70 */ N_("The same password again"),
			"--password-fd", err);
	if (rc == BE_OK)
		rc = account_register(here.account, &person, &here.wait, err);
	if (rc == BE_OK)
		rc = account_here_keep(&here, err);
	if (rc == BE_OK) {
		print_paragraph(0, tr(N_("registered; \"besign login\" signs in")));
	}
	wire_free(&wire_register_message, &person);
	account_here_close(&here);
	return rc;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct wishes wishes = { .password_fd = -1 };
	struct be_error err = { .code = BE_OK };
	enum be_err rc = options_only(options, &wishes, argc, argv, &err);

	if (rc == BE_OK)
		rc = sign_up(&wishes, &err);
	return rc == BE_OK ? EXIT_DONE : account_here_refuse(self, &err);
}

const struct command command_register = { "register", N_("[--user NAME] [--name TEXT]"),
	N_("make an account, where the service allows it"), options, run };
