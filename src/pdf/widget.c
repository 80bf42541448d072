/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/widget.h"

#include <stdio.h>
#include <string.h>

#define FLAG_HIDDEN 2 /* Table 167 */
#define FLAG_NO_VIEW 32

static enum be_err unsupported(struct be_error *err, const char *msgid, const struct pdf_field *field)
{
	return be_fail(err, BE_UNSUPPORTED, msgid, "%s", field->name);
}

/* Takes it when it is seen; the second one is one too many. */
static enum be_err consider(struct pdf_widget *out, struct pdf_doc *doc, const struct pdf_field *field, uint32_t number,
	const struct pdf_obj *dict, struct be_error *err)
{
	const struct pdf_obj *flags;
	double rect[4];
	enum be_err rc = pdf_doc_get(doc, 0, dict, "F", &flags, err);

	if (rc != BE_OK || !pdf_rectangle(rect, doc, 0, pdf_get(dict, "Rect")) || !(rect[0] < rect[2]) ||
		!(rect[1] < rect[3]) ||
		(flags->type == PDF_INT && (flags->u.integer & (FLAG_HIDDEN | FLAG_NO_VIEW)) != 0))
		return rc;
	if (out->dict != NULL)
		return unsupported(err,
			N_("That signature field is seen at several places; it can only be signed invisibly"), field);
	if (number == 0)
		return unsupported(err, N_("That signature field cannot be signed: it is no object of its own"), field);
	out->number = number;
	out->dict = dict;
	memcpy(out->rect, rect, sizeof(rect));
	return BE_OK;
}

/* A widget may name its page; where it does not, the pages name their widgets. */
static enum be_err find_page(struct pdf_widget *out, struct pdf_doc *doc, struct be_error *err)
{
	const struct pdf_obj *page = pdf_get_typed(out->dict, "P", PDF_REF);
	struct be_error none = { .code = BE_OK };
	enum be_err rc;

	if (page != NULL && pdf_page_read(&out->page, doc, 0, page->u.ref.number, &none) == BE_OK)
		return BE_OK;
	rc = pdf_page_showing(&out->page, doc, 0, out->number, err);
	if (rc == BE_NO_SUCH_PAGE)
		return be_fail(err, BE_UNSUPPORTED,
			N_("That signature field is on no page; it can only be signed invisibly"), NULL);
	return rc;
}

enum be_err pdf_field_widget(
	struct pdf_widget *out, struct pdf_doc *doc, const struct pdf_field *field, struct be_error *err)
{
	const struct pdf_obj *kids;
	enum be_err rc = pdf_doc_get(doc, 0, field->dict, "Kids", &kids, err);

	memset(out, 0, sizeof(*out));
	if (rc == BE_OK && kids->type != PDF_ARRAY)
		rc = consider(out, doc, field, field->number, field->dict, err);
	for (uint32_t i = 0; rc == BE_OK && kids->type == PDF_ARRAY && i < kids->count; i++) {
		const struct pdf_obj *ref = &kids->u.items[i];
		const struct pdf_obj *kid;

		rc = pdf_doc_resolve(doc, 0, ref, &kid, err);
		if (rc == BE_OK && kid->type == PDF_DICT)
			rc = consider(out, doc, field, pdf_is(ref, PDF_REF) ? ref->u.ref.number : 0, kid, err);
	}
	if (rc == BE_OK && out->dict == NULL)
		rc = unsupported(
			err, N_("That signature field has no area on a page; it can only be signed invisibly"), field);
	return rc == BE_OK ? find_page(out, doc, err) : rc;
}

void pdf_widget_size(const struct pdf_widget *widget, double *width, double *height)
{
	const double across = (widget->rect[2] - widget->rect[0]) * widget->page.unit;
	const double up = (widget->rect[3] - widget->rect[1]) * widget->page.unit;
	const bool on_its_side = widget->page.rotate % 180 != 0;

	*width = on_its_side ? up : across;
	*height = on_its_side ? across : up;
}

enum be_err pdf_widget_look(struct buffer *keys, struct pdf_update *update, const struct pdf_page *page,
	const double shown[static 4], const struct pdf_appearance *appearance, struct be_error *err)
{
	double rect[4];
	uint32_t form;
	enum be_err rc = pdf_page_place(rect, page, shown, err);

	if (rc == BE_OK)
		rc = pdf_appearance_put(appearance, update, rect, page->rotate, &form, err);
	if (rc != BE_OK)
		return rc;
	buffer_add_str(keys, "/Rect [");
	for (size_t i = 0; i < 4; i++) {
		pdf_put_number(keys, rect[i]);
		buffer_add_byte(keys, i < 3 ? ' ' : ']');
	}
	buffer_printf(keys, "\n/AP << /N %u 0 R >>\n", form);
	return buffer_check(keys, err);
}

enum be_err pdf_widget_dress(struct pdf_doc *doc, struct pdf_update *update, const struct pdf_field *field,
	const struct pdf_appearance *appearance, struct be_error *err)
{
	struct pdf_widget widget;
	uint32_t form;
	char text[64];
	enum be_err rc = pdf_field_widget(&widget, doc, field, err);

	if (rc == BE_OK)
		rc = pdf_appearance_put(appearance, update, widget.rect, widget.page.rotate, &form, err);
	if (rc != BE_OK)
		return rc;
	(void)snprintf(text, sizeof(text), "<< /N %u 0 R >>", form);
	return pdf_update_set(update, widget.number, widget.dict, "AP", text, err);
}
