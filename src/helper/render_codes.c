/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * What QR codes say: of a page, which is drawn first, or of a picture. A page is looked at as a scanner would see it,
 * and more closely when nothing was found; a picture also with black and white exchanged, and a small one larger.
 */

#include "helper/render.h"
#include "helper/render_scan.h"

#include "base/utf8.h"

#include <math.h>
#include <string.h>

#ifdef BESIGN_SCAN

#define PIXELS_MAX 16000000.0 /* that are looked at in one go */
#define SIDE_MAX 4000         /* of a picture; more than that shows no more of a code */
#define SMALL 1500            /* a picture whose sides are shorter is looked at larger as well */
#define REPLACEMENT 0xFFFDu

/* Dots an inch. A code of 10 mm has two dots a module at the first, when it holds much. */
static const double looks[] = { 200, 400 };

struct code {
	struct render_rect at;
	char *text; /* owned */
};

struct codes {
	struct code code[RENDER_CODES_MAX];
	size_t count;
	double scale;
};

/* ---- one code ---- */

static bool is_utf8(const uint8_t *bytes, size_t len)
{
	while (len > 0) {
		uint32_t c;
		const size_t taken = utf8_decode(bytes, len, &c);

		if (c == UTF8_BAD || c == 0)
			return false;
		bytes += taken;
		len -= taken;
	}
	return true;
}

/* A string of at most RENDER_CODE_MAX bytes, with U+FFFD for what is no text. */
static char *as_string(const uint8_t *bytes, size_t len)
{
	char *out = g_malloc(RENDER_CODE_MAX + 1);
	size_t at = 0;

	while (len > 0 && at + 4 <= RENDER_CODE_MAX) {
		uint32_t c;
		const size_t taken = utf8_decode(bytes, len, &c);

		at += utf8_encode(c == UTF8_BAD || c == 0 ? REPLACEMENT : c, (uint8_t *)out + at);
		bytes += taken;
		len -= taken;
	}
	out[at] = '\0';
	return out;
}

static struct render_rect around(const int corners[8], double scale)
{
	int left = corners[0], right = corners[0];
	int top = corners[1], bottom = corners[1];

	for (int i = 1; i < 4; i++) {
		left = MIN(left, corners[2 * i]);
		right = MAX(right, corners[2 * i]);
		top = MIN(top, corners[2 * i + 1]);
		bottom = MAX(bottom, corners[2 * i + 1]);
	}
	return (struct render_rect){ left * scale, top * scale, (right - left) * scale, (bottom - top) * scale };
}

static bool overlap(const struct render_rect *a, const struct render_rect *b)
{
	return a->x < b->x + b->width && b->x < a->x + a->width && a->y < b->y + b->height && b->y < a->y + a->height;
}

static bool stands_above(const struct code *a, const struct code *b)
{
	return a->at.y != b->at.y ? a->at.y < b->at.y : a->at.x < b->at.x;
}

/* The library tries several sizes of a picture and may find one code in each. Most codes say nothing of their encoding
 * and are UTF-8; what is none, the library guesses. */
static void take(void *arg, const struct render_scanned *scanned)
{
	struct codes *codes = arg;
	const bool plain = !scanned->encoded && is_utf8(scanned->octets, scanned->octets_len);
	struct code code = { .at = around(scanned->corners, codes->scale) };
	size_t to = codes->count;

	if (codes->count == RENDER_CODES_MAX)
		return;
	code.text = plain ? as_string(scanned->octets, scanned->octets_len)
			  : as_string((const uint8_t *)scanned->text, scanned->text_len);
	for (size_t i = 0; i < codes->count; i++) {
		if (overlap(&codes->code[i].at, &code.at) && strcmp(codes->code[i].text, code.text) == 0) {
			g_free(code.text);
			return;
		}
	}
	while (to > 0 && stands_above(&code, &codes->code[to - 1])) {
		codes->code[to] = codes->code[to - 1];
		to--;
	}
	codes->code[to] = code;
	codes->count++;
}

/* ---- a picture ---- */

static enum render_fault scan(struct codes *codes, const struct render_grey *grey)
{
	codes->scale = grey->scale;
	return render_scan(grey->octets, grey->width, grey->height, take, codes) == 0 ? RENDER_FINE : RENDER_NO_MEMORY;
}

static void invert(const struct render_grey *grey)
{
	const size_t count = (size_t)grey->width * (size_t)grey->height;

	for (size_t i = 0; i < count; i++)
		grey->octets[i] = (uint8_t)~grey->octets[i];
}

/* Twice as large, every pixel between its neighbours: the library wants two dots a module, and a picture of a screen
 * may have fewer. */
static enum render_fault enlarge(struct render_grey *grey)
{
	const size_t width = (size_t)grey->width;
	const size_t height = (size_t)grey->height;
	uint8_t *octets = g_try_malloc_n(4 * width, height);
	uint8_t *to = octets;

