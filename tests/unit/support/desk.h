/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_DESK_H
#define SUPPORT_DESK_H

/*
 * A desk for tests that sign: a directory of its own with small documents and a key file. Everything in here ends the
 * program when it cannot do what it is asked.
 */

#include "support/ca.h"

#include <stdbool.h>

#define DESK_PASSPHRASE "rahasia sekali"

/* Makes the directory; desk_clear removes it with what is in it. One desk at a time. */
void desk_make(void);
void desk_clear(void);

/* The path of a name on the desk; stays until desk_clear. */
const char *desk_path(const char *name);
/* How many names are on the desk. */
size_t desk_count(void);
bool desk_has(const char *name);

void desk_write(const char *name, const void *bytes, size_t len);
void desk_read(struct buffer *out, const char *name);

/* A document of one page; with a field: an empty signature field of that name. */
void desk_pdf(const char *name, const char *field);
/* A key file of an invented person, whose certificate is self-signed and valid around CA_NOW. */
void desk_p12(const char *name, EVP_PKEY *key);

#endif
