/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include "base/json_syntax.h"
#include "base/sanitise.h"
#include "base/utf8.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <limits.h>
#include <malloc.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * A struct json is a cJSON under another name; it has no definition. Whole numbers are kept as text
 * (cJSON_Raw), for cJSON prints doubles with 15 digits where it thinks that is near enough.
 */

/* From here on two whole numbers may share one double (RFC 7493, 2.2). */
#define EXACT_LIMIT ((int64_t)1 << 53)

static cJSON *inside(struct json *value)
{
	return (cJSON *)value;
}

static const cJSON *inside_const(const struct json *value)
{
	return (const cJSON *)value;
}

/* Bodies of requests hold passphrases, and cJSON copies what it reads: no copy outlives its value. */
static void wipe_and_free(void *memory)
{
	if (memory == NULL)
		return;
	explicit_bzero(memory, malloc_usable_size(memory));
	free(memory);
}

static void set_hooks(void)
{
	cJSON_Hooks hooks = { malloc, wipe_and_free };

	cJSON_InitHooks(&hooks);
}

static void prepare(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;

	(void)pthread_once(&once, set_hooks);
}

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

struct json *json_object(void)
{
	prepare();
	return (struct json *)cJSON_CreateObject();
}

struct json *json_array(void)
{
	prepare();
	return (struct json *)cJSON_CreateArray();
}

void json_free(struct json **value)
{
	cJSON_Delete(inside(*value));
	*value = NULL;
}

/* cJSON refuses to print an invalid value, so whatever contains this one fails in json_print
 * instead of missing a part. */
static void spoil(cJSON *container)
{
	container->type = cJSON_Invalid;
}

static void put_item(struct json *object, const char *key, cJSON *item)
{
	if (object == NULL || item == NULL || !cJSON_AddItemToObject(inside(object), key, item)) {
		cJSON_Delete(item);
		if (object != NULL)
			spoil(inside(object));
	}
}

static void add_item(struct json *array, cJSON *item)
{
	if (array == NULL || item == NULL || !cJSON_AddItemToArray(inside(array), item)) {
		cJSON_Delete(item);
		if (array != NULL)
			spoil(inside(array));
	}
}

static cJSON *string_item(const char *text)
{
	struct buffer clean = BUFFER_EMPTY;
	cJSON *item = NULL;

	if (text == NULL)
		return cJSON_CreateNull();
	sanitise_utf8(&clean, text, strlen(text));
	buffer_add_byte(&clean, 0);
	if (!clean.failed)
		item = cJSON_CreateString((const char *)clean.data);
	buffer_free(&clean);
	return item;
}

static cJSON *int_item(int64_t number)
{
	char text[24];

	(void)snprintf(text, sizeof(text), "%" PRId64, number);
	return cJSON_CreateRaw(text);
}

void json_put_string(struct json *object, const char *key, const char *text)
{
	put_item(object, key, string_item(text));
}

void json_put_int(struct json *object, const char *key, int64_t number)
{
	put_item(object, key, int_item(number));
}

void json_put_bool(struct json *object, const char *key, bool yes)
{
	put_item(object, key, cJSON_CreateBool(yes));
}

void json_put_null(struct json *object, const char *key)
{
	put_item(object, key, cJSON_CreateNull());
}

void json_put(struct json *object, const char *key, struct json *taken)
{
	put_item(object, key, inside(taken));
}

void json_add_string(struct json *array, const char *text)
{
	add_item(array, string_item(text));
}

void json_add_int(struct json *array, int64_t number)
{
	add_item(array, int_item(number));
}

void json_add(struct json *array, struct json *taken)
{
	add_item(array, inside(taken));
}

/* RFC 8259, 7: beyond U+FFFF an escape is a surrogate pair. */
static void add_escape(struct buffer *out, uint32_t c)
{
	if (c < 0x10000)
		buffer_printf(out, "\\u%04x", c);
	else
		buffer_printf(out, "\\u%04x\\u%04x", 0xD800 + ((c - 0x10000) >> 10), 0xDC00 + (c & 0x3FF));
}

enum be_err json_print(struct buffer *out, const struct json *value, struct be_error *err)
{
	char *text = value != NULL ? cJSON_PrintUnformatted(inside_const(value)) : NULL;
	const uint8_t *at = (const uint8_t *)text;

	if (text == NULL)
		return no_memory(err);
	/* What must not be printed can only stand inside a string here, where an escape means the same. */
	for (size_t left = strlen(text); left > 0;) {
		uint32_t c;
		size_t taken = utf8_decode(at, left, &c);

		if (utf8_width(c) < 0)
			add_escape(out, c);
		else
			buffer_add(out, at, taken);
		at += taken;
		left -= taken;
	}
	cJSON_free(text);
	return buffer_check(out, err);
}

