/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_PERMISSIONS_H
#define PDF_PERMISSIONS_H

/*
 * What earlier signers allow later hands to do: certification (/DocMDP, ISO 32000-2, 12.8.2.2) and signature field
 * locks (12.7.5.5, Table 236).
 */

#include "pdf/form.h"

/* /P of a signature dictionary's DocMDP transform: 1, 2 or 3; 2 when it names none (Table 257); 0 when it is no
 * certification. */
enum be_err pdf_docmdp(
	struct pdf_doc *doc, size_t revision, const struct pdf_obj *signature, int *out, struct be_error *err);

/* The same for the document: of the signature that /Perms /DocMDP leads to. */
enum be_err pdf_document_docmdp(struct pdf_doc *doc, size_t revision, int *out, struct be_error *err);

/* Some signature certifies the document, whatever it allows. */
enum be_err pdf_certified(
	struct pdf_doc *doc, size_t revision, const struct pdf_form *form, bool *out, struct be_error *err);

/* Some signer allows no change at all: certified with P 1, or a signed field's /Lock says so (/P 1). */
enum be_err pdf_no_changes_allowed(
	struct pdf_doc *doc, size_t revision, const struct pdf_form *form, bool *out, struct be_error *err);

/* A signed field's FieldMDP transform (12.8.2.4) locks the field of that full name. */
enum be_err pdf_field_locked_by(struct pdf_doc *doc, size_t revision, const struct pdf_obj *signature, const char *name,
	bool *out, struct be_error *err);

#endif
