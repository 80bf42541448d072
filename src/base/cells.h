/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CELLS_H
#define BASE_CELLS_H

/*
 * How much room a text takes on a terminal, and what to do when there is less. Knows no terminal: the room is a number
 * of cells. The text is harmless already (base/sanitise.h); what would not be takes no cell here. A character is never
 * split, nor parted from its combining marks.
 */

#include "base/buffer.h"

size_t cells_width(const char *text);
size_t cells_width_of(const void *text, size_t len);

/* How many bytes of the text go into a line of so many cells: up to the last blank that does (the blank belongs to
 * neither line); where no blank is, behind the last slash, or else cut. At least one character, whatever the room; 0 only for no text. */
size_t cells_line(const void *text, size_t len, size_t room);

/* Appends the text, cut to at most room cells. What is cut away is stood for by the mark ("~", "…"), which is left out
 * where it does not fit itself. */
void cells_fit(struct buffer *out, const char *text, size_t room, const char *mark);
/* The same for a name of a file: cut in the middle, so that the ending stays: "perjanjian~final.pdf". */
void cells_fit_name(struct buffer *out, const char *name, size_t room, const char *mark);

#endif
