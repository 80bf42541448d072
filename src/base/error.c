/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum be_err be_fail(struct be_error *err, enum be_err code, const char *msgid, const char *format, ...)
{
	va_list args;

	if (err == NULL)
		return code;
	err->code = code;
	err->msgid = msgid;
	err->detail[0] = '\0';
	err->tries_left = 0;
	err->retry_at = 0;
	if (format != NULL) {
		va_start(args, format);
		(void)vsnprintf(err->detail, sizeof(err->detail), format, args);
		va_end(args);
	}
	return code;
}

enum be_err be_fail_errno(struct be_error *err, enum be_err code, const char *msgid, const char *what)
{
	int saved = errno;

	return be_fail(err, code, msgid, "%s: %s", what, strerror(saved));
}

const char *be_err_word(enum be_err code)
{
	static const char *const words[] = {
#define X(name, word) word,
		BE_ERR_LIST(X)
#undef X
	};

	if ((size_t)code >= sizeof(words) / sizeof(words[0]))
		return "unknown-error";
	return words[code];
}
