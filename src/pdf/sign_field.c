/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/sign_field.h"

#include "base/time.h"
#include "pdf/form.h"
#include "pdf/pages.h"
#include "pdf/permissions.h"
#include "pdf/references.h"
#include "pdf/widget.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MAX 128u
#define RANGE_WIDTH 13u      /* a number and a space: files of up to a million million bytes */
#define ANNOTATION_FLAGS 132 /* Print and Locked (Table 167): what signature fields have */

struct making {
	struct pdf_doc *doc;
	struct pdf_update *update;
	struct pdf_form *form;
	const struct pdf_sign_request *request;
	struct pdf_sign_place *out;
	uint32_t signature; /* object numbers */
	uint32_t field;
	struct be_error *err;
};

static void reference(char out[static TEXT_MAX], uint32_t number)
{
	(void)snprintf(out, TEXT_MAX, "%u 0 R", number);
}

static void list_of(char out[static TEXT_MAX], uint32_t number)
{
	(void)snprintf(out, TEXT_MAX, "[%u 0 R]", number);
}

/* ---- the signature dictionary (12.8.1, Table 255) ---- */

static void add_text(struct buffer *b, const char *key, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	buffer_add_str(b, key);
	pdf_put_text(b, text);
	buffer_add_byte(b, '\n');
}

/* /ByteRange and /Contents come last, at places that are known from the end: see fill_ranges. */
static enum be_err put_signature(struct making *m)
{
	struct buffer b = BUFFER_EMPTY;
	char date[TIME_TEXT_MAX];
	enum be_err rc;

	buffer_printf(&b, "<<\n/Type /Sig\n/Filter /Adobe.PPKLite\n/SubFilter /%s\n/M (%s)\n", m->request->sub_filter,
		time_format_pdf(date, m->request->time));
	add_text(&b, "/Name ", m->request->name);
	add_text(&b, "/Reason ", m->request->reason);
	add_text(&b, "/Location ", m->request->location);
	add_text(&b, "/ContactInfo ", m->request->contact);
	buffer_add_str(&b, "/ByteRange [0 ");
	buffer_add_fill(&b, ' ', 3 * RANGE_WIDTH);
	buffer_add_str(&b, "]\n/Contents <");
	buffer_add_fill(&b, '0', 2 * m->request->contents_size);
	buffer_add_str(&b, ">\n>>");
	rc = buffer_check(&b, m->err);
	if (rc == BE_OK)
		rc = pdf_update_put(m->update, m->signature, b.data, b.len, m->err);
	m->out->contents_at = b.len - strlen(">\n>>") - 2 * m->request->contents_size - 1;
	buffer_free(&b);
	return rc;
}

/* Once the tail's length is known, so are all four numbers. Their room was left blank, so nothing moves. */
static enum be_err fill_ranges(struct making *m)
{
	struct pdf_sign_place *out = m->out;
	uint64_t file = pdf_doc_file(m->doc).len;
	char text[TEXT_MAX];
	int len;

	out->contents_at += pdf_update_place(m->update, m->signature);
	out->contents_size = m->request->contents_size;
	out->range[0] = 0;
	out->range[1] = out->contents_at;
	out->range[2] = out->contents_at + 2 * (uint64_t)out->contents_size + 2;
	out->range[3] = file + out->tail.len - out->range[2];
	len = snprintf(text, sizeof(text), "%ju %ju %ju", (uintmax_t)out->range[1], (uintmax_t)out->range[2],
		(uintmax_t)out->range[3]);
	if (len < 0 || (size_t)len > 3 * (size_t)RANGE_WIDTH)
		return be_fail(m->err, BE_LIMIT, N_("The document is too large to be signed"), NULL);
	memcpy(out->tail.data + (out->contents_at - file) - strlen("]\n/Contents ") - 3 * (size_t)RANGE_WIDTH, text,
		(size_t)len);
	return BE_OK;
}

/* ---- the field ---- */

static bool name_taken(const struct pdf_form *form, const char *name)
{
	for (size_t i = 0; i < form->top_count; i++) {
		if (strcmp(form->top_names[i], name) == 0)
			return true;
	}
	return false;
}

/* The page's list of annotations gets the widget, wherever that list stands. */
static enum be_err add_to_page(struct making *m, uint32_t page_number, const struct pdf_obj *page, bool *attached)
{
	const struct pdf_obj *annots = pdf_get(page, "Annots");
	const struct pdf_obj *list;
	char ref[TEXT_MAX];
	enum be_err rc = pdf_doc_resolve(m->doc, 0, annots, &list, m->err);

