/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/pages.h"

#define TREE_DEPTH_MAX 64u
#define NODES_MAX 10000u

struct search {
	struct pdf_doc *doc;
	size_t revision;
	size_t seen;
	uint32_t number;
	const struct pdf_obj *page;
	struct be_error *err;
};

/* A leaf has no /Kids; /Type is often wrong or missing and does not decide. */
static enum be_err visit(struct search *s, const struct pdf_obj *ref, size_t depth)
{
	const struct pdf_obj *node;
	const struct pdf_obj *kids;
	enum be_err rc;

	if (++s->seen > NODES_MAX || depth == TREE_DEPTH_MAX)
		return BE_OK;
	rc = pdf_doc_resolve(s->doc, s->revision, ref, &node, s->err);
	if (rc == BE_OK)
		rc = pdf_doc_get(s->doc, s->revision, node, "Kids", &kids, s->err);
	if (rc != BE_OK || node->type != PDF_DICT)
		return rc;
	if (kids->type != PDF_ARRAY) {
		if (pdf_is(ref, PDF_REF) && !pdf_name_is(pdf_get(node, "Type"), "Pages")) {
			s->number = ref->u.ref.number;
			s->page = node;
		}
		return BE_OK;
	}
	for (uint32_t i = 0; i < kids->count && s->page == NULL && s->seen <= NODES_MAX && rc == BE_OK; i++)
		rc = visit(s, &kids->u.items[i], depth + 1);
	return rc;
}

enum be_err pdf_first_page(
	struct pdf_doc *doc, size_t revision, uint32_t *number, const struct pdf_obj **page, struct be_error *err)
{
	struct search s = { .doc = doc, .revision = revision, .err = err };
	const struct pdf_obj *catalogue;
	enum be_err rc = pdf_doc_catalogue(doc, revision, &catalogue, err);

	if (rc == BE_OK)
		rc = visit(&s, pdf_get(catalogue, "Pages"), 0);
	*number = s.number;
	*page = s.page;
	return rc;
}
