/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/verify_text.h"
#include "base/buffer.h"
#include "base/time.h"

#include <stdio.h>
#include <string.h>

#define MOMENT 1780000000 /* 2026-05-28T20:26:40Z */
#define SHA256 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* ---- a teller that writes down what it is told ---- */

static void put_verdict(void *context, const struct verify_text_verdict *verdict)
{
	buffer_printf(context, "verdict %s %d\n", verdict->text, (int)verdict->mood);
}

static void put_heading(
	void *context, const char *type, size_t number, size_t count, const struct verify_text_verdict *verdict)
{
	buffer_printf(context, "heading %s %zu/%zu %s %d\n", type, number, count, verdict->text, (int)verdict->mood);
}

static void put_fact(void *context, const char *title, const struct verify_text_value *value)
{
	static const char kinds[] = { 's', 'q', 'f' };

	buffer_printf(context, "%c %s: %s%s%s\n", kinds[value->kind], title, value->text,
		value->remark != NULL ? " " : "", value->remark != NULL ? value->remark : "");
}

static const char *told(struct buffer *lines, const struct verify_report *report, const char *path)
{
	const struct verify_text_teller teller = { lines, put_verdict, put_heading, put_fact };

	verify_text_tell(report, path, &teller);
	buffer_add_byte(lines, '\0');
	assert_int_equal(buffer_check(lines, NULL), BE_OK);
	return (const char *)lines->data;
}

static struct verify_signature signature(enum verify_result result, const char *name)
{
	struct verify_signature s = { .result = result, .integrity = true, .trusted = true, .time_used = MOMENT };

	s.facts.has_cms = true;
	s.facts.claimed_time = MOMENT;
	(void)snprintf(s.facts.cms.signer.name, sizeof(s.facts.cms.signer.name), "%s", name);
	(void)strcpy(s.facts.cms.signer.sha256, SHA256);
	return s;
}

static void the_facts_are_told_in_their_order(void **state)
{
	struct verify_signature both[] = { signature(VERIFY_TOTAL_PASSED, "Budi"),
		signature(VERIFY_TOTAL_FAILED, "Ani") };
	struct verify_report report = {
		.result = VERIFY_TOTAL_FAILED, .signatures = both, .count = 2, .warnings = { { "JAVASCRIPT" }, 1 }
	};
	struct buffer lines = BUFFER_EMPTY;

	(void)state;
	(void)strcpy(both[0].facts.reason, "Setuju");
	both[1].integrity = false;
	both[1].trusted = false;
	both[1].facts.chain_now.result = PKI_CHAIN_NONE;
	both[1].reasons = (struct verify_notes){ { "It is broken" }, 1 };
	both[1].facts.type = FACTS_CERTIFICATION;
	assert_string_equal(told(&lines, &report, "surat.pdf"),
		"verdict NOT VALID 2\n"
		"q File: surat.pdf\n"
		"s Note: The document contains scripts, which may change what it shows\n"
		"heading Signature 1/2 VALID 1\n"
		"s Document: not changed after signing\n"
		"q Signer: Budi\n"
		"f SHA-256: " SHA256 "\n"
		"f Time: 2026-05-28T20:26:40Z (claimed by the signer's computer, not proven)\n"
		"s Trust: the certificate leads to an authority that you trust\n"
		"q Reason given: Setuju\n"
		"heading Certification 2/2 NOT VALID 2\n"
		"s Document: CHANGED, or the signature is damaged: what was signed cannot be confirmed\n"
		"q Signer: Ani\n"
		"f SHA-256: " SHA256 "\n"
		"f Time: 2026-05-28T20:26:40Z (claimed by the signer's computer, not proven)\n"
		"s Trust: does not lead to an authority that you trust\n"
		"s Why: It is broken\n");
	buffer_free(&lines);
}

static void a_time_stamp_is_told_by_its_authority(void **state)
{
	struct verify_signature one = signature(VERIFY_TOTAL_PASSED, "Budi");
	const struct verify_report report = { .result = VERIFY_TOTAL_PASSED, .signatures = &one, .count = 1 };
	struct buffer lines = BUFFER_EMPTY;
	const char *text = NULL;

	(void)state;
	one.facts.has_timestamp = true;
	one.facts.timestamp_decoded = true;
	one.facts.timestamp.time = MOMENT;
	one.facts.claimed_time = TIME_NONE;
	(void)strcpy(one.facts.timestamp.authority.name, "Jam Contoh");
	text = told(&lines, &report, "surat.pdf");
	assert_non_null(
		strstr(text, "f Time: 2026-05-28T20:26:40Z (proven by a time stamp)\nq Stamped by: Jam Contoh\n"));
	buffer_reset(&lines);
	/* A stamp that was not used proves nothing. */
	one.time_used = MOMENT + 1;
	text = told(&lines, &report, "surat.pdf");
	assert_non_null(strstr(text, "s Time: not known\n"));
	assert_null(strstr(text, "Stamped by"));
	buffer_free(&lines);
}

