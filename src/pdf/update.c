/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/update.h"

#include "crypto/digest.h"

#include <stdlib.h>
#include <string.h>

/* One object of the update. */
struct change {
	uint32_t number;
	uint32_t generation;
	const uint8_t *original; /* the text being edited; NULL for a new object */
	size_t original_size;
	struct buffer text; /* a new object's text */
	uint64_t offset;    /* of "N G obj" */
	uint64_t place;     /* of its text */
};

struct edit {
	uint32_t number;
	const uint8_t *at;
	size_t remove;
	struct buffer text;
};

struct pdf_update {
	struct pdf_doc *doc;
	struct change *changes;
	size_t change_count;
	struct edit *edits;
	size_t edit_count;
	uint32_t next; /* the next free object number */
};

static enum be_err no_memory(struct be_error *err)
{
	return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
}

enum be_err pdf_update_new(struct pdf_update **out, struct pdf_doc *doc, struct be_error *err)
{
	*out = NULL;
	if (pdf_doc_xref(doc)->section_count == PDF_SECTIONS_MAX)
		return be_fail(err, BE_LIMIT, N_("The document has too many revisions"), NULL);
	*out = calloc(1, sizeof(**out));
	if (*out == NULL)
		return no_memory(err);
	(*out)->doc = doc;
	(*out)->next = (uint32_t)pdf_xref_next_number(pdf_doc_xref(doc));
	return BE_OK;
}

void pdf_update_free(struct pdf_update **update)
{
	if (*update == NULL)
		return;
	for (size_t i = 0; i < (*update)->change_count; i++)
		buffer_free(&(*update)->changes[i].text);
	for (size_t i = 0; i < (*update)->edit_count; i++)
		buffer_free(&(*update)->edits[i].text);
	free((*update)->changes);
	free((*update)->edits);
	free(*update);
	*update = NULL;
}

void pdf_update_number_from(struct pdf_update *update, uint32_t first)
{
	if (first > update->next)
		update->next = first;
}

enum be_err pdf_update_reserve(struct pdf_update *update, uint32_t *number, struct be_error *err)
{
	if (update->next > PDF_OBJECT_NUMBER_MAX)
		return be_fail(err, BE_LIMIT, N_("The document has no object numbers left for a signature"), NULL);
	*number = update->next++;
	return BE_OK;
}

static struct change *find_change(const struct pdf_update *update, uint32_t number)
{
	for (size_t i = 0; i < update->change_count; i++) {
		if (update->changes[i].number == number)
			return &update->changes[i];
	}
	return NULL;
}

static enum be_err add_change(struct pdf_update *update, const struct change *change, struct be_error *err)
{
	struct change *grown = reallocarray(update->changes, update->change_count + 1, sizeof(*grown));

	if (grown == NULL)
		return no_memory(err);
	update->changes = grown;
	grown[update->change_count++] = *change;
	return BE_OK;
}

enum be_err pdf_update_put(
	struct pdf_update *update, uint32_t number, const void *text, size_t len, struct be_error *err)
{
	struct change change = { .number = number };
	enum be_err rc;

	buffer_add(&change.text, text, len);
	rc = buffer_check(&change.text, err);
	if (rc == BE_OK)
		rc = add_change(update, &change, err);
	if (rc != BE_OK)
		buffer_free(&change.text);
	return rc;
}

static enum be_err not_what_it_should_be(struct be_error *err, uint32_t number)
{
	return be_fail(err, BE_DAMAGED, N_("The document is damaged; open it in its program and save it again"),
		"object %u is not what it should be", number);
}

/* The object is written again, with its present generation and text. */
static enum be_err take_up(struct pdf_update *update, uint32_t number, struct be_error *err)
{
	struct change change = { .number = number };
	const struct pdf_obj *obj;
	struct pdf_entry entry;
	enum be_err rc;

	if (find_change(update, number) != NULL)
		return BE_OK;
	rc = pdf_xref_lookup(pdf_doc_xref(update->doc), 0, number, &entry, err);
	if (rc == BE_OK)
		rc = pdf_doc_object(update->doc, 0, number, &obj, err);
	if (rc == BE_OK && obj->type == PDF_STREAM)
		rc = BE_NOT_FOUND;
	if (rc != BE_OK)
		return rc == BE_NOT_FOUND ? not_what_it_should_be(err, number) : rc;
	change.generation = entry.kind == PDF_ENTRY_AT_OFFSET ? entry.generation : 0;
	change.original = obj->text;
	change.original_size = obj->size;
	return add_change(update, &change, err);
}

