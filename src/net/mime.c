/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "net/mime.h"

#include "base/encode.h"
#include "base/sanitise.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define LINE_MAX_QUOTED 75u /* and the soft break's "=" */
#define WORD_BYTES 42u      /* of text in one encoded word: 56 characters of base64, 75 with its frame */
#define BASE64_BYTES 57u    /* in one line of 76 characters */
#define PLAIN_PARAMETER 60u /* of a value that stands as it is */
#define PIECE 54u           /* characters in one piece of a longer one */

/* ---- quoted-printable ---- */

static bool stands_for_itself(const uint8_t *at, const uint8_t *end)
{
	if (*at == ' ' || *at == '\t')
		return at + 1 < end && at[1] != '\n';
	return *at > 0x20 && *at < 0x7f && *at != '=';
}

void mime_quote(struct buffer *out, const void *text, size_t len)
{
	const uint8_t *at = text, *end = at + len;
	size_t column = 0;

	for (; at < end; at++) {
		bool itself = stands_for_itself(at, end);

		if (*at == '\n') {
			buffer_add_str(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (itself ? 1 : 3) > LINE_MAX_QUOTED) {
			buffer_add_str(out, "=\r\n");
			column = 0;
		}
		if (itself)
			buffer_add_byte(out, *at);
		else
			buffer_printf(out, "=%02X", *at);
		column += itself ? 1 : 3;
	}
}

static int digit(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void mime_unquote(struct buffer *out, const void *text, size_t len)
{
	const uint8_t *at = text, *end = at + len;

	while (at < end) {
		size_t left = (size_t)(end - at);

		if (*at == '=' && left >= 3 && at[1] == '\r' && at[2] == '\n') {
			at += 3;
		} else if (*at == '=' && left >= 3 && digit(at[1]) >= 0 && digit(at[2]) >= 0) {
			buffer_add_byte(out, (uint8_t)(digit(at[1]) << 4 | digit(at[2])));
			at += 3;
		} else if (*at == '\r' && left >= 2 && at[1] == '\n') {
			at++;
		} else {
			buffer_add_byte(out, *at++);
		}
	}
}

/* ---- base64 ---- */

void mime_base64(struct buffer *out, const void *bytes, size_t len)
{
	for (size_t at = 0; at < len; at += BASE64_BYTES) {
		size_t left = len - at;

		encode_add(out, ENCODE_BASE64, (const uint8_t *)bytes + at, left < BASE64_BYTES ? left : BASE64_BYTES);
		buffer_add_str(out, "\r\n");
	}
}

/* ---- headers ---- */

static bool is_ascii(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] >= 0x7f || (unsigned char)text[i] < 0x20)
			return false;
	return true;
}

/* A character is never split over two words (RFC 2047, 5). */
static void encoded_words(struct buffer *out, const char *text, size_t len)
{
	const uint8_t *at = (const uint8_t *)text;
	bool first = true;

	while (len > 0) {
		size_t take = 0;
		uint32_t c;

		while (take < len) {
			size_t step = utf8_decode(at + take, len - take, &c);

			if (take + step > WORD_BYTES)
				break;
			take += step;
		}
		buffer_add_str(out, first ? "=?UTF-8?B?" : "\r\n =?UTF-8?B?");
		encode_add(out, ENCODE_BASE64, at, take);
		buffer_add_str(out, "?=");
		first = false;
		at += take;
		len -= take;
	}
}

/* What looks like an encoded word would be taken for one by whoever reads it. */
static bool is_plain(const char *text, size_t len)
{
	return is_ascii(text, len) && memmem(text, len, "=?", 2) == NULL;
}

static void words(struct buffer *out, const char *text, size_t len)
{
	if (is_plain(text, len))
		buffer_add(out, text, len);
	else
		encoded_words(out, text, len);
}

void mime_header(struct buffer *out, const char *name, const char *value)
{
	char plain[512];
	size_t len = strlen(value);

	if (len >= sizeof(plain))
		len = sizeof(plain) - 1;
	for (size_t i = 0; i < len; i++)
		plain[i] = (char)((unsigned char)value[i] < 0x20 || value[i] == 0x7f ? ' ' : value[i]);
	buffer_printf(out, "%s: ", name);
	words(out, plain, len);
	buffer_add_str(out, "\r\n");
}

void mime_decode(struct buffer *out, const char *value, size_t len)
{
	static const char begin[] = "=?UTF-8?B?";
	const char *end = value + len;

	while (value < end) {
		size_t left = (size_t)(end - value);
		const char *stop;

		if (left > sizeof(begin) && strncmp(value, begin, sizeof(begin) - 1) == 0 &&
			(stop = memmem(value, left, "?=", 2)) != NULL) {
			const char *text = value + sizeof(begin) - 1;

			stop = memmem(text, (size_t)(end - text), "?=", 2);
			if (stop != NULL &&
				encode_read(out, ENCODE_BASE64, text, (size_t)(stop - text), NULL) == BE_OK) {
				value = stop + 2;
				/* Blanks between two words belong to neither. */
				while (value < end && (*value == ' ' || *value == '\r' || *value == '\n'))
					value++;
				continue;
			}
		}
		buffer_add_byte(out, (uint8_t)*value++);
	}
}

