/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/config.h"
#include "support/desk.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

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

static struct buffer text_of(const char *text)
{
	struct buffer out = BUFFER_EMPTY;

	buffer_add_str(&out, text);
	return out;
}

static const struct {
	const char *line;
	enum config_kind kind;
	const char *name, *value;
} lines[] = {
	{ "", CONFIG_REMARK, NULL, NULL },
	{ "  \t ", CONFIG_REMARK, NULL, NULL },
	{ "# bahasa = id", CONFIG_REMARK, NULL, NULL },
	{ "   # bahasa", CONFIG_REMARK, NULL, NULL },
	{ "bahasa = id", CONFIG_SETTING, "bahasa", "id" },
	{ "bahasa=id", CONFIG_SETTING, "bahasa", "id" },
	{ "\tbahasa  =\t id \r", CONFIG_SETTING, "bahasa", "id" },
	{ "bahasa =", CONFIG_SETTING, "bahasa", "" },
	{ "bahasa = id # Indonesia", CONFIG_SETTING, "bahasa", "id # Indonesia" },
	{ "a-1 = b = c", CONFIG_SETTING, "a-1", "b = c" },
	{ "alasan = \"  tepi  \"", CONFIG_SETTING, "alasan", "  tepi  " },
	{ "alasan = \"a\\\"b\\\\c\\x0ad\\xFF\"", CONFIG_SETTING, "alasan", "a\"b\\c\nd\xFF" },
	{ "alasan = \"\"", CONFIG_SETTING, "alasan", "" },
	{ "alasan = C:\\x", CONFIG_SETTING, "alasan", "C:\\x" },
	{ "bahasa", CONFIG_BROKEN, NULL, NULL },
	{ "= id", CONFIG_BROKEN, NULL, NULL },
	{ "Bahasa = id", CONFIG_BROKEN, NULL, NULL },
	{ "dua kata = id", CONFIG_BROKEN, NULL, NULL },
	{ "[bagian]", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"b", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"b\" c", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"\\", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"\\\"", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"\\n\"", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"\\x0\"", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"\\x00\"", CONFIG_BROKEN, NULL, NULL },
	{ "a = \"\\xg1\"", CONFIG_BROKEN, NULL, NULL },
	{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa = 1", CONFIG_BROKEN, NULL, NULL },
};

static void a_line_is_a_remark_a_setting_or_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct config_line line = CONFIG_START;
		struct buffer text = text_of(lines[i].line);

		buffer_add_str(&text, "\n");
		assert_true(config_next(&line, &text));
		if (line.kind != lines[i].kind)
			fail_msg("\"%s\": %d", lines[i].line, (int)line.kind);
		if (line.kind == CONFIG_SETTING) {
			assert_string_equal(line.name, lines[i].name);
			assert_string_equal((const char *)line.value.data, lines[i].value);
			assert_int_equal(line.value.len, strlen(lines[i].value));
		}
		assert_false(config_next(&line, &text));
		config_line_free(&line);
		buffer_free(&text);
	}
}

static void lines_are_counted_and_found_again_in_the_text(void **state)
{
	struct buffer text = text_of("\xEF\xBB\xBF"
				     "a = 1\r\n\n b =  \"2\"  \nc = 3");
	struct config_line line = CONFIG_START;
	static const struct {
		size_t number, at, len, value_at, value_len, next;
	} want[] = { { 1, 3, 5, 7, 1, 10 }, { 2, 10, 0, 0, 0, 11 }, { 3, 11, 11, 17, 3, 23 }, { 4, 23, 5, 27, 1, 28 } };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		assert_true(config_next(&line, &text));
		assert_int_equal(line.number, want[i].number);
		assert_int_equal(line.at, want[i].at);
		assert_int_equal(line.len, want[i].len);
		assert_int_equal(line.next, want[i].next);
		if (line.kind == CONFIG_SETTING) {
			assert_int_equal(line.value_at, want[i].value_at);
			assert_int_equal(line.value_len, want[i].value_len);
		}
	}
	assert_false(config_next(&line, &text));
	assert_false(config_next(&line, &text));
	config_line_free(&line);
	buffer_free(&text);
}

