/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/picture.h"

#include "qr/qr.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define QUIET 4

static void must(bool good, const char *what)
{
	if (good)
		return;
	(void)fprintf(stderr, "picture: %s\n", what);
	abort();
}

void picture_new(struct picture *out, int width, int height, uint8_t paper)
{
	*out = (struct picture){ width, height, malloc((size_t)width * (size_t)height) };
	must(out->octets != NULL, "no memory");
	memset(out->octets, paper, (size_t)width * (size_t)height);
}

void picture_free(struct picture *picture)
{
	free(picture->octets);
	picture->octets = NULL;
}

static uint8_t *at(const struct picture *p, int x, int y)
{
	return p->octets + (size_t)y * (size_t)p->width + (size_t)x;
}

int picture_add_code(struct picture *picture, const char *text, int x, int y, int module)
{
	struct qr code;
	int side;

	must(qr_encode(&code, text, NULL) == BE_OK, "no such code");
	side = ((int)code.side + 2 * QUIET) * module;
	must(x >= 0 && y >= 0 && x + side <= picture->width && y + side <= picture->height, "no room for the code");
	for (int row = 0; row < side; row++) {
		for (int column = 0; column < side; column++) {
			const int i = row / module - QUIET;
			const int j = column / module - QUIET;
			const bool inside = i >= 0 && j >= 0 && i < (int)code.side && j < (int)code.side;

			*at(picture, x + column, y + row) =
				inside && code.modules[(size_t)i * code.side + (size_t)j] != 0 ? 0 : 255;
		}
	}
	qr_free(&code);
	return side;
}

/* ---- what happens to a picture ---- */

static double between(const struct picture *p, double x, double y)
{
	const int left = (int)floor(x);
	const int top = (int)floor(y);
	const double right = x - left;
	const double below = y - top;

	if (left < 0 || top < 0 || left + 1 >= p->width || top + 1 >= p->height)
		return 255;
	return (*at(p, left, top) * (1 - right) + *at(p, left + 1, top) * right) * (1 - below) +
		(*at(p, left, top + 1) * (1 - right) + *at(p, left + 1, top + 1) * right) * below;
}

/* From the unit square to four points (Heckbert, "Fundamentals of Texture Mapping", 2.2.3). */
static void square_to(double m[9], const double c[8])
{
	const double dx1 = c[2] - c[4], dx2 = c[6] - c[4], sx = c[0] - c[2] + c[4] - c[6];
	const double dy1 = c[3] - c[5], dy2 = c[7] - c[5], sy = c[1] - c[3] + c[5] - c[7];
	const double det = dx1 * dy2 - dx2 * dy1;
	const double g = (sx * dy2 - dx2 * sy) / det;
	const double h = (dx1 * sy - sx * dy1) / det;

	memcpy(m,
		(double[9]){ c[2] - c[0] + g * c[2], c[6] - c[0] + h * c[6], c[0], c[3] - c[1] + g * c[3],
			c[7] - c[1] + h * c[7], c[1], g, h, 1 },
		9 * sizeof(*m));
}

static void inverse(double out[9], const double m[9])
{
	memcpy(out,
		(double[9]){ m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
			m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
			m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3] },
		9 * sizeof(*out));
}

void picture_warp(struct picture *picture, int width, int height, const double corners[8])
{
	struct picture warped;
	double to[9];
	double from[9];

	picture_new(&warped, width, height, 255);
	square_to(to, corners);
	inverse(from, to);
	for (int y = 0; y < height; y++) {
		for (int x = 0; x < width; x++) {
			const double w = from[6] * x + from[7] * y + from[8];
			const double u = (from[0] * x + from[1] * y + from[2]) / w;
			const double v = (from[3] * x + from[4] * y + from[5]) / w;

			*at(&warped, x, y) =
				(uint8_t)lround(between(picture, u * (picture->width - 1), v * (picture->height - 1)));
		}
	}
	picture_free(picture);
	*picture = warped;
}

void picture_turn(struct picture *picture, double degrees)
{
	const double a = degrees * 3.14159265358979323846 / 180;
	const double w = picture->width / 2.0, h = picture->height / 2.0;
	const double half_width = fabs(w * cos(a)) + fabs(h * sin(a));
	const double half_height = fabs(w * sin(a)) + fabs(h * cos(a));
	const double xs[4] = { -w, w, w, -w };
	const double ys[4] = { -h, -h, h, h };
	double corners[8];

	for (int i = 0; i < 4; i++) {
		corners[2 * i] = half_width + xs[i] * cos(a) - ys[i] * sin(a);
		corners[2 * i + 1] = half_height + xs[i] * sin(a) + ys[i] * cos(a);
	}
	picture_warp(picture, (int)ceil(2 * half_width), (int)ceil(2 * half_height), corners);
}

static void blur_rows(struct picture *picture, int reach)
{
	uint8_t *row = malloc((size_t)picture->width);

	must(row != NULL, "no memory");
	for (int y = 0; y < picture->height; y++) {
		memcpy(row, at(picture, 0, y), (size_t)picture->width);
		for (int x = reach; x + reach < picture->width; x++) {
			int sum = 0;

			for (int i = -reach; i <= reach; i++)
				sum += row[x + i];
			*at(picture, x, y) = (uint8_t)(sum / (2 * reach + 1));
		}
	}
	free(row);
}

