/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/xref_section.h"

#include "pdf/filter.h"

#include <stdlib.h>
#include <string.h>

#define ENTRY_SIZE 20u
#define RECORDS_MAX (PDF_OBJECT_NUMBER_MAX * 24u) /* three fields of eight bytes for every object there can be */
#define SUBSECTIONS_MAX 100000u
#define UNSORTED_MAX 10000u /* these are searched one by one */

static enum be_err damaged(struct be_error *err, const char *what, uint64_t at)
{
	return be_fail(err, BE_DAMAGED,
		N_("The document's cross-reference data is damaged; open it in its program and save it again"),
		"%s at %ju", what, (uintmax_t)at);
}

void pdf_skip_blank(struct pdf_cursor *c)
{
	while (c->at < c->end && pdf_is_space(*c->at))
		c->at++;
}

static bool is_regular(uint8_t c)
{
	return !pdf_is_space(c) && !pdf_is_delimiter(c);
}

/* ---- tables (7.5.4) ---- */

/* "0000000017 00000 n" and two bytes of white space. */
static bool strict_entry(const uint8_t *e)
{
	for (size_t i = 0; i < 16; i++) {
		if (i == 10 ? e[i] != ' ' : (e[i] < '0' || e[i] > '9'))
			return false;
	}
	return e[16] == ' ' && (e[17] == 'n' || e[17] == 'f') && pdf_is_space(e[18]) && pdf_is_space(e[19]);
}

static uint64_t digits(const uint8_t *at, size_t count)
{
	uint64_t value = 0;

	for (size_t i = 0; i < count; i++)
		value = value * 10 + (uint64_t)(at[i] - '0');
	return value;
}

/* An entry of another width or with other padding, as some writers make them. */
static bool loose_entry(struct pdf_cursor *c, struct pdf_entry *out)
{
	uint64_t offset;
	uint64_t generation;

	pdf_skip_blank(c);
	if (!pdf_read_number(c, &offset))
		return false;
	pdf_skip_blank(c);
	if (!pdf_read_number(c, &generation) || generation > UINT32_MAX)
		return false;
	pdf_skip_blank(c);
	if (pdf_skip_keyword(c, "n"))
		out->kind = PDF_ENTRY_AT_OFFSET;
	else if (pdf_skip_keyword(c, "f"))
		out->kind = PDF_ENTRY_FREE;
	else
		return false;
	out->offset = offset;
	out->generation = (uint32_t)generation;
	return true;
}

/* Are all entries twenty bytes? The first, the last and what follows tell; the rest is looked at when it is read. */
static bool looks_regular(const struct pdf_cursor *c, uint32_t count)
{
	if ((uint64_t)(c->end - c->at) < (uint64_t)count * ENTRY_SIZE)
		return false;
	return pdf_is_space(c->at[18]) && pdf_is_space(c->at[19]) && (c->at[17] == 'n' || c->at[17] == 'f') &&
		strict_entry(c->at + (size_t)(count - 1) * ENTRY_SIZE);
}

/* Finds where each entry stands by reading them one after the other. */
static enum be_err find_places(
	struct pdf_cursor *c, struct pdf_arena *arena, struct pdf_subsection *sub, struct be_error *err)
{
	uint64_t *places = NULL;

	/* An entry takes at least eight bytes, so a count that the file cannot hold costs nothing. */
	if (sub->count <= (uint64_t)(c->end - c->at) / 8)
		places = pdf_arena_take(arena, sub->count * sizeof(*places));
	if (places == NULL)
		return damaged(err, "a table larger than the file", sub->at);
	for (uint32_t i = 0; i < sub->count; i++) {
		struct pdf_entry ignored;

		pdf_skip_blank(c);
		places[i] = (uint64_t)(c->at - c->start);
		if (!loose_entry(c, &ignored))
			return damaged(err, "no table entry", places[i]);
	}
	sub->places = places;
	return BE_OK;
}

