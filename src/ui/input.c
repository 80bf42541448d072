/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Typing: a line of text with a cursor, a secret that goes straight into locked memory, the filter of a list. */

#include "ui/core.h"

#include "base/cells.h"
#include "base/sanitise.h"
#include "base/utf8.h"

#include <string.h>

static bool is_start(char c)
{
	return ((uint8_t)c & 0xC0u) != 0x80u;
}

static size_t before(const char *text, size_t at)
{
	while (at > 0 && !is_start(text[--at]))
		;
	return at;
}

static size_t after(const char *text, size_t at)
{
	if (text[at] == '\0')
		return at;
	do
		at++;
	while (text[at] != '\0' && !is_start(text[at]));
	return at;
}

static void cut(char *text, size_t from, size_t to)
{
	memmove(text + from, text + to, strlen(text + to) + 1);
}

static size_t word_before(const char *text, size_t at)
{
	while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '/'))
		at--;
	while (at > 0 && text[at - 1] != ' ' && text[at - 1] != '/')
		at--;
	return at;
}

static bool is_character(uint32_t key)
{
	return key >= 0x20 && key != 0x7F && key < 0x110000;
}

/* Only what can be seen is taken: a hidden character in a reason or a path would be a trap for its reader. */
static void insert(char *text, size_t max, size_t *cursor, uint32_t key)
{
	uint8_t bytes[4];
	const size_t len = utf8_encode(key, bytes);
	const size_t have = strlen(text);

	if (utf8_class(key) == UTF8_HIDDEN || have + len >= max)
		return;
	memmove(text + *cursor + len, text + *cursor, have - *cursor + 1);
	memcpy(text + *cursor, bytes, len);
	*cursor += len;
}

static void edit(char *text, size_t max, size_t *cursor, uint32_t key)
{
	const size_t here = *cursor;

	switch (key) {
	case UI_KEY_LEFT:
		*cursor = before(text, here);
		break;
	case UI_KEY_RIGHT:
		*cursor = after(text, here);
		break;
	case UI_KEY_HOME:
		*cursor = 0;
		break;
	case UI_KEY_END:
		*cursor = strlen(text);
		break;
	case UI_KEY_BACKSPACE:
		*cursor = before(text, here);
		cut(text, *cursor, here);
		break;
	case UI_KEY_DELETE:
		cut(text, here, after(text, here));
		break;
	case UI_KEY_KILL_LINE:
		cut(text, 0, here);
		*cursor = 0;
		break;
	case UI_KEY_KILL_WORD:
		*cursor = word_before(text, here);
		cut(text, *cursor, here);
		break;
	default:
		if (is_character(key))
			insert(text, max, cursor, key);
		break;
	}
}

static void edit_secret(struct ui *ui, struct secret *secret, uint32_t key)
{
	const uint8_t *bytes = secret_bytes(secret);
	size_t len = secret_len(secret);
	uint8_t typed[4];

	if (key == UI_KEY_BACKSPACE) {
		while (len > 0 && !is_start((char)bytes[--len]))
			;
		secret_cut(secret, len);
	} else if (key == UI_KEY_KILL_LINE || key == UI_KEY_KILL_WORD) {
		secret_clear(secret);
	} else if (is_character(key)) {
		if (secret_add(secret, typed, utf8_encode(key, typed), NULL) != BE_OK)
			ui_say(ui, UI_BAD, N_("The secret is too long"));
		explicit_bzero(typed, sizeof(typed));
	}
}

static void edit_filter(struct ui *ui, struct ui_level *level, uint32_t key)
{
	size_t cursor = strlen(level->filter);

	edit(level->filter, sizeof(level->filter), &cursor, key);
	ui_list_filter(ui, level);
	ui_list_go(level, level->focus.row, ui_list_measure(ui, level, ui_text_columns(ui)));
}

/* A code is pasted with what stood around it: only what can be part of it stays. */
static bool is_wanted(const struct ui_field *field, uint32_t key)
{
	return field->only == NULL || !is_character(key) || (key < 0x80 && strchr(field->only, (int)key) != NULL);
}

void ui_input_key(struct ui *ui, struct ui_level *level, uint32_t key)
{
	const struct ui_field *f = ui_focused(level);

	if (level->searching)
		edit_filter(ui, level, key);
	else if (f->kind == UI_INPUT && is_wanted(f, key))
		edit((char *)level->state + f->at, f->max, &level->cursor, key);
	else if (f->kind == UI_SECRET)
		edit_secret(ui, *(struct secret **)(void *)((char *)level->state + f->at), key);
}

static size_t characters(const struct secret *secret)
{
	size_t count = 0;

	for (size_t i = 0; i < secret_len(secret); i++)
		count += is_start((char)secret_bytes(secret)[i]);
	return count;
}

void ui_input_text(const struct ui_level *level, size_t field, struct buffer *out, size_t *cursor)
{
	const struct ui_field *f = &level->screen->fields[field];
	const char *text = (const char *)level->state + f->at;
	struct buffer head = BUFFER_EMPTY;

	if (f->kind == UI_SECRET) {
		*cursor = characters(*(struct secret *const *)(const void *)text);
		buffer_add_fill(out, '*', *cursor);
		return;
	}
	sanitise_add(&head, text, level->focus.field == field ? level->cursor : 0, 0);
	*cursor = head.failed ? 0 : cells_width_of(head.data, head.len);
	sanitise_add(out, text, strlen(text), 0);
	buffer_free(&head);
}
