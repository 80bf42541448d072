/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "pki/ber.h"

#define NESTING_MAX 64u
#define INDEFINITE SIZE_MAX

static void skip(struct ber_span *span, size_t count)
{
	span->at += count;
	span->len -= count;
}

/* X.690, 8.1.2. Tag numbers need no value here, only an end; four further octets are more than any format uses. */
static bool take_identifier(struct ber_span *rest, struct ber_element *e)
{
	size_t count = 1;

	if (rest->len == 0 || rest->at[0] == 0)
		return false;
	e->identifier = rest->at[0];
	e->minimal = true;
	if ((rest->at[0] & 0x1f) == 0x1f) {
		if (rest->len < 2)
			return false;
		e->minimal = rest->at[1] != 0x80 && rest->at[1] >= 0x1f;
		do {
			if (count > 4 || count >= rest->len)
				return false;
		} while ((rest->at[count++] & 0x80) != 0);
	}
	skip(rest, count);
	return true;
}

/* X.690, 8.1.3. Leading zeros are BER, and OpenSSL reads them. */
static bool take_length(struct ber_span *rest, struct ber_element *e, size_t *length)
{
	size_t count, i;

	if (rest->len == 0)
		return false;
	count = rest->at[0];
	skip(rest, 1);
	*length = count;
	if (count < 0x80)
		return true;
	*length = INDEFINITE;
	if (count == 0x80)
		return (e->identifier & BER_CONSTRUCTED) != 0;
	count &= 0x7f;
	if (count == 0x7f || count > rest->len)
		return false;
	*length = 0;
	for (i = 0; i < count; i++) {
		if (*length > (SIZE_MAX >> 9))
			return false;
		*length = *length << 8 | rest->at[i];
	}
	if (*length < 0x80 || rest->at[0] == 0)
		e->minimal = false;
	skip(rest, count);
	return true;
}

/* The content of an indefinite length ends where as many end-of-contents octets have been seen as indefinite
 * lengths were opened: what has a definite length is stepped over, so one pass is enough and nothing recurs. */
static bool find_end(struct ber_span rest, size_t *content_len)
{
	const uint8_t *start = rest.at;
	struct ber_element inner;
	size_t open = 1, length;

	for (;;) {
		if (rest.len >= 2 && rest.at[0] == 0 && rest.at[1] == 0) {
			if (--open == 0) {
				*content_len = (size_t)(rest.at - start);
				return true;
			}
			skip(&rest, 2);
			continue;
		}
		if (!take_identifier(&rest, &inner) || !take_length(&rest, &inner, &length))
			return false;
		if (length == INDEFINITE) {
			if (++open > NESTING_MAX)
				return false;
		} else if (length > rest.len) {
			return false;
		} else {
			skip(&rest, length);
		}
	}
}

bool ber_take(struct ber_span *rest, struct ber_element *out)
{
	struct ber_span left = *rest;
	size_t length;

	if (!take_identifier(&left, out) || !take_length(&left, out, &length))
		return false;
	out->indefinite = length == INDEFINITE;
	if (out->indefinite) {
		if (!find_end(left, &length))
			return false;
	} else if (length > left.len) {
		return false;
	}
	out->content.at = left.at;
	out->content.len = length;
	skip(&left, out->indefinite ? length + 2 : length);
	out->whole.at = rest->at;
	out->whole.len = rest->len - left.len;
	*rest = left;
	return true;
}

bool ber_take_as(struct ber_span *rest, uint8_t identifier, struct ber_element *out)
{
	struct ber_span left = *rest;

	if (!ber_take(&left, out) || out->identifier != identifier)
		return false;
	*rest = left;
	return true;
}

/* X.690, 8.3.2, 10.2, 11.1 */
static bool primitive_is_der(const struct ber_element *e)
{
	const uint8_t *v = e->content.at;

	switch (e->identifier) {
	case 0x01:
		return e->content.len == 1 && (v[0] == 0x00 || v[0] == 0xff);
	case 0x02:
	case 0x0a:
		if (e->content.len < 2)
			return e->content.len == 1;
		return !(v[0] == 0x00 && v[1] < 0x80) && !(v[0] == 0xff && v[1] >= 0x80);
	case 0x05:
		return e->content.len == 0;
	case 0x10:
	case 0x11:
		return false;
	default:
		return true;
	}
}

static bool content_is_der(struct ber_span rest, unsigned int depth)
{
	struct ber_element e;

	if (depth > NESTING_MAX)
		return false;
	while (rest.len > 0) {
		if (!ber_take(&rest, &e) || e.indefinite || !e.minimal)
			return false;
		if ((e.identifier & BER_CONSTRUCTED) == 0) {
			if (!primitive_is_der(&e))
				return false;
			continue;
		}
		/* Of the universal types only EXTERNAL, EMBEDDED PDV, SEQUENCE and SET are made of elements. */
		if (e.identifier < 0x40 && e.identifier != BER_SEQUENCE && e.identifier != BER_SET
			&& e.identifier != 0x28 && e.identifier != 0x2b)
			return false;
		if (!content_is_der(e.content, depth + 1))
			return false;
	}
	return true;
}

bool ber_is_der(struct ber_span bytes)
{
	struct ber_span rest = bytes;
	struct ber_element outer;

	return ber_take(&rest, &outer) && rest.len == 0 && content_is_der(bytes, 0);
}
