/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_JOURNAL_FILE_H
#define APP_JOURNAL_FILE_H

/*
 * The files behind the journal: their names, their lock, lines as bytes. For app/journal*.c only.
 */

#include "base/buffer.h"

#include <stdbool.h>

/* A line, with its newline, at the end of the journal, in one write. */
enum be_err journal_file_add(const struct buffer *line, struct be_error *err);
enum be_err journal_file_sync(struct be_error *err);
/* All lines, oldest first, of both files. */
enum be_err journal_file_read(struct buffer *out, struct be_error *err);

#endif