void picture_spoil(struct picture *picture, int grain, int shade, int blur)
{
	uint32_t seed = 20260528;

	if (blur > 0)
		blur_rows(picture, blur);
	for (int y = 0; y < picture->height; y++) {
		for (int x = 0; x < picture->width; x++) {
			int value = *at(picture, x, y) - shade * x / picture->width;

			seed = seed * 1664525u + 1013904223u;
			value += grain == 0 ? 0 : (int)(seed >> 16) % (2 * grain + 1) - grain;
			*at(picture, x, y) = (uint8_t)(value < 0 ? 0 : value > 255 ? 255 : value);
		}
	}
}

/* ---- files ---- */

static void add_number(struct buffer *out, uint32_t value)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buffer_add_byte(out, (uint8_t)(value >> shift));
}

static void add_chunk(struct buffer *out, const char *name, const void *bytes, size_t len)
{
	const size_t start = out->len + 4;

	add_number(out, (uint32_t)len);
	buffer_add_str(out, name);
	buffer_add(out, bytes, len);
	add_number(out, (uint32_t)crc32(0, out->data + start, (uInt)(len + 4)));
}

static void add_header(struct buffer *out, uint32_t width, uint32_t height)
{
	struct buffer head = BUFFER_EMPTY;

	buffer_add(out, "\x89PNG\r\n\x1a\n", 8);
	add_number(&head, width);
	add_number(&head, height);
	buffer_add(&head, "\x08\x00\x00\x00\x00", 5);
	add_chunk(out, "IHDR", head.data, head.len);
	buffer_free(&head);
}

static void pack(struct buffer *out, const void *bytes, size_t len)
{
	uLongf room = compressBound((uLong)len);
	uint8_t *packed = malloc(room);

	must(packed != NULL && compress2(packed, &room, bytes, (uLong)len, 9) == Z_OK, "zlib");
	buffer_add(out, packed, room);
	free(packed);
}

void picture_png(struct buffer *out, const struct picture *picture)
{
	struct buffer rows = BUFFER_EMPTY;
	struct buffer packed = BUFFER_EMPTY;

	for (int y = 0; y < picture->height; y++) {
		buffer_add_byte(&rows, 0);
		buffer_add(&rows, at(picture, 0, y), (size_t)picture->width);
	}
	pack(&packed, rows.data, rows.len);
	add_header(out, (uint32_t)picture->width, (uint32_t)picture->height);
	add_chunk(out, "IDAT", packed.data, packed.len);
	add_chunk(out, "IEND", "", 0);
	must(!out->failed, "no memory");
	buffer_free(&rows);
	buffer_free(&packed);
}

void picture_bomb(struct buffer *out, uint32_t width, uint32_t height)
{
	const size_t size = (size_t)(width + 1) * height < (64u << 20) ? (size_t)(width + 1) * height : 64u << 20;
	uint8_t *rows = calloc(1, size);
	struct buffer packed = BUFFER_EMPTY;

	must(rows != NULL, "no memory");
	pack(&packed, rows, size);
	add_header(out, width, height);
	add_chunk(out, "IDAT", packed.data, packed.len);
	add_chunk(out, "IEND", "", 0);
	free(rows);
	buffer_free(&packed);
}

void picture_pdf(struct buffer *out, const struct picture *pictures, size_t count, int width, int height)
{
	struct buffer table = BUFFER_EMPTY;
	size_t number = 0;
	size_t start;

#define OBJECT() (buffer_printf(&table, "%010zu 00000 n \n", out->len), buffer_printf(out, "%zu 0 obj\n", ++number))
	buffer_add_str(out, "%PDF-1.7\n");
	OBJECT();
	buffer_add_str(out, "<</Type/Catalog/Pages 2 0 R>>\nendobj\n");
	OBJECT();
	buffer_add_str(out, "<</Type/Pages/Kids[");
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%zu 0 R ", 3 + 3 * i);
	buffer_printf(out, "]/Count %zu>>\nendobj\n", count);
	for (size_t i = 0; i < count; i++) {
		struct buffer packed = BUFFER_EMPTY;
		char content[64];
		const int len = snprintf(content, sizeof(content), "%d 0 0 %d 0 0 cm /I Do", width, height);

		OBJECT();
		buffer_printf(out,
			"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %zu 0 R/Resources<</XObject<</I %zu 0 R>>>>>>\nendobj\n",
			width, height, number + 1, number + 2);
		OBJECT();
		buffer_printf(out, "<</Length %d>>stream\n%s\nendstream\nendobj\n", len, content);
		OBJECT();
		pack(&packed, pictures[i].octets, (size_t)pictures[i].width * (size_t)pictures[i].height);
		buffer_printf(out,
			"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 8"
			"/Filter/FlateDecode/Length %zu>>stream\n",
			pictures[i].width, pictures[i].height, packed.len);
		buffer_add(out, packed.data, packed.len);
		buffer_add_str(out, "\nendstream\nendobj\n");
		buffer_free(&packed);
	}
#undef OBJECT
	start = out->len;
	buffer_printf(out, "xref\n0 %zu\n0000000000 65535 f \n", number + 1);
	buffer_add(out, table.data, table.len);
	buffer_printf(out, "trailer<</Size %zu/Root 1 0 R>>\nstartxref\n%zu\n%%%%EOF\n", number + 1, start);
	must(!out->failed && !table.failed, "no memory");
	buffer_free(&table);
}
