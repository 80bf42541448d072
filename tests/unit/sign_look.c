/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/look.h"

#include "support/desk.h"
#include "support/pdf_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static int make(void **state)
{
	(void)state;
	(void)setenv("TZ", "WIB-7", 1);
	desk_make();
	return 0;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

/* ---- lines ---- */

static const struct sign_options said = { .name = "Siti \xC3\x85",
	.reason = "Setuju {name}",
	.location = "",
	.time = CA_NOW };

/* clang-format off */
static const struct {
	const char *line, *filled;
	bool empty;
	enum be_err expected;
} lines[] = {
	{ "Tetap", "Tetap", false, BE_OK },
	{ "", "", false, BE_OK },
	{ "Oleh {name}.", "Oleh Siti \xC3\x85.", false, BE_OK },
	{ "{time}", "2026-05-29 03:26:40 +07:00", false, BE_OK },
	{ "{reason}", "Setuju {name}", false, BE_OK },
	{ "{location}", "", true, BE_OK },
	{ "Di {location}", "Di ", true, BE_OK },
	{ "Di {location}, {name}", "Di , Siti \xC3\x85", false, BE_OK },
	{ "{{name}", "{name}", false, BE_OK },
	{ "a{{b}}", "a{b}}", false, BE_OK },
	{ "{nama}", NULL, false, BE_USAGE },
	{ "{}", NULL, false, BE_USAGE },
	{ "{name", NULL, false, BE_USAGE },
	{ "{ name}", NULL, false, BE_USAGE },
	{ "{Name}", NULL, false, BE_USAGE },
	{ "{name{time}", NULL, false, BE_USAGE },
};
/* clang-format on */

static void the_words_of_a_line_are_filled_in_once(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT(lines); i++) {
		struct buffer out = BUFFER_EMPTY;
		bool empty = false;
		enum be_err rc = sign_look_fill(&out, lines[i].line, &said, &empty, NULL);

		buffer_add_byte(&out, '\0');
		if (rc != lines[i].expected)
			fail_msg("%s: %s", lines[i].line, be_err_word(rc));
		if (rc == BE_OK) {
			assert_string_equal((const char *)out.data, lines[i].filled);
			assert_int_equal(empty, lines[i].empty);
		}
		buffer_free(&out);
	}
}

static void what_cannot_be_drawn_is_known_before_a_key_is_asked_for(void **state)
{
	static const char *const bad[] = { "{nama}" };
	static const char *many[17];
	const struct {
		struct sign_look look;
		enum be_err expected;
	} looks[] = {
		{ { .image = NULL }, BE_OK },
		{ { .qr = "x" }, BE_OK },
		{ { .qr = "" }, BE_USAGE },
		{ { .lines = bad, .line_count = 1 }, BE_USAGE },
		{ { .lines = many, .line_count = 17 }, BE_LIMIT },
		{ { .lines = many, .line_count = 16 }, BE_OK },
		{ { .image = "absent.png" }, BE_NOT_FOUND },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(many); i++)
		many[i] = "x";
	for (size_t i = 0; i < COUNT(looks); i++) {
		struct be_error err = { .code = BE_OK };
		enum be_err rc = sign_look_check(&looks[i].look, &err);

		if (rc != looks[i].expected)
			fail_msg("%zu: %s", i, be_err_word(rc));
		assert_true(rc == BE_OK || err.msgid != NULL);
	}
}

/* ---- one appearance, many documents ---- */

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

static void write_pages(const char *name, const char *media, size_t pages)
{
	char tree[80];
	char page[160];
	struct pdftext t;

	(void)snprintf(tree, sizeof(tree), "<</Type/Pages/Kids[3 0 R%s]/Count %zu>>", pages > 1 ? " 4 0 R" : "", pages);
	(void)snprintf(page, sizeof(page), "<</Type/Page/Parent 2 0 R/MediaBox[0 0 %s]/Contents 5 0 R>>", media);
	pdftext_begin(&t);
	pdftext_object(&t, 1, "<</Type/Catalog/Pages 2 0 R>>");
	pdftext_object(&t, 2, tree);
	pdftext_object(&t, 3, page);
	pdftext_object(&t, 4, page);
	pdftext_stream(&t, 5, "", "0 0 9 9 re f", 12);
	pdftext_table(&t, "/Root 1 0 R");
	desk_write(name, t.bytes.data, t.bytes.len);
	pdftext_free(&t);
}

