/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/attack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

/*
 * One document with two signatures, and everything that is one small change away from it. What may stay passed is said
 * exactly: a digit of the newest /Contents in the other case is the same digit, and a document cut off behind its first
 * revision is the document that the first signer signed.
 */

static struct pdftext file;
static size_t first_end;      /* of the first revision */
static size_t contents[2];    /* of the last '<' and its '>' */
static size_t signer_version; /* of the octet in the message */

static int make_file(void **state)
{
	if (attack_setup(state) != 0)
		return -1;
	pdftext_begin(&file);
	attack_revision(&file, &attack_document);
	first_end = file.bytes.len;
	attack_revision(&file, &attack_second);
	contents[0] = attack_find(&file, "/Contents <") + strlen("/Contents ");
	contents[1] = contents[0] + strcspn((const char *)file.bytes.data + contents[0], ">");
	/* SignerInfo: version 1, issuerAndSerialNumber of 58 octets. */
	signer_version = (attack_find(&file, "020101303a") - contents[0] - 1) / 2 + 2;
	return 0;
}

static int forget_file(void **state)
{
	pdftext_free(&file);
	return attack_teardown(state);
}

static enum verify_result result_of(const uint8_t *bytes, size_t len)
{
	struct attack_verdict v;
	enum verify_result result;

	attack_judge(&v, bytes, len);
	result = v.result;
	attack_verdict_free(&v);
	return result;
}

static int digit(uint8_t c)
{
	const char *const digits = "0123456789abcdef";
	const char *at = c != '\0' ? strchr(digits, c >= 'A' && c <= 'F' ? c + ('a' - 'A') : c) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* RFC 5652, 5.1 and 5.3: two version numbers, and a list of digests that is there for readers in a hurry. Nobody signs
 * them and no verdict rests on them,
	so either verdict is right. The places are those of the message that attack_message
 * makes. */
static bool is_signed_by_nobody(size_t at)
{
	size_t octet = (at - contents[0] - 1) / 2;

	if (at <= contents[0] || at >= contents[1])
		return false;
	return octet == 25 || (octet >= 32 && octet <= 40) || octet == signer_version;
}

static void the_document_itself_passes(void **state)
{
	(void)state;
	assert_int_equal(result_of(file.bytes.data, file.bytes.len), VERIFY_TOTAL_PASSED);
	assert_int_equal(result_of(file.bytes.data, first_end), VERIFY_TOTAL_PASSED);
}

static size_t wrong_after(size_t at, uint8_t flip)
{
	const uint8_t was = file.bytes.data[at];
	const uint8_t is = was ^ flip;
	const bool same = at > contents[0] && at < contents[1] && digit(was) == digit(is);
	bool passed;

	file.bytes.data[at] = is;
	passed = result_of(file.bytes.data, file.bytes.len) == VERIFY_TOTAL_PASSED;
	file.bytes.data[at] = was;
	if (passed == same || is_signed_by_nobody(at))
		return 0;
	print_message("byte %zu from %#x to %#x: %s\n", at, was, is, passed ? "passed" : "not passed");
	return 1;
}

/* What says where things are: everything but the inside of the two /Contents and the plain objects. */
static bool structural(size_t at)
{
	static const char *const starts[] = { "xref\n", "trailer\n", "startxref\n", "%%EOF", "/ByteRange ", "%PDF-" };
	static const size_t sizes[] = { 320, 120, 16, 6, 62, 9 }; /* of what they begin */

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
		for (size_t from = at < sizes[i] ? 0 : at - sizes[i] + 1; from <= at; from++) {
			if (file.bytes.len - from >= strlen(starts[i]) &&
				memcmp(file.bytes.data + from, starts[i], strlen(starts[i])) == 0)
				return true;
		}
	}
	return file.bytes.data[at] == '<' || file.bytes.data[at] == '>' || at == contents[0] || at == contents[1];
}

static void no_changed_byte_of_the_structure_passes(void **state)
{
	static const uint8_t flips[] = { 0x01, 0x10, 0x20, 0x80 };
	size_t wrong = 0;

	(void)state;
	for (size_t at = 0; at < file.bytes.len; at++) {
		if (structural(at))
			wrong += wrong_after(at, flips[at % sizeof(flips)]);
	}
	assert_int_equal(wrong, 0);
}

static void no_changed_byte_elsewhere_passes(void **state)
{
	size_t wrong = 0;

	(void)state;
	/* Another bit each time; 23 and not 16, so that no column of a table is left out. */
	for (size_t at = 0; at < file.bytes.len; at += 23)
		wrong += wrong_after(at, (uint8_t)(1u << at % 8));
	assert_int_equal(wrong, 0);
}