	*attached = list->type == PDF_ARRAY || list->type == PDF_NULL;
	if (rc != BE_OK || !*attached)
		return rc;
	if (list->type == PDF_NULL) {
		list_of(ref, m->field);
		return pdf_update_set(m->update, page_number, page, "Annots", ref, m->err);
	}
	reference(ref, m->field);
	return pdf_update_insert(
		m->update, pdf_is(annots, PDF_REF) ? annots->u.ref.number : page_number, list, ref, m->err);
}

/* Without an appearance the widget has no area (12.7.5.5) and is on the first page that can take it. */
static enum be_err choose_look(
	struct making *m, struct buffer *keys, uint32_t *page_number, const struct pdf_obj **page_dict)
{
	struct pdf_page page;
	enum be_err rc;

	if (m->request->appearance == NULL) {
		buffer_add_str(keys, "/Rect [0 0 0 0]\n");
		return pdf_first_page(m->doc, 0, page_number, page_dict, m->err);
	}
	rc = pdf_page_find(&page, m->doc, 0, m->request->spot.page, m->err);
	if (rc == BE_OK)
		rc = pdf_widget_look(keys, m->update, &page, m->request->spot.rect, m->request->appearance, m->err);
	*page_number = page.number;
	*page_dict = page.dict;
	return rc;
}

/* A field and its widget in one (12.7.5.5). */
static enum be_err put_field(struct making *m)
{
	struct buffer keys = BUFFER_EMPTY;
	struct buffer b = BUFFER_EMPTY;
	const struct pdf_obj *page = NULL;
	uint32_t page_number;
	bool attached = false;
	enum be_err rc = choose_look(m, &keys, &page_number, &page);

	if (rc == BE_OK && page != NULL)
		rc = add_to_page(m, page_number, page, &attached);
	if (rc == BE_OK && !attached && m->request->appearance != NULL)
		rc = be_fail(m->err, BE_DAMAGED,
			N_("The document is damaged; open it in its program and save it again"),
			"a list of annotations that is none");
	if (rc != BE_OK)
		goto out;
	for (unsigned i = 1; i == 1 || name_taken(m->form, m->out->field); i++)
		(void)snprintf(m->out->field, sizeof(m->out->field), "Signature%u", i);
	buffer_printf(&b, "<<\n/Type /Annot\n/Subtype /Widget\n/FT /Sig\n/T (%s)\n/F %d\n/V %u 0 R\n", m->out->field,
		ANNOTATION_FLAGS, m->signature);
	buffer_add(&b, keys.data, keys.len);
	if (attached)
		buffer_printf(&b, "/P %u 0 R\n", page_number);
	buffer_add_str(&b, ">>");
	b.failed = b.failed || keys.failed;
	rc = buffer_check(&b, m->err);
	if (rc == BE_OK)
		rc = pdf_update_put(m->update, m->field, b.data, b.len, m->err);
out:
	buffer_free(&keys);
	buffer_free(&b);
	return rc;
}

/* ---- the form (12.7.3) ---- */

static enum be_err catalogue_number(struct making *m, uint32_t *out)
{
	const struct pdf_obj *root = pdf_get_typed(pdf_doc_trailer(m->doc, 0), "Root", PDF_REF);

	if (root == NULL)
		return be_fail(m->err, BE_DAMAGED,
			N_("The document is damaged; open it in its program and save it again"), "no /Root");
	*out = root->u.ref.number;
	return BE_OK;
}

static enum be_err make_form(struct making *m)
{
	const struct pdf_obj *catalogue;
	uint32_t root;
	uint32_t form;
	char text[TEXT_MAX];
	enum be_err rc = catalogue_number(m, &root);

	if (rc == BE_OK)
		rc = pdf_doc_catalogue(m->doc, 0, &catalogue, m->err);
	if (rc == BE_OK)
		rc = pdf_update_reserve(m->update, &form, m->err);
	if (rc != BE_OK)
		return rc;
	(void)snprintf(text, sizeof(text), "<<\n/Fields [%u 0 R]\n/SigFlags 3\n>>", m->field);
	rc = pdf_update_put(m->update, form, text, strlen(text), m->err);
	reference(text, form);
	return rc == BE_OK ? pdf_update_set(m->update, root, catalogue, "AcroForm", text, m->err) : rc;
}

