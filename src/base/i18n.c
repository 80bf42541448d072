/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"

#include "base/catalogue.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct language {
	const char *name;
	const char *native_name;
	const struct catalogue *catalogue; /* NULL: the msgids are in this language */
};

static const struct language languages[I18N_LANGUAGES] = {
	[I18N_EN] = { "en", "English", NULL },
	[I18N_ID] = { "id", "Bahasa Indonesia", &catalogue_id },
};

static _Atomic(const struct language *) current = &languages[I18N_EN];

static const char *find_in(const struct language *language, const char *msgid)
{
	return language->catalogue != NULL ? catalogue_find(language->catalogue, msgid, 0) : NULL;
}

static const char *find(const char *msgid)
{
	return find_in(atomic_load(&current), msgid);
}

const char *tr(const char *msgid)
{
	const char *found = msgid != NULL ? find(msgid) : "";

	return found != NULL ? found : msgid;
}

const char *tr_in(enum i18n_language language, const char *msgid)
{
	const char *found = msgid != NULL ? find_in(&languages[language < I18N_LANGUAGES ? language : I18N_EN], msgid) : "";

	return found != NULL ? found : msgid;
}

const char *tr_n(const char *one, const char *many, unsigned long n)
{
	const char *found = find(one);

	if (found != NULL)
		return found;
	return n == 1 ? one : many;
}

void i18n_set(enum i18n_language language)
{
	atomic_store(&current, &languages[language < I18N_LANGUAGES ? language : I18N_EN]);
}

enum i18n_language i18n_get(void)
{
	return (enum i18n_language)(atomic_load(&current) - languages);
}

bool i18n_by_name(enum i18n_language *out, const char *name)
{
	for (size_t i = 0; i < I18N_LANGUAGES; i++) {
		const size_t len = strlen(languages[i].name);

		if (strncmp(name, languages[i].name, len) == 0 && strchr("_.@-", name[len]) != NULL) {
			*out = (enum i18n_language)i;
			return true;
		}
	}
	return false;
}

const char *i18n_name(enum i18n_language language)
{
	return languages[language].name;
}

const char *i18n_native_name(enum i18n_language language)
{
	return languages[language].native_name;
}

enum i18n_language i18n_from_environment(void)
{
	static const char *const names[] = { "BESIGN_LANG", "LC_ALL", "LC_MESSAGES", "LANG" };
	enum i18n_language language = I18N_ID;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value != NULL && i18n_by_name(&language, value))
			break;
	}
	return language;
}
