/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/account_calls.h"

const struct account_calls account_calls_real = { .open = service_open,
	.sign_up = account_register,
#define X(name) .name = account_##name,
	ACCOUNT_CALLS(X)
#undef X
};
