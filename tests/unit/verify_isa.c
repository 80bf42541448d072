/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/*
 * Incremental saving attacks, and what can be done with cross-reference data. Each row writes a file whose Sig1 is
 * right over its own part; most let the change travel with a second, honest signature, which is the better disguise.
 */

#define OTHER_CONTENT "<< /Length 38 >>\nstream\nBT /F1 12 Tf 20 20 Td (Palsu) Tj ET   \nendstream"
#define OTHER_PAGE \
	"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 9 0 R /Resources 7 0 R /Annots [10 0 R 20 0 R] >>"

static void signed_once(struct pdftext *t)
{
	pdftext_begin(t);
	attack_revision(t, &attack_document);
}

static void second_objects(struct pdftext *t)
{
	signed_once(t);
	attack_objects(t, &attack_second);
}

static void second_end(struct pdftext *t)
{
	pdftext_table(t, attack_second.trailer);
	attack_sign(t);
}

static uint64_t place_of(const struct pdftext *t, const char *header)
{
	return attack_find(t, header) + 1;
}

/* ---- ISA1 to ISA4 ---- */

static void isa1(struct pdftext *t)
{
	signed_once(t);
	pdftext_object(t, 4, OTHER_CONTENT);
	pdftext_table(t, attack_document.trailer);
}

static void isa2(struct pdftext *t)
{
	uint64_t old;

	signed_once(t);
	old = t->startxref;
	pdftext_object(t, 4, OTHER_CONTENT);
	pdftext_raw(t, "trailer\n<< /Size 12 %s /Prev %ju >>\n", attack_document.trailer, (uintmax_t)old);
	pdftext_tail(t, old);
}

static void isa2_without_startxref(struct pdftext *t)
{
	signed_once(t);
	pdftext_object(t, 4, OTHER_CONTENT);
	pdftext_raw(t, "trailer\n<< /Size 12 %s >>\n%%%%EOF\n", attack_document.trailer);
}

static void isa3(struct pdftext *t)
{
	signed_once(t);
	pdftext_object(t, 4, OTHER_CONTENT);
}

static void isa4(struct pdftext *t)
{
	char *copy;
	size_t from;
	size_t to;

	signed_once(t);
	from = attack_find(t, "\n11 0 obj\n") + strlen("\n11 0 obj\n");
	to = from +
		(size_t)((const uint8_t *)memmem(t->bytes.data + from, t->bytes.len - from, "\nendobj", 7) -
			(t->bytes.data + from));
	copy = strndup((const char *)t->bytes.data + from, to - from);
	assert_non_null(copy);
	pdftext_object(t, 3, attack_second.text[3]);
	pdftext_object(t, 4, OTHER_CONTENT);
	pdftext_object(t, 5, attack_second.text[5]);
	pdftext_object(t, 20, attack_second.text[20]);
	pdftext_object(t, 21, copy);
	pdftext_table(t, attack_second.trailer);
	free(copy);
}

/* ---- where the file ends ---- */

static void startxref_moved_back(struct pdftext *t)
{
	uint64_t first;

	signed_once(t);
	first = t->startxref;
	attack_objects(t, &attack_second);
	second_end(t);
	pdftext_tail(t, first);
}

/* What is signed ends inside a stream, and is a document by itself there; the file goes on to another. */
static void eof_inside_stream(struct pdftext *t)
{
	struct attack_seal seal = { .end = 0 };
	uint64_t table;
	uint64_t begin;

	pdftext_begin(t);
	attack_objects(t, &attack_document);
	begin = t->bytes.len;
	pdftext_raw(t, "40 0 obj\n<< /Length 600 >>\nstream\n");
	table = t->bytes.len;
	pdftext_table(t, attack_document.trailer);
	seal.end = t->bytes.len;
	while (t->bytes.len < table + 600)
		pdftext_raw(t, " ");
	pdftext_raw(t, "\nendstream\nendobj\n");
	t->startxref = 0;
	for (uint32_t i = 1; i < ATTACK_OBJECTS; i++) {
		char header[32];

		if (attack_document.text[i] == NULL || i == 4)
			continue;
		(void)snprintf(header, sizeof(header), "\n%u 0 obj", i);
		pdftext_list(t, i, PDF_ENTRY_AT_OFFSET, place_of(t, header), 0);
	}
	pdftext_list(t, 40, PDF_ENTRY_AT_OFFSET, begin, 0);
	pdftext_object(t, 4, OTHER_CONTENT);
	pdftext_table(t, attack_document.trailer);
	attack_sign_as(t, &seal);
}

