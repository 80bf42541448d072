/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/exchange.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

/* The version tells a helper left over from another build. */
#define VERSION (0xBE520001u ^ (uint32_t)sizeof(struct request_head) << 8)

struct request_head {
	uint32_t version, op, page, mode;
	uint32_t cols, rows, frame, qr_side;
	struct render_rect part;
	double width, height, font_size;
	uint64_t image_len, text_len, line_count;
};

struct answer_head {
	uint32_t version, op, fault, pages;
	uint32_t cols, rows;
	uint64_t records_len, text_len;
	char detail[RENDER_DETAIL_MAX];
};

static enum be_err nonsense(struct be_error *err)
{
	return be_fail(
		err, BE_MALFORMED, N_("The part of besign that draws pages gave no answer that makes sense"), NULL);
}

static bool between(double value, double least, double most)
{
	return isfinite(value) && value >= least && value <= most;
}

static bool is_rect(const struct render_rect *r)
{
	return between(r->x, -RENDER_SIDE_MAX, RENDER_SIDE_MAX) && between(r->y, -RENDER_SIDE_MAX, RENDER_SIDE_MAX) &&
		between(r->width, 0, RENDER_SIDE_MAX) && between(r->height, 0, RENDER_SIDE_MAX);
}

/* Exactly count strings, each with its NUL, and nothing behind them. */
bool render_are_strings(const uint8_t *bytes, size_t len, size_t count)
{
	for (; count > 0; count--) {
		const uint8_t *end = len > 0 ? memchr(bytes, '\0', len) : NULL;

		if (end == NULL)
			return false;
		len -= (size_t)(end - bytes) + 1;
		while (bytes < end) {
			uint32_t c;

			bytes += utf8_decode(bytes, (size_t)(end - bytes), &c);
			if (c == UTF8_BAD)
				return false;
		}
		bytes = end + 1;
	}
	return len == 0;
}

/* ---- requests ---- */

enum be_err render_request_encode(struct buffer *out, const struct render_request *request, struct be_error *err)
{
	const struct request_head head = {
		.version = VERSION,
		.op = request->op,
		.page = request->page,
		.mode = request->mode,
		.cols = request->cols,
		.rows = request->rows,
		.frame = request->frame,
		.qr_side = request->qr_side,
		.part = request->part,
		.width = request->width,
		.height = request->height,
		.font_size = request->font_size,
		.image_len = request->image_len,
		.text_len = request->text_len,
		.line_count = request->line_count,
	};

	buffer_add(out, &head, sizeof(head));
	buffer_add(out, request->image, request->image_len);
	buffer_add(out, request->text, request->text_len);
	buffer_add(out, request->modules, (size_t)request->qr_side * request->qr_side);
	return buffer_check(out, err);
}

static bool head_makes_sense(const struct request_head *h)
{
	const bool cells = h->op == RENDER_OP_CELLS;
	const bool grid = cells || h->op == RENDER_OP_PIXELS;

	if (h->version != VERSION || h->op >= RENDER_OP_COUNT || h->mode >= RENDER_MODE_COUNT || h->frame > 1)
		return false;
	if (grid && (h->cols == 0 || h->rows == 0 || (uint64_t)h->cols * h->rows > RENDER_PIXELS_MAX))
		return false;
	if (cells && (h->cols > RENDER_COLS_MAX || h->rows > RENDER_ROWS_MAX))
		return false;
	if (h->op == RENDER_OP_STAMP &&
		(!between(h->width, 1, RENDER_SIDE_MAX) || !between(h->height, 1, RENDER_SIDE_MAX)))
		return false;
	return is_rect(&h->part) && between(h->font_size, 0, 1000) && h->qr_side <= RENDER_QR_MAX &&
		h->image_len <= RENDER_IMAGE_MAX && h->line_count <= RENDER_LINES_MAX &&
		h->text_len <= RENDER_LINES_MAX * (RENDER_LINE_MAX + 1);
}

enum be_err render_request_decode(struct render_request *out, const uint8_t *bytes, size_t len, struct be_error *err)
{
	struct request_head head;

