/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_WIDGET_H
#define PDF_WIDGET_H

/*
 * Where a signature field is seen: its widget annotation, the page that shows it, and what it shows there (ISO 32000-2,
 * 12.5.5, 12.5.6.19).
 */

#include "pdf/appearance.h"
#include "pdf/form.h"
#include "pdf/pages.h"

struct pdf_widget {
	uint32_t number; /* of its object, which may be the field's own */
	const struct pdf_obj *dict;
	double rect[4]; /* left, bottom, right, top in default user space; never empty */
	struct pdf_page page;
};

/* As of the newest revision. BE_UNSUPPORTED when it is seen nowhere, or at several places, or is no object of its own. */
enum be_err pdf_field_widget(
	struct pdf_widget *out, struct pdf_doc *doc, const struct pdf_field *field, struct be_error *err);

/* Its size as it is shown, in points. */
void pdf_widget_size(const struct pdf_widget *widget, double *width, double *height);

/* Appends what a new widget's dictionary says of its place and its look: /Rect and /AP. shown: as pdf_page_place has it.
 */
enum be_err pdf_widget_look(struct buffer *keys, struct pdf_update *update, const struct pdf_page *page,
	const double shown[static 4], const struct pdf_appearance *appearance, struct be_error *err);

/* An existing field's widget gets the appearance, in its own place and instead of what it may have had. */
enum be_err pdf_widget_dress(struct pdf_doc *doc, struct pdf_update *update, const struct pdf_field *field,
	const struct pdf_appearance *appearance, struct be_error *err);

#endif
