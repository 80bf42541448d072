/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/*
 * How a second signature is written down: the bytes and the cross-reference data of its revision, in pairs of what does
 * no harm and what is another change.
 */

static void expect_allowed(struct pdftext *t, const char *what)
{
	assert_true(attack_passed(t, what, 2, FACTS_FORM));
}

static void expect_other(struct pdftext *t, const char *what)
{
	assert_true(attack_refused(t, what));
}

static void begin_second(struct pdftext *t)
{
	pdftext_begin(t);
	attack_revision(t, &attack_document);
	attack_objects(t, &attack_second);
}

static void end_second(struct pdftext *t)
{
	pdftext_table(t, attack_second.trailer);
	attack_sign(t);
}

static void comments_and_blanks_between_objects_do_no_harm(void **state)
{
	struct pdftext t;

	(void)state;
	begin_second(&t);
	pdftext_raw(&t, "\n  %% 4 0 obj (ini hanya catatan) endobj\r\n\n");
	end_second(&t);
	expect_allowed(&t, "a comment");
}

static void bytes_that_belong_to_no_object_are_another_change(void **state)
{
	static const char *const rows[] = { "x", "4 0 obj\n<< >>\nendobj\n", "endobj\n", "%%EOF\nx", "<<>>" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct pdftext t;

		begin_second(&t);
		pdftext_raw(&t, "%s", rows[i]);
		end_second(&t);
		expect_other(&t, rows[i]);
	}
}

/* To readers that are strict, 40 is no object before the second revision makes room for it. */
static void an_object_that_was_beyond_the_size_is_another_change_when_the_size_grows(void **state)
{
	const struct attack_part more[] = { { 40, "<< /Length 7 >>\nstream\n1 1 m n\nendstream" }, { 0, NULL } };
	struct attack_paper document = attack_with(&attack_document, more);

	(void)state;
	for (uint32_t size = 12; size <= 41; size += 29) {
		struct pdftext t;

		pdftext_begin(&t);
		attack_objects(&t, &document);
		t.size = size;
		pdftext_table(&t, document.trailer);
		attack_sign(&t);
		t.size = 41;
		attack_revision(&t, &attack_second);
		if (size == 41)
			expect_allowed(&t, "within");
		else
			expect_other(&t, "beyond");
	}
}

static void a_freed_object_is_another_change(void **state)
{
	static const uint32_t generations[] = { 0, 1, 65535 };

	(void)state;
	for (size_t i = 0; i < sizeof(generations) / sizeof(generations[0]); i++) {
		struct pdftext t;

		begin_second(&t);
		pdftext_freed(&t, 9, generations[i]);
		end_second(&t);
		expect_other(&t, "freed");
	}
}

static void a_generation_that_changes_is_another_change(void **state)
{
	struct pdftext t;

	(void)state;
	begin_second(&t);
	pdftext_object_of(&t, 9, 1, attack_document.text[9]);
	end_second(&t);
	expect_other(&t, "an old object of generation 1");
	begin_second(&t);
	pdftext_entry(&t, 21)->generation = 1;
	end_second(&t);
	expect_other(&t, "a new object of generation 1");
}

static void an_entry_leads_into_its_own_revision_only(void **state)
{
	struct pdftext t;
	uint64_t old;

	(void)state;
	begin_second(&t);
	old = attack_find(&t, "\n9 0 obj") + 1;
	pdftext_list(&t, 9, PDF_ENTRY_AT_OFFSET, old, 0);
	end_second(&t);
	expect_allowed(&t, "an entry said again");
	begin_second(&t);
	pdftext_list(&t, 9, PDF_ENTRY_AT_OFFSET, attack_find(&t, "\n4 0 obj") + 1, 0);
	end_second(&t);
	expect_other(&t, "an entry of an older object");
	begin_second(&t);
	pdftext_list(&t, 9, PDF_ENTRY_AT_OFFSET, pdftext_entry(&t, 3)->offset, 0);
	end_second(&t);
	expect_other(&t, "two entries for one body");
}

