/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/http_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

/*
 * One thread lets connections in. It waits for the first byte of each, which tells TLS from plain HTTP and keeps those who
 * say nothing from taking a thread; then libmicrohttpd has it, and this thread only looks at the time.
 */

#define MAX_GUESTS 256u

/* Milliseconds. libmicrohttpd knows only how long a connection was still, which a byte now and then defeats. */
#define DRAIN 2000
#define QUIET 15000
#define RECEIVE 10000
#define SEND 30000
#define TICK 250   /* how exact all of this is */
#define PAUSE 1000 /* after the system had no descriptor left */

/* A connection that has not said anything yet, or was refused and may still be reading why. */
struct guest {
	int fd;
	const struct http_listener *listener;
	bool refused;
	int64_t until;
	char peer[HTTP_PEER_MAX];
};

struct door {
	struct http *http;
	struct guest guests[MAX_GUESTS];
	size_t guest_count;
	int64_t paused_until;
};

int64_t http_now(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- the connections that libmicrohttpd has ---- */

static void forget(struct http *http, struct http_connection *connection)
{
	struct http_connection **at = &http->connections;

	while (*at != connection)
		at = &(*at)->next;
	*at = connection->next;
	http->connection_count--;
	(void)close(connection->own);
	free(connection);
}

void http_door_notify(
	void *cls, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code)
{
	struct http *http = cls;
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	(void)pthread_mutex_lock(&http->lock);
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		for (struct http_connection *c = http->connections; c != NULL && info != NULL; c = c->next)
			if (!c->known && c->socket == info->connect_fd) {
				c->known = true;
				*context = c;
				break;
			}
	} else if (*context != NULL) {
		forget(http, *context);
		*context = NULL;
	}
	(void)pthread_mutex_unlock(&http->lock);
}

bool http_door_move(struct http_connection *connection, enum http_state state)
{
	struct http *http = connection->http;
	bool alive;

	(void)pthread_mutex_lock(&http->lock);
	alive = connection->state != HTTP_DOOMED;
	if (alive) {
		connection->state = state;
		connection->since = http_now();
	}
	(void)pthread_mutex_unlock(&http->lock);
	return alive;
}

static unsigned or_usual(unsigned milliseconds, unsigned usual)
{
	return milliseconds != 0 ? milliseconds : usual;
}

static int64_t allowed(const struct http_connection *connection)
{
	const struct http_times *times = &connection->http->config.times;

	switch (connection->state) {
	case HTTP_QUIET:
		return or_usual(times->quiet, QUIET);
	case HTTP_RECEIVING:
		return or_usual(times->receive, RECEIVE);
	case HTTP_SENDING:
		return or_usual(times->send, SEND);
	case HTTP_HANDLING:
	case HTTP_DOOMED:
		break;
	}
	return INT64_MAX;
}

/* ---- saying no ---- */

