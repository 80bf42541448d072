/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdlib.h>
#include <string.h>

void page_view_open(struct page_view *view, const char *document, uint32_t number)
{
	view->document = strdup(document);
	view->wanted = number;
}

void page_view_close(struct page_view *view, struct ui *ui)
{
	desk_of(ui)->engine->page_close(&view->source);
	page_picture_free(&view->picture);
	free(view->document);
	view->document = NULL;
}

/* ---- drawing ---- */

/* Which way of drawing the terminal takes. */
static enum render_mode mode_of(const struct ui *ui)
{
	static const enum render_mode modes[] = { [UI_DEPTH_256] = RENDER_256,
		[UI_DEPTH_8] = RENDER_8,
		[UI_DEPTH_MONO] = RENDER_MONO,
		[UI_DEPTH_ASCII] = RENDER_ASCII };

	return modes[ui_depth(ui)];
}

static enum be_err run(void *work, struct ui_op *op, struct be_error *err)
{
	(void)op;
	return page_job_run(work, err);
}

static void work_free(void *work)
{
	page_job_free(work);
}

void page_view_draw(struct page_view *view, struct ui *ui, const char *text, page_view_done *done)
{
	struct page_job *work = page_job_new(desk_of(ui)->engine, view->document, view->source, view->wanted, text);
	const struct ui_job job = {
		.title = N_("Drawing the page"), .run = run, .done = done, .free = work_free, .work = work
	};

	view->source = NULL;
	if (work == NULL) {
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	work->rows = (uint32_t)view->rows;
	work->columns = (uint32_t)view->columns;
	work->mode = mode_of(ui);
	ui_start(ui, &job);
}

void page_view_resize(struct page_view *view, struct ui *ui, int rows, int columns, page_view_done *done)
{
	view->rows = rows;
	view->columns = columns;
	if (rows > 0 && columns > 0)
		page_view_draw(view, ui, NULL, done);
}

void page_view_turn(struct page_view *view, struct ui *ui, uint32_t number, page_view_done *done)
{
	if (number < 1 || number > view->picture.count) {
		ui_say(ui, UI_UNSURE, N_("There is no further page"));
		return;
	}
	view->wanted = number;
	page_view_draw(view, ui, NULL, done);
}

bool page_view_take(struct page_view *view, struct ui *ui, struct page_job *work, const struct be_error *error)
{
	view->source = work->source;
	work->source = NULL;
	if (error->code != BE_OK) {
		view->failed = !page_view_shown(view);
		ui_say_error(ui, error);
		return false;
	}
	page_picture_free(&view->picture);
	view->picture = work->picture;
	work->picture = (struct page_picture){ .number = 0 };
	view->wanted = view->picture.number;
	view->failed = false;
	return true;
}

/* ---- what is seen ---- */

bool page_view_shown(const struct page_view *view)
{
	return view->picture.cells.cols > 0;
}

bool page_view_has_field(const struct page_view *view)
{
	for (size_t i = 0; i < view->picture.fields.count; i++)
		if (view->picture.fields.fields[i].kind == RENDER_FIELD_SIGNATURE)
			return true;
	return false;
}

void page_view_put(const struct page_view *view, struct ui_view *out, bool marked)
{
	const struct render_cells *cells = &view->picture.cells;
	int row, column;

	for (uint32_t r = 0; r < cells->rows && (int)r < out->rows; r++)
		for (uint32_t c = 0; c < cells->cols && (int)c < out->columns; c++) {
			const struct render_cell *from = &cells->cells[r * cells->cols + c];

			out->cells[(int)r * out->columns + (int)c] =
				(struct ui_cell){ .character = from->character, .fg = from->fg, .bg = from->bg };
		}
	for (size_t i = 0; i < view->picture.fields.count; i++)
		if (view->picture.fields.fields[i].kind == RENDER_FIELD_SIGNATURE)
			page_view_frame(view, out, &view->picture.fields.fields[i].at, marked, &row, &column);
}

static uint32_t frame_character(bool across, bool along)
{
	if (across && along)
		return '+';
	return across ? '-' : '|';
}

void page_view_frame(const struct page_view *view, struct ui_view *out, const struct render_rect *at, bool marked,
	int *row, int *column)
{
	const struct page_picture *picture = &view->picture;
	const double wide = picture->page.width / (picture->cells.cols > 0 ? picture->cells.cols : 1);
	const double high = picture->page.height / (picture->cells.rows > 0 ? picture->cells.rows : 1);
	const int left = (int)(at->x / wide);
	const int top = (int)(at->y / high);
	const int right = (int)((at->x + at->width) / wide);
	const int bottom = (int)((at->y + at->height) / high);

	for (int r = top; r <= bottom; r++) {
		for (int c = left; c <= right; c++) {
			const bool across = r == top || r == bottom;
			const bool along = c == left || c == right;

			if (r < 0 || c < 0 || r >= out->rows || c >= out->columns || (!across && !along))
				continue;
			out->cells[r * out->columns + c] = (struct ui_cell){
				.character = frame_character(across, along), .fg = -1, .bg = -1, .marked = marked
			};
		}
	}
	*row = top < 0 ? 0 : top >= out->rows ? out->rows - 1 : top;
	*column = left < 0 ? 0 : left >= out->columns ? out->columns - 1 : left;
}
