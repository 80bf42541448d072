/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef VERIFY_JUDGE_H
#define VERIFY_JUDGE_H

/*
 * From a document's bytes to facts: what besign-judge does in its box. Looks at everything that is untrusted and
 * decides nothing.
 */

#include "pki/anchors.h"
#include "verify/facts.h"

struct judge_request {
	int64_t at;                  /* the validation time */
	uint32_t docmdp;             /* tests only, see struct verify_options */
	struct pki_anchors *anchors; /* owned once decoded */
};

struct judge_answer {
	struct facts_document document;
	struct facts_signature *signatures; /* document.count; owned */
};

/* fd is the document, len its size. What is wrong with the document is part of the answer; only memory is an error. */
enum be_err judge_document(
	struct judge_answer *out, int fd, uint64_t len, const struct judge_request *request, struct be_error *err);
void judge_answer_free(struct judge_answer *answer);

/* ---- both as messages (box) ---- */

#define JUDGE_REQUEST_MAX (8u << 20)
#define JUDGE_ANSWER_MAX (4u << 20)

enum be_err judge_request_encode(struct buffer *out, const struct judge_request *request, struct be_error *err);
/* BE_MALFORMED for anything but what encode gives. */
enum be_err judge_request_decode(struct judge_request *out, const uint8_t *bytes, size_t len, struct be_error *err);

enum be_err judge_answer_encode(struct buffer *out, const struct judge_answer *answer, struct be_error *err);
/* Every enum within its range, every string ended within its array, every bool 0 or 1, else BE_MALFORMED: the helper is
 * not trusted. */
enum be_err judge_answer_decode(struct judge_answer *out, const uint8_t *bytes, size_t len, struct be_error *err);

#endif
