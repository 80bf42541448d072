/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "render/render.h"

#include "box/box.h"
#include "render/exchange.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELPER "besign-render"
#define DEADLINE_MS 10000 /* for any one request; the helper gives itself as much processor time */

static const char no_preview[] = N_("This besign shows no pages: it was built without the libraries that draw them");
static const char no_landlock[] =
	N_("Pages are not shown on this computer: its kernel lacks Landlock (Linux 5.13), which keeps what draws them "
	   "away from your files");

struct render {
	int document;    /* -1: none */
	struct box *box; /* NULL while no helper runs */
	const atomic_bool *cancel;
	uint32_t pages;
};

enum be_err render_probe(struct buffer *path, struct be_error *err)
{
	struct box_offers offers;
	struct be_error cause = { .code = BE_OK };
	const enum be_err rc = box_find(path, HELPER, &cause);

	if (rc == BE_HELPER)
		return be_fail(err, BE_HELPER, no_preview, "%s", cause.detail);
	if (rc != BE_OK)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	box_probe(&offers);
	if (offers.landlock_abi == 0)
		return be_fail(err, BE_SANDBOX, no_landlock, NULL);
	return BE_OK;
}

/* ---- one request, one answer ---- */

static enum be_err ask_running(
	struct render_answer *out, struct render *render, const struct render_request *request, struct be_error *err)
{
	struct buffer message = BUFFER_EMPTY;
	struct buffer bytes = BUFFER_EMPTY;
	enum be_err rc = render_request_encode(&message, request, err);

	box_cancel_by(render->box, render->cancel);
	if (rc == BE_OK)
		rc = box_ask(render->box, message.data, message.len, &bytes, RENDER_ANSWER_MAX, DEADLINE_MS, err);
	if (rc == BE_OK) {
		rc = render_answer_decode(out, request, bytes.data, bytes.len, err);
		if (rc == BE_MALFORMED)
			rc = be_fail(err, BE_HELPER, err != NULL ? err->msgid : NULL, NULL);
	}
	/* It died, or cannot be believed any more. */
	if (rc != BE_OK)
		box_free(&render->box);
	buffer_free(&message);
	buffer_free(&bytes);
	return rc;
}

static enum be_err start(struct render *render, struct be_error *err)
{
	const struct render_request request = { .op = RENDER_OP_OPEN };
	struct render_answer answer = { .fault = RENDER_FINE };
	enum be_err rc = box_start(&render->box, HELPER, render->document, err);

	if (rc == BE_OK)
		rc = ask_running(&answer, render, &request, err);
	if (rc == BE_OK)
		rc = render_fault_error(&answer, err);
	if (rc == BE_OK)
		render->pages = answer.pages;
	else
		box_free(&render->box);
	render_answer_free(&answer);
	return rc;
}

/* The answer is to be freed, also after a failure. */
static enum be_err ask(
	struct render_answer *out, struct render *render, const struct render_request *request, struct be_error *err)
{
	struct be_error own = { .code = BE_OK };
	enum be_err rc = BE_OK;

	if (err == NULL)
		err = &own;
	memset(out, 0, sizeof(*out));
	if (render->cancel != NULL && atomic_load(render->cancel))
		return be_fail(err, BE_CANCELLED, N_("This was cancelled"), NULL);
	if (render->box == NULL)
		rc = start(render, err);
	if (rc == BE_OK)
		rc = ask_running(out, render, request, err);
	if (rc == BE_OK)
		rc = render_fault_error(out, err);
	return rc;
}

/* Gives the records away: they are the caller's to free. */
static void *take(struct render_answer *answer, size_t *count)
{
	void *records = answer->records.data;

	if (count != NULL)
		*count = answer->records.len / render_record_size(answer->op);
	answer->records = BUFFER_EMPTY;
	return records;
}

