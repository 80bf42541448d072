/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Telusuri PDF: the folders and documents of this computer, one folder at a time, and those that were used lately. */

#include "app.h"
#include "screens.h"
#include "ui.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct browser {
	struct browse_request request;
	const char *const *endings;
	char *folder;         /* owned */
	struct browse browse; /* of the folder */
	bool lately;          /* the documents of the last time are shown in place of the folder */
	bool hidden;
	/* Paths that are marked, in the order they were; owned. */
	char **marked;
	size_t marked_count;
};

static const char *const pdf_endings[] = { ".pdf", NULL };
static const char *const key_endings[] = { ".p12", ".pfx", NULL };
static const char *const picture_endings[] = { ".png", ".jpg", ".jpeg", NULL };
static const char *const scan_endings[] = { ".pdf", ".png", ".jpg", ".jpeg", NULL };

/* ---- the folder ---- */

/* The folder changes only when the new one can be read. */
static bool go(struct ui *ui, struct browser *s, const char *folder)
{
	const struct browse_wish wish = { .endings = s->endings, .hidden = s->hidden };
	struct browse browse = BROWSE_EMPTY;
	struct be_error err = { .code = BE_OK };
	char *copy = strdup(folder);

	if (copy == NULL || desk_of(ui)->engine->browse(&browse, folder, &wish, &err) != BE_OK) {
		free(copy);
		ui_say_error(ui, &err);
		return false;
	}
	free(s->folder);
	browse_free(&s->browse);
	s->folder = copy;
	s->browse = browse;
	s->lately = false;
	ui_list_changed(ui);
	if (browse.more)
		ui_say(ui, UI_UNSURE, N_("The folder has more files than can be shown"));
	return true;
}

static void enter(struct ui *ui, struct browser *s, const struct browse_request *request, const char *start)
{
	struct buffer home = BUFFER_EMPTY;

	s->request = *request;
	s->browse = BROWSE_EMPTY;
	if (start != NULL && go(ui, s, start))
		return;
	if (paths_absolute(&home, ".", NULL, NULL) != BE_OK || !go(ui, s, (const char *)home.data))
		(void)go(ui, s, "/");
	buffer_free(&home);
}

static void enter_documents(struct ui *ui, void *state, const void *arg)
{
	struct browser *s = state;

	s->endings = pdf_endings;
	enter(ui, s, arg, desk_of(ui)->state.directory);
}

static void enter_pictures(struct ui *ui, void *state, const void *arg)
{
	struct browser *s = state;

	s->endings = picture_endings;
	enter(ui, s, arg, desk_of(ui)->state.directory);
}

static void enter_scans(struct ui *ui, void *state, const void *arg)
{
	struct browser *s = state;

	s->endings = scan_endings;
	enter(ui, s, arg, desk_of(ui)->state.directory);
}

static void enter_keys(struct ui *ui, void *state, const void *arg)
{
	const char *known = desk_of(ui)->state.key_file;
	struct browser *s = state;
	struct buffer folder = BUFFER_EMPTY;

	s->endings = key_endings;
	if (known != NULL)
		paths_parent(&folder, known);
	enter(ui, s, arg, folder.failed || known == NULL ? NULL : (const char *)folder.data);
	buffer_free(&folder);
}

static void leave(struct ui *ui, void *state)
{
	struct browser *s = state;

	(void)ui;
	for (size_t i = 0; i < s->marked_count; i++)
		free(s->marked[i]);
	free(s->marked);
	free(s->folder);
	browse_free(&s->browse);
}

/* ---- what is marked ---- */

static size_t find_mark(const struct browser *s, const char *path)
{
	size_t i = 0;

	while (i < s->marked_count && strcmp(s->marked[i], path) != 0)
		i++;
	return i;
}

static void unmark(struct browser *s, size_t at)
{
	free(s->marked[at]);
	memmove(&s->marked[at], &s->marked[at + 1], (s->marked_count - at - 1) * sizeof(*s->marked));
	s->marked_count--;
}

