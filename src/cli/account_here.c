/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/account_here.h"

#include "app/paths.h"
#include "base/process.h"
#include "cli/interrupt.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* ---- which service ---- */

static enum be_err take_ca(struct settings *settings, const char *ca, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	enum be_err rc = paths_absolute(&path, ca, NULL, err);

	if (rc == BE_OK && access((const char *)path.data, R_OK) != 0)
		rc = be_fail_errno(err, BE_IO, N_("The file cannot be read"), ca);
	if (rc == BE_OK && path.len >= sizeof(settings->service_ca))
		rc = be_fail(err, BE_LIMIT, N_("This is no name that a file can have"), NULL);
	if (rc == BE_OK)
		memcpy(settings->service_ca, path.data, path.len + 1);
	buffer_free(&path);
	return rc;
}

/* What was set for one server does not go for another. */
static enum be_err take_elsewhere(
	struct account_here *here, const struct account_elsewhere *elsewhere, struct be_error *err)
{
	struct settings *settings = &here->settings;
	const struct settings before = *settings;
	enum be_err rc = BE_OK;

	if (elsewhere->service != NULL) {
		if (elsewhere->service[0] == '\0' || strlen(elsewhere->service) >= sizeof(settings->service))
			return be_fail(err, BE_USAGE,
				N_("Say \"embedded\", or the address of a service: https://sign.example.id"), NULL);
		here->other = strcmp(before.service, elsewhere->service) != 0 &&
			(service_kind(&before) != SERVICE_NOT_CHOSEN ||
				strcmp(elsewhere->service, SERVICE_EMBEDDED_WORD) != 0);
		if (here->other) {
			settings->service_ca[0] = '\0';
			settings->service_plain = SETTINGS_PLAIN_NO;
		}
		memset(settings->service, 0, sizeof(settings->service));
		memcpy(settings->service, elsewhere->service, strlen(elsewhere->service));
	}
	if ((elsewhere->ca != NULL || elsewhere->plain) && service_kind(settings) != SERVICE_SERVER)
		return be_fail(err, BE_USAGE,
			N_("--ca and --plain-http go with the address of a server: --service URL"), NULL);
	if (elsewhere->ca != NULL)
		rc = take_ca(settings, elsewhere->ca, err);
	if (elsewhere->plain)
		settings->service_plain = SETTINGS_PLAIN_YES;
	here->moved = strcmp(before.service, settings->service) != 0 ||
		strcmp(before.service_ca, settings->service_ca) != 0 || before.service_plain != settings->service_plain;
	return rc;
}

static void warn(const struct settings *settings)
{
	struct be_error said;

	(void)be_fail(&said, BE_OK,
		N_("Warning: whoever is in between reads and changes what is said to this service, since it is not encrypted"),
		"%s", settings->service);
	print_failure(NULL, &said);
}

enum be_err account_here_open(struct account_here *out, const struct account_elsewhere *elsewhere, struct be_error *err)
{
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	process_guard_secrets();
	out->wait.cancel = interrupt_take();
	state_read(&out->state);
	rc = settings_read(&out->settings, err);
	if (rc != BE_OK) {
		if (err != NULL)
			err->code = BE_USAGE;
		return BE_USAGE;
	}
	if (elsewhere != NULL)
		rc = take_elsewhere(out, elsewhere, err);
	if (rc == BE_OK)
		rc = service_open(&out->account, &out->settings, err);
	if (rc == BE_OK && service_is_plain(&out->settings))
		warn(&out->settings);
	return rc;
}

void account_here_close(struct account_here *here)
{
	account_free(&here->account);
	state_free(&here->state);
}

enum be_err account_here_keep(struct account_here *here, struct be_error *err)
{
	enum be_err rc = here->moved ? settings_write(&here->settings, err) : BE_OK;

	if (rc == BE_OK && here->other && here->state.credential.id[0] != '\0') {
		here->state.credential = CREDENTIAL_NONE;
		rc = state_write(&here->state, err);
	}
	return rc;
}

/* ---- which certificate ---- */

/* The whole id of what was typed. */
static enum be_err find(struct account_here *here, const char *typed, char id[static WIRE_ID_MAX], struct be_error *err)
{
	struct wire_certificates list = { .change = 0 };
	const size_t len = strlen(typed);
	size_t found = 0;
	enum be_err rc = account_certificates(here->account, &list, &here->wait, err);

	for (size_t i = 0; rc == BE_OK && i < list.certificates.count; i++) {
		const struct wire_certificate *one = (const struct wire_certificate *)list.certificates.items + i;

		if (len == 0 || strncmp(one->id, typed, len) != 0)
			continue;
		found++;
		memcpy(id, one->id, WIRE_ID_MAX);
		if (one->id[len] == '\0') {
			found = 1;
			break;
		}
	}
	wire_free(&wire_certificates_message, &list);
	if (rc == BE_OK && found == 0)
		rc = be_fail(err, BE_USAGE, N_("You have no such certificate; \"besign cert list\" shows yours"), "%s",
			typed);
	else if (rc == BE_OK && found > 1)
		rc = be_fail(err, BE_USAGE, N_("Several certificates begin so; say more of its name"), "%s", typed);
	return rc;
}

static bool is_chosen(const struct account_here *here, const struct wire_certificate *certificate)
{
	return here->state.credential.id[0] != '\0' && strcmp(here->state.credential.id, certificate->id) == 0;
}

void account_here_remember(struct account_here *here, const struct wire_certificate *certificate)
{
	const struct credential before = here->state.credential;

	if (!is_chosen(here, certificate))
		return;
	credential_take(&here->state.credential, certificate);
	if (memcmp(&before, &here->state.credential, sizeof(before)) != 0)
		(void)state_write(&here->state, NULL);
}

enum be_err account_here_choose(
	struct account_here *here, const struct wire_certificate *certificate, struct be_error *err)
{
	credential_take(&here->state.credential, certificate);
	return state_write(&here->state, err);
}

enum be_err account_here_certificate(
	struct account_here *here, const char *id, struct wire_certificate *out, struct be_error *err)
{
	char whole[WIRE_ID_MAX] = "";
	enum be_err rc = BE_OK;

	memset(out, 0, sizeof(*out));
	if (id != NULL)
		rc = find(here, id, whole, err);
	else if (here->state.credential.id[0] == '\0')
		rc = be_fail(err, BE_USAGE,
			N_("No certificate is chosen: name one, or choose with \"besign cert use ID\""), NULL);
	else
		memcpy(whole, here->state.credential.id, sizeof(whole));
	if (rc == BE_OK)
		rc = account_certificate(here->account, whole, out, &here->wait, err);
	if (rc == BE_NOT_FOUND && id == NULL)
		rc = be_fail(err, BE_USAGE,
			N_("The certificate that was chosen is none of this account; choose with \"besign cert use ID\""),
			"%s", whole);
	if (rc == BE_OK)
		account_here_remember(here, out);
	return rc;
}

/* ---- the end ---- */

int account_here_refuse(const struct command *self, const struct be_error *err)
{
	const int status = command_refuse(self, err);

	return err->code == BE_EXISTS || err->code == BE_MALFORMED ? EXIT_SERVICE : status;
}
