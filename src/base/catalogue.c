/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/catalogue.h"

#include <stdbool.h>
#include <string.h>

#define MAGIC 0x950412DEu
/* Where the header keeps the number of entries and the places of the two tables. */
#define AT_COUNT 8u
#define AT_MSGIDS 12u
#define AT_TRANSLATIONS 16u
#define HEADER_SIZE 28u
/* An entry of a table: the length of a string, and its place. */
#define ENTRY_SIZE 8u

static uint32_t number_at(const struct catalogue *c, size_t at)
{
	const uint8_t *p = c->bytes + at;

	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static bool has_header(const struct catalogue *c)
{
	return c->bytes != NULL && c->len >= HEADER_SIZE && number_at(c, 0) == MAGIC;
}

/* The index'th string of a table; NULL unless all of it, with the zero that ends it, lies within the catalogue. */
static const char *string_at(const struct catalogue *c, uint32_t table, size_t index, size_t *len)
{
	size_t at;

	if (table > c->len || index >= (c->len - table) / ENTRY_SIZE)
		return NULL;
	*len = number_at(c, table + index * ENTRY_SIZE);
	at = number_at(c, table + index * ENTRY_SIZE + 4);
	if (at >= c->len || *len >= c->len - at || c->bytes[at + *len] != '\0')
		return NULL;
	return (const char *)c->bytes + at;
}

/* The plural forms stand behind each other, each ended by a zero. */
static const char *form_of(const char *forms, size_t len, size_t form)
{
	while (form-- > 0) {
		const size_t this = strlen(forms);

		if (this >= len)
			return NULL;
		forms += this + 1;
		len -= this + 1;
	}
	return forms[0] != '\0' ? forms : NULL;
}

size_t catalogue_count(const struct catalogue *c)
{
	return has_header(c) ? number_at(c, AT_COUNT) : 0;
}

/* Of a msgid with a plural only the singular is compared, up to its zero; msgfmt sorts by it, too. */
const char *catalogue_find(const struct catalogue *c, const char *msgid, size_t form)
{
	size_t low = 0;
	size_t high = catalogue_count(c);
	size_t len = 0;

	if (msgid[0] == '\0')
		return NULL;
	while (low < high) {
		const size_t middle = low + (high - low) / 2;
		const char *found = string_at(c, number_at(c, AT_MSGIDS), middle, &len);
		const int order = found != NULL ? strcmp(msgid, found) : 0;

		if (found == NULL)
			return NULL;
		if (order == 0) {
			found = string_at(c, number_at(c, AT_TRANSLATIONS), middle, &len);
			return found != NULL ? form_of(found, len, form) : NULL;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}
