/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/form.h"

#include <stdlib.h>
#include <string.h>

#define WIDGETS_MAX 1000000u
#define NAME_BYTES_MAX (16u << 20)

/* What a field has from its parents (12.7.4.1). */
struct inherited {
	const struct pdf_obj *type;  /* /FT */
	const struct pdf_obj *value; /* /V, not resolved */
	const char *name;
};

struct walk {
	struct pdf_form *form;
	struct pdf_doc *doc;
	size_t revision;
	uint32_t path[PDF_FIELD_DEPTH_MAX]; /* object numbers from the top: a number met again is a circle */
	size_t seen;                        /* fields */
	size_t widgets;
	size_t name_bytes; /* of all names so far: a long name may be inherited, or shared, by very many */
	struct be_error *err;
};

static enum be_err too_many(struct be_error *err)
{
	return be_fail(err, BE_LIMIT, N_("The document has too many form fields"), NULL);
}

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

/* A list doubles when it is full, which it is at every power of two. */
static void *room_for_one(void *items, size_t count, size_t size)
{
	return (count & (count - 1)) != 0 ? items : reallocarray(items, count != 0 ? 2 * count : 1, size);
}

static char *text_of(const struct pdf_obj *string)
{
	struct buffer text = BUFFER_EMPTY;

	pdf_string_utf8(&text, string);
	for (size_t i = 0; i < text.len; i++) {
		if (text.data[i] == '\0') /* so that "Sig" and "Sig\0two" stay two names */
			text.data[i] = '?';
	}
	buffer_add_byte(&text, '\0');
	if (text.failed)
		buffer_free(&text);
	return (char *)text.data;
}

/* The parent's name, a full stop and the field's own; the parent's when the field has none (12.7.4.2). */
static char *full_name(const char *parent, const struct pdf_obj *partial)
{
	char *own = pdf_is(partial, PDF_STRING) ? text_of(partial) : NULL;
	struct buffer joined = BUFFER_EMPTY;

	if (!pdf_is(partial, PDF_STRING))
		return strdup(parent);
	if (own == NULL || *parent == '\0')
		return own;
	buffer_add_str(&joined, parent);
	buffer_add_byte(&joined, '.');
	buffer_add(&joined, own, strlen(own) + 1);
	free(own);
	if (joined.failed)
		buffer_free(&joined);
	return (char *)joined.data;
}

static double number_of(const struct pdf_obj *value)
{
	if (pdf_is(value, PDF_INT))
		return (double)value->u.integer;
	return pdf_is(value, PDF_REAL) ? value->u.real : 0;
}

enum be_err pdf_widget_visible(
	struct pdf_doc *doc, size_t revision, const struct pdf_obj *widget, bool *out, struct be_error *err)
{
	const struct pdf_obj *rect;
	double corner[4];
	enum be_err rc = pdf_doc_get(doc, revision, widget, "Rect", &rect, err);

	/* A place that readers could take for this or that is taken for one that is seen. */
	*out = rect->type != PDF_NULL;
	if (rc != BE_OK || rect->type != PDF_ARRAY || rect->count != 4)
		return rc;
	for (size_t i = 0; i < 4; i++) {
		const struct pdf_obj *value;

		rc = pdf_doc_resolve(doc, revision, &rect->u.items[i], &value, err);
		if (rc != BE_OK)
			return rc;
		corner[i] = number_of(value);
	}
	*out = corner[0] < corner[2] || corner[0] > corner[2] || corner[1] < corner[3] || corner[1] > corner[3];
	return BE_OK;
}

static bool looks_like_signature(const struct pdf_obj *value)
{
	return pdf_is(value, PDF_DICT) &&
		(pdf_get(value, "ByteRange") != NULL || pdf_name_is(pdf_get(value, "Type"), "Sig"));
}