static void bytes_between_revisions(struct pdftext *t)
{
	signed_once(t);
	pdftext_raw(t, "<html>\n");
	attack_objects(t, &attack_second);
	second_end(t);
}

static void two_trailers(struct pdftext *t)
{
	uint64_t at;

	second_objects(t);
	at = t->bytes.len;
	pdftext_table_only(t);
	pdftext_raw(t, "trailer\n<< /Size 22 %s /Prev %ju >>\n", attack_second.trailer, (uintmax_t)t->startxref);
	pdftext_raw(t, "trailer\n<< /Size 22 /Root 4 0 R /Prev %ju >>\n", (uintmax_t)t->startxref);
	pdftext_tail(t, at);
	attack_sign(t);
}

static void junk_before_the_header(struct pdftext *t)
{
	struct pdftext whole;

	signed_once(&whole);
	*t = whole;
	t->bytes = BUFFER_EMPTY;
	pdftext_raw(t, "GIF89a\n");
	buffer_add(&t->bytes, whole.bytes.data, whole.bytes.len);
	buffer_free(&whole.bytes);
}

/* ---- the chain ---- */

static void prev_loop(struct pdftext *t)
{
	uint64_t at;

	second_objects(t);
	at = t->bytes.len;
	t->startxref = at;
	pdftext_table(t, attack_second.trailer);
	attack_sign(t);
}

/* The chain goes round the signed revision, whose objects are listed anew. */
static void prev_into_the_signed_area(struct pdftext *t)
{
	const struct attack_part bare[] = { { 5, "<< /Fields [] >>" }, { 10, NULL }, { 11, NULL }, { 0, NULL } };
	struct attack_paper base = attack_with(&attack_document, bare);
	uint64_t before;

	pdftext_begin(t);
	attack_revision(t, &base);
	before = t->startxref;
	attack_object(t, 5, attack_document.text[5]);
	attack_object(t, 10, attack_document.text[10]);
	attack_object(t, 11, attack_document.text[11]);
	pdftext_table(t, attack_document.trailer);
	attack_sign(t);
	t->startxref = before;
	pdftext_list(t, 5, PDF_ENTRY_AT_OFFSET, place_of(t, "\n5 0 obj"), 0);
	pdftext_list(t, 10, PDF_ENTRY_AT_OFFSET, place_of(t, "\n10 0 obj"), 0);
	pdftext_list(t, 11, PDF_ENTRY_AT_OFFSET, place_of(t, "\n11 0 obj"), 0);
	pdftext_object(t, 4, OTHER_CONTENT);
	pdftext_table(t, attack_document.trailer);
}

/* ---- entries ---- */

static void entry_into_a_stream(struct pdftext *t)
{
	char inner[201];
	char *object = NULL;

	signed_once(t);
	memset(inner, ' ', 200);
	inner[200] = '\0';
	memcpy(inner, "3 0 obj\n" OTHER_PAGE "\nendobj", strlen("3 0 obj\n" OTHER_PAGE "\nendobj"));
	if (asprintf(&object, "<< /Type /XObject /Subtype /Form /BBox [0 0 9 9] /Length 200 >>\nstream\n%s\nendstream",
		    inner) < 0)
		fail();
	attack_object(t, 5, attack_second.text[5]);
	attack_object(t, 20, ATTACK_FIELD("Sig2", "/V 21 0 R /AP << /N 22 0 R >>"));
	attack_object(t, 21, attack_second.text[21]);
	pdftext_object(t, 22, object);
	pdftext_list(t, 3, PDF_ENTRY_AT_OFFSET,
		place_of(t, "\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9]"), 0);
	second_end(t);
	free(object);
}

