/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/visual.h"

#include "app/data.h"
#include "base/config.h"
#include "base/i18n.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define FILE_MAX 131072u
#define NUMBER_DIGITS_MAX 4u

#define PICTURE "picture"
#define TEXT "text"
#define LINE "line"
#define QR "qr"
#define WIDTH "width"
#define HEIGHT "height"

static const char
	*const texts[] = { [VISUAL_TEXT_USUAL] = "usual", [VISUAL_TEXT_OWN] = "own", [VISUAL_TEXT_NONE] = "none" };

void visual_default(struct visual *out)
{
	memset(out, 0, sizeof(*out));
	out->text = VISUAL_TEXT_USUAL;
	out->width = (uint32_t)SIGN_LOOK_WIDTH;
	out->height = (uint32_t)SIGN_LOOK_HEIGHT;
}

/* ---- what is right ---- */

static bool is_line(const char *text)
{
	const size_t len = strlen(text);

	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode((const uint8_t *)text + at, len - at, &c);
		if (c == UTF8_BAD || c < 0x20 || (c >= 0x7F && c < 0xA0))
			return false;
	}
	return true;
}

static bool is_side(uint32_t points)
{
	return points >= VISUAL_SIDE_MIN && points <= VISUAL_SIDE_MAX;
}

static enum be_err check_lines(const struct visual *visual, struct be_error *err)
{
	const char *lines[RENDER_LINES_MAX];
	const struct sign_look look = {
		.lines = lines, .line_count = visual->line_count, .qr = visual->qr[0] != '\0' ? visual->qr : NULL
	};

	for (size_t i = 0; i < visual->line_count && i < RENDER_LINES_MAX; i++) {
		lines[i] = visual->lines[i];
		if (!is_line(lines[i]))
			return be_fail(err, BE_USAGE, N_("The text of a visible signature is not one line of UTF-8"),
				"%s", lines[i]);
	}
	return sign_look_check(&look, err);
}

enum be_err visual_check(const struct visual *visual, struct be_error *err)
{
	if (!is_side(visual->width) || !is_side(visual->height))
		return be_fail(err, BE_USAGE, N_("A visible signature is 10 to 1000 points wide and high"), "%u x %u",
			visual->width, visual->height);
	if (!is_line(visual->qr))
		return be_fail(err, BE_USAGE, N_("The text of the QR code is not one line of UTF-8"), "%s", visual->qr);
	return check_lines(visual, err);
}

/* ---- reading ---- */

static bool take_array(char *out, size_t size, const char *value)
{
	const size_t len = strlen(value);

	if (len >= size || !is_line(value))
		return false;
	memcpy(out, value, len + 1);
	return true;
}

static bool take_picture(struct visual *out, const char *value)
{
	struct buffer path = BUFFER_EMPTY;
	const bool good = value[0] == '\0' || visual_path(&path, value, NULL) == BE_OK;

	buffer_free(&path);
	return good && take_array(out->picture, sizeof(out->picture), value);
}

static bool take_text(struct visual *out, const char *value)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (strcmp(texts[i], value) == 0) {
			out->text = (enum visual_text)i;
			return true;
		}
	}
	return false;
}

static bool take_side(uint32_t *out, const char *value)
{
	const size_t len = strlen(value);
	uint32_t points = 0;

	if (len == 0 || len > NUMBER_DIGITS_MAX || strspn(value, "0123456789") != len)
		return false;
	for (size_t i = 0; i < len; i++)
		points = points * 10 + (uint32_t)(value[i] - '0');
	if (!is_side(points))
		return false;
	*out = points;
	return true;
}

static bool take_template(struct visual *out, const char *value)
{
	static const struct sign_options nothing = { .time = 0 };
	struct buffer scratch = BUFFER_EMPTY;
	bool empty;
	const bool good = out->line_count < RENDER_LINES_MAX &&
		sign_look_fill(&scratch, value, &nothing, &empty, NULL) == BE_OK &&
		take_array(out->lines[out->line_count], VISUAL_LINE_MAX, value);

	buffer_free(&scratch);
	out->line_count += good;
	return good;
}

