/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Prints what the service's tables say about its API, as JSON: each route, and the records that go in and out. A test
 * holds contrib/openapi.yaml against it.
 */

#include "base/json.h"
#include "service/api_inside.h"
#include "wire/paths.h"

#include <stdio.h>
#include <string.h>

static const char *const kinds[] = { "end", "text", "secret", "int", "bool", "time", "bytes", "prose", "texts", "blobs",
	"object", "objects" };

static struct json *message_json(const struct wire_message *message, struct json *all)
{
	struct json *fields = json_array();

	for (const struct wire_field *field = message->fields; field->kind != WIRE_END; field++) {
		struct json *one = json_object();

		json_put_string(one, "name", field->name);
		json_put_string(one, "kind", kinds[field->kind]);
		json_put_bool(one, "required", field->required);
		/* Texts have a NUL in their record. */
		json_put_int(one, "max",
			(int64_t)field->max - (field->kind == WIRE_TEXT || field->kind == WIRE_TEXTS ? 1 : 0));
		json_put_int(one, "most", (int64_t)field->most);
		if (field->of != NULL) {
			json_put_string(one, "of", field->of->name);
			if (json_get(all, field->of->name) == NULL)
				json_put(all, field->of->name, message_json(field->of, all));
		}
		json_add(fields, one);
	}
	return fields;
}

static void add_message(struct json *all, const struct wire_message *message)
{
	if (json_get(all, message->name) == NULL)
		json_put(all, message->name, message_json(message, all));
}

int main(void)
{
	static const char *const who[] = { "anybody", "account", "signer" };
	size_t count = 0;
	const struct http_route *routes = api_routes(&count);
	struct json *top = json_object();
	struct json *list = json_array();
	struct json *messages = json_object();
	struct buffer out = BUFFER_EMPTY;

	for (size_t i = 0; i < count; i++) {
		struct json *route = json_object();

		json_put_string(route, "path", routes[i].path);
		json_put_string(route, "method", routes[i].method == HTTP_GET ? "get" : "post");
		json_put_string(route, "takes", routes[i].takes);
		json_put_int(route, "body_max", (int64_t)routes[i].body_max);
		if (routes[i].answer == api_json) {
			const struct api_call *call = routes[i].detail;

			json_put_string(route, "in", call->takes->name);
			json_put_string(route, "out", call->gives->name);
			json_put_int(route, "status", call->status);
			json_put_string(route, "who", who[call->who]);
			add_message(messages, call->takes);
			add_message(messages, call->gives);
		}
		json_add(list, route);
	}
	add_message(messages, &wire_failure_message);
	add_message(messages, &wire_tokens_message);
	json_put(top, "routes", list);
	json_put(top, "messages", messages);
	if (json_print(&out, top, NULL) != BE_OK)
		return 1;
	(void)printf("%.*s\n", (int)out.len, (const char *)out.data);
	buffer_free(&out);
	json_free(&top);
	return 0;
}
