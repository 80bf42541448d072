/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/net.h"
#include "net/address.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

/* ---- a server that does what its paths are called ---- */

#define REQUEST_MAX 65536

static int listener = -1, unix_listener = -1;
static int wake[2];
static uint16_t port;
static char unix_path[108];
static pthread_t thread;
static atomic_uint seen;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char last[REQUEST_MAX];

static void say(int fd, const char *text)
{
	size_t len = strlen(text);

	while (len > 0) {
		ssize_t wrote = write(fd, text, len);

		if (wrote <= 0)
			return;
		text += wrote;
		len -= (size_t)wrote;
	}
}

static void answer(int fd, const char *head, const char *body)
{
	char line[512];

	(void)snprintf(line, sizeof(line), "HTTP/1.1 %s\r\nContent-Length: %zu\r\n\r\n", head, strlen(body));
	say(fd, line);
	say(fd, body);
}

static void wait_for_the_end(void)
{
	struct pollfd end = { wake[0], POLLIN, 0 };

	(void)poll(&end, 1, 20000);
}

static void many(int fd, const char *head, const char *piece, unsigned count)
{
	say(fd, head);
	for (unsigned i = 0; i < count; i++)
		say(fd, piece);
}

static void serve_path(int fd, const char *path, unsigned count)
{
	if (strcmp(path, "/ok") == 0)
		answer(fd, "200 OK\r\nContent-Type: Application/JSON; charset=utf-8", "{\"ok\":true}");
	else if (strcmp(path, "/busy") == 0 && count < 3)
		answer(fd, "503 Busy\r\nRetry-After: 1", "");
	else if (strcmp(path, "/busy") == 0)
		answer(fd, "200 OK", "done");
	else if (strcmp(path, "/redirect") == 0)
		answer(fd, "302 Found\r\nLocation: /ok", "");
	else if (strcmp(path, "/refused") == 0)
		answer(fd, "401 Unauthorized\r\nContent-Type: text/html", "<p>no");
	else if (strcmp(path, "/half") == 0)
		say(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf");
	else if (strcmp(path, "/garbage") == 0)
		say(fd, "220 mail.contoh.example ESMTP\r\n");
	else if (strcmp(path, "/endless") == 0)
		many(fd, "HTTP/1.1 200 OK\r\n\r\n", "0123456789012345678901234567890123456789", 100000);
	else if (strcmp(path, "/headers") == 0)
		many(fd, "HTTP/1.1 200 OK\r\n", "X-Filler: 01234567890123456789012345678901234567\r\n", 5000);
	else if (strcmp(path, "/silent") == 0)
		wait_for_the_end();
	/* "/reset" and all others: closed without a word. */
}

/* One request, its body as long as it says. */
static bool read_request(int fd, char *out, size_t size)
{
	size_t len = 0, want = 0;

	while (len + 1 < size) {
		ssize_t got = read(fd, out + len, size - len - 1);
		const char *end, *said;

		if (got <= 0)
			return false;
		len += (size_t)got;
		out[len] = '\0';
		/* Somebody begins TLS. */
		if (out[0] == 0x16)
			return false;
		end = strstr(out, "\r\n\r\n");
		if (end == NULL)
			continue;
		said = strcasestr(out, "\r\nContent-Length: ");
		want = (size_t)(end - out) + 4 + (said != NULL && said < end ? strtoul(said + 18, NULL, 10) : 0);
		if (len >= want)
			return true;
	}
	return false;
}

static void serve(int fd)
{
	static char request[REQUEST_MAX];
	char path[256] = "";

	if (read_request(fd, request, sizeof(request))) {
		unsigned count = atomic_fetch_add(&seen, 1) + 1;

		(void)sscanf(request, "%*15s %255s", path);
		(void)pthread_mutex_lock(&lock);
		memcpy(last, request, sizeof(last));
		(void)pthread_mutex_unlock(&lock);
		if (strncmp(path, "http://", 7) == 0)
			answer(fd, "200 OK", "by the proxy");
		else
			serve_path(fd, path, count);
	}
	(void)close(fd);
}

static void *run(void *arg)
{
	(void)arg;
	for (;;) {
		struct pollfd fds[] = { { listener, POLLIN, 0 }, { unix_listener, POLLIN, 0 }, { wake[0], POLLIN, 0 } };

		if (poll(fds, 3, -1) < 0 || (fds[2].revents & POLLHUP) != 0)
			return NULL;
		if (fds[2].revents != 0) {
			char byte;

			if (read(wake[0], &byte, 1) != 1)
				return NULL;
		}
		for (int i = 0; i < 2; i++)
			if (fds[i].revents != 0)
				serve(accept4(fds[i].fd, NULL, NULL, SOCK_CLOEXEC));
	}
}

static int start_server(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	socklen_t len = sizeof(address);

	(void)state;
	(void)signal(SIGPIPE, SIG_IGN);
	(void)unsetenv("http_proxy");
	(void)unsetenv("https_proxy");
	(void)unsetenv("all_proxy");
	(void)unsetenv("no_proxy");
	assert_int_equal(pipe(wake), 0);
	listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(listener, 16), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	port = ntohs(address.sin_port);
	(void)snprintf(unix_path, sizeof(unix_path), "/tmp/besign-net-%d", (int)getpid());
	(void)strcpy(name.sun_path, unix_path);
	(void)unlink(unix_path);
	unix_listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(unix_listener, (struct sockaddr *)&name, sizeof(name)), 0);
	assert_int_equal(listen(unix_listener, 16), 0);
	return pthread_create(&thread, NULL, run, NULL);
}

