/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_QR_LINKS_H
#define APP_QR_LINKS_H

/*
 * The links to PDF documents in a page of the web, for somebody who was led there by a QR code. No browser: nothing is
 * run, fetched or repaired; tags are read one after another as they stand, and what makes no sense is passed over. Only
 * links that can be opened are told (app/qr_content.h).
 */

#include "app/qr_content.h"

#define QR_LINKS_MAX 32u
#define QR_LINK_TEXT_MAX 160u

struct qr_link {
	char url[QR_URL_MAX];
	char host[QR_HOST_MAX];
	char text[QR_LINK_TEXT_MAX]; /* what stands between <a> and </a>, UTF-8, perhaps cut; may be "" */
};

struct qr_links {
	struct qr_link *links; /* in the page's order, each address once; owned */
	size_t count;
	bool more;       /* there were more than QR_LINKS_MAX */
	char title[256]; /* of the page; may be "" */
};

/* A link leads to a PDF document when its address ends in .pdf, with or without what stands behind ? and #, or when it
 * says so itself (type="application/pdf"). base: the page's address. Costs a walk over the bytes. BE_NO_MEMORY. */
enum be_err qr_links_find(struct qr_links *out, const char *base, const void *page, size_t len, struct be_error *err);
void qr_links_free(struct qr_links *links);

#endif
