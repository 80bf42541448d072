/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "wire/message.h"

#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

void wire_set_text(char *out, size_t max, const char *text)
{
	size_t len = strlen(text);
	size_t kept = 0;

	while (kept < len) {
		uint32_t c;
		size_t taken = utf8_decode((const uint8_t *)text + kept, len - kept, &c);

		if (kept + taken >= max)
			break;
		kept += taken;
	}
	memcpy(out, text, kept);
	out[kept] = '\0';
}

enum be_err wire_set_bytes(struct wire_bytes *out, const void *bytes, size_t len, struct be_error *err)
{
	uint8_t *copy = malloc(len + 1);

	if (copy == NULL)
		return no_memory(err);
	if (len > 0)
		memcpy(copy, bytes, len);
	copy[len] = 0;
	free(out->data);
	*out = (struct wire_bytes){ copy, len };
	return BE_OK;
}

enum be_err wire_set_secret(struct secret **out, const void *bytes, size_t len, struct be_error *err)
{
	enum be_err rc = BE_OK;

	secret_free(out);
	rc = secret_new(out, len, err);
	if (rc == BE_OK)
		rc = secret_add(*out, bytes, len, err);
	return rc;
}

enum be_err wire_list_new(struct wire_list *out, size_t count, size_t size, struct be_error *err)
{
	*out = (struct wire_list){ NULL, 0 };
	if (count == 0)
		return BE_OK;
	out->items = calloc(count, size);
	if (out->items == NULL)
		return no_memory(err);
	out->count = count;
	return BE_OK;
}

static void free_list(const struct wire_field *field, struct wire_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (field->kind == WIRE_BLOBS)
			free(((struct wire_bytes *)list->items)[i].data);
		else if (field->kind == WIRE_OBJECTS)
			wire_free(field->of, (char *)list->items + i * field->of->size);
	free(list->items);
}

void wire_free(const struct wire_message *message, void *record)
{
	for (const struct wire_field *field = message->fields; field->kind != WIRE_END; field++) {
		void *at = (char *)record + field->offset;

		switch (field->kind) {
		case WIRE_SECRET:
			secret_free(at);
			break;
		case WIRE_BYTES:
		case WIRE_PROSE:
			free(((struct wire_bytes *)at)->data);
			break;
		case WIRE_TEXTS:
		case WIRE_BLOBS:
		case WIRE_OBJECTS:
			free_list(field, at);
			break;
		case WIRE_OBJECT:
			wire_free(field->of, at);
			break;
		case WIRE_END:
		case WIRE_TEXT:
		case WIRE_INT:
		case WIRE_BOOL:
		case WIRE_TIME:
			break;
		}
	}
	explicit_bzero(record, message->size);
}