static int stop_server(void **state)
{
	(void)state;
	(void)close(wake[1]);
	(void)pthread_join(thread, NULL);
	(void)close(listener);
	(void)close(unix_listener);
	(void)unlink(unix_path);
	return 0;
}

/* ---- asking it ---- */

static struct net *net;

static int open_net(void **state)
{
	(void)state;
	atomic_store(&seen, 0);
	return net_open(&net, NULL) == BE_OK ? 0 : -1;
}

static int close_net(void **state)
{
	(void)state;
	net_close(&net);
	return 0;
}

static const char *at(const char *path)
{
	static char url[128];

	(void)snprintf(url, sizeof(url), "http://127.0.0.1:%u%s", port, path);
	return url;
}

static bool was_sent(const char *text)
{
	bool found;

	(void)pthread_mutex_lock(&lock);
	found = strstr(last, text) != NULL;
	(void)pthread_mutex_unlock(&lock);
	return found;
}

static enum be_err get(struct net_reply *reply, const char *path, bool repeatable, struct be_error *err)
{
	const struct net_request request = { .url = at(path), .repeatable = repeatable, .total_ms = 3000 };

	return net_send(net, &request, reply, err);
}

static enum be_err post(struct net_reply *reply, const char *path, struct be_error *err)
{
	const struct net_request request = {
		.url = at(path), .content_type = "application/json", .body = "{}", .body_len = 2, .total_ms = 3000
	};

	return net_send(net, &request, reply, err);
}

static void an_answer_comes_with_its_kind(void **state)
{
	struct net_reply reply;
	struct be_error err = { .code = BE_OK };
	struct net_request request = { .url = at("/ok"), .accept = "application/json", .repeatable = true };

	(void)state;
	assert_int_equal(net_send(net, &request, &reply, &err), BE_OK);
	assert_int_equal(reply.status, 200);
	assert_string_equal(reply.content_type, "application/json");
	assert_int_equal(reply.body.len, 11);
	assert_memory_equal(reply.body.data, "{\"ok\":true}", 11);
	net_reply_free(&reply);
	request.accept = "application/ocsp-response";
	assert_int_equal(net_send(net, &request, &reply, &err), BE_MALFORMED);
	assert_null(reply.body.data);
	/* An error's answer is what it is. */
	request.url = at("/refused");
	assert_int_equal(net_send(net, &request, &reply, &err), BE_OK);
	assert_int_equal(reply.status, 401);
	net_reply_free(&reply);
}

