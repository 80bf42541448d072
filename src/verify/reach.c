/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/reach.h"

#include "pdf/references.h"

#include <stdlib.h>

#define LISTS_MAX 8u

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
	bool whole = false;

	*which = 0;
	waiting.is_new = calloc((size_t)(waiting.end / 8 + 1), 1);
	for (size_t i = 0; waiting.is_new != NULL && i < changes->count; i++) {
		uint32_t number = changes->items[i].number;

		if (changes->items[i].is_new)
			waiting.is_new[number / 8] = (uint8_t)(waiting.is_new[number / 8] | 1u << number % 8);
	}
	if (waiting.is_new != NULL)
		whole = pdf_references_walk(doc, revision, is_there, &waiting);
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

	return pdf_references_walk(doc, revision, count_one, &counting) && counting.count == 1;
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

	if (!pdf_references_walk(doc, revision, by_these_keys, &asking))
		return false;
	for (size_t i = 0; i < asking.list_count; i++) {
		struct asking list = { .number = asking.lists[i], .keys = keys };

		if (!pdf_references_walk(doc, revision, by_these_keys, &list) || list.list_count > 0)
			return false;
	}
	return true;
}
