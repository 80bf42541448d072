/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/step.h"

#include "pdf/form.h"
#include "pdf/same.h"
#include "verify/reach.h"
#include "verify/shown.h"

#include <stdio.h>
#include <string.h>

#define CLOSURE_DEPTH_MAX 32u

/* Oddities of an update that make it ambiguous: readers differ in what they see. Some are common in old documents
 * (gates.c), but an update has no excuse. */
#define AMBIGUOUS \
	(PDF_ODD_ENTRY_FORM | PDF_ODD_SIZE | PDF_ODD_PREV_ORDER | PDF_ODD_DUPLICATE | PDF_ODD_HYBRID | \
		PDF_ODD_PREV_ZERO | PDF_ODD_TRAILER_KEYS | PDF_ODD_SIZE_SHRINKS)

/* Both sides of the step: "then" is the older revision. */
struct looking {
	struct pdf_doc *doc;
	size_t now;
	size_t then;
	struct changes changes;
	struct pdf_form *form_now;
	struct pdf_form *form_then;
	const struct pdf_field *signed_field; /* of form_now */
	const struct pdf_field *was;          /* of form_then: the same field while it was empty; NULL for a new one */
	uint32_t widget;                      /* the number of the new field's widget; 0 for an existing field */
	bool page_changed;
	struct step *out;
};

/* Notes the first reason; returns false, so that a rule reads "return other(…)". */
static bool other(struct looking *l, const char *what, uint32_t number)
{
	if (l->out->detail[0] == '\0') {
		if (number != 0)
			(void)snprintf(l->out->detail, sizeof(l->out->detail), "object %u: %s", number, what);
		else
			(void)snprintf(l->out->detail, sizeof(l->out->detail), "%s", what);
	}
	return false;
}

static const struct pdf_obj *look_up(struct looking *l, size_t revision, const struct pdf_obj *value)
{
	static const struct pdf_obj nothing = { .type = PDF_NULL };
	const struct pdf_obj *out;

	return pdf_doc_resolve(l->doc, revision, value, &out, NULL) == BE_OK ? out : &nothing;
}

static const struct pdf_obj *object_at(struct looking *l, size_t revision, uint32_t number)
{
	static const struct pdf_obj nothing = { .type = PDF_NULL };
	const struct pdf_obj *out;

	return pdf_doc_object(l->doc, revision, number, &out, NULL) == BE_OK ? out : &nothing;
}

static bool explain(struct looking *l, uint32_t number)
{
	struct change *change = verify_change_of(&l->changes, number);

	if (change != NULL)
		change->explained = true;
	return change != NULL;
}

/* Marks the new objects that a value leads to. It goes through new objects only: what was there before is judged by its
 * own rule. */
static void explain_new_below(struct looking *l, const struct pdf_obj *value, size_t depth)
{
	if (depth == CLOSURE_DEPTH_MAX)
		return;
	if (value->type == PDF_REF) {
		struct change *change = verify_change_of(&l->changes, value->u.ref.number);

		if (change == NULL || !change->is_new || change->explained)
			return;
		change->explained = true;
		explain_new_below(l, object_at(l, l->now, value->u.ref.number), depth + 1);
	} else if (value->type == PDF_ARRAY) {
		for (uint32_t i = 0; i < value->count; i++)
			explain_new_below(l, &value->u.items[i], depth + 1);
	} else if (value->type == PDF_DICT || value->type == PDF_STREAM) {
		for (uint32_t i = 0; i < value->count; i++)
			explain_new_below(l, &value->u.items[2 * i + 1], depth + 1);
	}
}

static void explain_key(struct looking *l, const struct pdf_obj *dict, const char *key)
{
	const struct pdf_obj *value = pdf_get(dict, key);

	if (value != NULL)
		explain_new_below(l, value, 0);
}

/* ---- the trailer ---- */