static void a_socket_takes_the_place_of_the_network(void **state)
{
	struct net_reply reply;
	const struct net_request request = {
		.url = "http://localhost/ok", .socket_path = unix_path, .repeatable = true
	};

	(void)state;
	assert_int_equal(net_send(net, &request, &reply, NULL), BE_OK);
	assert_int_equal(reply.status, 200);
	assert_true(was_sent("\r\nHost: localhost\r\n"));
	net_reply_free(&reply);
}

static void a_request_is_sent_as_it_was_meant(void **state)
{
	static const char *const headers[] = { "Idempotency-Key: 7", NULL };
	static const char *const injected[] = { "X: 1\r\nY: 2", NULL };
	struct secret *token = NULL;
	struct net_reply reply;
	struct net_request request = { .url = at("/ok"),
		.content_type = "application/json",
		.body = "{\"a\":1}",
		.body_len = 7,
		.headers = headers };

	(void)state;
	assert_int_equal(secret_new(&token, 64, NULL), BE_OK);
	assert_int_equal(secret_add(token, "Bearer abc", 10, NULL), BE_OK);
	request.authorization = token;
	assert_int_equal(net_send(net, &request, &reply, NULL), BE_OK);
	net_reply_free(&reply);
	assert_true(was_sent("POST /ok HTTP/1.1\r\n"));
	assert_true(was_sent("\r\nAuthorization: Bearer abc\r\n"));
	assert_true(was_sent("\r\nIdempotency-Key: 7\r\n"));
	assert_true(was_sent("\r\nContent-Type: application/json\r\n"));
	assert_true(was_sent("\r\n\r\n{\"a\":1}"));
	assert_false(was_sent("Expect:"));
	assert_false(was_sent("Accept-Encoding:"));
	request.headers = injected;
	assert_int_equal(net_send(net, &request, &reply, NULL), BE_USAGE);
	request.headers = NULL;
	assert_int_equal(secret_add(token, "\r\nX: 1", 6, NULL), BE_OK);
	assert_int_equal(net_send(net, &request, &reply, NULL), BE_USAGE);
	assert_int_equal(atomic_load(&seen), 1);
	/* A stranger is sent no secret at all. */
	request.peer = NET_STRANGER;
	assert_int_equal(net_send(net, &request, &reply, NULL), BE_USAGE);
	secret_free(&token);
}

/* The word that decides whether somebody signs a second time. */
static void what_was_sent_and_not_answered_is_an_unknown_outcome_and_sent_once(void **state)
{
	static const char *const paths[] = { "/reset", "/half", "/garbage" };
	struct be_error err = { .code = BE_OK };
	struct net_reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		atomic_store(&seen, 0);
		assert_int_equal(post(&reply, paths[i], &err), BE_UNKNOWN_OUTCOME);
		assert_int_equal(atomic_load(&seen), 1);
		assert_null(reply.body.data);
	}
	/* Also on a connection that served before. */
	assert_int_equal(post(&reply, "/ok", &err), BE_OK);
	net_reply_free(&reply);
	atomic_store(&seen, 0);
	assert_int_equal(post(&reply, "/reset", &err), BE_UNKNOWN_OUTCOME);
	assert_int_equal(atomic_load(&seen), 1);
	assert_null(strstr(err.detail, "/reset"));
}

static void nobody_there_is_no_unknown_outcome(void **state)
{
	const struct net_request request = {
		.url = "http://127.0.0.1:1/", .body = "{}", .body_len = 2, .total_ms = 3000
	};
	struct net_reply reply;
	struct be_error err = { .code = BE_OK };

	(void)state;
	assert_int_equal(net_send(net, &request, &reply, &err), BE_NETWORK);
}

static void what_may_be_repeated_is_repeated(void **state)
{
	struct net_reply reply;
	struct be_error err = { .code = BE_OK };

	(void)state;
	assert_int_equal(get(&reply, "/busy", true, &err), BE_OK);
	assert_int_equal(reply.status, 200);
	assert_int_equal(atomic_load(&seen), 3);
	net_reply_free(&reply);
	atomic_store(&seen, 0);
	assert_int_equal(get(&reply, "/busy", false, &err), BE_OK);
	assert_int_equal(reply.status, 503);
	assert_int_equal(reply.retry_after, 1);
	assert_int_equal(atomic_load(&seen), 1);
	net_reply_free(&reply);
}

