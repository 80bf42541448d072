/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pdf/pages.h"

#include <string.h>

#define TREE_DEPTH_MAX 64u
#define FIRST_NODES_MAX 10000u
#define NODES_MAX 200000u
#define UNIT_MAX 75000.0
#define COORDINATE_MAX 1e7
#define SLACK 0.005 /* points: what rounding to two decimals takes or gives */

struct search {
	struct pdf_doc *doc;
	size_t revision;
	uint32_t skip;        /* pages that come before the one that is looked for */
	uint32_t annotation;  /* 0, or what its /Annots has to have */
	bool counts_believed; /* a branch is passed over by its /Count */
	bool last_wanted;     /* every page is taken; the last one stays */
	bool own_only;        /* pages that are no objects of their own are passed over */
	size_t seen;
	size_t seen_max;
	bool found;
	uint32_t number; /* 0 when the page is no object of its own */
	const struct pdf_obj *page;
	struct be_error *err;
};

static enum be_err no_such_page(struct be_error *err, uint32_t place)
{
	if (place == 0 || place == PDF_PAGE_LAST)
		return be_fail(err, BE_NO_SUCH_PAGE, N_("The document does not have that page"), NULL);
	return be_fail(err, BE_NO_SUCH_PAGE, N_("The document does not have that page"), "page %u", place);
}

static enum be_err shows(struct search *s, const struct pdf_obj *page, bool *out)
{
	const struct pdf_obj *annots;
	enum be_err rc = pdf_doc_get(s->doc, s->revision, page, "Annots", &annots, s->err);

	*out = false;
	for (uint32_t i = 0; rc == BE_OK && annots->type == PDF_ARRAY && i < annots->count && !*out; i++)
		*out = annots->u.items[i].type == PDF_REF && annots->u.items[i].u.ref.number == s->annotation;
	return rc;
}

static enum be_err leaf(struct search *s, const struct pdf_obj *ref, const struct pdf_obj *page)
{
	bool wanted = !s->own_only || pdf_is(ref, PDF_REF);
	enum be_err rc = BE_OK;

	if (s->annotation != 0)
		rc = shows(s, page, &wanted);
	else if (!s->last_wanted && s->skip > 0) {
		s->skip--;
		return BE_OK;
	}
	if (rc != BE_OK || !wanted)
		return rc;
	s->found = true;
	s->number = pdf_is(ref, PDF_REF) ? ref->u.ref.number : 0;
	s->page = page;
	return BE_OK;
}

/* A leaf has no /Kids; /Type is often wrong or missing, and decides only that an empty branch is no page. */
static enum be_err read_node(struct search *s, const struct pdf_obj *ref, const struct pdf_obj **node,
	const struct pdf_obj **kids, bool *is_page)
{
	enum be_err rc = pdf_doc_resolve(s->doc, s->revision, ref, node, s->err);

	if (rc == BE_OK)
		rc = pdf_doc_get(s->doc, s->revision, *node, "Kids", kids, s->err);
	*is_page = rc == BE_OK && (*node)->type == PDF_DICT && (*kids)->type != PDF_ARRAY &&
		!pdf_name_is(pdf_get(*node, "Type"), "Pages");
	return rc;
}

/* As many kids as pages: then they are pages, and the one that is looked for stands at its place. */
static enum be_err jump(struct search *s, const struct pdf_obj *kids, int64_t count)
{
	const struct pdf_obj *ref = s->skip < kids->count ? &kids->u.items[s->skip] : NULL;
	const struct pdf_obj *node;
	const struct pdf_obj *below;
	bool is_page;
	enum be_err rc;

	if (ref == NULL || count != (int64_t)kids->count)
		return BE_OK;
	rc = read_node(s, ref, &node, &below, &is_page);
	if (rc != BE_OK || !is_page)
		return rc;
	s->skip = 0;
	return leaf(s, ref, node);
}

