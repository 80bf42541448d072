/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_SIGN_VISIBLE_H
#define CLI_SIGN_VISIBLE_H

/*
 * The options of "besign sign" about what is seen: which go together, what their values mean, and having it drawn.
 */

#include "app/outputs.h"
#include "app/visual.h"
#include "cli/options.h"
#include "sign/look.h"

/* As the command line has them. */
struct visible_wishes {
	bool visible;
	bool invisible;
	const char *page;
	const char *rect;
	const char *size;
	const char *anchor;
	const char *image;
	const char *qr;
	const char *text[OPTIONS_LIST_MAX + 1];
};

struct visible {
	bool wanted;
	struct sign_look look;
	struct visual visual;    /* what the person keeps, where the wishes say nothing of what is seen */
	struct visual_look kept; /* of it; owned */
	struct pdf_sign_spot spot;
	const char *anchor;          /* NULL: the spot is known */
	struct buffer pdf;           /* the appearance, once drawn; owned */
	struct pdf_sign_spot *spots; /* by document, with an anchor; owned */
};

/* What goes together, and what can be known to be wrong before anybody is asked for a passphrase. field: of --field, or
 * NULL. Borrows the wishes; out is not to be moved. */
enum be_err visible_choose(
	struct visible *out, const struct visible_wishes *wishes, const char *field, struct be_error *err);

/* Draws the appearance into the options, and looks for the anchor in each document that has no result yet: one without
 * it gets its result here. Nothing to do when nothing is to be seen. */
enum be_err visible_prepare(struct visible *visible, struct sign_options *options, const struct signer *signer,
	struct outputs *outputs, const atomic_bool *cancel, struct be_error *err);
void visible_free(struct visible *visible);

#endif
