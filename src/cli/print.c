/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/print.h"

#include "base/cells.h"
#include "base/i18n.h"
#include "base/sanitise.h"
#include "base/time.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* Columns of the widest title that still leaves the values below each other. */
#define TITLE_CELLS 16
/* How wide a usage text is where nobody says. */
#define USAGE_CELLS 80u
/* A column narrower than this is no use: the terminal breaks the lines then. */
#define MIN_CELLS 10

static bool progress_stands;

void print_text(FILE *to, const char *msgid)
{
	(void)fputs(tr(msgid), to);
}

void print_foreign(FILE *to, const char *text)
{
	struct buffer safe = BUFFER_EMPTY;

	sanitise_add(&safe, text, strlen(text), 0);
	if (!safe.failed && safe.len > 0)
		(void)fwrite(safe.data, 1, safe.len, to);
	buffer_free(&safe);
}

/* The columns of the terminal; 0 when standard output is none, and lines are left whole. */
static size_t terminal_width(void)
{
	struct winsize size;

	return isatty(STDOUT_FILENO) == 1 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

static void put_value(const uint8_t *text, size_t len, size_t column, size_t width)
{
	while (width > column + MIN_CELLS && len > 0) {
		const size_t line = cells_line(text, len, width - column);

		(void)fwrite(text, 1, line, stdout);
		text += line;
		len -= line;
		if (len == 0)
			return;
		if (*text == ' ') {
			text++;
			len--;
		}
		(void)fprintf(stdout, "\n%*s", (int)column, "");
	}
	(void)fwrite(text, 1, len, stdout);
}

void print_line(const char *title, unsigned indent, const struct buffer *value)
{
	const char *text = tr(title);
	const size_t width = cells_width(text) + 1;
	const size_t filled = width < TITLE_CELLS ? TITLE_CELLS : width + 1;

	(void)fprintf(stdout, "%*s%s:%*s", (int)indent, "", text, (int)(filled - width), "");
	if (!value->failed && value->len > 0)
		put_value(value->data, value->len, indent + filled, terminal_width());
	(void)fputc('\n', stdout);
}

void print_line_text(const char *title, unsigned indent, const char *msgid)
{
	struct buffer value = BUFFER_EMPTY;

	buffer_add_str(&value, tr(msgid));
	print_line(title, indent, &value);
	buffer_free(&value);
}

static void print_line_safe(const char *title, unsigned indent, const char *foreign, const char *quote)
{
	struct buffer value = BUFFER_EMPTY;

	buffer_add_str(&value, quote);
	sanitise_add(&value, foreign, strlen(foreign), 0);
	buffer_add_str(&value, quote);
	print_line(title, indent, &value);
	buffer_free(&value);
}

void print_line_quoted(const char *title, unsigned indent, const char *foreign)
{
	print_line_safe(title, indent, foreign, "\"");
}

void print_line_foreign(const char *title, unsigned indent, const char *foreign)
{
	print_line_safe(title, indent, foreign, "");
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) == 1 && (no == NULL || no[0] == '\0') && term != NULL && strcmp(term, "dumb") != 0;
}

/* What is in colour is harmless already. */
static void put_mood(const char *text, enum print_mood mood)
{
	static const char *const colours[] = { "", "\033[1;32m", "\033[1;31m", "\033[1;33m" };
	const bool colour = mood != PRINT_PLAIN && wants_colour();

	if (colour)
		(void)fputs(colours[mood], stdout);
	(void)fputs(text, stdout);
	if (colour)
		(void)fputs("\033[0m", stdout);
}

static void put_mood_padded(const char *text, enum print_mood mood, size_t columns)
{
	const size_t width = cells_width(text);

	put_mood(text, mood);
	(void)fprintf(stdout, "%*s", width < columns ? (int)(columns - width) : 0, "");
}

void print_verdict(const char *msgid, enum print_mood mood)
{
	put_mood(tr(msgid), mood);
}

void print_verdict_padded(const char *msgid, enum print_mood mood, size_t columns)
{
	put_mood_padded(tr(msgid), mood, columns);
}

void print_word_padded(const char *word, enum print_mood mood, size_t columns)
{
	put_mood_padded(word, mood, columns);
}

void print_from_column(size_t column, const char *text)
{
	put_value((const uint8_t *)text, strlen(text), column, terminal_width());
	(void)fputc('\n', stdout);
}

static void put_usage(const char *text, size_t column)
{
	const size_t width = terminal_width();

	put_value((const uint8_t *)text, strlen(text), column, width > 0 ? width : USAGE_CELLS);
	(void)fputc('\n', stdout);
}

void print_paragraph(size_t indent, const char *translated)
{
	(void)fprintf(stdout, "%*s", (int)indent, "");
	put_usage(translated, indent);
}

void print_usage(const char *typed, size_t column, const char *msgid)
{
	const size_t len = cells_width(typed);
	const bool fits = len + 2 <= column;

	(void)fprintf(stdout, "%s%s%*s", typed, fits ? "" : "\n", (int)(fits ? column - len : column), "");
	put_usage(tr(msgid), column);
}

/* How often it may be tried again, and when. */
static void print_next_try(const struct be_error *err)
{
	char moment[TIME_TEXT_MAX];

	if (err->tries_left > 0)
		(void)fprintf(
			stderr, tr_n("; %u try is left", "; %u tries are left", err->tries_left), err->tries_left);
	if (err->retry_at > 0)
		(void)fprintf(stderr, tr(N_("; not before %s")), time_format(moment, err->retry_at));
}

void print_failure(const char *what, const struct be_error *err)
{
	print_progress_end();
	(void)fflush(stdout);
	(void)fputs("besign: ", stderr);
	if (what != NULL) {
		print_foreign(stderr, what);
		(void)fputs(": ", stderr);
	}
	print_text(stderr, err->msgid != NULL ? err->msgid : N_("Something went wrong, and what is not known"));
	/* A service says its sentence again as the particulars, or one of ours that tells more. */
	if (err->detail[0] != '\0' && (err->msgid == NULL || strcmp(err->detail, err->msgid) != 0)) {
		(void)fputs(" (", stderr);
		print_foreign(stderr, tr(err->detail));
		(void)fputc(')', stderr);
	}
	print_next_try(err);
	(void)fputc('\n', stderr);
}

enum be_err print_json_line(const struct buffer *line, struct be_error *err)
{
	if (buffer_check(line, err) != BE_OK)
		return BE_NO_MEMORY;
	(void)fwrite(line->data, 1, line->len, stdout);
	(void)fputc('\n', stdout);
	return BE_OK;
}

void print_progress(const char *msgid, size_t done, size_t count)
{
	if (isatty(STDERR_FILENO) != 1)
		return;
	(void)fputs("\r\033[K", stderr);
	print_text(stderr, msgid);
	(void)fprintf(stderr, " %zu/%zu", done, count);
	(void)fflush(stderr);
	progress_stands = true;
}

void print_progress_end(void)
{
	if (!progress_stands)
		return;
	(void)fputs("\r\033[K", stderr);
	(void)fflush(stderr);
	progress_stands = false;
}

bool print_finish(void)
{
	struct be_error err = { .code = BE_OK };

	print_progress_end();
	errno = 0;
	if (fflush(stdout) == 0 && ferror(stdout) == 0)
		return true;
	if (errno != EPIPE) {
		(void)be_fail_errno(&err, BE_IO, N_("Not all of the result could be written out"), "standard output");
		print_failure(NULL, &err);
	}
	return false;
}
