/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef BASE_I18N_H
#define BASE_I18N_H

/*
 * The user's language. Messages are English sentences marked N_() (base/error.h) where they stand and translated by
 * tr() where they are shown. The catalogue is compiled in; until i18n/ has one, a sentence is its own translation.
 */

/* The translation of msgid in the current language, or msgid itself. Static. NULL gives "". */
const char *tr(const char *msgid);

#endif
