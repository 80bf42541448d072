/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_BATCH_TEXT_H
#define APP_BATCH_TEXT_H

/*
 * A batch as the lines of its file (base/config.h): first what was to be signed and how, then, one at a time, what
 * became of each document. For app/batch*.c only.
 */

#include "app/batch_record.h"

void batch_text_make(struct buffer *text, const struct batch *batch);
/* Fills an empty batch, and its end: what stands behind the last whole line is cut off. path is for the detail.
 * BE_MALFORMED: also for what another version may have written. */
enum be_err batch_text_take(struct batch *batch, struct buffer *text, const char *path, struct be_error *err);
/* "signed" in a line "signed = 3". */
const char *batch_text_word(enum batch_word word);

#endif
