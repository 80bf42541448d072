/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef SUPPORT_STAGE_ACCOUNT_H
#define SUPPORT_STAGE_ACCOUNT_H

/*
 * The account service of the stage: one person, a clock that stands, and answers by what it is told. stage_sign_in.c
 * knows who somebody is, stage_certificates.c what they have.
 */

#include "app/account_calls.h"

/* What the next question is answered with instead, once; BE_OK: as it should be. */
struct stage_account {
	enum be_err failure;
	const char *failure_msgid;
	int64_t failure_retry_at; /* 0: not said */
};

extern struct stage_account stage_account;
extern const struct account_calls stage_account_calls;

/* BE_OK, or the failure that was asked for. */
enum be_err stage_account_answers(struct be_error *err);

/* Nobody is signed in, nothing has happened. */
void stage_account_reset(void);
void stage_sign_in_reset(void);
void stage_certificates_reset(void);

__typeof__(service_open) fake_open;
__typeof__(account_register) fake_sign_up;
#define X(name) __typeof__(account_##name) fake_##name;
ACCOUNT_CALLS(X)
#undef X

#endif
