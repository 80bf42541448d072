/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PRINT_JSON_H
#define CLI_PRINT_JSON_H

/* What the lines of several commands have in common: names of files in any bytes, and errors. */

#include "base/json.h"

/* "file" as text and "file_uri", exactly: for key "file". */
void print_json_path(struct json *object, const char *key, const char *path);
/* {"code":…,"message":…,"detail":…}, or null for BE_OK. */
void print_json_error(struct json *object, const char *key, enum be_err code, const struct be_error *error);

#endif