/* The newest /Contents is the one place that nobody's digest covers. */
static void no_changed_digit_of_the_newest_contents_passes_unless_it_is_the_same_digit(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t at = contents[0]; at <= contents[1]; at += at < contents[0] + 64 || at > contents[1] - 16 ? 1 : 4) {
		wrong += wrong_after(at, 0x20);
		wrong += wrong_after(at, 0x01);
	}
	assert_int_equal(wrong, 0);
}

static void no_truncated_document_passes_but_the_first_signers_own(void **state)
{
	(void)state;
	for (size_t len = 1; len < file.bytes.len; len += 7) {
		if (len != first_end)
			assert_int_not_equal(result_of(file.bytes.data, len), VERIFY_TOTAL_PASSED);
	}
	for (size_t len = first_end - 3; len < first_end + 4; len++) {
		if (len != first_end)
			assert_int_not_equal(result_of(file.bytes.data, len), VERIFY_TOTAL_PASSED);
	}
}

/* ---- the second signer repoints what the first one listed ---- */

static const uint32_t all_objects[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20, 21 };
#define OBJECTS (sizeof(all_objects) / sizeof(all_objects[0]))

/* The places of all objects, the newer ones behind: of 3 and 5 there are two. */
static size_t places(uint64_t out[static 2 * OBJECTS])
{
	size_t count = 0;

	for (size_t i = 0; i < OBJECTS; i++) {
		char header[32];
		int len = snprintf(header, sizeof(header), "\n%u 0 obj\n", all_objects[i]);

		for (size_t at = 0; at + (size_t)len < file.bytes.len; at++) {
			if (memcmp(file.bytes.data + at, header, (size_t)len) == 0 && count < 2 * OBJECTS)
				out[count++] = at + 1;
		}
	}
	return count;
}

/* The second revision, which says that the object stands there; signed like that. Its objects come out at the same
 * places as in the plain one. */
static bool passes_with(uint32_t number, uint64_t place, bool *unchanged)
{
	struct pdftext t;
	bool passed;
	bool listed = false;

	pdftext_begin(&t);
	attack_objects(&t, &attack_document);
	*unchanged = false;
	for (size_t i = 0; i < t.count; i++)
		*unchanged = *unchanged ||
			(t.entries[i].number == number && t.entries[i].offset == place &&
				attack_second.text[number] == NULL);
	pdftext_table(&t, attack_document.trailer);
	attack_sign(&t);
	attack_objects(&t, &attack_second);
	for (size_t i = 0; i < t.count; i++) {
		if (t.entries[i].number != number)
			continue;
		*unchanged = *unchanged || t.entries[i].offset == place;
		t.entries[i].offset = place;
		listed = true;
	}
	if (!listed)
		pdftext_list(&t, number, PDF_ENTRY_AT_OFFSET, place, 0);
	pdftext_table(&t, attack_second.trailer);
	attack_sign(&t);
	passed = attack_result(&t) == VERIFY_TOTAL_PASSED;
	pdftext_free(&t);
	return passed;
}

static void no_entry_may_lead_to_another_object(void **state)
{
	uint64_t place[2 * OBJECTS];
	size_t count = places(place);
	size_t same = 0;
	size_t wrong = 0;

	(void)state;
	assert_int_equal(count, OBJECTS + 2);
	for (size_t i = 0; i < OBJECTS; i++) {
		for (size_t k = 0; k < count; k++) {
			bool unchanged;
			bool passed = passes_with(all_objects[i], place[k], &unchanged);

			same += unchanged;
			if (passed == unchanged)
				continue;
			print_message("object %u at %ju: %s\n", all_objects[i], (uintmax_t)place[k],
				passed ? "passed" : "not passed");
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	assert_int_equal(same, OBJECTS); /* where it stands anyway */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document_itself_passes),
		cmocka_unit_test(no_changed_byte_of_the_structure_passes),
		cmocka_unit_test(no_changed_byte_elsewhere_passes),
		cmocka_unit_test(no_changed_digit_of_the_newest_contents_passes_unless_it_is_the_same_digit),
		cmocka_unit_test(no_truncated_document_passes_but_the_first_signers_own),
		cmocka_unit_test(no_entry_may_lead_to_another_object),
	};

	return cmocka_run_group_tests_name("verify mutation", tests, make_file, forget_file);
}
