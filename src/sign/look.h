/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SIGN_LOOK_H
#define SIGN_LOOK_H

/*
 * What a visible signature shows, from what a person wishes: a picture, a QR code, lines of text, drawn once for a
 * whole batch; and where it stands when a text on the page says so. Drawing and looking at pages is done in a sandbox
 * (render/render.h); here only wishes are filled in.
 */

#include "sign/sign.h"

#define SIGN_LOOK_WIDTH 180.0 /* points, when nobody says */
#define SIGN_LOOK_HEIGHT 60.0

struct sign_look {
	const char *image; /* path of a PNG or JPEG file, or NULL */
	const char *qr;    /* text of the QR code, or NULL */
	/* Lines of text. {name}, {time}, {reason} and {location} are filled in, {{ is a brace; a line whose words are all
	 * empty is left out. Without image, qr and lines there are lines of our own. */
	const char *const *lines;
	size_t line_count;
};

/* Words in braces that nobody knows, and what has to be true before a key is asked for: BE_USAGE, BE_LIMIT; what reading
 * the picture gives. */
enum be_err sign_look_check(const struct sign_look *look, struct be_error *err);

/* Draws it as large as the spot of the options, or as their field in the first of the documents that has it; appended to
 * pdf, for sign_options.appearance. {name} is the options' or the certificate's. The errors of render_stamp. */
enum be_err sign_look_draw(struct buffer *pdf, const struct sign_look *look, const struct sign_options *options,
	const struct signer *signer, const struct sign_document *documents, size_t count, struct be_error *err);

/* The same for a size in points, without a signer and documents: {name} is the options'. */
enum be_err sign_look_draw_sized(struct buffer *pdf, const struct sign_look *look, const struct sign_options *options,
	double width, double height, struct be_error *err);

/* The lines of our own, as msgids. */
const char *const *sign_look_usual(size_t *count);

/* The first place in a document where that text stands: the spot's page, left and top; its size stays. BE_NOT_FOUND when
 * it stands nowhere. The flag ends the search (BE_CANCELLED); NULL: nothing does. */
enum be_err sign_look_anchor(struct pdf_sign_spot *spot, const char *path, const char *text, const atomic_bool *cancel,
	struct be_error *err);

/* A line with its words filled in: appended to out, without a NUL. *empty: it had words, and all were empty. */
enum be_err sign_look_fill(
	struct buffer *out, const char *line, const struct sign_options *options, bool *empty, struct be_error *err);

#endif
