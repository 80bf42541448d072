/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/json.h"
#include "base/time.h"
#include "wire/form.h"
#include "wire/paths.h"

#include <stdlib.h>
#include <string.h>

/* OAuth 2.0 as a CSC client needs it: the authorisation code with PKCE (RFC 6749, RFC 7636, RFC 8252), for clients without a
 * secret. Any program of the user's own machine may ask, to be answered on the loopback interface; others are named in
 * the configuration with the one address where they are answered. */

#define TEXT_LONGEST 512u
#define CHALLENGE_LEN 43u /* SHA-256 in base64url */

/* What a page was opened with, and its form brings back. */
struct wish {
	const char *client;
	const char *redirect;
	const char *state;
	const char *challenge;
	const char *scope;
	enum i18n_language language;
};

/* ---- who may ask ---- */

static bool is_client_name(const char *text)
{
	return text != NULL && text[0] != '\0' && strlen(text) <= 64 &&
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(text);
}

/* RFC 8252, 7.3: any port, any path, and no name that could be somebody else's. */
static bool is_loopback(const char *uri)
{
	static const char *const beginnings[] = { "http://127.0.0.1", "http://[::1]" };

	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		size_t len = strlen(beginnings[i]);

		if (strncmp(uri, beginnings[i], len) != 0)
			continue;
		uri += len;
		if (*uri == ':')
			uri += 1 + strspn(uri + 1, "0123456789");
		return *uri == '/' || *uri == '\0';
	}
	return false;
}

/* "NAME ADDRESS NAME ADDRESS …" */
static bool is_configured(const char *clients, const char *client, const char *redirect)
{
	size_t client_len = strlen(client);
	size_t redirect_len = strlen(redirect);

	while (clients != NULL && *clients != '\0') {
		const char *name = clients + strspn(clients, " ");
		size_t name_len = strcspn(name, " ");
		const char *address = name + name_len + strspn(name + name_len, " ");
		size_t address_len = strcspn(address, " ");

		if (name_len == client_len && memcmp(name, client, client_len) == 0 && address_len == redirect_len &&
			memcmp(address, redirect, redirect_len) == 0)
			return true;
		clients = address + address_len;
	}
	return false;
}

static bool is_address(const char *uri)
{
	size_t len = strlen(uri);

	/* RFC 6749, 3.1.2: no fragment. Nothing that could end a header, an attribute or a policy. */
	for (const char *at = uri; *at != '\0'; at++)
		if (*at <= ' ' || *at >= 0x7F || strchr("#\"'<>\\;,", *at) != NULL)
			return false;
	return len > 0 && len <= TEXT_LONGEST;
}

/* Sessions of the account API belong to besign as well, whichever way they began. */
static const char *client_of(const char *client)
{
	return strcmp(client, WIRE_CLIENT_BESIGN) == 0 ? "" : client;
}

/* ---- the page ---- */

static bool all_base64url(const char *text, size_t len)
{
	return strlen(text) == len &&
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == len;
}

/* False when nobody may be answered: then only a person can be told, not the client. */
static bool take_client(struct wish *wish, const struct api *api, const struct wire_form *form)
{
	wish->client = wire_form_text(form, "client_id");
	wish->redirect = wire_form_text(form, "redirect_uri");
	return is_client_name(wish->client) && wish->redirect != NULL && is_address(wish->redirect) &&
		(is_loopback(wish->redirect) ||
			is_configured(api->service->config.oauth_clients, wish->client, wish->redirect));
}

/* NULL when all is well, else OAuth's word for what is not. */
static const char *take_wish(struct wish *wish, const struct wire_form *form)
{
	const char *type = wire_form_text(form, "response_type");
	const char *method = wire_form_text(form, "code_challenge_method");

	wish->state = wire_form_text(form, "state");
	wish->challenge = wire_form_text(form, "code_challenge");
	wish->scope = wire_form_text(form, "scope");
	if (wish->scope == NULL || wish->scope[0] == '\0')
		wish->scope = "service";
	if (wish->state != NULL && strlen(wish->state) > TEXT_LONGEST)
		wish->state = NULL;
	if (type == NULL || strcmp(type, "code") != 0)
		return "unsupported_response_type";
	if (strcmp(wish->scope, "service") != 0)
		return "invalid_scope";
	if (method == NULL || strcmp(method, "S256") != 0 || wish->challenge == NULL ||
		!all_base64url(wish->challenge, CHALLENGE_LEN))
		return "invalid_request";
	return NULL;
}

