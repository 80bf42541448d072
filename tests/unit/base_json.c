/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"

#include <stdio.h>
#include <string.h>

static void assert_prints(struct json *value, const char *expected)
{
	struct buffer b = BUFFER_EMPTY;

	assert_int_equal(json_print(&b, value, NULL), BE_OK);
	buffer_add_byte(&b, 0);
	assert_string_equal((const char *)b.data, expected);
	buffer_free(&b);
	json_free(&value);
}

static void members_come_in_the_order_of_the_calls(void **state)
{
	struct json *object = json_object();
	struct json *array = json_array();

	(void)state;
	json_put_string(object, "file", "a.pdf");
	json_put_string(object, "error", NULL);
	json_put_bool(object, "integrity", true);
	json_put_bool(object, "trusted", false);
	json_put_null(object, "time");
	json_add_int(array, 0);
	json_add_int(array, -5);
	json_add_string(array, "x");
	json_add(array, json_object());
	json_put(object, "byte_range", array);
	assert_prints(object,
		"{\"file\":\"a.pdf\",\"error\":null,\"integrity\":true,\"trusted\":false,\"time\":null,"
		"\"byte_range\":[0,-5,\"x\",{}]}");
}

static const struct {
	int64_t number;
	const char *text;
} numbers[] = {
	{ 0, "[0]" },
	{ 2147483647, "[2147483647]" },
	{ 2147483648, "[2147483648]" },
	{ -2147483649, "[-2147483649]" },
	{ 123456789012345678, "[123456789012345678]" },
	{ 9007199254740991, "[9007199254740991]" },
	{ -9007199254740991, "[-9007199254740991]" },
	{ 9007199254740992, "[9007199254740992]" },
};

static void whole_numbers_are_exact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct json *array = json_array();
		struct json *back = NULL;
		int64_t number = 7;

		json_add_int(array, numbers[i].number);
		assert_prints(array, numbers[i].text);
		assert_int_equal(json_parse(&back, numbers[i].text, strlen(numbers[i].text), NULL), BE_OK);
		if (numbers[i].number > -(1LL << 53) && numbers[i].number < 1LL << 53) {
			assert_true(json_int(json_at(back, 0), &number));
			assert_int_equal(number, numbers[i].number);
			assert_prints(back, numbers[i].text);
		} else {
			assert_false(json_int(json_at(back, 0), &number));
			json_free(&back);
		}
	}
}

static void what_a_terminal_must_not_see_is_escaped(void **state)
{
	struct json *array = json_array();

	(void)state;
	json_add_string(array, "\x1B[2J\n\x7F\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\xA1\xFF\"\\\xE4\xB8\xAD");
	assert_prints(array, "[\"\\u001b[2J\\n\\u007f\\u009b\\u202e\\udb40\\udc61\xEF\xBF\xBD\\\"\\\\\xE4\xB8\xAD\"]");
}

static void an_addition_that_failed_is_never_printed(void **state)
{
	struct json *object = json_object();
	struct json *outer = json_object();
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	json_put(object, "part", NULL);
	json_put_int(object, "later", 1);
	json_put(outer, "inner", object);
	assert_int_equal(json_print(&b, outer, NULL), BE_NO_MEMORY);
	assert_int_equal(b.len, 0);
	json_free(&outer);
	assert_int_equal(json_print(&b, NULL, NULL), BE_NO_MEMORY);
	json_put_int(NULL, "key", 1);
	json_add_string(NULL, "x");
	json_put(NULL, "key", json_object());
	json_free(&outer);
	buffer_free(&b);
}

