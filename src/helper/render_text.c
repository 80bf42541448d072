/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "helper/render.h"

#include <math.h>
#include <poppler.h>
#include <string.h>

/* Appends a rectangle given in units of the page as shown, when it is one: positions in a document may be anything. */
static bool add_rect(struct buffer *out, const struct render_view *view, double x1, double y1, double x2, double y2)
{
	const double unit = view->page.unit;
	const struct render_rect rect = { fmin(x1, x2) * unit, fmin(y1, y2) * unit, fabs(x2 - x1) * unit,
		fabs(y2 - y1) * unit };

	if (!(fabs(rect.x) <= RENDER_SIDE_MAX && fabs(rect.y) <= RENDER_SIDE_MAX && rect.width <= RENDER_SIDE_MAX &&
		    rect.height <= RENDER_SIDE_MAX))
		return false;
	buffer_add(out, &rect, sizeof(rect));
	return true;
}

/* ---- lines ---- */

/* One line of the text with the boxes of its characters; those of no size are no help. */
static void add_line(struct render_answer *answer, const struct render_view *view, const char *line, size_t len,
	const PopplerRectangle *boxes, size_t count)
{
	PopplerRectangle all = { INFINITY, INFINITY, -INFINITY, -INFINITY };

	for (size_t i = 0; i < count; i++) {
		all.x1 = fmin(all.x1, fmin(boxes[i].x1, boxes[i].x2));
		all.y1 = fmin(all.y1, fmin(boxes[i].y1, boxes[i].y2));
		all.x2 = fmax(all.x2, fmax(boxes[i].x1, boxes[i].x2));
		all.y2 = fmax(all.y2, fmax(boxes[i].y1, boxes[i].y2));
	}
	if (len == 0 || !add_rect(&answer->records, view, all.x1, all.y1, all.x2, all.y2))
		return;
	buffer_add(&answer->text, line, len);
	buffer_add_byte(&answer->text, '\0');
}

/* The text has one box for each of its characters, the ends of lines among them. */
static enum render_fault add_lines(struct render_answer *answer, const struct render_view *view, const char *text,
	const PopplerRectangle *boxes, size_t count)
{
	const char *line = text;
	const char *at = text;
	size_t first = 0;
	size_t i = 0;
	size_t lines = 0;

	for (; *at != '\0' && i < count; i++) {
		const char *next = g_utf8_next_char(at);

		if (*at == '\n') {
			add_line(answer, view, line, (size_t)(at - line), boxes + first, i - first);
			line = next;
			first = i + 1;
			if (++lines == RENDER_ITEMS_MAX)
				return RENDER_TOO_MUCH;
		}
		at = next;
	}
	add_line(answer, view, line, (size_t)(at - line), boxes + first, i - first);
	return RENDER_FINE;
}

enum render_fault render_do_text(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	struct render_view view;
	PopplerRectangle *boxes = NULL;
	guint count = 0;
	char *text = NULL;
	enum render_fault fault = render_view_open(&view, document, request->page);

	if (fault != RENDER_FINE)
		return fault;
	text = poppler_page_get_text(view.poppler);
	if (text != NULL && strlen(text) > RENDER_TEXT_MAX)
		fault = RENDER_TOO_MUCH;
	else if (text != NULL && g_utf8_validate(text, -1, NULL) &&
		poppler_page_get_text_layout(view.poppler, &boxes, &count))
		fault = add_lines(answer, &view, text, boxes, count);
	g_free(boxes);
	g_free(text);
	render_view_close(&view);
	return fault;
}

/* ---- search ---- */

