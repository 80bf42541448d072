/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

/*
 * UTF-8 (RFC 3629), strictly, and how wide a character stands on a terminal; the same in every locale.
 */

#include <stddef.h>
#include <stdint.h>

#define UTF8_BAD 0xFFFFFFFFu

/* What a character is to a terminal. */
enum utf8_class {
	UTF8_NARROW, /* one cell; also what East Asian Width calls ambiguous */
	UTF8_WIDE,   /* two cells */
	UTF8_MARK,   /* no cell of its own: it joins the character before it */
	UTF8_BLANK,  /* looks like a space and is none */
	UTF8_HIDDEN  /* control, format, invisible, private, unassigned: must not be printed */
};

/* Decodes one character. Returns the bytes it took (at least 1 when len > 0); *out is UTF8_BAD
 * for a byte that starts no character: overlong forms, surrogates and values above U+10FFFF are
 * none. */
size_t utf8_decode(const uint8_t *bytes, size_t len, uint32_t *out);

/* Writes 1 to 4 bytes and returns how many; a surrogate or a value above U+10FFFF is written as U+FFFD. */
size_t utf8_encode(uint32_t c, uint8_t out[4]);

enum utf8_class utf8_class(uint32_t c);

/* Cells on a terminal: 0 for combining marks, 2 for wide and full-width characters, -1 for what
 * must not be printed. */
int utf8_width(uint32_t c);

#endif
