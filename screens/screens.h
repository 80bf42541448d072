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

/* For qr_code; borrowed for the call. */
struct qr_view {
	const struct qr_content *content;
	const char *from; /* the host that leads there; NULL: the code itself */
};

/* For qr_document, qr_page and qr_text, which take what is in it. */
struct qr_outcome {
	struct qr_found *found;
};

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

/* A page of a document in a view of a screen: opened once, drawn by a worker, turned, and looked at (page_view.c). */

struct page_view {
	char *document; /* owned */
	struct page_source *source;
	struct page_picture picture; /* cols 0 until one was drawn */
	uint32_t wanted;             /* the page that is to be drawn */
	int rows, columns;           /* of the view */
	bool failed;                 /* there is no picture: said, and not tried again */
};

/* What is told when a drawing ends; the work is a struct page_job, for page_view_take. */
typedef void page_view_done(struct ui *ui, void *state, void *work, const struct be_error *error);

void page_view_open(struct page_view *view, const char *document, uint32_t number);
void page_view_close(struct page_view *view, struct ui *ui);

/* Draws the wanted page, or with a text (which may be NULL) the first from there on that has it. */
void page_view_draw(struct page_view *view, struct ui *ui, const char *text, page_view_done *done);
/* Draws again, for a view of another size. */
void page_view_resize(struct page_view *view, struct ui *ui, int rows, int columns, page_view_done *done);
void page_view_turn(struct page_view *view, struct ui *ui, uint32_t number, page_view_done *done);
/* Takes what a job made. False: nothing was drawn, and that is said. */
bool page_view_take(struct page_view *view, struct ui *ui, struct page_job *work, const struct be_error *error);

bool page_view_shown(const struct page_view *view);
bool page_view_has_field(const struct page_view *view);

/* The page, in the top left corner, and frames around its signature fields. */
void page_view_put(const struct page_view *view, struct ui_view *out, bool marked);
/* A frame around a rectangle of the page; the cell of its top left corner comes back. */
void page_view_frame(const struct page_view *view, struct ui_view *out, const struct render_rect *at, bool marked,
	int *row, int *column);

#endif
