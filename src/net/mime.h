/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef NET_MIME_H
#define NET_MIME_H

/* The forms of a letter on its way (RFC 5322, 2045, 2047, 2231): knows octets, knows nothing of what they say, and sends
 * nothing. The service writes its letters by it, and a person's documents are packed by it. */

#include "base/buffer.h"

/* Appends text (UTF-8, lines ended by \n) as quoted-printable, lines ended by CRLF and at most 76 long. */
void mime_quote(struct buffer *out, const void *text, size_t len);
/* The way back; what is no quoted-printable is left as it stands. Lines end in \n. */
void mime_unquote(struct buffer *out, const void *text, size_t len);

/* Appends bytes as base64, in lines of 76 that end in CRLF. */
void mime_base64(struct buffer *out, const void *bytes, size_t len);

/* Appends "NAME: value" and CRLF; the value as encoded words where it is not ASCII. Control characters become blanks. */
void mime_header(struct buffer *out, const char *name, const char *value);
/* The way back for a value: encoded words of UTF-8 in base64, others as they stand. */
void mime_decode(struct buffer *out, const char *value, size_t len);

/* BE_USAGE when a bare address cannot be one: no "@", controls, blanks, anything but ASCII, longer than 254 octets. */
enum be_err mime_address_check(const char *address, struct be_error *err);

/* "NAME <a@b>" or "a@b": appends a From header with an encoded name. */
void mime_from(struct buffer *out, const char *from);
/* The bare address of the same. */
void mime_address(char *out, size_t size, const char *from);

/* "NAME: <a@b>,\r\n <c@d>" and CRLF; the addresses are bare, and were checked (mime_address_check). */
void mime_addresses(struct buffer *out, const char *name, const char *const *addresses, size_t count);

/* Appends a parameter of a header, on a line of its own: ";\r\n NAME=\"value\"", or where the value is not plain ASCII
 * or long, in the pieces of RFC 2231. The value is a file name in any bytes: what is no UTF-8 becomes U+FFFD, and what
 * could hide or turn text around becomes "_". */
void mime_parameter(struct buffer *out, const char *name, const char *value);

#define MIME_DATE_MAX 80
/* "Sat, 28 Nov 2026 00:44:26 +0000", whatever the locale. */
char *mime_date(char out[static MIME_DATE_MAX], int64_t moment);

/* Appends text that stands in HTML between tags or in a double-quoted attribute. */
void mime_html(struct buffer *out, const void *text, size_t len);

#endif
