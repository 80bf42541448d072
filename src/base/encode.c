/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/encode.h"

#include <string.h>

struct alphabet {
	const char *letters;
	unsigned bits;  /* of one letter */
	unsigned group; /* letters of a whole group; the text is filled up to it with "=" where padded */
	bool padded;
};

/* clang-format off */
static const struct alphabet alphabets[] = {
	[ENCODE_HEX]       = { "0123456789abcdef", 4, 2, false },
	[ENCODE_BASE32]    = { "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, 8, false },
	[ENCODE_BASE64]    = { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, 4, true },
	[ENCODE_BASE64URL] = { "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", 6, 4, false },
};
/* clang-format on */

size_t encode_size(enum encode_kind kind, size_t len)
{
	const struct alphabet *a = &alphabets[kind];
	size_t letters = (len * 8 + a->bits - 1) / a->bits;

	return a->padded ? (letters + a->group - 1) / a->group * a->group : letters;
}

/* Where the characters and bytes go: to a buffer or to a secret, one small piece at a time. */
struct sink {
	struct buffer *buffer;
	struct secret *secret;
};

static void put(const struct sink *sink, uint8_t byte)
{
	if (sink->buffer != NULL)
		buffer_add_byte(sink->buffer, byte);
	else
		(void)secret_add(sink->secret, &byte, 1, NULL); /* made as large as all of it */
}

static void write_text(const struct sink *sink, enum encode_kind kind, const uint8_t *bytes, size_t len)
{
	const struct alphabet *a = &alphabets[kind];
	size_t written = 0;
	uint32_t bits = 0;
	unsigned held = 0;

	for (size_t i = 0; i < len; i++) {
		bits = (bits << 8 | bytes[i]) & 0xffffu;
		for (held += 8; held >= a->bits; written++) {
			held -= a->bits;
			put(sink, (uint8_t)a->letters[bits >> held & ((1u << a->bits) - 1)]);
		}
	}
	if (held > 0) {
		put(sink, (uint8_t)a->letters[bits << (a->bits - held) & ((1u << a->bits) - 1)]);
		written++;
	}
	while (a->padded && written++ % a->group != 0)
		put(sink, '=');
}

/* -1: not of this alphabet. */
static int value_of(enum encode_kind kind, char letter)
{
	const struct alphabet *a = &alphabets[kind];
	const char *at;

	if (kind == ENCODE_HEX && letter >= 'A' && letter <= 'F')
		letter = (char)(letter - 'A' + 'a');
	if (kind == ENCODE_BASE32 && letter >= 'a' && letter <= 'z')
		letter = (char)(letter - 'a' + 'A');
	at = letter != '\0' ? strchr(a->letters, letter) : NULL;
	return at != NULL ? (int)(at - a->letters) : -1;
}

/* How many characters stand before the padding; SIZE_MAX when the padding is not what it has to be. */
static size_t without_padding(enum encode_kind kind, const char *text, size_t len)
{
	const struct alphabet *a = &alphabets[kind];
	size_t end = len;

	if (kind == ENCODE_BASE32)
		while (end > 0 && (text[end - 1] == '=' || text[end - 1] == ' '))
			end--;
	if (!a->padded)
		return end;
	while (end > 0 && text[end - 1] == '=' && len - end < a->group)
		end--;
	return len % a->group == 0 && encode_size(kind, end * a->bits / 8) == len ? end : SIZE_MAX;
}

static bool read_text(const struct sink *sink, enum encode_kind kind, const char *text, size_t len)
{
	const struct alphabet *a = &alphabets[kind];
	size_t end = without_padding(kind, text, len);
	uint32_t bits = 0;
	unsigned held = 0;

	if (end == SIZE_MAX)
		return false;
	for (size_t i = 0; i < end; i++) {
		int value;

		if (kind == ENCODE_BASE32 && (text[i] == ' ' || text[i] == '-'))
			continue;
		value = value_of(kind, text[i]);
		if (value < 0)
			return false;
		bits = (bits << a->bits | (uint32_t)value) & 0xffffu;
		held += a->bits;
		if (held < 8)
			continue;
		held -= 8;
		put(sink, (uint8_t)(bits >> held));
	}
	/* A letter more than the bytes need, or bits that say something nobody reads. */
	return held < a->bits && (bits & ((1u << held) - 1)) == 0;
}

void encode_add(struct buffer *out, enum encode_kind kind, const void *bytes, size_t len)
{
	write_text(&(struct sink){ out, NULL }, kind, bytes, len);
}

static enum be_err not_of_its_kind(struct be_error *err)
{
	return be_fail(err, BE_MALFORMED, N_("The text is not encoded as it has to be"), NULL);
}

enum be_err encode_read(struct buffer *out, enum encode_kind kind, const char *text, size_t len, struct be_error *err)
{
	size_t before = out->len;

	if (read_text(&(struct sink){ out, NULL }, kind, text, len))
		return buffer_check(out, err);
	out->len = before;
	return not_of_its_kind(err);
}

enum be_err encode_secret(struct secret **out, enum encode_kind kind, const struct secret *bytes, struct be_error *err)
{
	enum be_err rc = secret_new(out, encode_size(kind, secret_len(bytes)), err);

	if (rc == BE_OK)
		write_text(&(struct sink){ NULL, *out }, kind, secret_bytes(bytes), secret_len(bytes));
	return rc;
}

enum be_err encode_read_secret(
	struct secret **out, enum encode_kind kind, const void *text, size_t len, struct be_error *err)
{
	enum be_err rc = secret_new(out, len * alphabets[kind].bits / 8 + 1, err);

	if (rc != BE_OK || read_text(&(struct sink){ NULL, *out }, kind, text, len))
		return rc;
	secret_free(out);
	return not_of_its_kind(err);
}
