/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "terminal_keys.h"

#include "terminal_job.h"

#include <string.h>

/* A terminal's name begins with one of these: then the row is that terminal's; rows for all stand last. */
static const struct {
	const char *name;
	const char *terminals;
	const char *bytes;
} keys[] = {
	{ "F1", "linux", "\033[[A" },
	{ "F2", "linux", "\033[[B" },
	{ "F3", "linux", "\033[[C" },
	{ "F4", "linux", "\033[[D" },
	{ "F5", "linux", "\033[[E" },
	{ "Home", "linux screen tmux", "\033[1~" },
	{ "End", "linux screen tmux", "\033[4~" },
	{ "BackTab", "linux", "\033\t" },
	{ "Up", "", "\033[A" },
	{ "Down", "", "\033[B" },
	{ "Right", "", "\033[C" },
	{ "Left", "", "\033[D" },
	{ "Home", "", "\033[H" },
	{ "End", "", "\033[F" },
	{ "PageUp", "", "\033[5~" },
	{ "PageDown", "", "\033[6~" },
	{ "Insert", "", "\033[2~" },
	{ "Delete", "", "\033[3~" },
	{ "Tab", "", "\t" },
	{ "BackTab", "", "\033[Z" },
	{ "Enter", "", "\r" },
	{ "Escape", "", "\033" },
	{ "Backspace", "", "\177" },
	{ "Space", "", " " },
	{ "F1", "", "\033OP" },
	{ "F2", "", "\033OQ" },
	{ "F3", "", "\033OR" },
	{ "F4", "", "\033OS" },
	{ "F5", "", "\033[15~" },
	{ "F6", "", "\033[17~" },
	{ "F7", "", "\033[18~" },
	{ "F8", "", "\033[19~" },
	{ "F9", "", "\033[20~" },
	{ "F10", "", "\033[21~" },
	{ "F11", "", "\033[23~" },
	{ "F12", "", "\033[24~" },
};

/* Terminals are blank-separated beginnings; none means every terminal. */
static bool is_among(const char *term, const char *terminals)
{
	if (*terminals == '\0')
		return true;
	while (*terminals != '\0') {
		const size_t len = strcspn(terminals, " ");

		if (strncmp(term, terminals, len) == 0)
			return true;
		terminals += len + (terminals[len] == ' ');
	}
	return false;
}

/* The cursor keys, Home and End: ESC [ and a letter, or ESC O and the letter in application mode. */
static bool is_cursor_key(const char *bytes)
{
	return bytes[0] == '\033' && bytes[1] == '[' && strchr("ABCDHF", bytes[2]) != NULL && bytes[3] == '\0';
}

size_t terminal_key(const char *name, size_t len, const char *term, bool application, char out[TERMINAL_KEY_MAX])
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (strlen(keys[i].name) != len || strncmp(keys[i].name, name, len) != 0 ||
			!is_among(term, keys[i].terminals))
			continue;
		(void)strcpy(out, keys[i].bytes);
		if (application && is_cursor_key(out))
			out[1] = 'O';
		return strlen(out);
	}
	if (len == 2 && name[0] == '^' && name[1] >= '@' && name[1] <= '_') {
		out[0] = (char)(name[1] & 0x1F);
		return 1;
	}
	/* One character, however many bytes of UTF-8. */
	if (len == 0 || len > 4 || (len > 1 && !(name[0] & 0x80)))
		terminal_give_up(name);
	memcpy(out, name, len);
	return len;
}
