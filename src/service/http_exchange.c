/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/http_inside.h"

#include "service/log.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define BEARER_MAX 4096u
#define DRAIN_MAX (1024u * 1024u) /* bytes of a body that are read for nothing */

/* One request, from its first line to the last byte of its answer. */
struct exchange {
	struct http *http;
	struct http_connection *connection;
	const struct http_route *route;
	struct http_request request;
	struct secret *body;
	struct secret *bearer;
	struct secret *basic;
	char *query;
	size_t expected; /* bytes of body */
	bool begun;
	bool refused; /* once the body has come */
	enum http_refusal refusal;
	bool answered;
	int64_t started;
	unsigned status;
	const char *word;
};

/* ---- what libmicrohttpd calls ---- */

static struct http_connection *connection_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);

	return info != NULL ? info->socket_context : NULL;
}

void *http_exchange_begin(void *cls, const char *uri, struct MHD_Connection *connection)
{
	struct http *http = cls;
	const char *query = strchr(uri, '?');
	struct exchange *x = calloc(1, sizeof(*x));

	if (x == NULL)
		return NULL;
	x->http = http;
	x->connection = connection_of(connection);
	x->query = strdup(query != NULL ? query + 1 : "");
	x->started = http_now();
	(void)pthread_mutex_lock(&http->lock);
	http->under_way++;
	(void)pthread_mutex_unlock(&http->lock);
	if (x->connection != NULL)
		(void)http_door_move(x->connection, HTTP_RECEIVING);
	return x;
}

static void tell(const struct exchange *x)
{
	service_log(SERVICE_LOG_INFO, "http.request",
		SERVICE_LOG_TEXT("route", x->route != NULL ? x->route->path : "none"),
		SERVICE_LOG_NUMBER("status", x->status), SERVICE_LOG_NUMBER("ms", http_now() - x->started),
		SERVICE_LOG_TEXT("peer", x->request.peer), SERVICE_LOG_TEXT("error", x->word));
}

void http_exchange_end(
	void *cls, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode code)
{
	struct http *http = cls;
	struct exchange *x = *exchange;

	(void)connection;
	if (x == NULL)
		return;
	*exchange = NULL;
	if (code != MHD_REQUEST_TERMINATED_COMPLETED_OK && x->word == NULL)
		x->word = "cut";
	tell(x);
	if (x->connection != NULL)
		(void)http_door_move(x->connection, HTTP_QUIET);
	secret_free(&x->body);
	secret_free(&x->bearer);
	secret_free(&x->basic);
	if (x->query != NULL)
		explicit_bzero(x->query, strlen(x->query));
	free(x->query);
	free(x);
	(void)pthread_mutex_lock(&http->lock);
	http->under_way--;
	http->quiet_since = http_now();
	(void)pthread_cond_broadcast(&http->changed);
	(void)pthread_mutex_unlock(&http->lock);
}

/* ---- the answer ---- */

static void free_body(void *cls)
{
	struct secret *body = cls;

	secret_free(&body);
}

static struct MHD_Response *response_of(struct http_answer *answer)
{
	struct secret *body = answer->body;

	answer->body = NULL;
	if (body == NULL || secret_len(body) == 0) {
		secret_free(&body);
		return MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT);
	}
	return MHD_create_response_from_buffer_with_free_callback_cls(
		secret_len(body), (void *)(uintptr_t)secret_bytes(body), free_body, body);
}

static void header(struct MHD_Response *response, const char *name, const char *value)
{
	if (value != NULL)
		(void)MHD_add_response_header(response, name, value);
}

static void number_header(struct MHD_Response *response, const char *name, const char *before, int64_t number)
{
	char text[64];

	(void)snprintf(text, sizeof(text), "%s%" PRId64, before, number);
	header(response, name, text);
}

static const char *text_of(const struct secret *secret)
{
	return secret != NULL ? (const char *)secret_bytes(secret) : NULL;
}

/* What a browser is told is the same for every answer: a page loads nothing and is shown in no frame unless it says so. */
static void add_headers(const struct exchange *x, struct MHD_Response *response, const struct http_answer *answer)
{
	header(response, "Content-Type", answer->type);
	header(response, "Location", text_of(answer->location));
	header(response, "WWW-Authenticate", answer->challenge);
	if (answer->retry_after > 0)
		number_header(response, "Retry-After", "", answer->retry_after);
	if (answer->max_age > 0)
		number_header(response, "Cache-Control", "public, max-age=", answer->max_age);
	else
		header(response, "Cache-Control", "no-store");
	header(response, "Content-Security-Policy",
		answer->policy != NULL ? text_of(answer->policy) : "default-src 'none'; frame-ancestors 'none'");
	header(response, "X-Content-Type-Options", "nosniff");
	header(response, "X-Frame-Options", "DENY");
	header(response, "Referrer-Policy", "no-referrer");
	if (x->connection != NULL && (x->connection->tls || x->http->config.behind_proxy))
		header(response, "Strict-Transport-Security", "max-age=31536000");
	if (answer->status == 405 && x->route != NULL)
		header(response, "Allow", x->route->method == HTTP_GET ? "GET, HEAD" : "POST");
}

