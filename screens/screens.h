/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SCREENS_H
#define SCREENS_H

/*
 * The screens by name, and what one hands to another when it opens it. All of them share a struct desk (app/desk.h) as
 * the toolkit's context.
 */

#include "app.h"
#include "ui.h"

#define SCREEN(name) extern const struct ui_screen screen_##name;
#include "screens.def"
#undef SCREEN

/* For browse, browse_key and browse_picture: where to look, and who is told what was chosen. */
struct browse_request {
	bool several; /* more than one may be chosen */
	/* The state is that of the screen that opened the browser, which is on top again. Paths are borrowed. */
	void (*chosen)(struct ui *ui, void *state, const char *const *paths, size_t count);
};

/* For path, and for find: a name, or a text, that is typed. */
struct path_request {
	const char *start; /* what stands in the field */
	void (*entered)(struct ui *ui, void *state, const char *path);
};

/* For sign_passphrase: what is to be signed and how; borrowed while it is open. */
struct sign_order {
	char **documents;
	size_t count;
	const char *key_file;
	const char *reason, *location;
	const struct place *place;         /* NULL: the signature is not seen */
	const struct place_others *others; /* with place: how the other documents' pages differ */
};

/* For sign_place and sign_numbers: borrowed for the call. */
struct place_request {
	const char *document; /* whose pages are shown */
	size_t count;         /* of the documents that it is for */
	struct place place;
	/* The state is that of the screen that asked, which is on top again. */
	void (*placed)(struct ui *ui, void *state, const struct place *place);
};

/* For sign_result, which takes what is in it. */
struct sign_outcome {
	struct outputs *outputs;
};

/* For trust_certificate; borrowed for the call. */
struct trust_view {
	const struct trust_entry *entry;
	const char *file; /* it is a file of the person's own, not kept yet; NULL otherwise */
};

static inline struct desk *desk_of(const struct ui *ui)
{
	return ui_context(ui);
}

/* Which way of drawing the terminal takes. */
static inline enum render_mode page_mode(const struct ui *ui)
{
	static const enum render_mode modes[] = { [UI_DEPTH_256] = RENDER_256,
		[UI_DEPTH_8] = RENDER_8,
		[UI_DEPTH_MONO] = RENDER_MONO,
		[UI_DEPTH_ASCII] = RENDER_ASCII };

	return modes[ui_depth(ui)];
}

static inline enum be_err page_run(void *work, struct ui_op *op, struct be_error *err)
{
	(void)op;
	return page_job_run(work, err);
}

static inline void page_free(void *work)
{
	page_job_free(work);
}

/* Draws a page for a view of that size; done takes source and picture out of the struct page_job that is its work. The
 * source is taken. */
static inline void page_start(struct ui *ui, struct page_job *work, int rows, int columns,
	void (*done)(struct ui *ui, void *state, void *work, const struct be_error *error))
{
	const struct ui_job job = {
		.title = N_("Drawing the page"), .run = page_run, .done = done, .free = page_free, .work = work
	};

	if (work == NULL) {
		ui_say(ui, UI_BAD, N_("Out of memory"));
		return;
	}
	work->rows = (uint32_t)rows;
	work->columns = (uint32_t)columns;
	work->mode = page_mode(ui);
	ui_start(ui, &job);
}

/* Takes the picture out of a job that has made one. */
static inline void page_take(struct page_picture *to, struct page_job *from)
{
	page_picture_free(to);
	*to = from->picture;
	from->picture = (struct page_picture){ .number = 0 };
}

/* Puts a page into the view's top left corner. */
static inline void view_page(struct ui_view *view, const struct page_picture *picture)
{
	const struct render_cells *cells = &picture->cells;

	for (uint32_t row = 0; row < cells->rows && (int)row < view->rows; row++)
		for (uint32_t column = 0; column < cells->cols && (int)column < view->columns; column++) {
			const struct render_cell *from = &cells->cells[row * cells->cols + column];

			view->cells[(int)row * view->columns + (int)column] =
				(struct ui_cell){ .character = from->character, .fg = from->fg, .bg = from->bg };
		}
}

/* Marks a rectangle of that page with a frame; the cell of its top left corner comes back. */
static inline void view_frame(struct ui_view *view, const struct page_picture *picture, const struct render_rect *at,
	bool marked, int *row, int *column)
{
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

			if (r < 0 || c < 0 || r >= view->rows || c >= view->columns || (!across && !along))
				continue;
			view->cells[r * view->columns + c] = (struct ui_cell){ .character = across && along ? '+'
					: across                                                            ? '-'
													    : '|',
				.fg = -1,
				.bg = -1,
				.marked = marked };
		}
	}
	*row = top < 0 ? 0 : top >= view->rows ? view->rows - 1 : top;
	*column = left < 0 ? 0 : left >= view->columns ? view->columns - 1 : left;
}

/* The name of a file or folder, harmless, with ~ for the home directory. */
static inline void put_path(struct ui_text *out, const char *path)
{
	struct buffer brief = BUFFER_EMPTY;

	if (path == NULL)
		return;
	paths_short(&brief, path);
	ui_put_foreign(out, brief.failed ? path : (const char *)brief.data);
	buffer_free(&brief);
}

/* The look of a verdict. */
static inline enum ui_mood screens_mood(enum verify_text_mood mood)
{
	static const enum ui_mood moods[] = { [VERIFY_TEXT_PLAIN] = UI_PLAIN,
		[VERIFY_TEXT_GOOD] = UI_GOOD,
		[VERIFY_TEXT_BAD] = UI_BAD,
		[VERIFY_TEXT_UNSURE] = UI_UNSURE };

	return moods[mood];
}

#endif
