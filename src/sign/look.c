/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sign/look.h"

#include "base/file.h"
#include "base/i18n.h"
#include "base/time.h"
#include "qr/qr.h"
#include "render/render.h"
#include "verify/image.h"

#include <stdlib.h>
#include <string.h>

/* ---- lines ---- */

static const char *const own_lines[] = {
	N_("Digitally signed by {name}"),
	N_("{time}"),
	N_("Reason: {reason}"),
	N_("Location: {location}"),
};

#define OWN_LINES (sizeof(own_lines) / sizeof(own_lines[0]))

const char *const *sign_look_usual(size_t *count)
{
	*count = OWN_LINES;
	return own_lines;
}

/* "D:20261122102354+07'00'" as a person writes it: 2026-11-22 10:23:54 +07:00. */
static void add_time(struct buffer *out, int64_t moment)
{
	char text[TIME_TEXT_MAX];
	const char *d = time_format_pdf(text, moment) + 2;

	if (strlen(text) < 22)
		return;
	buffer_printf(
		out, "%.4s-%.2s-%.2s %.2s:%.2s:%.2s %.3s:%.2s", d, d + 4, d + 6, d + 8, d + 10, d + 12, d + 14, d + 18);
}

static bool add_word(struct buffer *out, const char *word, size_t len, const struct sign_options *options)
{
	const struct {
		const char *word;
		const char *value;
	} texts[] = { { "name", options->name }, { "reason", options->reason }, { "location", options->location } };

	if (len == strlen("time") && memcmp(word, "time", len) == 0) {
		add_time(out, options->time);
		return true;
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strlen(texts[i].word) != len || memcmp(word, texts[i].word, len) != 0)
			continue;
		if (texts[i].value != NULL)
			buffer_add_str(out, texts[i].value);
		return true;
	}
	return false;
}

enum be_err sign_look_fill(
	struct buffer *out, const char *line, const struct sign_options *options, bool *empty, struct be_error *err)
{
	size_t words = 0;
	size_t filled = 0;
	const char *at = line;

	while (*at != '\0') {
		const char *end = at[0] == '{' ? strchr(at, '}') : NULL;
		const size_t before = out->len;

		if (at[0] != '{' || at[1] == '{') {
			buffer_add_byte(out, (uint8_t)*at);
			at += at[0] == '{' ? 2 : 1;
			continue;
		}
		if (end == NULL || !add_word(out, at + 1, (size_t)(end - at - 1), options))
			return be_fail(err, BE_USAGE,
				N_("Only {name}, {time}, {reason} and {location} are filled in; write {{ for a brace"),
				"%s", line);
		words++;
		filled += out->len > before;
		at = end + 1;
	}
	*empty = words > 0 && filled == 0;
	return buffer_check(out, err);
}

/* ---- before a key is asked for ---- */

/* The file is read here, and decoded in the sandbox. */
static enum be_err read_image(struct buffer *out, const char *path, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = file_read_all(out, path, RENDER_IMAGE_MAX, &cause);

	if (rc == BE_LIMIT)
		return be_fail(err, rc, N_("The picture is too large: make it smaller"), "%s", path);
	if (rc != BE_OK && rc != BE_NO_MEMORY)
		return be_fail(err, rc, N_("The picture cannot be read"), "%s", cause.detail);
	return rc == BE_OK ? rc : be_fail(err, rc, cause.msgid, NULL);
}

enum be_err sign_look_check(const struct sign_look *look, struct be_error *err)
{
	static const struct sign_options nothing = { .time = 0 };
	struct buffer scratch = BUFFER_EMPTY;
	struct qr code = { 0, NULL };
	enum be_err rc = BE_OK;
	bool empty;

	if (look->line_count > RENDER_LINES_MAX)
		rc = be_fail(err, BE_LIMIT, N_("That is more text than a visible signature shows"),
			"%zu lines of at most %u", look->line_count, RENDER_LINES_MAX);
	for (size_t i = 0; i < look->line_count && rc == BE_OK; i++)
		rc = sign_look_fill(&scratch, look->lines[i], &nothing, &empty, err);
	buffer_reset(&scratch);
	if (rc == BE_OK && look->image != NULL)
		rc = read_image(&scratch, look->image, err);
	if (rc == BE_OK && look->qr != NULL)
		rc = qr_encode(&code, look->qr, err);
	qr_free(&code);
	buffer_free(&scratch);
	return rc;
}

/* ---- drawing ---- */

struct drawing {
	const char *lines[RENDER_LINES_MAX];
	size_t line_count;
	struct buffer text; /* of the lines, each with its NUL */
	struct buffer image;
	struct qr code;
};

/* The lines are found again when all are written: the text moves while it grows. */
static enum be_err fill_lines(
	struct drawing *d, const struct sign_look *look, const struct sign_options *options, struct be_error *err)
{
	const bool own = look->image == NULL && look->qr == NULL && look->line_count == 0;
	const size_t count = own ? OWN_LINES : look->line_count;
	size_t starts[RENDER_LINES_MAX] = { 0 };
	enum be_err rc = BE_OK;

	for (size_t i = 0; i < count && i < RENDER_LINES_MAX && rc == BE_OK; i++) {
		const size_t start = d->text.len;
		bool empty = false;

		rc = sign_look_fill(&d->text, own ? tr(own_lines[i]) : look->lines[i], options, &empty, err);
		if (empty) {
			d->text.len = start;
			continue;
		}
		buffer_add_byte(&d->text, '\0');
		starts[d->line_count++] = start;
	}
	if (rc == BE_OK)
		rc = buffer_check(&d->text, err);
	for (size_t i = 0; i < d->line_count && rc == BE_OK; i++)
		d->lines[i] = (const char *)d->text.data + starts[i];
	return rc;
}