static bool check_trailer(struct looking *l)
{
	const struct pdf_obj *now = pdf_doc_trailer(l->doc, l->now);
	const struct pdf_obj *then = pdf_doc_trailer(l->doc, l->then);
	const struct pdf_obj *id_now = look_up(l, l->now, pdf_get(now, "ID"));
	const struct pdf_obj *id_then = look_up(l, l->then, pdf_get(then, "ID"));

	if (!pdf_same(pdf_get(now, "Root"), pdf_get(then, "Root")))
		return other(l, "/Root was changed", 0);
	if (pdf_get(now, "Encrypt") != NULL || pdf_get(then, "Encrypt") != NULL)
		return other(l, "/Encrypt was added", 0);
	if (!pdf_same(pdf_get(now, "Info"), pdf_get(then, "Info")))
		return other(l, "/Info was changed", 0);
	if (id_then->type == PDF_ARRAY && id_then->count == 2 &&
		(id_now->type != PDF_ARRAY || id_now->count != 2 ||
			!pdf_same(&id_now->u.items[0], &id_then->u.items[0])))
		return other(l, "/ID was changed", 0);
	return true;
}

/* ---- which field was signed ---- */

static bool same_value(const struct pdf_field *a, const struct pdf_field *b)
{
	if (a->value == NULL || b->value == NULL)
		return a->value == b->value;
	return a->value_number == b->value_number && (a->value_number != 0 || a->value->text == b->value->text);
}

static bool find_signed_field(struct looking *l)
{
	for (size_t i = 0; i < l->form_then->count; i++) {
		const struct pdf_field *then = &l->form_then->fields[i];
		const struct pdf_field *now = pdf_form_find(l->form_now, then->name);

		if (now == NULL || now->number != then->number)
			return other(l, "a signature field is gone", then->number);
		if (same_value(now, then))
			continue;
		if (then->value != NULL || l->signed_field != NULL)
			return other(l, "a signature was replaced", then->number);
		l->signed_field = now;
		l->was = then;
	}
	for (size_t i = 0; i < l->form_now->count; i++) {
		const struct pdf_field *now = &l->form_now->fields[i];

		if (pdf_form_find(l->form_then, now->name) != NULL)
			continue;
		if (now->value == NULL || l->signed_field != NULL)
			return other(l, "a field was added", now->number);
		l->signed_field = now;
	}
	if (l->signed_field == NULL)
		return other(l, "the document was changed without being signed", 0);
	(void)snprintf(l->out->field, sizeof(l->out->field), "%s", l->signed_field->name);
	return true;
}

/* ---- the signature and its field ---- */

static bool check_value(struct looking *l)
{
	const struct pdf_field *field = l->signed_field;
	const struct pdf_obj *value = pdf_get(field->dict, "V");
	const struct change *change;

	if (field->value_inherited || value == NULL || field->value->type != PDF_DICT)
		return other(l, "the signature does not stand in its field", field->number);
	if (field->value_number == 0) {
		explain_new_below(l, value, 0);
		return true;
	}
	change = verify_change_of(&l->changes, field->value_number);
	if (change == NULL || !change->is_new || object_at(l, l->now, field->value_number)->type != PDF_DICT)
		return other(l, "the signature is not a new one", field->value_number);
	explain_new_below(l, value, 0);
	return true;
}

/* A widget may bring its own appearance, but no action of any kind (12.5.6.19, 12.6). */
static bool check_widget(struct looking *l, const struct pdf_obj *widget, uint32_t number)
{
	if (pdf_dict_duplicates(widget) || pdf_get(widget, "A") != NULL || pdf_get(widget, "AA") != NULL)
		return other(l, "the new field does more than show a signature", number);
	return true;
}

/* A new annotation that is a widget and nothing else. Whether it is seen rests on its place, which has to be one that
 * all readers read alike. */
