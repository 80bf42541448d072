/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/http_inside.h"

#include "service/log.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CONNECTIONS 100u
#define PEM_MAX 65536u
/* Enough for OpenSSL, SQLite and a JSON tree of the greatest depth; only what is touched is taken. */
#define STACK (1024u * 1024u)
#define TLS_KINDS "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%SERVER_PRECEDENCE"

/* A path is judged as it came, and a percent sign in it is none of ours; what follows a route is decoded by its handler. */
static size_t leave_as_it_is(void *cls, struct MHD_Connection *connection, char *text)
{
	(void)cls;
	(void)connection;
	return strlen(text);
}

/* Says nothing that an administrator could act on, and may quote what a client sent. */
static void say_nothing(void *cls, const char *format, va_list args)
{
	(void)cls;
	(void)format;
	(void)args;
}

/* ---- TLS ---- */

static enum be_err read_pem(struct secret **out, const char *path, bool private, struct be_error *err)
{
	struct stat about;
	uint8_t piece[4096];
	ssize_t n = 0;
	enum be_err rc = secret_new(out, PEM_MAX, err);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (rc == BE_OK && (fd < 0 || fstat(fd, &about) != 0))
		rc = be_fail_errno(err, BE_IO, N_("The file for TLS cannot be read"), path);
	if (rc == BE_OK && private && (about.st_mode & 077) != 0)
		rc = be_fail(err, BE_DENIED, N_("The private key for TLS can be read by others"), "%s", path);
	while (rc == BE_OK && (n = read(fd, piece, sizeof(piece))) > 0)
		rc = secret_add(*out, piece, (size_t)n, err);
	if (rc == BE_OK && n < 0)
		rc = be_fail_errno(err, BE_IO, N_("The file for TLS cannot be read"), path);
	explicit_bzero(piece, sizeof(piece));
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

static enum be_err start_daemon(struct http *http, struct MHD_Daemon **out, bool tls, struct be_error *err)
{
	unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION | MHD_USE_POLL |
		MHD_USE_NO_LISTEN_SOCKET | MHD_USE_ITC | MHD_USE_ERROR_LOG | (tls ? (unsigned)MHD_USE_TLS : 0u);
	struct MHD_OptionItem files[] = {
		{ MHD_OPTION_HTTPS_MEM_KEY, 0, tls ? (void *)(uintptr_t)secret_bytes(http->tls_key) : NULL },
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, tls ? (void *)(uintptr_t)secret_bytes(http->tls_certificate) : NULL },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_KINDS },
		{ MHD_OPTION_END, 0, NULL },
	};
	struct MHD_OptionItem nothing[] = { { MHD_OPTION_END, 0, NULL } };

	*out = MHD_start_daemon(flags, 0, NULL, NULL, http_exchange_go_on, http, MHD_OPTION_EXTERNAL_LOGGER,
		say_nothing, NULL, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEADER_POOL,
		MHD_OPTION_CONNECTION_LIMIT, http->limit + 8u, MHD_OPTION_CONNECTION_TIMEOUT, 0u,
		MHD_OPTION_THREAD_STACK_SIZE, (size_t)STACK, MHD_OPTION_STRICT_FOR_CLIENT, 1,
		MHD_OPTION_UNESCAPE_CALLBACK, leave_as_it_is, NULL, MHD_OPTION_NOTIFY_CONNECTION, http_door_notify,
		http, MHD_OPTION_URI_LOG_CALLBACK, http_exchange_begin, http, MHD_OPTION_NOTIFY_COMPLETED,
		http_exchange_end, http, MHD_OPTION_ARRAY, tls ? files : nothing, MHD_OPTION_END);
	if (*out == NULL)
		return be_fail(err, BE_IO,
			tls ? N_("TLS cannot be spoken with this certificate and key")
			    : N_("The service cannot listen"),
			"%s", tls ? http->config.tls_certificate : "libmicrohttpd");
	return BE_OK;
}

static enum be_err start_tls(struct http *http, struct be_error *err)
{
	enum be_err rc = read_pem(&http->tls_certificate, http->config.tls_certificate, false, err);

	if (rc == BE_OK && http->config.tls_key == NULL)
		rc = be_fail(err, BE_USAGE, N_("TLS needs a certificate and its key"), NULL);
	if (rc == BE_OK)
		rc = read_pem(&http->tls_key, http->config.tls_key, true, err);
	if (rc == BE_OK)
		rc = start_daemon(http, &http->secure, true, err);
	secret_free(&http->tls_key);
	return rc;
}