/* "http://127.0.0.1:8080" of an address: where a browser has to be allowed to go after the form. */
static void write_origin(char out[static TEXT_LONGEST + 1], const char *uri)
{
	const char *host = strstr(uri, "://");
	size_t len = host != NULL ? (size_t)(host - uri) + 3 + strcspn(host + 3, "/?") : 0;

	len = len <= TEXT_LONGEST ? len : 0;
	memcpy(out, uri, len);
	out[len] = '\0';
}

static void show(const struct api *api, const struct wish *wish, unsigned status, const char *problem,
	struct http_answer *answer)
{
	char origin[TEXT_LONGEST + 1];
	struct api_page page;

	write_origin(origin, wish->redirect);
	api_page_begin(&page, wish->language, api->service, N_("Sign in"));
	api_page_about(&page, N_("A program asks for access to your signing keys"), wish->client);
	api_page_about(&page, N_("The answer goes to"), origin);
	api_page_problem(&page, problem);
	api_page_form(&page);
	api_page_hidden(&page, "response_type", "code");
	api_page_hidden(&page, "client_id", wish->client);
	api_page_hidden(&page, "redirect_uri", wish->redirect);
	api_page_hidden(&page, "state", wish->state);
	api_page_hidden(&page, "scope", wish->scope);
	api_page_hidden(&page, "code_challenge", wish->challenge);
	api_page_hidden(&page, "code_challenge_method", "S256");
	api_page_hidden(&page, "lang", i18n_name(wish->language));
	api_page_field(&page, "user", N_("User"), "text", "username");
	api_page_field(&page, "password", N_("Password"), "password", "current-password");
	api_page_field(&page, "code", N_("One-time code"), "text", "one-time-code");
	api_page_submit(&page, N_("Sign in"));
	api_page_end(api, &page, status, origin, answer);
}

static void show_refusal(const struct api *api, const struct wish *wish, struct http_answer *answer)
{
	struct api_page page;

	api_page_begin(&page, wish->language, api->service, N_("Sign in"));
	api_page_problem(&page,
		N_("The program that sent you here is not known to this service, or asks in a way that is not safe."));
	api_page_end(api, &page, 400, NULL, answer);
	answer->word = wire_failure_word(WIRE_INVALID_CLIENT);
}

/* Back to the client, with a code or with why there is none. */
static void go_back(
	const struct wish *wish, const char *name, const void *value, size_t len, struct http_answer *answer)
{
	const struct wire_form_pair pairs[] = {
		{ name, value, len },
		{ "state", wish->state, wish->state != NULL ? strlen(wish->state) : 0 },
	};
	struct secret *query = NULL;
	enum be_err rc = wire_form_write(&query, pairs, 2, NULL);
	const char *joint = strchr(wish->redirect, '?') != NULL ? "&" : "?";

	if (rc == BE_OK)
		rc = secret_new(&answer->location, strlen(wish->redirect) + 1 + secret_len(query), NULL);
	if (rc == BE_OK)
		rc = secret_add(answer->location, wish->redirect, strlen(wish->redirect), NULL);
	if (rc == BE_OK)
		rc = secret_add(answer->location, joint, 1, NULL);
	if (rc == BE_OK)
		rc = secret_add(answer->location, secret_bytes(query), secret_len(query), NULL);
	answer->status = 303;
	if (rc != BE_OK)
		api_fail(answer, WIRE_BUSY, NULL);
	secret_free(&query);
}

/* Fills the wish and says true; or answers by itself. The form lives as long as the wish. */
static bool open_wish(struct wish *wish, const struct api *api, const struct http_request *request,
	struct wire_form **form, const void *bytes, size_t len, struct http_answer *answer)
{
	const char *problem = NULL;

	wish->language = api_language(NULL, request->language);
	if (wire_form_parse(form, bytes, len, NULL) != BE_OK || !take_client(wish, api, *form)) {
		show_refusal(api, wish, answer);
		return false;
	}
	wish->language = api_language(wire_form_text(*form, "lang"), request->language);
	problem = take_wish(wish, *form);
	if (problem != NULL)
		go_back(wish, "error", problem, strlen(problem), answer);
	return problem == NULL;
}

void api_oauth_page(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	struct wire_form *form = NULL;
	struct wish wish = { .client = NULL };

	(void)route;
	if (open_wish(&wish, api, request, &form, request->query, strlen(request->query), answer))
		show(api, &wish, 200, NULL, answer);
	wire_form_free(&form);
}

