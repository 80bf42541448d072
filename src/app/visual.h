/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_VISUAL_H
#define APP_VISUAL_H

/*
 * The visualisation: what a visible signature shows when nobody says otherwise. Pictures that the person gathered, which
 * of them is used, lines of text, a QR code, and how large all that is. Kept in the user's own directory visual/
 * (app/data.h): the pictures as files, copied whole, and the rest in the file "look", which is the program's own.
 * Knows neither pages nor where on them a signature stands; pictures are decoded in the sandbox alone (render/render.h).
 */

#include "render/render.h"
#include "sign/look.h"

#define VISUAL_NAME_MAX 128u /* bytes of a picture's name, the NUL counted */
#define VISUAL_LINE_MAX 256u
#define VISUAL_QR_MAX 512u
#define VISUAL_WORD_MAX 256u
#define VISUAL_SIDE_MIN 10u /* points */
#define VISUAL_SIDE_MAX 1000u
#define VISUAL_SMALL 100u  /* pixels wide; a picture that is narrower is blurred on paper */
#define VISUAL_LARGE 2000u /* one that is wider only makes every document larger */

enum visual_text {
	VISUAL_TEXT_USUAL, /* the lines of sign_look_usual */
	VISUAL_TEXT_OWN,   /* those of the struct */
	VISUAL_TEXT_NONE
};

/* Holds nothing that has to be freed: it may be copied. */
struct visual {
	char picture[VISUAL_NAME_MAX]; /* the one in use; "": none */
	enum visual_text text;
	char lines[RENDER_LINES_MAX][VISUAL_LINE_MAX]; /* as struct sign_look; kept also while they are not used */
	size_t line_count;
	char qr[VISUAL_QR_MAX]; /* "": none */
	uint32_t width, height; /* points */
};

/* No picture, the usual lines, SIGN_LOOK_WIDTH x SIGN_LOOK_HEIGHT. */
void visual_default(struct visual *out);
/* Always fills out; nothing kept is no error. BE_MALFORMED with the line in the detail: what is not understood has its
 * default, the rest counts. */
enum be_err visual_read(struct visual *out, struct be_error *err);
/* BE_USAGE for what visual_check refuses: then nothing is written. */
enum be_err visual_write(const struct visual *visual, struct be_error *err);
/* What can be said before it is drawn: words in braces that nobody knows, a size out of bounds, a QR text that is too
 * long, text that is no UTF-8 on one line. */
enum be_err visual_check(const struct visual *visual, struct be_error *err);

/* What sign_look_draw takes; the pointers lead into it and into the visual, so neither moves while it is used. */
struct visual_look {
	struct sign_look look;
	const char *lines[RENDER_LINES_MAX];
	struct buffer picture; /* absolute path; owned */
};

#define VISUAL_LOOK_EMPTY ((struct visual_look){ .picture = { NULL, 0, 0, false } })

enum be_err visual_look(struct visual_look *out, const struct visual *visual, struct be_error *err);
void visual_look_free(struct visual_look *look);

/* ---- pictures ---- */

enum visual_worth {
	VISUAL_WELL,
	VISUAL_TOO_SMALL, /* narrower than VISUAL_SMALL */
	VISUAL_TOO_LARGE, /* wider than VISUAL_LARGE */
	VISUAL_BROKEN     /* its file is no picture (any more) */
};

struct visual_picture {
	char name[VISUAL_NAME_MAX]; /* of letters, digits and ._- only, ending in .png or .jpg */
	uint32_t width, height;     /* pixels; 0 for a broken one */
	enum visual_worth worth;
};

struct visual_pictures {
	struct visual_picture *pictures; /* by name; owned */
	size_t count;
};

/* A warning as a sentence (msgid); NULL when there is none. */
const char *visual_worth_text(enum visual_worth worth);

/* Names in the directory that are none of ours are left out. */
enum be_err visual_pictures(struct visual_pictures *out, struct be_error *err);
void visual_pictures_free(struct visual_pictures *pictures);
/* Borrowed; NULL when there is none of that name. */
const struct visual_picture *visual_pictures_find(const struct visual_pictures *pictures, const char *name);
/* BE_NOT_FOUND when the one in use is not among them: somebody else took it away. */
enum be_err visual_pictures_check(
	const struct visual_pictures *pictures, const struct visual *visual, struct be_error *err);

/* Copies a PNG or JPEG file under a name like its own, with a number where that is taken; it is not used yet.
 * BE_UNSUPPORTED for any other file, BE_MALFORMED for one whose beginning is damaged, BE_LIMIT for one of more than
 * RENDER_IMAGE_MAX bytes or RENDER_IMAGE_PIXELS_MAX pixels. */
enum be_err visual_add(struct visual_picture *out, const char *path, struct be_error *err);
/* One that is in use is no longer. BE_NOT_FOUND. */
enum be_err visual_remove(const char *name, struct be_error *err);
/* NULL: none. BE_NOT_FOUND; BE_MALFORMED for one that is broken. */
enum be_err visual_use(const char *name, struct be_error *err);

/* The absolute path of a picture, in place of what the buffer had, with a NUL that does not count. BE_NOT_FOUND for a
 * name that no picture can have. */
enum be_err visual_path(struct buffer *path, const char *name, struct be_error *err);

/* ---- how it looks ---- */

/* What is to be seen of it, and in what; holds nothing that has to be freed. */
struct visual_wish {
	struct visual visual;
	char name[VISUAL_WORD_MAX], reason[VISUAL_WORD_MAX], location[VISUAL_WORD_MAX];
	int64_t time;
	uint32_t cols, rows; /* as render_cells */
	enum render_mode mode;
};

/* Draws it and looks at the drawing, each in a helper of its own; takes some 200 ms. The flag ends the
 * waiting for the second (BE_CANCELLED); NULL: nothing does. The errors of sign_look_draw and
 * render_cells: BE_HELPER and BE_SANDBOX mean that there is no preview on this computer. */
enum be_err visual_preview(
	struct render_cells *out, const struct visual_wish *wish, const atomic_bool *cancel, struct be_error *err);

#endif
