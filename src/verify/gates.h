/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_GATES_H
#define VERIFY_GATES_H

/*
 * The structural gates that a signature has to pass before its message is looked at: what it covers is said properly,
 * what it leaves out is exactly itself, and what it covers is a whole revision that stands on its own as a file, with
 * this very signature in it. ISO 32000-2, 12.8.1; ETSI EN 319 142-1, 5.
 */

#include "verify/find.h"

struct gated {
	struct pdf_doc *doc;        /* the whole file; borrowed */
	struct pdf_doc *signed_doc; /* what was signed, as a file of its own; owned, NULL when no revision was found */
	size_t revision;            /* of doc: the one that was signed */
	const struct pdf_obj *contents; /* the /Contents string; NULL before its gate is passed */
};

/* Fills gate, gate_detail, coverage, byte_range, end, type, subfilter, docmdp, claimed_time and the texts of facts.
 * Only memory is an error. */
enum be_err verify_gates(struct gated *out, struct pdf_doc *doc, const struct found_signature *signature,
	struct facts_signature *facts, struct be_error *err);
void verify_gated_free(struct gated *gated);

#endif
