/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_SAME_H
#define PDF_SAME_H

/*
 * Do two objects say the same, however they are written? References are compared by number, never followed.
 */

#include "pdf/object.h"

/* NULL is null. Streams are the same only when they are the same text and data. */
bool pdf_same(const struct pdf_obj *a, const struct pdf_obj *b);

/* Two dictionaries, leaving out the keys of a NULL-terminated list. A key that stands twice makes them different. */
bool pdf_same_but(const struct pdf_obj *a, const struct pdf_obj *b, const char *const *left_out);

#endif
