/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef WIRE_FORM_H
#define WIRE_FORM_H

/*
 * application/x-www-form-urlencoded, as queries and OAuth 2 requests have it. Strict: a name twice, a broken escape, what
 * is no UTF-8 and control characters are refused. Values may be secrets, so bodies and values are struct secret.
 */

#include "base/secret.h"

#define WIRE_FORM_MOST 32u /* pairs */

struct wire_form;

enum be_err wire_form_parse(struct wire_form **out, const void *bytes, size_t len, struct be_error *err);
/* NULL when it is not there; borrowed until wire_form_free. */
const struct secret *wire_form_secret(const struct wire_form *form, const char *name);
const char *wire_form_text(const struct wire_form *form, const char *name);
void wire_form_free(struct wire_form **form);

/* Writing: pairs of names and values, the values percent-encoded where needed. Owned by the caller. */
struct wire_form_pair {
	const char *name;
	const void *value; /* NULL: the pair is left out */
	size_t len;
};
enum be_err wire_form_write(
	struct secret **out, const struct wire_form_pair *pairs, size_t count, struct be_error *err);

#endif
