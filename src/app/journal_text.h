/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_JOURNAL_TEXT_H
#define APP_JOURNAL_TEXT_H

/*
 * The journal in words, for people (msgids) and for programs.
 */

#include "app/journal.h"

/* "SIGNED", of at most 14 cells in any language. */
const char *journal_result_text(enum journal_result result);
const char *journal_file_text(enum journal_file file);
/* "same", "changed", "missing", "unreadable". */
const char *journal_file_word(enum journal_file file);
const char *journal_key_text(enum key_ref_kind kind);

#endif