static enum be_err add_field(struct walk *w, const struct pdf_obj *dict, uint32_t number, const struct inherited *has,
	bool own_value, bool visible)
{
	struct pdf_form *form = w->form;
	const struct pdf_obj *value;
	struct pdf_field *grown;
	enum be_err rc = pdf_doc_resolve(w->doc, w->revision, has->value, &value, w->err);

	if (rc != BE_OK)
		return rc;
	grown = room_for_one(form->fields, form->count, sizeof(*grown));
	if (grown == NULL)
		return no_memory(w->err);
	form->fields = grown;
	grown[form->count] = (struct pdf_field){
		.name = strdup(has->name),
		.number = number,
		.dict = dict,
		.value = value->type != PDF_NULL ? value : NULL,
		.value_number = pdf_is(has->value, PDF_REF) ? has->value->u.ref.number : 0,
		.value_inherited = !own_value,
		.visible = visible,
	};
	return grown[form->count++].name != NULL ? BE_OK : no_memory(w->err);
}

static enum be_err walk_field(struct walk *w, const struct pdf_obj *ref, const struct inherited *from, size_t depth);

/* Kids with /T are fields of their own, the others are this field's widgets (12.7.4.1). */
static enum be_err walk_kids(struct walk *w, const struct pdf_obj *kids, const struct inherited *has, size_t depth,
	bool *terminal, bool *visible)
{
	for (uint32_t i = 0; i < kids->count; i++) {
		const struct pdf_obj *kid;
		bool shown = false;
		enum be_err rc = pdf_doc_resolve(w->doc, w->revision, &kids->u.items[i], &kid, w->err);

		if (rc == BE_OK && ++w->widgets > WIDGETS_MAX)
			rc = too_many(w->err);
		if (rc != BE_OK)
			return rc;
		if (kid->type != PDF_DICT) {
			w->form->broken = true;
			continue;
		}
		if (pdf_get(kid, "T") != NULL || pdf_get(kid, "Kids") != NULL) {
			*terminal = false;
			rc = walk_field(w, &kids->u.items[i], has, depth + 1);
		} else {
			rc = pdf_widget_visible(w->doc, w->revision, kid, &shown, w->err);
			*visible = *visible || shown;
		}
		if (rc != BE_OK)
			return rc;
	}
	return BE_OK;
}

static bool on_path(const struct walk *w, uint32_t number, size_t depth)
{
	for (size_t i = 0; i < depth; i++) {
		if (number != 0 && w->path[i] == number)
			return true;
	}
	return false;
}

static enum be_err read_field(
	struct walk *w, const struct pdf_obj *dict, uint32_t number, const struct inherited *from, size_t depth)
{
	const struct pdf_obj *partial;
	const struct pdf_obj *kids;
	const struct pdf_obj *type = NULL;
	const struct pdf_obj *value = NULL;
	struct inherited has = *from;
	bool own_value = pdf_get(dict, "V") != NULL;
	bool terminal = true;
	bool visible = false;
	char *name = NULL;
	enum be_err rc;

	rc = pdf_doc_get(w->doc, w->revision, dict, "T", &partial, w->err);
	if (rc == BE_OK)
		rc = pdf_doc_get(w->doc, w->revision, dict, "FT", &type, w->err);
	if (rc == BE_OK)
		rc = pdf_doc_get(w->doc, w->revision, dict, "Kids", &kids, w->err);
	if (rc == BE_OK)
		rc = pdf_widget_visible(w->doc, w->revision, dict, &visible, w->err);
	if (rc != BE_OK)
		return rc;
	name = full_name(from->name, partial);
	if (name == NULL)
		return no_memory(w->err);
	w->name_bytes += strlen(name);
	if (w->name_bytes > NAME_BYTES_MAX) {
		rc = too_many(w->err);
		goto out;
	}
	has.name = name;
	if (type->type == PDF_NAME)
		has.type = type;
	if (own_value)
		has.value = pdf_get(dict, "V");
	if (kids->type == PDF_ARRAY)
		rc = walk_kids(w, kids, &has, depth, &terminal, &visible);
	if (rc == BE_OK && terminal && pdf_name_is(has.type, "Sig"))
		rc = add_field(w, dict, number, &has, own_value, visible);
	else if (rc == BE_OK && terminal)
		rc = pdf_doc_resolve(w->doc, w->revision, has.value, &value, w->err);
	if (looks_like_signature(value))
		w->form->value_elsewhere = true;
out:
	free(name);
	return rc;
}

static enum be_err walk_field(struct walk *w, const struct pdf_obj *ref, const struct inherited *from, size_t depth)
{
	uint32_t number = pdf_is(ref, PDF_REF) ? ref->u.ref.number : 0;
	const struct pdf_obj *dict;
	enum be_err rc;

