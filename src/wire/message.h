/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_MESSAGE_H
#define WIRE_MESSAGE_H

/*
 * A JSON body as a C record, and back. What a body holds is said once, in a table of fields (wire/account.h,
 * wire/csc.h declare the records and their tables); client and service read and write by the same table.
 * Knows JSON and bounds; knows no transport and not what a field means.
 *
 * Bodies hold passphrases and tokens, so they are struct secret in both directions, and a text that is secret is one in
 * the record too: it never lies in memory that is not wiped.
 */

#include "base/secret.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest body either side reads or writes. Routes have smaller limits (service/api.h). */
#define WIRE_BODY_MAX SECRET_MAX

struct wire_bytes {
	uint8_t *data; /* owned by the record */
	size_t len;
};

struct wire_list {
	void *items; /* owned by the record; what they are is said beside each list */
	size_t count;
};

enum wire_kind {
	WIRE_END,    /* the end of a table */
	WIRE_TEXT,   /* char[max]: UTF-8 without control characters; "" is absent */
	WIRE_SECRET, /* struct secret *, at most max bytes; NULL is absent */
	WIRE_INT,    /* int64_t in 0 .. 2^53-1; absent is 0 */
	WIRE_BOOL,   /* bool; absent is false */
	WIRE_TIME, /* int64_t, seconds since 1970 UTC; RFC 3339 in JSON; absent is TIME_NONE, and 0 is written as absent */
	WIRE_BYTES,  /* struct wire_bytes, at most max bytes; base64 in JSON; no data is absent */
	WIRE_PROSE,  /* struct wire_bytes: UTF-8 of several lines, at most max bytes, with a NUL that does not count */
	WIRE_TEXTS,  /* struct wire_list of char[max], at most most of them */
	WIRE_BLOBS,  /* struct wire_list of struct wire_bytes, each at most max bytes, at most most of them */
	WIRE_OBJECT, /* the record of "of", in place; absent leaves it as zeros */
	WIRE_OBJECTS /* struct wire_list of the records of "of", at most most of them */
};

struct wire_message;

struct wire_field {
	enum wire_kind kind;
	const char *name; /* in JSON */
	bool required;    /* decoding fails without it; encoding writes it even when it is empty, 0 or false */
	size_t offset;
	size_t max;
	size_t most;
	const struct wire_message *of;
};

struct wire_message {
	const char *name; /* as contrib/openapi.yaml calls the schema */
	size_t size;      /* of the record */
	const struct wire_field *fields;
};

/* The body of a record, with exact room; owned by the caller. BE_LIMIT over WIRE_BODY_MAX. */
enum be_err wire_encode(
	struct secret **body, const struct wire_message *message, const void *record, struct be_error *err);

/* Fills the record (which need not be initialised), or leaves it as zeros and says in the detail which member was wrong.
 * BE_MALFORMED for what is no JSON object, has a member twice, lacks a required one or has one of the wrong kind or size; unknown
 * members are passed over. A record that was filled is freed by wire_free. */
enum be_err wire_decode(
	void *record, const struct wire_message *message, const void *body, size_t len, struct be_error *err);

/* Frees what the record owns, wipes it and leaves zeros. A record of zeros is fine. */
void wire_free(const struct wire_message *message, void *record);

/* ---- for those who fill records ---- */

/* Cuts at a character's end when it does not fit. */
void wire_set_text(char *out, size_t max, const char *text);
#define WIRE_SET(field, text) wire_set_text((field), sizeof(field), (text))
enum be_err wire_set_bytes(struct wire_bytes *out, const void *bytes, size_t len, struct be_error *err); /* copies */
enum be_err wire_set_secret(struct secret **out, const void *bytes, size_t len, struct be_error *err);   /* copies */
/* Room for count items of size bytes, zeros; the list's items are freed by wire_free. */
enum be_err wire_list_new(struct wire_list *out, size_t count, size_t size, struct be_error *err);

#endif
