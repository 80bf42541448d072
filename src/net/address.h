/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_ADDRESS_H
#define NET_ADDRESS_H

/* Which addresses may be asked: the URL as it is written, and the address that a connection is really made to, so that a
 * name that resolves to something else gains nothing. Inside this room only. */

#include "net/net.h"

#include <netinet/in.h>
#include <sys/socket.h>

enum net_reach {
	NET_REACH_ANY,
	NET_REACH_LOOPBACK, /* this machine itself, no others */
	NET_REACH_PUBLIC /* nothing of this machine or of any private, local, shared, documentation or multicast network */
};

bool net_address_allowed(const struct sockaddr *address, enum net_reach reach);

/* A URL that was taken apart; its host without brackets, in lower case. */
struct net_url {
	bool https;
	char host[256];
	uint16_t port;
};

/* Holds a URL against the policy. BE_USAGE with a sentence that says what is wrong; the URL's host at most is in the
 * detail. reach: what its connection is to be held to. */
enum be_err net_url_check(struct net_url *out, enum net_reach *reach, const struct net_request *request,
	const char *url, struct be_error *err);

/* The proxy that the environment names for this URL (https_proxy, http_proxy, all_proxy, unless no_proxy names the
 * host), or NULL: none. HTTP_PROXY in upper case is not looked at: a CGI's client could set it. Borrowed. */
const char *net_proxy_for(const struct net_url *url);

#endif