static void answer_free(struct http_answer *answer)
{
	secret_free(&answer->body);
	secret_free(&answer->location);
	secret_free(&answer->policy);
}

static enum MHD_Result send_answer(
	struct exchange *x, struct MHD_Connection *connection, struct http_answer *answer, bool close_after)
{
	enum MHD_Result result = MHD_NO;
	struct MHD_Response *response = response_of(answer);

	x->answered = true;
	x->status = answer->status;
	x->word = answer->word;
	if (response != NULL) {
		add_headers(x, response, answer);
		if (close_after)
			header(response, "Connection", "close");
		if (x->connection == NULL || http_door_move(x->connection, HTTP_SENDING))
			result = MHD_queue_response(connection, answer->status, response);
		MHD_destroy_response(response);
	}
	answer_free(answer);
	return result;
}

static enum MHD_Result refuse(
	struct exchange *x, struct MHD_Connection *connection, enum http_refusal refusal, bool close_after)
{
	struct http_answer answer = { .status = 0 };

	x->http->config.refuse(x->http->config.context, refusal, &answer);
	return send_answer(x, connection, &answer, close_after);
}

/* A client that is still sending does not read, and would only see its connection cut: so the body is read first, unless
 * it is long, its end is not sure, or the client waits for a word before it sends (RFC 9110, 10.1.1). */
static enum MHD_Result refuse_head(struct exchange *x, struct MHD_Connection *connection, enum http_refusal refusal)
{
	bool waits = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Expect") != NULL;

	if (refusal == HTTP_BAD || refusal == HTTP_NO_LENGTH || x->expected > DRAIN_MAX || waits)
		return refuse(x, connection, refusal, true);
	x->refused = true;
	x->refusal = refusal;
	return MHD_YES;
}

/* ---- what is asked ---- */

static bool path_is(const struct http_route *route, const char *url, const char **rest)
{
	size_t len = strlen(route->path);

	*rest = "";
	if (route->path[len - 1] != '/')
		return strcmp(url, route->path) == 0;
	*rest = url + len;
	return strncmp(url, route->path, len) == 0 && url[len] != '\0';
}

static bool method_is(const struct http_route *route, const char *method)
{
	if (route->method == HTTP_POST)
		return strcmp(method, "POST") == 0;
	return strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
}

/* Leaves in x->route the route, or one with this path and another method; false for those. */
static bool find_route(struct exchange *x, const char *url, const char *method, enum http_refusal *refusal)
{
	const struct http_config *config = &x->http->config;
	const char *rest;

	*refusal = HTTP_NO_ROUTE;
	for (size_t i = 0; i < config->route_count; i++) {
		const struct http_route *route = &config->routes[i];

		if (!path_is(route, url, &rest))
			continue;
		x->route = route;
		x->request.rest = rest;
		if (method_is(route, method))
			return true;
		*refusal = HTTP_NO_METHOD;
	}
	return false;
}

/* Headers that two programs on the way may read differently when they come twice. */
struct headers {
	const char *length;
	const char *type;
	const char *encoding;
	const char *authorization;
	const char *forwarded_for;
	const char *forwarded_proto;
	const char *language;
	const char *host;
	bool twice;
};

static enum MHD_Result note_header(void *cls, enum MHD_ValueKind kind, const char *key, const char *value)
{
	struct headers *h = cls;
	const struct {
		const char *name;
		const char **at;
	} known[] = {
		{ "Content-Length", &h->length },
		{ "Content-Type", &h->type },
		{ "Transfer-Encoding", &h->encoding },
		{ "Authorization", &h->authorization },
		{ "Host", &h->host },
		{ "X-Forwarded-Proto", &h->forwarded_proto },
	};

	(void)kind;
	value = value != NULL ? value : "";
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (strcasecmp(key, known[i].name) == 0) {
			h->twice = h->twice || *known[i].at != NULL;
			*known[i].at = value;
		}
	/* The last of these is the proxy's own, whatever a client sent before. */
	if (strcasecmp(key, "X-Forwarded-For") == 0)
		h->forwarded_for = value;
	if (strcasecmp(key, "Accept-Language") == 0)
		h->language = value;
	return MHD_YES;
}

static bool read_length(const char *text, size_t *out)
{
	size_t length = 0;

	if (*text == '\0' || strlen(text) > 9)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		length = length * 10 + (size_t)(*text - '0');
	}
	*out = length;
	return true;
}

static bool type_is(const char *type, const char *wanted)
{
	size_t len = strlen(wanted);

	return type != NULL && strncasecmp(type, wanted, len) == 0 &&
		(type[len] == '\0' || type[len] == ';' || type[len] == ' ');
}

