/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/xref_section.h"

#include <stdlib.h>
#include <string.h>

/* What the sections of a revision say about each number, one bit each. */
struct listed {
	uint8_t *seen;
	uint8_t *in_use;
};

static bool bit_of(const uint8_t *bits, uint32_t number)
{
	return (bits[number / 8] >> number % 8 & 1) != 0;
}

static void set_bit(uint8_t *bits, uint32_t number)
{
	bits[number / 8] = (uint8_t)(bits[number / 8] | 1u << number % 8);
}

static bool is_named_again(const struct pdf_xref *x, size_t part)
{
	for (size_t i = part + 1; i < x->section_count; i++) {
		if (x->sections[i].at == x->sections[part].at)
			return true;
	}
	return false;
}

/* 7.5.8.4: what a table defines its hidden part does not; saying the same twice does no harm. */
static enum be_err compare_with_table(
	struct pdf_xref *x, size_t part, uint32_t number, const struct pdf_entry *hidden, struct be_error *err)
{
	struct pdf_entry entry;
	enum be_err rc = pdf_xref_section_entry(x, part - 1, number, &entry, err);

	if (rc == BE_OK &&
		(entry.kind != hidden->kind || entry.offset != hidden->offset ||
			entry.generation != hidden->generation))
		x->sections[part].odd |= PDF_ODD_HYBRID;
	return rc;
}

/* table: what the section before this one said. */
static enum be_err check_section(struct pdf_xref *x, size_t section, const struct listed *listed,
	const struct listed *table, struct be_error *err)
{
	struct pdf_section *s = &x->sections[section];
	/* A part that is only named again was written before the table, which may well define its objects anew. */
	const bool own_table = s->is_hybrid_part && !is_named_again(x, section);

	for (uint32_t i = 0; i < s->subsection_count; i++) {
		const struct pdf_subsection *sub = &s->subsections[i];

		for (uint32_t k = 0; k < sub->count; k++) {
			uint32_t number = sub->first + k;
			struct pdf_entry entry;
			enum be_err rc = pdf_section_entry(x, s, sub, k, &entry, err);

			if (rc != BE_OK)
				return rc;
			if (bit_of(listed->seen, number))
				s->odd |= PDF_ODD_DUPLICATE;
			set_bit(listed->seen, number);
			if (entry.kind == PDF_ENTRY_FREE)
				continue;
			set_bit(listed->in_use, number);
			if (number >= s->size)
				s->odd |= PDF_ODD_SIZE;
			if (own_table && bit_of(table->in_use, number))
				rc = compare_with_table(x, section, number, &entry, err);
			if (rc != BE_OK)
				return rc;
		}
	}
	return BE_OK;
}

enum be_err pdf_xref_check_revision(struct pdf_xref *x, size_t revision, struct be_error *err)
{
	const size_t bytes = (size_t)(pdf_xref_next_number(x) / 8 + 1);
	size_t until = revision + 1 < x->revision_count ? x->revisions[revision + 1].section : x->section_count;
	uint8_t *bits = calloc(4, bytes);
	enum be_err rc = BE_OK;

	if (bits == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	for (size_t i = x->revisions[revision].section; i < until && rc == BE_OK; i++) {
		/* Section and hidden part take turns, so that the part finds what its table said. */
		const struct listed own = { bits + i % 2 * 2 * bytes, bits + (i % 2 * 2 + 1) * bytes };
		const struct listed before = { bits + (i + 1) % 2 * 2 * bytes, bits + ((i + 1) % 2 * 2 + 1) * bytes };

		memset(own.seen, 0, 2 * bytes);
		rc = check_section(x, i, &own, &before, err);
	}
	free(bits);
	return rc;
}