static enum be_err set_flags(struct making *m, uint32_t holder)
{
	const struct pdf_obj *flags;
	char text[TEXT_MAX];
	int64_t value;
	enum be_err rc = pdf_doc_get(m->doc, 0, m->form->dict, "SigFlags", &flags, m->err);

	if (rc != BE_OK)
		return rc;
	value = flags->type == PDF_INT ? flags->u.integer : 0;
	if ((value & 3) == 3) /* SignaturesExist and AppendOnly (Table 225) */
		return BE_OK;
	(void)snprintf(text, sizeof(text), "%jd", (intmax_t)(value | 3));
	return pdf_update_set(m->update, holder, m->form->dict, "SigFlags", text, m->err);
}

static enum be_err add_to_form(struct making *m, uint32_t holder)
{
	const struct pdf_obj *fields = pdf_get(m->form->dict, "Fields");
	const struct pdf_obj *list;
	char ref[TEXT_MAX];
	enum be_err rc = pdf_doc_resolve(m->doc, 0, fields, &list, m->err);

	if (rc != BE_OK)
		return rc;
	if (list->type != PDF_ARRAY) {
		list_of(ref, m->field);
		return pdf_update_set(m->update, holder, m->form->dict, "Fields", ref, m->err);
	}
	reference(ref, m->field);
	return pdf_update_insert(m->update, pdf_is(fields, PDF_REF) ? fields->u.ref.number : holder, list, ref, m->err);
}

static enum be_err new_field(struct making *m)
{
	uint32_t holder = m->form->number;
	bool certified = false;
	enum be_err rc = BE_OK;

	if (m->request->appearance != NULL)
		rc = pdf_certified(m->doc, 0, m->form, &certified, m->err);
	if (rc == BE_OK && certified) /* something new to see could hide what was certified */
		rc = be_fail(m->err, BE_CERTIFIED,
			N_("The document is certified and takes no new visible field; sign it invisibly, or in a field that it has"),
			NULL);
	if (rc == BE_OK)
		rc = pdf_update_reserve(m->update, &m->field, m->err);
	if (rc == BE_OK)
		rc = put_field(m);
	if (rc != BE_OK)
		return rc;
	if (m->form->dict == NULL)
		return make_form(m);
	if (holder == 0)
		rc = catalogue_number(m, &holder);
	if (rc == BE_OK)
		rc = add_to_form(m, holder);
	return rc == BE_OK ? set_flags(m, holder) : rc;
}

/* What a verifier would report as a change that nobody allowed is not to be made. */
static enum be_err check_unlocked(struct making *m, const struct pdf_field *field)
{
	bool locked = false;
	enum be_err rc = BE_OK;

	for (size_t i = 0; i < m->form->count && rc == BE_OK && !locked; i++) {
		if (m->form->fields[i].value != NULL)
			rc = pdf_field_locked_by(m->doc, 0, m->form->fields[i].value, field->name, &locked, m->err);
	}
	if (rc == BE_OK && locked)
		return be_fail(m->err, BE_CERTIFIED,
			N_("An earlier signature locked that field; sign another field, or a new one"), "%s",
			field->name);
	return rc;
}

static enum be_err find_empty(struct making *m, const char *name, const struct pdf_field **out)
{
	const struct pdf_field *field = pdf_form_find(m->form, name);

	*out = field;
	if (field == NULL)
		return be_fail(
			m->err, BE_NO_SUCH_FIELD, N_("The document has no signature field of that name"), "%s", name);
	if (field->value != NULL)
		return be_fail(m->err, BE_FIELD_SIGNED, N_("That signature field is signed already"), "%s", name);
	if (field->number == 0)
		return be_fail(m->err, BE_UNSUPPORTED,
			N_("That signature field cannot be signed: it is no object of its own"), "%s", name);
	return BE_OK;
}

static enum be_err existing_field(struct making *m)
{
	const struct pdf_field *field;
	uint32_t holder = m->form->number;
	char ref[TEXT_MAX];
	enum be_err rc = find_empty(m, m->request->field, &field);