static bool check_new_widget(struct looking *l, const struct pdf_obj *widget, uint32_t number)
{
	const struct pdf_obj *rect = look_up(l, l->now, pdf_get(widget, "Rect"));
	bool proper = rect->type == PDF_ARRAY && rect->count == 4;

	for (uint32_t i = 0; proper && i < rect->count; i++)
		proper = rect->u.items[i].type == PDF_INT || rect->u.items[i].type == PDF_REAL;
	if (!proper || !pdf_name_is(pdf_get(widget, "Subtype"), "Widget"))
		return other(l, "the new field is shown by something else than a widget", number);
	return check_widget(l, widget, number);
}

static bool check_shown(struct looking *l, const struct pdf_obj *widget)
{
	uint32_t number;
	const char *why = verify_shown_anew(l->doc, l->now, &l->changes, pdf_get(widget, "AP"), &number);

	return why == NULL || other(l, why, number);
}

/* A kid that is the field's widget, and not a piece of another field as well. */
static bool check_kid(struct looking *l, const struct pdf_obj *kid, uint32_t number)
{
	const struct pdf_obj *parent = pdf_get_typed(kid, "Parent", PDF_REF);

	if (parent == NULL || parent->u.ref.number != l->signed_field->number || pdf_get(kid, "V") != NULL)
		return other(l, "the new field's widget belongs to another field", number);
	return true;
}

static bool check_new_field(struct looking *l)
{
	static const char *const brought[] = { "AP", "MK", "DR", "Lock", "SV" };
	const struct pdf_field *field = l->signed_field;
	const struct pdf_obj *dict = field->dict;
	const struct pdf_obj *kids = look_up(l, l->now, pdf_get(dict, "Kids"));
	const struct change *change = verify_change_of(&l->changes, field->number);
	uint32_t widget = field->number;

	if (field->number == 0 || change == NULL || !change->is_new)
		return other(l, "the field is no new object", field->number);
	(void)explain(l, field->number);
	if (pdf_get(dict, "Parent") != NULL)
		return other(l, "the new field hangs below another", field->number);
	if (!check_widget(l, dict, field->number))
		return false;
	if (kids->type == PDF_ARRAY) {
		change = kids->count == 1 && kids->u.items[0].type == PDF_REF
			? verify_change_of(&l->changes, kids->u.items[0].u.ref.number)
			: NULL;
		if (change == NULL || !change->is_new)
			return other(l, "the new field has more than one widget", field->number);
		widget = change->number;
		(void)explain(l, widget);
		dict = object_at(l, l->now, widget);
		explain_key(l, l->signed_field->dict, "Kids");
		if (!check_kid(l, dict, widget))
			return false;
	}
	if (!check_new_widget(l, dict, widget) || !check_shown(l, dict))
		return false;
	for (size_t i = 0; i < sizeof(brought) / sizeof(brought[0]); i++) {
		explain_key(l, field->dict, brought[i]);
		explain_key(l, dict, brought[i]);
	}
	l->widget = widget;
	l->out->new_visible_field = field->visible;
	return true;
}

/* The appearance must be all new: an old stream written over could be shown elsewhere too. */
static bool check_appearance(struct looking *l, const struct pdf_obj *now, const struct pdf_obj *then, uint32_t number)
{
	const struct pdf_obj *ap_now = pdf_get(now, "AP");

	if (!check_widget(l, now, number))
		return false;
	if (ap_now == NULL || pdf_same(ap_now, pdf_get(then, "AP")))
		return true;
	explain_new_below(l, ap_now, 0);
	return check_shown(l, now);
}

/* A field that is, say, a page's list of fonts as well would bring a font with its /V. */
static bool check_uses(struct looking *l, uint32_t number)
{
	static const char *const keys[] = { "Fields", "Kids", "Annots", "Parent", "Obj", "CO", NULL };

	return verify_referred_to_by(l->doc, l->then, number, keys) ||
		other(l, "the field is used for something else too", number);
}

