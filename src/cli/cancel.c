/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cancel.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_bool cancelled;

static void cancel(int signal_number)
{
	(void)signal_number;
	atomic_store(&cancelled, true);
}

void cancel_on_signals(void)
{
	static const int taken[] = { SIGINT, SIGTERM };
	struct sigaction mine = { .sa_handler = cancel, .sa_flags = (int)SA_RESETHAND };
	struct sigaction before;

	(void)sigemptyset(&mine.sa_mask);
	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++)
		if (sigaction(taken[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			(void)sigaction(taken[i], &mine, NULL);
}

const atomic_bool *cancel_flag(void)
{
	return &cancelled;
}
