/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_STEP_H
#define VERIFY_STEP_H

/*
 * What one later revision did: another signature and nothing but what belongs to it, or something else. An allow-list:
 * every changed object must be explained by a rule, and what no rule explains is "other". The rules of this version are
 * the narrow ones: a new signature dictionary; a new field, or one that was empty, with its widget and its own new
 * appearance (shown.h); one page's /Annots, one reference longer; /Fields of the form, one longer, and /SigFlags; the catalogue
 * only for /AcroForm.
 */

#include "verify/changes.h"
#include "verify/facts.h"

struct step {
	enum facts_modification level;   /* FACTS_FORM or FACTS_OTHER */
	bool existing_field;             /* a field that was there already was signed */
	bool new_visible_field;          /* the signature came with a new field that is seen on a page */
	char field[FACTS_TEXT_MAX];      /* that was signed */
	char detail[CHANGES_DETAIL_MAX]; /* why it is "other" */
};

/* Revision r of doc against r + 1. Only memory is an error. */
enum be_err verify_step(struct step *out, struct pdf_doc *doc, size_t r, struct be_error *err);

#endif
