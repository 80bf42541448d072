/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/references.h"

#include <stdlib.h>

#define REMEMBERED_MAX 200000u /* objects that a document keeps for whoever asks again */

struct walk {
	struct pdf_doc *doc;
	struct pdf_doc *own; /* read in place of doc once that remembers enough; forgotten now and then */
	uint64_t end;        /* one past the highest number */
	uint8_t *seen;       /* one bit each */
	uint32_t *left;      /* met, but not read yet */
	size_t count;
	size_t cap;
	uint32_t reading; /* the object whose references are met */
	pdf_reference_met *met;
	void *context;
};

static bool keep(struct walk *w, uint32_t number)
{
	if (number >= w->end || (w->seen[number / 8] >> number % 8 & 1) != 0)
		return true;
	w->seen[number / 8] = (uint8_t)(w->seen[number / 8] | 1u << number % 8);
	if (w->count == w->cap) {
		size_t cap = w->cap != 0 ? 2 * w->cap : 256;
		uint32_t *grown = reallocarray(w->left, cap, sizeof(*grown));

		if (grown == NULL)
			return false;
		w->left = grown;
		w->cap = cap;
	}
	w->left[w->count++] = number;
	return true;
}

/* No deeper than objects are nested, which the parser bounds. */
static bool look_through(struct walk *w, const struct pdf_obj *value, const struct pdf_obj *key)
{
	if (value->type == PDF_REF)
		return w->met(w->context, value->u.ref.number, key, w->reading) && keep(w, value->u.ref.number);
	if (value->type == PDF_ARRAY) {
		for (uint32_t i = 0; i < value->count; i++) {
			if (!look_through(w, &value->u.items[i], key))
				return false;
		}
	} else if (value->type == PDF_DICT || value->type == PDF_STREAM) {
		for (uint32_t i = 0; i < value->count; i++) {
			if (!look_through(w, &value->u.items[2 * (size_t)i + 1], &value->u.items[2 * (size_t)i]))
				return false;
		}
	}
	return true;
}

/* Where the next object is read. Everything is read once, so that keeping it all would only spend the memory that there
 * is for objects. */
static struct pdf_doc *reader(struct walk *w)
{
	if (pdf_doc_parsed(w->doc) < REMEMBERED_MAX)
		return w->doc;
	if (w->own != NULL && pdf_doc_parsed(w->own) >= REMEMBERED_MAX)
		pdf_doc_free(&w->own);
	if (w->own == NULL)
		(void)pdf_doc_open(&w->own, pdf_doc_file(w->doc), NULL);
	return w->own;
}

bool pdf_references_walk(struct pdf_doc *doc, size_t revision, pdf_reference_met *met, void *context)
{
	struct walk w = { .doc = doc, .met = met, .context = context };
	bool whole;

	w.end = pdf_xref_next_number(pdf_doc_xref(doc));
	w.seen = calloc((size_t)(w.end / 8 + 1), 1);
	whole = w.seen != NULL && look_through(&w, pdf_doc_trailer(doc, revision), NULL);
	while (whole && w.count > 0) {
		struct pdf_doc *from = reader(&w);
		const struct pdf_obj *obj;

		w.reading = w.left[--w.count];
		whole = from != NULL && pdf_doc_object(from, revision, w.reading, &obj, NULL) == BE_OK &&
			look_through(&w, obj, NULL);
	}
	pdf_doc_free(&w.own);
	free(w.left);
	free(w.seen);
	return whole;
}
