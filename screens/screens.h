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

/* For path: a name that is typed. */
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
