/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_SANITISE_H
#define BASE_SANITISE_H

/*
 * The only way for a string that is not ours to reach a terminal: names in certificates, fields of
 * documents, file names, messages of the system and of libraries. What could move a cursor,
 * reorder, hide or forge text becomes a visible escape.
 */

#include "base/buffer.h"

/* Appends the text, made harmless, at most max_cells terminal cells wide (0: no bound; a cut
 * ends in U+2026). Input is any bytes; what is no UTF-8 shows as U+FFFD. C0, C1, DEL,
 * bidirectional controls, zero-width, tags, private use, unassigned and noncharacters show as
 * \xNN or <U+NNNN>; kinds of blank become a space; at most four combining marks stay on a base,
 * further ones and those without a base show as <U+NNNN>. Never fails but for memory
 * (b->failed). */
void sanitise_add(struct buffer *b, const void *text, size_t len, size_t max_cells);

/* The same for a NUL-terminated string (NULL is empty) into a fixed array, always terminated; a
 * cut never splits a character or an escape and ends in U+2026 where that fits. Returns out. */
char *sanitise_str(char *out, size_t size, const char *text);

/* For --json and logs: any bytes to valid UTF-8 (U+FFFD for what is none); control characters
 * are left to the JSON writer's \u escapes. */
void sanitise_utf8(struct buffer *b, const void *text, size_t len);

#endif
