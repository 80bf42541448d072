/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_XREF_SECTION_H
#define PDF_XREF_SECTION_H

/*
 * One cross-reference section: reading its frame and its entries. Inside src/pdf/xref*.c only; callers use pdf/xref.h.
 */

#include "pdf/xref.h"

/* Reads the section at an offset, table or stream, up to the end of its trailer; entries stay unread. Oddities are
 * noted in out->odd. */
enum be_err pdf_section_read(
	struct pdf_section *out, struct pdf_bytes file, struct pdf_arena *arena, uint64_t at, struct be_error *err);

/* The index-th entry of a subsection. */
enum be_err pdf_section_entry(struct pdf_xref *x, struct pdf_section *s, const struct pdf_subsection *sub,
	uint32_t index, struct pdf_entry *out, struct be_error *err);

/* White space only: comments are not skipped, since %%EOF is one. */
void pdf_skip_blank(struct pdf_cursor *c);

#endif
