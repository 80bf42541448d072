/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_PAGES_H
#define PDF_PAGES_H

/*
 * The page tree as far as one page needs it (ISO 32000-2, 7.7.3): which object a page is, and how it is shown. Knows
 * nothing of what stands on it. A tree of ten thousand pages is not walked where its /Count can be believed.
 */

#include "pdf/doc.h"

#define PDF_PAGE_LAST UINT32_MAX

struct pdf_page {
	uint32_t number; /* of its object; never 0 */
	const struct pdf_obj *dict;
	const struct pdf_obj *resources; /* its own or inherited, resolved; null when there are none */
	double box[4];                   /* what is shown of it: left, bottom, right, top in default user space */
	unsigned rotate;                 /* 0, 90, 180 or 270 degrees clockwise when it is shown */
	double unit;                     /* points in one unit of user space (/UserUnit) */
};

/* The first page that is an object of its own: its number and dictionary; number 0 when no such page can be found
 * within bounds. */
enum be_err pdf_first_page(
	struct pdf_doc *doc, size_t revision, uint32_t *number, const struct pdf_obj **page, struct be_error *err);

/* A page by its place, from 1, or PDF_PAGE_LAST. BE_NO_SUCH_PAGE when the document does not have it, BE_DAMAGED when it
 * is no object of its own. */
enum be_err pdf_page_find(
	struct pdf_page *out, struct pdf_doc *doc, size_t revision, uint32_t place, struct be_error *err);

/* The page whose /Annots has a reference to that object. BE_NO_SUCH_PAGE when there is none. Reads every page before
 * it. */
enum be_err pdf_page_showing(
	struct pdf_page *out, struct pdf_doc *doc, size_t revision, uint32_t annotation, struct be_error *err);

/* The page that this object is, whatever the page tree says. */
enum be_err pdf_page_read(
	struct pdf_page *out, struct pdf_doc *doc, size_t revision, uint32_t number, struct be_error *err);

/* A rectangle on the page as it is shown, in points from its top left corner: left, top, width, height. The same in
 * default user space: left, bottom, right, top. BE_OUTSIDE_PAGE when it does not lie on the page as a whole. */
enum be_err pdf_page_place(
	double out[static 4], const struct pdf_page *page, const double shown[static 4], struct be_error *err);

/* How large the page is as it is shown, in points. */
void pdf_page_size(const struct pdf_page *page, double *width, double *height);

/* Four numbers that make a rectangle, in order; false for anything else. */
bool pdf_rectangle(double out[static 4], struct pdf_doc *doc, size_t revision, const struct pdf_obj *value);

#endif