static void mark(struct browser *s, const char *path)
{
	char **more;
	char *copy;

	if (find_mark(s, path) < s->marked_count)
		return;
	more = reallocarray(s->marked, s->marked_count + 1, sizeof(*more));
	if (more == NULL)
		return;
	s->marked = more;
	copy = strdup(path);
	if (copy != NULL)
		s->marked[s->marked_count++] = copy;
}

static bool is_file(const struct browser *s, size_t index)
{
	return s->lately || s->browse.entries[index].kind == BROWSE_FILE;
}

/* Puts the path of a row in place of what the buffer had. */
static const char *path_of(const struct ui *ui, const struct browser *s, size_t index, struct buffer *out)
{
	buffer_reset(out);
	if (s->lately) {
		buffer_add_str(out, desk_of(ui)->state.documents[index]);
		buffer_add_byte(out, '\0');
	} else {
		paths_join(out, s->folder, s->browse.entries[index].name);
	}
	return out->failed ? "" : (const char *)out->data;
}

/* ---- the list ---- */

static size_t count(const struct ui *ui, const void *state)
{
	const struct browser *s = state;

	return s->lately ? desk_of(ui)->state.count : s->browse.count;
}

static void row(const struct ui *ui, const void *state, size_t index, struct ui_row *out)
{
	const struct browser *s = state;
	struct buffer path = BUFFER_EMPTY;

	out->unmarkable = !is_file(s, index) || !s->request.several;
	if (is_file(s, index)) {
		const char *name = path_of(ui, s, index, &path);

		out->marked = find_mark(s, name) < s->marked_count;
		if (s->lately)
			put_path(&out->text, name);
		else
			ui_put_foreign(&out->text, s->browse.entries[index].name);
	} else if (s->browse.entries[index].kind == BROWSE_PARENT) {
		ui_put_foreign(&out->text, "../");
	} else {
		ui_put_foreign(&out->text, s->browse.entries[index].name);
		ui_put_foreign(&out->text, "/");
	}
	buffer_free(&path);
}

/* What was chosen is handed over when the browser is gone; it lives until the callback returns. */
static void finish(struct ui *ui, struct browser *s)
{
	char **chosen = s->marked;
	const size_t how_many = s->marked_count;
	const struct browse_request request = s->request;
	struct desk *desk = desk_of(ui);

	s->marked = NULL;
	s->marked_count = 0;
	if (s->endings == pdf_endings && !s->lately && state_set_directory(&desk->state, s->folder, NULL) == BE_OK)
		desk_keep_state(desk);
	ui_pop(ui);
	request.chosen(ui, ui_state(ui), (const char *const *)chosen, how_many);
	for (size_t i = 0; i < how_many; i++)
		free(chosen[i]);
	free(chosen);
}

/* The name one came from has the focus in the folder above. */
static void go_up(struct ui *ui, void *state)
{
	struct browser *s = state;
	struct buffer parent = BUFFER_EMPTY;
	struct buffer name = BUFFER_EMPTY;

	if (s->lately) {
		s->lately = false;
		ui_list_changed(ui);
		return;
	}
	paths_parent(&parent, s->folder);
	paths_name(&name, s->folder);
	if (buffer_check(&parent, NULL) == BE_OK && buffer_check(&name, NULL) == BE_OK &&
		go(ui, s, (const char *)parent.data))
		for (size_t i = 0; i < s->browse.count; i++)
			if (strcmp(s->browse.entries[i].name, (const char *)name.data) == 0)
				ui_focus_row(ui, i);
	buffer_free(&parent);
	buffer_free(&name);
}

static void open(struct ui *ui, void *state, size_t index)
{
	struct browser *s = state;
	struct buffer path = BUFFER_EMPTY;

	if (!is_file(s, index) && s->browse.entries[index].kind == BROWSE_PARENT) {
		go_up(ui, s);
		return;
	}
	(void)path_of(ui, s, index, &path);
	if (buffer_check(&path, NULL) != BE_OK)
		return;
	if (!is_file(s, index)) {
		(void)go(ui, s, (const char *)path.data);
	} else {
		mark(s, (const char *)path.data);
		finish(ui, s);
	}
	buffer_free(&path);
}

