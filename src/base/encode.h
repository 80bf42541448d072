/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

/*
 * Bytes as text and back (RFC 4648). Reading is strict: no blanks, no characters of another alphabet, no bits left
 * over that are not zero, so that one value has exactly one spelling. Not constant in time.
 */

#include "base/buffer.h"
#include "base/secret.h"

enum encode_kind {
	ENCODE_HEX,    /* written in lower case; either case is read */
	ENCODE_BASE32, /* written without padding; padding, lower case, blanks and hyphens are read: people type it */
	ENCODE_BASE64, /* padding written, and demanded */
	ENCODE_BASE64URL, /* no padding written, none allowed */
};

/* Characters that len bytes become, without a NUL. */
size_t encode_size(enum encode_kind kind, size_t len);

/* Append the text or the bytes. BE_MALFORMED for text that is none of its kind; nothing is appended then. */
void encode_add(struct buffer *out, enum encode_kind kind, const void *bytes, size_t len);
enum be_err encode_read(struct buffer *out, enum encode_kind kind, const char *text, size_t len, struct be_error *err);

/* The same where the bytes are secret: nothing is left behind outside the secrets. Owned by the caller. */
enum be_err encode_secret(struct secret **out, enum encode_kind kind, const struct secret *bytes, struct be_error *err);
enum be_err encode_read_secret(
	struct secret **out, enum encode_kind kind, const void *text, size_t len, struct be_error *err);

#endif
