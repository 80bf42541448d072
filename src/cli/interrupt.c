/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/interrupt.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_bool wished;

static void wish(int signal_number)
{
	(void)signal_number;
	atomic_store(&wished, true);
}

const atomic_bool *interrupt_take(void)
{
	static const int taken[] = { SIGINT, SIGTERM, SIGHUP };
	static bool done;
	struct sigaction before;

	for (size_t i = 0; !done && i < sizeof(taken) / sizeof(taken[0]); i++) {
		struct sigaction mine = { .sa_handler = wish, .sa_flags = taken[i] == SIGHUP ? 0 : (int)SA_RESETHAND };

		(void)sigemptyset(&mine.sa_mask);
		if (sigaction(taken[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			(void)sigaction(taken[i], &mine, NULL);
	}
	done = true;
	return &wished;
}
