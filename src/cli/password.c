/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/password.h"

#include "base/secret.h"

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
