/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef CLI_PRINT_H
#define CLI_PRINT_H

/*
 * The only way of the commands to a terminal. Our own sentences are translated; what comes from files, certificates,
 * arguments and the system is made harmless first (base/sanitise.h). Colour only underlines what the words say.
 */

#include "base/buffer.h"

#include <stdio.h>

/* A sentence of ours, translated, without a newline. NULL prints nothing. */
void print_text(FILE *to, const char *msgid);
/* A string that is not ours. */
void print_foreign(FILE *to, const char *text);

/* "  Title:   value", a line of a report on standard output; values stand below each other. On a terminal a long value
 * is broken within its own column: nothing that a document says ever begins a line. */
void print_line_text(const char *title, unsigned indent, const char *msgid);
void print_line_quoted(const char *title, unsigned indent, const char *foreign);
void print_line_foreign(const char *title, unsigned indent, const char *foreign); /* without the quotes */
/* The same with a value of our own making, several pieces say, that is harmless already. */
void print_line(const char *title, unsigned indent, const struct buffer *value);

enum print_mood { PRINT_PLAIN, PRINT_GOOD, PRINT_BAD, PRINT_UNSURE };
/* Words of ours at the start of a line, coloured on a terminal that wants colour. */
void print_verdict(const char *msgid, enum print_mood mood);
/* The same, filled up with blanks to that many columns: what follows stands below each other. */
void print_verdict_padded(const char *msgid, enum print_mood mood, size_t columns);
/* A word that is the same in every language: ISSUED. */
void print_word_padded(const char *word, enum print_mood mood, size_t columns);

/* Harmless text from a column on, where the line stands already, to the end of the line; broken within its column on a
 * terminal. */
void print_from_column(size_t column, const char *text);

/* Usage texts, broken to the width of the terminal, or to 80 columns where there is none: a paragraph, indented; and a
 * line of two columns, what is typed and what it does. */
void print_paragraph(size_t indent, const char *translated);
void print_usage(const char *typed, size_t column, const char *msgid);

/* "besign: WHAT: sentence (detail); N tries are left; not before TIME" on standard error, one line. what may be NULL, a
 * command or a file. */
void print_failure(const char *what, const struct be_error *err);

/* One line of JSON on standard output. */
enum be_err print_json_line(const struct buffer *line, struct be_error *err);

/* A line on standard error that the next one overwrites; nothing unless that is a terminal. */
void print_progress(const char *msgid, size_t done, size_t count);
void print_progress_end(void);

/* Whether all that was printed also arrived; says so once if not. A reader that went away is told nothing. */
bool print_finish(void);

#endif
