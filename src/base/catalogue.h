/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_CATALOGUE_H
#define BASE_CATALOGUE_H

/*
 * A catalogue of translations as msgfmt writes it (GNU gettext manual, "MO Files"), little-endian, looked at where it
 * lies. Knows bytes; which language they are, and how that forms a plural, is base/i18n.h's business. Nothing in the
 * bytes is believed: a table that points anywhere else, or is out of order, leads to "not found" and never further.
 */

#include <stddef.h>
#include <stdint.h>

struct catalogue {
	const uint8_t *bytes;
	size_t len;
};

/* The translation of msgid in its form'th plural form (0: the only one, or the first), borrowed from the catalogue.
 * NULL when there is none; the empty msgid, which stands for the catalogue's own header, has none. */
const char *catalogue_find(const struct catalogue *catalogue, const char *msgid, size_t form);

/* How many entries the catalogue says it has; 0 when it is none. */
size_t catalogue_count(const struct catalogue *catalogue);

/* Indonesian, from i18n/id.po; compiled in. */
extern const struct catalogue catalogue_id;

#endif
