/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_QR_FOLLOW_H
#define APP_QR_FOLLOW_H

/*
 * What stands behind an address out of a QR code, once a person agreed to ask: fetched as from a stranger (net/net.h), and
 * told what it is. A document is kept in a file of its own that nobody else can read and that goes when it is let go of;
 * nothing else that came is written down, run or opened.
 */

#include "app/qr_links.h"

#include <stdatomic.h>

#define QR_FOLLOW_MAX (64u << 20)      /* bytes of a document */
#define QR_FOLLOW_TEXT_MAX (16u << 10) /* bytes of a text that are shown */
#define QR_FOLLOW_PAGE_MAX (1u << 20)  /* bytes of a page that are looked through */
#define QR_FOLLOW_HOPS 3u

enum qr_came {
	QR_CAME_PDF,
	QR_CAME_PAGE, /* of the web */
	QR_CAME_TEXT,
	QR_CAME_OTHER,
	QR_CAME_ELSEWHERE /* nothing yet: it leads to another host, which nobody agreed to ask */
};

struct qr_found {
	enum qr_came came;
	char url[QR_URL_MAX]; /* what answered; ELSEWHERE: where it leads */
	char host[QR_HOST_MAX];
	char type[128];        /* as the other side calls it, harmless; may be "" */
	uint64_t size;         /* bytes */
	char *document;        /* PDF: the absolute path; owned, and the file with it */
	char *text;            /* TEXT: UTF-8, perhaps cut; owned */
	struct qr_links links; /* PAGE */
};

#define QR_FOUND_NOTHING ((struct qr_found){ .came = QR_CAME_OTHER })

/* Borrowed for the call; zero is the default. */
struct qr_follow_wish {
	bool anywhere; /* redirects may lead to other hosts, yet never from https to http */
	const atomic_bool *cancel;
	void (*progress)(void *context, uint64_t received, uint64_t total); /* total is 0 while unknown */
	void *context;
};

/* url: that of a qr_content. BE_UNSUPPORTED without libcurl; BE_BLOCKED, BE_USAGE (an address that is not asked),
 * BE_NETWORK, BE_TLS, BE_LIMIT (larger than QR_FOLLOW_MAX, or redirects without end), BE_MALFORMED, BE_CANCELLED;
 * BE_NOT_FOUND, BE_REFUSED as the other side said. out is empty then. */
enum be_err qr_follow(struct qr_found *out, const char *url, const struct qr_follow_wish *wish, struct be_error *err);
/* One redirect of it: where it leads, and whether that is a host that nobody agreed to ask. BE_BLOCKED when it is not
 * followed whatever was agreed to. */
enum be_err qr_follow_hop(struct qr_content *next, bool *elsewhere, const struct qr_content *at, const char *location,
	bool anywhere, struct be_error *err);
void qr_found_free(struct qr_found *found);

/* Keeps a copy of the document under a name that is not taken. BE_EXISTS; as file_output_new. */
enum be_err qr_save(const char *document, const char *target, struct be_error *err);

/* Whether the path is one that qr_found_free would take away: not worth remembering. */
bool qr_is_passing(const char *path);

#endif
