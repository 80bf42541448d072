/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_VERIFY_TEXT_H
#define APP_VERIFY_TEXT_H

/*
 * A report for people: which words a verdict has, and which facts are told in which order. A command and a screen show
 * the same lines; how they look is theirs. Sentences of ours are msgids, to be translated where they are shown.
 *
 * Nothing that stands in a document or a certificate can ever be on the line of a verdict: what tells one takes no
 * text but ours, and text of others comes only as the value of a fact.
 */

#include "verify/verify.h"

enum verify_text_mood { VERIFY_TEXT_PLAIN, VERIFY_TEXT_GOOD, VERIFY_TEXT_BAD, VERIFY_TEXT_UNSURE };

struct verify_text_verdict {
	const char *text; /* msgid: "VALID" */
	enum verify_text_mood mood;
};

enum verify_text_kind {
	VERIFY_TEXT_SENTENCE, /* ours: a msgid */
	VERIFY_TEXT_FOREIGN,  /* a name, a path: harmless already, to be shown in quotes */
	VERIFY_TEXT_FIGURES   /* a moment, a fingerprint: harmless, the same in every language */
};

struct verify_text_value {
	enum verify_text_kind kind;
	const char *text;   /* borrowed during the call */
	const char *remark; /* msgid, to be shown after the text; NULL without one */
};

/* Who shows the lines. Called in the order in which they are to be read. */
struct verify_text_teller {
	void *context;
	/* Of the whole document; first. */
	void (*verdict)(void *context, const struct verify_text_verdict *verdict);
	/* Before the facts of signature number (from 1) of count: "Signature 1/2: VALID". */
	void (*heading)(void *context, const char *type_msgid, size_t number, size_t count,
		const struct verify_text_verdict *verdict);
	/* Of the document before the first heading, of that signature after it. The title is a msgid. */
	void (*fact)(void *context, const char *title, const struct verify_text_value *value);
};

void verify_text_tell(const struct verify_report *report, const char *path, const struct verify_text_teller *teller);

/* What a list of documents has room for. */
struct verify_text_summary {
	struct verify_text_verdict verdict;
	const char *why; /* msgid: the first reason of the worst signature, or the error; NULL when all is well */
	size_t signatures;
	size_t passed;
	size_t unsure;
	size_t failed;
};

void verify_text_summarise(struct verify_text_summary *out, const struct verify_report *report);

#endif
