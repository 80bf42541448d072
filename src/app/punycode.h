/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef APP_PUNYCODE_H
#define APP_PUNYCODE_H

/* Letters of any language in the few that a host's name may have (RFC 3492). Nothing is mapped or normalised on the way:
 * a name in another form than the registered one leads nowhere. */

#include "base/buffer.h"

/* Appends a label of a name, without its "xn--"; ASCII letters in lower case. False for what is no UTF-8, for a
 * character that cannot be seen or is a blank, and for an ASCII one that no name has. */
bool punycode_add(struct buffer *out, const uint8_t *label, size_t len);

#endif