	if (depth == PDF_FIELD_DEPTH_MAX || on_path(w, number, depth)) {
		w->form->broken = true;
		return BE_OK;
	}
	if (++w->seen > PDF_FIELDS_MAX)
		return too_many(w->err);
	w->path[depth] = number;
	rc = pdf_doc_resolve(w->doc, w->revision, ref, &dict, w->err);
	if (rc != BE_OK)
		return rc;
	if (dict->type != PDF_DICT) {
		w->form->broken = true;
		return BE_OK;
	}
	return read_field(w, dict, number, from, depth);
}

static enum be_err add_top_name(struct walk *w, const struct pdf_obj *ref)
{
	struct pdf_form *form = w->form;
	const struct pdf_obj *dict;
	const struct pdf_obj *partial;
	char **grown;
	enum be_err rc = pdf_doc_resolve(w->doc, w->revision, ref, &dict, w->err);

	if (rc == BE_OK)
		rc = pdf_doc_get(w->doc, w->revision, dict, "T", &partial, w->err);
	if (rc != BE_OK || partial->type != PDF_STRING)
		return rc;
	grown = room_for_one(form->top_names, form->top_count, sizeof(char *));
	if (grown == NULL)
		return no_memory(w->err);
	form->top_names = grown;
	grown[form->top_count] = text_of(partial);
	if (grown[form->top_count++] == NULL)
		return no_memory(w->err);
	w->name_bytes += strlen(grown[form->top_count - 1]);
	return w->name_bytes > NAME_BYTES_MAX ? too_many(w->err) : BE_OK;
}

static enum be_err walk_form(struct walk *w)
{
	static const struct inherited nothing = { NULL, NULL, "" };
	const struct pdf_obj *catalogue;
	const struct pdf_obj *dict;
	const struct pdf_obj *fields;
	const struct pdf_obj *acroform;
	enum be_err rc = pdf_doc_catalogue(w->doc, w->revision, &catalogue, w->err);

	if (rc != BE_OK)
		return rc;
	acroform = pdf_get(catalogue, "AcroForm");
	rc = pdf_doc_resolve(w->doc, w->revision, acroform, &dict, w->err);
	if (rc != BE_OK || dict->type == PDF_NULL)
		return rc;
	if (dict->type != PDF_DICT) {
		w->form->broken = true;
		return BE_OK;
	}
	w->form->dict = dict;
	w->form->number = pdf_is(acroform, PDF_REF) ? acroform->u.ref.number : 0;
	rc = pdf_doc_get(w->doc, w->revision, dict, "Fields", &fields, w->err);
	if (rc != BE_OK || fields->type == PDF_NULL)
		return rc;
	if (fields->type != PDF_ARRAY) {
		w->form->broken = true;
		return BE_OK;
	}
	for (uint32_t i = 0; i < fields->count && rc == BE_OK; i++) {
		rc = add_top_name(w, &fields->u.items[i]);
		if (rc == BE_OK)
			rc = walk_field(w, &fields->u.items[i], &nothing, 0);
	}
	return rc;
}

enum be_err pdf_form_read(struct pdf_form **out, struct pdf_doc *doc, size_t revision, struct be_error *err)
{
	struct walk w = { .doc = doc, .revision = revision, .err = err };
	enum be_err rc;

	*out = NULL;
	w.form = calloc(1, sizeof(*w.form));
	if (w.form == NULL)
		return no_memory(err);
	rc = walk_form(&w);
	if (rc != BE_OK)
		pdf_form_free(&w.form);
	*out = w.form;
	return rc;
}

void pdf_form_free(struct pdf_form **form)
{
	if (*form == NULL)
		return;
	for (size_t i = 0; i < (*form)->count; i++)
		free((*form)->fields[i].name);
	for (size_t i = 0; i < (*form)->top_count; i++)
		free((*form)->top_names[i]);
	free((*form)->fields);
	free((*form)->top_names);
	free(*form);
	*form = NULL;
}

const struct pdf_field *pdf_form_find(const struct pdf_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++) {
		if (strcmp(form->fields[i].name, name) == 0)
			return &form->fields[i];
	}
	return NULL;
}
