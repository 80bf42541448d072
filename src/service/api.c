/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/time.h"
#include "pki/ocsp.h"
#include "pki/tsp.h"
#include "wire/paths.h"

#include <stdlib.h>
#include <string.h>

#define SMALL 4096u /* bytes of a body: some texts */
#define FORM 8192u
#define FILE_BODY 131072u /* a .p12 in base64 */
#define HASHES WIRE_BODY_MAX

/* clang-format off */
#define JSON(path, call, max) { HTTP_POST, path, WIRE_TYPE_JSON, max, api_json, &(call) }

static const struct http_route routes[] = {
	JSON(WIRE_PATH_SERVICE,             api_service,             SMALL),
	JSON(WIRE_PATH_REGISTER,            api_register,            SMALL),
	JSON(WIRE_PATH_LOGIN,               api_login,               SMALL),
	JSON(WIRE_PATH_LOGIN_CODE,          api_login_code,          SMALL),
	JSON(WIRE_PATH_LOGIN_ENROL,         api_login_enrol,         SMALL),
	JSON(WIRE_PATH_LOGIN_CONFIRM,       api_login_confirm,       SMALL),
	JSON(WIRE_PATH_PROFILE,             api_profile,             SMALL),
	JSON(WIRE_PATH_LOGOUT_ALL,          api_logout_all,          SMALL),
	JSON(WIRE_PATH_DEVICES,             api_devices,             SMALL),
	JSON(WIRE_PATH_DEVICE_ADD,          api_device_add,          SMALL),
	JSON(WIRE_PATH_DEVICE_CONFIRM,      api_device_confirm,      SMALL),
	JSON(WIRE_PATH_DEVICE_REMOVE,       api_device_remove,       SMALL),
	JSON(WIRE_PATH_CERTIFICATES,        api_certificates,        SMALL),
	JSON(WIRE_PATH_CERTIFICATE,         api_certificate,         SMALL),
	JSON(WIRE_PATH_CERTIFICATE_REQUEST, api_certificate_request, SMALL),
	JSON(WIRE_PATH_CERTIFICATE_RENEW,   api_certificate_renew,   SMALL),
	JSON(WIRE_PATH_CERTIFICATE_LINK,    api_certificate_link,    SMALL),
	JSON(WIRE_PATH_CERTIFICATE_REVOKE,  api_certificate_revoke,  SMALL),
	JSON(WIRE_PATH_CERTIFICATE_HISTORY, api_certificate_history, SMALL),
	JSON(WIRE_PATH_CERTIFICATE_WAIT,    api_certificate_wait,    SMALL),
	JSON(WIRE_PATH_CERTIFICATE_IMPORT,  api_certificate_import,  FILE_BODY),
	JSON(WIRE_PATH_TERMS,               api_terms,               SMALL),
	JSON(WIRE_PATH_PASSPHRASE_SET,      api_passphrase_set,      SMALL),
	JSON(WIRE_PATH_PASSPHRASE_CHANGE,   api_passphrase_change,   SMALL),
	JSON(WIRE_PATH_PASSWORD_CHANGE,     api_password_change,     SMALL),
	JSON(WIRE_PATH_MAILBOX,             api_mailbox,             SMALL),

	{ HTTP_GET,  WIRE_PATH_OAUTH_AUTHORIZE, NULL,           0,    api_oauth_page,     NULL },
	{ HTTP_POST, WIRE_PATH_OAUTH_AUTHORIZE, WIRE_TYPE_FORM, FORM, api_oauth_form,     NULL },
	{ HTTP_POST, WIRE_PATH_OAUTH_TOKEN,     WIRE_TYPE_FORM, FORM, api_oauth_token,    NULL },
	{ HTTP_POST, WIRE_PATH_OAUTH_REVOKE,    WIRE_TYPE_FORM, FORM, api_oauth_revoke,   NULL },
	{ HTTP_GET,  WIRE_PATH_OAUTH_METADATA,  NULL,           0,    api_oauth_metadata, NULL },

	JSON(WIRE_PATH_CSC_INFO,       api_csc_info,       SMALL),
	JSON(WIRE_PATH_CSC_LIST,       api_csc_list,       SMALL),
	JSON(WIRE_PATH_CSC_CREDENTIAL, api_csc_credential, SMALL),
	JSON(WIRE_PATH_CSC_AUTHORIZE,  api_csc_authorize,  HASHES),
	JSON(WIRE_PATH_CSC_EXTEND,     api_csc_extend,     HASHES),
	JSON(WIRE_PATH_CSC_SIGN_HASH,  api_csc_sign_hash,  HASHES),
	JSON(WIRE_PATH_CSC_TIMESTAMP,  api_csc_timestamp,  SMALL),

	{ HTTP_GET,  WIRE_PATH_LINK, NULL,           0,    api_link_page, NULL },
	{ HTTP_POST, WIRE_PATH_LINK, WIRE_TYPE_FORM, FORM, api_link_form, NULL },

	{ HTTP_POST, WIRE_PATH_OCSP,     WIRE_TYPE_OCSP_REQUEST, PKI_OCSP_MAX_REQUEST, api_ocsp, NULL },
	{ HTTP_GET,  WIRE_PATH_OCSP "/", NULL,                   0,                    api_ocsp_get, NULL },
	{ HTTP_POST, WIRE_PATH_TSA,      WIRE_TYPE_TSA_QUERY,    PKI_TSP_MAX_REQUEST,  api_tsa, NULL },
	{ HTTP_GET,  WIRE_PATH_ISSUER,   NULL, 0, api_file, &api_file_issuer },
	{ HTTP_GET,  WIRE_PATH_ROOT,     NULL, 0, api_file, &api_file_root },
	{ HTTP_GET,  WIRE_PATH_CRL,      NULL, 0, api_file, &api_file_crl },
	{ HTTP_GET,  WIRE_PATH_ROOT_CRL, NULL, 0, api_file, &api_file_root_crl },
	{ HTTP_GET,  WIRE_PATH_HEALTH,   NULL, 0, api_health, NULL },
};
/* clang-format on */

