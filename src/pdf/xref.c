/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/xref.h"

#include "pdf/xref_section.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_WITHIN 1024u
#define TAIL_WITHIN 4096u
#define NEAR 10u /* how far off a startxref may be */

static enum be_err damaged(struct be_error *err, const char *what, uint64_t at)
{
	return be_fail(err, BE_DAMAGED,
		N_("The document's cross-reference data is damaged; open it in its program and save it again"),
		"%s at %ju", what, (uintmax_t)at);
}

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

/* ---- the head and the tail of the file ---- */

static enum be_err check_header(struct pdf_xref *x, struct be_error *err)
{
	size_t within = x->file.len < HEADER_WITHIN ? x->file.len : HEADER_WITHIN;

	if (x->file.len >= 5 && memcmp(x->file.data, "%PDF-", 5) == 0)
		return BE_OK;
	if (memmem(x->file.data, within, "%PDF-", 5) == NULL)
		return be_fail(err, BE_NOT_A_PDF, N_("The file is no PDF document"), NULL);
	/* Readers disagree on where offsets are counted from then (the file, or the header), so nobody can say what
	 * such a file shows. */
	x->odd |= PDF_ODD_HEADER;
	return be_fail(err, BE_DAMAGED,
		N_("There are other bytes before the PDF document in this file; save it again as a PDF"), NULL);
}

/* The last startxref near the end (7.5.5). */
static enum be_err find_startxref(struct pdf_xref *x, struct be_error *err)
{
	size_t from = x->file.len > TAIL_WITHIN ? x->file.len - TAIL_WITHIN : 0;
	const uint8_t *last = NULL;
	const uint8_t *found = x->file.data + from;
	const uint8_t *end = x->file.data + x->file.len;
	struct pdf_cursor c;

	while ((found = memmem(found, (size_t)(end - found), "startxref", 9)) != NULL) {
		last = found;
		found += 9;
	}
	if (last == NULL)
		return be_fail(err, BE_DAMAGED, N_("The end of the document is missing; it may be cut short"), NULL);
	c = (struct pdf_cursor){ x->file.data, last + 9, end };
	pdf_skip_blank(&c);
	if (!pdf_read_number(&c, &x->startxref))
		return damaged(err, "startxref without a number", (uint64_t)(last - x->file.data));
	return BE_OK;
}

/* A startxref leads to a section when nothing but blanks lies between, as for the /Prev of a later section. */
static bool leads_to(const struct pdf_xref *x, uint64_t startxref, const struct pdf_section *s)
{
	if (startxref == s->said)
		return true;
	if (startxref > s->at || s->at - startxref > HEADER_WITHIN)
		return false;
	while (startxref < s->at && pdf_is_space(x->file.data[startxref]))
		startxref++;
	return startxref == s->at;
}

/* Where a revision ends: behind its last section come startxref, the offset of its first and %%EOF. 0 when not. */
static uint64_t find_revision_end(const struct pdf_xref *x, uint64_t section_end, const struct pdf_section *first)
{
	struct pdf_cursor c = { x->file.data, x->file.data + section_end, x->file.data + x->file.len };
	uint64_t number;

	pdf_skip_space(&c);
	if (!pdf_skip_keyword(&c, "startxref"))
		return 0;
	pdf_skip_blank(&c);
	if (!pdf_read_number(&c, &number) || !leads_to(x, number, first))
		return 0;
	pdf_skip_blank(&c);
	if (c.end - c.at < 5 || memcmp(c.at, "%%EOF", 5) != 0)
		return 0;
	return (uint64_t)(c.at - c.start) + 5;
}

static void check_tail(struct pdf_xref *x)
{
	uint64_t end = x->revisions[0].end;
	size_t rest = x->file.len - (size_t)end;
	const uint8_t *at = x->file.data + end;

	if (end == 0 || rest > 2 || (rest == 2 && memcmp(at, "\r\n", 2) != 0) ||
		(rest == 1 && *at != '\r' && *at != '\n'))
		x->odd |= PDF_ODD_TAIL;
}

/* ---- the chain ---- */

static enum be_err add_section(struct pdf_xref *x, uint64_t at, bool hidden, struct be_error *err)
{
	struct pdf_section *grown;
	enum be_err rc;

	if (x->section_count == PDF_SECTIONS_MAX)
		return be_fail(err, BE_LIMIT, N_("The document has too many revisions"), NULL);
	grown = reallocarray(x->sections, x->section_count + 1, sizeof(*grown));
	if (grown == NULL)
		return no_memory(err);
	x->sections = grown;
	/* A section that fails is freed with the others: its record starts empty. */
	memset(&grown[x->section_count], 0, sizeof(*grown));
	x->section_count++;
	rc = pdf_section_read(&grown[x->section_count - 1], x->file, x->arena, at, err);
	/* Where it really stands, since blanks before it may be passed over. Writers that copy the last trailer's keys
	 * name its /XRefStm once more: a hidden part that is met again leads nowhere and is no circle. */
	for (size_t i = 0; rc == BE_OK && i + 1 < x->section_count; i++) {
		if (grown[i].at == grown[x->section_count - 1].at && !(hidden && grown[i].is_hybrid_part))
			rc = damaged(err, "cross-reference sections that lead in a circle", at);
	}
	return rc;
}

