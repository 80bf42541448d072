/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "service/notify.h"

#include "base/file.h"
#include "base/sanitise.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static void tell_systemd(const char *state)
{
	const char *name = getenv("NOTIFY_SOCKET");
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const size_t len = name != NULL ? strlen(name) : 0;
	int fd;

	if (len < 2 || len >= sizeof(address.sun_path) || (name[0] != '/' && name[0] != '@'))
		return;
	memcpy(address.sun_path, name, len);
	if (name[0] == '@')
		address.sun_path[0] = '\0';
	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return;
	(void)sendto(fd, state, strlen(state), MSG_NOSIGNAL, (const struct sockaddr *)&address,
		(socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
	(void)close(fd);
}

static void tell_starter(int fd, const char *line)
{
	if (fd < 0)
		return;
	(void)file_write(fd, line, strlen(line), NULL);
	(void)close(fd);
}

void notify_ready(int ready_fd)
{
	tell_starter(ready_fd, "ready\n");
	tell_systemd("READY=1");
}

void notify_failed(int ready_fd, const struct be_error *err)
{
	char detail[sizeof(err->detail)];
	char line[400];

	(void)sanitise_str(detail, sizeof(detail), err->detail);
	(void)snprintf(line, sizeof(line), "failed: %s%s%s\n", err->msgid != NULL ? err->msgid : be_err_word(err->code),
		detail[0] != '\0' ? ": " : "", detail);
	tell_starter(ready_fd, line);
}

void notify_stopping(void)
{
	tell_systemd("STOPPING=1");
}
