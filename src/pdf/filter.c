/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/filter.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct predictor {
	int64_t kind; /* 1 none, 2 TIFF, 10–15 PNG (Table 8) */
	size_t bytes_per_pixel;
	size_t bytes_per_row;
};

static enum be_err broken(struct be_error *err, const char *what)
{
	return be_fail(err, BE_MALFORMED, N_("The document's structure is broken"), "%s", what);
}

static enum be_err inflate_all(struct buffer *out, const uint8_t *data, size_t len, size_t max, struct be_error *err)
{
	z_stream z = { 0 };
	uint8_t piece[16384];
	size_t produced = 0;
	int status = Z_OK;
	enum be_err rc = BE_OK;

	if (len > UINT32_MAX)
		return be_fail(err, BE_LIMIT, N_("A stream of the document is too large"), NULL);
	if (inflateInit(&z) != Z_OK)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	z.next_in = (z_const Bytef *)(uintptr_t)data;
	z.avail_in = (uInt)len;
	while (rc == BE_OK && status == Z_OK) {
		z.next_out = piece;
		z.avail_out = sizeof(piece);
		status = inflate(&z, Z_NO_FLUSH);
		if (status != Z_OK && status != Z_STREAM_END)
			rc = broken(err, "compressed data is broken");
		produced += sizeof(piece) - z.avail_out;
		if (produced > max)
			rc = be_fail(err, BE_LIMIT, N_("A stream of the document is too large"), NULL);
		buffer_add(out, piece, sizeof(piece) - z.avail_out);
	}
	(void)inflateEnd(&z);
	return rc == BE_OK ? buffer_check(out, err) : rc;
}

static int64_t parameter(const struct pdf_obj *parms, const char *key, int64_t otherwise)
{
	const struct pdf_obj *value = pdf_get_typed(parms, key, PDF_INT);

	return value != NULL ? value->u.integer : otherwise;
}

static enum be_err read_predictor(struct predictor *out, const struct pdf_obj *parms, struct be_error *err)
{
	int64_t colors = parameter(parms, "Colors", 1);
	int64_t bits = parameter(parms, "BitsPerComponent", 8);
	int64_t columns = parameter(parms, "Columns", 1);

	out->kind = parameter(parms, "Predictor", 1);
	if (colors < 1 || colors > 32 || bits < 1 || bits > 16 || columns < 1 || columns > 1 << 20)
		return broken(err, "predictor parameters out of range");
	out->bytes_per_pixel = (size_t)((colors * bits + 7) / 8);
	out->bytes_per_row = (size_t)((colors * bits * columns + 7) / 8);
	if (out->kind != 1 && out->kind != 2 && (out->kind < 10 || out->kind > 15))
		return broken(err, "unknown predictor");
	if (out->kind == 2 && bits != 8)
		return be_fail(err, BE_UNSUPPORTED, N_("The document uses a compression this program does not read"),
			"TIFF predictor");
	return BE_OK;
}

static uint8_t paeth(uint8_t left, uint8_t up, uint8_t corner)
{
	int estimate = left + up - corner;
	int to_left = abs(estimate - left);
	int to_up = abs(estimate - up);
	int to_corner = abs(estimate - corner);

	if (to_left <= to_up && to_left <= to_corner)
		return left;
	return to_up <= to_corner ? up : corner;
}

/* Undoes one row of PNG prediction (PNG, 9.2); previous is the row above, already undone. */
static bool undo_png_row(uint8_t kind, uint8_t *row, const uint8_t *previous, const struct predictor *p)
{
	for (size_t i = 0; i < p->bytes_per_row; i++) {
		uint8_t left = i >= p->bytes_per_pixel ? row[i - p->bytes_per_pixel] : 0;
		uint8_t up = previous != NULL ? previous[i] : 0;
		uint8_t corner = previous != NULL && i >= p->bytes_per_pixel ? previous[i - p->bytes_per_pixel] : 0;

		switch (kind) {
		case 0:
			break;
		case 1:
			row[i] = (uint8_t)(row[i] + left);
			break;
		case 2:
			row[i] = (uint8_t)(row[i] + up);
			break;
		case 3:
			row[i] = (uint8_t)(row[i] + (left + up) / 2);
			break;
		case 4:
			row[i] = (uint8_t)(row[i] + paeth(left, up, corner));
			break;
		default:
			return false;
		}
	}
	return true;
}

/* In place: rows lose the byte that names their filter. A last row that is short is dropped. */
static enum be_err undo_png(struct buffer *data, size_t from, const struct predictor *p, struct be_error *err)
{
	const size_t step = p->bytes_per_row + 1;
	size_t rows = (data->len - from) / step;
	uint8_t *previous = NULL;

	for (size_t r = 0; r < rows; r++) {
		const uint8_t *source = data->data + from + r * step;
		uint8_t *row = data->data + from + r * p->bytes_per_row;
		uint8_t kind = source[0];

		memmove(row, source + 1, p->bytes_per_row);
		if (!undo_png_row(kind, row, previous, p))
			return broken(err, "unknown predictor of a row");
		previous = row;
	}
	data->len = from + rows * p->bytes_per_row;
	return BE_OK;
}

static void undo_tiff(struct buffer *data, size_t from, const struct predictor *p)
{
	for (size_t row = from; row + p->bytes_per_row <= data->len; row += p->bytes_per_row) {
		for (size_t i = p->bytes_per_pixel; i < p->bytes_per_row; i++)
			data->data[row + i] = (uint8_t)(data->data[row + i] + data->data[row + i - p->bytes_per_pixel]);
	}
}

/* /Filter and /DecodeParms are one value or an array of them (Table 5). More than one filter is not seen on these
 * streams. */
static const struct pdf_obj *only_element(const struct pdf_obj *value, bool *several)
{
	if (!pdf_is(value, PDF_ARRAY))
		return value;
	*several = *several || value->count > 1;
	return value->count == 1 ? &value->u.items[0] : NULL;
}

enum be_err pdf_filter_decode(struct buffer *out, const struct pdf_obj *dict, const uint8_t *data, size_t len,
	size_t max, struct be_error *err)
{
	bool several = false;
	const struct pdf_obj *filter = only_element(pdf_get(dict, "Filter"), &several);
	const struct pdf_obj *parms = only_element(pdf_get(dict, "DecodeParms"), &several);
	struct predictor p = { 1, 1, 1 };
	size_t from = out->len;
	enum be_err rc;

	if (several || (filter != NULL && !pdf_name_is(filter, "FlateDecode") && !pdf_name_is(filter, "Fl")))
		return be_fail(
			err, BE_UNSUPPORTED, N_("The document uses a compression this program does not read"), NULL);
	if (filter == NULL) {
		if (len > max)
			return be_fail(err, BE_LIMIT, N_("A stream of the document is too large"), NULL);
		buffer_add(out, data, len);
		return buffer_check(out, err);
	}
	rc = read_predictor(&p, parms, err);
	if (rc == BE_OK)
		rc = inflate_all(out, data, len, max, err);
	if (rc != BE_OK || p.kind == 1)
		return rc;
	if (p.kind >= 10)
		return undo_png(out, from, &p, err);
	undo_tiff(out, from, &p);
	return BE_OK;
}
