/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui.h"

#include "base/cells.h"
#include "base/i18n.h"
#include "base/sanitise.h"

#include <string.h>

void ui_put(struct ui_text *text, const char *msgid)
{
	if (msgid != NULL)
		buffer_add_str(&text->utf8, tr(msgid));
}

/* The translation's own "%zu" are looked for, so that a translation can never be a format for anything else. */
static void put_numbers(struct ui_text *text, const char *sentence, const size_t *numbers, size_t count)
{
	static const char place[] = "%zu";
	const char *found;

	for (size_t i = 0; i < count && (found = strstr(sentence, place)) != NULL; i++) {
		buffer_add(&text->utf8, sentence, (size_t)(found - sentence));
		buffer_printf(&text->utf8, "%zu", numbers[i]);
		sentence = found + sizeof(place) - 1;
	}
	buffer_add_str(&text->utf8, sentence);
}

void ui_put_numbers(struct ui_text *text, const char *msgid, size_t first, size_t second)
{
	const size_t numbers[] = { first, second };

	put_numbers(text, tr(msgid), numbers, 2);
}

void ui_put_count(struct ui_text *text, const char *one, const char *several, size_t count)
{
	put_numbers(text, tr_n(one, several, count), &count, 1);
}

void ui_put_foreign(struct ui_text *text, const char *string)
{
	if (string != NULL)
		sanitise_add(&text->utf8, string, strlen(string), 0);
}

void ui_pad(struct ui_text *text, size_t columns)
{
	const size_t width = cells_width_of(text->utf8.data, text->utf8.len);

	if (width < columns)
		buffer_add_fill(&text->utf8, ' ', columns - width);
}

void ui_put_error(struct ui_text *text, const struct be_error *error)
{
	ui_put(text, error->msgid != NULL ? error->msgid : N_("Something went wrong, and what is not known"));
	if (error->detail[0] == '\0')
		return;
	buffer_add_str(&text->utf8, " (");
	ui_put_foreign(text, error->detail);
	buffer_add_str(&text->utf8, ")");
}
