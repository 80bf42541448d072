/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"
#include "cli/account_here.h"
#include "cli/cert_print.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>

struct wishes {
	bool json;
};

/* clang-format off */
static const struct options_spec options[] = {
	{ OPTIONS_FLAG, "json", NULL, .at = offsetof(struct wishes, json),
		N_("one JSON object a line, for programs"), 0 },
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* What was found out, as far as one got. */
struct status {
	struct account_here here;
	bool reachable;
	bool signed_in;
	struct wire_service service;
	struct wire_profile profile;
	struct wire_certificate certificate; /* id "": none is chosen, or nothing is known of it */
	struct be_error error;
};

/* What was remembered of the chosen certificate, where the service does not say it. */
static void recall(struct status *s)
{
	const struct credential *known = &s->here.state.credential;

	memset(&s->certificate, 0, sizeof(s->certificate));
	WIRE_SET(s->certificate.id, known->id);
	WIRE_SET(s->certificate.state, known->state);
	WIRE_SET(s->certificate.subject, known->facts.name);
	WIRE_SET(s->certificate.issuer, known->facts.issuer);
	WIRE_SET(s->certificate.sha256, known->facts.sha256);
	s->certificate.not_after = known->facts.until;
	s->certificate.renew_from = known->renew_from;
	s->certificate.revoked = TIME_NONE;
	s->certificate.requested = s->certificate.not_before = TIME_NONE;
}

static enum be_err look(struct status *s, struct be_error *err)
{
	const struct account_wait *wait = &s->here.wait;
	enum be_err rc = account_service(s->here.account, &s->service, wait, err);

	s->reachable = rc == BE_OK;
	s->signed_in = account_signed_in(s->here.account);
	if (rc == BE_OK && !s->signed_in)
		return BE_OK;
	if (rc == BE_OK)
		rc = account_profile(s->here.account, &s->profile, wait, err);
	if (rc == BE_SESSION) {
		s->signed_in = false;
		return BE_OK;
	}
	if (rc == BE_OK && s->here.state.credential.id[0] != '\0') {
		rc = account_here_certificate(&s->here, NULL, &s->certificate, err);
		/* It was chosen by somebody else. */
		if (rc == BE_USAGE)
			rc = BE_OK;
	}
	return rc;
}

static const char *address(const struct status *s)
{
	return service_kind(&s->here.settings) == SERVICE_SERVER ? s->here.settings.service : SERVICE_EMBEDDED_WORD;
}

static void tell(const struct status *s)
{
	const bool server = service_kind(&s->here.settings) == SERVICE_SERVER;

	if (server)
		print_line_foreign(N_("Service"), 0, address(s));
	else
		print_line_text(
			N_("Service"), 0, N_("the one on this computer; its certificates are trusted by nobody else"));
	if (!s->reachable)
		print_line_text(N_("Reached"), 0, N_("no"));
	if (!s->signed_in)
		print_line_text(N_("Signed in"), 0, N_("no; \"besign login\" signs in"));
	else
		print_line_foreign(N_("Signed in"), 0,
			s->profile.user[0] != '\0' ? s->profile.user : account_user(s->here.account));
	if (s->profile.name[0] != '\0')
		print_line_quoted(N_("Name"), 0, s->profile.name);
	if (s->profile.organisation[0] != '\0')
		print_line_quoted(N_("Organisation"), 0, s->profile.organisation);
	if (s->certificate.id[0] == '\0')
		print_line_text(N_("Certificate"), 0, N_("none is chosen; \"besign cert list\" shows yours"));
	else
		cert_print(&s->certificate, true, false);
}

static struct json *error_json(const struct be_error *error)
{
	struct json *object = json_object();

	json_put_string(object, "code", be_err_word(error->code));
	json_put_string(object, "message", error->msgid != NULL ? error->msgid : "");
	json_put_string(object, "detail", error->detail);
	return object;
}

static void put(struct json *object, const char *key, const char *text)
{
	json_put_string(object, key, text[0] != '\0' ? text : NULL);
}

static enum be_err tell_json(const struct status *s, struct be_error *err)
{
	struct json *object = json_object();
	int64_t days;

	json_put_string(object, "service", address(s));
	put(object, "service_name", s->service.name);
	json_put_bool(object, "reachable", s->reachable);
	json_put_bool(object, "encrypted", !service_is_plain(&s->here.settings));
	json_put_bool(object, "signed_in", s->signed_in);
	put(object, "user", s->signed_in ? account_user(s->here.account) : "");
	put(object, "name", s->profile.name);
	put(object, "organisation", s->profile.organisation);
	if (s->certificate.id[0] != '\0')
		json_put(object, "certificate", cert_print_json(&s->certificate, true));
	else
		json_put_null(object, "certificate");
	if (s->certificate.id[0] != '\0' && cert_print_days(&days, &s->certificate))
		json_put_int(object, "days_left", days);
	else
		json_put_null(object, "days_left");
	if (s->error.code == BE_OK)
		json_put_null(object, "error");
	else
		json_put(object, "error", error_json(&s->error));
	return cert_print_line(object, err);
}

static int tell_all(struct status *s, const struct wishes *wishes, const struct command *self)
{
	struct be_error err = { .code = BE_OK };

	if (s->certificate.id[0] == '\0' && (!s->reachable || !s->signed_in))
		recall(s);
	if (!wishes->json)
		tell(s);
	else if (tell_json(s, &err) != BE_OK)
		return command_refuse(self, &err);
	if (s->error.code != BE_OK)
		return account_here_refuse(self, &s->error);
	return s->signed_in ? EXIT_DONE : EXIT_NOT_ALL;
}

static int run(const struct command *self, int argc, char **argv)
{
	struct status s = { .reachable = false };
	struct wishes wishes = { false };
	int status;
	enum be_err rc = options_only(options, &wishes, argc, argv, &s.error);

	if (rc != BE_OK)
		return command_refuse(self, &s.error);
	rc = account_here_open(&s.here, NULL, &s.error);
	if (rc == BE_OK) {
		if (look(&s, &s.error) == BE_OK)
			s.error = (struct be_error){ .code = BE_OK };
		status = tell_all(&s, &wishes, self);
	} else {
		status = account_here_refuse(self, &s.error);
	}
	wire_free(&wire_service_message, &s.service);
	wire_free(&wire_profile_message, &s.profile);
	wire_free(&wire_certificate_message, &s.certificate);
	account_here_close(&s.here);
	return status;
}

const struct command command_account_status = { "status", "[--json]",
	N_("the account service, who is signed in, and the chosen certificate"), options, run };