	memset(out, 0, sizeof(*out));
	if (len < sizeof(head))
		return nonsense(err);
	memcpy(&head, bytes, sizeof(head));
	bytes += sizeof(head);
	len -= sizeof(head);
	if (!head_makes_sense(&head) || len != head.image_len + head.text_len + (uint64_t)head.qr_side * head.qr_side ||
		!render_are_strings(bytes + head.image_len, head.text_len, head.line_count))
		return nonsense(err);
	*out = (struct render_request){
		.op = head.op,
		.page = head.page,
		.part = head.part,
		.cols = head.cols,
		.rows = head.rows,
		.mode = head.mode,
		.frame = head.frame,
		.width = head.width,
		.height = head.height,
		.font_size = head.font_size,
		.qr_side = head.qr_side,
		.line_count = (uint32_t)head.line_count,
		.image = bytes,
		.image_len = head.image_len,
		.text = bytes + head.image_len,
		.text_len = head.text_len,
		.modules = bytes + head.image_len + head.text_len,
	};
	return BE_OK;
}

/* ---- answers ---- */

enum be_err render_answer_encode(struct buffer *out, const struct render_answer *answer, struct be_error *err)
{
	struct answer_head head = {
		.version = VERSION,
		.op = answer->op,
		.fault = answer->fault,
		.pages = answer->pages,
		.cols = answer->cols,
		.rows = answer->rows,
		.records_len = answer->records.len,
		.text_len = answer->text.len,
	};

	memcpy(head.detail, answer->detail, sizeof(head.detail));
	buffer_add(out, &head, sizeof(head));
	buffer_add(out, answer->records.data, answer->records.len);
	buffer_add(out, answer->text.data, answer->text.len);
	return buffer_check(out, err);
}

/* ---- what comes back is looked at record by record ---- */

static bool page_record(const uint8_t *bytes, const struct render_request *request)
{
	struct render_page page;

	(void)request;
	memcpy(&page, bytes, sizeof(page));
	return between(page.width, 0, RENDER_SIDE_MAX) && page.width > 0 && between(page.height, 0, RENDER_SIDE_MAX) &&
		page.height > 0 && between(page.unit, 0, RENDER_SIDE_MAX) && page.unit > 0 && page.rotate < 360 &&
		page.rotate % 90 == 0 && page.sure <= 1;
}

/* A character that takes another room than its cell would move all behind it. */
static bool cell_record(const uint8_t *bytes, const struct render_request *request)
{
	static const int most[RENDER_MODE_COUNT] = {
		[RENDER_256] = 255, [RENDER_8] = 7, [RENDER_MONO] = -1, [RENDER_ASCII] = -1
	};
	struct render_cell cell;

	memcpy(&cell, bytes, sizeof(cell));
	return cell.fg >= -1 && cell.bg >= -1 && cell.fg <= most[request->mode] && cell.bg <= most[request->mode] &&
		utf8_width(cell.character) == 1 && (request->mode != RENDER_ASCII || cell.character < 0x7f);
}

static bool pixel_record(const uint8_t *bytes, const struct render_request *request)
{
	uint32_t pixel;

	(void)request;
	memcpy(&pixel, bytes, sizeof(pixel));
	return pixel <= 0xffffffu;
}

static bool rect_record(const uint8_t *bytes, const struct render_request *request)
{
	struct render_rect rect;

	(void)request;
	memcpy(&rect, bytes, sizeof(rect));
	return is_rect(&rect);
}

static bool field_record(const uint8_t *bytes, const struct render_request *request)
{
	struct render_field field;
	const char *end;

	memcpy(&field, bytes, sizeof(field));
	end = memchr(field.name, '\0', sizeof(field.name));
	return rect_record(bytes, request) && field.kind < RENDER_FIELD_KIND_COUNT && end != NULL &&
		render_are_strings((const uint8_t *)field.name, (size_t)(end - field.name) + 1, 1);
}

static const struct {
	size_t size;
	bool (*check)(const uint8_t *record, const struct render_request *request);
} records[RENDER_OP_COUNT] = {
	[RENDER_OP_PAGE] = { sizeof(struct render_page), page_record },
	[RENDER_OP_CELLS] = { sizeof(struct render_cell), cell_record },
	[RENDER_OP_PIXELS] = { sizeof(uint32_t), pixel_record },
	[RENDER_OP_TEXT] = { sizeof(struct render_rect), rect_record },
	[RENDER_OP_FIND] = { sizeof(struct render_rect), rect_record },
	[RENDER_OP_FIELDS] = { sizeof(struct render_field), field_record },
	[RENDER_OP_CODES] = { sizeof(struct render_rect), rect_record },
};

size_t render_record_size(uint32_t op)
{
	return op < RENDER_OP_COUNT ? records[op].size : 0;
}

