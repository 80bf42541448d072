/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json_syntax.h"

#include "base/utf8.h"

#include <stdbool.h>
#include <string.h>

struct scan {
	const uint8_t *at;
	const uint8_t *end;
	unsigned depth;
	bool too_deep;
};

static bool scan_value(struct scan *s);

static void skip_blanks(struct scan *s)
{
	while (s->at < s->end && (*s->at == ' ' || *s->at == '\t' || *s->at == '\n' || *s->at == '\r'))
		s->at++;
}

static bool take(struct scan *s, char c)
{
	if (s->at >= s->end || *s->at != (uint8_t)c)
		return false;
	s->at++;
	return true;
}

static bool take_word(struct scan *s, const char *word)
{
	size_t len = strlen(word);

	if ((size_t)(s->end - s->at) < len || memcmp(s->at, word, len) != 0)
		return false;
	s->at += len;
	return true;
}

static bool take_digits(struct scan *s)
{
	const uint8_t *start = s->at;

	while (s->at < s->end && *s->at >= '0' && *s->at <= '9')
		s->at++;
	return s->at > start;
}

static bool scan_number(struct scan *s)
{
	(void)take(s, '-');
	if (!take(s, '0') && !take_digits(s))
		return false;
	if (take(s, '.') && !take_digits(s))
		return false;
	if (take(s, 'e') || take(s, 'E')) {
		if (!take(s, '+'))
			(void)take(s, '-');
		return take_digits(s);
	}
	return true;
}

static bool take_hex4(struct scan *s, uint32_t *out)
{
	uint32_t value = 0;

	if (s->end - s->at < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		uint8_t c = *s->at++;

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint32_t)(c - '0');
		else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
			value = value << 4 | (uint32_t)((c | 0x20) - 'a' + 10);
		else
			return false;
	}
	*out = value;
	return true;
}

static bool scan_escape(struct scan *s)
{
	uint32_t unit;

	if (s->at >= s->end)
		return false;
	if (!take(s, 'u'))
		return *s->at != '\0' && strchr("\"\\/bfnrt", *s->at++) != NULL;
	if (!take_hex4(s, &unit) || unit == 0 || (unit >= 0xDC00 && unit <= 0xDFFF))
		return false;
	if (unit < 0xD800 || unit > 0xDBFF)
		return true;
	return take_word(s, "\\u") && take_hex4(s, &unit) && unit >= 0xDC00 && unit <= 0xDFFF;
}

static bool scan_string(struct scan *s)
{
	if (!take(s, '"'))
		return false;
	while (s->at < s->end) {
		uint32_t c;

		if (take(s, '"'))
			return true;
		if (take(s, '\\')) {
			if (!scan_escape(s))
				return false;
			continue;
		}
		if (*s->at < 0x20)
			return false;
		s->at += utf8_decode(s->at, (size_t)(s->end - s->at), &c);
		if (c == UTF8_BAD)
			return false;
	}
	return false;
}

static bool scan_member(struct scan *s)
{
	skip_blanks(s);
	if (!scan_string(s))
		return false;
	skip_blanks(s);
	return take(s, ':') && scan_value(s);
}

static bool scan_container(struct scan *s, char close, bool (*element)(struct scan *))
{
	bool good = false;

	if (s->depth == JSON_DEPTH_MAX) {
		s->too_deep = true;
		return false;
	}
	s->depth++;
	s->at++;
	skip_blanks(s);
	if (take(s, close))
		good = true;
	else {
		do
			good = element(s);
		while (good && take(s, ','));
		good = good && take(s, close);
	}
	s->depth--;
	return good;
}

static bool scan_value(struct scan *s)
{
	bool good;

	skip_blanks(s);
	if (s->at >= s->end)
		return false;
	switch (*s->at) {
	case '{':
		good = scan_container(s, '}', scan_member);
		break;
	case '[':
		good = scan_container(s, ']', scan_value);
		break;
	case '"':
		good = scan_string(s);
		break;
	default:
		good = take_word(s, "true") || take_word(s, "false") || take_word(s, "null") || scan_number(s);
		break;
	}
	if (good)
		skip_blanks(s);
	return good;
}

enum be_err json_check_syntax(const uint8_t *bytes, size_t len, struct be_error *err)
{
	struct scan s = { bytes, bytes + len, 0, false };

	if (len > 0 && scan_value(&s) && s.at == s.end)
		return BE_OK;
	if (s.too_deep)
		return be_fail(
			err, BE_LIMIT, N_("The JSON data is nested too deeply"), "more than %u levels", JSON_DEPTH_MAX);
	return be_fail(err, BE_MALFORMED, N_("The JSON data is damaged or cut short"), "at byte %zu of %zu",
		(size_t)(s.at - bytes), len);
}