static bool check_existing_field(struct looking *l)
{
	static const char *const may_change[] = { "V", "AP", NULL };
	static const char *const widget_may_change[] = { "AP", NULL };
	const struct pdf_field *field = l->signed_field;
	const struct pdf_obj *kids = look_up(l, l->now, pdf_get(field->dict, "Kids"));

	l->out->existing_field = true;
	if (!explain(l, field->number) || !pdf_same_but(field->dict, l->was->dict, may_change))
		return other(l, "more of the field was changed than its signature", field->number);
	if (!check_uses(l, field->number) || !check_appearance(l, field->dict, l->was->dict, field->number))
		return false;
	for (uint32_t i = 0; kids->type == PDF_ARRAY && i < kids->count; i++) {
		uint32_t number = kids->u.items[i].type == PDF_REF ? kids->u.items[i].u.ref.number : 0;
		const struct pdf_obj *now = look_up(l, l->now, &kids->u.items[i]);
		const struct pdf_obj *then = look_up(l, l->then, &kids->u.items[i]);

		if (verify_change_of(&l->changes, number) == NULL)
			continue;
		(void)explain(l, number);
		if (!check_uses(l, number) || !pdf_same_but(now, then, widget_may_change) ||
			!check_appearance(l, now, then, number))
			return other(l, "more of the widget was changed than its appearance", number);
	}
	return true;
}

/* ---- lists that grew by one reference ---- */

static bool grew_by(const struct pdf_obj *now, const struct pdf_obj *then, uint32_t number)
{
	uint32_t old_count = then->type == PDF_ARRAY ? then->count : 0;
	uint32_t k = 0;
	bool found = false;

	if (now->type != PDF_ARRAY || now->count != old_count + 1 ||
		(then->type != PDF_ARRAY && then->type != PDF_NULL))
		return false;
	for (uint32_t i = 0; i < now->count; i++) {
		if (!found && now->u.items[i].type == PDF_REF && now->u.items[i].u.ref.number == number)
			found = true;
		else if (k == old_count || !pdf_same(&now->u.items[i], &then->u.items[k++]))
			return false;
	}
	return found;
}

/* A list stands in its dictionary or is an object of its own; in the second case that object is what changed. Such an
 * object may be used twice: as a page's annotations and, say, as somebody's list of pages. Then growing it changes the
 * other use too. */
static bool list_grew(
	struct looking *l, const struct pdf_obj *now, const struct pdf_obj *then, const char *key, uint32_t number)
{
	const struct pdf_obj *value_now = pdf_get(now, key);
	const struct pdf_obj *value_then = pdf_get(then, key);
	uint32_t holder = pdf_is(value_now, PDF_REF) ? value_now->u.ref.number : 0;

	if (!grew_by(look_up(l, l->now, value_now), look_up(l, l->then, value_then), number))
		return false;
	if (holder == 0)
		return true;
	if (pdf_is(value_then, PDF_REF)) {
		if (value_then->u.ref.number != holder || !verify_referred_to_once(l->doc, l->then, holder))
			return false;
	} else if (verify_change_of(&l->changes, holder) == NULL || !verify_change_of(&l->changes, holder)->is_new) {
		return false;
	}
	(void)explain(l, holder);
	return true;
}

/* ---- the page, the form, the catalogue ---- */

/* A widget that names a page names the one that lists it: readers go by either. */
static bool names_page(struct looking *l, uint32_t number)
{
	const struct pdf_obj *page = pdf_get(object_at(l, l->now, l->widget), "P");

	return page == NULL || (page->type == PDF_REF && page->u.ref.number == number);
}

static bool check_page(struct looking *l, struct change *change)
{
	static const char *const may_change[] = { "Annots", NULL };
	const struct pdf_obj *now = object_at(l, l->now, change->number);
	const struct pdf_obj *then = object_at(l, l->then, change->number);

	if (l->page_changed || l->widget == 0 || !pdf_same_but(now, then, may_change) ||
		!list_grew(l, now, then, "Annots", l->widget) || !names_page(l, change->number))
		return other(l, "a page was changed by more than the signature's own annotation", change->number);
	l->page_changed = true;
	change->explained = true;
	return true;
}