static void more_than_agreed_is_not_taken(void **state)
{
	struct net_request request = { .url = at("/endless"), .max_reply = 1000, .total_ms = 3000, .repeatable = true };
	struct net_reply reply;
	struct be_error err = { .code = BE_OK };

	(void)state;
	assert_int_equal(net_send(net, &request, &reply, &err), BE_LIMIT);
	assert_null(reply.body.data);
	request.url = at("/headers");
	assert_int_equal(net_send(net, &request, &reply, &err), BE_LIMIT);
	request.url = at("/ok");
	request.max_reply = 10;
	assert_int_equal(net_send(net, &request, &reply, &err), BE_LIMIT);
	request.max_reply = 11;
	assert_int_equal(net_send(net, &request, &reply, &err), BE_OK);
	net_reply_free(&reply);
}

static void a_redirect_is_told_and_not_followed(void **state)
{
	struct net_reply reply;

	(void)state;
	assert_int_equal(get(&reply, "/redirect", true, NULL), BE_OK);
	assert_int_equal(reply.status, 302);
	assert_string_equal(reply.location, at("/ok"));
	assert_int_equal(atomic_load(&seen), 1);
	net_reply_free(&reply);
}

struct canceller {
	atomic_bool flag;
};

/* Cancels as soon as the server has the request. */
static void *cancel_soon(void *arg)
{
	struct canceller *canceller = arg;

	while (atomic_load(&seen) == 0)
		(void)poll(NULL, 0, 5);
	atomic_store(&canceller->flag, true);
	return NULL;
}

static void a_wait_can_be_ended(void **state)
{
	struct canceller canceller = { false };
	struct net_request request = { .url = at("/silent"), .repeatable = true, .cancel = &canceller.flag };
	struct timespec before, after;
	struct net_reply reply;
	pthread_t who;

	(void)state;
	for (int repeatable = 1; repeatable >= 0; repeatable--) {
		atomic_store(&canceller.flag, false);
		atomic_store(&seen, 0);
		request.repeatable = repeatable == 1;
		(void)clock_gettime(CLOCK_MONOTONIC, &before);
		assert_int_equal(pthread_create(&who, NULL, cancel_soon, &canceller), 0);
		assert_int_equal(
			net_send(net, &request, &reply, NULL), repeatable == 1 ? BE_CANCELLED : BE_UNKNOWN_OUTCOME);
		(void)pthread_join(who, NULL);
		(void)clock_gettime(CLOCK_MONOTONIC, &after);
		assert_true(after.tv_sec - before.tv_sec < 5);
		assert_int_equal(write(wake[1], "x", 1), 1);
	}
}

static void a_server_that_is_silent_is_left_in_time(void **state)
{
	const struct net_request request = { .url = at("/silent"), .body = "", .body_len = 0, .total_ms = 300 };
	struct net_reply reply;

	(void)state;
	assert_int_equal(net_send(net, &request, &reply, NULL), BE_UNKNOWN_OUTCOME);
	assert_int_equal(write(wake[1], "x", 1), 1);
}

static void tls_is_not_spoken_with_who_does_not_know_it(void **state)
{
	char url[64];
	struct net_request request = { .url = url, .body = "{}", .body_len = 2, .total_ms = 3000 };
	struct net_reply reply;

	(void)state;
	(void)snprintf(url, sizeof(url), "https://127.0.0.1:%u/ok", port);
	assert_true(net_send(net, &request, &reply, NULL) == BE_TLS);
	assert_int_equal(atomic_load(&seen), 0);
}

/* ---- whose address it is ---- */

