/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PASSWORD_H
#define CLI_PASSWORD_H

/* The password of an encrypted document (--password-fd), and what is looked at before a passphrase is asked for. */

#include "base/secret.h"

/* Reads it so that the writer at the other end is served, and forgets it: this version opens no encrypted documents,
 * whatever the password is. A negative descriptor is none. */
enum be_err password_read_and_drop(int fd, struct be_error *err);

/* BE_NOT_FOUND, BE_IO when the key file cannot be read: asked before anybody types a passphrase for it. */
enum be_err password_check_key_file(const char *key_file, struct be_error *err);

/* Whether there is a terminal to ask at. */
bool password_can_ask(void);

#endif
