/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verify/changes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHANGES_MAX 10000u /* of one revision; a signature needs ten */
#define SIZE_GROWTH_MAX 1000000u

struct span {
	uint64_t start;
	uint64_t end;
};

struct reading {
	struct pdf_doc *doc;
	struct pdf_xref *xref;
	size_t r;
	struct changes *out;
	struct span *spans; /* what accounts for the revision's bytes */
	size_t span_count;
	char *detail;
	struct be_error *err;
};

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

static void object_to(const struct reading *s, const char *what, uint32_t number)
{
	if (s->detail[0] == '\0')
		(void)snprintf(s->detail, CHANGES_DETAIL_MAX, "object %u: %s", number, what);
}

struct change *verify_change_of(const struct changes *changes, uint32_t number)
{
	for (size_t i = 0; i < changes->count; i++) {
		if (changes->items[i].number == number)
			return &changes->items[i];
	}
	return NULL;
}

static enum be_err add_span(struct reading *s, uint64_t start, uint64_t end)
{
	struct span *grown = reallocarray(s->spans, s->span_count + 1, sizeof(*grown));

	if (grown == NULL)
		return no_memory(s->err);
	s->spans = grown;
	grown[s->span_count++] = (struct span){ start, end };
	return BE_OK;
}

static enum be_err add_change(struct reading *s, const struct change *change)
{
	struct change *grown;

	if (s->out->count == CHANGES_MAX) {
		object_to(s, "there are too many changes", change->number);
		return BE_OK;
	}
	grown = reallocarray(s->out->items, s->out->count + 1, sizeof(*grown));
	if (grown == NULL)
		return no_memory(s->err);
	s->out->items = grown;
	grown[s->out->count++] = *change;
	return BE_OK;
}

/* An object that was there keeps its generation; one that was not has 0, and its number was never given up (7.5.4: a
 * number that was freed comes back with a higher generation only, which is how old references are made to lead to new
 * things). */
static void check_generation(
	struct reading *s, uint32_t number, const struct pdf_entry *now, bool existed, const struct pdf_entry *before)
{
	uint32_t generation = now->kind == PDF_ENTRY_AT_OFFSET ? now->generation : 0;

	if (existed && before->kind != PDF_ENTRY_FREE) {
		if (generation != (before->kind == PDF_ENTRY_AT_OFFSET ? before->generation : 0))
			object_to(s, "its generation was changed", number);
	} else if (generation != 0 || (existed && before->generation != 0 && before->generation != UINT16_MAX)) {
		object_to(s, "a freed number is used again", number);
	}
}

static enum be_err place_object(struct reading *s, uint32_t number, const struct pdf_entry *now)
{
	uint64_t start;
	uint64_t end;
	struct be_error cause = { .code = BE_OK };
	enum be_err rc;

	if (now->offset < s->xref->revisions[s->r + 1].end || now->offset >= s->xref->revisions[s->r].end) {
		object_to(s, "it does not stand in the revision that lists it", number);
		return BE_OK;
	}
	rc = pdf_doc_extent(s->doc, s->r, number, &start, &end, &cause);
	if (rc == BE_NO_MEMORY)
		return no_memory(s->err);
	if (rc != BE_OK) {
		object_to(s, "it cannot be read", number);
		return BE_OK;
	}
	return add_span(s, start, end);
}

static enum be_err take_entry(struct reading *s, uint32_t number, const struct pdf_entry *now)
{
	struct change change = { .number = number };
	struct pdf_entry before = { 0 };
	enum be_err rc = pdf_xref_lookup(s->xref, s->r + 1, number, &before, s->err);
	bool existed = rc == BE_OK;

	if (rc != BE_OK && rc != BE_NOT_FOUND)
		return rc;
	if (now->kind == PDF_ENTRY_FREE) {
		if (number != 0 && existed && before.kind != PDF_ENTRY_FREE)
			object_to(s, "it was removed", number);
		return BE_OK;
	}
	if (existed && before.kind == now->kind && before.offset == now->offset && before.generation == now->generation)
		return BE_OK; /* said again, not changed */
	if (verify_change_of(s->out, number) != NULL) {
		object_to(s, "it is listed twice", number);
		return BE_OK;
	}
	check_generation(s, number, now, existed, &before);
	change.is_new = !existed || before.kind == PDF_ENTRY_FREE;
	change.in_stream = now->kind == PDF_ENTRY_IN_STREAM;
	if (change.in_stream) {
		if (now->offset > PDF_OBJECT_NUMBER_MAX)
			object_to(s, "its object stream does not exist", number);
		else
			change.container = (uint32_t)now->offset;
		return add_change(s, &change);
	}
	rc = place_object(s, number, now);
	return rc == BE_OK ? add_change(s, &change) : rc;
}

/* A table may leave to its hidden part what it lists as free (7.5.8.4), but then it is new: readers that know no hidden
 * parts would lose it. */
static void check_hidden(struct reading *s, size_t section, uint32_t number)
{
	struct pdf_entry entry;
	struct pdf_entry before;

	if (s->xref->sections[section].has_hybrid_part && number != 0 &&
		pdf_xref_section_entry(s->xref, section, number, &entry, NULL) == BE_OK &&
		entry.kind == PDF_ENTRY_FREE && pdf_xref_lookup(s->xref, s->r + 1, number, &before, NULL) == BE_OK &&
		before.kind != PDF_ENTRY_FREE)
		object_to(s, "it was removed", number);
}

static enum be_err take_sections(struct reading *s)
{
	size_t until = s->xref->revisions[s->r + 1].section;

