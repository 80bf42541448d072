/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/place.h"

#include "pdf/pages.h"
#include "verify/image.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Paper of one kind is not always cut to the same hundredth of a point. */
#define SAME_SIZE 0.5

void place_snap(struct place *place, unsigned key)
{
	const unsigned column = (key - 1) % 3;
	const unsigned row = 2 - (key - 1) / 3;
	const double right = place->page_width - place->width;
	const double bottom = place->page_height - place->height;

	place->x = column == 0 ? PLACE_MARGIN : column == 1 ? right / 2 : right - PLACE_MARGIN;
	place->y = row == 0 ? PLACE_MARGIN : row == 1 ? bottom / 2 : bottom - PLACE_MARGIN;
	place_keep_inside(place);
}

static void keep(double *at, double *size, double room)
{
	if (*size > room)
		*size = room;
	if (*at > room - *size)
		*at = room - *size;
	if (*at < 0)
		*at = 0;
}

void place_keep_inside(struct place *place)
{
	keep(&place->x, &place->width, place->page_width);
	keep(&place->y, &place->height, place->page_height);
}

bool place_is_inside(const struct place *place)
{
	return place->x >= 0 && place->y >= 0 && place->width > 0 && place->height > 0 &&
		place->x + place->width <= place->page_width && place->y + place->height <= place->page_height;
}

/* The distance from the nearer of two edges is kept. */
static double keep_distance(double at, double size, double from, double to)
{
	const bool far = at + size / 2 > from / 2;

	return far ? to - (from - at) : at;
}

void place_on(double out[static 4], const struct place *place, double page_width, double page_height)
{
	out[0] = keep_distance(place->x, place->width, place->page_width, page_width);
	out[1] = keep_distance(place->y, place->height, place->page_height, page_height);
	out[2] = place->width;
	out[3] = place->height;
}

/* From an image that stays as it is: the map of a file that somebody cuts short would end the program. */
static enum be_err page_size(const char *path, uint32_t page, double *width, double *height, struct be_error *err)
{
	struct pdf_bytes bytes = { NULL, 0 };
	struct pdf_doc *doc = NULL;
	struct pdf_page found;
	struct image image;
	enum be_err rc = image_open(&image, path, err);

	if (rc != BE_OK)
		return rc;
	rc = pdf_bytes_map(&bytes, image.fd, image.len, err);
	if (rc == BE_OK)
		rc = pdf_doc_open(&doc, bytes, err);
	if (rc == BE_OK)
		rc = pdf_page_find(&found, doc, 0, page, err);
	if (rc == BE_OK)
		pdf_page_size(&found, width, height);
	pdf_doc_free(&doc);
	pdf_bytes_unmap(&bytes);
	image_close(&image);
	return rc;
}

static bool is_other(const struct place *place, double width, double height)
{
	return fabs(width - place->page_width) > SAME_SIZE || fabs(height - place->page_height) > SAME_SIZE;
}

enum be_err place_compare(struct place_others *out, char *const *documents, size_t count, const struct place *place,
	const atomic_bool *cancel, struct be_error *err)
{
	memset(out, 0, sizeof(*out));
	for (size_t i = 0; i < count; i++) {
		double width = 0;
		double height = 0;

		if (atomic_load(cancel)) {
			place_others_free(out);
			return be_fail(err, BE_CANCELLED, N_("This was cancelled"), NULL);
		}
		if (page_size(documents[i], place->page, &width, &height, NULL) != BE_OK) {
			out->without++;
		} else if (is_other(place, width, height) && ++out->count == 1) {
			out->first = strdup(documents[i]);
			out->width = width;
			out->height = height;
		}
	}
	return BE_OK;
}

void place_others_free(struct place_others *others)
{
	free(others->first);
	memset(others, 0, sizeof(*others));
}

void place_spots(struct pdf_sign_spot *spots, struct outputs *outputs, const struct place *place)
{
	for (size_t i = 0; i < outputs->count; i++) {
		struct sign_document *document = &outputs->documents[i];
		double width = 0;
		double height = 0;

		if (document->result != BE_OK)
			continue;
		document->result = page_size(document->input, place->page, &width, &height, &document->error);
		if (document->result != BE_OK)
			continue;
		spots[i].page = place->page;
		place_on(spots[i].rect, place, width, height);
		document->spot = &spots[i];
	}
}
