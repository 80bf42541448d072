/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_STATUS_H
#define VERIFY_STATUS_H

/*
 * From facts to a status: a pure function, and the only place where "passed" is said. ETSI EN 319 102-1 V1.3.1: 5.3
 * (basic signatures), 5.4 (time stamps), 5.5 (signatures with time). Everything that is not shown to be right counts
 * against the signature.
 */

#include "verify/verify.h"

/* Fills all of out but facts, which it reads. */
void verify_status(struct verify_signature *out, const struct verify_options *options);

/* The worst of two. */
enum verify_result verify_worse(enum verify_result a, enum verify_result b);

#endif