static enum be_err sign_in(const struct api *api, const struct wish *wish, const struct wire_form *form,
	const char *address, struct secret **code, struct be_error *err)
{
	const struct accounts_grant grant = { .client = client_of(wish->client),
		.redirect = wish->redirect,
		.challenge = wish->challenge,
		.scope = wish->scope };
	const char *user = wire_form_text(form, "user");
	const struct secret *password = wire_form_secret(form, "password");
	const char *otp = wire_form_text(form, "code");
	struct store_user found;
	enum be_err rc = BE_OK;

	if (user == NULL || password == NULL || otp == NULL)
		return be_fail(err, BE_WRONG_LOGIN, wire_failure_sentence(WIRE_LOGIN), NULL);
	rc = accounts_check(api->service->accounts, user, password, otp, address, &found, err);
	if (rc == BE_OK)
		rc = accounts_grant(api->service->accounts, found.id, &grant, code, err);
	return rc;
}

void api_oauth_form(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	struct wire_form *form = NULL;
	struct wish wish = { .client = NULL };
	struct secret *code = NULL;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = BE_OK;

	(void)route;
	if (open_wish(&wish, api, request, &form,
		    request->body != NULL ? secret_bytes(request->body) : (const uint8_t *)"",
		    request->body != NULL ? secret_len(request->body) : 0, answer)) {
		rc = sign_in(api, &wish, form, api_address(request), &code, &err);
		if (rc == BE_OK)
			go_back(&wish, "code", secret_bytes(code), secret_len(code), answer);
		else
			show(api, &wish, wire_failure_status(wire_failure_of(rc)),
				wire_failure_sentence(wire_failure_of(rc)), answer);
		if (rc != BE_OK)
			answer->word = wire_failure_word(wire_failure_of(rc));
	}
	secret_free(&code);
	wire_form_free(&form);
}

/* ---- tokens ---- */

static void give_tokens(struct http_answer *answer, struct accounts_tokens *tokens, const char *scope)
{
	struct wire_tokens body = { .access_token = tokens->access,
		.refresh_token = tokens->refresh,
		.expires_in = tokens->access_expires - time_now() };

	WIRE_SET(body.token_type, "Bearer");
	WIRE_SET(body.scope, scope);
	api_give(answer, 200, &wire_tokens_message, &body);
}

/* RFC 6749, 5.2: what does not belong together is one invalid_grant; what the service could not do is told as such. */
static void refuse_grant(struct http_answer *answer, enum be_err rc, const struct be_error *err)
{
	api_fail(answer, rc == BE_SESSION ? WIRE_INVALID_GRANT : wire_failure_of(rc), err);
}

static void redeem(const struct api *api, const struct wire_form *form, const char *client, struct http_answer *answer)
{
	const struct secret *code = wire_form_secret(form, "code");
	const char *redirect = wire_form_text(form, "redirect_uri");
	const char *verifier = wire_form_text(form, "code_verifier");
	struct accounts_tokens tokens = { .access = NULL };
	struct be_error err = { .code = BE_OK };
	enum be_err rc = BE_OK;

	if (code == NULL || redirect == NULL || verifier == NULL) {
		api_fail(answer, WIRE_INVALID_REQUEST, NULL);
		return;
	}
	rc = accounts_grant_redeem(api->service->accounts, secret_bytes(code), secret_len(code), client, redirect,
		verifier, &tokens, &err);
	if (rc == BE_OK)
		give_tokens(answer, &tokens, "service");
	else
		refuse_grant(answer, rc, &err);
	accounts_tokens_free(&tokens);
}

static void refresh(const struct api *api, const struct wire_form *form, const char *client, struct http_answer *answer)
{
	const struct secret *token = wire_form_secret(form, "refresh_token");
	struct accounts_tokens tokens = { .access = NULL };
	struct be_error err = { .code = BE_OK };
	enum be_err rc = BE_OK;

	if (token == NULL) {
		api_fail(answer, WIRE_INVALID_REQUEST, NULL);
		return;
	}
	rc = accounts_refresh(api->service->accounts, secret_bytes(token), secret_len(token), client, &tokens, &err);
	if (rc == BE_OK)
		give_tokens(answer, &tokens, "");
	else
		refuse_grant(answer, rc, &err);
	accounts_tokens_free(&tokens);
}

/* The form of a request to token or revoke; NULL and an answer when it is none. No client has a secret here, so one that
 * shows some is not the client that was meant. */
