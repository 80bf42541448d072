/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr/qr.h"

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

static uint32_t number_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static uint32_t crc_of(const uint8_t *bytes, size_t len)
{
	return (uint32_t)crc32(crc32(0, NULL, 0), bytes, (uInt)len);
}

/* Read with zlib, which the writer does not know. The larger one needs several blocks. */
static void a_picture_has_the_modules_of_its_code(void **state)
{
	static const uint32_t scales[] = { 1, 8, 21 };

	(void)state;
	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		const uint32_t scale = scales[i];
		struct secret *png = NULL;
		const uint8_t *bytes;
		struct qr code;
		uint32_t size, data_len;
		uLongf got;
		uint8_t *picture;

		assert_int_equal(qr_encode(&code, "otpauth://totp/Contoh:sari?secret=AAAA", NULL), BE_OK);
		assert_int_equal(qr_png(&png, &code, scale, NULL), BE_OK);
		size = (code.side + 8) * scale;
		bytes = secret_bytes(png);
		assert_memory_equal(bytes, "\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR", 16);
		assert_int_equal(number_at(bytes + 16), size);
		assert_int_equal(number_at(bytes + 20), size);
		assert_memory_equal(bytes + 24, "\1\0\0\0\0", 5);
		assert_int_equal(number_at(bytes + 29), crc_of(bytes + 12, 17));
		data_len = number_at(bytes + 33);
		assert_memory_equal(bytes + 37, "IDAT", 4);
		assert_int_equal(number_at(bytes + 41 + data_len), crc_of(bytes + 37, data_len + 4));
		got = (uLongf)size * (1 + (size + 7) / 8);
		picture = malloc(got + 1);
		assert_non_null(picture);
		got++;
		assert_int_equal(uncompress(picture, &got, bytes + 41, data_len), Z_OK);
		assert_int_equal(got, (size_t)size * (1 + (size + 7) / 8));
		for (uint32_t y = 0; y < size; y++) {
			const uint8_t *row = picture + (size_t)y * (1 + (size + 7) / 8);

			assert_int_equal(row[0], 0);
			for (uint32_t x = 0; x < size; x++) {
				const uint32_t mx = x / scale, my = y / scale;
				const bool dark = mx >= 4 && my >= 4 && mx < code.side + 4 && my < code.side + 4 &&
					code.modules[(size_t)(my - 4) * code.side + mx - 4] != 0;

				assert_int_equal(row[1 + x / 8] >> (7 - x % 8) & 1, !dark);
			}
		}
		assert_memory_equal(bytes + secret_len(png) - 12, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
		free(picture);
		secret_free(&png);
		qr_free(&code);
	}
}

static void a_picture_that_no_secret_can_hold_is_refused(void **state)
{
	struct secret *png = NULL;
	struct qr code;

	(void)state;
	assert_int_equal(qr_encode(&code, "otpauth://totp/Contoh:sari?secret=AAAA", NULL), BE_OK);
	assert_int_equal(qr_png(&png, &code, 100, NULL), BE_LIMIT);
	assert_null(png);
	qr_free(&code);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_has_its_three_finders_and_the_size_of_its_text),
		cmocka_unit_test(different_texts_are_different_codes),
		cmocka_unit_test(nothing_and_too_much_are_refused),
		cmocka_unit_test(a_picture_has_the_modules_of_its_code),
		cmocka_unit_test(a_picture_that_no_secret_can_hold_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