/* ---- start and stop ---- */

enum be_err http_start(struct http **out, const struct http_config *config, struct be_error *err)
{
	struct http *http = calloc(1, sizeof(*http));
	pthread_condattr_t attributes;
	enum be_err rc = BE_OK;

	if (http == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	http->config = *config;
	http->limit = config->connections != 0 ? config->connections : CONNECTIONS;
	http->wake = -1;
	http->quiet_since = http_now();
	(void)pthread_mutex_init(&http->lock, NULL);
	(void)pthread_condattr_init(&attributes);
	(void)pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	(void)pthread_cond_init(&http->changed, &attributes);
	(void)pthread_condattr_destroy(&attributes);
	rc = start_daemon(http, &http->plain, false, err);
	if (rc == BE_OK && config->tls_certificate != NULL && config->listen != NULL)
		rc = start_tls(http, err);
	if (rc == BE_OK)
		rc = http_listen_all(http, err);
	if (rc == BE_OK)
		rc = http_door_open(http, err);
	if (rc == BE_OK)
		*out = http;
	else
		http_free(&http);
	return rc;
}

static struct timespec in_milliseconds(int64_t milliseconds)
{
	struct timespec until;

	(void)clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += milliseconds / 1000;
	until.tv_nsec += milliseconds % 1000 * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	return until;
}

void http_stop(struct http *http, unsigned seconds)
{
	struct timespec until = in_milliseconds((int64_t)seconds * 1000);

	atomic_store(&http->stopping, true);
	http_door_close(http);
	http_listen_close(http);
	(void)pthread_mutex_lock(&http->lock);
	(void)pthread_cond_broadcast(&http->changed);
	while (http->under_way > 0)
		if (pthread_cond_timedwait(&http->changed, &http->lock, &until) != 0)
			break;
	(void)pthread_mutex_unlock(&http->lock);
	if (http->plain != NULL)
		MHD_stop_daemon(http->plain);
	if (http->secure != NULL)
		MHD_stop_daemon(http->secure);
	http->plain = NULL;
	http->secure = NULL;
}

void http_free(struct http **out)
{
	struct http *http = *out;

	if (http == NULL)
		return;
	http_stop(http, 0);
	for (struct http_connection *next = NULL; http->connections != NULL; http->connections = next) {
		next = http->connections->next;
		(void)close(http->connections->own);
		free(http->connections);
	}
	if (http->wake >= 0)
		(void)close(http->wake);
	secret_free(&http->tls_key);
	secret_free(&http->tls_certificate);
	(void)pthread_cond_destroy(&http->changed);
	(void)pthread_mutex_destroy(&http->lock);
	free(http);
	*out = NULL;
}

/* ---- what others ask ---- */

/* The end of a TLS connection comes as a record first; then the socket ends as well. */
static bool gone(const struct http_connection *connection)
{
	struct pollfd ready = { .fd = connection->own, .events = POLLRDHUP };

	return poll(&ready, 1, 0) > 0 && (ready.revents & (POLLRDHUP | POLLHUP | POLLERR)) != 0;
}

bool http_wait(const struct http_request *request, unsigned milliseconds)
{
	struct http *http = request->connection->http;
	struct timespec until = in_milliseconds(milliseconds);
	int waited = 0;

	(void)pthread_mutex_lock(&http->lock);
	while (!atomic_load(&http->stopping) && waited == 0)
		waited = pthread_cond_timedwait(&http->changed, &http->lock, &until);
	(void)pthread_mutex_unlock(&http->lock);
	return !atomic_load(&http->stopping) && !gone(request->connection);
}

uint16_t http_port(const struct http *http)
{
	return http->port;
}

unsigned http_connections(struct http *http)
{
	unsigned count;

	(void)pthread_mutex_lock(&http->lock);
	count = http->connection_count;
	(void)pthread_mutex_unlock(&http->lock);
	return count;
}

int64_t http_idle_seconds(struct http *http)
{
	int64_t idle;

	(void)pthread_mutex_lock(&http->lock);
	idle = http->under_way > 0 ? 0 : (http_now() - http->quiet_since) / 1000;
	(void)pthread_mutex_unlock(&http->lock);
	return idle;
}
