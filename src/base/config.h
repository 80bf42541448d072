/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CONFIG_H
#define BASE_CONFIG_H

/*
 * Files of lines "name = value", as people write them: UTF-8, comments begin a line with #. Knows the form and nothing
 * of what the names mean. A text is only ever read and copied, never rebuilt from what was understood, so that what a
 * person wrote around a value stays as it is.
 *
 * A value is the rest of its line without the blanks around it; or it stands in double quotes, and \" \\ and \xNN
 * (any octet but 0) are understood in it, so that the name of any file can be written down.
 */

#include "base/buffer.h"

/* The name of a file has up to 4096 octets, each of which may have to be written as \xNN. */
#define CONFIG_LINE_MAX 17000u
#define CONFIG_NAME_MAX 64u

enum config_kind {
	CONFIG_REMARK,  /* a comment or an empty line */
	CONFIG_SETTING, /* name and value are filled */
	CONFIG_BROKEN   /* neither */
};

struct config_line {
	enum config_kind kind;
	size_t number; /* from 1 */
	size_t at;     /* in the text, and so long, without the end of the line */
	size_t len;
	size_t value_at; /* as it is written; with SETTING */
	size_t value_len;
	size_t next; /* where the next line begins */
	char name[CONFIG_NAME_MAX];
	struct buffer value; /* as it is meant, and a NUL that does not count; owned */
};

#define CONFIG_START ((struct config_line){ .number = 0 })

/* Goes on to the next line; false after the last. Without memory, value.failed says so. The text is one that
 * config_load took. */
bool config_next(struct config_line *line, const struct buffer *text);
void config_line_free(struct config_line *line);

/* Reads a file of at most max bytes. BE_MALFORMED, with "line N of PATH" in the detail, for what is no text: broken
 * UTF-8, control characters, lines beyond CONFIG_LINE_MAX. BE_NOT_FOUND, BE_LIMIT, BE_IO as file_read_all. */
enum be_err config_load(struct buffer *text, const char *path, size_t max, struct be_error *err);

/* Replaces the file or makes it, whole or not at all, with mode 0600; its missing directories with 0700. Where the name
 * is a symbolic link, the file it leads to is written, and the link stays. */
enum be_err config_save(const char *path, const struct buffer *text, struct be_error *err);

/* Appends a value as it has to be written: in quotes only where it must be. */
void config_add_value(struct buffer *text, const char *value);
/* Appends "name = value" and the end of the line. */
void config_add(struct buffer *text, const char *name, const char *value);
/* Appends a sentence as lines of a comment. */
void config_add_remark(struct buffer *text, const char *sentence);

#endif