/* The page itself stays when its list of annotations is an object of its own: the page is then found through the
 * widget. */
static bool check_annotations(struct looking *l)
{
	const struct pdf_obj *widget;
	const struct pdf_obj *page;
	const struct pdf_obj *page_ref;

	if (l->widget == 0 || l->page_changed)
		return true;
	widget = object_at(l, l->now, l->widget);
	page_ref = pdf_get(widget, "P");
	page = look_up(l, l->now, page_ref);
	if (!pdf_name_is(pdf_get(page, "Type"), "Page") || !pdf_is(pdf_get(page, "Annots"), PDF_REF))
		return true;
	if (verify_change_of(&l->changes, pdf_get(page, "Annots")->u.ref.number) == NULL)
		return true;
	if (!list_grew(l, page, look_up(l, l->then, page_ref), "Annots", l->widget))
		return other(l, "a page was changed by more than the signature's own annotation",
			pdf_get(page, "Annots")->u.ref.number);
	l->page_changed = true;
	return true;
}

static bool flags_only_grew(struct looking *l)
{
	const struct pdf_obj *now = look_up(l, l->now, pdf_get(l->form_now->dict, "SigFlags"));
	const struct pdf_obj *then = look_up(l, l->then, pdf_get(l->form_then->dict, "SigFlags"));
	int64_t old_flags = then->type == PDF_INT ? then->u.integer : 0;

	return pdf_same(now, then) || (now->type == PDF_INT && now->u.integer == (old_flags | 3));
}

static bool check_form(struct looking *l)
{
	static const char *const may_change[] = { "Fields", "SigFlags", NULL };
	const struct pdf_obj *now = l->form_now->dict;
	const struct pdf_obj *then = l->form_then->dict;

	if (now == NULL || (then != NULL && !pdf_same_but(now, then, may_change)))
		return other(l, "the form was changed by more than a signature field", l->form_now->number);
	if (then == NULL && pdf_dict_duplicates(now))
		return other(l, "the form says something twice", l->form_now->number);
	for (uint32_t i = 0; then == NULL && i < now->count; i++) {
		if (!pdf_name_is(&now->u.items[2 * i], "Fields") && !pdf_name_is(&now->u.items[2 * i], "SigFlags"))
			return other(l, "the form was changed by more than a signature field", l->form_now->number);
	}
	if (then != NULL && !flags_only_grew(l))
		return other(l, "/SigFlags was changed", l->form_now->number);
	if (l->was == NULL) {
		if (!list_grew(l, now, then, "Fields", l->signed_field->number))
			return other(l, "the form's list of fields was changed by more than one new field",
				l->form_now->number);
	} else if (!pdf_same(pdf_get(now, "Fields"), then != NULL ? pdf_get(then, "Fields") : NULL)) {
		return other(l, "the form's list of fields was changed", l->form_now->number);
	}
	if (l->form_now->number != l->form_then->number) {
		const struct change *moved = verify_change_of(&l->changes, l->form_now->number);

		if (l->form_now->number != 0 && (moved == NULL || !moved->is_new))
			return other(l, "the form took the place of something else", l->form_now->number);
	}
	if (l->form_now->number != 0)
		(void)explain(l, l->form_now->number);
	return true;
}

static bool check_catalogue(struct looking *l)
{
	static const char *const may_change[] = { "AcroForm", NULL };
	const struct pdf_obj *root = pdf_get_typed(pdf_doc_trailer(l->doc, l->now), "Root", PDF_REF);
	struct change *change = root != NULL ? verify_change_of(&l->changes, root->u.ref.number) : NULL;

	if (change == NULL)
		return true;
	if (!pdf_same_but(object_at(l, l->now, change->number), object_at(l, l->then, change->number), may_change))
		return other(l, "the catalogue was changed by more than the form", change->number);
	change->explained = true;
	return true;
}

