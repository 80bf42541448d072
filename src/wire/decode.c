/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/message.h"

#include "base/encode.h"
#include "base/json.h"
#include "base/time.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static enum be_err wrong(struct be_error *err, const struct wire_field *field, const char *how)
{
	return be_fail(
		err, BE_MALFORMED, N_("A message of the service is not as it should be"), "%s: %s", field->name, how);
}

/* Lines of prose may end, and be indented. */
static bool clean(const char *text, size_t len, bool prose)
{
	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode((const uint8_t *)text + at, len - at, &c);
		if (c == UTF8_BAD || (c >= 0x7F && c < 0xA0) || (c < 0x20 && !(prose && (c == '\n' || c == '\t'))))
			return false;
	}
	return true;
}

static enum be_err take_text(char *out, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	const char *text = json_string(value);
	size_t len = text != NULL ? strlen(text) : 0;

	if (text == NULL)
		return wrong(err, field, "no text");
	if (len >= field->max)
		return wrong(err, field, "too long");
	if (!clean(text, len, false))
		return wrong(err, field, "control characters");
	memcpy(out, text, len + 1);
	return BE_OK;
}

static enum be_err take_secret(
	struct secret **out, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	const char *text = json_string(value);
	size_t len = text != NULL ? strlen(text) : 0;

	if (text == NULL)
		return wrong(err, field, "no text");
	if (len > field->max)
		return wrong(err, field, "too long");
	if (len == 0)
		return BE_OK; /* as if it were absent */
	return wire_set_secret(out, text, len, err);
}

static enum be_err take_bytes(
	struct wire_bytes *out, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	struct buffer bytes = BUFFER_EMPTY;
	const char *text = json_string(value);
	enum be_err rc = BE_OK;

	if (text == NULL)
		return wrong(err, field, "no text");
	if (strlen(text) > encode_size(ENCODE_BASE64, field->max))
		return wrong(err, field, "too long");
	rc = encode_read(&bytes, ENCODE_BASE64, text, strlen(text), NULL);
	if (rc != BE_OK || bytes.len > field->max) {
		rc = wrong(err, field, rc != BE_OK ? "no base64" : "too long");
		goto out;
	}
	if (bytes.len > 0)
		rc = wire_set_bytes(out, bytes.data, bytes.len, err);
out:
	buffer_free(&bytes);
	return rc;
}

static enum be_err take_prose(
	struct wire_bytes *out, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	const char *text = json_string(value);
	size_t len = text != NULL ? strlen(text) : 0;

	if (text == NULL)
		return wrong(err, field, "no text");
	if (len > field->max)
		return wrong(err, field, "too long");
	if (!clean(text, len, true))
		return wrong(err, field, "control characters");
	return wire_set_bytes(out, text, len, err);
}

static enum be_err take_time(
	int64_t *out, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	const char *text = json_string(value);

	if (text == NULL || time_parse(out, text, NULL) != BE_OK)
		return wrong(err, field, "no moment as RFC 3339 has it");
	return BE_OK;
}

static enum be_err take_record(
	void *record, const struct wire_message *message, const struct json *object, struct be_error *err);

static enum be_err take_item(void *item, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	if (field->kind == WIRE_TEXTS)
		return take_text(item, field, value, err);
	if (field->kind == WIRE_BLOBS)
		return take_bytes(item, field, value, err);
	return take_record(item, field->of, value, err);
}

static size_t item_size(const struct wire_field *field)
{
	if (field->kind == WIRE_TEXTS)
		return field->max;
	return field->kind == WIRE_BLOBS ? sizeof(struct wire_bytes) : field->of->size;
}

