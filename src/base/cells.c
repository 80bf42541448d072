/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/cells.h"

#include "base/utf8.h"

#include <string.h>

/* One character; what must not be printed takes no cell. */
static size_t step(const uint8_t *text, size_t len, uint32_t *c, size_t *cells)
{
	const size_t took = utf8_decode(text, len, c);
	const int wide = utf8_width(*c);

	*cells = wide > 0 ? (size_t)wide : 0;
	return took;
}

size_t cells_width_of(const void *text, size_t len)
{
	size_t width = 0;

	for (size_t at = 0; at < len;) {
		uint32_t c;
		size_t cells;

		at += step((const uint8_t *)text + at, len - at, &c, &cells);
		width += cells;
	}
	return width;
}

size_t cells_width(const char *text)
{
	return cells_width_of(text, strlen(text));
}

/* The first character, with all that joins it. */
static size_t first_length(const uint8_t *text, size_t len)
{
	uint32_t c;
	size_t cells;
	size_t at = step(text, len, &c, &cells);

	while (at < len) {
		const size_t took = step(text + at, len - at, &c, &cells);

		if (cells > 0)
			break;
		at += took;
	}
	return at;
}

/* How many bytes fit, and where the last blank among them is (0: nowhere). */
static size_t prefix_length(const uint8_t *text, size_t len, size_t room, size_t *blank)
{
	size_t used = 0;
	size_t at = 0;

	*blank = 0;
	while (at < len) {
		uint32_t c;
		size_t cells;
		const size_t took = step(text + at, len - at, &c, &cells);

		used += cells;
		if (used > room) {
			/* A word that ends exactly where the line does is whole. */
			if (c == ' ')
				*blank = at;
			break;
		}
		if (c == ' ')
			*blank = at;
		at += took;
	}
	return at;
}

/* A path is parted where a folder ends, if that is within it; all of it otherwise. */
static size_t after_slash(const uint8_t *text, size_t len)
{
	const uint8_t *slash = memrchr(text, '/', len);

	return slash != NULL && slash > text ? (size_t)(slash - text) + 1 : len;
}

size_t cells_line(const void *text, size_t len, size_t room)
{
	size_t blank;
	const size_t fits = prefix_length(text, len, room, &blank);

	if (fits == len || fits == 0)
		return fits == len ? len : first_length(text, len);
	return blank > 0 ? blank : after_slash(text, fits);
}

/* Where the text goes on when only its last cells are kept. */
static size_t suffix_at(const uint8_t *text, size_t len, size_t cells)
{
	size_t left = cells_width_of(text, len);
	size_t at = 0;

	while (at < len && left > cells) {
		const size_t took = first_length(text + at, len - at);

		left -= cells_width_of(text + at, took);
		at += took;
	}
	return at;
}

static bool fits_whole(struct buffer *out, const char *text, size_t room)
{
	if (cells_width(text) > room)
		return false;
	buffer_add_str(out, text);
	return true;
}

void cells_fit(struct buffer *out, const char *text, size_t room, const char *mark)
{
	const size_t mark_cells = cells_width(mark);
	const bool marked = mark_cells <= room;
	size_t blank;

	if (fits_whole(out, text, room))
		return;
	buffer_add(out, text,
		prefix_length((const uint8_t *)text, strlen(text), marked ? room - mark_cells : room, &blank));
	if (marked)
		buffer_add_str(out, mark);
}

/* A first dot begins a hidden name, not an ending. */
static size_t ending_cells(const char *name)
{
	const char *dot = strrchr(name, '.');

	return dot != NULL && dot != name ? cells_width(dot) : 0;
}

void cells_fit_name(struct buffer *out, const char *name, size_t room, const char *mark)
{
	const size_t mark_cells = cells_width(mark);
	const size_t kept = room > mark_cells ? room - mark_cells : 0;
	const size_t ending = ending_cells(name);
	const size_t tail = ending > kept / 2 ? ending : kept / 2;
	const size_t len = strlen(name);
	size_t at;
	size_t blank;

	if (fits_whole(out, name, room))
		return;
	if (tail >= kept) {
		cells_fit(out, name, room, mark);
		return;
	}
	buffer_add(out, name, prefix_length((const uint8_t *)name, len, kept - tail, &blank));
	buffer_add_str(out, mark);
	at = suffix_at((const uint8_t *)name, len, tail);
	buffer_add(out, name + at, len - at);
}
