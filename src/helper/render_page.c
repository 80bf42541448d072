/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/render.h"

#include "box/box.h"

#include <chafa.h>
#include <math.h>
#include <poppler.h>
#include <string.h>
#include <sys/stat.h>

/* A cell has this many pixels to choose its character by. */
#define CELL_WIDTH 8
#define CELL_HEIGHT 16
#define HALF_HEIGHT (CELL_HEIGHT / 2)
#define UPPER_HALF_BLOCK 0x2580u
#define WHITE 7
#define ENOUGH_INK (HALF_HEIGHT * CELL_WIDTH * 255u / 16) /* for half a cell not to be paper */

/* ---- the document ---- */

static enum render_fault why_not_opened(GError *error, struct render_answer *answer)
{
	enum render_fault fault = RENDER_DAMAGED;

	if (error == NULL)
		return fault;
	(void)g_strlcpy(answer->detail, error->message, sizeof(answer->detail));
	if (error->domain == POPPLER_ERROR && error->code == POPPLER_ERROR_ENCRYPTED)
		fault = RENDER_ENCRYPTED;
	g_error_free(error);
	return fault;
}

static bool says_it_is_a_pdf(struct pdf_bytes bytes)
{
	return memmem(bytes.data, bytes.len < 1024 ? bytes.len : 1024, "%PDF-", 5) != NULL;
}

enum render_fault render_document_open(struct render_document *document, struct render_answer *answer)
{
	struct stat st;
	GError *error = NULL;
	GBytes *bytes;
	int pages;

	if (document->bytes.data != NULL)
		return RENDER_NO_DOCUMENT; /* it is opened once */
	if (!document->given)
		return RENDER_FINE; /* there are no pages */
	if (fstat(BOX_FD_DOCUMENT, &st) != 0)
		return RENDER_DAMAGED;
	if (pdf_bytes_map(&document->bytes, BOX_FD_DOCUMENT, (uint64_t)st.st_size, NULL) != BE_OK)
		return st.st_size == 0 ? RENDER_NOT_A_PDF : RENDER_NO_MEMORY;
	if (!says_it_is_a_pdf(document->bytes))
		return RENDER_NOT_A_PDF;
	bytes = g_bytes_new_static(document->bytes.data, document->bytes.len);
	document->poppler = poppler_document_new_from_bytes(bytes, NULL, &error);
	g_bytes_unref(bytes);
	if (document->poppler == NULL)
		return why_not_opened(error, answer);
	if (pdf_doc_open(&document->doc, document->bytes, NULL) != BE_OK)
		document->doc = NULL;
	pages = poppler_document_get_n_pages(document->poppler);
	if (pages < 0 || (unsigned)pages > RENDER_PAGES_MAX)
		return RENDER_TOO_MUCH;
	answer->pages = (uint32_t)pages;
	return RENDER_FINE;
}

/* What poppler does not tell: how the page is turned, and how large a unit is. */
static void ask_own_reader(struct render_page *out, struct render_document *document, uint32_t page)
{
	struct pdf_page own;

	out->unit = 1;
	if (document->doc == NULL || pdf_page_find(&own, document->doc, 0, page, NULL) != BE_OK)
		return;
	out->unit = own.unit;
	out->rotate = own.rotate;
	out->sure = 1;
}

static bool paper_has(double side)
{
	return isfinite(side) && side > 0 && side <= RENDER_SIDE_MAX;
}

enum render_fault render_view_open(struct render_view *out, struct render_document *document, uint32_t page)
{
	double across = 0;
	double up = 0;

	memset(out, 0, sizeof(*out));
	if (document->poppler == NULL)
		return RENDER_NO_DOCUMENT;
	if (page == 0 || page > (uint32_t)poppler_document_get_n_pages(document->poppler))
		return RENDER_NO_PAGE;
	out->poppler = poppler_document_get_page(document->poppler, (int)page - 1);
	if (out->poppler == NULL)
		return RENDER_NO_PAGE;
	poppler_page_get_size(out->poppler, &across, &up);
	ask_own_reader(&out->page, document, page);
	out->page.width = across * out->page.unit;
	out->page.height = up * out->page.unit;
	if (!paper_has(across) || !paper_has(up) || !paper_has(out->page.width) || !paper_has(out->page.height)) {
		render_view_close(out);
		return RENDER_ODD_SIZE;
	}
	out->units_across = out->page.rotate % 180 == 0 ? across : up;
	out->units_up = out->page.rotate % 180 == 0 ? up : across;
	return RENDER_FINE;
}

