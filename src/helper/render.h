/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef HELPER_RENDER_H
#define HELPER_RENDER_H

/*
 * The parts of besign-render. Each answers one kind of request: it fills the answer's records and text and returns
 * RENDER_FINE, or returns the fault and leaves the particulars in detail. Whatever a document or a picture makes the
 * libraries do happens behind the lock of box_enter_closed; a crash in them is the client's one sentence.
 */

#include "pdf/pages.h"
#include "render/exchange.h"

#include <cairo.h>
#include <glib.h>

struct render_document {
	bool given;             /* a document was handed over at the start */
	struct pdf_bytes bytes; /* the document's map; data is NULL when there is none */
	void *poppler;          /* PopplerDocument *, or NULL */
	struct pdf_doc *doc;    /* what our own reader makes of it, for what poppler does not tell; NULL when damaged */
};

/* One page, as poppler shows it and as it lies in user space. */
struct render_view {
	void *poppler; /* PopplerPage *; owned */
	struct render_page page;
	double units_across, units_up; /* of what is shown, before it is turned */
};

/* A picture without colours. */
struct render_grey {
	uint8_t *octets; /* width x height, row by row; owned */
	int width, height;
	double scale; /* what one of its pixels is of the original: points, or pixels */
};

/* ---- render_page.c ---- */

/* Maps and opens what descriptor 4 is. */
enum render_fault render_document_open(struct render_document *document, struct render_answer *answer);
enum render_fault render_view_open(struct render_view *out, struct render_document *document, uint32_t page);
void render_view_close(struct render_view *view);

enum render_fault render_do_page(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);
enum render_fault render_do_cells(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);
enum render_fault render_do_pixels(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);

/* The part of the page in so many pixels, on white paper; to be destroyed. */
enum render_fault render_view_draw(
	cairo_surface_t **out, const struct render_view *view, const struct render_rect *part, int width, int height);

/* ---- render_text.c ---- */

enum render_fault render_do_text(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);
enum render_fault render_do_find(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);
enum render_fault render_do_fields(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);

/* ---- render_stamp.c, render_image.c, render_letters.c ---- */

enum render_fault render_do_stamp(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);

/* The picture as a surface of at most that many pixels, its aspect kept; to be destroyed. One that was a JPEG is
 * stored as one. */
enum render_fault render_image_load(cairo_surface_t **out, const uint8_t *bytes, size_t len, int width, int height);
/* The picture as octets of grey on white paper, 0 is black, upright, no side longer than side_max; the octets to be
 * freed by g_free. scale: pixels of the picture to one of these. */
enum render_fault render_image_grey(struct render_grey *out, const uint8_t *bytes, size_t len, int side_max);
/* What loads code and files when it is used first. */
void render_image_warm_up(void);

/* ---- render_codes.c ---- */

enum render_fault render_do_codes(
	struct render_answer *answer, struct render_document *document, const struct render_request *request);

/* The lines of a request, wrapped where they have to be and as large as fits, in the middle of the room's height. */
enum render_fault render_letters(struct render_answer *answer, cairo_t *cairo, const struct render_rect *room,
	const struct render_request *request, bool centred);
/* Starts what pango starts threads for. */
void render_letters_warm_up(void);

#endif
