/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_REFERENCES_H
#define PDF_REFERENCES_H

/*
 * The references that a reader of one revision meets on its way from the trailer. Reads every object that it reaches,
 * which is dear: only for questions that cannot be answered otherwise. Judges no meaning.
 */

#include "pdf/doc.h"

/* Told every reference: the number it names, the nearest key above it (NULL in a list that is an object of its own),
 * and the object it stands in (0: the trailer). False ends the walk. */
typedef bool pdf_reference_met(void *context, uint32_t number, const struct pdf_obj *key, uint32_t from);

/* True when the walk came to its end. False when it was ended, or when an object on the way cannot be read: a reader
 * that manages to read what we cannot may find anything there. */
bool pdf_references_walk(struct pdf_doc *doc, size_t revision, pdf_reference_met *met, void *context);

#endif