static struct wire_form *take_form(const struct http_request *request, struct http_answer *answer)
{
	struct wire_form *form = NULL;
	const struct secret *body = request->body;

	if (body == NULL || wire_form_parse(&form, secret_bytes(body), secret_len(body), NULL) != BE_OK) {
		api_fail(answer, WIRE_INVALID_REQUEST, NULL);
		return NULL;
	}
	if (request->basic != NULL || wire_form_text(form, "client_secret") != NULL ||
		wire_form_text(form, "client_assertion") != NULL) {
		api_fail(answer, WIRE_INVALID_CLIENT, NULL);
		wire_form_free(&form);
	}
	return form;
}

void api_oauth_token(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	struct wire_form *form = take_form(request, answer);
	const char *type = form != NULL ? wire_form_text(form, "grant_type") : NULL;
	const char *client = form != NULL ? wire_form_text(form, "client_id") : NULL;

	(void)route;
	if (form == NULL)
		return;
	if (!is_client_name(client))
		api_fail(answer, WIRE_INVALID_CLIENT, NULL);
	else if (type == NULL)
		api_fail(answer, WIRE_INVALID_REQUEST, NULL);
	else if (strcmp(type, "authorization_code") == 0)
		redeem(api, form, client_of(client), answer);
	else if (strcmp(type, "refresh_token") == 0)
		refresh(api, form, client_of(client), answer);
	else
		api_fail(answer, WIRE_GRANT_TYPE, NULL);
	wire_form_free(&form);
}

/* CSC API, 8.4.5 (204), RFC 7009: a token that is none is no error. */
void api_oauth_revoke(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	struct wire_form *form = take_form(request, answer);
	const struct secret *token = form != NULL ? wire_form_secret(form, "token") : NULL;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = BE_OK;

	(void)route;
	if (form == NULL)
		return;
	if (token == NULL) {
		api_fail(answer, WIRE_INVALID_REQUEST, NULL);
	} else {
		rc = accounts_revoke(api->service->accounts, secret_bytes(token), secret_len(token), &err);
		answer->status = 204;
		if (rc != BE_OK)
			api_fail(answer, wire_failure_of(rc), &err);
	}
	wire_form_free(&form);
}

/* ---- what this server can do (RFC 8414) ---- */

static void put_list(struct json *object, const char *name, const char *const *words, size_t count)
{
	struct json *list = json_array();

	for (size_t i = 0; i < count; i++)
		json_add_string(list, words[i]);
	json_put(object, name, list);
}

static void put_url(struct json *object, const char *name, const char *base, const char *path)
{
	struct buffer url = BUFFER_EMPTY;

	buffer_add_str(&url, base);
	buffer_add_str(&url, path);
	buffer_add_byte(&url, 0);
	json_put_string(object, name, url.failed ? NULL : (const char *)url.data);
	buffer_free(&url);
}

void api_oauth_metadata(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	static const char *const code[] = { "code" };
	static const char *const grants[] = { "authorization_code", "refresh_token" };
	static const char *const s256[] = { "S256" };
	static const char *const none[] = { "none" };
	static const char *const scopes[] = { "service" };
	const struct api *api = context;
	const char *base = api->service->config.public_url;
	struct json *json = NULL;
	struct buffer text = BUFFER_EMPTY;

	(void)route;
	(void)request;
	if (base == NULL) {
		api_fail(answer, WIRE_NOT_FOUND, NULL);
		return;
	}
	json = json_object();
	json_put_string(json, "issuer", base);
	put_url(json, "authorization_endpoint", base, WIRE_PATH_OAUTH_AUTHORIZE);
	put_url(json, "token_endpoint", base, WIRE_PATH_OAUTH_TOKEN);
	put_url(json, "revocation_endpoint", base, WIRE_PATH_OAUTH_REVOKE);
	put_list(json, "response_types_supported", code, 1);
	put_list(json, "grant_types_supported", grants, 2);
	put_list(json, "code_challenge_methods_supported", s256, 1);
	put_list(json, "token_endpoint_auth_methods_supported", none, 1);
	put_list(json, "scopes_supported", scopes, 1);
	answer->status = 200;
	answer->type = WIRE_TYPE_JSON;
	if (json_print(&text, json, NULL) != BE_OK ||
		wire_set_secret(&answer->body, text.data, text.len, NULL) != BE_OK)
		api_fail(answer, WIRE_BUSY, NULL);
	buffer_free(&text);
	json_free(&json);
}
