/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/pdf_text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Noreturn void give_up(const char *why)
{
	fprintf(stderr, "pdf_text: %s\n", why);
	abort();
}

void pdftext_begin(struct pdftext *t)
{
	memset(t, 0, sizeof(*t));
	pdftext_raw(t, "%%PDF-1.7\n%%\xE2\xE3\xCF\xD3\n");
	t->size = 1;
}

void pdftext_free(struct pdftext *t)
{
	buffer_free(&t->bytes);
	buffer_free(&t->heads);
	buffer_free(&t->bodies);
	free(t->entries);
	free(t->packed);
	memset(t, 0, sizeof(*t));
}

struct pdf_bytes pdftext_bytes(const struct pdftext *t)
{
	if (t->bytes.failed)
		give_up("out of memory");
	return (struct pdf_bytes){ t->bytes.data, t->bytes.len };
}

void pdftext_raw(struct pdftext *t, const char *format, ...)
{
	char *text = NULL;
	va_list args;

	va_start(args, format);
	if (vasprintf(&text, format, args) < 0)
		give_up("out of memory");
	va_end(args);
	buffer_add_str(&t->bytes, text);
	free(text);
}

void pdftext_list(struct pdftext *t, uint32_t number, enum pdf_entry_kind kind, uint64_t offset, uint32_t generation)
{
	if (t->count == t->cap) {
		t->cap = t->cap != 0 ? 2 * t->cap : 16;
		t->entries = reallocarray(t->entries, t->cap, sizeof(*t->entries));
		if (t->entries == NULL)
			give_up("out of memory");
	}
	t->entries[t->count++] = (struct pdftext_entry){ number, (uint32_t)kind, generation, offset };
	if (number >= t->size)
		t->size = number + 1;
}

struct pdftext_entry *pdftext_entry(struct pdftext *t, uint32_t number)
{
	for (size_t i = 0; i < t->count; i++) {
		if (t->entries[i].number == number)
			return &t->entries[i];
	}
	give_up("no such entry");
}

void pdftext_object(struct pdftext *t, uint32_t number, const char *body)
{
	pdftext_object_of(t, number, 0, body);
}

void pdftext_object_of(struct pdftext *t, uint32_t number, uint32_t generation, const char *body)
{
	pdftext_list(t, number, PDF_ENTRY_AT_OFFSET, t->bytes.len, generation);
	buffer_printf(&t->bytes, "%u %u obj\n", number, generation);
	buffer_add_str(&t->bytes, body);
	buffer_add_str(&t->bytes, "\nendobj\n");
}

void pdftext_freed(struct pdftext *t, uint32_t number, uint32_t generation)
{
	pdftext_list(t, number, PDF_ENTRY_FREE, 0, generation);
}

void pdftext_stream(struct pdftext *t, uint32_t number, const char *keys, const void *data, size_t len)
{
	pdftext_list(t, number, PDF_ENTRY_AT_OFFSET, t->bytes.len, 0);
	pdftext_raw(t, "%u 0 obj\n<< %s /Length %zu >>\nstream\n", number, keys, len);
	buffer_add(&t->bytes, data, len);
	buffer_add_str(&t->bytes, "\nendstream\nendobj\n");
}

/* ---- object streams ---- */

void pdftext_pack(struct pdftext *t, uint32_t number, const char *body)
{
	t->packed = reallocarray(t->packed, t->packed_count + 1, sizeof(*t->packed));
	if (t->packed == NULL)
		give_up("out of memory");
	t->packed[t->packed_count++] = number;
	buffer_printf(&t->heads, "%u %zu ", number, t->bodies.len);
	buffer_add_str(&t->bodies, body);
	buffer_add_byte(&t->bodies, '\n');
}

void pdftext_packed(struct pdftext *t, uint32_t stream)
{
	struct buffer all = BUFFER_EMPTY;
	char keys[100];

	for (size_t i = 0; i < t->packed_count; i++)
		pdftext_list(t, t->packed[i], PDF_ENTRY_IN_STREAM, stream, (uint32_t)i);
	(void)snprintf(keys, sizeof(keys), "/Type /ObjStm /N %zu /First %zu", t->packed_count, t->heads.len);
	buffer_add(&all, t->heads.data, t->heads.len);
	buffer_add(&all, t->bodies.data, t->bodies.len);
	pdftext_stream(t, stream, keys, all.data, all.len);
	buffer_free(&all);
	buffer_reset(&t->heads);
	buffer_reset(&t->bodies);
	t->packed_count = 0;
}

/* ---- endings ---- */

static int by_number(const void *a, const void *b)
{
	const struct pdftext_entry *left = a;
	const struct pdftext_entry *right = b;

	return left->number < right->number ? -1 : left->number > right->number;
}

/* In the order of their numbers; the first revision lists object 0. */
static void sort_entries(struct pdftext *t)
{
	if (t->startxref == 0)
		pdftext_freed(t, 0, 65535);
	qsort(t->entries, t->count, sizeof(*t->entries), by_number);
}

static size_t run_end(const struct pdftext *t, size_t i)
{
	size_t end = i + 1;

	while (end < t->count && t->entries[end].number == t->entries[end - 1].number + 1)
		end++;
	return end;
}

