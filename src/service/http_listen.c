/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/http_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG SOMAXCONN

static void add(struct http *http, int fd, bool tls, bool local)
{
	http->listeners[http->listener_count++] = (struct http_listener){ fd, tls, local };
}

/* ---- the Unix socket ---- */

static enum be_err unix_address(struct sockaddr_un *out, const char *path, struct be_error *err)
{
	memset(out, 0, sizeof(*out));
	out->sun_family = AF_UNIX;
	if (strlen(path) >= sizeof(out->sun_path))
		return be_fail(err, BE_USAGE, N_("The path of the socket is too long"), "%zu bytes, at most %zu",
			strlen(path), sizeof(out->sun_path) - 1);
	memcpy(out->sun_path, path, strlen(path) + 1);
	return BE_OK;
}

/* A socket that nobody listens on is left over from a service that was killed. */
static enum be_err remove_left_over(const struct sockaddr_un *address, struct be_error *err)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	enum be_err rc = BE_OK;

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The service cannot listen"), "socket");
	if (connect(fd, (const struct sockaddr *)address, sizeof(*address)) == 0)
		rc = be_fail(err, BE_EXISTS, N_("Another service listens there already"), "%s", address->sun_path);
	else if (errno == ECONNREFUSED && unlink(address->sun_path) != 0)
		rc = be_fail_errno(err, BE_IO, N_("The service cannot listen"), address->sun_path);
	(void)close(fd);
	return rc;
}

static enum be_err listen_unix(struct http *http, struct be_error *err)
{
	struct sockaddr_un address;
	enum be_err rc = unix_address(&address, http->config.socket, err);
	mode_t old;
	int fd;

	if (rc == BE_OK)
		rc = remove_left_over(&address, err);
	if (rc != BE_OK)
		return rc;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The service cannot listen"), "socket");
	/* There is no moment at which others could connect. */
	old = umask(0177);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) != 0 || listen(fd, BACKLOG) != 0) {
		rc = be_fail_errno(err, errno == EADDRINUSE ? BE_EXISTS : BE_IO, N_("The service cannot listen"),
			address.sun_path);
		(void)close(fd);
	}
	(void)umask(old);
	if (rc == BE_OK)
		add(http, fd, false, true);
	return rc;
}

/* ---- TCP ---- */

/* "127.0.0.1:8443", "[::1]:8443" */
static bool split(const char *text, char host[static INET6_ADDRSTRLEN], char port[static 6])
{
	const char *colon = strrchr(text, ':');
	size_t len = colon != NULL ? (size_t)(colon - text) : 0;

	if (colon == NULL || strlen(colon + 1) == 0 || strlen(colon + 1) > 5)
		return false;
	if (len >= 2 && text[0] == '[' && text[len - 1] == ']') {
		text++;
		len -= 2;
	}
	if (len == 0 || len >= INET6_ADDRSTRLEN)
		return false;
	memcpy(host, text, len);
	host[len] = '\0';
	(void)snprintf(port, 6, "%s", colon + 1);
	return true;
}

static bool loopback(const struct sockaddr *address)
{
	if (address->sa_family == AF_INET) {
		struct sockaddr_in in;

		memcpy(&in, address, sizeof(in));
		return ntohl(in.sin_addr.s_addr) >> 24 == 127;
	}
	if (address->sa_family == AF_INET6) {
		struct sockaddr_in6 in6;

		memcpy(&in6, address, sizeof(in6));
		return IN6_IS_ADDR_LOOPBACK(&in6.sin6_addr);
	}
	return false;
}

/* The port stands at the same place in both families. */
static uint16_t port_of(const struct sockaddr_storage *address)
{
	struct sockaddr_in in;

	memcpy(&in, address, sizeof(in));
	return ntohs(in.sin_port);
}

static enum be_err bind_tcp(struct http *http, const struct addrinfo *to, struct be_error *err)
{
	struct sockaddr_storage bound;
	socklen_t len = sizeof(bound);
	int yes = 1;
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The service cannot listen"), "socket");
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
	if (bind(fd, to->ai_addr, to->ai_addrlen) != 0 || listen(fd, BACKLOG) != 0 ||
		getsockname(fd, (struct sockaddr *)&bound, &len) != 0) {
		enum be_err rc = be_fail_errno(err, errno == EADDRINUSE ? BE_EXISTS : BE_IO,
			N_("The service cannot listen"), http->config.listen);

		(void)close(fd);
		return rc;
	}
	http->port = port_of(&bound);
	add(http, fd, http->config.tls_certificate != NULL, false);
	return BE_OK;
}

static enum be_err listen_tcp(struct http *http, struct be_error *err)
{
	const struct http_config *config = &http->config;
	struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	char host[INET6_ADDRSTRLEN];
	char port[6];
	enum be_err rc = BE_OK;

	if (!split(config->listen, host, port) || getaddrinfo(host, port, &hints, &found) != 0)
		return be_fail(err, BE_USAGE, N_("The service can only listen on an address and a port"), "%s",
			config->listen);
	if (config->tls_certificate == NULL && !config->behind_proxy && !loopback(found->ai_addr))
		rc = be_fail(err, BE_USAGE,
			N_("Plain HTTP is only spoken on a loopback address, or behind a proxy that speaks TLS"), "%s",
			config->listen);
	else
		rc = bind_tcp(http, found, err);
	freeaddrinfo(found);
	return rc;
}

enum be_err http_listen_all(struct http *http, struct be_error *err)
{
	enum be_err rc = BE_OK;

	if (http->config.socket != NULL)
		rc = listen_unix(http, err);
	if (rc == BE_OK && http->config.listen != NULL)
		rc = listen_tcp(http, err);
	return rc;
}

void http_listen_close(struct http *http)
{
	for (size_t i = 0; i < http->listener_count; i++) {
		if (http->listeners[i].local)
			(void)unlink(http->config.socket);
		(void)close(http->listeners[i].fd);
	}
	http->listener_count = 0;
}
