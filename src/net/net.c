/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net.h"

#include "net/exchange.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define CONNECT_MS 10000u
#define TOTAL_MS 30000u
#define ASK_AGAIN 3u
#define RETRY_AFTER_MAX 60u
#define REDIRECTS 3u
#define WAIT_STEP_MS 50

enum be_err net_open(struct net **out, struct be_error *err)
{
	const struct net_curl *curl;
	struct net *net = NULL;
	enum be_err rc = net_curl(&curl, err);

	*out = NULL;
	if (rc != BE_OK)
		return rc;
	net = calloc(1, sizeof(*net));
	if (net != NULL) {
		net->curl = curl;
		net->easy = curl->easy_init();
		net->multi = curl->multi_init();
	}
	if (net == NULL || net->easy == NULL || net->multi == NULL) {
		net_close(&net);
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	}
	*out = net;
	return BE_OK;
}

void net_close(struct net **net)
{
	if (*net == NULL)
		return;
	if ((*net)->easy != NULL)
		(*net)->curl->easy_cleanup((*net)->easy);
	if ((*net)->multi != NULL)
		(void)(*net)->curl->multi_cleanup((*net)->multi);
	free(*net);
	*net = NULL;
}

void net_reply_free(struct net_reply *reply)
{
	if (reply->body.data != NULL)
		explicit_bzero(reply->body.data, reply->body.cap);
	buffer_free(&reply->body);
	*reply = NET_REPLY_EMPTY;
}

/* ---- one try ---- */

struct
try {
	const struct net_request *request;
	struct net_exchange exchange;
	struct net_reply *reply;
	struct curl_slist *headers;
	size_t max_reply;
	size_t header_bytes;
};

/* A buffer that grows leaves copies behind, and an answer may hold a token: it is grown here, and the old one wiped. */
static bool take_body(struct buffer *body, const void *bytes, size_t len)
{
	if (body->cap - body->len < len) {
		struct buffer larger = BUFFER_EMPTY;
		size_t cap = body->cap == 0 ? 4096 : body->cap;

		while (cap < body->len + len)
			cap *= 2;
		buffer_add_fill(&larger, 0, cap);
		if (larger.failed)
			return false;
		if (body->data != NULL) {
			memcpy(larger.data, body->data, body->len);
			explicit_bzero(body->data, body->cap);
		}
		larger.len = body->len;
		buffer_free(body);
		*body = larger;
	}
	buffer_add(body, bytes, len);
	return !body->failed;
}

static size_t on_body(char *bytes, size_t size, size_t count, void *arg)
{
	struct try *t = arg;
	size_t len = size * count;

	if (len > t->max_reply - t->reply->body.len) {
		t->exchange.too_much = true;
		return 0;
	}
	return take_body(&t->reply->body, bytes, len) ? len : 0;
}

static size_t on_header(char *bytes, size_t size, size_t count, void *arg)
{
	struct try *t = arg;

	(void)bytes;
	t->header_bytes += size * count;
	if (t->header_bytes <= NET_HEADERS_MAX)
		return size * count;
	t->exchange.too_much = true;
	return 0;
}

static bool add_header(struct try *t, const char *line)
{
	struct curl_slist *longer;

	for (const char *at = line; *at != '\0'; at++)
		if ((unsigned char)*at < 0x20 || *at == 0x7f)
			return false;
	longer = t->exchange.net->curl->slist_append(t->headers, line);
	if (longer == NULL)
		return false;
	t->headers = longer;
	return true;
}

static bool add_named(struct try *t, const char *name, const char *value)
{
	char line[512];
	int len = value != NULL ? snprintf(line, sizeof(line), "%s: %s", name, value) : 0;

	return value == NULL || (len > 0 && (size_t)len < sizeof(line) && add_header(t, line));
}

static bool add_authorization(struct try *t)
{
	static const char name[] = "Authorization: ";
	const struct secret *value = t->request->authorization;
	struct secret *line = NULL;
	bool good;

	if (value == NULL)
		return true;
	good = secret_new(&line, sizeof(name) + secret_len(value), NULL) == BE_OK &&
		secret_add(line, name, sizeof(name) - 1, NULL) == BE_OK &&
		secret_add(line, secret_bytes(value), secret_len(value), NULL) == BE_OK &&
		strlen((const char *)secret_bytes(line)) == secret_len(line) &&
		add_header(t, (const char *)secret_bytes(line));
	secret_free(&line);
	return good;
}

static bool set_headers(struct try *t)
{
	struct net *net = t->exchange.net;
	const char *const *more = t->request->headers;

	/* Without "Expect:" libcurl would ask for leave to send a large body, and wait a second for it. */
	if (!add_header(t, "Expect:") || !add_named(t, "Accept", t->request->accept) ||
		!add_named(t, "Content-Type", t->request->content_type) || !add_authorization(t))
		return false;
	for (; more != NULL && *more != NULL; more++)
		if (!add_header(t, *more))
			return false;
	return NET_SET(net, CURLOPT_HTTPHEADER, t->headers);
}