/* An object may be nothing but a reference to another: what was found behind it is no part of its text. */
static bool lies_within(const struct change *change, const uint8_t *at, size_t gone)
{
	uintptr_t place = (uintptr_t)at;
	uintptr_t first;

	if (change == NULL || change->original == NULL)
		return false;
	first = (uintptr_t)change->original;
	return place >= first && place - first < change->original_size &&
		gone <= change->original_size - (place - first);
}

/* One array may serve two purposes, a page's /Annots and the form's /Fields: what is added for both is added once. */
static bool already_asked(const struct pdf_update *update, const struct edit *edit)
{
	for (size_t i = 0; i < update->edit_count; i++) {
		const struct edit *e = &update->edits[i];

		if (e->number == edit->number && e->at == edit->at && e->remove == edit->remove &&
			e->text.len == edit->text.len && memcmp(e->text.data, edit->text.data, edit->text.len) == 0)
			return true;
	}
	return false;
}

static enum be_err add_edit(struct pdf_update *update, uint32_t number, const uint8_t *at, size_t gone,
	const char *before, const char *text, struct be_error *err)
{
	struct edit edit = { number, at, gone, BUFFER_EMPTY };
	struct edit *grown;
	enum be_err rc = take_up(update, number, err);

	if (rc == BE_OK && !lies_within(find_change(update, number), at, gone))
		rc = not_what_it_should_be(err, number);
	if (rc != BE_OK)
		return rc;
	buffer_add_str(&edit.text, before);
	buffer_add_str(&edit.text, text);
	rc = buffer_check(&edit.text, err);
	if (rc == BE_OK && already_asked(update, &edit)) {
		buffer_free(&edit.text);
		return BE_OK;
	}
	grown = reallocarray(update->edits, update->edit_count + 1, sizeof(*grown));
	if (grown != NULL)
		update->edits = grown;
	if (grown == NULL || rc != BE_OK) {
		buffer_free(&edit.text);
		return no_memory(err);
	}
	grown[update->edit_count++] = edit;
	return BE_OK;
}

enum be_err pdf_update_replace(
	struct pdf_update *update, uint32_t number, const struct pdf_obj *part, const char *text, struct be_error *err)
{
	return add_edit(update, number, part->text, part->size, " ", text, err);
}

enum be_err pdf_update_insert(struct pdf_update *update, uint32_t number, const struct pdf_obj *container,
	const char *text, struct be_error *err)
{
	size_t bracket = container->type == PDF_ARRAY ? 1 : 2;

	/* The space keeps a last number or name apart from what follows it. */
	return add_edit(update, number, container->text + container->size - bracket, 0, " ", text, err);
}

enum be_err pdf_update_set(struct pdf_update *update, uint32_t number, const struct pdf_obj *dict, const char *key,
	const char *text, struct be_error *err)
{
	struct buffer pair = BUFFER_EMPTY;
	enum be_err rc;

	for (size_t i = dict->count; i-- > 0;) {
		if (pdf_name_is(&dict->u.items[2 * i], key))
			return pdf_update_replace(update, number, &dict->u.items[2 * i + 1], text, err);
	}
	buffer_printf(&pair, "/%s %s", key, text);
	buffer_add_byte(&pair, '\0');
	rc = buffer_check(&pair, err);
	if (rc == BE_OK)
		rc = pdf_update_insert(update, number, dict, (const char *)pair.data, err);
	buffer_free(&pair);
	return rc;
}

/* ---- writing ---- */

static int by_number(const void *a, const void *b)
{
	const struct change *left = a;
	const struct change *right = b;

	return left->number < right->number ? -1 : left->number > right->number;
}