static void addresses_are_public_or_not(void **state)
{
	/* clang-format off */
	static const struct { const char *address; bool public; } addresses[] = {
		{ "8.8.8.8", true }, { "103.10.10.10", true }, { "172.15.0.1", true }, { "172.32.0.1", true },
		{ "0.0.0.0", false }, { "0.1.2.3", false }, { "10.0.0.1", false }, { "100.64.0.1", false },
		{ "100.127.255.255", false }, { "100.128.0.1", true }, { "127.0.0.1", false }, { "127.9.9.9", false },
		{ "169.254.169.254", false }, { "172.16.0.1", false }, { "172.31.255.255", false },
		{ "192.0.0.8", false }, { "192.0.2.1", false }, { "192.168.1.1", false }, { "198.18.0.1", false },
		{ "198.51.100.1", false }, { "203.0.113.1", false }, { "224.0.0.1", false }, { "240.0.0.1", false },
		{ "255.255.255.255", false },
		{ "2400:cb00::1", true }, { "2606:4700::1111", true }, { "::", false }, { "::1", false },
		{ "::ffff:127.0.0.1", false }, { "::ffff:8.8.8.8", true }, { "::127.0.0.1", false },
		{ "64:ff9b::10.0.0.1", false }, { "64:ff9b::8.8.8.8", true }, { "64:ff9b:1::1", false },
		{ "100::1", false }, { "2001::1", false }, { "2001:db8::1", false }, { "2001:1ff::1", false },
		{ "2001:200::1", true }, { "2002:7f00:1::", false }, { "2002:808:808::", true }, { "3fff::1", false },
		{ "fc00::1", false }, { "fd12::1", false }, { "fe80::1", false }, { "fec0::1", false }, { "ff02::1", false },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		struct sockaddr_in v4 = { .sin_family = AF_INET };
		struct sockaddr_in6 v6 = { .sin6_family = AF_INET6 };
		const struct sockaddr *address = (const struct sockaddr *)&v4;

		if (inet_pton(AF_INET, addresses[i].address, &v4.sin_addr) != 1) {
			assert_int_equal(inet_pton(AF_INET6, addresses[i].address, &v6.sin6_addr), 1);
			address = (const struct sockaddr *)&v6;
		}
		if (net_address_allowed(address, NET_REACH_PUBLIC) != addresses[i].public)
			fail_msg("%s", addresses[i].address);
		assert_true(net_address_allowed(address, NET_REACH_ANY));
	}
}

static void an_address_is_held_against_whose_it_is(void **state)
{
	/* clang-format off */
	static const struct { enum net_peer peer; const char *url; enum be_err rc; } urls[] = {
		{ NET_CONFIGURED, "https://contoh.example:8443/x", BE_OK },
		{ NET_CONFIGURED, "https://10.0.0.1/x", BE_OK },
		{ NET_CONFIGURED, "http://contoh.example/x", BE_USAGE },
		{ NET_CONFIGURED, "http://127.0.0.1:8080/x", BE_OK },
		{ NET_CONFIGURED, "http://[::1]:8080/x", BE_OK },
		{ NET_CONFIGURED, "http://localhost/x", BE_OK },
		{ NET_CONFIGURED, "http://localhost.contoh.example/x", BE_USAGE },
		{ NET_CONFIGURED, "http://127.0.0.1.contoh.example/x", BE_USAGE },
		{ NET_CONFIGURED_PLAIN, "http://10.0.0.1/x", BE_OK },
		{ NET_CONFIGURED, "https://orang:rahasia@contoh.example/", BE_USAGE },
		{ NET_CONFIGURED, "ftp://contoh.example/", BE_USAGE },
		{ NET_CONFIGURED, "file:///etc/passwd", BE_USAGE },
		{ NET_CONFIGURED, "contoh.example", BE_USAGE },
		{ NET_CONFIGURED, "", BE_USAGE },
		{ NET_CONFIGURED, "https://contoh.example/a b", BE_USAGE },
		{ NET_CONFIGURED, "https://contoh.example/\r\nX: 1", BE_USAGE },
		{ NET_CONFIGURED, "https://contoh.example:99999/", BE_USAGE },
		{ NET_STRANGER, "http://contoh.example/crl", BE_OK },
		{ NET_STRANGER, "https://contoh.example/crl", BE_OK },
		{ NET_STRANGER, "http://contoh.example:80/crl", BE_OK },
		{ NET_STRANGER, "http://contoh.example:443/crl", BE_USAGE },
		{ NET_STRANGER, "http://contoh.example:22/", BE_USAGE },
		{ NET_STRANGER, "http://u@contoh.example/", BE_USAGE },
		{ NET_STRANGER, "gopher://contoh.example/", BE_USAGE },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		const struct net_request request = { .peer = urls[i].peer };
		struct net_url parts;
		enum net_reach reach;

		if (net_url_check(&parts, &reach, &request, urls[i].url, NULL) != urls[i].rc)
			fail_msg("%s", urls[i].url);
		if (urls[i].rc == BE_OK)
			assert_int_equal(reach == NET_REACH_PUBLIC, urls[i].peer == NET_STRANGER);
	}
}