static enum be_err add_subsection(struct pdf_subsection **subs, uint32_t *count, uint32_t *cap,
	const struct pdf_subsection *sub, struct be_error *err)
{
	if (*count == SUBSECTIONS_MAX)
		return be_fail(err, BE_LIMIT, N_("The document has more objects than can be looked at"), NULL);
	if (*count == *cap) {
		uint32_t grown_cap = *cap != 0 ? *cap * 2 : 8;
		struct pdf_subsection *grown = reallocarray(*subs, grown_cap, sizeof(*grown));

		if (grown == NULL)
			return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
		*subs = grown;
		*cap = grown_cap;
	}
	(*subs)[(*count)++] = *sub;
	return BE_OK;
}

static bool are_sorted(const struct pdf_subsection *subs, uint32_t count)
{
	for (uint32_t i = 1; i < count; i++) {
		if (subs[i].first < subs[i - 1].first + subs[i - 1].count)
			return false;
	}
	return true;
}

/* The list grows on the heap and settles in the arena. */
static enum be_err settle_subsections(struct pdf_section *s, struct pdf_arena *arena, const struct pdf_subsection *subs,
	uint32_t count, struct be_error *err)
{
	struct pdf_subsection *place;

	s->subsection_count = count;
	s->sorted = are_sorted(subs, count);
	if (!s->sorted && count > UNSORTED_MAX)
		return be_fail(err, BE_LIMIT, N_("The document has more objects than can be looked at"), NULL);
	if (count == 0)
		return BE_OK;
	place = pdf_arena_take(arena, count * sizeof(*place));
	if (place == NULL)
		return be_fail(err, BE_LIMIT, N_("The document has more objects than can be looked at"), NULL);
	memcpy(place, subs, count * sizeof(*place));
	s->subsections = place;
	return BE_OK;
}

static enum be_err read_table_subsection(
	struct pdf_cursor *c, struct pdf_arena *arena, struct pdf_subsection *sub, uint32_t *odd, struct be_error *err)
{
	uint64_t first;
	uint64_t count;
	uint64_t here = (uint64_t)(c->at - c->start);

	*sub = (struct pdf_subsection){ 0 };
	if (!pdf_read_number(c, &first))
		return damaged(err, "no subsection", here);
	pdf_skip_blank(c);
	if (!pdf_read_number(c, &count) || first > PDF_OBJECT_NUMBER_MAX || count > PDF_OBJECT_NUMBER_MAX + 1u - first)
		return damaged(err, "no subsection", here);
	while (c->at < c->end && (*c->at == ' ' || *c->at == '\t'))
		c->at++;
	if (c->at < c->end && *c->at == '\r')
		c->at++;
	if (c->at < c->end && *c->at == '\n')
		c->at++;
	sub->first = (uint32_t)first;
	sub->count = (uint32_t)count;
	sub->at = (uint64_t)(c->at - c->start);
	if (count == 0)
		return BE_OK;
	if (looks_regular(c, sub->count)) {
		c->at += (size_t)count * ENTRY_SIZE;
		return BE_OK;
	}
	*odd |= PDF_ODD_ENTRY_FORM;
	return find_places(c, arena, sub, err);
}

static enum be_err read_table(
	struct pdf_section *s, struct pdf_cursor *c, struct pdf_arena *arena, struct be_error *err)
{
	struct pdf_subsection *subs = NULL;
	uint32_t count = 0;
	uint32_t cap = 0;
	enum be_err rc = BE_OK;

