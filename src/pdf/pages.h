/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_PAGES_H
#define PDF_PAGES_H

/*
 * The page tree as far as one page needs it (ISO 32000-2, 7.7.3).
 */

#include "pdf/doc.h"

/* The first page that is an object of its own: its number and dictionary; number 0 when no such page can be found
 * within bounds. */
enum be_err pdf_first_page(
	struct pdf_doc *doc, size_t revision, uint32_t *number, const struct pdf_obj **page, struct be_error *err);

#endif