static void add_edited(struct buffer *tail, const struct pdf_update *update, const struct change *change)
{
	const uint8_t *at = change->original;
	const uint8_t *end = change->original + change->original_size;

	while (at < end) {
		const struct edit *next = NULL;

		/* Edits at one place keep the order they were asked for in. */
		for (size_t i = 0; i < update->edit_count; i++) {
			const struct edit *e = &update->edits[i];

			if (e->number == change->number && e->at >= at && (next == NULL || e->at < next->at))
				next = e;
		}
		if (next == NULL)
			break;
		buffer_add(tail, at, (size_t)(next->at - at));
		for (size_t i = 0; i < update->edit_count; i++) {
			if (update->edits[i].number == change->number && update->edits[i].at == next->at)
				buffer_add(tail, update->edits[i].text.data, update->edits[i].text.len);
		}
		/* An insertion stands before a bracket, which is passed over here so that it is not found again. */
		if (next->remove == 0)
			buffer_add_byte(tail, *next->at);
		at = next->at + (next->remove != 0 ? next->remove : 1);
	}
	buffer_add(tail, at, (size_t)(end - at));
}

static void add_objects(struct buffer *tail, struct pdf_update *update)
{
	const uint64_t base = pdf_doc_file(update->doc).len;

	for (size_t i = 0; i < update->change_count; i++) {
		struct change *change = &update->changes[i];

		change->offset = base + tail->len;
		buffer_printf(tail, "%u %u obj\n", change->number, change->generation);
		change->place = base + tail->len;
		if (change->original != NULL)
			add_edited(tail, update, change);
		else
			buffer_add(tail, change->text.data, change->text.len);
		buffer_add_str(tail, "\nendobj\n");
	}
}

static void add_key(struct buffer *out, const struct pdf_obj *key, const struct pdf_obj *value)
{
	buffer_add(out, key->text, key->size);
	buffer_add_byte(out, ' ');
	buffer_add(out, value->text, value->size);
	buffer_add_byte(out, '\n');
}

/* 14.4: the first half of /ID stays, the second names this version. It is made of the version's own content. */
static enum be_err add_id(struct buffer *out, const struct pdf_obj *id, const struct buffer *tail, struct be_error *err)
{
	uint8_t value[DIGEST_MAX];
	size_t len;
	enum be_err rc = digest_bytes(DIGEST_SHA256, tail->data, tail->len, value, &len, err);

	if (rc != BE_OK)
		return rc;
	buffer_add_str(out, "/ID [");
	buffer_add(out, id->u.items[0].text, id->u.items[0].size);
	buffer_add_byte(out, '<');
	for (size_t i = 0; i < 16; i++)
		buffer_printf(out, "%02X", value[i]);
	buffer_add_str(out, ">]\n");
	return BE_OK;
}

/* What describes the old section itself is left behind; everything else the trailer says goes on. */
static bool belongs_to_section(const struct pdf_obj *key)
{
	static const char *const own[] = { "Size", "Prev", "XRefStm", "Type", "W", "Index", "Length", "Filter",
		"DecodeParms" };

	for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
		if (pdf_name_is(key, own[i]))
			return true;
	}
	return false;
}

static enum be_err add_trailer_keys(
	struct buffer *out, struct pdf_update *update, uint64_t size, const struct buffer *tail, struct be_error *err)
{
	struct pdf_xref *xref = pdf_doc_xref(update->doc);
	const struct pdf_obj *old = pdf_doc_trailer(update->doc, 0);
	const struct pdf_obj *id = pdf_get_typed(old, "ID", PDF_ARRAY);
	const bool rewrites_id = id != NULL && id->count == 2 && id->u.items[0].type == PDF_STRING;

	for (uint32_t i = 0; i < old->count; i++) {
		const struct pdf_obj *key = &old->u.items[2 * i];

		/* An /ID of another form, such as a reference, goes on as it is. */
		if (!belongs_to_section(key) && !(rewrites_id && pdf_name_is(key, "ID")))
			add_key(out, key, key + 1);
	}
	buffer_printf(out, "/Size %ju\n/Prev %ju\n", (uintmax_t)size, (uintmax_t)xref->sections[0].at);
	return rewrites_id ? add_id(out, id, tail, err) : BE_OK;
}

/* Where a run of consecutive numbers that starts at i ends. */
static size_t run_end(const struct pdf_update *update, size_t i)
{
	size_t end = i + 1;

	while (end < update->change_count && update->changes[end].number == update->changes[end - 1].number + 1)
		end++;
	return end;
}

