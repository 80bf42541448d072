/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef RENDER_RENDER_H
#define RENDER_RENDER_H

/*
 * What a document looks like, and the drawing of a signature's visualisation: the client of besign-render, which does
 * it in a sandbox. Nothing of a document is decoded in this process, and no more memory is taken than an answer needs.
 * Knows no signatures and no terminal.
 *
 * Lengths are points (1/72 inch, /UserUnit reckoned in). Positions are on the page as it is shown, turned and cropped,
 * from its top left corner, rightwards and down: what pdf/pages.h takes. Pages count from 1.
 *
 * Every call is synchronous and may come from any thread, one at a time. A helper that crashed or was too late is one
 * error of one call: the next call starts another helper. The text of a document is not ours: sanitise it.
 */

#include "base/buffer.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define RENDER_SIDE_MAX 1e6 /* points; a page that is larger is BE_LIMIT */
#define RENDER_COLS_MAX 500u
#define RENDER_ROWS_MAX 300u
#define RENDER_PIXELS_MAX (16u << 20) /* of an answer */
#define RENDER_IMAGE_MAX (32u << 20)  /* bytes of a picture's file */
#define RENDER_IMAGE_PIXELS_MAX 50000000u
#define RENDER_LINES_MAX 16u  /* of a stamp */
#define RENDER_LINE_MAX 512u  /* bytes of each */
#define RENDER_FIND_MAX 256u  /* bytes */
#define RENDER_QR_MAX 177u    /* modules a side (ISO/IEC 18004, version 40) */
#define RENDER_CODES_MAX 64u  /* QR codes in one picture */
#define RENDER_CODE_MAX 8192u /* bytes of what one says; the largest holds 7089 digits */
#define RENDER_FONT_MIN 4.0   /* points; smaller is not read */
#define RENDER_FONT_MAX 12.0  /* when the size is left to the helper */

struct render;

struct render_rect {
	double x, y, width, height;
};

/* Starts a helper for the document, which is an image that does not change (verify/image.h); a duplicate of the
 * descriptor is kept until render_free. -1: no document, only render_stamp can be asked for.
 * BE_NOT_A_PDF, BE_DAMAGED, BE_ENCRYPTED (it needs a password to be read); BE_HELPER when this besign has no helper;
 * BE_SANDBOX when the kernel has no Landlock. These two mean: there is no preview here. */
enum be_err render_open(struct render **out, int document, struct be_error *err);
void render_free(struct render **render);
/* A flag that ends the waiting of a call, which then is BE_CANCELLED. Borrowed; NULL takes it away. */
void render_cancel_by(struct render *render, const atomic_bool *flag);

uint32_t render_pages(const struct render *render);

struct render_page {
	double width, height; /* as it is shown */
	double unit;          /* points in one unit of user space */
	uint32_t rotate;      /* 0, 90, 180 or 270 degrees clockwise when it is shown */
	uint32_t sure;        /* 0: the document is damaged so that unit and rotate could not be read and are 1 and 0 */
};

/* BE_NO_SUCH_PAGE; BE_LIMIT for a page of a size that no paper has. So do all that take a page. */
enum be_err render_page(struct render_page *out, struct render *render, uint32_t page, struct be_error *err);

/* ---- the page on a terminal or a screen ---- */

enum render_mode {
	RENDER_256,   /* block elements; colours 16 to 255 of the 256, which no theme changes */
	RENDER_8,     /* upper half blocks, which the Linux console has as well; colours 0 to 7 */
	RENDER_MONO,  /* braille patterns; ink is drawn, paper stays empty */
	RENDER_ASCII, /* the same with letters and signs */
	RENDER_MODE_COUNT
};

struct render_cell {
	uint32_t character; /* narrow; ' ' where nothing is */
	int16_t fg, bg;     /* -1: the terminal's own */
};

struct render_cells {
	uint32_t cols, rows;
	struct render_cell *cells; /* row by row; owned */
};

/* The part of the page, or all of it when part is NULL, as large as it gets in cols x rows cells that are twice as
 * high as wide. It fills the cells of the answer: one is part.width / cols points wide. */
enum be_err render_cells(struct render_cells *out, struct render *render, uint32_t page, const struct render_rect *part,
	uint32_t cols, uint32_t rows, enum render_mode mode, struct be_error *err);
void render_cells_free(struct render_cells *cells);

