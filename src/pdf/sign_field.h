/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_SIGN_FIELD_H
#define PDF_SIGN_FIELD_H

/*
 * Room for a signature: the incremental update that adds a signature dictionary with an empty /Contents, in a new field
 * or in an existing empty one. Knows where the signature goes; knows nothing of keys or CMS. ISO
 * 32000-2, 12.7.5.5, 12.8; ETSI EN 319 142-1, 5.
 */

#include "pdf/appearance.h"
#include "pdf/pages.h"

#define PDF_FIELD_NAME_MAX 256u

/* Where a visible signature stands: on a page by its place (pdf/pages.h), as it is shown. */
struct pdf_sign_spot {
	uint32_t page;  /* from 1, or PDF_PAGE_LAST */
	double rect[4]; /* points from the page's top left corner: left, top, width, height */
};

struct pdf_sign_request {
	const char *field; /* full name of an existing empty signature field; NULL for a new one */
	const struct pdf_appearance
		*appearance;       /* NULL: nothing is shown. An existing field shows it in its own place */
	struct pdf_sign_spot spot; /* of a new field with an appearance */
	const char *sub_filter;    /* "ETSI.CAdES.detached" or "adbe.pkcs7.detached" */
	const char *name;          /* NULL where not wanted, UTF-8 */
	const char *reason;
	const char *location;
	const char *contact;
	int64_t time;         /* /M: the claimed time */
	size_t contents_size; /* bytes of the largest CMS that will come */
};

struct pdf_sign_place {
	struct buffer tail;   /* to be appended to the file; owned */
	uint64_t range[4];    /* /ByteRange of the file with its tail */
	uint64_t contents_at; /* of the '<' of /Contents: range[1] */
	size_t contents_size; /* bytes of DER that fit */
	char field[PDF_FIELD_NAME_MAX];
};

/* BE_ENCRYPTED, BE_CERTIFIED (an earlier signer allows no change at all, or locked that field, or certified the document,
 * which then takes no new visible field), BE_NO_SUCH_FIELD, BE_FIELD_SIGNED, BE_NO_SUCH_PAGE, BE_OUTSIDE_PAGE,
 * BE_UNSUPPORTED, BE_DAMAGED and what reading gives. Nothing is written: the caller appends the tail. */
enum be_err pdf_sign_place_make(
	struct pdf_sign_place *out, struct pdf_doc *doc, const struct pdf_sign_request *request, struct be_error *err);
void pdf_sign_place_free(struct pdf_sign_place *place);

/* How large an existing empty signature field is as it is shown, in points. The errors of signing it visibly. */
enum be_err pdf_sign_field_size(
	struct pdf_doc *doc, const char *field, double *width, double *height, struct be_error *err);

#endif