static void add_table(struct pdftext *t)
{
	buffer_add_str(&t->bytes, "xref\n");
	for (size_t i = 0; i < t->count;) {
		size_t end = run_end(t, i);

		buffer_printf(&t->bytes, "%u %zu\n", t->entries[i].number, end - i);
		for (; i < end; i++) {
			const struct pdftext_entry *e = &t->entries[i];
			bool used = e->kind == PDF_ENTRY_AT_OFFSET;

			buffer_printf(&t->bytes, "%010ju %05u %c \n", used ? (uintmax_t)e->offset : 0,
				e->kind == PDF_ENTRY_IN_STREAM ? 0 : e->generation, used ? 'n' : 'f');
		}
	}
}

static void add_keys(struct pdftext *t, const char *keys)
{
	buffer_printf(&t->bytes, "/Size %u %s", t->size, keys);
	if (t->startxref != 0)
		buffer_printf(&t->bytes, " /Prev %ju", (uintmax_t)t->startxref);
}

void pdftext_tail(struct pdftext *t, uint64_t startxref)
{
	buffer_printf(&t->bytes, "startxref\n%ju\n%%%%EOF\n", (uintmax_t)startxref);
	t->startxref = startxref;
	t->count = 0;
}

void pdftext_table_only(struct pdftext *t)
{
	sort_entries(t);
	add_table(t);
}

void pdftext_table(struct pdftext *t, const char *keys)
{
	uint64_t at = t->bytes.len;

	pdftext_table_only(t);
	buffer_add_str(&t->bytes, "trailer\n<< ");
	add_keys(t, keys);
	buffer_add_str(&t->bytes, " >>\n");
	pdftext_tail(t, at);
}

static void add_record(struct buffer *b, const struct pdftext_entry *e)
{
	buffer_add_byte(b, e->kind == PDF_ENTRY_FREE ? 0 : e->kind == PDF_ENTRY_AT_OFFSET ? 1 : 2);
	for (int shift = 24; shift >= 0; shift -= 8)
		buffer_add_byte(b, (uint8_t)(e->offset >> shift));
	buffer_add_byte(b, (uint8_t)(e->generation >> 8));
	buffer_add_byte(b, (uint8_t)e->generation);
}

static void add_xref_stream(struct pdftext *t, uint32_t number, const char *keys)
{
	struct buffer records = BUFFER_EMPTY;

	buffer_printf(&t->bytes, "%u 0 obj\n<< /Type /XRef /W [1 4 2] /Index [", number);
	for (size_t i = 0; i < t->count; i = run_end(t, i))
		buffer_printf(&t->bytes, " %u %zu", t->entries[i].number, run_end(t, i) - i);
	buffer_printf(&t->bytes, " ] /Length %zu ", 7 * t->count);
	add_keys(t, keys);
	for (size_t i = 0; i < t->count; i++)
		add_record(&records, &t->entries[i]);
	buffer_add_str(&t->bytes, " >>\nstream\n");
	buffer_add(&t->bytes, records.data, records.len);
	buffer_add_str(&t->bytes, "\nendstream\nendobj\n");
	buffer_free(&records);
}

void pdftext_xref_stream(struct pdftext *t, uint32_t number, const char *keys)
{
	uint64_t at = t->bytes.len;

	pdftext_list(t, number, PDF_ENTRY_AT_OFFSET, at, 0);
	sort_entries(t);
	add_xref_stream(t, number, keys);
	pdftext_tail(t, at);
}

void pdftext_hybrid(struct pdftext *t, uint32_t number, const char *keys)
{
	struct pdftext hidden = *t;
	uint64_t part = t->bytes.len;
	uint64_t at;

	/* The part lists what is packed and nothing else. */
	hidden.entries = calloc(t->count + 1, sizeof(*hidden.entries));
	if (hidden.entries == NULL)
		give_up("out of memory");
	hidden.count = 0;
	pdftext_list(t, number, PDF_ENTRY_AT_OFFSET, part, 0);
	sort_entries(t);
	for (size_t i = 0; i < t->count; i++) {
		if (t->entries[i].kind == PDF_ENTRY_IN_STREAM)
			hidden.entries[hidden.count++] = t->entries[i];
	}
	hidden.size = t->size;
	add_xref_stream(&hidden, number, "");
	t->bytes = hidden.bytes;
	free(hidden.entries);
	at = t->bytes.len;
	add_table(t);
	buffer_add_str(&t->bytes, "trailer\n<< ");
	add_keys(t, keys);
	buffer_printf(&t->bytes, " /XRefStm %ju >>\n", (uintmax_t)part);
	pdftext_tail(t, at);
}

void pdftext_basics(struct pdftext *t, const char *catalogue_keys, const char *page_keys)
{
	char *body = NULL;

	if (asprintf(&body, "<< /Type /Catalog /Pages 2 0 R %s >>", catalogue_keys) < 0)
		give_up("out of memory");
	pdftext_object(t, 1, body);
	free(body);
	pdftext_object(t, 2, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
	if (asprintf(&body, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s >>", page_keys) < 0)
		give_up("out of memory");
	pdftext_object(t, 3, body);
	free(body);
}

struct pdf_doc *pdftext_open(const struct pdftext *t)
{
	struct pdf_doc *doc = NULL;
	struct be_error err = { .code = BE_OK };

	if (pdf_doc_open(&doc, pdftext_bytes(t), &err) != BE_OK) {
		fprintf(stderr, "pdf_text: %s: %s\n", err.msgid, err.detail);
		give_up("the document does not open");
	}
	return doc;
}