struct render_pixels {
	uint32_t width, height;
	uint32_t *pixels; /* 0x00RRGGBB, row by row; owned */
};

/* The same in square pixels. */
enum be_err render_pixels(struct render_pixels *out, struct render *render, uint32_t page,
	const struct render_rect *part, uint32_t width, uint32_t height, struct be_error *err);
void render_pixels_free(struct render_pixels *pixels);

/* ---- what stands on the page ---- */

struct render_line {
	struct render_rect at;
	const char *text; /* UTF-8 */
};

struct render_text {
	struct render_line *lines; /* in reading order as far as it can be told; owned */
	size_t count;
	char *bytes; /* owned; the lines point into it */
};

enum be_err render_text(struct render_text *out, struct render *render, uint32_t page, struct be_error *err);
void render_text_free(struct render_text *text);

struct render_rects {
	struct render_rect *rects; /* owned */
	size_t count;
};

/* Where the text stands, large and small letters the same; none is no error. */
enum be_err render_find(
	struct render_rects *out, struct render *render, uint32_t page, const char *text, struct be_error *err);
void render_rects_free(struct render_rects *rects);

enum render_field_kind {
	RENDER_FIELD_OTHER,
	RENDER_FIELD_BUTTON,
	RENDER_FIELD_TEXT,
	RENDER_FIELD_CHOICE,
	RENDER_FIELD_SIGNATURE,
	RENDER_FIELD_KIND_COUNT
};

struct render_field {
	struct render_rect at;
	uint32_t kind;  /* enum render_field_kind */
	char name[124]; /* as the document has it, perhaps cut */
};

struct render_fields {
	struct render_field *fields; /* owned */
	size_t count;
};

/* Form fields that stand somewhere on the page. None when the page could not be read surely (struct render_page). */
enum be_err render_fields(struct render_fields *out, struct render *render, uint32_t page, struct be_error *err);
void render_fields_free(struct render_fields *fields);

/* ---- QR codes ---- */

/* What the QR codes on the page say, from the top down, and where they stand. U+FFFD is in place of what is no text.
 * None is no error; of more than RENDER_CODES_MAX the rest is left out. BE_UNSUPPORTED when the helper was built without
 * what reads them. To be freed by render_text_free. */
enum be_err render_codes(struct render_text *out, struct render *render, uint32_t page, struct be_error *err);
/* The same of a picture's file, PNG or JPEG, upright, in pixels. BE_UNSUPPORTED also for other files, BE_MALFORMED for
 * one that is damaged, BE_LIMIT for one with too many bytes or pixels. */
enum be_err render_image_codes(
	struct render_text *out, struct render *render, const void *image, size_t image_len, struct be_error *err);

/* For doctor: whether the helper was built with what reads them. */
bool render_reads_codes(struct render *render);

/* ---- a signature's visualisation ---- */

/* A picture, lines of text, a QR code: any of them, at least one. Side by side in a wide stamp (code, picture, text),
 * one below the other in a high one. */
struct render_stamp {
	double width, height; /* points */
	const void *image;    /* the bytes of a PNG or JPEG file, or NULL */
	size_t image_len;
	const char *const *lines; /* UTF-8; an empty one is a gap */
	size_t line_count;
	double font_size;       /* points; 0: as large as fits, up to RENDER_FONT_MAX */
	const uint8_t *modules; /* qr_side x qr_side octets, not 0 is dark, without the quiet zone; or NULL */
	uint32_t qr_side;
	bool frame; /* a thin line around */
};

/* Draws it as a PDF file of one page of exactly that size, fonts embedded as far as they are used; added to pdf, or
 * nothing is. BE_UNSUPPORTED: no installed font has a character, which the detail names (U+XXXX), or there is no font
 * at all, or the picture is neither PNG nor JPEG. BE_MALFORMED: the picture is damaged. BE_LIMIT: the picture has too
 * many pixels, or the text does not fit. BE_USAGE: nothing to draw, or numbers that make no sense. */
enum be_err render_stamp(
	struct buffer *pdf, struct render *render, const struct render_stamp *stamp, struct be_error *err);

/* ---- for doctor ---- */

/* Whether a preview is to be had here: as render_open(-1), and the path of the helper in detail where it is there. */
enum be_err render_probe(struct buffer *path, struct be_error *err);

#endif
