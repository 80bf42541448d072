/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef ACCOUNT_STATE_H
#define ACCOUNT_STATE_H

/* What one struct account is made of. Inside this room only. */

#include "account/account.h"
#include "account/embedded.h"

struct net;

/* The session as it is kept in the file. */
struct account_session {
	char service[2049]; /* whose it is: the URL, or "embedded:" and the data directory */
	char user[WIRE_USER_MAX];
	struct secret *refresh; /* NULL: none */
};

struct account {
	char *url; /* NULL: embedded */
	char *ca_file;
	bool plain;
	char *session_file;
	struct embedded_place embedded;
	bool met;              /* the embedded service has answered before */
	struct net *net;       /* opened by the first call */
	struct secret *access; /* "Bearer …"; NULL: not yet, or over */
	struct account_session session;
};

#endif
