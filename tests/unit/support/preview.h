/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_PREVIEW_H
#define SUPPORT_PREVIEW_H

/*
 * Documents for tests that look at pages, and a helper for each. Everything in here ends the test when it cannot do what
 * it is asked.
 */

#include "render/render.h"
#include "support/pdf_text.h"

/* Skips the test where there is no besign-render: the libraries were missing, or the kernel has no Landlock. */
void preview_needed(void);

/* A document of one page: its keys besides /MediaBox (595 x 842, unless they say another), and what is drawn on it; the
 * font Helvetica is /F. Object 4 is the content, 5 the font; more objects may follow from 10 on before preview_end. */
void preview_begin(struct pdftext *t, const char *catalogue_keys, const char *page_keys, const char *content);
void preview_end(struct pdftext *t);

/* A file without a name that holds these bytes. */
int preview_file(const void *bytes, size_t len);
/* What render_open says of them. */
enum be_err preview_try(struct render **out, const void *bytes, size_t len, struct be_error *err);
/* A helper that looks at what was written; the text is freed. */
struct render *preview_open(struct pdftext *t);

/* The text of a page, its lines joined by '|'; until the next call. */
const char *preview_text(struct render *render, uint32_t page);

#endif