static enum be_err add_hybrid_part(struct pdf_xref *x, struct be_error *err)
{
	size_t table = x->section_count - 1;
	const struct pdf_obj *at = pdf_get(&x->sections[table].trailer, "XRefStm");
	struct pdf_section *part;
	enum be_err rc;

	if (at == NULL || x->sections[table].kind != PDF_SECTION_TABLE)
		return BE_OK;
	if (at->type != PDF_INT || at->u.integer <= 0)
		return damaged(err, "a trailer with a wrong /XRefStm", x->sections[table].at);
	rc = add_section(x, (uint64_t)at->u.integer, true, err);
	if (rc != BE_OK)
		return rc;
	part = &x->sections[table + 1];
	if (part->kind != PDF_SECTION_STREAM)
		return damaged(err, "an /XRefStm that is no stream", part->at);
	part->is_hybrid_part = true;
	part->has_prev = false; /* 7.5.8.4: only the table's trailer leads on */
	x->sections[table].has_hybrid_part = true;
	return BE_OK;
}

/* A startxref that misses its section by a few bytes, as some writers leave it, still leads to that one. It is
 * looked for only when none stands where it should, nearest place first. */
static uint64_t near_startxref(struct pdf_xref *x)
{
	for (uint64_t distance = 1; distance <= NEAR && x->startxref < x->file.len; distance++) {
		const uint64_t places[2] = { x->startxref - distance, x->startxref + distance };

		for (size_t i = 0; i < 2; i++) {
			struct pdf_section ignored;

			if (places[i] >= x->file.len || pdf_is_space(x->file.data[places[i]]))
				continue; /* less than 0 is more than the file has */
			if (pdf_section_read(&ignored, x->file, x->arena, places[i], NULL) == BE_OK) {
				x->odd |= PDF_ODD_STARTXREF;
				return places[i];
			}
		}
	}
	return x->startxref;
}

static enum be_err read_chain(struct pdf_xref *x, struct be_error *err)
{
	uint64_t at = x->startxref;
	enum be_err rc;

	for (;;) {
		size_t here = x->section_count;

		rc = add_section(x, at, false, err);
		if (rc == BE_DAMAGED && here == 0) {
			x->section_count = 0;
			rc = add_section(x, near_startxref(x), false, err);
		}
		if (rc == BE_OK)
			rc = add_hybrid_part(x, err);
		if (rc != BE_OK || !x->sections[here].has_prev)
			return rc;
		at = x->sections[here].prev;
	}
}

/* ---- revisions ---- */

/* Annex F: the first object of a linearized file is its parameter dictionary. /L is the file's length as it was
 * written. */
static bool linearization_length(const struct pdf_xref *x, uint64_t *out)
{
	size_t within = x->file.len < HEADER_WITHIN ? x->file.len : HEADER_WITHIN;
	struct pdf_cursor c = { x->file.data, x->file.data, x->file.data + within };
	uint64_t number;
	uint64_t generation;
	struct pdf_obj dict;
	const struct pdf_obj *length;

	pdf_skip_space(&c);
	if (!pdf_read_number(&c, &number))
		return false;
	pdf_skip_space(&c);
	if (!pdf_read_number(&c, &generation))
		return false;
	pdf_skip_space(&c);
	if (!pdf_skip_keyword(&c, "obj") || pdf_parse(&c, x->arena, &dict, NULL) != BE_OK ||
		pdf_get(&dict, "Linearized") == NULL)
		return false;
	length = pdf_get_typed(&dict, "L", PDF_INT);
	if (length == NULL || length->u.integer <= 0)
		return false;
	*out = (uint64_t)length->u.integer;
	return true;
}

/* The oldest section, when the one before it is a linearized file's first-page section: its /Prev leads forward to it.
 */
static bool is_linearized_pair(struct pdf_xref *x, size_t first_page, size_t main_section)
{
	const struct pdf_section *f = &x->sections[first_page];
	const struct pdf_section *m = &x->sections[main_section];
	uint64_t length;
	uint64_t end;

	if (m->has_prev || f->at >= m->at || !linearization_length(x, &length))
		return false;
	end = find_revision_end(x, m->end, f);
	return end != 0 && length >= end && length <= end + 2;
}

static size_t next_section(const struct pdf_xref *x, size_t section)
{
	return section + (x->sections[section].has_hybrid_part ? 2 : 1);
}

static enum be_err find_revisions(struct pdf_xref *x, struct be_error *err)
{
	x->revisions = calloc(x->section_count, sizeof(*x->revisions));
	if (x->revisions == NULL)
		return no_memory(err);
	for (size_t i = 0; i < x->section_count;) {
		struct pdf_revision *revision = &x->revisions[x->revision_count++];
		struct pdf_section *s = &x->sections[i];
		size_t next = next_section(x, i);

		revision->section = i;
		if (next < x->section_count && next_section(x, next) == x->section_count &&
			is_linearized_pair(x, i, next)) {
			x->linearized = true;
			revision->end = find_revision_end(x, x->sections[next].end, s);
			next = x->section_count;
		} else {
			revision->end = find_revision_end(x, s->end, s);
		}
		if (next < x->section_count && x->sections[next].at >= s->at)
			s->odd |= PDF_ODD_PREV_ORDER;
		if (next < x->section_count && x->sections[next].size > s->size)
			s->odd |= PDF_ODD_SIZE_SHRINKS;
		i = next;
	}
	return BE_OK;
}

