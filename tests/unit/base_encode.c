/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* RFC 4648, 10, and one that tells the two alphabets of base64 apart. */
/* clang-format off */
static const struct { enum encode_kind kind; const char *bytes, *text; } examples[] = {
	{ ENCODE_HEX, "", "" },          { ENCODE_HEX, "foobar", "666f6f626172" },
	{ ENCODE_BASE32, "", "" },       { ENCODE_BASE32, "f", "MY" },        { ENCODE_BASE32, "fo", "MZXQ" },
	{ ENCODE_BASE32, "foo", "MZXW6" }, { ENCODE_BASE32, "foob", "MZXW6YQ" },
	{ ENCODE_BASE32, "fooba", "MZXW6YTB" }, { ENCODE_BASE32, "foobar", "MZXW6YTBOI" },
	{ ENCODE_BASE64, "", "" },       { ENCODE_BASE64, "f", "Zg==" },      { ENCODE_BASE64, "fo", "Zm8=" },
	{ ENCODE_BASE64, "foo", "Zm9v" }, { ENCODE_BASE64, "foob", "Zm9vYg==" },
	{ ENCODE_BASE64, "fooba", "Zm9vYmE=" }, { ENCODE_BASE64, "foobar", "Zm9vYmFy" },
	{ ENCODE_BASE64, "\xfb\xff", "+/8=" },
	{ ENCODE_BASE64URL, "", "" },    { ENCODE_BASE64URL, "f", "Zg" },     { ENCODE_BASE64URL, "fo", "Zm8" },
	{ ENCODE_BASE64URL, "foobar", "Zm9vYmFy" }, { ENCODE_BASE64URL, "\xfb\xff", "-_8" },
};

/* What must not be read: another spelling of a value would be another name for it. */
static const struct { enum encode_kind kind; const char *text; } wrong[] = {
	{ ENCODE_HEX, "6" }, { ENCODE_HEX, "6g" }, { ENCODE_HEX, "66 6f" },
	{ ENCODE_BASE32, "M" }, { ENCODE_BASE32, "MZ1Q" }, { ENCODE_BASE32, "MZ" }, { ENCODE_BASE32, "MZX" },
	{ ENCODE_BASE64, "Zg" }, { ENCODE_BASE64, "Zg=" }, { ENCODE_BASE64, "Zh==" }, { ENCODE_BASE64, "Zg==Zg==" },
	{ ENCODE_BASE64, "Z===" }, { ENCODE_BASE64, "====" }, { ENCODE_BASE64, "Zm9 v" }, { ENCODE_BASE64, "Zm9v\n" },
	{ ENCODE_BASE64, "-_8=" },
	{ ENCODE_BASE64URL, "Zg==" }, { ENCODE_BASE64URL, "Z" }, { ENCODE_BASE64URL, "Zh" }, { ENCODE_BASE64URL, "+/8" },
};
/* clang-format on */

static void texts_and_bytes_are_those_of_the_rfc(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		struct buffer text = BUFFER_EMPTY;
		struct buffer bytes = BUFFER_EMPTY;
		size_t len = strlen(examples[i].bytes);

		encode_add(&text, examples[i].kind, examples[i].bytes, len);
		assert_int_equal(text.len, strlen(examples[i].text));
		assert_int_equal(text.len, encode_size(examples[i].kind, len));
		if (text.len > 0)
			assert_memory_equal(text.data, examples[i].text, text.len);
		assert_int_equal(
			encode_read(&bytes, examples[i].kind, examples[i].text, strlen(examples[i].text), NULL), BE_OK);
		assert_int_equal(bytes.len, len);
		if (len > 0)
			assert_memory_equal(bytes.data, examples[i].bytes, len);
		buffer_free(&text);
		buffer_free(&bytes);
	}
}

static void what_is_not_the_one_spelling_is_refused_and_leaves_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct buffer out = BUFFER_EMPTY;
		struct secret *secret = NULL;

		buffer_add_str(&out, "kept");
		assert_int_equal(
			encode_read(&out, wrong[i].kind, wrong[i].text, strlen(wrong[i].text), NULL), BE_MALFORMED);
		assert_int_equal(out.len, 4);
		assert_int_equal(encode_read_secret(&secret, wrong[i].kind, wrong[i].text, strlen(wrong[i].text), NULL),
			BE_MALFORMED);
		assert_null(secret);
		buffer_free(&out);
	}
}

static void a_setup_key_is_read_as_people_type_it(void **state)
{
	static const char *const typed[] = { "MZXW6YTBOI", "mzxw 6ytb oi", "MZXW-6YTB-OI======", "MZXW 6YTB OI" };

	(void)state;
	for (size_t i = 0; i < sizeof(typed) / sizeof(typed[0]); i++) {
		struct secret *out = NULL;

		assert_int_equal(encode_read_secret(&out, ENCODE_BASE32, typed[i], strlen(typed[i]), NULL), BE_OK);
		assert_int_equal(secret_len(out), 6);
		assert_memory_equal(secret_bytes(out), "foobar", 6);
		secret_free(&out);
	}
}

static void every_length_and_byte_comes_back(void **state)
{
	uint8_t bytes[300];

	(void)state;
	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (uint8_t)(i * 167 + 13);
	for (int kind = ENCODE_HEX; kind <= ENCODE_BASE64URL; kind++)
		for (size_t len = 0; len <= sizeof(bytes); len++) {
			struct buffer text = BUFFER_EMPTY;
			struct buffer back = BUFFER_EMPTY;

			encode_add(&text, (enum encode_kind)kind, bytes, len);
			assert_int_equal(encode_read(&back, (enum encode_kind)kind,
						 text.data != NULL ? (const char *)text.data : "", text.len, NULL),
				BE_OK);
			assert_int_equal(back.len, len);
			if (len > 0)
				assert_memory_equal(back.data, bytes, len);
			buffer_free(&text);
			buffer_free(&back);
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_and_bytes_are_those_of_the_rfc),
		cmocka_unit_test(what_is_not_the_one_spelling_is_refused_and_leaves_nothing),
		cmocka_unit_test(a_setup_key_is_read_as_people_type_it),
		cmocka_unit_test(every_length_and_byte_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
