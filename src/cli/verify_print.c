/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/verify_print.h"

#include "app/verify_text.h"
#include "base/i18n.h"
#include "cli/print.h"

#define OF_DOCUMENT 2u
#define OF_SIGNATURE 4u

static void print_verdict_of(const struct verify_text_verdict *verdict)
{
	static const enum print_mood moods[] = {
		[VERIFY_TEXT_PLAIN] = PRINT_PLAIN,
		[VERIFY_TEXT_GOOD] = PRINT_GOOD,
		[VERIFY_TEXT_BAD] = PRINT_BAD,
		[VERIFY_TEXT_UNSURE] = PRINT_UNSURE,
	};

	print_verdict(verdict->text, moods[verdict->mood]);
	(void)fputc('\n', stdout);
}

static void print_first(void *context, const struct verify_text_verdict *verdict)
{
	(void)context;
	print_verdict_of(verdict);
}

static void print_heading(
	void *context, const char *type, size_t number, size_t count, const struct verify_text_verdict *verdict)
{
	unsigned *indent = context;

	*indent = OF_SIGNATURE;
	(void)fputs("  ", stdout);
	print_text(stdout, type);
	(void)printf(" %zu/%zu: ", number, count);
	print_verdict_of(verdict);
}

static void print_fact(void *context, const char *title, const struct verify_text_value *value)
{
	const unsigned *indent = context;
	const char *quote = value->kind == VERIFY_TEXT_FOREIGN ? "\"" : "";
	struct buffer line = BUFFER_EMPTY;

	buffer_add_str(&line, quote);
	buffer_add_str(&line, value->kind == VERIFY_TEXT_SENTENCE ? tr(value->text) : value->text);
	buffer_add_str(&line, quote);
	if (value->remark != NULL)
		buffer_printf(&line, " %s", tr(value->remark));
	print_line(title, *indent, &line);
	buffer_free(&line);
}

void verify_print(const struct verify_report *report, const char *path)
{
	unsigned indent = OF_DOCUMENT;
	const struct verify_text_teller teller = { &indent, print_first, print_heading, print_fact };

	verify_text_tell(report, path, &teller);
}
