/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_APPEARANCE_H
#define PDF_APPEARANCE_H

/*
 * The look of a visible signature: the one page of a small PDF, made by a drawing library, becomes a form XObject in
 * other documents (ISO 32000-2, 8.10, 12.5.5). Objects are copied as they stand, streams undecoded, only what the page
 * leads to. Knows nothing of what is drawn, and nothing of fields.
 */

#include "pdf/update.h"

#define PDF_APPEARANCE_OBJECTS_MAX 1000u
#define PDF_APPEARANCE_BYTES_MAX (32u << 20)

struct pdf_appearance;

/* Reads the page and keeps a copy of all that it needs: the bytes may go afterwards. BE_BAD_APPEARANCE for anything but
 * one page, and for a page that does more than show itself: actions, scripts, annotations, external streams. */
enum be_err pdf_appearance_open(struct pdf_appearance **out, const void *bytes, size_t len, struct be_error *err);
void pdf_appearance_free(struct pdf_appearance **appearance);

/* Adds it to an update as new objects, to fill a rectangle in default user space (left, bottom, right, top) and to stand
 * upright on a page that is shown turned by rotate. Its sides keep their proportion; where the rectangle's differ, it
 * stands in the middle. number: of the form XObject. An appearance is not changed by this, so that several threads may
 * put one into their documents. */
enum be_err pdf_appearance_put(const struct pdf_appearance *appearance, struct pdf_update *update,
	const double rect[static 4], unsigned rotate, uint32_t *number, struct be_error *err);

#endif
