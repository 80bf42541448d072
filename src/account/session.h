/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_SESSION_H
#define ACCOUNT_SESSION_H

/*
 * The session between two runs of the program: a refresh token in a file of mode 0600. A refresh token is good once, and
 * one that comes twice ends the session, so programs that share the file take turns: what one got, the next one uses.
 * Inside this room only.
 */

#include "account/state.h"

#define ACCOUNT_SESSION_FILE_MAX 8192u

/* Fills the session when the file is there and is this service's; BE_OK also when it is not. BE_DENIED when others can
 * read or write it, or it is somebody else's. */
enum be_err account_session_read(struct account_session *session, const char *path, struct be_error *err);
/* Whole or not at all. */
enum be_err account_session_write(const struct account_session *session, const char *path, struct be_error *err);
enum be_err account_session_remove(const char *path, struct be_error *err);

/* Forgets user and token; whose service it is stays. */
void account_session_clear(struct account_session *session);

/* Held while a refresh token is spent and the next one is written. Without a file there is nothing to hold: -1. */
enum be_err account_session_lock(const char *path, int *lock, struct be_error *err);
void account_session_unlock(int lock);

#endif