static enum be_err visit(struct search *s, const struct pdf_obj *ref, size_t depth)
{
	const struct pdf_obj *node;
	const struct pdf_obj *kids;
	const struct pdf_obj *count = NULL;
	bool is_page;
	enum be_err rc;

	if (++s->seen > s->seen_max || depth == TREE_DEPTH_MAX)
		return BE_OK;
	rc = read_node(s, ref, &node, &kids, &is_page);
	if (rc != BE_OK || node->type != PDF_DICT || (kids->type != PDF_ARRAY && !is_page))
		return rc;
	if (is_page)
		return leaf(s, ref, node);
	if (s->counts_believed) {
		rc = pdf_doc_get(s->doc, s->revision, node, "Count", &count, s->err);
		if (rc == BE_OK && count->type == PDF_INT && count->u.integer >= 0 && count->u.integer <= s->skip) {
			s->skip -= (uint32_t)count->u.integer;
			return BE_OK;
		}
		if (rc == BE_OK && count->type == PDF_INT)
			rc = jump(s, kids, count->u.integer);
	}
	for (uint32_t i = 0; rc == BE_OK && i < kids->count && (!s->found || s->last_wanted) && s->seen <= s->seen_max;
		i++)
		rc = visit(s, &kids->u.items[i], depth + 1);
	return rc;
}

static enum be_err look(struct search *s)
{
	const struct pdf_obj *catalogue;
	enum be_err rc = pdf_doc_catalogue(s->doc, s->revision, &catalogue, s->err);

	return rc == BE_OK ? visit(s, pdf_get(catalogue, "Pages"), 0) : rc;
}

enum be_err pdf_first_page(
	struct pdf_doc *doc, size_t revision, uint32_t *number, const struct pdf_obj **page, struct be_error *err)
{
	struct search s = {
		.doc = doc, .revision = revision, .own_only = true, .seen_max = FIRST_NODES_MAX, .err = err
	};
	enum be_err rc = look(&s);

	*number = s.number;
	*page = s.page;
	return rc;
}

/* How many pages the tree says it has; 0 when it does not say. */
static enum be_err total(uint32_t *out, struct pdf_doc *doc, size_t revision, struct be_error *err)
{
	const struct pdf_obj *catalogue;
	const struct pdf_obj *pages;
	const struct pdf_obj *count = NULL;
	enum be_err rc = pdf_doc_catalogue(doc, revision, &catalogue, err);

	*out = 0;
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, catalogue, "Pages", &pages, err);
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, pages, "Count", &count, err);
	if (rc == BE_OK && count->type == PDF_INT && count->u.integer > 0 && count->u.integer < (int64_t)NODES_MAX * 16)
		*out = (uint32_t)count->u.integer;
	return rc;
}

static enum be_err take(struct pdf_page *out, struct search *s, uint32_t place)
{
	if (!s->found)
		return no_such_page(s->err, place);
	if (s->number == 0)
		return be_fail(s->err, BE_DAMAGED,
			N_("The document is damaged; open it in its program and save it again"),
			"a page that is no object of its own");
	return pdf_page_read(out, s->doc, s->revision, s->number, s->err);
}

/* Counts that lead nowhere are not believed a second time. */
enum be_err pdf_page_find(
	struct pdf_page *out, struct pdf_doc *doc, size_t revision, uint32_t place, struct be_error *err)
{
	struct search s = { .doc = doc, .revision = revision, .seen_max = NODES_MAX, .err = err };
	const bool last = place == PDF_PAGE_LAST;
	uint32_t pages = 0;
	enum be_err rc = total(&pages, doc, revision, err);

	if (place == 0)
		return no_such_page(err, place);
	s.skip = last ? pages - 1 : place - 1;
	s.counts_believed = true;
	if (rc == BE_OK && pages > 0 && s.skip < pages)
		rc = look(&s);
	if (rc == BE_OK && !s.found) {
		s.skip = last ? 0 : place - 1;
		s.last_wanted = last;
		s.counts_believed = false;
		s.seen = 0;
		rc = look(&s);
	}
	return rc == BE_OK ? take(out, &s, place) : rc;
}