const struct http_route *api_routes(size_t *count)
{
	*count = sizeof(routes) / sizeof(routes[0]);
	return routes;
}

/* ---- answers ---- */

void api_give(struct http_answer *answer, unsigned status, const struct wire_message *message, const void *record)
{
	if (wire_encode(&answer->body, message, record, NULL) != BE_OK) {
		answer->status = wire_failure_status(WIRE_BUSY);
		answer->word = wire_failure_word(WIRE_BUSY);
		return;
	}
	answer->status = status;
	answer->type = WIRE_TYPE_JSON;
}

static void fail(struct http_answer *answer, enum wire_failure_code code, const struct be_error *err, unsigned status)
{
	struct wire_failure failure;

	wire_failure_fill(&failure, code, err);
	api_give(answer, status, &wire_failure_message, &failure);
	answer->word = wire_failure_word(code);
	if (status == 401)
		answer->challenge = "Bearer";
	if (failure.retry_at > failure.server_time && (status == 429 || status == 503))
		answer->retry_after = failure.retry_at - failure.server_time;
	else if (status == 503)
		answer->retry_after = 1;
}

void api_fail(struct http_answer *answer, enum wire_failure_code code, const struct be_error *err)
{
	fail(answer, code, err, wire_failure_status(code));
}

/* CSC API, 8.1: its own statuses are 400, 401, 429, 500, 501 and 503. */
void api_fail_csc(struct http_answer *answer, enum wire_failure_code code, const struct be_error *err)
{
	unsigned status = wire_failure_status(code);

	if (status > 401 && status < 429)
		status = 400;
	fail(answer, code, err, status == 507 ? 500 : status);
}

const char *api_address(const struct http_request *request)
{
	return request->peer[0] != '\0' ? request->peer : NULL;
}

