/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/visual.h"
#include "base/i18n.h"
#include "cli/command.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>

#define INDENT 4u
#define STATE_CELLS 10u /* of the words before a name */
#define DIGITS_MAX 4u

/* clang-format off */
static const struct options_spec options[] = {
	{ .kind = OPTIONS_END },
};
/* clang-format on */

/* ---- what there is ---- */

static void print_measures(const char *title, unsigned indent, uint32_t width, uint32_t height, const char *unit)
{
	struct buffer value = BUFFER_EMPTY;

	buffer_printf(&value, "%u x %u %s", width, height, tr(unit));
	print_line(title, indent, &value);
	buffer_free(&value);
}

static void print_picture(const struct visual_picture *picture, bool used)
{
	print_verdict_padded(used ? /* max: 9 */ N_("IN USE") : "", used ? PRINT_GOOD : PRINT_PLAIN, STATE_CELLS);
	print_foreign(stdout, picture->name);
	(void)fputc('\n', stdout);
	if (picture->worth != VISUAL_BROKEN)
		print_measures(N_("Size"), INDENT, picture->width, picture->height, N_("pixels"));
	if (visual_worth_text(picture->worth) != NULL)
		print_line_text(N_("Note"), INDENT, visual_worth_text(picture->worth));
}

static void print_rest(const struct visual *visual)
{
	static const char *const words[] = { [VISUAL_TEXT_USUAL] = N_("name, time, reason and place"),
		[VISUAL_TEXT_OWN] = NULL,
		[VISUAL_TEXT_NONE] = N_("none") };

	if (visual->text != VISUAL_TEXT_OWN)
		print_line_text(N_("Text"), 0, words[visual->text]);
	for (size_t i = 0; visual->text == VISUAL_TEXT_OWN && i < visual->line_count; i++)
		print_line_quoted(N_("Text"), 0, visual->lines[i]);
	if (visual->qr[0] != '\0')
		print_line_quoted(N_("QR code"), 0, visual->qr);
	else
		print_line_text(N_("QR code"), 0, N_("none"));
	print_measures(N_("Size"), 0, visual->width, visual->height, N_("points"));
}

/* What is not understood in the file does not count, and is told before it is written anew without that. */
static enum be_err read_it(struct visual *out, struct be_error *err)
{
	struct be_error cause = { .code = BE_OK };
	const enum be_err rc = visual_read(out, &cause);

	if (rc == BE_OK)
		return rc;
	if (rc != BE_MALFORMED)
		return be_fail(err, rc, cause.msgid, "%s", cause.detail);
	print_failure("visual", &cause);
	return BE_OK;
}

static enum be_err do_list(size_t count, char **words, struct be_error *err)
{
	struct be_error missing = { .code = BE_OK };
	struct visual_pictures all;
	struct visual visual;
	enum be_err rc = visual_pictures(&all, err);

	(void)count;
	(void)words;
	if (rc == BE_OK)
		rc = read_it(&visual, err);
	for (size_t i = 0; rc == BE_OK && i < all.count; i++)
		print_picture(&all.pictures[i], strcmp(all.pictures[i].name, visual.picture) == 0);
	if (rc == BE_OK)
		print_rest(&visual);
	if (rc == BE_OK && visual_pictures_check(&all, &visual, &missing) != BE_OK)
		print_failure("visual", &missing);
	visual_pictures_free(&all);
	return rc;
}

/* ---- pictures ---- */

static void print_done(const char *msgid, const char *name)
{
	print_text(stdout, msgid);
	(void)fputs(": ", stdout);
	print_foreign(stdout, name);
	(void)fputc('\n', stdout);
}

static enum be_err do_add(size_t count, char **words, struct be_error *err)
{
	struct visual_picture picture;
	enum be_err rc;

	(void)count;
	rc = visual_add(&picture, words[0], err);
	if (rc != BE_OK)
		return rc;
	print_done(N_("added"), picture.name);
	if (visual_worth_text(picture.worth) != NULL)
		print_line_text(N_("Note"), INDENT, visual_worth_text(picture.worth));
	return BE_OK;
}

static enum be_err do_use(size_t count, char **words, struct be_error *err)
{
	const bool none = strcmp(words[0], "none") == 0;
	const enum be_err rc = visual_use(none ? NULL : words[0], err);

	(void)count;
	if (rc != BE_OK)
		return rc;
	if (none)
		print_text(stdout, N_("no picture is used from now on"));
	else
		print_done(N_("used from now on"), words[0]);
	if (none)
		(void)fputc('\n', stdout);
	return BE_OK;
}

static enum be_err do_remove(size_t count, char **words, struct be_error *err)
{
	const enum be_err rc = visual_remove(words[0], err);