void render_view_close(struct render_view *view)
{
	if (view->poppler != NULL)
		g_object_unref(view->poppler);
	view->poppler = NULL;
}

enum render_fault render_do_page(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	struct render_view view;
	enum render_fault fault = render_view_open(&view, document, request->page);

	if (fault == RENDER_FINE)
		buffer_add(&answer->records, &view.page, sizeof(view.page));
	render_view_close(&view);
	return fault;
}

/* ---- drawing ---- */

static struct render_rect wanted_part(const struct render_view *view, const struct render_request *request)
{
	if (request->part.width > 0 && request->part.height > 0)
		return request->part;
	return (struct render_rect){ 0, 0, view->page.width, view->page.height };
}

/* The largest grid within cols x rows that shows the part undistorted, when a cell is that much wider than high. */
static void fit(uint32_t *cols, uint32_t *rows, const struct render_rect *part, double cell_aspect)
{
	const double wide = part->width / part->height / cell_aspect; /* columns for each row */
	double c = *cols;
	double r = *rows;

	if (c > r * wide)
		c = r * wide;
	else
		r = c / wide;
	*cols = c < 1 ? 1 : (uint32_t)lround(fmin(c, *cols));
	*rows = r < 1 ? 1 : (uint32_t)lround(fmin(r, *rows));
}

enum render_fault render_view_draw(
	cairo_surface_t **out, const struct render_view *view, const struct render_rect *part, int width, int height)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
	cairo_t *cairo = cairo_create(surface);
	cairo_status_t status;

	cairo_set_source_rgb(cairo, 1, 1, 1);
	cairo_paint(cairo);
	cairo_scale(cairo, width / part->width, height / part->height);
	cairo_translate(cairo, -part->x, -part->y);
	cairo_scale(cairo, view->page.unit, view->page.unit);
	if (cairo_status(cairo) == CAIRO_STATUS_SUCCESS)
		poppler_page_render(view->poppler, cairo);
	status = cairo_status(cairo);
	cairo_destroy(cairo);
	cairo_surface_flush(surface);
	if (status == CAIRO_STATUS_SUCCESS && cairo_image_surface_get_data(surface) != NULL) {
		*out = surface;
		return RENDER_FINE;
	}
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_NO_MEMORY ? RENDER_NO_MEMORY : RENDER_NOT_DRAWN;
}

enum render_fault render_do_pixels(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	struct render_view view;
	struct render_rect part;
	cairo_surface_t *surface = NULL;
	enum render_fault fault = render_view_open(&view, document, request->page);

	if (fault != RENDER_FINE)
		return fault;
	part = wanted_part(&view, request);
	answer->cols = request->cols;
	answer->rows = request->rows;
	fit(&answer->cols, &answer->rows, &part, 1);
	fault = render_view_draw(&surface, &view, &part, (int)answer->cols, (int)answer->rows);
	for (uint32_t y = 0; fault == RENDER_FINE && y < answer->rows; y++) {
		const uint8_t *row = cairo_image_surface_get_data(surface) +
			(size_t)y * (size_t)cairo_image_surface_get_stride(surface);

		for (uint32_t x = 0; x < answer->cols; x++) {
			uint32_t pixel;

			memcpy(&pixel, row + 4 * (size_t)x, sizeof(pixel));
			pixel &= 0xffffffu;
			buffer_add(&answer->records, &pixel, sizeof(pixel));
		}
	}
	if (surface != NULL)
		cairo_surface_destroy(surface);
	render_view_close(&view);
	return fault;
}

/* ---- cells ---- */

