/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_PDF_TEXT_H
#define SUPPORT_PDF_TEXT_H

/*
 * PDF files for tests, put together from the text of their objects: offsets, lengths, tables and streams of the
 * cross-reference data come out right by themselves, and pdftext_raw makes whatever has to be wrong. A revision is its
 * objects and one of the endings; more objects and another ending make an incremental update. Everything in here ends
 * the program when it cannot do what it is asked.
 */

#include "base/buffer.h"
#include "pdf/doc.h"

struct pdftext_entry {
	uint32_t number;
	uint32_t kind; /* enum pdf_entry_kind */
	uint32_t generation;
	uint64_t offset;
};

struct pdftext {
	struct buffer bytes;           /* the file so far; owned */
	struct pdftext_entry *entries; /* of the revision being written; owned */
	size_t count, cap;
	uint32_t size;               /* one past the highest number of all revisions */
	uint64_t startxref;          /* of the last ending; 0 before the first: the next one has no /Prev */
	struct buffer heads, bodies; /* of the object stream being filled */
	uint32_t *packed;
	size_t packed_count;
};

/* With the header line. */
void pdftext_begin(struct pdftext *t);
void pdftext_free(struct pdftext *t);
struct pdf_bytes pdftext_bytes(const struct pdftext *t);

/* Anything at all. */
void pdftext_raw(struct pdftext *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Lists a number; pdftext_object and the others do it for what they write. */
void pdftext_list(struct pdftext *t, uint32_t number, enum pdf_entry_kind kind, uint64_t offset, uint32_t generation);
/* The entry of a number in the revision being written, to make it wrong. */
struct pdftext_entry *pdftext_entry(struct pdftext *t, uint32_t number);

void pdftext_object(struct pdftext *t, uint32_t number, const char *body);
void pdftext_object_of(struct pdftext *t, uint32_t number, uint32_t generation, const char *body);
void pdftext_freed(struct pdftext *t, uint32_t number, uint32_t generation);
/* keys: what the dictionary says besides /Length. */
void pdftext_stream(struct pdftext *t, uint32_t number, const char *keys, const void *data, size_t len);
/* An object of the next object stream, and that stream, which gets all such since the last one. */
void pdftext_pack(struct pdftext *t, uint32_t number, const char *body);
void pdftext_packed(struct pdftext *t, uint32_t stream);

/* Endings. keys: what the trailer says besides /Size and /Prev. */
void pdftext_table(struct pdftext *t, const char *keys);
void pdftext_xref_stream(struct pdftext *t, uint32_t number, const char *keys);
/* A table that calls packed objects free, and an /XRefStm that knows where they are. */
void pdftext_hybrid(struct pdftext *t, uint32_t number, const char *keys);
/* Parts of them: the table without its trailer, and the last three lines. */
void pdftext_table_only(struct pdftext *t);
void pdftext_tail(struct pdftext *t, uint64_t startxref);

/* Objects 1 (catalogue), 2 (page tree) and 3 (its page), with more keys for the first and the last. */
void pdftext_basics(struct pdftext *t, const char *catalogue_keys, const char *page_keys);

/* Opens what was written, which has to stay as it is; ends the program when that fails. */
struct pdf_doc *pdftext_open(const struct pdftext *t);

#endif