enum be_err render_open(struct render **out, int document, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct render *render = calloc(1, sizeof(*render));
	enum be_err rc;

	*out = NULL;
	if (render == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	render->document = -1;
	rc = render_probe(&path, err);
	if (rc == BE_OK && document >= 0) {
		render->document = fcntl(document, F_DUPFD_CLOEXEC, 0);
		if (render->document < 0)
			rc = be_fail_errno(err, BE_IO, N_("The file cannot be read"), "fcntl");
	}
	if (rc == BE_OK)
		rc = start(render, err);
	if (rc == BE_OK)
		*out = render;
	else
		render_free(&render);
	buffer_free(&path);
	return rc;
}

void render_free(struct render **render)
{
	if (*render == NULL)
		return;
	box_free(&(*render)->box);
	if ((*render)->document >= 0)
		(void)close((*render)->document);
	free(*render);
	*render = NULL;
}

void render_cancel_by(struct render *render, const atomic_bool *flag)
{
	render->cancel = flag;
}

uint32_t render_pages(const struct render *render)
{
	return render->pages;
}

enum be_err render_page(struct render_page *out, struct render *render, uint32_t page, struct be_error *err)
{
	const struct render_request request = { .op = RENDER_OP_PAGE, .page = page };
	struct render_answer answer;
	enum be_err rc = ask(&answer, render, &request, err);

	memset(out, 0, sizeof(*out));
	if (rc == BE_OK)
		memcpy(out, answer.records.data, sizeof(*out));
	render_answer_free(&answer);
	return rc;
}

/* ---- the page on a terminal or a screen ---- */

static enum be_err ask_grid(struct render_answer *out, struct render *render, struct render_request *request,
	const struct render_rect *part, struct be_error *err)
{
	const bool cells = request->op == RENDER_OP_CELLS;
	const uint64_t count = (uint64_t)request->cols * request->rows;
	const struct render_rect *p = part;

	memset(out, 0, sizeof(*out));
	if (count == 0 || count > RENDER_PIXELS_MAX ||
		(cells && (request->cols > RENDER_COLS_MAX || request->rows > RENDER_ROWS_MAX)))
		return be_fail(err, BE_USAGE, N_("A page is not drawn that large or that small"), "%u x %u",
			request->cols, request->rows);
	if (p != NULL &&
		!(fabs(p->x) <= RENDER_SIDE_MAX && fabs(p->y) <= RENDER_SIDE_MAX && p->width > 0 &&
			p->width <= RENDER_SIDE_MAX && p->height > 0 && p->height <= RENDER_SIDE_MAX))
		return be_fail(err, BE_USAGE, N_("This is no part of a page"), NULL);
	if (p != NULL)
		request->part = *p;
	return ask(out, render, request, err);
}

enum be_err render_cells(struct render_cells *out, struct render *render, uint32_t page, const struct render_rect *part,
	uint32_t cols, uint32_t rows, enum render_mode mode, struct be_error *err)
{
	struct render_request request = {
		.op = RENDER_OP_CELLS, .page = page, .cols = cols, .rows = rows, .mode = mode
	};
	struct render_answer answer;
	enum be_err rc = ask_grid(&answer, render, &request, part, err);

	*out = (struct render_cells){ 0, 0, NULL };
	if (rc == BE_OK)
		*out = (struct render_cells){ answer.cols, answer.rows, take(&answer, NULL) };
	render_answer_free(&answer);
	return rc;
}

void render_cells_free(struct render_cells *cells)
{
	free(cells->cells);
	*cells = (struct render_cells){ 0, 0, NULL };
}

enum be_err render_pixels(struct render_pixels *out, struct render *render, uint32_t page,
	const struct render_rect *part, uint32_t width, uint32_t height, struct be_error *err)
{
	struct render_request request = { .op = RENDER_OP_PIXELS, .page = page, .cols = width, .rows = height };
	struct render_answer answer;
	enum be_err rc = ask_grid(&answer, render, &request, part, err);

	*out = (struct render_pixels){ 0, 0, NULL };
	if (rc == BE_OK)
		*out = (struct render_pixels){ answer.cols, answer.rows, take(&answer, NULL) };
	render_answer_free(&answer);
	return rc;
}

void render_pixels_free(struct render_pixels *pixels)
{
	free(pixels->pixels);
	*pixels = (struct render_pixels){ 0, 0, NULL };
}

/* ---- what stands on the page ---- */

static enum be_err split_lines(struct render_text *out, struct render_answer *answer, struct be_error *err)
{
	const size_t count = answer->records.len / sizeof(struct render_rect);
	const char *text = (const char *)answer->text.data;

	out->lines = calloc(count + 1, sizeof(*out->lines));
	if (out->lines == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("There is not enough memory"), NULL);
	out->count = count;
	out->bytes = (char *)answer->text.data;
	answer->text = BUFFER_EMPTY;
	for (size_t i = 0; i < count; i++) {
		memcpy(&out->lines[i].at, answer->records.data + i * sizeof(struct render_rect),
			sizeof(struct render_rect));
		out->lines[i].text = text;
		text += strlen(text) + 1;
	}
	return BE_OK;
}

static enum be_err ask_lines(
	struct render_text *out, struct render *render, const struct render_request *request, struct be_error *err)
{
	struct render_answer answer;
	enum be_err rc = ask(&answer, render, request, err);

	*out = (struct render_text){ NULL, 0, NULL };
	if (rc == BE_OK)
		rc = split_lines(out, &answer, err);
	render_answer_free(&answer);
	return rc;
}

enum be_err render_text(struct render_text *out, struct render *render, uint32_t page, struct be_error *err)
{
	return ask_lines(out, render, &(struct render_request){ .op = RENDER_OP_TEXT, .page = page }, err);
}

enum be_err render_codes(struct render_text *out, struct render *render, uint32_t page, struct be_error *err)
{
	return ask_lines(out, render, &(struct render_request){ .op = RENDER_OP_CODES, .page = page }, err);
}

enum be_err render_image_codes(
	struct render_text *out, struct render *render, const void *image, size_t image_len, struct be_error *err)
{
	const struct render_request request = { .op = RENDER_OP_CODES, .image = image, .image_len = image_len };

	*out = (struct render_text){ NULL, 0, NULL };
	if (image_len == 0)
		return be_fail(err, BE_UNSUPPORTED, N_("The picture is neither a PNG nor a JPEG file"), NULL);
	if (image_len > RENDER_IMAGE_MAX)
		return be_fail(err, BE_LIMIT, N_("The picture's file is too large"), "%zu bytes", image_len);
	return ask_lines(out, render, &request, err);
}

void render_text_free(struct render_text *text)
{
	free(text->lines);
	free(text->bytes);
	*text = (struct render_text){ NULL, 0, NULL };
}

/* A picture that is none is told to be damaged by who would have read it. */
bool render_reads_codes(struct render *render)
{
	static const uint8_t none[] = "\x89PNG\r\n\x1a\n";
	struct render_text codes;
	const enum be_err rc = render_image_codes(&codes, render, none, sizeof(none), NULL);

	render_text_free(&codes);
	return rc == BE_MALFORMED;
}

static enum be_err bad_text(struct be_error *err)
{
	return be_fail(err, BE_USAGE, N_("The text is too long, or it is no UTF-8"), NULL);
}

enum be_err render_find(
	struct render_rects *out, struct render *render, uint32_t page, const char *text, struct be_error *err)
{
	const struct render_request request = {
		.op = RENDER_OP_FIND,
		.page = page,
		.line_count = 1,
		.text = (const uint8_t *)text,
		.text_len = strlen(text) + 1,
	};
	struct render_answer answer;
	enum be_err rc;

	*out = (struct render_rects){ NULL, 0 };
	if (request.text_len > RENDER_FIND_MAX || !render_are_strings(request.text, request.text_len, 1))
		return bad_text(err);
	rc = ask(&answer, render, &request, err);
	if (rc == BE_OK)
		out->rects = take(&answer, &out->count);
	render_answer_free(&answer);
	return rc;
}

void render_rects_free(struct render_rects *rects)
{
	free(rects->rects);
	*rects = (struct render_rects){ NULL, 0 };
}

enum be_err render_fields(struct render_fields *out, struct render *render, uint32_t page, struct be_error *err)
{
	const struct render_request request = { .op = RENDER_OP_FIELDS, .page = page };
	struct render_answer answer;
	enum be_err rc = ask(&answer, render, &request, err);

	*out = (struct render_fields){ NULL, 0 };
	if (rc == BE_OK)
		out->fields = take(&answer, &out->count);
	render_answer_free(&answer);
	return rc;
}

void render_fields_free(struct render_fields *fields)
{
	free(fields->fields);
	*fields = (struct render_fields){ NULL, 0 };
}

/* ---- a signature's visualisation ---- */

static enum be_err join_lines(struct buffer *out, const struct render_stamp *stamp, struct be_error *err)
{
	if (stamp->line_count > RENDER_LINES_MAX)
		return bad_text(err);
	for (size_t i = 0; i < stamp->line_count; i++) {
		const char *line = stamp->lines[i];
		const size_t size = strlen(line) + 1;

		if (size > RENDER_LINE_MAX + 1 || !render_are_strings((const uint8_t *)line, size, 1))
			return bad_text(err);
		buffer_add(out, line, size);
	}
	return buffer_check(out, err);
}

static enum be_err check_stamp(const struct render_stamp *stamp, struct be_error *err)
{
	const bool sized = stamp->width >= 1 && stamp->height >= 1 && stamp->width <= RENDER_SIDE_MAX &&
		stamp->height <= RENDER_SIDE_MAX;
	const bool fitting = stamp->font_size >= 0 && stamp->font_size <= 1000 && stamp->qr_side <= RENDER_QR_MAX;

	if (stamp->image == NULL && stamp->line_count == 0 && stamp->modules == NULL)
		return be_fail(err, BE_USAGE, N_("A visualisation needs a picture, text or a QR code"), NULL);
	if (!sized || !fitting || (stamp->modules != NULL && stamp->qr_side == 0))
		return be_fail(err, BE_USAGE, N_("A visualisation cannot have this size"), NULL);
	if (stamp->image != NULL && stamp->image_len > RENDER_IMAGE_MAX)
		return be_fail(err, BE_LIMIT, N_("The picture's file is too large"), "%zu bytes", stamp->image_len);
	return BE_OK;
}

enum be_err render_stamp(
	struct buffer *pdf, struct render *render, const struct render_stamp *stamp, struct be_error *err)
{
	struct render_request request = {
		.op = RENDER_OP_STAMP,
		.width = stamp->width,
		.height = stamp->height,
		.font_size = stamp->font_size,
		.frame = stamp->frame,
		.line_count = (uint32_t)stamp->line_count,
		.image = stamp->image,
		.image_len = stamp->image != NULL ? stamp->image_len : 0,
		.modules = stamp->modules,
		.qr_side = stamp->modules != NULL ? stamp->qr_side : 0,
	};
	struct render_answer answer = { .fault = RENDER_FINE };
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = check_stamp(stamp, err);

	if (rc == BE_OK)
		rc = join_lines(&text, stamp, err);
	request.text = text.data;
	request.text_len = text.len;
	if (rc == BE_OK)
		rc = ask(&answer, render, &request, err);
	if (rc == BE_OK) {
		buffer_add(pdf, answer.text.data, answer.text.len);
		rc = buffer_check(pdf, err);
	}
	render_answer_free(&answer);
	buffer_free(&text);
	return rc;
}
