/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/object.h"

#include <stdlib.h>
#include <string.h>

bool pdf_is(const struct pdf_obj *obj, enum pdf_type type)
{
	return obj != NULL && obj->type == (uint32_t)type;
}

static int hex_value(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* The next byte of a name's text, #xx undone (7.3.5). */
static uint8_t name_byte(const uint8_t **at, const uint8_t *end)
{
	const uint8_t *p = *at;

	if (*p == '#' && end - p > 2 && hex_value(p[1]) >= 0 && hex_value(p[2]) >= 0) {
		*at = p + 3;
		return (uint8_t)(hex_value(p[1]) * 16 + hex_value(p[2]));
	}
	*at = p + 1;
	return *p;
}

bool pdf_name_is(const struct pdf_obj *obj, const char *text)
{
	const uint8_t *at;
	const uint8_t *end;

	if (!pdf_is(obj, PDF_NAME))
		return false;
	at = obj->text + 1;
	end = obj->text + obj->size;
	while (at < end && *text != '\0') {
		if (name_byte(&at, end) != (uint8_t)*text)
			return false;
		text++;
	}
	return at == end && *text == '\0';
}

/* Orders names by their bytes, #xx undone. */
static int compare_names(const struct pdf_obj *a, const struct pdf_obj *b)
{
	const uint8_t *at_a = a->text + 1;
	const uint8_t *at_b = b->text + 1;
	const uint8_t *end_a = a->text + a->size;
	const uint8_t *end_b = b->text + b->size;

	while (at_a < end_a && at_b < end_b) {
		uint8_t byte_a = name_byte(&at_a, end_a);
		uint8_t byte_b = name_byte(&at_b, end_b);

		if (byte_a != byte_b)
			return byte_a < byte_b ? -1 : 1;
	}
	if (at_a < end_a)
		return 1;
	return at_b < end_b ? -1 : 0;
}

void pdf_name_text(const struct pdf_obj *name, char *out, size_t size)
{
	const uint8_t *at;
	const uint8_t *end;
	size_t len = 0;

	out[0] = '\0';
	if (!pdf_is(name, PDF_NAME))
		return;
	at = name->text + 1;
	end = name->text + name->size;
	while (at < end && len + 1 < size) {
		out[len] = (char)name_byte(&at, end);
		if (out[len++] == '\0') { /* #00: a C string would be another, shorter name */
			out[0] = '\0';
			return;
		}
	}
	out[at < end ? 0 : len] = '\0';
}

static bool is_dictionary(const struct pdf_obj *obj)
{
	return pdf_is(obj, PDF_DICT) || pdf_is(obj, PDF_STREAM);
}

const struct pdf_obj *pdf_get(const struct pdf_obj *obj, const char *key)
{
	if (!is_dictionary(obj))
		return NULL;
	for (size_t i = obj->count; i-- > 0;) {
		if (pdf_name_is(&obj->u.items[2 * i], key))
			return obj->u.items[2 * i + 1].type == PDF_NULL ? NULL : &obj->u.items[2 * i + 1];
	}
	return NULL;
}

const struct pdf_obj *pdf_get_typed(const struct pdf_obj *obj, const char *key, enum pdf_type type)
{
	const struct pdf_obj *value = pdf_get(obj, key);

	return pdf_is(value, type) ? value : NULL;
}

static int by_name(const void *a, const void *b)
{
	return compare_names(*(const struct pdf_obj *const *)a, *(const struct pdf_obj *const *)b);
}

/* The document decides how many keys there are, so they are sorted; comparing each with each would take its time. */
bool pdf_dict_duplicates(const struct pdf_obj *dict)
{
	const struct pdf_obj **keys;
	bool found = false;

	if (!is_dictionary(dict) || dict->count < 2)
		return false;
	keys = reallocarray(NULL, dict->count, sizeof(const struct pdf_obj *));
	if (keys == NULL)
		return true; /* nobody can tell: the stricter answer */
	for (size_t i = 0; i < dict->count; i++)
		keys[i] = &dict->u.items[2 * i];
	qsort(keys, dict->count, sizeof(const struct pdf_obj *), by_name);
	for (size_t i = 1; i < dict->count && !found; i++)
		found = compare_names(keys[i - 1], keys[i]) == 0;
	free(keys);
	return found;
}

static void hex_string_bytes(struct buffer *out, const uint8_t *at, const uint8_t *end)
{
	int high = -1;

	for (; at < end; at++) {
		int value = hex_value(*at);

		if (value < 0)
			continue;
		if (high < 0) {
			high = value;
		} else {
			buffer_add_byte(out, (uint8_t)(high * 16 + value));
			high = -1;
		}
	}
	if (high >= 0) /* an odd last digit counts as if a zero followed (7.3.4.3) */
		buffer_add_byte(out, (uint8_t)(high * 16));
}

/* One escape of a literal string (7.3.4.2, Table 3); *at stands behind the backslash. */
static void unescape(struct buffer *out, const uint8_t **at, const uint8_t *end)
{
	static const char letters[] = "nrtbf";
	static const char meanings[] = "\n\r\t\b\f";
	uint8_t c = *(*at)++;
	const char *letter = c != '\0' ? strchr(letters, c) : NULL;

	if (letter != NULL) {
		buffer_add_byte(out, (uint8_t)meanings[letter - letters]);
	} else if (c >= '0' && c <= '7') {
		unsigned value = (unsigned)(c - '0');

		for (int more = 0; more < 2 && *at < end && **at >= '0' && **at <= '7'; more++)
			value = value * 8 + (unsigned)(*(*at)++ - '0');
		buffer_add_byte(out, (uint8_t)(value & 0xFF));
	} else if (c == '\r') {
		if (*at < end && **at == '\n')
			(*at)++;
	} else if (c != '\n') {
		buffer_add_byte(out, c);
	}
}

static void literal_string_bytes(struct buffer *out, const uint8_t *at, const uint8_t *end)
{
	while (at < end) {
		uint8_t c = *at++;

		if (c == '\\' && at < end) {
			unescape(out, &at, end);
		} else if (c == '\r') { /* any end of line reads as one line feed */
			if (at < end && *at == '\n')
				at++;
			buffer_add_byte(out, '\n');
		} else {
			buffer_add_byte(out, c);
		}
	}
}

void pdf_string_bytes(struct buffer *out, const struct pdf_obj *string)
{
	if (!pdf_is(string, PDF_STRING) || string->size < 2)
		return;
	if (string->text[0] == '<')
		hex_string_bytes(out, string->text + 1, string->text + string->size - 1);
	else
		literal_string_bytes(out, string->text + 1, string->text + string->size - 1);
}
