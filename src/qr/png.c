/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr/qr.h"

#include <string.h>

/* A grey picture of one bit a pixel (PNG, W3C 2003). What it shows may be a secret, so it is written straight into
 * locked memory, without a library that would keep copies; its data stand uncompressed in blocks of deflate (RFC 1951,
 * 3.2.4), which costs some kilobytes. */

#define QUIET 4u
#define BLOCK_MAX 65535u

struct writer {
	struct secret *out;
	uint32_t crc;   /* of the chunk */
	uint32_t a, b;  /* Adler-32 of the picture (RFC 1950) */
	size_t to_come; /* bytes of the picture that are not written yet */
	size_t in_block;
	enum be_err rc;
	struct be_error *err;
};

static void put(struct writer *w, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		w->crc ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			w->crc = (w->crc & 1) != 0 ? w->crc >> 1 ^ 0xEDB88320u : w->crc >> 1;
	}
	if (w->rc == BE_OK)
		w->rc = secret_add(w->out, bytes, len, w->err);
}

static void put_number(struct writer *w, uint32_t number)
{
	const uint8_t bytes[] = { (uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number };

	put(w, bytes, sizeof(bytes));
}

static void begin(struct writer *w, const char *kind, size_t len)
{
	put_number(w, (uint32_t)len);
	w->crc = UINT32_MAX;
	put(w, (const uint8_t *)kind, 4);
}

static void end(struct writer *w)
{
	put_number(w, ~w->crc);
}

/* ---- the picture's bytes, in blocks ---- */

static void put_block_header(struct writer *w)
{
	const size_t len = w->to_come < BLOCK_MAX ? w->to_come : BLOCK_MAX;
	const uint8_t header[] = { w->to_come <= BLOCK_MAX, (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)~len,
		(uint8_t)(~len >> 8) };

	put(w, header, sizeof(header));
	w->in_block = len;
}

static void put_picture(struct writer *w, uint8_t byte)
{
	if (w->in_block == 0)
		put_block_header(w);
	w->a = (w->a + byte) % 65521;
	w->b = (w->b + w->a) % 65521;
	put(w, &byte, 1);
	w->in_block--;
	w->to_come--;
}

static bool is_dark(const struct qr *code, uint32_t x, uint32_t y)
{
	return x >= QUIET && y >= QUIET && x < code->side + QUIET && y < code->side + QUIET &&
		code->modules[(size_t)(y - QUIET) * code->side + (x - QUIET)] != 0;
}

/* A byte that says how the row is filtered, none, and eight pixels in each that follows: 1 is white. */
static void put_row(struct writer *w, const struct qr *code, uint32_t y, uint32_t scale, uint32_t size)
{
	put_picture(w, 0);
	for (uint32_t x = 0; x < size; x += 8) {
		uint8_t byte = 0;

		for (uint32_t bit = 0; bit < 8; bit++)
			if (x + bit >= size || !is_dark(code, (x + bit) / scale, y / scale))
				byte |= (uint8_t)(0x80u >> bit);
		put_picture(w, byte);
	}
}

enum be_err qr_png(struct secret **out, const struct qr *code, uint32_t scale, struct be_error *err)
{
	static const uint8_t signature[] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
	static const uint8_t grey_bits[] = { 1, 0, 0, 0, 0 };
	static const uint8_t zlib[] = { 0x78, 0x01 };
	const uint32_t size = (code->side + 2 * QUIET) * scale;
	const size_t picture = (size_t)size * (1 + (size + 7) / 8);
	const size_t data = sizeof(zlib) + picture + 5 * ((picture + BLOCK_MAX - 1) / BLOCK_MAX) + 4;
	struct writer w = { .a = 1, .to_come = picture, .err = err };

	w.rc = secret_new(out, sizeof(signature) + 3 * 12 + 13 + data, err);
	w.out = *out;
	if (w.rc != BE_OK)
		return w.rc;
	put(&w, signature, sizeof(signature));
	begin(&w, "IHDR", 13);
	put_number(&w, size);
	put_number(&w, size);
	put(&w, grey_bits, sizeof(grey_bits));
	end(&w);
	begin(&w, "IDAT", data);
	put(&w, zlib, sizeof(zlib));
	for (uint32_t y = 0; y < size; y++)
		put_row(&w, code, y, scale, size);
	put_number(&w, w.b << 16 | w.a);
	end(&w);
	begin(&w, "IEND", 0);
	end(&w);
	if (w.rc != BE_OK)
		secret_free(out);
	return w.rc;
}
