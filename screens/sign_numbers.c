/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Where the visible signature stands, in words and numbers: on small windows, in questions and answers, and where pages
 * cannot be shown. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NUMBER_MAX 16u

struct numbers {
	struct place_request request;
	size_t page;   /* index into pages */
	size_t corner; /* index into corners */
	char number[NUMBER_MAX];
	char left[NUMBER_MAX], top[NUMBER_MAX], width[NUMBER_MAX], height[NUMBER_MAX];
};

enum { PAGE_FIRST, PAGE_LAST, PAGE_NUMBER };
static const char *const pages[] = { N_("First page"), N_("Last page"), N_("Page number below"), NULL };

static const char *const corners[] = { N_("Bottom right"), N_("Bottom left"), N_("Top right"), N_("Top left"),
	N_("Distances below"), NULL };
static const unsigned keys[] = { 3, 1, 9, 7 };
#define OWN_DISTANCES (sizeof(keys) / sizeof(keys[0]))

static void put_number(char out[static NUMBER_MAX], double value)
{
	(void)snprintf(out, NUMBER_MAX, "%u", value > 0 ? (unsigned)(value + 0.5) : 0u);
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	struct numbers *s = state;
	const struct place *place;

	(void)ui;
	s->request = *(const struct place_request *)arg;
	s->request.document = NULL;
	place = &s->request.place;
	s->page = place->page == 1 ? PAGE_FIRST : place->page == PDF_PAGE_LAST ? PAGE_LAST : PAGE_NUMBER;
	(void)snprintf(s->number, sizeof(s->number), "%u", place->page == PDF_PAGE_LAST ? 1 : place->page);
	put_number(s->left, place->x);
	put_number(s->top, place->y);
	put_number(s->width, place->width);
	put_number(s->height, place->height);
}

/* False for what is no number from least on. */
static bool number_of(double *out, const char *text, double least)
{
	char *end;

	*out = strtod(text, &end);
	return end != text && *end == '\0' && *out >= least && *out < 100000;
}

static const char *wrong(const struct ui *ui, const void *state)
{
	const struct numbers *s = state;
	double value;

	(void)ui;
	if (s->page == PAGE_NUMBER && !number_of(&value, s->number, 1))
		return N_("the page is a number from 1");
	if (!number_of(&value, s->width, 1) || !number_of(&value, s->height, 1))
		return N_("width and height are numbers of points");
	if (s->corner == OWN_DISTANCES && (!number_of(&value, s->left, 0) || !number_of(&value, s->top, 0)))
		return N_("the distances are numbers of points");
	return NULL;
}

/* On a page whose size is not known yet, A4 stands for it: from a corner, every page has the same distance. */
static void take(struct numbers *s)
{
	struct place *place = &s->request.place;
	double number = 1;

	if (place->page_width <= 0 || place->page_height <= 0) {
		place->page_width = 595;
		place->page_height = 842;
	}
	place->field[0] = '\0';
	(void)number_of(&number, s->number, 1);
	place->page = s->page == PAGE_FIRST ? 1 : s->page == PAGE_LAST ? PDF_PAGE_LAST : (uint32_t)number;
	(void)number_of(&place->width, s->width, 1);
	(void)number_of(&place->height, s->height, 1);
	if (s->corner < OWN_DISTANCES) {
		place_snap(place, keys[s->corner]);
	} else {
		(void)number_of(&place->x, s->left, 0);
		(void)number_of(&place->y, s->top, 0);
	}
}

static void done(struct ui *ui, void *state)
{
	struct numbers *s = state;
	struct place_request request;

	take(s);
	request = s->request;
	ui_pop(ui);
	request.placed(ui, ui_state(ui), &request.place);
}

static bool own_page(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct numbers *)state)->page == PAGE_NUMBER;
}

static bool own_distances(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct numbers *)state)->corner == OWN_DISTANCES;
}

static const struct ui_field fields[] = {
	{ .kind = UI_CHOICE, .msg = N_("Page"), .at = offsetof(struct numbers, page), .words = pages },
	{ .kind = UI_INPUT,
		.msg = N_("Page number"),
		.at = offsetof(struct numbers, number),
		.max = NUMBER_MAX,
		.shown = own_page },
	{ .kind = UI_CHOICE,
		.msg = N_("Place"),
		.at = offsetof(struct numbers, corner),
		.words = corners,
		.help = N_("half an inch from the edges of the page") },
	{ .kind = UI_INPUT,
		.msg = N_("From the left"),
		.at = offsetof(struct numbers, left),
		.max = NUMBER_MAX,
		.shown = own_distances,
		.help = N_("in points, 72 of which are an inch") },
	{ .kind = UI_INPUT,
		.msg = N_("From the top"),
		.at = offsetof(struct numbers, top),
		.max = NUMBER_MAX,
		.shown = own_distances },
	{ .kind = UI_INPUT,
		.msg = N_("Width"),
		.at = offsetof(struct numbers, width),
		.max = NUMBER_MAX,
		.help = N_("in points, 72 of which are an inch") },
	{ .kind = UI_INPUT, .msg = N_("Height"), .at = offsetof(struct numbers, height), .max = NUMBER_MAX },
	{ .kind = UI_BUTTON, .msg = N_("Done"), .guard = wrong, .run = done },
	{ .kind = UI_END },
};

const struct ui_screen screen_sign_numbers = { .name = "sign_numbers",
	.title = N_("Place"),
	.help = N_("Where the signature is to be seen: a page, and a corner or distances in points."),
	.state_size = sizeof(struct numbers),
	.fields = fields,
	.enter = enter };
