/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/enrol_show.h"

#include "app/enrolment.h"
#include "base/cells.h"
#include "base/file.h"
#include "base/i18n.h"
#include "cli/print.h"

#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Modules of white around it: half of what the standard asks for, since cameras want less and a window of 24 rows has no
 * more. */
#define QUIET 2
#define PAGE_MAX 131072u
/* Of the setup key beside the code, four groups of four in a row. */
#define GROUP 4u
#define GROUPS_IN_ROW 4u
#define BESIDE 2u
#define BESIDE_CELLS (BESIDE + GROUPS_IN_ROW * (GROUP + 1))
/* Where the words and the groups begin, in rows of the code. */
#define KEY_TITLE_ROW 1u
#define KEY_ROW 2u

/* Black on bright white; a terminal that has no bright white takes the other. */
static const char colours_on[] = "\033[0;30;47;107m";
static const char colours_off[] = "\033[0m";

struct page {
	struct secret *text;
	struct be_error *err;
	enum be_err rc;
};

static void put(struct page *page, const void *bytes, size_t len)
{
	if (page->rc == BE_OK)
		page->rc = secret_add(page->text, bytes, len, page->err);
}

static void put_str(struct page *page, const char *text)
{
	put(page, text, strlen(text));
}

/* ---- the setup key ---- */

static void put_groups(struct page *page, const struct secret *key, size_t from, size_t count)
{
	const size_t len = secret_len(key);

	for (size_t i = from; i < from + count && i * GROUP < len; i++) {
		const size_t left = len - i * GROUP;

		if (i > from)
			put_str(page, " ");
		put(page, secret_bytes(key) + i * GROUP, left < GROUP ? left : GROUP);
	}
}

static size_t groups_of(const struct secret *key)
{
	return (secret_len(key) + GROUP - 1) / GROUP;
}

/* In one line; in a narrow window in several, none of which breaks a group. */
static void put_key_line(struct page *page, const struct secret *key, size_t columns)
{
	const char *title = tr(/* max: 16 */ N_("Setup key"));
	const size_t groups = groups_of(key);
	const bool narrow = columns > 0 && columns < cells_width(title) + 2 + groups * (GROUP + 1);

	put_str(page, title);
	put_str(page, ":");
	for (size_t i = 0; i < groups; i += narrow ? GROUPS_IN_ROW : groups) {
		put_str(page, narrow ? "\n  " : " ");
		put_groups(page, key, i, narrow ? GROUPS_IN_ROW : groups);
	}
	put_str(page, "\n");
}

static void put_beside(struct page *page, const struct secret *key, size_t row)
{
	if (row == KEY_TITLE_ROW) {
		put_str(page, "  ");
		put_str(page, tr(/* max: 16 */ N_("Setup key")));
		put_str(page, ":");
	} else if (row >= KEY_ROW && (row - KEY_ROW) * GROUPS_IN_ROW < groups_of(key)) {
		put_str(page, "  ");
		put_groups(page, key, (row - KEY_ROW) * GROUPS_IN_ROW, GROUPS_IN_ROW);
	}
}

/* ---- the code ---- */

static void put_code(struct page *page, const struct qr *code, const struct secret *key, bool beside)
{
	static const char *const halves[] = { " ", "\xE2\x96\x84", "\xE2\x96\x80", "\xE2\x96\x88" };
	const int side = (int)code->side + 2 * QUIET;

	for (int y = 0; y < side; y += 2) {
		put_str(page, colours_on);
		for (int x = 0; x < side; x++)
			put_str(page,
				halves[(qr_is_dark(code, y - QUIET, x - QUIET) ? 2u : 0u) +
					(qr_is_dark(code, y + 1 - QUIET, x - QUIET) ? 1u : 0u)]);
		put_str(page, colours_off);
		if (beside)
			put_beside(page, key, (size_t)y / 2);
		put_str(page, "\n");
	}
}

enum be_err enrol_text(
	struct secret **out, const struct wire_enrolment *enrolment, size_t columns, size_t rows, struct be_error *err)
{
	struct page page = { .err = err };
	struct qr code = { 0, NULL };
	char window[128];
	size_t side;

	*out = NULL;
	page.rc = secret_new(&page.text, PAGE_MAX, err);
	if (page.rc == BE_OK)
		page.rc = enrolment_code(&code, enrolment, err);
	side = code.side + 2 * QUIET;
	if (page.rc == BE_OK && columns >= side && rows > (side + 1) / 2) {
		const bool beside = columns >= side + BESIDE_CELLS;

		if (!beside)
			put_key_line(&page, enrolment->key, columns);
		put_code(&page, &code, enrolment->key, beside);
	} else if (page.rc == BE_OK) {
		put_key_line(&page, enrolment->key, columns);
		if (columns > 0) {
			(void)snprintf(window, sizeof(window), tr(N_("A QR code would need a window of %zu x %zu.")),
				side, (side + 1) / 2 + 1);
			put_str(&page, window);
			put_str(&page, "\n");
		}
	}
	qr_free(&code);
	if (page.rc == BE_OK)
		*out = page.text;
	else
		secret_free(&page.text);
	return page.rc;
}

/* ---- where it goes ---- */

enum be_err enrol_check_png(const char *png, struct be_error *err)
{
	struct file_output *output = NULL;
	enum be_err rc = png != NULL ? file_output_new(&output, png, 0600, false, err) : BE_OK;

	file_output_free(&output);
	return rc == BE_EXISTS ? be_fail(err, BE_USAGE, N_("The file is there already, and is not replaced"), "%s", png)
			       : rc;
}

enum be_err enrol_show(const struct wire_enrolment *enrolment, const char *png, struct be_error *err)
{
	struct winsize window = { 0, 0, 0, 0 };
	struct buffer written = BUFFER_EMPTY;
	struct secret *text = NULL;
	enum be_err rc = BE_OK;

	if (isatty(STDOUT_FILENO) != 1 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &window) != 0)
		window = (struct winsize){ 0, 0, 0, 0 };
	if (png != NULL)
		rc = enrolment_save(enrolment, png, &written, err);
	if (rc == BE_OK)
		rc = enrol_text(&text, enrolment, window.ws_col, window.ws_row, err);
	(void)fflush(stdout);
	if (rc == BE_OK)
		rc = file_write(STDOUT_FILENO, secret_bytes(text), secret_len(text), err);
	buffer_free(&written);
	secret_free(&text);
	return rc;
}