static void objects_that_overlap_are_another_change(void **state)
{
	struct pdftext t;

	(void)state;
	begin_second(&t);
	attack_object(&t, 20,
		"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Sig2) /Rect [0 0 0 0] /V 21 0 R /MK << /CA 22 0 R >>\n"
		"22 0 obj (dua) endobj >>");
	end_second(&t);
	expect_other(&t, "an object inside another");
}

static void entries_that_are_not_twenty_bytes_are_another_change(void **state)
{
	struct pdftext t;
	uint64_t at;

	(void)state;
	begin_second(&t);
	at = t.bytes.len;
	pdftext_raw(&t, "xref\n3 1\n%010ju 00000 n\n5 1\n%010ju 00000 n\n", (uintmax_t)pdftext_entry(&t, 3)->offset,
		(uintmax_t)pdftext_entry(&t, 5)->offset);
	pdftext_raw(&t, "20 2\n%010ju 00000 n \n%010ju 00000 n \n", (uintmax_t)pdftext_entry(&t, 20)->offset,
		(uintmax_t)pdftext_entry(&t, 21)->offset);
	pdftext_raw(&t, "trailer\n<< /Size 22 %s /Prev %ju >>\n", attack_second.trailer, (uintmax_t)t.startxref);
	pdftext_tail(&t, at);
	attack_sign(&t);
	expect_other(&t, "short entries");
}

/* ---- object streams ---- */

static void begin_packed(struct pdftext *t)
{
	pdftext_begin(t);
	attack_revision(t, &attack_document);
	pdftext_pack(t, 3, attack_second.text[3]);
	pdftext_pack(t, 5, attack_second.text[5]);
	pdftext_pack(t, 20, attack_second.text[20]);
	attack_object(t, 21, attack_second.text[21]);
}

static void end_packed(struct pdftext *t)
{
	pdftext_xref_stream(t, 31, attack_second.trailer);
	attack_sign(t);
}

static void an_object_stream_of_the_revision_itself_is_no_harm(void **state)
{
	struct pdftext t;

	(void)state;
	begin_packed(&t);
	pdftext_packed(&t, 30);
	end_packed(&t);
	expect_allowed(&t, "an object stream");
}

static void an_object_stream_holds_what_is_listed_and_nothing_else(void **state)
{
	struct pdftext t;

	(void)state;
	begin_packed(&t);
	pdftext_pack(&t, 9, "<< /Length 0 >>");
	pdftext_packed(&t, 30);
	t.count--; /* not its own entry, which is the last */
	t.entries[t.count - 1] = t.entries[t.count];
	end_packed(&t);
	expect_other(&t, "more than is listed");
	begin_packed(&t);
	pdftext_pack(&t, 9, "null");
	pdftext_packed(&t, 30);
	end_packed(&t);
	expect_other(&t, "an old object in it");
	begin_packed(&t);
	pdftext_packed(&t, 9);
	end_packed(&t);
	expect_other(&t, "in place of an old object");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(comments_and_blanks_between_objects_do_no_harm),
		cmocka_unit_test(bytes_that_belong_to_no_object_are_another_change),
		cmocka_unit_test(an_object_that_was_beyond_the_size_is_another_change_when_the_size_grows),
		cmocka_unit_test(a_freed_object_is_another_change),
		cmocka_unit_test(a_generation_that_changes_is_another_change),
		cmocka_unit_test(an_entry_leads_into_its_own_revision_only),
		cmocka_unit_test(objects_that_overlap_are_another_change),
		cmocka_unit_test(entries_that_are_not_twenty_bytes_are_another_change),
		cmocka_unit_test(an_object_stream_of_the_revision_itself_is_no_harm),
		cmocka_unit_test(an_object_stream_holds_what_is_listed_and_nothing_else),
	};

	return cmocka_run_group_tests_name("verify changes", tests, attack_setup, attack_teardown);
}
