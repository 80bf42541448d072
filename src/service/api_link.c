/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/time.h"
#include "service/certificates.h"
#include "wire/form.h"

#include <string.h>

/* "Buat Passphrase": where the link of a mail leads. Looking at it spends nothing: programs that read mail look at links. */

#define SECRET_LEN 43u /* 32 bytes in base64url */

struct visit {
	struct api *api;
	struct secret *link;
	struct store_user person;
	enum i18n_language language;
};

static void show(const struct visit *visit, unsigned status, const char *problem, struct http_answer *answer)
{
	struct api_page page;

	api_page_begin(&page, visit->language, visit->api->service, N_("Create a passphrase"));
	api_page_about(&page, N_("Name"), visit->person.name);
	api_page_problem(&page, problem);
	api_page_say(&page,
		N_("You will be asked for this passphrase each time you sign. Nobody can find it out or reset it."));
	api_page_form(&page);
	api_page_field(&page, "passphrase", N_("Passphrase"), "password", "new-password");
	api_page_field(&page, "again", N_("The same again"), "password", "new-password");
	api_page_submit(&page, N_("Create the passphrase"));
	api_page_end(visit->api, &page, status, NULL, answer);
}

static void show_sentence(const struct visit *visit, unsigned status, const char *problem, const char *sentence,
	struct http_answer *answer)
{
	struct api_page page;

	api_page_begin(&page, visit->language, visit->api->service, N_("Create a passphrase"));
	api_page_about(&page, N_("Name"), visit->person.name);
	api_page_problem(&page, problem);
	api_page_say(&page, sentence);
	api_page_end(visit->api, &page, status, NULL, answer);
}

static void refuse(const struct visit *visit, enum be_err rc, const struct be_error *err, struct http_answer *answer)
{
	enum wire_failure_code why = wire_failure_of(rc);
	bool ours = why == WIRE_SERVER || why == WIRE_BUSY || why == WIRE_FULL;

	show_sentence(visit, wire_failure_status(why),
		!ours && err->msgid != NULL ? err->msgid : wire_failure_sentence(why),
		rc == BE_LINK ? N_("A new link can be asked for in the app.") : NULL, answer);
	answer->word = wire_failure_word(why);
}

/* BE_LINK for what cannot be a link, without asking anybody. */
static enum be_err enter(struct visit *visit, const struct http_request *request, struct be_error *err)
{
	size_t len = strlen(request->rest);
	enum be_err rc = BE_OK;

	visit->language = api_language(NULL, request->language);
	if (len != SECRET_LEN)
		return be_fail(err, BE_LINK, wire_failure_sentence(WIRE_LINK), NULL);
	rc = wire_set_secret(&visit->link, request->rest, len, err);
	if (rc == BE_OK)
		rc = certificates_link_look(visit->api->service, visit->link, NULL, &visit->person, err);
	if (rc == BE_OK)
		(void)i18n_by_name(&visit->language, visit->person.language);
	return rc;
}

void api_link_page(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	struct visit visit = { .api = api };
	struct be_error err = { .code = BE_OK };
	enum be_err rc = enter(&visit, request, &err);

	(void)route;
	if (rc == BE_OK)
		show(&visit, 200, NULL, answer);
	else
		refuse(&visit, rc, &err, answer);
	secret_free(&visit.link);
}

static bool same(const struct secret *a, const struct secret *b)
{
	return secret_len(a) == secret_len(b) && memcmp(secret_bytes(a), secret_bytes(b), secret_len(a)) == 0;
}

static void take(const struct visit *visit, const struct wire_form *form, struct http_answer *answer)
{
	const struct secret *passphrase = wire_form_secret(form, "passphrase");
	const struct secret *again = wire_form_secret(form, "again");
	struct be_error err = { .code = BE_OK };
	char id[STORE_ID_SIZE];
	enum be_err rc = BE_OK;

	if (passphrase == NULL || again == NULL || !same(passphrase, again)) {
		show(visit, 400, N_("The two passphrases are not the same"), answer);
		return;
	}
	rc = certificates_set_passphrase(visit->api->service, visit->link, passphrase, id, &err);
	if (rc == BE_OK)
		show_sentence(visit, 200, NULL,
			N_("Your passphrase is set and your certificate is issued. You can close this page and sign."),
			answer);
	else if (rc == BE_WEAK)
		show(visit, wire_failure_status(WIRE_WEAK), err.msgid, answer);
	else
		refuse(visit, rc, &err, answer);
}

void api_link_form(
	void *api, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	struct visit visit = { .api = api };
	struct wire_form *form = NULL;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = enter(&visit, request, &err);

	(void)route;
	if (rc == BE_OK && request->body == NULL)
		rc = be_fail(&err, BE_MALFORMED, wire_failure_sentence(WIRE_INVALID_REQUEST), NULL);
	if (rc == BE_OK)
		rc = wire_form_parse(&form, secret_bytes(request->body), secret_len(request->body), &err);
	if (rc == BE_OK)
		take(&visit, form, answer);
	else
		refuse(&visit, rc, &err, answer);
	wire_form_free(&form);
	secret_free(&visit.link);
}
