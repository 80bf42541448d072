/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "besign.h"

#include "support/desk.h"
#include "support/pdf_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The library as a stranger's program sees it. */

static int make(void **state)
{
	(void)state;
	desk_make();
	desk_pdf("a.pdf", NULL);
	desk_p12("key.p12", ca_key(CA_P256, 0));
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static struct besign_signer *open_key(void)
{
	struct besign_signer *signer = NULL;
	struct besign_error error;

	assert_int_equal(
		besign_signer_open_p12(desk_path("key.p12"), DESK_PASSPHRASE, strlen(DESK_PASSPHRASE), &signer, &error),
		0);
	assert_string_equal(error.code, "");
	assert_non_null(signer);
	return signer;
}

static struct besign_sign_options options_now(void)
{
	return (struct besign_sign_options){ .size = sizeof(struct besign_sign_options), .time = CA_NOW };
}

static void a_document_is_signed_with_a_few_lines(void **state)
{
	struct besign_document letter = {
		.input = desk_path("a.pdf"), .output = desk_path("out.pdf"), .hash_output = 1
	};
	struct besign_sign_options options = options_now();
	struct besign_signer *signer = open_key();
	struct besign_error error;

	(void)state;
	options.reason = "Disetujui";
	options.form = "pkcs7";
	options.digest = "sha512";
	assert_int_equal(besign_sign(signer, &options, &letter, 1, &error), 0);
	assert_string_equal(error.code, "");
	assert_int_equal(letter.is_signed, 1);
	assert_string_equal(letter.error.code, "");
	assert_string_equal(letter.field, "Signature1");
	assert_int_equal(strlen(letter.sha256), 64);
	assert_true(desk_has("out.pdf"));
	besign_signer_free(&signer);
	assert_null(signer);
	besign_signer_free(&signer);
	besign_signer_free(NULL);
}

static void a_wrong_passphrase_gives_no_signer(void **state)
{
	struct besign_signer *signer = (struct besign_signer *)1;
	struct besign_error error;

	(void)state;
	assert_int_equal(besign_signer_open_p12(desk_path("key.p12"), "salah", 5, &signer, &error), -1);
	assert_null(signer);
	assert_string_equal(error.code, "wrong-passphrase");
	assert_string_not_equal(error.message, "");
	assert_int_equal(besign_signer_open_p12(desk_path("key.p12"), NULL, 0, &signer, &error), -1);
	assert_string_equal(error.code, "wrong-passphrase");
	assert_int_equal(besign_signer_open_p12(desk_path("absent"), "x", 1, &signer, NULL), -1);
	assert_null(signer);
}

static void one_bad_document_makes_one_and_says_why(void **state)
{
	struct besign_document letters[] = {
		{ .input = desk_path("absent"), .output = desk_path("x.pdf") },
		{ .input = desk_path("a.pdf"), .output = desk_path("y.pdf") },
	};
	struct besign_sign_options options = options_now();
	struct besign_signer *signer = open_key();

	(void)state;
	assert_int_equal(besign_sign(signer, &options, letters, 2, NULL), 1);
	assert_int_equal(letters[0].is_signed, 0);
	assert_string_equal(letters[0].error.code, "not-found");
	assert_int_equal(letters[1].is_signed, 1);
	assert_true(desk_has("y.pdf") && !desk_has("x.pdf"));
	besign_signer_free(&signer);
}

static void what_cannot_start_leaves_every_document_unsigned(void **state)
{
	/* clang-format off */
	static const struct { const char *form, *digest; int pss; int64_t time; const char *code; } cases[] = {
		{ "xades", NULL,   0, CA_NOW,                "usage" },
		{ NULL,    "sha1", 0, CA_NOW,                "usage" },
		{ NULL,    NULL,   1, CA_NOW,                "key-not-fit-for-signing" },
		{ NULL,    NULL,   0, CA_NOW + 2 * CA_YEAR,  "certificate-expired" },
	};
	/* clang-format on */
	struct besign_signer *signer = open_key();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct besign_document letter = {
			.input = desk_path("a.pdf"), .output = desk_path("x"), .is_signed = 1
		};
		struct besign_sign_options options = options_now();
		struct besign_error error;

		options.form = cases[i].form;
		options.digest = cases[i].digest;
		options.pss = cases[i].pss;
		options.time = cases[i].time;
		assert_int_equal(besign_sign(signer, &options, &letter, 1, &error), -1);
		assert_string_equal(error.code, cases[i].code);
		assert_int_equal(letter.is_signed, 0);
	}
	assert_false(desk_has("x"));
	besign_signer_free(&signer);
}

/* ---- visible signatures ---- */

