/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "service/http.h"
#include "service/log.h"

#include <arpa/inet.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* ---- a service of a few routes ---- */

static atomic_uint handled;

static void put(struct secret *body, const char *text)
{
	assert_int_equal(secret_add(body, text, strlen(text), NULL), BE_OK);
}

static void echo(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	(void)context;
	(void)route;
	atomic_fetch_add(&handled, 1);
	answer->status = 200;
	answer->type = "text/plain";
	assert_int_equal(secret_new(&answer->body, 70000, NULL), BE_OK);
	put(answer->body, request->rest);
	put(answer->body, "|");
	put(answer->body, request->query);
	put(answer->body, "|");
	put(answer->body, request->peer);
	put(answer->body, "|");
	put(answer->body, request->bearer != NULL ? (const char *)secret_bytes(request->bearer) : "-");
	put(answer->body, "|");
	put(answer->body, request->body != NULL ? (const char *)secret_bytes(request->body) : "-");
}

static void wait_long(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	(void)context;
	(void)route;
	atomic_fetch_add(&handled, 1);
	answer->status = http_wait(request, 60000) ? 200 : 204;
	atomic_fetch_add(&handled, 1);
}

static void forget(
	void *context, const struct http_route *route, const struct http_request *request, struct http_answer *answer)
{
	(void)context;
	(void)route;
	(void)request;
	(void)answer;
}

static const struct http_route routes[] = {
	{ HTTP_GET, "/get", NULL, 0, echo, NULL },
	{ HTTP_GET, "/below/", NULL, 0, echo, NULL },
	{ HTTP_POST, "/post", "application/json", 100, echo, NULL },
	{ HTTP_POST, "/large", "application/octet-stream", 65536, echo, NULL },
	{ HTTP_GET, "/wait", NULL, 0, wait_long, NULL },
	{ HTTP_GET, "/forget", NULL, 0, forget, NULL },
};

static void refuse(void *context, enum http_refusal refusal, struct http_answer *answer)
{
	static const unsigned statuses[] = { 400, 404, 405, 408, 411, 413, 415, 400, 503 };

	(void)context;
	answer->status = statuses[refusal];
	answer->type = "text/plain";
	assert_int_equal(secret_new(&answer->body, 64, NULL), BE_OK);
	put(answer->body, refusal == HTTP_PLAIN ? "https, please" : "no");
}

struct place {
	char dir[64];
	char socket[100];
	struct http_config config;
	struct http *http;
};

static void start(struct place *place)
{
	struct be_error err = { 0 };

	place->config.routes = routes;
	place->config.route_count = sizeof(routes) / sizeof(routes[0]);
	place->config.refuse = refuse;
	if (http_start(&place->http, &place->config, &err) != BE_OK)
		fail_msg("%s (%s)", err.msgid, err.detail);
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	assert_non_null(place);
	(void)snprintf(place->dir, sizeof(place->dir), "/tmp/besign-http-XXXXXX");
	assert_non_null(mkdtemp(place->dir));
	(void)snprintf(place->socket, sizeof(place->socket), "%s/s", place->dir);
	place->config.socket = place->socket;
	place->config.listen = "127.0.0.1:0";
	atomic_store(&handled, 0);
	service_log_to(-1, SERVICE_LOG_ERROR);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	struct place *place = *state;

	http_free(&place->http);
	(void)rmdir(place->dir);
	free(place);
	return 0;
}

/* ---- a client that sends what it is given ---- */

static int dial(const struct place *place)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(http_port(place->http)) };
	struct timeval patience = { 20, 0 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	return fd;
}

static int dial_socket(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0) {
		(void)close(fd);
		return -1;
	}
	return fd;
}

static void say(int fd, const char *text)
{
	assert_int_equal(send(fd, text, strlen(text), MSG_NOSIGNAL), (ssize_t)strlen(text));
}

/* Everything until the other side closes. */
static const char *listen_to(int fd)
{
	static char heard[131072];
	size_t len = 0;
	ssize_t n;

	while (len < sizeof(heard) - 1 && (n = recv(fd, heard + len, sizeof(heard) - 1 - len, 0)) > 0)
		len += (size_t)n;
	heard[len] = '\0';
	(void)close(fd);
	return heard;
}

static const char *ask(const struct place *place, const char *request)
{
	int fd = dial(place);

	say(fd, request);
	return listen_to(fd);
}

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define END "Host: a\r\nConnection: close\r\n\r\n"

static unsigned status_of(const char *answer)
{
	unsigned status = 0;

	return sscanf(answer, "HTTP/1.1 %u", &status) == 1 ? status : 0;
}

static const char *body_of(const char *answer)
{
	const char *body = strstr(answer, "\r\n\r\n");

	return body != NULL ? body + 4 : "";
}

/* ---- the tests ---- */