static const char *one_only(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct browser *)state)->request.several ? NULL : N_("here one document is chosen, with Enter");
}

static void toggle(struct ui *ui, void *state, size_t index)
{
	struct browser *s = state;
	struct buffer path = BUFFER_EMPTY;
	size_t at;

	if (one_only(ui, s) != NULL) {
		ui_say(ui, UI_UNSURE, one_only(ui, s));
		return;
	}
	if (!is_file(s, index)) {
		ui_say(ui, UI_UNSURE, N_("Only documents can be marked; Enter opens a folder"));
		return;
	}
	at = find_mark(s, path_of(ui, s, index, &path));
	if (at < s->marked_count)
		unmark(s, at);
	else
		mark(s, (const char *)path.data);
	buffer_free(&path);
}

/* ---- the rest of the screen ---- */

static const char *none_marked(const struct ui *ui, const void *state)
{
	(void)ui;
	return ((const struct browser *)state)->marked_count == 0 ? N_("mark documents first") : NULL;
}

static bool some_marked(const struct ui *ui, const void *state)
{
	return none_marked(ui, state) == NULL;
}

static void use_marked(struct ui *ui, void *state)
{
	finish(ui, state);
}

static void marked_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	(void)ui;
	ui_put_count(out, "Continue with %zu document", "Continue with %zu documents",
		((const struct browser *)state)->marked_count);
}

static void mark_all(struct ui *ui, void *state)
{
	struct browser *s = state;
	struct buffer path = BUFFER_EMPTY;

	for (size_t i = 0; i < ui_shown_rows(ui); i++)
		if (is_file(s, ui_shown_row(ui, i)))
			mark(s, path_of(ui, s, ui_shown_row(ui, i), &path));
	buffer_free(&path);
}

static const char *nothing_lately(const struct ui *ui, const void *state)
{
	(void)state;
	return desk_of(ui)->state.count == 0 ? N_("no document was used yet") : NULL;
}

static void show_lately(struct ui *ui, void *state)
{
	struct browser *s = state;

	s->lately = !s->lately;
	ui_list_changed(ui);
}

static void show_hidden(struct ui *ui, void *state)
{
	struct browser *s = state;
	char *folder = strdup(s->folder);

	s->hidden = !s->hidden;
	if (folder != NULL)
		(void)go(ui, s, folder);
	free(folder);
}

static void entered(struct ui *ui, void *state, const char *typed);

/* What was typed is not lost: it leads nowhere, and can be mended. */
static void type_again(struct ui *ui, const char *typed, const struct be_error *err)
{
	const struct path_request request = { .start = typed, .entered = entered };

	ui_push(ui, &screen_path, &request);
	ui_say_error(ui, err);
}

static void entered(struct ui *ui, void *state, const char *typed)
{
	struct browser *s = state;
	struct buffer path = BUFFER_EMPTY;
	struct be_error err = { .code = BE_OK };
	enum browse_kind kind = BROWSE_FILE;
	enum be_err rc = paths_absolute(&path, typed, s->folder, &err);

	if (rc == BE_OK)
		rc = desk_of(ui)->engine->browse_is(&kind, (const char *)path.data, &err);
	if (rc != BE_OK) {
		type_again(ui, typed, &err);
	} else if (kind == BROWSE_DIRECTORY) {
		(void)go(ui, s, (const char *)path.data);
	} else {
		mark(s, (const char *)path.data);
		finish(ui, s);
	}
	buffer_free(&path);
}

static void type_name(struct ui *ui, void *state)
{
	const struct browser *s = state;
	char start[SETTINGS_PATH_MAX];
	const struct path_request request = { .start = start, .entered = entered };

	(void)snprintf(start, sizeof(start), "%s%s", s->folder, strcmp(s->folder, "/") == 0 ? "" : "/");
	ui_push(ui, &screen_path, &request);
}

static void folder_text(const struct ui *ui, const void *state, struct ui_text *out)
{
	const struct browser *s = state;

	(void)ui;
	if (s->lately)
		ui_put(out, N_("used lately"));
	else
		put_path(out, s->folder);
}