static enum be_err add_table(struct buffer *tail, struct pdf_update *update, struct be_error *err)
{
	struct buffer keys = BUFFER_EMPTY;
	enum be_err rc = add_trailer_keys(&keys, update, update->next, tail, err);

	if (tail->len + pdf_doc_file(update->doc).len > 9999999999u) /* ten digits are all that a table has */
		rc = be_fail(err, BE_LIMIT,
			N_("The document is too large for the kind of cross-reference table that it uses"), NULL);
	buffer_add_str(tail, "xref\n");
	for (size_t i = 0; i < update->change_count;) {
		size_t end = run_end(update, i);

		buffer_printf(tail, "%u %zu\n", update->changes[i].number, end - i);
		for (; i < end; i++)
			buffer_printf(tail, "%010ju %05u n\r\n", (uintmax_t)update->changes[i].offset,
				update->changes[i].generation);
	}
	buffer_add_str(tail, "trailer\n<<\n");
	buffer_add(tail, keys.data, keys.len);
	buffer_add_str(tail, ">>\n");
	tail->failed = tail->failed || keys.failed;
	buffer_free(&keys);
	return rc;
}

static void add_big_endian(struct buffer *out, uint64_t value, unsigned width)
{
	while (width-- > 0)
		buffer_add_byte(out, (uint8_t)(value >> (8 * width)));
}

/* 7.5.8: the stream lists itself too. Eight bytes of offset, so that one form serves files of any size. */
static enum be_err add_stream(struct buffer *tail, struct pdf_update *update, struct be_error *err)
{
	struct buffer keys = BUFFER_EMPTY;
	struct change self = { 0 };
	enum be_err rc = pdf_update_reserve(update, &self.number, err);

	if (rc != BE_OK)
		return rc;
	self.offset = pdf_doc_file(update->doc).len + tail->len;
	rc = add_trailer_keys(&keys, update, update->next, tail, err);
	if (rc == BE_OK)
		rc = add_change(update, &self, err);
	buffer_printf(tail, "%u 0 obj\n<<\n/Type /XRef\n/W [1 8 2]\n/Index [", self.number);
	for (size_t i = 0; i < update->change_count; i = run_end(update, i))
		buffer_printf(tail, " %u %zu", update->changes[i].number, run_end(update, i) - i);
	buffer_printf(tail, " ]\n/Length %zu\n", 11 * update->change_count);
	buffer_add(tail, keys.data, keys.len);
	buffer_add_str(tail, ">>\nstream\n");
	for (size_t i = 0; i < update->change_count; i++) {
		add_big_endian(tail, 1, 1);
		add_big_endian(tail, update->changes[i].offset, 8);
		add_big_endian(tail, update->changes[i].generation, 2);
	}
	buffer_add_str(tail, "\nendstream\nendobj\n");
	tail->failed = tail->failed || keys.failed;
	buffer_free(&keys);
	return rc;
}

enum be_err pdf_update_finish(struct pdf_update *update, struct buffer *tail, struct be_error *err)
{
	struct pdf_bytes file = pdf_doc_file(update->doc);
	const struct pdf_xref *xref = pdf_doc_xref(update->doc);
	uint64_t startxref;
	enum be_err rc;

	if (tail->len != 0)
		return be_fail(err, BE_USAGE, N_("An update starts with nothing written"), NULL);
	qsort(update->changes, update->change_count, sizeof(*update->changes), by_number);
	if (file.data[file.len - 1] != '\n' && file.data[file.len - 1] != '\r')
		buffer_add_byte(tail, '\n');
	add_objects(tail, update);
	startxref = file.len + tail->len;
	rc = xref->sections[0].kind == PDF_SECTION_STREAM ? add_stream(tail, update, err)
							  : add_table(tail, update, err);
	buffer_printf(tail, "startxref\n%ju\n%%%%EOF\n", (uintmax_t)startxref);
	return rc == BE_OK ? buffer_check(tail, err) : rc;
}

uint64_t pdf_update_place(const struct pdf_update *update, uint32_t number)
{
	const struct change *change = find_change(update, number);

	return change != NULL ? change->place : 0;
}