static void a_route_gets_what_was_asked(void **state)
{
	struct place *place = *state;

	start(place);
	assert_string_equal(body_of(ask(place, "GET /get?a=%20b HTTP/1.1\r\n" END)), "|a=%20b|127.0.0.1|-|-");
	assert_string_equal(body_of(ask(place, "GET /below/x%2Fy/z HTTP/1.1\r\nAuthorization: Bearer t0ken\r\n" END)),
		"x%2Fy/z||127.0.0.1|t0ken|-");
	assert_string_equal(
		body_of(ask(place,
			"POST /post HTTP/1.1\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n" END
			"{}")),
		"||127.0.0.1|-|{}");
	assert_string_equal(body_of(ask(place, "HEAD /get HTTP/1.1\r\n" END)), "");
	assert_int_equal(atomic_load(&handled), 4);
}

static void every_answer_forbids_what_no_answer_needs(void **state)
{
	static const char *const headers[] = { "Cache-Control: no-store\r\n", "X-Content-Type-Options: nosniff\r\n",
		"X-Frame-Options: DENY\r\n", "Referrer-Policy: no-referrer\r\n",
		"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\n" };
	struct place *place = *state;
	const char *answer;

	start(place);
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		answer = ask(place, "GET /get HTTP/1.1\r\n" END);
		assert_non_null(strstr(answer, headers[i]));
		answer = ask(place, "GET /nowhere HTTP/1.1\r\n" END);
		assert_non_null(strstr(answer, headers[i]));
	}
	assert_null(strstr(answer, "Server:"));
}

static const struct {
	const char *what;
	const char *request;
	unsigned status;
} wrong[] = {
	{ "no such path", "GET /nowhere HTTP/1.1\r\n" END, 404 },
	{ "a path that only begins so", "GET /getting HTTP/1.1\r\n" END, 404 },
	{ "nothing below a path that takes something", "GET /below/ HTTP/1.1\r\n" END, 404 },
	{ "another method", "GET /post HTTP/1.1\r\n" END, 405 },
	{ "a method that nobody knows", "BREW /get HTTP/1.1\r\n" END, 405 },
	{ "no length", "POST /post HTTP/1.1\r\nContent-Type: application/json\r\n" END, 411 },
	{ "chunks",
		"POST /post HTTP/1.1\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n" END
		"0\r\n\r\n",
		411 },
	{ "a body that is too large",
		"POST /post HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 101\r\n" END HUNDRED "x",
		413 },
	{ "a body that is said to be huge",
		"POST /post HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 999999999\r\n" END, 413 },
	{ "a body where none belongs", "GET /get HTTP/1.1\r\nContent-Length: 3\r\n" END "abc", 413 },
	{ "another type", "POST /post HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n" END "{}", 415 },
	{ "a type that only begins so",
		"POST /post HTTP/1.1\r\nContent-Type: application/jsonp\r\nContent-Length: 2\r\n" END "{}", 415 },
	{ "no type", "POST /post HTTP/1.1\r\nContent-Length: 2\r\n" END "{}", 415 },
	{ "two lengths",
		"POST /post HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 2\r\n" END
		"{}",
		400 },
	{ "a length that is none",
		"POST /post HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: -2\r\n" END "{}", 400 },
	{ "two authorizations", "GET /get HTTP/1.1\r\nAuthorization: Bearer a\r\nAuthorization: Bearer b\r\n" END,
		400 },
	{ "no host", "GET /get HTTP/1.1\r\nConnection: close\r\n\r\n", 400 },
	{ "a handler that forgot to answer", "GET /forget HTTP/1.1\r\n" END, 500 },
};

static void what_is_wrong_is_refused_before_a_handler_sees_it(void **state)
{
	struct place *place = *state;

	start(place);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		const char *answer = ask(place, wrong[i].request);

		if (status_of(answer) != wrong[i].status)
			fail_msg("%s: %.80s", wrong[i].what, answer);
	}
	assert_int_equal(atomic_load(&handled), 0);
}

/* A client that sends everything before it reads gets to read why it was refused. */
static void who_sends_too_much_can_read_the_refusal(void **state)
{
	struct place *place = *state;
	char *body = malloc(900001);
	int fd;

	start(place);
	assert_non_null(body);
	memset(body, 'z', 900000);
	body[900000] = '\0';
	fd = dial(place);
	say(fd, "POST /large HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 900000\r\n\r\n");
	say(fd, body);
	say(fd, "GET /get HTTP/1.1\r\n" END);
	assert_int_equal(status_of(listen_to(fd)), 413);
	assert_int_equal(atomic_load(&handled), 1);
	/* Who asks first is told at once. */
	assert_int_equal(status_of(ask(place,
				 "POST /large HTTP/1.1\r\nContent-Type: application/octet-stream\r\n"
				 "Content-Length: 900000\r\nExpect: 100-continue\r\n" END)),
		413);
	free(body);
}