static void values_are_found_and_kinds_are_kept(void **state)
{
	static const char text[] =
		" {\"name\":\"\\u0053iti \\ud83d\\ude00\",\"Name\":1,\"list\":[1,2.5,\"3\",true,1e3],\"n\":null}\n";
	struct json *value = NULL;
	const struct json *list;
	int64_t number = 7;
	bool yes = false;

	(void)state;
	assert_int_equal(json_parse(&value, text, sizeof(text) - 1, NULL), BE_OK);
	assert_string_equal(json_string(json_get(value, "name")), "Siti \xF0\x9F\x98\x80");
	assert_null(json_string(json_get(value, "Name")));
	assert_null(json_get(value, "NAME"));
	assert_null(json_string(json_get(value, "missing")));
	list = json_get(value, "list");
	assert_int_equal(json_count(list), 5);
	assert_int_equal(json_count(value), 0);
	assert_true(json_int(json_at(list, 0), &number));
	assert_int_equal(number, 1);
	assert_false(json_int(json_at(list, 1), &number));
	assert_false(json_int(json_at(list, 2), &number));
	assert_false(json_int(json_at(list, 3), &number));
	assert_true(json_int(json_at(list, 4), &number));
	assert_int_equal(number, 1000);
	assert_null(json_at(list, 5));
	assert_null(json_at(list, SIZE_MAX));
	assert_null(json_get(list, "name"));
	assert_true(json_bool(json_at(list, 3), &yes));
	assert_true(yes);
	assert_false(json_bool(json_at(list, 0), &yes));
	assert_false(json_int(NULL, &number));
	assert_false(json_bool(NULL, &yes));
	assert_null(json_get(NULL, "x"));
	json_free(&value);
}

static const struct {
	const char *what, *text;
} wrong[] = {
	{ "nothing", "" },
	{ "only blanks", "  " },
	{ "cut short", "{\"a\":1" },
	{ "two values", "1 2" },
	{ "rubbish behind", "{}x" },
	{ "comma behind", "[1,]" },
	{ "comma behind a member", "{\"a\":1,}" },
	{ "no quotes", "{a:1}" },
	{ "single quotes", "['a']" },
	{ "leading zero", "[01]" },
	{ "plus", "[+1]" },
	{ "no digits before the point", "[.5]" },
	{ "no digits after the point", "[1.]" },
	{ "no exponent", "[1e]" },
	{ "not a number", "[NaN]" },
	{ "byte order mark", "\xEF\xBB\xBF[]" },
	{ "a control character as blank",
		"[\x01"
		"1]" },
	{ "a newline in a string", "[\"a\nb\"]" },
	{ "no UTF-8", "[\"\xFF\"]" },
	{ "overlong UTF-8", "[\"\xC0\xAF\"]" },
	{ "NUL that would cut a string", "[\"admin\\u0000x\"]" },
	{ "half a surrogate pair", "[\"\\ud83d\"]" },
	{ "half a pair and another escape", "[\"\\ud83d\\u0041\"]" },
	{ "the second half alone", "[\"\\ude00\"]" },
	{ "an unknown escape", "[\"\\x41\"]" },
	{ "a short escape", "[\"\\u12\"]" },
	{ "the end in an escape", "[\"\\" },
	{ "a comment", "[1/*x*/]" },
	{ "the same key twice", "{\"result\":\"failed\",\"result\":\"signed\"}" },
	{ "the same key twice, once escaped", "{\"a\":1,\"b\":2,\"\\u0061\":3}" },
	{ "the same key twice, inside", "[{\"x\":{\"a\":1,\"a\":1}}]" },
	{ "the empty key twice", "{\"\":1,\"\":2}" },
};

static void an_array_is_walked_in_its_order(void **state)
{
	struct json *value = NULL;
	size_t count = 0;

	(void)state;
	assert_int_equal(json_parse(&value, "[0,1,2,3]", 9, NULL), BE_OK);
	for (const struct json *at = json_first(value); at != NULL; at = json_next(at)) {
		int64_t number = -1;

		assert_ptr_equal(at, json_at(value, count));
		assert_true(json_int(at, &number));
		assert_int_equal(number, count++);
	}
	assert_int_equal(count, 4);
	json_free(&value);
	assert_int_equal(json_parse(&value, "{\"a\":[]}", 8, NULL), BE_OK);
	assert_null(json_first(value));
	assert_null(json_first(json_get(value, "a")));
	assert_null(json_first(NULL));
	json_free(&value);
}

static void what_is_no_strict_json_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct json *value = NULL;
		struct be_error err = { 0 };
		enum be_err code = json_parse(&value, wrong[i].text, strlen(wrong[i].text), &err);

		if (code != BE_MALFORMED || value != NULL || err.msgid == NULL)
			fail_msg("%s: %s", wrong[i].what, be_err_word(code));
	}
}

static void a_real_nul_byte_is_refused(void **state)
{
	struct json *value = NULL;

	(void)state;
	assert_int_equal(json_parse(&value, "[\"a\0b\"]", 7, NULL), BE_MALFORMED);
	assert_int_equal(json_parse(&value, "[]\0", 3, NULL), BE_MALFORMED);
	assert_int_equal(json_parse(&value, "[\"\\\0\"]", 6, NULL), BE_MALFORMED);
}

