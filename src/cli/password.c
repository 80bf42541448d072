/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/password.h"

#include "base/i18n.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define PASSWORD_MAX 1024u

enum be_err password_read_and_drop(int fd, struct be_error *err)
{
	struct secret *password = NULL;
	enum be_err rc = BE_OK;

	if (fd >= 0)
		rc = secret_read_fd(&password, fd, PASSWORD_MAX, err);
	secret_free(&password);
	return rc;
}

enum be_err password_check_key_file(const char *key_file, struct be_error *err)
{
	if (access(key_file, R_OK) == 0)
		return BE_OK;
	return be_fail(err, errno == ENOENT ? BE_NOT_FOUND : BE_IO, N_("The key file cannot be read"), "%s: %s",
		key_file, strerror(errno));
}

bool password_can_ask(void)
{
	const int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		return false;
	(void)close(fd);
	return true;
}