	s->kind = PDF_SECTION_TABLE;
	for (;;) {
		struct pdf_subsection sub;

		pdf_skip_space(c);
		if (pdf_skip_keyword(c, "trailer"))
			break;
		rc = read_table_subsection(c, arena, &sub, &s->odd, err);
		if (rc == BE_OK)
			rc = add_subsection(&subs, &count, &cap, &sub, err);
		if (rc != BE_OK)
			goto out;
	}
	rc = settle_subsections(s, arena, subs, count, err);
	if (rc == BE_OK)
		rc = pdf_parse(c, arena, &s->trailer, err);
	if (rc == BE_MALFORMED || (rc == BE_OK && s->trailer.type != PDF_DICT))
		rc = damaged(err, "no trailer dictionary", (uint64_t)(c->at - c->start));
	s->end = (uint64_t)(c->at - c->start);
out:
	free(subs);
	return rc;
}

/* ---- streams (7.5.8) ---- */

static enum be_err read_widths(struct pdf_section *s, struct be_error *err)
{
	const struct pdf_obj *w = pdf_get_typed(&s->trailer, "W", PDF_ARRAY);

	for (uint32_t i = 0; i < 3; i++) {
		if (w == NULL || w->count < 3 || w->u.items[i].type != PDF_INT || w->u.items[i].u.integer < 0 ||
			w->u.items[i].u.integer > 8)
			return damaged(err, "a cross-reference stream without /W", s->at);
		s->width[i] = (uint32_t)w->u.items[i].u.integer;
	}
	return BE_OK;
}

static enum be_err read_index(struct pdf_section *s, struct pdf_arena *arena, struct be_error *err)
{
	const struct pdf_obj *index = pdf_get(&s->trailer, "Index");
	const uint64_t record = s->width[0] + s->width[1] + s->width[2];
	struct pdf_subsection whole = { 0, (uint32_t)s->size, 0, NULL };
	struct pdf_subsection *subs = NULL;
	uint32_t count = 0;
	uint32_t cap = 0;
	uint64_t at = 0;
	enum be_err rc = BE_OK;

	if (index == NULL)
		return settle_subsections(s, arena, &whole, 1, err);
	if (index->type != PDF_ARRAY || index->count % 2 != 0)
		return damaged(err, "a cross-reference stream with a wrong /Index", s->at);
	for (uint32_t i = 0; i < index->count && rc == BE_OK; i += 2) {
		const struct pdf_obj *pair = &index->u.items[i];
		struct pdf_subsection sub;

		if (pair[0].type != PDF_INT || pair[1].type != PDF_INT || pair[0].u.integer < 0 ||
			pair[1].u.integer < 0 || pair[0].u.integer > (int64_t)PDF_OBJECT_NUMBER_MAX ||
			pair[1].u.integer > (int64_t)PDF_OBJECT_NUMBER_MAX + 1 - pair[0].u.integer) {
			rc = damaged(err, "a cross-reference stream with a wrong /Index", s->at);
			break;
		}
		sub = (struct pdf_subsection){ (uint32_t)pair[0].u.integer, (uint32_t)pair[1].u.integer, at, NULL };
		at += record * sub.count;
		rc = add_subsection(&subs, &count, &cap, &sub, err);
	}
	if (rc == BE_OK)
		rc = settle_subsections(s, arena, subs, count, err);
	free(subs);
	return rc;
}

static enum be_err read_stream(
	struct pdf_section *s, struct pdf_cursor *c, struct pdf_arena *arena, struct be_error *err)
{
	const struct pdf_obj *length;
	enum be_err rc = pdf_parse(c, arena, &s->trailer, err);

