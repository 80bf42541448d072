/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print_json.h"

#include "base/file.h"
#include "base/time.h"

#include <stdio.h>

void print_json_path(struct json *object, const char *key, const char *path)
{
	struct buffer uri = BUFFER_EMPTY;
	char uri_key[40];

	(void)snprintf(uri_key, sizeof(uri_key), "%s_uri", key);
	file_uri(&uri, path);
	buffer_add_byte(&uri, '\0');
	json_put_string(object, key, path);
	json_put_string(object, uri_key, uri.failed ? "" : (const char *)uri.data);
	buffer_free(&uri);
}

void print_json_error(struct json *object, const char *key, enum be_err code, const struct be_error *error)
{
	char moment[TIME_TEXT_MAX];
	struct json *value;

	if (code == BE_OK) {
		json_put_null(object, key);
		return;
	}
	value = json_object();
	json_put_string(value, "code", be_err_word(code));
	json_put_string(value, "message", error->msgid != NULL ? error->msgid : "");
	json_put_string(value, "detail", error->detail);
	if (error->tries_left > 0)
		json_put_int(value, "tries_left", error->tries_left);
	if (error->retry_at > 0)
		json_put_string(value, "retry_at", time_format(moment, error->retry_at));
	json_put(object, key, value);
}
