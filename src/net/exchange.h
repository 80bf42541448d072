/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_EXCHANGE_H
#define NET_EXCHANGE_H

/* One transfer on libcurl's handles, whatever its protocol: driven in short steps so that it can be cancelled, its socket
 * opened under the policy, its outcome told in our words. Inside this room only. */

#include "net/address.h"
#include "net/curl.h"

struct net {
	const struct net_curl *curl;
	CURL *easy;
	CURLM *multi; /* keeps the connections */
	char said[CURL_ERROR_SIZE];
};

struct net_exchange {
	struct net *net;
	enum net_reach reach;
	const atomic_bool *cancel;
	net_progress progress;
	void *progress_arg;
	bool once;     /* the request must not be sent a second time behind our back */
	bool began;    /* the first byte of the request may have gone */
	bool blocked;  /* an address was refused */
	bool too_much; /* the answer is larger than agreed */
};

/* Forgets the options of the last transfer and sets those that every one has; url: checked before. */
enum be_err net_exchange_begin(struct net *net, struct net_exchange *exchange, const char *url, const char *protocols,
	uint32_t connect_ms, uint32_t total_ms, const char *ca_file, struct be_error *err);

/* To the end, or until cancelled. */
CURLcode net_exchange_run(struct net_exchange *exchange);

/* The error of a transfer that failed; host goes into the detail. unknown: what has gone may have been done, so a failure
 * after the beginning is BE_UNKNOWN_OUTCOME. */
enum be_err net_exchange_fail(const struct net_exchange *exchange, CURLcode code, bool unknown, struct be_error *err);

/* setopt that cannot be ignored: false when libcurl does not know or take it. */
#define NET_SET(net, option, value) ((net)->curl->easy_setopt((net)->easy, (option), (value)) == CURLE_OK)

#endif
