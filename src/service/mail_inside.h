/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_MAIL_INSIDE_H
#define SERVICE_MAIL_INSIDE_H

/* What mail.c and mail_box.c share. */

#include "net/net.h"
#include "service/mail.h"

#include <pthread.h>
#include <stdatomic.h>

struct mail {
	const struct service_config *config;
	struct store *store;
	struct vault *vault;
	struct mail_sender sender;
	char from[256];          /* the bare address */
	char *maildir;           /* NULL: letters go to the server below */
	struct secret *password; /* of the server; NULL: none */
	struct net *net;         /* of who delivers; opened with the first letter */
	pthread_mutex_t delivering;
	pthread_mutex_t lock; /* of what follows */
	pthread_cond_t changed;
	bool due; /* something was queued since it was last looked */
	bool running;
	pthread_t thread;
	atomic_bool stop;
};

/* Whole or not at all, and durable: the same id twice is the same letter. */
enum be_err mail_box_put(
	const char *maildir, int64_t id, int64_t moment, const struct secret *letter, struct be_error *err);

#endif