static void write_refusal(struct http *http, int fd, enum http_refusal refusal)
{
	struct http_answer answer = { .status = 0 };
	char head[512];
	int len;

	http->config.refuse(http->config.context, refusal, &answer);
	len = snprintf(head, sizeof(head),
		"HTTP/1.1 %u %s\r\nContent-Type: %s\r\nContent-Length: %zu\r\nCache-Control: no-store\r\n%sConnection: close\r\n\r\n",
		answer.status, MHD_get_reason_phrase_for(answer.status),
		answer.type != NULL ? answer.type : "text/plain", answer.body != NULL ? secret_len(answer.body) : 0,
		refusal == HTTP_CROWDED ? "Retry-After: 5\r\n" : "");
	/* Short enough for any socket's buffer; who does not read it gets nothing. */
	if (len > 0 && (size_t)len < sizeof(head))
		(void)send(fd, head, (size_t)len, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (answer.body != NULL)
		(void)send(fd, secret_bytes(answer.body), secret_len(answer.body), MSG_DONTWAIT | MSG_NOSIGNAL);
	secret_free(&answer.body);
	secret_free(&answer.location);
	secret_free(&answer.policy);
}

/* Cuts what is too slow. While a request comes in nothing was answered yet, so plain HTTP can be told why. A connection that
 * libmicrohttpd never took is forgotten here. */
static void look_at_the_time(struct http *http)
{
	int64_t now = http_now();
	struct http_connection *next = NULL;

	(void)pthread_mutex_lock(&http->lock);
	for (struct http_connection *c = http->connections; c != NULL; c = next) {
		next = c->next;
		if (now - c->since < allowed(c))
			continue;
		if (c->state == HTTP_RECEIVING && !c->tls)
			write_refusal(http, c->own, HTTP_SLOW);
		(void)shutdown(c->own, SHUT_RDWR);
		c->state = HTTP_DOOMED;
		if (!c->known)
			forget(http, c);
	}
	(void)pthread_mutex_unlock(&http->lock);
}

/* ---- guests ---- */

static void drop(struct door *door, size_t i)
{
	door->guests[i] = door->guests[--door->guest_count];
}

/* The answer is lost when the socket is closed over bytes that were not read, so they are read for a moment. */
static void refuse(struct door *door, size_t i, enum http_refusal refusal)
{
	struct guest *guest = &door->guests[i];

	write_refusal(door->http, guest->fd, refusal);
	(void)shutdown(guest->fd, SHUT_WR);
	guest->refused = true;
	guest->until = http_now() + DRAIN;
}

static bool crowded(struct http *http, const struct guest *guest)
{
	bool shared = guest->listener->local || http->config.behind_proxy;
	unsigned same = 0;
	bool full;

	(void)pthread_mutex_lock(&http->lock);
	for (const struct http_connection *c = http->connections; c != NULL; c = c->next)
		same += strcmp(c->peer, guest->peer) == 0;
	full = http->connection_count >= http->limit || (!shared && same >= (http->limit + 1) / 2);
	(void)pthread_mutex_unlock(&http->lock);
	return full;
}

static struct http_connection *remember(struct http *http, const struct guest *guest)
{
	struct http_connection *c = calloc(1, sizeof(*c));

	if (c == NULL)
		return NULL;
	*c = (struct http_connection){ .http = http,
		.socket = guest->fd,
		.tls = guest->listener->tls,
		.local = guest->listener->local,
		.state = HTTP_RECEIVING,
		.since = http_now() };
	memcpy(c->peer, guest->peer, sizeof(c->peer));
	c->own = fcntl(guest->fd, F_DUPFD_CLOEXEC, 3);
	if (c->own < 0) {
		free(c);
		return NULL;
	}
	(void)pthread_mutex_lock(&http->lock);
	c->next = http->connections;
	http->connections = c;
	http->connection_count++;
	(void)pthread_mutex_unlock(&http->lock);
	return c;
}

static void let_in(struct door *door, size_t i)
{
	struct http *http = door->http;
	struct guest guest = door->guests[i];
	struct http_connection *c;

	if (crowded(http, &guest)) {
		refuse(door, i, HTTP_CROWDED);
		return;
	}
	c = remember(http, &guest);
	drop(door, i);
	if (c == NULL) {
		(void)close(guest.fd);
		return;
	}
	/* It closes the socket when it fails; look_at_the_time forgets the rest. */
	(void)MHD_add_connection(guest.listener->tls ? http->secure : http->plain, guest.fd, NULL, 0);
}

/* TLS begins with a record of the type handshake (RFC 8446, 5.1), which no HTTP method begins with. */
static void first_byte(struct door *door, size_t i)
{
	struct guest *guest = &door->guests[i];
	uint8_t byte;
	ssize_t n = recv(guest->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		(void)close(guest->fd);
		drop(door, i);
	} else if (guest->listener->tls && byte != 0x16) {
		refuse(door, i, HTTP_PLAIN);
	} else {
		let_in(door, i);
	}
}

static void drain(struct door *door, size_t i)
{
	uint8_t waste[4096];
	ssize_t n = recv(door->guests[i].fd, waste, sizeof(waste), MSG_DONTWAIT);

	explicit_bzero(waste, sizeof(waste));
	if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)))
		return;
	(void)close(door->guests[i].fd);
	drop(door, i);
}

static bool owner_of(int fd)
{
	struct ucred who;
	socklen_t len = sizeof(who);

	return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &who, &len) == 0 && (who.uid == geteuid() || who.uid == 0);
}

