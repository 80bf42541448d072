/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_REACH_H
#define VERIFY_REACH_H

/*
 * Which references a reader of one revision meets on its way from the trailer: what a later revision changes is
 * harmless only when nothing but the permitted places leads to it. Every object in use is read for that. Judges no
 * meaning: that is verify/step.c.
 */

#include "pdf/doc.h"
#include "verify/changes.h"

/* Some object refers to one that only the changes define: what it lacked then it would show now. Also true, with 0 for
 * which, when that cannot be told, an object being unreadable. */
bool verify_waited_for(struct pdf_doc *doc, size_t revision, const struct changes *changes, uint32_t *which);

/* Exactly one reference leads to the object. */
bool verify_referred_to_once(struct pdf_doc *doc, size_t revision, uint32_t number);

/* All references to the object stand below one of the keys (a NULL-terminated list), directly or in a list: nothing
 * else makes use of it. */
bool verify_referred_to_by(struct pdf_doc *doc, size_t revision, uint32_t number, const char *const *keys);

#endif
