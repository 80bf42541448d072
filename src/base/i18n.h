/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_I18N_H
#define BASE_I18N_H

/*
 * The user's language. Messages are English sentences marked N_() (base/error.h) where they stand and translated by
 * tr() where they are shown. The catalogues are compiled in, so no locale has to be installed; English needs none.
 * The language is one for the process and may change while it runs, so a translation is never kept: msgids are.
 * Until somebody sets one it is English: that is what libbesign speaks. Safe from any thread.
 */

#include <stdbool.h>

enum i18n_language { I18N_EN, I18N_ID, I18N_LANGUAGES };

/* The translation of msgid in the current language, or msgid itself. Static. NULL gives "". */
const char *tr(const char *msgid) __attribute__((format_arg(1)));

/* The same in a language that is not the process's own: a service speaks to each person in theirs. */
const char *tr_in(enum i18n_language language, const char *msgid) __attribute__((format_arg(2)));

/* The same for a count of n things: tr_n("%zu document", "%zu documents", n). Indonesian has one form, English two. */
const char *tr_n(const char *one, const char *many, unsigned long n) __attribute__((format_arg(1), format_arg(2)));

void i18n_set(enum i18n_language language);
enum i18n_language i18n_get(void);

/* The language of a name: "id", "en", or a locale's name that begins so ("id_ID.UTF-8"). False, and *out untouched,
 * when it names neither. */
bool i18n_by_name(enum i18n_language *out, const char *name);

/* "id", and what its speakers call it: "Bahasa Indonesia". Never translated. */
const char *i18n_name(enum i18n_language language);
const char *i18n_native_name(enum i18n_language language);

/* What the environment asks for: the first of BESIGN_LANG, LC_ALL, LC_MESSAGES and LANG that names one of our languages;
 * Indonesian when none does, as in the locales C and POSIX. */
enum i18n_language i18n_from_environment(void);

#endif