static void generation_plus_one(struct pdftext *t)
{
	second_objects(t);
	pdftext_object_of(t, 4, 1, OTHER_CONTENT);
	second_end(t);
}

static void object_freed(struct pdftext *t)
{
	second_objects(t);
	pdftext_freed(t, 4, 1);
	second_end(t);
}

static void object_freed_then_reused(struct pdftext *t)
{
	object_freed(t);
	pdftext_object_of(t, 4, 1, OTHER_CONTENT);
	pdftext_table(t, attack_second.trailer);
}

static void subsection_duplicate_entry(struct pdftext *t)
{
	second_objects(t);
	pdftext_list(t, 3, PDF_ENTRY_AT_OFFSET, t->bytes.len, 0);
	pdftext_raw(t, "3 0 obj\n%s\nendobj\n", OTHER_PAGE);
	second_end(t);
}

static void size_shrinks(struct pdftext *t)
{
	const struct attack_part more[] = { { 40, "(jauh)" }, { 0, NULL } };
	struct attack_paper document = attack_with(&attack_document, more);

	pdftext_begin(t);
	attack_revision(t, &document);
	attack_objects(t, &attack_second);
	t->size = 22;
	second_end(t);
}

/* ---- hybrid sections and object streams ---- */

static void hybrid_hides_an_object(struct pdftext *t)
{
	signed_once(t);
	pdftext_pack(t, 3, attack_second.text[3]);
	attack_object(t, 5, attack_second.text[5]);
	attack_object(t, 20, attack_second.text[20]);
	attack_object(t, 21, attack_second.text[21]);
	pdftext_packed(t, 30);
	pdftext_hybrid(t, 31, attack_second.trailer);
	attack_sign(t);
}

static void hybrid_conflicts_with_its_table(struct pdftext *t)
{
	second_objects(t);
	pdftext_pack(t, 3, OTHER_PAGE);
	pdftext_packed(t, 30);
	pdftext_hybrid(t, 31, attack_second.trailer);
	attack_sign(t);
}

static void object_stream_overrides(struct pdftext *t)
{
	signed_once(t);
	pdftext_pack(t, 3, OTHER_PAGE);
	pdftext_pack(t, 5, attack_second.text[5]);
	pdftext_pack(t, 20, attack_second.text[20]);
	attack_object(t, 21, attack_second.text[21]);
	pdftext_packed(t, 30);
	pdftext_xref_stream(t, 31, attack_second.trailer);
	attack_sign(t);
}

static void object_stream_with_two_headers(struct pdftext *t)
{
	signed_once(t);
	pdftext_pack(t, 3, attack_second.text[3]);
	pdftext_pack(t, 3, OTHER_PAGE);
	attack_object(t, 5, attack_second.text[5]);
	attack_object(t, 20, attack_second.text[20]);
	attack_object(t, 21, attack_second.text[21]);
	pdftext_packed(t, 30);
	/* Only the first is listed. */
	for (size_t i = 0; i < t->count; i++) {
		if (t->entries[i].number == 3 && t->entries[i].generation == 1) {
			t->entries[i] = t->entries[t->count - 1];
			t->count--;
		}
	}
	pdftext_xref_stream(t, 31, attack_second.trailer);
	attack_sign(t);
}

/* ---- the trailer ---- */

static void with_second(struct pdftext *t, const struct attack_part *parts, const char *trailer)
{
	struct attack_paper second = attack_with(&attack_second, parts);

	second.trailer = trailer != NULL ? trailer : second.trailer;
	signed_once(t);
	attack_revision(t, &second);
}

static void root_changed(struct pdftext *t)
{
	with_second(t, ATTACK_PARTS_OF({ 22, "<< /Type /Catalog /Pages 2 0 R /AcroForm 5 0 R >>" }),
		"/Root 22 0 R /Info 8 0 R /ID [<0123456789abcdef> <fedcba9876543210>]");
}

static void pages_changed(struct pdftext *t)
{
	with_second(t,
		ATTACK_PARTS_OF({ 1, "<< /Type /Catalog /Pages 22 0 R /AcroForm 5 0 R >>" },
			{ 22, "<< /Type /Pages /Kids [6 0 R] /Count 1 >>" }),
		NULL);
}

