/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "support/stage_account.h"

struct stage_account stage_account;

enum be_err stage_account_answers(struct be_error *err)
{
	const enum be_err code = stage_account.failure;

	stage_account.failure = BE_OK;
	if (code != BE_OK) {
		(void)be_fail(err, code, stage_account.failure_msgid, NULL);
		err->retry_at = stage_account.failure_retry_at;
	}
	return code;
}

void stage_account_reset(void)
{
	stage_account = (struct stage_account){ .failure = BE_OK };
	stage_sign_in_reset();
	stage_certificates_reset();
}

const struct account_calls stage_account_calls = { .open = fake_open,
	.sign_up = fake_sign_up,
#define X(name) .name = fake_##name,
	ACCOUNT_CALLS(X)
#undef X
};