static void assert_rect(const char *name, const char *rect)
{
	struct buffer file = BUFFER_EMPTY;

	desk_read(&file, name);
	if (memmem(file.data, file.len, rect, strlen(rect)) == NULL)
		fail_msg("%s has no %s", name, rect);
	buffer_free(&file);
}

static void a_batch_shares_its_appearance_and_each_document_has_its_place(void **state)
{
	static const struct {
		const char *input, *media;
		size_t pages;
		enum be_err expected;
		const char *rect;
	} cases[] = {
		{ "a.pdf", "300 400", 2, BE_OK, "/Rect [10 340 110 380]" },
		{ "short.pdf", "300 400", 1, BE_NO_SUCH_PAGE, NULL },
		{ "narrow.pdf", "90 400", 2, BE_OUTSIDE_PAGE, NULL },
		{ "low.pdf", "300 50", 2, BE_OUTSIDE_PAGE, NULL },
		{ "b.pdf", "300 200", 2, BE_OK, "/Rect [10 140 110 180]" },
		{ "own.pdf", "300 400", 1, BE_OK, "/Rect [150 290 250 330]" },
	};
	const struct pdf_sign_spot own = { 1, { 150, 70, 100, 40 } };
	struct sign_options options = { .time = CA_NOW, .spot = { 2, { 10, 20, 100, 40 } }, .jobs = 3 };
	struct sign_document documents[COUNT(cases)];
	struct signer *signer = open_key();
	struct buffer stamp = BUFFER_EMPTY;
	char outputs[COUNT(cases)][24];

	(void)state;
	write_pages("stamp.pdf", "100 40", 1);
	desk_read(&stamp, "stamp.pdf");
	options.appearance = stamp.data;
	options.appearance_len = stamp.len;
	for (size_t i = 0; i < COUNT(cases); i++) {
		write_pages(cases[i].input, cases[i].media, cases[i].pages);
		(void)snprintf(outputs[i], sizeof(outputs[i]), "out-%s", cases[i].input);
		documents[i] =
			(struct sign_document){ .input = desk_path(cases[i].input), .output = desk_path(outputs[i]) };
	}
	documents[COUNT(cases) - 1].spot = &own;
	assert_int_equal(sign_documents(signer, &options, documents, COUNT(cases), NULL, NULL), BE_OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		if (documents[i].result != cases[i].expected)
			fail_msg("%s: %s", cases[i].input, be_err_word(documents[i].result));
		assert_int_equal(desk_has(outputs[i]), cases[i].expected == BE_OK);
		if (cases[i].expected == BE_OK)
			assert_rect(outputs[i], cases[i].rect);
	}
	buffer_free(&stamp);
	signer_free(&signer);
}

static void an_appearance_that_cannot_be_one_starts_nothing(void **state)
{
	struct sign_options options = {
		.time = CA_NOW, .appearance = "no PDF", .appearance_len = 6, .spot = { 1, { 0, 0, 9, 9 } }
	};
	struct signer *signer = open_key();
	struct sign_document document;

	(void)state;
	write_pages("a.pdf", "300 400", 1);
	document = (struct sign_document){ .input = desk_path("a.pdf"), .output = desk_path("out.pdf") };
	assert_int_equal(sign_documents(signer, &options, &document, 1, NULL, NULL), BE_BAD_APPEARANCE);
	assert_false(desk_has("out.pdf"));
	signer_free(&signer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(the_words_of_a_line_are_filled_in_once, make, clear),
		cmocka_unit_test_setup_teardown(what_cannot_be_drawn_is_known_before_a_key_is_asked_for, make, clear),
		cmocka_unit_test_setup_teardown(
			a_batch_shares_its_appearance_and_each_document_has_its_place, make, clear),
		cmocka_unit_test_setup_teardown(an_appearance_that_cannot_be_one_starts_nothing, make, clear),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
