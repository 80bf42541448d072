/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Pengaturan -> Visualisasi: the pictures that were gathered for visible signatures, and which of them is used. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <string.h>

struct pictures {
	struct visual visual; /* as it is kept, but for the picture: that is the one that is marked here */
	struct visual_pictures all;
	struct be_error trouble; /* with what is kept; BE_OK otherwise */
};

/* ---- what there is ---- */

static void read_all(struct ui *ui, struct pictures *s)
{
	const struct app_engine *engine = desk_of(ui)->engine;
	struct be_error err = { .code = BE_OK };

	visual_pictures_free(&s->all);
	s->trouble = (struct be_error){ .code = BE_OK };
	if (engine->visual_read(&s->visual, &s->trouble) == BE_OK)
		s->trouble.code = BE_OK;
	if (engine->visual_pictures(&s->all, &err) != BE_OK)
		ui_say_error(ui, &err);
	else if (visual_pictures_check(&s->all, &s->visual, &s->trouble) != BE_OK)
		memset(s->visual.picture, 0, sizeof(s->visual.picture));
}

static void enter(struct ui *ui, void *state, const void *arg)
{
	(void)arg;
	read_all(ui, state);
}

/* What was marked and is not saved yet stays marked, while it is there. */
static void again(struct ui *ui, void *state)
{
	struct pictures *s = state;
	char marked[VISUAL_NAME_MAX];

	memcpy(marked, s->visual.picture, sizeof(marked));
	read_all(ui, s);
	if (marked[0] == '\0' || visual_pictures_find(&s->all, marked) != NULL)
		memcpy(s->visual.picture, marked, sizeof(marked));
}

static void leave(struct ui *ui, void *state)
{
	(void)ui;
	visual_pictures_free(&((struct pictures *)state)->all);
}

/* ---- the list: first the choice of none ---- */

static size_t count(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct pictures *)state)->all.count + 1;
}

static void put_picture(struct ui_text *out, const struct visual_picture *picture)
{
	static const char *const words[] = { [VISUAL_WELL] = NULL,
		[VISUAL_TOO_SMALL] = N_("too small"),
		[VISUAL_TOO_LARGE] = N_("very large"),
		[VISUAL_BROKEN] = N_("no picture any more") };

	ui_put_foreign(out, picture->name);
	if (picture->worth != VISUAL_BROKEN) {
		ui_put_foreign(out, "  ");
		ui_put_numbers(out, N_("%zu x %zu pixels"), picture->width, picture->height);
	}
	if (words[picture->worth] != NULL) {
		ui_put_foreign(out, ", ");
		ui_put(out, words[picture->worth]);
	}
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct pictures *s = state;
	const struct visual_picture *picture = index > 0 ? &s->all.pictures[index - 1] : NULL;
	const bool marked = strcmp(s->visual.picture, picture != NULL ? picture->name : "") == 0;

	(void)ui;
	ui_put_foreign(&out->text, marked ? "(*) " : "( ) ");
	if (picture != NULL)
		put_picture(&out->text, picture);
	else
		ui_put(&out->text, N_("without a picture"));
	out->mood = marked ? UI_GOOD : UI_PLAIN;
}

static void say_worth(struct ui *ui, const struct visual_picture *picture)
{
	if (visual_worth_text(picture->worth) != NULL)
		ui_say(ui, UI_UNSURE, visual_worth_text(picture->worth));
}

static void mark(struct ui *ui, void *state, size_t index)
{
	struct pictures *s = state;
	const struct visual_picture *picture = index > 0 ? &s->all.pictures[index - 1] : NULL;

	if (picture != NULL)
		say_worth(ui, picture);
	memset(s->visual.picture, 0, sizeof(s->visual.picture));
	if (picture != NULL)
		memcpy(s->visual.picture, picture->name, sizeof(s->visual.picture));
}

static const struct ui_list list = { .count = count, .row = row, .open = mark, .opens = N_("Choose"), .empty = "" };

/* ---- adding and removing ---- */

