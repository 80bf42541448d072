/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/page.h"

#include <stdlib.h>
#include <string.h>

enum be_err page_source_open(struct page_source **out, const char *path, struct be_error *err)
{
	struct page_source *source = calloc(1, sizeof(*source));
	enum be_err rc;

	if (source == NULL)
		return be_fail(err, BE_NO_MEMORY, N_("Out of memory"), NULL);
	rc = image_open(&source->image, path, err);
	if (rc != BE_OK) {
		free(source);
		return rc;
	}
	rc = render_open(&source->render, source->image.fd, err);
	if (rc != BE_OK) {
		image_close(&source->image);
		free(source);
		return rc;
	}
	*out = source;
	return BE_OK;
}

void page_source_close(struct page_source **source)
{
	if (*source == NULL)
		return;
	render_free(&(*source)->render);
	image_close(&(*source)->image);
	free(*source);
	*source = NULL;
}

enum be_err page_picture_draw(struct page_picture *out, struct page_source *source, uint32_t number, uint32_t cols,
	uint32_t rows, enum render_mode mode, struct be_error *err)
{
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	out->number = number;
	out->count = render_pages(source->render);
	rc = render_page(&out->page, source->render, number, err);
	if (rc == BE_OK)
		rc = render_cells(&out->cells, source->render, number, NULL, cols, rows, mode, err);
	if (rc != BE_OK) {
		page_picture_free(out);
		return rc;
	}
	(void)render_text(&out->text, source->render, number, NULL);
	(void)render_fields(&out->fields, source->render, number, NULL);
	return BE_OK;
}

void page_picture_free(struct page_picture *picture)
{
	render_cells_free(&picture->cells);
	render_text_free(&picture->text);
	render_fields_free(&picture->fields);
	memset(picture, 0, sizeof(*picture));
}

enum be_err page_find(uint32_t *number, struct render_rect *at, struct page_source *source, uint32_t from,
	const char *text, struct be_error *err)
{
	const uint32_t count = render_pages(source->render);
	enum be_err rc = BE_OK;

	for (uint32_t page = from > 0 ? from : 1; rc == BE_OK && page <= count; page++) {
		struct render_rects found = { NULL, 0 };

		rc = render_find(&found, source->render, page, text, err);
		if (rc == BE_OK && found.count > 0) {
			*number = page;
			*at = found.rects[0];
			render_rects_free(&found);
			return BE_OK;
		}
		render_rects_free(&found);
	}
	return rc != BE_OK ? rc : be_fail(err, BE_NOT_FOUND, N_("That text stands nowhere in the document"), NULL);
}
