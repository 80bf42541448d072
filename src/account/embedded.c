/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "account/embedded.h"

#include "account/embedded_spawn.h"
#include "base/file.h"
#include "crypto/digest.h"
#include "wire/paths.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define STOP_MS 30000

static const char not_private[] =
	N_("The directory of the service's socket belongs to somebody else, or is open to others");

/* ---- where ---- */

/* Ours alone, and no link that somebody else could turn to another place. */
static enum be_err make_private(const char *dir, struct be_error *err)
{
	struct stat st;

	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return be_fail_errno(err, BE_IO, N_("The directory of the service's socket cannot be made"), dir);
	if (lstat(dir, &st) != 0)
		return be_fail_errno(err, BE_IO, not_private, dir);
	if (!S_ISDIR(st.st_mode) || st.st_uid != geteuid() || (st.st_mode & 077) != 0)
		return be_fail(err, BE_IO, not_private, "%s", dir);
	return BE_OK;
}

/* The name of the socket tells two data directories of one person apart. */
static enum be_err name_socket(
	char out[static EMBEDDED_SOCKET_MAX], const char *dir, const char *data, struct be_error *err)
{
	uint8_t digest[DIGEST_MAX];
	char name[17];
	size_t len = 0;
	int written;
	enum be_err rc = digest_bytes(DIGEST_SHA256, data, strlen(data), digest, &len, err);

	if (rc != BE_OK)
		return rc;
	for (size_t i = 0; i < 8; i++)
		(void)snprintf(name + 2 * i, 3, "%02x", digest[i]);
	written = snprintf(out, EMBEDDED_SOCKET_MAX, "%s/%s.sock", dir, name);
	if (written < 0 || (unsigned)written >= EMBEDDED_SOCKET_MAX)
		return be_fail(err, BE_LIMIT, N_("The name of the socket is too long"), "%s", dir);
	return BE_OK;
}

enum be_err embedded_find(struct embedded_place *out, const char *data, struct be_error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	char dir[PATH_MAX];
	enum be_err rc = BE_LIMIT;

	*out = (struct embedded_place){ .data = NULL };
	if (data[0] != '/')
		return be_fail(err, BE_USAGE, N_("The name has to begin with /"), "%s", data);
	rc = file_make_dirs(data, err);
	if (rc != BE_OK)
		return rc;
	/* One directory by two names is one service. */
	out->data = realpath(data, NULL);
	if (out->data == NULL)
		return be_fail_errno(err, BE_IO, N_("The directory of the service's data cannot be used"), data);
	rc = BE_LIMIT;
	if (runtime != NULL && runtime[0] == '/') {
		(void)snprintf(dir, sizeof(dir), "%s/besign", runtime);
		rc = name_socket(out->socket, dir, out->data, NULL);
	}
	if (rc == BE_LIMIT) {
		(void)snprintf(dir, sizeof(dir), "/tmp/besign-%u", (unsigned)geteuid());
		rc = name_socket(out->socket, dir, out->data, err);
	}
	if (rc == BE_OK)
		rc = make_private(dir, err);
	if (rc != BE_OK)
		embedded_place_free(out);
	return rc;
}

void embedded_place_free(struct embedded_place *place)
{
	free(place->data);
	*place = (struct embedded_place){ .data = NULL };
}

/* ---- is it there ---- */

/* A connection to the service; -1 when nobody answers, or somebody else's process would. */
static int knock(const struct embedded_place *place, pid_t *pid)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct ucred peer;
	socklen_t len = sizeof(peer);
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	static_assert(sizeof(address.sun_path) >= EMBEDDED_SOCKET_MAX, "the name fits");
	memcpy(address.sun_path, place->socket, EMBEDDED_SOCKET_MAX);
	if (fd < 0)
		return -1;
	if (connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
		getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.uid == geteuid()) {
		if (pid != NULL)
			*pid = peer.pid;
		return fd;
	}
	(void)close(fd);
	return -1;
}

bool embedded_running(const struct embedded_place *place)
{
	const int fd = knock(place, NULL);

	if (fd >= 0)
		(void)close(fd);
	return fd >= 0;
}

/* ---- starting ---- */

/* Who holds it may start the service, or decide that it ends. Given back by closing. */
static enum be_err take_turn(const struct embedded_place *place, int *out, struct be_error *err)
{
	char path[PATH_MAX];
	int fd;

	if (snprintf(path, sizeof(path), "%s/" WIRE_TURN_FILE, place->data) >= (int)sizeof(path))
		return be_fail(err, BE_LIMIT, N_("The service's lock cannot be made"), "%s", place->data);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return be_fail_errno(err, BE_IO, N_("The service's lock cannot be made"), path);
	while (flock(fd, LOCK_EX) != 0) {
		if (errno == EINTR)
			continue;
		(void)be_fail_errno(err, BE_IO, N_("The service's lock cannot be taken"), path);
		(void)close(fd);
		return BE_IO;
	}
	*out = fd;
	return BE_OK;
}

enum be_err embedded_start(const struct embedded_place *place, struct be_error *err)
{
	int turn = -1;
	enum be_err rc;

	if (embedded_running(place))
		return BE_OK;
	rc = take_turn(place, &turn, err);
	if (rc != BE_OK)
		return rc;
	if (!embedded_running(place)) {
		rc = embedded_spawn(place, err);
		if (rc == BE_OK && !embedded_running(place))
			rc = be_fail(err, BE_HELPER,
				N_("The service of this computer started, and yet does not answer"), "%s",
				place->socket);
	}
	(void)close(turn);
	return rc;
}

/* ---- ending ---- */

/* The process behind the connection: as long as it is open, its number cannot have been given to another. */
static int process_of(int connection, pid_t pid)
{
	struct pollfd look = { .fd = connection, .events = POLLIN };
	const int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd >= 0 && poll(&look, 1, 0) == 0)
		return fd;
	if (fd >= 0)
		(void)close(fd);
	return -1;
}

enum be_err embedded_stop(const struct embedded_place *place, struct be_error *err)
{
	pid_t pid = 0;
	const int connection = knock(place, &pid);
	struct pollfd gone = { .fd = -1, .events = POLLIN };
	int ready;

	if (connection < 0)
		return BE_OK;
	gone.fd = process_of(connection, pid);
	(void)close(connection);
	if (gone.fd < 0)
		return embedded_running(place) ? be_fail(err, BE_BUSY, N_("The service could not be ended"), NULL)
					       : BE_OK;
	if (syscall(SYS_pidfd_send_signal, gone.fd, SIGTERM, NULL, 0) != 0 && errno != ESRCH) {
		(void)be_fail_errno(err, BE_IO, N_("The service could not be ended"), "pidfd_send_signal");
		(void)close(gone.fd);
		return BE_IO;
	}
	do
		ready = poll(&gone, 1, STOP_MS);
	while (ready < 0 && errno == EINTR);
	(void)close(gone.fd);
	return ready == 1 ? BE_OK : be_fail(err, BE_BUSY, N_("The service could not be ended"), NULL);
}