	if (octets == NULL)
		return RENDER_NO_MEMORY;
	for (size_t y = 0; y < 2 * height; y++) {
		const uint8_t *near = grey->octets + y / 2 * width;
		const uint8_t *far =
			grey->octets + (y % 2 == 0 ? MAX(y / 2, 1) - 1 : MIN(y / 2 + 1, height - 1)) * width;

		for (size_t x = 0; x < 2 * width; x++) {
			const size_t a = x / 2;
			const size_t b = x % 2 == 0 ? MAX(a, 1) - 1 : MIN(a + 1, width - 1);

			*to++ = (uint8_t)((9u * near[a] + 3u * near[b] + 3u * far[a] + far[b] + 8u) / 16);
		}
	}
	g_free(grey->octets);
	*grey = (struct render_grey){ octets, 2 * grey->width, 2 * grey->height, grey->scale / 2 };
	return RENDER_FINE;
}

static enum render_fault scan_image(struct codes *codes, const struct render_request *request)
{
	struct render_grey grey = { .octets = NULL };
	enum render_fault fault = render_image_grey(&grey, request->image, request->image_len, SIDE_MAX);

	if (fault == RENDER_FINE)
		fault = scan(codes, &grey);
	if (fault == RENDER_FINE && codes->count == 0) {
		invert(&grey);
		fault = scan(codes, &grey);
		invert(&grey);
	}
	for (int i = 0; i < 2 && fault == RENDER_FINE && codes->count == 0 && MAX(grey.width, grey.height) < SMALL;
		i++) {
		fault = enlarge(&grey);
		if (fault == RENDER_FINE)
			fault = scan(codes, &grey);
	}
	g_free(grey.octets);
	return fault;
}

/* ---- a page ---- */

/* The paper is white, so every pixel is opaque. */
static enum render_fault grey_of_page(struct render_grey *out, cairo_surface_t *surface)
{
	const size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	const uint8_t *bytes = cairo_image_surface_get_data(surface);
	uint8_t *to;

	out->octets = to = g_try_malloc_n((gsize)out->width, (gsize)out->height);
	if (to == NULL)
		return RENDER_NO_MEMORY;
	for (size_t y = 0; y < (size_t)out->height; y++) {
		for (size_t x = 0; x < (size_t)out->width; x++) {
			uint32_t pixel;

			memcpy(&pixel, bytes + y * stride + 4 * x, sizeof(pixel));
			*to++ = (uint8_t)((306u * (pixel >> 16 & 0xff) + 601u * (pixel >> 8 & 0xff) +
						  117u * (pixel & 0xff) + 512u) >>
				10);
		}
	}
	return RENDER_FINE;
}

static enum render_fault look_at_page(struct codes *codes, const struct render_view *view, double dots)
{
	const struct render_rect part = { 0, 0, view->page.width, view->page.height };
	const double finest = sqrt(PIXELS_MAX / (part.width * part.height));
	const double pixels = fmin(dots / 72, finest); /* a point */
	struct render_grey grey = { .octets = NULL, .scale = 1 / pixels };
	cairo_surface_t *surface = NULL;
	enum render_fault fault;

	grey.width = (int)fmin(fmax(1, part.width * pixels), INT16_MAX);
	grey.height = (int)fmin(fmax(1, part.height * pixels), INT16_MAX);
	fault = render_view_draw(&surface, view, &part, grey.width, grey.height);
	if (fault != RENDER_FINE)
		return fault;
	fault = grey_of_page(&grey, surface);
	cairo_surface_destroy(surface);
	if (fault == RENDER_FINE)
		fault = scan(codes, &grey);
	g_free(grey.octets);
	return fault;
}

static enum render_fault scan_page(struct codes *codes, struct render_document *document, uint32_t page)
{
	struct render_view view;
	enum render_fault fault = render_view_open(&view, document, page);

	for (size_t i = 0; i < G_N_ELEMENTS(looks) && fault == RENDER_FINE && codes->count == 0; i++)
		fault = look_at_page(codes, &view, looks[i]);
	render_view_close(&view);
	return fault;
}

enum render_fault render_do_codes(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	static struct codes codes;
	enum render_fault fault;

	codes.count = 0;
	fault = request->image_len > 0 ? scan_image(&codes, request) : scan_page(&codes, document, request->page);
	for (size_t i = 0; i < codes.count; i++) {
		buffer_add(&answer->records, &codes.code[i].at, sizeof(codes.code[i].at));
		buffer_add(&answer->text, codes.code[i].text, strlen(codes.code[i].text) + 1);
		g_free(codes.code[i].text);
	}
	return fault;
}

#else

enum render_fault render_do_codes(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	(void)answer;
	(void)document;
	(void)request;
	return RENDER_NO_SCANNER;
}

#endif