/* What is wrong with a document is found again when it is signed, and said then. */
static bool field_size(const char *path, const char *field, double *width, double *height)
{
	struct pdf_bytes bytes = { NULL, 0 };
	struct image image = { .fd = -1 };
	struct pdf_doc *doc = NULL;
	bool found = false;

	if (image_open(&image, path, NULL) != BE_OK)
		return false;
	if (pdf_bytes_map(&bytes, image.fd, image.len, NULL) == BE_OK && pdf_doc_open(&doc, bytes, NULL) == BE_OK)
		found = pdf_sign_field_size(doc, field, width, height, NULL) == BE_OK;
	pdf_doc_free(&doc);
	pdf_bytes_unmap(&bytes);
	image_close(&image);
	return found;
}

static void choose_size(double *width, double *height, const struct sign_options *options,
	const struct sign_document *documents, size_t count)
{
	const double *wanted = options->spot.rect;

	*width = wanted[2] > 0 ? wanted[2] : SIGN_LOOK_WIDTH;
	*height = wanted[3] > 0 ? wanted[3] : SIGN_LOOK_HEIGHT;
	for (size_t i = 0; options->field != NULL && i < count; i++) {
		if (field_size(documents[i].input, options->field, width, height))
			return;
	}
}

/* What render says is about pages on a screen; here somebody wants to sign. */
static enum be_err start_drawing(struct render **out, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	enum be_err rc = render_open(out, -1, &cause);

	if (rc == BE_HELPER)
		return be_fail(err, rc,
			N_("Visible signatures are drawn by besign-render, which is not here; sign invisibly, or install it"),
			"%s", cause.detail);
	if (rc == BE_SANDBOX)
		return be_fail(err, rc,
			N_("Visible signatures are not drawn on this computer: its kernel lacks Landlock (Linux 5.13)"),
			"%s", cause.detail);
	return rc == BE_OK ? rc : be_fail(err, rc, cause.msgid, "%s", cause.detail);
}

static enum be_err draw(struct buffer *pdf, const struct render_stamp *stamp, struct be_error *err)
{
	struct render *render = NULL;
	enum be_err rc = start_drawing(&render, err);

	if (rc == BE_OK)
		rc = render_stamp(pdf, render, stamp, err);
	render_free(&render);
	return rc;
}

enum be_err sign_look_draw_sized(struct buffer *pdf, const struct sign_look *look, const struct sign_options *options,
	double width, double height, struct be_error *err)
{
	struct drawing d = { .line_count = 0 };
	struct render_stamp stamp = { .width = width, .height = height };
	enum be_err rc = BE_OK;

	if (look->image != NULL)
		rc = read_image(&d.image, look->image, err);
	if (rc == BE_OK && look->qr != NULL)
		rc = qr_encode(&d.code, look->qr, err);
	if (rc == BE_OK)
		rc = fill_lines(&d, look, options, err);
	if (rc == BE_OK) {
		stamp.image = d.image.data;
		stamp.image_len = d.image.len;
		stamp.lines = d.lines;
		stamp.line_count = d.line_count;
		stamp.modules = d.code.modules;
		stamp.qr_side = d.code.side;
		rc = draw(pdf, &stamp, err);
	}
	qr_free(&d.code);
	buffer_free(&d.image);
	buffer_free(&d.text);
	return rc;
}

enum be_err sign_look_draw(struct buffer *pdf, const struct sign_look *look, const struct sign_options *options,
	const struct signer *signer, const struct sign_document *documents, size_t count, struct be_error *err)
{
	struct sign_options said = *options;
	double width;
	double height;

	if (said.name == NULL)
		said.name = signer_info(signer)->name;
	choose_size(&width, &height, options, documents, count);
	return sign_look_draw_sized(pdf, look, &said, width, height, err);
}

/* ---- where a text stands ---- */

static enum be_err search(struct pdf_sign_spot *spot, struct render *render, const char *text, struct be_error *err)
{
	const uint32_t pages = render_pages(render);
	enum be_err rc = BE_OK;

	for (uint32_t page = 1; page <= pages && rc == BE_OK; page++) {
		struct render_rects found = { NULL, 0 };

		rc = render_find(&found, render, page, text, err);
		if (rc == BE_OK && found.count > 0) {
			spot->page = page;
			spot->rect[0] = found.rects[0].x;
			spot->rect[1] = found.rects[0].y;
			render_rects_free(&found);
			return BE_OK;
		}
		render_rects_free(&found);
	}
	return rc != BE_OK ? rc
			   : be_fail(err, BE_NOT_FOUND, N_("That text stands nowhere in the document"), "%s", text);
}

enum be_err sign_look_anchor(
	struct pdf_sign_spot *spot, const char *path, const char *text, const atomic_bool *cancel, struct be_error *err)
{
	struct image image = { .fd = -1 };
	struct render *render = NULL;
	enum be_err rc = image_open(&image, path, err);

	if (rc != BE_OK)
		return rc;
	rc = render_open(&render, image.fd, err);
	if (rc == BE_OK) {
		render_cancel_by(render, cancel);
		rc = search(spot, render, text, err);
	}
	render_free(&render);
	image_close(&image);
	return rc;
}
