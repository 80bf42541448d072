/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_XREF_OPEN_H
#define SUPPORT_XREF_OPEN_H

/* What the tests of cross-reference data ask of a file. */

#include "support/pdf_text.h"

/* What opening a file says; *odd after every revision was looked at. */
enum be_err xref_open_bytes(const void *bytes, size_t len, uint32_t *odd);
enum be_err xref_open_text(struct pdftext *t, uint32_t *odd);

/* A number's entry as of a revision: whether it is there, and of which kind. */
void xref_assert_entry(
	struct pdf_doc *doc, size_t revision, uint32_t number, enum be_err expected, enum pdf_entry_kind kind);

#endif