static void refuse(void *context, enum http_refusal refusal, struct http_answer *answer)
{
	static const enum wire_failure_code codes[] = {
		[HTTP_BAD] = WIRE_INVALID_REQUEST,
		[HTTP_NO_ROUTE] = WIRE_NOT_FOUND,
		[HTTP_NO_METHOD] = WIRE_METHOD,
		[HTTP_SLOW] = WIRE_SLOW,
		[HTTP_NO_LENGTH] = WIRE_INVALID_REQUEST,
		[HTTP_TOO_LARGE] = WIRE_LIMIT,
		[HTTP_NO_TYPE] = WIRE_MEDIA_TYPE,
		[HTTP_PLAIN] = WIRE_PLAIN,
		[HTTP_CROWDED] = WIRE_BUSY,
	};

	(void)context;
	api_fail(answer, codes[refusal], NULL);
	if (refusal == HTTP_NO_LENGTH)
		answer->status = 411;
}

/* ---- one call ---- */

static enum be_err who_asks(struct api_ask *ask, enum api_who who, struct be_error *err)
{
	const struct secret *token = ask->request->bearer;
	enum be_err rc = BE_OK;

	if (who == API_ANYBODY)
		return BE_OK;
	if (token == NULL)
		return be_fail(err, BE_SESSION, wire_failure_sentence(WIRE_TOKEN), NULL);
	rc = accounts_session(ask->service->accounts, secret_bytes(token), secret_len(token), &ask->session, err);
	if (rc == BE_OK && who == API_ACCOUNT && strcmp(ask->session.scope, "account") != 0)
		rc = be_fail(err, BE_DENIED, wire_failure_sentence(WIRE_DENIED), NULL);
	return rc;
}

static enum be_err go(const struct api_call *call, struct api_ask *ask, void *in, void *out, struct be_error *err)
{
	const struct secret *body = ask->request->body;
	enum be_err rc = who_asks(ask, call->who, err);

	if (rc == BE_OK)
		rc = wire_decode(in, call->takes, body != NULL ? secret_bytes(body) : (const uint8_t *)"",
			body != NULL ? secret_len(body) : 0, err);
	if (rc == BE_OK)
		rc = call->run(ask, in, out, err);
	return rc;
}

void api_json(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	const struct api_call *call = route->detail;
	struct api_ask ask = { .service = api->service,
		.request = request,
		.address = api_address(request),
		.now = time_now(),
		.why = WIRE_FAILURE_COUNT };
	struct be_error err = { .code = BE_OK };
	void *in = calloc(1, call->takes->size);
	void *out = calloc(1, call->gives->size);
	enum be_err rc = in != NULL && out != NULL ? go(call, &ask, in, out, &err) : BE_NO_MEMORY;
	enum wire_failure_code why = ask.why != WIRE_FAILURE_COUNT ? ask.why : wire_failure_of(rc);

	if (rc == BE_OK)
		api_give(answer, call->status, call->gives, out);
	else if (call->csc)
		api_fail_csc(answer, why, &err);
	else
		api_fail(answer, why, &err);
	if (in != NULL)
		wire_free(call->takes, in);
	if (out != NULL)
		wire_free(call->gives, out);
	free(in);
	free(out);
}

/* ---- the room ---- */

enum be_err api_new(struct api **out, struct service *service, struct be_error *err)
{
	struct api *api = calloc(1, sizeof(*api));
	enum be_err rc = BE_OK;

	if (api == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	api->service = service;
	api->health_at = TIME_NONE;
	(void)pthread_mutex_init(&api->health_lock, NULL);
	rc = api_page_policy(api, err);
	if (rc == BE_OK)
		*out = api;
	else
		api_free(&api);
	return rc;
}

void api_free(struct api **api)
{
	if (*api == NULL)
		return;
	(void)pthread_mutex_destroy(&(*api)->health_lock);
	free(*api);
	*api = NULL;
}

void api_http(struct api *api, struct http_config *out)
{
	const struct service_config *config = &api->service->config;

	*out = (struct http_config){ .socket = config->socket,
		.listen = config->listen,
		.tls_certificate = config->tls_certificate,
		.tls_key = config->tls_key,
		.behind_proxy = config->behind_proxy,
		.connections = (unsigned)config->connections_max,
		.context = api,
		.refuse = refuse };
	out->routes = api_routes(&out->route_count);
}