static void any_value_comes_back_as_it_was_written(void **state)
{
	static const char *const values[] = { "", "id", " ", "\"", "\\", "a\"b", "\"a\"", " tepi ", "\n", "a\nb = c\n#",
		"\xFF\xFE", "surat \xE2\x80\xAE fdp", "\xE4\xB8\xAD", "# nomor", "\x7F", "\xC2\x85", "~/Dokumen",
		"a\t" };
	struct buffer text = BUFFER_EMPTY;
	struct config_line line = CONFIG_START;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		config_add(&text, "nilai", values[i]);
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		assert_true(config_next(&line, &text));
		assert_int_equal(line.kind, CONFIG_SETTING);
		assert_string_equal((const char *)line.value.data, values[i]);
	}
	assert_false(config_next(&line, &text));
	config_line_free(&line);
	buffer_free(&text);
}

static void a_value_is_quoted_only_where_it_must_be(void **state)
{
	struct buffer text = BUFFER_EMPTY;

	(void)state;
	config_add(&text, "a", "Jl. \"Merdeka\" 1");
	config_add(&text, "b", "");
	config_add(&text, "c", "x\n\xFF\"");
	buffer_add_byte(&text, '\0');
	assert_string_equal((const char *)text.data, "a = Jl. \"Merdeka\" 1\nb =\nc = \"x\\x0a\\xff\\\"\"\n");
	buffer_free(&text);
}

static void a_remark_is_broken_into_lines(void **state)
{
	struct buffer text = BUFFER_EMPTY;

	(void)state;
	config_add_remark(&text,
		"Satu kalimat yang panjang, sampai jauh melewati tepi sebuah terminal biasa yang lebarnya delapan puluh.");
	buffer_add_byte(&text, '\0');
	assert_string_equal((const char *)text.data,
		"# Satu kalimat yang panjang, sampai jauh melewati tepi sebuah terminal biasa\n"
		"# yang lebarnya delapan puluh.\n");
	buffer_free(&text);
}

/* ---- files ---- */

