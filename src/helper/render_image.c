/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/render.h"

#include <gdk-pixbuf/gdk-pixbuf.h>
#include <string.h>

#define JPEG_QUALITY "88"

/* Not by the name of a file, and of these two only. */
static const char *kind_of(const uint8_t *bytes, size_t len)
{
	if (len > 8 && memcmp(bytes, "\x89PNG\r\n\x1a\n", 8) == 0)
		return "png";
	if (len > 3 && memcmp(bytes, "\xff\xd8\xff", 3) == 0)
		return "jpeg";
	return NULL;
}

/* ---- decoding ---- */

struct announced {
	bool too_large;
	int rows; /* down to where it was drawn */
};

/* Told before memory is taken for the picture. A loader stops when it is to make nothing of it. */
static void size_prepared(GdkPixbufLoader *loader, int width, int height, gpointer data)
{
	struct announced *announced = data;

	announced->too_large = (int64_t)width * height > RENDER_IMAGE_PIXELS_MAX;
	if (announced->too_large)
		gdk_pixbuf_loader_set_size(loader, 0, 0);
}

static void area_updated(GdkPixbufLoader *loader, int x, int y, int width, int height, gpointer data)
{
	struct announced *announced = data;

	(void)loader;
	(void)x;
	(void)width;
	announced->rows = MAX(announced->rows, y + height);
}

/* The loader with the whole picture, or NULL. */
static GdkPixbufLoader *decode(struct announced *announced, const char *kind, const uint8_t *bytes, size_t len)
{
	GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_type(kind, NULL);
	bool good;

	if (loader == NULL)
		return NULL;
	(void)g_signal_connect(loader, "size-prepared", G_CALLBACK(size_prepared), announced);
	(void)g_signal_connect(loader, "area-updated", G_CALLBACK(area_updated), announced);
	good = gdk_pixbuf_loader_write(loader, bytes, len, NULL);
	good = gdk_pixbuf_loader_close(loader, NULL) && good;
	if (good && gdk_pixbuf_loader_get_pixbuf(loader) != NULL)
		return loader;
	g_object_unref(loader);
	return NULL;
}

/* ---- from one library's picture to the other's ---- */

static uint32_t premultiplied(uint32_t value, uint32_t alpha)
{
	const uint32_t t = value * alpha + 128;

	return (t + (t >> 8)) >> 8;
}

static void copy_pixels(cairo_surface_t *surface, const GdkPixbuf *pixbuf)
{
	const size_t channels = (size_t)gdk_pixbuf_get_n_channels(pixbuf);
	const size_t from_stride = (size_t)gdk_pixbuf_get_rowstride(pixbuf);
	const size_t to_stride = (size_t)cairo_image_surface_get_stride(surface);
	const uint8_t *from = gdk_pixbuf_read_pixels(pixbuf);
	uint8_t *to = cairo_image_surface_get_data(surface);

	for (size_t y = 0; y < (size_t)gdk_pixbuf_get_height(pixbuf); y++) {
		for (size_t x = 0; x < (size_t)gdk_pixbuf_get_width(pixbuf); x++) {
			const uint8_t *p = from + y * from_stride + x * channels;
			const uint32_t alpha = channels == 4 ? p[3] : 255;
			const uint32_t pixel = alpha << 24 | premultiplied(p[0], alpha) << 16 |
				premultiplied(p[1], alpha) << 8 | premultiplied(p[2], alpha);

			memcpy(to + y * to_stride + 4 * x, &pixel, sizeof(pixel));
		}
	}
	cairo_surface_mark_dirty(surface);
}

/* Encoded anew, at the size that is wanted and without what a camera wrote beside it: place, time, a small copy. */
static void keep_as_jpeg(cairo_surface_t *surface, GdkPixbuf *pixbuf)
{
	gchar *bytes = NULL;
	gsize len = 0;

	if (!gdk_pixbuf_save_to_buffer(pixbuf, &bytes, &len, "jpeg", NULL, "quality", JPEG_QUALITY, NULL))
		return;
	if (cairo_surface_set_mime_data(surface, CAIRO_MIME_TYPE_JPEG, (const unsigned char *)bytes, len, g_free,
		    bytes) != CAIRO_STATUS_SUCCESS)
		g_free(bytes);
}

static enum render_fault to_surface(cairo_surface_t **out, GdkPixbuf *pixbuf, bool jpeg)
{
	const bool clear = gdk_pixbuf_get_has_alpha(pixbuf);
	cairo_surface_t *surface = cairo_image_surface_create(clear ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24,
		gdk_pixbuf_get_width(pixbuf), gdk_pixbuf_get_height(pixbuf));

	if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
		cairo_surface_destroy(surface);
		return RENDER_NO_MEMORY;
	}
	copy_pixels(surface, pixbuf);
	if (jpeg)
		keep_as_jpeg(surface, pixbuf);
	*out = surface;
	return RENDER_FINE;
}

