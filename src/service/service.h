/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

/*
 * The parts of one running service, put together once at the start and taken apart at the end (service/service.c), in
 * the order of this struct. Each part owns its threads and locks, so a request may use them all from any thread. What
 * a part does stands in its own header.
 */

#include "service/config.h"

struct store;
struct vault;
struct ca;
struct mail;
struct accounts;
struct api;
struct http;

struct service {
	struct service_config config;
	int lock; /* held for as long as the data is in use; -1: not taken */
	struct store *store;
	struct vault *vault;
	struct ca *ca;
	struct mail *mail;
	struct accounts *accounts;
	struct api *api;
	struct http *http; /* last: nothing is asked before all others stand */
};

/* Where things stand in the data directory. */
#define SERVICE_STORE_FILE "besign.db"
#define SERVICE_KEY_FILE "service.key" /* opens what the store has sealed: together with it, or neither is of use */
#define SERVICE_LOCK_FILE "besignd.lock"
#define SERVICE_LOG_FILE "besignd.log" /* embedded only: a server's log goes to standard error */

/* Takes the config, also on failure. Makes the data directory when it is missing (BE_DENIED when others can look into it
 * or it is somebody else's) and waits for at most seconds for another besignd to let go of it (BE_BUSY). Nothing is
 * answered yet, and no letter carried. */
enum be_err service_open(struct service **out, struct service_config *config, unsigned seconds, struct be_error *err);
/* Store and accounts alone, beside a besignd that may run: for an administrator's commands. The config is taken. BE_NOT_FOUND
 * before the first start. */
enum be_err service_open_beside(struct service **out, struct service_config *config, struct be_error *err);
/* Begins to answer, and to carry letters. */
enum be_err service_listen(struct service *service, struct be_error *err);

/* What is to be done by and by: letters, lists, what has ended. Returns the moment when it wants to be called again. */
int64_t service_tick(struct service *service, int64_t now);

/* Takes no more requests, lets those under way finish for at most 10 s, writes out what waits, and frees. */
void service_close(struct service **service);

/* Puts the path of a file in the data directory in place of what the buffer had, with a NUL that does not count. */
struct buffer;
enum be_err service_path(
	struct buffer *out, const struct service_config *config, const char *name, struct be_error *err);

#endif