static void make_stamp(struct buffer *out)
{
	struct pdftext t;

	pdftext_begin(&t);
	pdftext_object(&t, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pdftext_object(&t, 2, "<</Type/Pages/Kids[3 0 R]/Count 1>>");
	pdftext_object(&t, 3, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 50 50]/Contents 4 0 R>>");
	pdftext_stream(&t, 4, "", "0 0 9 9 re f", 12);
	pdftext_table(&t, "/Root 1 0 R");
	buffer_add(out, t.bytes.data, t.bytes.len);
	pdftext_free(&t);
}

static void what_is_to_be_seen_goes_together_or_is_refused(void **state)
{
	static const char *const lines[] = { "Oleh {name}" };
	static const char *const wrong[] = { "Oleh {nama}" };
	const struct {
		const char *what;
		bool ready;
		const char *qr, *const *lines;
		const char *field;
		int page, reserved;
		double width;
		const char *code;
	} cases[] = {
		{ "a place and nothing to show", false, NULL, NULL, NULL, 1, 0, 50, "usage" },
		{ "a page and nothing to show", false, NULL, NULL, NULL, 1, 0, 0, "usage" },
		{ "nowhere", true, NULL, NULL, NULL, 0, 0, 50, "usage" },
		{ "before the first page", true, NULL, NULL, NULL, -2, 0, 50, "usage" },
		{ "in a field and in a place", true, NULL, NULL, "A", 1, 0, 50, "usage" },
		{ "a page that is ready, and a drawing", true, "x", NULL, NULL, 1, 0, 50, "usage" },
		{ "a word that nobody fills in", false, NULL, wrong, NULL, 1, 0, 50, "usage" },
		{ "a QR code of nothing", false, "", lines, NULL, 1, 0, 50, "usage" },
		{ "what is reserved", true, NULL, NULL, NULL, 1, 1, 50, "unsupported" },
	};
	struct besign_signer *signer = open_key();
	struct buffer stamp = BUFFER_EMPTY;

	(void)state;
	make_stamp(&stamp);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct besign_document letter = { .input = desk_path("a.pdf"), .output = desk_path("x.pdf") };
		struct besign_sign_options options = options_now();
		struct besign_error error;

		options.appearance = cases[i].ready ? stamp.data : NULL;
		options.appearance_len = cases[i].ready ? stamp.len : 0;
		options.qr = cases[i].qr;
		options.lines = cases[i].lines;
		options.line_count = cases[i].lines != NULL ? 1 : 0;
		options.field = cases[i].field;
		options.page = cases[i].page;
		options.reserved_int = cases[i].reserved;
		options.rect[2] = options.rect[3] = cases[i].width;
		if (besign_sign(signer, &options, &letter, 1, &error) != -1 || strcmp(error.code, cases[i].code) != 0)
			fail_msg("%s: %s", cases[i].what, error.code);
		assert_false(desk_has("x.pdf"));
	}
	buffer_free(&stamp);
	besign_signer_free(&signer);
}

static void a_page_that_is_ready_is_shown_and_older_callers_sign_invisibly(void **state)
{
	struct besign_document letter = { .input = desk_path("a.pdf"), .output = desk_path("x.pdf") };
	struct besign_sign_options options = options_now();
	struct besign_signer *signer = open_key();
	struct buffer stamp = BUFFER_EMPTY;
	struct buffer file = BUFFER_EMPTY;

	(void)state;
	make_stamp(&stamp);
	options.appearance = stamp.data;
	options.appearance_len = stamp.len;
	options.page = -1;
	options.rect[0] = 10;
	options.rect[1] = 20;
	options.rect[2] = options.rect[3] = 50;
	assert_int_equal(besign_sign(signer, &options, &letter, 1, NULL), 0);
	desk_read(&file, "x.pdf");
	assert_non_null(memmem(file.data, file.len, "/Subtype /Form", 14));
	/* A caller that was built before these options said less, and signs invisibly. */
	options.size = offsetof(struct besign_sign_options, appearance);
	letter.output = desk_path("y.pdf");
	assert_int_equal(besign_sign(signer, &options, &letter, 1, NULL), 0);
	buffer_reset(&file);
	desk_read(&file, "y.pdf");
	assert_null(memmem(file.data, file.len, "/Subtype /Form", 14));
	buffer_free(&file);
	buffer_free(&stamp);
	besign_signer_free(&signer);
}

/* What a later header may add to the end. */
struct later {
	struct besign_sign_options known;
	int64_t unknown;
};

static void an_option_of_a_later_version_is_refused_and_never_ignored(void **state)
{
	struct besign_document letter = { .input = desk_path("a.pdf"), .output = desk_path("x.pdf") };
	struct later later = { .known = options_now(), .unknown = 1 };
	struct besign_signer *signer = open_key();
	struct besign_error error;

	(void)state;
	later.known.size = sizeof(later);
	assert_int_equal(besign_sign(signer, &later.known, &letter, 1, &error), -1);
	assert_string_equal(error.code, "unsupported");
	later.known.size = 0;
	assert_int_equal(besign_sign(signer, &later.known, &letter, 1, &error), -1);
	assert_string_equal(error.code, "usage");
	assert_false(desk_has("x.pdf"));
	later.known.size = sizeof(later);
	later.unknown = 0;
	assert_int_equal(besign_sign(signer, &later.known, &letter, 1, &error), 0);
	besign_signer_free(&signer);
}

