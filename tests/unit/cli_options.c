/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/options.h"

#include <string.h>

#define WORDS_MAX 20

struct wishes {
	bool loud;
	const char *file;
	const char *pair[2];
	int number;
	int choice;
	const char *list[OPTIONS_LIST_MAX + 1];
};

#define AT(member) .at = offsetof(struct wishes, member)
static const struct options_spec table[] = {
	{ .kind = OPTIONS_FLAG, .name = "loud", .letter = 'l', AT(loud) },
	{ .kind = OPTIONS_TEXT, .name = "file", .letter = 'o', AT(file) },
	{ .kind = OPTIONS_PAIR, .name = "pair", AT(pair) },
	{ .kind = OPTIONS_NUMBER, .name = "number", AT(number) },
	{ .kind = OPTIONS_CHOICE, .name = "choice", .value = "red|green|redder", AT(choice) },
	{ .kind = OPTIONS_LIST, .name = "each", AT(list) },
	{ .kind = OPTIONS_LATER, .name = "sometime" },
	{ .kind = OPTIONS_END },
};

/* The words of a command line; argv[0] is added. */
struct line {
	const char *words[WORDS_MAX];
};

static enum be_err parse(
	const struct line *line, struct wishes *out, char *argv[WORDS_MAX + 2], int *count, struct be_error *err)
{
	static char kept[WORDS_MAX + 1][64];
	int argc = 0;

	argv[argc] = strcpy(kept[argc], "command");
	argc++;
	for (int i = 0; i < WORDS_MAX && line->words[i] != NULL; i++, argc++)
		argv[argc] = strcpy(kept[argc], line->words[i]);
	argv[argc] = NULL;
	*out = (struct wishes){ .number = -1, .choice = -1 };
	return options_parse(table, out, argc, argv, count, err);
}

static const struct {
	struct line line;
	struct wishes expected;
	const char *operands[WORDS_MAX];
} understood[] = {
	{ { { NULL } }, { .number = -1, .choice = -1 }, { NULL } },
	{ { { "a", "b" } }, { .number = -1, .choice = -1 }, { "a", "b" } },
	{ { { "--loud", "a" } }, { .loud = true, .number = -1, .choice = -1 }, { "a" } },
	{ { { "a", "-l" } }, { .loud = true, .number = -1, .choice = -1 }, { "a" } },
	{ { { "--loud", "--loud" } }, { .loud = true, .number = -1, .choice = -1 }, { NULL } },
	{ { { "--file", "x", "a" } }, { .file = "x", .number = -1, .choice = -1 }, { "a" } },
	{ { { "--file=x=y", "a" } }, { .file = "x=y", .number = -1, .choice = -1 }, { "a" } },
	{ { { "--file=" } }, { .file = "", .number = -1, .choice = -1 }, { NULL } },
	{ { { "--file", "--loud" } }, { .file = "--loud", .number = -1, .choice = -1 }, { NULL } },
	{ { { "-o", "x" } }, { .file = "x", .number = -1, .choice = -1 }, { NULL } },
	{ { { "-ox" } }, { .file = "x", .number = -1, .choice = -1 }, { NULL } },
	{ { { "--number", "0" } }, { .number = 0, .choice = -1 }, { NULL } },
	{ { { "--number=999999999" } }, { .number = 999999999, .choice = -1 }, { NULL } },
	{ { { "--choice", "red" } }, { .number = -1, .choice = 0 }, { NULL } },
	{ { { "--choice=redder" } }, { .number = -1, .choice = 2 }, { NULL } },
	{ { { "--pair", "1", "f", "a" } }, { .pair = { "1", "f" }, .number = -1, .choice = -1 }, { "a" } },
	{ { { "--each", "1", "a", "--each=", "--each", "--each" } },
		{ .number = -1, .choice = -1, .list = { "1", "", "--each" } }, { "a" } },
	{ { { "a", "--", "--loud", "--" } }, { .number = -1, .choice = -1 }, { "a", "--loud", "--" } },
	{ { { "-", "a" } }, { .number = -1, .choice = -1 }, { "-", "a" } },
	{ { { "--", "-o" } }, { .number = -1, .choice = -1 }, { "-o" } },
};

