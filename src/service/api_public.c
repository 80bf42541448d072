/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/api_inside.h"

#include "base/encode.h"
#include "base/time.h"
#include "pki/ocsp.h"
#include "service/ca.h"
#include "wire/form.h"
#include "wire/paths.h"

#include <string.h>

/* What the authority publishes, for whoever asks, and whether the service is well. */

#define LIST_AGE 300 /* seconds that a list may be kept by others: how late a revocation may be seen */
#define CERTIFICATE_AGE 86400

static void give_der(struct http_answer *answer, enum be_err rc, struct buffer *der, const char *type, int64_t age,
	const struct be_error *err)
{
	if (rc == BE_OK)
		rc = wire_set_secret(&answer->body, der->data, der->len, NULL);
	if (rc == BE_OK) {
		answer->status = 200;
		answer->type = type;
		answer->max_age = age;
	} else {
		api_fail(answer, wire_failure_of(rc), err);
	}
	buffer_free(der);
}

void api_ocsp(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	struct buffer response = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	const uint8_t nothing = 0;
	enum be_err rc = ca_ocsp(api->service->ca, request->body != NULL ? secret_bytes(request->body) : &nothing,
		request->body != NULL ? secret_len(request->body) : 0, &response, &err);

	(void)route;
	give_der(answer, rc, &response, WIRE_TYPE_OCSP_RESPONSE, 0, &err);
}

/* RFC 6960, A.1: the request in base64, and that percent-encoded. A form's value is decoded the same way, but for the
 * plus sign, which base64 has and a form takes for a blank. */
static bool decode_get(struct buffer *out, const char *rest)
{
	struct buffer text = BUFFER_EMPTY;
	struct wire_form *form = NULL;
	const char *value;
	bool good = strlen(rest) <= 3 * encode_size(ENCODE_BASE64, PKI_OCSP_MAX_REQUEST);

	buffer_add_str(&text, "r=");
	for (; good && *rest != '\0'; rest++)
		if (*rest == '+')
			buffer_add_str(&text, "%2B");
		else
			buffer_add_byte(&text, *rest == '&' ? 0 : (uint8_t)*rest);
	good = good && buffer_check(&text, NULL) == BE_OK && wire_form_parse(&form, text.data, text.len, NULL) == BE_OK;
	value = good ? wire_form_text(form, "r") : NULL;
	good = value != NULL && encode_read(out, ENCODE_BASE64, value, strlen(value), NULL) == BE_OK;
	wire_form_free(&form);
	buffer_free(&text);
	return good;
}

void api_ocsp_get(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	struct buffer asked = BUFFER_EMPTY;
	struct buffer response = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = BE_OK;

	(void)route;
	/* What cannot be read is answered as the responder answers any nonsense. */
	if (!decode_get(&asked, request->rest))
		buffer_reset(&asked);
	rc = ca_ocsp(
		api->service->ca, asked.data != NULL ? asked.data : (const uint8_t *)"", asked.len, &response, &err);
	give_der(answer, rc, &response, WIRE_TYPE_OCSP_RESPONSE, 0, &err);
	buffer_free(&asked);
}

void api_tsa(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	struct buffer response = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	const uint8_t nothing = 0;
	enum be_err rc = ca_timestamp(api->service->ca, request->body != NULL ? secret_bytes(request->body) : &nothing,
		request->body != NULL ? secret_len(request->body) : 0, &response, &err);

	(void)route;
	give_der(answer, rc, &response, WIRE_TYPE_TSA_REPLY, 0, &err);
}

const struct api_file api_file_issuer = { false, false };
const struct api_file api_file_root = { false, true };
const struct api_file api_file_crl = { true, false };
const struct api_file api_file_root_crl = { true, true };

void api_file(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	const struct api *api = context;
	const struct api_file *file = route->detail;
	enum ca_which which = file->root ? CA_ROOT : CA_ISSUING;
	struct buffer der = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	enum be_err rc = file->list ? ca_crl(api->service->ca, which, &der, &err)
				    : ca_certificate(api->service->ca, which, &der, &err);

	(void)request;
	give_der(answer, rc, &der, file->list ? WIRE_TYPE_CRL : WIRE_TYPE_CERTIFICATE,
		file->list ? LIST_AGE : CERTIFICATE_AGE, &err);
}

/* Being well is proved by writing, and anybody may ask: once a second is enough. */
static enum be_err health(struct api *api)
{
	enum be_err rc;

	(void)pthread_mutex_lock(&api->health_lock);
	if (api->health_at != time_now()) {
		api->health = store_alive(api->service->store, NULL);
		api->health_at = time_now();
	}
	rc = api->health;
	(void)pthread_mutex_unlock(&api->health_lock);
	return rc;
}

void api_health(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	static const char well[] = "{\"status\":\"ok\"}";
	enum be_err rc = health(context);

	(void)route;
	(void)request;
	if (rc == BE_OK)
		rc = wire_set_secret(&answer->body, well, sizeof(well) - 1, NULL);
	answer->status = 200;
	answer->type = WIRE_TYPE_JSON;
	if (rc != BE_OK)
		api_fail(answer, WIRE_BUSY, NULL);
}
