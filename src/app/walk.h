/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_WALK_H
#define APP_WALK_H

/*
 * A walk through signing and verifying with the shipped letter and a throw-away identity. It proves on this very
 * machine that a signed document is found valid and a changed one is not.
 */

#include "base/error.h"

struct walk_step {
	const char *title;   /* msgid */
	const char *command; /* what one would type in the directory of the walk; ASCII, ours; never NULL */
	const char *outcome; /* msgid: what happened, as it should */
};

/* Called after each step that did what it should. */
typedef void walk_tell(void *context, const struct walk_step *step);

/* In dir, which exists and is empty. BE_SELF_CHECK when something came out otherwise than it should: the sentence says
 * what. */
enum be_err walk_run(const char *dir, walk_tell *tell, void *context, struct be_error *err);

/* What the walk made, for those who go on with it. */
#define WALK_LETTER "letter.pdf"
#define WALK_FORGED "letter_forged.pdf"

/* Takes away what the walk made, and dir. */
void walk_clean(const char *dir);

#endif
