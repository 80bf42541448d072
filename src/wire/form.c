/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/form.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#define NAME_MAX_LEN 64u

struct pair {
	char name[NAME_MAX_LEN + 1];
	struct secret *value;
};

struct wire_form {
	size_t count;
	struct pair pairs[WIRE_FORM_MOST];
};

static enum be_err wrong(struct be_error *err, const char *how)
{
	return be_fail(err, BE_MALFORMED, N_("The form is not as it should be"), "%s", how);
}

static int hex(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Room for the decoded text is as much as the text takes. */
static enum be_err decode(struct secret **out, const uint8_t *text, size_t len, struct be_error *err)
{
	enum be_err rc = secret_new(out, len, err);

	for (size_t i = 0; rc == BE_OK && i < len; i++) {
		uint8_t byte = text[i] == '+' ? ' ' : text[i];

		if (text[i] == '%') {
			if (len - i < 3 || hex(text[i + 1]) < 0 || hex(text[i + 2]) < 0)
				return wrong(err, "a broken escape");
			byte = (uint8_t)(hex(text[i + 1]) << 4 | hex(text[i + 2]));
			i += 2;
		}
		rc = secret_add(*out, &byte, 1, err);
	}
	return rc;
}

static bool clean(const struct secret *text)
{
	const uint8_t *bytes = secret_bytes(text);
	size_t len = secret_len(text);

	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode(bytes + at, len - at, &c);
		if (c == UTF8_BAD || c < 0x20 || (c >= 0x7F && c < 0xA0))
			return false;
	}
	return true;
}

static enum be_err take_pair(struct wire_form *form, const uint8_t *text, size_t len, struct be_error *err)
{
	const uint8_t *sign = memchr(text, '=', len);
	size_t name_len = sign != NULL ? (size_t)(sign - text) : len;
	struct secret *name = NULL;
	struct pair *pair = &form->pairs[form->count];
	enum be_err rc = BE_OK;

	if (form->count == WIRE_FORM_MOST)
		return wrong(err, "too many names");
	rc = decode(&name, text, name_len, err);
	if (rc == BE_OK && (secret_len(name) == 0 || secret_len(name) > NAME_MAX_LEN || !clean(name)))
		rc = wrong(err, "a name that is none");
	if (rc == BE_OK) {
		memcpy(pair->name, secret_bytes(name), secret_len(name));
		if (wire_form_secret(form, pair->name) != NULL)
			rc = wrong(err, "a name twice");
	}
	if (rc == BE_OK)
		rc = decode(&pair->value, sign != NULL ? sign + 1 : text, sign != NULL ? len - name_len - 1 : 0, err);
	if (rc == BE_OK && !clean(pair->value))
		rc = wrong(err, "a value that is no text");
	if (rc == BE_OK)
		form->count++;
	else
		secret_free(&pair->value);
	secret_free(&name);
	return rc;
}

enum be_err wire_form_parse(struct wire_form **out, const void *bytes, size_t len, struct be_error *err)
{
	struct wire_form *form = calloc(1, sizeof(*form));
	const uint8_t *at = bytes;
	enum be_err rc = BE_OK;

	if (form == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	if (len > SECRET_MAX)
		rc = be_fail(err, BE_LIMIT, N_("The form is too large"), "%zu bytes", len);
	while (rc == BE_OK && len > 0) {
		const uint8_t *end = memchr(at, '&', len);
		size_t piece = end != NULL ? (size_t)(end - at) : len;

		if (piece > 0)
			rc = take_pair(form, at, piece, err);
		at += piece + (end != NULL);
		len -= piece + (end != NULL);
	}
	if (rc == BE_OK)
		*out = form;
	else
		wire_form_free(&form);
	return rc;
}

const struct secret *wire_form_secret(const struct wire_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (strcmp(form->pairs[i].name, name) == 0)
			return form->pairs[i].value;
	return NULL;
}

const char *wire_form_text(const struct wire_form *form, const char *name)
{
	const struct secret *value = wire_form_secret(form, name);

	return value != NULL ? (const char *)secret_bytes(value) : NULL;
}

void wire_form_free(struct wire_form **form)
{
	if (*form == NULL)
		return;
	for (size_t i = 0; i < (*form)->count; i++)
		secret_free(&(*form)->pairs[i].value);
	free(*form);
	*form = NULL;
}

static bool plain(uint8_t c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
		c == '_' || c == '~';
}

static enum be_err add_escaped(struct secret *out, const uint8_t *bytes, size_t len, struct be_error *err)
{
	static const char digits[] = "0123456789ABCDEF";
	enum be_err rc = BE_OK;

	for (size_t i = 0; rc == BE_OK && i < len; i++) {
		char escape[3] = { '%', digits[bytes[i] >> 4], digits[bytes[i] & 15] };

		rc = plain(bytes[i]) ? secret_add(out, bytes + i, 1, err) : secret_add(out, escape, 3, err);
		explicit_bzero(escape, sizeof(escape));
	}
	return rc;
}

enum be_err wire_form_write(struct secret **out, const struct wire_form_pair *pairs, size_t count, struct be_error *err)
{
	size_t room = 0;
	enum be_err rc = BE_OK;

	for (size_t i = 0; i < count; i++)
		room += pairs[i].value != NULL ? strlen(pairs[i].name) + 3 * pairs[i].len + 2 : 0;
	rc = secret_new(out, room, err);
	for (size_t i = 0; rc == BE_OK && i < count; i++) {
		if (pairs[i].value == NULL)
			continue;
		rc = secret_len(*out) > 0 ? secret_add(*out, "&", 1, err) : BE_OK;
		if (rc == BE_OK)
			rc = secret_add(*out, pairs[i].name, strlen(pairs[i].name), err);
		if (rc == BE_OK)
			rc = secret_add(*out, "=", 1, err);
		if (rc == BE_OK)
			rc = add_escaped(*out, pairs[i].value, pairs[i].len, err);
	}
	if (rc != BE_OK)
		secret_free(out);
	return rc;
}
