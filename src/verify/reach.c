/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/reach.h"

#include <stdlib.h>

#define LISTS_MAX 8u
#define REMEMBERED_MAX 200000u /* objects that a document keeps for whoever asks again */

struct walk {
	struct pdf_doc *doc;
	struct pdf_doc *own; /* read in place of doc once that remembers enough; forgotten now and then */
	uint64_t end;        /* one past the highest number */
	uint8_t *seen;       /* one bit each */
	uint32_t *left;      /* met, but not read yet */
	size_t count;
	size_t cap;
	uint32_t reading; /* the object whose references are met; 0 for the trailer */
	/* Told every reference: the nearest key above it, NULL in a list that is an object of its own. False ends the
	 * walk. */
	bool (*meet)(void *context, uint32_t number, const struct pdf_obj *key, uint32_t from);
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

static bool look_through(struct walk *w, const struct pdf_obj *value, const struct pdf_obj *key)
{
	if (value->type == PDF_REF)
		return w->meet(w->context, value->u.ref.number, key, w->reading) && keep(w, value->u.ref.number);
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

/* Where the next object is read. Everything is read once, so that keeping it all would only spend the memory that
 * there is for objects. */
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

/* False when it was ended, or could not be finished: a reader that manages to read what we cannot may find anything
 * there. */
static bool go(struct walk *w, struct pdf_doc *doc, size_t revision)
{
	bool whole;

	w->doc = doc;
	w->end = pdf_xref_next_number(pdf_doc_xref(doc));
	w->seen = calloc((size_t)(w->end / 8 + 1), 1);
	whole = w->seen != NULL && look_through(w, pdf_doc_trailer(doc, revision), NULL);
	while (whole && w->count > 0) {
		struct pdf_doc *from = reader(w);
		const struct pdf_obj *obj;

		w->reading = w->left[--w->count];
		whole = from != NULL && pdf_doc_object(from, revision, w->reading, &obj, NULL) == BE_OK &&
			look_through(w, obj, NULL);
	}
	pdf_doc_free(&w->own);
	free(w->left);
	free(w->seen);
	return whole;
}

/* ---- what was missing ---- */

struct waiting {
	uint8_t *is_new; /* one bit each */
	uint64_t end;
	uint32_t *which;
};

static bool is_there(void *context, uint32_t number, const struct pdf_obj *key, uint32_t from)
{
	const struct waiting *waiting = context;

	(void)key;
	(void)from;
	if (number >= waiting->end || (waiting->is_new[number / 8] >> number % 8 & 1) == 0)
		return true;
	*waiting->which = number;
	return false;
}

bool verify_waited_for(struct pdf_doc *doc, size_t revision, const struct changes *changes, uint32_t *which)
{
	struct waiting waiting = { .end = pdf_xref_next_number(pdf_doc_xref(doc)), .which = which };
	struct walk w = { .meet = is_there, .context = &waiting };
	bool whole = false;

	*which = 0;
	waiting.is_new = calloc((size_t)(waiting.end / 8 + 1), 1);
	for (size_t i = 0; waiting.is_new != NULL && i < changes->count; i++) {
		uint32_t number = changes->items[i].number;

		if (changes->items[i].is_new)
			waiting.is_new[number / 8] = (uint8_t)(waiting.is_new[number / 8] | 1u << number % 8);
	}
	if (waiting.is_new != NULL)
		whole = go(&w, doc, revision);
	free(waiting.is_new);
	return !whole;
}

/* ---- how often, and by what ---- */

struct counting {
	uint32_t number;
	size_t count;
};

static bool count_one(void *context, uint32_t number, const struct pdf_obj *key, uint32_t from)
{
	struct counting *counting = context;

	(void)key;
	(void)from;
	counting->count += number == counting->number;
	return counting->count < 2;
}

bool verify_referred_to_once(struct pdf_doc *doc, size_t revision, uint32_t number)
{
	struct counting counting = { number, 0 };
	struct walk w = { .meet = count_one, .context = &counting };

	return go(&w, doc, revision) && counting.count == 1;
}

struct asking {
	uint32_t number;
	const char *const *keys;
	uint32_t lists[LISTS_MAX]; /* objects that are lists and hold the reference */
	size_t list_count;
};

static bool by_these_keys(void *context, uint32_t number, const struct pdf_obj *key, uint32_t from)
{
	struct asking *asking = context;

	if (number != asking->number)
		return true;
	for (const char *const *k = asking->keys; key != NULL && *k != NULL; k++) {
		if (pdf_name_is(key, *k))
			return true;
	}
	if (key != NULL || asking->list_count == LISTS_MAX)
		return false;
	asking->lists[asking->list_count++] = from;
	return true;
}

bool verify_referred_to_by(struct pdf_doc *doc, size_t revision, uint32_t number, const char *const *keys)
{
	struct asking asking = { .number = number, .keys = keys };
	struct walk w = { .meet = by_these_keys, .context = &asking };

	if (!go(&w, doc, revision))
		return false;
	for (size_t i = 0; i < asking.list_count; i++) {
		struct asking list = { .number = asking.lists[i], .keys = keys };
		struct walk again = { .meet = by_these_keys, .context = &list };

		if (!go(&again, doc, revision) || list.list_count > 0)
			return false;
	}
	return true;
}