/* ink: how many times as dark it is drawn. Letters of five pixels are grey, and vanish where colours are few. */
static const struct {
	ChafaCanvasMode mode;
	ChafaSymbolTags symbols; /* none: halves of cells */
	unsigned ink;
} modes[RENDER_MODE_COUNT] = {
	[RENDER_256] = { CHAFA_CANVAS_MODE_INDEXED_240, CHAFA_SYMBOL_TAG_BLOCK | CHAFA_SYMBOL_TAG_SPACE, 2 },
	[RENDER_8] = { CHAFA_CANVAS_MODE_INDEXED_8, CHAFA_SYMBOL_TAG_NONE, 1 },
	[RENDER_MONO] = { CHAFA_CANVAS_MODE_FGBG, CHAFA_SYMBOL_TAG_BRAILLE | CHAFA_SYMBOL_TAG_SPACE, 5 },
	[RENDER_ASCII] = { CHAFA_CANVAS_MODE_FGBG, CHAFA_SYMBOL_TAG_ASCII | CHAFA_SYMBOL_TAG_SPACE, 5 },
};

static ChafaCanvas *new_canvas(uint32_t cols, uint32_t rows, uint32_t mode)
{
	ChafaCanvasConfig *config = chafa_canvas_config_new();
	ChafaSymbolMap *symbols = chafa_symbol_map_new();
	ChafaCanvas *canvas;

	/* A page on a terminal is not worth a pool of threads. */
	chafa_set_n_threads(1);
	chafa_symbol_map_add_by_tags(symbols, modes[mode].symbols);
	chafa_canvas_config_set_geometry(config, (int)cols, (int)rows);
	chafa_canvas_config_set_cell_geometry(config, CELL_WIDTH, CELL_HEIGHT);
	chafa_canvas_config_set_canvas_mode(config, modes[mode].mode);
	chafa_canvas_config_set_symbol_map(config, symbols);
	chafa_canvas_config_set_work_factor(config, 0.5f);
	/* With one colour it is the ink that is drawn, so that a page is readable on a dark terminal and on a light. */
	if (modes[mode].mode == CHAFA_CANVAS_MODE_FGBG) {
		chafa_canvas_config_set_fg_color(config, 0x000000);
		chafa_canvas_config_set_bg_color(config, 0xffffff);
	}
	canvas = chafa_canvas_new(config);
	chafa_symbol_map_unref(symbols);
	chafa_canvas_config_unref(config);
	return canvas;
}

static void strengthen(cairo_surface_t *surface, unsigned ink)
{
	const size_t size =
		(size_t)cairo_image_surface_get_stride(surface) * (size_t)cairo_image_surface_get_height(surface);
	uint8_t *bytes = cairo_image_surface_get_data(surface);

	/* The paper is white, so every pixel is opaque and stays so. */
	for (size_t i = 0; i < size; i++) {
		const unsigned dark = (255u - bytes[i]) * ink;

		bytes[i] = (uint8_t)(255 - MIN(dark, 255u));
	}
	cairo_surface_mark_dirty(surface);
}

struct half {
	unsigned ink;   /* how dark it is, all together */
	int16_t colour; /* of the ink */
};

/* One of eight colours, and black for grey: in a palette without greys the nearest to one would be cyan or yellow, and
 * black letters would change their colour from cell to cell. */
static struct half look_at_half(cairo_surface_t *surface, uint32_t x, uint32_t y)
{
	const size_t stride = (size_t)cairo_image_surface_get_stride(surface);
	const uint8_t *bytes = cairo_image_surface_get_data(surface) + (size_t)y * HALF_HEIGHT * stride;
	unsigned sum[3] = { 0, 0, 0 }; /* what the ink takes of red, green and blue */
	struct half half = { 0, 0 };
	unsigned least;

