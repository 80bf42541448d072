/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_XREF_H
#define PDF_XREF_H

/*
 * Cross-reference sections of a PDF file, newest first, as the file has them: nothing is merged, nothing rebuilt. Knows
 * bytes and offsets. Knows no objects but trailers, no signatures, no policy: what is odd is noted, and what an oddity
 * means is for the caller to judge. ISO 32000-2, 7.5.4 (tables), 7.5.8 (streams), 7.5.8.4 (hybrid-reference files),
 * Annex F (linearized files).
 */

#include "pdf/bytes.h"
#include "pdf/object.h"

#define PDF_SECTIONS_MAX 1000u
#define PDF_OBJECT_NUMBER_MAX 8388607u /* Annex C.2: 2^23 - 1 */

enum pdf_entry_kind { PDF_ENTRY_FREE, PDF_ENTRY_AT_OFFSET, PDF_ENTRY_IN_STREAM };

struct pdf_entry {
	uint32_t kind;       /* enum pdf_entry_kind */
	uint32_t generation; /* IN_STREAM: the index inside the object stream */
	uint64_t offset; /* AT_OFFSET: from the first byte of the file; IN_STREAM: the number of the object stream */
};

/* Honest files have some of these; a verifier refuses those that let readers differ. */
#define PDF_ODD_ENTRY_FORM 0x001u   /* table entries that are not twenty bytes of the right form */
#define PDF_ODD_SIZE 0x002u         /* an entry for an object beyond /Size */
#define PDF_ODD_TAIL 0x004u         /* bytes after the last %%EOF that are more than one end of line */
#define PDF_ODD_HEADER 0x008u       /* %PDF- is not the first thing in the file */
#define PDF_ODD_PREV_ORDER 0x010u   /* /Prev leads forward, outside a linearized file's head */
#define PDF_ODD_DUPLICATE 0x020u    /* one section lists an object twice */
#define PDF_ODD_HYBRID 0x040u       /* /XRefStm and the table it belongs to define an object in two ways */
#define PDF_ODD_PLACE 0x080u        /* a section does not stand exactly where it is said to */
#define PDF_ODD_SIZE_SHRINKS 0x100u /* /Size is smaller than an older section's */
#define PDF_ODD_TRAILER_KEYS 0x200u /* a trailer says something twice */
#define PDF_ODD_PREV_ZERO 0x400u    /* /Prev 0 */
#define PDF_ODD_STARTXREF 0x800u    /* the last startxref misses its section by a few bytes */

struct pdf_subsection {
	uint32_t first;
	uint32_t count;
	uint64_t at; /* TABLE: of its first entry in the file. STREAM: of its first record in the decoded data */
	const uint64_t *places; /* TABLE with entries of other widths: where each stands; NULL: all are twenty bytes */
};

enum pdf_section_kind { PDF_SECTION_TABLE, PDF_SECTION_STREAM };

struct pdf_section {
	uint32_t kind; /* enum pdf_section_kind */
	bool has_prev;
	bool is_hybrid_part;  /* the /XRefStm of the section before it in the list */
	bool has_hybrid_part; /* the next section in the list is its /XRefStm */
	uint64_t at;          /* of the word xref, or of the stream's object header */
	uint64_t said;        /* where startxref or /Prev said that it stands */
	uint64_t end;         /* behind the trailer dictionary, or behind endobj */
	uint64_t prev;
	uint32_t number; /* STREAM: its own object number */
	uint32_t generation;
	uint32_t odd;           /* PDF_ODD_… met in it so far; entries add theirs when they are read */
	uint64_t size;          /* /Size */
	struct pdf_obj trailer; /* the trailer, or the stream with its dictionary */
	const struct pdf_subsection *subsections;
	uint32_t subsection_count;
	bool sorted; /* the subsections stand in order and do not overlap */
	/* STREAM */
	struct buffer records; /* decoded on first use */
	bool decoded;
	uint32_t width[3];
};

/* What a writer appended at once: one section, with its /XRefStm, or both sections of a linearized file. */
struct pdf_revision {
	size_t section; /* the first to look in, as of this revision */
	uint64_t end; /* behind its %%EOF; up to one end of line may follow that belongs to it; 0 when it was not found
			 there */
};

struct pdf_xref {
	struct pdf_bytes file;        /* borrowed */
	struct pdf_arena *arena;      /* borrowed */
	struct pdf_section *sections; /* newest first; owned */
	size_t section_count;
	struct pdf_revision *revisions; /* newest first; owned */
	size_t revision_count;
	uint64_t startxref; /* the number that the file ends with */
	uint32_t odd;       /* PDF_ODD_… of the file as a whole: its header, its tail, its startxref */
	bool linearized;
	size_t decoded; /* bytes of all sections' records */
};

/* Reads the chain from the last startxref. File and arena are borrowed and must outlive the result. Costs the trailers;
 * the entries of a table stay unread until asked for. BE_NOT_A_PDF, BE_DAMAGED (the chain cannot be followed),
 * BE_LIMIT, BE_NO_MEMORY. */
enum be_err pdf_xref_open(struct pdf_xref **out, struct pdf_bytes file, struct pdf_arena *arena, struct be_error *err);
void pdf_xref_free(struct pdf_xref **xref);

/* The entry of an object as of a revision (0 is the newest). BE_NOT_FOUND when no section names it. */
enum be_err pdf_xref_lookup(
	struct pdf_xref *xref, size_t revision, uint32_t number, struct pdf_entry *out, struct be_error *err);

/* The entry in one section alone (a hybrid part is a section of its own). BE_NOT_FOUND when it does not name the
 * object. */
enum be_err pdf_xref_section_entry(
	struct pdf_xref *xref, size_t section, uint32_t number, struct pdf_entry *out, struct be_error *err);

/* One past the highest object number that any section names, at least /Size: the first free number for new objects. */
uint64_t pdf_xref_next_number(const struct pdf_xref *xref);

/* All oddities met so far: of the file and of every section; of one revision's sections alone. */
uint32_t pdf_xref_odd(const struct pdf_xref *xref);
uint32_t pdf_xref_revision_odd(const struct pdf_xref *xref, size_t revision);

/* Looks at all entries of the sections of one revision, so that their oddities are complete (duplicates, hybrid
 * parts, form). */
enum be_err pdf_xref_check_revision(struct pdf_xref *xref, size_t revision, struct be_error *err);

#endif