enum be_err pdf_page_showing(
	struct pdf_page *out, struct pdf_doc *doc, size_t revision, uint32_t annotation, struct be_error *err)
{
	struct search s = {
		.doc = doc, .revision = revision, .annotation = annotation, .seen_max = NODES_MAX, .err = err
	};
	enum be_err rc = look(&s);

	return rc == BE_OK ? take(out, &s, 0) : rc;
}

/* ---- how it is shown ---- */

static bool number_of(double *out, const struct pdf_obj *value)
{
	if (pdf_is(value, PDF_INT))
		*out = (double)value->u.integer;
	else if (pdf_is(value, PDF_REAL))
		*out = value->u.real;
	else
		return false;
	return *out >= -COORDINATE_MAX && *out <= COORDINATE_MAX;
}

bool pdf_rectangle(double out[static 4], struct pdf_doc *doc, size_t revision, const struct pdf_obj *value)
{
	const struct pdf_obj *rect;
	double corner[4];

	if (pdf_doc_resolve(doc, revision, value, &rect, NULL) != BE_OK || rect->type != PDF_ARRAY || rect->count != 4)
		return false;
	for (size_t i = 0; i < 4; i++) {
		const struct pdf_obj *item;

		if (pdf_doc_resolve(doc, revision, &rect->u.items[i], &item, NULL) != BE_OK ||
			!number_of(&corner[i], item))
			return false;
	}
	for (size_t i = 0; i < 2; i++) {
		const bool in_order = corner[i] <= corner[i + 2];

		out[i] = corner[in_order ? i : i + 2];
		out[i + 2] = corner[in_order ? i + 2 : i];
	}
	return true;
}

static bool has_area(const double box[static 4])
{
	return box[0] < box[2] && box[1] < box[3];
}

/* 7.7.3.4: a page has these from the nearest node above it. NULL when nobody says. */
static enum be_err inherited(const struct pdf_obj **out, struct pdf_doc *doc, size_t revision,
	const struct pdf_obj *node, const char *key, struct be_error *err)
{
	enum be_err rc = BE_OK;

	*out = NULL;
	for (size_t depth = 0; depth < TREE_DEPTH_MAX && rc == BE_OK && node->type == PDF_DICT; depth++) {
		const struct pdf_obj *value;

		rc = pdf_doc_get(doc, revision, node, key, &value, err);
		if (rc == BE_OK && value->type != PDF_NULL) {
			*out = value;
			return BE_OK;
		}
		if (rc == BE_OK)
			rc = pdf_doc_get(doc, revision, node, "Parent", &node, err);
	}
	return rc;
}

/* 14.11.2: the crop box, cut at the media box. Letter is what readers take for a page without a size. */
static void set_box(struct pdf_page *page, struct pdf_doc *doc, size_t revision, const struct pdf_obj *media,
	const struct pdf_obj *crop)
{
	static const double letter[4] = { 0, 0, 612, 792 };
	double cut[4];

	if (!pdf_rectangle(page->box, doc, revision, media) || !has_area(page->box))
		memcpy(page->box, letter, sizeof(letter));
	if (!pdf_rectangle(cut, doc, revision, crop))
		return;
	for (size_t i = 0; i < 2; i++) {
		if (cut[i] < page->box[i])
			cut[i] = page->box[i];
		if (cut[i + 2] > page->box[i + 2])
			cut[i + 2] = page->box[i + 2];
	}
	if (has_area(cut))
		memcpy(page->box, cut, sizeof(cut));
}

static unsigned quarter_turns(const struct pdf_obj *rotate)
{
	int64_t degrees = pdf_is(rotate, PDF_INT) ? rotate->u.integer % 360 : 0;

	if (degrees < 0)
		degrees += 360;
	return degrees % 90 == 0 ? (unsigned)degrees : 0;
}