	if (rc != BE_OK)
		return rc;
	if (pdf_get(field->dict, "Lock") != NULL)
		return be_fail(m->err, BE_UNSUPPORTED,
			N_("That signature field asks for other fields to be locked, which this version cannot do yet"),
			"%s", m->request->field);
	if (strlen(field->name) >= sizeof(m->out->field))
		return be_fail(m->err, BE_LIMIT, N_("The name of that signature field is too long"), NULL);
	rc = check_unlocked(m, field);
	if (rc != BE_OK)
		return rc;
	(void)snprintf(m->out->field, sizeof(m->out->field), "%s", field->name);
	reference(ref, m->signature);
	rc = pdf_update_set(m->update, field->number, field->dict, "V", ref, m->err);
	if (rc == BE_OK && m->request->appearance != NULL)
		rc = pdf_widget_dress(m->doc, m->update, field, m->request->appearance, m->err);
	if (rc == BE_OK && holder == 0)
		rc = catalogue_number(m, &holder);
	return rc == BE_OK ? set_flags(m, holder) : rc;
}

/* ---- all together ---- */

static bool note_highest(void *context, uint32_t number, const struct pdf_obj *key, uint32_t from)
{
	uint32_t *highest = context;

	(void)key;
	(void)from;
	if (number < PDF_OBJECT_NUMBER_MAX && number > *highest)
		*highest = number;
	return true;
}

/* A document may refer to objects that it does not have. Were a new object to take such a number, something that an
 * earlier signer signed would lead to it all at once, and a verifier has to call that a change. Only then is it worth
 * reading the document. */
static void stay_clear_of_references(struct making *m)
{
	uint32_t highest = 0;
	bool signed_before = false;

	for (size_t i = 0; i < m->form->count; i++)
		signed_before = signed_before || m->form->fields[i].value != NULL;
	if (!signed_before)
		return;
	(void)pdf_references_walk(m->doc, 0, note_highest, &highest);
	pdf_update_number_from(m->update, highest + 1);
}

static enum be_err check_allowed(struct making *m)
{
	bool forbidden;
	enum be_err rc;

	if (pdf_doc_encrypted(m->doc))
		return be_fail(m->err, BE_ENCRYPTED,
			N_("The document is encrypted; this version cannot sign encrypted documents"), NULL);
	rc = pdf_form_read(&m->form, m->doc, 0, m->err);
	if (rc != BE_OK)
		return rc;
	if (m->form->broken)
		return be_fail(m->err, BE_DAMAGED,
			N_("The document's form is damaged; open it in its program and save it again"), NULL);
	rc = pdf_no_changes_allowed(m->doc, 0, m->form, &forbidden, m->err);
	if (rc == BE_OK && forbidden)
		return be_fail(m->err, BE_CERTIFIED,
			N_("The document is certified against any change; its author has to sign or release it"), NULL);
	return rc;
}

enum be_err pdf_sign_place_make(
	struct pdf_sign_place *out, struct pdf_doc *doc, const struct pdf_sign_request *request, struct be_error *err)
{
	struct making m = { .doc = doc, .request = request, .out = out, .err = err };
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	rc = check_allowed(&m);
	if (rc == BE_OK)
		rc = pdf_update_new(&m.update, doc, err);
	if (rc == BE_OK)
		stay_clear_of_references(&m);
	if (rc == BE_OK)
		rc = pdf_update_reserve(m.update, &m.signature, err);
	if (rc == BE_OK)
		rc = request->field != NULL ? existing_field(&m) : new_field(&m);
	if (rc == BE_OK)
		rc = put_signature(&m);
	if (rc == BE_OK)
		rc = pdf_update_finish(m.update, &out->tail, err);
	if (rc == BE_OK)
		rc = fill_ranges(&m);
	if (rc != BE_OK)
		pdf_sign_place_free(out);
	pdf_update_free(&m.update);
	pdf_form_free(&m.form);
	return rc;
}

void pdf_sign_place_free(struct pdf_sign_place *place)
{
	buffer_free(&place->tail);
}

enum be_err pdf_sign_field_size(
	struct pdf_doc *doc, const char *field, double *width, double *height, struct be_error *err)
{
	struct making m = { .doc = doc, .err = err };
	const struct pdf_field *found;
	struct pdf_widget widget;
	enum be_err rc = check_allowed(&m);

	if (rc == BE_OK)
		rc = find_empty(&m, field, &found);
	if (rc == BE_OK)
		rc = pdf_field_widget(&widget, doc, found, err);
	if (rc == BE_OK)
		pdf_widget_size(&widget, width, height);
	pdf_form_free(&m.form);
	return rc;
}
