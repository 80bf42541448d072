/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/config.h"

#include "base/cells.h"
#include "base/file.h"
#include "base/utf8.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REMARK_CELLS 76u
#define LINKS_MAX 16

static const char byte_order_mark[] = "\xEF\xBB\xBF";
#define MARK_LEN (sizeof(byte_order_mark) - 1)

static bool is_blank(uint8_t c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7F && c < 0xA0);
}

/* ---- reading a line ---- */

static int hex_digit(uint8_t c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *found = c != '\0' ? strchr(digits, c) : NULL;

	return found != NULL ? (int)((found - digits) % 16) : -1;
}

/* The octet after a backslash; returns how many bytes of the text say it, 0 for none that is known. */
static size_t unescape(uint8_t *out, const uint8_t *text, size_t len)
{
	int high;
	int low;

	if (len >= 1 && (text[0] == '"' || text[0] == '\\')) {
		*out = text[0];
		return 1;
	}
	if (len < 3 || text[0] != 'x')
		return 0;
	high = hex_digit(text[1]);
	low = hex_digit(text[2]);
	if (high < 0 || low < 0 || high + low == 0)
		return 0;
	*out = (uint8_t)(high * 16 + low);
	return 3;
}

static bool unquote(struct buffer *value, const uint8_t *text, size_t len)
{
	for (size_t at = 1; at < len; at++) {
		uint8_t c = text[at];

		if (c == '"')
			return at + 1 == len;
		if (c == '\\') {
			const size_t took = unescape(&c, text + at + 1, len - at - 1);

			if (took == 0)
				return false;
			at += took;
		}
		buffer_add_byte(value, c);
	}
	return false;
}

static bool take_value(struct config_line *line, const uint8_t *text)
{
	bool understood = true;

	buffer_reset(&line->value);
	if (line->value_len > 0 && text[line->value_at] == '"')
		understood = unquote(&line->value, text + line->value_at, line->value_len);
	else
		buffer_add(&line->value, text + line->value_at, line->value_len);
	buffer_add_byte(&line->value, '\0');
	if (!line->value.failed)
		line->value.len--;
	return understood;
}

static bool take_name(struct config_line *line, const uint8_t *text, size_t len)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyz0123456789-";

	if (len == 0 || len >= sizeof(line->name))
		return false;
	memcpy(line->name, text, len);
	line->name[len] = '\0';
	return strspn(line->name, plain) == len;
}

/* at and end: the line without the blanks around it. */
static enum config_kind understand(struct config_line *line, const uint8_t *text, size_t at, size_t end)
{
	const uint8_t *sign = NULL;
	size_t name_end;

	if (at == end || text[at] == '#')
		return CONFIG_REMARK;
	sign = memchr(text + at, '=', end - at);
	if (sign == NULL)
		return CONFIG_BROKEN;
	name_end = (size_t)(sign - text);
	line->value_at = name_end + 1;
	while (name_end > at && is_blank(text[name_end - 1]))
		name_end--;
	while (line->value_at < end && is_blank(text[line->value_at]))
		line->value_at++;
	line->value_len = end - line->value_at;
	return take_name(line, text + at, name_end - at) && take_value(line, text) ? CONFIG_SETTING : CONFIG_BROKEN;
}

bool config_next(struct config_line *line, const struct buffer *text)
{
	const uint8_t *newline = NULL;
	size_t at;
	size_t end;

	if (line->number == 0 && text->len >= MARK_LEN && memcmp(text->data, byte_order_mark, MARK_LEN) == 0)
		line->next = MARK_LEN;
	if (line->next >= text->len)
		return false;
	line->number++;
	line->at = at = line->next;
	newline = memchr(text->data + at, '\n', text->len - at);
	end = newline != NULL ? (size_t)(newline - text->data) : text->len;
	line->next = newline != NULL ? end + 1 : end;
	if (end > at && text->data[end - 1] == '\r')
		end--;
	line->len = end - at;
	while (at < end && is_blank(text->data[at]))
		at++;
	while (end > at && is_blank(text->data[end - 1]))
		end--;
	line->kind = understand(line, text->data, at, end);
	return true;
}

void config_line_free(struct config_line *line)
{
	buffer_free(&line->value);
}

/* ---- files ---- */

static enum be_err no_text(struct be_error *err, const char *msgid, size_t number, const char *path)
{
	return be_fail(err, BE_MALFORMED, msgid, "line %zu of %s", number, path);
}

static enum be_err check(const struct buffer *text, const char *path, struct be_error *err)
{
	size_t number = 1;
	size_t start = 0;

