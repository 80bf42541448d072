/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/process.h"

#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>

void process_guard_secrets(void)
{
	const struct rlimit none = { 0, 0 };

	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0L, 0L, 0L, 0L);
}