	(void)count;
	if (rc == BE_OK)
		print_done(N_("removed"), words[0]);
	return rc;
}

/* ---- the rest of it ---- */

static enum be_err keep(const struct visual *visual, struct be_error *err)
{
	const enum be_err rc = visual_write(visual, err);

	if (rc == BE_OK)
		print_rest(visual);
	return rc;
}

static enum be_err take_word(char *out, size_t size, const char *word, struct be_error *err)
{
	const size_t len = strlen(word);

	if (len >= size)
		return be_fail(err, BE_LIMIT, N_("That is more text than a visible signature shows"), NULL);
	memset(out, 0, size);
	memcpy(out, word, len);
	return BE_OK;
}

static enum be_err do_text(size_t count, char **words, struct be_error *err)
{
	const bool usual = count == 1 && strcmp(words[0], "default") == 0;
	const bool none = count == 1 && strcmp(words[0], "none") == 0;
	struct visual visual;
	enum be_err rc = read_it(&visual, err);

	visual.text = usual ? VISUAL_TEXT_USUAL : none ? VISUAL_TEXT_NONE : VISUAL_TEXT_OWN;
	if (visual.text == VISUAL_TEXT_OWN) {
		if (count > RENDER_LINES_MAX)
			return be_fail(err, BE_LIMIT, N_("That is more text than a visible signature shows"),
				"%zu lines of at most %u", count, RENDER_LINES_MAX);
		for (size_t i = 0; i < count && rc == BE_OK; i++)
			rc = take_word(visual.lines[i], VISUAL_LINE_MAX, words[i], err);
		visual.line_count = count;
	}
	return rc == BE_OK ? keep(&visual, err) : rc;
}

static enum be_err do_qr(size_t count, char **words, struct be_error *err)
{
	struct visual visual;
	enum be_err rc = read_it(&visual, err);

	(void)count;
	if (rc == BE_OK)
		rc = take_word(visual.qr, sizeof(visual.qr), strcmp(words[0], "none") == 0 ? "" : words[0], err);
	return rc == BE_OK ? keep(&visual, err) : rc;
}

static bool take_number(uint32_t *out, const char *word)
{
	const size_t len = strlen(word);

	if (len == 0 || len > DIGITS_MAX || strspn(word, "0123456789") != len)
		return false;
	*out = 0;
	for (size_t i = 0; i < len; i++)
		*out = *out * 10 + (uint32_t)(word[i] - '0');
	return true;
}

static enum be_err do_size(size_t count, char **words, struct be_error *err)
{
	struct visual visual;
	enum be_err rc = read_it(&visual, err);

	if (rc == BE_OK &&
		(count != 2 || !take_number(&visual.width, words[0]) || !take_number(&visual.height, words[1])))
		rc = be_fail(err, BE_USAGE, N_("Say how wide and how high, in whole points"), NULL);
	return rc == BE_OK ? keep(&visual, err) : rc;
}

static const struct {
	const char *name;
	size_t least, most; /* words after it */
	enum be_err (*run)(size_t count, char **words, struct be_error *err);
} verbs[] = {
	{ "list", 0, 0, do_list },
	{ "add", 1, 1, do_add },
	{ "use", 1, 1, do_use },
	{ "remove", 1, 1, do_remove },
	{ "text", 1, SIZE_MAX, do_text },
	{ "qr", 1, 1, do_qr },
	{ "size", 2, 2, do_size },
};

static enum be_err run_verb(size_t count, char **words, struct be_error *err)
{
	for (size_t i = 0; count > 0 && i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(words[0], verbs[i].name) != 0)
			continue;
		if (count - 1 > verbs[i].most)
			return be_fail(err, BE_USAGE, N_("That is one name too many"), "%s", words[count - 1]);
		if (count - 1 < verbs[i].least)
			return be_fail(err, BE_USAGE, N_("Something is missing behind that word"), "%s", words[0]);
		return verbs[i].run(count - 1, words + 1, err);
	}
	return be_fail(err, BE_USAGE, N_("Say one of list, add, use, remove, text, qr and size"), "%s",
		count > 0 ? words[0] : "");
}

static int run(const struct command *self, int argc, char **argv)
{
	struct be_error err = { .code = BE_OK };
	int count = 0;
	enum be_err rc = options_parse(options, NULL, argc, argv, &count, &err);

	if (rc == BE_OK)
		rc = run_verb((size_t)count, argv + 1, &err);
	return rc == BE_OK ? EXIT_DONE : command_refuse(self, &err);
}

const struct command command_visual = { "visual",
	N_("list | add FILE | use NAME|none | remove NAME | text LINE...|default|none | qr TEXT|none | size WIDTH HEIGHT"),
	N_("what a visible signature shows: pictures, text, a QR code"), options, run };
