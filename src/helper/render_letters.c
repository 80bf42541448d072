/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/render.h"

#include "base/utf8.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

/* All text is laid out at one size and scaled when it is drawn: another size would ask fontconfig again. */
#define LAID_OUT_AT 10.0
#define STEP 0.25
#define READ_EASILY 7.0 /* points; rather than go below it, lines are wrapped */
#define ZERO_WIDTH_NON_JOINER 0x200cu
#define ZERO_WIDTH_JOINER 0x200du

static PangoLayout *new_layout(cairo_t *cairo)
{
	PangoLayout *layout = pango_cairo_create_layout(cairo);
	PangoContext *context = pango_layout_get_context(layout);
	PangoFontDescription *font = pango_font_description_from_string("sans");
	cairo_font_options_t *options = cairo_font_options_create();

	/* What is scaled and printed must not be fitted to pixels. */
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(context, options);
	pango_context_set_round_glyph_positions(context, FALSE);
	pango_font_description_set_absolute_size(font, LAID_OUT_AT * PANGO_SCALE);
	pango_layout_set_font_description(layout, font);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	cairo_font_options_destroy(options);
	pango_font_description_free(font);
	return layout;
}

/* ---- what can be drawn at all ---- */

/* A signature's appearance must not say more than one can see, or in another order. Joiners are a part of writing. */
static bool is_hidden(uint32_t c)
{
	return utf8_class(c) == UTF8_HIDDEN && c != ZERO_WIDTH_JOINER && c != ZERO_WIDTH_NON_JOINER;
}

static enum render_fault look_for_hidden(struct render_answer *answer, const struct render_request *request)
{
	const uint8_t *text = request->text;
	size_t len = request->text_len;

	while (len > 0) {
		uint32_t c;
		const size_t taken = utf8_decode(text, len, &c);

		if (c != '\0' && is_hidden(c)) {
			(void)snprintf(answer->detail, sizeof(answer->detail), "U+%04X", c);
			return RENDER_HIDDEN_CHARACTER;
		}
		text += taken;
		len -= taken;
	}
	return RENDER_FINE;
}

static bool missing_in(const PangoGlyphString *glyphs, uint32_t *character)
{
	for (int i = 0; i < glyphs->num_glyphs; i++) {
		const PangoGlyph glyph = glyphs->glyphs[i].glyph;

		if (glyph != PANGO_GLYPH_EMPTY && (glyph & PANGO_GLYPH_UNKNOWN_FLAG) != 0) {
			*character = glyph & ~PANGO_GLYPH_UNKNOWN_FLAG;
			return true;
		}
	}
	return false;
}

/* Pango draws a box with the number where no font has a character: it is named instead. */
static enum render_fault look_for_missing(struct render_answer *answer, PangoLayout *layout)
{
	PangoLayoutIter *iter;
	uint32_t c = 0;
	bool missing = false;

	if (pango_layout_get_unknown_glyphs_count(layout) == 0)
		return RENDER_FINE;
	iter = pango_layout_get_iter(layout);
	do {
		const PangoLayoutRun *run = pango_layout_iter_get_run_readonly(iter);

		missing = run != NULL && missing_in(run->glyphs, &c);
	} while (!missing && pango_layout_iter_next_run(iter));
	pango_layout_iter_free(iter);
	if (missing) {
		uint8_t utf8[5] = { 0 };

		(void)utf8_encode(c, utf8);
		(void)snprintf(answer->detail, sizeof(answer->detail), "U+%04X (%s)", c, (const char *)utf8);
	}
	return RENDER_NO_GLYPH;
}

/* Pango always lists families: those that stand for whatever there is. */
static bool any_font(void)
{
	const FcFontSet *fonts = FcConfigGetFonts(NULL, FcSetSystem);

	return fonts != NULL && fonts->nfont > 0;
}

/* ---- how large ---- */

static bool fits(PangoLayout *layout, const struct render_rect *room, double size, bool wrapped)
{
	const double scale = size / LAID_OUT_AT;
	int width;
	int height;

	pango_layout_set_width(layout, wrapped ? (int)(room->width / scale * PANGO_SCALE) : -1);
	pango_layout_get_size(layout, &width, &height);
	return width * scale <= room->width * PANGO_SCALE && height * scale <= room->height * PANGO_SCALE;
}

/* Leaves the layout wrapped as it is to be drawn. 0: it does not fit. */
static double find_size(PangoLayout *layout, const struct render_rect *room, double wanted)
{
	const double most = wanted > 0 ? wanted : RENDER_FONT_MAX;
	const double least = wanted > 0 ? wanted : RENDER_FONT_MIN;

	for (double size = most; size >= fmax(least, fmin(READ_EASILY, most)); size -= STEP) {
		if (fits(layout, room, size, false))
			return size;
	}
	for (double size = most; size >= least; size -= STEP) {
		if (fits(layout, room, size, true))
			return size;
	}
	return 0;
}

static void draw(cairo_t *cairo, PangoLayout *layout, const struct render_rect *room, double size, bool centred)
{
	const double scale = size / LAID_OUT_AT;
	int width;
	int height;

	/* Without a width, what is centred is so among its own lines. */
	pango_layout_set_alignment(layout, centred ? PANGO_ALIGN_CENTER : PANGO_ALIGN_LEFT);
	if (centred)
		pango_layout_set_width(layout, (int)(room->width / scale * PANGO_SCALE) + 1);
	pango_layout_get_size(layout, &width, &height);
	cairo_save(cairo);
	cairo_translate(cairo, room->x, room->y + (room->height - height * scale / PANGO_SCALE) / 2);
	cairo_scale(cairo, scale, scale);
	cairo_set_source_rgb(cairo, 0, 0, 0);
	pango_cairo_show_layout(cairo, layout);
	cairo_restore(cairo);
}

enum render_fault render_letters(struct render_answer *answer, cairo_t *cairo, const struct render_rect *room,
	const struct render_request *request, bool centred)
{
	struct buffer text = BUFFER_EMPTY;
	PangoLayout *layout = new_layout(cairo);
	double size = 0;
	enum render_fault fault = any_font() ? RENDER_FINE : RENDER_NO_FONT;

	for (size_t i = 0; i < request->text_len; i++)
		buffer_add_byte(&text, request->text[i] == '\0' ? '\n' : request->text[i]);
	if (text.failed || text.len == 0)
		fault = RENDER_NO_MEMORY;
	if (fault == RENDER_FINE)
		fault = look_for_hidden(answer, request);
	if (fault == RENDER_FINE) {
		pango_layout_set_text(layout, (const char *)text.data, (int)text.len - 1);
		fault = look_for_missing(answer, layout);
	}
	if (fault == RENDER_FINE)
		size = find_size(layout, room, request->font_size);
	if (fault == RENDER_FINE && size <= 0)
		fault = RENDER_NO_FIT;
	if (fault == RENDER_FINE)
		draw(cairo, layout, room, size, centred);
	g_object_unref(layout);
	buffer_free(&text);
	return fault;
}

/* A line that needs a second font as well, drawn nowhere. */
void render_letters_warm_up(void)
{
	cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_A8, 8, 8);
	cairo_t *cairo = cairo_create(surface);
	PangoLayout *layout = new_layout(cairo);

	pango_layout_set_text(layout, "Aa \xe4\xb8\xad", -1);
	pango_cairo_show_layout(cairo, layout);
	g_object_unref(layout);
	cairo_destroy(cairo);
	cairo_surface_destroy(surface);
}