/* A name that is not known is a later version's. */
static bool take(struct visual *out, const struct config_line *line)
{
	const char *value = (const char *)line->value.data;

	if (line->kind != CONFIG_SETTING)
		return line->kind == CONFIG_REMARK;
	if (strcmp(line->name, PICTURE) == 0)
		return take_picture(out, value);
	if (strcmp(line->name, TEXT) == 0)
		return take_text(out, value);
	if (strcmp(line->name, LINE) == 0)
		return take_template(out, value);
	if (strcmp(line->name, QR) == 0)
		return take_array(out->qr, sizeof(out->qr), value);
	if (strcmp(line->name, WIDTH) == 0)
		return take_side(&out->width, value);
	if (strcmp(line->name, HEIGHT) == 0)
		return take_side(&out->height, value);
	return true;
}

/* The first thing that is wrong is the one that is told. */
static enum be_err read_text(void *out, const struct buffer *text, const char *path, struct be_error *err)
{
	struct config_line line = CONFIG_START;
	enum be_err rc = BE_OK;

	while (config_next(&line, text)) {
		if (line.value.failed) {
			rc = buffer_check(&line.value, err);
			break;
		}
		if (!take(out, &line) && rc == BE_OK)
			rc = be_fail(err, BE_MALFORMED,
				N_("A line of the visualisation's file is not understood; mend it, or save the visualisation anew"),
				"line %zu of %s", line.number, path);
	}
	config_line_free(&line);
	return rc;
}

enum be_err visual_read(struct visual *out, struct be_error *err)
{
	visual_default(out);
	return data_read(out, read_text, DATA_HOME, "visual/look", FILE_MAX, err);
}

/* ---- writing ---- */

static void add_number(struct buffer *text, const char *name, uint32_t number)
{
	char digits[12];

	(void)snprintf(digits, sizeof(digits), "%u", number);
	config_add(text, name, digits);
}

static void make_text(struct buffer *text, const struct visual *visual)
{
	config_add_remark(
		text, tr(N_("What a visible signature shows. besign writes this file anew with each change.")));
	buffer_add_byte(text, '\n');
	config_add_remark(text, tr(N_("The picture in use, a file beside this one; empty: none.")));
	config_add(text, PICTURE, visual->picture);
	buffer_add_byte(text, '\n');
	config_add_remark(text, tr(N_("The text: usual (name, time, reason, place), own (the lines below) or none.")));
	config_add(text, TEXT, texts[visual->text]);
	for (size_t i = 0; i < visual->line_count; i++)
		config_add(text, LINE, visual->lines[i]);
	buffer_add_byte(text, '\n');
	config_add_remark(text, tr(N_("The text of the QR code; empty: none.")));
	config_add(text, QR, visual->qr);
	buffer_add_byte(text, '\n');
	config_add_remark(text, tr(N_("How large it is, in points (1/72 inch).")));
	add_number(text, WIDTH, visual->width);
	add_number(text, HEIGHT, visual->height);
}

enum be_err visual_write(const struct visual *visual, struct be_error *err)
{
	struct buffer path = BUFFER_EMPTY;
	struct buffer text = BUFFER_EMPTY;
	enum be_err rc = visual_check(visual, err);

	if (rc == BE_OK)
		rc = data_own(&path, DATA_HOME, "visual/look", err);
	if (rc == BE_OK) {
		make_text(&text, visual);
		rc = config_save((const char *)path.data, &text, err);
	}
	buffer_free(&path);
	buffer_free(&text);
	return rc;
}

/* ---- for drawing ---- */

enum be_err visual_look(struct visual_look *out, const struct visual *visual, struct be_error *err)
{
	size_t usual_count;
	const char *const *usual = sign_look_usual(&usual_count);
	size_t count = 0;
	enum be_err rc = BE_OK;

	*out = VISUAL_LOOK_EMPTY;
	if (visual->text == VISUAL_TEXT_USUAL)
		for (; count < usual_count; count++)
			out->lines[count] = tr(usual[count]);
	if (visual->text == VISUAL_TEXT_OWN)
		for (; count < visual->line_count; count++)
			out->lines[count] = visual->lines[count];
	out->look.lines = out->lines;
	out->look.line_count = count;
	if (visual->qr[0] != '\0')
		out->look.qr = visual->qr;
	if (visual->picture[0] != '\0') {
		rc = visual_path(&out->picture, visual->picture, err);
		out->look.image = (const char *)out->picture.data;
	}
	return rc;
}

void visual_look_free(struct visual_look *look)
{
	buffer_free(&look->picture);
	*look = VISUAL_LOOK_EMPTY;
}
