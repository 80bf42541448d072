/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr/png.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

/* ISO/IEC 18004, 6.3.3: a dark square of seven, a light ring of five in it, a dark square of three. */
static void assert_finder(const struct qr *code, uint32_t x, uint32_t y)
{
	for (uint32_t i = 0; i < 7; i++) {
		for (uint32_t k = 0; k < 7; k++) {
			const bool border = i == 0 || i == 6 || k == 0 || k == 6;
			const bool heart = i >= 2 && i <= 4 && k >= 2 && k <= 4;

			assert_int_equal(code->modules[(y + i) * code->side + x + k], border || heart);
		}
	}
}

static void a_code_has_its_three_finders_and_the_size_of_its_text(void **state)
{
	static const struct {
		size_t len;
		uint32_t side;
	} sizes[] = { { 1, 21 }, { 14, 21 }, { 15, 25 }, { 26, 25 }, { 27, 29 }, { 213, 57 }, { QR_TEXT_MAX, 133 } };
	char text[QR_TEXT_MAX + 2];

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct qr code;

		memset(text, 'a', sizeof(text));
		text[sizes[i].len] = '\0';
		assert_int_equal(qr_encode(&code, text, NULL), BE_OK);
		assert_int_equal(code.side, sizes[i].side);
		for (size_t k = 0; k < (size_t)code.side * code.side; k++)
			assert_true(code.modules[k] <= 1);
		assert_finder(&code, 0, 0);
		assert_finder(&code, code.side - 7, 0);
		assert_finder(&code, 0, code.side - 7);
		qr_free(&code);
		assert_null(code.modules);
	}
}

static void different_texts_are_different_codes(void **state)
{
	struct qr a, b;

	(void)state;
	assert_int_equal(qr_encode(&a, "https://contoh.example.invalid/1", NULL), BE_OK);
	assert_int_equal(qr_encode(&b, "https://contoh.example.invalid/2", NULL), BE_OK);
	assert_int_equal(a.side, b.side);
	assert_memory_not_equal(a.modules, b.modules, (size_t)a.side * a.side);
	qr_free(&a);
	qr_free(&b);
}

static void nothing_and_too_much_are_refused(void **state)
{
	char text[QR_TEXT_MAX + 2];
	struct qr code;

	(void)state;
	assert_int_equal(qr_encode(&code, "", NULL), BE_USAGE);
	memset(text, 'a', sizeof(text));
	text[QR_TEXT_MAX + 1] = '\0';
	assert_int_equal(qr_encode(&code, text, NULL), BE_LIMIT);
	assert_null(code.modules);
}

/* ---- for a screen, and as a file ---- */

static void for_a_screen_it_is_smaller(void **state)
{
	static const char uri[] = "otpauth://totp/BeSign:ani%40contoh.example.id?secret="
				  "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=BeSign";
	struct qr large, small;

	(void)state;
	assert_int_equal(qr_encode(&large, uri, NULL), BE_OK);
	assert_int_equal(qr_encode_small(&small, uri, NULL), BE_OK);
	assert_true(small.side < large.side);
	/* Two modules a row, and a quiet zone of one: below a title and above a key bar of a window of 24. */
	assert_true(small.side + 2 <= 2 * 22);
	assert_finder(&small, 0, 0);
	qr_free(&large);
	qr_free(&small);
	assert_int_equal(qr_encode_small(&small, "", NULL), BE_USAGE);
}

static uint32_t number_at(const uint8_t *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/* The data of the next chunk, whose checksum is right. */
static const uint8_t *take_chunk(const uint8_t **at, const char *name, uint32_t *len)
{
	const uint8_t *chunk = *at;

	*len = number_at(chunk);
	assert_memory_equal(chunk + 4, name, 4);
	assert_int_equal(crc32(0, chunk + 4, *len + 4), number_at(chunk + 8 + *len));
	*at = chunk + 12 + *len;
	return chunk + 8;
}

static void check_picture(const struct qr *code)
{
	const uint32_t modules = code->side + 8;
	const uint32_t pixels = 8 * modules;
	uLongf size = (uLongf)pixels * (1 + modules);
	uint8_t *lines = malloc(size);
	struct secret *png = NULL;
	const uint8_t *at, *data;
	uint32_t len;

	assert_int_equal(qr_png(&png, code, NULL), BE_OK);
	at = secret_bytes(png);
	assert_memory_equal(at, "\x89PNG\r\n\x1a\n", 8);
	at += 8;
	data = take_chunk(&at, "IHDR", &len);
	assert_int_equal(number_at(data), pixels);
	assert_int_equal(number_at(data + 4), pixels);
	data = take_chunk(&at, "IDAT", &len);
	assert_int_equal(uncompress(lines, &size, data, len), Z_OK);
	assert_int_equal(size, pixels * (1 + modules));
	(void)take_chunk(&at, "IEND", &len);
	assert_int_equal(at - secret_bytes(png), secret_len(png));
	for (uint32_t y = 0; y < pixels; y++) {
		const uint8_t *line = lines + (size_t)y * (1 + modules);

		assert_int_equal(line[0], 0);
		for (uint32_t x = 0; x < modules; x++) {
			const bool inside = x >= 4 && x < 4 + code->side && y / 8 >= 4 && y / 8 < 4 + code->side;

			assert_int_equal(line[1 + x],
				inside && code->modules[(y / 8 - 4) * code->side + x - 4] == 1 ? 0x00 : 0xFF);
		}
	}
	secret_free(&png);
	free(lines);
}

static void as_a_file_it_has_every_module_and_its_quiet_zone(void **state)
{
	char text[QR_TEXT_MAX + 1];
	struct qr code;

	(void)state;
	memset(text, 'a', sizeof(text));
	for (size_t len = QR_TEXT_MAX; len > 0; len /= 11) {
		text[len] = '\0';
		assert_int_equal(qr_encode(&code, text, NULL), BE_OK);
		check_picture(&code);
		qr_free(&code);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_has_its_three_finders_and_the_size_of_its_text),
		cmocka_unit_test(different_texts_are_different_codes),
		cmocka_unit_test(nothing_and_too_much_are_refused),
		cmocka_unit_test(for_a_screen_it_is_smaller),
		cmocka_unit_test(as_a_file_it_has_every_module_and_its_quiet_zone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