static const struct ui_list one = { .count = count,
	.row = row,
	.open = open,
	.opens = N_("Open"),
	.empty = N_("No document is here"),
	.names = true };
static const struct ui_list pictures = { .count = count,
	.row = row,
	.open = open,
	.opens = N_("Open"),
	.empty = N_("No picture is here"),
	.names = true };
static const struct ui_list several = { .count = count,
	.row = row,
	.open = open,
	.mark = toggle,
	.opens = N_("Open"),
	.empty = N_("No document is here"),
	.names = true };

static const struct ui_field document_fields[] = {
	{ .kind = UI_FACT, .msg = N_("Folder"), .text = folder_text },
	{ .kind = UI_LIST, .list = &several },
	{ .kind = UI_BUTTON, .msg = N_("Continue"), .text = marked_text, .shown = some_marked, .run = use_marked },
	{ .kind = UI_END },
};

static const struct ui_field key_fields[] = {
	{ .kind = UI_FACT, .msg = N_("Folder"), .text = folder_text },
	{ .kind = UI_LIST, .list = &one },
	{ .kind = UI_END },
};

static const struct ui_field picture_fields[] = {
	{ .kind = UI_FACT, .msg = N_("Folder"), .text = folder_text },
	{ .kind = UI_LIST, .list = &pictures },
	{ .kind = UI_END },
};

static const struct ui_action document_actions[] = {
	{ 'c', N_("Continue"), N_("Goes on with the documents that are marked."), none_marked, use_marked },
	{ 'a', N_("Mark all"), N_("Marks every document that is shown."), one_only, mark_all },
	{ 'r', N_("Recent"), N_("Shows the documents that were used lately, or the folder again."), nothing_lately,
		show_lately },
	{ 't', N_("Type"), N_("Opens a folder or a document by its name."), NULL, type_name },
	{ 'u', N_("Up"), N_("Goes to the folder above; the left arrow does too."), NULL, go_up },
	{ 'i', N_("Hidden"), N_("Shows files and folders whose name begins with a dot, or hides them again."), NULL,
		show_hidden },
	{ .run = NULL },
};

static const struct ui_action one_actions[] = {
	{ 't', N_("Type"), N_("Opens a folder or a file by its name."), NULL, type_name },
	{ 'u', N_("Up"), N_("Goes to the folder above; the left arrow does too."), NULL, go_up },
	{ 'i', N_("Hidden"), N_("Shows files and folders whose name begins with a dot, or hides them again."), NULL,
		show_hidden },
	{ .run = NULL },
};

const struct ui_screen screen_browse = { .name = "browse",
	.title = N_("Browse PDF"),
	.help = N_(
		"Enter opens a folder or takes a document; the space bar marks several; / shows only names with the letters that you type."),
	.state_size = sizeof(struct browser),
	.fields = document_fields,
	.actions = document_actions,
	.enter = enter_documents,
	.leave = leave,
	.left = go_up };

const struct ui_screen screen_browse_key = { .name = "browse_key",
	.title = N_("Choose a key file"),
	.help = N_("Key files end in .p12 or .pfx. Enter opens a folder or takes a file."),
	.state_size = sizeof(struct browser),
	.fields = key_fields,
	.actions = one_actions,
	.enter = enter_keys,
	.leave = leave,
	.left = go_up };

const struct ui_screen screen_browse_picture = { .name = "browse_picture",
	.title = N_("Add Picture"),
	.help = N_("Pictures end in .png or .jpg. Enter opens a folder or takes a file."),
	.state_size = sizeof(struct browser),
	.fields = picture_fields,
	.actions = one_actions,
	.enter = enter_pictures,
	.leave = leave,
	.left = go_up };

const struct ui_screen screen_browse_scan = { .name = "browse_scan",
	.title = N_("Picture or PDF"),
	.help = N_("Pictures end in .png or .jpg, documents in .pdf. Enter opens a folder or takes a file."),
	.state_size = sizeof(struct browser),
	.fields = picture_fields,
	.actions = one_actions,
	.enter = enter_scans,
	.leave = leave,
	.left = go_up };
