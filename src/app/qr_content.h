/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_QR_CONTENT_H
#define APP_QR_CONTENT_H

/*
 * What a QR code says, or what somebody pasted: an address of the web, taken apart so that a person sees whose it is, or
 * text. Whoever wrote it may want to deceive, so the address that is asked is put together anew from parts that were
 * understood, and what was not understood is never asked. Knows no network.
 */

#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define QR_CONTENT_MAX 8192u /* bytes of the whole, the NUL counted */
#define QR_HOST_MAX 256u
#define QR_URL_MAX 2048u

enum qr_kind { QR_TEXT, QR_URL };

/* What a person should look at twice. */
enum qr_odd {
	QR_ODD_USER = 1u << 0,     /* something stands before an @ and is not the host */
	QR_ODD_LETTERS = 1u << 1,  /* the host has letters beyond ASCII: shown as they are asked for (xn--) */
	QR_ODD_PLAIN = 1u << 2,    /* http: everybody on the way can read and change it */
	QR_ODD_NUMBER = 1u << 3,   /* the host is a number, not a name */
	QR_ODD_PORT = 1u << 4,     /* not one of the usual ports */
	QR_ODD_NO_SCHEME = 1u << 5 /* it did not say https: that was added */
};
#define QR_ODD_COUNT 6u

/* Holds nothing that has to be freed. Its parts are harmless ASCII, but for text and user. */
struct qr_content {
	enum qr_kind kind;
	char text[QR_CONTENT_MAX]; /* as it was, UTF-8 */
	/* Of an address: */
	char host[QR_HOST_MAX]; /* lower case; xn-- for what is not ASCII; an IPv6 address in brackets */
	char user[QR_HOST_MAX]; /* what stands before the @, perhaps cut */
	uint16_t port;          /* 0: the usual one */
	char url[QR_URL_MAX];   /* what is asked: without user and #; "" when it cannot be asked */
	unsigned odd;           /* enum qr_odd */
	const char *why_not;    /* msgid: why the address is not opened; NULL: it can be. Also of a broken address,
				 * which then is text */
};

/* Never fails: what is no address is text. Blanks around it are no part of it. More than QR_CONTENT_MAX - 1 bytes are
 * cut, and then it is no address. */
void qr_content_read(struct qr_content *out, const char *text);

/* The sentences (msgids) that a person should read about it, why it is not opened the last of them. Returns how many. */
#define QR_NOTES_MAX QR_ODD_COUNT
size_t qr_content_notes(const struct qr_content *content, const char *out[static QR_NOTES_MAX]);

/* Where a reference leads to that stands in a page at base, an address as above without user (RFC 3986, 5.2). False when
 * it leads to no address that can be opened. */
bool qr_content_resolve(struct qr_content *out, const char *base, const char *reference);

/* The same host, but for the letters www. before it. */
bool qr_same_host(const char *one, const char *other);

#endif