static bool check_body(const struct exchange *x, const struct headers *h, enum http_refusal *refusal)
{
	*refusal = HTTP_NO_LENGTH;
	if (x->route->takes != NULL && h->length == NULL)
		return false;
	*refusal = HTTP_TOO_LARGE;
	if (x->expected > (x->route->takes != NULL ? x->route->body_max : 0))
		return false;
	*refusal = HTTP_NO_TYPE;
	return x->route->takes == NULL || type_is(h->type, x->route->takes);
}

static const char *last_address(const char *list)
{
	const char *comma = strrchr(list, ',');

	list = comma != NULL ? comma + 1 : list;
	return list + strspn(list, " \t");
}

static void note_peer(struct exchange *x, const struct headers *h)
{
	uint8_t address[sizeof(struct in6_addr)];
	const char *text = h->forwarded_for != NULL ? last_address(h->forwarded_for) : "";

	if (x->connection != NULL)
		memcpy(x->request.peer, x->connection->peer, sizeof(x->request.peer));
	if (!x->http->config.behind_proxy || x->connection == NULL || x->connection->local)
		return;
	if (strlen(text) < HTTP_PEER_MAX &&
		(inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1))
		(void)snprintf(x->request.peer, HTTP_PEER_MAX, "%s", text);
}

static bool take_authorization(struct exchange *x, const char *text)
{
	static const struct {
		const char *scheme;
		size_t len;
	} schemes[] = { { "Bearer ", 7 }, { "Basic ", 6 } };
	struct secret **places[] = { &x->bearer, &x->basic };

	for (size_t i = 0; text != NULL && i < 2; i++) {
		const char *value = text + schemes[i].len;

		if (strncasecmp(text, schemes[i].scheme, schemes[i].len) != 0)
			continue;
		if (strlen(value) > BEARER_MAX || secret_new(places[i], strlen(value), NULL) != BE_OK)
			return false;
		(void)secret_add(*places[i], value, strlen(value), NULL);
	}
	return true;
}

static bool look_at_head(struct exchange *x, struct MHD_Connection *connection, const char *url, const char *method,
	enum http_refusal *refusal)
{
	struct headers h = { .twice = false };

	(void)MHD_get_connection_values(connection, MHD_HEADER_KIND, note_header, &h);
	note_peer(x, &h);
	*refusal = HTTP_BAD;
	if (h.twice || x->query == NULL || !take_authorization(x, h.authorization))
		return false;
	if (h.length != NULL && !read_length(h.length, &x->expected))
		return false;
	*refusal = HTTP_NO_LENGTH;
	if (h.encoding != NULL)
		return false;
	*refusal = HTTP_PLAIN;
	if (x->http->config.behind_proxy && h.forwarded_proto != NULL && strcasecmp(h.forwarded_proto, "http") == 0)
		return false;
	if (!find_route(x, url, method, refusal) || !check_body(x, &h, refusal))
		return false;
	*refusal = HTTP_CROWDED;
	if (x->expected > 0 && secret_new(&x->body, x->expected, NULL) != BE_OK)
		return false;
	x->request.query = x->query;
	x->request.language = h.language != NULL ? h.language : "";
	x->request.bearer = x->bearer;
	x->request.basic = x->basic;
	x->request.connection = x->connection;
	return true;
}

/* ---- the story of a request ---- */

/* The piece lies in libmicrohttpd's memory, which it would not wipe. It does not look at it again. */
static bool take_piece(struct exchange *x, const char *piece, size_t len)
{
	void *memory = (void *)(uintptr_t)piece;
	bool fits = x->refused || (x->body != NULL && secret_add(x->body, piece, len, NULL) == BE_OK);

	explicit_bzero(memory, len);
	return fits;
}

static enum MHD_Result handle(struct exchange *x, struct MHD_Connection *connection)
{
	struct http_answer answer = { .status = 0 };

	if (x->connection == NULL || !http_door_move(x->connection, HTTP_HANDLING))
		return MHD_NO;
	x->request.body = x->body;
	x->route->answer(x->http->config.context, x->route, &x->request, &answer);
	secret_free(&x->body);
	if (answer.status == 0)
		answer.status = 500;
	return send_answer(x, connection, &answer, atomic_load(&x->http->stopping));
}

enum MHD_Result http_exchange_go_on(void *http, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_len, void **exchange)
{
	struct exchange *x = *exchange;
	enum http_refusal refusal;
	bool fits;

	(void)http;
	(void)version;
	if (x == NULL)
		return MHD_NO;
	if (!x->begun) {
		x->begun = true;
		return look_at_head(x, connection, url, method, &refusal) ? MHD_YES
									  : refuse_head(x, connection, refusal);
	}
	if (*upload_len > 0) {
		fits = take_piece(x, upload, *upload_len);
		*upload_len = 0;
		return fits ? MHD_YES : MHD_NO;
	}
	if (x->answered)
		return MHD_YES;
	if (x->refused)
		return refuse(x, connection, x->refusal, false);
	if (x->body != NULL && secret_len(x->body) < x->expected)
		return MHD_NO;
	return handle(x, connection);
}
