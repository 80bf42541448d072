/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_CHANGES_H
#define VERIFY_CHANGES_H

/*
 * Which objects one revision changed, and whether its bytes are what its cross-reference section says and nothing else.
 * Judges no meaning: that is verify/step.c. ISO 32000-2, 7.5.6.
 */

#include "pdf/doc.h"

struct change {
	uint32_t number;
	bool is_new;        /* the older revision has no such object */
	bool in_stream;     /* it came in an object stream of this revision */
	uint32_t container; /* that stream's number */
	bool explained;     /* set by whoever finds it allowed */
};

struct changes {
	struct change *items; /* owned */
	size_t count;
};

/* Why a revision cannot be judged at all; "" when it can. */
#define CHANGES_DETAIL_MAX 160u

/* Of revision r against r + 1. detail is filled when the revision breaks a rule that no signer's software breaks: an
 * object freed, a generation changed, bytes that no entry accounts for, an entry that leads outside the revision. Only
 * memory is an error. */
enum be_err verify_changes(struct changes *out, struct pdf_doc *doc, size_t r, char detail[static CHANGES_DETAIL_MAX],
	struct be_error *err);
void verify_changes_free(struct changes *changes);

struct change *verify_change_of(const struct changes *changes, uint32_t number);

#endif