	s->kind = PDF_SECTION_STREAM;
	if (rc == BE_MALFORMED)
		return damaged(err, "no cross-reference section", s->at);
	if (rc != BE_OK)
		return rc;
	length = pdf_get_typed(&s->trailer, "Length", PDF_INT);
	if (!pdf_name_is(pdf_get(&s->trailer, "Type"), "XRef") || length == NULL)
		return damaged(err, "no cross-reference section", s->at);
	pdf_skip_space(c);
	if (!pdf_skip_keyword(c, "stream"))
		return damaged(err, "a cross-reference stream without data", s->at);
	if (c->at < c->end && *c->at == '\r')
		c->at++;
	if (c->at < c->end && *c->at == '\n')
		c->at++;
	if (length->u.integer < 0 || length->u.integer > c->end - c->at)
		return damaged(err, "a cross-reference stream with a wrong /Length", s->at);
	s->trailer.type = PDF_STREAM;
	s->trailer.data = c->at;
	c->at += length->u.integer;
	pdf_skip_blank(c);
	if (!pdf_skip_keyword(c, "endstream"))
		return damaged(err, "a cross-reference stream with a wrong /Length", s->at);
	pdf_skip_space(c);
	if (!pdf_skip_keyword(c, "endobj"))
		return damaged(err, "a cross-reference stream without endobj", s->at);
	s->end = (uint64_t)(c->at - c->start);
	return read_widths(s, err);
}

/* The bound is one for all sections together: a thousand of them must not take a thousand times as much. */
static enum be_err decode_records(struct pdf_section *s, size_t *decoded, struct be_error *err)
{
	const struct pdf_obj *length = pdf_get_typed(&s->trailer, "Length", PDF_INT);
	enum be_err rc;

	if (s->decoded)
		return BE_OK;
	rc = pdf_filter_decode(
		&s->records, &s->trailer, s->trailer.data, (size_t)length->u.integer, RECORDS_MAX - *decoded, err);
	if (rc != BE_OK)
		buffer_free(&s->records);
	if (rc == BE_MALFORMED)
		return damaged(err, "a cross-reference stream that cannot be decoded", s->at);
	s->decoded = rc == BE_OK;
	*decoded += s->records.len;
	return rc;
}

static uint64_t record_field(const uint8_t *at, uint32_t width)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < width; i++)
		value = value << 8 | at[i];
	return value;
}

static enum be_err stream_entry(struct pdf_section *s, const struct pdf_subsection *sub, uint32_t index,
	struct pdf_entry *out, size_t *decoded, struct be_error *err)
{
	const size_t record = (size_t)s->width[0] + s->width[1] + s->width[2];
	uint64_t from = sub->at + (uint64_t)record * index;
	const uint8_t *at;
	uint64_t type;
	uint64_t second;
	uint64_t third;
	enum be_err rc = decode_records(s, decoded, err);

	if (rc != BE_OK)
		return rc;
	if (from + record > s->records.len || record == 0)
		return damaged(err, "a cross-reference stream that is too short", s->at);
	at = s->records.data + from;
	type = s->width[0] == 0 ? 1 : record_field(at, s->width[0]); /* Table 17: a missing type is 1 */
	second = record_field(at + s->width[0], s->width[1]);
	third = record_field(at + s->width[0] + s->width[1], s->width[2]);
	if (third > UINT32_MAX)
		return damaged(err, "a cross-reference stream entry out of range", s->at);
	/* 7.5.8.3: an entry of a type nobody knows is a reference to null, which is what a free object is. */
	out->kind = type == 1 ? PDF_ENTRY_AT_OFFSET : type == 2 ? PDF_ENTRY_IN_STREAM : PDF_ENTRY_FREE;
	out->offset = second;
	out->generation = (uint32_t)third;
	return BE_OK;
}

/* ---- both ---- */

static enum be_err table_entry(struct pdf_bytes file, const struct pdf_subsection *sub, uint32_t index,
	struct pdf_entry *out, uint32_t *odd, struct be_error *err)
{
	uint64_t at = sub->places != NULL ? sub->places[index] : sub->at + (uint64_t)ENTRY_SIZE * index;
	struct pdf_cursor c = { file.data, file.data + at, file.data + file.len };