static void a_stranger_does_not_lead_us_to_ourselves(void **state)
{
	static const char *const urls[] = { "http://127.0.0.1/", "http://localhost/", "http://2130706433/",
		"http://0x7f.1/", "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0/",
		"http://169.254.169.254/latest/", "http://192.168.1.1/", "https://10.0.0.1/" };
	struct net_reply reply;

	(void)state;
	for (size_t i = 0; i < sizeof(urls) / sizeof(urls[0]); i++) {
		const struct net_request request = { .peer = NET_STRANGER, .url = urls[i], .total_ms = 3000 };
		enum be_err rc = net_send(net, &request, &reply, NULL);

		if (rc != BE_BLOCKED)
			fail_msg("%s: %s", urls[i], be_err_word(rc));
	}
	assert_int_equal(atomic_load(&seen), 0);
}

static void a_proxy_is_asked_instead_and_not_for_what_is_private(void **state)
{
	static const char *const blocked[] = { "http://10.0.0.1/", "http://intranet/", "http://2130706433/",
		"http://[fd00::1]/" };
	struct net_request request = { .peer = NET_STRANGER, .url = "http://contoh.example/crl", .total_ms = 3000 };
	struct net_reply reply;
	char proxy[64];

	(void)state;
	(void)snprintf(proxy, sizeof(proxy), "http://127.0.0.1:%u", port);
	(void)setenv("http_proxy", proxy, 1);
	assert_int_equal(net_send(net, &request, &reply, NULL), BE_OK);
	assert_true(was_sent("GET http://contoh.example/crl HTTP/1.1\r\n"));
	net_reply_free(&reply);
	for (size_t i = 0; i < sizeof(blocked) / sizeof(blocked[0]); i++) {
		request.url = blocked[i];
		assert_int_equal(net_send(net, &request, &reply, NULL), BE_BLOCKED);
	}
	/* This machine is never asked for by way of a proxy. */
	assert_int_equal(get(&reply, "/ok", true, NULL), BE_OK);
	assert_true(was_sent("GET /ok HTTP/1.1\r\n"));
	net_reply_free(&reply);
	(void)setenv("no_proxy", "lain.example, .contoh.example", 1);
	assert_null(net_proxy_for(&(struct net_url){ .host = "crl.contoh.example", .port = 80 }));
	assert_null(net_proxy_for(&(struct net_url){ .host = "contoh.example", .port = 80 }));
	assert_non_null(net_proxy_for(&(struct net_url){ .host = "xcontoh.example", .port = 80 }));
	(void)unsetenv("no_proxy");
	(void)unsetenv("http_proxy");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_net, close_net)
	const struct CMUnitTest tests[] = {
		TEST(an_answer_comes_with_its_kind),
		TEST(a_socket_takes_the_place_of_the_network),
		TEST(a_request_is_sent_as_it_was_meant),
		TEST(what_was_sent_and_not_answered_is_an_unknown_outcome_and_sent_once),
		TEST(nobody_there_is_no_unknown_outcome),
		TEST(what_may_be_repeated_is_repeated),
		TEST(more_than_agreed_is_not_taken),
		TEST(a_redirect_is_told_and_not_followed),
		TEST(a_wait_can_be_ended),
		TEST(a_server_that_is_silent_is_left_in_time),
		TEST(tls_is_not_spoken_with_who_does_not_know_it),
		TEST(addresses_are_public_or_not),
		TEST(an_address_is_held_against_whose_it_is),
		TEST(a_stranger_does_not_lead_us_to_ourselves),
		TEST(a_proxy_is_asked_instead_and_not_for_what_is_private),
	};

	return cmocka_run_group_tests(tests, start_server, stop_server);
}
