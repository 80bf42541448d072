/* SPDX-License-Identifier: GPL-3.0-or-later */

/*
 * The keys of all screens as a piece of a man page, from the tables that the screens have: flow/man holds contrib/besign.1
 * against it.
 */

#include "screens/screens.h"
#include "ui/core.h"

#include <stdio.h>

static const struct ui_screen *const screens[] = {
#define SCREEN(name) &screen_##name,
#include "screens/screens.def"
#undef SCREEN
};

/* Characters that mean something to roff. */
static void put(const char *text)
{
	for (; *text != '\0'; text++) {
		if (*text == '-')
			(void)fputs("\\-", stdout);
		else if (*text == '\\')
			(void)fputs("\\e", stdout);
		else if (*text == '^')
			(void)fputs("\\(ha", stdout);
		else
			(void)fputc(*text, stdout);
	}
}

static void entry(const char *key, const char *text)
{
	(void)fputs(".TP\n.B \"", stdout);
	put(key);
	(void)fputs("\"\n", stdout);
	put(text);
	(void)fputc('\n', stdout);
}

int main(void)
{
	for (const struct ui_general_key *k = ui_general_keys; k->key != NULL; k++)
		entry(k->key, k->msg);
	for (size_t i = 0; i < sizeof(screens) / sizeof(screens[0]); i++) {
		const struct ui_action *a = screens[i]->actions;

		if (a == NULL || a->run == NULL)
			continue;
		(void)fputs(".PP\nOn the screen \\(lq", stdout);
		put(screens[i]->title != NULL ? screens[i]->title : "BeSign");
		(void)fputs("\\(rq:\n", stdout);
		for (; a->run != NULL; a++)
			entry((const char[]){ a->key, '\0' }, a->help);
	}
	return 0;
}
