/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/render.h"

#include <cairo-pdf.h>
#include <math.h>

#define DOTS_A_POINT (300.0 / 72) /* of a picture; printers show no more */
#define QUIET_ZONE 4u             /* modules around a QR code (ISO/IEC 18004, 9.1) */
#define SHARE 0.4                 /* of the stamp, that a picture beside text takes at most */
#define FRAME_WIDTH 0.5

/* ---- where the parts go ---- */

struct layout {
	struct render_rect qr, image, text;
	bool sideways; /* beside each other; otherwise one below the other */
};

/* Takes a strip from what is left of the stamp. */
static struct render_rect cut(struct render_rect *rest, double amount, double gap, bool sideways)
{
	struct render_rect strip = *rest;

	if (sideways) {
		strip.width = fmin(amount, rest->width);
		rest->x += strip.width + gap;
		rest->width = fmax(0, rest->width - strip.width - gap);
	} else {
		strip.height = fmin(amount, rest->height);
		rest->y += strip.height + gap;
		rest->height = fmax(0, rest->height - strip.height - gap);
	}
	return strip;
}

static struct layout lay_out(const struct render_request *request, double image_aspect)
{
	const double small = fmin(request->width, request->height);
	const double edge = fmin(3, small * 0.04);
	const bool text = request->line_count > 0;
	const bool image = request->image_len > 0;
	struct render_rect rest = { edge, edge, request->width - 2 * edge, request->height - 2 * edge };
	struct layout l = { .sideways = request->width >= request->height };

	if (request->qr_side > 0) {
		const double along = l.sideways ? rest.width : rest.height;
		const double across = l.sideways ? rest.height : rest.width;

		l.qr = text || image ? cut(&rest, fmin(across, along * SHARE), edge, l.sideways) : rest;
	}
	if (image) {
		const double natural = l.sideways ? rest.height * image_aspect : rest.width / image_aspect;
		const double along = l.sideways ? rest.width : rest.height;

		l.image = text ? cut(&rest, fmin(natural, along * SHARE), edge, l.sideways) : rest;
	}
	l.text = rest;
	return l;
}

/* The largest of that aspect in the middle of the room. */
static struct render_rect contain(struct render_rect room, double aspect)
{
	const double width = fmin(room.width, room.height * aspect);
	const double height = width / aspect;

	return (struct render_rect){ room.x + (room.width - width) / 2, room.y + (room.height - height) / 2, width,
		height };
}

/* ---- the parts ---- */

static void draw_image(cairo_t *cairo, cairo_surface_t *image, struct render_rect room)
{
	const double width = cairo_image_surface_get_width(image);
	const double height = cairo_image_surface_get_height(image);
	const struct render_rect at = contain(room, width / height);

	cairo_save(cairo);
	cairo_translate(cairo, at.x, at.y);
	cairo_scale(cairo, at.width / width, at.height / height);
	cairo_set_source_surface(cairo, image, 0, 0);
	cairo_paint(cairo);
	cairo_restore(cairo);
}

/* Dark modules that follow each other are one rectangle: no seams, and a quarter of the bytes. */
static void draw_qr(cairo_t *cairo, const struct render_request *request, struct render_rect room)
{
	const uint32_t side = request->qr_side;
	const struct render_rect at = contain(room, 1);

	cairo_save(cairo);
	cairo_translate(cairo, at.x, at.y);
	cairo_scale(cairo, at.width / (side + 2 * QUIET_ZONE), at.height / (side + 2 * QUIET_ZONE));
	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_rectangle(cairo, 0, 0, side + 2 * QUIET_ZONE, side + 2 * QUIET_ZONE);
	cairo_fill(cairo);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	for (uint32_t y = 0; y < side; y++) {
		const uint8_t *row = request->modules + (size_t)y * side;

		for (uint32_t x = 0; x < side; x++) {
			const uint32_t first = x;

			while (x < side && row[x] != 0)
				x++;
			if (x > first)
				cairo_rectangle(cairo, first + QUIET_ZONE, y + QUIET_ZONE, x - first, 1);
		}
	}
	cairo_fill(cairo);
	cairo_restore(cairo);
}

static void draw_frame(cairo_t *cairo, const struct render_request *request)
{
	cairo_set_source_rgb(cairo, 0.3, 0.3, 0.3);
	cairo_set_line_width(cairo, FRAME_WIDTH);
	cairo_rectangle(
		cairo, FRAME_WIDTH / 2, FRAME_WIDTH / 2, request->width - FRAME_WIDTH, request->height - FRAME_WIDTH);
	cairo_stroke(cairo);
}

static enum render_fault draw_parts(
	struct render_answer *answer, cairo_t *cairo, const struct render_request *request, cairo_surface_t *image)
{
	const double aspect = image == NULL
		? 1
		: (double)cairo_image_surface_get_width(image) / cairo_image_surface_get_height(image);
	const struct layout l = lay_out(request, aspect);
	enum render_fault fault = RENDER_FINE;

	if (request->frame != 0)
		draw_frame(cairo, request);
	if (request->qr_side > 0)
		draw_qr(cairo, request, l.qr);
	if (image != NULL)
		draw_image(cairo, image, l.image);
	if (request->line_count > 0)
		fault = render_letters(
			answer, cairo, &l.text, request, !l.sideways && (request->qr_side > 0 || image != NULL));
	return fault;
}

/* ---- the file ---- */

static cairo_status_t add_to_file(void *file, const unsigned char *bytes, unsigned len)
{
	struct buffer *out = file;

	if (out->len + len > RENDER_STAMP_MAX)
		return CAIRO_STATUS_WRITE_ERROR;
	buffer_add(out, bytes, len);
	return out->failed ? CAIRO_STATUS_NO_MEMORY : CAIRO_STATUS_SUCCESS;
}

/* The same visualisation makes the same file: no time in it, and the oldest version that has all that is used. */
static cairo_surface_t *new_file(struct buffer *out, const struct render_request *request)
{
	cairo_surface_t *file = cairo_pdf_surface_create_for_stream(add_to_file, out, request->width, request->height);

	cairo_pdf_surface_restrict_to_version(file, CAIRO_PDF_VERSION_1_4);
	cairo_pdf_surface_set_metadata(file, CAIRO_PDF_METADATA_CREATE_DATE, "2000-01-01T00:00:00Z");
	return file;
}

enum render_fault render_do_stamp(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	cairo_surface_t *image = NULL;
	cairo_surface_t *file;
	cairo_t *cairo;
	enum render_fault fault = RENDER_FINE;

	(void)document;
	if (request->image_len > 0)
		fault = render_image_load(&image, request->image, request->image_len,
			(int)ceil(fmin(request->width * DOTS_A_POINT, 10000)),
			(int)ceil(fmin(request->height * DOTS_A_POINT, 10000)));
	if (fault != RENDER_FINE)
		return fault;
	file = new_file(&answer->text, request);
	cairo = cairo_create(file);
	fault = draw_parts(answer, cairo, request, image);
	cairo_show_page(cairo);
	cairo_surface_finish(file);
	if (fault == RENDER_FINE &&
		(cairo_status(cairo) != CAIRO_STATUS_SUCCESS || cairo_surface_status(file) != CAIRO_STATUS_SUCCESS))
		fault = RENDER_NOT_DRAWN;
	cairo_destroy(cairo);
	cairo_surface_destroy(file);
	if (image != NULL)
		cairo_surface_destroy(image);
	return fault;
}
