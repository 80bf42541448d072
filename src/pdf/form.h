/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_FORM_H
#define PDF_FORM_H

/*
 * The interactive form as far as signatures need it: its signature fields by their full names, empty or signed,
 * whatever way /FT and /V reach them. ISO 32000-2, 12.7. Knows nothing of what a signature means.
 */

#include "pdf/doc.h"

#define PDF_FIELDS_MAX 50000u
#define PDF_FIELD_DEPTH_MAX 32u

struct pdf_field {
	char *name;                  /* fully qualified, UTF-8, parts joined by '.' (12.7.4.2); owned by the form */
	uint32_t number;             /* of the field's object; 0 when it stands directly in an array */
	const struct pdf_obj *dict;  /* the field, often merged with its widget */
	const struct pdf_obj *value; /* /V resolved; NULL when empty */
	uint32_t value_number;       /* of the object that /V refers to; 0 when direct or empty */
	bool value_inherited;        /* /V stands in a parent */
	bool visible;                /* one of its widgets has an area */
};

struct pdf_form {
	const struct pdf_obj *dict; /* /AcroForm resolved; NULL when there is none */
	uint32_t number;            /* its object's number; 0 when it stands in the catalogue */
	struct pdf_field *fields;   /* those with /FT /Sig */
	size_t count;
	char **top_names; /* /T of every top-level field: a new one must differ; owned */
	size_t top_count;
	bool broken; /* /Fields or a field is no such thing, a circle, or too deep: what could be read was read */
	bool value_elsewhere; /* a field that is no signature field has a signature dictionary as its value */
};

/* As of a revision. Only memory and limits are errors, and damage on the way (BE_DAMAGED). */
enum be_err pdf_form_read(struct pdf_form **out, struct pdf_doc *doc, size_t revision, struct be_error *err);
void pdf_form_free(struct pdf_form **form);

/* NULL when no signature field has that full name. */
const struct pdf_field *pdf_form_find(const struct pdf_form *form, const char *name);

/* A widget's /Rect encloses an area (12.7.5.5: zero height and width means not visible), or is none that all readers
 * read alike. */
enum be_err pdf_widget_visible(
	struct pdf_doc *doc, size_t revision, const struct pdf_obj *widget, bool *out, struct be_error *err);

#endif