/* No larger than it will be seen: a photograph of 12 megapixels is not needed in a stamp. A new reference. */
static GdkPixbuf *shrink(GdkPixbuf *pixbuf, int width, int height)
{
	const double w = gdk_pixbuf_get_width(pixbuf);
	const double h = gdk_pixbuf_get_height(pixbuf);
	const double scale = MIN(width / w, height / h);

	if (scale >= 1)
		return g_object_ref(pixbuf);
	return gdk_pixbuf_scale_simple(
		pixbuf, MAX(1, (int)(w * scale + 0.5)), MAX(1, (int)(h * scale + 0.5)), GDK_INTERP_BILINEAR);
}

/* The picture, upright, at its own size; whole: it was drawn down to its end. A new reference. */
static enum render_fault load_upright(GdkPixbuf **out, bool *whole, const char *kind, const uint8_t *bytes, size_t len)
{
	struct announced announced = { .too_large = false };
	GdkPixbufLoader *loader;
	GdkPixbuf *pixbuf;

	if (kind == NULL)
		return RENDER_IMAGE_UNKNOWN;
	loader = decode(&announced, kind, bytes, len);
	if (loader == NULL)
		return announced.too_large ? RENDER_IMAGE_LARGE : RENDER_IMAGE_BROKEN;
	pixbuf = gdk_pixbuf_loader_get_pixbuf(loader);
	*whole = announced.rows >= gdk_pixbuf_get_height(pixbuf);
	*out = gdk_pixbuf_apply_embedded_orientation(pixbuf);
	g_object_unref(loader);
	return *out != NULL ? RENDER_FINE : RENDER_NO_MEMORY;
}

enum render_fault render_image_load(cairo_surface_t **out, const uint8_t *bytes, size_t len, int width, int height)
{
	const char *kind = kind_of(bytes, len);
	GdkPixbuf *upright = NULL;
	GdkPixbuf *small;
	bool whole;
	enum render_fault fault = load_upright(&upright, &whole, kind, bytes, len);

	if (fault != RENDER_FINE)
		return fault;
	small = shrink(upright, width, height);
	fault = small != NULL ? to_surface(out, small, strcmp(kind, "jpeg") == 0) : RENDER_NO_MEMORY;
	if (small != NULL)
		g_object_unref(small);
	g_object_unref(upright);
	return fault;
}

/* ---- for reading codes ---- */

static uint8_t grey_of(const uint8_t *p, uint32_t alpha)
{
	const uint32_t luminance = (306u * p[0] + 601u * p[1] + 117u * p[2] + 512u) >> 10;

	return (uint8_t)(premultiplied(luminance, alpha) + 255 - alpha);
}

static enum render_fault to_grey(struct render_grey *out, const GdkPixbuf *pixbuf)
{
	const size_t channels = (size_t)gdk_pixbuf_get_n_channels(pixbuf);
	const size_t stride = (size_t)gdk_pixbuf_get_rowstride(pixbuf);
	const uint8_t *from = gdk_pixbuf_read_pixels(pixbuf);
	uint8_t *to;

	out->width = gdk_pixbuf_get_width(pixbuf);
	out->height = gdk_pixbuf_get_height(pixbuf);
	out->octets = to = g_try_malloc_n((gsize)out->width, (gsize)out->height);
	if (to == NULL)
		return RENDER_NO_MEMORY;
	for (size_t y = 0; y < (size_t)out->height; y++) {
		for (size_t x = 0; x < (size_t)out->width; x++) {
			const uint8_t *p = from + y * stride + x * channels;

			*to++ = grey_of(p, channels == 4 ? p[3] : 255);
		}
	}
	return RENDER_FINE;
}

/* The library takes a file that is cut short for one that ends in white, where a code may be missing. */
enum render_fault render_image_grey(struct render_grey *out, const uint8_t *bytes, size_t len, int side_max)
{
	GdkPixbuf *upright = NULL;
	GdkPixbuf *small = NULL;
	bool whole = false;
	enum render_fault fault = load_upright(&upright, &whole, kind_of(bytes, len), bytes, len);

	if (fault != RENDER_FINE)
		return fault;
	if (!whole)
		fault = RENDER_IMAGE_BROKEN;
	if (fault == RENDER_FINE) {
		small = shrink(upright, side_max, side_max);
		fault = small != NULL ? to_grey(out, small) : RENDER_NO_MEMORY;
	}
	if (fault == RENDER_FINE)
		out->scale = (double)gdk_pixbuf_get_width(upright) / out->width;
	if (small != NULL)
		g_object_unref(small);
	g_object_unref(upright);
	return fault;
}

void render_image_warm_up(void)
{
	static const char *const kinds[] = { "png", "jpeg" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		GdkPixbufLoader *loader = gdk_pixbuf_loader_new_with_type(kinds[i], NULL);

		if (loader == NULL)
			continue;
		(void)gdk_pixbuf_loader_close(loader, NULL);
		g_object_unref(loader);
	}
}