static void encrypt_added(struct pdftext *t)
{
	with_second(t, ATTACK_PARTS_OF({ 22, "<< /Filter /Standard /V 1 /R 2 /O () /U () /P -1 >>" }),
		"/Root 1 0 R /Info 8 0 R /Encrypt 22 0 R /ID [<0123456789abcdef> <fedcba9876543210>]");
}

static void id_changed(struct pdftext *t)
{
	with_second(t, NULL, "/Root 1 0 R /Info 8 0 R /ID [<0123456789abcdee> <fedcba9876543210>]");
}

/* ---- linearized files (Annex F) ---- */

/* The first-page section stands at the head and leads to the main one at the end; startxref at the end is 0 or, here,
 * the first section. */
static void write_linearized(struct pdftext *t)
{
	size_t length_at;
	uint64_t first;
	uint64_t main_at;
	char text[32];

	pdftext_begin(t);
	pdftext_list(t, 50, PDF_ENTRY_AT_OFFSET, t->bytes.len, 0);
	pdftext_raw(t, "50 0 obj\n<< /Linearized 1 /L ");
	length_at = t->bytes.len;
	pdftext_raw(t, "0000000000 /O 3 /E 9 /N 2 /T 9 /H [9 9] >>\nendobj\n");
	first = t->bytes.len;
	pdftext_raw(t, "xref\n50 1\n%010ju 00000 n \ntrailer\n<< /Size 51 %s /Prev ",
		(uintmax_t)pdftext_entry(t, 50)->offset, attack_document.trailer);
	pdftext_raw(t, "0000000000 >>\nstartxref\n0\n%%%%EOF\n");
	t->count = 0;
	attack_objects(t, &attack_document);
	main_at = t->bytes.len;
	pdftext_table_only(t);
	pdftext_raw(t, "trailer\n<< /Size 50 >>\n");
	pdftext_tail(t, first);
	(void)snprintf(text, sizeof(text), "%010ju", (uintmax_t)t->bytes.len);
	memcpy(t->bytes.data + length_at, text, 10);
	(void)snprintf(text, sizeof(text), "%010ju", (uintmax_t)main_at);
	memcpy(t->bytes.data + attack_find(t, "/Prev 0000000000") + 6, text, 10);
	attack_sign(t);
}

/* The main section at the end becomes the one to begin with, and what the first-page section said is gone. */
static void linearization_swapped(struct pdftext *t)
{
	uint64_t main_at;

	write_linearized(t);
	main_at = attack_find(t, "xref\n0 1");
	pdftext_tail(t, main_at);
}

/* An update that calls itself the first page's section. */
static void linearization_first_page_again(struct pdftext *t)
{
	write_linearized(t);
	t->startxref = attack_find(t, "xref\n0 1");
	pdftext_object(t, 4, OTHER_CONTENT);
	pdftext_table(t, attack_document.trailer);
}

/* ---- the table of all ---- */

static const struct {
	const char *name;
	void (*write)(struct pdftext *t);
} rows[] = {
	{ "ISA/xref ISA1 body+xref+trailer", isa1 },
	{ "ISA/xref ISA2 body+trailer without xref", isa2 },
	{ "ISA/xref ISA2 body+trailer without xref", isa2_without_startxref },
	{ "ISA/xref ISA3 body only", isa3 },
	{ "ISA/xref ISA4 body+xref+trailer+copied signature", isa4 },
	{ "ISA/xref startxref moved back", startxref_moved_back },
	{ "ISA/xref second %%EOF inside stream", eof_inside_stream },
	{ "ISA/xref Prev loop", prev_loop },
	{ "ISA/xref Prev into signed area", prev_into_the_signed_area },
	{ "ISA/xref xref entry offset into stream", entry_into_a_stream },
	{ "ISA/xref generation +1", generation_plus_one },
	{ "ISA/xref object freed", object_freed },
	{ "ISA/xref object freed then reused", object_freed_then_reused },
	{ "ISA/xref xref subsection duplicate entry", subsection_duplicate_entry },
	{ "ISA/xref /Size shrinks", size_shrinks },
	{ "ISA/xref hybrid /XRefStm hides object", hybrid_hides_an_object },
	{ "ISA/xref XRefStm conflicts with table", hybrid_conflicts_with_its_table },
	{ "ISA/xref object stream overrides object", object_stream_overrides },
	{ "ISA/xref compressed object in ObjStm with two headers", object_stream_with_two_headers },
	{ "ISA/xref linearization first-page xref swapped", linearization_swapped },
	{ "ISA/xref linearization first-page xref swapped", linearization_first_page_again },
	{ "ISA/xref /Root changed", root_changed },
	{ "ISA/xref /Root/Pages changed", pages_changed },
	{ "ISA/xref /Encrypt added", encrypt_added },
	{ "ISA/xref /ID changed", id_changed },
	{ "ISA/xref header moved (junk before %PDF)", junk_before_the_header },
	{ "ISA/xref bytes between revisions", bytes_between_revisions },
	{ "ISA/xref two trailers", two_trailers },
};