static void chosen(struct ui *ui, void *state, const char *const *paths, size_t how_many)
{
	struct pictures *s = state;
	const struct visual_picture *added;
	struct visual_picture picture;
	struct be_error err = { .code = BE_OK };

	if (how_many == 0)
		return;
	if (desk_of(ui)->engine->visual_add(&picture, paths[0], &err) != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	again(ui, s);
	ui_list_changed(ui);
	added = visual_pictures_find(&s->all, picture.name);
	if (added != NULL)
		ui_focus_row(ui, (size_t)(added - s->all.pictures) + 1);
	ui_say(ui, UI_GOOD, N_("The picture is added; Enter chooses it"));
	say_worth(ui, &picture);
}

static void add(struct ui *ui, void *state)
{
	const struct browse_request request = { .chosen = chosen };

	(void)state;
	ui_push(ui, &screen_browse_picture, &request);
}

static const char *none_marked(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct pictures *)state)->visual.picture[0] == '\0' ? N_("choose a picture first") : NULL;
}

static void do_remove(struct ui *ui, void *state)
{
	struct pictures *s = state;
	struct be_error err = { .code = BE_OK };

	if (desk_of(ui)->engine->visual_remove(s->visual.picture, &err) != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	read_all(ui, s);
	ui_list_changed(ui);
	ui_say(ui, UI_GOOD, N_("The picture is removed"));
}

static void remove_it(struct ui *ui, void *state)
{
	struct ui_text text = { .utf8 = BUFFER_EMPTY };

	ui_put_foreign(&text, ((const struct pictures *)state)->visual.picture);
	ui_confirm(ui, N_("Remove this picture?"), &text, N_("Remove"), do_remove);
	buffer_free(&text.utf8);
}

/* ---- the rest of the screen ---- */

/* One that is broken can be marked, so that it can be removed. */
static void save(struct ui *ui, void *state)
{
	const struct pictures *s = state;
	const struct visual_picture *picture = visual_pictures_find(&s->all, s->visual.picture);
	struct be_error err = { .code = BE_OK };

	if (picture != NULL && picture->worth == VISUAL_BROKEN) {
		ui_say(ui, UI_BAD, visual_worth_text(VISUAL_BROKEN));
		return;
	}
	if (desk_of(ui)->engine->visual_write(&s->visual, &err) != BE_OK) {
		ui_say_error(ui, &err);
		return;
	}
	ui_pop(ui);
	ui_say(ui, UI_GOOD, N_("The visualisation is saved"));
}

static void open_text(struct ui *ui, void *state)
{
	ui_push(ui, &screen_settings_visual_text, &((const struct pictures *)state)->visual);
}

static void trouble(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_error(out, &((const struct pictures *)state)->trouble);
}

static enum ui_mood trouble_mood(const void *state)
{
	(void)state;
	return UI_UNSURE;
}

static bool has_trouble(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct pictures *)state)->trouble.code != BE_OK;
}

static const struct ui_field fields[] = {
	{ .kind = UI_LABEL, .text = trouble, .mood = trouble_mood, .shown = has_trouble },
	{ .kind = UI_LIST, .list = &list },
	{ .kind = UI_BUTTON,
		.msg = N_("Add Picture"),
		.run = add,
		.help = N_("copies a .png or .jpg file of this computer") },
	{ .kind = UI_BUTTON,
		.msg = N_("Text, QR code and preview"),
		.run = open_text,
		.help = N_("what stands beside the picture, and how all of it looks") },
	{ .kind = UI_BUTTON, .msg = N_("Save"), .run = save, .help = N_("uses the chosen picture from now on") },
	{ .kind = UI_END },
};

static const struct ui_action actions[] = {
	{ 'a', N_("Add Picture"), N_("Copies a .png or .jpg file of this computer."), NULL, add },
	{ 't', N_("Text"), N_("Opens the text and the QR code, with a preview."), NULL, open_text },
	{ 'r', N_("Remove"), N_("Removes the chosen picture from besign, after a question."), none_marked, remove_it },
	{ 's', N_("Save"), N_("Uses the chosen picture from now on."), NULL, save },
	{ .run = NULL },
};

const struct ui_screen screen_settings_visual = { .name = "settings_visual",
	.title = N_("Visualisation"),
	.help = N_(
		"What a visible signature shows. Enter chooses a picture, Save keeps the choice. Pictures are copied: the files that they came from may go."),
	.state_size = sizeof(struct pictures),
	.fields = fields,
	.actions = actions,
	.enter = enter,
	.again = again,
	.leave = leave };
