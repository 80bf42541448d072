/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/outputs.h"

#include "support/desk.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* a.pdf and b.pdf; hard.pdf is a.pdf too, soft.pdf and up.pdf lead to it; sub is a directory and door leads there. */
static int make(void **state)
{
	(void)state;
	desk_make();
	desk_write("a.pdf", "a", 1);
	desk_write("b.pdf", "b", 1);
	desk_write("old.pdf", "old", 3);
	return link(desk_path("a.pdf"), desk_path("hard.pdf")) == 0 && symlink("a.pdf", desk_path("soft.pdf")) == 0 &&
			symlink("soft.pdf", desk_path("up.pdf")) == 0 && symlink("gone", desk_path("dangling")) == 0 &&
			mkdir(desk_path("sub"), 0700) == 0 && symlink("sub", desk_path("door")) == 0
		? 0
		: -1;
}

static int clear(void **state)
{
	(void)state;
	desk_clear();
	return 0;
}

static void outputs_that_cannot_be_right_are_refused_together(void **state)
{
	/* clang-format off */
	static const struct { const char *what, *first, *second; enum be_err expected; } cases[] = {
		{ "two names",                              "x.pdf",        "y.pdf",            BE_OK },
		{ "one name in two directories",            "x.pdf",        "sub/x.pdf",        BE_OK },
		{ "an old file that is no input",           "old.pdf",      "y.pdf",            BE_OK },
		{ "a link to nowhere",                      "dangling",     "y.pdf",            BE_OK },
		{ "a directory that is not there",          "no/x.pdf",     "no/x.pdf",         BE_OK },
		{ "one name",                               "x.pdf",        "x.pdf",            BE_SAME_OUTPUT },
		{ "one name, spelled differently",          "x.pdf",        "sub/../x.pdf",     BE_SAME_OUTPUT },
		{ "one name, with a point",                 "./x.pdf",      "x.pdf",            BE_SAME_OUTPUT },
		{ "one directory by two names",             "sub/x.pdf",    "door/x.pdf",       BE_SAME_OUTPUT },
		{ "one old file twice",                     "old.pdf",      "./old.pdf",        BE_SAME_OUTPUT },
		{ "its own input",                          "a.pdf",        "y.pdf",            BE_OUTPUT_IS_INPUT },
		{ "another's input",                        "b.pdf",        "y.pdf",            BE_OUTPUT_IS_INPUT },
		{ "an input through a hard link",           "y.pdf",        "hard.pdf",         BE_OUTPUT_IS_INPUT },
		{ "an input through a symbolic link",       "y.pdf",        "soft.pdf",         BE_OUTPUT_IS_INPUT },
		{ "an input through two symbolic links",    "y.pdf",        "up.pdf",           BE_OUTPUT_IS_INPUT },
		{ "an input through a linked directory",    "y.pdf",        "door/../b.pdf",    BE_OUTPUT_IS_INPUT },
	};
	/* clang-format on */

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct sign_document documents[] = {
			{ .input = desk_path("a.pdf"), .output = desk_path(cases[i].first), .replace = true },
			{ .input = desk_path("b.pdf"), .output = desk_path(cases[i].second), .replace = true },
		};
		enum be_err rc = sign_outputs_check(documents, 2, NULL);

		if (rc != cases[i].expected)
			fail_msg("%s: %s", cases[i].what, be_err_word(rc));
	}
}

static void names_without_a_directory_are_meant_here(void **state)
{
	struct sign_document documents[] = {
		{ .input = "a.pdf", .output = "x.pdf" },
		{ .input = "b.pdf", .output = "./x.pdf" },
	};
	char here[4096];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(chdir(desk_path(".")), 0);
	assert_int_equal(sign_outputs_check(documents, 2, NULL), BE_SAME_OUTPUT);
	documents[1].output = "hard.pdf";
	assert_int_equal(sign_outputs_check(documents, 2, NULL), BE_OUTPUT_IS_INPUT);
	documents[1].output = "y.pdf";
	assert_int_equal(sign_outputs_check(documents, 2, NULL), BE_OK);
	assert_int_equal(chdir(here), 0);
}

static void a_missing_input_is_no_objection_here(void **state)
{
	const struct sign_document document = { .input = desk_path("no.pdf"), .output = desk_path("x.pdf") };

	(void)state;
	assert_int_equal(sign_outputs_check(&document, 1, NULL), BE_OK);
}

static void the_refused_output_is_named(void **state)
{
	const struct sign_document document = { .input = desk_path("a.pdf"), .output = desk_path("soft.pdf") };
	struct be_error err = { .code = BE_OK };

	(void)state;
	assert_int_equal(sign_outputs_check(&document, 1, &err), BE_OUTPUT_IS_INPUT);
	assert_non_null(err.msgid);
	assert_non_null(strstr(err.detail, "soft.pdf"));
}

static void one_collision_is_found_among_hundreds(void **state)
{
	static struct sign_document documents[300];
	char name[16];

	(void)state;
	for (size_t i = 0; i < 300; i++) {
		(void)snprintf(name, sizeof(name), "o%zu.pdf", i == 299 ? 7 : i);
		documents[i] = (struct sign_document){ .input = desk_path("a.pdf"), .output = desk_path(name) };
	}
	assert_int_equal(sign_outputs_check(documents, 299, NULL), BE_OK);
	assert_int_equal(sign_outputs_check(documents, 300, NULL), BE_SAME_OUTPUT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(outputs_that_cannot_be_right_are_refused_together, make, clear),
		cmocka_unit_test_setup_teardown(names_without_a_directory_are_meant_here, make, clear),
		cmocka_unit_test_setup_teardown(a_missing_input_is_no_objection_here, make, clear),
		cmocka_unit_test_setup_teardown(the_refused_output_is_named, make, clear),
		cmocka_unit_test_setup_teardown(one_collision_is_found_among_hundreds, make, clear),
	};

	return cmocka_run_group_tests_name("outputs of a batch", tests, NULL, NULL);
}