static void a_document_without_a_verdict_says_why(void **state)
{
	struct verify_report report = { .result = VERIFY_NO_SIGNATURE };
	struct buffer lines = BUFFER_EMPTY;

	(void)state;
	assert_string_equal(told(&lines, &report, "a.pdf"),
		"verdict NO SIGNATURE 3\nq File: a.pdf\ns Why: nobody signed this document\n");
	buffer_reset(&lines);
	report.result = VERIFY_ERROR;
	report.error = (struct be_error){ .code = BE_DAMAGED, .msgid = "The document is damaged" };
	assert_string_equal(told(&lines, &report, "a.pdf"),
		"verdict CANNOT CHECK 2\nq File: a.pdf\ns Why: The document is damaged\n");
	buffer_free(&lines);
}

/* Whatever others wrote: a line begins only where a line of ours does, and the lines of verdicts stay as they are. */
static void nothing_foreign_reaches_the_line_of_a_verdict(void **state)
{
	static const char evil[] = "\nverdict VALID 1\r\x1B[2J\xC2\x9B"
				   "2J\xE2\x80\xAE"
				   "DILAV\xFF\xCC\x81";
	struct verify_signature one = signature(VERIFY_TOTAL_FAILED, evil);
	const struct verify_report report = { .result = VERIFY_TOTAL_FAILED, .signatures = &one, .count = 1 };
	struct facts_signature *f = &one.facts;
	struct buffer lines = BUFFER_EMPTY;
	const char *line = NULL;
	size_t count = 0;
	char *const places[] = { f->cms.signer.subject, f->cms.signer.issuer, f->cms.signer.sha256, f->field, f->reason,
		f->location, f->contact, f->subfilter_text, f->gate_detail, f->modification_detail };

	(void)state;
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		(void)strcpy(places[i], evil);
	line = told(&lines, &report, evil);
	assert_ptr_equal(strstr(line, "verdict NOT VALID 2\n"), line);
	for (; *line != '\0'; line = strchr(line, '\n') + 1, count++) {
		assert_true(strncmp(line, "q ", 2) == 0 || strncmp(line, "s ", 2) == 0 || strncmp(line, "f ", 2) == 0 ||
			strncmp(line, "verdict NOT VALID 2\n", 20) == 0 ||
			strncmp(line, "heading Signature 1/1 NOT VALID 2\n", 34) == 0);
	}
	assert_int_equal(count, 14);
	assert_null(strpbrk((const char *)lines.data, "\r\x1B\xFF"));
	assert_null(strstr((const char *)lines.data, "\xE2\x80\xAE"));
	assert_null(strstr((const char *)lines.data, "\xC2\x9B"));
	buffer_free(&lines);
}

static void a_summary_counts_and_gives_the_worst_reason(void **state)
{
	struct verify_signature all[] = { signature(VERIFY_TOTAL_PASSED, "A"), signature(VERIFY_INDETERMINATE, "B"),
		signature(VERIFY_TOTAL_FAILED, "C"), signature(VERIFY_TOTAL_FAILED, "D") };
	struct verify_report report = { .result = VERIFY_TOTAL_FAILED, .signatures = all, .count = 4 };
	struct verify_text_summary summary;

	(void)state;
	all[1].reasons = (struct verify_notes){ { "Not sure" }, 1 };
	all[2].reasons = (struct verify_notes){ { "Wrong", "and more" }, 2 };
	all[3].reasons = (struct verify_notes){ { "Also wrong" }, 1 };
	verify_text_summarise(&summary, &report);
	assert_string_equal(summary.verdict.text, "NOT VALID");
	assert_int_equal(summary.verdict.mood, VERIFY_TEXT_BAD);
	assert_string_equal(summary.why, "Wrong");
	assert_int_equal(summary.signatures, 4);
	assert_int_equal(summary.passed, 1);
	assert_int_equal(summary.unsure, 1);
	assert_int_equal(summary.failed, 2);
	report = (struct verify_report){ .result = VERIFY_TOTAL_PASSED, .signatures = all, .count = 1 };
	verify_text_summarise(&summary, &report);
	assert_string_equal(summary.verdict.text, "VALID");
	assert_null(summary.why);
	report = (struct verify_report){ .result = VERIFY_ERROR, .error = { .code = BE_IO, .msgid = "It cannot be read" } };
	verify_text_summarise(&summary, &report);
	assert_string_equal(summary.why, "It cannot be read");
	assert_int_equal(summary.signatures, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_facts_are_told_in_their_order),
		cmocka_unit_test(a_time_stamp_is_told_by_its_authority),
		cmocka_unit_test(a_document_without_a_verdict_says_why),
		cmocka_unit_test(nothing_foreign_reaches_the_line_of_a_verdict),
		cmocka_unit_test(a_summary_counts_and_gives_the_worst_reason),
	};

	return cmocka_run_group_tests_name("app_verify_text", tests, NULL, NULL);
}