static void headers_without_end_are_cut(void **state)
{
	struct place *place = *state;
	char line[1024];
	int fd;

	start(place);
	memset(line, 'x', sizeof(line) - 1);
	line[sizeof(line) - 1] = '\0';
	memcpy(line, "X-A: ", 5);
	memcpy(line + sizeof(line) - 3, "\r\n", 2);
	fd = dial(place);
	say(fd, "GET /get HTTP/1.1\r\n");
	for (int i = 0; i < 64; i++)
		if (send(fd, line, strlen(line), MSG_NOSIGNAL) < 0)
			break;
	assert_int_not_equal(status_of(listen_to(fd)), 200);
	assert_int_equal(atomic_load(&handled), 0);
}

static void one_connection_serves_many_requests_and_large_bodies(void **state)
{
	static const char head[] =
		"POST /large HTTP/1.1\r\nHost: a\r\nContent-Type: application/octet-stream\r\nContent-Length: 65536\r\n";
	struct place *place = *state;
	char *body = malloc(65537);
	const char *answer;
	int fd;

	start(place);
	assert_non_null(body);
	memset(body, 'y', 65536);
	body[65536] = '\0';
	fd = dial(place);
	say(fd, "GET /get HTTP/1.1\r\nHost: a\r\n\r\nGET /get HTTP/1.1\r\nHost: a\r\n\r\n");
	say(fd, head);
	say(fd, "Connection: close\r\n\r\n");
	say(fd, body);
	answer = listen_to(fd);
	assert_int_equal(atomic_load(&handled), 3);
	assert_non_null(strstr(answer, body));
	free(body);
}

static void a_slow_request_is_cut_however_it_dribbles(void **state)
{
	static const char *const beginnings[] = { "", "G", "GET /get HTTP/1.1\r\nHost: a\r\n",
		"POST /post HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n" };
	struct place *place = *state;
	struct timespec nap = { 0, 20000000 };

	place->config.times = (struct http_times){ 600, 600, 600 };
	start(place);
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		int fd = dial(place);
		int sent = 0;
		const char *answer;

		if (beginnings[i][0] != '\0')
			say(fd, beginnings[i]);
		/* A byte now and then, for as long as the other side takes it. */
		for (; i > 0 && sent < 400 && send(fd, i == 3 ? "{" : "a", 1, MSG_NOSIGNAL) == 1; sent++)
			(void)nanosleep(&nap, NULL);
		answer = listen_to(fd);
		assert_true(sent < 80);
		assert_true(i < 2 || answer[0] == '\0' || status_of(answer) == 408);
	}
	assert_int_equal(atomic_load(&handled), 0);
	assert_int_equal(http_idle_seconds(place->http), 0);
}

static void too_many_connections_are_told_so(void **state)
{
	struct place *place = *state;
	int fds[8];
	const char *answer;

	place->config.connections = 4;
	start(place);
	/* Half of them from one address. */
	for (size_t i = 0; i < 2; i++) {
		fds[i] = dial(place);
		say(fds[i], "GET /get HTTP/1.1\r\n");
	}
	while (http_connections(place->http) < 2)
		(void)sched_yield();
	answer = ask(place, "GET /get HTTP/1.1\r\n" END);
	assert_int_equal(status_of(answer), 503);
	assert_non_null(strstr(answer, "Retry-After:"));
	/* The socket has no such share, only the limit of all. */
	for (size_t i = 2; i < 4; i++) {
		fds[i] = dial_socket(place->socket);
		say(fds[i], "GET /get HTTP/1.1\r\n");
	}
	while (http_connections(place->http) < 4)
		(void)sched_yield();
	fds[4] = dial_socket(place->socket);
	say(fds[4], "GET /get HTTP/1.1\r\n" END);
	assert_int_equal(status_of(listen_to(fds[4])), 503);
	(void)close(fds[0]);
	while (http_connections(place->http) > 3)
		(void)sched_yield();
	assert_int_equal(status_of(ask(place, "GET /get HTTP/1.1\r\n" END)), 200);
	for (size_t i = 1; i < 4; i++)
		(void)close(fds[i]);
}

static void those_who_say_nothing_do_not_keep_others_out(void **state)
{
	struct place *place = *state;
	int fds[600];

	start(place);
	for (size_t i = 0; i < 600; i++)
		fds[i] = dial(place);
	assert_int_equal(status_of(ask(place, "GET /get HTTP/1.1\r\n" END)), 200);
	for (size_t i = 0; i < 600; i++)
		(void)close(fds[i]);
}

