/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_NET_H
#define NET_NET_H

/*
 * Asking others: HTTP and handing over mail, through libcurl, which is loaded when it is first needed and never linked.
 * Owns the policy: which schemes, which addresses, how long, how much; TLS 1.2 and better with the other side's name
 * proved, always. Knows no JSON, no paths and no certificates of documents. The only user of <curl/curl.h>.
 *
 * Calls are synchronous. Another thread, or a signal handler, ends one by setting its cancel flag.
 */

#include "base/buffer.h"
#include "base/secret.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define NET_URL_MAX 2048u
#define NET_REPLY_MAX (1u << 20) /* of an API, when a request does not say */
#define NET_OCSP_MAX (64u << 10) /* of an OCSP response or a time stamp */
#define NET_CRL_MAX (20u << 20)
#define NET_HEADERS_MAX (32u << 10) /* of all the headers of an answer */

/* One place that keeps connections open between calls. One thread at a time; several may exist. */
struct net;

/* BE_UNSUPPORTED when the machine has no libcurl (its package is named in the detail). */
enum be_err net_open(struct net **out, struct be_error *err);
void net_close(struct net **net);

/* Whose address it is decides what it may be. */
enum net_peer {
	/* Configured by the user or an administrator: https; http only on a Unix socket or to this machine itself.
	 * Redirects are answers like others, not followed. */
	NET_CONFIGURED,
	/* The same, and plain http to anywhere: an administrator's explicit choice. */
	NET_CONFIGURED_PLAIN,
	/* Out of a stranger's certificate or QR code: http or https, ports 80 and 443, no user name in it, no address of
	 * this machine or of a private network however it is written or resolved; at most three redirects, each held to
	 * the same. What it answers must be signed, or be shown as a stranger's. Never sends a secret. */
	NET_STRANGER
};

/* Bytes so far, of the request's body and of the answer's; totals are 0 while unknown. */
typedef void (*net_progress)(void *arg, uint64_t sent, uint64_t to_send, uint64_t received, uint64_t to_receive);

/* Everything is borrowed for the call; what is NULL or 0 is left out or at its default. */
struct net_request {
	enum net_peer peer;
	const char *method;      /* "GET", "POST", "PUT", "DELETE" …; NULL: POST with a body, else GET */
	const char *url;         /* absolute; with socket_path its host is only a name */
	const char *socket_path; /* a Unix socket instead of the network */
	const char *accept;      /* a media type; when the answer has another, the call fails (BE_MALFORMED) unless its
				  * status is an error's */
	const char *content_type;
	const void *body;
	size_t body_len;
	const struct secret *authorization; /* the header's whole value: "Bearer …", "Basic …" */
	const char *const *headers;         /* further "Name: value", ended by NULL; no control characters */
	size_t max_reply;                   /* bytes; 0: NET_REPLY_MAX */
	uint32_t connect_ms;                /* 0: 10,000 */
	uint32_t total_ms;                  /* 0: 30,000; a long poll says more */
	const char *ca_file;                /* PEM, instead of the system's authorities */
	const char *pin;                    /* "sha256//…" of the server's public key, besides the chain */
	/* May be asked again without harm: up to three times more after 0.5, 1, 2 s (with jitter) when there was no
	 * answer, or 429, 502, 503 or 504; Retry-After is honoured up to 60 s. Without it, a failure after the first
	 * byte of the request has gone is BE_UNKNOWN_OUTCOME. */
	bool repeatable;
	/* NET_STRANGER: a redirect is an answer like others, as for the configured ones. */
	bool stay;
	const atomic_bool *cancel;
	net_progress progress;
	void *progress_arg;
};

struct net_reply {
	uint32_t status;            /* 100..599 */
	char content_type[128];     /* lower case, without parameters; "" when there is none */
	uint32_t retry_after;       /* seconds; 0: not said */
	char location[NET_URL_MAX]; /* of a redirect that was not followed, absolute; "" otherwise */
	char url[NET_URL_MAX];      /* what answered, after redirects */
	struct buffer body;         /* owned; may be a secret: net_reply_free wipes it */
};

#define NET_REPLY_EMPTY ((struct net_reply){ .body = { NULL, 0, 0, false } })

/* Any status is BE_OK: what it means is the caller's. Failures: BE_USAGE (an address that the policy does not allow, and
 * why), BE_BLOCKED, BE_NETWORK (nothing was sent, or it was repeatable), BE_TLS, BE_UNKNOWN_OUTCOME, BE_LIMIT (the
 * answer is larger than agreed), BE_MALFORMED (no HTTP, or another type than asked for), BE_CANCELLED. out is empty then.
 * Neither the URL's query nor a header or body is ever in err. */
enum be_err net_send(struct net *net, const struct net_request *request, struct net_reply *out, struct be_error *err);
void net_reply_free(struct net_reply *reply);

/* ---- mail ---- */

/* Everything is borrowed. */
struct net_mail_server {
	const char *url;  /* smtp://HOST[:PORT] with STARTTLS insisted on, or smtps://HOST[:PORT] */
	const char *user; /* NULL: without authentication */
	const struct secret *password;
	const char *ca_file;
	bool plain;        /* no TLS at all: only to this machine itself */
	uint32_t total_ms; /* 0: 60,000 */
};

/* One message: lines end in CRLF, none begins with a dot that is not meant (SMTP's own dots are added here). Addresses
 * are bare ("a@b"). Everything is borrowed. */
struct net_mail {
	const char *from;
	const char *const *to; /* they all get it, or nobody does */
	size_t to_count;
	const void *message;
	size_t len;
	const atomic_bool *cancel;
	net_progress progress;
	void *progress_arg;
	char *reply; /* gets the last line that the server said no with, which is theirs; with reply_size 0: nothing */
	size_t reply_size;
};

/* Hands it over. BE_REFUSED: for good (5xx), and the server's code is the detail; BE_BUSY: for now (4xx); BE_DENIED: it
 * does not take user and password; BE_NETWORK, BE_TLS, BE_CANCELLED; BE_UNKNOWN_OUTCOME: the whole message had gone and
 * the server did not say whether it took it. */
enum be_err net_mail_send(
	struct net *net, const struct net_mail_server *server, const struct net_mail *mail, struct be_error *err);

#endif