	for (size_t row = 0; row < HALF_HEIGHT; row++) {
		for (size_t col = 0; col < CELL_WIDTH; col++) {
			uint32_t pixel;

			memcpy(&pixel, bytes + row * stride + ((size_t)x * CELL_WIDTH + col) * sizeof(pixel),
				sizeof(pixel));
			for (unsigned i = 0; i < 3; i++)
				sum[i] += 255 - (pixel >> (16 - 8 * i) & 0xff);
		}
	}
	half.ink = MAX(sum[0], MAX(sum[1], sum[2]));
	least = MIN(sum[0], MIN(sum[1], sum[2]));
	/* Bit 0 is red, 1 green, 2 blue. */
	for (unsigned i = 0; i < 3 && half.ink - least > half.ink / 2; i++)
		half.colour = (int16_t)(half.colour | (sum[i] * 2 < half.ink) << i);
	return half;
}

/* A line of letters that lies on both halves, with too little for either, goes where most of it is. */
static struct render_cell cell_of_halves(cairo_surface_t *surface, uint32_t x, uint32_t y)
{
	const struct half upper = look_at_half(surface, x, 2 * y);
	const struct half lower = look_at_half(surface, x, 2 * y + 1);
	const bool thin = upper.ink < ENOUGH_INK && lower.ink < ENOUGH_INK && upper.ink + lower.ink >= ENOUGH_INK;
	const int16_t above = upper.ink >= ENOUGH_INK || (thin && upper.ink >= lower.ink) ? upper.colour : WHITE;
	const int16_t below = lower.ink >= ENOUGH_INK || (thin && upper.ink < lower.ink) ? lower.colour : WHITE;

	return (struct render_cell){ above == below ? ' ' : UPPER_HALF_BLOCK, above, below };
}

static struct render_cell cell_of_canvas(ChafaCanvas *canvas, uint32_t x, uint32_t y, bool coloured)
{
	struct render_cell cell = { chafa_canvas_get_char_at(canvas, (int)x, (int)y), -1, -1 };
	int fg = -1;
	int bg = -1;

	if (coloured)
		chafa_canvas_get_raw_colors_at(canvas, (int)x, (int)y, &fg, &bg);
	cell.fg = (int16_t)fg;
	cell.bg = (int16_t)bg;
	if (cell.character == 0)
		cell.character = ' ';
	return cell;
}

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
#define CAIRO_PIXELS CHAFA_PIXEL_BGRA8_PREMULTIPLIED
#else
#define CAIRO_PIXELS CHAFA_PIXEL_ARGB8_PREMULTIPLIED
#endif

static void add_cells(struct render_answer *answer, cairo_surface_t *surface, uint32_t mode)
{
	ChafaCanvas *canvas = NULL;

	strengthen(surface, modes[mode].ink);
	if (modes[mode].symbols != CHAFA_SYMBOL_TAG_NONE) {
		canvas = new_canvas(answer->cols, answer->rows, mode);
		chafa_canvas_draw_all_pixels(canvas, CAIRO_PIXELS, cairo_image_surface_get_data(surface),
			cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface),
			cairo_image_surface_get_stride(surface));
	}
	for (uint32_t y = 0; y < answer->rows; y++) {
		for (uint32_t x = 0; x < answer->cols; x++) {
			const struct render_cell cell = canvas == NULL
				? cell_of_halves(surface, x, y)
				: cell_of_canvas(canvas, x, y, modes[mode].mode != CHAFA_CANVAS_MODE_FGBG);

			buffer_add(&answer->records, &cell, sizeof(cell));
		}
	}
	if (canvas != NULL)
		chafa_canvas_unref(canvas);
}

enum render_fault render_do_cells(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	struct render_view view;
	struct render_rect part;
	cairo_surface_t *surface = NULL;
	enum render_fault fault = render_view_open(&view, document, request->page);

	if (fault != RENDER_FINE)
		return fault;
	part = wanted_part(&view, request);
	answer->cols = request->cols;
	answer->rows = request->rows;
	fit(&answer->cols, &answer->rows, &part, (double)CELL_WIDTH / CELL_HEIGHT);
	fault = render_view_draw(
		&surface, &view, &part, (int)answer->cols * CELL_WIDTH, (int)answer->rows * CELL_HEIGHT);
	if (fault == RENDER_FINE) {
		add_cells(answer, surface, request->mode);
		cairo_surface_destroy(surface);
	}
	render_view_close(&view);
	return fault;
}
