/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/sanitise.h"

#include "base/utf8.h"

#include <stdio.h>
#include <string.h>

#define MARKS_A_BASE 4u

static const char ellipsis[] = "\xE2\x80\xA6";
static const char replacement[] = "\xEF\xBF\xBD";

#define ELLIPSIS_LEN (sizeof(ellipsis) - 1)

/* One thing to show, never split by a cut: a character or a whole escape. */
struct piece {
	uint8_t bytes[16];
	size_t len;
	size_t cells;
};

struct reader {
	const uint8_t *at;
	size_t left;
	unsigned marks; /* that the last character may still carry; 0 when there is none */
};

static void show_escape(struct piece *p, uint32_t c)
{
	char text[sizeof(p->bytes)];
	int len;

	if (c < 0xA0)
		len = snprintf(text, sizeof(text), "\\x%02x", c);
	else
		len = snprintf(text, sizeof(text), "<U+%04X>", c);
	p->len = (size_t)len;
	p->cells = p->len;
	memcpy(p->bytes, text, p->len);
}

static void show_character(struct piece *p, uint32_t c, size_t cells)
{
	p->len = utf8_encode(c, p->bytes);
	p->cells = cells;
}

/* A mark joins a character of the same text only: at its start it would join what we wrote
 * before it, after an escape it would change the escape. Marks over the limit are shown by
 * number, so that nothing is lost and nothing grows over other lines. */
static bool next_piece(struct reader *r, struct piece *p)
{
	enum utf8_class kind;
	uint32_t c;
	size_t taken;

	if (r->left == 0)
		return false;
	taken = utf8_decode(r->at, r->left, &c);
	r->at += taken;
	r->left -= taken;
	kind = c == UTF8_BAD ? UTF8_NARROW : utf8_class(c);
	if (kind == UTF8_BLANK)
		c = ' ';
	if (kind == UTF8_MARK && r->marks > 0) {
		show_character(p, c, 0);
		r->marks--;
	} else if (kind == UTF8_MARK || kind == UTF8_HIDDEN) {
		show_escape(p, c);
		r->marks = 0;
	} else {
		show_character(p, c, kind == UTF8_WIDE ? 2 : 1);
		r->marks = c == UTF8_BAD ? 0 : MARKS_A_BASE;
	}
	return true;
}

void sanitise_add(struct buffer *b, const void *text, size_t len, size_t max_cells)
{
	struct reader r = { text, len, 0 };
	struct piece p;
	size_t cells = 0;
	size_t cut = b->len; /* where the ellipsis still fits */

	while (next_piece(&r, &p)) {
		if (max_cells != 0 && p.cells > max_cells - cells) {
			if (b->failed)
				return;
			b->len = cut;
			buffer_add(b, ellipsis, ELLIPSIS_LEN);
			return;
		}
		buffer_add(b, p.bytes, p.len);
		cells += p.cells;
		if (cells < max_cells)
			cut = b->len;
	}
}

char *sanitise_str(char *out, size_t size, const char *text)
{
	struct reader r = { (const uint8_t *)text, text != NULL ? strlen(text) : 0, 0 };
	struct piece p;
	size_t len = 0;
	size_t cut = 0;

	if (size == 0)
		return out;
	while (next_piece(&r, &p)) {
		if (p.len >= size - len) {
			len = cut;
			if (size - len > ELLIPSIS_LEN) {
				memcpy(out + len, ellipsis, ELLIPSIS_LEN);
				len += ELLIPSIS_LEN;
			}
			break;
		}
		memcpy(out + len, p.bytes, p.len);
		len += p.len;
		if (size - len > ELLIPSIS_LEN)
			cut = len;
	}
	out[len] = '\0';
	return out;
}

void sanitise_utf8(struct buffer *b, const void *text, size_t len)
{
	const uint8_t *at = text;
	const uint8_t *good = at; /* not yet added */

	for (size_t left = len; left > 0;) {
		uint32_t c;
		size_t taken = utf8_decode(at, left, &c);

		if (c == UTF8_BAD) {
			buffer_add(b, good, (size_t)(at - good));
			buffer_add_str(b, replacement);
			good = at + taken;
		}
		at += taken;
		left -= taken;
	}
	buffer_add(b, good, (size_t)(at - good));
}
