/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_PAGE_H
#define APP_PAGE_H

/*
 * A document that is looked at, page by page. What is drawn is drawn in the sandbox (render/render.h); here are only
 * the answers, together. For a worker thread, one call at a time.
 */

#include "render/render.h"
#include "verify/image.h"

/* A document that is open for being looked at. */
struct page_source {
	struct image image;
	struct render *render;
};

/* Owned by the caller. Errors as image_open and render_open. */
enum be_err page_source_open(struct page_source **out, const char *path, struct be_error *err);
void page_source_close(struct page_source **source);

/* One page as it is shown in so many cells, and what stands where on it. */
struct page_picture {
	uint32_t number, count;
	struct render_page page;
	struct render_cells cells;
	struct render_text text;
	struct render_fields fields;
};

/* What stands on the page is left out when it cannot be told; the picture is not. Zeroed on failure. */
enum be_err page_picture_draw(struct page_picture *out, struct page_source *source, uint32_t number, uint32_t cols,
	uint32_t rows, enum render_mode mode, struct be_error *err);
void page_picture_free(struct page_picture *picture);

/* The first place of a text from a page on, to the last page; BE_NOT_FOUND. */
enum be_err page_find(uint32_t *number, struct render_rect *at, struct page_source *source, uint32_t from,
	const char *text, struct be_error *err);

#endif
