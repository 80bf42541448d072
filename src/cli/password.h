/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

/* The password of an encrypted document (--password-fd). */

#include "base/error.h"

/* Reads it so that the writer at the other end is served, and forgets it: this version opens no encrypted documents,
 * whatever the password is. A negative descriptor is none. */
enum be_err password_read_and_drop(int fd, struct be_error *err);

#endif
