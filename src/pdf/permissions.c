/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/permissions.h"

#include <string.h>

#define DOCMDP_DEFAULT 2

static enum be_err transform_p(
	struct pdf_doc *doc, size_t revision, const struct pdf_obj *reference, int *out, struct be_error *err)
{
	const struct pdf_obj *dict;
	const struct pdf_obj *method;
	const struct pdf_obj *params;
	const struct pdf_obj *p;
	enum be_err rc = pdf_doc_resolve(doc, revision, reference, &dict, err);

	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, dict, "TransformMethod", &method, err);
	if (rc != BE_OK || !pdf_name_is(method, "DocMDP"))
		return rc;
	*out = DOCMDP_DEFAULT;
	rc = pdf_doc_get(doc, revision, dict, "TransformParams", &params, err);
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, params, "P", &p, err);
	if (rc == BE_OK && p->type == PDF_INT && p->u.integer >= 1 && p->u.integer <= 3)
		*out = (int)p->u.integer;
	return rc;
}

enum be_err pdf_docmdp(
	struct pdf_doc *doc, size_t revision, const struct pdf_obj *signature, int *out, struct be_error *err)
{
	const struct pdf_obj *references;
	enum be_err rc = pdf_doc_get(doc, revision, signature, "Reference", &references, err);

	*out = 0;
	if (rc != BE_OK || references->type != PDF_ARRAY)
		return rc;
	for (uint32_t i = 0; i < references->count && rc == BE_OK && *out == 0; i++)
		rc = transform_p(doc, revision, &references->u.items[i], out, err);
	return rc;
}

enum be_err pdf_document_docmdp(struct pdf_doc *doc, size_t revision, int *out, struct be_error *err)
{
	const struct pdf_obj *catalogue;
	const struct pdf_obj *perms;
	const struct pdf_obj *signature;
	enum be_err rc = pdf_doc_catalogue(doc, revision, &catalogue, err);

	*out = 0;
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, catalogue, "Perms", &perms, err);
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, perms, "DocMDP", &signature, err);
	if (rc != BE_OK || signature->type != PDF_DICT)
		return rc;
	rc = pdf_docmdp(doc, revision, signature, out, err);
	if (rc == BE_OK && *out == 0)
		*out = DOCMDP_DEFAULT;
	return rc;
}

enum be_err pdf_certified(
	struct pdf_doc *doc, size_t revision, const struct pdf_form *form, bool *out, struct be_error *err)
{
	int docmdp;
	enum be_err rc = pdf_document_docmdp(doc, revision, &docmdp, err);

	for (size_t i = 0; i < form->count && rc == BE_OK && docmdp == 0; i++) {
		if (form->fields[i].value != NULL)
			rc = pdf_docmdp(doc, revision, form->fields[i].value, &docmdp, err);
	}
	*out = docmdp != 0;
	return rc;
}

enum be_err pdf_no_changes_allowed(
	struct pdf_doc *doc, size_t revision, const struct pdf_form *form, bool *out, struct be_error *err)
{
	int docmdp;
	enum be_err rc = pdf_document_docmdp(doc, revision, &docmdp, err);

	*out = docmdp == 1;
	for (size_t i = 0; i < form->count && rc == BE_OK && !*out; i++) {
		const struct pdf_obj *lock;
		const struct pdf_obj *p;

		if (form->fields[i].value == NULL)
			continue;
		rc = pdf_doc_get(doc, revision, form->fields[i].dict, "Lock", &lock, err);
		if (rc == BE_OK)
			rc = pdf_doc_get(doc, revision, lock, "P", &p, err);
		if (rc == BE_OK)
			*out = p->type == PDF_INT && p->u.integer == 1;
	}
	return rc;
}

static enum be_err list_has(struct pdf_doc *doc, size_t revision, const struct pdf_obj *list, const char *name,
	bool *out, struct be_error *err)
{
	*out = false;
	for (uint32_t i = 0; list->type == PDF_ARRAY && i < list->count && !*out; i++) {
		const struct pdf_obj *item;
		struct buffer text = BUFFER_EMPTY;
		enum be_err rc = pdf_doc_resolve(doc, revision, &list->u.items[i], &item, err);

		if (rc != BE_OK)
			return rc;
		pdf_string_utf8(&text, item);
		buffer_add_byte(&text, '\0');
		rc = buffer_check(&text, err);
		*out = rc == BE_OK && strcmp((const char *)text.data, name) == 0;
		buffer_free(&text);
		if (rc != BE_OK)
			return rc;
	}
	return BE_OK;
}

static enum be_err transform_locks(struct pdf_doc *doc, size_t revision, const struct pdf_obj *reference,
	const char *name, bool *out, struct be_error *err)
{
	const struct pdf_obj *dict;
	const struct pdf_obj *method;
	const struct pdf_obj *params;
	const struct pdf_obj *action;
	const struct pdf_obj *fields;
	bool listed;
	enum be_err rc = pdf_doc_resolve(doc, revision, reference, &dict, err);

	*out = false;
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, dict, "TransformMethod", &method, err);
	if (rc != BE_OK || !pdf_name_is(method, "FieldMDP"))
		return rc;
	rc = pdf_doc_get(doc, revision, dict, "TransformParams", &params, err);
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, params, "Action", &action, err);
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, params, "Fields", &fields, err);
	if (rc == BE_OK)
		rc = list_has(doc, revision, fields, name, &listed, err);
	if (rc == BE_OK) /* an action that is none of the three locks everything */
		*out = pdf_name_is(action, "Include") ? listed : pdf_name_is(action, "Exclude") ? !listed : true;
	return rc;
}

enum be_err pdf_field_locked_by(struct pdf_doc *doc, size_t revision, const struct pdf_obj *signature, const char *name,
	bool *out, struct be_error *err)
{
	const struct pdf_obj *references;
	enum be_err rc = pdf_doc_get(doc, revision, signature, "Reference", &references, err);

	*out = false;
	for (uint32_t i = 0; rc == BE_OK && references->type == PDF_ARRAY && i < references->count && !*out; i++)
		rc = transform_locks(doc, revision, &references->u.items[i], name, out, err);
	return rc;
}