/* How many records there have to be, by what was asked and what the head says. */
static bool count_fits(const struct answer_head *h, const struct render_request *request, uint64_t count)
{
	switch (h->op) {
	case RENDER_OP_PAGE:
		return count == 1;
	case RENDER_OP_CELLS:
	case RENDER_OP_PIXELS:
		return h->cols > 0 && h->rows > 0 && h->cols <= request->cols && h->rows <= request->rows &&
			count == (uint64_t)h->cols * h->rows;
	case RENDER_OP_CODES:
		return count <= RENDER_CODES_MAX;
	default:
		return count <= RENDER_ITEMS_MAX;
	}
}

static bool text_fits(const struct answer_head *h, const uint8_t *text, uint64_t count)
{
	switch (h->op) {
	case RENDER_OP_TEXT:
		return h->text_len <= RENDER_TEXT_MAX && render_are_strings(text, h->text_len, count);
	case RENDER_OP_CODES:
		return h->text_len <= count * (RENDER_CODE_MAX + 1) && render_are_strings(text, h->text_len, count);
	case RENDER_OP_STAMP:
		return h->text_len > 5 && h->text_len <= RENDER_STAMP_MAX && memcmp(text, "%PDF-", 5) == 0;
	default:
		return h->text_len == 0;
	}
}

static bool body_makes_sense(const struct answer_head *h, const struct render_request *request, const uint8_t *body)
{
	const size_t size = records[h->op].size;
	const uint64_t count = size > 0 ? h->records_len / size : 0;

	if (h->fault != RENDER_FINE)
		return h->records_len == 0 && h->text_len == 0 && h->pages == 0 && h->cols == 0 && h->rows == 0;
	if ((h->op != RENDER_OP_OPEN && h->pages != 0) || h->pages > RENDER_PAGES_MAX)
		return false;
	if (h->op != RENDER_OP_CELLS && h->op != RENDER_OP_PIXELS && (h->cols != 0 || h->rows != 0))
		return false;
	if (h->records_len != count * size || !count_fits(h, request, count))
		return false;
	for (uint64_t i = 0; i < count; i++) {
		if (!records[h->op].check(body + i * size, request))
			return false;
	}
	return text_fits(h, body + h->records_len, count);
}

static bool head_fits(const struct answer_head *h, const struct render_request *request, size_t body_len)
{
	const char *end = memchr(h->detail, '\0', sizeof(h->detail));

	return h->version == VERSION && h->op == request->op && h->op < RENDER_OP_COUNT &&
		h->fault < RENDER_FAULT_COUNT && h->records_len <= body_len &&
		h->text_len == body_len - h->records_len && end != NULL &&
		render_are_strings((const uint8_t *)h->detail, (size_t)(end - h->detail) + 1, 1);
}

enum be_err render_answer_decode(struct render_answer *out, const struct render_request *request, const uint8_t *bytes,
	size_t len, struct be_error *err)
{
	struct answer_head head;
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	if (len < sizeof(head))
		return nonsense(err);
	memcpy(&head, bytes, sizeof(head));
	bytes += sizeof(head);
	if (!head_fits(&head, request, len - sizeof(head)) || !body_makes_sense(&head, request, bytes))
		return nonsense(err);
	out->op = head.op;
	out->fault = head.fault;
	out->pages = head.pages;
	out->cols = head.cols;
	out->rows = head.rows;
	memcpy(out->detail, head.detail, strlen(head.detail));
	buffer_add(&out->records, bytes, head.records_len);
	buffer_add(&out->text, bytes + head.records_len, head.text_len);
	rc = buffer_check(&out->records, err);
	if (rc == BE_OK)
		rc = buffer_check(&out->text, err);
	if (rc != BE_OK)
		render_answer_free(out);
	return rc;
}

void render_answer_free(struct render_answer *answer)
{
	buffer_free(&answer->records);
	buffer_free(&answer->text);
}

enum be_err render_fault_error(const struct render_answer *answer, struct be_error *err)
{
	static const struct {
		enum be_err code;
		const char *sentence;
	} faults[RENDER_FAULT_COUNT] = {
#define X(name, code, sentence) { code, sentence },
		RENDER_FAULT_LIST(X)
#undef X
	};

	if (answer->fault == RENDER_FINE)
		return BE_OK;
	return be_fail(err, faults[answer->fault].code, faults[answer->fault].sentence, "%s", answer->detail);
}
