/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SERVICE_MAIL_MIME_H
#define SERVICE_MAIL_MIME_H

/* The forms of a letter on its way (RFC 5322, 2045, 2047): knows octets, knows nothing of what they say. For mail*.c
 * only. */

#include "base/buffer.h"

/* Appends text (UTF-8, lines ended by \n) as quoted-printable, lines ended by CRLF and at most 76 long. */
void mime_quote(struct buffer *out, const void *text, size_t len);
/* The way back; what is no quoted-printable is left as it stands. Lines end in \n. */
void mime_unquote(struct buffer *out, const void *text, size_t len);

/* Appends "NAME: value" and CRLF; the value as encoded words where it is not ASCII. Control characters become blanks. */
void mime_header(struct buffer *out, const char *name, const char *value);
/* The way back for a value: encoded words of UTF-8 in base64, others as they stand. */
void mime_decode(struct buffer *out, const char *value, size_t len);

/* "NAME <a@b>" or "a@b": appends a From header with an encoded name. */
void mime_from(struct buffer *out, const char *from);
/* The bare address of the same. */
void mime_address(char *out, size_t size, const char *from);

#define MIME_DATE_MAX 80
/* "Sat, 28 Nov 2026 00:44:26 +0000", whatever the locale. */
char *mime_date(char out[static MIME_DATE_MAX], int64_t moment);

/* Appends text that stands in HTML between tags or in a double-quoted attribute. */
void mime_html(struct buffer *out, const void *text, size_t len);

#endif