static void no_trick_with_revisions_passes(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdftext t;

		rows[i].write(&t);
		wrong += !attack_refused(&t, rows[i].name);
	}
	assert_int_equal(wrong, 0);
}

static void the_same_documents_without_a_trick_pass(void **state)
{
	struct pdftext t;

	(void)state;
	signed_once(&t);
	assert_true(attack_passed(&t, "one signature", 1, FACTS_NONE));
	second_objects(&t);
	second_end(&t);
	assert_true(attack_passed(&t, "two signatures", 2, FACTS_FORM));
	write_linearized(&t);
	assert_true(attack_passed(&t, "a linearized file", 1, FACTS_NONE));
}

static void an_honest_hybrid_document_passes_with_a_signature_in_either_form(void **state)
{
	struct pdftext t;

	(void)state;
	for (int i = 0; i < 3; i++) {
		struct attack_paper document = attack_with(&attack_document, ATTACK_PARTS_OF({ 7, NULL }, { 8, NULL }));

		pdftext_begin(&t);
		attack_objects(&t, &document);
		pdftext_pack(&t, 7, attack_document.text[7]);
		pdftext_pack(&t, 8, attack_document.text[8]);
		pdftext_packed(&t, 40);
		pdftext_hybrid(&t, 41, attack_document.trailer);
		attack_sign(&t);
		if (i == 0) {
			assert_true(attack_passed(&t, "hybrid", 1, FACTS_NONE));
			continue;
		}
		attack_objects(&t, &attack_second);
		if (i == 1)
			pdftext_table(&t, attack_second.trailer);
		else
			pdftext_xref_stream(&t, 42, attack_second.trailer);
		attack_sign(&t);
		assert_true(attack_passed(&t, "hybrid, signed again", 2, FACTS_FORM));
	}
}

static void one_end_of_line_may_follow_a_revision_and_nothing_more(void **state)
{
	static const char *const good[] = { "\r", "\n", "\r\n" };
	static const char *const bad[] = { "\n\n", " ", "\r\n\r\n", "\n\r", "x", "\n%%EOF\n" };
	struct pdftext t;

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		pdftext_begin(&t);
		attack_objects(&t, &attack_document);
		pdftext_table(&t, attack_document.trailer);
		t.bytes.len--;
		attack_sign(&t);
		pdftext_raw(&t, "%s", good[i]);
		assert_true(attack_passed(&t, "an end of line", 1, FACTS_NONE));
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		pdftext_begin(&t);
		attack_objects(&t, &attack_document);
		pdftext_table(&t, attack_document.trailer);
		t.bytes.len--;
		attack_sign(&t);
		pdftext_raw(&t, "%s", bad[i]);
		assert_true(attack_refused(&t, bad[i]));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_documents_without_a_trick_pass),
		cmocka_unit_test(an_honest_hybrid_document_passes_with_a_signature_in_either_form),
		cmocka_unit_test(no_trick_with_revisions_passes),
		cmocka_unit_test(one_end_of_line_may_follow_a_revision_and_nothing_more),
	};

	return cmocka_run_group_tests_name("verify isa", tests, attack_setup, attack_teardown);
}
