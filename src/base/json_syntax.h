/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_JSON_SYNTAX_H
#define BASE_JSON_SYNTAX_H

/*
 * Whether bytes are JSON as RFC 8259 has it, before cJSON sees them: cJSON accepts more (control
 * characters, leading zeros, anything as a blank), recurses as deep as it is told, and ends a
 * string at \u0000. Only json.c includes this.
 */

#include "base/error.h"

#include <stdint.h>

#define JSON_DEPTH_MAX 64u

/* BE_LIMIT when nested deeper than JSON_DEPTH_MAX, else BE_MALFORMED. Strings must be UTF-8,
 * without U+0000 and lone surrogates. */
enum be_err json_check_syntax(const uint8_t *bytes, size_t len, struct be_error *err);

#endif