/* Cross-reference streams and object streams of the revision itself. */
static void explain_frames(struct looking *l)
{
	struct pdf_xref *xref = pdf_doc_xref(l->doc);

	for (size_t i = xref->revisions[l->now].section; i < xref->revisions[l->then].section; i++) {
		struct change *change = xref->sections[i].kind == PDF_SECTION_STREAM
			? verify_change_of(&l->changes, xref->sections[i].number)
			: NULL;

		if (change != NULL && change->is_new)
			change->explained = true;
	}
	for (size_t i = 0; i < l->changes.count; i++) {
		if (l->changes.items[i].in_stream)
			(void)explain(l, l->changes.items[i].container);
	}
}

static bool is_page(struct looking *l, const struct change *change)
{
	return !change->is_new && pdf_name_is(pdf_get(object_at(l, l->then, change->number), "Type"), "Page");
}

static bool judge(struct looking *l)
{
	uint32_t number;

	if (!check_trailer(l))
		return false;
	if (l->form_now->broken || l->form_then->broken || l->form_now->value_elsewhere)
		return other(l, "the form is damaged", 0);
	if (!find_signed_field(l) || !check_value(l))
		return false;
	if (l->was != NULL ? !check_existing_field(l) : !check_new_field(l))
		return false;
	if (!check_form(l) || !check_catalogue(l))
		return false;
	for (size_t i = 0; i < l->changes.count; i++) {
		if (!l->changes.items[i].explained && is_page(l, &l->changes.items[i]) &&
			!check_page(l, &l->changes.items[i]))
			return false;
	}
	if (!check_annotations(l))
		return false;
	explain_frames(l);
	for (size_t i = 0; i < l->changes.count; i++) {
		if (!l->changes.items[i].explained)
			return other(
				l, "changed, and nothing that signing needs explains it", l->changes.items[i].number);
	}
	if (verify_waited_for(l->doc, l->then, &l->changes, &number))
		return other(l,
			number != 0 ? "the document referred to it before it was there" : "an object cannot be read",
			number);
	return true;
}

static enum be_err check_frame(struct looking *l, struct be_error *err)
{
	struct pdf_xref *xref = pdf_doc_xref(l->doc);
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = pdf_xref_check_revision(xref, l->now, &cause);

	if (rc == BE_NO_MEMORY)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	if (rc != BE_OK)
		(void)other(l, "its cross-reference data cannot be read", 0);
	else if ((pdf_xref_revision_odd(xref, l->now) & AMBIGUOUS) != 0)
		(void)other(l, "its cross-reference data is ambiguous", 0);
	return BE_OK;
}

enum be_err verify_step(struct step *out, struct pdf_doc *doc, size_t r, struct be_error *err)
{
	struct looking l = { .doc = doc, .now = r, .then = r + 1, .out = out };
	struct be_error cause = { .code = BE_OK };
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	out->level = FACTS_OTHER;
	rc = verify_changes(&l.changes, doc, r, out->detail, err);
	if (rc == BE_OK && out->detail[0] == '\0')
		rc = check_frame(&l, err);
	if (rc != BE_OK || out->detail[0] != '\0')
		goto out;
	rc = pdf_form_read(&l.form_then, doc, l.then, &cause);
	if (rc == BE_OK)
		rc = pdf_form_read(&l.form_now, doc, l.now, &cause);
	if (rc == BE_OK) {
		if (judge(&l))
			out->level = FACTS_FORM;
	} else if (rc == BE_NO_MEMORY) {
		(void)be_fail(err, rc, cause.msgid, "%s", cause.detail);
	} else {
		(void)other(&l, "the form cannot be read", 0);
		rc = BE_OK;
	}
out:
	pdf_form_free(&l.form_now);
	pdf_form_free(&l.form_then);
	verify_changes_free(&l.changes);
	return rc;
}
