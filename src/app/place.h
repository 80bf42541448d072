/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_PLACE_H
#define APP_PLACE_H

/*
 * Where a visible signature is to stand, chosen on the page of one document and meant for all of a batch: on a page of
 * another size it keeps its distance from the corner that it is nearest to. Points, from the top left corner of the
 * page as it is shown.
 */

#include "app/outputs.h"

#define PLACE_FIELD_MAX 124u
#define PLACE_MARGIN 36.0 /* of the corners that have a name: half an inch */

struct place {
	uint32_t page; /* from 1, or PDF_PAGE_LAST */
	double x, y, width, height;
	double page_width, page_height;
	char field[PLACE_FIELD_MAX]; /* an existing field in place of all that; "" for none */
};

/* Named places, as on the keys of a numeric keypad: 7 is the top left, 3 the bottom right corner, 5 the middle. Width
 * and height stay. */
void place_snap(struct place *place, unsigned key);
/* Moves it back onto the page, and makes it smaller when it is larger than that. */
void place_keep_inside(struct place *place);
bool place_is_inside(const struct place *place);

/* The same on a page of that size. */
void place_on(double out[static 4], const struct place *place, double page_width, double page_height);

/* How the pages of other documents differ from the one that was placed on. */
struct place_others {
	size_t count;   /* pages of another size */
	size_t without; /* documents that do not have the page, or cannot be read */
	char *first;    /* the first document whose page has another size, and how large that is; owned, NULL: none */
	double width, height;
};

/* BE_CANCELLED when the flag is set meanwhile. */
enum be_err place_compare(struct place_others *out, char *const *documents, size_t count, const struct place *place,
	const atomic_bool *cancel, struct be_error *err);
void place_others_free(struct place_others *others);

/* A place for each document that has no result yet: spots[i] is that of documents[i], which borrows it. A document that
 * does not have the page gets its result here. */
void place_spots(struct pdf_sign_spot *spots, struct outputs *outputs, const struct place *place);

#endif