enum be_err mime_address_check(const char *address, struct be_error *err)
{
	const char *at = strrchr(address, '@');
	size_t len = strlen(address);
	bool good = at != NULL && at != address && at[1] != '\0' && len <= 254;

	for (size_t i = 0; good && i < len; i++)
		good = (unsigned char)address[i] > 0x20 && (unsigned char)address[i] < 0x7f &&
			strchr("<>()[]\\\",;:", address[i]) == NULL;
	return good ? BE_OK : be_fail(err, BE_USAGE, N_("This is no mail address"), NULL);
}

void mime_address(char *out, size_t size, const char *from)
{
	const char *open = strrchr(from, '<');
	const char *at = open != NULL ? open + 1 : from;
	size_t len = strcspn(at, ">");

	if (len >= size)
		len = 0;
	memcpy(out, at, len);
	out[len] = '\0';
}

void mime_from(struct buffer *out, const char *from)
{
	const char *open = strrchr(from, '<');
	size_t len = open != NULL ? (size_t)(open - from) : 0;
	char address[256];

	mime_address(address, sizeof(address), from);
	while (len > 0 && from[len - 1] == ' ')
		len--;
	buffer_add_str(out, "From: ");
	if (len > 0) {
		words(out, from, len);
		buffer_add_byte(out, ' ');
	}
	buffer_printf(out, "<%s>\r\n", address);
}

void mime_addresses(struct buffer *out, const char *name, const char *const *addresses, size_t count)
{
	buffer_printf(out, "%s:", name);
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, "%s<%s>", i == 0 ? " " : ",\r\n ", addresses[i]);
	buffer_add_str(out, "\r\n");
}

/* ---- parameters (RFC 2231) ---- */

/* As it may be shown to whoever gets the letter: their program is not ours. */
static void add_harmless(struct buffer *out, const char *value)
{
	struct buffer text = BUFFER_EMPTY;
	uint8_t bytes[4];
	uint32_t c;

	sanitise_utf8(&text, value, strlen(value));
	for (size_t at = 0; at < text.len;) {
		at += utf8_decode(text.data + at, text.len - at, &c);
		if (c == '/' || c == '\\' || (c != 0xFFFD && utf8_class(c) == UTF8_HIDDEN))
			c = '_';
		buffer_add(out, bytes, utf8_encode(c, bytes));
	}
	out->failed = out->failed || text.failed;
	buffer_free(&text);
}

static bool is_plain_value(const struct buffer *value)
{
	return value->len <= PLAIN_PARAMETER && is_plain((const char *)value->data, value->len) &&
		memchr(value->data, '"', value->len) == NULL && memchr(value->data, '%', value->len) == NULL;
}

/* attribute-char of RFC 2231, 7, but for what some programs take for more than it is. */
static bool is_attribute_char(uint8_t c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		(c != '\0' && strchr("-._~", c) != NULL);
}

static void add_pieces(struct buffer *out, const char *name, const struct buffer *value)
{
	unsigned piece = 0;
	size_t column = PIECE;

	for (size_t i = 0; i < value->len; i++) {
		size_t width = is_attribute_char(value->data[i]) ? 1 : 3;

		if (column + width > PIECE) {
			buffer_printf(out, ";\r\n %s*%u*=%s", name, piece, piece == 0 ? "UTF-8''" : "");
			piece++;
			column = 0;
		}
		if (width == 1)
			buffer_add_byte(out, value->data[i]);
		else
			buffer_printf(out, "%%%02X", value->data[i]);
		column += width;
	}
}

void mime_parameter(struct buffer *out, const char *name, const char *value)
{
	struct buffer text = BUFFER_EMPTY;

	add_harmless(&text, value);
	if (text.len == 0 || text.failed)
		buffer_printf(out, ";\r\n %s=\"\"", name);
	else if (is_plain_value(&text))
		buffer_printf(out, ";\r\n %s=\"%.*s\"", name, (int)text.len, (const char *)text.data);
	else
		add_pieces(out, name, &text);
	out->failed = out->failed || text.failed;
	buffer_free(&text);
}

char *mime_date(char out[static MIME_DATE_MAX], int64_t moment)
{
	static const char days[] = "SunMonTueWedThuFriSat";
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	time_t seconds = (time_t)moment;
	struct tm tm;

	out[0] = '\0';
	if (gmtime_r(&seconds, &tm) != NULL)
		(void)snprintf(out, MIME_DATE_MAX, "%.3s, %02d %.3s %04d %02d:%02d:%02d +0000", days + 3 * tm.tm_wday,
			tm.tm_mday, months + 3 * tm.tm_mon, tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return out;
}

void mime_html(struct buffer *out, const void *text, size_t len)
{
	const uint8_t *at = text;

	for (size_t i = 0; i < len; i++) {
		if (strchr("&<>\"'", at[i]) != NULL && at[i] != '\0')
			buffer_printf(out, "&#%u;", at[i]);
		else
			buffer_add_byte(out, at[i]);
	}
}
