/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/mime.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#define LINE_MAX_OCTETS 78

static const char *text_of(struct buffer *b)
{
	buffer_add_byte(b, '\0');
	assert_false(b->failed);
	return (const char *)b->data;
}

/* ---- names of files ---- */

/* clang-format off */
static const struct { const char *value, *wanted; } names[] = {
	{ "surat.pdf",             ";\r\n filename=\"surat.pdf\"" },
	{ "surat (1) final.pdf",   ";\r\n filename=\"surat (1) final.pdf\"" },
	{ "",                      ";\r\n filename=\"\"" },
	{ "\xC3\xA9.pdf",          ";\r\n filename*0*=UTF-8''%C3%A9.pdf" },
	{ "a\"b.pdf",              ";\r\n filename*0*=UTF-8''a%22b.pdf" },
	{ "50%41.pdf",             ";\r\n filename*0*=UTF-8''50%2541.pdf" },
	{ "=?UTF-8?B?YQ==?=",      ";\r\n filename*0*=UTF-8''%3D%3FUTF-8%3FB%3FYQ%3D%3D%3F%3D" },
	/* What ends a header, reaches for a directory, or turns text around. */
	{ "a\r\nBcc: b@c.pdf",     ";\r\n filename=\"a__Bcc: b@c.pdf\"" },
	{ "..\\..\\a.pdf",         ";\r\n filename=\".._.._a.pdf\"" },
	{ "gpj.\xE2\x80\xAE" "fdp.exe", ";\r\n filename=\"gpj._fdp.exe\"" },
	{ "a\x7f\x1b[31m.pdf",     ";\r\n filename=\"a__[31m.pdf\"" },
	{ "\xC2\x9B" "31m.pdf",    ";\r\n filename=\"_31m.pdf\"" },
	{ "a\xFF.pdf",             ";\r\n filename*0*=UTF-8''a%EF%BF%BD.pdf" },
	{ "a'b*c.pdf",             ";\r\n filename=\"a'b*c.pdf\"" },
};
/* clang-format on */

static void a_name_is_told_whatever_is_in_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct buffer b = BUFFER_EMPTY;

		mime_parameter(&b, "filename", names[i].value);
		assert_string_equal(text_of(&b), names[i].wanted);
		buffer_free(&b);
	}
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'A' + 10;
}

/* As RFC 2231 is read: piece after piece, each with its number, percent signs undone. */
static void read_pieces(struct buffer *out, const char *text)
{
	char begin[40];
	unsigned piece = 0;

	while (*text != '\0') {
		(void)snprintf(begin, sizeof(begin), ";\r\n filename*%u*=%s", piece, piece == 0 ? "UTF-8''" : "");
		assert_int_equal(strncmp(text, begin, strlen(begin)), 0);
		piece++;
		assert_true(strcspn(text + 3, ";") <= LINE_MAX_OCTETS);
		for (text += strlen(begin); *text != ';' && *text != '\0'; text++) {
			if (*text == '%') {
				buffer_add_byte(out, (uint8_t)(digit(text[1]) << 4 | digit(text[2])));
				text += 2;
			} else {
				buffer_add_byte(out, (uint8_t)*text);
			}
		}
	}
}

/* Of every length, so that each kind of character comes to stand at the end of a piece. */
static void a_long_name_is_told_in_pieces(void **state)
{
	(void)state;
	for (size_t len = 62; len < 250; len++) {
		struct buffer b = BUFFER_EMPTY, back = BUFFER_EMPTY;
		char name[256] = "";

		for (size_t i = 0; strlen(name) < len; i++)
			(void)strcat(name, i % 7 == 6 ? "\xE6\xBC\xA2" : i % 5 == 4 ? " " : "n");
		mime_parameter(&b, "filename", name);
		read_pieces(&back, text_of(&b));
		assert_string_equal(text_of(&back), name);
		buffer_free(&b);
		buffer_free(&back);
	}
}

/* ---- headers ---- */

static void recipients_stand_on_lines_of_their_own(void **state)
{
	static const char *const to[] = { "budi@contoh.example", "dewi@contoh.example" };
	struct buffer b = BUFFER_EMPTY;

	(void)state;
	mime_addresses(&b, "To", to, 2);
	assert_string_equal(text_of(&b), "To: <budi@contoh.example>,\r\n <dewi@contoh.example>\r\n");
	buffer_free(&b);
}

/* A subject that looks encoded would say something else to who reads it. */
static void nothing_is_taken_for_an_encoded_word(void **state)
{
	struct buffer b = BUFFER_EMPTY, back = BUFFER_EMPTY;

	(void)state;
	mime_header(&b, "Subject", "=?UTF-8?B?TFVOQVM=?=");
	assert_null(strstr(text_of(&b), "TFVOQVM"));
	mime_decode(&back, (const char *)b.data + strlen("Subject: "), b.len - strlen("Subject: ") - 3);
	assert_string_equal(text_of(&back), "=?UTF-8?B?TFVOQVM=?=");
	buffer_free(&b);
	buffer_free(&back);
}

/* ---- bodies ---- */

static void base64_has_lines_of_76(void **state)
{
	static const struct {
		size_t len;
		size_t lines;
	} lengths[] = { { 0, 0 }, { 1, 1 }, { 57, 1 }, { 58, 2 }, { 114, 2 }, { 115, 3 } };
	uint8_t bytes[115];

	(void)state;
	memset(bytes, 0xA5, sizeof(bytes));
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
		struct buffer b = BUFFER_EMPTY;
		size_t lines = 0;

		mime_base64(&b, bytes, lengths[i].len);
		for (const char *at = text_of(&b); *at != '\0'; lines++) {
			assert_true(strcspn(at, "\r") <= 76);
			at += strcspn(at, "\r");
			assert_int_equal(strncmp(at, "\r\n", 2), 0);
			at += 2;
		}
		assert_int_equal(lines, lengths[i].lines);
		buffer_free(&b);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_told_whatever_is_in_it),
		cmocka_unit_test(a_long_name_is_told_in_pieces),
		cmocka_unit_test(recipients_stand_on_lines_of_their_own),
		cmocka_unit_test(nothing_is_taken_for_an_encoded_word),
		cmocka_unit_test(base64_has_lines_of_76),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
