/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_HTTP_H
#define SERVICE_HTTP_H

/*
 * HTTP/1.1 for the service: listens on a Unix socket, on TCP with TLS, or on TCP behind a proxy that speaks TLS; one
 * thread a connection, so a handler may take its time. The only user of libmicrohttpd. Knows limits, times and headers;
 * knows no accounts and no JSON: a table of routes says what is answered by whom.
 *
 * What it holds to by itself: bodies no longer than the route takes, with a Content-Length and the route's
 * Content-Type; headers of at most about 16 KiB, the important ones once; 10 s for a request to come in and 30 s for its
 * answer to go out, however slowly; a limit of connections in all and from one address; only the owner of the process
 * (or root) on the Unix socket; plain HTTP on a TLS port is told so. Bodies are held in struct secret, and what is
 * copied on the way is wiped.
 */

#include "base/secret.h"

#include <stdbool.h>
#include <stdint.h>

struct http;
struct http_connection;

enum http_method { HTTP_GET, HTTP_POST };

#define HTTP_PEER_MAX 64u

/* One request; everything is borrowed until the handler returns. */
struct http_request {
	const char *rest;            /* what came after a route's path that ends with a slash, as it came; else "" */
	const char *query;           /* after the "?", as it came; "" without */
	const struct secret *body;   /* NULL without one */
	const struct secret *bearer; /* Authorization: Bearer …; NULL without */
	const struct secret *basic;  /* Authorization: Basic …, still in base64; NULL without */
	const char *language;        /* Accept-Language, as it came; "" without */
	char peer[HTTP_PEER_MAX];    /* "192.0.2.7", "2001:db8::1"; "" on the Unix socket */
	struct http_connection *connection;
};

struct http_answer {
	unsigned status;         /* 0: a handler forgot it, which is answered with 500 */
	const char *type;        /* static; NULL without a body */
	struct secret *body;     /* taken; NULL: empty */
	struct secret *location; /* taken: a redirect's target; NULL without */
	struct secret *policy;   /* taken: Content-Security-Policy; NULL: nothing may be loaded or done */
	const char *challenge;   /* WWW-Authenticate; static; NULL without */
	int64_t retry_after;     /* seconds; 0 without */
	int64_t max_age;         /* seconds that others may keep it; 0: not at all (no-store) */
	const char *word;        /* for the log: why it was refused; static; NULL without */
};

struct http_route {
	enum http_method method; /* GET answers HEAD as well */
	const char *path;        /* whole; or up to a slash at its end, which then takes what follows */
	const char *takes;       /* the Content-Type of the body without parameters; NULL: no body */
	size_t body_max;         /* bytes, at most SECRET_MAX */
	void (*answer)(void *context, const struct http_route *route, const struct http_request *request,
		struct http_answer *answer);
	const void *detail; /* the route's own, for its handler */
};

/* What is refused before a handler sees it. */
enum http_refusal {
	HTTP_BAD,       /* 400: a header twice, a length that is none */
	HTTP_NO_ROUTE,  /* 404 */
	HTTP_NO_METHOD, /* 405 */
	HTTP_SLOW,      /* 408 */
	HTTP_NO_LENGTH, /* 411 */
	HTTP_TOO_LARGE, /* 413 */
	HTTP_NO_TYPE,   /* 415 */
	HTTP_PLAIN,     /* 400: plain HTTP where TLS is spoken */
	HTTP_CROWDED    /* 503: too many connections */
};

/* How long things may take, in milliseconds; 0: as said above. */
struct http_times {
	unsigned quiet;   /* between requests: 15 s */
	unsigned receive; /* 10 s; for the first byte of a connection as well */
	unsigned send;    /* 30 s */
};

struct http_config {
	const char *socket;          /* a path; NULL: none. Replaced when nobody listens there, else BE_EXISTS */
	const char *listen;          /* "127.0.0.1:8443", "[::1]:8443"; port 0: any (http_port); NULL: none */
	const char *tls_certificate; /* PEM files; NULL: plain */
	const char *tls_key;         /* BE_DENIED when others can read it */
	bool behind_proxy; /* the last address of X-Forwarded-For is the peer's; X-Forwarded-Proto: http is refused */
	unsigned
		connections; /* at once; 0: 100. From one address at most half of it, but for the Unix socket and a proxy */
	struct http_times times;
	const struct http_route *routes;
	size_t route_count;
	void *context; /* given to the handlers */
	/* What a refusal looks like: fills status, type and body. */
	void (*refuse)(void *context, enum http_refusal refusal, struct http_answer *answer);
};

/* Begins to answer. The config is copied; what it points at is borrowed until http_free; files are read now. BE_USAGE for an
 * address that is none, and for plain HTTP on one that is not loopback without behind_proxy; BE_IO, BE_EXISTS, BE_DENIED. */
enum be_err http_start(struct http **out, const struct http_config *config, struct be_error *err);

/* Closes the door: takes no more requests, wakes those that wait (http_wait), and lets those under way finish for at most
 * so many seconds; then connections are cut, and handlers that still run are waited for. May be called more than once. */
void http_stop(struct http *http, unsigned seconds);
void http_free(struct http **http); /* stops at once if it was not; removes the Unix socket */

/* For long polls: waits, and says whether it is worth going on: false once http_stop was called, or the client is gone. */
bool http_wait(const struct http_request *request, unsigned milliseconds);

uint16_t http_port(const struct http *http);  /* 0 without TCP */
unsigned http_connections(struct http *http); /* open now */
int64_t http_idle_seconds(struct http *http); /* since the last request ended, or the start; 0 while one is under way */

#endif
