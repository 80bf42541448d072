/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_ATTACK_H
#define SUPPORT_ATTACK_H

/*
 * Signed documents and what attackers make of them: every object is text that a test may replace, signatures are made
 * for whatever text there is, and a verdict is asked for in this process. Everything in here ends the program when it
 * cannot do what it is asked.
 */

#include "support/ca.h"
#include "support/cms_forge.h"
#include "support/pdf_text.h"
#include "verify/judge.h"
#include "verify/status.h"

#include <stdbool.h>

/* In an object's text: room for the numbers of /ByteRange with their brackets, and for /Contents with its. Of several
 * in one file the last is signed. */
#define ATTACK_RANGE "************************************************"
#define ATTACK_CONTENTS "@"

#define ATTACK_SIGNATURE(more) \
	"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange " ATTACK_RANGE \
	" /Contents " ATTACK_CONTENTS " " more " >>"
#define ATTACK_FIELD(name, more) \
	"<< /Type /Annot /Subtype /Widget /FT /Sig /T (" name ") /F 132 /Rect [0 0 0 0] /P 3 0 R " more " >>"

/* An object's number and text; a list of them ends with number 0. */
struct attack_part {
	uint32_t number;
	const char *text;
};

#define ATTACK_OBJECTS 64u
#define ATTACK_PARTS 8u

/* The texts of one revision, by object number; NULL for none. */
struct attack_paper {
	const char *text[ATTACK_OBJECTS];
	const char *trailer;
};

/* A document of two pages that Sig1 (10, 11) signs: catalogue 1, pages 2, 3 and 6, content 4, form 5, resources 7,
 * information 8, content 9. */
extern const struct attack_paper attack_document;
/* A second signature, Sig2 (20, 21), and nothing else. */
extern const struct attack_paper attack_second;

struct attack_paper attack_with(const struct attack_paper *paper, const struct attack_part *parts);
#define ATTACK_PARTS_OF(...) ((const struct attack_part[]){ __VA_ARGS__, { 0, NULL } })

/* The authority, the signer and the anchors that trust them. */
int attack_setup(void **state);
int attack_teardown(void **state);
struct pki_anchors *attack_anchors(void);
/* Trusts one more. */
void attack_trust(const X509 *cert);

/* How a signature is put in. */
struct attack_seal {
	/* What /ByteRange says: A, B and C stand for its three numbers, a for A + 2. NULL: "[0 A B C]". */
	const char *range;
	/* NULL: a good one. The document's bytes, without the hole. */
	void (*message)(struct buffer *der, const uint8_t *document, size_t len);
	size_t shorter; /* how many digits fewer /Contents has; as many blanks follow it */
	uint64_t end;   /* of what is covered; 0: of the file */
};

void attack_objects(struct pdftext *t, const struct attack_paper *paper);
void attack_object(struct pdftext *t, uint32_t number, const char *text);
/* Signs what was written so far. Does nothing when there is no room for a signature. */
void attack_sign(struct pdftext *t);
void attack_sign_as(struct pdftext *t, const struct attack_seal *seal);
/* Objects, table and signature. */
void attack_revision(struct pdftext *t, const struct attack_paper *paper);
/* A good message over the digest of bytes. */
void attack_message(struct buffer *der, const uint8_t *document, size_t len);

/* Where text stands last before the end; ends the program when it does not. */
size_t attack_find(const struct pdftext *t, const char *text);
/* Writes over what stands there last, as long as it is. */
void attack_overwrite(struct pdftext *t, const char *text, const char *by);

struct attack_verdict {
	enum be_err error; /* of the document */
	enum verify_result result;
	uint32_t warnings;
	size_t count;
	struct verify_signature *signatures; /* owned */
};

void attack_judge(struct attack_verdict *out, const uint8_t *bytes, size_t len);
void attack_verdict_free(struct attack_verdict *verdict);
/* The result alone. */
enum verify_result attack_result(const struct pdftext *t);

/* Both print what is wrong, so that one run of a table shows every row that fails, and free the file. Passed: every
 * signature, count of them, the first with that modification. Refused: the file is not passed, nor without a signature,
 * and Sig1, where its own gates let it through, because of what came later. */
bool attack_passed(struct pdftext *t, const char *what, size_t count, enum facts_modification modification);
bool attack_refused(struct pdftext *t, const char *what);

#endif
