/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef PKI_BER_H
#define PKI_BER_H

/*
 * Where the elements of an encoded message lie, byte for byte (X.690). OpenSSL says what a message means; it does
 * not say which bytes it was read from, and what is signed is bytes. Inside this room only.
 */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ber_span {
	const uint8_t *at;              /* borrowed */
	size_t         len;
};

struct ber_element {
	uint8_t         identifier;     /* the first octet: class, constructed bit, number (31: a longer one follows) */
	struct ber_span content;        /* without the end-of-contents octets of an indefinite length */
	struct ber_span whole;
	bool            indefinite;
	bool            minimal;        /* tag and length in the fewest octets */
};

#define BER_CONSTRUCTED 0x20u
#define BER_SEQUENCE    0x30u
#define BER_SET         0x31u

/* Takes one element off the front of rest. False, and rest untouched, when there is none whole. */
bool ber_take(struct ber_span *rest, struct ber_element *out);

/* The same when its identifier octet is the one expected. */
bool ber_take_as(struct ber_span *rest, uint8_t identifier, struct ber_element *out);

/* One element and nothing else, in the distinguished rules: lengths definite and minimal, strings primitive,
 * INTEGER and BOOLEAN in their one form. The order inside a SET OF is not asked: signers seldom sort their
 * certificates, and what is signed is compared whole. */
bool ber_is_der(struct ber_span bytes);

#endif