static void assert_text(const char *text, const char *expected)
{
	if (expected == NULL)
		assert_null(text);
	else
		assert_string_equal(text, expected);
}

static void options_and_operands_land_where_they_belong(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(understood) / sizeof(understood[0]); i++) {
		const struct wishes *expected = &understood[i].expected;
		char *argv[WORDS_MAX + 2];
		struct wishes got;
		int count = -1;
		int operands = 0;

		assert_int_equal(parse(&understood[i].line, &got, argv, &count, NULL), BE_OK);
		assert_int_equal(got.loud, expected->loud);
		assert_int_equal(got.number, expected->number);
		assert_int_equal(got.choice, expected->choice);
		assert_text(got.file, expected->file);
		assert_text(got.pair[0], expected->pair[0]);
		assert_text(got.pair[1], expected->pair[1]);
		for (size_t k = 0; k <= OPTIONS_LIST_MAX; k++)
			assert_text(got.list[k], expected->list[k]);
		for (; understood[i].operands[operands] != NULL; operands++)
			assert_string_equal(argv[1 + operands], understood[i].operands[operands]);
		assert_int_equal(count, operands);
	}
}

static const struct {
	struct line line;
	enum be_err code;
	const char *detail;
} refused[] = {
	{ { { "--nothing" } }, BE_USAGE, "--nothing" },
	{ { { "--lou" } }, BE_USAGE, "--lou" },
	{ { { "--louder" } }, BE_USAGE, "--louder" },
	{ { { "-x" } }, BE_USAGE, "-x" },
	{ { { "--=x" } }, BE_USAGE, "--=x" },
	{ { { "--loud=yes" } }, BE_USAGE, "--loud=yes" },
	{ { { "--file" } }, BE_USAGE, "--file" },
	{ { { "-o" } }, BE_USAGE, "-o" },
	{ { { "--file", "a", "--file=b" } }, BE_USAGE, "--file=b" },
	{ { { "--number", "many" } }, BE_USAGE, "many" },
	{ { { "--number=-1" } }, BE_USAGE, "--number=-1" },
	{ { { "--number=" } }, BE_USAGE, "--number=" },
	{ { { "--number", "4294967296" } }, BE_USAGE, "4294967296" },
	{ { { "--choice", "blue" } }, BE_USAGE, "--choice red|green|redder" },
	{ { { "--choice=re" } }, BE_USAGE, "--choice red|green|redder" },
	{ { { "--choice=red|green" } }, BE_USAGE, "--choice red|green|redder" },
	{ { { "--choice=" } }, BE_USAGE, "--choice red|green|redder" },
	{ { { "--pair", "1" } }, BE_USAGE, "--pair" },
	{ { { "--pair=1", "f" } }, BE_USAGE, "--pair=1" },
	{ { { "--each" } }, BE_USAGE, "--each" },
	{ { { "--each=1", "--each=2", "--each=3", "--each=4", "--each=5", "--each=6", "--each=7", "--each=8",
		  "--each=9", "--each=10", "--each=11", "--each=12", "--each=13", "--each=14", "--each=15", "--each=16",
		  "--each=17" } },
		BE_USAGE, "--each=17" },
	{ { { "--sometime" } }, BE_UNSUPPORTED, "--sometime" },
	{ { { "--sometime=3", "a" } }, BE_UNSUPPORTED, "--sometime" },
};

static void what_is_not_understood_is_refused_and_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct be_error err = { .code = BE_OK };
		char *argv[WORDS_MAX + 2];
		struct wishes got;
		int count = 0;

		assert_int_equal(parse(&refused[i].line, &got, argv, &count, &err), refused[i].code);
		assert_int_equal(err.code, refused[i].code);
		assert_non_null(err.msgid);
		assert_string_equal(err.detail, refused[i].detail);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_and_operands_land_where_they_belong),
		cmocka_unit_test(what_is_not_understood_is_refused_and_named),
	};

	return cmocka_run_group_tests_name("cli_options", tests, NULL, NULL);
}
