/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/i18n.h"

#include <stddef.h>

const char *tr(const char *msgid)
{
	return msgid != NULL ? msgid : "";
}
