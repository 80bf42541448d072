/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/message.h"

#include "base/encode.h"
#include "base/time.h"
#include "base/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Everything is written twice: the first time only counted, so that the body gets the room it needs and no growing leaves
 * a copy of a secret behind. */
struct out {
	struct secret *to; /* NULL: only count */
	size_t len;
	struct be_error *err;
	enum be_err rc;
};

static void put(struct out *out, const void *bytes, size_t len)
{
	out->len += len;
	if (out->to != NULL && out->rc == BE_OK)
		out->rc = secret_add(out->to, bytes, len, out->err);
}

static void put_str(struct out *out, const char *text)
{
	put(out, text, strlen(text));
}

/* RFC 8259, 7. What is no UTF-8 becomes U+FFFD. */
static void put_quoted(struct out *out, const void *bytes, size_t len)
{
	const uint8_t *at = bytes;
	char escape[8];

	put_str(out, "\"");
	while (len > 0) {
		uint32_t c;
		size_t taken = utf8_decode(at, len, &c);

		if (c == UTF8_BAD) {
			put_str(out, "\xEF\xBF\xBD");
		} else if (c < 0x20 || c == 0x7F) {
			(void)snprintf(escape, sizeof(escape), "\\u%04x", c);
			put_str(out, escape);
		} else if (c == '"' || c == '\\') {
			put_str(out, c == '"' ? "\\\"" : "\\\\");
		} else {
			put(out, at, taken);
		}
		at += taken;
		len -= taken;
	}
	explicit_bzero(escape, sizeof(escape));
	put_str(out, "\"");
}

static void put_base64(struct out *out, const struct wire_bytes *bytes)
{
	struct buffer text = BUFFER_EMPTY;

	if (out->to == NULL) {
		out->len += encode_size(ENCODE_BASE64, bytes->len) + 2;
		return;
	}
	encode_add(&text, ENCODE_BASE64, bytes->data, bytes->len);
	if (out->rc == BE_OK)
		out->rc = buffer_check(&text, out->err);
	put_str(out, "\"");
	if (out->rc == BE_OK)
		put(out, text.data, text.len);
	put_str(out, "\"");
	buffer_free(&text);
}

static void put_int(struct out *out, int64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, number);
	put_str(out, text);
}

static void put_time(struct out *out, int64_t moment)
{
	char text[TIME_TEXT_MAX];

	(void)time_format(text, moment);
	put_quoted(out, text, strlen(text));
}

static void put_record(struct out *out, const struct wire_message *message, const void *record);

static void put_list(struct out *out, const struct wire_field *field, const struct wire_list *list)
{
	put_str(out, "[");
	for (size_t i = 0; i < list->count; i++) {
		const char *items = list->items;

		if (i > 0)
			put_str(out, ",");
		if (field->kind == WIRE_TEXTS)
			put_quoted(out, items + i * field->max, strnlen(items + i * field->max, field->max));
		else if (field->kind == WIRE_BLOBS)
			put_base64(out, (const struct wire_bytes *)list->items + i);
		else
			put_record(out, field->of, items + i * field->of->size);
	}
	put_str(out, "]");
}

static bool absent(const struct wire_field *field, const void *at)
{
	if (field->required)
		return false;
	switch (field->kind) {
	case WIRE_TEXT:
		return *(const char *)at == '\0';
	case WIRE_SECRET:
		return *(struct secret *const *)at == NULL;
	case WIRE_INT:
		return *(const int64_t *)at == 0;
	case WIRE_TIME:
		return *(const int64_t *)at == 0 || *(const int64_t *)at == TIME_NONE;
	case WIRE_BOOL:
		return !*(const bool *)at;
	case WIRE_BYTES:
	case WIRE_PROSE:
		return ((const struct wire_bytes *)at)->data == NULL;
	case WIRE_TEXTS:
	case WIRE_BLOBS:
	case WIRE_OBJECTS:
		return ((const struct wire_list *)at)->count == 0;
	case WIRE_OBJECT:
	case WIRE_END:
		break;
	}
	return false;
}

static void put_value(struct out *out, const struct wire_field *field, const void *at)
{
	const struct secret *secret = NULL;
	const struct wire_bytes *bytes = at;

	switch (field->kind) {
	case WIRE_TEXT:
		put_quoted(out, at, strnlen(at, field->max));
		break;
	case WIRE_SECRET:
		secret = *(struct secret *const *)at;
		put_quoted(out, secret != NULL ? secret_bytes(secret) : NULL, secret != NULL ? secret_len(secret) : 0);
		break;
	case WIRE_INT:
		put_int(out, *(const int64_t *)at);
		break;
	case WIRE_BOOL:
		put_str(out, *(const bool *)at ? "true" : "false");
		break;
	case WIRE_TIME:
		put_time(out, *(const int64_t *)at);
		break;
	case WIRE_BYTES:
		put_base64(out, bytes);
		break;
	case WIRE_PROSE:
		put_quoted(out, bytes->data, bytes->len);
		break;
	case WIRE_TEXTS:
	case WIRE_BLOBS:
	case WIRE_OBJECTS:
		put_list(out, field, at);
		break;
	case WIRE_OBJECT:
		put_record(out, field->of, at);
		break;
	case WIRE_END:
		break;
	}
}

static void put_record(struct out *out, const struct wire_message *message, const void *record)
{
	bool first = true;

	put_str(out, "{");
	for (const struct wire_field *field = message->fields; field->kind != WIRE_END; field++) {
		const void *at = (const char *)record + field->offset;

		if (absent(field, at))
			continue;
		if (!first)
			put_str(out, ",");
		first = false;
		put_quoted(out, field->name, strlen(field->name));
		put_str(out, ":");
		put_value(out, field, at);
	}
	put_str(out, "}");
}

enum be_err wire_encode(
	struct secret **body, const struct wire_message *message, const void *record, struct be_error *err)
{
	struct out out = { .err = err };

	put_record(&out, message, record);
	if (out.len > WIRE_BODY_MAX)
		return be_fail(err, BE_LIMIT, N_("The message for the service is too large"), "%zu bytes", out.len);
	out.rc = secret_new(&out.to, out.len, err);
	if (out.rc != BE_OK)
		return out.rc;
	put_record(&out, message, record);
	if (out.rc == BE_OK)
		*body = out.to;
	else
		secret_free(&out.to);
	return out.rc;
}
