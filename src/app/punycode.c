/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/punycode.h"

#include "base/utf8.h"

#include <ctype.h>

/* RFC 3492, 5 */
#define BASE 36u
#define T_MIN 1u
#define T_MAX 26u
#define SKEW 38u
#define DAMP 700u
#define INITIAL_BIAS 72u
#define INITIAL_N 0x80u

#define CHARACTERS_MAX 63u

static uint32_t adapt(uint32_t delta, uint32_t points, bool first)
{
	uint32_t k = 0;

	delta = first ? delta / DAMP : delta / 2;
	delta += delta / points;
	for (; delta > ((BASE - T_MIN) * T_MAX) / 2; k += BASE)
		delta /= BASE - T_MIN;
	return k + (BASE - T_MIN + 1) * delta / (delta + SKEW);
}

static void add_digit(struct buffer *out, uint32_t digit)
{
	buffer_add_byte(out, (uint8_t)(digit < 26 ? 'a' + digit : '0' + digit - 26));
}

static void add_number(struct buffer *out, uint32_t q, uint32_t bias)
{
	for (uint32_t k = BASE;; k += BASE) {
		const uint32_t t = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;

		if (q < t)
			break;
		add_digit(out, t + (q - t) % (BASE - t));
		q = (q - t) / (BASE - t);
	}
	add_digit(out, q);
}

static bool may_stand(uint32_t c)
{
	const enum utf8_class kind = utf8_class(c);

	if (c < 0x80)
		return isalnum((int)c) || c == '-' || c == '_';
	return kind == UTF8_NARROW || kind == UTF8_WIDE || kind == UTF8_MARK;
}

static size_t decode(uint32_t *out, const uint8_t *label, size_t len)
{
	size_t count = 0;

	while (len > 0) {
		uint32_t c;
		const size_t taken = utf8_decode(label, len, &c);

		if (c == UTF8_BAD || !may_stand(c) || count == CHARACTERS_MAX)
			return 0;
		out[count++] = c < 0x80 ? (uint32_t)tolower((int)c) : c;
		label += taken;
		len -= taken;
	}
	return count;
}

/* RFC 3492, 6.3. A label is short, so no number overflows. */
bool punycode_add(struct buffer *out, const uint8_t *label, size_t len)
{
	uint32_t characters[CHARACTERS_MAX];
	const size_t count = decode(characters, label, len);
	uint32_t n = INITIAL_N;
	uint32_t delta = 0;
	uint32_t bias = INITIAL_BIAS;
	uint32_t basic = 0;
	uint32_t done;

	for (size_t i = 0; i < count; i++) {
		if (characters[i] >= INITIAL_N)
			continue;
		buffer_add_byte(out, (uint8_t)characters[i]);
		basic++;
	}
	if (basic > 0)
		buffer_add_byte(out, '-');
	for (done = basic; done < count; delta++, n++) {
		uint32_t next = UINT32_MAX;

		for (size_t i = 0; i < count; i++)
			if (characters[i] >= n && characters[i] < next)
				next = characters[i];
		delta += (next - n) * (done + 1);
		n = next;
		for (size_t i = 0; i < count; i++) {
			if (characters[i] < n)
				delta++;
			if (characters[i] != n)
				continue;
			add_number(out, delta, bias);
			bias = adapt(delta, done + 1, done == basic);
			delta = 0;
			done++;
		}
	}
	return count > 0;
}