	if (sub->places == NULL && strict_entry(c.at)) {
		out->kind = c.at[17] == 'n' ? PDF_ENTRY_AT_OFFSET : PDF_ENTRY_FREE;
		out->offset = digits(c.at, 10);
		out->generation = (uint32_t)digits(c.at + 11, 5);
		return BE_OK;
	}
	*odd |= PDF_ODD_ENTRY_FORM;
	if (sub->places == NULL)
		c.end = c.at + ENTRY_SIZE;
	if (!loose_entry(&c, out))
		return damaged(err, "no table entry", at);
	return BE_OK;
}

enum be_err pdf_section_entry(struct pdf_xref *x, struct pdf_section *s, const struct pdf_subsection *sub,
	uint32_t index, struct pdf_entry *out, struct be_error *err)
{
	enum be_err rc = s->kind == PDF_SECTION_STREAM ? stream_entry(s, sub, index, out, &x->decoded, err)
						       : table_entry(x->file, sub, index, out, &s->odd, err);

	/* An object in use cannot stand where the header is: writers that leave zero there mean that there is none. */
	if (rc == BE_OK && out->kind == PDF_ENTRY_AT_OFFSET && out->offset == 0) {
		out->kind = PDF_ENTRY_FREE;
		s->odd |= PDF_ODD_ENTRY_FORM;
	}
	return rc;
}

static enum be_err read_common(struct pdf_section *s, struct be_error *err)
{
	const struct pdf_obj *size = pdf_get_typed(&s->trailer, "Size", PDF_INT);
	const struct pdf_obj *prev = pdf_get(&s->trailer, "Prev");

	if (size == NULL || size->u.integer < 0 || size->u.integer > (int64_t)PDF_OBJECT_NUMBER_MAX + 1)
		return damaged(err, "a trailer without /Size", s->at);
	s->size = (uint64_t)size->u.integer;
	if (pdf_dict_duplicates(&s->trailer))
		s->odd |= PDF_ODD_TRAILER_KEYS;
	if (prev == NULL)
		return BE_OK;
	if (prev->type != PDF_INT || prev->u.integer < 0)
		return damaged(err, "a trailer with a wrong /Prev", s->at);
	if (prev->u.integer == 0) { /* seen in the wild for "there is none" */
		s->odd |= PDF_ODD_PREV_ZERO;
		return BE_OK;
	}
	s->has_prev = true;
	s->prev = (uint64_t)prev->u.integer;
	return BE_OK;
}

enum be_err pdf_section_read(
	struct pdf_section *out, struct pdf_bytes file, struct pdf_arena *arena, uint64_t at, struct be_error *err)
{
	struct pdf_cursor c = { file.data, file.data, file.data + file.len };
	uint64_t number;
	uint64_t generation;
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	if (at >= file.len)
		return damaged(err, "a cross-reference section beyond the end of the file", at);
	c.at += at;
	pdf_skip_blank(&c);
	out->at = (uint64_t)(c.at - c.start);
	out->said = at;
	if (out->at != at)
		out->odd |= PDF_ODD_PLACE;
	if (out->at > 0 && is_regular(file.data[out->at - 1])) /* the end of a longer number, or of startxref */
		return damaged(err, "no cross-reference section", at);
	if (pdf_skip_keyword(&c, "xref")) {
		rc = read_table(out, &c, arena, err);
		return rc == BE_OK ? read_common(out, err) : rc;
	}
	if (!pdf_read_number(&c, &number) || number > PDF_OBJECT_NUMBER_MAX)
		return damaged(err, "no cross-reference section", at);
	pdf_skip_blank(&c);
	if (!pdf_read_number(&c, &generation) || generation > UINT16_MAX)
		return damaged(err, "no cross-reference section", at);
	pdf_skip_blank(&c);
	if (!pdf_skip_keyword(&c, "obj"))
		return damaged(err, "no cross-reference section", at);
	out->number = (uint32_t)number;
	out->generation = (uint32_t)generation;
	rc = read_stream(out, &c, arena, err);
	if (rc == BE_OK)
		rc = read_common(out, err);
	return rc == BE_OK ? read_index(out, arena, err) : rc;
}