static void the_socket_is_the_owners_and_a_left_over_one_is_replaced(void **state)
{
	struct place *place = *state;
	struct http *second = NULL;
	struct stat about;
	int fd;

	start(place);
	assert_int_equal(stat(place->socket, &about), 0);
	assert_int_equal(about.st_mode & 0777, 0600);
	fd = dial_socket(place->socket);
	say(fd, "GET /get HTTP/1.1\r\n" END);
	assert_string_equal(body_of(listen_to(fd)), "|||-|-");
	assert_int_equal(http_start(&second, &place->config, NULL), BE_EXISTS);
	assert_null(second);

	/* As after a kill: the name is there, and nobody behind it. */
	http_free(&place->http);
	assert_int_equal(access(place->socket, F_OK), -1);
	{
		struct sockaddr_un at = { .sun_family = AF_UNIX };

		(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", place->socket);
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
		(void)close(fd);
	}
	start(place);
	fd = dial_socket(place->socket);
	say(fd, "GET /get HTTP/1.1\r\n" END);
	assert_int_equal(status_of(listen_to(fd)), 200);
}

static void *stop(void *arg)
{
	http_stop(arg, 20);
	return NULL;
}

static void stopping_wakes_those_who_wait_and_lets_them_finish(void **state)
{
	struct place *place = *state;
	pthread_t thread;
	const char *answer;
	int fd;

	start(place);
	fd = dial(place);
	say(fd, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
	while (atomic_load(&handled) < 1)
		(void)sched_yield();
	assert_int_equal(http_idle_seconds(place->http), 0);
	assert_int_equal(pthread_create(&thread, NULL, stop, place->http), 0);
	answer = listen_to(fd);
	assert_int_equal(status_of(answer), 204);
	(void)pthread_join(thread, NULL);
	assert_int_equal(dial_socket(place->socket), -1);
}

static void waiting_ends_when_the_client_is_gone(void **state)
{
	struct place *place = *state;
	int fd;

	start(place);
	fd = dial(place);
	say(fd, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n");
	while (atomic_load(&handled) < 1)
		(void)sched_yield();
	(void)close(fd);
	/* A request that ends wakes the others, who then look. */
	assert_int_equal(status_of(ask(place, "GET /get HTTP/1.1\r\n" END)), 200);
	http_stop(place->http, 20);
	assert_int_equal(atomic_load(&handled), 3);
}

static void a_proxy_says_who_asks(void **state)
{
	struct place *place = *state;

	place->config.behind_proxy = true;
	place->config.listen = "0.0.0.0:0";
	start(place);
	assert_string_equal(body_of(ask(place, "GET /get HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9, 192.0.2.7\r\n" END)),
		"||192.0.2.7|-|-");
	assert_string_equal(
		body_of(ask(place,
			"GET /get HTTP/1.1\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-For: 2001:db8::1\r\n" END)),
		"||2001:db8::1|-|-");
	assert_string_equal(
		body_of(ask(place, "GET /get HTTP/1.1\r\nX-Forwarded-For: somebody\r\n" END)), "||127.0.0.1|-|-");
	assert_int_equal(status_of(ask(place, "GET /get HTTP/1.1\r\nX-Forwarded-Proto: http\r\n" END)), 400);
	assert_non_null(strstr(
		ask(place, "GET /get HTTP/1.1\r\nX-Forwarded-Proto: https\r\n" END), "Strict-Transport-Security:"));
}

static void without_a_proxy_nobody_is_believed(void **state)
{
	struct place *place = *state;

	start(place);
	assert_string_equal(
		body_of(ask(place, "GET /get HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7\r\n" END)), "||127.0.0.1|-|-");
}

static void plain_http_needs_a_loopback_address(void **state)
{
	static const char *const addresses[] = { "0.0.0.0:0", "[::]:0", "localhost:0", "127.0.0.1", ":80",
		"127.0.0.1:x", "" };
	struct place *place = *state;

	place->config.refuse = refuse;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		place->config.listen = addresses[i];
		assert_int_equal(http_start(&place->http, &place->config, NULL), BE_USAGE);
		assert_null(place->http);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
		T(a_route_gets_what_was_asked),
		T(every_answer_forbids_what_no_answer_needs),
		T(what_is_wrong_is_refused_before_a_handler_sees_it),
		T(who_sends_too_much_can_read_the_refusal),
		T(headers_without_end_are_cut),
		T(one_connection_serves_many_requests_and_large_bodies),
		T(a_slow_request_is_cut_however_it_dribbles),
		T(too_many_connections_are_told_so),
		T(those_who_say_nothing_do_not_keep_others_out),
		T(the_socket_is_the_owners_and_a_left_over_one_is_replaced),
		T(stopping_wakes_those_who_wait_and_lets_them_finish),
		T(waiting_ends_when_the_client_is_gone),
		T(a_proxy_says_who_asks),
		T(without_a_proxy_nobody_is_believed),
		T(plain_http_needs_a_loopback_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
