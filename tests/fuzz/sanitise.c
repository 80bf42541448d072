/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * Any bytes at all may be shown once they are made harmless: what comes out is UTF-8 without anything that moves a
 * cursor, reorders or hides text, and keeps to the width that was asked for.
 */

#include "base/sanitise.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_bidi_control(uint32_t c)
{
	return c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
		(c >= 0x2066 && c <= 0x2069);
}

static void expect(bool holds)
{
	if (!holds)
		abort();
}

/* Returns the width in terminal cells. */
static size_t expect_harmless(const uint8_t *text, size_t len)
{
	size_t cells = 0;

	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode(text + at, len - at, &c);
		expect(c != UTF8_BAD);
		expect(c >= 0x20 && c != 0x7F && !(c >= 0x80 && c < 0xA0));
		expect(!is_bidi_control(c));
		expect(utf8_width(c) >= 0);
		cells += (size_t)utf8_width(c);
	}
	return cells;
}

static void expect_utf8(const uint8_t *text, size_t len)
{
	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode(text + at, len - at, &c);
		expect(c != UTF8_BAD);
	}
}

/* The first byte says how wide, the rest is the text. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct buffer b = BUFFER_EMPTY;
	char fixed[64];
	size_t width;
	char *text;

	if (size == 0)
		return 0;
	width = data[0];
	sanitise_add(&b, data + 1, size - 1, 0);
	(void)expect_harmless(b.data, b.len);
	buffer_reset(&b);
	sanitise_add(&b, data + 1, size - 1, width);
	expect(expect_harmless(b.data, b.len) <= width || width == 0);
	buffer_reset(&b);
	sanitise_utf8(&b, data + 1, size - 1);
	expect_utf8(b.data, b.len);
	buffer_free(&b);

	text = strndup((const char *)data + 1, size - 1);
	if (text == NULL)
		return 0;
	(void)sanitise_str(fixed, 1 + width % sizeof(fixed), text);
	expect(strlen(fixed) <= width % sizeof(fixed));
	(void)expect_harmless((const uint8_t *)fixed, strlen(fixed));
	free(text);
	return 0;
}
