/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/journal_text.h"

const char *journal_result_text(enum journal_result result)
{
	static const char *const texts[] = { [JOURNAL_SIGNED] = /* max: 14 */ N_("SIGNED"),
		[JOURNAL_FAILED] = /* max: 14 */ N_("FAILED"),
		[JOURNAL_UNKNOWN] = /* max: 14 */ N_("NOT KNOWN") };

	return texts[result];
}

const char *journal_file_text(enum journal_file file)
{
	static const char *const texts[] = { [JOURNAL_FILE_SAME] = N_("it is as it was signed"),
		[JOURNAL_FILE_CHANGED] = N_("it is not the one that was signed, or was changed since"),
		[JOURNAL_FILE_MISSING] = N_("it is no longer there"),
		[JOURNAL_FILE_UNREADABLE] = N_("it cannot be read") };

	return texts[file];
}

const char *journal_file_word(enum journal_file file)
{
	static const char *const words[] = { [JOURNAL_FILE_SAME] = "same",
		[JOURNAL_FILE_CHANGED] = "changed",
		[JOURNAL_FILE_MISSING] = "missing",
		[JOURNAL_FILE_UNREADABLE] = "unreadable" };

	return words[file];
}

const char *journal_key_text(enum key_ref_kind kind)
{
	static const char *const texts[] = { [KEY_REF_P12] = N_("Key file"),
		[KEY_REF_PKCS11] = N_("Key in a token"),
		[KEY_REF_CREDENTIAL] = N_("Key at the service") };

	return texts[kind];
}