static bool set_method(struct try *t)
{
	struct net *net = t->exchange.net;
	const char *method = t->request->method;
	bool has_body = t->request->body != NULL;
	bool good = true;

	if (has_body || (method != NULL && strcmp(method, "POST") == 0))
		good = NET_SET(net, CURLOPT_POSTFIELDS, has_body ? t->request->body : "") &&
			NET_SET(net, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)t->request->body_len);
	if (good && method != NULL && strcmp(method, has_body ? "POST" : "GET") != 0)
		good = NET_SET(net, CURLOPT_CUSTOMREQUEST, method);
	return good;
}

/* What comes from a stranger is asked on a connection of its own: one that stands already was opened under another
 * policy. So is what must not be sent twice: a kept connection may be dead without our knowing. */
static bool set_connection(struct try *t, const char *proxy)
{
	struct net *net = t->exchange.net;
	bool stranger = t->request->peer == NET_STRANGER;

	return NET_SET(net, CURLOPT_FRESH_CONNECT, stranger || t->exchange.once ? 1L : 0L) &&
		NET_SET(net, CURLOPT_FORBID_REUSE, stranger ? 1L : 0L) &&
		NET_SET(net, CURLOPT_PROXY, proxy != NULL ? proxy : "") &&
		NET_SET(net, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) &&
		(t->request->socket_path == NULL || NET_SET(net, CURLOPT_UNIX_SOCKET_PATH, t->request->socket_path)) &&
		(t->request->pin == NULL || NET_SET(net, CURLOPT_PINNEDPUBLICKEY, t->request->pin)) &&
		NET_SET(net, CURLOPT_WRITEFUNCTION, on_body) && NET_SET(net, CURLOPT_WRITEDATA, t) &&
		NET_SET(net, CURLOPT_HEADERFUNCTION, on_header) && NET_SET(net, CURLOPT_HEADERDATA, t);
}

static void copy_text(char *out, size_t size, const char *text)
{
	size_t len = text != NULL ? strlen(text) : 0;

	out[0] = '\0';
	if (len < size)
		memcpy(out, text != NULL ? text : "", len + 1);
}

static void copy_type(char *out, size_t size, const char *type)
{
	size_t len = type != NULL ? strcspn(type, "; \t") : 0;

	if (len >= size)
		len = 0;
	for (size_t i = 0; i < len; i++)
		out[i] = (char)tolower((unsigned char)type[i]);
	out[len] = '\0';
}

static void read_answer(struct try *t, const char *url)
{
	struct net *net = t->exchange.net;
	long status = 0;
	curl_off_t retry_after = 0;
	char *text = NULL;

	(void)net->curl->easy_getinfo(net->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)net->curl->easy_getinfo(net->easy, CURLINFO_RETRY_AFTER, &retry_after);
	t->reply->status = status >= 100 && status <= 599 ? (uint32_t)status : 0;
	t->reply->retry_after = retry_after > 0 && retry_after < UINT32_MAX ? (uint32_t)retry_after : 0;
	(void)net->curl->easy_getinfo(net->easy, CURLINFO_CONTENT_TYPE, &text);
	copy_type(t->reply->content_type, sizeof(t->reply->content_type), text);
	text = NULL;
	(void)net->curl->easy_getinfo(net->easy, CURLINFO_REDIRECT_URL, &text);
	copy_text(t->reply->location, sizeof(t->reply->location), text);
	copy_text(t->reply->url, sizeof(t->reply->url), url);
}

/* Behind a proxy we see no addresses of the other side: what is written as a number is looked at here, and names that mean
 * something only in a local network are not asked. */
static bool proxy_may_ask(const char *host)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	bool allowed = strchr(host, '.') != NULL;

	if (getaddrinfo(host, NULL, &hints, &found) == 0) {
		allowed = net_address_allowed(found->ai_addr, NET_REACH_PUBLIC);
		freeaddrinfo(found);
	}
	return allowed;
}

static enum be_err ask_once(struct net *net, const struct net_request *request, const char *url,
	struct net_reply *reply, struct be_error *err)
{
	struct try t = { .request = request, .reply = reply };
	struct net_url parts;
	const char *proxy = NULL;
	CURLcode code;
	enum be_err rc = net_url_check(&parts, &t.exchange.reach, request, url, err);

