/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_HTTP_INSIDE_H
#define SERVICE_HTTP_INSIDE_H

/*
 * What the files of http share: http.c starts and stops, http_door.c listens, lets in, and cuts what is too slow,
 * http_exchange.c reads one request and answers it. Only they include this.
 */

#include "service/http.h"

#include <microhttpd.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/socket.h>

#define HTTP_LISTENERS 2u
#define HTTP_HEADER_POOL 32768u /* libmicrohttpd's memory for one connection: about half of it may be headers */

/* What a connection is doing; each but the handler's work may only take so long (http_door.c). */
enum http_state {
	HTTP_QUIET,     /* between requests */
	HTTP_RECEIVING, /* since the first line */
	HTTP_HANDLING,
	HTTP_SENDING,
	HTTP_DOOMED /* cut: nothing more is done for it */
};

struct http_connection {
	struct http *http;
	struct http_connection *next;
	int socket; /* libmicrohttpd's; its number may be somebody else's once it is closed */
	int own;    /* a descriptor of ours for the same socket, so that cutting it never hits another one */
	bool known; /* libmicrohttpd has it */
	bool tls;
	bool local; /* a Unix socket */
	enum http_state state;
	int64_t since; /* milliseconds, monotonic */
	char peer[HTTP_PEER_MAX];
};

struct http_listener {
	int fd;
	bool tls;
	bool local;
};

struct http {
	struct http_config config;
	struct http_listener listeners[HTTP_LISTENERS];
	size_t listener_count;
	struct MHD_Daemon *plain; /* NULL: not needed */
	struct MHD_Daemon *secure;
	struct secret *tls_key;
	struct secret *tls_certificate;
	unsigned limit;
	uint16_t port;

	pthread_t door;
	bool door_runs;
	int wake; /* eventfd: the door looks up */
	atomic_bool stopping;

	pthread_mutex_t lock;   /* for all below, and the connections */
	pthread_cond_t changed; /* a request ended, or stopping */
	struct http_connection *connections;
	unsigned connection_count;
	unsigned under_way; /* requests */
	int64_t quiet_since;
};

int64_t http_now(void); /* milliseconds, monotonic */

/* ---- http_listen.c ---- */

enum be_err http_listen_all(struct http *http, struct be_error *err);
void http_listen_close(struct http *http);

/* ---- http_door.c ---- */

enum be_err http_door_open(struct http *http, struct be_error *err);
void http_door_close(struct http *http);
/* libmicrohttpd's word that a connection begins or ends. */
void http_door_notify(
	void *http, struct MHD_Connection *connection, void **context, enum MHD_ConnectionNotificationCode code);
/* Moves a connection to another state; false when it was cut meanwhile. */
bool http_door_move(struct http_connection *connection, enum http_state state);

/* ---- http_exchange.c ---- */

void *http_exchange_begin(void *http, const char *uri, struct MHD_Connection *connection);
enum MHD_Result http_exchange_go_on(void *http, struct MHD_Connection *connection, const char *url, const char *method,
	const char *version, const char *upload, size_t *upload_len, void **exchange);
void http_exchange_end(
	void *http, struct MHD_Connection *connection, void **exchange, enum MHD_RequestTerminationCode code);

#endif
