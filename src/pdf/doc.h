/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PDF_DOC_H
#define PDF_DOC_H

/*
 * A document: objects found through the cross-reference data, as of any of its revisions. Lazy: an object is parsed
 * when it is asked for and not before, so a file of a million objects costs what is looked at. Knows no signatures and
 * no policy. ISO 32000-2, 7.3.10, 7.5.7.
 */

#include "pdf/xref.h"

#define PDF_DECODED_MAX (256u << 20) /* bytes of decoded object streams, all together */
#define PDF_ARENA_MAX ((size_t)512 << 20)

struct pdf_doc;

/* The bytes are borrowed and must outlive the document. BE_NOT_A_PDF, BE_DAMAGED, BE_LIMIT, BE_NO_MEMORY. An encrypted
 * document opens: pdf_doc_encrypted. */
enum be_err pdf_doc_open(struct pdf_doc **out, struct pdf_bytes file, struct be_error *err);
void pdf_doc_free(struct pdf_doc **doc);

struct pdf_bytes pdf_doc_file(const struct pdf_doc *doc);
struct pdf_xref *pdf_doc_xref(struct pdf_doc *doc);   /* borrowed */
struct pdf_arena *pdf_doc_arena(struct pdf_doc *doc); /* borrowed; for objects parsed on the caller's own account */
bool pdf_doc_encrypted(const struct pdf_doc *doc);
/* The trailer dictionary of a revision (0 is the newest). */
const struct pdf_obj *pdf_doc_trailer(const struct pdf_doc *doc, size_t revision);
/* How many objects were parsed so far. */
size_t pdf_doc_parsed(const struct pdf_doc *doc);

/* An object as of a revision; one that is free or that nobody defines is null (7.3.10). Borrowed from the document,
 * never NULL on BE_OK. BE_DAMAGED when something else stands where it should be. */
enum be_err pdf_doc_object(
	struct pdf_doc *doc, size_t revision, uint32_t number, const struct pdf_obj **out, struct be_error *err);

/* A value that may be a reference (NULL is null). */
enum be_err pdf_doc_resolve(struct pdf_doc *doc, size_t revision, const struct pdf_obj *value,
	const struct pdf_obj **out, struct be_error *err);
/* A key's value, resolved: null when it is not there. */
enum be_err pdf_doc_get(struct pdf_doc *doc, size_t revision, const struct pdf_obj *dict, const char *key,
	const struct pdf_obj **out, struct be_error *err);

/* The catalogue (7.7.2). BE_DAMAGED when it is no dictionary. */
enum be_err pdf_doc_catalogue(struct pdf_doc *doc, size_t revision, const struct pdf_obj **out, struct be_error *err);

/* A stream's data as it stands in the file. BE_DAMAGED when /Length does not lead to endstream. */
enum be_err pdf_doc_stream_data(struct pdf_doc *doc, size_t revision, const struct pdf_obj *stream,
	const uint8_t **data, size_t *len, struct be_error *err);

/* Where an object that the file holds uncompressed stands as of a revision: from its number to behind endobj.
 * BE_NOT_FOUND for any other. */
enum be_err pdf_doc_extent(
	struct pdf_doc *doc, size_t revision, uint32_t number, uint64_t *start, uint64_t *end, struct be_error *err);

/* The place of an object's text in the file; false when it comes out of an object stream. */
bool pdf_doc_offset(const struct pdf_doc *doc, const struct pdf_obj *obj, uint64_t *out);

#endif