	for (size_t i = s->xref->revisions[s->r].section; i < until; i++) {
		const struct pdf_section *section = &s->xref->sections[i];
		enum be_err rc = add_span(s, section->at, section->end);

		for (uint32_t j = 0; j < section->subsection_count && rc == BE_OK; j++) {
			const struct pdf_subsection *sub = &section->subsections[j];

			/* Once the revision is known to break a rule, nothing more has to be known of it. */
			for (uint32_t k = 0; k < sub->count && rc == BE_OK && s->detail[0] == '\0'; k++) {
				struct pdf_entry now;

				check_hidden(s, i, sub->first + k);
				/* In a hybrid section the table and the stream are one: what is in effect counts. */
				rc = pdf_xref_lookup(s->xref, s->r, sub->first + k, &now, s->err);
				if (rc == BE_OK &&
					(!section->is_hybrid_part || verify_change_of(s->out, sub->first + k) == NULL))
					rc = take_entry(s, sub->first + k, &now);
			}
		}
		if (rc == BE_DAMAGED) {
			object_to(s, "its cross-reference entry cannot be read", 0);
			return BE_OK;
		}
		if (rc != BE_OK)
			return rc;
	}
	return BE_OK;
}

/* What came in an object stream came in one of this revision, and the stream holds nothing else. */
static enum be_err check_containers(struct reading *s)
{
	for (size_t i = 0; i < s->out->count; i++) {
		const struct change *c = &s->out->items[i];
		const struct change *holder;
		const struct pdf_obj *stream;
		const struct pdf_obj *n;
		int64_t inside = 0;

		if (!c->in_stream)
			continue;
		holder = verify_change_of(s->out, c->container);
		if (holder == NULL || !holder->is_new || holder->in_stream) {
			object_to(s, "it comes from an object stream of another revision", c->number);
			return BE_OK;
		}
		for (size_t k = 0; k < s->out->count; k++)
			inside += s->out->items[k].in_stream && s->out->items[k].container == c->container;
		if (pdf_doc_object(s->doc, s->r, c->container, &stream, NULL) != BE_OK) {
			object_to(s, "its object stream cannot be read", c->number);
			return BE_OK;
		}
		n = pdf_get_typed(stream, "N", PDF_INT);
		if (n == NULL || n->u.integer != inside)
			object_to(s, "the object stream holds more than is listed", c->container);
	}
	return BE_OK;
}

static int by_start(const void *a, const void *b)
{
	const struct span *left = a;
	const struct span *right = b;

	return left->start < right->start ? -1 : left->start > right->start;
}

/* Between the objects and sections there is white space and comments, nothing else: bytes that nobody lists are read by
 * some readers. */
static void check_gaps(struct reading *s)
{
	struct pdf_bytes file = pdf_doc_file(s->doc);
	uint64_t at = s->xref->revisions[s->r + 1].end;

	qsort(s->spans, s->span_count, sizeof(*s->spans), by_start);
	for (size_t i = 0; i < s->span_count; i++) {
		struct pdf_cursor c = { file.data, file.data + at, file.data + s->spans[i].start };

		if (i > 0 && s->spans[i].start == s->spans[i - 1].start && s->spans[i].end == s->spans[i - 1].end)
			continue; /* a cross-reference stream that lists itself */
		if (s->spans[i].start < at) {
			object_to(s, "objects overlap", 0);
			return;
		}
		pdf_skip_space(&c);
		if (c.at < c.end) {
			object_to(s, "bytes that belong to no object", 0);
			return;
		}
		at = s->spans[i].end;
	}
}

/* 7.5.4: an object beyond /Size is none, to readers that are strict. A larger /Size would show them what they did not
 * see. */
static void check_size(struct reading *s)
{
	uint64_t old_size = s->xref->sections[s->xref->revisions[s->r + 1].section].size;
	uint64_t size = s->xref->sections[s->xref->revisions[s->r].section].size;

	if (size > old_size + SIZE_GROWTH_MAX)
		object_to(s, "/Size grew by more than can be looked at", 0);
	for (uint64_t number = old_size; number < size && s->detail[0] == '\0'; number++) {
		struct pdf_entry before;

		if (pdf_xref_lookup(s->xref, s->r + 1, (uint32_t)number, &before, NULL) == BE_OK &&
			before.kind != PDF_ENTRY_FREE)
			object_to(s, "it was beyond /Size before", (uint32_t)number);
	}
}

enum be_err verify_changes(struct changes *out, struct pdf_doc *doc, size_t r, char detail[static CHANGES_DETAIL_MAX],
	struct be_error *err)
{
	struct reading s = { .doc = doc, .xref = pdf_doc_xref(doc), .r = r, .out = out, .detail = detail, .err = err };
	enum be_err rc = BE_OK;

	*out = (struct changes){ NULL, 0 };
	detail[0] = '\0';
	if (s.xref->revisions[r].end == 0 || s.xref->revisions[r + 1].end == 0 ||
		s.xref->revisions[r].end <= s.xref->revisions[r + 1].end) {
		object_to(&s, "the revision does not end properly", 0);
		return BE_OK;
	}
	rc = take_sections(&s);
	if (rc == BE_OK && detail[0] == '\0')
		rc = check_containers(&s);
	if (rc == BE_OK && detail[0] == '\0')
		check_gaps(&s);
	if (rc == BE_OK)
		check_size(&s);
	free(s.spans);
	if (rc != BE_OK)
		verify_changes_free(out);
	return rc;
}

void verify_changes_free(struct changes *changes)
{
	free(changes->items);
	*changes = (struct changes){ NULL, 0 };
}
