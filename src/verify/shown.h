/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_SHOWN_H
#define VERIFY_SHOWN_H

/*
 * What the appearance of a signature that came later shows: itself, drawn anew. An appearance that brings up what lay
 * in the document before, unseen, would show content that the earlier signers signed without seeing it. Judges one
 * appearance; whether it may be there at all is verify/step.c's. Inside this room only.
 */

#include "verify/changes.h"

/* An /AP of revision r, which r + 1 did not have. NULL when its streams are new objects that lead to nothing old but
 * fonts, pictures and what else drawings are made with; otherwise why not, and the number of the object. */
const char *verify_shown_anew(
	struct pdf_doc *doc, size_t r, const struct changes *changes, const struct pdf_obj *ap, uint32_t *number);

#endif
