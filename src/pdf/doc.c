/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/doc.h"

#include "pdf/object_stream.h"
#include "pdf/xref_section.h"

#include <stdlib.h>
#include <string.h>

#define REFERENCE_CHAIN_MAX 16u

/* A parsed object, known by its place in the file: revisions that share a body share the result. */
struct known {
	uint64_t at;    /* the file offset of the object, or of the object stream that holds it */
	uint32_t index; /* inside the object stream; UINT32_MAX for an object of its own */
	uint32_t number;
	uint32_t generation;
	uint64_t end; /* an object of its own: behind endobj, once somebody asked; else 0 */
	struct pdf_obj obj;
};

struct pdf_doc {
	struct pdf_bytes file;
	struct pdf_arena *arena;
	struct pdf_xref *xref;
	struct known **table; /* open addressing, a power of two; the entries live in the arena */
	size_t table_size;
	size_t known_count;
	struct pdf_object_stream **streams; /* owned */
	size_t stream_count;
	size_t decoded;
	bool opening; /* an object stream is being opened: what it needs must not lie in one */
	size_t parsed;
};

static const struct pdf_obj null_object = { .type = PDF_NULL, .text = (const uint8_t *)"null", .size = 4 };

static enum be_err damaged(struct be_error *err, const char *what, uint32_t number)
{
	return be_fail(err, BE_DAMAGED, N_("The document is damaged; open it in its program and save it again"),
		"object %u: %s", number, what);
}

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

/* ---- the table of known objects ---- */

static size_t slot_of(const struct pdf_doc *doc, uint64_t at, uint32_t index)
{
	uint64_t h = (at ^ (uint64_t)index << 40) * 0x9E3779B97F4A7C15u;
	size_t slot = (size_t)(h >> 32) & (doc->table_size - 1);

	while (doc->table[slot] != NULL && (doc->table[slot]->at != at || doc->table[slot]->index != index))
		slot = (slot + 1) & (doc->table_size - 1);
	return slot;
}

static enum be_err grow_table(struct pdf_doc *doc, struct be_error *err)
{
	struct known **old = doc->table;
	size_t old_size = doc->table_size;
	size_t size = old_size != 0 ? old_size * 2 : 256;

	doc->table = calloc(size, sizeof(*doc->table));
	if (doc->table == NULL) {
		doc->table = old;
		return no_memory(err);
	}
	doc->table_size = size;
	for (size_t i = 0; i < old_size; i++) {
		if (old[i] != NULL)
			doc->table[slot_of(doc, old[i]->at, old[i]->index)] = old[i];
	}
	free(old);
	return BE_OK;
}

static enum be_err remember(struct pdf_doc *doc, uint64_t at, uint32_t index, struct known **out, struct be_error *err)
{
	struct known *k;
	enum be_err rc;

	if (2 * (doc->known_count + 1) > doc->table_size) {
		rc = grow_table(doc, err);
		if (rc != BE_OK)
			return rc;
	}
	k = pdf_arena_take(doc->arena, sizeof(*k));
	if (k == NULL)
		return be_fail(err, BE_LIMIT, N_("The document has more objects than can be looked at"), NULL);
	memset(k, 0, sizeof(*k));
	k->at = at;
	k->index = index;
	doc->table[slot_of(doc, at, index)] = k;
	doc->known_count++;
	*out = k;
	return BE_OK;
}

static struct known *recall(const struct pdf_doc *doc, uint64_t at, uint32_t index)
{
	return doc->table_size != 0 ? doc->table[slot_of(doc, at, index)] : NULL;
}

/* ---- objects of their own ---- */

/* "N G obj", with the numbers the cross-reference data promised (7.3.10). */
static bool read_head(struct pdf_cursor *c, uint32_t number, uint32_t generation)
{
	uint64_t n;
	uint64_t g;

	if (!pdf_read_number(c, &n) || n != number)
		return false;
	pdf_skip_space(c);
	if (!pdf_read_number(c, &g) || g != generation)
		return false;
	pdf_skip_space(c);
	return pdf_skip_keyword(c, "obj");
}

/* The value, and the place of stream data when some follows. */
static enum be_err parse_body(
	struct pdf_doc *doc, struct pdf_cursor *c, uint32_t number, struct pdf_obj *out, struct be_error *err)
{
	struct pdf_cursor ahead;
	enum be_err rc;