static void nesting_ends_at_64(void **state)
{
	static const struct {
		size_t depth;
		enum be_err code;
	} cases[] = { { 1, BE_OK }, { 64, BE_OK }, { 65, BE_LIMIT }, { 1000000, BE_LIMIT } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buffer b = BUFFER_EMPTY;
		struct json *value = NULL;

		buffer_add_fill(&b, '[', cases[i].depth);
		buffer_add_fill(&b, ']', cases[i].depth);
		assert_int_equal(json_parse(&value, b.data, b.len, NULL), cases[i].code);
		json_free(&value);
		buffer_free(&b);
	}
}

static void many_keys_are_compared_quickly(void **state)
{
	struct buffer b = BUFFER_EMPTY;
	struct json *value = NULL;

	(void)state;
	buffer_add_byte(&b, '{');
	for (unsigned i = 0; i < 100000; i++)
		buffer_printf(&b, "\"k%u\":%u,", i, i);
	buffer_add_str(&b, "\"k99999\":0}");
	assert_int_equal(json_parse(&value, b.data, b.len, NULL), BE_MALFORMED);
	b.data[b.len - 5] = 'x';
	assert_int_equal(json_parse(&value, b.data, b.len, NULL), BE_OK);
	json_free(&value);
	buffer_free(&b);
}

/* How often 16 bytes, each changed by 0x5A so that this program does not find its own needle, lie in the heap. */
static size_t in_the_heap(const uint8_t masked[static 16])
{
	FILE *maps = fopen("/proc/self/maps", "re");
	size_t count = 0;
	char line[512];

	assert_non_null(maps);
	while (fgets(line, sizeof(line), maps) != NULL) {
		unsigned long from, to;

		if (strstr(line, "[heap]") == NULL || sscanf(line, "%lx-%lx", &from, &to) != 2)
			continue;
		for (const uint8_t *at = (const uint8_t *)from; at + 16 <= (const uint8_t *)to; at++) {
			size_t same = 0;

			while (same < 16 && (at[same] ^ 0x5A) == masked[same])
				same++;
			count += same == 16;
		}
	}
	(void)fclose(maps);
	return count;
}

static void nothing_of_a_value_stays_in_memory_when_it_is_freed(void **state)
{
	static uint8_t masked[16];
	static char body[96];
	struct json *value = NULL;

	(void)state;
#ifdef __SANITIZE_ADDRESS__
	skip(); /* the heap of a sanitizer lies elsewhere */
#endif
	for (size_t i = 0; i < sizeof(masked); i++)
		masked[i] = (uint8_t)('a' + i * 7 % 26) ^ 0x5A;
	/* malloc itself writes over the first bytes of what is freed. */
	(void)snprintf(body, sizeof(body), "{\"p\":[\"................................................\"]}");
	for (size_t i = 0; i < sizeof(masked); i++)
		body[7 + 32 + i] = (char)(masked[i] ^ 0x5A);
	assert_int_equal(json_parse(&value, body, strlen(body), NULL), BE_OK);
	explicit_bzero(body, sizeof(body));
	assert_true(json_is_object(value) && json_is_array(json_get(value, "p")) && !json_is_null(value));
	assert_int_equal(in_the_heap(masked), 1);
	json_free(&value);
	assert_int_equal(in_the_heap(masked), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_come_in_the_order_of_the_calls),
		cmocka_unit_test(whole_numbers_are_exact),
		cmocka_unit_test(what_a_terminal_must_not_see_is_escaped),
		cmocka_unit_test(an_addition_that_failed_is_never_printed),
		cmocka_unit_test(values_are_found_and_kinds_are_kept),
		cmocka_unit_test(an_array_is_walked_in_its_order),
		cmocka_unit_test(what_is_no_strict_json_is_refused),
		cmocka_unit_test(a_real_nul_byte_is_refused),
		cmocka_unit_test(nesting_ends_at_64),
		cmocka_unit_test(many_keys_are_compared_quickly),
		cmocka_unit_test(nothing_of_a_value_stays_in_memory_when_it_is_freed),
	};

	return cmocka_run_group_tests_name("base_json", tests, NULL, NULL);
}
