/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/utf8.h"
#include "pdf/object.h"

#include <string.h>

/* PDFDocEncoding where it is not Latin-1 (ISO 32000-2, Annex D.3): 0x18–0x1F and 0x80–0xA0; 0 is undefined. */
static const uint16_t doc_low[8] = { 0x02D8, 0x02C7, 0x02C6, 0x02D9, 0x02DD, 0x02DB, 0x02DA, 0x02DC };
static const uint16_t doc_high[33] = {
	0x2022,
	0x2020,
	0x2021,
	0x2026,
	0x2014,
	0x2013,
	0x0192,
	0x2044,
	0x2039,
	0x203A,
	0x2212,
	0x2030,
	0x201E,
	0x201C,
	0x201D,
	0x2018,
	0x2019,
	0x201A,
	0x2122,
	0xFB01,
	0xFB02,
	0x0141,
	0x0152,
	0x0160,
	0x0178,
	0x017D,
	0x0131,
	0x0142,
	0x0153,
	0x0161,
	0x017E,
	0,
	0x20AC,
};

static void add_char(struct buffer *out, uint32_t c)
{
	uint8_t bytes[4];

	buffer_add(out, bytes, utf8_encode(c, bytes));
}

static void from_doc_encoding(struct buffer *out, const uint8_t *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint32_t c = bytes[i];

		if (c >= 0x18 && c <= 0x1F)
			c = doc_low[c - 0x18];
		else if (c >= 0x80 && c <= 0xA0)
			c = doc_high[c - 0x80] != 0 ? doc_high[c - 0x80] : 0xFFFD;
		add_char(out, c);
	}
}

static void from_utf8(struct buffer *out, const uint8_t *bytes, size_t len)
{
	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode(bytes + at, len - at, &c);
		add_char(out, c); /* what is no UTF-8 becomes U+FFFD */
	}
}

static void from_utf16(struct buffer *out, const uint8_t *bytes, size_t len)
{
	size_t i = 0;

	while (i + 1 < len) {
		uint32_t unit = (uint32_t)bytes[i] << 8 | bytes[i + 1];

		i += 2;
		if (unit == 0x1B) { /* a language escape runs to the next one (7.9.2.2.1) */
			while (i + 1 < len && !(bytes[i] == 0 && bytes[i + 1] == 0x1B))
				i += 2;
			i += 2;
			continue;
		}
		if (unit >= 0xD800 && unit < 0xDC00 && i + 1 < len) {
			uint32_t low = (uint32_t)bytes[i] << 8 | bytes[i + 1];

			if (low >= 0xDC00 && low < 0xE000) {
				i += 2;
				unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
			}
		}
		add_char(out, unit);
	}
}

void pdf_string_utf8(struct buffer *out, const struct pdf_obj *string)
{
	struct buffer raw = BUFFER_EMPTY;

	pdf_string_bytes(&raw, string);
	if (raw.len >= 2 && raw.data[0] == 0xFE && raw.data[1] == 0xFF)
		from_utf16(out, raw.data + 2, raw.len - 2);
	else if (raw.len >= 3 && memcmp(raw.data, "\xEF\xBB\xBF", 3) == 0)
		from_utf8(out, raw.data + 3, raw.len - 3);
	else
		from_doc_encoding(out, raw.data, raw.len);
	out->failed = out->failed || raw.failed;
	buffer_free(&raw);
}

static bool is_ascii(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text < 0x20 || (unsigned char)*text > 0x7E)
			return false;
	}
	return true;
}

static void put_unit(struct buffer *out, uint32_t unit)
{
	buffer_printf(out, "%04X", (unsigned)unit);
}

void pdf_put_text(struct buffer *out, const char *utf8)
{
	size_t len = strlen(utf8);

	if (is_ascii(utf8)) {
		buffer_add_byte(out, '(');
		for (; *utf8 != '\0'; utf8++) {
			if (*utf8 == '(' || *utf8 == ')' || *utf8 == '\\')
				buffer_add_byte(out, '\\');
			buffer_add_byte(out, (uint8_t)*utf8);
		}
		buffer_add_byte(out, ')');
		return;
	}
	buffer_add_str(out, "<FEFF");
	for (size_t at = 0; at < len;) {
		uint32_t c;

		at += utf8_decode((const uint8_t *)utf8 + at, len - at, &c);
		if (c == UTF8_BAD)
			c = 0xFFFD;
		if (c >= 0x10000) {
			put_unit(out, 0xD800 + ((c - 0x10000) >> 10));
			put_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
		} else {
			put_unit(out, c);
		}
	}
	buffer_add_byte(out, '>');
}

void pdf_put_number(struct buffer *out, double value)
{
	const double scaled = value * 10000;
	const bool in_range = scaled > -1e16 && scaled < 1e16;
	int64_t size = in_range ? (int64_t)(scaled < 0 ? 0.5 - scaled : 0.5 + scaled) : 0;
	int64_t part = size % 10000;
	int decimals = 4;

	for (; decimals > 0 && part % 10 == 0; decimals--)
		part /= 10;
	buffer_printf(out, "%s%jd", scaled < 0 && size > 0 ? "-" : "", (intmax_t)(size / 10000));
	if (decimals > 0)
		buffer_printf(out, ".%0*jd", decimals, (intmax_t)part);
}
