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
	struct store *store;
	struct vault *vault;
	struct ca *ca;
	struct mail *mail;
	struct accounts *accounts;
	struct api *api;
	struct http *http; /* last: nothing is asked before all others stand */
};

/* Takes the config, also on failure. Everything but http: what the commands of an administrator need as well. */
enum be_err service_open(struct service **out, struct service_config *config, struct be_error *err);
/* Begins to answer. */
enum be_err service_listen(struct service *service, struct be_error *err);
/* Takes no more requests, lets those under way finish for at most 10 s, writes out what waits, and frees. */
void service_close(struct service **service);

#endif
