/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_JSON_H
#define BASE_JSON_H

/*
 * JSON, written in the order of the calls and read with bounds; the only place that knows cJSON.
 * Strings given for writing may be any bytes: what is no UTF-8 becomes U+FFFD. Reading is strict
 * RFC 8259, and refuses nesting over 64, duplicate keys and U+0000 in strings. Memory is wiped when
 * it is freed, so that a value may hold a secret for a moment.
 */

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct json; /* a value: object, array, string … */

/* NULL when there is no memory; every function below then does nothing, json_print fails. */
struct json *json_object(void);
struct json *json_array(void);
void json_free(struct json **value);

/* Members of an object. A NULL string is written as null. What is given as taken is taken in any
 * case. An addition that fails for memory, or is given NULL to take, makes json_print fail. */
void json_put_string(struct json *object, const char *key, const char *text);
void json_put_int(struct json *object, const char *key, int64_t number); /* readers are exact up to 2^53 */
void json_put_bool(struct json *object, const char *key, bool yes);
void json_put_null(struct json *object, const char *key);
void json_put(struct json *object, const char *key, struct json *taken); /* taken */
/* Elements of an array. */
void json_add_string(struct json *array, const char *text);
void json_add_int(struct json *array, int64_t number);
void json_add(struct json *array, struct json *taken); /* taken */

/* Appends one line without the newline. What a terminal must not be shown (controls,
 * bidirectional marks …) is written as \uNNNN. */
enum be_err json_print(struct buffer *out, const struct json *value, struct be_error *err);

enum be_err json_parse(struct json **out, const void *bytes, size_t len, struct be_error *err);
const struct json *json_get(const struct json *object, const char *key); /* NULL when missing; borrowed */
const char *json_string(const struct json *value);                       /* NULL when no string; borrowed */
bool json_int(const struct json *value, int64_t *out);                   /* false when no whole number under 2^53 */
bool json_bool(const struct json *value, bool *out);                     /* false when neither */
bool json_is_object(const struct json *value);
bool json_is_array(const struct json *value);
bool json_is_null(const struct json *value);                        /* the word null; a missing one is not */
size_t json_count(const struct json *array);                        /* 0 when no array */
const struct json *json_at(const struct json *array, size_t index); /* NULL beyond the end; borrowed */
/* The same one by one, which a long array is read by: json_at counts from the front each time. */
const struct json *json_first(const struct json *array);  /* NULL when there is none; borrowed */
const struct json *json_next(const struct json *element); /* NULL after the last; borrowed */

#endif
