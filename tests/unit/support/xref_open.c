/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/xref_open.h"

#include <stdlib.h>
#include <string.h>

enum be_err xref_open_bytes(const void *bytes, size_t len, uint32_t *odd)
{
	uint8_t *copy = malloc(len > 0 ? len : 1);
	struct pdf_doc *doc = NULL;
	enum be_err rc;

	assert_non_null(copy);
	memcpy(copy, bytes, len);
	*odd = 0;
	rc = pdf_doc_open(&doc, (struct pdf_bytes){ copy, len }, NULL);
	assert_int_equal(rc == BE_OK, doc != NULL);
	if (rc == BE_OK) {
		struct pdf_xref *xref = pdf_doc_xref(doc);

		for (size_t i = 0; i < xref->revision_count && rc == BE_OK; i++)
			rc = pdf_xref_check_revision(xref, i, NULL);
		*odd = pdf_xref_odd(xref);
	}
	pdf_doc_free(&doc);
	free(copy);
	return rc;
}

enum be_err xref_open_text(struct pdftext *t, uint32_t *odd)
{
	struct pdf_bytes bytes = pdftext_bytes(t);

	return xref_open_bytes(bytes.data, bytes.len, odd);
}

void xref_assert_entry(
	struct pdf_doc *doc, size_t revision, uint32_t number, enum be_err expected, enum pdf_entry_kind kind)
{
	struct pdf_entry entry = { 99, 0, 0 };

	assert_int_equal(pdf_xref_lookup(pdf_doc_xref(doc), revision, number, &entry, NULL), expected);
	if (expected == BE_OK)
		assert_int_equal(entry.kind, kind);
}

