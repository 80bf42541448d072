/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "qr/png.h"

#include <string.h>
#include <zlib.h>

#define QUIET 4u
#define SCALE 8u      /* pixels a module, so that a module's row of pixels is one byte */
#define SIDE_MAX 133u /* of QR_TEXT_MAX bytes */
#define LIGHT 0xFFu
#define DARK 0x00u

static void put_number(uint8_t out[static 4], uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		out[i] = (uint8_t)(number >> (24 - 8 * i));
}

/* What is being written: the picture, and the checksum of the chunk so far. The room is exact, so nothing can fail. */
struct picture {
	struct secret *bytes;
	uLong crc;
	uLong adler;
};

static void add(struct picture *p, const void *bytes, size_t len)
{
	(void)secret_add(p->bytes, bytes, len, NULL);
	p->crc = crc32(p->crc, bytes, (uInt)len);
}

static void begin_chunk(struct picture *p, const char *name, uint32_t len)
{
	uint8_t number[4];

	put_number(number, len);
	add(p, number, sizeof(number));
	p->crc = crc32(0, NULL, 0);
	add(p, name, 4);
}

static void end_chunk(struct picture *p)
{
	uint8_t number[4];

	put_number(number, (uint32_t)p->crc);
	add(p, number, sizeof(number));
}

static void add_header(struct picture *p, uint32_t pixels)
{
	uint8_t header[13] = { 0 };

	put_number(header, pixels);
	put_number(header + 4, pixels);
	header[8] = 1; /* bit a sample; grey, deflate, the usual filters, not interlaced */
	begin_chunk(p, "IHDR", sizeof(header));
	add(p, header, sizeof(header));
	end_chunk(p);
}

/* One row of modules is eight rows of pixels, each behind its filter, and one stored block (RFC 1951, 3.2.4). */
static void add_row(struct picture *p, const struct qr *code, uint32_t row, uint32_t modules)
{
	uint8_t line[1 + SIDE_MAX + 2 * QUIET] = { 0 };
	const uint32_t len = SCALE * (1 + modules);
	const uint8_t block[5] = { row + 1 == modules, (uint8_t)len, (uint8_t)(len >> 8), (uint8_t)~len,
		(uint8_t)(~len >> 8) };

	for (uint32_t column = 0; column < modules; column++)
		line[1 + column] = qr_is_dark(code, (int)row - (int)QUIET, (int)column - (int)QUIET) ? DARK : LIGHT;
	add(p, block, sizeof(block));
	for (unsigned i = 0; i < SCALE; i++) {
		add(p, line, 1 + modules);
		p->adler = adler32(p->adler, line, 1 + modules);
	}
	explicit_bzero(line, sizeof(line));
}

enum be_err qr_png(struct secret **out, const struct qr *code, struct be_error *err)
{
	static const uint8_t signature[8] = { 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n' };
	static const uint8_t stream[2] = { 0x78, 0x01 };
	const uint32_t modules = code->side + 2 * QUIET;
	const uint32_t data = (uint32_t)sizeof(stream) + modules * (5 + SCALE * (1 + modules)) + 4;
	struct picture p = { .adler = adler32(0, NULL, 0) };
	uint8_t number[4];
	enum be_err rc;

	*out = NULL;
	if (code->side > SIDE_MAX)
		return be_fail(err, BE_LIMIT, N_("The text is too long for a QR code"), NULL);
	rc = secret_new(&p.bytes, sizeof(signature) + 12 + 13 + 12 + data + 12, err);
	if (rc != BE_OK)
		return rc;
	add(&p, signature, sizeof(signature));
	add_header(&p, modules * SCALE);
	begin_chunk(&p, "IDAT", data);
	add(&p, stream, sizeof(stream));
	for (uint32_t row = 0; row < modules; row++)
		add_row(&p, code, row, modules);
	put_number(number, (uint32_t)p.adler);
	add(&p, number, sizeof(number));
	end_chunk(&p);
	begin_chunk(&p, "IEND", 0);
	end_chunk(&p);
	*out = p.bytes;
	return BE_OK;
}