	pdf_skip_space(c);
	ahead = *c;
	if (pdf_skip_keyword(&ahead, "endobj")) { /* an object without a value is null */
		*out = null_object;
		return BE_OK;
	}
	rc = pdf_parse(c, doc->arena, out, err);
	if (rc == BE_MALFORMED)
		return damaged(err, "it cannot be read", number);
	if (rc != BE_OK || out->type != PDF_DICT)
		return rc;
	ahead = *c;
	pdf_skip_space(&ahead);
	if (!pdf_skip_keyword(&ahead, "stream"))
		return BE_OK;
	if (ahead.at < ahead.end && *ahead.at == '\r')
		ahead.at++;
	if (ahead.at < ahead.end && *ahead.at == '\n')
		ahead.at++;
	out->type = PDF_STREAM;
	out->data = ahead.at;
	return BE_OK;
}

static enum be_err load_at_offset(
	struct pdf_doc *doc, uint32_t number, const struct pdf_entry *entry, struct known **out, struct be_error *err)
{
	struct pdf_cursor c = { doc->file.data, doc->file.data, doc->file.data + doc->file.len };
	struct known *k = recall(doc, entry->offset, UINT32_MAX);
	struct pdf_obj obj;
	enum be_err rc;

	if (k != NULL && k->number == number && k->generation == entry->generation) {
		*out = k;
		return BE_OK;
	}
	/* Two numbers for one body is how the shadow attacks show one thing and sign another. */
	if (k != NULL || entry->offset >= doc->file.len)
		return damaged(err, "it is not where the cross-reference data says", number);
	c.at += entry->offset;
	pdf_skip_blank(&c);
	if (!read_head(&c, number, entry->generation))
		return damaged(err, "it is not where the cross-reference data says", number);
	rc = parse_body(doc, &c, number, &obj, err);
	if (rc == BE_OK)
		rc = remember(doc, entry->offset, UINT32_MAX, &k, err);
	if (rc != BE_OK)
		return rc;
	doc->parsed++;
	k->number = number;
	k->generation = entry->generation;
	k->obj = obj;
	*out = k;
	return BE_OK;
}

/* The same, when it belongs to the revision. */
static enum be_err load_own(struct pdf_doc *doc, size_t revision, uint32_t number, const struct pdf_entry *entry,
	struct known **out, struct be_error *err)
{
	uint64_t end = doc->xref->revisions[revision].end;

	if (end != 0 && entry->offset >= end)
		return damaged(err, "it lies in a later revision", number);
	return load_at_offset(doc, number, entry, out, err);
}

/* ---- objects in object streams ---- */

static enum be_err open_stream(
	struct pdf_doc *doc, size_t revision, uint64_t number, struct pdf_object_stream **out, struct be_error *err)
{
	struct pdf_object_stream *s = NULL;
	struct pdf_object_stream **grown;
	struct pdf_entry entry;
	struct known *holder;
	const uint8_t *data;
	size_t len;
	enum be_err rc;

	if (number > PDF_OBJECT_NUMBER_MAX)
		return damaged(err, "an object stream that does not exist", 0);
	if (doc->opening) /* 7.5.7: its /Length lies in no object stream, least of all in itself */
		return damaged(err, "an object stream that needs another", (uint32_t)number);
	rc = pdf_xref_lookup(doc->xref, revision, (uint32_t)number, &entry, err);
	if (rc == BE_NOT_FOUND || (rc == BE_OK && entry.kind != PDF_ENTRY_AT_OFFSET))
		return damaged(err, "an object stream that does not exist", (uint32_t)number);
	if (rc == BE_OK)
		rc = load_own(doc, revision, (uint32_t)number, &entry, &holder, err);
	if (rc != BE_OK)
		return rc;
	for (size_t i = 0; i < doc->stream_count; i++) {
		if (doc->streams[i]->at == entry.offset) {
			*out = doc->streams[i];
			return BE_OK;
		}
	}
	doc->opening = true;
	rc = pdf_doc_stream_data(doc, revision, &holder->obj, &data, &len, err);
	doc->opening = false;
	if (rc != BE_OK)
		return rc;
	grown = reallocarray(doc->streams, doc->stream_count + 1, sizeof(struct pdf_object_stream *));
	if (grown == NULL)
		return no_memory(err);
	doc->streams = grown;
	s = calloc(1, sizeof(*s));
	if (s == NULL)
		return no_memory(err);
	s->at = entry.offset;
	rc = pdf_object_stream_open(s, &holder->obj, data, len, PDF_DECODED_MAX - doc->decoded, err);
	if (rc != BE_OK) {
		pdf_object_stream_close(s);
		free(s);
		return rc;
	}
	doc->decoded += s->bytes.len;
	doc->streams[doc->stream_count++] = s;
	*out = s;
	return BE_OK;
}