enum render_fault render_do_find(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	struct render_view view;
	GList *found = NULL;
	size_t count = 0;
	double height;
	enum render_fault fault = render_view_open(&view, document, request->page);

	if (fault != RENDER_FINE)
		return fault;
	height = view.page.height / view.page.unit;
	if (request->line_count == 1 && request->text[0] != '\0')
		found = poppler_page_find_text(view.poppler, (const char *)request->text);
	/* These count from the bottom. */
	for (const GList *item = found; item != NULL && count < RENDER_ITEMS_MAX; item = item->next, count++) {
		const PopplerRectangle *r = item->data;

		(void)add_rect(&answer->records, &view, r->x1, height - r->y2, r->x2, height - r->y1);
	}
	g_list_free_full(found, (GDestroyNotify)poppler_rectangle_free);
	render_view_close(&view);
	return fault;
}

/* ---- form fields ---- */

static uint32_t kind_of(PopplerFormField *field)
{
	switch (poppler_form_field_get_field_type(field)) {
	case POPPLER_FORM_FIELD_BUTTON:
		return RENDER_FIELD_BUTTON;
	case POPPLER_FORM_FIELD_TEXT:
		return RENDER_FIELD_TEXT;
	case POPPLER_FORM_FIELD_CHOICE:
		return RENDER_FIELD_CHOICE;
	case POPPLER_FORM_FIELD_SIGNATURE:
		return RENDER_FIELD_SIGNATURE;
	case POPPLER_FORM_FIELD_UNKNOWN:
	default:
		return RENDER_FIELD_OTHER;
	}
}

/* A field's box stands in user space, from the lower left corner of what is shown, not turned. */
static void turn(PopplerRectangle *box, const struct render_view *view)
{
	const PopplerRectangle b = *box;
	const double across = view->units_across;
	const double up = view->units_up;

	switch (view->page.rotate) {
	case 90:
		*box = (PopplerRectangle){ b.y1, b.x1, b.y2, b.x2 };
		break;
	case 180:
		*box = (PopplerRectangle){ across - b.x2, b.y1, across - b.x1, b.y2 };
		break;
	case 270:
		*box = (PopplerRectangle){ up - b.y2, across - b.x2, up - b.y1, across - b.x1 };
		break;
	default:
		*box = (PopplerRectangle){ b.x1, up - b.y2, b.x2, up - b.y1 };
		break;
	}
}

/* Cuts at a character. */
static void put_name(char *out, size_t size, const char *name)
{
	const char *end;

	if (name == NULL || !g_utf8_validate(name, -1, NULL))
		return;
	(void)g_strlcpy(out, name, size);
	(void)g_utf8_validate(out, -1, &end);
	memset(out + (end - out), 0, size - (size_t)(end - out));
}

static void add_field(struct render_answer *answer, const struct render_view *view, PopplerFormFieldMapping *mapping)
{
	struct render_field field = { .kind = kind_of(mapping->field) };
	struct buffer rect = BUFFER_EMPTY;
	PopplerRectangle box = mapping->area;
	char *name = poppler_form_field_get_name(mapping->field);

	turn(&box, view);
	put_name(field.name, sizeof(field.name), name);
	if (add_rect(&rect, view, box.x1, box.y1, box.x2, box.y2) && !rect.failed) {
		memcpy(&field.at, rect.data, sizeof(field.at));
		/* Without a size it stands nowhere: that is how an invisible signature has its field. */
		if (field.at.width > 0 && field.at.height > 0)
			buffer_add(&answer->records, &field, sizeof(field));
	}
	buffer_free(&rect);
	g_free(name);
}

enum render_fault render_do_fields(
	struct render_answer *answer, struct render_document *document, const struct render_request *request)
{
	struct render_view view;
	GList *mappings = NULL;
	size_t count = 0;
	enum render_fault fault = render_view_open(&view, document, request->page);

	if (fault != RENDER_FINE)
		return fault;
	if (view.page.sure != 0)
		mappings = poppler_page_get_form_field_mapping(view.poppler);
	for (GList *item = mappings; item != NULL && count < RENDER_ITEMS_MAX; item = item->next, count++)
		add_field(answer, &view, item->data);
	poppler_page_free_form_field_mapping(mappings);
	render_view_close(&view);
	return fault;
}