	for (size_t at = 0; at < text->len;) {
		uint32_t c;

		at += utf8_decode(text->data + at, text->len - at, &c);
		if (c == '\n') {
			number++;
			start = at;
		} else if (at - start > CONFIG_LINE_MAX) {
			return no_text(
				err, N_("A line of the file is too long; shorten it or remove the file"), number, path);
		} else if (c == UTF8_BAD || (is_control(c) && c != '\t' && c != '\r')) {
			return no_text(err, N_("The file is not plain text in UTF-8; mend the line or remove the file"),
				number, path);
		}
	}
	return BE_OK;
}

enum be_err config_load(struct buffer *text, const char *path, size_t max, struct be_error *err)
{
	enum be_err rc;

	buffer_reset(text);
	rc = file_read_all(text, path, max, err);
	if (rc == BE_OK)
		rc = check(text, path, err);
	if (rc != BE_OK)
		buffer_reset(text);
	return rc;
}

/* Puts what the link says in place of its name; a relative one stands in the link's own directory. */
static bool follow_one(struct buffer *path)
{
	char target[PATH_MAX];
	const ssize_t len = readlink((const char *)path->data, target, sizeof(target));
	const uint8_t *slash = memrchr(path->data, '/', path->len);

	if (len <= 0 || (size_t)len >= sizeof(target))
		return false;
	path->len = target[0] == '/' || slash == NULL ? 0 : (size_t)(slash - path->data) + 1;
	buffer_add(path, target, (size_t)len);
	buffer_add_byte(path, '\0');
	if (!path->failed)
		path->len--;
	return !path->failed;
}

static enum be_err follow(struct buffer *out, const char *path, struct be_error *err)
{
	int links = 0;

	buffer_add_str(out, path);
	buffer_add_byte(out, '\0');
	if (!out->failed)
		out->len--;
	while (!out->failed && follow_one(out))
		if (++links > LINKS_MAX)
			return be_fail(err, BE_LIMIT, N_("The file is a symbolic link that leads nowhere"), "%s", path);
	return buffer_check(out, err);
}

enum be_err config_save(const char *path, const struct buffer *text, struct be_error *err)
{
	struct buffer target = BUFFER_EMPTY;
	struct file_output *output = NULL;
	enum be_err rc = buffer_check(text, err);

	if (rc == BE_OK)
		rc = file_make_parents(path, err);
	if (rc == BE_OK)
		rc = follow(&target, path, err);
	if (rc == BE_OK)
		rc = file_output_new(&output, (const char *)target.data, S_IRUSR | S_IWUSR, true, err);
	if (rc == BE_OK)
		rc = file_write_at(file_output_fd(output), text->data, text->len, 0, err);
	if (rc == BE_OK)
		rc = file_output_commit(output, err);
	file_output_free(&output);
	buffer_free(&target);
	return rc;
}

/* ---- writing a line ---- */

/* What would be lost, taken for something else, or not be seen in the file. */
static bool is_plain(const char *value, size_t len)
{
	if (len > 0 && (value[0] == '"' || is_blank((uint8_t)value[0]) || is_blank((uint8_t)value[len - 1])))
		return false;
	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode((const uint8_t *)value + at, len - at, &c);
		if (c == UTF8_BAD || utf8_class(c) == UTF8_HIDDEN)
			return false;
	}
	return true;
}

void config_add_value(struct buffer *text, const char *value)
{
	const size_t len = strlen(value);

	if (is_plain(value, len)) {
		buffer_add(text, value, len);
		return;
	}
	buffer_add_byte(text, '"');
	for (size_t at = 0; at < len;) {
		uint32_t c;
		const size_t took = utf8_decode((const uint8_t *)value + at, len - at, &c);

		if (c == '"' || c == '\\')
			buffer_printf(text, "\\%c", value[at]);
		else if (c != UTF8_BAD && utf8_class(c) != UTF8_HIDDEN)
			buffer_add(text, value + at, took);
		else
			for (size_t i = 0; i < took; i++)
				buffer_printf(text, "\\x%02x", (uint8_t)value[at + i]);
		at += took;
	}
	buffer_add_byte(text, '"');
}

void config_add(struct buffer *text, const char *name, const char *value)
{
	buffer_add_str(text, name);
	buffer_add_str(text, value[0] != '\0' ? " = " : " =");
	config_add_value(text, value);
	buffer_add_byte(text, '\n');
}

void config_add_remark(struct buffer *text, const char *sentence)
{
	size_t left = strlen(sentence);

	while (left > 0) {
		const size_t line = cells_line(sentence, left, REMARK_CELLS);

		buffer_add_str(text, "# ");
		buffer_add(text, sentence, line);
		buffer_add_byte(text, '\n');
		sentence += line;
		left -= line;
		if (left > 0 && sentence[0] == ' ') {
			sentence++;
			left--;
		}
	}
}