static void what_is_no_text_is_refused_with_its_line(void **state)
{
	static const struct {
		const char *bytes;
		size_t len;
		enum be_err rc;
		const char *where;
	} files[] = {
		{ "a = 1\nb = \x00\n", 12, BE_MALFORMED, "line 2 of " },
		{ "\xFF", 1, BE_MALFORMED, "line 1 of " },
		{ "# caf\xE9\n", 7, BE_MALFORMED, "line 1 of " },
		{ "a\n\n# \x1B[2J\n", 10, BE_MALFORMED, "line 3 of " },
		{ "a = \xC2\x9B\n", 7, BE_MALFORMED, "line 1 of " },
		{ "a = 1", 5, BE_OK, NULL },
		{ "", 0, BE_OK, NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct buffer text = BUFFER_EMPTY;
		struct be_error err = { .code = BE_OK };

		desk_write("config", files[i].bytes, files[i].len);
		assert_int_equal(config_load(&text, desk_path("config"), 1000, &err), files[i].rc);
		assert_int_equal(text.len, files[i].rc == BE_OK ? files[i].len : 0);
		if (files[i].where != NULL)
			assert_ptr_equal(strstr(err.detail, files[i].where), err.detail);
		buffer_free(&text);
	}
}

static void what_is_too_long_is_refused(void **state)
{
	static char big[1u << 20];
	struct buffer text = BUFFER_EMPTY;

	(void)state;
	memset(big, 'a', sizeof(big));
	desk_write("config", big, sizeof(big));
	assert_int_equal(config_load(&text, desk_path("config"), 2 * sizeof(big), NULL), BE_MALFORMED);
	assert_int_equal(config_load(&text, desk_path("config"), sizeof(big) - 1, NULL), BE_LIMIT);
	desk_write("config", big, CONFIG_LINE_MAX);
	assert_int_equal(config_load(&text, desk_path("config"), sizeof(big), NULL), BE_OK);
	assert_int_equal(config_load(&text, desk_path("tiada"), sizeof(big), NULL), BE_NOT_FOUND);
	buffer_free(&text);
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	assert_int_equal(lstat(desk_path(name), &st), 0);
	return st.st_mode;
}

static void a_file_and_its_directories_are_closed_to_others(void **state)
{
	struct buffer text = text_of("a = 1\n");

	(void)state;
	(void)umask(0);
	assert_int_equal(config_save(desk_path("x/y/config"), &text, NULL), BE_OK);
	assert_int_equal(mode_of("x/y/config"), S_IFREG | 0600);
	assert_int_equal(mode_of("x/y"), S_IFDIR | 0700);
	assert_int_equal(mode_of("x"), S_IFDIR | 0700);
	assert_int_equal(unlink(desk_path("x/y/config")) + rmdir(desk_path("x/y")) + rmdir(desk_path("x")), 0);
	buffer_free(&text);
}

static void assert_content(const char *name, const char *content)
{
	struct buffer text = BUFFER_EMPTY;

	desk_read(&text, name);
	assert_int_equal(text.len, strlen(content));
	assert_memory_equal(text.data, content, text.len);
	buffer_free(&text);
}

static void a_link_stays_and_its_file_is_written(void **state)
{
	struct buffer text = text_of("a = 2\n");

	(void)state;
	assert_int_equal(mkdir(desk_path("dotfiles"), 0700) + mkdir(desk_path("conf"), 0700), 0);
	assert_int_equal(symlink("../dotfiles/besign", desk_path("conf/config")), 0);
	/* First it leads to nothing yet, then to a file, then by way of another link. */
	assert_int_equal(config_save(desk_path("conf/config"), &text, NULL), BE_OK);
	assert_content("dotfiles/besign", "a = 2\n");
	buffer_add_str(&text, "b = 3\n");
	assert_int_equal(symlink(desk_path("conf/config"), desk_path("again")), 0);
	assert_int_equal(config_save(desk_path("again"), &text, NULL), BE_OK);
	assert_content("dotfiles/besign", "a = 2\nb = 3\n");
	assert_true(S_ISLNK(mode_of("conf/config")) && S_ISLNK(mode_of("again")));
	assert_int_equal(unlink(desk_path("dotfiles/besign")) + unlink(desk_path("conf/config")), 0);
	buffer_free(&text);
}

static void links_in_a_circle_are_refused(void **state)
{
	struct buffer text = text_of("a = 2\n");

	(void)state;
	assert_int_equal(symlink("b", desk_path("a")) + symlink("a", desk_path("b")), 0);
	assert_int_equal(config_save(desk_path("a"), &text, NULL), BE_LIMIT);
	assert_int_equal(desk_count(), 2);
	buffer_free(&text);
}

#define AT_DESK(test) cmocka_unit_test_setup_teardown(test, make, clear)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_is_a_remark_a_setting_or_broken),
		cmocka_unit_test(lines_are_counted_and_found_again_in_the_text),
		cmocka_unit_test(any_value_comes_back_as_it_was_written),
		cmocka_unit_test(a_value_is_quoted_only_where_it_must_be),
		cmocka_unit_test(a_remark_is_broken_into_lines),
		AT_DESK(what_is_no_text_is_refused_with_its_line),
		AT_DESK(what_is_too_long_is_refused),
		AT_DESK(a_file_and_its_directories_are_closed_to_others),
		AT_DESK(a_link_stays_and_its_file_is_written),
		AT_DESK(links_in_a_circle_are_refused),
	};

	return cmocka_run_group_tests_name("base_config", tests, NULL, NULL);
}