static enum be_err take_list(
	struct wire_list *out, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	const struct json *element = json_first(value);
	size_t count = json_count(value);
	size_t size = item_size(field);
	enum be_err rc = BE_OK;

	if (!json_is_array(value))
		return wrong(err, field, "no list");
	if (count > field->most)
		return wrong(err, field, "too many");
	rc = wire_list_new(out, count, size, err);
	for (size_t i = 0; rc == BE_OK && i < count; i++, element = json_next(element))
		rc = take_item((char *)out->items + i * size, field, element, err);
	return rc;
}

static enum be_err take_value(void *at, const struct wire_field *field, const struct json *value, struct be_error *err)
{
	switch (field->kind) {
	case WIRE_TEXT:
		return take_text(at, field, value, err);
	case WIRE_SECRET:
		return take_secret(at, field, value, err);
	case WIRE_INT:
		if (json_int(value, at) && *(int64_t *)at >= 0)
			return BE_OK;
		return wrong(err, field, "no whole number");
	case WIRE_BOOL:
		return json_bool(value, at) ? BE_OK : wrong(err, field, "neither true nor false");
	case WIRE_TIME:
		return take_time(at, field, value, err);
	case WIRE_BYTES:
		return take_bytes(at, field, value, err);
	case WIRE_PROSE:
		return take_prose(at, field, value, err);
	case WIRE_TEXTS:
	case WIRE_BLOBS:
	case WIRE_OBJECTS:
		return take_list(at, field, value, err);
	case WIRE_OBJECT:
		return take_record(at, field->of, value, err);
	case WIRE_END:
		break;
	}
	return BE_OK;
}

/* What a required member must not be: the empty text or secret, which is how absence looks in a record. */
static bool empty(const struct wire_field *field, const void *at)
{
	switch (field->kind) {
	case WIRE_TEXT:
		return *(const char *)at == '\0';
	case WIRE_SECRET:
		return *(struct secret *const *)at == NULL;
	case WIRE_BYTES:
		return ((const struct wire_bytes *)at)->data == NULL;
	case WIRE_END:
	case WIRE_INT:
	case WIRE_BOOL:
	case WIRE_TIME:
	case WIRE_PROSE:
	case WIRE_TEXTS:
	case WIRE_BLOBS:
	case WIRE_OBJECT:
	case WIRE_OBJECTS:
		break;
	}
	return false;
}

static void set_absent(void *at, const struct wire_field *field)
{
	if (field->kind == WIRE_TIME)
		*(int64_t *)at = TIME_NONE;
}

static enum be_err take_record(
	void *record, const struct wire_message *message, const struct json *object, struct be_error *err)
{
	enum be_err rc = BE_OK;

	if (!json_is_object(object))
		return be_fail(err, BE_MALFORMED, N_("A message of the service is not as it should be"),
			"%s: no object", message->name);
	for (const struct wire_field *field = message->fields; rc == BE_OK && field->kind != WIRE_END; field++) {
		const struct json *value = json_get(object, field->name);
		void *at = (char *)record + field->offset;

		set_absent(at, field);
		if (value != NULL && !json_is_null(value))
			rc = take_value(at, field, value, err);
		else if (field->required)
			rc = wrong(err, field, "missing");
		if (rc == BE_OK && field->required && empty(field, at))
			rc = wrong(err, field, "empty");
	}
	return rc;
}

enum be_err wire_decode(
	void *record, const struct wire_message *message, const void *body, size_t len, struct be_error *err)
{
	struct json *json = NULL;
	enum be_err rc = BE_OK;

	memset(record, 0, message->size);
	if (len > WIRE_BODY_MAX)
		return be_fail(err, BE_LIMIT, N_("The message for the service is too large"), "%zu bytes", len);
	rc = json_parse(&json, body, len, err);
	if (rc == BE_LIMIT) /* nested too deep: no message of ours is */
		rc = be_fail(
			err, BE_MALFORMED, N_("A message of the service is not as it should be"), "nested too deep");
	if (rc == BE_OK)
		rc = take_record(record, message, json, err);
	if (rc != BE_OK)
		wire_free(message, record);
	json_free(&json);
	return rc;
}
