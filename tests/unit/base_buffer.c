/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/buffer.h"

#include <string.h>

static void additions_follow_one_another(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	buffer_add_str(&b, "one ");
	buffer_add(&b, "two", 3);
	buffer_add_byte(&b, ' ');
	buffer_add_fill(&b, 'x', 3);
	buffer_printf(&b, " %d %s", 42, "end");
	assert_int_equal(buffer_check(&b, NULL), BE_OK);
	assert_int_equal(b.len, strlen("one two xxx 42 end"));
	assert_memory_equal(b.data, "one two xxx 42 end", b.len);
	buffer_free(&b);
	assert_null(b.data);
}

static void nothing_added_allocates_nothing(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	buffer_add(&b, "", 0);
	buffer_add_str(&b, "");
	buffer_add_fill(&b, 'x', 0);
	assert_null(b.data);
	assert_int_equal(b.len, 0);
	assert_int_equal(buffer_check(&b, NULL), BE_OK);
	buffer_free(&b);
}

static void content_survives_growing(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		buffer_add_byte(&b, (uint8_t)(i * 7));
	assert_int_equal(b.len, 100000);
	for (unsigned i = 0; i < 100000; i++)
		assert_int_equal(b.data[i], (uint8_t)(i * 7));
	buffer_free(&b);
}

static void a_long_formatted_text_is_whole(void **state)
{
	struct buffer b = BUFFER_EMPTY;
	char name[2000];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	buffer_printf(&b, "<%s>", name);
	assert_int_equal(b.len, sizeof(name) + 1);
	assert_int_equal(b.data[0], '<');
	assert_int_equal(b.data[b.len - 1], '>');
	buffer_free(&b);
}

static void an_impossible_size_fails_instead_of_wrapping(void **state)
{
	static const size_t sizes[] = { SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 2, SIZE_MAX / 2 + 1, SIZE_MAX / 2 };

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct buffer b = BUFFER_EMPTY;
		struct be_error err = { 0 };

		buffer_add_str(&b, "abc");
		buffer_add_fill(&b, 'x', sizes[i]);
		assert_int_equal(buffer_check(&b, &err), BE_NO_MEMORY);
		assert_non_null(err.msgid);
		assert_int_equal(b.len, 3);
		buffer_free(&b);
	}
}

static void a_failure_sticks_until_the_reset(void **state)
{
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	buffer_add_fill(&b, 'x', SIZE_MAX);
	buffer_add_str(&b, "abc");
	buffer_add_byte(&b, 'd');
	buffer_printf(&b, "%d", 5);
	assert_int_equal(b.len, 0);
	assert_int_equal(buffer_check(&b, NULL), BE_NO_MEMORY);
	buffer_reset(&b);
	buffer_add_str(&b, "again");
	assert_int_equal(buffer_check(&b, NULL), BE_OK);
	assert_int_equal(b.len, 5);
	buffer_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(additions_follow_one_another),
		cmocka_unit_test(nothing_added_allocates_nothing),
		cmocka_unit_test(content_survives_growing),
		cmocka_unit_test(a_long_formatted_text_is_whole),
		cmocka_unit_test(an_impossible_size_fails_instead_of_wrapping),
		cmocka_unit_test(a_failure_sticks_until_the_reset),
	};

	return cmocka_run_group_tests_name("base_buffer", tests, NULL, NULL);
}
