/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"

#include "base/unicode_table.h"

#define LAST_CODE_POINT 0x10FFFFu
#define REPLACEMENT 0xFFFDu
#define IDEOGRAPHIC_SPACE 0x3000u

/* The bounds of the second byte carry all of RFC 3629's exceptions (section 4, UTF8-3 and
 * UTF8-4): no overlong form, no surrogate, nothing above U+10FFFF. */
struct lead {
	uint8_t first, last;
	uint8_t more; /* bytes that follow */
	uint8_t second_min, second_max;
	uint8_t mask; /* bits of the first byte that count */
};

/* clang-format off */
static const struct lead leads[] = {
	{ 0xC2, 0xDF, 1, 0x80, 0xBF, 0x1F },
	{ 0xE0, 0xE0, 2, 0xA0, 0xBF, 0x0F },
	{ 0xE1, 0xEC, 2, 0x80, 0xBF, 0x0F },
	{ 0xED, 0xED, 2, 0x80, 0x9F, 0x0F },
	{ 0xEE, 0xEF, 2, 0x80, 0xBF, 0x0F },
	{ 0xF0, 0xF0, 3, 0x90, 0xBF, 0x07 },
	{ 0xF1, 0xF3, 3, 0x80, 0xBF, 0x07 },
	{ 0xF4, 0xF4, 3, 0x80, 0x8F, 0x07 },
};
/* clang-format on */

static const struct lead *lead_of(uint8_t byte)
{
	for (size_t i = 0; i < sizeof(leads) / sizeof(leads[0]); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t utf8_decode(const uint8_t *bytes, size_t len, uint32_t *out)
{
	const struct lead *lead;
	uint32_t c;

	*out = UTF8_BAD;
	if (len == 0)
		return 0;
	if (bytes[0] < 0x80) {
		*out = bytes[0];
		return 1;
	}
	lead = lead_of(bytes[0]);
	if (lead == NULL || len <= lead->more || bytes[1] < lead->second_min || bytes[1] > lead->second_max)
		return 1;
	c = bytes[0] & lead->mask;
	for (size_t i = 1; i <= lead->more; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 1;
		c = c << 6 | (bytes[i] & 0x3Fu);
	}
	*out = c;
	return lead->more + 1u;
}

size_t utf8_encode(uint32_t c, uint8_t out[4])
{
	if (c > LAST_CODE_POINT || (c >= 0xD800 && c <= 0xDFFF))
		c = REPLACEMENT;
	if (c < 0x80) {
		out[0] = (uint8_t)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (uint8_t)(0xC0 | c >> 6);
		out[1] = (uint8_t)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (uint8_t)(0xE0 | c >> 12);
		out[1] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
		out[2] = (uint8_t)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (uint8_t)(0xF0 | c >> 18);
	out[1] = (uint8_t)(0x80 | (c >> 12 & 0x3F));
	out[2] = (uint8_t)(0x80 | (c >> 6 & 0x3F));
	out[3] = (uint8_t)(0x80 | (c & 0x3F));
	return 4;
}

/* The last run that starts at or before c; the first run starts at 0. */
enum utf8_class utf8_class(uint32_t c)
{
	size_t low = 0;
	size_t high = sizeof(unicode_runs) / sizeof(unicode_runs[0]);

	if (c > LAST_CODE_POINT)
		return UTF8_HIDDEN;
	if (c >= 0x20 && c < 0x7F)
		return UTF8_NARROW;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (unicode_runs[middle] >> 4 <= c)
			low = middle;
		else
			high = middle;
	}
	return (enum utf8_class)(unicode_runs[low] & 0x0F);
}

int utf8_width(uint32_t c)
{
	switch (utf8_class(c)) {
	case UTF8_NARROW:
		return 1;
	case UTF8_WIDE:
		return 2;
	case UTF8_MARK:
		return 0;
	case UTF8_BLANK:
		return c == IDEOGRAPHIC_SPACE ? 2 : 1;
	case UTF8_HIDDEN:
		break;
	}
	return -1;
}