static void write_peer(char out[static HTTP_PEER_MAX], const struct sockaddr_storage *address)
{
	struct sockaddr_in in;
	struct sockaddr_in6 in6;

	memcpy(&in, address, sizeof(in));
	memcpy(&in6, address, sizeof(in6));
	if (address->ss_family == AF_INET)
		(void)inet_ntop(AF_INET, &in.sin_addr, out, HTTP_PEER_MAX);
	else if (address->ss_family == AF_INET6)
		(void)inet_ntop(AF_INET6, &in6.sin6_addr, out, HTTP_PEER_MAX);
}

/* Whoever speaks does so at once: when there are too many who do not, the one who was silent longest goes. */
static void make_room(struct door *door)
{
	size_t oldest = 0;

	if (door->guest_count < MAX_GUESTS)
		return;
	for (size_t i = 1; i < door->guest_count; i++)
		if (door->guests[i].until < door->guests[oldest].until)
			oldest = i;
	(void)close(door->guests[oldest].fd);
	drop(door, oldest);
}

static void accept_one(struct door *door, const struct http_listener *listener)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof(address);
	struct guest guest = { .listener = listener,
		.until = http_now() + or_usual(door->http->config.times.receive, RECEIVE) };

	guest.fd = accept4(listener->fd, (struct sockaddr *)&address, &len, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (guest.fd < 0) {
		/* Without a descriptor the connection stays where it is, and asking again at once would spin. */
		if (errno == EMFILE || errno == ENFILE || errno == ENOMEM || errno == ENOBUFS)
			door->paused_until = http_now() + PAUSE;
		return;
	}
	if (listener->local && !owner_of(guest.fd)) {
		(void)close(guest.fd);
		return;
	}
	write_peer(guest.peer, &address);
	make_room(door);
	door->guests[door->guest_count++] = guest;
}

/* ---- the thread ---- */

static void look_at_guests(struct door *door, const struct pollfd *ready)
{
	int64_t now = http_now();

	/* From the end, for a guest who leaves is replaced by the last one, which was looked at already. */
	for (size_t i = door->guest_count; i-- > 0;) {
		if (ready[i].revents != 0 && door->guests[i].refused)
			drain(door, i);
		else if (ready[i].revents != 0)
			first_byte(door, i);
		else if (now >= door->guests[i].until) {
			(void)close(door->guests[i].fd);
			drop(door, i);
		}
	}
}

static void *keep_door(void *arg)
{
	struct door *door = arg;
	struct http *http = door->http;

	while (!atomic_load(&http->stopping)) {
		struct pollfd ready[1 + HTTP_LISTENERS + MAX_GUESTS];
		struct pollfd *guests = ready + 1 + http->listener_count;
		bool closed = http_now() < door->paused_until;
		size_t count = door->guest_count;

		ready[0] = (struct pollfd){ .fd = http->wake, .events = POLLIN };
		for (size_t i = 0; i < http->listener_count; i++)
			ready[1 + i] = (struct pollfd){ .fd = closed ? -1 : http->listeners[i].fd, .events = POLLIN };
		for (size_t i = 0; i < count; i++)
			guests[i] = (struct pollfd){ .fd = door->guests[i].fd, .events = POLLIN };
		if (poll(ready, (nfds_t)(1 + http->listener_count + count),
			    http_connections(http) + count > 0 || closed ? TICK : -1) < 0 &&
			errno != EINTR)
			break;
		look_at_guests(door, guests);
		for (size_t i = 0; i < http->listener_count; i++)
			if (ready[1 + i].revents != 0)
				accept_one(door, &http->listeners[i]);
		look_at_the_time(http);
	}
	for (size_t i = 0; i < door->guest_count; i++)
		(void)close(door->guests[i].fd);
	free(door);
	return NULL;
}

enum be_err http_door_open(struct http *http, struct be_error *err)
{
	struct door *door = calloc(1, sizeof(*door));
	int problem;

	if (door == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	door->http = http;
	http->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	problem = http->wake < 0 ? errno : pthread_create(&http->door, NULL, keep_door, door);
	if (problem != 0) {
		free(door);
		errno = problem;
		return be_fail_errno(err, BE_IO, N_("The service cannot listen"), "door");
	}
	http->door_runs = true;
	return BE_OK;
}

void http_door_close(struct http *http)
{
	uint64_t one = 1;

	if (!http->door_runs)
		return;
	atomic_store(&http->stopping, true);
	(void)!write(http->wake, &one, sizeof(one));
	(void)pthread_join(http->door, NULL);
	http->door_runs = false;
}
