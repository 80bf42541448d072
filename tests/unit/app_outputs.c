/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/outputs.h"

#include "support/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static int make(void **state)
{
	(void)state;
	desk_make();
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static const struct {
	struct outputs_place place;
	const char *input, *output;
} names[] = {
	{ { NULL, NULL, false }, "surat.pdf", "surat_signed.pdf" },
	{ { NULL, NULL, false }, "a/surat.PDF", "a/surat_signed.pdf" },
	{ { NULL, NULL, false }, "/a.b/surat", "/a.b/surat_signed.pdf" },
	{ { NULL, NULL, false }, ".pdf", ".pdf_signed.pdf" },
	{ { NULL, NULL, false }, "surat.pdf.txt", "surat.pdf.txt_signed.pdf" },
	{ { NULL, NULL, false }, "\xFF\n\xE2\x80\xAE.pdf", "\xFF\n\xE2\x80\xAE_signed.pdf" },
	{ { NULL, "ke", false }, "surat.pdf", "ke/surat.pdf" },
	{ { NULL, "/ke", false }, "/dari/surat.pdf", "/ke/surat.pdf" },
	{ { "hasil.pdf", NULL, false }, "surat.pdf", "hasil.pdf" },
};

static void an_output_has_the_name_that_its_place_gives(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char *name = outputs_name(&names[i].place, names[i].input);

		assert_non_null(name);
		assert_string_equal(name, names[i].output);
		free(name);
	}
}

static void what_cannot_be_opened_has_its_result_at_once(void **state)
{
	const char *const inputs[] = { desk_path("ada.pdf"), desk_path("tiada.pdf"), desk_path("") };
	const struct outputs_place place = { .replace = true };
	struct outputs outputs;

	(void)state;
	desk_pdf("ada.pdf", NULL);
	assert_int_equal(outputs_make(&outputs, inputs, 3, &place, true, NULL), BE_OK);
	assert_int_equal(outputs.count, 3);
	assert_false(outputs.unreadable[0]);
	assert_int_equal(outputs.documents[1].result, BE_NOT_FOUND);
	assert_int_equal(outputs.documents[2].result, BE_NOT_A_PDF);
	assert_true(outputs.documents[0].replace && outputs.documents[0].hash_output);
	assert_ptr_equal(outputs.documents[0].output, outputs.names[0]);
	assert_false(outputs_are_hopeless(&outputs));
	outputs_free(&outputs);
	assert_int_equal(outputs_make(&outputs, inputs + 1, 2, &place, false, NULL), BE_OK);
	assert_true(outputs_are_hopeless(&outputs));
	outputs_free(&outputs);
}

/* ---- signing ---- */

static struct signer *open_key(void)
{
	struct secret *secret = NULL;
	struct signer *signer = NULL;

	desk_p12("key.p12", ca_key(CA_P256, 0));
	assert_int_equal(secret_new(&secret, 64, NULL), BE_OK);
	assert_int_equal(secret_add(secret, DESK_PASSPHRASE, strlen(DESK_PASSPHRASE), NULL), BE_OK);
	assert_int_equal(signer_open_p12(&signer, desk_path("key.p12"), secret, NULL), BE_OK);
	secret_free(&secret);
	return signer;
}

struct seen {
	unsigned done[3];
	size_t most;
};

static void watch(void *context, enum sign_stage stage, size_t document, size_t done, size_t count)
{
	struct seen *seen = context;

	(void)done;
	seen->done[document] += stage == SIGN_DONE;
	seen->most = count;
}

static void those_that_can_be_opened_are_signed_and_reported_by_their_place(void **state)
{
	const char *const inputs[] = { desk_path("a.pdf"), desk_path("tiada.pdf"), desk_path("c.pdf") };
	const struct outputs_place place = { .dir = desk_path("ke") };
	const struct sign_options options = { .time = CA_NOW };
	struct signer *signer = open_key();
	struct outputs outputs;
	struct seen seen = { .most = 0 };
	const struct sign_progress progress = { watch, &seen, NULL };

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_pdf("c.pdf", NULL);
	assert_int_equal(outputs_make(&outputs, inputs, 3, &place, false, NULL), BE_OK);
	assert_false(desk_has("ke"));
	assert_int_equal(outputs_sign(&outputs, signer, &options, &progress, NULL), BE_OK);
	assert_int_equal(outputs.documents[0].result, BE_OK);
	assert_int_equal(outputs.documents[1].result, BE_NOT_FOUND);
	assert_int_equal(outputs.documents[2].result, BE_OK);
	assert_true(desk_has("ke/a.pdf") && desk_has("ke/c.pdf"));
	assert_int_equal(seen.done[0] + seen.done[2], 2);
	assert_int_equal(seen.done[1], 0);
	assert_int_equal(seen.most, 2);
	assert_int_equal(unlink(outputs.names[0]) + unlink(outputs.names[2]), 0);
	outputs_free(&outputs);
	signer_free(&signer);
}

static void where_nothing_could_be_started_no_document_looks_signed(void **state)
{
	const char *const inputs[] = { desk_path("a.pdf"), desk_path("b.pdf") };
	const struct outputs_place place = { .output = desk_path("hasil.pdf") };
	const struct sign_options options = { .time = CA_NOW };
	struct signer *signer = open_key();
	struct outputs outputs;

	(void)state;
	desk_pdf("a.pdf", NULL);
	desk_pdf("b.pdf", NULL);
	assert_int_equal(outputs_make(&outputs, inputs, 2, &place, false, NULL), BE_OK);
	assert_int_equal(outputs_sign(&outputs, signer, &options, NULL, NULL), BE_SAME_OUTPUT);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(outputs.documents[i].result, BE_SAME_OUTPUT);
		assert_int_equal(outputs.documents[i].error.code, BE_SAME_OUTPUT);
	}
	assert_false(desk_has("hasil.pdf"));
	outputs_free(&outputs);
	signer_free(&signer);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_output_has_the_name_that_its_place_gives),
		AT_DESK(what_cannot_be_opened_has_its_result_at_once),
		AT_DESK(those_that_can_be_opened_are_signed_and_reported_by_their_place),
		AT_DESK(where_nothing_could_be_started_no_document_looks_signed),
	};

	return cmocka_run_group_tests_name("app_outputs", tests, NULL, NULL);
}