enum be_err pdf_page_read(
	struct pdf_page *out, struct pdf_doc *doc, size_t revision, uint32_t number, struct be_error *err)
{
	const struct pdf_obj *media = NULL;
	const struct pdf_obj *crop = NULL;
	const struct pdf_obj *rotate = NULL;
	const struct pdf_obj *unit = NULL;
	enum be_err rc;

	memset(out, 0, sizeof(*out));
	out->number = number;
	rc = pdf_doc_object(doc, revision, number, &out->dict, err);
	if (rc == BE_OK && out->dict->type != PDF_DICT)
		return no_such_page(err, 0);
	if (rc == BE_OK)
		rc = inherited(&media, doc, revision, out->dict, "MediaBox", err);
	if (rc == BE_OK)
		rc = inherited(&crop, doc, revision, out->dict, "CropBox", err);
	if (rc == BE_OK)
		rc = inherited(&rotate, doc, revision, out->dict, "Rotate", err);
	if (rc == BE_OK)
		rc = inherited(&out->resources, doc, revision, out->dict, "Resources", err);
	if (rc == BE_OK)
		rc = pdf_doc_get(doc, revision, out->dict, "UserUnit", &unit, err);
	if (rc != BE_OK)
		return rc;
	set_box(out, doc, revision, media, crop);
	out->rotate = quarter_turns(rotate);
	if (!number_of(&out->unit, unit) || out->unit <= 0 || out->unit > UNIT_MAX)
		out->unit = 1;
	return BE_OK;
}

void pdf_page_size(const struct pdf_page *page, double *width, double *height)
{
	const double across = (page->box[2] - page->box[0]) * page->unit;
	const double up = (page->box[3] - page->box[1]) * page->unit;
	const bool on_its_side = page->rotate == 90 || page->rotate == 270;

	*width = on_its_side ? up : across;
	*height = on_its_side ? across : up;
}

static enum be_err check_on_page(const struct pdf_page *page, const double shown[static 4], struct be_error *err)
{
	double width;
	double height;

	pdf_page_size(page, &width, &height);
	if (!(shown[2] > 0 && shown[3] > 0))
		return be_fail(err, BE_USAGE, N_("A visible signature needs a width and a height"), NULL);
	if (!(shown[2] <= width + SLACK && shown[3] <= height + SLACK))
		return be_fail(err, BE_OUTSIDE_PAGE,
			N_("The page is smaller than the signature that is to stand on it"),
			"%.2f x %.2f points on a page of %.2f x %.2f", shown[2], shown[3], width, height);
	if (!(shown[0] >= -SLACK && shown[1] >= -SLACK && shown[0] + shown[2] <= width + SLACK &&
		    shown[1] + shown[3] <= height + SLACK))
		return be_fail(err, BE_OUTSIDE_PAGE, N_("The signature would stand beyond the edge of the page"),
			"left %.2f, top %.2f, %.2f x %.2f points on a page of %.2f x %.2f", shown[0], shown[1],
			shown[2], shown[3], width, height);
	return BE_OK;
}

enum be_err pdf_page_place(
	double out[static 4], const struct pdf_page *page, const double shown[static 4], struct be_error *err)
{
	const double *box = page->box;
	const double x = shown[0] / page->unit;
	const double y = shown[1] / page->unit;
	const double width = shown[2] / page->unit;
	const double height = shown[3] / page->unit;
	enum be_err rc = check_on_page(page, shown, err);

	if (rc != BE_OK)
		return rc;
	if (page->rotate == 90) { /* up the page is to the right, as it is shown */
		out[0] = box[0] + y;
		out[1] = box[1] + x;
	} else if (page->rotate == 180) {
		out[0] = box[2] - x - width;
		out[1] = box[1] + y;
	} else if (page->rotate == 270) {
		out[0] = box[2] - y - height;
		out[1] = box[3] - x - width;
	} else {
		out[0] = box[0] + x;
		out[1] = box[3] - y - height;
	}
	out[2] = out[0] + (page->rotate % 180 == 0 ? width : height);
	out[3] = out[1] + (page->rotate % 180 == 0 ? height : width);
	return BE_OK;
}
