/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_SCAN_H
#define SUPPORT_SCAN_H

/*
 * What somebody's phone would read off a screen: cells become pixels as a terminal has them, twice as high as wide, and
 * zbarimg looks at the picture. Everything in here ends the program when it cannot do what it is asked.
 */

#include <stdbool.h>
#include <stddef.h>

struct scan_cell {
	bool upper, lower; /* the halves that are light */
};

/* zbarimg is installed. */
bool scan_is_possible(void);
/* What the code in a picture of so many cells says; "" when there is none. Borrowed until the next call. */
const char *scan_cells(const struct scan_cell *cells, int rows, int columns);
/* The same of a file. */
const char *scan_file(const char *path);

/* What a cell looks like: its character (0: none), and whether its foreground and background are light. */
struct scan_cell scan_cell_of(unsigned character, bool foreground, bool background);

#endif
