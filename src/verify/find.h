/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_FIND_H
#define VERIFY_FIND_H

/*
 * The signatures of a document, looked for in three ways that must agree: the fields of its form, the text of the whole
 * file, and /Perms. What only one of them finds is a signature too, and a suspicious one.
 */

#include "pdf/form.h"
#include "verify/facts.h"

struct found_signature {
	const struct pdf_field *field; /* NULL for one that no field has */
	const struct pdf_obj *dict;    /* what /V leads to, whatever it is */
	bool shared;                   /* another field has the same one */
};

struct found {
	struct pdf_form *form;
	struct found_signature *signatures;
	size_t count;
	bool empty_fields;
	const struct pdf_obj *usage_rights; /* /Perms /UR3, or NULL */
};

/* fd is the file that doc is made of: it is searched by pread. */
enum be_err verify_find(struct found *out, struct pdf_doc *doc, int fd, struct be_error *err);
void verify_found_free(struct found *found);

#endif