static int compare_keys(const void *a, const void *b)
{
	const cJSON *const *left = a;
	const cJSON *const *right = b;

	return strcmp((*left)->string, (*right)->string);
}

/* Sorted, so that an object of a hundred thousand keys costs no ten thousand million comparisons. */
static enum be_err check_keys(const cJSON *object, struct be_error *err)
{
	size_t count = (size_t)cJSON_GetArraySize(object);
	enum be_err code = BE_OK;
	const cJSON **members = NULL;
	size_t n = 0;

	if (count < 2)
		return BE_OK;
	members = calloc(count, sizeof(cJSON *));
	if (members == NULL)
		return no_memory(err);
	for (const cJSON *member = object->child; member != NULL && n < count; member = member->next)
		members[n++] = member;
	qsort(members, n, sizeof(cJSON *), compare_keys);
	for (size_t i = 1; code == BE_OK && i < n; i++)
		if (strcmp(members[i - 1]->string, members[i]->string) == 0)
			code = be_fail(err, BE_MALFORMED, N_("The JSON data names one thing twice"), "%.100s",
				members[i]->string);
	free(members);
	return code;
}

static bool whole(double number)
{
	return number > -(double)EXACT_LIMIT && number < (double)EXACT_LIMIT && number == (double)(int64_t)number;
}

/* The depth is bounded by the check of the syntax. */
static enum be_err check_tree(cJSON *value, struct be_error *err)
{
	enum be_err code = cJSON_IsObject(value) ? check_keys(value, err) : BE_OK;

	if (cJSON_IsNumber(value) && whole(value->valuedouble)) {
		char text[24];

		(void)snprintf(text, sizeof(text), "%" PRId64, (int64_t)value->valuedouble);
		value->valuestring = strdup(text);
		if (value->valuestring == NULL)
			return no_memory(err);
		value->type = cJSON_Raw;
	}
	for (cJSON *child = value->child; code == BE_OK && child != NULL; child = child->next)
		code = check_tree(child, err);
	return code;
}

enum be_err json_parse(struct json **out, const void *bytes, size_t len, struct be_error *err)
{
	enum be_err code = json_check_syntax(bytes, len, err);
	cJSON *value = NULL;

	if (code != BE_OK)
		return code;
	prepare();
	value = cJSON_ParseWithLengthOpts(bytes, len, NULL, 0);
	if (value == NULL)
		return no_memory(err);
	code = check_tree(value, err);
	if (code != BE_OK) {
		cJSON_Delete(value);
		return code;
	}
	*out = (struct json *)value;
	return BE_OK;
}

const struct json *json_get(const struct json *object, const char *key)
{
	if (object == NULL || !cJSON_IsObject(inside_const(object)))
		return NULL;
	return (const struct json *)cJSON_GetObjectItemCaseSensitive(inside_const(object), key);
}

const char *json_string(const struct json *value)
{
	const cJSON *item = inside_const(value);

	return cJSON_IsString(item) ? item->valuestring : NULL;
}

bool json_int(const struct json *value, int64_t *out)
{
	const cJSON *item = inside_const(value);
	long long number;

	if (!cJSON_IsRaw(item))
		return false;
	number = strtoll(item->valuestring, NULL, 10);
	if (number <= -EXACT_LIMIT || number >= EXACT_LIMIT)
		return false;
	*out = number;
	return true;
}

bool json_bool(const struct json *value, bool *out)
{
	const cJSON *item = inside_const(value);

	if (!cJSON_IsBool(item))
		return false;
	*out = cJSON_IsTrue(item);
	return true;
}

bool json_is_object(const struct json *value)
{
	return cJSON_IsObject(inside_const(value));
}

bool json_is_array(const struct json *value)
{
	return cJSON_IsArray(inside_const(value));
}

bool json_is_null(const struct json *value)
{
	return cJSON_IsNull(inside_const(value));
}

size_t json_count(const struct json *array)
{
	const cJSON *item = inside_const(array);

	return cJSON_IsArray(item) ? (size_t)cJSON_GetArraySize(item) : 0;
}

const struct json *json_at(const struct json *array, size_t index)
{
	if (index >= json_count(array) || index > INT_MAX)
		return NULL;
	return (const struct json *)cJSON_GetArrayItem(inside_const(array), (int)index);
}

const struct json *json_first(const struct json *array)
{
	return cJSON_IsArray(inside_const(array)) ? (const struct json *)inside_const(array)->child : NULL;
}

const struct json *json_next(const struct json *element)
{
	return (const struct json *)inside_const(element)->next;
}