static int stop(void *context, enum besign_stage stage, size_t document, size_t done, size_t count)
{
	unsigned *calls = context;

	(void)document;
	(void)done;
	(void)count;
	(*calls)++;
	return stage == BESIGN_PREPARED;
}

static void a_callback_can_cancel(void **state)
{
	struct besign_document letter = { .input = desk_path("a.pdf"), .output = desk_path("x.pdf") };
	struct besign_sign_options options = options_now();
	struct besign_signer *signer = open_key();
	unsigned calls = 0;

	(void)state;
	options.progress = stop;
	options.context = &calls;
	assert_int_equal(besign_sign(signer, &options, &letter, 1, NULL), 1);
	assert_string_equal(letter.error.code, "cancelled");
	assert_int_equal(calls, 2);
	assert_false(desk_has("x.pdf"));
	besign_signer_free(&signer);
}

static void a_document_that_cannot_be_judged_is_an_error_and_no_verdict(void **state)
{
	struct besign_verify_options options = { .size = sizeof(options), .at = CA_NOW };
	struct besign_error error;
	char *json = NULL;

	(void)state;
	assert_int_equal(besign_verify(desk_path("absent.pdf"), &options, &json, &error), BESIGN_ERROR);
	assert_string_not_equal(error.code, "");
	assert_non_null(json);
	assert_null(strchr(json, '\n'));
	assert_non_null(strstr(json, "\"result\":\"ERROR\""));
	besign_free(json);
	options.trust_dir = desk_path("nowhere");
	assert_int_equal(besign_verify(desk_path("a.pdf"), &options, &json, &error), BESIGN_ERROR);
	assert_null(json);
	assert_string_not_equal(error.code, "");
	options.trust_dir = NULL;
	options.revocation = (enum besign_revocation)7;
	assert_int_equal(besign_verify(desk_path("a.pdf"), &options, NULL, &error), BESIGN_ERROR);
	assert_string_equal(error.code, "usage");
	besign_free(NULL);
}

static void what_was_signed_is_intact_and_trusted_by_nobody(void **state)
{
	struct besign_verify_options verify = { .size = sizeof(verify), .at = CA_NOW };
	struct besign_document letter = { .input = desk_path("a.pdf"), .output = desk_path("out.pdf") };
	struct besign_sign_options options = options_now();
	struct besign_signer *signer = open_key();
	enum besign_result result;
	struct besign_error error;
	char *json = NULL;

	(void)state;
	assert_int_equal(besign_sign(signer, &options, &letter, 1, NULL), 0);
	besign_signer_free(&signer);
	result = besign_verify(desk_path("out.pdf"), &verify, &json, &error);
	if (result == BESIGN_ERROR && strcmp(error.code, "helper-failed") == 0) {
		besign_free(json);
		print_message("besign-judge is neither beside this test nor installed: %s\n", error.detail);
		skip();
	}
	assert_int_equal(result, BESIGN_INDETERMINATE);
	assert_string_equal(error.code, "");
	assert_non_null(strstr(json, "\"integrity\":true"));
	assert_non_null(strstr(json, "\"trusted\":false"));
	besign_free(json);
}

static void the_version_is_said(void **state)
{
	(void)state;
	assert_true(strlen(besign_version()) >= 5);
	assert_true(besign_version()[0] >= '0' && besign_version()[0] <= '9');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_document_is_signed_with_a_few_lines, make, clear),
		cmocka_unit_test_setup_teardown(a_wrong_passphrase_gives_no_signer, make, clear),
		cmocka_unit_test_setup_teardown(one_bad_document_makes_one_and_says_why, make, clear),
		cmocka_unit_test_setup_teardown(what_cannot_start_leaves_every_document_unsigned, make, clear),
		cmocka_unit_test_setup_teardown(what_is_to_be_seen_goes_together_or_is_refused, make, clear),
		cmocka_unit_test_setup_teardown(a_page_that_is_ready_is_shown_and_older_callers_sign_invisibly, make, clear),
		cmocka_unit_test_setup_teardown(an_option_of_a_later_version_is_refused_and_never_ignored, make, clear),
		cmocka_unit_test_setup_teardown(a_callback_can_cancel, make, clear),
		cmocka_unit_test_setup_teardown(
			a_document_that_cannot_be_judged_is_an_error_and_no_verdict, make, clear),
		cmocka_unit_test_setup_teardown(what_was_signed_is_intact_and_trusted_by_nobody, make, clear),
		cmocka_unit_test(the_version_is_said),
	};

	return cmocka_run_group_tests_name("the library from outside", tests, NULL, NULL);
}