static enum be_err load_in_stream(struct pdf_doc *doc, size_t revision, uint32_t number, const struct pdf_entry *entry,
	const struct pdf_obj **out, struct be_error *err)
{
	struct pdf_object_stream *s = NULL;
	struct known *k;
	struct pdf_obj obj;
	enum be_err rc = open_stream(doc, revision, entry->offset, &s, err);

	if (rc != BE_OK)
		return rc;
	if (entry->generation == UINT32_MAX) /* what an object of its own is remembered by */
		return damaged(err, "it is not where the cross-reference data says", number);
	k = recall(doc, s->at, entry->generation);
	if (k != NULL && k->number == number) {
		*out = &k->obj;
		return BE_OK;
	}
	rc = pdf_object_stream_get(s, entry->generation, number, doc->arena, &obj, err);
	if (rc == BE_OK)
		rc = remember(doc, s->at, entry->generation, &k, err);
	if (rc != BE_OK)
		return rc;
	doc->parsed++;
	k->number = number;
	k->obj = obj;
	*out = &k->obj;
	return BE_OK;
}

/* ---- what callers see ---- */

enum be_err pdf_doc_open(struct pdf_doc **out, struct pdf_bytes file, struct be_error *err)
{
	struct pdf_doc *doc = calloc(1, sizeof(*doc));
	enum be_err rc;

	*out = NULL;
	if (doc == NULL)
		return no_memory(err);
	doc->file = file;
	rc = pdf_arena_new(&doc->arena, PDF_ARENA_MAX, err);
	if (rc == BE_OK)
		rc = pdf_xref_open(&doc->xref, file, doc->arena, err);
	if (rc != BE_OK)
		pdf_doc_free(&doc);
	*out = doc;
	return rc;
}

void pdf_doc_free(struct pdf_doc **doc)
{
	if (*doc == NULL)
		return;
	for (size_t i = 0; i < (*doc)->stream_count; i++) {
		pdf_object_stream_close((*doc)->streams[i]);
		free((*doc)->streams[i]);
	}
	free((*doc)->streams);
	free((*doc)->table);
	pdf_xref_free(&(*doc)->xref);
	pdf_arena_free(&(*doc)->arena);
	free(*doc);
	*doc = NULL;
}

struct pdf_bytes pdf_doc_file(const struct pdf_doc *doc)
{
	return doc->file;
}

struct pdf_xref *pdf_doc_xref(struct pdf_doc *doc)
{
	return doc->xref;
}

struct pdf_arena *pdf_doc_arena(struct pdf_doc *doc)
{
	return doc->arena;
}

const struct pdf_obj *pdf_doc_trailer(const struct pdf_doc *doc, size_t revision)
{
	return &doc->xref->sections[doc->xref->revisions[revision].section].trailer;
}

bool pdf_doc_encrypted(const struct pdf_doc *doc)
{
	for (size_t i = 0; i < doc->xref->section_count; i++) {
		if (pdf_get(&doc->xref->sections[i].trailer, "Encrypt") != NULL)
			return true;
	}
	return false;
}

size_t pdf_doc_parsed(const struct pdf_doc *doc)
{
	return doc->parsed;
}

static enum be_err load(struct pdf_doc *doc, size_t revision, uint32_t number, const struct pdf_entry *entry,
	const struct pdf_obj **out, struct be_error *err)
{
	struct known *k;
	enum be_err rc;

	if (entry->kind == PDF_ENTRY_IN_STREAM)
		return load_in_stream(doc, revision, number, entry, out, err);
	rc = load_own(doc, revision, number, entry, &k, err);
	if (rc == BE_OK)
		*out = &k->obj;
	return rc;
}

enum be_err pdf_doc_object(
	struct pdf_doc *doc, size_t revision, uint32_t number, const struct pdf_obj **out, struct be_error *err)
{
	struct pdf_entry entry;
	enum be_err rc = pdf_xref_lookup(doc->xref, revision, number, &entry, err);

	*out = &null_object;
	if (rc == BE_NOT_FOUND || (rc == BE_OK && entry.kind == PDF_ENTRY_FREE))
		return BE_OK;
	return rc == BE_OK ? load(doc, revision, number, &entry, out, err) : rc;
}

/* A reference names its object's generation too; one that names another leads to nothing (7.3.10). */
static enum be_err follow(struct pdf_doc *doc, size_t revision, const struct pdf_obj *ref, const struct pdf_obj **out,
	struct be_error *err)
{
	struct pdf_entry entry;
	enum be_err rc = pdf_xref_lookup(doc->xref, revision, ref->u.ref.number, &entry, err);
	uint32_t generation;

	*out = &null_object;
	if (rc == BE_NOT_FOUND || (rc == BE_OK && entry.kind == PDF_ENTRY_FREE))
		return BE_OK;
	if (rc != BE_OK)
		return rc;
	generation = entry.kind == PDF_ENTRY_IN_STREAM ? 0 : entry.generation;
	if (ref->u.ref.generation != generation)
		return BE_OK;
	return load(doc, revision, ref->u.ref.number, &entry, out, err);
}