	if (rc != BE_OK)
		return rc;
	if (request->socket_path == NULL)
		proxy = net_proxy_for(&parts);
	if (proxy != NULL && t.exchange.reach == NET_REACH_PUBLIC) {
		if (!proxy_may_ask(parts.host))
			return be_fail(err, BE_BLOCKED,
				N_("The address leads into this machine or a private network, and is not asked"), NULL);
		t.exchange.reach = NET_REACH_ANY;
	}
	t.exchange.cancel = request->cancel;
	t.exchange.progress = request->progress;
	t.exchange.progress_arg = request->progress_arg;
	t.exchange.once = !request->repeatable;
	t.max_reply = request->max_reply != 0 ? request->max_reply : NET_REPLY_MAX;
	rc = net_exchange_begin(net, &t.exchange, url, "http,https",
		request->connect_ms != 0 ? request->connect_ms : CONNECT_MS,
		request->total_ms != 0 ? request->total_ms : TOTAL_MS, request->ca_file, err);
	if (rc == BE_OK && (!set_headers(&t) || !set_method(&t) || !set_connection(&t, proxy)))
		rc = be_fail(err, BE_USAGE, N_("The request cannot be written down"), NULL);
	if (rc == BE_OK) {
		code = net_exchange_run(&t.exchange);
		if (code == CURLE_OK)
			read_answer(&t, url);
		else
			rc = net_exchange_fail(&t.exchange, code, !request->repeatable, err);
	}
	net->curl->slist_free_all(t.headers);
	return rc;
}

/* ---- again, and further ---- */

static bool worth_another(enum be_err rc, uint32_t status)
{
	return rc == BE_NETWORK || (rc == BE_OK && (status == 429 || status == 502 || status == 503 || status == 504));
}

/* False when it was cancelled meanwhile. */
static bool wait_a_little(unsigned tries, uint32_t retry_after, const atomic_bool *cancel)
{
	uint8_t jitter = 0;
	uint32_t ms = 500u << tries;

	if (getrandom(&jitter, sizeof(jitter), GRND_NONBLOCK) < 0)
		jitter = 0;
	ms += ms * jitter / 1024u;
	if (retry_after != 0)
		ms = 1000u * (retry_after < RETRY_AFTER_MAX ? retry_after : RETRY_AFTER_MAX);
	for (uint32_t waited = 0; waited < ms; waited += WAIT_STEP_MS) {
		if (cancel != NULL && atomic_load(cancel))
			return false;
		(void)poll(NULL, 0, WAIT_STEP_MS);
	}
	return true;
}

static enum be_err ask(struct net *net, const struct net_request *request, const char *url, struct net_reply *reply,
	struct be_error *err)
{
	enum be_err rc = ask_once(net, request, url, reply, err);

	for (unsigned tries = 0; request->repeatable && tries < ASK_AGAIN && worth_another(rc, reply->status);
		tries++) {
		if (!wait_a_little(tries, reply->retry_after, request->cancel))
			return be_fail(err, BE_CANCELLED, N_("Cancelled"), NULL);
		net_reply_free(reply);
		rc = ask_once(net, request, url, reply, err);
	}
	return rc;
}

static bool is_redirect(const struct net_reply *reply)
{
	return reply->location[0] != '\0' &&
		(reply->status == 301 || reply->status == 302 || reply->status == 303 || reply->status == 307 ||
			reply->status == 308);
}

static enum be_err check_type(const struct net_request *request, const struct net_reply *reply, struct be_error *err)
{
	if (request->accept == NULL || reply->status < 200 || reply->status > 299 || reply->status == 204 ||
		strcmp(request->accept, reply->content_type) == 0)
		return BE_OK;
	return be_fail(err, BE_MALFORMED, N_("The answer is of another kind than was asked for"), "%s instead of %s",
		reply->content_type[0] != '\0' ? reply->content_type : "nothing said", request->accept);
}

enum be_err net_send(struct net *net, const struct net_request *request, struct net_reply *out, struct be_error *err)
{
	char url[NET_URL_MAX];
	bool follow = request->peer == NET_STRANGER && request->body == NULL && !request->stay;
	enum be_err rc;

	*out = NET_REPLY_EMPTY;
	if (request->peer == NET_STRANGER && request->authorization != NULL)
		return be_fail(err, BE_USAGE, N_("A stranger is never sent a secret"), NULL);
	rc = ask(net, request, request->url, out, err);
	for (unsigned hop = 0; rc == BE_OK && follow && is_redirect(out); hop++) {
		if (hop == REDIRECTS) {
			rc = be_fail(err, BE_LIMIT, N_("The address leads on and on"), NULL);
			break;
		}
		copy_text(url, sizeof(url), out->location);
		net_reply_free(out);
		rc = ask(net, request, url, out, err);
	}
	if (rc == BE_OK)
		rc = check_type(request, out, err);
	if (rc != BE_OK)
		net_reply_free(out);
	return rc;
}