enum be_err pdf_xref_open(struct pdf_xref **out, struct pdf_bytes file, struct pdf_arena *arena, struct be_error *err)
{
	struct pdf_xref *x = calloc(1, sizeof(*x));
	enum be_err rc;

	*out = NULL;
	if (x == NULL)
		return no_memory(err);
	x->file = file;
	x->arena = arena;
	rc = check_header(x, err);
	if (rc == BE_OK)
		rc = find_startxref(x, err);
	if (rc == BE_OK)
		rc = read_chain(x, err);
	if (rc == BE_OK)
		rc = find_revisions(x, err);
	if (rc != BE_OK) {
		pdf_xref_free(&x);
		return rc;
	}
	check_tail(x);
	*out = x;
	return BE_OK;
}

void pdf_xref_free(struct pdf_xref **xref)
{
	if (*xref == NULL)
		return;
	for (size_t i = 0; i < (*xref)->section_count; i++)
		buffer_free(&(*xref)->sections[i].records);
	free((*xref)->sections);
	free((*xref)->revisions);
	free(*xref);
	*xref = NULL;
}

/* ---- entries ---- */

static bool covers(const struct pdf_subsection *sub, uint32_t number)
{
	return number >= sub->first && number - sub->first < sub->count;
}

static const struct pdf_subsection *find_sorted(const struct pdf_section *s, uint32_t number)
{
	uint32_t low = 0;
	uint32_t high = s->subsection_count;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (covers(&s->subsections[middle], number))
			return &s->subsections[middle];
		if (number < s->subsections[middle].first)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

/* Of several that list the number the first counts. */
static const struct pdf_subsection *find_first(const struct pdf_section *s, uint32_t number)
{
	for (uint32_t i = 0; i < s->subsection_count; i++) {
		if (covers(&s->subsections[i], number))
			return &s->subsections[i];
	}
	return NULL;
}

enum be_err pdf_xref_section_entry(
	struct pdf_xref *x, size_t section, uint32_t number, struct pdf_entry *out, struct be_error *err)
{
	struct pdf_section *s = &x->sections[section];
	const struct pdf_subsection *sub = s->sorted ? find_sorted(s, number) : find_first(s, number);

	return sub != NULL ? pdf_section_entry(x, s, sub, number - sub->first, out, err) : BE_NOT_FOUND;
}

enum be_err pdf_xref_lookup(
	struct pdf_xref *x, size_t revision, uint32_t number, struct pdf_entry *out, struct be_error *err)
{
	for (size_t i = x->revisions[revision].section; i < x->section_count; i = next_section(x, i)) {
		struct pdf_entry hidden;
		enum be_err rc = pdf_xref_section_entry(x, i, number, out, err);

		if (rc == BE_OK && out->kind != PDF_ENTRY_FREE)
			return BE_OK;
		if (rc != BE_OK && rc != BE_NOT_FOUND)
			return rc;
		if (x->sections[i].has_hybrid_part) { /* what the table calls free may stand in the stream (7.5.8.4) */
			enum be_err hidden_rc = pdf_xref_section_entry(x, i + 1, number, &hidden, err);

			if (hidden_rc == BE_OK && hidden.kind != PDF_ENTRY_FREE) {
				*out = hidden;
				return BE_OK;
			}
			if (hidden_rc != BE_OK && hidden_rc != BE_NOT_FOUND)
				return hidden_rc;
		}
		if (rc == BE_OK)
			return BE_OK;
	}
	return BE_NOT_FOUND;
}

uint64_t pdf_xref_next_number(const struct pdf_xref *x)
{
	uint64_t next = 1;

	for (size_t i = 0; i < x->section_count; i++) {
		const struct pdf_section *s = &x->sections[i];

		if (s->size > next)
			next = s->size;
		for (uint32_t j = 0; j < s->subsection_count; j++) {
			if ((uint64_t)s->subsections[j].first + s->subsections[j].count > next)
				next = (uint64_t)s->subsections[j].first + s->subsections[j].count;
		}
	}
	return next;
}

uint32_t pdf_xref_revision_odd(const struct pdf_xref *x, size_t revision)
{
	size_t until = revision + 1 < x->revision_count ? x->revisions[revision + 1].section : x->section_count;
	uint32_t odd = 0;

	for (size_t i = x->revisions[revision].section; i < until; i++)
		odd |= x->sections[i].odd;
	return odd;
}

uint32_t pdf_xref_odd(const struct pdf_xref *x)
{
	uint32_t odd = x->odd;

	for (size_t i = 0; i < x->section_count; i++)
		odd |= x->sections[i].odd;
	return odd;
}