enum be_err pdf_doc_resolve(struct pdf_doc *doc, size_t revision, const struct pdf_obj *value,
	const struct pdf_obj **out, struct be_error *err)
{
	*out = value != NULL ? value : &null_object;
	for (unsigned i = 0; (*out)->type == PDF_REF; i++) {
		enum be_err rc;

		if (i == REFERENCE_CHAIN_MAX)
			return damaged(err, "references that lead in a circle", (*out)->u.ref.number);
		rc = follow(doc, revision, *out, out, err);
		if (rc != BE_OK)
			return rc;
	}
	return BE_OK;
}

enum be_err pdf_doc_get(struct pdf_doc *doc, size_t revision, const struct pdf_obj *dict, const char *key,
	const struct pdf_obj **out, struct be_error *err)
{
	return pdf_doc_resolve(doc, revision, pdf_get(dict, key), out, err);
}

enum be_err pdf_doc_catalogue(struct pdf_doc *doc, size_t revision, const struct pdf_obj **out, struct be_error *err)
{
	enum be_err rc = pdf_doc_get(doc, revision, pdf_doc_trailer(doc, revision), "Root", out, err);

	if (rc == BE_OK && (*out)->type != PDF_DICT)
		return be_fail(err, BE_DAMAGED, N_("The document is damaged; open it in its program and save it again"),
			"no catalogue");
	return rc;
}

enum be_err pdf_doc_stream_data(struct pdf_doc *doc, size_t revision, const struct pdf_obj *stream,
	const uint8_t **data, size_t *len, struct be_error *err)
{
	const struct pdf_obj *length;
	struct pdf_cursor c;
	enum be_err rc;

	if (!pdf_is(stream, PDF_STREAM))
		return damaged(err, "no stream where one should be", 0);
	rc = pdf_doc_get(doc, revision, stream, "Length", &length, err);
	if (rc != BE_OK)
		return rc;
	c = (struct pdf_cursor){ doc->file.data, stream->data, doc->file.data + doc->file.len };
	if (length->type != PDF_INT || length->u.integer < 0 || length->u.integer > c.end - c.at)
		return damaged(err, "a stream with a wrong /Length", 0);
	c.at += length->u.integer;
	pdf_skip_blank(&c);
	if (!pdf_skip_keyword(&c, "endstream"))
		return damaged(err, "a stream with a wrong /Length", 0);
	*data = stream->data;
	*len = (size_t)length->u.integer;
	return BE_OK;
}

static enum be_err find_end(struct pdf_doc *doc, size_t revision, struct known *k, struct be_error *err)
{
	struct pdf_cursor c = { doc->file.data, k->obj.text + k->obj.size, doc->file.data + doc->file.len };
	const uint8_t *data;
	size_t len;
	enum be_err rc;

	if (k->obj.text == null_object.text) { /* an object without a value: its head is all there is */
		c.at = doc->file.data + k->at;
		pdf_skip_blank(&c);
		while (c.at < c.end && !pdf_skip_keyword(&c, "obj"))
			c.at++;
	}
	if (k->obj.type == PDF_STREAM) {
		rc = pdf_doc_stream_data(doc, revision, &k->obj, &data, &len, err);
		if (rc != BE_OK)
			return rc;
		c.at = data + len;
		pdf_skip_blank(&c);
		(void)pdf_skip_keyword(&c, "endstream");
	}
	pdf_skip_space(&c);
	if (!pdf_skip_keyword(&c, "endobj"))
		return damaged(err, "endobj is missing", k->number);
	k->end = (uint64_t)(c.at - c.start);
	return BE_OK;
}

enum be_err pdf_doc_extent(
	struct pdf_doc *doc, size_t revision, uint32_t number, uint64_t *start, uint64_t *end, struct be_error *err)
{
	struct pdf_entry entry;
	struct known *k = NULL;
	enum be_err rc = pdf_xref_lookup(doc->xref, revision, number, &entry, err);

	if (rc == BE_OK && entry.kind != PDF_ENTRY_AT_OFFSET)
		return BE_NOT_FOUND;
	if (rc == BE_OK)
		rc = load_own(doc, revision, number, &entry, &k, err);
	if (rc == BE_OK && k->end == 0)
		rc = find_end(doc, revision, k, err);
	if (rc != BE_OK)
		return rc;
	*start = entry.offset;
	*end = k->end;
	return BE_OK;
}

bool pdf_doc_offset(const struct pdf_doc *doc, const struct pdf_obj *obj, uint64_t *out)
{
	uintptr_t text = (uintptr_t)obj->text;
	uintptr_t first = (uintptr_t)doc->file.data;

	if (text < first || text - first >= doc->file.len)
		return false;
	*out = (uint64_t)(text - first);
	return true;
}
